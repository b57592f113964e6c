"""What a grid's drawer tells: its team, its problems, each as of a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from db.enums import Employment, Target
from gridoffice.assessment.month import mean, months
from gridoffice.errors import NotFound
from gridoffice.grids.listing import path_of
from gridoffice.grids.service import find
from gridoffice.office import Office
from gridoffice.overview import grid_facts
from gridoffice.overview.findings import Topic, check
from gridoffice.party.redline import redline
from gridoffice.party.service import save_link, save_member, save_org
from gridoffice.workers.service import save_worker
from tests.offices import PERIOD, grid_id, scheme, sheets, worker

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
    for question in (grid_facts.team, grid_facts.party, grid_facts.scores, grid_facts.problems):
        with pytest.raises(NotFound):
            small_office.read(question, 99_999, DAY)


# 党建


def test_the_red_line_at_a_grid(small_office: Office) -> None:
    bare = tell(small_office, grid_facts.party, FIRST)
    assert (bare.organisations, bare.ties) == ((), ())
    assert bare.missing == ("未建网格党支部（党小组）", "没有社区党员干部入格")
    place = grid_id(small_office, FIRST)
    branch = small_office.write(
        save_org, None, {"name": "第一网格党支部", "grid_ids": [place], "secretary": "王𠮷𬭎"}
    ).result
    leader, other = worker(small_office, "王𠮷𬭎"), worker(small_office, "赵𫍯")
    for one in (leader, other):
        small_office.write(save_member, None, {"org_id": branch}, person_id=one.person_id)
    said = {"person_id": leader.person_id, "grid_id": place, "from_day": date(2025, 1, 1)}
    kind = bare.members_wanted
    small_office.write(save_link, None, said | {"kind": kind, "duty": "督办网格事项"})
    ends = {"person_id": other.person_id, "grid_id": place, "to_day": date(2026, 5, 31)}
    small_office.write(save_link, None, ends | {"kind": "居民党员"})
    whole = tell(small_office, grid_facts.party, FIRST)
    assert [(one.name, one.secretary, one.members) for one in whole.organisations] == [
        ("第一网格党支部", "王𠮷𬭎", 2)
    ]
    assert [(one.name, one.kind, one.duty, one.since, one.post_id, one.fits) for one in whole.ties] == [
        ("王𠮷𬭎", kind, "督办网格事项", date(2025, 1, 1), leader.id, True)
    ]
    assert whole.missing == ()
    earlier = tell(small_office, grid_facts.party, FIRST, date(2026, 5, 31))
    assert [(one.name, one.fits) for one in earlier.ties] == [("王𠮷𬭎", True), ("赵𫍯", False)]
    assert tell(small_office, grid_facts.party, FIRST, date(2024, 5, 31)).missing == (f"没有{kind}入格",)


def test_where_the_pack_asks_for_nothing(small_office: Office) -> None:
    said = tell(small_office, grid_facts.party, "519921001")
    assert (said.organisation_wanted, said.members_wanted, said.missing) == ("", "", ())


def test_what_is_missing_is_what_the_red_line_says(street_office: Office) -> None:
    day = date.today()
    nodes = street_office.read(redline, None, day).nodes
    some = [*(node for node in nodes if node.breaks), *nodes[:6]]
    for node in some[:15]:
        said = street_office.read(grid_facts.party, node.grid_id, day)
        assert said.missing == node.breaks
        assert bool(said.organisations) == (node.organisation is not None)
        assert sorted(one.name for one in said.ties) == sorted(one.name for one in node.ties)


# 得分


def test_what_the_people_of_a_grid_scored_beside_the_street(locked_office: Office) -> None:
    everybody = sheets(locked_office)
    path = locked_office.read(path_of, grid_id(locked_office, FIRST))
    here = [one for one in everybody if one["grid_path"].startswith(path)]
    said = tell(locked_office, grid_facts.scores, FIRST)
    assert said.beside == "青禾街道" and here
    places = scheme(locked_office).places
    (month,) = said.months
    assert (month.period, month.people) == (PERIOD, len(here))
    assert month.own == mean(sum(one["total"] for one in here), len(here), places)
    assert month.beside == mean(sum(one["total"] for one in everybody), len(everybody), places)
    here.sort(key=lambda one: one["rank"])
    assert [
        (name, post, results[0].total, results[0].grade, results[0].rank)
        for name, post, results in said.people
    ] == [(one["name"], one["post_id"], one["total"], one["grade"], one["rank"]) for one in here]
    assert said.more == 0


def test_no_months_and_months_after_the_day_are_not_told(locked_office: Office) -> None:
    said = tell(locked_office, grid_facts.scores, FIRST, date(2026, 5, 31))
    assert (said.months, said.people, said.more) == ((), (), 0)
    assert tell(locked_office, grid_facts.scores, "519921001").beside == ""
    nobody = tell(locked_office, grid_facts.scores, "519921001900001")
    assert [(one.people, one.own) for one in nobody.months] == [(0, None)] and not nobody.people


def test_six_months_of_a_street_leave_out_whom_the_list_has(street_office: Office) -> None:
    top = street_office.read(find, "519921001")
    said = street_office.read(grid_facts.scores, top, date.today())
    known = [one.period for one in street_office.read(months) if one.target is Target.POST]
    assert [one.period for one in said.months] == known[:6]
    assert len(said.people) == grid_facts.PEOPLE
    assert said.more == said.months[0].people - grid_facts.PEOPLE > 0
    ranks = [results[0].rank or 0 for *_, results in said.people]
    assert ranks == sorted(ranks) and all(ranks)


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
