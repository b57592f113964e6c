"""A past day looks the same on both sides: what grids were, who was in them, who belonged where."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from db.enums import Sex
from db.tables import Grid, GridChange, GridCode, GridPeriod, Person, Post
from gridoffice.errors import OfficeError
from gridoffice.grids.changing import change_grids
from gridoffice.grids.history import story
from gridoffice.grids.operations import (
    Basis,
    Close,
    Establish,
    Merge,
    Move,
    Operation,
    Recode,
    Rename,
    Revise,
)
from gridoffice.history import undo
from gridoffice.office import Office
from gridoffice.packages.receiving import receive, take_back, take_in
from gridoffice.packages.sealing import BadPackage
from gridoffice.workers.moving import Transfer, transfer_posts
from gridoffice.workers.service import end_posts, save_worker
from tests.offices import grid_id, roster, worker
from tests.packages.conftest import PASSWORD, Two
from tests.packages.days import COMMUNITY, DAYS, people_of, same_on_all_days, tree_of

FIRST, SECOND, MICRO = "519921001001001", "519921001001002", "51992100100100101"


def settled(two: Two) -> None:
    two.take(two.community, two.down())
    two.take(two.street, two.up())


def change(office: Office, day: date, *operations: Operation) -> None:
    office.write(change_grids, Basis(day, "社区调整", f"青办〔{day:%Y}〕{day.month} 号"), list(operations))


def take_all(two: Two, office: Office, file) -> list[str]:  # type: ignore[no-untyped-def]
    _, taken = two.take(office, file)
    assert not any(one.stopped for one in taken), [(one.title, one.problems) for one in taken]
    return [one.key for one in taken]


def test_changes_below_are_the_same_past_above(two: Two) -> None:
    settled(two)
    here = two.community
    number = lambda code: grid_id(here, code)  # noqa: E731
    change(here, date(2026, 2, 1), Rename(number(FIRST), "梧桐一网格"))
    change(here, date(2026, 3, 1), Revise(number(FIRST), {"households": 410, "note": "重新入户"}))
    change(here, date(2026, 4, 1), Establish("第三网格", "一般网格", number(COMMUNITY)))
    change(here, date(2026, 5, 1), Move(number(MICRO), number(SECOND)))
    change(here, date(2026, 6, 1), Recode(number(MICRO), "51992100100100209"))
    change(here, date(2026, 7, 1), Merge((number(FIRST), number(SECOND)), name="合并网格"))
    keys = take_all(two, two.street, two.up())
    assert keys[0] == "tree" and keys[-1] == "tenures"
    same_on_all_days(two)
    merged = two.street.read(lambda session: story(session, grid_id(two.street, FIRST)))
    assert [one.kind.value for one in merged] == ["rename", "revise", "merge"]
    assert {one.approval for one in merged} == {"青办〔2026〕2 号", "青办〔2026〕3 号", "青办〔2026〕7 号"}
    again = two.up(whole=True)
    _, taken = two.take(two.street, again)
    assert not any(one.seen.written for one in taken), "what is known is known"
    _, taken = two.take(two.community, two.down(whole=True))
    assert not any(one.seen.written for one in taken), [(one.title, one.seen.in_words()) for one in taken]


def test_undo_takes_the_whole_past_back(two: Two) -> None:
    settled(two)
    before = {day: tree_of(two.street, day) for day in DAYS}
    people = {day: people_of(two.street, day) for day in DAYS}
    tables = (Grid, GridChange, GridPeriod, GridCode, Post, Person)

    def counted() -> list[int]:
        return two.street.read(lambda session: [len(session.scalars(select(one.id)).all()) for one in tables])

    had = counted()
    here = two.community
    change(here, date(2026, 3, 1), Merge((grid_id(here, FIRST), grid_id(here, SECOND)), name="合并网格"))
    here.write(end_posts, [worker(here, "李䶮").id], date(2026, 10, 31))
    file = two.up()
    arrived, _ = two.take(two.street, file)
    same_on_all_days(two)
    assert take_back(two.street, arrived.id) >= 3
    assert counted() == had
    assert {day: tree_of(two.street, day) for day in DAYS} == before
    assert {day: people_of(two.street, day) for day in DAYS} == people
    arrived = receive(two.street, file, PASSWORD)
    assert not any(one.stopped for one in take_in(two.street, arrived))
    same_on_all_days(two)


def test_posts_that_ended_travel_even_of_people_who_left_long_ago(two: Two) -> None:
    settled(two)
    here = two.community
    here.write(transfer_posts, [worker(here, "李䶮").id], Transfer(date(2026, 5, 1), grid_id(here, SECOND)))
    here.write(end_posts, [worker(here, "单晓琴").id], date(2026, 8, 31))
    take_all(two, two.street, two.up())
    same_on_all_days(two)
    assert "单晓琴" not in {one.name for one in roster(two.street)}


def test_the_past_goes_down_to_a_new_community(two: Two) -> None:
    there = two.street
    change(there, date(2026, 2, 1), Rename(grid_id(there, FIRST), "梧桐一网格"))
    change(there, date(2026, 6, 1), Merge((grid_id(there, FIRST), grid_id(there, SECOND)), name="合并网格"))
    there.write(end_posts, [worker(there, "李䶮").id], date(2026, 8, 31))
    take_all(two, two.community, two.down())
    same_on_all_days(two)
    take_all(two, two.street, two.up())
    same_on_all_days(two)


def test_who_is_left_in_a_closed_grid_makes_it_wait(two: Two) -> None:
    settled(two)
    values = {
        "name": "新来的",
        "sex": Sex.MALE,
        "grid_id": grid_id(two.street, SECOND),
        "title": "兼职网格员",
    }
    two.street.write(save_worker, None, values | {"from_day": date(2026, 1, 1)})
    here = two.community
    change(here, date(2026, 3, 1), Rename(grid_id(here, FIRST), "梧桐一网格"))
    change(here, date(2026, 3, 1), Rename(grid_id(here, MICRO), "红梅微网格"))
    change(here, date(2026, 9, 1), Close(grid_id(here, SECOND), workers_to=grid_id(here, FIRST)))
    arrived, taken = two.take(two.street, two.up())
    assert taken[0].stopped and taken[0].problems[0].message == (
        "“第二网格”对方已关闭，这里还有“新来的”，没有动。先说明他到哪里。"
    )
    assert tree_of(two.street, date.today())[FIRST][0] == "第一网格", "nothing was written"
    taken = list(take_in(two.street, arrived, only_good=("tree",)))
    assert tree_of(two.street, date(2026, 5, 1))[MICRO][0] == "红梅微网格", (
        "what hangs together with nothing goes on"
    )
    assert tree_of(two.street, date(2026, 5, 1))[FIRST][0] == "第一网格"
    assert SECOND in tree_of(two.street, date.today())


def test_both_changed_the_same_grid_otherwise(two: Two) -> None:
    settled(two)
    change(two.street, date(2026, 4, 1), Rename(grid_id(two.street, FIRST), "街道起的名"))
    change(two.community, date(2026, 3, 1), Rename(grid_id(two.community, FIRST), "社区起的名"))
    _, (one, *_) = two.take(two.street, two.up())
    assert one.stopped and "两边记的日子不一样" in one.problems[0].message


def test_another_communitys_past_is_refused(two: Two) -> None:
    settled(two)
    two.take(two.community, two.down(scope=grid_id(two.street, "519921001"), whole=True))
    here = two.community
    change(here, date(2026, 3, 1), Rename(grid_id(here, "519921001002001"), "别人的网格"))
    before = tree_of(two.street, date.today())
    with pytest.raises(BadPackage, match="“梧桐社区”管“梧桐社区”，包里的网格沿革有不在那里的：“别人的网格”"):
        two.take(two.street, two.up())
    assert tree_of(two.street, date.today()) == before


def test_a_change_from_yesterday_and_a_second_one_follow_each_other(two: Two) -> None:
    settled(two)
    here, day = two.community, date.today() - timedelta(days=2)
    change(here, day, Rename(grid_id(here, FIRST), "先"))
    take_all(two, two.street, two.up())
    change(here, day + timedelta(days=1), Rename(grid_id(here, FIRST), "后"))
    take_all(two, two.street, two.up())
    same_on_all_days(two)
    with pytest.raises(OfficeError):
        two.up()
    two.street.write(undo)
