"""Who opened whole numbers on a shared server, and said why: what the journal does not tell already. A write
opens them too; its line stands in place of the note, so a note of a write is of one that came to nothing.

The notes stay on the server that made them, beside the database's own log, and nobody who works in the office writes
there. They are no records of the office: a copy of it (`.backup`, one moved to a local file) has none of them, but
every line of the journal. What an inspection wants of them is taken out as a workbook (`openings_book`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

from sqlalchemy import Select, column, func, or_, select, table
from sqlalchemy.orm import Session

from db import server
from db.enums import Deed, Right
from db.server.roles import SCHEMA
from db.tables import Account
from gridoffice.accounts.service import require
from gridoffice.audit import AuditAsk, begin_of, names, period_of, taken_out
from gridoffice.errors import RuleBroken
from gridoffice.fields import Field, Kind, columns
from gridoffice.history import Line
from gridoffice.leaving import Leaving, Out, for_purpose, mark_of
from gridoffice.office import Office
from gridoffice.settings import NAME, setting
from gridoffice.spreadsheet.replacing import check_place
from gridoffice.spreadsheet.writing import SheetTable, write_ledger

NOTES = table(
    "opening", column("number"), column("at"), column("who"), column("terminal"), column("why"), schema=SCHEMA
)
SORTS: dict[str, Any] = {
    "id": NOTES.c.number,
    "at": NOTES.c.at,
    "who": NOTES.c.who,
    "title": NOTES.c.why,
    "terminal": NOTES.c.terminal,
}
"""What they can be sorted by, called as columns of the journal are."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Opening:
    """When, which account, from which address of the network, what for."""

    at: datetime
    who: str
    terminal: str
    why: str


def kept_here(session: Session) -> bool:
    """Whether there are such notes: a server keeps the office."""
    return session.get_bind().dialect.name == "postgresql" and server.enforced(session.connection())


def openings(session: Session, most: int = 200) -> list[Opening]:
    """The newest first: one's own, to who audits everybody's. None in an office that no server keeps."""
    lines, _ = opening_lines(session, AuditAsk(), most)
    return [Opening(line.at, line.who, line.terminal, line.title) for line in lines]


def opening_lines(session: Session, ask: AuditAsk, most: int | None = None) -> tuple[list[Line], int]:
    """The first of those that are asked for, told as lines of the journal, and how many there are in all; one's own,
    to who audits everybody's."""
    if not kept_here(session):
        return [], 0
    count = session.scalar(_asked(select(func.count()).select_from(NOTES), ask)) or 0
    by = SORTS.get(ask.sort, NOTES.c.number)
    order = (by.desc() if ask.descending else by.asc(), NOTES.c.number.desc())
    found = session.execute(_asked(select(*NOTES.c), ask).order_by(*order).limit(most))
    return [
        Line(
            id=number,
            at=at,
            who=who,
            terminal=terminal,
            deed=Deed.NOTE,
            title=why,
            undoable=False,
            undone=False,
            detail={},
        )
        for number, at, who, terminal, why in map(tuple, found)
    ], count


def _asked(query: Select[Any], ask: AuditAsk) -> Select[Any]:
    """The notes in which a text stands, of one account, of some days."""
    text, notes = ask.text.strip(), NOTES.c
    if text:
        named = select(Account.name).where(Account.display.contains(text, autoescape=True))
        parts = (one.contains(text, autoescape=True) for one in (notes.why, notes.who, notes.terminal))
        query = query.where(or_(*parts, notes.who.in_(named)))
    if ask.who is not None:
        query = query.where(notes.who == ask.who)
    if ask.first is not None:
        query = query.where(notes.at >= begin_of(ask.first))
    if ask.last is not None:
        query = query.where(notes.at < begin_of(ask.last + DAY))
    return query


# ---- taking them out -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """One note as the inspection's workbook has it."""

    number: Annotated[int, Field("编号", Kind.INTEGER, width=8)]
    day: Annotated[date, Field("日期", Kind.DATE, width=12)]
    clock: Annotated[str, Field("时间", width=10)]
    who: Annotated[str, Field("谁看的", Kind.NAME, width=12)]
    account: Annotated[str, Field("账号", width=12)]
    why: Annotated[str, Field("为什么", width=44)]
    terminal: Annotated[str, Field("从哪个地址", width=16)]


def openings_book(office: Office, target: Path, ask: AuditAsk, reason: str | None = None) -> int:
    """What is asked for as a workbook, the oldest first; that it was taken out is a line of the journal. Answers how
    many. Raises `RuleBroken` when there are none."""
    require(office.who, Right.READ)
    lines, count = office.read(opening_lines, replace(ask, sort="id", descending=False))
    if not lines:
        raise RuleBroken("没有人看过完整号码，或者这里看不到。")
    asked = Leaving(Out.EXPORT, "看完整号码的审计记录", count, "条", reason=reason, persons=True)
    out = for_purpose(office, asked)
    check_place(target)
    office.write(taken_out, count, period_of(ask), target.name, out.reason)

    def write(session: Session) -> int:
        return write_ledger(
            target,
            SheetTable(
                title=f"{setting(session, NAME, '')}看完整号码的记录",
                facts=(f"期间：{period_of(ask)}", f"共 {count} 条", f"导出人：{office.who.display}"),
                columns=columns(OpeningRow),
                rows=_rows(lines, names(session)),
                total=count,
                mark=mark_of(office.who, out),
            ),
        )

    return office.read(write)


def _rows(lines: Sequence[Line], shown: dict[str, str]) -> Iterator[Sequence[Any]]:
    for line in lines:
        local = line.at.astimezone()
        row = OpeningRow(
            number=line.id,
            day=local.date(),
            clock=f"{local:%H:%M:%S}",
            who=shown.get(line.who, line.who),
            account=line.who,
            why=line.title,
            terminal=line.terminal,
        )
        yield [getattr(row, one.name) for one in fields(OpeningRow)]
