"""What must hold of the rule of one indicator before a scheme is used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from gridoffice.errors import Problem, Severity
from gridoffice.scoring.policies import Prorate
from gridoffice.scoring.scheme import (
    Indicator,
    Measure,
    Scheme,
    cap_of,
    counts_of,
    has_points,
    inputs,
    is_bonus,
    weighs,
)
from gridoffice.scoring.shapes import (
    Bands,
    Bonus,
    Deduction,
    Effect,
    FloorPerN,
    Linear,
    Money,
    Normalised,
    RateTimesWeight,
    Rule,
    Shown,
    Tally,
    Term,
    Veto,
    plain,
)

# The limits within which scoring is exact in 64-bit arithmetic (see arithmetic.py).
VALUE_LIMIT = Decimal(10) ** 8
POINT_LIMIT = Decimal(1000)
POINT_PLACES = 4
VALUE_PLACES = 4


def error(message: str, indicator: Indicator | None = None) -> Problem:
    return Problem(message, field=indicator.name if indicator else None)


def warning(message: str, indicator: Indicator | None = None) -> Problem:
    return Problem(message, Severity.WARNING, field=indicator.name if indicator else None)


def repeated(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


def number_problems(
    number: Decimal | None, what: str, places: int, indicator: Indicator | None
) -> Iterator[Problem]:
    """A number of the scheme that cannot be kept exactly."""
    if number is None:
        return
    name = f"“{indicator.name}”的{what}" if indicator else what
    if abs(number) > POINT_LIMIT:
        yield error(f"{name}是 {plain(number)}，超过 {plain(POINT_LIMIT)}。", indicator)
    if number != round(number, places):
        yield error(f"{name}是 {plain(number)}，最多写 {places} 位小数。", indicator)


def rule_problems(scheme: Scheme, indicator: Indicator) -> Iterator[Problem]:
    name, rule, whole = indicator.name, indicator.rule, cap_of(scheme, indicator)
    yield from _prorated(indicator)
    for what, number in _numbers(indicator):
        yield from number_problems(number, what, POINT_PLACES, indicator)
    of = counts_of(rule)
    if len(of) == 1 or len(set(of)) != len(of):
        yield error(f"“{name}”的比率要写分子和分母，每列写一次。", indicator)
    match rule:
        case RateTimesWeight(target=Decimal() as target):
            if not 0 < target <= 100:
                yield error(f"“{name}”的目标是 {plain(target)}%，应在 0% 至 100% 之间。", indicator)
        case Deduction(each=each, cap=cap) | Bonus(each=each, cap=cap) | FloorPerN(points=each, cap=cap):
            word = "加" if is_bonus(indicator) else "扣"
            if each <= 0:
                yield error(f"“{name}”每次{word} {plain(each)} 分，应大于 0 分。", indicator)
            if isinstance(rule, FloorPerN) and rule.n <= 0:
                yield error(f"“{name}”每满 {plain(rule.n)} 扣分，应大于 0。", indicator)
            if rule.beyond < 0:
                yield error(f"“{name}”的起算数应为 0 以上。", indicator)
            if cap is not None:
                yield from _cap(scheme, indicator, cap, word)
            if isinstance(rule, Bonus) and rule.terms:
                yield from _terms(indicator, rule.terms)
        case Bands(bands=bands, below=below):
            ladder = [(band.at, band.above) for band in bands]
            if not bands or ladder != sorted(set(ladder)):
                yield error(f"“{name}”的分档要从低到高，不能重复。", indicator)
            for points in (below, *(band.points for band in bands)):
                if not 0 <= points <= whole:
                    yield error(
                        f"“{name}”有一档写 {plain(points)} 分，应在 0 至 {plain(whole)} 分之间。", indicator
                    )
        case Linear(slope=slope, low=low, high=high):
            top = indicator.full if high is None else high
            if slope == 0:
                yield error(f"“{name}”每增加 1 加减 0 分，分数不会变。", indicator)
            if not 0 <= low < top <= indicator.full:
                yield error(
                    f"“{name}”限 {plain(low)} 至 {plain(top)} 分，应在 0 至 {plain(whole)} 分之间。",
                    indicator,
                )
        case Tally(terms=terms, start=start):
            if not terms:
                yield error(f"“{name}”里还没有要数的工作。", indicator)
            if not 0 <= start <= whole:
                yield error(f"“{name}”从 {plain(start)} 分起，应在 0 至 {plain(whole)} 分之间。", indicator)
            if not start and all(term.each < 0 for term in terms) and terms:
                yield error(f"“{name}”从 0 分起只扣不加，总是 0 分。", indicator)
            yield from _terms(indicator, terms)
        case Normalised(each=each, by=by):
            if each <= 0 or not by:
                yield error(f"“{name}”要写每件扣分和作分母的列。", indicator)
        case Veto(effect=Effect.FORCED, grade=grade):
            if grade and grade not in {known.name for known in scheme.grades}:
                yield error(f"“{name}”定为“{grade}”，等次里没有它。", indicator)
        case Veto(effect=Effect.NOT_TOP):
            if len(scheme.grades) < 2:
                yield error(f"“{name}”不得评最高等次，但方案只有一个等次。", indicator)
        case Money(each=each, beyond=beyond, short_of=short_of, cap=cap):
            if each == 0:
                yield error(f"“{name}”每次 0 元，没有奖扣。", indicator)
            if beyond < 0 or (beyond and short_of is not None):
                yield error(f"“{name}”的起算数应为 0 以上，写了应完成数就不写起算数。", indicator)
            if short_of is not None and short_of <= 0:
                yield error(f"“{name}”的应完成数是 {plain(short_of)}，应大于 0。", indicator)
            if cap is not None and cap <= 0:
                yield error(f"“{name}”最多 {plain(cap)} 元，应大于 0 元。", indicator)
        case _:
            pass


def _terms(indicator: Indicator, terms: Sequence[Term]) -> Iterator[Problem]:
    for term in terms:
        if term.each == 0 or (term.each < 0 and is_bonus(indicator)):
            word = "大于 0 的分值" if is_bonus(indicator) else "分值"
            yield error(f"“{indicator.name}”的“{term.name}”要写{word}。", indicator)
    for name in repeated(term.name for term in terms):
        yield error(f"“{indicator.name}”里“{name}”出现两次。", indicator)


def prorates(rule: Rule, way: Prorate) -> bool:
    """Whether a rule can follow a part month in that way."""
    counts_work = isinstance(rule, Deduction | Bonus | FloorPerN | Bands | Linear | Tally)
    counts_work = counts_work and not counts_of(rule)
    match way:
        case Prorate.NONE:
            return True
        case Prorate.TARGET:
            return counts_work
        case Prorate.CAP:
            return isinstance(rule, Deduction | Bonus | FloorPerN)
        case Prorate.LOSS:
            return not isinstance(rule, Bonus | Veto | Money | Shown)


def _prorated(indicator: Indicator) -> Iterator[Problem]:
    name, way = indicator.name, indicator.prorate
    (entry, *_) = inputs(indicator)
    if not prorates(indicator.rule, way) or (way is Prorate.TARGET and entry.measure is Measure.RATE):
        yield error(f"“{name}”不能{way.label}：这种规则没有可折算的。", indicator)


def within_problems(scheme: Scheme, indicator: Indicator) -> Iterator[Problem]:
    """Whether the indicator whose loss limits this one is there, and is not limited itself."""
    others = {other.key: other for other in scheme.indicators}
    other = others.get(indicator.within)
    if other is None or other is indicator:
        yield error(f"“{indicator.name}”的扣分以“{indicator.within}”为限，指标里没有它。", indicator)
        return
    for one in (indicator, other):
        if is_bonus(one) or not has_points(one):
            yield error(f"“{one.name}”不扣分，不能拿来限扣分。", indicator)
    if other.within:
        yield error(f"“{indicator.name}”以“{other.name}”为限，“{other.name}”自己又以别的为限。", indicator)


def _cap(scheme: Scheme, indicator: Indicator, cap: Decimal, word: str) -> Iterator[Problem]:
    if cap <= 0:
        yield error(f"“{indicator.name}”最多{word} {plain(cap)} 分，应大于 0 分。", indicator)
    elif is_bonus(indicator):
        if cap > scheme.bonus_cap:
            yield error(
                f"“{indicator.name}”封顶 {plain(cap)} 分，超过加分总封顶 {plain(scheme.bonus_cap)} 分。",
                indicator,
            )
    elif weighs(indicator) and cap > indicator.full:
        yield error(
            f"“{indicator.name}”最多扣 {plain(cap)} 分，超过本项满分 {plain(indicator.full)} 分。", indicator
        )


def _numbers(indicator: Indicator) -> list[tuple[str, Decimal | None]]:
    match indicator.rule:
        case Deduction(each=each, cap=cap, beyond=beyond):
            return [("每次分值", each), ("封顶", cap), ("起算数", beyond)]
        case Bonus(each=each, cap=cap, beyond=beyond, terms=terms):
            of_terms = (("每件分值", term.each) for term in terms)
            return [("每次分值", each), ("封顶", cap), ("起算数", beyond), *of_terms]
        case RateTimesWeight(target=target):
            return [("目标", target)]
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
        case Tally(terms=terms, start=start):
            return [("起始分", start), *(("每件分值", term.each) for term in terms)]
        case Normalised(each=each):
            return [("每件扣分", each)]
        case _:
            return []
