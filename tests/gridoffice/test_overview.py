"""The home page's numbers and findings: each adds up, and equals the list that it leads to."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from db.enums import Employment, Political
from gridoffice.assessment.month import month_facts
from gridoffice.establish import establish
from gridoffice.grids.listing import GRIDS
from gridoffice.grids.service import save_grid
from gridoffice.grids.tree import children
from gridoffice.listing import Ask, Filter
from gridoffice.office import Office
from gridoffice.overview.findings import Topic, check
from gridoffice.overview.glance import glance
from gridoffice.overview.topics import OF_OFFICE
from gridoffice.workers.listing import WORKERS
from gridoffice.workers.service import end_posts, save_worker
from tests.offices import grid_id, number, roster, worker

COMMUNITY = "519921001001"


def scopes(office: Office) -> list[int | None]:
    return [
        None,
        grid_id(office, "519921001"),
        grid_id(office, COMMUNITY),
        grid_id(office, f"{COMMUNITY}001"),
    ]


def test_numbers_equal_the_lists_they_lead_to(street_office: Office) -> None:
    for scope in scopes(street_office):
        seen = street_office.read(glance, scope)
        people = roster(street_office, Ask(scope=scope))
        grids = street_office.read(
            lambda session, scope=scope: GRIDS.rows(session, GRIDS.ids(session, Ask(scope=scope)))
        )
        assert seen.workers == len(people)
        full = Ask(scope=scope, filters=(Filter("employment", (Employment.FULL_TIME,)),))
        assert seen.full_time == len(street_office.read(WORKERS.ids, full))
        party = (Political.MEMBER, Political.PROBATIONARY)
        members = Ask(scope=scope, filters=(Filter("political", party),))
        assert seen.members == len(street_office.read(WORKERS.ids, members))
        kinds = Counter(row.kind for row in grids)
        assert seen.communities == kinds["总网格"]
        assert seen.grids == kinds["一般网格"] + kinds["微网格"] + kinds["专属网格"]
        assert sum(bar.value for bar in seen.ages) == len([row for row in people if row.birth])
        assert seen.day == date.today()


def test_parts_add_up_to_the_whole(street_office: Office) -> None:
    street = grid_id(street_office, "519921001")
    whole = street_office.read(glance, street)
    parts = [street_office.read(glance, node.id) for node in street_office.read(children, street)]
    for name in ("communities", "grids", "workers", "members", "full_time"):
        assert sum(getattr(part, name) for part in parts) == getattr(whole, name), name
    for name in ("ages", "contracts"):
        columns = zip(*(getattr(part, name) for part in parts), strict=True)
        assert [sum(bar.value for bar in column) for column in columns] == [
            bar.value for bar in getattr(whole, name)
        ], name
    assert [(bar.value, bar.reference) for bar in whole.staffing] == [
        (sum(int(bar.value) for bar in part.staffing), sum(int(bar.reference or 0) for bar in part.staffing))
        for part in parts
        if part.staffing
    ]


def test_staffing_and_vacant_findings_are_the_same_count(street_office: Office) -> None:
    whole = street_office.read(glance)
    missing = sum(int(bar.reference or 0) - int(bar.value) for bar in whole.staffing)
    vacant = [one for one in street_office.read(check) if one.topic is Topic.VACANT]
    assert missing == len(vacant)


def test_todo_lines_count_the_findings(street_office: Office) -> None:
    for scope in scopes(street_office):
        found = Counter(one.topic for one in street_office.read(check, scope))
        todo = street_office.read(glance, scope).todo
        assert {line.topic: line.count for line in todo if line.topic not in OF_OFFICE} == dict(found)
        assert all(line.title == line.topic.label and line.detail for line in todo)


def test_the_mean_of_a_month_is_the_mean_of_its_sheets(street_office: Office, demo_street: Any) -> None:
    facts = street_office.read(month_facts, demo_street.month)
    bar = street_office.read(glance).means[-1]
    assert bar.label == f"{int(demo_street.month[5:])}月"
    assert facts.mean is not None
    assert abs(Decimal(bar.value) - facts.mean) <= Decimal("0.05")
    assert len(street_office.read(glance).means) == 6


def test_both_databases_say_the_same(both_streets: tuple[Office, Office]) -> None:
    sqlite, shared = both_streets
    assert sqlite.read(glance) == shared.read(glance)
    assert sqlite.read(check) == shared.read(check)


def of(office: Office, topic: Topic, scope: int | None = None, day: date | None = None) -> list[Any]:
    return [one for one in office.read(check, scope, day) if one.topic is topic]


def test_a_grid_without_anybody_is_found_until_somebody_comes(small_office: Office) -> None:
    assert {(one.grid, one.code) for one in of(small_office, Topic.VACANT)} == {
        ("柳荫·第二网格", "519921001002002"),
        ("商圈专属网格", "519921001900001"),
    }
    grid = grid_id(small_office, "519921001002002")
    small_office.write(save_worker, None, {"name": "周敏", "id_number": number(70), "grid_id": grid})
    assert grid not in [one.grid_id for one in of(small_office, Topic.VACANT)]


def test_somebody_below_covers_a_grid(small_office: Office) -> None:
    for name in ("王𠮷𬭎", "李䶮"):
        small_office.write(end_posts, [worker(small_office, name).id], date.today() - timedelta(days=1))
    general = grid_id(small_office, "519921001001001")
    assert general not in [one.grid_id for one in of(small_office, Topic.VACANT)]
    small_office.write(
        end_posts, [worker(small_office, "阿依古丽·买买提").id], date.today() - timedelta(days=1)
    )
    assert general in [one.grid_id for one in of(small_office, Topic.VACANT)]


def test_sizes_beside_the_norm(small_office: Office) -> None:
    sizes = {one.grid: one.message for one in of(small_office, Topic.SIZE)}
    assert sizes == {"梧桐·第二网格": "有 620 户，超过一般网格的上限 500 户。"}
    small_office.write(save_grid, grid_id(small_office, "519921001001001"), {"households": 299})
    small_office.write(save_grid, grid_id(small_office, "519921001002001"), {"households": 500})
    sizes = {one.grid: one.message for one in of(small_office, Topic.SIZE)}
    assert sizes["梧桐·第一网格"] == "只有 299 户，不到一般网格的下限 300 户。"
    assert "柳荫·第一网格" not in sizes
    assert [one.grid for one in of(small_office, Topic.UNKNOWN_SIZE)] == ["柳荫·第二网格"]


@pytest.mark.parametrize(
    ("days", "said"),
    [(-1, "已到期 1 天"), (0, "就是今天"), (1, "还有 1 天"), (60, "还有 60 天"), (61, None)],
)
def test_contracts_are_spoken_of_sixty_days_before(small_office: Office, days: int, said: str | None) -> None:
    end = date.today() + timedelta(days=days)
    one = worker(small_office, "李䶮")
    small_office.write(save_worker, one.id, {"contract_end": end})
    found = of(small_office, Topic.CONTRACT)
    if said is None:
        assert found == []
    else:
        ((finding),) = found
        assert said in finding.message
        assert (finding.person, finding.post_id, finding.grid) == ("李䶮", one.id, "梧桐·第一网格")
    # the same contract seen from another day
    assert len(of(small_office, Topic.CONTRACT, day=end)) == 1


def test_somebody_with_two_posts_is_named_once_with_all_of_them(small_office: Office) -> None:
    from db.enums import Right
    from db.tables import Grid, Post
    from gridoffice.service import service

    one = worker(small_office, "李䶮")
    other = grid_id(small_office, "519921001002002")

    @service("兼任", needs=Right.EDIT_PEOPLE)
    def second(session: Any) -> None:
        path = session.get_one(Grid, other).path
        session.add(
            Post(
                person_id=one.person_id,
                grid_id=other,
                grid_path=path,
                title="网格长",
                employment="part",
                concurrent=True,
            )
        )

    small_office.write(second)
    for scope in (None, grid_id(small_office, COMMUNITY), grid_id(small_office, "519921001002")):
        ((finding),) = of(small_office, Topic.SEVERAL_POSTS, scope)
        assert finding.message.startswith("李䶮同时在 2 个岗位")
        post = next(row for row in roster(small_office) if row.id == finding.post_id)
        assert post.grid == finding.grid


def test_people_without_a_number_are_listed(small_office: Office) -> None:
    assert [one.person for one in of(small_office, Topic.NO_NUMBER)] == ["赵𫍯"]
    assert of(small_office, Topic.NO_NUMBER, grid_id(small_office, "519921001002")) == []


def test_findings_of_a_past_day_are_of_that_day(small_office: Office) -> None:
    before = date(2023, 1, 1)
    vacant = {one.grid for one in of(small_office, Topic.VACANT, day=before)}
    assert "梧桐·第一网格" in vacant
    assert small_office.read(glance, None, before).workers == 1  # the one whose first day nobody knows


def test_an_empty_office_has_a_home_page(database_url: str) -> None:
    office = establish(database_url)
    try:
        seen = office.read(glance)
        assert (seen.workers, seen.grids, seen.todo, seen.means, seen.month) == (0, 0, (), (), None)
        assert seen.average_age is None
        assert office.read(check) == []
    finally:
        office.close()
