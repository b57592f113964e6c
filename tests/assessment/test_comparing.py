"""Months beside each other: every figure against a plain loop over the sheets."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.tables import Grid
from gridoffice.assessment.areas import area_table
from gridoffice.assessment.comparing import Comparison, comparison, courses, shifted
from gridoffice.assessment.month import all_raw_values, kept_points, month_record, scheme_of, sheet_rows
from gridoffice.assessment.moving import movers
from gridoffice.assessment.schemes import scheme_keys, shipped_scheme
from gridoffice.assessment.service import compute, enter_values, open_month
from gridoffice.assessment.tally import ABSENT, Tally, add_up, narrowed, unpacked
from gridoffice.documents.model import HeadGroup
from gridoffice.errors import NotFound
from gridoffice.grids.rules import SEGMENT, segment
from gridoffice.office import Office
from gridoffice.scoring.scheme import Measure, Nature, Scheme, all_inputs, inputs, weighs
from gridoffice.scoring.scores import pack, score_packed
from gridoffice.scoring.shapes import InverseRateTimesWeight, RateTimesWeight

SCHEME = "street-default"


def half_up(total: Decimal | int, count: int, places: int) -> Decimal | None:
    if not count:
        return None
    return (Decimal(total) / Decimal(count)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


# ---- sums by place, of made-up sheets ------------------------------------------------------------


def made_up(scheme: Scheme, count: int, seed: int) -> tuple[list[str], list[dict[str, Any]], list[bytes]]:
    """Places, raw values and the values packed; some values and some whole sheets are missing."""
    chance = Random(seed)
    units = [segment(1) + segment(number) for number in range(2, 9)]
    values = []
    for _ in range(count):
        if chance.random() < 0.1:
            values.append({})
            continue
        values.append(
            {
                entry.key: chance.choice([0, 1, 2, 5, 40, 80, 95, 100])
                for entry in all_inputs(scheme)
                if chance.random() < 0.9
            }
        )
    return [chance.choice(units) for _ in range(count)], values, pack(scheme, values)


def tally_of(scheme: Scheme, places: list[str], packed: list[bytes]) -> tuple[Tally, Any]:
    scores = score_packed(scheme, packed)
    return add_up(scheme, places, packed, scores.total, scores.grade, scores.parts), scores


@pytest.mark.parametrize("key", scheme_keys())
def test_sums_by_place_are_those_of_a_plain_loop(key: str) -> None:
    scheme = shipped_scheme(key)
    for seed in range(6):
        places, values, packed = made_up(scheme, (0, 1, 7, 60, 200, 333)[seed], seed)
        tally, scores = tally_of(scheme, places, packed)
        assert tally.paths == tuple(sorted(set(places)))
        work = {
            entry.key
            for one in scheme.indicators
            if one.nature is Nature.QUANTITY
            for entry in inputs(one)
            if entry.measure.value in ("count", "amount")
        }
        for line, place in enumerate(tally.paths):
            mine = [at for at, one in enumerate(places) if one == place]
            totals = [int(scores.total[at]) for at in mine if scores.total[at] != ABSENT]
            assert (tally.people[line], tally.scored[line]) == (len(mine), len(totals))
            assert tally.totals[line] == sum(totals)
            grades = Counter(int(scores.grade[at]) for at in mine)
            assert tally.grades[line].tolist() == [grades[n] for n in (*range(len(scheme.grades)), -1)]
            spans = Counter(max(0, total) // 10**scheme.places for total in totals)
            assert {p: n for p, n in enumerate(tally.spans[line].tolist()) if n} == dict(spans)
            assert tally.active[line] == sum(any(values[at].get(one, 0) > 0 for one in work) for at in mine)
            assert tally.reporting[line] == sum(bool(values[at]) for at in mine)
            for at, indicator in enumerate(scheme.indicators):
                points = [int(scores.parts[one, at]) for one in mine if scores.parts[one, at] != ABSENT]
                assert (tally.points[line, at], tally.counted[line, at]) == (sum(points), len(points))
                pairs = [(0, 0)]
                if isinstance(indicator.rule, RateTimesWeight | InverseRateTimesWeight):
                    keys = [entry.key for entry in inputs(indicator)]
                    pairs += [
                        (values[one][keys[0]], values[one][keys[1]] if len(keys) > 1 else 100)
                        for one in mine
                        if all(name in values[one] for name in keys)
                    ]
                summed = [10_000 * sum(column) for column in zip(*pairs, strict=True)]
                assert [tally.numerators[line, at], tally.denominators[line, at]] == summed


def test_a_tally_that_is_kept_is_the_same_again() -> None:
    scheme = shipped_scheme(SCHEME)
    for count in (0, 1, 150):
        places, _, packed = made_up(scheme, count, count)
        tally, _ = tally_of(scheme, places, packed)
        again = unpacked(tally.pack())
        assert again is not None and again.paths == tally.paths
        for name in ("people", "totals", "grades", "points", "spans", "numerators", "active"):
            assert np.array_equal(getattr(again, name), getattr(tally, name)), name


def test_taking_lines_together_is_adding_up_larger_places() -> None:
    scheme = shipped_scheme("jinniu")
    places, _, packed = made_up(scheme, 250, 3)
    tally, _ = tally_of(scheme, places, packed)
    larger = {path: "one" if path < tally.paths[3] else "two" for path in tally.paths}
    there, _ = tally_of(scheme, [larger[place] for place in places], packed)
    here = narrowed(tally, [larger[path] for path in tally.paths])
    assert here.paths == there.paths
    for name in ("people", "scored", "totals", "grades", "points", "counted", "denominators"):
        assert np.array_equal(getattr(here, name), getattr(there, name)), name
    (one,) = narrowed(tally, ["one" if larger[path] == "one" else None for path in tally.paths]).people
    assert one == sum(larger[place] == "one" for place in places)


# ---- a street's half year ------------------------------------------------------------------------


def sheets(session: Session, period: str) -> tuple[Scheme, list[dict[str, Any]]]:
    month = month_record(session, period)
    scheme = scheme_of(session, month)
    rows = sheet_rows(session, month.id)
    for row, raw in zip(rows, all_raw_values(scheme, rows), strict=True):
        row["parts"], row["raw"] = kept_points(scheme, row), raw
    return scheme, rows


def compared(office: Office, period: str, scope: int | None = None) -> Comparison:
    return office.read(comparison, SCHEME, period, scope)


def mean_of(rows: Iterable[dict[str, Any]], places: int = 2) -> Decimal | None:
    totals = [row["total"] for row in rows if row["total"] is not None]
    return half_up(sum(totals, Decimal(0)), len(totals), places)


def below(path: str) -> Callable[[dict[str, Any]], bool]:
    return lambda row: row["grid_path"].startswith(path)


def places(office: Office, depth: int) -> list[tuple[int, str, str]]:
    """Grids at a depth of the tree: number, path, name."""
    query = select(Grid.id, Grid.path, Grid.name).order_by(Grid.path)
    found = office.read(lambda session: [(row.id, row.path, row.name) for row in session.execute(query)])
    return [one for one in found if len(one[1]) == depth * SEGMENT]


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_every_level_of_the_tree_agrees_with_its_sheets(street_office: Office, depth: int) -> None:
    course, *_ = street_office.read(courses)
    now = course.periods[0]
    by_period = {period: street_office.read(sheets, period) for period in course.periods}
    chosen = places(street_office, depth)
    for scope, path, _ in chosen[:: max(1, len(chosen) // 4)]:
        found = compared(street_office, now, scope)
        assert [one.period for one in found.months] == sorted(course.periods)
        inside = {period: list(filter(below(path), rows)) for period, (_, rows) in by_period.items()}
        for figure in found.months:
            rows = inside[figure.period]
            counts = Counter(row["grade"] for row in rows)
            assert (figure.people, figure.mean) == (len(rows), mean_of(rows))
            assert dict(figure.grades) == {grade: counts[grade] for grade, _ in figure.grades}
        children = {
            number: (own, name)
            for number, own, name in places(street_office, depth + 1)
            if own.startswith(path)
        }
        served = {number: own for number, (own, _) in children.items() if any(map(below(own), inside[now]))}
        assert [area.grid_id for area in found.areas] == list(served)
        before, year = shifted(now, -1), shifted(now, -12)
        for line, area in enumerate(found.areas):
            rows = list(filter(below(served[area.grid_id]), inside[now]))
            earlier = list(filter(below(served[area.grid_id]), inside.get(before, [])))
            assert (area.people, area.mean, area.name) == (
                len(rows),
                mean_of(rows),
                children[area.grid_id][1],
            )
            assert area.before == mean_of(earlier) and area.year_before is None and year not in inside
            assert found.by_month.values[line][-1] == area.mean
            scheme = by_period[now][0]
            for (key, _), rate in zip(
                found.by_indicator.columns, found.by_indicator.values[line], strict=True
            ):
                full = next(one.full for one in scheme.indicators if one.key == key)
                points = [row["parts"][key] for row in rows if key in row["parts"]]
                assert rate == half_up(sum(points, Decimal(0)) * 100 / full, len(points), 1)


def test_dimensions_and_indicators_are_means_of_points(street_office: Office) -> None:
    course, *_ = street_office.read(courses)
    found = compared(street_office, course.periods[0])
    scheme, rows = street_office.read(sheets, course.periods[0])
    _, earlier = street_office.read(sheets, course.periods[1])
    weighed = [one for one in scheme.indicators if weighs(one)]
    assert [one.key for one in found.indicators] == [one.key for one in weighed]
    for figure, indicator in zip(found.indicators, weighed, strict=True):
        for some, mean in ((rows, figure.mean), (earlier, figure.before)):
            points = [row["parts"][indicator.key] for row in some if indicator.key in row["parts"]]
            assert mean == half_up(sum(points, Decimal(0)), len(points), 2)
    by_dimension: dict[str, Decimal] = defaultdict(Decimal)
    for indicator in weighed:
        by_dimension[indicator.dimension] += indicator.full
    assert {one.name: one.full for one in found.dimensions} == by_dimension
    assert sum((one.full for one in found.dimensions), Decimal(0)) == found.full == 100


def test_spans_hold_everybody_once(street_office: Office) -> None:
    course, *_ = street_office.read(courses)
    for period in course.periods:
        found = compared(street_office, period)
        _, rows = street_office.read(sheets, period)
        assert 1 <= len(found.spans) <= 10
        assert sum(span.people for span in found.spans) == len(rows)
        for span, following in zip(found.spans, found.spans[1:], strict=False):
            assert span.high == following.low
        for span in found.spans:
            assert span.people == sum(span.low <= row["total"] < span.high for row in rows)


def test_a_month_stands_beside_that_of_the_year_before(small_office: Office) -> None:
    """Year on year: every area and dimension beside the same month a year ago, on paper too."""
    means: dict[str, dict[int, Decimal | None]] = {}
    for period, seed in (("2025-06", 9), ("2026-05", 4), ("2026-06", 0)):
        small_office.write(open_month, period)
        _, rows = small_office.read(sheets, period)
        values = {
            row["id"]: {
                entry.key: Decimal(100 - seed - place) if entry.measure is Measure.RATE else seed % 5
                for entry in all_inputs(shipped_scheme(SCHEME))
                if entry.measure is not Measure.YES_NO
            }
            for place, row in enumerate(rows)
        }
        small_office.write(enter_values, period, values)
        small_office.write(compute, period)
        _, rows = small_office.read(sheets, period)
        means[period] = {
            number: mean_of(list(filter(below(path), rows))) for number, path, _ in places(small_office, 2)
        }
    found = compared(small_office, "2026-06")
    assert [one.period for one in found.months] == ["2025-06", "2026-05", "2026-06"]
    assert found.areas
    for area in found.areas:
        assert area.mean == means["2026-06"][area.grid_id]
        assert area.before == means["2026-05"][area.grid_id] != area.mean
        assert area.year_before == means["2025-06"][area.grid_id] not in (None, area.before)
    ago = {one.key: one.mean for one in compared(small_office, "2025-06").dimensions}
    assert {one.key: one.year_before for one in found.dimensions} == ago
    table = small_office.read(area_table, "2026-06")
    assert any(isinstance(head, HeadGroup) and "上年同月" in head.columns for head in table.headings)
    for row, area in zip(table.rows, sorted(found.areas, key=lambda one: -(one.mean or 0)), strict=False):
        assert area.year_before in row


def test_a_month_that_is_not_computed_is_left_out(street_office: Office) -> None:
    course, *_ = street_office.read(courses)
    with pytest.raises(NotFound, match="2031年1月还没有按这个方案算出得分"):
        compared(street_office, "2031-01")
    assert [one.period for one in compared(street_office, course.periods[2]).months] == sorted(
        course.periods[2:]
    )


def test_movers_are_those_of_a_plain_loop_and_say_why(street_office: Office) -> None:
    course, *_ = street_office.read(courses)
    now, against = course.periods[0], course.periods[1]
    found = street_office.read(movers, SCHEME, now, None, None, 7)
    scheme, rows = street_office.read(sheets, now)
    _, earlier = street_office.read(sheets, against)
    then = {row["person_id"]: row for row in earlier}
    changes = {
        row["person_id"]: row["total"] - then[row["person_id"]]["total"]
        for row in rows
        if row["person_id"] in then
    }
    assert found.against == against and found.both == len(changes)
    assert (found.joined, found.left) == (len(rows) - len(changes), len(earlier) - len(changes))
    assert [one.after - one.before for one in found.risen] == sorted(changes.values(), reverse=True)[:7]
    assert [one.after - one.before for one in found.fallen] == sorted(changes.values())[:7]
    after = {row["person_id"]: row for row in rows}
    for one in (*found.risen, *found.fallen):
        assert one.person_id is not None
        new, old = after[one.person_id], then[one.person_id]
        sign = 1 if one.after > one.before else -1
        by_hand = {
            part.key: new["parts"][part.key] - old["parts"][part.key]
            for part in scheme.indicators
            if part.key in new["parts"] and part.key in old["parts"]
        }
        best = sorted((abs(change) for change in by_hand.values() if change * sign > 0), reverse=True)[:3]
        assert [abs(change) for _, _, change in one.why] == best
        assert all(by_hand[key] == change for key, _, change in one.why)
        assert (one.rank_after, one.rank_before) == (new["rank"], old["rank"])


def test_nothing_to_compare_with_is_said(street_office: Office) -> None:
    course, *_ = street_office.read(courses)
    with pytest.raises(NotFound, match="前面没有算过分的月份"):
        street_office.read(movers, SCHEME, course.periods[-1])
    with pytest.raises(NotFound, match="要对比的月份没有算过分"):
        street_office.read(movers, SCHEME, course.periods[0], None, "2020-01")
