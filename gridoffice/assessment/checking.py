"""What must hold before a scheme is used, and before a raw value is scored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from gridoffice.assessment.rule_checks import (
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
from gridoffice.assessment.scheme import (
    Input,
    Measure,
    Nature,
    Scheme,
    all_inputs,
    inputs,
    is_bonus,
    is_money,
    is_veto,
    weighs,
)
from gridoffice.assessment.shapes import (
    Bonus,
    Deduction,
    FloorPerN,
    InverseRateTimesWeight,
    Manual,
    Money,
    RateTimesWeight,
    Veto,
    plain,
)
from gridoffice.errors import Problem, Severity

# The roster's own headings, and those that never hold a value.
TAKEN_NAMES = frozenset(
    "序号 姓名 身份证号 工号 手机号 网格 社区 街道 岗位 总分 等次 名次 备注 合计 小计".split()
)

# 《政务移动互联网应用程序规范化管理办法》 (国务院办公厅, January 2026), items 二 to 四.
FROWNED_UPON = "打卡 在线时长 积分排名 点赞 转发 学习时长 登录率 投票 轨迹 群活跃".split()
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
        *_grades(scheme),
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
        if not indicator.full and not isinstance(
            indicator.rule, Bonus | Veto | Money | Deduction | FloorPerN
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
    for indicator in scheme.indicators:
        names = (indicator.name, *(entry.label for entry in inputs(indicator)))
        for word in FROWNED_UPON:
            if any(word in name for name in names):
                yield warning(
                    f"“{indicator.name}”含“{word}”：{MEASURE_RULE}不许把打卡、在线时长、积分排名、点赞、"
                    "转发、学习时长、轨迹这类数据作为基层考评依据。换成办理质量或群众满意度。",
                    indicator,
                )


def check_values(scheme: Scheme, values: Mapping[str, Any]) -> list[Problem]:
    """Raw values (by column key) that lie outside what their column can hold."""
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
        if isinstance(indicator.rule, RateTimesWeight | InverseRateTimesWeight) and indicator.rule.of:
            part_name, whole_name = indicator.rule.of
            part, whole = values.get(part_name), values.get(whole_name)
            if part is not None and whole is not None and part > whole:
                problems.append(_out(part_name, part, f"不能多于{whole_name} {plain(whole)}"))
    return problems


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
