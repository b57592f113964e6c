"""A month as it is kept: its scheme, its sheets, and the seals of a locked one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session

from db.enums import MonthState
from db.tables import Month, Sheet, table_of
from db.tables import Scheme as SchemeRecord
from db.types import PathText, canonical, to_stored
from gridoffice.assessment.notation import load
from gridoffice.assessment.rules import in_words, period_days
from gridoffice.assessment.scheme import Input, Measure, RankGroup, Scheme, all_inputs
from gridoffice.assessment.scoring import Inputs, Scored, score
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


def stored_value(value: Any) -> Any:
    """A raw value as the sheet keeps it: decimals as text, so that nothing is lost."""
    return str(value) if isinstance(value, Decimal) else value


def raw_values(entries: Sequence[Input], kept: Mapping[str, Any]) -> dict[str, Any]:
    """The raw values of a sheet, each as its column's measure says."""
    return {entry.key: _raw(entry, kept[entry.key]) for entry in entries if kept.get(entry.key) is not None}


def _raw(entry: Input, value: Any) -> Any:
    if entry.measure is Measure.YES_NO:
        return bool(value)
    return int(value) if entry.measure is Measure.COUNT else Decimal(str(value))


def score_rows(scheme: Scheme, rows: Sequence[Mapping[str, Any]]) -> list[Scored]:
    """The results of sheets, in their order."""
    entries = all_inputs(scheme)
    return score(
        scheme,
        [Inputs(row["id"], raw_values(entries, row["inputs"]), _group(scheme, row)) for row in rows],
    )


def _group(scheme: Scheme, row: Mapping[str, Any]) -> str:
    if scheme.group is RankGroup.COMMUNITY:
        return row["unit_path"]
    if scheme.group is RankGroup.STREET:
        return row["unit_path"][:-5]
    return ""


def result_columns(scheme: Scheme, scored: Scored) -> dict[str, Any]:
    """The columns of a sheet that scoring fills."""
    return {
        "parts": {
            indicator.key: stored_value(points)
            for indicator, points in zip(scheme.indicators, scored.parts, strict=True)
            if points is not None
        },
        "total": scored.total,
        "grade": scored.grade,
        "rank": scored.rank,
        "unit_rank": scored.group_rank,
    }


def sheet_rows(session: Session, month_id: int) -> list[dict[str, Any]]:
    """Every sheet of a month as plain rows, in the order in which they were opened."""
    table = table_of(Sheet)
    query = select(table).where(table.c.month_id == month_id).order_by(table.c.id)
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


# ---- seals -------------------------------------------------------------------------------------

_SEALED = tuple(column.name for column in table_of(Sheet).columns if column.name != "seal")
_PLAIN = {
    name: convert for name in _SEALED if (convert := to_stored(table_of(Sheet).c[name].type)) is not None
}


def seal_of(row: Mapping[str, Any]) -> str:
    """The digest of one sheet: every column of it."""
    facts = [_PLAIN[name](row[name]) if name in _PLAIN else row[name] for name in _SEALED]
    return hashlib.sha256(canonical(facts).encode()).hexdigest()


def digest_of(month: Mapping[str, Any], scheme: Mapping[str, Any], seals: Iterator[str]) -> str:
    """The digest of a locked month: its own facts, its scheme, and the seal of every sheet."""
    facts = [{k: v for k, v in month.items() if k != "digest"}, dict(scheme), list(seals)]
    return hashlib.sha256(canonical(facts).encode()).hexdigest()


def facts_of(table: Any, row: Mapping[str, Any]) -> dict[str, Any]:
    """A record's columns in stored form."""
    found = {}
    for column in table.columns:
        convert = to_stored(column.type)
        found[column.name] = convert(row[column.name]) if convert else row[column.name]
    return found
