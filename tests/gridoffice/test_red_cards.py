"""一根红线 as it is drawn: cards, columns, coverage; organisations that serve several grids, day by day."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import date
from typing import Any

import pytest

from db.enums import PartyOrgKind
from gridoffice import history
from gridoffice.errors import RuleBroken
from gridoffice.grids.listing import office_pack
from gridoffice.grids.tree import roll_up
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.overview.red_list import BROKEN, red_rows
from gridoffice.party.listing import MEMBERS, ORGS
from gridoffice.party.proposals import link_proposal, org_proposal
from gridoffice.party.red_cards import drawn, ranks_of
from gridoffice.party.redline import redline
from gridoffice.party.service import (
    org_row,
    save_link,
    save_member,
    save_org,
    seat_org,
    set_secretary,
    transfer_members,
)
from tests.offices import grid_id, records, worker

WUTONG, LIUYIN = "519921001001", "519921001002"
FIRST, SECOND = "519921001001001", "519921001001002"
MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


def org(office: Office, name: str, *codes: str, **values: Any) -> int:
    places = [grid_id(office, code) for code in codes]
    return office.write(save_org, None, {"name": name, "grid_ids": places} | values).result


def test_columns_are_the_levels_of_the_pack(small_office: Office) -> None:
    ranks = ranks_of(small_office.read(office_pack))
    assert (ranks["street"], ranks["community"], ranks["general"], ranks["special"], ranks["micro"]) == (
        2,
        3,
        4,
        4,
        5,
    )
    top = org(small_office, "中共青禾街道工作委员会", "519921001", secretary="李䶮")
    org(small_office, "中共梧桐社区委员会", WUTONG, parent_id=top)
    found = small_office.read(drawn)
    assert [(level.label, level.organisations) for level in found.levels] == [
        ("街道党组织", 1),
        ("社区党组织", 1),
        ("网格党支部", 0),
        ("微网格党小组", 0),
    ]
    cards = {card.name: card for card in found.cards if card.column < 2}
    assert (cards["青禾街道"].title, cards["青禾街道"].below) == ("青禾街道党工委", "书记 李䶮·党员 0")
    assert cards["梧桐社区"].title == "梧桐社区党委"
    assert cards["梧桐社区"].below == "缺街道下沉党员干部"
    assert cards["柳荫社区"].below == "未建社区党组织·无人入格"
    # a special grid of the street stands in the column of its like
    special = next(card for card in found.cards if card.name == "商圈专属网格")
    assert (special.column, special.parent_id) == (2, cards["青禾街道"].grid_id)


def test_a_drawing_counts_as_the_line_does(small_office: Office) -> None:
    org(small_office, "第一网格党支部", FIRST)
    line, found = small_office.read(redline), small_office.read(drawn)
    assert (found.cover, found.areas) == (line.whole, line.areas)
    assert found.broken == len(line.broken) == len(found.breaks)
    assert sum(level.cover.wanted for level in found.levels) == line.whole.wanted
    for level in found.levels:
        assert sum(area.wanted for area in level.areas) == level.cover.wanted
        assert sum(area.organised for area in level.areas) == level.cover.organised
    rows = small_office.read(lambda session: list(red_rows(session)))
    assert len(rows) == line.whole.wanted
    assert sum(row.state == BROKEN for row in rows) == found.broken


def test_a_large_line_is_drawn_column_by_column(small_office: Office) -> None:
    whole = small_office.read(drawn)
    assert not whole.cut
    few = small_office.read(drawn, None, None, False, 4)
    assert few.cut
    assert {card.column for card in few.cards} == {0, 1}
    assert {card.name: card.children for card in few.cards}["梧桐社区"] == 2
    branch = small_office.read(drawn, grid_id(small_office, WUTONG))
    assert branch.cards[0].name == "梧桐社区"
    assert {card.grid_id for card in branch.cards} <= {card.grid_id for card in whole.cards}


def test_only_breaks_and_what_leads_there(small_office: Office) -> None:
    org(small_office, "柳荫社区党委", LIUYIN)
    values = {"person_id": worker(small_office, "李䶮").person_id, "grid_id": grid_id(small_office, LIUYIN)}
    small_office.write(save_link, None, values)
    found = small_office.read(drawn, None, None, True)
    parents = {card.grid_id: card.parent_id for card in found.cards}
    wanted: set[int | None] = set()
    for one in found.breaks:
        number: int | None = one.grid_id
        while number is not None:
            wanted.add(number)
            number = parents[number]
    assert wanted == set(parents)


def test_what_is_proposed_for_a_grid(small_office: Office) -> None:
    top = org(small_office, "梧桐社区党委", WUTONG)
    first = grid_id(small_office, FIRST)
    found = small_office.read(org_proposal, first, JULY)
    assert (found.name, found.kind, found.parent_id, found.parent) == (
        "梧桐第一网格党支部",
        PartyOrgKind.BRANCH,
        top,
        "梧桐社区党委",
    )
    micro = small_office.read(org_proposal, grid_id(small_office, "51992100100100101"), JULY)
    assert (micro.name, micro.kind) == ("梧桐第一网格微网格01党小组", PartyOrgKind.GROUP)
    assert small_office.read(link_proposal, first, JULY).kind == "社区党员干部"


# Seats


def test_a_joint_branch_serves_two_grids(small_office: Office) -> None:
    before = records(small_office)
    joint = org(small_office, "梧桐联合党支部", FIRST, SECOND)
    person = worker(small_office, "李䶮").person_id
    small_office.write(save_member, None, {"org_id": joint}, person_id=person)
    assert small_office.read(org_row, joint).grid == "梧桐·第一网格、梧桐·第二网格"
    for scope, count in ((FIRST, 1), (SECOND, 1), (WUTONG, 1), (LIUYIN, 0)):
        ask = Ask(scope=grid_id(small_office, scope))
        assert len(small_office.read(ORGS.ids, ask)) == count
        assert len(small_office.read(MEMBERS.ids, ask)) == count
        counts = small_office.read(roll_up)[grid_id(small_office, scope)]
        assert (counts.organisations, counts.members) == (count, count)
    line = small_office.read(redline)
    assert {node.code for node in line.nodes if node.organisation is not None} == {FIRST, SECOND}
    assert line.members == 1
    for _ in range(2):
        small_office.write(history.undo)
    assert records(small_office) == before


def test_seats_are_dated(small_office: Office) -> None:
    one = org(small_office, "流动党支部", FIRST, from_day=MAY)
    before = records(small_office)
    second = grid_id(small_office, SECOND)
    small_office.write(seat_org, one, [second], JULY)

    def where(day: date) -> set[str]:
        line = small_office.read(redline, None, day)
        return {node.code for node in line.nodes if node.organisation is not None}

    assert (where(date(2026, 4, 30)), where(JUNE), where(JULY)) == (set(), {FIRST}, {SECOND})
    with pytest.raises(RuleBroken, match="从 2026-07-01 起另有安排"):
        small_office.write(seat_org, one, [second], JUNE)
    small_office.write(history.undo)
    assert records(small_office) == before
    small_office.write(save_org, one, {"to_day": date(2026, 5, 31)})
    assert where(JUNE) == set()
    assert where(date(2026, 5, 31)) == {FIRST}


def test_a_secretary_is_somebody_known(small_office: Office) -> None:
    one = org(small_office, "第一网格党支部", FIRST, secretary="写的名字")
    person = worker(small_office, "王𠮷𬭎").person_id
    done = small_office.write(set_secretary, one, person)
    assert done.title == "已设“王𠮷𬭎”为“第一网格党支部”书记"
    assert small_office.read(org_row, one).secretary == "王𠮷𬭎"
    small_office.write(save_org, one, {"secretary": "另一个人"})
    assert records(small_office)["party_org"][0]["secretary_id"] is None
    small_office.write(set_secretary, one, None)
    assert small_office.read(org_row, one).secretary is None


# Properties


@pytest.mark.parametrize("seed", range(4))
def test_one_membership_at_a_time_and_coverage_adds_up(small_office: Office, seed: int) -> None:
    """Whatever is set up, moved, dissolved and transferred: on any day everybody is in one branch, and
    what is covered below a grid is what is covered below its parts and in itself."""
    rng = random.Random(seed)
    codes = [WUTONG, LIUYIN, FIRST, SECOND, "51992100100100101", "519921001900001"]
    people = [worker(small_office, name).person_id for name in ("李䶮", "王𠮷𬭎", "单晓琴")]
    days = [date(2026, month, 1) for month in range(1, 11)]
    orgs = [org(small_office, f"党支部{place}党支部", code) for place, code in enumerate(codes[:3])]
    members: list[int] = []
    for _ in range(24):
        day = rng.choice(days)
        deed = rng.choice(("join", "transfer", "seat", "link", "dissolve"))
        with suppress(RuleBroken):  # what is refused writes nothing
            if deed == "join":
                said = {"org_id": rng.choice(orgs), "from_day": day}
                members.append(
                    small_office.write(save_member, None, said, person_id=rng.choice(people)).result
                )
            elif deed == "transfer" and members:
                members.append(
                    small_office.write(transfer_members, [rng.choice(members)], rng.choice(orgs), day).result[
                        0
                    ]
                )
            elif deed == "seat":
                places = [grid_id(small_office, code) for code in rng.sample(codes, rng.randint(0, 3))]
                small_office.write(seat_org, rng.choice(orgs), places, day)
            elif deed == "link":
                said = {
                    "person_id": rng.choice(people),
                    "grid_id": grid_id(small_office, rng.choice(codes)),
                    "from_day": day,
                }
                small_office.write(save_link, None, said)
            else:
                small_office.write(save_org, rng.choice(orgs), {"to_day": rng.choice([None, day])})
    rows = records(small_office)
    for day in days:
        held = [
            row["person_id"]
            for row in rows["party_member"]
            if (row["from_day"] or date.min) <= day <= (row["to_day"] or date.max)
        ]
        assert len(held) == len(set(held))
        whole = small_office.read(redline, None, day)
        top = whole.nodes[0].grid_id
        parts = [node.grid_id for node in whole.nodes if node.parent_id == top]
        inside = [small_office.read(redline, part, day).whole for part in parts]
        assert sum(one.wanted for one in inside) == whole.whole.wanted
        assert sum(one.organised for one in inside) == whole.whole.organised
        assert sum(one.answered for one in inside) == whole.whole.answered
        assert sum(area.organised for area in whole.areas) == whole.whole.organised
