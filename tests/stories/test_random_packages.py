"""A community changes its tree and its people at random and sends it up, three times: after each package the street
shows the same community on every day, and undoing a package takes back exactly it."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from db.enums import PartyMemberKind, Sex
from gridoffice.errors import OfficeError
from gridoffice.establish import establish
from gridoffice.grids.changing import change_grids
from gridoffice.grids.operations import Basis
from gridoffice.grids.service import save_grid
from gridoffice.office import Office
from gridoffice.packages import keys
from gridoffice.packages.receiving import receive, take_back, take_in
from gridoffice.party.service import dissolve_orgs, save_member, save_org, transfer_members
from gridoffice.people.hits import person_called
from gridoffice.workers.moving import Transfer, transfer_posts
from gridoffice.workers.service import end_posts, save_worker
from tests.offices import grid_id, records, roster
from tests.packages.conftest import COMMUNITY as NAME
from tests.packages.conftest import PASSWORD, Two, introduce
from tests.packages.days import COMMUNITY, same_on_all_days
from tests.stories.test_random_changes import NEWEST, Day, Then

STEPS = 5


class Below(Day):
    """The community's own part, which it may change."""

    def tree(self, day: date) -> Then:
        tree = super().tree(day)
        top = tree[grid_id(self.office, COMMUNITY)][1]
        return {number: one for number, one in tree.items() if one[1].startswith(top) and one[1] != top}


class Community:
    """A community at work."""

    def __init__(self, office: Office, dice: random.Random):
        self.office, self.dice, self.made = office, dice, 0

    def work(self) -> None:
        done = 0
        for _ in range(40):
            try:
                self.dice.choice(
                    [self.change, self.change, self.hire, self.end, self.move, self.found, self.join]
                )()
            except OfficeError:
                continue
            done += 1
            if done == STEPS:
                return

    def change(self) -> None:
        roll = self.dice.randrange
        wish = (roll(9), roll(40), roll(40), roll(6), 0)
        day = NEWEST - timedelta(days=10 * roll(12))
        operations = Below(self.office).operations(wish, day)
        self.office.write(change_grids, Basis(day, f"原因{roll(9)}", None), operations)

    def grids(self) -> list[int]:
        return sorted(Below(self.office).tree(date.today()))

    def hire(self) -> None:
        self.made += 1
        values = {
            "name": f"新人{self.made}",
            "sex": Sex.FEMALE,
            "title": "兼职网格员",
            "grid_id": self.grid(),
        }
        self.office.write(save_worker, None, values | {"from_day": self.day()})

    def grid(self) -> int:
        return self.dice.choice(self.grids())

    def day(self) -> date:
        return NEWEST - timedelta(days=self.dice.randrange(300))

    def end(self) -> None:
        self.office.write(end_posts, [self.dice.choice(roster(self.office)).id], self.day())

    def move(self) -> None:
        wanted = Transfer(self.day(), self.grid())
        self.office.write(transfer_posts, [self.dice.choice(roster(self.office)).id], wanted)

    def orgs(self) -> list[dict[str, Any]]:
        return [one for one in records(self.office)["party_org"] if one["to_day"] is None]

    def found(self) -> None:
        if self.orgs() and self.dice.random() < 0.4:
            self.office.write(dissolve_orgs, [self.dice.choice(self.orgs())["id"]], self.day())
            return
        self.made += 1
        values = {"name": f"第{self.made}党支部", "grid_ids": [self.grid()], "from_day": self.day()}
        self.office.write(save_org, None, values)

    def join(self) -> None:
        one = self.dice.choice(roster(self.office))
        person, orgs = self.office.read(person_called, one.name), [org["id"] for org in self.orgs()]
        if not orgs:
            return
        held = [row for row in records(self.office)["party_member"] if row["person_id"] == person]
        now = [row["id"] for row in held if row["to_day"] is None]
        if now:
            self.office.write(transfer_members, now, self.dice.choice(orgs), self.day())
        else:
            values = {"org_id": self.dice.choice(orgs), "kind": PartyMemberKind.FULL, "from_day": self.day()}
            self.office.write(save_member, None, values, None, person)


@pytest.fixture(scope="module")
def settled(small_copies, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Files of a street and of its community, which know each other and have the same."""
    folder = tmp_path_factory.mktemp("settled")
    files = folder / "street.db", folder / "community.db"
    shutil.copyfile(small_copies.file, files[0])
    establish(files[1], name=NAME, organisation=NAME).close()
    street, community = (Office.open(file) for file in files)
    for office in (street, community):
        office.write(keys.make_keys, PASSWORD)
    top = grid_id(street, COMMUNITY)
    for code, name in (("519921001001003", "第三网格"), ("519921001001004", "第四网格")):
        values = {"code": code, "name": name, "kind": "一般网格", "parent_id": top, "households": 300}
        street.write(save_grid, None, values)
    introduce(street, community, top)
    introduce(community, street)
    two = Two(street, community, folder)
    two.take(community, two.down())
    two.take(street, two.up())
    for office in (street, community):
        office.close()
    return files


def business(office: Office) -> dict[str, Any]:
    return {table: rows for table, rows in records(office).items() if table not in ("package", "setting")}


@pytest.mark.parametrize("seed", range(4))
def test_three_packages(
    settled: tuple[Path, Path], tmp_path: Path, office_at: Callable[..., Office], seed: int
) -> None:
    for file in settled:
        shutil.copyfile(file, tmp_path / file.name)
    street, below = (office_at(str(tmp_path / file.name)) for file in settled)
    two = Two(street, below, tmp_path)
    community = Community(below, random.Random(f"package {seed}"))
    for _ in range(3):
        community.work()
        before = business(street)
        try:
            file = two.up()
        except OfficeError as error:
            assert "没有变化" in error.message
            continue
        arrived = receive(street, file, PASSWORD)
        for taken in take_in(street, arrived):
            assert not taken.stopped, (taken.title, [one.message for one in taken.problems])
        same_on_all_days(two)
        after = business(street)
        take_back(street, arrived.id)
        assert business(street) == before
        for taken in take_in(street, receive(street, file, PASSWORD)):
            assert not taken.stopped
        assert {name: len(rows) for name, rows in business(street).items()} == {
            name: len(rows) for name, rows in after.items()
        }
        same_on_all_days(two)
