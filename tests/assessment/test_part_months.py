"""Part months, who is not graded, what calibration adds, grades that are granted, months in a row, pay."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest

from gridoffice.assessment.consequences import consequences, earlier_periods, months_looked_at
from gridoffice.errors import RuleBroken
from gridoffice.scoring.pay import pay_of
from gridoffice.scoring.policies import Consecutive, Factor, Pay, PayBase, PayKind, Prorate
from gridoffice.scoring.proration import months_later, on_probation, too_long_away
from gridoffice.scoring.scheme import Grade, Indicator, Scheme
from gridoffice.scoring.scores import Inputs, Scored, score
from gridoffice.scoring.shapes import Bonus, Deduction, Effect, Linear, Manual, Money, Veto
from gridoffice.scoring.trace import explain

GRADES = (Grade("优秀", D(90), D(50)), Grade("合格", D(60)), Grade("不合格", D(0)))
VISITS = Indicator("visits", "走访", Linear(D(0), D(1)), D(40), unit="户", prorate=Prorate.TARGET)
FAULTS = Indicator("faults", "差错", Deduction(D(2)), D(20), unit="件", prorate=Prorate.LOSS)
LATE = Indicator("late", "迟报", Deduction(D(5), cap=D(10)), D(10), unit="次", prorate=Prorate.CAP)
REST = Indicator("rest", "评议", Manual(), D(30))
EXTRA = Indicator("extra", "加分", Bonus(cap=D(6)), unit="分", prorate=Prorate.CAP)
SCHEME = Scheme("t", "试", "1", (VISITS, FAULTS, LATE, REST, EXTRA), GRADES, bonus_cap=D(6))
VALUES = {"visits": 20, "faults": 3, "late": 4, "rest": D(30), "extra": 9}


def one(sheet: Inputs, scheme: Scheme = SCHEME, whole: int = 30) -> Scored:
    (scored,) = score(scheme, [sheet], whole)
    return scored


def test_what_a_part_month_changes():
    assert one(Inputs("", VALUES)).parts == (20, 14, 0, 30, 6)
    half = Inputs("", VALUES, present=15)
    # 20 households in half a month are 40; half of 6 points lost; at most half of 10 lost; at most half of 6
    assert one(half).parts == (40, 17, 5, 30, 3)
    assert one(half).total == 95
    trace = explain(SCHEME, VALUES, one(half), half, 30)
    assert trace.lines[0].sentence.startswith("走访 40 户，")
    assert trace.lines[0].sentence.endswith("（在岗 15 天，任务量按在岗天数折算：完成数 × 30 ÷ 15）")
    assert trace.lines[1].sentence.endswith("→ 得 17 分（在岗 15 天，扣分按在岗天数折算：扣分 × 15 ÷ 30）")
    assert trace.notes[0] == "当月 30 天，在岗 15 天，写明折算的项目按在岗天数折算"
    assert sum((term.points for term in trace.terms), D(0)) == 95


@pytest.mark.parametrize("present", [0, 30, 31, None])
def test_a_whole_month_and_none_at_all_count_as_they_are(present):
    assert one(Inputs("", VALUES, present=present)).parts == (20, 14, 0, 30, 6)


def test_thirds_are_rounded_once():
    scored = one(Inputs("", {**VALUES, "visits": 10, "faults": 1}, present=7), whole=31)
    assert scored.parts[0] == 40  # 44.2857
    assert scored.parts[1] == D("19.55")  # 20 − 2 × 7 ÷ 31 = 19.548…
    assert one(Inputs("", {**VALUES, "visits": 5}, present=7), whole=31).parts[0] == D("22.14")  # 22.1429


def test_who_is_not_graded_has_points_and_takes_no_place():
    sheets = [
        Inputs(n, {**VALUES, "visits": visits, "late": 0}, graded=n != 0)
        for n, visits in enumerate((40, 38, 36))
    ]
    first, second, third = score(SCHEME, sheets)
    assert (first.total, first.earned, first.grade, first.rank, first.group_rank) == (
        100,
        "优秀",
        None,
        None,
        None,
    )
    assert (second.rank, second.grade) == (1, "优秀")
    assert (third.rank, third.grade) == (2, "合格")  # 50 % of two heads, not of three
    assert explain(SCHEME, sheets[0].values, first, sheets[0]).verdict == "总分 100 分，不定等次，不排名"


def test_who_takes_no_part_has_nothing():
    scored = one(Inputs("", VALUES, taking=False))
    assert (scored.total, scored.grade, scored.rank) == (None, None, None)


def test_calibration_adds_points_within_the_ends():
    sheet = Inputs("", {**VALUES, "visits": 40, "late": 0}, adjustment=D("-3.005"))
    scored = one(sheet)
    assert (scored.total, scored.base) == (D("96.99"), 94)  # 100 − 3.01
    trace = explain(SCHEME, sheet.values, scored, sheet)
    assert trace.terms[-1].name == "校准和申诉" and trace.terms[-1].points == D("-3.01")
    assert trace.formula.endswith("− 校准和申诉 3.01 = 96.99")
    assert one(Inputs("", VALUES, adjustment=D(-500))).total == 0
    assert one(Inputs("", VALUES, adjustment=D(500))).total == 106


def test_a_grade_that_is_granted_takes_a_place_of_the_quota():
    marks = (40, 39, 38, 37)
    sheets = [
        Inputs(n, {**VALUES, "visits": visits, "late": 0}, granted="优秀" if n == 3 else None)
        for n, visits in enumerate(marks)
    ]
    scored = score(SCHEME, sheets)
    assert [each.grade for each in scored] == ["优秀", "合格", "合格", "优秀"]
    fallen = explain(SCHEME, sheets[1].values, scored[1], sheets[1])
    assert fallen.notes[-1] == "按总分为“优秀”，名额已满，定为“合格”"
    down = Inputs("", {**VALUES, "late": 0}, granted="不合格")
    assert one(down).grade == "不合格"
    assert explain(SCHEME, down.values, one(down), down).notes[-1] == "按总分为“合格”，校准或申诉定为“不合格”"


def test_a_veto_binds_a_grade_that_is_granted():
    veto = Indicator("v", "虚假上报", Veto(Effect.FORCED))
    scheme = Scheme("t", "试", "1", (REST, Indicator("m", "其余", Manual(), D(70)), veto), GRADES)
    assert one(Inputs("", {"rest": D(30), "m": D(70), "v": True}, granted="优秀"), scheme).grade == "不合格"


# ---- standing -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("started", "last", "still"),
    [
        (date(2026, 8, 1), date(2026, 10, 31), True),
        (date(2026, 7, 31), date(2026, 10, 31), False),
        (date(2025, 11, 30), date(2026, 2, 27), True),  # ends on the last of February
        (date(2025, 11, 30), date(2026, 2, 28), False),
        (None, date(2026, 2, 28), False),
    ],
)
def test_probation_ends_on_its_day(started, last, still):
    scheme = Scheme("t", "试", "1", (), GRADES, probation_months=3)
    assert on_probation(scheme, started, last) is still
    assert not on_probation(Scheme("t", "试", "1", (), GRADES), started, last)


def test_months_later():
    assert months_later(date(2024, 8, 31), 6) == date(2025, 2, 28)
    assert months_later(date(2023, 8, 31), 6) == date(2024, 2, 29)
    assert months_later(date(2025, 12, 15), 1) == date(2026, 1, 15)


def test_away_for_more_than_half_of_the_month():
    scheme = Scheme("t", "试", "1", (), GRADES)
    assert [too_long_away(scheme, away, 30) for away in (15, 16)] == [False, True]
    assert [too_long_away(scheme, away, 31) for away in (15, 16)] == [False, True]


# ---- months in a row --------------------------------------------------------------------------------


def test_months_in_a_row_count_what_is_as_bad_or_worse():
    rules = (Consecutive("合格", 3, "约谈"), Consecutive("不合格", 2, "解聘"))
    scheme = Scheme("t", "试", "1", (), GRADES, consecutive=rules)
    grades = {"2026-03": "不合格", "2026-02": "合格", "2026-01": "不合格"}
    assert consequences(scheme, grades, "2026-03") == ["连续 3 个月“合格”及以下：约谈"]
    worse = {**grades, "2026-02": "不合格"}
    assert consequences(scheme, worse, "2026-03") == [
        "连续 3 个月“合格”及以下：约谈",
        "连续 3 个月“不合格”：解聘",
    ]
    assert months_looked_at(scheme) == 2
    assert earlier_periods("2026-02", 3) == ["2026-01", "2025-12", "2025-11"]


# ---- pay -------------------------------------------------------------------------------------------


def paying(**settings) -> Scheme:
    factors = (Factor("优秀", D("1.2")), Factor("合格", D(1)), Factor("不合格", D(0)))
    money = Indicator("meetings", "缺会", Money(D(-30), cap=D(60)), unit="次")
    pay = Pay(**{"factors": factors, "base": D(800), "bases": (PayBase("网格长", D("1000.50")),), **settings})
    return Scheme("t", "试", "1", (REST, money), GRADES, full=D(30), pay=pay)


def test_pay_by_grade():
    paid = pay_of(paying(), "优秀", D(29), {"meetings": 1}, title="网格长")
    assert (paid.base, paid.factor, paid.earned, paid.amount) == (
        D("1000.50"),
        D("1.2"),
        D("1200.60"),
        D("1170.60"),
    )
    assert paid.sentence == "1000.5 元 × 优秀 1.2 − 缺会 30 元 = 1170.60 元"
    assert pay_of(paying(), "合格", D(20), {"meetings": 9}).amount == 740  # at most 60
    assert pay_of(paying(base=D(40)), "不合格", D(2), {"meetings": 1}).amount == 0
    assert pay_of(paying(), None, None, {}).amount == 0
    assert pay_of(paying(ungraded=D("0.9")), None, D(20), {}).amount == 720


def test_pay_of_a_part_month_is_rounded_half_up_to_the_fen():
    paid = pay_of(paying(), "优秀", D(29), {}, present=17, whole=31)
    assert paid.amount == D("526.45")  # 960 × 17 ÷ 31 = 526.4516
    assert paid.sentence == "800 元 × 优秀 1.2 × 在岗 17 天 ÷ 31 天 = 526.45 元"
    assert pay_of(paying(base=D("0.01")), "优秀", D(29), {}, present=15, whole=24).amount == D(
        "0.01"
    )  # 0.0075
    assert pay_of(paying(prorated=False), "优秀", D(29), {}, present=17, whole=31).amount == 960


def test_pay_in_proportion_to_points():
    paid = pay_of(paying(kind=PayKind.LINEAR), "合格", D("20.05"), {}, present=10, whole=30)
    assert paid.amount == D("178.22")  # 800 × 20.05 ÷ 30 × 10 ÷ 30 = 178.2222
    assert paid.sentence == "800 元 × 总分 20.05 ÷ 30 × 在岗 10 天 ÷ 30 天 = 178.22 元"


def test_a_scheme_that_says_nothing_of_pay():
    with pytest.raises(RuleBroken, match="没有写绩效怎么发"):
        pay_of(Scheme("t", "试", "1", (REST,), GRADES, full=D(30)), "合格", D(20), {})
