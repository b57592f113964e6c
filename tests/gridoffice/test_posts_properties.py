"""Whatever is done to posts in whatever order, nobody holds two main posts on one day, and all of it can be
taken back."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from itertools import combinations
from random import Random
from typing import Any

import pytest

from gridoffice import history
from gridoffice.errors import OfficeError
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.overview.team_lists import movement_rows, serving_rows
from gridoffice.overview.turnover import periods
from gridoffice.workers.moving import Transfer, change_posts, movers, transfer_posts
from gridoffice.workers.posts import posts_of, remove_post, save_post
from gridoffice.workers.reserve import appoint, save_reserve
from gridoffice.workers.rules import overlap
from gridoffice.workers.service import end_posts
from tests.offices import GRIDS, grid_id, records, roster

DAY = date(2026, 6, 30)


def _step(office: Office, rng: Random, people: list[int], places: list[int]) -> Any:
    """One thing that a clerk might do, sensible or not."""
    person, place = rng.choice(people), rng.choice(places)
    day = date(2025, 1, 1) + timedelta(days=rng.randrange(700))
    held = office.read(posts_of, person)
    post = rng.choice(held).id if held else None
    deed = rng.randrange(8)
    if deed == 0 or post is None:
        said = {"grid_id": place, "from_day": day, "concurrent": rng.random() < 0.3}
        return office.write(save_post, person, None, said)
    if deed == 1:
        said = rng.choice(({"from_day": day}, {"to_day": day}, {"to_day": None}, {"concurrent": False}))
        return office.write(save_post, person, post, said, "写错了")
    if deed in (2, 3):
        some = [
            rng.choice(office.read(posts_of, one)).id
            for one in rng.sample(people, 3)
            if office.read(posts_of, one)
        ]
        wanted = Transfer(day, place, reason="力量调整")
        going = [one.post_id for one in office.read(movers, some, wanted) if one.refused is None]
        return office.write(transfer_posts, going, wanted) if going else None
    if deed == 4:
        return office.write(end_posts, [post], day, "辞职")
    if deed == 5:
        return office.write(change_posts, [post], {"contract_end": day})
    if deed == 6:
        office.write(save_reserve, None, {"person_id": person, "grid_id": place})
        return office.write(appoint, person, place, None, day)
    return office.write(remove_post, post, "录错了")


@pytest.mark.parametrize("seed", range(3))
def test_one_main_post_a_day_whatever_is_done(small_office: Office, seed: int) -> None:
    office, rng = small_office, Random(seed)
    before = records(office)
    people = [row.person_id for row in roster(office)]
    places = [grid_id(office, code) for code, *_ in GRIDS[1:]]
    done = 0
    for _ in range(45):
        lines = office.read(history.journal)[0].id
        with suppress(OfficeError):
            _step(office, rng, people, places)
        done += sum(1 for line in office.read(history.journal) if line.id > lines)
        for person in people:
            held = office.read(posts_of, person)
            assert all(
                one.from_day is None or one.to_day is None or one.from_day <= one.to_day for one in held
            )
            for one, other in combinations([one for one in held if not one.concurrent], 2):
                days = (one.from_day, one.to_day, other.from_day, other.to_day)
                assert not overlap(*days), (seed, one, other)
    assert done > 15, "most of it was carried out"
    for day in (date(2025, 6, 30), DAY):
        serving = office.read(serving_rows, None, day)
        mains = [row for row in roster(office, Ask(day=day)) if not _beside(office, row)]
        assert sorted(row.id for row in serving) == sorted(row.id for row in mains)
        start = periods(day)[0][0] - timedelta(days=1)
        moved = [row.way for row in office.read(movement_rows, None, day)]
        assert moved.count("新任") - moved.count("离任") == len(serving) - len(
            office.read(serving_rows, None, start)
        )
    for _ in range(done):
        office.write(history.undo)
    assert records(office) == before


def _beside(office: Office, row: Any) -> bool:
    return next(one.concurrent for one in office.read(posts_of, row.person_id) if one.id == row.id)
