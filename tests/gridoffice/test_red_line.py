"""一根红线 and the forms behind it: where the line breaks, who could close it, what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from db.enums import PartyMemberKind, PartyOrgKind, Political
from gridoffice import history
from gridoffice.errors import Conflict, RuleBroken
from gridoffice.grids.changing import change_grids
from gridoffice.grids.operations import Basis, Move
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.party.listing import LINKS, MEMBERS, ORGS
from gridoffice.party.redline import RedLine, candidates, redline
from gridoffice.party.service import (
    confirm_members,
    end_links,
    link_row,
    member_row,
    org_row,
    save_link,
    save_member,
    save_org,
    transfer_members,
)
from tests.offices import grid_id, records, worker

DAY = date(2026, 6, 30)


def org(office: Office, name: str, grid: str | None = None, **values: Any) -> int:
    places = [grid_id(office, grid)] if grid else []
    return office.write(save_org, None, {"name": name, "grid_ids": places} | values).result


def member(office: Office, name: str, org_id: int | None, **values: Any) -> int:
    person = worker(office, name).person_id
    return office.write(save_member, None, {"org_id": org_id} | values, person_id=person).result


def link(office: Office, name: str, grid: str, **values: Any) -> int:
    said = {"person_id": worker(office, name).person_id, "grid_id": grid_id(office, grid)} | values
    return office.write(save_link, None, said).result


def line(office: Office, scope: str | None = None, day: date = DAY) -> RedLine:
    return office.read(redline, grid_id(office, scope) if scope else None, day)


@pytest.fixture
def party_office(small_office: Office) -> Office:
    """梧桐社区 and its first grid are whole; micro-grid 01 has its group but nobody who answers for it."""
    committee = org(small_office, "梧桐社区党委", "519921001001", secretary="赵𫍯")
    branch = org(small_office, "第一网格党支部", "519921001001001", parent_id=committee)
    org(small_office, "微网格01党小组", "51992100100100101", parent_id=branch)
    member(small_office, "赵𫍯", committee)
    member(small_office, "李䶮", branch)
    member(small_office, "阿依古丽·买买提", branch)
    link(small_office, "赵𫍯", "519921001001", from_day=date(2025, 1, 1))
    link(small_office, "李䶮", "519921001001001", from_day=date(2025, 1, 1), to_day=date(2026, 12, 31))
    return small_office


def test_where_the_line_breaks(party_office: Office) -> None:
    found = line(party_office)
    nodes = {node.code: node for node in found.nodes}
    assert [node.level for node in found.nodes][:4] == [0, 1, 2, 3]
    street, community = nodes["519921001"], nodes["519921001001"]
    assert (street.organisation_wanted, street.breaks, street.joined) == ("", (), True)
    assert community.organisation is not None
    assert (
        community.organisation.name,
        community.organisation.secretary,
        community.organisation.members,
    ) == (
        "梧桐社区党委",
        "赵𫍯",
        1,
    )
    assert [(tie.name, tie.kind, tie.fits) for tie in community.ties] == [("赵𫍯", "街道下沉党员干部", True)]
    assert nodes["519921001001001"].joined
    micro = nodes["51992100100100101"]
    assert (micro.breaks, micro.joined) == (("没有居民党员入格",), False)
    assert nodes["51992100100100102"].breaks == ("未建微网格党小组", "没有居民党员入格")
    assert nodes["519921001900001"].breaks == ("未建专属网格党组织", "没有专属党员入格")
    assert len(found.broken) == 7
    assert [(one.label, one.wanted, one.organised, one.answered) for one in found.tiers] == [
        ("总网格", 2, 1, 1),
        ("一般网格", 4, 1, 1),
        ("专属网格", 1, 0, 0),
        ("微网格", 2, 1, 0),
    ]
    assert [(one.label, one.wanted, one.organised, one.missing) for one in found.areas] == [
        ("梧桐", 5, 3, 2),
        ("柳荫", 3, 0, 3),
        ("商圈专属网格", 1, 0, 1),
    ]
    assert (found.whole.wanted, found.whole.organised, found.members, found.tied) == (9, 3, 3, 2)


def test_the_line_of_another_day_and_place(party_office: Office) -> None:
    assert line(party_office, day=date(2024, 6, 30)).whole.answered == 0
    assert line(party_office, day=date(2027, 1, 1)).whole.answered == 1
    below = line(party_office, "519921001001001")
    assert below.nodes[0].code == "519921001001001"
    assert below.whole.wanted == 3


def test_a_member_of_another_tier_does_not_close_the_line(party_office: Office) -> None:
    link(party_office, "李䶮", "51992100100100101", kind="社区党员干部")
    node = next(n for n in line(party_office).nodes if n.code == "51992100100100101")
    assert [(tie.kind, tie.fits) for tie in node.ties] == [("社区党员干部", False)]
    assert node.breaks == ("没有居民党员入格",)
    link(party_office, "阿依古丽·买买提", "51992100100100101")
    assert next(n for n in line(party_office).nodes if n.code == "51992100100100101").joined


def test_who_could_close_it(party_office: Office) -> None:
    found = party_office.read(candidates, grid_id(party_office, "51992100100100101"), DAY)
    assert [(one.name, one.reason) for one in found] == [
        ("阿依古丽·买买提", "在本网格任职"),
        ("李䶮", "在相邻网格任职，已入别的网格"),
    ]
    other = party_office.read(candidates, grid_id(party_office, "51992100100100102"), DAY)
    assert [one.name for one in other] == ["阿依古丽·买买提", "李䶮"]


# Forms


def test_organisations_are_refused_what_cannot_be(party_office: Office) -> None:
    top = org(party_office, "青禾街道党工委", "519921001")
    assert party_office.read(org_row, top).kind is PartyOrgKind.COMMITTEE
    lower = org(party_office, "柳荫社区党委", "519921001002", parent_id=top)
    with pytest.raises(RuleBroken, match="自己或自己的下级"):
        party_office.write(save_org, top, {"parent_id": lower})
    with pytest.raises(RuleBroken, match="已有“柳荫社区党委”"):
        org(party_office, "中共柳荫社区委员会", parent_id=top)
    with pytest.raises(RuleBroken, match="没写党组织类型"):
        org(party_office, "柳荫")
    with pytest.raises(RuleBroken, match="没写党组织名称"):
        org(party_office, "")
    seen = party_office.read(org_row, lower)
    party_office.write(save_org, lower, {"secretary": "张三"}, seen)
    with pytest.raises(Conflict, match="书记"):
        party_office.write(save_org, lower, {"secretary": "李䶮"}, seen)
    party_office.write(save_org, lower, {"to_day": date(2026, 5, 31)})
    node = next(n for n in line(party_office).nodes if n.code == "519921001002")
    assert node.organisation is None


def test_a_membership_moves_and_is_confirmed(party_office: Office) -> None:
    before = records(party_office)
    branch = org(party_office, "柳荫党支部", "519921001002")
    one = member(party_office, "单晓琴", branch, kind=PartyMemberKind.PROBATIONARY, joined=date(2025, 7, 1))
    assert worker(party_office, "单晓琴").political is Political.PROBATIONARY
    with pytest.raises(RuleBroken, match="2026-07-01 才满一年"):
        party_office.write(confirm_members, [one], date(2026, 6, 30))
    party_office.write(confirm_members, [one], date(2026, 7, 1))
    assert party_office.read(member_row, one).confirmed == date(2026, 7, 1)
    assert worker(party_office, "单晓琴").political is Political.MEMBER
    with pytest.raises(RuleBroken, match="同时只在一个支部"):
        member(party_office, "单晓琴", None)
    other = org(party_office, "商圈党支部", "519921001900001")
    fresh = party_office.write(transfer_members, [one], other, date(2026, 8, 1)).result[0]
    assert party_office.read(member_row, fresh).org == "商圈党支部"
    with pytest.raises(RuleBroken, match="已经结束"):
        party_office.write(transfer_members, [one], other, date(2026, 9, 1))
    with pytest.raises(RuleBroken, match="同一个支部"):
        party_office.write(transfer_members, [fresh], other, date(2026, 9, 1))
    for _ in range(5):
        party_office.write(history.undo)
    assert records(party_office) == before


def test_links_are_refused_what_cannot_be(party_office: Office) -> None:
    with pytest.raises(RuleBroken, match="已经入了这个网格"):
        link(party_office, "李䶮", "519921001001001", from_day=date(2026, 12, 31))
    again = link(party_office, "李䶮", "519921001001001", from_day=date(2027, 1, 1))
    assert party_office.read(link_row, again).kind == "社区党员干部"
    with pytest.raises(RuleBroken, match="早于起始日期"):
        party_office.write(end_links, [again], date(2026, 12, 31))
    party_office.write(end_links, [again], date(2027, 3, 31))
    assert party_office.read(link_row, again).to_day == date(2027, 3, 31)
    with pytest.raises(RuleBroken, match="没写所入网格"):
        party_office.write(save_link, None, {"person_id": worker(party_office, "李䶮").person_id})


def test_a_past_day_shows_the_line_of_the_tree_of_that_day(party_office: Office) -> None:
    """微网格01 went over to 柳荫社区 in June: in May its group was 梧桐's."""
    micro, second = grid_id(party_office, "51992100100100101"), grid_id(party_office, "519921001002002")
    party_office.write(change_grids, Basis(date(2026, 6, 1), "区划调整"), [Move(micro, second)])
    wutong = "519921001001"
    for day, wanted, organised, orgs in ((date(2026, 6, 1), 4, 2, 2), (date(2026, 5, 31), 5, 3, 3)):
        whole = line(party_office, wutong, day).whole
        assert (whole.wanted, whole.organised) == (wanted, organised)
        area = line(party_office, day=day).areas[0]
        assert (area.label, area.wanted) == ("梧桐", wanted)
        ask = Ask(scope=grid_id(party_office, wutong), day=day)
        assert len(party_office.read(ORGS.ids, ask)) == orgs
        assert len(party_office.read(MEMBERS.ids, ask)) == 3
        assert len(party_office.read(LINKS.ids, ask)) == 2
