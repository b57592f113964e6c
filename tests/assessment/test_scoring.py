"""Scores worked by hand, most of them with the numbers that the published schemes print."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from decimal import Decimal as D

import pytest

import resources
from gridoffice.assessment.checking import check
from gridoffice.errors import RuleBroken, has_error
from gridoffice.scoring.notation import load
from gridoffice.scoring.scheme import Grade, Indicator, Missing, RankGroup, Rounding, Scheme, describe
from gridoffice.scoring.scores import Inputs, Scored, pack, results, score, score_packed, unpack
from gridoffice.scoring.shapes import (
    Band,
    Bands,
    Bonus,
    Deduction,
    Effect,
    Empty,
    FloorPerN,
    InverseRateTimesWeight,
    Linear,
    Manual,
    Normalised,
    RateTimesWeight,
    Rule,
    Tally,
    Term,
    Veto,
)
from gridoffice.scoring.trace import explain

GRADES = (Grade("优秀", D(90)), Grade("合格", D(60)), Grade("不合格", D(0)))


def shipped(name: str) -> Scheme:
    return load(resources.path("schemes", f"{name}.toml").read_text("utf-8"))


def only(rule: Rule, full: str = "100", **settings) -> Scheme:
    """A scheme with one indicator, keyed x and named 指标 where not told otherwise."""
    entry = {"key": "x", "name": "指标", "rule": rule, "full": D(full), **settings}
    return Scheme("t", "试", "1", (Indicator(**entry),), GRADES, full=D(full))


def one(scheme: Scheme, **values) -> Scored:
    (scored,) = score(scheme, [Inputs("", values)])
    return scored


def points(rule: Rule, full: str = "100", **values) -> D | None:
    return one(only(rule, full), **values).total


def sentence(rule: Rule, full: str = "100", *, named: dict | None = None, **values) -> str:
    return explain(only(rule, full, **(named or {})), values).lines[0].sentence


# ---- each shape, by hand ------------------------------------------------------------------------


def test_rate_times_weight_rounds_half_up():
    assert points(RateTimesWeight(), "25", x=D("96.5")) == D("24.13")  # 24.125
    assert points(RateTimesWeight(), "25", x=D("96.4999")) == D("24.12")
    assert points(RateTimesWeight(), "15", x=D("96.5")) == D("14.48")  # 14.475, which floats lose
    assert sentence(RateTimesWeight(), "25", named={"name": "按期办结率"}, x=D("96.5")) == (
        "按期办结率 96.5% × 25 分 = 24.13 分"
    )


def test_inverse_rate():
    assert points(InverseRateTimesWeight(), "20", x=D("2.5")) == D("19.5")
    assert sentence(InverseRateTimesWeight(), "20", named={"name": "返工率"}, x=D("2.5")) == (
        "返工率 2.5%，（100% − 2.5%）× 20 分 = 19.5 分"
    )


def test_rate_from_counts_is_exact():
    rule = RateTimesWeight(of=("办结数", "应办数"))
    assert points(rule, "20", 办结数=2, 应办数=3) == D("13.33")
    assert points(rule, "20", 办结数=193, 应办数=200) == D("19.3")
    told = sentence(rule, "20", named={"name": "办结率"}, 办结数=193, 应办数=200)
    assert told == "办结率：办结数 193 ÷ 应办数 200 × 20 分 = 19.3 分"
    inverse = InverseRateTimesWeight(of=("返工数", "应结数"))
    told = sentence(inverse, "20", named={"name": "返工率"}, 返工数=4, 应结数=100)
    assert told == "返工率：（1 − 返工数 4 ÷ 应结数 100）× 20 分 = 19.2 分"


@pytest.mark.parametrize(
    ("empty", "total", "told"),
    [
        (Empty.FULL, D(20), "办结率：应办数为 0，得满分（20 分）"),
        (Empty.ZERO, D(0), "办结率：应办数为 0，得 0 分（0 分）"),
        (Empty.EXCLUDED, None, "办结率：分母为 0，不计，其余项折算"),
    ],
)
@pytest.mark.parametrize("shape", [RateTimesWeight, InverseRateTimesWeight])
def test_nothing_was_due(shape, empty, total, told):
    rule = shape(of=("办结数", "应办数"), empty=empty)
    assert points(rule, "20", 办结数=0, 应办数=0) == total
    assert sentence(rule, "20", named={"name": "办结率"}, 办结数=0, 应办数=0) == told


def test_deduction_with_a_cap():
    rule, named = Deduction(D(1), cap=D(5)), {"name": "入户漏访"}
    assert points(rule, "25", x=3) == 22
    assert points(rule, "25", x=9) == 20
    assert sentence(rule, "25", named=named, x=3) == (
        "入户漏访 3 次 × 扣 1 分 = 扣 3 分，最多扣 5 分 → 得 22 分"
    )
    assert sentence(rule, "25", named=named, x=9) == (
        "入户漏访 9 次 × 扣 1 分 = 扣 9 分，最多扣 5 分 → 得 20 分"
    )
    assert points(Deduction(D("0.05")), "2", x=50) == 0
    assert one(only(Deduction(D(1), cap=D(40)), "35"), x=40).parts == (0,)
    assert points(Deduction(D("0.05")), "2", x=7) == D("1.65")


def test_deduction_beyond_what_is_free():
    rule = Deduction(D(2), beyond=D(1))
    assert (points(rule, "10", x=1), points(rule, "10", x=4)) == (10, 4)
    assert sentence(rule, "10", named={"name": "迟到"}, x=4) == (
        "迟到 4 次，超过 1 次的 3 次 × 扣 2 分 = 扣 6 分，最多扣 10 分 → 得 4 分"
    )


def test_bonus_is_capped_by_itself_and_by_the_pool():
    base = only(Manual())
    bonus = Indicator("b", "加分", Bonus(), unit="分")
    second = Indicator("c", "受表彰", Bonus(D(2), cap=D(6)), unit="次")
    scheme = replace(base, indicators=(*base.indicators, bonus, second), bonus_cap=D(10))
    scored = one(scheme, x=D(80), b=12, c=1)
    assert (scored.parts, scored.bonus, scored.total) == ((80, 10, 2), 10, 90)
    trace = explain(scheme, {"x": D(80), "b": 12, "c": 1}, scored)
    assert trace.lines[1].sentence == "加分 12 分，封顶 10 分 → 10 分"
    assert trace.lines[2].sentence == "受表彰 1 次 × 加 2 分 = 加 2 分，封顶 6 分 → 2 分"
    assert trace.notes == ("加分合计 12 分，封顶 10 分",)
    assert trace.formula == "指标 80 + 加分 10 = 90"
    assert one(scheme, x=D(80), c=5).total == 86
    assert one(replace(scheme, ceiling=D(100)), x=D(98), b=5).total == 100
    assert one(scheme, x=D(98), b=5).total == 103


def test_jinniu_bands():
    """金牛区: 问题处置率 0 % 扣 0.3；0–50 % 扣 0.25；50–75 % 扣 0.15；75–90 % 扣 0.1；≥ 90 % 不扣."""
    steps = ((0, "0.25", True), (50, "0.15", False), (75, "0.1", False), (90, "0", False))
    rule = Bands(tuple(Band(D(at), D(lost), above) for at, lost, above in steps), D("0.3"), deducts=True)
    lost = {
        rate: D(10) - (points(rule, "10", x=D(rate)) or 0)
        for rate in ("0", "0.01", "49.99", "50", "74.99", "75", "89.99", "90", "100")
    }
    assert [str(+number) for number in lost.values()] == (
        "0.30 0.25 0.25 0.15 0.15 0.10 0.10 0.00 0.00".split()
    )
    named = {"name": "问题处置率", "unit": "%"}
    assert sentence(rule, "10", named=named, x=D(60)) == ("问题处置率 60%，达到 50%，扣 0.15 分 → 得 9.85 分")
    assert sentence(rule, "10", named=named, x=D(0)) == ("问题处置率 0%，未超过 0%，扣 0.3 分 → 得 9.7 分")
    assert sentence(rule, "10", named=named, x=D(1)) == ("问题处置率 1%，超过 0%，扣 0.25 分 → 得 9.75 分")


def test_completeness_bands():
    """A community guide: 信息完整度 ≥ 95 % 15 分，90–95 10 分，85–90 5 分，< 85 0 分."""
    rule = Bands(tuple(Band(D(at), D(worth)) for at, worth in ((85, 5), (90, 10), (95, 15))))
    rates = ("84.9999", "85", "90", "94.9999", "95")
    assert [points(rule, "15", x=D(rate)) for rate in rates] == [0, 5, 10, 10, 15]


def test_jinniu_floor_per_n():
    """金牛区: 超定额每 200 辆扣 0.1 分，向下取整: 750 over costs 0.3."""
    rule = FloorPerN(D(200), D("0.1"))
    assert points(rule, "10", x=750) == D("9.7")
    assert (points(rule, "10", x=199), points(rule, "10", x=200)) == (10, D("9.9"))
    assert points(FloorPerN(D(200), D("0.1"), beyond=D(1000)), "10", x=1750) == D("9.7")
    assert sentence(rule, "10", named={"name": "超定额", "unit": "辆"}, x=750) == (
        "超定额 750 辆，每满 200 辆扣 0.1 分，满 3 个 = 扣 0.3 分，最多扣 10 分 → 得 9.7 分"
    )


def test_jinniu_time_based():
    """金牛区: 得分 =（2 − 办理周期天数）× 10，限 0 至 10: 1.5 days are worth 5."""
    rule = Linear(D(20), D(-10))
    days = ("0", "1", "1.5", "1.99", "2", "3", "99999999")
    worth = [points(rule, "10", x=D(number)) for number in days]
    assert worth == [10, 10, 5, D("0.1"), 0, 0, 0]
    assert sentence(rule, "10", named={"name": "办理周期", "unit": "天"}, x=D("1.5")) == (
        "办理周期 1.5 天，20 − 10 × 1.5 = 5，限 0 至 10 分 → 得 5 分"
    )


def test_jinniu_normalised_by_area_and_population():
    """金牛区: 30 −（10 × 0.01）÷（0.026 × 2.141）= 28.20."""
    rule = Normalised(D("0.01"), by=("面积", "人口"))
    given = {"x": 10, "面积": D("0.026"), "人口": D("2.141")}
    assert points(rule, "30", **given) == D("28.20")
    assert sentence(rule, "30", named={"name": "投诉"}, **given) == (
        "30 − 投诉 10 × 0.01 ÷（面积 0.026 × 人口 2.141）= 28.2 分"
    )
    assert points(rule, "30", **{**given, "x": 10**6}) == 0
    assert points(rule, "30", **{**given, "面积": D(0)}) == 30


@pytest.mark.parametrize(
    ("empty", "total"), [(Empty.FULL, D(100)), (Empty.ZERO, D(70)), (Empty.EXCLUDED, D(100))]
)
def test_nothing_to_share_a_count_by(empty, total):
    """Without people or area: the whole weight, none of it, or the rest stretched to the full marks."""
    share = Indicator("x", "投诉", Normalised(D("0.01"), ("面积", "人口"), empty), D(30))
    rest = Indicator("y", "其余", Manual(), D(70))
    scheme = Scheme("t", "试", "1", (share, rest), GRADES)
    assert one(scheme, x=10, 面积=D("0.5"), 人口=D(0), y=D(70)).total == total
    half = {Empty.FULL: D(65), Empty.ZERO: D(35), Empty.EXCLUDED: D(50)}
    assert one(scheme, x=10, 面积=D("0.5"), 人口=D(0), y=D(35)).total == half[empty]


def test_tlgm_data_work():
    """TLGM: 新增 × 1.0 + 修改 × 0.5 + 核查 × 0.2, at most 50."""
    rule = Tally((Term("新增", D(1)), Term("修改", D("0.5")), Term("核查", D("0.2"))))
    assert points(rule, "50", 新增=10, 修改=20, 核查=30) == 26
    assert points(rule, "50", 新增=10, 修改=20, 核查=300) == 50
    assert sentence(rule, "50", named={"name": "数据维护"}, 新增=10, 修改=20, 核查=30) == (
        "数据维护：新增 10 × 1 + 修改 20 × 0.5 + 核查 30 × 0.2 = 26 分，封顶 50 分 → 得 26 分"
    )


def test_manual_mark():
    assert points(Manual(), "10", x=D("8.5")) == D("8.5")
    assert sentence(Manual(), "10", named={"name": "其他"}, x=D("8.5")) == (
        "其他 评分 8.5 分，满分 10 分 → 得 8.5 分"
    )


# ---- whole schemes ------------------------------------------------------------------------------


def test_default_month_by_hand():
    scheme = shipped("street-default")
    values = {
        "ledger": D("92"),
        "visits": D("96.5"),
        "stale": 12,
        "on_time": D("97.25"),
        "rework": D("3.3"),
        "satisfaction": D("98"),
        "review": D("8.5"),
        "absence": 1,
        "false_report": 0,
        "bonus": D("12"),
        "veto": False,
    }
    scored = one(scheme, **values)
    expected = "12 14.48 4 19.45 9.67 14.7 8.5 4 5 10".split()
    assert scored.parts == (*map(D, expected), None)
    assert (scored.base, scored.bonus, scored.total) == (D("91.80"), 10, D("101.80"))
    trace = explain(scheme, values)
    assert trace.formula == (
        "基础台账完整率 12 + 入户走访率 14.48 + 台账逾期未更新 4 + 按期办结率 19.45 + 返工率 9.67 + "
        "群众满意度 14.7 + 社区评议 8.5 + 例会培训缺席 4 + 上报不实 5 + 加分 10 = 101.8"
    )
    assert trace.verdict == "总分 101.8 分，等次“优秀”"
    assert trace.lines[-1].sentence == "一票否决：否"


def test_hecun_month_by_hand():
    """贺村镇: 50 + 30 + 20, bonus at most 10 however much was adopted."""
    scheme = shipped("hecun")
    marks = {"operation": D("46.5"), "duty": D("27"), "worker": D("19")}
    assert one(scheme, **marks).total == D("92.5")
    assert one(scheme, **marks, adopted_town=1, adopted_county=1).total == D("98.5")
    crowned = one(scheme, **marks, adopted_city=1, adopted_province=1)
    assert (crowned.bonus, crowned.total) == (10, D("102.5"))


def test_jinniu_quarter_by_hand():
    """金牛区: 处置率 × 30 + 按期 × 20 +（1 − 返工）× 20 +（1 − 超期待）× 20 +（1 − 延期）× 10."""
    values = dict(处置数=98, 应处置数=100, 按期处置数=95, 返工数=2, 应结案数=80, 超期待处置数=2, 延期数=5)
    scored = one(shipped("jinniu"), **values)
    assert scored.parts == (D("29.40"), D(19), D("19.5"), D("19.6"), D("9.5"))
    assert scored.total == D("97.00")


def test_deduction_without_weight_is_taken_from_the_total():
    base = only(Manual())
    scheme = replace(base, indicators=(*base.indicators, Indicator("d", "投诉属实", Deduction(D(15)))))
    values = {"x": D(90), "d": 1}
    assert one(scheme, **values).total == 75
    trace = explain(scheme, values)
    assert trace.formula == "指标 90 − 投诉属实 15 = 75"
    assert trace.lines[1].sentence == ("投诉属实 1 次 × 扣 15 分 = 扣 15 分，最多扣 100 分 → 从总分扣 15 分")
    floor = explain(scheme, {"x": D(10), "d": 1})
    assert floor.formula == "指标 10 − 投诉属实 15 + 基础分限额 5 = 0"


# ---- what is missing ----------------------------------------------------------------------------


def three(missing: Missing) -> Scheme:
    entries = (("a", "甲", 20), ("b", "乙", 30), ("c", "丙", 50))
    indicators = tuple(Indicator(key, name, RateTimesWeight(), D(full)) for key, name, full in entries)
    return Scheme("t", "试", "1", indicators, GRADES, missing=missing)


VALUES = {"a": D(50), "b": None, "c": D(90)}


def test_missing_blocks():
    scored = one(three(Missing.BLOCKS), **VALUES)
    assert (scored.total, scored.base, scored.grade, scored.rank) == (None, None, None, None)
    assert (scored.parts, scored.missing) == ((10, None, 45), ("b",))
    trace = explain(three(Missing.BLOCKS), VALUES, scored)
    assert (trace.formula, trace.verdict, trace.terms) == ("", "待补：乙", ())
    assert trace.lines[1].sentence == "乙：待补，不出总分"


def test_missing_counts_nothing():
    scored = one(three(Missing.NO_POINTS), **VALUES)
    assert (scored.total, scored.parts, scored.missing) == (55, (10, 0, 45), ("b",))


def test_missing_is_excluded_and_the_rest_stretched():
    scored = one(three(Missing.EXCLUDED), **VALUES)
    assert (scored.total, scored.parts, scored.missing) == (D("78.57"), (10, None, 45), ("b",))  # 5500 / 70
    trace = explain(three(Missing.EXCLUDED), VALUES, scored)
    assert trace.formula == "甲 10 + 丙 45 + 其余项折算 23.57 = 78.57"
    assert trace.notes == ("乙不计，其余 70 分的得分按 100 ÷ 70 折算",)
    assert one(three(Missing.EXCLUDED)).total is None
    assert explain(three(Missing.EXCLUDED), {}).verdict == "没有可计分的指标，不出总分"


def test_missing_is_zero_times():
    scheme = only(Deduction(D(1)), "10", missing=Missing.AS_ZERO)
    assert (one(scheme).total, one(scheme).missing) == (10, ())


def test_one_missing_column_of_two_is_named():
    scheme = only(RateTimesWeight(of=("办结数", "应办数")))
    trace = explain(scheme, {"办结数": 3})
    assert trace.lines[0].sentence == "指标（应办数未填）：待补，不出总分"


# ---- vetoes, ranks, grades, quota ---------------------------------------------------------------


def with_veto(effect: Effect, grade: str = "") -> Scheme:
    base = only(Manual())
    return replace(base, indicators=(*base.indicators, Indicator("v", "泄露信息", Veto(effect, grade))))


@pytest.mark.parametrize(
    ("effect", "grade", "mark", "total", "graded", "note"),
    [
        (Effect.FORCED, "", 95, 95, "不合格", "一票否决（泄露信息）：直接定为“不合格”"),
        (Effect.FORCED, "合格", 95, 95, "合格", "一票否决（泄露信息）：直接定为“合格”"),
        (Effect.FORCED, "合格", 40, 40, "不合格", "一票否决（泄露信息）：直接定为“合格”"),
        (Effect.ZEROED, "", 95, 0, "不合格", "一票否决（泄露信息）：总分记 0 分"),
        (Effect.NOT_TOP, "", 95, 95, "合格", "一票否决（泄露信息）：不得评为最高等次"),
        (Effect.NOT_TOP, "", 40, 40, "不合格", "一票否决（泄露信息）：不得评为最高等次"),
    ],
)
def test_veto(effect, grade, mark, total, graded, note):
    scheme = with_veto(effect, grade)
    scored = one(scheme, x=D(mark), v=True)
    assert (scored.total, scored.grade, scored.vetoed) == (total, graded, ("v",))
    assert explain(scheme, {"x": D(mark), "v": True}, scored).notes[0] == note
    assert one(scheme, x=D(mark), v=False) == one(scheme, x=D(mark))


def test_zeroed_trace_still_adds_up():
    trace = explain(with_veto(Effect.ZEROED), {"x": D(95), "v": True})
    assert trace.formula == "指标 95 − 一票否决 95 = 0"


def marks(scheme: Scheme, *numbers, groups: str = "", **more) -> list[Scored]:
    group = groups or "东" * len(numbers)
    return score(
        scheme,
        [
            Inputs(
                index, {"x": None if number is None else D(number), **more.get(f"n{index}", {})}, name, name
            )
            for index, (number, name) in enumerate(zip(numbers, group, strict=True))
        ],
    )


def test_ranks_are_1_2_2_4_and_the_blocked_have_none():
    scored = marks(only(Manual()), 80, 90, None, 80, 70, groups="东东东西西")
    assert [entry.rank for entry in scored] == [2, 1, None, 2, 4]
    assert [entry.group_rank for entry in scored] == [2, 1, None, 1, 2]


def test_ties_are_parted_by_the_named_indicator():
    scheme = replace(three(Missing.BLOCKS), ties=("c",))
    sheets = [
        Inputs("one", {"a": D(100), "b": D(100), "c": D(60)}),
        Inputs("two", {"a": D(50), "b": D(100), "c": D(80)}),
        Inputs("three", {"a": D(50), "b": D(100), "c": D(80)}),
    ]
    scored = score(scheme, sheets)
    assert [entry.total for entry in scored] == [80, 80, 80]
    assert [entry.rank for entry in scored] == [3, 1, 1]
    assert [entry.rank for entry in score(replace(scheme, ties=()), sheets)] == [1, 1, 1]


def test_a_tie_is_lost_by_who_lacks_the_deciding_part():
    scheme = replace(three(Missing.EXCLUDED), ties=("c",))
    sheets = [
        Inputs("without", {"a": D(80), "b": D(80)}),
        Inputs("with", {"a": D(80), "b": D(80), "c": D(80)}),
        Inputs("worst part", {"a": D(100), "b": D(100), "c": D(60)}),
    ]
    scored = score(scheme, sheets)
    assert [(entry.total, entry.rank) for entry in scored] == [(80, 3), (80, 1), (80, 2)]


def test_who_is_graded_by_veto_stands_behind_all_others():
    scored = marks(with_veto(Effect.FORCED), 95, 80, 20, n0={"v": True})
    assert [entry.rank for entry in scored] == [3, 1, 2]


def with_quota(percent: str, **settings) -> Scheme:
    top = Grade("优秀", D(90), quota=D(percent))
    return replace(only(Manual()), grades=(top, *GRADES[1:]), **settings)


def test_a_quota_is_a_share_of_heads_by_rank():
    scheme = with_quota("30")
    scored = marks(scheme, 91, 95, 92, 80, 93, 70, None)
    # six heads, 1.8 of them, rounded down
    assert [entry.grade for entry in scored] == ["合格", "优秀", "合格", "合格", "合格", "合格", None]
    assert scored[0].earned == "优秀"
    trace = explain(scheme, {"x": D(91)}, scored[0])
    assert trace.notes == ("按总分为“优秀”，名额已满，定为“合格”",)
    assert trace.verdict == "总分 91 分，等次“合格”，第 4 名（社区内第 4 名）"
    alone = replace(scheme, group=RankGroup.NONE)
    assert explain(alone, {"x": D(91)}, scored[0]).verdict == "总分 91 分，等次“合格”，第 4 名"
    up = marks(replace(scheme, quota_rounding=Rounding.HALF_UP), 91, 95, 92, 80, 93, 70, None)
    assert [entry.grade for entry in up].count("优秀") == 2


def test_equals_who_straddle_the_quota_all_fall():
    scored = marks(with_quota("50"), 95, 92, 92, 60)
    assert [entry.grade for entry in scored] == ["优秀", "合格", "合格", "合格"]


def test_a_veto_frees_its_place_in_the_quota():
    base = with_quota("50")
    veto = Indicator("v", "被曝光", Veto(Effect.NOT_TOP))
    scheme = replace(base, indicators=(*base.indicators, veto))
    scored = marks(scheme, 99, 95, 94, 93, n0={"v": True})
    assert [entry.grade for entry in scored] == ["合格", "优秀", "优秀", "合格"]


def test_a_grade_forced_by_veto_is_outside_the_quota():
    base = with_veto(Effect.FORCED, "合格")
    scheme = replace(base, grades=(Grade("优秀", D(90)), Grade("合格", D(60), D(50)), Grade("不合格", D(0))))
    scored = marks(scheme, 70, 65, 62, 95, n3={"v": True})
    assert [entry.grade for entry in scored] == ["合格", "合格", "不合格", "合格"]
    # alone, one half of a head rounds down to none, and the veto still says 合格
    assert one(scheme, x=D(95), v=True).grade == "合格"


def test_a_quota_in_each_group():
    scored = marks(with_quota("50", quota_pool=RankGroup.COMMUNITY), 99, 98, 91, 50, groups="东东西西")
    assert [entry.grade for entry in scored] == ["优秀", "合格", "优秀", "不合格"]


def test_who_falls_may_fall_again():
    grades = (Grade("优秀", D(90), D(25)), Grade("良好", D(80), D(25)), Grade("合格", D(0)))
    scored = marks(replace(only(Manual()), grades=grades), 99, 98, 97, 85)
    assert [entry.grade for entry in scored] == ["优秀", "良好", "合格", "合格"]


# ---- edges --------------------------------------------------------------------------------------


def test_nobody_at_all():
    assert score(shipped("street-default"), []) == []


@pytest.mark.parametrize("number", [10**8, D("-1E+8"), D("NaN"), D("Infinity"), 0.5, "80"])
def test_what_cannot_be_kept_exactly_is_refused(number):
    with pytest.raises(RuleBroken, match=r"指标写的是“.*”，应为小于 100000000 的数。"):
        one(only(Manual()), x=number)


@pytest.mark.parametrize(
    ("scheme", "message"),
    [
        (only(Deduction(D("0.00001"))), "位数太多"),
        (only(Manual(), "1000.5"), "应在 0 至 1000 之间"),
        (replace(only(Manual()), places=4), "应在 0 至 3 之间"),
    ],
)
def test_a_scheme_beyond_exact_arithmetic_is_refused(scheme, message):
    with pytest.raises(RuleBroken, match=message):
        one(scheme, x=1)


def test_raw_values_count_with_four_places():
    assert points(RateTimesWeight(), "1000", x=D("33.33335")) == D("333.33")  # 33.3334 %
    assert points(RateTimesWeight(), "1000", x=D("0.00044999999999999999999999999999999999")) == 0
    assert points(RateTimesWeight(), "1000", x=D("0.00050")) == D("0.01")


def test_out_of_range_counts_as_the_end_of_the_range():
    assert points(RateTimesWeight(), "20", x=D(120)) == 20
    assert points(Deduction(D(1)), "20", x=-4) == 20
    assert points(Manual(), "20", x=D(25)) == 20


def test_packed_rows_return_as_they_were():
    scheme = shipped("street-default")
    values = {"visits": D("96.5"), "stale": 3, "veto": True, "bonus": D("0.5")}
    (blob,) = pack(scheme, [values])
    (again,) = unpack(scheme, [blob])
    assert len(blob) == 8 * 11
    assert {key: value for key, value in again.items() if value is not None} == values
    assert again["veto"] is True and isinstance(again["stale"], int)
    with pytest.raises(RuleBroken, match="方案里没有这些列：visit。"):
        pack(scheme, [{"visit": 3}])
    with pytest.raises(RuleBroken, match="这一行有 10 个值，方案有 11 列，对不上。"):
        unpack(scheme, [blob[:-8]])
    with pytest.raises(RuleBroken, match="列"):
        score_packed(scheme, [blob[:-8]])


def test_results_belong_to_their_ids():
    scheme = only(Manual())
    scores = score_packed(scheme, pack(scheme, [{"x": 1}, {"x": 2}]))
    assert [entry.id for entry in results(scheme, scores, "ab")] == ["a", "b"]
    with pytest.raises(ValueError, match="1 ids for 2 rows"):
        results(scheme, scores, "a")


def test_the_window_starts_without_numpy():
    code = "import sys, gridoffice.scoring.trace; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=resources.FOLDER.parent).returncode == 0


def test_a_loss_is_limited_by_another_loss() -> None:
    """金牛区 2025: what a low disposal rate costs is no more than what the problems found cost."""
    found = Indicator("found", "发现问题", Deduction(D("0.1"), cap=D(10)), D(60), unit="起")
    rate = Indicator(
        "rate",
        "问题处置率",
        Bands((Band(D(50), D(15)), Band(D(90), D(0))), D(30), deducts=True),
        D(40),
        unit="%",
        within="found",
    )
    scheme = Scheme("t", "试", "1", (found, rate), GRADES)
    assert not has_error(check(scheme))
    assert one(scheme, found=200, rate=60).parts == (D(50), D(30))
    assert one(scheme, found=300, rate=60).parts == (D(50), D(30))
    assert one(scheme, found=20, rate=60).parts == (D(58), D(38))
    assert one(scheme, found=20, rate=95).parts == (D(58), D(40))
    (_, line) = explain(scheme, {"found": 20, "rate": D(60)}).lines
    assert line.sentence == "问题处置率 60%，达到 50%，扣 15 分 → 得 38 分（扣分以“发现问题”扣的 2 分为限）"
    assert describe(scheme, rate).endswith("，扣分不超过“发现问题”的扣分")


@pytest.mark.parametrize(
    ("within", "words"),
    [
        ("nobody", "“问题处置率”的扣分以“nobody”为限，指标里没有它。"),
        ("rate", "“问题处置率”的扣分以“rate”为限，指标里没有它。"),
        ("extra", "“加分”不扣分，不能拿来限扣分。"),
    ],
)
def test_a_limit_needs_an_indicator_that_loses(within: str, words: str) -> None:
    rate = Indicator("rate", "问题处置率", RateTimesWeight(), D(100), within=within)
    extra = Indicator("extra", "加分", Bonus(D(1)))
    problems = check(Scheme("t", "试", "1", (rate, extra), GRADES, bonus_cap=D(5)))
    assert words in [problem.message for problem in problems]
