"""Better work is never worth less: for any scheme and any values, of every shape that knows what better is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gridoffice.scoring.scheme import Indicator, Scheme, inputs
from gridoffice.scoring.scores import Inputs, score
from gridoffice.scoring.shapes import (
    Bonus,
    Deduction,
    FloorPerN,
    InverseRateTimesWeight,
    Linear,
    Manual,
    Normalised,
    RateTimesWeight,
    Tally,
)
from tests.assessment.drawn import THOROUGH, WHOLE, decimals, months

MOST = Decimal("99999999.9999")
"""The largest value that can be recorded."""


def better(indicator: Indicator) -> Iterator[tuple[str, int]]:
    """The columns of an indicator of which more is better (1) or worse (-1). Denominators say nothing either
    way, and bands may be written in any order."""
    keys = [entry.key for entry in inputs(indicator)]
    match indicator.rule:
        case RateTimesWeight() | Manual():
            yield keys[0], 1
        case InverseRateTimesWeight() | Deduction() | FloorPerN() | Normalised():
            yield keys[0], -1
        case Linear(slope=slope):
            yield keys[0], 1 if slope > 0 else -1
        case Tally(terms=terms) | Bonus(terms=terms) if terms:
            yield from ((key, 1 if term.each > 0 else -1) for key, term in zip(keys, terms, strict=True))
        case Bonus():
            yield keys[0], 1


def columns(scheme: Scheme) -> dict[str, set[int]]:
    """Which way each column is better; one that several indicators read, or a denominator, may have none."""
    found: dict[str, set[int]] = {}
    for indicator in scheme.indicators:
        told = dict(better(indicator))
        for entry in inputs(indicator):
            found.setdefault(entry.key, set()).add(told.get(entry.key, 0))
    return found


@THOROUGH
@given(months(), st.data(), decimals(0, 200, 4))
def test_better_work_is_never_worth_less(month: tuple[Scheme, list[Inputs]], data: Any, step: Decimal):
    """Somebody who did better in one column, all else alike, has no fewer points there and in all, and stands
    no further behind; nobody else's points move."""
    scheme, sheets = month
    ways = {key: next(iter(way)) for key, way in columns(scheme).items() if len(way) == 1 and 0 not in way}
    place = data.draw(st.integers(0, len(sheets) - 1))
    can = [key for key in ways if sheets[place].values.get(key) is not None]
    if not can:
        return
    key = data.draw(st.sampled_from(can))
    raised = dict(sheets[place].values)
    raised[key] = min(max(Decimal(raised[key]) + step * ways[key], -MOST), MOST)
    changed = [*sheets[:place], replace(sheets[place], values=raised), *sheets[place + 1 :]]
    before, after = score(scheme, sheets, WHOLE), score(scheme, changed, WHOLE)
    for at, (was, now) in enumerate(zip(before, after, strict=True)):
        if at != place:
            assert (was.total, was.parts) == (now.total, now.parts)
            continue
        assert (was.total is None) == (now.total is None)
        for one, other in zip(was.parts, now.parts, strict=True):
            assert (one is None) == (other is None)
            assert one is None or other is None or one <= other
        if was.total is not None and now.total is not None:
            assert was.total <= now.total
        if was.rank is not None and now.rank is not None:
            assert now.rank <= was.rank
