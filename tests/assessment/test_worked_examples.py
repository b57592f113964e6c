"""The numbers that published schemes print, computed by the schemes as they ship, to the cent.

Where a scheme is not shipped (its weights were never published in full) its rules are written out here.
"""

from __future__ import annotations

from decimal import Decimal as D
from typing import Any

import pytest

from gridoffice.assessment.checking import check, quantity_and_quality
from gridoffice.assessment.consequences import consequences
from gridoffice.assessment.schemes import shipped_scheme
from gridoffice.errors import Severity, has_error
from gridoffice.scoring.pay import money_lines, pay_of
from gridoffice.scoring.policies import Consecutive
from gridoffice.scoring.scheme import Grade, Indicator, Scheme
from gridoffice.scoring.scores import Inputs, Scored, score
from gridoffice.scoring.shapes import (
    Band,
    Bands,
    Deduction,
    FloorPerN,
    Linear,
    Manual,
    Normalised,
    Rule,
    Tally,
    Term,
    plain,
)
from gridoffice.scoring.trace import explain

PASS = (Grade("合格", D(60)), Grade("不合格", D(0)))


def one(scheme: Scheme, **values: Any) -> Scored:
    (scored,) = score(scheme, [Inputs("", values)])
    return scored


def parts(scheme: Scheme, **values: Any) -> dict[str, D | None]:
    keys = [indicator.key for indicator in scheme.indicators]
    return dict(zip(keys, one(scheme, **values).parts, strict=True))


def rule_of(key: str, indicator: str) -> Rule:
    return next(entry.rule for entry in shipped_scheme(key).indicators if entry.key == indicator)


def alone(rule: Rule, full: str, **settings: Any) -> Scheme:
    return Scheme("t", "试", "1", (Indicator("x", "指标", rule, D(full), **settings),), PASS, full=D(full))


# ---- 江山市贺村镇 镇委〔2023〕9 号 ------------------------------------------------------------------


def test_hecun_is_50_and_30_and_20_with_a_bonus_of_at_most_10():
    scheme = shipped_scheme("hecun")
    assert [entry.full for entry in scheme.indicators[:3]] == [50, 30, 20]
    full = {"operation": D(50), "duty": D(30), "worker": D(20)}
    assert one(scheme, **full).total == 100
    levels = ("adopted_town", "adopted_county", "adopted_city", "adopted_province")
    assert [one(scheme, **full, **{level: 1}).bonus for level in levels] == [2, 4, 8, 10]
    assert one(scheme, **full, adopted_city=1, adopted_county=1).total == 110
    assert one(scheme, operation=D("46.5"), duty=D("27.25"), worker=D("18.4"), adopted_town=1).total == D(
        "94.15"
    )


# ---- 中电海康 TLGM ---------------------------------------------------------------------------------


def test_tlgm_is_50_and_50_with_1_and_a_half_and_a_fifth():
    scheme = shipped_scheme("tlgm")
    entry = {"新增数据": 10, "修改数据": 20, "核查数据": 30}
    assert one(scheme, **entry, events=D(40)).total == 66  # 10 × 1.0 + 20 × 0.5 + 30 × 0.2 = 26
    assert one(scheme, **{**entry, "核查数据": 151}, events=D(50)).total == 100  # 50.2, at most 50
    assert parts(scheme, **{**entry, "核查数据": 149}, events=D(0))["data"] == D("49.8")


# ---- 成都市金牛区 -----------------------------------------------------------------------------------


def test_jinniu_formula_of_100_points():
    """日常处置率 × 30 + 按期处置率 × 20 +（1 − 返工率）× 20 +（1 − 超期待处置率）× 20 +（1 − 延期率）× 10."""
    scheme = shipped_scheme("jinniu")
    counts = {"应处置数": 200, "处置数": 190, "按期处置数": 170, "超期待处置数": 6, "延期数": 9}
    found = one(scheme, **counts, 应结案数=150, 返工数=3)
    assert found.parts == (D("28.5"), 17, D("19.6"), D("19.4"), D("9.55"))
    assert found.total == D("94.05")
    assert one(scheme, **dict.fromkeys(counts, 0), 应结案数=0, 返工数=0).total == 100


def test_jinniu_complaints_by_area_and_population():
    """30 −（10 × 0.01）÷（0.026 × 2.141）= 28.20."""
    rule = rule_of("jinniu-street", "complaints")
    assert rule == Normalised(D("0.01"), ("面积", "人口"))
    assert one(alone(rule, "30"), x=10, 面积=D("0.026"), 人口=D("2.141")).total == D("28.20")


def test_jinniu_time_is_2_less_the_days_by_10_from_0_to_10():
    """得分 =（2 − 办理周期天数）× 10，限 0 至 10：1.5 天得 5 分."""
    rule = rule_of("jinniu-street", "days")
    assert rule == Linear(D(20), D(-10))
    worth = [one(alone(rule, "10"), x=D(days)).total for days in ("0", "0.5", "1", "1.5", "1.95", "2", "9")]
    assert worth == [10, 10, 10, 5, D("0.5"), 0, 0]


def test_jinniu_every_200_above_the_quota():
    """超定额每 200 辆扣 0.1 分，向下取整：超 750 辆扣 0.3 分."""
    rule = rule_of("jinniu-street", "bicycles")
    assert rule == FloorPerN(D(200), D("0.1"))
    assert [D(5) - (one(alone(rule, "5"), x=over).total or 0) for over in (199, 200, 750)] == [
        0,
        D("0.1"),
        D("0.3"),
    ]


def test_jinniu_bands_of_the_rate_settled():
    """0 % 扣 0.3；0–50 % 扣 0.25；50–75 % 扣 0.15；75–90 % 扣 0.1；90 % 以上不扣."""
    scheme = alone(rule_of("jinniu-street", "handled"), "5", unit="%")
    lost = [D(5) - (one(scheme, x=D(rate)).total or 0) for rate in ("0", "49.9", "50", "75", "90", "100")]
    assert lost == [D("0.3"), D("0.25"), D("0.15"), D("0.1"), 0, 0]


def test_jinniu_a_loss_is_no_larger_than_that_of_what_was_found():
    scheme = shipped_scheme("jinniu-street")
    most = {
        "complaints": 0,
        "面积": D(1),
        "人口": D(1),
        "bicycles": 0,
        "dust": 0,
        "days": D(1),
        "other": D(10),
    }
    assert parts(scheme, **most, found=2, handled=D(0))["handled"] == D("4.8")  # 0.3, but 0.2 were lost
    assert parts(scheme, **most, found=9, handled=D(0))["handled"] == D("4.7")
    assert one(scheme, **most, found=0, handled=D(0)).total == 100
    bonus = {"拆违处数": 2, "拆除存量处数": 1, "拆除 300 ㎡ 以上处数": 1}
    assert one(scheme, **most, found=0, handled=D(100), **bonus, cases=3).total == 117  # 10 + 2 + 2 + 3
    assert one(scheme, **most, found=0, handled=D(100), **{**bonus, "拆违处数": 5}, cases=9).total == 125


@pytest.mark.parametrize("each", ["0.05", "0.1", "0.5", "1", "5"])
def test_jinniu_what_one_problem_costs(each):
    """发现一起扣 0.05 / 0.1 / 0.5 / 1 / 5 分，累计，最高不超过 5 分."""
    scheme = alone(Deduction(D(each), cap=D(5)), "10")
    assert [one(scheme, x=count).total for count in (1, 1000)] == [10 - D(each), 5]


def test_jinniu_the_slip_in_the_published_rule_is_found():
    """扬尘 街道自查：35 分的项写最多扣 5 分可以，5 分的项写最多扣 35 分不行."""
    rest = Indicator("y", "其他", Manual(), D(95))
    wrong = Scheme("t", "试", "1", (Indicator("x", "扬尘", Deduction(D(1), cap=D(35)), D(5)), rest), PASS)
    assert [problem.message for problem in check(wrong)] == ["“扬尘”最多扣 35 分，超过本项满分 5 分。"]


# ---- K 市, 大邑, 区域和部门评价 ----------------------------------------------------------------------


def test_k_city_21_indicators_26_to_13():
    scheme = shipped_scheme("k-city")
    assert len(scheme.indicators) == 21
    assert len({entry.dimension for entry in scheme.indicators} - {"加分", "一票否决"}) == 5
    (warning,) = check(scheme)
    assert warning.severity is Severity.WARNING
    assert warning.message.startswith("数量类 26 分，质量类 13 分，是质量类的 2 倍")
    rates = {entry.key: D(90) for entry in scheme.indicators if entry.unit == "%"}
    rates |= {"rules": D(4), "reported": 400, "accepted": 300, "wrong": 6, "overdue": 12, "public": D("0.12")}
    found = one(scheme, **rates | {"repeated": D("2.68"), "rework": D(2)})
    points = dict(zip((entry.key for entry in scheme.indicators), found.parts, strict=True))
    assert points["repeated"] == D("3.89")  # （1 − 2.68 %）× 4 = 3.8928
    assert points["wrong"] == 1  # 6 wrong ones cost 0.5 each
    assert points["public"] == D("0.01")  # 0.12 % × 8 = 0.0096
    assert found.total == sum(part for part in found.parts if part is not None)


def test_k_city_60_in_the_grid_and_30_in_the_community():
    scheme = shipped_scheme("k-city-levels")
    settled = {"closed": D(100), "days": D(5)}
    assert one(scheme, in_grid=D(60), in_community=D(30), **settled).total == 100
    assert one(scheme, in_grid=D(75), in_community=D(45), **settled).total == 100
    assert parts(scheme, in_grid=D(45), in_community=D(10), **settled)["in_grid"] == 30
    assert parts(scheme, in_grid=D(45), in_community=D(10), **settled)["in_community"] == D("6.67")


def test_dayi_activity_and_answers_within_24_hours():
    """活跃度由不足 20 % 到 99.58 %，24 小时响应率由 14.5 % 到 97.16 %，6 月积分兑换 92 %；微网格员 6,761 人."""
    scheme = shipped_scheme("dayi-towns")
    after = {"开展服务的微网格员": 9958, "微网格员": 10_000, "24 小时内响应数": 9716, "下达事件数": 10_000}
    assert parts(scheme, **after, redeemed=D(92)) == {
        "active": D("39.83"),
        "respond": D("48.58"),
        "redeemed": D("9.2"),
    }
    assert one(scheme, **after, redeemed=D(92)).total == D("97.61")
    before = {"开展服务的微网格员": 1352, "微网格员": 6761, "24 小时内响应数": 145, "下达事件数": 1000}
    assert parts(scheme, **before, redeemed=D(0)) == {"active": 8, "respond": D("7.25"), "redeemed": 0}


def test_dayi_points_of_a_month():
    """微光粒：上报有效信息、参与治理服务、专项任务；24 小时响应率；红黄蓝名单；每月培训."""
    scheme = shipped_scheme("dayi")
    rates = {"valid": D(80), "task": D(90), "respond": D("97.16"), "care": D(95)}
    found = parts(scheme, report=8, service=14, **rates, absence=1, hazard=2)
    assert found == {
        "report": 16,  # 2 for each valid report, at most 20
        "valid": 12,
        "service": 14,
        "task": D("13.5"),
        "respond": D("14.57"),  # 97.16 % × 15 = 14.574
        "care": D("9.5"),
        "absence": D("2.5"),
        "hazard": 2,
    }
    assert one(scheme, report=8, service=14, **rates, absence=1, hazard=2).total == D("84.07")
    most = dict.fromkeys(rates, D(100))
    assert one(scheme, report=99, service=99, **most, hazard=9).total == 105


def test_area_evaluation_has_the_three_groups_of_its_table():
    scheme = shipped_scheme("area-evaluation")
    assert list(dict.fromkeys(entry.dimension for entry in scheme.indicators)) == [
        "应结案量",
        "量的评价",
        "质的评价",
        "效率的评价",
    ]
    counts = {
        "应结案量": 400,
        "结案数": 392,
        "按期结案量": 380,
        "返工次数": 8,
        "超期结案量": 12,
        "超期未处置量": 8,
    }
    counts |= {"公众投诉超期结案量": 2, "公众投诉超期未处置量": 1, "遗留案件未处置量": 3}
    points = {
        "closed_amount": 19,  # 380 × 0.05
        "closed": D("29.4"),  # 392 ÷ 400 × 30
        "on_time": 38,
        "rework": -1,  # 8 ÷ 400 = 2 %, 0.5 each
        "complained": D("-0.75"),  # (2 + 1) ÷ 400
        "efficiency": D("4.9"),  # 10 − 1.2 − 2.4 − 1.5
    }
    assert {key: found for key, found in parts(scheme, **counts).items() if found is not None} == points
    assert one(scheme, **counts).total == D("89.55") == sum(points.values())
    # what is only shown moves nothing, and nothing waits for it
    assert one(scheme, **counts, 立案数=412, 遗留案件结案量=5).total == D("89.55")
    assert quantity_and_quality(scheme) == (20, 80)
    # nothing was due: full marks for the rates, no loss
    assert parts(scheme, **(counts | dict.fromkeys(counts, 0)))["rework"] == 0


def test_department_evaluation_without_anybody_asked():
    scheme = shipped_scheme("department-evaluation")
    counts = {
        "应处置数": 120,
        "处置数": 117,
        "按期处置数": 111,
        "超期待处置数": 3,
        "延期数": 6,
        "应结案数": 110,
        "返工数": 2,
    }
    found = one(scheme, **counts, 满意数=0, 回访数=0)
    # 19.5 + 27.75 + 9.75 + 14.73 + 9.5 = 81.23 of 85, × 100 ÷ 85
    assert (found.base, found.total) == (D("95.56"), D("95.56"))
    assert one(scheme, **counts, 满意数=18, 回访数=20).total == D("94.73")


# ---- 某镇网格协管员, 某镇奖惩办法, 冠县崇文街道, 社区指南 ---------------------------------------------


def test_assistants_lose_money_not_points():
    """缺会一次扣 30 元；每月 90 条信息，少一条扣 20 元；手册检查不合格扣 50 元."""
    scheme = shipped_scheme("assistants")
    values = {
        "people": D(100),
        "places": D(100),
        "closed": D(100),
        "meetings": 2,
        "reports": 84,
        "handbook": 1,
    }
    found = one(scheme, **values)
    assert (found.total, found.grade) == (100, "优秀")
    lines = money_lines(scheme, values)
    assert [line.amount for line in lines] == [-60, -120, -50]
    assert lines[1].sentence == "报送信息 84 条，比 90 条少 6 条 × 扣 20 元 = 扣 120 元"
    paid = pay_of(scheme, found.grade, found.total, values)
    assert paid.amount == D("-230.00")
    assert money_lines(scheme, {"reports": 95})[1].amount == 0
    assert explain(scheme, values, found).lines[3].sentence == "缺会：计钱不计分"


def test_rewards_and_punishments_of_a_town():
    """互知互晓 20：每户不知道扣 2；微信群 20：不规范扣 10、未及时扣 2；人员管理 30：未报备扣 5、漏管扣 10，
    化解纠纷加 10、隐患加 10."""
    indicators = (
        Indicator("known", "不知道的户", Deduction(D(2)), D(20)),
        Indicator(
            "group", "微信群", Tally((Term("不规范", D(-10)), Term("未及时", D(-2))), start=D(20)), D(20)
        ),
        Indicator(
            "people",
            "人员管理",
            Tally(
                (Term("未报备", D(-5)), Term("漏管", D(-10)), Term("化解纠纷", D(10)), Term("隐患", D(10))),
                start=D(30),
            ),
            D(30),
        ),
        Indicator("rest", "集体活动等", Manual(), D(30)),
    )
    scheme = Scheme("t", "试", "1", indicators, PASS)
    assert not has_error(check(scheme))
    values = {
        "known": 3,
        "不规范": 1,
        "未及时": 2,
        "未报备": 1,
        "漏管": 2,
        "化解纠纷": 1,
        "隐患": 0,
        "rest": D(30),
    }
    assert one(scheme, **values).parts == (14, 6, 15, 30)
    assert one(scheme, **{**values, "隐患": 5}).parts[2] == 30
    assert one(scheme, **{**values, "漏管": 9}).parts[2] == 0
    told = explain(scheme, values).lines[2].sentence
    assert told == (
        "人员管理：30 − 未报备 1 × 5 − 漏管 2 × 10 + 化解纠纷 1 × 10 + 隐患 0 × 10 = 15 分，限 0 至 30 分 → 得 15 分"
    )


def test_two_poor_months_in_a_row():
    """冠县崇文街道：连续两个月不合格，解聘."""
    scheme = Scheme(
        "t",
        "试",
        "1",
        (Indicator("x", "事件上报", Manual(), D(100)),),
        PASS,
        consecutive=(Consecutive("不合格", 2, "解聘"),),
    )
    assert not has_error(check(scheme))
    grades: dict[str, str | None] = {"2025-12": "不合格", "2026-01": "不合格"}
    assert consequences(scheme, grades, "2026-01") == ["连续 2 个月“不合格”：解聘"]
    assert consequences(scheme, grades, "2025-12") == []
    assert consequences(scheme, {**grades, "2025-12": None}, "2026-01") == []
    assert consequences(scheme, {"2025-11": "不合格", "2026-01": "不合格"}, "2026-01") == []
    assert consequences(scheme, {**grades, "2025-11": "不合格"}, "2026-01") == ["连续 3 个月“不合格”：解聘"]


def test_online_rates_are_warned_of():
    """崇文街道 scores the online rate of its app: the rule of 2026 speaks against it."""
    scheme = Scheme("t", "试", "1", (Indicator("x", "APP 在线率", Manual(), D(100)),), PASS)
    (warning,) = check(scheme)
    assert warning.severity is Severity.WARNING
    assert "（二）不得设置打卡签到、积分排名、统计在线时长等强制性功能" in warning.message


def test_community_guide_40_and_30():
    """基础 40：完整度 95 % 以上 15、90–95 10、85–90 5，巡查 10，重点区域 5；事件 30：有效上报加 2、24 小时处理加 3、超时扣 2."""
    steps = tuple(Band(D(at), D(worth)) for at, worth in ((85, 5), (90, 10), (95, 15)))
    events = Tally((Term("有效上报", D(2)), Term("24 小时处理", D(3)), Term("超时", D(-2))))
    indicators = (
        Indicator("data", "信息完整度", Bands(steps), D(15), unit="%"),
        Indicator("patrol", "日常巡查", Manual(), D(10)),
        Indicator("spots", "重点区域", Manual(), D(5)),
        Indicator("more", "基础其余", Manual(), D(10)),
        Indicator("events", "事件", events, D(30)),
    )
    scheme = Scheme("t", "试", "1", indicators, PASS, full=D(70))
    assert not has_error(check(scheme))
    base = {"patrol": D(10), "spots": D(5), "more": D(10), "有效上报": 6, "24 小时处理": 5, "超时": 2}
    worth = {rate: one(scheme, data=D(rate), **base).total for rate in ("95", "94.99", "90", "85", "84.99")}
    assert [plain(total or 0) for total in worth.values()] == ["63", "58", "58", "53", "48"]
    assert one(scheme, data=D(95), **{**base, "有效上报": 9}).parts[4] == 29
    assert one(scheme, data=D(95), **{**base, "有效上报": 20}).parts[4] == 30
