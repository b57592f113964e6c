"""The vectorised scoring against plain rational arithmetic, for any scheme and any values.

The reference below is written from the rules as they are told to the clerk, one sheet at a time,
with `Fraction`, and shares no arithmetic with the engine.
"""

from __future__ import annotations

import random
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from gridoffice.assessment.checking import check
from gridoffice.errors import has_error
from gridoffice.scoring.notation import dump, load
from gridoffice.scoring.policies import Prorate
from gridoffice.scoring.scheme import (
    Grade,
    Indicator,
    Missing,
    RankGroup,
    Rounding,
    Scheme,
    inputs,
    missing_of,
)
from gridoffice.scoring.scores import (
    Inputs,
    Scored,
    circumstances,
    pack,
    results,
    score,
    score_packed,
    unpack,
)
from gridoffice.scoring.shapes import (
    Bands,
    Bonus,
    Deduction,
    Effect,
    Empty,
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
)
from gridoffice.scoring.trace import explain
from tests.assessment.drawn import THOROUGH, WHOLE, decimals, months

# ---- the reference ------------------------------------------------------------------------------


def half_up(number: Fraction, places: int) -> Decimal:
    scaled = abs(number) * 10**places
    size = Decimal(floor(scaled + Fraction(1, 2))).scaleb(-places)
    return -size if number < 0 else size


def between(low: Any, number: Any, high: Any) -> Any:
    return min(max(number, low), high)


def value_of(raw) -> Fraction:
    if raw is None or isinstance(raw, bool | int):
        return Fraction(int(raw or 0))
    return Fraction(raw.quantize(Decimal("0.0001"), ROUND_HALF_UP))


def most_lost(scheme: Scheme, entry: Indicator) -> Fraction:
    """The cap of a bonus or a deduction."""
    if isinstance(entry.rule, Bonus):
        return Fraction(scheme.bonus_cap if entry.rule.cap is None else entry.rule.cap)
    whole = entry.full or scheme.full
    cap = getattr(entry.rule, "cap", None)
    return Fraction(whole if cap is None else min(cap, whole))


def of_part_month(scheme: Scheme, entry: Indicator, v: list[Fraction], share: Fraction) -> Decimal | None:
    """The rounded points of somebody who was at work that share of the month."""
    if entry.prorate is Prorate.TARGET:
        v = [min(Fraction(half_up(n / share, 4)), Fraction(10**8) - Fraction(1, 10**4)) for n in v]
    exact = points_of(scheme, entry, v)
    if exact is None:
        return None
    points = half_up(exact, scheme.places)
    if entry.prorate is Prorate.LOSS:
        return entry.full - half_up(Fraction(entry.full - points) * share, scheme.places)
    if entry.prorate is Prorate.CAP:
        cap = half_up(most_lost(scheme, entry) * share, scheme.places)
        return min(points, cap) if isinstance(entry.rule, Bonus) else max(points, entry.full - cap)
    return points


def points_of(scheme: Scheme, entry: Indicator, v: list[Fraction]) -> Fraction | None:
    """The exact points; None where the indicator does not count."""
    full, rule, zero = Fraction(entry.full), entry.rule, Fraction(0)
    whole = full if full else Fraction(scheme.full)
    match rule:
        case RateTimesWeight(of=()):
            target = Fraction(100 if rule.target is None else rule.target)
            return Fraction(between(zero, v[0], target)) / target * full
        case InverseRateTimesWeight(of=()):
            return (1 - Fraction(between(zero, v[0], 100)) / 100) * full
        case RateTimesWeight() | InverseRateTimesWeight():
            if v[-1] <= 0:
                return {Empty.FULL: full, Empty.ZERO: zero, Empty.EXCLUDED: None}[rule.empty]
            rate = sum((max(n, zero) for n in v[:-1]), zero) / v[-1]
            if isinstance(rule, RateTimesWeight) and rule.target is not None:
                rate = rate * 100 / Fraction(rule.target)
            rate = min(rate, Fraction(1))
            return (1 - rate if isinstance(rule, InverseRateTimesWeight) else rate) * full
        case Deduction():
            if rule.of:
                due = sum((max(n, zero) for n in v[:-1]), zero) / v[-1] if v[-1] > 0 else zero
                v = [min(due, Fraction(1)) * 100]
            cap = min(whole, Fraction(rule.cap)) if rule.cap is not None else whole
            return full - min(max(v[0] - Fraction(rule.beyond), zero) * Fraction(rule.each), cap)
        case FloorPerN():
            cap = min(whole, Fraction(rule.cap)) if rule.cap is not None else whole
            steps = floor(max(v[0] - Fraction(rule.beyond), zero) / Fraction(rule.n))
            return full - min(steps * Fraction(rule.points), cap)
        case Bonus():
            cap = Fraction(scheme.bonus_cap if rule.cap is None else rule.cap)
            if rule.terms:
                earned = (max(n, zero) * Fraction(t.each) for t, n in zip(rule.terms, v, strict=True))
                return min(sum(earned, zero), cap)
            return min(max(v[0] - Fraction(rule.beyond), zero) * Fraction(rule.each), cap)
        case Bands():
            number = Fraction(rule.below)
            for band in rule.bands:
                if v[0] > Fraction(band.at) or (v[0] == Fraction(band.at) and not band.above):
                    number = Fraction(band.points)
            return full - number if rule.deducts else number
        case Linear():
            high = full if rule.high is None else Fraction(rule.high)
            return between(Fraction(rule.low), Fraction(rule.start) + Fraction(rule.slope) * v[0], high)
        case Tally():
            earned = (max(n, zero) * Fraction(t.each) for t, n in zip(rule.terms, v, strict=True))
            return between(zero, sum(earned, Fraction(rule.start)), full)
        case Normalised():
            product = Fraction(1)
            for number in v[1:]:
                product *= max(number, zero)
            if product == 0:
                return {Empty.FULL: full, Empty.ZERO: zero, Empty.EXCLUDED: None}[rule.empty]
            return max(full - max(v[0], zero) * Fraction(rule.each) / product, zero)
        case Manual():
            return between(zero, v[0], full)
        case _:
            raise AssertionError(rule)


def reference(scheme: Scheme, sheet: Inputs) -> tuple[Decimal | None, tuple[Decimal | None, ...]]:
    """Total and parts of one sheet."""
    values, blocked, zeroed, parts = sheet.values, not sheet.taking, False, []
    share = Fraction(WHOLE if not sheet.present else sheet.present, WHOLE)
    for entry in scheme.indicators:
        given_values = [values.get(column.key) for column in inputs(entry)]
        policy = missing_of(scheme, entry)
        absent = None in given_values and policy is not Missing.AS_ZERO
        blocked |= absent and policy is Missing.BLOCKS
        if isinstance(entry.rule, Veto):
            zeroed |= bool(given_values[0]) and entry.rule.effect is Effect.ZEROED
            parts.append(None)
        elif isinstance(entry.rule, Money | Shown):
            parts.append(None)
        elif absent:
            parts.append(Decimal(0) if policy is Missing.NO_POINTS else None)
        else:
            parts.append(of_part_month(scheme, entry, [value_of(raw) for raw in given_values], share))
    points = dict(zip((entry.key for entry in scheme.indicators), parts, strict=True))
    fulls = {entry.key: entry.full for entry in scheme.indicators}
    for place, entry in enumerate(scheme.indicators):
        theirs = points.get(entry.within)
        if parts[place] is not None and theirs is not None:
            parts[place] = max(parts[place], entry.full - (fulls[entry.within] - theirs))
    here = [(e, p) for e, p in zip(scheme.indicators, parts, strict=True) if p is not None]
    weighing = [(e, p) for e, p in here if e.full]
    weight = sum((e.full for e, _ in weighing), Decimal(0))
    if blocked or not weight:
        return None, tuple(parts)
    earned = sum((p for _, p in weighing), Decimal(0))
    if weight != scheme.full:
        earned = half_up(Fraction(earned) * Fraction(scheme.full) / Fraction(weight), scheme.places)
    bonus = sum((p for e, p in here if isinstance(e.rule, Bonus)), Decimal(0))
    losses = sum((p for e, p in here if not e.full and not isinstance(e.rule, Bonus)), Decimal(0))
    total = between(Decimal(0), earned + losses, scheme.full) + min(bonus, scheme.bonus_cap)
    top = scheme.full + scheme.bonus_cap if scheme.ceiling is None else scheme.ceiling
    total = between(Decimal(0), min(total, top) + half_up(Fraction(sheet.adjustment), scheme.places), top)
    return (Decimal(0) if zeroed else total), tuple(parts)


@THOROUGH
@given(months())
def test_engine_equals_plain_arithmetic(month):
    scheme, sheets = month
    assert not has_error(check(scheme))
    for sheet, scored in zip(sheets, score(scheme, sheets, WHOLE), strict=True):
        assert (scored.total, scored.parts) == reference(scheme, sheet)
        assert scored.id == sheet.id


def rank_of(scheme: Scheme, all_scored: list[Scored], own: Scored) -> int | None:
    """One more than the number of those who stand before."""

    def standing(scored: Scored):
        forced = any(
            isinstance(e.rule, Veto) and e.rule.effect is Effect.FORCED and e.key in scored.vetoed
            for e in scheme.indicators
        )
        keys = [entry.key for entry in scheme.indicators]
        parts = [scored.parts[keys.index(key)] for key in scheme.ties]
        return not forced, scored.total, [Decimal("-Infinity") if part is None else part for part in parts]

    if own.rank is None:
        return None
    return 1 + sum(other.rank is not None and standing(other) > standing(own) for other in all_scored)


@THOROUGH
@given(months())
def test_ranks_grades_and_caps(month):
    scheme, sheets = month
    scored = score(scheme, sheets, WHOLE)
    order = [grade.name for grade in scheme.grades]
    groups = {sheet.id: sheet.group for sheet in sheets}
    of = {sheet.id: sheet for sheet in sheets}
    for one in scored:
        neighbours = [other for other in scored if groups[other.id] == groups[one.id]]
        assert one.rank == rank_of(scheme, scored, one)
        assert one.group_rank == rank_of(scheme, neighbours, one)
        assert (one.rank is not None) == (one.total is not None and of[one.id].graded)
        if one.total is None:
            assert (one.grade, one.earned, one.base, one.bonus) == (None, None, None, None)
            continue
        assert one.base is not None and one.bonus is not None and one.earned
        assert 0 <= one.base <= scheme.full
        assert 0 <= one.bonus <= scheme.bonus_cap
        assert (
            0 <= one.total <= (scheme.full + scheme.bonus_cap if scheme.ceiling is None else scheme.ceiling)
        )
        assert one.earned == next(grade.name for grade in scheme.grades if one.total >= grade.minimum)
        assert (one.grade is None) == (one.rank is None)
        granted = of[one.id].granted
        if one.grade is not None:
            assert order.index(one.grade) >= order.index(granted or one.earned)
        if one.grade is not None and granted and not one.vetoed:
            assert one.grade == granted
        for entry, points in zip(scheme.indicators, one.parts, strict=True):
            assert points is None or points <= (entry.full or scheme.bonus_cap)
    for grade in scheme.grades:
        for pool in {""} if scheme.quota_pool is RankGroup.NONE else {"东", "西"}:
            heads = [one for one in scored if one.rank is not None and pool in ("", groups[one.id])]
            if grade.quota is not None:
                share = Fraction(grade.quota) * len(heads) / 100
                down = scheme.quota_rounding is Rounding.DOWN
                allowed = floor(share) if down else floor(share + Fraction(1, 2))
                forced = {one.id for one in heads if any(key == f"v{Effect.FORCED}" for key in one.vetoed)}
                inside = [one for one in heads if one.grade == grade.name and one.id not in forced]
                given = sum(of[one.id].granted is not None for one in inside)
                assert len(inside) <= max(allowed, given)


@THOROUGH
@given(months(), st.randoms(use_true_random=False))
def test_order_of_sheets_does_not_matter(month, chance: random.Random):
    scheme, sheets = month
    shuffled = chance.sample(sheets, len(sheets))
    assert sorted(score(scheme, shuffled, WHOLE), key=lambda one: str(one.id)) == score(scheme, sheets, WHOLE)


@THOROUGH
@given(months())
def test_trace_adds_up_to_the_total(month):
    scheme, sheets = month
    for sheet, scored in zip(sheets, score(scheme, sheets, WHOLE), strict=True):
        trace = explain(scheme, sheet.values, scored, sheet, WHOLE)
        assert len(trace.lines) == len(scheme.indicators)
        assert [line.points for line in trace.lines] == list(scored.parts)
        assert all(line.sentence for line in trace.lines)
        if scored.total is None:
            assert (trace.terms, trace.formula) == ((), "")
            continue
        assert sum((term.points for term in trace.terms), Decimal(0)) == scored.total
        left, _, right = trace.formula.rpartition(" = ")
        signed, sign = Decimal(0), 1
        for word in left.split():
            if word in "+−":
                sign = -1 if word == "−" else 1
            elif word.replace(".", "").isdigit():
                signed += sign * Decimal(word)
        assert signed == scored.total == Decimal(right)


@THOROUGH
@given(months())
def test_packed_rows_score_alike_and_text_keeps_everything(month):
    scheme, sheets = month
    again = load(dump(scheme))
    assert again == scheme
    packed = pack(again, [sheet.values for sheet in sheets])
    scores = score_packed(again, packed, circumstances(sheets, WHOLE))
    assert results(again, scores, [sheet.id for sheet in sheets]) == score(scheme, sheets, WHOLE)
    assert pack(scheme, unpack(scheme, packed)) == packed


@given(decimals(0, 100, 4), decimals(0, 100, 4), st.integers(1, 1000), st.integers(0, 3))
@example(Decimal("96.5"), Decimal("96.4999"), 25, 2)
def test_a_better_rate_is_never_worth_less(one, other, weight, places):
    def points(value: Decimal, shape) -> Decimal:
        grades = (Grade("合格", Decimal(0)),)
        entry = Indicator("a", "甲", shape(), Decimal(weight))
        scheme = Scheme("t", "试", "1", (entry,), grades, full=Decimal(weight), places=places)
        (scored,) = score(scheme, [Inputs("", {"a": value})])
        assert scored.total is not None
        return scored.total

    low, high = sorted((one, other))
    assert points(low, RateTimesWeight) <= points(high, RateTimesWeight)
    assert points(low, InverseRateTimesWeight) >= points(high, InverseRateTimesWeight)
