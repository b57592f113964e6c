"""Ways of looking at a list that the office shares: replaced by their owner, kept from others, undone."""

from __future__ import annotations

import pytest

from db.enums import Role
from gridoffice.errors import Refused, RuleBroken
from gridoffice.history import undo
from gridoffice.office import Office
from gridoffice.views import LONGEST, share_view, shared_views, unshare_view, view_from
from tests.offices import Opening

WOMEN = {"filters": {"sex": ["female"]}, "sort": ["name", False]}
HIDDEN = {"hidden": ["phone"]}


def test_what_is_shared_is_there_for_others_under_its_own_list(small_office: Office) -> None:
    small_office.write(share_view, "workers", " 女网格员 ", WOMEN)
    small_office.write(share_view, "workers", "不看电话", HIDDEN)
    found = small_office.read(shared_views, "workers")
    assert [(one.name, dict(one.look)) for one in found] == [("不看电话", HIDDEN), ("女网格员", WOMEN)]
    assert {one.by for one in found} == {small_office.who.name}
    assert small_office.read(shared_views, "certificates") == []


def test_the_owner_replaces_it_and_nobody_else_does(small_office: Office, office_at: Opening) -> None:
    small_office.write(share_view, "workers", "值班", WOMEN)
    small_office.write(share_view, "workers", "值班", HIDDEN)
    assert [dict(one.look) for one in small_office.read(shared_views, "workers")] == [HIDDEN]
    other = office_at(small_office.store.address, Role.CLERK.value)
    with pytest.raises(RuleBroken, match="别人已经共用了一个“值班”"):
        other.write(share_view, "workers", "值班", WOMEN)
    assert [one.name for one in other.read(shared_views, "workers")] == ["值班"]


def test_taking_away_and_bringing_back(small_office: Office) -> None:
    small_office.write(share_view, "workers", "值班", WOMEN)
    done = small_office.write(unshare_view, "workers", "值班")
    assert small_office.read(shared_views, "workers") == []
    assert done.title == "不再共用视图“值班”"
    small_office.write(undo)
    assert [one.name for one in small_office.read(shared_views, "workers")] == ["值班"]


@pytest.mark.parametrize("name", ["", "   ", "长" * (LONGEST + 1)])
def test_a_name_is_there_and_short(small_office: Office, name: str) -> None:
    with pytest.raises(RuleBroken, match="视图"):
        small_office.write(share_view, "workers", name, WOMEN)
    assert small_office.read(shared_views, "workers") == []


def test_who_may_only_look_shares_nothing(small_office: Office, office_at: Opening) -> None:
    with pytest.raises(Refused):
        office_at(small_office.store.address, Role.READER.value).write(share_view, "workers", "值班", WOMEN)


@pytest.mark.parametrize("kept", [None, "值班", 3, {}, {"name": 1, "look": {}}, {"name": "a", "look": []}])
def test_what_is_no_view_is_left_out(kept: object) -> None:
    assert view_from(kept) is None
