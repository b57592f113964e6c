"""A month as it is kept: its scheme and its sheets."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session

from db.enums import MonthState
from db.tables import Month, Sheet, table_of
from db.tables import Scheme as SchemeRecord
from db.types import PathText
from gridoffice.assessment.notation import load
from gridoffice.assessment.rules import in_words, period_days
from gridoffice.assessment.scheme import Input, Measure, RankGroup, Scheme, all_inputs
from gridoffice.assessment.scoring import pack, points_of, unpack
from gridoffice.errors import NotFound
from gridoffice.grids.listing import path_of
from gridoffice.grids.rules import SEGMENT, below, path_ids, segment


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """A month as a page shows it. `counts` is people by grade (None: 待补)."""

    id: int
    period: str
    state: MonthState
    scheme: Scheme
    edition: int
    people: int
    scored: int
    mean: Decimal | None
    counts: Mapping[str | None, int]
    computed: bool
    locked_by: str | None
    locked_at: str | None


def month_record(session: Session, period: str) -> Month:
    """The month. Raises `NotFound`."""
    period_days(period)
    month = session.scalar(select(Month).where(Month.period == period))
    if month is None:
        raise NotFound(f"{in_words(period)}还没有开始考核。")
    return month


def scheme_of(session: Session, month: Month) -> Scheme:
    return load(
        session.execute(select(SchemeRecord.body).where(SchemeRecord.id == month.scheme_id)).scalar_one()
    )


def months(session: Session) -> list[tuple[str, MonthState]]:
    """Every month there is, the latest first."""
    rows = session.execute(select(Month.period, Month.state).order_by(Month.period.desc()))
    return [(period, state) for period, state in rows]


def month_facts(session: Session, period: str) -> MonthFacts:
    """All a page says above the list. Raises `NotFound`."""
    month = month_record(session, period)
    scheme = scheme_of(session, month)
    edition = session.execute(
        select(SchemeRecord.edition).where(SchemeRecord.id == month.scheme_id)
    ).scalar_one()
    counts: dict[str | None, int] = {grade.name: 0 for grade in scheme.grades}
    totals = []
    people = 0
    for total, grade in session.execute(select(Sheet.total, Sheet.grade).where(Sheet.month_id == month.id)):
        people += 1
        counts[grade] = counts.get(grade, 0) + 1
        if total is not None:
            totals.append(total)
    return MonthFacts(
        id=month.id,
        period=period,
        state=month.state,
        scheme=scheme,
        edition=edition,
        people=people,
        scored=len(totals),
        mean=mean(sum(totals, Decimal(0)), len(totals), scheme.places),
        counts=counts,
        computed=month.computed_at is not None,
        locked_by=month.locked_by,
        locked_at=month.locked_at.isoformat() if month.locked_at else None,
    )


def mean(total: Decimal | int, count: int, places: int) -> Decimal | None:
    """A sum shared out, rounded half up; None of nothing. The one place where a mean is taken."""
    if not count:
        return None
    whole = Decimal(total).scaleb(places)
    return Decimal(int((whole * 2 + count) // (count * 2))).scaleb(-places)


# ---- raw values as stored ----------------------------------------------------------------------


def recorded_of(scheme: Scheme, row: Mapping[str, Any]) -> bytes:
    """The raw values of a sheet, packed; a month locked long ago keeps them as text."""
    if row["recorded"] is not None:
        return row["recorded"]
    entries = all_inputs(scheme)
    kept = row["inputs"]
    (found,) = pack(
        scheme,
        [{one.key: _as_measured(one, kept[one.key]) for one in entries if kept.get(one.key) is not None}],
    )
    return found


def _as_measured(entry: Input, value: Any) -> Any:
    if entry.measure is Measure.YES_NO:
        return bool(value)
    return int(value) if entry.measure is Measure.COUNT else Decimal(str(value))


def all_raw_values(scheme: Scheme, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The raw values that sheets have, each as its column's measure says; of each row `recorded` and
    `inputs` are read."""
    return [
        {key: value for key, value in values.items() if value is not None}
        for values in unpack(scheme, (recorded_of(scheme, row) for row in rows))
    ]


def raw_values(scheme: Scheme, row: Mapping[str, Any]) -> dict[str, Any]:
    """The same of one sheet."""
    (found,) = all_raw_values(scheme, [row])
    return found


def kept_points(scheme: Scheme, row: Mapping[str, Any]) -> dict[str, Decimal]:
    """The points of a sheet by indicator, those that there are; of the row `points` and `parts` are read."""
    if row["points"] is not None:
        return points_of(scheme, row["points"])
    return {key: Decimal(points) for key, points in (row["parts"] or {}).items()}


def group_of(scheme: Scheme, unit_path: str) -> str:
    """Within which unit somebody's second rank is counted."""
    if scheme.group is RankGroup.COMMUNITY:
        return unit_path
    if scheme.group is RankGroup.STREET:
        return unit_path[:-SEGMENT]
    return ""


def sheet_rows(
    session: Session, month_id: int | None, wanted: Collection[int] | None = None
) -> list[dict[str, Any]]:
    """Sheets (all of a month, or these few) as plain rows, in the order in which they were opened."""
    table = table_of(Sheet)
    query = select(table).order_by(table.c.id)
    if month_id is not None:
        query = query.where(table.c.month_id == month_id)
    if wanted is not None:
        query = query.where(table.c.id.in_(wanted))
    return [dict(row) for row in session.execute(query).mappings()]


def below_in_month(session: Session, month_id: int, scope: int) -> ColumnElement[bool]:
    """The sheets of a month below a grid, wherever that hung when the month was opened: a month keeps
    the paths it was opened with, the tree moves on."""
    today = path_of(session, scope)
    inside = and_(Sheet.month_id == month_id, *_below(today))
    if session.scalar(select(Sheet.id).where(inside).limit(1)) is not None:
        return and_(*_below(today))
    own, width = segment(scope), PathText.length or 0
    places = (func.substr(Sheet.grid_path, start, SEGMENT) == own for start in range(1, width, SEGMENT))
    found = session.scalar(select(Sheet.grid_path).where(Sheet.month_id == month_id, or_(*places)).limit(1))
    if found is None:
        return false()
    ids = path_ids(found)
    return and_(*_below(found[: (ids.index(scope) + 1) * SEGMENT]))


def _below(path: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    start, end = below(path)
    return Sheet.grid_path >= start, Sheet.grid_path < end
