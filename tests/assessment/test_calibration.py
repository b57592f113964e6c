"""Opinions beside the total, and calibration: who gave more than others, and adjusting it with a reason."""

from __future__ import annotations

from decimal import Decimal
from statistics import mean

import pytest

from db.enums import MonthState, OpinionStage
from gridoffice import history
from gridoffice.assessment.calibration import calibrate, counted, distribution, foretell, preview, spans_of
from gridoffice.assessment.locking import lock_month
from gridoffice.assessment.month import month_facts
from gridoffice.assessment.opinions import give_opinion
from gridoffice.assessment.results import sheet_trace
from gridoffice.assessment.service import compute, enter_values, exclude, move_month
from gridoffice.errors import Locked, Refused, RuleBroken
from gridoffice.office import Office
from gridoffice.overview.sheet_story import sheet_story
from gridoffice.scoring.scheme import Measure, all_inputs
from tests.offices import PERIOD, scheme, sheets, stepping, to


def test_what_is_said_stands_beside_the_total_and_changes_nothing(small_office: Office) -> None:
    to(small_office, MonthState.SCORING)
    one = sheets(small_office)[0]
    small_office.write(give_opinion, one["id"], OpinionStage.SELF, points=Decimal(95), text="都办了")
    small_office.write(give_opinion, one["id"], OpinionStage.FIRST, points=Decimal(90))
    small_office.write(give_opinion, one["id"], OpinionStage.SELF, points=Decimal(96), text="又看了一遍")
    story = small_office.read(sheet_story, one["id"])
    assert [(said.stage, said.points, said.text) for said in story.opinions] == [
        (OpinionStage.SELF, 96, "又看了一遍"),
        (OpinionStage.FIRST, 90, None),
    ]
    assert sheets(small_office)[0]["total"] == one["total"]
    small_office.write(history.undo)
    assert small_office.read(sheet_story, one["id"]).opinions[0].points == 95


@pytest.mark.parametrize(
    "said", [{}, {"points": Decimal(-1)}, {"points": Decimal(1000)}, {"grade": "特优"}], ids=str
)
def test_opinions_that_cannot_be(small_office: Office, said: dict) -> None:
    to(small_office, MonthState.SCORING)
    one = sheets(small_office)[0]["id"]
    with pytest.raises(RuleBroken):
        small_office.write(give_opinion, one, OpinionStage.SELF, **said)
    with pytest.raises(RuleBroken, match="自评和初评"):
        small_office.write(give_opinion, one, OpinionStage.CALIBRATION, text="不该在这里")


def test_an_adjustment_enters_total_rank_and_trace_as_it_was_foretold(small_office: Office) -> None:
    to(small_office, MonthState.REVIEW)
    last = max(sheets(small_office), key=lambda row: row["rank"])
    (told,) = small_office.read(preview, [last["id"]], Decimal(3), None)
    assert told.before.total == last["total"] and told.after.total == last["total"] + 3
    small_office.write(calibrate, [last["id"]], change=Decimal(3), reason="洪水那周替别的格值班")
    now = next(row for row in sheets(small_office) if row["id"] == last["id"])
    assert (now["total"], now["grade"], now["rank"]) == (told.after.total, told.after.grade, told.after.rank)
    assert small_office.read(month_facts, PERIOD).computed, "it is computed in the same action"
    trace = small_office.read(sheet_trace, last["id"])
    assert "3" in trace["formula"] and sum(Decimal(term["points"]) for term in trace["terms"]) == now["total"]
    (said,) = small_office.read(sheet_story, last["id"]).opinions
    assert said.change == 3 and said.text == "洪水那周替别的格值班"
    assert "洪水那周" in small_office.read(history.journal)[0].title
    small_office.write(history.undo)
    back = next(row for row in sheets(small_office) if row["id"] == last["id"])
    assert (back["total"], back["rank"], back["adjustment"]) == (last["total"], last["rank"], None)


def test_a_grade_that_is_set_holds(small_office: Office) -> None:
    to(small_office, MonthState.REVIEW)
    one = sheets(small_office)[0]
    worst = scheme(small_office).grades[-1].name
    small_office.write(calibrate, [one["id"]], grade=worst, reason="弄虚作假，街道研究决定")
    now = next(row for row in sheets(small_office) if row["id"] == one["id"])
    assert now["grade"] == worst and now["total"] == one["total"]


def test_what_calibration_refuses(small_office: Office) -> None:
    to(small_office, MonthState.SCORING)
    one, other = [row["id"] for row in sheets(small_office)][:2]
    with pytest.raises(Refused, match="复核这一步才能校准"):
        small_office.write(calibrate, [one], change=Decimal(1), reason="早了")
    small_office.write(exclude, PERIOD, [other], "借调")
    small_office.write(compute, PERIOD)
    small_office.write(move_month, PERIOD, MonthState.REVIEW)
    for wanted, words in (
        ({"sheet_ids": [one], "change": Decimal(1), "reason": " "}, "要写原因"),
        ({"sheet_ids": [one], "reason": "空"}, "写加减几分"),
        ({"sheet_ids": [], "change": Decimal(1), "reason": "空"}, "先选"),
        ({"sheet_ids": [one], "grade": "特优", "reason": "空"}, "没有“特优”"),
        ({"sheet_ids": [other], "change": Decimal(1), "reason": "空"}, "不参加"),
    ):
        with pytest.raises(RuleBroken, match=words):
            small_office.write(calibrate, **wanted)
    for state in (MonthState.PUBLIC, MonthState.APPROVED):
        stepping(small_office, state).write(move_month, PERIOD, state)
    stepping(small_office, MonthState.LOCKED).write(lock_month, PERIOD)
    with pytest.raises(Locked):
        small_office.write(calibrate, [one], change=Decimal(1), reason="晚了")


def test_units_beside_the_whole(small_office: Office) -> None:
    to(small_office, MonthState.REVIEW)
    first = small_office.read(distribution, PERIOD)
    rows = sheets(small_office)
    assert first.whole.people == len(rows) == sum(one.people for one in first.groups)
    assert first.whole.before == first.whole.after and not first.whole.adjusted
    for group in first.groups:
        totals = [row["total"] for row in rows if row["unit_name"] == group.name]
        assert group.after is not None
        assert abs(group.after - Decimal(str(mean(totals)))) <= Decimal("0.01")
        assert sum(group.counts) == len(totals)
    assert sum(first.whole.counts) == len(rows)
    target = rows[0]
    small_office.write(calibrate, [target["id"]], change=Decimal(-2), reason="打得太宽")
    second = small_office.read(distribution, PERIOD)
    assert second.whole.before == first.whole.after and second.whole.adjusted == 1
    assert (second.whole.after or 0) < (first.whole.after or 0)
    changed = [one for one in second.groups if one.adjusted]
    assert [one.name for one in changed] == [target["unit_name"]]


def test_scorers_are_told_in_shares_of_what_they_may_give(small_office: Office) -> None:
    to(small_office, MonthState.REVIEW)
    found = small_office.read(distribution, PERIOD, "scorer")
    names = {one.scorer or "没写评分单位" for one in scheme(small_office).indicators if one.full}
    assert {one.name for one in found.groups} <= names and found.groups
    for one in found.groups:
        assert one.after is not None and 0 <= one.after <= 100


def test_spans_hold_every_total() -> None:
    totals = [Decimal("0"), Decimal("61.5"), Decimal("99.99"), Decimal("100")]
    spans = spans_of(totals)
    assert len(spans) <= 8 and sum(counted(totals, spans)) == len(totals)
    assert spans_of([]) == () and counted([], ()) == ()
    assert spans_of([Decimal("88.2"), Decimal("88.9")]) == ((Decimal(88), Decimal(89)),)


def test_what_other_values_would_make_of_a_sheet_is_foretold(small_office: Office) -> None:
    to(small_office, MonthState.SCORING)
    last = max(sheets(small_office), key=lambda row: row["rank"])
    rates = [one for one in all_inputs(scheme(small_office)) if one.measure is Measure.RATE]
    better = {one.key: Decimal(100) for one in rates}
    told = small_office.read(foretell, last["id"], better)
    assert told.before.total == last["total"] and told.after.total > last["total"]
    small_office.write(enter_values, PERIOD, {last["id"]: better})
    small_office.write(compute, PERIOD)
    now = next(row for row in sheets(small_office) if row["id"] == last["id"])
    assert (now["total"], now["grade"], now["rank"]) == (told.after.total, told.after.grade, told.after.rank)
