"""Totals, ranks and grades of whole months in int64 fixed point. Imports NumPy: import it where it is
needed.

First each row alone (`lines`: points, base, bonus, total), then all of them together (`placed`: ranks,
quotas). What a rule is worth, and why nothing overflows, stands in `arithmetic`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from gridoffice.errors import RuleBroken
from gridoffice.scoring.arithmetic import LIMIT, POINT, Bools, Ints, Share, half_up, points_of, scaled
from gridoffice.scoring.policies import RankGroup, Straddle
from gridoffice.scoring.rule_checks import POINT_LIMIT, VALUE_LIMIT
from gridoffice.scoring.scheme import (
    Missing,
    Rounding,
    Scheme,
    all_inputs,
    forced_grade,
    has_points,
    inputs,
    is_bonus,
    is_veto,
    lost,
    missing_of,
    weighs,
)
from gridoffice.scoring.shapes import Effect, Veto

ABSENT = np.iinfo(np.int64).min
"""A raw value that was not given, a part or total that does not exist."""
_LAST = 10**7
"""A sort key behind all points that there can be."""


@dataclass(frozen=True, slots=True, eq=False)
class Around:
    """What beside raw values bears on scores, an entry a row; None where nobody differs.

    `groups` and `pools` number the units within which the second rank and the quotas are counted.
    `present` are days at work of the month's `whole` days. Who is not `taking` part has no total; who is
    not `graded` has a total, but no grade and no rank, and no head in a quota. `adjustment` are points
    (1/10**places) that calibration or an appeal adds; `granted` is the grade they set (−1: none).
    """

    groups: Ints | None = None
    pools: Ints | None = None
    present: Ints | None = None
    whole: int = 0
    taking: Bools | None = None
    graded: Bools | None = None
    adjustment: Ints | None = None
    granted: Ints | None = None


NOTHING = Around()


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """What follows from each row alone; integers of 1/10**places, ABSENT where there is none.

    `floor` is the best grade that vetoes leave open (0: any), `forced` whether one of them sets it.
    """

    total: Ints
    base: Ints
    bonus: Ints
    parts: Ints
    missing: Bools
    vetoed: Bools
    scored: Bools
    forced: Bools
    floor: Ints
    earned: Ints


@dataclass(frozen=True, slots=True, eq=False)
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


def score_table(scheme: Scheme, raw: Ints, around: Around = NOTHING) -> Scores:
    """Scores of all rows of `raw` (rows × columns of `all_inputs`).

    The rules of the totals are stated at `scores.score`. Raises RuleBroken for a number that lies
    beyond the limits of exact arithmetic.
    """
    found = lines(scheme, raw, around)
    graded = found.scored if around.graded is None else found.scored & around.graded
    keys = order_keys(scheme, found)
    everybody = np.zeros(len(raw), np.int64)
    rank, _ = standing(keys, everybody, graded)
    group_rank = rank
    if around.groups is not None:
        group_rank, _ = standing(keys, around.groups, graded)
    pooled = around.pools is not None and scheme.quota_pool is not RankGroup.NONE
    pools = around.pools if pooled and around.pools is not None else everybody
    grade = grades(scheme, found.earned, found.floor, found.forced, keys, graded, pools, around.granted)
    return Scores(
        found.total,
        found.base,
        found.bonus,
        found.parts,
        found.missing,
        found.vetoed,
        grade,
        found.earned,
        rank,
        group_rank,
    )


# ---- each row alone ------------------------------------------------------------------------------


def lines(scheme: Scheme, raw: Ints, around: Around = NOTHING) -> Lines:
    """What each row comes to by itself; groups, pools and granted grades are not read."""
    _guard(scheme, raw)
    rows, count = len(raw), len(scheme.indicators)
    position = {entry.key: index for index, entry in enumerate(all_inputs(scheme))}
    table = np.array(raw.T, order="C", copy=True)
    lacking = table == ABSENT
    table[lacking] = 0
    parts = np.full((count, rows), ABSENT, np.int64)
    missing, vetoed = np.zeros((count, rows), np.bool_), np.zeros((count, rows), np.bool_)
    blocked = np.zeros(rows, np.bool_) if around.taking is None else ~around.taking
    share = _share(around)
    for index, indicator in enumerate(scheme.indicators):
        places = [position[entry.key] for entry in inputs(indicator)]
        absent = np.logical_or.reduce([lacking[place] for place in places])
        columns = [table[place] for place in places]
        policy = missing_of(scheme, indicator)
        if policy is Missing.AS_ZERO:
            absent = np.zeros(rows, np.bool_)
        missing[index] = absent
        if policy is Missing.BLOCKS:
            blocked |= absent
        if is_veto(indicator):
            vetoed[index] = (columns[0] > 0) & ~absent
        elif has_points(indicator):
            points, excluded = points_of(scheme, indicator, columns, share)
            parts[index] = np.where(absent | excluded, ABSENT, points)
            if policy is Missing.NO_POINTS:
                parts[index, absent] = 0
    _limit(scheme, parts)

    base, bonus, scored = _sum(scheme, parts)
    scored &= ~blocked
    total = base + bonus
    top = scheme.full + scheme.bonus_cap if scheme.ceiling is None else scheme.ceiling
    highest = scaled(top, 10**scheme.places)
    total = np.minimum(total, highest)
    if around.adjustment is not None:
        total = np.clip(total + around.adjustment, 0, highest)
    total = np.where(_with_effect(scheme, vetoed, Effect.ZEROED), 0, total)
    for column in (base, bonus, total):
        column[~scored] = ABSENT
    return Lines(
        total,
        base,
        bonus,
        parts.T,
        missing.T,
        vetoed.T,
        scored,
        _with_effect(scheme, vetoed, Effect.FORCED),
        _floor(scheme, vetoed),
        _by_points(scheme, total, scored),
    )


def _guard(scheme: Scheme, raw: Ints) -> None:
    if raw.size and bool((np.abs(np.where(raw == ABSENT, 0, raw)) >= LIMIT).any()):
        raise RuleBroken(f"有数值超过 {VALUE_LIMIT}，算不准，改小后再算。")
    for number in (scheme.full, scheme.bonus_cap, *(entry.full for entry in scheme.indicators)):
        if not 0 <= number <= POINT_LIMIT:
            raise RuleBroken(f"方案里的分值 {number} 应在 0 至 {POINT_LIMIT} 之间。")
    if not 0 <= scheme.places <= 3:
        raise RuleBroken(f"小数位数是 {scheme.places}，应在 0 至 3 之间。")


def _share(around: Around) -> Share | None:
    """Who was never there is not graded anyway, and counts as if the whole month long."""
    if around.present is None or not around.whole:
        return None
    part = np.clip(around.present, 0, around.whole)
    return Share(np.where(part == 0, around.whole, part), around.whole)


def _limit(scheme: Scheme, parts: Ints) -> None:
    """Where an indicator may lose no more than another did, give back what it lost beyond that."""
    places = 10**scheme.places
    numbers = {indicator.key: index for index, indicator in enumerate(scheme.indicators)}
    for index, indicator in enumerate(scheme.indicators):
        if indicator.within:
            other = numbers[indicator.within]
            most = scaled(lost(scheme.indicators[other], Decimal(0)), places) - parts[other]
            least = scaled(lost(indicator, Decimal(0)), places) - most
            here = (parts[index] != ABSENT) & (parts[other] != ABSENT)
            parts[index, here] = np.maximum(parts[index, here], least[here])


def _sum(scheme: Scheme, parts: Ints) -> tuple[Ints, Ints, Bools]:
    """Base and bonus of each row, and whether anything is left that weighs."""
    places = 10**scheme.places
    full = scaled(scheme.full, places)
    here = parts != ABSENT
    points = np.where(here, parts, 0)
    nothing = np.zeros(parts.shape[1], np.int64)
    earned, present, losses, bonus = nothing, nothing.copy(), nothing.copy(), nothing.copy()
    weight = 0
    for index, entry in enumerate(scheme.indicators):
        if weighs(entry):
            worth = scaled(entry.full, places)
            weight += worth
            earned = earned + points[index]
            present += np.where(here[index], worth, 0)
        elif is_bonus(entry):
            bonus += points[index]
        else:
            losses += points[index]
    stretch = (present > 0) & (present < weight)
    if stretch.any():
        earned = np.where(stretch, half_up(earned * full, np.where(present > 0, present, 1)), earned)
    base = np.clip(earned + losses, 0, full)
    return base, np.minimum(bonus, scaled(scheme.bonus_cap, places)), present > 0


def _with_effect(scheme: Scheme, vetoed: Bools, effect: Effect) -> Bools:
    chosen = [
        index
        for index, entry in enumerate(scheme.indicators)
        if isinstance(entry.rule, Veto) and entry.rule.effect is effect
    ]
    return np.asarray(vetoed[chosen].any(axis=0), np.bool_)


def _floor(scheme: Scheme, vetoed: Bools) -> Ints:
    """A veto can only make a grade worse (a later one)."""
    names = [grade.name for grade in scheme.grades]
    floor = np.zeros(vetoed.shape[1], np.int64)
    for index, entry in enumerate(scheme.indicators):
        if not isinstance(entry.rule, Veto) or entry.rule.effect is Effect.ZEROED:
            continue
        at_best = names.index(forced_grade(scheme, entry.rule)) if entry.rule.effect is Effect.FORCED else 1
        floor = np.where(vetoed[index], np.maximum(floor, at_best), floor)
    return floor


def _by_points(scheme: Scheme, total: Ints, scored: Bools) -> Ints:
    places = 10**scheme.places
    grade = np.full(len(total), len(scheme.grades) - 1, np.int64)
    for index in reversed(range(len(scheme.grades))):
        grade = np.where(total >= scaled(scheme.grades[index].minimum, places), index, grade)
    return np.where(scored, grade, -1)


# ---- all of them together ------------------------------------------------------------------------


def order_keys(scheme: Scheme, found: Lines) -> list[Ints]:
    """By what rows are ranked, the weightiest first; lower stands before higher."""
    numbers = {entry.key: index for index, entry in enumerate(scheme.indicators)}
    ties = (found.parts[:, numbers[key]] for key in scheme.ties)
    return [
        found.forced.astype(np.int64),
        -np.where(found.scored, found.total, 0),
        *(np.where(column == ABSENT, _LAST, -np.where(column == ABSENT, 0, column)) for column in ties),
    ]


def grades(
    scheme: Scheme,
    earned: Ints,
    floor: Ints,
    forced: Bools,
    keys: Sequence[Ints],
    graded: Bools,
    pools: Ints,
    granted: Ints | None,
) -> Ints:
    """Grades by points, vetoes, what was granted, and quotas.

    Who stands beyond a grade's quota falls to the next grade, which may be limited in turn. The quota is
    a share of everybody graded in the pool, less those to whom the grade was granted. Equals who
    straddle the limit all fall, or all stay, as `quota_ties` says; with the first a quota is never
    exceeded. A grade that was granted stays whatever the quota, but never above what a veto leaves open.
    """
    grade = np.where(graded, np.maximum(earned, floor), -1)
    given = np.zeros(len(grade), np.bool_) if granted is None else graded & (granted >= 0)
    if granted is not None:
        grade = np.where(given, np.maximum(granted, floor), grade)
    if all(entry.quota is None for entry in scheme.grades) or not graded.any():
        return grade
    amount = int(pools.max()) + 1
    heads = np.bincount(pools[graded], minlength=amount)
    for index, entry in enumerate(scheme.grades[:-1]):
        if entry.quota is None:
            continue
        share, whole = heads * scaled(entry.quota, POINT), 100 * POINT
        allowed = share // whole if scheme.quota_rounding is Rounding.DOWN else half_up(share, whole)
        taken = np.bincount(pools[given & ~forced & (grade == index)], minlength=amount)
        room = np.maximum(allowed - taken, 0)
        candidates = graded & ~forced & ~given & (grade == index)
        if not bool((np.bincount(pools[candidates], minlength=amount) > room).any()):
            continue
        first, last = standing(keys, pools, candidates)
        place = last if scheme.quota_ties is Straddle.FALL else first
        grade[candidates & (place > room[pools])] = index + 1
    return grade


def standing(keys: Sequence[Ints], groups: Ints, taking_part: Bools) -> tuple[Ints, Ints]:
    """Places within each group: the first and the last place of everybody's run of equals (0: none)."""
    first, last = np.zeros(len(groups), np.int64), np.zeros(len(groups), np.int64)
    who = np.flatnonzero(taking_part)
    if not len(who):
        return first, last
    within = groups[who]
    one = _as_one([within, *(key[who] for key in keys)])
    order = np.argsort(one, kind="stable")
    one, within = one[order], within[order]
    group_starts, run_starts = _starts(within), _starts(one)
    places = np.arange(len(order))
    group_start = np.maximum.accumulate(np.where(group_starts, places, 0))
    run_start = np.maximum.accumulate(np.where(run_starts, places, 0))
    run_number = np.cumsum(run_starts) - 1
    run_end = np.append(np.flatnonzero(run_starts)[1:], len(order))[run_number]
    first[who[order]] = run_start - group_start + 1
    last[who[order]] = run_end - group_start
    return first, last


def _as_one(keys: Sequence[Ints]) -> Ints:
    """One key that orders as these do in turn, equal where they all are."""
    one, size = np.zeros(len(keys[0]), np.int64), 1
    for key in keys:
        low = int(key.min())
        width = int(key.max()) - low + 1
        if size * width >= 2**62:
            # denser numbers leave room
            (one, size), (key, width), low = _dense(one), _dense(key), 0
        one, size = one * width + (key - low), size * width
    return one


def _dense(key: Ints) -> tuple[Ints, int]:
    values, numbers = np.unique(key, return_inverse=True)
    return numbers.astype(np.int64), len(values)


def _starts(key: Ints) -> Bools:
    starts = np.ones(len(key), np.bool_)
    starts[1:] = key[1:] != key[:-1]
    return starts
