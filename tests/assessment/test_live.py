"""A month in memory while values are typed: equal, after each value, to the whole computed again."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.enums import MonthState
from gridoffice.assessment.calibration import calibrate
from gridoffice.assessment.live import LiveMonth, live_month
from gridoffice.assessment.month import month_record, sheet_rows
from gridoffice.assessment.results import sheet_trace
from gridoffice.assessment.service import compute, enter_values
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.office import Office
from gridoffice.scoring.scheme import Grade, Indicator, Measure, RankGroup, Scheme, Straddle, all_inputs
from gridoffice.scoring.scores import Inputs, circumstances, pack, score
from gridoffice.scoring.shapes import Manual, Veto, plain
from tests.assessment.drawn import THOROUGH, WHOLE, months
from tests.offices import PERIOD, to


def live_of(scheme: Scheme, sheets: list[Inputs]) -> LiveMonth:
    packed = pack(scheme, [sheet.values for sheet in sheets])
    return LiveMonth(scheme, [int(str(sheet.id)) for sheet in sheets], packed, circumstances(sheets, WHOLE))


@st.composite
def typed(draw, scheme: Scheme, count: int) -> list[dict[int, dict[str, object]]]:
    """Values as they are typed one after another, and pasted."""
    entries = all_inputs(scheme)
    steps = []
    for _ in range(draw(st.integers(1, 4))):
        given_values = {}
        for sheet in draw(st.sets(st.integers(0, count - 1), min_size=1, max_size=min(2, count))):
            entry = draw(st.sampled_from(entries))
            value = draw(
                st.none() | (st.booleans() if entry.measure is Measure.YES_NO else st.integers(0, 1))
            )
            given_values[sheet] = {entry.key: value}
        steps.append(given_values)
    return steps


@THOROUGH
@given(st.data())
def test_typing_equals_computing_again(data):
    scheme, sheets = data.draw(months())
    live = live_of(scheme, sheets)
    now = {sheet.id: sheet for sheet in sheets}
    for step in data.draw(typed(scheme, len(sheets))):
        before = {scored.id: scored for scored in score(scheme, list(now.values()), WHOLE)}
        try:
            changes = live.set_many(step)
        except RuleBroken:  # a numerator above its denominator, a mark above the weight
            assert [live.scored(int(str(one))) for one in before] == list(before.values())
            continue
        for sheet, values in step.items():
            old = now[sheet]
            now[sheet] = replace(old, values={**old.values, **values})
        after = {scored.id: scored for scored in score(scheme, list(now.values()), WHOLE)}
        assert {one: live.scored(int(str(one))) for one in after} == after
        others = [one for one in after if one not in step]
        assert {change.moved for change in changes} == {
            sum(after[one].rank != before[one].rank for one in others)
        }
        assert {frozenset(change.regraded) for change in changes} == {
            frozenset(one for one in others if after[one].grade != before[one].grade)
        }
        assert [(change.before, change.after) for change in changes] == [
            (before[sheet], after[sheet]) for sheet in step
        ]
        totals = [one.total for one in after.values() if one.total is not None]
        assert (live.mean() is None) == (not totals)
        assert sum(live.counts().values()) == len(after)


GRADES = (Grade("优秀", D(90), D(50)), Grade("合格", D(60)), Grade("不合格", D(0)))
SCHEME = Scheme(
    "t", "试", "1", (Indicator("x", "评议", Manual(), D(100)), Indicator("v", "否决", Veto())), GRADES
)


def test_a_place_is_taken_and_left():
    live = live_of(SCHEME, [Inputs(n, {"x": D(mark)}) for n, mark in enumerate((95, 92, 91, 70))])
    assert live.counts() == {"优秀": 2, "合格": 2, "不合格": 0, None: 0}
    change = live.set(3, "x", D(99))
    assert (change.before.rank, change.after.rank, change.after.grade) == (4, 1, "优秀")
    assert (change.moved, change.regraded) == (3, (1,))
    assert live.scored(1).grade == "合格"
    assert live.mean() == D("94.25")
    change = live.set(3, "v", True)
    assert (change.after.grade, change.after.rank, change.regraded) == ("不合格", 4, (1,))
    change = live.set(0, "x", None)
    assert (change.after.total, change.after.rank, live.counts()[None]) == (None, None, 1)
    assert live.cells(0) == {"x": None, "v": None}


def test_equals_who_straddle_stay_where_the_scheme_says_so():
    sheets = [
        Inputs(n, {"x": D(mark)}, "", unit)
        for n, (mark, unit) in enumerate(zip((95, 92, 92, 91), "东东东西", strict=True))
    ]
    stays = Scheme("t", "试", "1", SCHEME.indicators, GRADES, quota_ties=Straddle.STAY)
    assert [one.grade for one in score(stays, sheets)] == ["优秀", "优秀", "优秀", "合格"]
    assert [one.grade for one in score(SCHEME, sheets)] == ["优秀", "合格", "合格", "合格"]
    pooled = Scheme("t", "试", "1", SCHEME.indicators, GRADES, quota_pool=RankGroup.COMMUNITY)
    assert [one.grade for one in score(pooled, sheets)] == ["优秀", "合格", "合格", "合格"]
    live = live_of(pooled, sheets)
    assert live.set(2, "x", D(10)).regraded == ()
    assert live.set(0, "x", D(20)).regraded == (1,)


def test_what_cannot_be_changes_nothing():
    live = live_of(SCHEME, [Inputs(0, {"x": D(95)})])
    with pytest.raises(RuleBroken, match="评议是 101，最多 100 分。"):
        live.set(0, "x", D(101))
    with pytest.raises(RuleBroken, match="方案里没有这些列：y。"):
        live.set(0, "y", 1)
    with pytest.raises(NotFound):
        live.set(7, "x", D(1))
    assert live.scored(0).total == 95


def test_a_month_of_the_office_is_held_live(small_office: Office) -> None:
    to(small_office, MonthState.COLLECTING)
    live = small_office.read(live_month, PERIOD)
    rows = small_office.read(lambda session: sheet_rows(session, month_record(session, PERIOD).id))
    assert [live.scored(row["id"]).total for row in rows] == [row["total"] for row in rows]
    assert [live.scored(row["id"]).rank for row in rows] == [row["rank"] for row in rows]
    first = rows[0]["id"]
    change = live.set(first, "absence", 5)
    small_office.write(enter_values, PERIOD, {first: {"absence": 5}})
    small_office.write(compute, PERIOD)
    row = small_office.read(lambda session: sheet_rows(session, None, [first]))[0]
    assert (change.after.total, change.after.grade, change.after.rank) == (
        row["total"],
        row["grade"],
        row["rank"],
    )
    told = small_office.read(sheet_trace, first)
    assert live.trace(first).formula == told["formula"]
    to(small_office, MonthState.REVIEW)
    small_office.write(calibrate, [first], change=D("-1.5"), reason="与同社区比偏高")
    again = small_office.read(live_month, PERIOD)
    assert again.trace(first).formula.endswith(
        f"− 校准和申诉 1.5 = {plain(again.scored(first).total or D(0))}"
    )
