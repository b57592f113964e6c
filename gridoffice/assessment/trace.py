"""How a score came about, in sentences a worker can check with a pocket calculator.

The points are those of the scoring itself; a sentence only sets out the numbers that led to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from gridoffice.assessment.policies import Prorate
from gridoffice.assessment.scheme import (
    Indicator,
    Measure,
    Missing,
    RankGroup,
    Scheme,
    cap_of,
    forced_grade,
    inputs,
    is_bonus,
    lost,
    missing_of,
    named,
    ratio,
    weighs,
)
from gridoffice.assessment.scoring import Inputs, Raw, Scored, score, settle
from gridoffice.assessment.shapes import (
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
from gridoffice.assessment.shapes import Term as WorkTerm


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One indicator: its sentence and its points (None: it does not count, or is a veto)."""

    key: str
    name: str
    sentence: str
    points: Decimal | None
    full: Decimal


@dataclass(frozen=True, slots=True)
class Term:
    """One addend of the total: an indicator's points, or an adjustment named in words."""

    name: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Trace:
    """A whole score. The points of `terms` add up to the total exactly; `formula` writes them out.

    Without a total there are no terms and no formula, and `verdict` says what is still missing.
    """

    lines: tuple[TraceLine, ...]
    terms: tuple[Term, ...]
    formula: str
    verdict: str
    notes: tuple[str, ...]


def explain(
    scheme: Scheme,
    values: Mapping[str, Raw],
    scored: Scored | None = None,
    beside: Inputs | None = None,
    whole: int = 0,
) -> Trace:
    """The trace of `scored`; without it the values are scored alone: no rank is told, no quota applies.

    `beside` says what but the values bears on the score (days at work of the month's `whole`, whether
    graded, what was added, which grade was granted)."""
    alone = scored is None
    own = Inputs("", values) if beside is None else replace(beside, values=values)
    if scored is None:
        unlimited = replace(scheme, grades=tuple(replace(grade, quota=None) for grade in scheme.grades))
        (scored,) = score(unlimited, [own], whole)
    part = _part_month(own, whole)
    lines = tuple(
        TraceLine(
            indicator.key,
            indicator.name,
            _sentence(scheme, indicator, values, points, indicator.key in scored.missing, part)
            + _limited(scheme, indicator, points, scored),
            points,
            indicator.full,
        )
        for indicator, points in zip(scheme.indicators, scored.parts, strict=True)
    )
    terms = tuple(_terms(scheme, scored, own))
    return Trace(
        lines,
        terms,
        _formula(terms, scored),
        _verdict(scheme, scored, alone),
        tuple(_notes(scheme, scored, own, part)),
    )


def _part_month(own: Inputs, whole: int) -> tuple[int, int] | None:
    """Days at work and days of the month, where somebody was not there all of it."""
    if not whole or own.present is None or not 0 < own.present < whole:
        return None
    return own.present, whole


def _terms(scheme: Scheme, scored: Scored, own: Inputs) -> Iterator[Term]:
    if scored.total is None or scored.base is None or scored.bonus is None:
        return
    sum_of_parts = Decimal(0)
    for indicator, points in zip(scheme.indicators, scored.parts, strict=True):
        if points is not None and not is_bonus(indicator) and (weighs(indicator) or points):
            yield Term(indicator.name, points)
            sum_of_parts += points
    if scored.base != sum_of_parts:
        yield Term("其余项折算" if _excluded(scheme, scored) else "基础分限额", scored.base - sum_of_parts)
    if scored.bonus:
        yield Term("加分", scored.bonus)
    top = scheme.full + scheme.bonus_cap if scheme.ceiling is None else scheme.ceiling
    before = min(scored.base + scored.bonus, top)
    if before != scored.base + scored.bonus:
        yield Term("总分上限", before - scored.base - scored.bonus)
    added = min(max(before + _added(scheme, own), Decimal(0)), top)
    if added != before:
        yield Term("校准和申诉", added - before)
    if scored.total != added:
        yield Term("一票否决", scored.total - added)


def _added(scheme: Scheme, own: Inputs) -> Decimal:
    """What calibration and appeals add, as it counts."""
    return own.adjustment.quantize(Decimal(1).scaleb(-scheme.places), ROUND_HALF_UP)


def _formula(terms: tuple[Term, ...], scored: Scored) -> str:
    if scored.total is None:
        return ""
    text = ""
    for term in terms:
        sign = "−" if term.points < 0 else "+"
        text += f" {sign} {term.name} {plain(abs(term.points))}"
    return f"{text.removeprefix(' + ').strip()} = {plain(scored.total)}"


def _excluded(scheme: Scheme, scored: Scored) -> list[Indicator]:
    parts = zip(scheme.indicators, scored.parts, strict=True)
    return [indicator for indicator, points in parts if points is None and weighs(indicator)]


def _vetoes(scheme: Scheme, scored: Scored, *effects: Effect) -> list[Indicator]:
    return [
        indicator
        for indicator in scheme.indicators
        if isinstance(indicator.rule, Veto)
        and indicator.rule.effect in effects
        and indicator.key in scored.vetoed
    ]


def _verdict(scheme: Scheme, scored: Scored, alone: bool) -> str:
    if scored.total is None:
        blocking = [
            indicator.name
            for indicator in scheme.indicators
            if indicator.key in scored.missing and missing_of(scheme, indicator) is Missing.BLOCKS
        ]
        return f"待补：{'、'.join(blocking)}" if blocking else "没有可计分的指标，不出总分"
    if scored.grade is None:
        return f"总分 {plain(scored.total)} 分，不定等次，不排名"
    ranks = ""
    if not alone:
        ranks = f"，第 {scored.rank} 名"
        if scheme.group is not RankGroup.NONE:
            ranks += f"（{scheme.group.label}第 {scored.group_rank} 名）"
    return f"总分 {plain(scored.total)} 分，等次“{scored.grade}”{ranks}"


def _notes(scheme: Scheme, scored: Scored, own: Inputs, part: tuple[int, int] | None) -> Iterator[str]:
    if scored.total is None:
        return
    if part is not None and any(one.prorate is not Prorate.NONE for one in scheme.indicators):
        yield f"当月 {part[1]} 天，在岗 {part[0]} 天，写明折算的项目按在岗天数折算"
    left_out = _excluded(scheme, scored)
    if left_out:
        weight = sum((indicator.full for indicator in left_out), Decimal(0))
        names = "、".join(indicator.name for indicator in left_out)
        yield (
            f"{names}不计，其余 {plain(scheme.full - weight)} 分的得分按 "
            f"{plain(scheme.full)} ÷ {plain(scheme.full - weight)} 折算"
        )
    pool = [points for entry, points in zip(scheme.indicators, scored.parts, strict=True) if is_bonus(entry)]
    bonus = sum((points for points in pool if points is not None), Decimal(0))
    if bonus > scheme.bonus_cap:
        yield f"加分合计 {plain(bonus)} 分，封顶 {plain(scheme.bonus_cap)} 分"
    for indicator in _vetoes(scheme, scored, *Effect):
        if isinstance(indicator.rule, Veto):
            yield f"一票否决（{indicator.name}）：{_effect(scheme, indicator.rule)}"
    if reason := grade_reason(scheme, scored, own.granted):
        yield reason


def grade_reason(scheme: Scheme, scored: Scored, granted: str | None = None) -> str:
    """Why the grade is not the one that the points alone would bring; empty where it is. `granted` is the
    grade that calibration or an appeal set."""
    if scored.grade is None or scored.grade == scored.earned:
        return ""
    if _vetoes(scheme, scored, Effect.FORCED, Effect.NOT_TOP) and scored.grade != granted:
        return f"按总分为“{scored.earned}”，一票否决，定为“{scored.grade}”"
    if scored.grade == granted:
        return f"按总分为“{scored.earned}”，校准或申诉定为“{scored.grade}”"
    return f"按总分为“{scored.earned}”，名额已满，定为“{scored.grade}”"


def _effect(scheme: Scheme, rule: Veto) -> str:
    return f"直接定为“{forced_grade(scheme, rule)}”" if rule.effect is Effect.FORCED else rule.effect.label


def _sentence(
    scheme: Scheme,
    indicator: Indicator,
    values: Mapping[str, Raw],
    points: Decimal | None,
    missing: bool,
    part: tuple[int, int] | None,
) -> str:
    if missing:
        unfilled = [entry.label for entry in inputs(indicator) if values.get(entry.key) is None]
        which = f"（{'、'.join(unfilled)}未填）" if len(inputs(indicator)) > 1 else ""
        return f"{indicator.name}{which}：{missing_of(scheme, indicator).label}"
    if isinstance(indicator.rule, Veto):
        return (
            f"{indicator.name}：是，{_effect(scheme, indicator.rule)}"
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


def _limited(scheme: Scheme, indicator: Indicator, points: Decimal | None, scored: Scored) -> str:
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
