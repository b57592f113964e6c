"""The sentence of one indicator: the numbers that led to its points, set out to be worked through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from gridoffice.scoring.policies import Prorate
from gridoffice.scoring.scheme import (
    Indicator,
    Measure,
    Scheme,
    cap_of,
    forced_grade,
    inputs,
    lost,
    missing_of,
    named,
    ratio,
    weighs,
)
from gridoffice.scoring.scores import Raw, Scored, settle
from gridoffice.scoring.shapes import (
    Bands,
    Bonus,
    Deduction,
    Effect,
    FloorPerN,
    InverseRateTimesWeight,
    Linear,
    Manual,
    Money,
    Normalised,
    RateTimesWeight,
    Shown,
    Tally,
    Veto,
    plain,
)
from gridoffice.scoring.shapes import Term as WorkTerm


def effect_of(scheme: Scheme, rule: Veto) -> str:
    """What a veto does, in words."""
    return f"直接定为“{forced_grade(scheme, rule)}”" if rule.effect is Effect.FORCED else rule.effect.label


def sentence(
    scheme: Scheme,
    indicator: Indicator,
    values: Mapping[str, Raw],
    points: Decimal | None,
    missing: bool,
    part: tuple[int, int] | None,
) -> str:
    """How the points of one indicator came about; `part` are days at work and days of the month, where somebody was not
    there all of it."""
    if missing:
        unfilled = [entry.label for entry in inputs(indicator) if values.get(entry.key) is None]
        which = f"（{'、'.join(unfilled)}未填）" if len(inputs(indicator)) > 1 else ""
        return f"{indicator.name}{which}：{missing_of(scheme, indicator).label}"
    if isinstance(indicator.rule, Veto):
        return (
            f"{indicator.name}：是，{effect_of(scheme, indicator.rule)}"
            if values.get(indicator.key)
            else f"{indicator.name}：否"
        )
    if isinstance(indicator.rule, Money):
        return f"{indicator.name}：计钱不计分"
    if isinstance(indicator.rule, Shown):
        return f"{indicator.name}：{_shown(indicator, values)}"
    if points is None:
        return f"{indicator.name}：分母为 0，不计，其余项折算"
    given = [_number(values.get(entry.key)) for entry in inputs(indicator)]
    if part is None or indicator.prorate is Prorate.NONE:
        return _working(scheme, indicator, given, points)
    present, whole = part
    if indicator.prorate is Prorate.TARGET:
        given = [settle(value * whole / present) for value in given]
    days = f"（在岗 {present} 天，{indicator.prorate.label}：{_PRORATED[indicator.prorate]}）"
    return _working(scheme, indicator, given, points) + days.format(present=present, whole=whole)


_PRORATED = {
    Prorate.TARGET: "完成数 × {whole} ÷ {present}",
    Prorate.CAP: "封顶 × {present} ÷ {whole}",
    Prorate.LOSS: "扣分 × {present} ÷ {whole}",
}


def limited(scheme: Scheme, indicator: Indicator, points: Decimal | None, scored: Scored) -> str:
    """What to add where another indicator's loss is the most that this one may lose."""
    if not indicator.within or points is None:
        return ""
    other = named(scheme, indicator.within)
    theirs = scored.parts[scheme.indicators.index(other)]
    if theirs is None:
        return ""
    return f"（扣分以“{other.name}”扣的 {plain(lost(other, theirs))} 分为限）"


def _number(value: Raw) -> Decimal:
    """The value as it counts, with four places."""
    return settle(value) if isinstance(value, Decimal) else Decimal(value or 0)


def _working(scheme: Scheme, indicator: Indicator, given: list[Decimal], points: Decimal) -> str:
    """The sentence of an indicator whose values are all there."""
    name, value, unit = indicator.name, given[0], indicator.unit or "次"
    full, result, cap = plain(indicator.full), plain(points), cap_of(scheme, indicator)
    gained = f"得 {result} 分" if weighs(indicator) else f"从总分扣 {plain(-points)} 分"
    labels = [entry.label for entry in inputs(indicator)]
    match indicator.rule:
        case RateTimesWeight(of=(), target=None):
            return f"{name} {_percent(value)} × {full} 分 = {result} 分"
        case RateTimesWeight(of=(), target=Decimal() as target):
            if value >= target:
                return f"{name} {_percent(value)}，达到 {_percent(target)} → 得 {result} 分"
            return f"{name} {_percent(value)} ÷ {_percent(target)} × {full} 分 = {result} 分"
        case InverseRateTimesWeight(of=()):
            return f"{name} {_percent(value)}，（100% − {_percent(value)}）× {full} 分 = {result} 分"
        case (RateTimesWeight(empty=empty) | InverseRateTimesWeight(empty=empty)) as rule:
            rate = _ratio(labels, given)
            if given[-1] <= 0:
                return f"{name}：{labels[-1]}为 0，{empty.label}（{result} 分）"
            if isinstance(rule, RateTimesWeight) and rule.target is not None:
                return f"{name}：{rate} ÷ {_percent(rule.target)} × {full} 分，最多 {full} 分 = {result} 分"
            factor = f"（1 − {rate}）" if isinstance(rule, InverseRateTimesWeight) else f"{rate} "
            return f"{name}：{factor}× {full} 分 = {result} 分"
        case Deduction(of=of) if of and given[-1] <= 0:
            return f"{name}：{labels[-1]}为 0，不扣（{gained}）"
        case Deduction(each=each, beyond=beyond, of=of) if of:
            rate = settle(min(sum(given[:-1]) * 100 / given[-1], Decimal(100)))
            over = (
                f"，超过 {_percent(beyond)} 的 {_percent(max(rate - beyond, Decimal(0)))}" if beyond else ""
            )
            lost = f"每 1% 扣 {plain(each)} 分，最多扣 {plain(cap)} 分 → {gained}"
            return f"{name}：{_ratio(labels, given)} = {_percent(rate)}{over}，{lost}"
        case Deduction(each=each, beyond=beyond):
            counted = max(value - beyond, Decimal(0))
            lost = f"× 扣 {plain(each)} 分 = 扣 {plain(counted * each)} 分，最多扣 {plain(cap)} 分 → {gained}"
            return f"{name} {_counted(value, beyond, unit)} {lost}"
        case Bonus(terms=terms) if terms:
            total = sum((term.each * count for term, count in zip(terms, given, strict=True)), Decimal(0))
            return f"{name}：{_summed(terms, given)} = {plain(total)} 分，封顶 {plain(cap)} 分 → {result} 分"
        case Bonus(each=each, beyond=beyond):
            counted = max(value - beyond, Decimal(0))
            if unit == "分" and each == 1:
                return f"{name} {plain(counted)} 分，封顶 {plain(cap)} 分 → {result} 分"
            added = (
                f"× 加 {plain(each)} 分 = 加 {plain(counted * each)} 分，封顶 {plain(cap)} 分 → {result} 分"
            )
            return f"{name} {_counted(value, beyond, unit)} {added}"
        case FloorPerN(n=n, points=each, beyond=beyond):
            steps = max(value - beyond, Decimal(0)) // n
            return (
                f"{name} {_counted(value, beyond, unit)}，每满 {plain(n)} {unit}扣 {plain(each)} 分，"
                f"满 {plain(steps)} 个 = 扣 {plain(steps * each)} 分，最多扣 {plain(cap)} 分 → {gained}"
            )
        case Bands() as rule:
            return f"{name} {_measured(indicator, value)}，{_band(rule, indicator, value)} → 得 {result} 分"
        case Linear(start=start, slope=slope, low=low, high=high):
            sign = "+" if slope >= 0 else "−"
            line = (
                f"{plain(start)} {sign} {plain(abs(slope))} × {plain(value)} = {plain(start + slope * value)}"
            )
            top = plain(indicator.full if high is None else high)
            return f"{name} {plain(value)} {unit}，{line}，限 {plain(low)} 至 {top} 分 → 得 {result} 分"
        case Tally(terms=terms, start=start):
            total = sum((term.each * count for term, count in zip(terms, given, strict=True)), start)
            ends = "封顶" if not start and all(term.each > 0 for term in terms) else "限 0 至"
            worked = _summed(terms, given, plain(start) if start else "")
            return f"{name}：{worked} = {plain(total)} 分，{ends} {full} 分 → 得 {result} 分"
        case Normalised(each=each, empty=empty):
            if any(number <= 0 for number in given[1:]):
                return f"{name}：分母为 0，{empty.label}（{result} 分）"
            by = " × ".join(
                f"{label} {plain(number)}" for label, number in zip(labels[1:], given[1:], strict=True)
            )
            return f"{full} − {name} {plain(value)} × {plain(each)} ÷（{by}）= {result} 分"
        case Manual():
            return f"{name} 评分 {plain(value)} 分，满分 {full} 分 → 得 {result} 分"
        case Veto() | Money() | Shown():
            raise AssertionError("it has no points")


def _summed(terms: Sequence[WorkTerm], given: Sequence[Decimal], begin: str = "") -> str:
    text = begin
    for term, count in zip(terms, given, strict=True):
        text += f" {'−' if term.each < 0 else '+'} {term.name} {plain(count)} × {plain(abs(term.each))}"
    return text.removeprefix(" + ").strip()


def _ratio(labels: Sequence[str], given: Sequence[Decimal]) -> str:
    """A rate of counts with its numbers: “按期结案量 380 ÷ 应结案量 400”."""
    return ratio([f"{label} {plain(number)}" for label, number in zip(labels, given, strict=True)])


def _shown(indicator: Indicator, values: Mapping[str, Raw]) -> str:
    """A figure that bears on nothing; a blank one stays blank."""
    given = {
        entry.label: plain(_number(value))
        for entry in inputs(indicator)
        if (value := values.get(entry.key)) is not None
    }
    told = [number if label == indicator.name else f"{label} {number}" for label, number in given.items()]
    return "，".join([*told, "只列出，不计分"])


def _percent(value: Decimal) -> str:
    return f"{plain(value)}%"


def _measured(indicator: Indicator, value: Decimal) -> str:
    (entry,) = inputs(indicator)
    if entry.measure is Measure.RATE:
        return _percent(value)
    return f"{plain(value)} {indicator.unit}".rstrip()


def _counted(value: Decimal, beyond: Decimal, unit: str) -> str:
    if not beyond:
        return f"{plain(value)} {unit}"
    over = plain(max(value - beyond, Decimal(0)))
    return f"{plain(value)} {unit}，超过 {plain(beyond)} {unit}的 {over} {unit}"


def _band(rule: Bands, indicator: Indicator, value: Decimal) -> str:
    reached = [band for band in rule.bands if value > band.at or (value == band.at and not band.above)]
    if reached:
        place = f"{'超过' if reached[-1].above else '达到'} {_measured(indicator, reached[-1].at)}"
        number = reached[-1].points
    else:
        first = rule.bands[0]
        place = f"{'未超过' if first.above else '不到'} {_measured(indicator, first.at)}"
        number = rule.below
    return f"{place}，扣 {plain(number)} 分" if rule.deducts else place
