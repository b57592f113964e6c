"""Days of the months' course: set, and what waits on one: steps that are due or late, appeals that have no answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import MonthState, Right
from db.journal import entitle
from db.tables import Appeal, Month, Sheet
from gridoffice.assessment.month import Where, address_of, latest_edition, month_record, months, words_of
from gridoffice.errors import Conflict, Locked, RuleBroken
from gridoffice.service import service

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


@service("定各步期限", needs=Right.ASSESS)
def set_due(
    session: Session,
    where: Where,
    due: Mapping[MonthState, date | None],
    seen: Mapping[MonthState, date | None] | None = None,
) -> None:
    """By when a month is to leave each state; None: no day is set. Raises `RuleBroken` when a step would be
    due before the one before it, `Conflict` when somebody else changed one of them since it was `seen`."""
    month = month_record(session, where)
    if month.state is MonthState.LOCKED:
        raise Locked(f"{words_of(session, month)}已锁定。")
    days = {MonthState(code): date.fromisoformat(day) for code, day in (month.due or {}).items()}
    for state, day in due.items():
        if seen is not None and days.get(state) not in (seen.get(state), day):
            now = days.get(state) or "没有定"
            raise Conflict(f"别人刚改过{state.label}的期限，现在是 {now}。看过新的再改。")
    days |= {state: day for state, day in due.items() if day is not None}
    kept = [(state, days[state]) for state in MonthState if state in days and due.get(state, days[state])]
    for (before, early), (after, late) in pairwise(kept):
        if late < early:
            raise RuleBroken(f"{after.label}的期限（{late}）早于{before.label}的期限（{early}）。")
    month.due = {state.value: f"{day}" for state, day in kept}
    entitle(session, f"定 {words_of(session, month)}考核各步期限")
