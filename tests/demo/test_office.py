"""The made-up office: always the same, every number valid, and shaped like a real one."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from db.enums import Employment, Sex
from gridoffice.demo import DemoOffice, Size, make
from gridoffice.demo.data import (
    CHIEF,
    COMMUNITY,
    COUNTY,
    FULL_TIME,
    GENERAL,
    LEADER,
    MICRO,
    MICRO_WORKER,
    PART_TIME,
    SPECIAL,
    STREET,
    TOWN,
    paths,
)

TODAY = date(2026, 9, 15)
PARENTS = {
    STREET: COUNTY,
    TOWN: COUNTY,
    COMMUNITY: STREET,
    GENERAL: COMMUNITY,
    SPECIAL: COMMUNITY,
    MICRO: GENERAL,
}
CODE_LENGTHS = {COUNTY: 6, STREET: 9, TOWN: 9, COMMUNITY: 12, GENERAL: 15, SPECIAL: 15, MICRO: 17}


@pytest.fixture(scope="module")
def street() -> DemoOffice:
    return make(Size.STREET, TODAY)


@pytest.fixture(scope="module")
def county() -> DemoOffice:
    return make(Size.COUNTY, TODAY)


@pytest.fixture(scope="module", params=[Size.STREET, Size.COUNTY])
def office(request: pytest.FixtureRequest) -> DemoOffice:
    return request.getfixturevalue(request.param.value)


def digest(office: DemoOffice) -> str:
    return hashlib.sha256(repr(office).encode()).hexdigest()


def test_the_same_seed_and_day_give_the_same_office(street: DemoOffice) -> None:
    assert digest(make(Size.STREET, TODAY)) == digest(street)
    assert digest(make(Size.STREET, TODAY, seed=7)) != digest(street)


def test_days_move_with_today_and_nothing_else_does(street: DemoOffice) -> None:
    later = make(Size.STREET, date(2031, 2, 28))
    assert all(worker.appointed <= later.today for worker in later.workers)
    assert [grid.code for grid in later.grids] == [grid.code for grid in street.grids]


@pytest.mark.parametrize("today", [date(2024, 2, 29), date(2026, 1, 1), date(2026, 12, 31)])
def test_any_day_of_the_year_will_do(today: date) -> None:
    office = make(Size.STREET, today)
    assert max(office.months) < today.replace(day=1)
    assert len(set(office.months)) == 6


@pytest.mark.parametrize(
    ("size", "grids", "workers", "streets"),
    [(Size.STREET, 600, 620, 1), (Size.COUNTY, 6500, 7000, 11)],
)
def test_sizes(size: Size, grids: int, workers: int, streets: int, request: pytest.FixtureRequest) -> None:
    office: DemoOffice = request.getfixturevalue(size.value)
    serving = sum(worker.left is None for worker in office.workers)
    assert len(office.grids) == pytest.approx(grids, rel=0.1)
    assert serving == pytest.approx(workers, rel=0.1)
    assert len(office.streets()) == streets


def test_a_city_has_150000_workers_all_different() -> None:
    office = make(Size.CITY, TODAY)
    assert sum(worker.left is None for worker in office.workers) == pytest.approx(150_000, rel=0.05)
    assert len(office.streets()) == 242
    assert len({worker.id_number for worker in office.workers}) == len(office.workers)
    assert len({worker.phone for worker in office.workers}) == len(office.workers)
    assert len({grid.code for grid in office.grids}) == len(office.grids)
    counties = [grid for grid in office.grids if grid.kind == COUNTY]
    assert len({grid.name for grid in counties}) == len(counties) == 22
    assert sum(grid.households for grid in counties) == office.grids[0].households


def test_every_id_number_is_valid_and_belongs_to_nobody(office: DemoOffice) -> None:
    for worker in office.workers:
        number = worker.id_number
        assert re.fullmatch(r"\d{17}[\dX]", number)
        assert number[2:4] == "99", "no city has 99: the number cannot be anybody's"
        assert number[6:14] == worker.birth.strftime("%Y%m%d")
        assert (int(number[16]) % 2 == 1) == (worker.sex is Sex.MALE)
        # ISO 7064 MOD 11-2 the other way round: with the check character the sum leaves 1.
        values = [10 if character == "X" else int(character) for character in number]
        assert sum(value * pow(2, 17 - place, 11) for place, value in enumerate(values)) % 11 == 1


def test_numbers_and_phones_are_unique_and_well_formed(office: DemoOffice) -> None:
    assert len({worker.id_number for worker in office.workers}) == len(office.workers)
    assert len({worker.phone for worker in office.workers}) == len(office.workers)
    assert all(re.fullmatch(r"1[3-9]\d{9}", worker.phone) for worker in office.workers)
    assert [worker.number for worker in office.workers] == list(range(len(office.workers)))


def test_the_tree_hangs_together(office: DemoOffice) -> None:
    seen: dict[str, str] = {}
    for place, grid in enumerate(office.grids):
        assert re.fullmatch(r"519921\d*", grid.code)
        assert len(grid.code) == CODE_LENGTHS[grid.kind]
        if place:
            assert grid.parent in seen, "parents come first"
            assert grid.code.startswith(grid.parent)
            expected = PARENTS[grid.kind]
            assert seen[grid.parent] == expected or {seen[grid.parent], expected} == {TOWN, STREET}
        else:
            assert grid.parent is None
        assert grid.code not in seen
        seen[grid.code] = grid.kind
    siblings = Counter((grid.parent, grid.name) for grid in office.grids)
    assert max(siblings.values()) == 1


def test_figures_add_up(office: DemoOffice) -> None:
    below: dict[str | None, list] = {}
    for grid in office.grids:
        below.setdefault(grid.parent, []).append(grid)
    for grid in office.grids:
        children = below.get(grid.code)
        if children:
            assert grid.households == sum(child.households for child in children)
            assert grid.population == sum(child.population for child in children)
            assert grid.shops == sum(child.shops for child in children)


def test_norms_are_mostly_kept_and_sometimes_not(county: DemoOffice) -> None:
    general = [grid.households for grid in county.grids if grid.kind == GENERAL]
    within = sum(300 <= households <= 500 for households in general) / len(general)
    assert 0.7 < within < 0.95
    assert any(households > 500 for households in general)
    assert any(households < 300 for households in general)
    micro = [grid.households for grid in county.grids if grid.kind == MICRO]
    assert sum(30 <= households <= 100 for households in micro) / len(micro) > 0.97
    assert min(micro) >= 20
    living = [grid for grid in county.grids if grid.kind == MICRO]
    people = sum(grid.population for grid in living) / sum(grid.households for grid in living)
    assert people == pytest.approx(2.4, abs=0.1)


def test_posts_and_gaps(street: DemoOffice) -> None:
    kinds = {grid.code: grid.kind for grid in street.grids}
    allowed = {
        COMMUNITY: {CHIEF},
        GENERAL: {LEADER, FULL_TIME, PART_TIME},
        SPECIAL: {FULL_TIME, PART_TIME},
        MICRO: {MICRO_WORKER},
    }
    assert all(worker.post in allowed[kinds[worker.grid]] for worker in street.workers)
    staffed = {worker.grid for worker in street.workers if worker.left is None}
    vacant = [grid for grid in street.grids if grid.kind == MICRO and grid.code not in staffed]
    assert 10 < len(vacant) < 70
    assert {worker.employment for worker in street.workers} == set(Employment)


def test_days_of_service(office: DemoOffice) -> None:
    opened = {grid.code: grid.opened for grid in office.grids}
    for worker in office.workers:
        assert opened[worker.grid] <= worker.appointed <= office.today
        assert worker.left is None or worker.appointed <= worker.left <= office.today
        age = (office.today - worker.birth).days / 365.2425
        assert 22 <= age < 69
        assert (worker.appointed - worker.birth).days / 365.2425 > 17.9
        assert (worker.contract_end is not None) == (worker.employment is Employment.FULL_TIME)
    soon = [
        worker
        for worker in office.workers
        if worker.contract_end
        and worker.left is None
        and 0 <= (worker.contract_end - office.today).days <= 60
    ]
    assert soon
    assert any(worker.left for worker in office.workers)


def test_a_post_is_not_held_twice_at_once(office: DemoOffice) -> None:
    held: dict[tuple[str, str], list] = {}
    for worker in office.workers:
        held.setdefault((worker.grid, worker.post), []).append(worker)
    for workers in held.values():
        workers.sort(key=lambda worker: worker.appointed)
        for before, after in pairwise(workers):
            assert before.left is not None
            assert before.left < after.appointed


def test_names_that_are_hard_to_print_are_there(street: DemoOffice) -> None:
    serving = [worker.name for worker in street.workers]
    together = "".join(serving)
    for character in "䶮㐂𬭎𠮷𫍯堃喆犇頔":
        assert character in together, character
    assert any("·" in name and len(name) > 8 for name in serving)
    assert any(count > 1 for count in Counter(serving).values()), "namesakes"
    assert not re.search(r"(.)·\1", together)


def test_places_have_names(street: DemoOffice) -> None:
    names = paths(street.grids)
    assert names["51992100100100101"] == ("青禾街道", "梧桐社区", "第一网格", "微网格01")
    assert {"梧桐社区", "柳荫社区", "永宁社区", "书院社区", "河湾社区", "新桥村"} <= {
        grid.name for grid in street.grids if grid.kind == COMMUNITY
    }
    assert any(grid.name == "商圈专属网格" for grid in street.grids)


def test_within_a_county_the_name_of_a_community_says_which(county: DemoOffice) -> None:
    names = [grid.name[:2] for grid in county.grids if grid.kind in (COMMUNITY, STREET, TOWN)]
    assert len(set(names)) == len(names)
