"""An assessment scheme as frozen values: indicators with weight and rule, grades, policies.

The month's workbook, the scoring, the trace and the printed rule table all derive from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from db.enums import Target
from gridoffice.scoring.policies import (
    Consecutive,
    Measure,
    Missing,
    Nature,
    Origin,
    Pay,
    Prorate,
    RankGroup,
    Rounding,
    Straddle,
)
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
    Reason,
    Rule,
    Shown,
    Tally,
    Term,
    Veto,
    plain,
)

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One line of a scheme.

    `name` is the heading in the month's workbook and `full` the weight in points (0 for a bonus, a
    veto, and a deduction that is taken from the total). `measure` and `missing` are set only where
    they differ from what the rule's shape or the scheme says. `scorer` is the office that delivers
    the value. `within` names another indicator (by key): this one loses no more points than that one
    did (金牛区 2025: 处置率扣分不超过发现问题数量扣分); where that one does not count, nothing limits.
    `computed` names the source of an indicator that our own ledgers know; `prorate` says what a part
    month changes. `points_name` is the heading of its points in the evaluation table, where that is not
    得分 or 扣分.
    """

    key: str
    name: str
    rule: Rule
    full: Decimal = Decimal(0)
    dimension: str = ""
    unit: str = ""
    nature: Nature = Nature.OTHER
    origin: Origin = Origin.IMPORTED
    scorer: str = ""
    aliases: tuple[str, ...] = ()
    measure: Measure | None = None
    missing: Missing | None = None
    within: str = ""
    computed: str = ""
    prorate: Prorate = Prorate.NONE
    points_name: str = ""


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade from `minimum` points upwards; `quota` limits it to that many per cent of heads."""

    name: str
    minimum: Decimal
    quota: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Scheme:
    """A whole scheme; `grades` stand from the best to the worst.

    `ties` names indicators whose higher points decide between equal totals; who is still equal
    shares the rank. `ceiling` is the highest total with bonus, if there is one. A quota is counted
    over everybody graded together, or within each unit that `quota_pool` names. `titles` are the posts
    it is for (none: all). Who took up the post less than `probation_months` ago, or was away more than
    `absent_beyond` per cent of the month's days, gets points but no grade. A calibration adds or takes at
    most `calibration_limit` points (none: no limit). Days of publicity and of deciding an appeal are
    working days. `level` is the kind of grid that a scheme for areas assesses.
    """

    key: str
    name: str
    version: str
    indicators: tuple[Indicator, ...]
    grades: tuple[Grade, ...]
    target: Target = Target.POST
    full: Decimal = HUNDRED
    bonus_cap: Decimal = Decimal(0)
    ceiling: Decimal | None = None
    missing: Missing = Missing.BLOCKS
    places: int = 2
    ties: tuple[str, ...] = ()
    group: RankGroup = RankGroup.COMMUNITY
    quota_rounding: Rounding = Rounding.DOWN
    quota_pool: RankGroup = RankGroup.NONE
    quota_ties: Straddle = Straddle.FALL
    titles: tuple[str, ...] = ()
    probation_months: int = 0
    absent_beyond: Decimal = Decimal(50)
    consecutive: tuple[Consecutive, ...] = ()
    calibration_limit: Decimal | None = None
    publicity_days: int = 5
    appeal_days: int = 5
    level: str = ""
    pay: Pay | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """One column of the month's workbook."""

    key: str
    label: str
    measure: Measure
    unit: str = ""
    aliases: tuple[str, ...] = ()


def is_bonus(indicator: Indicator) -> bool:
    return isinstance(indicator.rule, Bonus)


def is_veto(indicator: Indicator) -> bool:
    return isinstance(indicator.rule, Veto)


def is_money(indicator: Indicator) -> bool:
    return isinstance(indicator.rule, Money)


def is_shown(indicator: Indicator) -> bool:
    """Whether the indicator is a figure only, shown and not scored."""
    return isinstance(indicator.rule, Shown)


def has_points(indicator: Indicator) -> bool:
    """Whether the indicator takes or gives points at all."""
    return not isinstance(indicator.rule, Veto | Money | Shown)


def weighs(indicator: Indicator) -> bool:
    """Whether the indicator has a share in the scheme's full marks."""
    return indicator.full > 0 and has_points(indicator) and not is_bonus(indicator)


def missing_of(scheme: Scheme, indicator: Indicator) -> Missing:
    """What an empty cell of this indicator means: nobody ticks “no bonus” and “no veto” for all."""
    if indicator.missing is not None:
        return indicator.missing
    return scheme.missing if has_points(indicator) and not is_bonus(indicator) else Missing.AS_ZERO


def blank_of(scheme: Scheme, indicator: Indicator) -> str:
    """What an empty cell of this indicator means, in words."""
    return "空着" if is_shown(indicator) else missing_of(scheme, indicator).label


def cap_of(scheme: Scheme, indicator: Indicator) -> Decimal:
    """The most that a deduction may take or a bonus may give."""
    match indicator.rule:
        case Bonus(cap=cap):
            return scheme.bonus_cap if cap is None else cap
        case Deduction(cap=cap) | FloorPerN(cap=cap):
            whole = indicator.full if weighs(indicator) else scheme.full
            return whole if cap is None else min(cap, whole)
        case _:
            return indicator.full


def forced_grade(scheme: Scheme, rule: Veto) -> str:
    return rule.grade or scheme.grades[-1].name


def counts_of(rule: Rule) -> tuple[str, ...]:
    """The columns whose rate a rule takes: what is counted, last of how many; none where it takes none."""
    match rule:
        case RateTimesWeight(of=of) | InverseRateTimesWeight(of=of) | Deduction(of=of) | Shown(of=of):
            return of
        case _:
            return ()


def _measure(indicator: Indicator) -> Measure:
    if indicator.measure is not None:
        return indicator.measure
    match indicator.rule:
        case RateTimesWeight() | InverseRateTimesWeight():
            return Measure.RATE
        case Veto():
            return Measure.YES_NO
        case Deduction() | Bonus() | FloorPerN() | Normalised() | Money():
            return Measure.COUNT
        case Shown() if indicator.unit != "%":
            return Measure.COUNT
        case _:
            return Measure.RATE if indicator.unit == "%" else Measure.AMOUNT


def inputs(indicator: Indicator) -> tuple[Input, ...]:
    """The columns an indicator reads. A column that is not the indicator's own is keyed by its heading."""
    own = Input(indicator.key, indicator.name, _measure(indicator), indicator.unit, indicator.aliases)
    if of := counts_of(indicator.rule):
        return tuple(Input(name, name, Measure.COUNT, indicator.unit) for name in of)
    match indicator.rule:
        case Shown():
            return (replace(own, key=indicator.name),)
        case Tally(terms=terms) | Bonus(terms=terms) if terms:
            return tuple(Input(term.name, term.name, Measure.COUNT, indicator.unit) for term in terms)
        case Normalised(by=by):
            return (own, *(Input(name, name, Measure.AMOUNT) for name in by))
        case _:
            return (own,)


def all_inputs(scheme: Scheme) -> tuple[Input, ...]:
    """The columns of the month's workbook in the scheme's order; a shared column stands once, by whatever
    other headings one of its readers knows."""
    found: dict[str, Input] = {}
    for indicator in scheme.indicators:
        for entry in inputs(indicator):
            first = found.setdefault(entry.key, entry)
            if entry.aliases and not first.aliases:
                found[entry.key] = replace(first, aliases=entry.aliases)
    return tuple(found.values())


def named(scheme: Scheme, key: str) -> Indicator:
    """The indicator of that key, which the scheme has."""
    return next(indicator for indicator in scheme.indicators if indicator.key == key)


def lost(indicator: Indicator, points: Decimal) -> Decimal:
    """How many points were lost, of the weight or from the total."""
    return (indicator.full if weighs(indicator) else Decimal(0)) - points


def ratio(of: Sequence[str]) -> str:
    """A rate of counts in words: “按期结案量 ÷ 应结案量”, “（甲 + 乙）÷ 丙”."""
    *counted, whole = of
    return f"{counted[0]} ÷ {whole}" if len(counted) == 1 else f"（{' + '.join(counted)}）÷ {whole}"


def describe(scheme: Scheme, indicator: Indicator) -> str:
    """The rule as one line of the printed scheme, for instance “比率 × 25 分”."""
    if not indicator.within:
        return _described(scheme, indicator)
    return f"{_described(scheme, indicator)}，扣分不超过“{named(scheme, indicator.within).name}”的扣分"


def _described(scheme: Scheme, indicator: Indicator) -> str:
    full, cap, unit = plain(indicator.full), plain(cap_of(scheme, indicator)), indicator.unit
    match indicator.rule:
        case RateTimesWeight(of=of, target=target):
            rate = ratio(of) if of else "比率"
            if target is None:
                return f"{rate} × {full} 分"
            return f"{rate}，达到 {plain(target)}% 得 {full} 分，不到的按比例"
        case InverseRateTimesWeight(of=of):
            return f"（1 − {ratio(of) if of else '比率'}）× {full} 分"
        case Deduction(each=each, beyond=beyond, of=of) if of:
            start = f"满分 {full} 分，" if weighs(indicator) else "从总分扣，"
            per_cent = f"{_beyond(beyond, '%')}每 1% 扣 {plain(each)} 分"
            return f"{start}{ratio(of)}，{per_cent}，最多扣 {cap} 分"
        case Deduction(each=each, beyond=beyond):
            start = f"满分 {full} 分，" if weighs(indicator) else "从总分扣，"
            return f"{start}{_beyond(beyond, unit)}每{unit or '次'}扣 {plain(each)} 分，最多扣 {cap} 分"
        case Bonus(terms=terms) if terms:
            return f"{_sum(terms)}，封顶 {cap} 分"
        case Bonus(each=each, beyond=beyond) if unit == "分" and each == 1 and not beyond:
            return f"按分值加，封顶 {cap} 分"
        case Bonus(each=each, beyond=beyond):
            return f"{_beyond(beyond, unit)}每{unit or '次'}加 {plain(each)} 分，封顶 {cap} 分"
        case Bands(bands=bands, below=below, deducts=deducts):
            verb = "扣" if deducts else "得"
            steps = [
                f"{'超过' if band.above else '达到'} {plain(band.at)}{unit} {verb} {plain(band.points)} 分"
                for band in reversed(bands)
            ]
            return f"满分 {full} 分，{'，'.join(steps)}，其余{verb} {plain(below)} 分"
        case FloorPerN(n=n, points=points, beyond=beyond):
            return (
                f"{f'满分 {full} 分' if weighs(indicator) else '从总分扣'}，{_beyond(beyond, unit)}"
                f"每满 {plain(n)} {unit or '次'}扣 {plain(points)} 分，最多扣 {cap} 分"
            )
        case Linear(start=start, slope=slope, low=low, high=high):
            top = plain(indicator.full if high is None else high)
            sign = "+" if slope >= 0 else "−"
            begin = f"{plain(start)} {sign} " if start or slope < 0 else ""
            return f"{begin}{plain(abs(slope))} × {indicator.name}，限 {plain(low)} 至 {top} 分"
        case Tally(terms=terms, start=start):
            begin = plain(start) if start else ""
            return f"{_sum(terms, begin)}，{'限 0 至' if begin or _loses(terms) else '封顶'} {full} 分"
        case Normalised(each=each, by=by):
            return f"{full} − {indicator.name} × {plain(each)} ÷（{' × '.join(by)}）"
        case Manual(reason=reason):
            why = "" if reason is Reason.NONE else f"，{reason.label}"
            return f"手动评分，0 至 {full} 分{why}"
        case Money(each=each, beyond=beyond, short_of=short_of, cap=cap):
            verb = "奖" if each > 0 else "扣"
            start = f"{_beyond(beyond, unit)}每{unit or '次'}"
            if short_of is not None:
                start = f"不满 {plain(short_of)} {unit or '次'}的，每少一{unit or '次'}"
            most = "" if cap is None else f"，最多{verb} {plain(cap)} 元"
            return f"{start}{verb} {plain(abs(each))} 元{most}，不计分"
        case Shown(of=of):
            return f"{ratio(of)}，只列出，不计分" if of else "只列出，不计分"
        case Veto(effect=Effect.FORCED) as veto:
            return f"一票否决：直接定为“{forced_grade(scheme, veto)}”"
        case Veto(effect=effect):
            return f"一票否决：{effect.label}"


def _sum(terms: tuple[Term, ...], begin: str = "") -> str:
    """The kinds of work of a rule with what each is worth: “新增 × 1 + 修改 × 0.5”."""
    text = begin
    for term in terms:
        text += f" {'−' if term.each < 0 else '+'} {term.name} × {plain(abs(term.each))}"
    return text.removeprefix(" + ").strip()


def _loses(terms: tuple[Term, ...]) -> bool:
    return any(term.each < 0 for term in terms)


def _beyond(beyond: Decimal, unit: str) -> str:
    return f"超过 {plain(beyond)} {unit or '次'}后，" if beyond else ""
