"""What follows for somebody from the grades of several months in a row, as they are kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import MonthState, Target
from db.tables import Month, Sheet
from gridoffice.assessment.consequences import consequences, earlier_periods, from_grade, months_looked_at
from gridoffice.assessment.month import latest_edition, scheme_of
from gridoffice.listing import chunked
from gridoffice.scoring.scheme import Scheme

LOOKED_AT = 11
"""So many months before are looked at, so that the row is told at its true length."""

WHO = {Target.POST: Sheet.person_id, Target.AREA: Sheet.grid_id, Target.DEPARTMENT: Sheet.department_id}
"""The column that says who or what a sheet is of, from month to month."""


def consequences_of(
    session: Session, month: Month, sheet_ids: Collection[int] | None = None
) -> dict[int, tuple[str, ...]]:
    """What follows for the sheets of a month (all, or these) from the months before it, by sheet; those of
    whom nothing follows are left out. Only locked months before it count: others may still change.

    Where two schemes assessed the same in one month, that of the month's own scheme counts.
    """
    scheme, own = scheme_of(session, month), WHO[month.target]
    poor = {grade for rule in scheme.consecutive for grade in from_grade(scheme, rule.grade)}
    if not poor:
        return {}
    query = select(Sheet.id, own, Sheet.grade).where(Sheet.month_id == month.id, Sheet.grade.in_(poor))
    now = [
        (sheet, who, grade)
        for sheet, who, grade in session.execute(query.order_by(Sheet.id))
        if who is not None and (sheet_ids is None or sheet in sheet_ids)
    ]
    before = _grades_before(session, month, scheme, own, {who for _, who, _ in now})
    found = {
        sheet: tuple(consequences(scheme, {**before.get(who, {}), month.period: grade}, month.period))
        for sheet, who, grade in now
    }
    return {sheet: said for sheet, said in found.items() if said}


def _grades_before(
    session: Session, month: Month, scheme: Scheme, own: Any, some: Collection[int]
) -> dict[int, dict[str, str | None]]:
    """The grades of some in the locked months that the rules may need, by who and month."""
    looked = earlier_periods(month.period, max(LOOKED_AT, months_looked_at(scheme)))
    earlier = select(Month.id, Month.period).where(
        Month.period.in_(looked),
        Month.target == month.target,
        Month.state == MonthState.LOCKED,
        latest_edition(),
    )
    # the month's own scheme comes last, and stands
    periods = {
        number: period
        for number, period in session.execute(
            earlier.order_by(Month.scheme_key == month.scheme_key, Month.id)
        )
    }
    found: dict[int, dict[str, str | None]] = defaultdict(dict)
    for number, period in periods.items():
        for chunk in chunked(sorted(some)):
            query = select(own, Sheet.grade).where(Sheet.month_id == number, own.in_(chunk))
            for who, grade in session.execute(query):
                found[who][period] = grade
    return found
