"""What must hold before a scheme is used, and before a raw value is scored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from gridoffice.assessment.sources import source_problems
from gridoffice.errors import Problem, Severity
from gridoffice.scoring.columns import reason_columns
from gridoffice.scoring.policies import Origin, PayKind
from gridoffice.scoring.rule_checks import (
    POINT_PLACES,
    VALUE_LIMIT,
    VALUE_PLACES,
    error,
    number_problems,
    repeated,
    rule_problems,
    warning,
    within_problems,
)
from gridoffice.scoring.scheme import (
    Input,
    Measure,
    Nature,
    Scheme,
    all_inputs,
    counts_of,
    inputs,
    is_bonus,
    is_money,
    is_shown,
    is_veto,
    weighs,
)
from gridoffice.scoring.shapes import (
    Bonus,
    Deduction,
    FloorPerN,
    Manual,
    Money,
    Shown,
    Veto,
    plain,
)

# The roster's own headings, and those that never hold a value.
TAKEN_NAMES = frozenset(
    "序号 姓名 身份证号 工号 手机号 网格 社区 街道 岗位 总分 等次 名次 备注 合计 小计".split()
)

# What each item forbids as a ground of assessment, and the words by which an indicator gives itself away.
FROWNED_UPON = {
    "（二）不得设置打卡签到、积分排名、统计在线时长等强制性功能": "打卡 签到 积分排名 在线时长 在线率 上线时长 群活跃 活跃度",
    "（三）不得强制推广下载、考核安装使用率、强制定期登录": "下载量 下载率 安装使用率 登录率 登录 日活",
    "（四）不得把点赞量、网络投票数、转发量、学习时长等作为考评依据，非必要不得强制上传照片、视频、轨迹": (
        "点赞 投票 转发 学习时长 学习时间 学习积分 阅读量 轨迹 上传照片 照片上传 上传视频 视频上传"
    ),
}
REASON_LENGTH = 200
"""So many characters stand beside a mark: a notice is one page."""
MEASURE_RULE = "《政务移动互联网应用程序规范化管理办法》（国办，2026）"


def check(scheme: Scheme) -> list[Problem]:
    """Everything that speaks against the scheme: errors forbid its use, warnings are shown."""
    return [
        *_names(scheme),
        *_weights(scheme),
        *(problem for indicator in scheme.indicators for problem in rule_problems(scheme, indicator)),
        *(
            problem
            for indicator in scheme.indicators
            if indicator.within
            for problem in within_problems(scheme, indicator)
        ),
        *_sources(scheme),
        *_grades(scheme),
        *_in_a_row(scheme),
        *_pay(scheme),
        *_course(scheme),
        *_balance(scheme),
        *_guardrail(scheme),
    ]


def _names(scheme: Scheme) -> Iterator[Problem]:
    if not scheme.indicators:
        yield error("方案里还没有指标。")
    for key in repeated(indicator.key for indicator in scheme.indicators):
        yield error(f"代号“{key}”用了两次。")
    for name in repeated(indicator.name for indicator in scheme.indicators):
        yield error(f"指标“{name}”出现两次。")
    headings: dict[str, Input] = {}
    for entry in all_inputs(scheme):
        for heading in dict.fromkeys((entry.label, *entry.aliases)):
            if heading in TAKEN_NAMES:
                yield error(f"表头“{heading}”是花名册里的列，给“{entry.label}”换个名称。")
            other = headings.setdefault(heading, entry)
            if other.key != entry.key and other.label != entry.label:
                yield error(f"表头“{heading}”同时指“{other.label}”和“{entry.label}”。")
    for entry in {entry for indicator in scheme.indicators for entry in inputs(indicator)}:
        if headings[entry.label].measure is not entry.measure:
            yield error(
                f"“{entry.label}”既是{headings[entry.label].measure.label}又是{entry.measure.label}。"
            )
    for one in reason_columns(scheme).values():
        other = headings.get(one.field.label)
        if other is not None:
            yield error(f"表头“{other.label}”是打分的说明，给这一列换个名称。")
    keys = {indicator.key for indicator in scheme.indicators}
    for key in scheme.ties:
        if key not in keys:
            yield error(f"同分时比较的“{key}”不在指标里。")
    for indicator in scheme.indicators:
        if not indicator.key or not indicator.name.strip():
            yield error("有指标没有代号或名称。", indicator)


def _weights(scheme: Scheme) -> Iterator[Problem]:
    if not 0 <= scheme.places <= 3:
        yield error(f"小数位数是 {scheme.places}，应在 0 至 3 之间。")
        return
    total = sum((indicator.full for indicator in scheme.indicators if weighs(indicator)), Decimal(0))
    if total != scheme.full:
        word = "少" if total < scheme.full else "多"
        yield error(
            f"各项满分合计 {total:.2f} 分，应为 {scheme.full:.2f} 分，"
            f"{word} {plain(abs(scheme.full - total))} 分。"
        )
    yield from number_problems(scheme.full, "满分", scheme.places, None)
    yield from number_problems(scheme.bonus_cap, "加分封顶", scheme.places, None)
    if scheme.full <= 0:
        yield error("方案满分应大于 0 分。")
    if scheme.bonus_cap < 0:
        yield error("加分封顶应为 0 分以上。")
    if scheme.ceiling is not None and scheme.ceiling != round(scheme.ceiling, scheme.places):
        yield error(f"总分上限是 {plain(scheme.ceiling)}，最多写 {scheme.places} 位小数。")
    if scheme.ceiling is not None and scheme.ceiling < scheme.full:
        yield error(f"总分上限 {plain(scheme.ceiling)} 分低于满分 {plain(scheme.full)} 分。")
    for indicator in scheme.indicators:
        yield from number_problems(indicator.full, "满分", scheme.places, indicator)
        if indicator.full < 0:
            yield error(f"“{indicator.name}”的满分是 {plain(indicator.full)} 分，应为 0 分以上。", indicator)
        if indicator.full and (is_bonus(indicator) or is_veto(indicator)):
            word = "加分" if is_bonus(indicator) else "否决"
            yield error(f"“{indicator.name}”是{word}项，不占满分，满分应为 0 分。", indicator)
        if indicator.full and is_money(indicator):
            yield error(f"“{indicator.name}”计钱不计分，满分应为 0 分。", indicator)
        if indicator.full and is_shown(indicator):
            yield error(f"“{indicator.name}”只列出不计分，满分应为 0 分。", indicator)
        if not indicator.full and not isinstance(
            indicator.rule, Bonus | Veto | Money | Shown | Deduction | FloorPerN
        ):
            yield error(f"“{indicator.name}”没有满分。", indicator)
    if scheme.bonus_cap == 0 and any(is_bonus(indicator) for indicator in scheme.indicators):
        yield error("有加分项，但加分封顶是 0 分。")


def _grades(scheme: Scheme) -> Iterator[Problem]:
    if not scheme.grades:
        yield error("方案里还没有等次。")
        return
    minimums = [grade.minimum for grade in scheme.grades]
    if minimums != sorted(set(minimums), reverse=True):
        yield error("等次要从高到低，下限不能相同。")
    if minimums[-1] != 0:
        yield error(f"最低等次“{scheme.grades[-1].name}”的下限是 {plain(minimums[-1])} 分，应为 0 分。")
    for name in repeated(grade.name for grade in scheme.grades):
        yield error(f"等次“{name}”出现两次。")
    for grade in scheme.grades:
        yield from number_problems(grade.minimum, f"“{grade.name}”的下限", scheme.places, None)
        if grade.quota is not None and not 0 < grade.quota <= 100:
            yield error(f"“{grade.name}”的名额是 {plain(grade.quota)}%，应在 0% 至 100% 之间。")
        if grade.quota is not None:
            yield from number_problems(grade.quota, f"“{grade.name}”的名额", POINT_PLACES, None)
    if scheme.grades[-1].quota is not None:
        yield error(f"最低等次“{scheme.grades[-1].name}”不能限名额。")


def _balance(scheme: Scheme) -> Iterator[Problem]:
    """The papers' sharpest finding: K市 weighs 案件数量 26 % and 案件质量 13 %."""
    quantity, quality = quantity_and_quality(scheme)
    if quantity > quality:
        ratio = f"，是质量类的 {plain(round(quantity / quality, 2))} 倍" if quality else ""
        yield warning(f"数量类 {plain(quantity)} 分，质量类 {plain(quality)} 分{ratio}，数量重于质量。")


def quantity_and_quality(scheme: Scheme) -> tuple[Decimal, Decimal]:
    """The weights of what counts how much and of what counts how well."""

    def weight(nature: Nature) -> Decimal:
        return sum((entry.full for entry in scheme.indicators if entry.nature is nature), Decimal(0))

    return weight(Nature.QUANTITY), weight(Nature.QUALITY)


def _guardrail(scheme: Scheme) -> Iterator[Problem]:
    """The rule speaks of mobile apps of the administration; a desktop scheme that scores the same data
    scores what such an app has to count, so it is warned and not refused."""
    for indicator in scheme.indicators:
        names = (indicator.name, *(entry.label for entry in inputs(indicator)))
        for item, words in FROWNED_UPON.items():
            word = next((one for one in words.split() if any(one in name for name in names)), None)
            if word is not None:
                yield warning(
                    f"“{indicator.name}”含“{word}”：{MEASURE_RULE}{item}。换成办理质量或群众满意度。",
                    indicator,
                )


def _sources(scheme: Scheme) -> Iterator[Problem]:
    for indicator in scheme.indicators:
        name, computed = indicator.name, indicator.origin is Origin.COMPUTED
        if computed and not indicator.computed:
            yield error(f"“{name}”由台账计算，没写 computed（算什么）。", indicator)
        if indicator.computed and not computed:
            yield error(f"“{name}”写了 computed，来源要写 computed。", indicator)
        if indicator.computed:
            yield from source_problems(scheme, indicator)


def _in_a_row(scheme: Scheme) -> Iterator[Problem]:
    names = {grade.name for grade in scheme.grades}
    for rule in scheme.consecutive:
        if rule.grade not in names:
            yield error(f"连续几个月“{rule.grade}”：等次里没有它。")
        if rule.months < 2:
            yield error(f"连续 {rule.months} 个月“{rule.grade}”：应为 2 个月以上。")
        if not rule.consequence.strip():
            yield error(f"连续 {rule.months} 个月“{rule.grade}”：没写怎么办。")


def _pay(scheme: Scheme) -> Iterator[Problem]:
    pay = scheme.pay
    if pay is None:
        return
    names = [grade.name for grade in scheme.grades]
    said = [factor.grade for factor in pay.factors]
    for name in said:
        if name not in names:
            yield error(f"绩效系数里的“{name}”不在等次里。")
    for name in repeated([*said, *(base.title for base in pay.bases)]):
        yield error(f"绩效里“{name}”写了两次。")
    if pay.kind is PayKind.GRADE:
        for name in names:
            if name not in said:
                yield error(f"等次“{name}”没写绩效系数。")
    for what, number, places in (
        ("绩效基数", pay.base, 2),
        ("不定等次的绩效系数", pay.ungraded, POINT_PLACES),
        *((f"“{factor.grade}”的绩效系数", factor.factor, POINT_PLACES) for factor in pay.factors),
        *((f"“{base.title}”的绩效基数", base.amount, 2) for base in pay.bases),
    ):
        if number < 0:
            yield error(f"{what}是 {plain(number)}，应为 0 以上。")
        if number != round(number, places):
            yield error(f"{what}是 {plain(number)}，最多写 {places} 位小数。")


def _course(scheme: Scheme) -> Iterator[Problem]:
    if scheme.probation_months < 0:
        yield error("试用期的月数应为 0 以上。")
    if not 0 <= scheme.absent_beyond <= 100:
        yield error(f"缺勤超过 {plain(scheme.absent_beyond)}% 不定等次，应在 0% 至 100% 之间。")
    yield from number_problems(scheme.absent_beyond, "缺勤比例", POINT_PLACES, None)
    limit = scheme.calibration_limit
    if limit is not None and limit <= 0:
        yield error(f"校准最多 {plain(limit)} 分，应大于 0 分。")
    yield from number_problems(limit, "校准分值", scheme.places, None)
    if scheme.publicity_days < 0 or scheme.appeal_days < 0:
        yield error("公示和申诉的天数应为 0 以上。")


def check_values(scheme: Scheme, values: Mapping[str, Any]) -> list[Problem]:
    """What stands in a row (by column key) and lies outside what its column can hold."""
    problems = [
        problem
        for entry in all_inputs(scheme)
        if (value := values.get(entry.key)) is not None
        for problem in _check_value(entry, value)
    ]
    for indicator in scheme.indicators:
        own = values.get(indicator.key)
        if isinstance(indicator.rule, Manual) and isinstance(own, int | Decimal) and own > indicator.full:
            problems.append(_out(indicator.name, own, f"最多 {plain(indicator.full)} 分"))
        if of := counts_of(indicator.rule):
            *counted, whole_name = of
            parts, whole = [values.get(name) for name in counted], values.get(whole_name)
            part = sum(one for one in parts if one is not None)
            if whole is not None and part > whole:
                problems.append(_out("、".join(counted), part, f"不能多于{whole_name} {plain(whole)}"))
    problems += _check_reasons(scheme, values)
    return problems


def _check_reasons(scheme: Scheme, cells: Mapping[str, Any]) -> Iterator[Problem]:
    for one in reason_columns(scheme).values():
        label, text = one.field.label, cells.get(one.name)
        if text is not None and not isinstance(text, str):
            yield Problem(f"{label}写的是“{text}”，应为文字。", field=label, value=str(text))
        elif text is not None and len(text) > REASON_LENGTH:
            yield Problem(
                f"{label}写了 {len(text)} 个字，最多 {REASON_LENGTH} 个字。", field=label, value=text
            )


def _check_value(entry: Input, value: Any) -> Iterator[Problem]:
    if entry.measure is Measure.YES_NO:
        if not isinstance(value, bool):
            yield Problem(f"{entry.label}写的是“{value}”，应为是或否。", field=entry.label, value=str(value))
        return
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        yield Problem(f"{entry.label}写的是“{value}”，应为数。", field=entry.label, value=str(value))
    elif value < 0:
        yield _out(entry.label, value, "应为 0 以上")
    elif entry.measure is Measure.RATE and value > 100:
        yield _out(entry.label, value, "应在 0 至 100 之间", "%")
    elif entry.measure is Measure.COUNT and value != int(value):
        yield _out(entry.label, value, "应为整数")
    elif value >= VALUE_LIMIT:
        yield _out(entry.label, value, f"应小于 {plain(VALUE_LIMIT)}")
    elif value != round(Decimal(value), VALUE_PLACES):
        yield Problem(
            f"{entry.label}的小数多于 {VALUE_PLACES} 位，按四舍五入取 {VALUE_PLACES} 位。",
            Severity.NOTE,
            field=entry.label,
            value=str(value),
        )


def _out(label: str, value: Decimal | int, right: str, unit: str = "") -> Problem:
    return Problem(f"{label}是 {plain(value)}{unit}，{right}。", field=label, value=plain(value))
