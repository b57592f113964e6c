"""Norms and words of a kind, written into a pack of the office's own."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gridoffice.errors import NotFound, RuleBroken
from gridoffice.grids.listing import office_pack
from gridoffice.grids.own_packs import copy_pack, pack_called
from gridoffice.grids.pack_edits import asked_of, kind_norms, revise_kind
from gridoffice.grids.switching import switch_pack
from gridoffice.history import undo
from gridoffice.office import Office
from gridoffice.overview.findings import Topic, check


@pytest.fixture
def own(small_office: Office) -> Office:
    small_office.write(copy_pack, "chengdu-3+1", "qinghe", "青禾模式")
    small_office.write(switch_pack, "qinghe")
    return small_office


def sizes(office: Office) -> set[str]:
    return {one.grid for one in office.read(check) if one.topic is Topic.SIZE}


def test_the_form_says_what_the_pack_says(own: Office) -> None:
    shipped = {one.id: one for one in own.read(kind_norms, "chengdu-3+1")}
    assert {one.id: one for one in own.read(kind_norms, "qinghe")} == shipped
    general, micro = shipped["general"], shipped["micro"]
    assert (general.label, general.households, general.each, general.per) == ("一般网格", "300–500", 1, 500)
    assert (micro.limit, micro.minutes) == (Decimal(5), Decimal(3))
    assert "each" not in asked_of(micro) and "each" in asked_of(general)


def test_another_norm_is_weighed_at_once_and_undone(own: Office) -> None:
    assert sizes(own) == {"梧桐·第二网格"}
    own.write(
        revise_kind, "qinghe", "general", {"households": "420 至 650", "words": "网格，基础网格、责任网格"}
    )
    kind = own.read(office_pack).kind("general")
    assert kind.households == (420, 650) and kind.words == ("网格", "基础网格", "责任网格")
    assert sizes(own) == {"梧桐·第一网格"}
    own.write(undo)
    assert sizes(own) == {"梧桐·第二网格"}


def test_an_empty_norm_is_no_norm(own: Office) -> None:
    own.write(revise_kind, "qinghe", "general", {"households": None, "per": None})
    kind = own.read(office_pack).kind("general")
    assert kind.households is None and kind.staff is not None and kind.staff.households is None
    own.write(revise_kind, "qinghe", "micro", {"limit": None, "minutes": None})
    assert own.read(office_pack).kind("micro").hours is None


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"households": "三百到五百"}, "户数", "写成 300–500 这样"),
        ({"households": "500–300"}, "户数", "下限 500 大于上限 300"),
        ({"area": "300"}, "面积", "应为下限和上限"),
        ({"limit": None}, "走完小时", "工作量要两个数"),
    ],
)
def test_what_cannot_be_is_said_of_its_line(own: Office, values: dict, field: str, words: str) -> None:
    before = own.read(pack_called, "qinghe")
    with pytest.raises(RuleBroken, match=words) as refused:
        own.write(revise_kind, "qinghe", "micro", values)
    assert refused.value.problems[0].field == field
    assert own.read(pack_called, "qinghe") == before


def test_two_kinds_never_bear_one_name(own: Office) -> None:
    with pytest.raises(RuleBroken, match="两个类型都叫“微网格”"):
        own.write(revise_kind, "qinghe", "general", {"label": "微网格"})


def test_what_ships_stays_as_it_is(own: Office) -> None:
    with pytest.raises(RuleBroken, match="另存一份再改"):
        own.write(revise_kind, "chengdu-3+1", "general", {"households": "1–2"})
    with pytest.raises(NotFound):
        own.write(revise_kind, "qinghe", "nothing", {})
