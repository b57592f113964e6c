"""What the workers of a made-up office did in a month: mostly good, seldom perfect, now and then bad."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from random import Random

from gridoffice.demo.data import DemoOffice, Size, WorkerDatum


class Measure(StrEnum):
    """What kind of value an indicator takes."""

    RATE = "rate"  # per cent that should be high, 0-100 with up to one decimal
    FAULTS = "faults"  # per cent that should be low
    COUNT = "count"  # occurrences that cost points
    BACKLOG = "backlog"  # left undone, a good many at times
    BONUS = "bonus"  # occurrences that earn extra points
    POINTS = "points"  # points given by hand, 0 to `full` in halves
    VETO = "veto"  # yes or no


@dataclass(frozen=True, slots=True)
class Indicator:
    """One column of a month's values. `label` is its heading; `full` bounds points given by hand."""

    key: str
    label: str
    measure: Measure
    full: Decimal = Decimal(100)


Value = Decimal | int | bool

_RATES = tuple(Decimal(tenths) / 10 for tenths in range(1001))
_HALVES = Decimal("0.5")


def assessed(office: DemoOffice, month: date, posts: Iterable[str] = ()) -> tuple[WorkerDatum, ...]:
    """Who served on any day of `month` (in one of `posts`, when given)."""
    last = month.replace(day=monthrange(month.year, month.month)[1])
    wanted = frozenset(posts)
    return tuple(
        worker
        for worker in office.workers
        if worker.served(month, last) and (not wanted or worker.post in wanted)
    )


def indicator_values(
    office: DemoOffice, indicators: tuple[Indicator, ...], month: date, posts: Iterable[str] = ()
) -> Iterator[tuple[WorkerDatum, dict[str, Value]]]:
    """The values of everybody assessed in `month`, the same for the same office, indicators and month.

    A worker has a standing of his own that lasts, and every month has luck of its own.
    """
    luck = Random(f"{office.seed}/{month:%Y-%m}")
    standing = Random(office.seed + 1)
    standings = [1 - standing.random() ** 2.2 for _ in office.workers]
    vetoes = {} if office.size is Size.STREET else {number: None for number in _vetoed(office, luck)}
    for worker in assessed(office, month, posts):
        merit = 0.65 * standings[worker.number] + 0.35 * luck.random()
        vetoed = worker.number in vetoes
        yield worker, {each.key: _value(each, merit, vetoed, luck) for each in indicators}


def _vetoed(office: DemoOffice, luck: Random) -> list[int]:
    """A couple of workers in a county, one in five thousand in a city."""
    count = max(2, len(office.workers) // 5000)
    return [int(luck.random() * len(office.workers)) for _ in range(count)]


def _value(indicator: Indicator, merit: float, vetoed: bool, luck: Random) -> Value:
    chance = luck.random()
    match indicator.measure:
        case Measure.RATE:
            if chance < 0.22 + 0.3 * merit:
                return _RATES[1000]
            if chance > 0.985 - 0.02 * (1 - merit):  # a bad month
                return _RATES[int(600 + 250 * luck.random())]
            return _RATES[int(1000 - (1 - merit) * 130 - 35 * luck.random() ** 2)]
        case Measure.FAULTS:
            return _RATES[
                0 if chance < 0.3 + 0.4 * merit else int((1 - merit) * 90 + 25 * luck.random() ** 2)
            ]
        case Measure.BACKLOG:
            return 0 if chance < 0.45 + 0.3 * merit else 1 + int((1 - merit) * 24 * luck.random())
        case Measure.COUNT:
            return 0 if chance < 0.72 + 0.26 * merit else 1 + int(luck.random() ** 2 * 4)
        case Measure.BONUS:
            return 0 if chance < 0.97 - 0.06 * merit else 1 + int(luck.random() ** 3 * 3)
        case Measure.POINTS:
            lost = int((1 - merit) * 0.22 * float(indicator.full) * 2 + luck.random() * 1.6)
            return max(Decimal(0), indicator.full - lost * _HALVES)
        case Measure.VETO:
            return vetoed
