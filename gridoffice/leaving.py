"""What leaves the office stands in the journal: who took out or printed what, how much of it, into which file, in
which form, and what for. What tells of persons leaves for a purpose and carries a mark besides: export = purpose +
watermark + audit (domain.md §7, after PIPL 个人信息保护法 art. 6, 51 and the marking of GB/T 35273).

**What tells of persons** follows from the fields, never from a list of pages: a name, an ID number, a phone, an
address, whatever is masked, and a text that names somebody (`Field.personal`, `fields.of_persons`). A finished
table asks the same of its headings (`assessment.printed`), an official document of each attachment
(`TableAnnex.persons`), other papers say it where they are drawn (`documents.pdf`). Whoever picks columns that tell
of nobody takes out a list that tells of nobody.

**What does not**: sums and norms without persons; the text of an official document, whose form GB/T 9704 fixes and
which names whoever acts for the office (its lists of persons are marked, at the edge of their pages); what is made
to be posted, 公示 and 公示牌, from which everything private is left out already; templates, which are empty.

**The mark** says who, when and what for: at two edges of a page, at the head of a workbook's printed pages, below a
picture. It never stands in a cell or over a text, so that a list is read in again as it is.

**The purpose** is proposed: the one last written for such things, else the usual one. Whole numbers want one that
was written for them. The line comes first: nothing is out of which the journal does not know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.orm import Session

from db.enums import Deed, Labelled, Right
from db.journal import entitle, recorder_of
from gridoffice.accounts.service import Who, require
from gridoffice.documents.output import marked
from gridoffice.errors import RuleBroken
from gridoffice.fields import Column, masked_words, of_persons
from gridoffice.office import Office
from gridoffice.service import service
from gridoffice.settings import recall, remember
from gridoffice.spreadsheet.replacing import check_place, put

KEPT = "purposes"
"""Under this name the computer remembers, by account and office, what such things were taken out for last."""
MOST = 60
"""Characters of a purpose: one line at the edge of a page."""

_USUAL = (
    ("套表", "按要求填报"),
    ("扫描件", "核对原件"),
    ("回执", "退回填报单位更正"),
    ("审计", "操作审计"),
    ("工作证", "制发工作证"),
    ("结业", "培训结业发证"),
    ("培训", "组织培训"),
    ("签到", "组织培训"),
    ("考核", "月度考核"),
    ("绩效", "月度考核"),
    ("成绩", "月度考核"),
    ("申诉", "月度考核"),
    ("党", "党建工作"),
    ("红线", "党建工作"),
    ("持证", "持证管理"),
    ("技能", "持证管理"),
    ("联系户", "联系服务居民"),
    ("联络", "联系服务居民"),
    ("文", "公文办理"),
)
"""What stands in the name of a thing, and what such things are taken out for as a rule; the first that fits."""
_ELSE = "网格队伍管理"


class Out(Labelled):
    """How something leaves."""

    EXPORT = "export", "导出"
    SAVE = "save", "另存"
    FILL = "fill", "套表"
    PRINT = "print", "打印"


@dataclass(frozen=True, slots=True)
class Leaving:
    """What leaves: `count` of what `unit` counts (0: nothing that could be counted), into a file of some name
    (empty: onto paper, or not known yet). `masked` says in words what on it is masked, or whole where it is
    `revealed`; `persons` that it tells of persons, which wants a `reason`: what it is for."""

    how: Out
    what: str
    count: int = 0
    unit: str = "行"
    file: str = ""
    masked: str = ""
    revealed: bool = False
    reason: str | None = None
    persons: bool = False

    def in_words(self) -> str:
        """导出“网格员花名册”3 人到“花名册.xlsx”，身份证号码和联系电话遮住，用途：网格队伍管理"""
        counted = f"{self.count} {self.unit}" if self.count else ""
        there = f"到“{self.file}”" if self.file else ""
        form = f"，{self.masked}{'完整' if self.revealed else '遮住'}" if self.masked else ""
        purpose = f"，用途：{self.reason}" if self.reason else ""
        return f"{self.how.label}“{self.what}”{counted}{there}{form}{purpose}"


# ---- what for ------------------------------------------------------------------------------------


def usual_purpose(what: str, how: Out = Out.EXPORT) -> str:
    """What things of that name are taken out for as a rule."""
    named = f"{how.label}{what}"
    return next((purpose for word, purpose in _USUAL if word in named), _ELSE)


def purpose_of(office: Office, what: str, how: Out = Out.EXPORT) -> str:
    """What is proposed: what this account took such things out for last, else what is usual."""
    return _proposed(_whose(office.who, office.store.url), usual_purpose(what, how))


def _whose(who: Who, url: URL) -> str:
    return f"{who.name}@{url.database}"


def _proposed(whose: str, usual: str) -> str:
    return recall(KEPT, {}).get(whose, {}).get(usual, usual)


def _keep(session: Session, out: Leaving) -> None:
    """Propose the same the next time."""
    if not (out.persons and out.reason):
        return
    whose = _whose(session.info["who"], session.get_bind().engine.url)
    usual = usual_purpose(out.what, out.how)
    if out.reason != _proposed(whose, usual):
        known = recall(KEPT, {})
        with suppress(OSError):  # what is proposed next is not worth stopping for
            remember(KEPT, {**known, whose: {**known.get(whose, {}), usual: out.reason}})


def check_reveal(who: Who, reason: str | None) -> None:
    """Whole ID numbers and phones are taken only with the right and for a reason. Raises `Refused`,
    `RuleBroken`."""
    require(who, Right.REVEAL)
    if not (reason or "").strip():
        raise RuleBroken("要带完整身份证号和电话，先写明原因。")


def for_purpose(office: Office, out: Leaving) -> Leaving:
    """The same with what it is for: as written, else as proposed where that will do; nothing where nobody is told
    of. Raises as `check_reveal` does, and `RuleBroken` for a purpose too long for the edge of a page."""
    if out.revealed:
        check_reveal(office.who, out.reason)
    elif not out.persons:
        return replace(out, reason=None)
    written = (out.reason or "").strip()
    if len(written) > MOST:
        raise RuleBroken(f"用途写短些，不超过 {MOST} 个字。")
    return replace(out, reason=written or purpose_of(office, out.what, out.how), persons=True)


def mark_of(who: Who, out: Leaving) -> str:
    """The mark on what leaves: who took it out, when, and what for; empty where it tells of nobody. When is told to
    the minute, on a masked paper to the day: its bytes are the same for preview, file and printer."""
    if not out.persons:
        return ""
    by_day = out.how is Out.PRINT and not out.revealed
    when = format(datetime.now().astimezone(), "%Y-%m-%d" if by_day else "%Y-%m-%d %H:%M")
    return f"{who.display}（{who.name}）{when} {out.how.label}　用途：{out.reason or ''}"


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that was made: `reason` is what its pages say they are for, None where they tell of nobody."""

    content: bytes
    reason: str | None


def paper(
    office: Office, what: str, make: Callable[[], bytes], *, reveal: bool = False, reason: str | None = None
) -> Paper:
    """Make a paper; the pages that list persons carry the mark. Raises as `for_purpose` and `make` do."""
    asked = Leaving(Out.PRINT, what, revealed=reveal, reason=reason, persons=True)
    out = for_purpose(office, asked)
    with marked(mark_of(office.who, out)) as mark:
        content = make()
    return Paper(content, out.reason if mark.used else None)


# ---- the line ------------------------------------------------------------------------------------


def of_list(
    what: str, columns: Iterable[Column], count: int, unit: str, *, reveal: bool, reason: str | None
) -> Leaving:
    """A list that goes into a workbook."""
    known = tuple(columns)
    return Leaving(
        Out.EXPORT,
        what,
        count,
        unit,
        masked=masked_words(known),
        revealed=reveal,
        reason=reason,
        persons=of_persons(known),
    )


def of_paper(what: str, pages: int = 0, *, reveal: bool = False, reason: str | None = None) -> Leaving:
    """A paper that is saved as a file; `pages` where they can be counted. One that was made for a `reason` tells of
    persons."""
    masked = "证件号和电话" if reveal else ""
    return Leaving(Out.SAVE, what, pages, "页", "", masked, reveal, reason, bool(reason))


def leave(office: Office, out: Leaving, target: Path | None = None) -> int:
    """Write down what is about to leave, onto paper or into a file that can be made where `target` says;
    answers the number of its line. Raises as `left` and `check_place` do, and `Refused` where nothing can be
    written."""
    if target is not None:
        check_place(target)
        out = replace(out, file=target.name)
    action = office.write(left, out).action
    assert action is not None  # a note always leaves a line
    return action


def leave_as(office: Office, out: Leaving, target: Path, content: bytes) -> None:
    """Write down what leaves, then write its file. Raises as `leave` does."""
    leave(office, out, target)
    put(target, content)


@service("取出资料", needs=Right.READ, undoable=False)
def left(session: Session, out: Leaving) -> None:
    """A line in the journal; nothing else changes. What tells of persons needs a purpose, what leaves with whole
    numbers the right too. Raises `Refused` and `RuleBroken`."""
    who: Who = session.info["who"]
    if out.revealed:
        check_reveal(who, out.reason)
    if out.persons and not (out.reason or "").strip():
        raise RuleBroken("名单要写明用途才能取出。")
    _keep(session, out)
    recorder_of(session).deed = Deed.NOTE
    facts = {name: value for name, value in asdict(out).items() if value not in ("", None, False)}
    entitle(session, out.in_words(), **{**facts, "how": out.how.value})
