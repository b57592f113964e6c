"""The results of a month: worked out from what was recorded, kept on the sheets, explained."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from db.deriving import derive_columns
from db.enums import MonthState, Standing
from db.tables import Month, Sheet, table_of
from gridoffice.assessment.duties import refuse_part
from gridoffice.assessment.month import (
    Where,
    cells_reader,
    kept_points,
    month_record,
    raw_values,
    recorded_of,
    scheme_of,
    sheet_rows,
    within,
)
from gridoffice.assessment.rules import days_of
from gridoffice.errors import NotFound
from gridoffice.listing import chunked
from gridoffice.progress import report
from gridoffice.scoring.scheme import RankGroup, Scheme
from gridoffice.scoring.scores import (
    Circumstances,
    Inputs,
    Scored,
    packed_points,
    results,
    score_packed,
    some,
)
from gridoffice.scoring.trace import Trace, explain

if TYPE_CHECKING:
    from gridoffice.scoring.engine import Scores

RESULTS = ("points", "total", "grade", "rank", "unit_rank")
"""The columns of a sheet that scoring fills."""

_SAID = ("standing", "adjustment", "granted")
"""Columns that say something of few sheets only."""
_BESIDE = ("unit_path", "days", "away", *_SAID)
"""The columns of a sheet that bear on its score beside its raw values."""


def score_sheets(scheme: Scheme, rows: Sequence[Mapping[str, Any]], whole: int) -> Scores:
    """Score sheets of one month of `whole` days; of each `recorded`, `inputs` and what bears on it beside
    are read."""
    return score_packed(
        scheme, (recorded_of(scheme, row) for row in rows), circumstances(scheme, rows, whole)
    )


def circumstances(scheme: Scheme, rows: Sequence[Mapping[str, Any]], whole: int) -> Circumstances:
    """What beside raw values bears on the scores of sheets of a month of `whole` days. Of months that were
    locked before attendance was kept everybody was there on all of them."""
    return _beside(scheme, {name: [row[name] for row in rows] for name in _BESIDE}, whole)


def _beside(scheme: Scheme, columns: Mapping[str, Sequence[Any]], whole: int) -> Circumstances:
    """The same of columns, as long as each other; one of `_SAID` that is missing says nothing of anybody."""
    paths, standings = columns["unit_path"], columns.get("standing")
    present = [
        None if days is None else days - (away or 0)
        for days, away in zip(columns["days"], columns["away"], strict=True)
    ]
    return Circumstances(
        groups=_grouped(scheme.group, paths),
        pools=_grouped(scheme.quota_pool, paths),
        present=present,
        whole=whole,
        taking=standings and [standing is not Standing.EXCLUDED for standing in standings],
        graded=standings and [standing is None for standing in standings],
        adjustment=columns.get("adjustment"),
        granted=columns.get("granted"),
    )


def _grouped(group: RankGroup, paths: Sequence[str]) -> Sequence[str] | None:
    if group is RankGroup.NONE:
        return None
    units = {path: within(group, path) for path in set(paths)}
    return list(map(units.__getitem__, paths))


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


@dataclass(frozen=True, slots=True, eq=False)
class ToScore:
    """All sheets of a month as scoring takes them; `out` of them were taken out of the month."""

    ids: Sequence[int]
    recorded: Sequence[bytes]
    beside: Circumstances
    out: int


def month_to_score(session: Session, month: Month, scheme: Scheme) -> ToScore:
    """Read a month column by column: a city's sheets as so many dictionaries take longer than scoring."""
    table = table_of(Sheet)
    read = ("id", "recorded", "unit_path", "days", "away")
    inside = table.c.month_id == month.id
    rows = session.execute(select(*(table.c[name] for name in read)).where(inside).order_by(table.c.id)).all()
    columns: dict[str, Sequence[Any]] = {name: [row[at] for row in rows] for at, name in enumerate(read)}
    differ = or_(*(table.c[name].is_not(None) for name in _SAID))
    said = session.execute(select(table.c.id, *(table.c[name] for name in _SAID)).where(inside, differ)).all()
    if said:
        for at, name in enumerate(_SAID, 1):
            told = {row[0]: row[at] for row in said}
            columns[name] = list(map(told.get, columns["id"]))
    recorded = columns["recorded"]
    if None in recorded:
        # sheets of a month that was locked by an earlier program, taken up again
        recorded = [recorded_of(scheme, row) for row in sheet_rows(session, month.id)]
    beside = _beside(scheme, columns, days_of(month.period))
    out = sum(row.standing is Standing.EXCLUDED for row in said)
    return ToScore(columns["id"], recorded, beside, out)


def compute_results(session: Session, month: Month) -> tuple[int, int]:
    """Score a whole month and keep the results. Answers how many sheets there are, how many got a total.
    Raises `Refused` for who does not see all of it."""
    refuse_part(session)
    scheme = scheme_of(session, month)
    read = month_to_score(session, month, scheme)
    report("计算得分", 0, len(read.ids))
    found = result_columns(scheme, score_packed(scheme, read.recorded, read.beside))
    report("写入得分", 0, len(read.ids))
    derive_columns(session, Sheet, read.ids, found)
    return len(read.ids) - read.out, len(read.ids) - found["total"].count(None)


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


def _as_kept(scheme: Scheme, row: Mapping[str, Any], whole: int) -> Scored:
    """The result that a sheet of a computed month keeps; what it does not keep (which values are missing, which veto
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
    scheme, whole = scheme_of(session, month), days_of(month.period)
    rows = sheet_rows(session, month.id, wanted)
    if month.state is MonthState.LOCKED or month.computed_at is not None:
        scored = [_as_kept(scheme, row, whole) for row in rows]
    else:
        read = month_to_score(session, month, scheme)
        asked = {row["id"] for row in rows}
        places = [place for place, one in enumerate(read.ids) if one in asked]
        scores = score_packed(scheme, read.recorded, read.beside)
        scored = results(scheme, some(scores, places), [read.ids[place] for place in places])
    cells = cells_reader(scheme)
    return {
        row["id"]: row["trace"]
        or plain_trace(explain(scheme, cells(row), result, inputs_of(scheme, row), whole))
        for row, result in zip(rows, scored, strict=True)
    }


def inputs_of(scheme: Scheme, row: Mapping[str, Any]) -> Inputs:
    """One sheet as scoring takes it."""
    days, standing = row["days"], row["standing"]
    return Inputs(
        row["id"],
        raw_values(scheme, row),
        within(scheme.group, row["unit_path"]),
        within(scheme.quota_pool, row["unit_path"]),
        present=None if days is None else days - (row["away"] or 0),
        taking=standing is not Standing.EXCLUDED,
        graded=standing is None,
        adjustment=row["adjustment"] or Decimal(0),
        granted=row["granted"],
    )


def plain_trace(trace: Trace) -> dict[str, Any]:
    """A trace as plain values: decimals as text, so that nothing is lost."""
    return _plain(asdict(trace))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Decimal) else value
