"""A mark given by hand and its reason: typed, taken in, sent out, taken back, wanted, sealed, told."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from db.enums import Decision, MonthState
from db.tables import Month, Sheet
from gridoffice import history, safekeeping
from gridoffice.assessment.appeals import decide_appeal, raise_appeal
from gridoffice.assessment.calibration import foretell
from gridoffice.assessment.checking import check
from gridoffice.assessment.live import live_month
from gridoffice.assessment.locking import lock_month
from gridoffice.assessment.pulling import pull
from gridoffice.assessment.reopening import month_diff, reopen_month
from gridoffice.assessment.results import sheet_trace
from gridoffice.assessment.schemes import save_scheme, shipped_scheme
from gridoffice.assessment.service import compute, enter_values, exclude, move_month, open_month
from gridoffice.assessment.values_listing import month_values
from gridoffice.errors import Conflict, Locked, Refused, RuleBroken, Severity
from gridoffice.exports import export
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.overview.questions import gaps
from gridoffice.overview.sheet_story import sheet_story
from gridoffice.reports import Wish, report_pdf
from gridoffice.scoring.columns import REASON, reason_columns, value_columns
from gridoffice.scoring.notation import dump, load
from gridoffice.scoring.policies import Missing, Origin
from gridoffice.scoring.scheme import Grade, Indicator, Scheme, describe
from gridoffice.scoring.shapes import Linear, Manual, RateTimesWeight, Reason
from tests.assessment.test_course import as_account, bind
from tests.assessment.test_papers import flat
from tests.offices import (
    PERIOD,
    Opening,
    come,
    errors,
    outcomes,
    records,
    sheets,
    stepping,
    tamper,
    workbook,
)

GRADES = (Grade("优秀", Decimal(90)), Grade("合格", Decimal(60)), Grade("不合格", Decimal(0)))
ON_TIME = Indicator("on_time", "按期办结率", RateTimesWeight(), Decimal(90), scorer="指挥室")
OTHER = Indicator("other", "其他", Manual(Reason.LOSS), Decimal(10), scorer="综治办", origin=Origin.MANUAL)
OWN = Scheme("own", "本街道", "1", (ON_TIME, OTHER), GRADES)
WHY = f"{REASON}other"


def opened(office: Office, scheme: Scheme = OWN) -> dict[str, int]:
    """A month of that scheme; the sheets by name."""
    office.write(save_scheme, dump(scheme))
    office.write(open_month, PERIOD, scheme.key)
    return {row["name"]: row["id"] for row in sheets(office)}


def marked(office: Office, scheme: Scheme = OWN) -> dict[str, int]:
    """The same with full marks for everybody, computed."""
    found = opened(office, scheme)
    office.write(enter_values, PERIOD, {one["id"]: {"on_time": 90, "other": 10} for one in sheets(office)})
    office.write(compute, PERIOD)
    return found


def kept(office: Office) -> dict[str, Any]:
    return {row["name"]: row["reasons"] for row in sheets(office)}


def computed_at(office: Office) -> Any:
    return office.read(lambda session: session.scalar(select(Month.computed_at)))


# ---- the rule ------------------------------------------------------------------------------------


def test_a_scheme_says_which_marks_want_a_reason() -> None:
    assert load(dump(OWN)) == OWN
    assert describe(OWN, OTHER) == "手动评分，0 至 10 分，扣了分的要写说明"
    jinniu = shipped_scheme("jinniu-street")
    assert [one for one in reason_columns(jinniu)] == ["other"]
    columns = {one.name: one.field for one in value_columns(jinniu)}
    names = list(columns)
    assert columns[WHY].label == "其他说明" and "扣分原因" in columns[WHY].aliases
    assert names.index(WHY) == names.index("other") + 1, "it stands beside its mark"
    plain = replace(OTHER, rule=Manual())
    assert '"reason"' not in dump(replace(OWN, indicators=(ON_TIME, plain))), (
        "sealed schemes stay as they are"
    )
    assert not reason_columns(replace(OWN, indicators=(ON_TIME, plain)))


def test_a_column_of_that_heading_is_refused() -> None:
    twice = replace(OWN, indicators=(ON_TIME, OTHER, replace(OTHER, key="x", name="其他说明", rule=Manual())))
    assert any("表头“其他说明”是打分的说明" in one.message for one in check(twice))


# ---- typing ----------------------------------------------------------------------------------------


def test_a_reason_is_kept_beside_its_mark_and_taken_back(small_office: Office) -> None:
    found = opened(small_office)
    assert set(kept(small_office).values()) == {None}
    before = records(small_office)
    one = found["李䶮"]
    done = small_office.write(
        enter_values, PERIOD, {one: {"other": Decimal(8), WHY: "  两次巡查没有记录㐂 "}}
    )
    assert kept(small_office)["李䶮"] == {"other": "两次巡查没有记录㐂"}
    assert small_office.read(sheet_story, one).values[WHY] == "两次巡查没有记录㐂"
    small_office.write(enter_values, PERIOD, {one: {"on_time": 95}})
    assert kept(small_office)["李䶮"] == {"other": "两次巡查没有记录㐂"}, "another value leaves it alone"
    small_office.write(history.undo)
    small_office.write(history.undo, done.action)
    assert records(small_office) == before
    small_office.write(history.redo)
    assert kept(small_office)["李䶮"] == {"other": "两次巡查没有记录㐂"}
    for nothing in ("", None, "  "):
        small_office.write(enter_values, PERIOD, {one: {WHY: "x"}})
        small_office.write(enter_values, PERIOD, {one: {WHY: nothing}})
        assert kept(small_office)["李䶮"] is None, "an empty one is nothing at all"


def test_words_alone_leave_the_results_as_they_were_computed(small_office: Office) -> None:
    found = marked(small_office)
    stood = computed_at(small_office)
    small_office.write(enter_values, PERIOD, {found["李䶮"]: {WHY: "记录补齐了"}})
    assert computed_at(small_office) == stood is not None
    small_office.write(enter_values, PERIOD, {found["李䶮"]: {"other": 9}})
    assert computed_at(small_office) is None


def test_what_cannot_stand_there_is_refused(small_office: Office) -> None:
    found = opened(small_office)
    with pytest.raises(RuleBroken, match="其他说明写了 201 个字，最多 200 个字"):
        small_office.write(enter_values, PERIOD, {found["李䶮"]: {WHY: "字" * 201}})
    with pytest.raises(RuleBroken, match="没有这些列：reason:on_time"):
        small_office.write(enter_values, PERIOD, {found["李䶮"]: {f"{REASON}on_time": "为什么"}})
    assert set(kept(small_office).values()) == {None}


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(small_office: Office) -> None:
    one = opened(small_office)["李䶮"]
    small_office.write(enter_values, PERIOD, {one: {WHY: "缺两份记录"}})
    with pytest.raises(Conflict, match="别人刚改过“李䶮”的其他说明：现在是 缺两份记录"):
        small_office.write(enter_values, PERIOD, {one: {WHY: "迟到"}}, {one: {WHY: None}})
    small_office.write(enter_values, PERIOD, {one: {WHY: "迟到"}}, {one: {WHY: "缺两份记录"}})
    assert kept(small_office)["李䶮"] == {"other": "迟到"}


def test_only_the_scorer_of_a_mark_writes_its_reason(small_office: Office) -> None:
    one = opened(small_office)["李䶮"]
    bind(small_office, "clerk", None, "指挥室")
    clerk = as_account(small_office, "clerk")
    with pytest.raises(Refused, match="其他不由你这里评分"):
        clerk.write(enter_values, PERIOD, {one: {WHY: "缺两份记录"}})
    bind(small_office, "clerk", None, "综治办")
    clerk.write(enter_values, PERIOD, {one: {WHY: "缺两份记录"}})
    with pytest.raises(Refused, match="按期办结率不由你这里评分"):
        clerk.write(enter_values, PERIOD, {one: {"on_time": 90, WHY: "迟到"}})


def test_a_month_in_memory_has_the_words_too(small_office: Office) -> None:
    found = marked(small_office)
    one = found["李䶮"]
    small_office.write(enter_values, PERIOD, {one: {"other": 8, WHY: "缺两份记录"}})
    live = small_office.read(live_month, PERIOD)
    assert live.cells(one)[WHY] == "缺两份记录"
    live.set(one, WHY, "迟到")
    (line,) = [line for line in live.trace(one).lines if line.key == "other"]
    assert line.sentence.endswith("得 8 分（说明：迟到）")
    with pytest.raises(RuleBroken, match="最多 200 个字"):
        live.set(one, WHY, "字" * 201)
    live.set(one, WHY, None)
    assert WHY not in live.cells(one)


def test_drawing_from_ledgers_leaves_the_words_alone(small_office: Office) -> None:
    hours = Indicator(
        "hours", "培训学时", Linear(Decimal(0), Decimal(20)), Decimal(90), origin=Origin.COMPUTED,
        computed="training.hours",
    )  # fmt: skip
    found = opened(small_office, replace(OWN, indicators=(hours, OTHER)))
    small_office.write(enter_values, PERIOD, {found["李䶮"]: {"other": 8, WHY: "缺两份记录"}})
    small_office.write(pull, PERIOD)
    assert kept(small_office)["李䶮"] == {"other": "缺两份记录"}


# ---- Excel -----------------------------------------------------------------------------------------


def test_reasons_come_in_from_the_scorers_workbook_and_go_out(small_office: Office, tmp_path: Path) -> None:
    found = opened(small_office)
    small_office.write(enter_values, PERIOD, {found["单晓琴"]: {WHY: "早先写的"}})
    before = records(small_office)
    heads = ("姓名", "按期办结率", "其他", "扣分原因")
    rows = (("李䶮", "95", "8", "两次巡查没有记录"), ("单晓琴", "96", "10", ""), ("王𠮷𬭎", "90", "7.5", ""))
    done = come(small_office, "indicators", workbook(tmp_path / "v.xlsx", heads, rows), month=PERIOD)
    assert [one for _, one in outcomes(done)] == ["updated"] * 3
    assert [said for _, _, said in errors(done)] == []
    assert kept(small_office)["李䶮"] == {"other": "两次巡查没有记录"}
    assert kept(small_office)["单晓琴"] == {"other": "早先写的"}, "an empty cell takes nothing away"
    told = [one.message for one in done.preview.problems if one.severity is Severity.WARNING]
    assert told == ["“其他”打了 7.5 分，没写说明。"]
    out = tmp_path / "out.xlsx"
    export(small_office, small_office.read(month_values, PERIOD), out, Ask(), reveal=True, reason="核对")
    cells = [list(line) for line in load_workbook(out).active.iter_rows(values_only=True)]  # type: ignore[union-attr]
    (head,) = [line for line in cells if "其他说明" in line]
    (mine,) = [line for line in cells if "李䶮" in line]
    assert head.index("其他说明") == head.index("其他") + 1
    assert mine[head.index("其他说明")] == "两次巡查没有记录"
    again = come(small_office, "indicators", out, month=PERIOD)
    assert {one for _, one in outcomes(again)} == {"unchanged"}
    small_office.write(history.undo, done.action)
    assert records(small_office) == before


def test_a_reason_that_is_too_long_is_named_by_its_row(small_office: Office, tmp_path: Path) -> None:
    opened(small_office)
    rows = (("李䶮", "95", "8", "字" * 201),)
    file = workbook(tmp_path / "v.xlsx", ("姓名", "按期办结率", "其他", "其他说明"), rows)
    ((_, field, message),) = errors(come(small_office, "indicators", file, month=PERIOD))
    assert (field, message) == ("其他说明", "其他说明写了 201 个字，最多 200 个字。")


# ---- the month waits for them ----------------------------------------------------------------------


def test_a_mark_without_its_reason_is_named_and_the_month_waits(small_office: Office) -> None:
    found = marked(small_office)
    small_office.write(move_month, PERIOD, MonthState.SCORING)
    small_office.write(enter_values, PERIOD, {found["李䶮"]: {"other": Decimal("8.5")}})
    small_office.write(compute, PERIOD)
    waiting = small_office.read(gaps, PERIOD)
    assert (waiting.sheets, waiting.unexplained, waiting.marks) == ((), (found["李䶮"],), 1)
    with pytest.raises(RuleBroken) as refused:
        small_office.write(move_month, PERIOD, MonthState.REVIEW)
    assert str(refused.value) == "“李䶮”的“其他”8.5 分没写说明，在分数右边补上。"
    small_office.write(enter_values, PERIOD, {found["王𠮷𬭎"]: {"other": 0}})
    small_office.write(compute, PERIOD)
    with pytest.raises(RuleBroken, match=r"还有 2 处打分没写说明：.*“王𠮷𬭎”的“其他”0 分.*，在分数右边补上"):
        small_office.write(move_month, PERIOD, MonthState.REVIEW)
    small_office.write(exclude, PERIOD, [found["王𠮷𬭎"]], "借调")
    small_office.write(enter_values, PERIOD, {found["李䶮"]: {WHY: "两次巡查没有记录"}})
    small_office.write(compute, PERIOD)
    small_office.write(move_month, PERIOD, MonthState.REVIEW)
    small_office.write(enter_values, PERIOD, {found["李䶮"]: {WHY: None}})
    with pytest.raises(RuleBroken, match=r"“李䶮”的“其他”8.5 分没写说明"):
        stepping(small_office, MonthState.PUBLIC).write(move_month, PERIOD, MonthState.PUBLIC)


def test_a_scheme_may_want_a_reason_for_every_mark(small_office: Office) -> None:
    every = replace(OWN, indicators=(ON_TIME, replace(OTHER, rule=Manual(Reason.ALWAYS))))
    marked(small_office, every)
    small_office.write(move_month, PERIOD, MonthState.SCORING)
    many = len(sheets(small_office))
    with pytest.raises(RuleBroken, match=rf"还有 {many} 处打分没写说明：.*等，在分数右边补上"):
        small_office.write(move_month, PERIOD, MonthState.REVIEW)


def test_a_blank_that_counts_as_nothing_is_a_loss_to_be_explained(small_office: Office) -> None:
    lenient = replace(OWN, indicators=(ON_TIME, replace(OTHER, missing=Missing.NO_POINTS)))
    opened(small_office, lenient)
    small_office.write(enter_values, PERIOD, {one["id"]: {"on_time": 90} for one in sheets(small_office)})
    assert small_office.read(gaps, PERIOD).marks == len(sheets(small_office))
    blocking = replace(OWN, key="own2")
    small_office.write(save_scheme, dump(blocking))
    small_office.write(open_month, PERIOD, "own2")
    assert small_office.read(gaps, f"{PERIOD}/own2").marks == 0, "what blocks the total is a gap, no mark"


# ---- locked and told -------------------------------------------------------------------------------


def locked(office: Office) -> dict[str, int]:
    found = marked(office)
    office.write(enter_values, PERIOD, {found["李䶮"]: {"other": 8, WHY: "两次巡查没有记录。"}})
    office.write(compute, PERIOD)
    for step in (MonthState.SCORING, MonthState.REVIEW, MonthState.PUBLIC):
        stepping(office, step).write(move_month, PERIOD, step)
    stepping(office, MonthState.LOCKED).write(lock_month, PERIOD)
    return found


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE sheet SET reasons = '{\"other\":\"迟到\"}' WHERE name = '李䶮'",
        "UPDATE sheet SET reasons = NULL WHERE name = '李䶮'",
        "UPDATE sheet SET reasons = '{}' WHERE name = '单晓琴'",
        "UPDATE sheet SET reasons = '{\"other\":\"x\"}' WHERE name = '单晓琴'",
    ],
)
def test_words_are_sealed_with_the_month(small_office: Office, change: str, office_at: Opening) -> None:
    found = locked(small_office)
    assert safekeeping.verify(small_office).findings == ()
    with pytest.raises(Locked):
        small_office.write(enter_values, PERIOD, {found["李䶮"]: {WHY: "迟到"}})
    with pytest.raises(Exception, match="locked month"), small_office.store.engine.begin() as connection:
        connection.exec_driver_sql(change)
    tamper(small_office, change)
    name = change.rpartition("'")[0].rpartition("'")[2]
    said = safekeeping.verify(office_at(small_office.store.address)).findings
    assert any(f"“{name}”的考核表被改动过" in one for one in said), said


def test_a_reason_is_told_in_the_trace_and_on_the_notice(small_office: Office) -> None:
    found = locked(small_office)
    trace = small_office.read(sheet_trace, found["李䶮"])
    (line,) = [one for one in trace["lines"] if one["key"] == "other"]
    assert line["sentence"] == "其他 评分 8 分，满分 10 分 → 得 8 分（说明：两次巡查没有记录）"
    pdf = report_pdf(small_office, "notices", Wish(month=PERIOD))
    assert "评分8分，满分10分→得8分（说明：两次巡查没有记录）" in flat(pdf)
    assert flat(pdf).count("（说明：") == 1


def test_a_month_taken_up_again_has_the_words_and_tells_what_moved(small_office: Office) -> None:
    found = locked(small_office)
    small_office.write(reopen_month, PERIOD, "漏了一次")
    again = {row["name"]: row for row in sheets(small_office)}
    assert again["李䶮"]["id"] != found["李䶮"] and again["李䶮"]["reasons"] == {
        "other": "两次巡查没有记录。"
    }
    small_office.write(enter_values, PERIOD, {again["李䶮"]["id"]: {WHY: "三次巡查没有记录"}})
    (moved,) = small_office.read(month_diff, PERIOD).moved
    assert moved.values == (("其他说明", "两次巡查没有记录。", "三次巡查没有记录"),)


def test_an_appeal_that_changes_a_mark_is_its_reason(small_office: Office) -> None:
    found = marked(small_office)
    one = found["李䶮"]
    small_office.write(enter_values, PERIOD, {one: {"other": 8, WHY: "缺两份记录"}})
    small_office.write(compute, PERIOD)
    for step in (MonthState.SCORING, MonthState.REVIEW, MonthState.PUBLIC):
        stepping(small_office, step).write(move_month, PERIOD, step)
    reviewer = stepping(small_office, MonthState.PUBLIC)
    number = small_office.write(raise_appeal, one, "交过一份").result
    told = small_office.read(foretell, one, {"other": 9, WHY: "只缺一份"})
    done = reviewer.write(decide_appeal, number, Decision.CHANGED, "找到一份", {"other": Decimal(9)})
    assert done.result == told.after
    assert kept(small_office)["李䶮"] == {"other": "缺两份记录；申诉答复：找到一份"}
    small_office.write(history.undo)
    assert kept(small_office)["李䶮"] == {"other": "缺两份记录"}
    own = {"other": Decimal(9), WHY: "只缺一份"}
    done = reviewer.write(decide_appeal, number, Decision.CHANGED, "找到一份", own)
    assert kept(small_office)["李䶮"] == {"other": "只缺一份"}
    assert "其他 8 → 9；其他说明 “缺两份记录” → “只缺一份”" in done.title
    stepping(small_office, MonthState.LOCKED).write(lock_month, PERIOD)
    assert safekeeping.verify(small_office).findings == ()


def test_nothing_is_kept_where_nothing_was_said(small_office: Office) -> None:
    marked(small_office)
    with small_office.store.engine.connect() as connection:
        assert connection.execute(select(Sheet.reasons).where(Sheet.reasons.is_not(None))).all() == []
