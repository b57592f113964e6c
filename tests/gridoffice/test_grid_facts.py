"""What a grid's drawer tells: its team, its problems, each as of a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from db.enums import Employment
from gridoffice.errors import NotFound
from gridoffice.office import Office
from gridoffice.overview import grid_facts
from gridoffice.overview.findings import Topic, check
from gridoffice.workers.service import save_worker
from tests.offices import grid_id, worker

DAY = date(2026, 6, 30)
FIRST, SECOND, COMMUNITY = "519921001001001", "519921001001002", "519921001001"


def tell(office: Office, question: Any, code: str, day: date = DAY) -> Any:
    return office.read(question, grid_id(office, code), day)


# 队伍


def test_who_serves_and_what_the_pack_asks_for(small_office: Office) -> None:
    said = tell(small_office, grid_facts.team, FIRST)
    assert [(one.name, one.title, one.employment, one.since) for one in said.members] == [
        ("王𠮷𬭎", "网格长", Employment.FULL_TIME, date(2024, 1, 1)),
        ("李䶮", "专职网格员", Employment.FULL_TIME, date(2024, 3, 1)),
    ]
    assert said.members[1].post_id == worker(small_office, "李䶮").id
    assert (said.below, said.vacant) == (1, False)
    assert [(one.who, one.least, one.most, one.present) for one in said.wanted] == [
        ("专职网格员或网格长", 1, None, 2)
    ]


def test_a_team_of_part_timers_lacks_those_the_formula_counts(small_office: Office) -> None:
    said = tell(small_office, grid_facts.team, SECOND)
    assert [(one.name, one.employment) for one in said.members] == [("单晓琴", Employment.PART_TIME)]
    assert [(one.who, one.least, one.present, one.missing) for one in said.wanted] == [
        ("专职网格员或网格长", 2, 0, 2)
    ]


def test_the_team_of_another_day(small_office: Office) -> None:
    said = tell(small_office, grid_facts.team, FIRST, date(2024, 2, 1))
    assert [one.name for one in said.members] == ["王𠮷𬭎"]
    assert said.below == 0
    line = worker(small_office, "李䶮")
    small_office.write(save_worker, line.id, {"to_day": date(2026, 5, 31)})
    assert [one.name for one in tell(small_office, grid_facts.team, FIRST).members] == ["王𠮷𬭎"]
    assert len(tell(small_office, grid_facts.team, FIRST, date(2026, 5, 31)).members) == 2


def test_nobody_in_a_grid_or_below_it(small_office: Office) -> None:
    empty = tell(small_office, grid_facts.team, "519921001002002")
    assert (empty.members, empty.below, empty.vacant) == ((), 0, True)
    assert tell(small_office, grid_facts.team, COMMUNITY).below == 4


def test_a_grid_that_did_not_stand_yet_is_said_so(small_office: Office) -> None:
    for question in (grid_facts.team, grid_facts.problems):
        with pytest.raises(NotFound):
            small_office.read(question, 99_999, DAY)


# 问题


def test_the_problems_of_a_grid_are_those_of_the_norm_check(street_office: Office) -> None:
    day = date.today()
    everything = street_office.read(check, None, day)
    told = 0
    for grid in list(dict.fromkeys(one.grid_id for one in everything))[:12]:
        said = street_office.read(grid_facts.problems, grid, day)
        wanted = [one for one in everything if one.grid_id == grid]
        # one person with several posts is named once in the office, and here in each of the grids
        once = {Topic.SEVERAL_POSTS, Topic.CERTIFICATE}
        assert [one for one in said.own if one.topic not in once] == [
            one for one in wanted if one.topic not in once
        ]
        assert {one.message for one in wanted} <= {one.message for one in said.own}
        told += len(said.own)
    assert told >= 12


def test_problems_below_are_counted_by_topic(small_office: Office) -> None:
    said = tell(small_office, grid_facts.problems, COMMUNITY)
    top = grid_id(small_office, COMMUNITY)
    everything = [one for one in small_office.read(check, top, DAY) if one.grid_id != top]
    assert sum(count for _, count in said.below) == len(everything) > 0
    assert dict(said.below)[Topic.SIZE] == sum(one.topic is Topic.SIZE for one in everything)
    assert all(one.fix for one in said.own)
