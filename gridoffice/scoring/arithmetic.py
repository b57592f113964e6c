"""What raw values are worth: each rule as one integer fraction, for a whole column at once.

Raw values are integers of 1/10,000; points are integers of 1/10**places. Every rule is rounded once,
half up (away from zero), exactly as `Decimal.quantize(..., ROUND_HALF_UP)` would round the exact result.

Why nothing overflows: a value is below 10**8 (10**12 scaled), weights and caps are at most 1,000 with
at most 3 places (10**6 scaled), so the largest product, twice numerator × weight of a rate from
counts, is 2 × 10**18 < 2**63. A product that has a cap clips its factor first, where the cap is
already reached. What may be larger (`Normalised`, a rate with a target, work that costs points) runs in
Python's integers. Imports NumPy: import it where it is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gridoffice.errors import RuleBroken
from gridoffice.scoring.policies import Prorate
from gridoffice.scoring.rule_checks import POINT_PLACES, VALUE_LIMIT, VALUE_PLACES
from gridoffice.scoring.scheme import Indicator, Scheme, cap_of, counts_of, is_bonus, lost
from gridoffice.scoring.shapes import (
    Bands,
    Bonus,
    Deduction,
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
    Term,
    Veto,
)

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

UNIT = 10**VALUE_PLACES
"""How many raw units make 1."""
POINT = 10**POINT_PLACES
LIMIT = int(VALUE_LIMIT) * UNIT
_FINE = UNIT * POINT
_WHOLE_RATE = 100 * UNIT


def scaled(number: Decimal, unit: int) -> int:
    """`number` in integers of 1/unit; a number with more places cannot be scored exactly."""
    scaled = number * unit
    if scaled != scaled.to_integral_value() or abs(number) > VALUE_LIMIT:
        raise RuleBroken(f"方案里的 {number} 位数太多，算不准。")
    return int(scaled)


def half_up(numerator: Any, denominator: Any) -> Any:
    """numerator ÷ denominator as an integer, halves away from zero; the denominator is positive."""
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return np.where(numerator < 0, -size, size)


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the month's days everybody was at work: `part` of `whole`, neither 0."""

    part: Ints
    whole: int


def points_of(
    scheme: Scheme, indicator: Indicator, columns: list[Ints], share: Share | None = None
) -> tuple[Ints, Bools]:
    """An indicator's points, and where it does not count because its denominator is 0.

    Of a part month (`share`): TARGET brings counts to a whole month before the rule sees them (count ×
    days of the month ÷ days at work, half up to 1/10,000), CAP limits a loss or bonus to its cap × share,
    LOSS takes what the rule takes × share; each rounded half up to the scheme's last place.
    """
    if share is None or indicator.prorate is Prorate.NONE:
        return _whole_month(scheme, indicator, columns)
    if indicator.prorate is Prorate.TARGET:
        most = LIMIT - 1
        columns = [np.minimum(half_up(column * share.whole, share.part), most) for column in columns]
        return _whole_month(scheme, indicator, columns)
    points, excluded = _whole_month(scheme, indicator, columns)
    places = 10**scheme.places
    none = scaled(lost(indicator, Decimal(0)), places)
    if indicator.prorate is Prorate.LOSS:
        return none - half_up((none - points) * share.part, share.whole), excluded
    cap = half_up(scaled(cap_of(scheme, indicator), POINT) * places * share.part, share.whole * POINT)
    return (np.minimum(points, cap) if is_bonus(indicator) else np.maximum(points, none - cap)), excluded


def _whole_month(scheme: Scheme, indicator: Indicator, columns: list[Ints]) -> tuple[Ints, Bools]:
    places = 10**scheme.places
    full = scaled(indicator.full, places)
    full_fine = scaled(indicator.full, POINT) * UNIT
    cap = scaled(cap_of(scheme, indicator), POINT)
    value, whole = columns[0], np.maximum(columns[-1], 0)
    if counts_of(indicator.rule):
        value = np.add.reduce([np.maximum(column, 0) for column in columns[:-1]])
    nowhere = np.zeros(len(value), np.bool_)
    fine = _FINE // places
    match indicator.rule:
        case RateTimesWeight(of=(), target=None):
            return half_up(np.clip(value, 0, _WHOLE_RATE) * full, _WHOLE_RATE), nowhere
        case InverseRateTimesWeight(of=()):
            return half_up((_WHOLE_RATE - np.clip(value, 0, _WHOLE_RATE)) * full, _WHOLE_RATE), nowhere
        case RateTimesWeight(of=(), target=Decimal() as target):
            most = scaled(target, UNIT)
            return half_up(np.clip(value, 0, most) * full, most), nowhere
        case RateTimesWeight(empty=empty, target=Decimal() as target):
            wanted = whole.astype(object) * scaled(target, UNIT)
            part = np.minimum(value.astype(object) * _WHOLE_RATE, wanted)
            points = half_up(part * full, np.where(wanted == 0, 1, wanted)).astype(np.int64)
            return _where_empty(points, whole == 0, empty, full)
        case RateTimesWeight(empty=empty) | InverseRateTimesWeight(empty=empty):
            part = np.minimum(value, whole)
            if isinstance(indicator.rule, InverseRateTimesWeight):
                part = whole - part
            points = half_up(part * full, np.where(whole == 0, 1, whole))
            return _where_empty(points, whole == 0, empty, full)
        case Deduction(each=each, beyond=beyond, of=of) if of:
            due = np.where(whole == 0, 1, whole).astype(object)
            over = np.maximum(np.minimum(value, whole) * (100 * UNIT) - due * scaled(beyond, UNIT), 0)
            lost = np.minimum(over * scaled(each, POINT), due * (cap * UNIT))
            return half_up(due * full_fine - lost, due * fine).astype(np.int64), nowhere
        case Deduction(each=each, beyond=beyond):
            lost = _occurrences(value, each, cap, beyond)
            return half_up(full_fine - lost, fine), nowhere
        case Bonus(terms=terms) if terms:
            return half_up(_summed(columns, terms, Decimal(0), cap), fine), nowhere
        case Bonus(each=each, beyond=beyond):
            return half_up(_occurrences(value, each, cap, beyond), fine), nowhere
        case FloorPerN(n=n, points=each, beyond=beyond):
            steps = np.maximum(value - scaled(beyond, UNIT), 0) // scaled(n, UNIT) * UNIT
            return half_up(full_fine - _occurrences(steps, each, cap, Decimal(0)), fine), nowhere
        case Bands(bands=bands, below=below, deducts=deducts):
            points = np.full(len(value), scaled(below, POINT), np.int64)
            for band in bands:
                at = scaled(band.at, UNIT)
                reached = value > at if band.above else value >= at
                points = np.where(reached, scaled(band.points, POINT), points)
            if deducts:
                points = np.maximum(scaled(indicator.full, POINT) - points, 0)
            return half_up(np.minimum(points, cap), POINT // places), nowhere
        case Linear(start=start, slope=slope, low=low, high=high):
            begin, step = scaled(start, POINT), scaled(slope, POINT)
            bottom = scaled(low, POINT)
            top = scaled(indicator.full if high is None else high, POINT)
            # Beyond these values the points stay at the bottom or at the top: clipped, nothing overflows.
            ends = sorted(((bottom - begin) * UNIT // step, (top - begin) * UNIT // step))
            line = begin * UNIT + step * np.clip(value, max(ends[0] - 1, -LIMIT), min(ends[1] + 1, LIMIT))
            return half_up(np.clip(line, bottom * UNIT, top * UNIT), fine), nowhere
        case Tally(terms=terms, start=start):
            return half_up(_summed(columns, terms, start, cap), fine), nowhere
        case Normalised(each=each, empty=empty):
            whole = np.ones(len(value), object)
            for column in columns[1:]:
                whole = whole * np.maximum(column, 0).astype(object)
            is_empty = whole == 0
            whole = np.where(is_empty, 1, whole)
            # count/U × each/P ÷ (a/U × b/U …) in points of 1/places
            loss = np.maximum(value, 0).astype(object) * scaled(each, POINT) * UNIT ** (len(columns) - 2)
            exact = np.maximum(full * whole * POINT - loss * places, 0)
            return _where_empty(half_up(exact, whole * POINT).astype(np.int64), is_empty, empty, full)
        case Manual():
            return half_up(np.clip(value, 0, cap), POINT // places), nowhere
        case Veto() | Money() | Shown():
            raise AssertionError("it has no points")


def _occurrences(value: Ints, each: Decimal, cap: int, beyond: Decimal) -> Ints:
    """min(max(value − beyond, 0) × each, cap) in 1/_FINE; clipped before the product, see above."""
    step = scaled(each, POINT)
    counted = np.clip(value - scaled(beyond, UNIT), 0, cap * UNIT // step + 1)
    return np.minimum(counted * step, cap * UNIT)


def _summed(columns: list[Ints], terms: tuple[Term, ...], start: Decimal, cap: int) -> Ints:
    """start + Σ count × each, held between 0 and the cap, in 1/_FINE."""
    begin = scaled(start, POINT) * UNIT
    if begin < 0 or any(term.each < 0 for term in terms):
        # what is beyond the cap may be lost again: nothing may be clipped before the sum
        whole = np.full(len(columns[0]), begin, object)
        for column, term in zip(columns, terms, strict=True):
            whole = whole + np.maximum(column, 0).astype(object) * scaled(term.each, POINT)
        return np.minimum(np.maximum(whole, 0), cap * UNIT).astype(np.int64)
    earned = sum(
        _occurrences(column, term.each, cap, Decimal(0)) for column, term in zip(columns, terms, strict=True)
    )
    return np.minimum(begin + earned, cap * UNIT)


def _where_empty(points: Ints, is_empty: Any, empty: Empty, full: int) -> tuple[Ints, Bools]:
    is_empty = is_empty.astype(np.bool_)
    points = np.where(is_empty, full if empty is Empty.FULL else 0, points)
    return points, is_empty if empty is Empty.EXCLUDED else np.zeros(len(points), np.bool_)
