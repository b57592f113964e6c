"""Sheets of a month that a few letters may mean."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.tables import Sheet
from gridoffice.assessment.month import taking_part
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
