"""What must hold before a scheme is used, and before a raw value is scored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from gridoffice.assessment.scheme import (
    Indicator,
    Input,
    Measure,
    Nature,
    Scheme,
    all_inputs,
    cap_of,
    inputs,
    is_bonus,
    is_veto,
    weighs,
)
from gridoffice.assessment.shapes import (
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
    Veto,
    plain,
)
from gridoffice.errors import Problem, Severity

# The limits within which scoring is exact in 64-bit arithmetic (see engine.py).
VALUE_LIMIT = Decimal(10) ** 8
POINT_LIMIT = Decimal(1000)
POINT_PLACES = 4
VALUE_PLACES = 4

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
        *(problem for indicator in scheme.indicators for problem in _rule(scheme, indicator)),
        *(
            problem
            for indicator in scheme.indicators
            if indicator.within
            for problem in _within(scheme, indicator)
        ),
        *_grades(scheme),
        *_balance(scheme),
        *_guardrail(scheme),
    ]


def _error(message: str, indicator: Indicator | None = None) -> Problem:
    return Problem(message, field=indicator.name if indicator else None)


def _warning(message: str, indicator: Indicator | None = None) -> Problem:
    return Problem(message, Severity.WARNING, field=indicator.name if indicator else None)


def _names(scheme: Scheme) -> Iterator[Problem]:
    if not scheme.indicators:
        yield _error("方案里还没有指标。")
    for key in _repeated(indicator.key for indicator in scheme.indicators):
        yield _error(f"代号“{key}”用了两次。")
    for name in _repeated(indicator.name for indicator in scheme.indicators):
        yield _error(f"指标“{name}”出现两次。")
    headings: dict[str, Input] = {}
    for entry in all_inputs(scheme):
        for heading in dict.fromkeys((entry.label, *entry.aliases)):
            if heading in TAKEN_NAMES:
                yield _error(f"表头“{heading}”是花名册里的列，给“{entry.label}”换个名称。")
            other = headings.setdefault(heading, entry)
            if other.key != entry.key and other.label != entry.label:
                yield _error(f"表头“{heading}”同时指“{other.label}”和“{entry.label}”。")
    for entry in {entry for indicator in scheme.indicators for entry in inputs(indicator)}:
        if headings[entry.label].measure is not entry.measure:
            yield _error(
                f"“{entry.label}”既是{headings[entry.label].measure.label}又是{entry.measure.label}。"
            )
    keys = {indicator.key for indicator in scheme.indicators}
    for key in scheme.ties:
        if key not in keys:
            yield _error(f"同分时比较的“{key}”不在指标里。")
    for indicator in scheme.indicators:
        if not indicator.key or not indicator.name.strip():
            yield _error("有指标没有代号或名称。", indicator)


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


def _weights(scheme: Scheme) -> Iterator[Problem]:
    if not 0 <= scheme.places <= 3:
        yield _error(f"小数位数是 {scheme.places}，应在 0 至 3 之间。")
        return
    total = sum((indicator.full for indicator in scheme.indicators if weighs(indicator)), Decimal(0))
    if total != scheme.full:
        word = "少" if total < scheme.full else "多"
        yield _error(
            f"各项满分合计 {total:.2f} 分，应为 {scheme.full:.2f} 分，"
            f"{word} {plain(abs(scheme.full - total))} 分。"
        )
    yield from _number(scheme.full, "满分", scheme.places, None)
    yield from _number(scheme.bonus_cap, "加分封顶", scheme.places, None)
    if scheme.full <= 0:
        yield _error("方案满分应大于 0 分。")
    if scheme.bonus_cap < 0:
        yield _error("加分封顶应为 0 分以上。")
    if scheme.ceiling is not None and scheme.ceiling != round(scheme.ceiling, scheme.places):
        yield _error(f"总分上限是 {plain(scheme.ceiling)}，最多写 {scheme.places} 位小数。")
    if scheme.ceiling is not None and scheme.ceiling < scheme.full:
        yield _error(f"总分上限 {plain(scheme.ceiling)} 分低于满分 {plain(scheme.full)} 分。")
    for indicator in scheme.indicators:
        yield from _number(indicator.full, "满分", scheme.places, indicator)
        if indicator.full < 0:
            yield _error(f"“{indicator.name}”的满分是 {plain(indicator.full)} 分，应为 0 分以上。", indicator)
        if indicator.full and (is_bonus(indicator) or is_veto(indicator)):
            word = "加分" if is_bonus(indicator) else "否决"
            yield _error(f"“{indicator.name}”是{word}项，不占满分，满分应为 0 分。", indicator)
        if not indicator.full and not isinstance(indicator.rule, Bonus | Veto | Deduction | FloorPerN):
            yield _error(f"“{indicator.name}”没有满分。", indicator)
    if scheme.bonus_cap == 0 and any(is_bonus(indicator) for indicator in scheme.indicators):
        yield _error("有加分项，但加分封顶是 0 分。")


def _number(number: Decimal | None, what: str, places: int, indicator: Indicator | None) -> Iterator[Problem]:
    """A number of the scheme that cannot be kept exactly."""
    if number is None:
        return
    name = f"“{indicator.name}”的{what}" if indicator else what
    if abs(number) > POINT_LIMIT:
        yield _error(f"{name}是 {plain(number)}，超过 {plain(POINT_LIMIT)}。", indicator)
    if number != round(number, places):
        yield _error(f"{name}是 {plain(number)}，最多写 {places} 位小数。", indicator)


def _rule(scheme: Scheme, indicator: Indicator) -> Iterator[Problem]:
    name, rule, whole = indicator.name, indicator.rule, cap_of(scheme, indicator)
    for what, number in _numbers(indicator):
        yield from _number(number, what, POINT_PLACES, indicator)
    match rule:
        case RateTimesWeight(of=of) | InverseRateTimesWeight(of=of):
            if len(of) not in (0, 2) or len(set(of)) != len(of):
                yield _error(f"“{name}”的比率要写分子和分母两列。", indicator)
        case Deduction(each=each, cap=cap) | Bonus(each=each, cap=cap) | FloorPerN(points=each, cap=cap):
            word = "加" if is_bonus(indicator) else "扣"
            if each <= 0:
                yield _error(f"“{name}”每次{word} {plain(each)} 分，应大于 0 分。", indicator)
            if isinstance(rule, FloorPerN) and rule.n <= 0:
                yield _error(f"“{name}”每满 {plain(rule.n)} 扣分，应大于 0。", indicator)
            if rule.beyond < 0:
                yield _error(f"“{name}”的起算数应为 0 以上。", indicator)
            if cap is not None:
                yield from _cap(scheme, indicator, cap, word)
        case Bands(bands=bands, below=below):
            ladder = [(band.at, band.above) for band in bands]
            if not bands or ladder != sorted(set(ladder)):
                yield _error(f"“{name}”的分档要从低到高，不能重复。", indicator)
            for points in (below, *(band.points for band in bands)):
                if not 0 <= points <= whole:
                    yield _error(
                        f"“{name}”有一档写 {plain(points)} 分，应在 0 至 {plain(whole)} 分之间。", indicator
                    )
        case Linear(slope=slope, low=low, high=high):
            top = indicator.full if high is None else high
            if slope == 0:
                yield _error(f"“{name}”每增加 1 加减 0 分，分数不会变。", indicator)
            if not 0 <= low < top <= indicator.full:
                yield _error(
                    f"“{name}”限 {plain(low)} 至 {plain(top)} 分，应在 0 至 {plain(whole)} 分之间。",
                    indicator,
                )
        case Tally(terms=terms):
            if not terms or any(term.each <= 0 for term in terms):
                yield _error(f"“{name}”的每类工作都要写大于 0 的分值。", indicator)
            for term in _repeated(term.name for term in terms):
                yield _error(f"“{name}”里“{term}”出现两次。", indicator)
        case Normalised(each=each, by=by):
            if each <= 0 or not by:
                yield _error(f"“{name}”要写每件扣分和作分母的列。", indicator)
        case Veto(effect=Effect.FORCED, grade=grade):
            if grade and grade not in {known.name for known in scheme.grades}:
                yield _error(f"“{name}”定为“{grade}”，等次里没有它。", indicator)
        case Veto(effect=Effect.NOT_TOP):
            if len(scheme.grades) < 2:
                yield _error(f"“{name}”不得评最高等次，但方案只有一个等次。", indicator)
        case Manual() | Veto():
            pass


def _within(scheme: Scheme, indicator: Indicator) -> Iterator[Problem]:
    """Whether the indicator whose loss limits this one is there, and is not limited itself."""
    others = {other.key: other for other in scheme.indicators}
    other = others.get(indicator.within)
    if other is None or other is indicator:
        yield _error(f"“{indicator.name}”的扣分以“{indicator.within}”为限，指标里没有它。", indicator)
        return
    for one in (indicator, other):
        if is_bonus(one) or is_veto(one):
            yield _error(f"“{one.name}”不扣分，不能拿来限扣分。", indicator)
    if other.within:
        yield _error(f"“{indicator.name}”以“{other.name}”为限，“{other.name}”自己又以别的为限。", indicator)


def _cap(scheme: Scheme, indicator: Indicator, cap: Decimal, word: str) -> Iterator[Problem]:
    if cap <= 0:
        yield _error(f"“{indicator.name}”最多{word} {plain(cap)} 分，应大于 0 分。", indicator)
    elif is_bonus(indicator):
        if cap > scheme.bonus_cap:
            yield _error(
                f"“{indicator.name}”封顶 {plain(cap)} 分，超过加分总封顶 {plain(scheme.bonus_cap)} 分。",
                indicator,
            )
    elif weighs(indicator) and cap > indicator.full:
        yield _error(
            f"“{indicator.name}”最多扣 {plain(cap)} 分，超过本项满分 {plain(indicator.full)} 分。", indicator
        )


def _numbers(indicator: Indicator) -> list[tuple[str, Decimal | None]]:
    match indicator.rule:
        case Deduction(each=each, cap=cap, beyond=beyond) | Bonus(each=each, cap=cap, beyond=beyond):
            return [("每次分值", each), ("封顶", cap), ("起算数", beyond)]
        case FloorPerN(n=n, points=points, cap=cap, beyond=beyond):
            return [("每满数", n), ("分值", points), ("封顶", cap), ("起算数", beyond)]
        case Bands(bands=bands, below=below):
            return [
                ("最低一档分值", below),
                *(("分档", band.at) for band in bands),
                *(("分档分值", band.points) for band in bands),
            ]
        case Linear(start=start, slope=slope, low=low, high=high):
            return [("起始分", start), ("每 1 的分值", slope), ("下限", low), ("上限", high)]
        case Tally(terms=terms):
            return [("每件分值", term.each) for term in terms]
        case Normalised(each=each):
            return [("每件扣分", each)]
        case _:
            return []


def _grades(scheme: Scheme) -> Iterator[Problem]:
    if not scheme.grades:
        yield _error("方案里还没有等次。")
        return
    minimums = [grade.minimum for grade in scheme.grades]
    if minimums != sorted(set(minimums), reverse=True):
        yield _error("等次要从高到低，下限不能相同。")
    if minimums[-1] != 0:
        yield _error(f"最低等次“{scheme.grades[-1].name}”的下限是 {plain(minimums[-1])} 分，应为 0 分。")
    for name in _repeated(grade.name for grade in scheme.grades):
        yield _error(f"等次“{name}”出现两次。")
    for grade in scheme.grades:
        yield from _number(grade.minimum, f"“{grade.name}”的下限", scheme.places, None)
        if grade.quota is not None and not 0 < grade.quota <= 100:
            yield _error(f"“{grade.name}”的名额是 {plain(grade.quota)}%，应在 0% 至 100% 之间。")
        if grade.quota is not None:
            yield from _number(grade.quota, f"“{grade.name}”的名额", POINT_PLACES, None)
    if scheme.grades[-1].quota is not None:
        yield _error(f"最低等次“{scheme.grades[-1].name}”不能限名额。")


def _balance(scheme: Scheme) -> Iterator[Problem]:
    """The papers' sharpest finding: K市 weighs 案件数量 26 % and 案件质量 13 %."""
    quantity, quality = quantity_and_quality(scheme)
    if quantity > quality:
        ratio = f"，是质量类的 {plain(round(quantity / quality, 2))} 倍" if quality else ""
        yield _warning(f"数量类 {plain(quantity)} 分，质量类 {plain(quality)} 分{ratio}，数量重于质量。")


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
                yield _warning(
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
