"""Schemes as text and as values: what is shipped, what is refused, what the workbook derives from."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal as D

import pytest

import resources
from gridoffice.assessment.checking import check, check_values
from gridoffice.errors import RuleBroken, Severity
from gridoffice.fields import Kind
from gridoffice.scoring.columns import value_columns
from gridoffice.scoring.notation import dump, load
from gridoffice.scoring.policies import Consecutive, Factor, Pay, Prorate
from gridoffice.scoring.scheme import (
    Grade,
    Indicator,
    Measure,
    Missing,
    Nature,
    Origin,
    Scheme,
    Target,
    all_inputs,
    missing_of,
    weighs,
)
from gridoffice.scoring.shapes import (
    Band,
    Bands,
    Bonus,
    Deduction,
    Effect,
    FloorPerN,
    InverseRateTimesWeight,
    Linear,
    Manual,
    Normalised,
    RateTimesWeight,
    Tally,
    Term,
    Veto,
    plain,
)

SHIPPED = (
    "area-evaluation",
    "assistants",
    "dayi",
    "dayi-towns",
    "department-evaluation",
    "hecun",
    "jinniu",
    "jinniu-street",
    "k-city",
    "k-city-levels",
    "street-default",
    "tlgm",
    "yichang",
)

PASS = (Grade("合格", D(60)), Grade("不合格", D(0)))


def shipped(name: str) -> Scheme:
    return load(resources.path("schemes", f"{name}.toml").read_text("utf-8"))


def scheme(*indicators: Indicator, **settings) -> Scheme:
    return Scheme("t", "试", "1", indicators, **{"grades": PASS, **settings})


def messages(found, severity: Severity = Severity.ERROR) -> list[str]:
    return [problem.message for problem in found if problem.severity is severity]


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_scheme_is_sound_and_survives_its_own_text(name):
    ours = shipped(name)
    assert messages(check(ours)) == []
    assert load(dump(ours)) == ours
    assert dump(load(dump(ours))) == dump(ours)
    assert sum(entry.full for entry in ours.indicators if weighs(entry)) == 100
    assert ours.key == name


def test_every_shipped_scheme_is_tested():
    assert {file.stem for file in resources.path("schemes").glob("*.toml")} == set(SHIPPED)


def test_default_scheme_has_every_shape_of_a_month():
    shapes = {type(entry.rule) for entry in shipped("street-default").indicators}
    wanted = {RateTimesWeight, InverseRateTimesWeight, Deduction, Bonus, Bands, Manual, Veto, FloorPerN}
    assert shapes == wanted


def test_k_city_carries_the_published_weights_and_is_warned():
    ours = shipped("k-city")
    weights: dict[str, D] = {}
    for entry in ours.indicators:
        weights[entry.dimension] = weights.get(entry.dimension, D(0)) + entry.full
    assert len(ours.indicators) == 21
    assert (weights["案件数量"], weights["案件质量"]) == (26, 13)
    assert messages(check(ours), Severity.WARNING) == [
        "数量类 26 分，质量类 13 分，是质量类的 2 倍，数量重于质量。"
    ]


def test_canonical_text_is_exact_sorted_and_leaves_defaults_out():
    ours = scheme(Indicator("a", "甲", Deduction(D("0.050"), cap=D("5.00")), full=D("100.00")))
    text = dump(ours)
    assert json.loads(text) == {
        "grades": [{"minimum": "60", "name": "合格"}, {"minimum": "0", "name": "不合格"}],
        "indicators": [
            {
                "full": "100",
                "key": "a",
                "name": "甲",
                "rule": {"cap": "5", "each": "0.05", "shape": "deduction"},
            }
        ],
        "key": "t",
        "name": "试",
        "version": "1",
    }
    same = scheme(Indicator("a", "甲", Deduction(D("0.05"), cap=D(5)), full=D(100)))
    assert dump(same) == text
    assert text.startswith('{"grades":[{"minimum":"60","name":"合格"}')


def test_numbers_in_toml_are_exact():
    text = 'key="t"\nname="试"\nversion="1"\ngrades=[{name="合格",minimum=0}]\n'
    text += '[[indicators]]\nkey="a"\nname="甲"\nfull=33.1\nrule={shape="deduction",each=0.1}\n'
    (entry,) = load(text).indicators
    assert entry.full == D("33.1")
    assert entry.rule == Deduction(D("0.1"))


def test_bad_text_is_refused_with_every_problem():
    text = 'key="t"\nname="试"\nversion="1"\nplaces="2"\ncolour="red"\ngrades=[{name="合格"}]\n'
    text += '[[indicators]]\nkey="a"\nname="甲"\nfull="x"\nrule={shape="magic"}\n'
    text += '[[indicators]]\nkey="b"\nname="乙"\nrule={shape="deduction",eech=1}\nnature="much"\n'
    with pytest.raises(RuleBroken) as caught:
        load(text)
    told = "\n".join(problem.message for problem in caught.value.problems)
    for part in (
        "“试”里没有“colour”这个条目。",
        "“试”的 places 写的是“2”，应为整数。",
        "“合格”缺少“minimum”。",
        "“甲”的 full 写的是“x”，应为数。",
        "“甲”的 rule 写的是“magic”，应为 rate / inverse_rate / deduction",
        "“乙”的 rule 里没有“eech”这个条目。",
        "“乙”的 rule 缺少“each”。",
        "“乙”的 nature 写的是“much”，应为 quantity / quality / other。",
    ):
        assert part in told
    assert caught.value.message.startswith("方案文件有 8 处不对。")


@pytest.mark.parametrize("text", ["key = ", "{", "{} {}", "key='a'\nkey='b'"])
def test_text_that_is_no_file_at_all(text):
    with pytest.raises(RuleBroken, match=r"^方案文件读不出来.*，应为 TOML 或 JSON。$"):
        load(text)


@pytest.mark.parametrize("number", ["NaN", "Infinity", True, "", None])
def test_only_finite_numbers(number):
    data = json.loads(dump(scheme(Indicator("a", "甲", Manual(), full=D(100)))))
    data["full"] = number
    with pytest.raises(RuleBroken, match="应为数"):
        load(json.dumps(data))


def test_weights_must_make_the_full_marks():
    def with_weight(weight: str) -> Scheme:
        return scheme(
            Indicator("a", "甲", Manual(), full=D(50)), Indicator("b", "乙", Manual(), full=D(weight))
        )

    assert messages(check(with_weight("50.00"))) == []
    assert messages(check(with_weight("49.99"))) == ["各项满分合计 99.99 分，应为 100.00 分，少 0.01 分。"]
    assert messages(check(with_weight("50.5"))) == ["各项满分合计 100.50 分，应为 100.00 分，多 0.5 分。"]
    assert messages(check(with_weight("49.999")))[-1] == "“乙”的满分是 49.999，最多写 2 位小数。"


def test_a_cap_above_the_weight_is_named():
    """金牛区's published 扬尘 item deducts up to more than it weighs; such a slip must be seen."""
    ours = scheme(
        Indicator("a", "扬尘", Deduction(D(1), cap=D(40)), full=D(35)),
        Indicator("b", "其他", Manual(), full=D(65)),
        Indicator("c", "奖励", Bonus(D(1), cap=D(12))),
        bonus_cap=D(10),
    )
    assert messages(check(ours)) == [
        "“扬尘”最多扣 40 分，超过本项满分 35 分。",
        "“奖励”封顶 12 分，超过加分总封顶 10 分。",
    ]


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (RateTimesWeight(of=("甲数",)), "“甲”的比率要写分子和分母，每列写一次。"),
        (Deduction(D(0)), "“甲”每次扣 0 分，应大于 0 分。"),
        (Deduction(D(1), beyond=D(-1)), "“甲”的起算数应为 0 以上。"),
        (Deduction(D(1), cap=D(0)), "“甲”最多扣 0 分，应大于 0 分。"),
        (Deduction(D("0.00001")), "“甲”的每次分值是 0.00001，最多写 4 位小数。"),
        (FloorPerN(D(0), D(1)), "“甲”每满 0 扣分，应大于 0。"),
        (Bands((Band(D(5), D(1)), Band(D(5), D(2)))), "“甲”的分档要从低到高，不能重复。"),
        (Bands((Band(D(5), D(101)),)), "“甲”有一档写 101 分，应在 0 至 100 分之间。"),
        (Linear(D(20), D(0), high=D(10)), "“甲”每增加 1 加减 0 分，分数不会变。"),
        (Linear(D(20), D(-1), low=D(10), high=D(10)), "“甲”限 10 至 10 分，应在 0 至 100 分之间。"),
        (Tally(()), "“甲”里还没有要数的工作。"),
        (Tally((Term("项", D(-1)),)), "“甲”从 0 分起只扣不加，总是 0 分。"),
        (Tally((Term("项", D(0)),)), "“甲”的“项”要写分值。"),
        (Tally((Term("项", D(1)),), start=D(101)), "“甲”从 101 分起，应在 0 至 100 分之间。"),
        (RateTimesWeight(target=D(0)), "“甲”的目标是 0%，应在 0% 至 100% 之间。"),
        (Normalised(D(1), ()), "“甲”要写每件扣分和作分母的列。"),
    ],
)
def test_a_rule_that_cannot_be_is_named(rule, message):
    assert messages(check(scheme(Indicator("a", "甲", rule, full=D(100))))) == [message]


def test_vetoes_grades_and_names():
    ours = scheme(
        Indicator("a", "甲", Manual(), full=D(100)),
        Indicator("a", "甲", Veto(grade="很差"), full=D(3)),
        Indicator("c", "姓名", RateTimesWeight()),
        Indicator("d", "丁", Bonus(D(1))),
        grades=(Grade("差", D(60), quota=D(0)), Grade("好", D(70)), Grade("好", D(80), quota=D(5))),
        ties=("z",),
    )
    assert set(messages(check(ours))) == {
        "代号“a”用了两次。",
        "指标“甲”出现两次。",
        "“甲”既是数值又是是否。",
        "表头“姓名”是花名册里的列，给“姓名”换个名称。",
        "同分时比较的“z”不在指标里。",
        "“甲”是否决项，不占满分，满分应为 0 分。",
        "“甲”定为“很差”，等次里没有它。",
        "“姓名”没有满分。",
        "有加分项，但加分封顶是 0 分。",
        "等次要从高到低，下限不能相同。",
        "最低等次“好”的下限是 80 分，应为 0 分。",
        "等次“好”出现两次。",
        "“差”的名额是 0%，应在 0% 至 100% 之间。",
        "最低等次“好”不能限名额。",
    }


def test_a_heading_stands_for_one_column():
    ours = scheme(
        Indicator("a", "走访率", RateTimesWeight(), full=D(50), aliases=("走访",)),
        Indicator("b", "走访次数", Manual(), full=D(50), aliases=("走访",)),
    )
    assert messages(check(ours)) == ["表头“走访”同时指“走访率”和“走访次数”。"]


def test_nothing_at_all():
    assert messages(check(scheme(grades=()))) == [
        "方案里还没有指标。",
        "各项满分合计 0.00 分，应为 100.00 分，少 100 分。",
        "方案里还没有等次。",
    ]
    lone = scheme(
        Indicator("a", "甲", Manual(), full=D(100)),
        Indicator("v", "否决", Veto(Effect.NOT_TOP)),
        grades=(Grade("合格", D(0)),),
    )
    assert messages(check(lone)) == ["“否决”不得评最高等次，但方案只有一个等次。"]


@pytest.mark.parametrize("word", "打卡 在线时长 积分排名 点赞 转发 学习时长 登录率 投票 轨迹 群活跃".split())
def test_what_the_rule_on_government_apps_frowns_upon(word):
    ours = scheme(Indicator("a", f"微信{word}数", Manual(), full=D(100)))
    (told,) = messages(check(ours), Severity.WARNING)
    assert told.startswith(
        f"“微信{word}数”含“{word}”：《政务移动互联网应用程序规范化管理办法》（国办，2026）"
    )


def test_quantity_may_not_lead_quietly():
    def balance(quantity: int, quality: int) -> list[str]:
        ours = scheme(
            Indicator("a", "甲", Manual(), full=D(quantity), nature=Nature.QUANTITY),
            Indicator("b", "乙", Manual(), full=D(quality), nature=Nature.QUALITY),
        )
        return messages(check(ours), Severity.WARNING)

    assert balance(50, 50) == []
    assert balance(60, 40) == ["数量类 60 分，质量类 40 分，是质量类的 1.5 倍，数量重于质量。"]


def test_the_workbook_derives_from_the_scheme():
    columns = {column.name: column.field for column in value_columns(shipped("street-default"))}
    kinds = {name: field.kind for name, field in columns.items()}
    assert kinds == {
        "ledger": Kind.RATE,
        "visits": Kind.RATE,
        "stale": Kind.INTEGER,
        "on_time": Kind.RATE,
        "rework": Kind.RATE,
        "satisfaction": Kind.RATE,
        "review": Kind.DECIMAL,
        "absence": Kind.INTEGER,
        "false_report": Kind.INTEGER,
        "bonus": Kind.DECIMAL,
        "veto": Kind.YES_NO,
    }
    assert columns["on_time"].label == "按期办结率"
    assert "按时办结率" in columns["on_time"].aliases
    assert columns["on_time"].hint == "比率 × 20 分"
    assert columns["ledger"].label == "基础台账完整率"


def test_a_shared_denominator_is_one_column():
    assert [entry.label for entry in all_inputs(shipped("jinniu"))] == [
        "处置数",
        "应处置数",
        "按期处置数",
        "返工数",
        "应结案数",
        "超期待处置数",
        "延期数",
    ]


def test_an_empty_bonus_or_veto_blocks_nobody():
    ours = shipped("hecun")
    policies = [missing_of(ours, entry) for entry in ours.indicators]
    assert policies == [Missing.BLOCKS] * 3 + [Missing.AS_ZERO] * 4
    firm = replace(ours.indicators[3], missing=Missing.BLOCKS)
    assert missing_of(ours, firm) is Missing.BLOCKS


def test_raw_values_outside_their_range():
    ours = shipped("street-default")
    values = {"visits": D("100.5"), "stale": D("1.5"), "review": D("10.5"), "absence": -1, "veto": 1}
    assert [problem.message for problem in check_values(ours, values)] == [
        "入户走访率是 100.5%，应在 0 至 100 之间。",
        "台账逾期未更新是 1.5，应为整数。",
        "例会培训缺席是 −1，应为 0 以上。",
        "一票否决写的是“1”，应为是或否。",
        "社区评议是 10.5，最多 10 分。",
    ]
    (note,) = check_values(ours, {"visits": D("33.33333")})
    assert (note.severity, note.field) == (Severity.NOTE, "入户走访率")
    assert [problem.message for problem in check_values(ours, {"absence": 10**8, "visits": "九成"})] == [
        "入户走访率写的是“九成”，应为数。",
        "例会培训缺席是 100000000，应小于 100000000。",
    ]
    assert check_values(ours, {"visits": D(100), "stale": 0, "veto": False, "review": None}) == []


def test_a_numerator_is_part_of_its_denominator():
    (problem,) = check_values(shipped("jinniu"), {"处置数": 11, "应处置数": 10})
    assert problem.message == "处置数是 11，不能多于应处置数 10。"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (D("25.00"), "25"),
        (D("2.5E+1"), "25"),
        (D("24.130"), "24.13"),
        (D("-0.0"), "0"),
        (D("-3"), "−3"),
        (100, "100"),
    ],
)
def test_a_number_as_a_clerk_writes_it(number, text):
    assert plain(number) == text


@pytest.mark.parametrize("name", ["电动车报警器安装率", "持证率", "培训学时", "群众满意度", "视频监控完好率"])
def test_what_it_does_not_frown_upon(name):
    assert messages(check(scheme(Indicator("a", name, Manual(), full=D(100)))), Severity.WARNING) == []


def computed(source: str, rule=None, **settings) -> Indicator:
    entry = {"unit": "%", "origin": Origin.COMPUTED, "computed": source, "full": D(100), **settings}
    return Indicator("a", "甲", rule or RateTimesWeight(), **entry)


@pytest.mark.parametrize(
    ("indicator", "message"),
    [
        (computed("certificates.held_rate"), None),
        (computed("certificates.held_rate:救护"), None),
        (computed("issues.closed_rate", RateTimesWeight(of=("办结", "问题"))), None),
        (computed("training.hours", Linear(D(0), D(10)), unit="学时"), None),
        (computed("issues.days", Linear(D(100), D(-1)), unit="天"), None),
        (computed(""), "“甲”由台账计算，没写 computed（算什么）。"),
        (computed("vacancies.rate", origin=Origin.IMPORTED), "“甲”写了 computed，来源要写 computed。"),
        (computed("vacancies.rate:空"), "“甲”的来源“网格空缺率”不分类别，去掉“空”。"),
        (computed("training.hours"), "“甲”的规则要比率，“当月培训学时”算出的是合计。"),
        (
            computed("party.coverage", Linear(D(0), D(1)), unit="个"),
            "“甲”的规则要数，“党组织和党员覆盖率”算出的是比率。",
        ),
        (
            computed("training.missed", Tally((Term("子", D(1)), Term("丑", D(1))))),
            "“甲”的规则要几列数，台账只能算出一个。",
        ),
        (
            computed("issues.days", Linear(D(100), D(-1)), measure=Measure.COUNT),
            "“甲”记的是次数，“问题平均办理天数”是平均数，要写 measure = amount。",
        ),
    ],
)
def test_what_is_computed_must_be_known_and_fit(indicator, message):
    assert messages(check(scheme(indicator))) == ([] if message is None else [message])


def test_an_unknown_source_is_told_with_those_there_are():
    (told,) = messages(check(scheme(computed("steps.walked"))))
    assert told.startswith("“甲”由“steps.walked”计算，没有这个来源。有：training.hours、")
    (told,) = messages(check(scheme(computed("vacancies.rate"), target=Target.DEPARTMENT)))
    assert told is not None and "不分部门" in told and "问题办结率" in told


def test_pay_and_months_in_a_row_must_make_sense():
    ours = scheme(
        Indicator("a", "甲", Manual(), full=D(100)),
        consecutive=(Consecutive("很差", 2, "约谈"), Consecutive("不合格", 1, " ")),
        pay=Pay(factors=(Factor("优秀", D(1)), Factor("优秀", D("-1"))), base=D("10.005")),
        probation_months=-1,
        absent_beyond=D(101),
        calibration_limit=D(0),
        appeal_days=-1,
    )
    assert messages(check(ours)) == [
        "连续几个月“很差”：等次里没有它。",
        "连续 1 个月“不合格”：应为 2 个月以上。",
        "连续 1 个月“不合格”：没写怎么办。",
        "绩效系数里的“优秀”不在等次里。",
        "绩效系数里的“优秀”不在等次里。",
        "绩效里“优秀”写了两次。",
        "等次“合格”没写绩效系数。",
        "等次“不合格”没写绩效系数。",
        "绩效基数是 10.005，最多写 2 位小数。",
        "“优秀”的绩效系数是 −1，应为 0 以上。",
        "试用期的月数应为 0 以上。",
        "缺勤超过 101% 不定等次，应在 0% 至 100% 之间。",
        "校准最多 0 分，应大于 0 分。",
        "公示和申诉的天数应为 0 以上。",
    ]


@pytest.mark.parametrize(
    ("rule", "way", "fits"),
    [
        (Linear(D(0), D(1)), Prorate.TARGET, True),
        (Deduction(D(1)), Prorate.CAP, True),
        (Bonus(), Prorate.CAP, True),
        (RateTimesWeight(), Prorate.LOSS, True),
        (RateTimesWeight(), Prorate.TARGET, False),
        (Manual(), Prorate.CAP, False),
        (Bonus(), Prorate.LOSS, False),
        (Veto(), Prorate.LOSS, False),
    ],
)
def test_a_part_month_changes_only_what_it_can(rule, way, fits):
    weight = D(0) if isinstance(rule, Bonus | Veto) else D(40)
    ours = scheme(
        Indicator("a", "甲", rule, full=weight, prorate=way),
        Indicator("b", "乙", Manual(), full=100 - weight),
        bonus_cap=D(5),
    )
    told = [f"“甲”不能{way.label}：这种规则没有可折算的。"]
    assert messages(check(ours)) == ([] if fits else told)
