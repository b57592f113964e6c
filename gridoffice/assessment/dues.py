"""What of the months' course waits on a day: steps that are due or late, appeals that have no answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import MonthState
from db.tables import Appeal, Month, Sheet
from gridoffice.assessment.month import address_of, latest_edition, months

SOON = 2
"""So many days before its day a step is told of."""


@dataclass(frozen=True, slots=True)
class DueStep:
    """A month that is to leave its present state by a day; `late` is how many days ago that was (0: not yet).
    `month` is the month's address, `words` call it."""

    month: str
    words: str
    state: MonthState
    due: date
    late: int


@dataclass(frozen=True, slots=True)
class WaitingAppeal:
    """An appeal without an answer, and by when it is due."""

    month: str
    words: str
    name: str
    due: date
    late: int


def due_steps(session: Session, day: date) -> list[DueStep]:
    """The steps that are late or due within two days, the latest first."""
    words = {line.id: line.words for line in months(session, every=True)}
    query = select(Month).where(Month.state != MonthState.LOCKED, latest_edition()).order_by(Month.id)
    found = []
    for month in session.scalars(query):
        told = (month.due or {}).get(month.state.value)
        due = date.fromisoformat(told) if told else None
        if due is not None and due <= day + timedelta(days=SOON):
            late = max(0, (day - due).days)
            found.append(DueStep(address_of(month), words[month.id], month.state, due, late))
    return sorted(found, key=lambda one: one.due)


def waiting_appeals(session: Session, day: date) -> list[WaitingAppeal]:
    """Every appeal that has no answer yet, the earliest due first."""
    words = {line.id: line.words for line in months(session, every=True)}
    query = (
        select(Month, Sheet.name, Appeal.due_on)
        .join(Sheet, Sheet.id == Appeal.sheet_id)
        .join(Month, Month.id == Appeal.month_id)
        .where(Appeal.decision.is_(None), Month.state != MonthState.LOCKED)
        .order_by(Appeal.due_on, Appeal.id)
    )
    return [
        WaitingAppeal(address_of(month), words[month.id], name, due, max(0, (day - due).days))
        for month, name, due in session.execute(query)
    ]
