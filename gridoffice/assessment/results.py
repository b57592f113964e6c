"""The results of a month: worked out from what was recorded, kept on the sheets, explained."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.deriving import derive_columns
from db.enums import MonthState, Standing
from db.tables import Month, Sheet, table_of
from gridoffice.assessment.month import (
    Where,
    kept_points,
    month_record,
    raw_values,
    recorded_of,
    scheme_of,
    sheet_rows,
    within,
)
from gridoffice.assessment.rules import days_of
from gridoffice.assessment.scheme import Scheme
from gridoffice.assessment.scoring import Circumstances, Scored, packed_points, results, score_packed
from gridoffice.assessment.trace import Trace, explain
from gridoffice.errors import NotFound
from gridoffice.listing import chunked
from gridoffice.progress import report

if TYPE_CHECKING:
    from gridoffice.assessment.engine import Scores

RESULTS = ("points", "total", "grade", "rank", "unit_rank")
"""The columns of a sheet that scoring fills."""

_READ = (
    "id",
    "recorded",
    "inputs",
    "unit_path",
    "days",
    "away",
    "standing",
    "adjustment",
    "granted",
)
"""The columns of a sheet that scoring reads."""


def scored_rows(session: Session, month_id: int) -> list[dict[str, Any]]:
    """All sheets of a month with the columns that scoring reads, in the order in which they were opened."""
    table = table_of(Sheet)
    query = select(*(table.c[name] for name in _READ)).where(table.c.month_id == month_id)
    return [dict(row) for row in session.execute(query.order_by(table.c.id)).mappings()]


def score_sheets(scheme: Scheme, rows: Sequence[Mapping[str, Any]], whole: int) -> Scores:
    """Score sheets of one month of `whole` days; of each `recorded`, `inputs` and what bears on it beside
    are read."""
    return score_packed(
        scheme, (recorded_of(scheme, row) for row in rows), circumstances(scheme, rows, whole)
    )


def circumstances(scheme: Scheme, rows: Sequence[Mapping[str, Any]], whole: int) -> Circumstances:
    """What beside raw values bears on the scores of sheets of a month of `whole` days. Of months that were
    locked before attendance was kept everybody was there on all of them."""
    standings = [row["standing"] for row in rows]
    some = any(standing is not None for standing in standings)
    return Circumstances(
        groups=[within(scheme.group, row["unit_path"]) for row in rows],
        pools=[within(scheme.quota_pool, row["unit_path"]) for row in rows],
        present=_or_nothing(_present(row, whole) for row in rows),
        whole=whole,
        taking=[standing is not Standing.EXCLUDED for standing in standings] if some else None,
        graded=[standing is None for standing in standings] if some else None,
        adjustment=_or_nothing(row["adjustment"] for row in rows),
        granted=_or_nothing(row["granted"] for row in rows),
    )


def _present(row: Mapping[str, Any], whole: int) -> int | None:
    """On how many days somebody was there; None: on all of the month's."""
    if row["days"] is None:
        return None
    there = row["days"] - (row["away"] or 0)
    return None if there == whole else there


def _or_nothing(column: Iterable[Any]) -> list[Any] | None:
    """A column, or None when nothing stands in it."""
    found = list(column)
    return found if any(value is not None for value in found) else None


def result_columns(scheme: Scheme, scores: Scores) -> dict[str, list[Any]]:
    """The columns of the sheets that scoring fills, in the order of the rows that were scored."""
    totals = scores.total.tolist()
    absent, exact = -(2**63), {number: Decimal(number).scaleb(-scheme.places) for number in set(totals)}
    exact[absent] = None  # type: ignore[assignment] - there is no total
    names = [*(grade.name for grade in scheme.grades), None]
    return {
        "points": packed_points(scores),
        "total": [exact[number] for number in totals],
        "grade": [names[grade] for grade in scores.grade.tolist()],
        "rank": [rank or None for rank in scores.rank.tolist()],
        "unit_rank": [rank or None for rank in scores.group_rank.tolist()],
    }


def compute_results(session: Session, month: Month) -> tuple[int, int]:
    """Score a whole month and keep the results. Answers how many sheets there are, how many got a total."""
    scheme, rows = scheme_of(session, month), scored_rows(session, month.id)
    report("计算得分", 0, len(rows))
    found = result_columns(scheme, score_sheets(scheme, rows, days_of(month.period)))
    report("写入得分", 0, len(rows))
    derive_columns(session, Sheet, [row["id"] for row in rows], found)
    people = sum(row["standing"] is not Standing.EXCLUDED for row in rows)
    return people, len(rows) - found["total"].count(None)


def restore_results(session: Session, changes: Mapping[str, frozenset[int]]) -> None:
    """After an undo: a month that stands computed has the results of what is recorded again; one that
    stands computed no more has none."""
    session.flush()
    through = set(changes.get("month", ()))
    touched: set[int] = set()
    for chunk in chunked(sorted(changes.get("sheet", ()))):
        touched |= set(session.scalars(select(Sheet.month_id).where(Sheet.id.in_(chunk)).distinct()))
    for month_id in sorted(through | touched):
        month = session.get(Month, month_id)
        if month is None or month.state is MonthState.LOCKED:
            continue
        if month.computed_at is not None:
            compute_results(session, month)
        elif month_id not in touched:
            ids = list(session.scalars(select(Sheet.id).where(Sheet.month_id == month_id)))
            derive_columns(session, Sheet, ids, {name: [None] * len(ids) for name in RESULTS})


# ---- explained ---------------------------------------------------------------------------------


def _as_locked(scheme: Scheme, row: Mapping[str, Any], whole: int) -> Scored:
    """The result that a locked sheet keeps; what it does not keep (which values are missing, which veto
    holds, the grade by points alone) follows from its own inputs."""
    alone = replace(scheme, grades=tuple(replace(grade, quota=None) for grade in scheme.grades))
    (found,) = results(alone, score_sheets(alone, [row], whole), [row["id"]])
    points = kept_points(scheme, row)
    return replace(
        found,
        parts=tuple(points.get(indicator.key) for indicator in scheme.indicators),
        total=row["total"],
        grade=row["grade"],
        rank=row["rank"],
        group_rank=row["unit_rank"],
    )


def sheet_trace(session: Session, sheet_id: int) -> dict[str, Any]:
    """Where one score comes from. Raises `NotFound`."""
    sheet = session.get(Sheet, sheet_id)
    if sheet is None:
        raise NotFound("没有这张考核表。")
    return traces(session, sheet.month_id, {sheet_id})[sheet_id]


def traces(
    session: Session, where: Where, wanted: Collection[int] | None = None
) -> dict[int, dict[str, Any]]:
    """Where the scores of a month come from, by sheet: of a locked month as they were locked, else as
    they are now, ranks and quotas included."""
    month = month_record(session, where)
    scheme = scheme_of(session, month)
    if month.state is MonthState.LOCKED:
        rows = sheet_rows(session, month.id, wanted)
        scored = [_as_locked(scheme, row, days_of(month.period)) for row in rows]
    else:
        rows = sheet_rows(session, month.id)
        scored = results(
            scheme, score_sheets(scheme, rows, days_of(month.period)), [row["id"] for row in rows]
        )
    return {
        row["id"]: row["trace"] or plain_trace(explain(scheme, raw_values(scheme, row), result))
        for row, result in zip(rows, scored, strict=True)
        if wanted is None or row["id"] in wanted
    }


def plain_trace(trace: Trace) -> dict[str, Any]:
    """A trace as plain values: decimals as text, so that nothing is lost."""
    return _plain(asdict(trace))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Decimal) else value
