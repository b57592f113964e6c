"""How a month's totals are spread, as the panel beside the grid shows it."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest

from gridoffice.office import Office
from gridoffice.overview.questions import Spread, spread, spread_of, totals


@pytest.mark.parametrize("low, high", [(0, 100), (61, 63), (-7, 3), (88, 88)])
def test_every_total_is_in_one_span_of_whole_points(low: int, high: int) -> None:
    chance = Random(low)
    found = [Decimal(chance.randint(low * 100, high * 100 + 99)) / 100 for _ in range(500)]
    said = spread_of(found)
    starts = [start for start, _ in said.spans]
    wide = starts[1] - starts[0] if len(starts) > 1 else 1
    assert 0 < len(starts) <= 8 and starts == [starts[0] + wide * at for at in range(len(starts))]
    for start, count in said.spans:
        assert count == sum(start <= total < start + wide for total in found)
    assert sum(count for _, count in said.spans) == said.count == len(found)
    assert said.mean == sum(found) / len(found)


def test_without_a_total_there_is_nothing_to_show() -> None:
    assert spread_of([]) == Spread(0, None, ())


def test_it_is_of_the_month_below_a_grid(locked_office: Office) -> None:
    found = locked_office.read(totals, "2026-06", None)
    assert found and locked_office.read(spread, "2026-06", None) == spread_of(found)
