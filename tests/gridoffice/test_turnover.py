"""队伍变化: joins − leaves is the change of head count for any period, and counts add up over the tree."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.overview.turnover import (
    ONE_DAY,
    Run,
    Stay,
    Team,
    by_area,
    periods,
    rate,
    runs,
    stays,
    turnover,
    turnover_rate,
)
from gridoffice.workers.moving import Transfer, transfer_posts
from gridoffice.workers.posts import post_row
from gridoffice.workers.service import end_posts, save_worker
from tests.offices import GRIDS, grid_id, roster

DAY = date(2026, 6, 30)


def _random_stays(seed: int) -> list[Stay]:
    rng, found = Random(seed), []
    for person in range(40):
        at = date(2024, 1, 1) + timedelta(days=rng.randrange(600))
        for _ in range(rng.randrange(1, 5)):
            first = None if rng.random() < 0.05 and not found else at
            length = rng.randrange(0, 200)
            last = None if rng.random() < 0.2 else at + timedelta(days=length)
            path = f"0001{rng.randrange(3):04}"
            found.append(Stay(len(found), person, path, rng.randrange(3), first, last, rng.random() < 0.5))
            if last is None:
                break
            at = last + timedelta(days=rng.choice((1, 1, 1, 2, 40, -3)))
    return found


@pytest.mark.parametrize("seed", range(25))
def test_joins_less_leaves_is_the_change_of_heads(seed: int) -> None:
    stretches = _random_stays(seed)
    team = Team(runs(stretches))
    rng = Random(seed + 1000)
    for _ in range(40):
        start = date(2023, 12, 1) + timedelta(days=rng.randrange(1200))
        end = start + timedelta(days=rng.randrange(0, 400))
        joined, left = team.all.begun(start, end), team.all.ended(start, end)
        assert joined - left == team.all.on(end) - team.all.on(start - ONE_DAY)
        there = {one.person_id for one in stretches if one.on(end)}
        assert team.all.on(end) == len(there)
        full = {one.person_id for one in stretches if one.on(end) and one.full_time}
        assert team.full_time_rate(end) == rate(len(full), len(there))


def test_a_move_inside_is_neither_coming_nor_going() -> None:
    def stay(post: int, path: str, first: date, last: date | None) -> Stay:
        return Stay(post, 1, path, post, first, last, post == 2)

    here = [
        stay(1, "00010001", date(2026, 1, 10), date(2026, 3, 31)),
        stay(2, "00010002", date(2026, 4, 1), None),
    ]
    (whole,) = runs(here)
    assert (whole.first, whole.last) == (date(2026, 1, 10), None)
    year = (date(2026, 1, 1), DAY)
    assert _turns([whole], *year) == (1, 0)
    first, second = runs(here[:1]), runs(here[1:])
    assert _turns(first, *year)[1] == _turns(second, *year)[0] == 1, "across the edge of a part it is both"
    team = Team([whole])
    assert team.full_time_rate(date(2026, 2, 1)) == 0 and team.full_time_rate(DAY) == 100


def _turns(found: list[Run], start: date, end: date) -> tuple[int, int]:
    """How many came and how many left."""
    team = Team(found)
    return team.all.begun(start, end), team.all.ended(start, end)


def test_rates_and_periods_are_what_the_formulas_say() -> None:
    assert turnover_rate(3, 20, 10) == 20 and turnover_rate(0, 0, 0) is None
    months = periods(date(2026, 3, 15), 3)
    assert months == [
        (date(2026, 1, 1), date(2026, 1, 31)),
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 3, 1), date(2026, 3, 15)),
    ]
    gone = Run(1, date(2026, 2, 1), date(2026, 2, 28), ())
    assert _turns([gone], date(2026, 2, 1), date(2026, 2, 28)) == (1, 0), "the last day is still served"
    assert _turns([gone], date(2026, 3, 1), date(2026, 3, 31)) == (0, 1)


@pytest.mark.parametrize("seed", range(4))
def test_heads_add_up_over_the_tree_on_any_day(small_office: Office, seed: int) -> None:
    office, rng = small_office, Random(seed)
    places = [grid_id(office, code) for code, *_ in GRIDS]
    for number in range(12):
        day = date(2024, 1, 1) + timedelta(days=rng.randrange(700))
        values = {"name": f"某{number}", "grid_id": rng.choice(places), "from_day": day}
        post = office.write(save_worker, None, values).result
        if rng.random() < 0.5:
            moved = day + timedelta(days=rng.randrange(1, 200))
            target = rng.choice([one for one in places if one != values["grid_id"]])
            (post,) = office.write(transfer_posts, [post], Transfer(moved, target)).result
            day = moved
        if rng.random() < 0.4:
            office.write(end_posts, [post], day + timedelta(days=rng.randrange(0, 300)))
    top = grid_id(office, GRIDS[0][0])
    for day in (date(2024, 6, 30), date(2025, 3, 1), DAY):
        whole = office.read(stays, top, day)
        parts = office.read(by_area, whole, top, day)
        assert sum(Team(one).all.on(day) for one in parts.values()) == Team(runs(whole)).all.on(day)
        listed = {
            row.person_id
            for row in roster(office, Ask(day=day))
            if not office.read(post_row, row.id).concurrent
        }
        assert Team(runs(whole)).all.on(day) == len(listed)
    said = office.read(turnover, top, DAY)
    assert sum(one.joined - one.left for one in said.months) == said.whole.joined - said.whole.left
    assert said.whole.after - said.whole.before == said.whole.joined - said.whole.left
    assert sum(one.change.after for one in said.areas) == said.whole.after
    for earlier, later in zip(said.months, said.months[1:], strict=False):
        assert earlier.after == later.before
    assert Team(runs(office.read(stays, top, DAY))).change(DAY, DAY).after == said.whole.after
