"""A month's values of a made-up office."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from gridoffice.demo import DemoOffice, Size, make
from gridoffice.demo.data import FULL_TIME, LEADER
from gridoffice.demo.values import Indicator, Measure, assessed, indicator_values

INDICATORS = (
    Indicator("visits", "入户走访完成率", Measure.RATE),
    Indicator("missed", "漏报误报", Measure.COUNT),
    Indicator("praise", "先进典型", Measure.BONUS),
    Indicator("opinion", "社区评价", Measure.POINTS, Decimal(20)),
    Indicator("veto", "弄虚作假", Measure.VETO),
)


@pytest.fixture(scope="module")
def office() -> DemoOffice:
    return make(Size.STREET, date(2026, 9, 15))


def test_the_same_month_has_the_same_values(office: DemoOffice) -> None:
    august, july = office.months[-1], office.months[-2]
    first = list(indicator_values(office, INDICATORS, august))
    assert first == list(indicator_values(office, INDICATORS, august))
    assert [row for _, row in first] != [row for _, row in indicator_values(office, INDICATORS, july)]


def test_only_who_served_in_the_month_is_assessed(office: DemoOffice) -> None:
    august = date(2026, 8, 1)
    names = {worker.number for worker in assessed(office, august)}
    for worker in office.workers:
        served = worker.appointed <= date(2026, 8, 31) and (worker.left is None or worker.left >= august)
        assert (worker.number in names) == served
    posts = {worker.post for worker in assessed(office, august, (LEADER, FULL_TIME))}
    assert posts == {LEADER, FULL_TIME}


def test_values_lie_where_real_ones_do(office: DemoOffice) -> None:
    rows = [row for _, row in indicator_values(office, INDICATORS, office.months[-1])]
    rates = sorted(row["visits"] for row in rows)
    assert rates[0] >= 50
    assert rates[-1] == 100
    assert rates[len(rates) // 20] >= 85, "nineteen in twenty are at 85 or better"
    assert 90 <= rates[len(rates) // 2] <= 100
    assert all(rate == round(rate, 1) for rate in rates)
    assert sum(row["missed"] == 0 for row in rows) > 0.75 * len(rows)
    assert 0 < sum(row["praise"] > 0 for row in rows) < 0.15 * len(rows)
    assert all(0 <= row["opinion"] <= 20 for row in rows)
    assert not any(row["veto"] for row in rows), "vetoes occur in larger offices only"


def test_a_county_has_a_veto_or_two() -> None:
    county = make(Size.COUNTY, date(2026, 9, 15))
    rows = [row for _, row in indicator_values(county, INDICATORS, county.months[-1])]
    assert 1 <= sum(bool(row["veto"]) for row in rows) <= 3


def test_the_good_stay_good(office: DemoOffice) -> None:
    """A worker's standing lasts: who is in the best quarter one month is seldom in the worst the next."""

    def ranked(month: date) -> list[int]:
        rows = [(row["visits"] + row["opinion"] * 5, worker.number)
                for worker, row in indicator_values(office, INDICATORS, month)]  # fmt: skip
        return [number for _, number in sorted(rows, reverse=True)]

    before, after = ranked(office.months[-2]), ranked(office.months[-1])
    quarter = len(before) // 4
    fallen = set(before[:quarter]) & set(after[-quarter:])
    assert len(fallen) < 0.12 * quarter
