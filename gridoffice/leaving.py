"""What leaves the office stands in the journal: who took out or printed what, how much of it, into which file, in
which form, and what for (domain.md §7: export = purpose + watermark + audit). Lists, papers, forms, scans and
pictures alike, since nearly everything here names somebody; an empty template does not leave anything.

The line comes first: nothing is out of which the journal does not know.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from db.enums import Deed, Labelled, Right
from db.journal import entitle, recorder_of
from gridoffice.accounts.service import Who, require
from gridoffice.errors import RuleBroken
from gridoffice.fields import Column, masked_words
from gridoffice.office import Office
from gridoffice.service import service
from gridoffice.spreadsheet.replacing import check_place


class Out(Labelled):
    """How something leaves."""

    EXPORT = "export", "导出"
    SAVE = "save", "另存"
    FILL = "fill", "套表"
    PRINT = "print", "打印"


@dataclass(frozen=True, slots=True)
class Leaving:
    """What leaves: `count` of what `unit` counts (0: nothing that could be counted), into a file of some name
    (empty: onto paper). `masked` says in words what on it is masked, or whole where it is `revealed`, which
    needs a `reason`."""

    how: Out
    what: str
    count: int = 0
    unit: str = "行"
    file: str = ""
    masked: str = ""
    revealed: bool = False
    reason: str | None = None

    def in_words(self) -> str:
        """导出“网格员花名册”3 人到“花名册.xlsx”，身份证号码和联系电话遮住"""
        counted = f"{self.count} {self.unit}" if self.count else ""
        there = f"到“{self.file}”" if self.file else ""
        form = f"，{self.masked}{'完整' if self.revealed else '遮住'}" if self.masked else ""
        purpose = f"，用途：{self.reason}" if self.reason else ""
        return f"{self.how.label}“{self.what}”{counted}{there}{form}{purpose}"


def check_reveal(who: Who, reason: str | None) -> None:
    """Whole ID numbers and phones are taken only with the right and for a reason. Raises `Refused`,
    `RuleBroken`."""
    require(who, Right.REVEAL)
    if not (reason or "").strip():
        raise RuleBroken("要带完整身份证号和电话，先写明原因。")


def of_list(
    what: str,
    columns: Iterable[Column],
    count: int,
    unit: str,
    file: Path,
    *,
    reveal: bool,
    reason: str | None,
) -> Leaving:
    """A list that goes into a workbook."""
    return Leaving(Out.EXPORT, what, count, unit, file.name, masked_words(columns), reveal, reason)


def of_paper(
    what: str, file: str, pages: int = 0, *, reveal: bool = False, reason: str | None = None
) -> Leaving:
    """A paper that is saved as a file; `pages` where they can be counted."""
    masked = "证件号和电话" if reveal else ""
    return Leaving(Out.SAVE, what, pages, "页", file, masked, reveal, reason)


def leave(office: Office, out: Leaving, target: Path | None = None) -> int:
    """Write down what is about to leave, onto paper or into a file that can be made where `target` says;
    answers the number of its line. Raises as `left` and `check_place` do, and `Refused` where nothing can be
    written."""
    if target is not None:
        check_place(target)
    action = office.write(left, out).action
    assert action is not None  # a note always leaves a line
    return action


@service("取出资料", needs=Right.READ, undoable=False)
def left(session: Session, out: Leaving) -> None:
    """A line in the journal; nothing else changes. What leaves with whole numbers needs the right, and a reason.
    Raises `Refused` and `RuleBroken`."""
    if out.revealed:
        check_reveal(session.info["who"], out.reason)
    recorder_of(session).deed = Deed.NOTE
    facts = {name: value for name, value in asdict(out).items() if value not in ("", None, False)}
    entitle(session, out.in_words(), **{**facts, "how": out.how.value})
