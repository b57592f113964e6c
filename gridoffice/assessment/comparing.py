"""Months, areas, dimensions and indicators beside each other, as values for charts, tables and papers.

Only months that are computed count; of several of one period the latest. What is not known is None,
never 0. A city's thirteen months are read as sums by unit (`tally`), sheets only below a unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Target
from db.tables import Month
from db.tables import Scheme as SchemeRecord
from gridoffice.assessment.month import mean
from gridoffice.assessment.rules import in_words, period_days
from gridoffice.assessment.shares import ShareFigure, shares
from gridoffice.errors import NotFound
from gridoffice.grids.history import tree_on
from gridoffice.grids.service import root_id
from gridoffice.scoring.notation import load
from gridoffice.scoring.scheme import Indicator, Scheme, weighs

if TYPE_CHECKING:
    from gridoffice.assessment.month_sums import Added
    from gridoffice.assessment.tally import Tally

YEAR = 12
MOST_SPANS = 10
_SPAN_WIDTHS = (1, 2, 5, 10, 20, 50)
_FEW = 50
"""One in so many may lie below the first span's usual width: a few low totals do not flatten the rest."""
UNITS = {Target.POST: "人", Target.AREA: "个网格", Target.DEPARTMENT: "个部门"}


@dataclass(frozen=True, slots=True)
class Course:
    """A scheme with the periods computed by it, the latest first."""

    scheme_key: str
    name: str
    target: Target
    periods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MonthFigure:
    """One month: how many have a sheet, how many a total, their mean, and the grades in their order."""

    month_id: int
    period: str
    people: int
    scored: int
    mean: Decimal | None
    grades: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class AreaFigure:
    """One grid: its mean total, that of the month before and of the same month a year before; how many have
    each grade, and the mean points in the dimensions, both in the order of the comparison's."""

    grid_id: int
    name: str
    people: int
    scored: int
    mean: Decimal | None
    before: Decimal | None
    year_before: Decimal | None
    grades: tuple[int, ...] = ()
    dimensions: tuple[Decimal | None, ...] = ()


@dataclass(frozen=True, slots=True)
class DimensionFigure:
    """The mean points of a dimension or an indicator; a month that weighed it otherwise is not compared."""

    key: str
    name: str
    full: Decimal
    mean: Decimal | None
    before: Decimal | None
    year_before: Decimal | None


@dataclass(frozen=True, slots=True)
class Span:
    """How many have a total of `low` or more and less than `high`."""

    low: Decimal
    high: Decimal
    people: int


@dataclass(frozen=True, slots=True)
class Heat:
    """A table of numbers: `rows` are grids by number and name, `columns` indicators or periods by key and
    name, `values` a line for each row, in `unit`."""

    rows: tuple[tuple[int, str], ...]
    columns: tuple[tuple[str, str], ...]
    values: tuple[tuple[Decimal | None, ...], ...]
    unit: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A month below one grid beside the months before it. `months` are at most thirteen, oldest first and
    this one last; `areas` lie next below the grid, in the order of the tree."""

    scheme_key: str
    scheme_name: str
    target: Target
    unit: str
    period: str
    month_id: int
    full: Decimal
    months: tuple[MonthFigure, ...]
    areas: tuple[AreaFigure, ...]
    dimensions: tuple[DimensionFigure, ...]
    indicators: tuple[DimensionFigure, ...]
    spans: tuple[Span, ...]
    shares: tuple[ShareFigure, ...]
    by_indicator: Heat
    by_month: Heat


def courses(session: Session) -> tuple[Course, ...]:
    """Every scheme with computed months, the one used last first, that of posts before others."""
    query = (
        select(Month.period, SchemeRecord.key, SchemeRecord.body, Month.id)
        .join(SchemeRecord, SchemeRecord.id == Month.scheme_id)
        .where(Month.computed_at.is_not(None))
        .order_by(Month.period.desc(), Month.target != Target.POST, Month.id.desc())
    )
    periods: dict[str, list[str]] = {}
    latest: dict[str, Scheme] = {}
    for period, key, body, _ in session.execute(query):
        if key not in latest:
            latest[key] = load(body)
        if period not in (known := periods.setdefault(key, [])):
            known.append(period)
    return tuple(
        Course(key, latest[key].name, latest[key].target, tuple(some)) for key, some in periods.items()
    )


def comparison(session: Session, scheme_key: str, period: str, scope: int | None = None) -> Comparison:
    """Everything about a month of a scheme below one grid (None: the whole office) that can be compared.

    Raises `NotFound` when that month is not computed."""
    from gridoffice.assessment.month_sums import added  # NumPy: only where something is added up

    top = root_id(session) if scope is None else scope
    months = [added(session, month, top) for month in computed_months(session, scheme_key, period)]
    now = months[-1]
    before = next((one for one in months if one.period == shifted(period, -1)), None)
    year = next((one for one in months if one.period == shifted(period, -YEAR)), None)
    names = _names(session, now.areas, period)
    dimensions = _dimensions(now.scheme)
    parts = [[_at(now.scheme, one) for one in some] for _, _, some in dimensions]
    weighed = [(place, one) for place, one in enumerate(now.scheme.indicators) if weighs(one)]
    areas = tuple(
        AreaFigure(
            grid_id,
            names.get(grid_id, ""),
            int(now.by_area.people[line]),
            int(now.by_area.scored[line]),
            now.total(now.by_area, line),
            _area_total(before, grid_id),
            _area_total(year, grid_id),
            tuple(now.by_area.grades[line].tolist()[: len(now.scheme.grades)]),
            tuple(now.points(now.by_area, line, some) for some in parts),
        )
        for grid_id, line in now.areas.items()
    )
    return Comparison(
        scheme_key=scheme_key,
        scheme_name=now.scheme.name,
        target=now.scheme.target,
        unit=UNITS[now.scheme.target],
        period=period,
        month_id=now.id,
        full=now.scheme.full,
        months=tuple(_figure(one) for one in months),
        areas=areas,
        dimensions=tuple(_figures(dimensions, now, before, year)),
        indicators=tuple(_figures([(one.key, one.name, [one]) for _, one in weighed], now, before, year)),
        spans=_spans(now.whole),
        shares=shares(session, [(one.period, one.scheme, one.whole) for one in months], top),
        by_indicator=Heat(
            tuple(_named(now.areas, names)),
            tuple((one.key, one.name) for _, one in weighed),
            tuple(tuple(_rate(now, line, place) for place, _ in weighed) for line in now.areas.values()),
            "%",
        ),
        by_month=Heat(
            tuple(_named(now.areas, names)),
            tuple((one.period, in_words(one.period)) for one in months),
            tuple(tuple(_area_total(one, grid_id) for one in months) for grid_id in now.areas),
            "分",
        ),
    )


def shifted(period: str, months: int) -> str:
    """The period so many months later."""
    first, _ = period_days(period)
    index = first.year * 12 + first.month - 1 + months
    return f"{index // 12}-{index % 12 + 1:02d}"


def computed_months(session: Session, scheme_key: str, period: str, back: int = YEAR) -> list[Month]:
    """The computed months of a scheme up to `period`, the oldest first, one a period. Raises `NotFound` when
    that period is not among them."""
    query = (
        select(Month)
        .join(SchemeRecord, SchemeRecord.id == Month.scheme_id)
        .where(
            SchemeRecord.key == scheme_key,
            Month.computed_at.is_not(None),
            Month.period.between(shifted(period, -back), period),
        )
        .order_by(Month.period, Month.id)
    )
    found = {month.period: month for month in session.scalars(query)}
    if period not in found:
        raise NotFound(f"{in_words(period)}还没有按这个方案算出得分。")
    return list(found.values())


# ---- figures ------------------------------------------------------------------------------------


def _figure(month: Added) -> MonthFigure:
    whole = month.whole
    if not whole.paths:
        grades = tuple((grade.name, 0) for grade in month.scheme.grades)
        return MonthFigure(month.id, month.period, 0, 0, None, grades)
    counts = whole.grades[0].tolist()
    return MonthFigure(
        month.id,
        month.period,
        int(whole.people[0]),
        int(whole.scored[0]),
        month.total(whole, 0),
        tuple((grade.name, count) for grade, count in zip(month.scheme.grades, counts, strict=False)),
    )


def _area_total(month: Added | None, grid_id: int) -> Decimal | None:
    if month is None or grid_id not in month.areas:
        return None
    return month.total(month.by_area, month.areas[grid_id])


def _dimensions(scheme: Scheme) -> list[tuple[str, str, list[Indicator]]]:
    """The dimensions of a scheme with what weighs in them, in its order."""
    named: dict[str, list[Indicator]] = {}
    for name, some in groupby(filter(weighs, scheme.indicators), lambda one: one.dimension):
        named.setdefault(name, []).extend(some)
    return [(name, name or "其他", some) for name, some in named.items()]


def _at(scheme: Scheme, indicator: Indicator) -> int:
    return scheme.indicators.index(indicator)


def _figures(
    groups: Iterable[tuple[str, str, list[Indicator]]], now: Added, before: Added | None, year: Added | None
) -> Iterable[DimensionFigure]:
    for key, name, some in groups:
        weights = {one.key: one.full for one in some}
        yield DimensionFigure(
            key,
            name,
            sum(weights.values(), Decimal(0)),
            _weighed(now, weights),
            _weighed(before, weights),
            _weighed(year, weights),
        )


def _weighed(month: Added | None, weights: Mapping[str, Decimal]) -> Decimal | None:
    """The mean points of some indicators in a month that gives them the same weight."""
    if month is None or not month.whole.paths:
        return None
    places = {one.key: (place, one.full) for place, one in enumerate(month.scheme.indicators)}
    if any(key not in places or places[key][1] != full for key, full in weights.items()):
        return None
    return month.points(month.whole, 0, [places[key][0] for key in weights])


def _rate(month: Added, line: int, place: int) -> Decimal | None:
    """The share of an indicator's full marks that an area got, in per cent."""
    full = int(month.scheme.indicators[place].full.scaleb(month.scheme.places))
    counted = int(month.by_area.counted[line, place])
    return mean(int(month.by_area.points[line, place]) * 100, counted * full, 1)


def _spans(whole: Tally) -> tuple[Span, ...]:
    """Totals in at most ten spans of equal width; the first begins lower where a few totals are far lower
    than all others."""
    if not whole.paths:
        return ()
    counts: list[int] = whole.spans[0].tolist()
    people = sum(counts)
    if not people:
        return ()
    found = [points for points, count in enumerate(counts) if count]
    last, least, below = found[-1], found[0], 0
    for points in found:
        if (below + counts[points]) * _FEW > people:
            least = points
            break
        below += counts[points]
    width = next(
        one for one in _SPAN_WIDTHS if last // one - least // one < MOST_SPANS or one == _SPAN_WIDTHS[-1]
    )
    edges = range(least // width * width, last + 1, width)
    return tuple(
        Span(
            Decimal(min(start, found[0]) if place == 0 else start),
            Decimal(start + width),
            sum(counts[0 if place == 0 else start : start + width]),
        )
        for place, start in enumerate(edges)
    )


def _names(session: Session, grid_ids: Iterable[int], period: str) -> dict[int, str]:
    """What grids were called at the end of a month."""
    tree = tree_on(session, period_days(period)[1])
    wanted = list(grid_ids)
    return {
        number: name
        for start in range(0, len(wanted), 900)
        for number, name in session.execute(
            select(tree.c.id, tree.c.name).where(tree.c.id.in_(wanted[start : start + 900]))
        )
    }


def _named(grid_ids: Iterable[int], names: Mapping[int, str]) -> Iterable[tuple[int, str]]:
    return ((grid_id, names.get(grid_id, "")) for grid_id in grid_ids)
