"""The tree of a made-up division: street, community, general grid, micro grid, special grid.

Sizes follow the norms of `chengdu-3+1` (300-500 households a general grid, 30-100 a micro grid), with
the few that are too large or too small which every real division has.
"""

from __future__ import annotations

from datetime import date
from random import Random

from gridoffice.demo.data import (
    CITY,
    COMMUNITY,
    COUNTY,
    GENERAL,
    MICRO,
    SPECIAL,
    STREET,
    TOWN,
    GridDatum,
    Size,
)
from gridoffice.demo.wordlists import (
    COUNTY_NAMES,
    ESTATE_ENDS,
    FIRST_COMMUNITIES,
    FIRST_STREETS,
    NUMERALS,
    PLACE_FIRST,
    PLACE_SECOND,
    ROAD_ENDS,
    SPECIAL_GRIDS,
)

CITY_CODE, CITY_NAME = "519900", "锦泽市"
FIRST_COUNTY = "519921"
_STREETS_A_COUNTY, _STREETS_NOT_TOWNS = 11, 5


def division(rng: Random, size: Size, today: date) -> tuple[GridDatum, ...]:
    """All grids of an office of that size, parents first."""
    if size is Size.STREET:
        return tuple(_street(rng, f"{FIRST_COUNTY}001", "青禾街道", None, FIRST_COMMUNITIES, today))
    if size is Size.COUNTY:
        return tuple(_county(rng, FIRST_COUNTY, COUNTY_NAMES[0], None, True, today))
    below: list[GridDatum] = []
    for order, name in enumerate(COUNTY_NAMES):
        below += _county(rng, _county_code(order, name), name, CITY_CODE, order == 0, today)
    return (_sum(below, CITY_CODE, CITY_NAME, CITY, None, COUNTY, today), *below)


def _county_code(order: int, name: str) -> str:
    """Districts from 02 (01 stands for all of them), counties from 21, GB/T 2260."""
    kind = name[-1]
    before = sum(1 for other in COUNTY_NAMES[:order] if other[-1] == kind)
    return f"{CITY_CODE[:4]}{(2 if kind == '区' else 21) + before:02d}"


def _county(
    rng: Random, code: str, name: str, parent: str | None, first: bool, today: date
) -> list[GridDatum]:
    taken = {*FIRST_STREETS, *FIRST_COMMUNITIES} if first else set()
    stems = FIRST_STREETS if first else _stems(rng, _STREETS_A_COUNTY, taken)
    below: list[GridDatum] = []
    for order, stem in enumerate(stems):
        town = order >= _STREETS_NOT_TOWNS
        number = 100 + order - _STREETS_NOT_TOWNS if town else order + 1
        communities = FIRST_COMMUNITIES if first and order == 0 else _stems(rng, 12 + order % 2, taken)
        below += _street(
            rng, f"{code}{number:03d}", stem + ("镇" if town else "街道"), code, communities, today
        )
    own = [grid for grid in below if grid.kind in (STREET, TOWN)]
    return [_sum(own, code, name, COUNTY, parent, None, today), *below]


def _stems(rng: Random, count: int, taken: set[str]) -> tuple[str, ...]:
    """`count` names that are not yet `taken`, which they then are: within a county a name says where."""
    found: list[str] = []
    while len(found) < count:
        stem = (
            PLACE_FIRST[int(rng.random() * len(PLACE_FIRST))]
            + PLACE_SECOND[int(rng.random() * len(PLACE_SECOND))]
        )
        if stem not in taken and stem[0] != stem[1]:
            taken.add(stem)
            found.append(stem)
    return tuple(found)


def _sum(
    grids: list[GridDatum], code: str, name: str, kind: str, parent: str | None, of: str | None, today: date
) -> GridDatum:
    """A place whose figures are the sums of those of kind `of` (of all when None) among `grids`."""
    own = [grid for grid in grids if of is None or grid.kind == of]
    return GridDatum(
        code,
        name,
        kind,
        parent,
        sum(grid.households for grid in own),
        sum(grid.shops for grid in own),
        sum(grid.population for grid in own),
        sum(grid.area for grid in own),
        f"{name}全域",
        date(today.year - 12, 1, 1),
    )


def _street(
    rng: Random, code: str, name: str, parent: str | None, stems: tuple[str, ...], today: date
) -> list[GridDatum]:
    town = name.endswith("镇")
    villages = len(stems) // 2 if town else 2
    below: list[GridDatum] = []
    for order, stem in enumerate(stems):
        village = order >= len(stems) - villages
        # 10114: neighbourhood committees from 001, village committees from 200
        number = 200 + order - (len(stems) - villages) if village else order + 1
        below += _community(rng, f"{code}{number:03d}", stem, village, code, today)
    return [_sum(below, code, name, TOWN if town else STREET, parent, COMMUNITY, today), *below]


def _community(rng: Random, code: str, stem: str, village: bool, street: str, today: date) -> list[GridDatum]:
    name = stem + ("村" if village else "社区")
    below: list[GridDatum] = []
    generals: list[GridDatum] = []
    count = 4 + int(rng.random() * 3) if village else 6 + int(rng.random() * 3)
    for order in range(count):
        own = _general(rng, f"{code}{order + 1:03d}", stem, order, village, code, today)
        generals.append(own[0])
        below += own
    kinds = rng.sample(SPECIAL_GRIDS, 1 if village else 1 + int(rng.random() * 2))
    for order, kind in enumerate(kinds, start=count + 1):
        shops = 40 + int(rng.random() * 260)
        generals.append(
            GridDatum(
                f"{code}{order:03d}",
                f"{kind}专属网格",
                SPECIAL,
                code,
                0,
                shops,
                shops * 6 + int(rng.random() * 400),
                15_000 + int(rng.random() * 120_000),
                f"{stem}{kind}范围内的单位和商户",
                date(today.year - 3, 3, 1),
            )
        )
        below.append(generals[-1])
    total = _sum(generals, code, name, COMMUNITY, street, None, today)
    return [total, *below]


def _general(
    rng: Random, code: str, stem: str, order: int, village: bool, community: str, today: date
) -> list[GridDatum]:
    chance = rng.random()
    if chance < 0.04:
        households = 510 + int(rng.random() * 260)  # too large for one worker
    elif chance < (0.35 if village else 0.09):
        households = 150 + int(rng.random() * 145)  # too small
    else:
        households = 305 + int(rng.random() * 190)
    area = households * (2600 if village else 130) + int(rng.random() * 40_000)
    redrawn = rng.random() < 0.06
    opened = date(today.year - 1, 1, 1) if redrawn else date(today.year - 7, 4, 1)
    micros = _micros(
        rng, code, stem, order, village, households, area, max(opened, date(today.year - 4, 7, 1))
    )
    return [
        GridDatum(
            code,
            f"第{NUMERALS[order]}网格",
            GENERAL,
            community,
            households,
            sum(micro.shops for micro in micros),
            sum(micro.population for micro in micros),
            area,
            bounds(rng, stem),
            opened,
            "上年调整划分" if redrawn else "",
        ),
        *micros,
    ]


def _micros(
    rng: Random, code: str, stem: str, order: int, village: bool, households: int, area: int, opened: date
) -> list[GridDatum]:
    """Micro grids that share out the households of one general grid."""
    parts = max(2, round(households / (58 + rng.random() * 16)))
    shares = [0.75 + rng.random() * 0.5 for _ in range(parts)]
    scale = households / sum(shares)
    counts = [max(30, int(share * scale)) for share in shares]
    counts[-1] += households - sum(counts)
    if counts[-1] < 20:  # the rest that rounding left belongs to the largest
        largest = counts.index(max(counts))
        counts[largest] += counts[-1] - 30
        counts[-1] = 30
    found, building = [], 1
    estate = stem + ESTATE_ENDS[order]
    for number, count in enumerate(counts, start=1):
        if village:
            scope = f"{stem}村{order * len(counts) + number}组"
        else:
            last = building + max(0, round(count / 40) - 1)
            scope = f"{estate}{building}栋" if last == building else f"{estate}{building}—{last}栋"
            building = last + 1
        found.append(
            GridDatum(
                f"{code}{number:02d}",
                f"微网格{number:02d}",
                MICRO,
                code,
                count,
                int(rng.random() * 9),
                int(count * (2.2 + rng.random() * 0.4)),
                area * count // households,
                scope,
                opened,
            )
        )
    return found


def bounds(rng: Random, stem: str) -> str:
    """Where a grid of a community ends on each side, by made-up roads."""
    roads = []
    for side in "东南西北":
        place = (
            stem
            if rng.random() < 0.3
            else (
                PLACE_FIRST[int(rng.random() * len(PLACE_FIRST))]
                + PLACE_SECOND[int(rng.random() * len(PLACE_SECOND))]
            )
        )
        roads.append(f"{side}至{place}{ROAD_ENDS[int(rng.random() * len(ROAD_ENDS))]}")
    return "、".join(roads)
