"""A year of trainings in numbers: sessions by month and form, hours by area, who came of those asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from db.enums import TrainingForm, TrainingState
from db.tables import Attendance, Grid, Training
from db.types import Exact
from gridoffice.grids.listing import standing
from gridoffice.listing import Ask
from gridoffice.training import rules
from gridoffice.training.listing import TRAININGS, attendance_asked, trainings_asked


def months_of(year: int) -> tuple[str, ...]:
    """The months of a year as lists call them."""
    return tuple(f"{year}-{month:02d}" for month in range(1, 13))


@dataclass(slots=True)
class Month:
    """The sessions of a month below a grid: by state; those not cancelled by form; of those held who was
    on the sheet, and who came."""

    month: str
    states: Counter[TrainingState] = field(default_factory=Counter)
    forms: Counter[TrainingForm | None] = field(default_factory=Counter)
    invited: int = 0
    present: int = 0

    @property
    def held(self) -> int:
        return self.states[TrainingState.HELD]

    @property
    def coming(self) -> int:
        return self.states[TrainingState.PLANNED]

    @property
    def sessions(self) -> int:
        """Held and still to come."""
        return self.held + self.coming

    @property
    def rate(self) -> Decimal | None:
        """Of a hundred on the sheet so many came."""
        return (Decimal(100 * self.present) / self.invited).quantize(Decimal("0.1")) if self.invited else None


def by_month(session: Session, scope: int | None, year: int) -> list[Month]:
    """The twelve months of a year, from the rows that the list shows for each."""
    found = {name: Month(name) for name in months_of(year)}
    query = trainings_asked(session, Ask(scope=scope))
    query = query.where(Training.day.between(date(year, 1, 1), date(year, 12, 31)))
    for one in TRAININGS.rows(session, session.scalars(query).all()):
        month = found[one.month]
        month.states[one.state] += 1
        if one.state is not TrainingState.CANCELLED:
            month.forms[one.form] += 1
        if one.state is TrainingState.HELD:
            month.invited += one.invited
            month.present += one.present
    return list(found.values())


def known_years(session: Session, today: date) -> list[int]:
    """The years that have a training, and this one; the latest first."""
    first, last = session.execute(select(func.min(Training.day), func.max(Training.day))).one()
    low, high = (first or today).year, (last or today).year
    return list(range(max(high, today.year), min(low, today.year) - 1, -1))


@dataclass(frozen=True, slots=True)
class AreaHours:
    """What the people of an area were trained in a year: hours altogether, and sign-ins that counted."""

    grid_id: int
    name: str
    hours: Decimal
    attendances: int


def by_area(session: Session, scope: int | None, year: int, today: date) -> list[AreaHours]:
    """Each place directly below a grid with the hours of those who serve there."""
    query = select(Grid.id, Grid.name).where(standing(today), Grid.parent_id == scope).order_by(Grid.path)
    return [
        AreaHours(grid_id, name, *_hours_below(session, grid_id, year, today))
        for grid_id, name in session.execute(query)
    ]


def _hours_below(session: Session, grid_id: int, year: int, today: date) -> tuple[Decimal, int]:
    there = Attendance.presence.in_(rules.THERE)
    credit = func.coalesce(Attendance.hours, Training.hours, 0)
    query = attendance_asked(session, Ask(scope=grid_id, day=today)).with_only_columns(
        func.sum(case((there, credit), else_=0), type_=Exact(1)), func.sum(case((there, 1), else_=0))
    )
    query = query.where(Training.day.between(date(year, 1, 1), date(year, 12, 31)))
    hours, count = session.execute(query).one()
    return hours or Decimal(0), count or 0


def conclusion(months: Sequence[Month]) -> str:
    """One sentence about a year."""
    held, coming = sum(one.held for one in months), sum(one.coming for one in months)
    if not held + coming:
        return "这一年还没有培训。"
    busiest = max(months, key=lambda one: one.sessions)
    rest = f"，还有 {coming} 场要办" if coming else ""
    return f"已办 {held} 场{rest}，最多的是 {int(busiest.month[5:])} 月，{busiest.sessions} 场"
