"""Sheets of a month that a name, an ID number or a few letters may mean."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Standing
from db.tables import Sheet
from gridoffice.assessment.month import Where, month_record, taking_part
from gridoffice.listing import spelled


@dataclass(frozen=True, slots=True)
class SheetHit:
    """One of them, with what tells namesakes apart."""

    id: int
    name: str
    grid: str
    grade: str | None


def find_sheets(session: Session, month_id: int, text: str, most: int = 12) -> list[SheetHit]:
    """The sheets of a month whose name or grid holds a text."""
    query = (
        select(Sheet.id, Sheet.name, Sheet.grid_name, Sheet.grade)
        .where(Sheet.month_id == month_id, taking_part(), spelled(text, Sheet.name, Sheet.grid_name))
        .order_by(Sheet.name, Sheet.id)
        .limit(most)
    )
    return [SheetHit(*row) for row in session.execute(query)]


def sheet_numbers(session: Session, where: Where) -> dict[int, str | None]:
    """The ID number on each sheet of a month, for finding one by it."""
    month = month_record(session, where)
    inside = (Sheet.month_id == month.id, taking_part())
    rows = session.execute(select(Sheet.id, Sheet.id_number).where(*inside))
    return {sheet_id: number for sheet_id, number in rows}


def sheet_names(session: Session, where: Where, left_out: bool = False) -> dict[int, tuple[str, str | None]]:
    """Name and ID number on each sheet that takes part in a month, or on those that are `left_out`, for
    finding one by them."""
    which = Sheet.standing == Standing.EXCLUDED if left_out else taking_part()
    inside = (Sheet.month_id == month_record(session, where).id, which)
    rows = session.execute(select(Sheet.id, Sheet.name, Sheet.id_number).where(*inside))
    return {sheet_id: (name, number) for sheet_id, name, number in rows}
