"""What must hold of people whatever is done to them, tried at random: one main post a day, counts that add
up over the tree on any day, merges that lose nothing."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from gridoffice import history
from gridoffice.errors import RuleBroken
from gridoffice.grids.tree import children
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.overview.person_record import person_record
from gridoffice.party.service import save_link, save_member
from gridoffice.people.merging import merge_people, preview_merge
from gridoffice.qualifications.service import save_certificate
from gridoffice.training.service import save_training
from gridoffice.training.sheet import SignIn, enter_attendance
from gridoffice.workers.listing import WORKERS
from gridoffice.workers.moving import Transfer, transfer_posts
from gridoffice.workers.service import end_posts, save_worker
from tests.offices import GRIDS, grid_id, records, roster

CODES = [code for code, *_ in GRIDS]
FIRST = date(2025, 1, 1)


def some_day(rng: Random) -> date:
    return FIRST + timedelta(days=rng.randrange(700))


def act(office: Office, rng: Random) -> None:
    """One thing that is done to posts; what is refused is as good."""
    row = rng.choice(
        office.read(lambda session: WORKERS.rows(session, WORKERS.ids(session, Ask(day=some_day(rng)))))
    )
    place, day = grid_id(office, rng.choice(CODES)), some_day(rng)
    try:
        match rng.randrange(4):
            case 0:
                office.write(transfer_posts, [row.id], Transfer(day, place))
            case 1:
                office.write(end_posts, [row.id], day)
            case 2:
                office.write(save_worker, row.id, {"from_day": day, "to_day": day + timedelta(days=90)})
            case _:
                said = {"name": row.name, "id_number": row.id_number, "from_day": day, "grid_id": place}
                if row.id_number:
                    office.write(save_worker, None, said | {"concurrent": rng.random() < 0.3})
    except RuleBroken:
        pass


@pytest.mark.parametrize("seed", range(3))
def test_one_main_post_a_day_and_counts_that_add_up(small_office: Office, seed: int) -> None:
    rng = Random(seed)
    people = {row.person_id for row in roster(small_office)}
    for _ in range(25):
        act(small_office, rng)
    for person in people:
        main = [post for post in small_office.read(person_record, person).posts if not post.concurrent]
        days = sorted((post.from_day or date.min, post.to_day or date.max) for post in main)
        assert all(end < start for (_, end), (start, _) in pairwise(days)), days
    for _ in range(5):
        day = some_day(rng)
        (street,) = small_office.read(children, None, day)
        below = small_office.read(children, street.id, day)
        own = [row for row in roster(small_office, Ask(day=day)) if row.grid == "青禾街道"]
        assert street.workers == sum(node.workers for node in below) + len(own)
        assert street.workers == len(roster(small_office, Ask(day=day)))


def hats(office: Office, person: int) -> Counter[Any]:
    """What somebody has, as far as it must survive a merge."""
    found = office.read(person_record, person)
    return Counter(
        [
            *(("post", one.grid_id) for one in found.posts),
            *(("certificate", one.number) for one in found.certificates),
            *(("link", one.grid_id) for one in found.links),
            *(("training", one.training_id) for one in found.trainings),
            *(("member", bool(found.memberships)) for _ in found.memberships[:1]),
        ]
    )


@pytest.mark.parametrize("seed", range(4))
def test_a_merge_loses_nothing(small_office: Office, seed: int) -> None:
    rng = Random(seed)
    trainings = [
        small_office.write(save_training, None, {"name": f"第{n}期", "day": FIRST + timedelta(days=n)}).result
        for n in range(3)
    ]
    pair = []
    for phone in ("13900000001", "13900000002"):
        said = {"name": "何来", "phone": phone, "grid_id": grid_id(small_office, rng.choice(CODES))}
        small_office.write(save_worker, None, said | {"from_day": some_day(rng)})
        person = max(row.person_id for row in roster(small_office, Ask(day=date(2027, 1, 1))))
        pair.append(person)
        for code in rng.sample(CODES, 3):
            small_office.write(save_link, None, {"person_id": person, "grid_id": grid_id(small_office, code)})
        for number in range(rng.randrange(3)):
            values = {"certificate": "急救证", "number": f"{phone}-{number}"}
            small_office.write(save_certificate, None, values, person_id=person)
        for training in rng.sample(trainings, 2):
            small_office.write(enter_attendance, training, [SignIn(person)])
        if rng.random() < 0.7:
            small_office.write(save_member, None, {}, person_id=person)
    keep, drop = pair
    before, wanted = records(small_office), hats(small_office, keep) | hats(small_office, drop)
    assert small_office.read(preview_merge, keep, drop).refused == ""
    small_office.write(merge_people, keep, drop)
    assert hats(small_office, keep).keys() == wanted.keys()
    small_office.write(history.undo)
    assert records(small_office) == before
