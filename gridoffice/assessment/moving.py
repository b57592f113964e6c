"""Who rose and who fell between two months, and by which indicators."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from heapq import nlargest, nsmallest

from sqlalchemy import BigInteger, select, type_coerce
from sqlalchemy.orm import Session

from db.enums import Target
from db.tables import Month, Sheet
from gridoffice.assessment.comparing import computed_months, shifted
from gridoffice.assessment.month import below_in_month, kept_points, scheme_of
from gridoffice.errors import NotFound
from gridoffice.grids.service import root_id
from gridoffice.scoring.scheme import Scheme, is_veto

MOST_REASONS = 3
_LONG_BACK = 120
"""Months that are looked through for one to compare with."""


_WHO = {Target.POST: Sheet.person_id, Target.AREA: Sheet.grid_id, Target.DEPARTMENT: Sheet.department_id}
"""Who or what is assessed, from month to month."""


@dataclass(frozen=True, slots=True)
class Mover:
    """Somebody (or some grid) assessed in both months. `why` are the indicators that moved the total most
    in the direction it moved: key, name, change in points."""

    sheet_id: int
    person_id: int | None
    name: str
    grid: str
    before: Decimal
    after: Decimal
    rank_before: int | None
    rank_after: int | None
    why: tuple[tuple[str, str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Movers:
    """The largest changes between `against` and `period`, of the `both` that have a total in either;
    `joined` and `left` count those with a total in one only."""

    period: str
    against: str
    both: int
    risen: tuple[Mover, ...]
    fallen: tuple[Mover, ...]
    joined: int
    left: int


@dataclass(frozen=True, slots=True)
class _Totals:
    """The totals of one month: by who was assessed, the number of the sheet and the total in 1/10,000."""

    month: Month
    scheme: Scheme
    found: dict[int, tuple[int, int]]


def movers(
    session: Session,
    scheme_key: str,
    period: str,
    scope: int | None = None,
    against: str | None = None,
    most: int = 10,
) -> Movers:
    """The `most` who rose and who fell most from `against` (None: the last computed month before).

    Raises `NotFound` when either month is not computed."""
    months = computed_months(session, scheme_key, period, _LONG_BACK)
    before = next((one for one in reversed(months[:-1]) if against in (None, one.period)), None)
    if before is None:
        said = "前面没有算过分的月份" if against is None else "要对比的月份没有算过分"
        raise NotFound(f"{said}，没有可比的。")
    top = root_id(session) if scope is None else scope
    then, now = _totals(session, before, top), _totals(session, months[-1], top)
    both = then.found.keys() & now.found.keys()
    changes = {who: now.found[who][1] - then.found[who][1] for who in both}
    risen = nlargest(most, (who for who in both if changes[who] > 0), key=lambda who: (changes[who], -who))
    fallen = nsmallest(most, (who for who in both if changes[who] < 0), key=lambda who: (changes[who], who))
    told = _told(session, then, now, [*risen, *fallen])
    return Movers(
        period=period,
        against=before.period,
        both=len(both),
        risen=tuple(told[who] for who in risen),
        fallen=tuple(told[who] for who in fallen),
        joined=len(now.found) - len(both),
        left=len(then.found) - len(both),
    )


def month_before(session: Session, scheme_key: str, period: str) -> Month | None:
    """The month before, where it is computed by the same scheme."""
    wanted = shifted(period, -1)
    return next(
        (one for one in computed_months(session, scheme_key, period, 1) if one.period == wanted), None
    )


def _totals(session: Session, month: Month, top: int | None) -> _Totals:
    scheme = scheme_of(session, month)
    query = select(_WHO[scheme.target], Sheet.id, type_coerce(Sheet.total, BigInteger)).where(
        Sheet.month_id == month.id, Sheet.total.is_not(None)
    )
    if top is not None:
        query = query.where(below_in_month(session, month.id, top))
    found = {who: (sheet, total) for who, sheet, total in session.execute(query) if who is not None}
    return _Totals(month, scheme, found)


def _told(session: Session, then: _Totals, now: _Totals, wanted: Sequence[int]) -> dict[int, Mover]:
    """What is to be said about some of those assessed in both months."""
    numbers = array("q", [found[who][0] for found in (then.found, now.found) for who in wanted])
    sheets = {one.id: one for one in session.scalars(select(Sheet).where(Sheet.id.in_(numbers)))}
    told = {}
    for who in wanted:
        old, new = sheets[then.found[who][0]], sheets[now.found[who][0]]
        assert old.total is not None and new.total is not None
        last = Decimal(1).scaleb(-now.scheme.places)
        told[who] = Mover(
            new.id,
            new.person_id,
            new.name,
            new.grid_name,
            old.total.quantize(last),
            new.total.quantize(last),
            old.rank,
            new.rank,
            _why(then.scheme, now.scheme, old, new),
        )
    return told


def _why(scheme_then: Scheme, scheme: Scheme, old: Sheet, new: Sheet) -> tuple[tuple[str, str, Decimal], ...]:
    """The indicators that changed most in the direction of the total; one that either month's scheme weighs
    otherwise is not compared."""
    assert old.total is not None and new.total is not None
    sign = 1 if new.total > old.total else -1
    weights = {one.key: one.full for one in scheme_then.indicators}
    before = kept_points(scheme_then, {"points": old.points, "parts": old.parts})
    after = kept_points(scheme, {"points": new.points, "parts": new.parts})
    changes = [
        (one.key, one.name, after[one.key] - before[one.key])
        for one in scheme.indicators
        if not is_veto(one) and weights.get(one.key) == one.full and one.key in before and one.key in after
    ]
    moved = [change for change in changes if change[2] * sign > 0]
    return tuple(sorted(moved, key=lambda change: -abs(change[2]))[:MOST_REASONS])
