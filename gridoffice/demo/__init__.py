"""A made-up but lifelike office: the same every time for the same size, seed and day."""

from __future__ import annotations

from datetime import date
from random import Random

from gridoffice.demo.data import DemoOffice, GridDatum, Size, WorkerDatum
from gridoffice.demo.places import CITY_NAME, division
from gridoffice.demo.staffing import Staffing
from gridoffice.demo.wordlists import COUNTY_NAMES

__all__ = ["DemoOffice", "GridDatum", "Size", "WorkerDatum", "make"]

SEED = 519921


def make(size: Size, today: date, seed: int = SEED) -> DemoOffice:
    """An office as of `today`. Pure: no clock, no file, no global random state."""
    rng = Random(seed)
    grids = division(rng, size, today)
    staffing = Staffing(rng, today)
    for grid in grids:
        staffing.fill(grid)
    root = grids[0].name
    organisation = {
        Size.STREET: f"{root}办事处",
        Size.COUNTY: f"{COUNTY_NAMES[0]}网格化服务管理中心",
        Size.CITY: f"{CITY_NAME}网格化服务管理中心",
    }[size]
    return DemoOffice(
        f"{root}网格办", organisation, size, seed, today, grids, tuple(staffing.workers), months_before(today)
    )


def months_before(day: date, count: int = 6) -> tuple[date, ...]:
    """The first days of the `count` whole months before the month of `day`, oldest first."""
    index = day.year * 12 + day.month - 1
    return tuple(date((index - back) // 12, (index - back) % 12 + 1, 1) for back in range(count, 0, -1))
