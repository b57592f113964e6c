"""The journal counted: how much was done by whom, about what, on which day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.tables import Action
from gridoffice.accounts.policy import policy_of
from gridoffice.audit import AuditAsk, Matter, conditions, is_about, journal_bytes, names

DAYS = 7
"""So many days stand in the chart, up to the last one asked for."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Lines of what is asked for: by account (name, as shown, count), the busiest first; by matter; by day, the
    `DAYS` up to the last, of which `in_days` says the sum. `used` and `most` are the journal's size now and
    where it is warned of, in MB."""

    count: int
    by_person: tuple[tuple[str, str, int], ...]
    by_matter: tuple[tuple[Matter, int], ...]
    by_day: tuple[tuple[date, int], ...]
    used: int
    most: int

    @property
    def in_days(self) -> int:
        return sum(count for _, count in self.by_day)


def tally(session: Session, ask: AuditAsk) -> Tally:
    """Count the lines of what is asked for, in each of the three ways."""
    where, shown = tuple(conditions(ask)), names(session)
    people = select(Action.who, func.count()).where(*where).group_by(Action.who)
    found = session.execute(people.order_by(func.count().desc(), Action.who)).all()
    matters = [
        (
            matter,
            session.scalar(select(func.count()).select_from(Action).where(*where, is_about(matter))) or 0,
        )
        for matter in Matter
    ]
    last = ask.last or date.today()
    first = max(ask.first or date.min, last - timedelta(days=DAYS - 1))
    recent = select(Action.at).where(*conditions(replace(ask, first=first, last=last)))
    days = Counter(at.astimezone().date() for at in session.scalars(recent))
    spread = [first + timedelta(days=place) for place in range((last - first).days + 1)]
    return Tally(
        sum(count for _, count in found),
        tuple((who, shown.get(who, who), count) for who, count in found),
        tuple(matters),
        tuple((day, days[day]) for day in spread),
        journal_bytes(session) >> 20,
        policy_of(session).megabytes,
    )
