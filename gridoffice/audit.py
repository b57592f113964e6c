"""The journal as an inspection reads it: who did what, when, from which computer, what was before and after.

Every line stays: neither the program nor, by its triggers, the database changes or removes one, so the six
months that the law asks for (网络安全法 art. 21(3)) are kept by keeping everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.orm import Session

from db.enums import Deed, Labelled, Right
from db.journal import entitle, recorder_of
from db.tables import Account, Action, ActionPart
from gridoffice.accounts.policy import policy_of
from gridoffice.accounts.service import require
from gridoffice.entering import FAILED
from gridoffice.errors import RuleBroken
from gridoffice.fields import Field, Kind, columns
from gridoffice.history import Line, lines_of
from gridoffice.leaving import Leaving, Out, for_purpose, mark_of
from gridoffice.listing import chunked
from gridoffice.office import Office
from gridoffice.overview.questions import Change, changes
from gridoffice.service import service
from gridoffice.settings import NAME, setting
from gridoffice.spreadsheet.replacing import check_place
from gridoffice.spreadsheet.writing import SheetTable, write_ledger

KEPT_DAYS = 183
"""Six months: what an inspection looks back."""

DAY = timedelta(days=1)
RECORDS = 5
"""So many records of an action are told in the workbook, with what was before and after."""


class Matter(Labelled):
    """What a line of the journal is about."""

    DOOR = "door", "登录"
    ACCOUNTS = "accounts", "账号和权限"
    OUT = "out", "导出和打印"
    OFFICE = "office", "资料库和备份"
    BUSINESS = "business", "业务"


_BY_SERVICE: dict[Matter, tuple[str, ...]] = {
    Matter.DOOR: ("entering.%",),
    Matter.ACCOUNTS: ("gridoffice.accounts.%",),
    Matter.OUT: ("gridoffice.leaving.%", "gridoffice.exports.%", "gridoffice.audit.%", "%.reveal%"),
    Matter.OFFICE: (
        "upgrade",
        "gridoffice.establish.%",
        "gridoffice.safekeeping.%",
        "gridoffice.everything.%",
        "gridoffice.rolling.%",
        "gridoffice.moving.%",
        "gridoffice.drill.%",
        "gridoffice.serving.%",
    ),
}


def is_about(matter: Matter) -> ColumnElement[bool]:
    if matter is Matter.BUSINESS:
        return and_(*(not_(is_about(other)) for other in _BY_SERVICE))
    return or_(*(Action.service.like(pattern) for pattern in _BY_SERVICE[matter]))


SORTS: dict[str, Any] = {
    "id": Action.id,
    "at": Action.at,
    "who": Action.who,
    "deed": Action.deed,
    "title": Action.title,
    "terminal": Action.terminal,
}
"""What lines can be sorted by; of equals the newest comes first."""


@dataclass(frozen=True, slots=True)
class AuditAsk:
    """Which lines: in whose title or name a text stands, of one account, about one matter, on days from `first`
    to `last`, only those that did not succeed; sorted by one of `SORTS`."""

    text: str = ""
    who: str | None = None
    matter: Matter | None = None
    first: date | None = None
    last: date | None = None
    failed: bool = False
    sort: str = "id"
    descending: bool = True


def conditions(ask: AuditAsk) -> Iterator[ColumnElement[bool]]:
    if ask.text.strip():
        text = ask.text.strip()
        named = select(Account.name).where(Account.display.contains(text, autoescape=True))
        yield or_(
            Action.title.contains(text, autoescape=True),
            Action.who.contains(text, autoescape=True),
            Action.terminal.contains(text, autoescape=True),
            Action.who.in_(named),
        )
    if ask.who is not None:
        yield Action.who == ask.who
    if ask.matter is not None:
        yield is_about(ask.matter)
    if ask.first is not None:
        yield Action.at >= begin_of(ask.first)
    if ask.last is not None:
        yield Action.at < begin_of(ask.last + DAY)
    if ask.failed:
        yield Action.service == FAILED


def begin_of(day: date) -> datetime:
    """When a day begins on the office's own wall."""
    return datetime.combine(day, time()).astimezone()


def audit_ids(session: Session, ask: AuditAsk, limit: int | None = None) -> list[int]:
    """The numbers of the lines, the newest first unless sorted otherwise."""
    by = SORTS[ask.sort]
    order = (by.desc() if ask.descending else by.asc(), Action.id.desc())
    query = select(Action.id).where(*conditions(ask)).order_by(*order).limit(limit)
    return list(session.scalars(query))


def audit_lines(session: Session, ask: AuditAsk, limit: int = 500) -> tuple[list[Line], int]:
    """The first lines of what is asked for, and how many there are in all."""
    count = session.scalar(select(func.count()).select_from(Action).where(*conditions(ask))) or 0
    return lines_of(session, audit_ids(session, ask, limit)), count


def names(session: Session) -> dict[str, str]:
    """What each account is shown as, those switched off too."""
    return {name: shown for name, shown in session.execute(select(Account.name, Account.display))}


# ---- what somebody should look at ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something about the door or the journal that somebody should look at; `ask` leads to its lines. `count` is
    of failed attempts, or of MB where the journal has grown `large`; `short` is what a line that counts says."""

    words: str
    short: str
    ask: AuditAsk
    count: int
    large: bool = False


def alarms(session: Session) -> list[Alarm]:
    """Accounts at which somebody failed often within a day, and a journal that has grown large."""
    policy, since = policy_of(session), datetime.now(UTC) - DAY
    shown, today = names(session), date.today()
    failed = select(Action.who, func.count()).where(Action.service == FAILED, Action.at >= since)
    many = failed.group_by(Action.who).having(func.count() >= policy.alarm).order_by(func.count().desc())
    found = [
        Alarm(
            f"“{shown.get(who, who)}”一天内登录没成功 {count} 次。",
            f"“{shown.get(who, who)}”，一天之内",
            AuditAsk(who=who, first=today - DAY, failed=True),
            count,
        )
        for who, count in session.execute(many)
    ]
    used = journal_bytes(session) >> 20
    if used >= policy.megabytes:
        words = f"变动记录已有 {used} MB，超过 {policy.megabytes} MB，看看磁盘还够不够。"
        found.append(Alarm(words, f"超过 {policy.megabytes} MB", AuditAsk(), used, large=True))
    return found


def journal_bytes(session: Session) -> int:
    """About how much room the journal takes."""
    if session.get_bind().dialect.name == "postgresql":
        sizes = func.pg_total_relation_size("action") + func.pg_total_relation_size("action_part")
        return int(session.scalar(select(sizes)) or 0)
    parts = session.scalar(select(func.coalesce(func.sum(func.length(ActionPart.body)), 0))) or 0
    lines = session.scalar(select(func.count()).select_from(Action)) or 0
    return int(parts) + lines * 600


# ---- taking it out -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One line as the inspection's workbook has it."""

    id: Annotated[int, Field("编号", Kind.INTEGER, width=8)]
    day: Annotated[date, Field("日期", Kind.DATE, width=12)]
    clock: Annotated[str, Field("时间", width=10)]
    who: Annotated[str, Field("操作人", Kind.NAME, width=12)]
    account: Annotated[str, Field("账号", width=12)]
    matter: Annotated[Matter, Field("事项", Kind.CODE, width=12, codes=Matter)]
    deed: Annotated[Deed, Field("类型", Kind.CODE, width=8, codes=Deed)]
    title: Annotated[str, Field("办了什么", width=44)]
    objects: Annotated[str, Field("动了什么", width=30)]
    values: Annotated[str, Field("改前 → 改后", width=50)]
    result: Annotated[str, Field("结果", width=10)]
    terminal: Annotated[str, Field("在哪台电脑", width=16)]


def audit_book(office: Office, target: Path, ask: AuditAsk, reason: str | None = None) -> int:
    """The lines of what is asked for as a workbook, the oldest first; that it was taken out, and for what `reason`,
    is a line itself. Answers how many. Raises `RuleBroken` when there are none."""
    require(office.who, Right.READ)
    ids = office.read(audit_ids, replace(ask, sort="id", descending=True))
    if not ids:
        raise RuleBroken("没有这样的变动。")
    out = for_purpose(
        office, Leaving(Out.EXPORT, "操作审计记录", len(ids), "条", reason=reason, persons=True)
    )
    check_place(target)
    office.write(taken_out, len(ids), period_of(ask), target.name, out.reason)

    def write(session: Session) -> int:
        return write_ledger(
            target,
            SheetTable(
                title=f"{setting(session, NAME, '')}操作审计记录",
                facts=(f"期间：{period_of(ask)}", f"共 {len(ids)} 条", f"导出人：{office.who.display}"),
                columns=columns(AuditRow),
                rows=_rows(session, ids[::-1]),
                total=len(ids),
                mark=mark_of(office.who, out),
            ),
        )

    return office.read(write)


def period_of(ask: AuditAsk) -> str:
    """The days that are asked for, in words."""
    first, last = ask.first, ask.last or date.today()
    return (
        f"{first.isoformat()} 至 {last.isoformat()}" if first is not None else f"到 {last.isoformat()} 的全部"
    )


def _rows(session: Session, ids: Sequence[int]) -> Iterator[Sequence[Any]]:
    shown = names(session)
    about = {
        matter: set(session.scalars(select(Action.id).where(is_about(matter)))) for matter in _BY_SERVICE
    }
    failed = set(session.scalars(select(Action.id).where(Action.service == FAILED)))
    for chunk in chunked(ids):
        for line in lines_of(session, chunk):
            touched = changes(session, line.id, RECORDS)
            local = line.at.astimezone()
            row = AuditRow(
                id=line.id,
                day=local.date(),
                clock=f"{local:%H:%M:%S}",
                who=shown.get(line.who, line.who),
                account=line.who,
                matter=next((one for one, known in about.items() if line.id in known), Matter.BUSINESS),
                deed=line.deed,
                title=line.title,
                objects="、".join(f"{one.word}{one.noun}“{one.name}”" for one in touched),
                values="；".join(_said(one) for one in touched if one.columns),
                result="没有成功" if line.id in failed else "已撤销" if line.undone else "成功",
                terminal=line.terminal,
            )
            yield [getattr(row, one.name) for one in fields(AuditRow)]


def _said(one: Change) -> str:
    return f"{one.name}：" + "，".join(f"{label} {old} → {new}" for label, old, new in one.columns)


@service("导出变动记录", needs=Right.READ, undoable=False)
def taken_out(session: Session, count: int, period: str, file: str, reason: str | None) -> None:
    """A line in the journal; nothing else changes."""
    recorder_of(session).deed = Deed.NOTE
    said = f"导出变动记录 {count} 条（{period}）到“{file}”，用途：{reason}"
    entitle(session, said, file=file, reason=reason)
