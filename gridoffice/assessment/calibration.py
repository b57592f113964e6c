"""Calibration: how each unit or scorer gave points against the whole, and sheets adjusted with a reason.

An adjustment enters the total, is told by the trace, and stays within what the scheme allows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import bulk_insert, bulk_update, reserve
from db.enums import MonthState, OpinionStage, Right, Standing
from db.journal import entitle
from db.tables import Month, Opinion, Sheet
from gridoffice.assessment.duties import refuse_own_sheets
from gridoffice.assessment.month import (
    Where,
    kept_points,
    mean,
    month_record,
    raw_values,
    scheme_of,
    sheet_rows,
    words_of,
)
from gridoffice.assessment.opinions import known_grade, sheet_and_month
from gridoffice.assessment.results import compute_results, result_columns, score_sheets
from gridoffice.assessment.rules import counted as counted_as
from gridoffice.assessment.rules import days_of
from gridoffice.errors import Locked, NotFound, Refused, RuleBroken
from gridoffice.grids.rules import path_ids
from gridoffice.scoring.columns import numbers_in
from gridoffice.scoring.scheme import Scheme, weighs
from gridoffice.scoring.scores import pack
from gridoffice.scoring.shapes import plain
from gridoffice.service import service

MOST_SPANS = 8
WIDTHS = (1, 2, 5, 10, 20, 50)


@dataclass(frozen=True, slots=True)
class Spread:
    """One unit or scorer: its mean before and after adjustments, how many totals lie in each span, how
    many sheets were adjusted. `key` is a unit's grid (empty: the whole office), or the scorer's name."""

    key: str
    name: str
    people: int
    before: Decimal | None
    after: Decimal | None
    counts: tuple[int, ...]
    adjusted: int


@dataclass(frozen=True, slots=True)
class Distribution:
    """All groups beside the whole. Units are told in points, scorers in % of what they may give; `spans`
    are from-to, the last with both its ends."""

    by: str
    spans: tuple[tuple[Decimal, Decimal], ...]
    whole: Spread
    groups: tuple[Spread, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """How a sheet stands."""

    total: Decimal | None
    grade: str | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class Adjusted:
    """One sheet before and after an adjustment that is thought about."""

    sheet_id: int
    name: str
    before: Place
    after: Place


# ---- looking -------------------------------------------------------------------------------------


def distribution(session: Session, where: Where, by: str = "unit") -> Distribution:
    """How points are spread in each unit (`unit`) or as each office gave them (`scorer`)."""
    month = month_record(session, where)
    scheme, rows = scheme_of(session, month), sheet_rows(session, month.id, taking=True)
    return _by_scorer(scheme, rows) if by == "scorer" else _by_unit(scheme, rows, days_of(month.period))


def _by_unit(scheme: Scheme, rows: Sequence[Mapping[str, Any]], whole: int) -> Distribution:
    before = _unadjusted(scheme, rows, whole)
    groups: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        groups[row["unit_path"]].append(place)
    totals = [row["total"] for row in rows]
    spans = spans_of([total for total in totals if total is not None])

    def spread(key: str, name: str, places: Sequence[int]) -> Spread:
        after = [totals[place] for place in places if totals[place] is not None]
        earlier = [found for place in places if (found := before[place]) is not None]
        return Spread(
            key,
            name,
            len(places),
            mean(sum(earlier, Decimal(0)), len(earlier), scheme.places),
            mean(sum(after, Decimal(0)), len(after), scheme.places),
            counted(after, spans),
            sum(_is_adjusted(rows[place]) for place in places),
        )

    return Distribution(
        "unit",
        spans,
        spread("", "全部", range(len(rows))),
        tuple(
            spread(f"{path_ids(path)[-1]}" if path else "", rows[places[0]]["unit_name"], places)
            for path, places in sorted(groups.items())
        ),
    )


def _is_adjusted(row: Mapping[str, Any]) -> bool:
    return bool(row["adjustment"]) or row["granted"] is not None


def _unadjusted(scheme: Scheme, rows: Sequence[Mapping[str, Any]], whole: int) -> Sequence[Decimal | None]:
    """The totals as they were without any adjustment."""
    if not any(_is_adjusted(row) for row in rows):
        return [row["total"] for row in rows]
    bare = [{**row, "adjustment": None, "granted": None} for row in rows]
    return result_columns(scheme, score_sheets(scheme, bare, whole))["total"]


def _by_scorer(scheme: Scheme, rows: Sequence[Mapping[str, Any]]) -> Distribution:
    """Of what an office may give, how many per cent it gave to each."""
    scorers: dict[str, list[Any]] = defaultdict(list)
    for indicator in scheme.indicators:
        if weighs(indicator):
            scorers[indicator.scorer or "没写评分单位"].append(indicator)
    given: dict[str, list[Decimal]] = {name: [] for name in scorers}
    everything: list[Decimal] = []
    for row in rows:
        points = kept_points(scheme, row)
        for name, indicators in scorers.items():
            known = [(points[one.key], one.full) for one in indicators if one.key in points]
            full = sum((weight for _, weight in known), Decimal(0))
            if full:
                given[name].append(sum((part for part, _ in known), Decimal(0)) * 100 / full)
        if row["total"] is not None:
            everything.append(row["total"] * 100 / scheme.full)
    spans = spans_of([rate for rates in given.values() for rate in rates])

    def spread(key: str, name: str, rates: Sequence[Decimal]) -> Spread:
        average = mean(sum(rates, Decimal(0)), len(rates), 1)
        return Spread(key, name, len(rates), average, average, counted(rates, spans), 0)

    return Distribution(
        "scorer",
        spans,
        spread("", "全部", everything),
        tuple(spread(name, name, rates) for name, rates in given.items()),
    )


def spans_of(totals: Sequence[Decimal]) -> tuple[tuple[Decimal, Decimal], ...]:
    """At most eight spans of equal width over some numbers."""
    if not totals:
        return ()
    low, high = int(min(totals)), int(max(totals))
    width = next((one for one in WIDTHS if high // one - low // one < MOST_SPANS), WIDTHS[-1])
    start = low // width * width
    return tuple((Decimal(edge), Decimal(edge + width)) for edge in range(start, high + 1, width))


def counted(totals: Iterable[Decimal], spans: Sequence[tuple[Decimal, Decimal]]) -> tuple[int, ...]:
    """How many numbers lie in each span."""
    if not spans:
        return ()
    found = [0] * len(spans)
    start, width = spans[0][0], spans[0][1] - spans[0][0]
    for total in totals:
        found[max(0, min(len(spans) - 1, int((total - start) // width)))] += 1
    return tuple(found)


def preview(
    session: Session, sheet_ids: Sequence[int], change: Decimal | None, grade: str | None
) -> tuple[Adjusted, ...]:
    """What an adjustment would make of these sheets. Raises as `calibrate` does, but for the reason."""
    if not sheet_ids:
        return ()
    month, scheme, wanted = _meant(session, sheet_ids, change, grade)
    rows = sheet_rows(session, month.id)
    thought = [
        {**row, **adjusted(row["adjustment"], row["granted"], change, grade)} if row["id"] in wanted else row
        for row in rows
    ]
    after = result_columns(scheme, score_sheets(scheme, thought, days_of(month.period)))
    return tuple(
        Adjusted(
            row["id"],
            row["name"],
            Place(row["total"], row["grade"], row["rank"]),
            Place(after["total"][place], after["grade"][place], after["rank"][place]),
        )
        for place, row in enumerate(rows)
        if row["id"] in wanted
    )


def foretell(
    session: Session,
    sheet_id: int,
    values: Mapping[str, Any] | None = None,
    change: Decimal | None = None,
    grade: str | None = None,
) -> Adjusted:
    """How one sheet would stand with other raw values, points given or taken, or a grade set. Nothing is
    refused here: who asks decides what may be done. Raises `NotFound`."""
    sheet, month = sheet_and_month(session, sheet_id)
    scheme, rows = scheme_of(session, month), sheet_rows(session, month.id)
    place = next(at for at, row in enumerate(rows) if row["id"] == sheet.id)
    row = rows[place]
    (recorded,) = pack(scheme, [{**raw_values(scheme, row), **numbers_in(values or {})}])
    rows[place] = {
        **row,
        "recorded": recorded,
        **adjusted(row["adjustment"], row["granted"], change, grade),
    }
    after = result_columns(scheme, score_sheets(scheme, rows, days_of(month.period)))
    return Adjusted(
        sheet.id,
        sheet.name,
        Place(row["total"], row["grade"], row["rank"]),
        Place(after["total"][place], after["grade"][place], after["rank"][place]),
    )


# ---- adjusting -----------------------------------------------------------------------------------


@service("校准考核得分", needs=Right.REVIEW_MONTH)
def calibrate(
    session: Session,
    sheet_ids: Sequence[int],
    change: Decimal | None = None,
    grade: str | None = None,
    reason: str = "",
) -> int:
    """Give or take points, or set a grade, with a reason that stands on the sheet; the month is computed
    again in the same action. Answers how many sheets.

    Raises `RuleBroken` without a reason, without anything to change, beyond the scheme's limit, or for
    sheets that take no part; `Refused` outside review, `Locked` when the month is.
    """
    if not reason.strip():
        raise RuleBroken("校准要写原因。")
    month, _, wanted = _meant(session, sheet_ids, change, grade)
    refuse_own_sheets(session, month, wanted)
    updates = {
        number: adjusted(sheet.adjustment, sheet.granted, change, grade) for number, sheet in wanted.items()
    }
    names = [sheet.name for sheet in wanted.values()]
    bulk_update(session, Sheet, updates)
    bulk_insert(
        session,
        Opinion,
        [
            {
                "id": line,
                "sheet_id": number,
                "stage": OpinionStage.CALIBRATION,
                "points": None,
                "change": change,
                "grade": grade,
                "text": reason.strip(),
                "given_by": session.info["who"].name,
                "given_on": date.today(),
            }
            for line, number in zip(reserve(session, Opinion, len(wanted)), wanted, strict=True)
        ],
    )
    session.refresh(month)
    if month.computed_at is not None:
        compute_results(session, month)
    whom = f"“{names[0]}”" if len(names) == 1 else f" {counted_as(month.target, len(names))}"
    entitle(
        session, f"校准{whom}的 {words_of(session, month)}考核：{_in_words(change, grade)}，{reason.strip()}"
    )
    return len(names)


def _meant(
    session: Session, sheet_ids: Sequence[int], change: Decimal | None, grade: str | None
) -> tuple[Month, Scheme, dict[int, Sheet]]:
    """The month, its scheme and the sheets that are to be adjusted, everything having been looked at."""
    if not change and grade is None:
        raise RuleBroken("写加减几分，或者选定为哪一等。")
    if not sheet_ids:
        raise RuleBroken("先选要校准的人。")
    first = session.get(Sheet, sheet_ids[0])
    if first is None:
        raise NotFound("没有这张考核表。")
    month = session.get_one(Month, first.month_id)
    if month.state is MonthState.LOCKED:
        raise Locked(f"{words_of(session, month)}已锁定，不能校准。")
    if month.state is not MonthState.REVIEW:
        raise Refused(f"{words_of(session, month)}在{month.state.label}，复核这一步才能校准。")
    scheme = scheme_of(session, month)
    known_grade(scheme, grade)
    found: dict[int, Sheet] = {}
    for start in range(0, len(sheet_ids), 900):
        some = list(sheet_ids[start : start + 900])
        query = select(Sheet).where(Sheet.id.in_(some), Sheet.month_id == month.id).order_by(Sheet.id)
        found |= {sheet.id: sheet for sheet in session.scalars(query)}
    aside = [sheet.name for sheet in found.values() if sheet.standing is Standing.EXCLUDED]
    if aside:
        raise RuleBroken(f"“{aside[0]}”不参加这个月的考核，不用校准。")
    limit = scheme.calibration_limit
    if limit is not None and change:
        beyond = next(
            (sheet for sheet in found.values() if abs((sheet.adjustment or 0) + change) > limit), None
        )
        if beyond is not None:
            held = f"，“{beyond.name}”已经校准过 {plain(beyond.adjustment)} 分" if beyond.adjustment else ""
            raise RuleBroken(f"方案规定最多加减 {plain(limit)} 分{held}。")
    return month, scheme, found


def adjusted(
    adjustment: Decimal | None, granted: str | None, change: Decimal | None, grade: str | None
) -> dict[str, Any]:
    """What stands on the sheet then."""
    points = (adjustment or Decimal(0)) + (change or Decimal(0))
    return {"adjustment": points or None, "granted": grade or granted}


def _in_words(change: Decimal | None, grade: str | None) -> str:
    parts = []
    if change:
        parts.append(f"{'加' if change > 0 else '减'} {plain(abs(change))} 分")
    if grade is not None:
        parts.append(f"定为“{grade}”")
    return "，".join(parts)
