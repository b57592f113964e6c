"""Accounts: the three administrators apart, approval, handing over, and that nobody locks the office up."""

from __future__ import annotations

from typing import Any

import pytest

from db.enums import Reach, Role
from gridoffice.accounts.handing_over import hand_over
from gridoffice.accounts.keeping import (
    add_account,
    approve_account,
    bind_account,
    change_account,
    disable_account,
    enable_account,
    reject_account,
)
from gridoffice.accounts.passwords import reset_password, set_policy
from gridoffice.accounts.policy import Policy, policy_of
from gridoffice.accounts.rules import password_faults
from gridoffice.accounts.service import accounts, data_scope
from gridoffice.errors import OfficeError, Refused, RuleBroken
from gridoffice.history import journal
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.papers.drafts import begin, draft_ids, draft_rows, save_draft
from gridoffice.papers.templates import templates
from gridoffice.people.hits import person_called
from tests.offices import Opening, grid_id

WUTONG = "519921001001"


def at(office: Office, opening: Opening, name: str) -> Office:
    return opening(office.store.address, name)


@pytest.fixture
def three(small_office: Office, office_at: Opening) -> tuple[Office, Office, Office]:
    """The small office with its three: system administrator, security administrator, auditor."""
    small_office.write(add_account, "shenji", "林审计", Role.AUDITOR)
    small_office.write(add_account, "xitong", "陈系统", Role.SYSTEM_ADMIN)
    at(small_office, office_at, "xitong").write(add_account, "baomi", "何保密", Role.SECURITY_ADMIN)
    system, security, auditor = (at(small_office, office_at, one) for one in ("xitong", "baomi", "shenji"))
    return system, security, auditor


def names(office: Office) -> set[str]:
    return {who.name for who in office.read(accounts)}


def test_a_new_account_waits_until_the_security_administrator_lets_it_in(
    three: tuple[Office, Office, Office], office_at: Opening
) -> None:
    system, security, _ = three
    system.write(add_account, "wang", "王𠮷", Role.CLERK, grid_id(system, WUTONG))
    assert "wang" not in names(system)
    with pytest.raises(Refused, match="还没批准"):
        at(system, office_at, "wang")
    with pytest.raises(Refused, match="不能批准账号"):
        system.write(approve_account, "wang")
    security.write(approve_account, "wang")
    wang = at(system, office_at, "wang")
    assert wang.who.reach is Reach.BELOW
    assert security.read(journal)[0].title == "批准账号“王𠮷”：经办人，本单位及以下，梧桐社区"
    with pytest.raises(Refused, match="没有要批准的"):
        security.write(approve_account, "wang")


def test_other_rights_wait_and_the_account_goes_on_with_what_it_has(
    three: tuple[Office, Office, Office], office_at: Opening
) -> None:
    system, security, _ = three
    change: dict[str, Any] = {"display": "经办人", "role": Role.REVIEWER, "reach": Reach.CUSTOM}
    grids = [grid_id(system, WUTONG)]
    system.write(change_account, "clerk", **change, grids=grids)
    assert at(system, office_at, "clerk").who.role is Role.CLERK
    security.write(reject_account, "clerk", "先问主任")
    system.write(change_account, "clerk", **change, grids=grids)
    security.write(approve_account, "clerk")
    clerk = at(system, office_at, "clerk")
    assert (clerk.who.role, clerk.who.reach) == (Role.REVIEWER, Reach.CUSTOM)
    scope = clerk.read(data_scope)
    assert scope is not None and len(scope.paths) == 1


def test_without_a_security_administrator_nothing_waits(small_office: Office, office_at: Opening) -> None:
    small_office.write(add_account, "wang", "王𠮷", Role.CLERK)
    small_office.write(change_account, "wang", display="王𠮷", role=Role.READER, reach=Reach.ALL)
    assert at(small_office, office_at, "wang").who.role is Role.READER


def test_the_business_administrator_leaves_accounts_to_those_who_keep_them(
    small_office: Office, three: tuple[Office, Office, Office]
) -> None:
    system, _, _ = three
    with pytest.raises(Refused, match="账号由系统管理员维护：陈系统"):
        small_office.write(add_account, "x", "某", Role.CLERK)
    system.write(add_account, "x", "某", Role.CLERK)
    with pytest.raises(Refused, match="由安全保密管理员办：何保密"):
        small_office.write(approve_account, "x")


def test_nobody_is_two_of_the_three(three: tuple[Office, Office, Office]) -> None:
    system, security, _ = three
    with pytest.raises(Refused, match="“林审计”已经是安全审计员（账号“shenji”），一个人不能又是系统管理员"):
        system.write(add_account, "lin2", " 林审计", Role.SYSTEM_ADMIN)
    with pytest.raises(Refused, match="不能又是安全审计员"):
        system.write(change_account, "xitong", display="何保密", role=Role.AUDITOR, reach=Reach.NONE)
    person = system.weigh(person_called, "李䶮")
    system.write(bind_account, "xitong", person)
    system.write(add_account, "li", "李某", Role.AUDITOR)
    with pytest.raises(Refused, match="一个人不能又是"):
        system.write(bind_account, "li", person)
    assert "li" not in names(security)


def test_the_three_see_no_business(three: tuple[Office, Office, Office]) -> None:
    for office in three:
        assert office.who.reach is Reach.NONE
        scope = office.read(data_scope)
        assert scope is not None and not scope.holds("")
    with pytest.raises(RuleBroken, match="要看业务资料"):
        three[0].write(add_account, "y", "某", Role.CLERK, reach=Reach.NONE)


def test_nobody_locks_the_office_up(small_office: Office, office_at: Opening) -> None:
    with pytest.raises(Refused, match="自己的账号不能由自己停用"):
        small_office.write(disable_account, "office")
    admin = at(small_office, office_at, "administrator")
    admin.write(disable_account, "office")
    with pytest.raises(Refused, match="“管理员”是最后一个能维护账号的人"):
        admin.write(change_account, "administrator", display="管理员", role=Role.READER, reach=Reach.ALL)
    with pytest.raises(Refused, match="权限刚改过或已停用"):
        small_office.write(add_account, "z", "某", Role.READER)
    admin.write(enable_account, "office")
    small_office.write(add_account, "z", "某", Role.READER)


def test_who_asked_does_not_approve(three: tuple[Office, Office, Office], office_at: Opening) -> None:
    system, security, _ = three
    system.write(add_account, "jia", "甲保密", Role.SECURITY_ADMIN)
    security.write(approve_account, "jia")
    other = at(system, office_at, "jia")
    system.write(change_account, "jia", display="甲保密", role=Role.READER, reach=Reach.ALL)
    with pytest.raises(Refused, match="自己申请的、自己的账号"):
        other.write(approve_account, "jia")
    security.write(approve_account, "jia")
    with pytest.raises(Refused, match="权限刚改过"):
        other.write(approve_account, "jia")


def test_a_clerk_who_leaves_hands_over(small_office: Office, office_at: Opening) -> None:
    clerk, heir = at(small_office, office_at, "clerk"), at(small_office, office_at, "reviewer")
    small_office.write(bind_account, "clerk", None, "城管办")
    clerk = at(small_office, office_at, "clerk")
    free = next(key for key, one in clerk.read(templates).items() if not one.monthly)
    clerk.write(save_draft, clerk.read(begin, free))
    done = small_office.write(hand_over, "clerk", "reviewer")
    assert done.result == "草稿 1 份、评分单位“城管办”"
    assert "“经办人”交接给“复核人”" in done.title
    with pytest.raises(Refused, match="已停用"):
        at(small_office, office_at, "clerk")
    (left,) = heir.read(lambda session: draft_rows(session, draft_ids(session, Ask())))
    assert left.writer == "复核人"
    with pytest.raises(Refused, match="另一个在用的业务账号"):
        small_office.write(hand_over, "reviewer", "clerk")


def test_what_a_password_must_be() -> None:
    policy = Policy(length=8, classes=3)
    assert password_faults("Wutong#2026x", ("zhang", "张三"), policy) == []
    assert "至少要 8 位" in password_faults("Ab1#", ("zhang",), policy)[0]
    assert "至少要有 3 种" in password_faults("abcdefgh1", ("zhang",), policy)[0]
    assert "账号的名字" in password_faults("ZHANG-2026x", ("zhang",), policy)[0]
    assert "账号的名字" in password_faults("Gnahz-2026x", ("zhang",), policy)[0]


def test_the_policy_keeps_to_its_bounds(small_office: Office) -> None:
    small_office.write(set_policy, {"length": 10, "idle": 0})
    assert small_office.read(policy_of) == Policy(length=10, idle=0)
    with pytest.raises(RuleBroken, match="密码最短：8 到 32 位"):
        small_office.write(set_policy, {"length": 4})


def test_the_first_password_is_the_keepers_own(small_office: Office) -> None:
    with pytest.raises(OfficeError, match="先给自己设一个密码"):
        small_office.write(reset_password, "clerk", "Wutong#2026")
