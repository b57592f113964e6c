"""Everything of a pack written in a form: shown as it is written, revised, added, taken out."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from db.enums import Employment, Zone
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.grids import pack_text
from gridoffice.grids.listing import office_pack
from gridoffice.grids.own_packs import copy_pack, pack_called
from gridoffice.grids.pack import Mode, TeamRule, ZoneNorm
from gridoffice.grids.pack_edits import Part, blank, parts_of, remove_part, revise_part
from gridoffice.grids.pack_groups import Group
from gridoffice.grids.pack_text import names
from gridoffice.grids.switching import switch_pack
from gridoffice.history import undo
from gridoffice.office import Office
from gridoffice.overview.findings import Topic, check


@pytest.fixture
def own(small_office: Office) -> Office:
    small_office.write(copy_pack, "chengdu-3+1", "qinghe", "青禾模式")
    small_office.write(switch_pack, "qinghe")
    return small_office


def part(office: Office, group: Group, label: str = "", pack: str = "qinghe") -> Part:
    return next(one for one in office.read(parts_of, pack) if one.group is group and label in (one.label, ""))


def revise(office: Office, group: Group, label: str, /, **values: Any) -> None:
    office.write(revise_part, "qinghe", group, part(office, group, label).place, values)


def sizes(office: Office) -> set[str]:
    return {one.grid for one in office.read(check) if one.topic is Topic.SIZE}


def test_the_form_says_what_the_pack_says(own: Office) -> None:
    general, micro = part(own, Group.KIND, "一般网格"), part(own, Group.KIND, "微网格")
    assert (general.households, general.staff_each, general.staff_households) == ("300–500", 1, 500)
    assert (general.parents, general.code, general.staff_posts) == ("总网格", r"\d{15}", "专职网格员、网格长")
    assert (micro.hours_limit, micro.hours_minutes, micro.or_merchants) == (Decimal(5), Decimal(3), True)
    assert part(own, Group.WHOLE).root == "市、区县、街道"
    assert part(own, Group.POST, "网格长").employment is Employment.FULL_TIME


@pytest.mark.parametrize("key", names())
def test_what_is_shown_and_written_back_is_the_same_pack(small_office: Office, key: str) -> None:
    """Every line of every part of every pack that ships, saved as it stands."""
    small_office.write(copy_pack, key, "own", "本办")
    before = small_office.read(pack_called, "own")
    for one in small_office.read(parts_of, "own"):
        small_office.write(revise_part, "own", one.group, one.place, dict(one.values))
    assert small_office.read(pack_called, "own") == before
    assert replace(before, key=key, name=pack_text.load(key).name) == pack_text.load(key)


def test_another_norm_is_weighed_at_once_and_undone(own: Office) -> None:
    assert sizes(own) == {"梧桐·第二网格"}
    revise(own, Group.KIND, "一般网格", households="420 至 650", words="网格，基础网格、责任网格")
    kind = own.read(office_pack).kind("general")
    assert kind.households == (420, 650) and kind.words == ("网格", "基础网格", "责任网格")
    assert sizes(own) == {"梧桐·第一网格"}
    own.write(undo)
    assert sizes(own) == {"梧桐·第二网格"}


def test_an_empty_norm_is_no_norm(own: Office) -> None:
    revise(own, Group.KIND, "一般网格", households=None, staff_households=None)
    kind = own.read(office_pack).kind("general")
    assert kind.households is None and kind.staff is not None and kind.staff.households is None
    revise(own, Group.KIND, "一般网格", staff_posts=None, staff_each=None)
    assert own.read(office_pack).kind("general").staff is None
    revise(own, Group.KIND, "微网格", hours_limit=None, hours_minutes=None)
    assert own.read(office_pack).kind("micro").hours is None


def test_team_zones_code_and_parents_are_written(own: Office) -> None:
    revise(
        own,
        Group.KIND,
        "一般网格",
        team="网格长 1；专职网格员、兼职网格员 至少 2；不论岗位 3～8 人",
        zones="核心区 户数 200–300 面积 8000-12000；一般区 户数 400–600",
        code=r"\d{15}[AB]?",
        parents="总网格、专属网格",
        staff_full_time=False,
    )
    kind = own.read(office_pack).kind("general")
    assert kind.team == (
        TeamRule(("网格长",), 1, 1),
        TeamRule(("专职网格员", "兼职网格员"), 2, None),
        TeamRule((), 3, 8),
    )
    assert kind.zones == (
        ZoneNorm(Zone.CORE, households=(200, 300), area=(8000, 12000)),
        ZoneNorm(Zone.PLAIN, households=(400, 600)),
    )
    assert kind.code.pattern == r"\d{15}[AB]?" and kind.parents == {"community", "special"}
    assert kind.staff is not None and not kind.staff.full_time
    assert part(own, Group.KIND, "一般网格").team == "网格长 1；专职网格员、兼职网格员 至少 2；不论岗位 3–8"


def test_posts_party_services_and_the_rest_are_written(own: Office) -> None:
    revise(own, Group.POST, "网格长", label="片区长", duties="带队；巡查；每周例会")
    pack = own.read(office_pack)
    assert "片区长" in pack.kind("general").posts and pack.kind("general").staff is not None
    assert "网格长" not in {post for kind in pack.kinds for post in kind.posts}
    assert next(one for one in pack.posts if one.label == "片区长").duties == ("带队", "巡查", "每周例会")
    new = own.read(blank, "qinghe", Group.SERVICES)
    values = {"label": "汛期响应", "mode": Mode.EMERGENCY, "level": "微网格", "items": "逐户通知；转移群众"}
    own.write(revise_part, "qinghe", Group.SERVICES, new.place, values)
    flood = own.read(office_pack).services[-1]
    assert (flood.label, flood.mode, flood.level, flood.items) == (
        "汛期响应",
        Mode.EMERGENCY,
        "micro",
        ("逐户通知", "转移群众"),
    )
    revise(own, Group.WHOLE, "总的", lead="区委社会工作部", scheme="dayi")
    assert (own.read(office_pack).lead, own.read(office_pack).scheme) == ("区委社会工作部", "dayi")
    with pytest.raises(RuleBroken, match="缺少“earn”"):
        revise(own, Group.REGISTERS, "清单和积分", points_name="青禾分", points_rule="审核后得分")
    revise(
        own,
        Group.REGISTERS,
        "清单和积分",
        issues="噪声、积水",
        points_name="青禾分",
        points_rule="审核后得分",
        points_earn="上报有效信息 5；参与服务",
        care="红 重点关爱 2；蓝 一般关爱 30",
    )
    registers = own.read(office_pack).registers
    assert registers.issues == ("噪声", "积水") and registers.points is not None
    assert [(one.label, one.points) for one in registers.points.earn] == [
        ("上报有效信息", 5),
        ("参与服务", None),
    ]
    assert [(one.colour, one.people, one.days) for one in registers.care] == [
        ("红", "重点关爱", 2),
        ("蓝", "一般关爱", 30),
    ]
    own.write(remove_part, "qinghe", Group.SERVICES, flood_place(own))
    assert "汛期响应" not in {one.label for one in own.read(office_pack).services}


def flood_place(office: Office) -> int:
    return part(office, Group.SERVICES, "汛期响应").place


def test_a_new_kind_hangs_in_the_tree_by_its_label(own: Office) -> None:
    new = own.read(blank, "qinghe", Group.KIND)
    values = {"label": "楼栋", "parents": "微网格", "code": r"\d{19}", "finer": True}
    own.write(revise_part, "qinghe", Group.KIND, new.place, values)
    kind = own.read(office_pack).kind_called("楼栋")
    assert kind is not None and kind.finer and kind.parents == {"micro"}


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"households": "三百到五百"}, "户数", "户数写的是“三百到五百”，应为下限和上限，写成 300–500 这样"),
        ({"households": "500–300"}, "户数", "户数的下限 500 大于上限 300"),
        ({"area": "300"}, "面积", "应为下限和上限"),
        ({"hours_limit": None}, "走完小时", "工作量要两个数"),
        ({"parents": "大网格"}, "挂在", "没有“大网格”这种网格类型"),
        ({"team": "几个人"}, "队伍构成", "看不懂"),
        ({"zones": "市中心 户数 1–2"}, "分区标准", "看不懂"),
        ({"label": ""}, "叫法", "没写叫法"),
        ({"staff_each": 2}, "应配岗位", "还要写应配岗位"),
    ],
)
def test_what_cannot_be_is_said_of_its_line(own: Office, values: dict, field: str, words: str) -> None:
    before = own.read(pack_called, "qinghe")
    with pytest.raises(RuleBroken, match=words) as refused:
        revise(own, Group.KIND, "微网格", **values)
    assert refused.value.problems[0].field == field
    assert own.read(pack_called, "qinghe") == before


def test_what_the_whole_pack_lacks_then_is_said(own: Office) -> None:
    with pytest.raises(RuleBroken, match="两个类型都叫“微网格”"):
        revise(own, Group.KIND, "一般网格", label="微网格")
    with pytest.raises(RuleBroken, match="posts 里没有这个岗位"):
        own.write(remove_part, "qinghe", Group.POST, part(own, Group.POST, "微网格员").place)
    with pytest.raises(RuleBroken, match="party 的 kind 写的是“micro”"):
        own.write(remove_part, "qinghe", Group.KIND, part(own, Group.KIND, "微网格").place)


def test_what_ships_stays_as_it_is(own: Office) -> None:
    with pytest.raises(RuleBroken, match="另存一份再改"):
        own.write(revise_part, "chengdu-3+1", Group.KIND, 0, {"households": "1–2"})
    with pytest.raises(NotFound):
        own.write(revise_part, "qinghe", Group.KIND, 99, {})
    with pytest.raises(NotFound):
        own.write(remove_part, "qinghe", Group.WHOLE, 0)
