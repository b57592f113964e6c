"""What stands on the papers of a training: its sign-in sheet, and the certificates of those who completed it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from db.enums import Presence
from db.server import numbers
from gridoffice.documents.model import CompletionPaper, SignInSheet, chinese_date
from gridoffice.errors import RuleBroken
from gridoffice.fields import Column, Field, columns
from gridoffice.listing import Ask
from gridoffice.masking import mask_id
from gridoffice.settings import NAME, ORGANISATION, setting
from gridoffice.spreadsheet.writing import SheetTable
from gridoffice.training.completions import Completed, completed
from gridoffice.training.rows import SheetRow, TrainingRow
from gridoffice.training.service import training_row
from gridoffice.training.sheet import sheet_listing, sheet_rows

TAIL = 4
TAIL_WORDS = "电话尾号"


def sign_in_sheet(session: Session, training_id: int, *, two: bool = False) -> SignInSheet:
    """The sheet to sign of a training: everybody on it, then empty rows. Raises `NotFound`."""
    one, people = _sheet(session, training_id)
    return SignInSheet(
        title=sheet_title(one),
        facts=(
            ("培训主题", one.theme or one.name),
            ("培训时间", chinese_date(one.day) if one.day else ""),
            ("培训地点", one.place or ""),
            ("学时", f"{one.hours.normalize():f}" if one.hours else ""),
            ("主办单位", one.organiser or ""),
            ("讲师", one.lecturer or ""),
        ),
        people=tuple((row.name, row.grid, tail(row.phone)) for row in people),
        organisation=setting(session, NAME, ""),
        two=two,
    )


def _sheet(session: Session, training_id: int) -> tuple[TrainingRow, list[SheetRow]]:
    one = training_row(session, training_id)
    return one, sheet_rows(session, training_id, sheet_listing(training_id).ids(session, Ask()))


def sheet_title(one: TrainingRow) -> str:
    """What a sheet is headed with: the training's own name, which tells an import what it is of."""
    return f"{one.name}签到表"


def tail(phone: str | None) -> str:
    """The end of the first phone, enough to tell namesakes apart on a paper that lies about."""
    first = (phone or "").split(" ")[0]
    return first[-TAIL:]


_TYPED = ("presence", "hours", "score")


def sheet_table(session: Session, training_id: int) -> SheetTable:
    """The sheet as a workbook to be filled in on a computer and taken in again."""
    one, people = _sheet(session, training_id)
    by_name = {column.name: column for column in columns(SheetRow)}
    tails = Column("tail", Field(TAIL_WORDS, width=10, computed=True))
    return SheetTable(
        title=sheet_title(one),
        facts=(f"培训日期：{one.day.isoformat() if one.day else ''}", f"培训地点：{one.place or ''}"),
        columns=(by_name["name"], by_name["grid"], tails, *(by_name[name] for name in _TYPED)),
        rows=[(row.name, row.grid, tail(row.phone), row.presence, row.hours, row.score) for row in people],
        signature=("登记人：",),
        choices={"presence": [one.label for one in Presence]},
        landscape=False,
    )


def completion_papers(
    session: Session, training_id: int, *, whole_numbers: bool = False
) -> list[CompletionPaper]:
    """The certificates that were given for a training, in the order of their names. ID numbers are masked
    unless `whole_numbers`. Raises `RuleBroken` when none was given yet."""
    if whole_numbers:
        numbers.whole_numbers(session, "结业证书")
    one = training_row(session, training_id)
    given = [who for who in completed(session, training_id) if who.number is not None]
    if not given:
        raise RuleBroken(f"“{one.name}”还没有发结业证。先登记签到，再发证编号。")
    organisation = one.organiser or setting(session, ORGANISATION, "") or setting(session, NAME, "")
    return [_paper(one, who, organisation, whole_numbers) for who in given]


def _paper(one: TrainingRow, who: Completed, organisation: str, whole: bool) -> CompletionPaper:
    day = chinese_date(one.day) if one.day else ""
    theme = f"（{one.theme}）" if one.theme and one.theme not in one.name else ""
    parts = [f"于{day}参加“{one.name}”{theme}"]
    if one.hours:
        parts.append(f"共 {_number(one.hours)} 学时")
    if who.score is not None:
        parts.append(f"考核成绩 {_number(who.score)} 分")
    number = who.id_number if whole else mask_id(who.id_number) if who.id_number else None
    return CompletionPaper(
        name=who.name,
        number=who.number or "",
        text=f"{f'（身份证号 {number}）' if number else ''}{'，'.join(parts)}，准予结业。",
        organisation=organisation,
        day=chinese_date(who.day or date.today()),
    )


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"
