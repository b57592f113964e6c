"""Exact scoring of whole months in int64 fixed point. Imports NumPy: import it where it is needed.

Raw values are integers of 1/10,000; points are integers of 1/10**places. Between the two every rule
is one integer fraction, rounded once, half up (away from zero), exactly as
`Decimal.quantize(..., ROUND_HALF_UP)` would round the exact result.

Why nothing overflows: a value is below 10**8 (10**12 scaled), weights and caps are at most 1,000 with
at most 3 places (10**6 scaled), so the largest product, twice numerator × weight of a rate from
counts, is 2 × 10**18 < 2**63. A product that has a cap clips its factor first, where the cap is
already reached. `Normalised` alone multiplies several free columns and runs in Python's integers.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gridoffice.assessment.checking import POINT_LIMIT, POINT_PLACES, VALUE_LIMIT, VALUE_PLACES
from gridoffice.assessment.scheme import (
    Indicator,
    Missing,
    Rounding,
    Scheme,
    all_inputs,
    cap_of,
    forced_grade,
    inputs,
    is_bonus,
    is_veto,
    lost,
    missing_of,
    weighs,
)
from gridoffice.assessment.shapes import (
    Bands,
    Bonus,
    Deduction,
    Effect,
    Empty,
    FloorPerN,
    InverseRateTimesWeight,
    Linear,
    Manual,
    Normalised,
    RateTimesWeight,
    Tally,
    Veto,
)
from gridoffice.errors import RuleBroken

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

UNIT = 10**VALUE_PLACES
"""How many raw units make 1."""
ABSENT = np.iinfo(np.int64).min
"""A raw value that was not given, a part or total that does not exist."""
_POINT = 10**POINT_PLACES
_FINE = UNIT * _POINT
_WHOLE_RATE = 100 * UNIT
_LIMIT = int(VALUE_LIMIT) * UNIT


@dataclass(frozen=True, slots=True)
class Scores:
    """The result of a month, one row for each row of raw values.

    `total`, `base`, `bonus` and `parts` are integers of 1/10**places, ABSENT where there is none.
    `grade` and `earned` (the grade by points alone) index the scheme's grades, −1 for none; `rank`
    and `group_rank` are 1, 2, 2, 4, with 0 for none.
    """

    total: Ints
    base: Ints
    bonus: Ints
    parts: Ints
    missing: Bools
    vetoed: Bools
    grade: Ints
    earned: Ints
    rank: Ints
    group_rank: Ints


def score_table(scheme: Scheme, raw: Ints, groups: Ints | None = None) -> Scores:
    """Scores of all rows of `raw` (rows × columns of `all_inputs`); `groups` numbers each row's group.

    The rules of the totals are stated at `scoring.score`. Raises RuleBroken for a number that lies
    beyond the limits of exact arithmetic.
    """
    _guard(scheme, raw)
    rows, count = len(raw), len(scheme.indicators)
    position = {entry.key: index for index, entry in enumerate(all_inputs(scheme))}
    parts = np.zeros((rows, count), np.int64)
    missing = np.zeros((rows, count), np.bool_)
    vetoed = np.zeros((rows, count), np.bool_)
    blocked = np.zeros(rows, np.bool_)
    for index, indicator in enumerate(scheme.indicators):
        columns = [raw[:, position[entry.key]] for entry in inputs(indicator)]
        absent = np.logical_or.reduce([column == ABSENT for column in columns])
        columns = [np.where(column == ABSENT, 0, column) for column in columns]
        policy = missing_of(scheme, indicator)
        if policy is Missing.AS_ZERO:
            absent = np.zeros(rows, np.bool_)
        missing[:, index] = absent
        if is_veto(indicator):
            vetoed[:, index] = (columns[0] > 0) & ~absent
            gone = np.ones(rows, np.bool_)
        else:
            points, excluded = _points(scheme, indicator, columns)
            parts[:, index] = points
            gone = absent | excluded
        if policy is Missing.BLOCKS:
            blocked |= absent
        if policy is Missing.NO_POINTS and not is_veto(indicator):
            parts[absent, index] = 0
            gone = gone & ~absent
        parts[gone, index] = ABSENT
    _limit(scheme, parts)

    zeroed = _with_effect(scheme, vetoed, Effect.ZEROED)
    base, bonus, scored = _sum(scheme, parts)
    scored &= ~blocked
    total = base + bonus
    if scheme.ceiling is not None:
        total = np.minimum(total, _scaled(scheme.ceiling, 10**scheme.places))
    total = np.where(zeroed, 0, total)
    for column in (base, bonus, total):
        column[~scored] = ABSENT

    forced = _with_effect(scheme, vetoed, Effect.FORCED)
    everybody = np.zeros(rows, np.int64)
    within = everybody if groups is None else groups
    ties = [_tie(scheme, parts, key) for key in scheme.ties]
    keys = [forced.astype(np.int64), -np.where(scored, total, 0), *ties]
    rank, _ = _standing(keys, everybody, scored)
    group_rank, _ = _standing(keys, within, scored)
    earned = _by_points(scheme, total, scored)
    grade = _with_vetoes(scheme, earned, vetoed, scored)
    if scheme.quota_in_group:
        grade = _with_quota(scheme, grade, keys, within, scored, forced)
    else:
        grade = _with_quota(scheme, grade, keys, everybody, scored, forced)
    return Scores(total, base, bonus, parts, missing, vetoed, grade, earned, rank, group_rank)


def _limit(scheme: Scheme, parts: Ints) -> None:
    """Where an indicator may lose no more than another did, give back what it lost beyond that."""
    places = 10**scheme.places
    numbers = {indicator.key: index for index, indicator in enumerate(scheme.indicators)}
    for index, indicator in enumerate(scheme.indicators):
        if indicator.within:
            other = numbers[indicator.within]
            most = _scaled(lost(scheme.indicators[other], Decimal(0)), places) - parts[:, other]
            least = _scaled(lost(indicator, Decimal(0)), places) - most
            here = (parts[:, index] != ABSENT) & (parts[:, other] != ABSENT)
            parts[here, index] = np.maximum(parts[here, index], least[here])


def _guard(scheme: Scheme, raw: Ints) -> None:
    if raw.size and bool(((np.abs(raw, where=raw != ABSENT, out=np.zeros_like(raw))) >= _LIMIT).any()):
        raise RuleBroken(f"有数值超过 {VALUE_LIMIT}，算不准，改小后再算。")
    for number in (scheme.full, scheme.bonus_cap, *(entry.full for entry in scheme.indicators)):
        if not 0 <= number <= POINT_LIMIT:
            raise RuleBroken(f"方案里的分值 {number} 应在 0 至 {POINT_LIMIT} 之间。")
    if not 0 <= scheme.places <= 3:
        raise RuleBroken(f"小数位数是 {scheme.places}，应在 0 至 3 之间。")


def _scaled(number: Decimal, unit: int) -> int:
    """`number` in integers of 1/unit; a number with more places cannot be scored exactly."""
    scaled = number * unit
    if scaled != scaled.to_integral_value() or abs(number) > VALUE_LIMIT:
        raise RuleBroken(f"方案里的 {number} 位数太多，算不准。")
    return int(scaled)


def _half_up(numerator: Any, denominator: Any) -> Any:
    """numerator ÷ denominator as an integer, halves away from zero; the denominator is positive."""
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return np.where(numerator < 0, -size, size)


def _points(scheme: Scheme, indicator: Indicator, columns: list[Ints]) -> tuple[Ints, Bools]:
    """An indicator's points, and where it does not count because its denominator is 0."""
    places = 10**scheme.places
    full = _scaled(indicator.full, places)
    full_fine = _scaled(indicator.full, _POINT) * UNIT
    cap = _scaled(cap_of(scheme, indicator), _POINT)
    value = columns[0]
    nowhere = np.zeros(len(value), np.bool_)
    fine = _FINE // places
    match indicator.rule:
        case RateTimesWeight(of=()):
            return _half_up(np.clip(value, 0, _WHOLE_RATE) * full, _WHOLE_RATE), nowhere
        case InverseRateTimesWeight(of=()):
            return _half_up((_WHOLE_RATE - np.clip(value, 0, _WHOLE_RATE)) * full, _WHOLE_RATE), nowhere
        case RateTimesWeight(empty=empty) | InverseRateTimesWeight(empty=empty):
            whole = np.maximum(columns[1], 0)
            part = np.clip(value, 0, whole)
            if isinstance(indicator.rule, InverseRateTimesWeight):
                part = whole - part
            points = _half_up(part * full, np.where(whole == 0, 1, whole))
            return _where_empty(points, whole == 0, empty, full)
        case Deduction(each=each, beyond=beyond):
            lost = _occurrences(value, each, cap, beyond)
            return _half_up(full_fine - lost, fine), nowhere
        case Bonus(each=each, beyond=beyond):
            return _half_up(_occurrences(value, each, cap, beyond), fine), nowhere
        case FloorPerN(n=n, points=each, beyond=beyond):
            steps = np.maximum(value - _scaled(beyond, UNIT), 0) // _scaled(n, UNIT) * UNIT
            return _half_up(full_fine - _occurrences(steps, each, cap, Decimal(0)), fine), nowhere
        case Bands(bands=bands, below=below, deducts=deducts):
            points = np.full(len(value), _scaled(below, _POINT), np.int64)
            for band in bands:
                at = _scaled(band.at, UNIT)
                reached = value > at if band.above else value >= at
                points = np.where(reached, _scaled(band.points, _POINT), points)
            if deducts:
                points = np.maximum(_scaled(indicator.full, _POINT) - points, 0)
            return _half_up(np.minimum(points, cap), _POINT // places), nowhere
        case Linear(start=start, slope=slope, low=low, high=high):
            begin, step = _scaled(start, _POINT), _scaled(slope, _POINT)
            bottom = _scaled(low, _POINT)
            top = _scaled(indicator.full if high is None else high, _POINT)
            # Beyond these values the points stay at the bottom or at the top: clipped, nothing overflows.
            ends = sorted(((bottom - begin) * UNIT // step, (top - begin) * UNIT // step))
            line = begin * UNIT + step * np.clip(value, max(ends[0] - 1, -_LIMIT), min(ends[1] + 1, _LIMIT))
            return _half_up(np.clip(line, bottom * UNIT, top * UNIT), fine), nowhere
        case Tally(terms=terms):
            earned = sum(
                _occurrences(column, term.each, cap, Decimal(0))
                for column, term in zip(columns, terms, strict=True)
            )
            return _half_up(np.minimum(earned, cap * UNIT), fine), nowhere
        case Normalised(each=each, empty=empty):
            whole = np.ones(len(value), object)
            for column in columns[1:]:
                whole = whole * np.maximum(column, 0).astype(object)
            is_empty = whole == 0
            whole = np.where(is_empty, 1, whole)
            # count/U × each/P ÷ (a/U × b/U …) in points of 1/places
            loss = np.maximum(value, 0).astype(object) * _scaled(each, _POINT) * UNIT ** (len(columns) - 2)
            exact = np.maximum(full * whole * _POINT - loss * places, 0)
            return _where_empty(_half_up(exact, whole * _POINT).astype(np.int64), is_empty, empty, full)
        case Manual():
            return _half_up(np.clip(value, 0, cap), _POINT // places), nowhere
        case Veto():
            raise AssertionError("a veto has no points")


def _occurrences(value: Ints, each: Decimal, cap: int, beyond: Decimal) -> Ints:
    """min(max(value − beyond, 0) × each, cap) in 1/_FINE; clipped before the product, see above."""
    step = _scaled(each, _POINT)
    counted = np.clip(value - _scaled(beyond, UNIT), 0, cap * UNIT // step + 1)
    return np.minimum(counted * step, cap * UNIT)


def _where_empty(points: Ints, is_empty: Any, empty: Empty, full: int) -> tuple[Ints, Bools]:
    is_empty = is_empty.astype(np.bool_)
    points = np.where(is_empty, full if empty is Empty.FULL else 0, points)
    return points, is_empty if empty is Empty.EXCLUDED else np.zeros(len(points), np.bool_)


def _sum(scheme: Scheme, parts: Ints) -> tuple[Ints, Ints, Bools]:
    """Base and bonus of each row, and whether anything is left that weighs."""
    places = 10**scheme.places
    full = _scaled(scheme.full, places)
    weight = np.array([_scaled(entry.full, places) if weighs(entry) else 0 for entry in scheme.indicators])
    here = parts != ABSENT
    points = np.where(here, parts, 0)
    earned = points[:, weight > 0].sum(axis=1)
    present = (here * weight).sum(axis=1)
    stretch = (present > 0) & (present < weight.sum())
    earned = np.where(stretch, _half_up(earned * full, np.where(present > 0, present, 1)), earned)
    pool = np.array([is_bonus(entry) for entry in scheme.indicators], np.bool_)
    losses = points[:, (weight == 0) & ~pool].sum(axis=1)
    base = np.clip(earned + losses, 0, full)
    bonus = np.minimum(points[:, pool].sum(axis=1), _scaled(scheme.bonus_cap, places))
    return base, bonus, present > 0


def _with_effect(scheme: Scheme, vetoed: Bools, effect: Effect) -> Bools:
    chosen = [
        index
        for index, entry in enumerate(scheme.indicators)
        if isinstance(entry.rule, Veto) and entry.rule.effect is effect
    ]
    return np.asarray(vetoed[:, chosen].any(axis=1), np.bool_)


def _tie(scheme: Scheme, parts: Ints, key: str) -> Ints:
    """A sort key: the higher points first, those without the part last."""
    (index,) = (index for index, entry in enumerate(scheme.indicators) if entry.key == key)
    column = parts[:, index]
    return np.where(column == ABSENT, _LIMIT, -np.where(column == ABSENT, 0, column))


def _standing(keys: list[Ints], groups: Ints, taking_part: Bools) -> tuple[Ints, Ints]:
    """Places within each group: the first and the last place of everybody's run of equals (0: none)."""
    first, last = np.zeros(len(groups), np.int64), np.zeros(len(groups), np.int64)
    who = np.flatnonzero(taking_part)
    if not len(who):
        return first, last
    order = who[np.lexsort([*(key[who] for key in reversed(keys)), groups[who]])]
    group_starts = _starts([groups], order)
    run_starts = _starts([groups, *keys], order)
    places = np.arange(len(order))
    group_start = np.maximum.accumulate(np.where(group_starts, places, 0))
    run_start = np.maximum.accumulate(np.where(run_starts, places, 0))
    run_number = np.cumsum(run_starts) - 1
    run_end = np.append(np.flatnonzero(run_starts)[1:], len(order))[run_number]
    first[order] = run_start - group_start + 1
    last[order] = run_end - group_start
    return first, last


def _starts(keys: list[Ints], order: Ints) -> Bools:
    starts = np.ones(len(order), np.bool_)
    starts[1:] = np.logical_or.reduce([key[order][1:] != key[order][:-1] for key in keys])
    return starts


def _by_points(scheme: Scheme, total: Ints, scored: Bools) -> Ints:
    places = 10**scheme.places
    grade = np.full(len(total), len(scheme.grades) - 1, np.int64)
    for index in reversed(range(len(scheme.grades))):
        grade = np.where(total >= _scaled(scheme.grades[index].minimum, places), index, grade)
    return np.where(scored, grade, -1)


def _with_vetoes(scheme: Scheme, earned: Ints, vetoed: Bools, scored: Bools) -> Ints:
    """A veto can only make a grade worse (a later one)."""
    names = [grade.name for grade in scheme.grades]
    grade = earned.copy()
    for index, entry in enumerate(scheme.indicators):
        if not isinstance(entry.rule, Veto) or entry.rule.effect is Effect.ZEROED:
            continue
        at_best = names.index(forced_grade(scheme, entry.rule)) if entry.rule.effect is Effect.FORCED else 1
        grade = np.where(vetoed[:, index] & scored, np.maximum(grade, at_best), grade)
    return grade


def _with_quota(
    scheme: Scheme, grade: Ints, keys: list[Ints], pools: Ints, scored: Bools, forced: Bools
) -> Ints:
    """Who stands beyond a grade's quota falls to the next grade, which may be limited in turn.

    The quota is a share of everybody scored in the pool. Equals who straddle the limit all fall: a
    quota is never exceeded.
    """
    if all(entry.quota is None for entry in scheme.grades) or not scored.any():
        return grade
    grade = grade.copy()
    heads = np.zeros(len(pools), np.int64)
    _, numbers, counts = np.unique(pools[scored], return_inverse=True, return_counts=True)
    heads[scored] = counts[numbers]
    for index, entry in enumerate(scheme.grades[:-1]):
        if entry.quota is None:
            continue
        share, whole = heads * _scaled(entry.quota, _POINT), 100 * _POINT
        allowed = share // whole if scheme.quota_rounding is Rounding.DOWN else _half_up(share, whole)
        candidates = scored & ~forced & (grade == index)
        _, last = _standing(keys, pools, candidates)
        grade[candidates & (last > allowed)] = index + 1
    return grade
