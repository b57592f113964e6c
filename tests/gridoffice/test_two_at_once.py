"""Two change the same record of the office itself: fields that only one changed meet, the others are asked for."""

from __future__ import annotations

import pickle
from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from db.enums import MonthState, Presence, Reach, Role
from gridoffice.accounts.handing_over import hand_over, unseen
from gridoffice.accounts.keeping import add_account, approve_account, change_account
from gridoffice.accounts.listed import account_line
from gridoffice.accounts.passwords import set_policy
from gridoffice.accounts.policy import policy_of
from gridoffice.accounts.rights import Rights
from gridoffice.assessment.dues import set_due
from gridoffice.assessment.service import open_month
from gridoffice.both_changed import MINE, ORIGINAL, THEIRS, FieldsClash, meet_fields
from gridoffice.errors import Conflict, NotFound, RuleBroken
from gridoffice.establish import call_office, called
from gridoffice.grids.both_drafted import key, seen_in
from gridoffice.grids.changing import carry_out_plan, change_grids, give_up_plan, preview
from gridoffice.grids.listing import GRIDS
from gridoffice.grids.operations import Basis, Close, Move, Rename, Revise
from gridoffice.grids.own_packs import copy_pack
from gridoffice.grids.pack_edits import Part, blank, parts_of, remove_part, revise_part
from gridoffice.grids.pack_groups import Group
from gridoffice.grids.waiting import plan_of, waiting
from gridoffice.office import Office
from gridoffice.own_tables import save_own_table
from gridoffice.party.reporting import SERVICE, required, save_requirement
from gridoffice.party.service import save_org, seat_org, set_secretary
from gridoffice.people.hits import person_called
from gridoffice.settings import NAME, ORGANISATION
from gridoffice.training.service import save_training
from gridoffice.training.sheet import enter_cells
from gridoffice.views import share_view, shared_views
from gridoffice.workers.service import save_worker
from tests.offices import Opening, grid_id

WUTONG, FIRST, SECOND = "519921001001", "519921001001001", "519921001001002"
LABELS = {"one": "甲", "other": "乙"}


def test_a_field_that_only_one_changed_is_as_he_wrote_it() -> None:
    seen, now = {"one": 1, "other": 2}, {"one": 1, "other": 7}
    assert meet_fields("它", LABELS, seen, {"one": 5, "other": 2}, now) == {"one": 5, "other": 7}
    assert meet_fields("它", LABELS, seen, {"one": 5}, now) == {"one": 5}
    assert meet_fields("它", LABELS, None, {"other": 9}, now) == {"other": 9}
    assert meet_fields("它", LABELS, seen, {"other": 7}, now) == {"other": 7}, "both wanted the same"


@pytest.mark.parametrize(("which", "kept"), [(MINE, 9), (THEIRS, 7), (ORIGINAL, 2)])
def test_a_field_that_both_changed_is_chosen(which: int, kept: int) -> None:
    seen, now = {"one": 1, "other": 2}, {"one": 1, "other": 7}
    with pytest.raises(FieldsClash) as raised:
        meet_fields("它", LABELS, seen, {"one": 5, "other": 9}, now, lambda _, value: f"{value} 次")
    error = pickle.loads(pickle.dumps(raised.value))
    (place,) = error.places
    assert (place.label, place.texts) == ("乙", (("9 次",), ("7 次",), ("2 次",)))
    assert error.settled([which]) == {"one": 5, "other": kept}
    assert error.now == now


def test_two_change_the_policy(small_office: Office) -> None:
    seen = asdict(small_office.read(policy_of))
    small_office.write(set_policy, {**seen, "length": 10}, seen)
    small_office.write(set_policy, {**seen, "idle": 5}, seen)
    policy = small_office.read(policy_of)
    assert (policy.length, policy.idle) == (10, 5)
    with pytest.raises(FieldsClash) as raised:
        small_office.write(set_policy, {**seen, "length": 12}, seen)
    assert raised.value.places[0].texts == (("12 位",), ("10 位",), ("8 位",))
    small_office.write(set_policy, {"length": 11})  # a third, meanwhile
    with pytest.raises(FieldsClash):
        small_office.write(set_policy, raised.value.settled([MINE]), raised.value.now)
    assert small_office.read(policy_of).length == 11


def test_two_change_what_the_office_is_called(small_office: Office) -> None:
    seen = small_office.read(called)
    small_office.write(call_office, {**seen, NAME: "青禾网格中心"}, seen)
    small_office.write(call_office, {**seen, ORGANISATION: "青禾街道办事处"}, seen)
    now = small_office.read(called)
    assert now == {NAME: "青禾网格中心", ORGANISATION: "青禾街道办事处"}
    with pytest.raises(FieldsClash, match="有 1 处"):
        small_office.write(call_office, {**seen, NAME: "青禾街道中心"}, seen)
    with pytest.raises(RuleBroken, match="名称要写"):
        small_office.write(call_office, {NAME: "  "}, now)
    assert small_office.read(called) == now


def changed(office: Office, name: str, seen: Any, **values: Any) -> None:
    line = office.read(account_line, name)
    rights = values.get("rights", line.wanted)
    office.write(
        change_account,
        name,
        display=values.get("display", line.display),
        role=rights.role,
        reach=rights.reach,
        grid_id=rights.grid_id,
        grids=rights.grids,
        seen=seen,
    )


def test_two_change_an_account(small_office: Office) -> None:
    line = small_office.read(account_line, "clerk")
    seen = {"display": line.display, "rights": line.wanted}
    wutong = grid_id(small_office, WUTONG)
    reads, below = Rights(Role.READER, Reach.ALL), Rights(Role.CLERK, Reach.BELOW, wutong)
    changed(small_office, "clerk", seen, rights=reads)
    small_office.write(
        change_account, "clerk", display="老经办", role=line.role, reach=line.reach, grid_id=None, seen=seen
    )
    now = small_office.read(account_line, "clerk")
    assert (now.display, now.role) == ("老经办", Role.READER), "a name and rights meet"
    with pytest.raises(FieldsClash) as raised:
        changed(small_office, "clerk", seen, display="老经办", rights=below)
    (place,) = raised.value.places
    assert place.label == "角色和看多少"
    assert [text[0].split("，")[0] for text in place.texts] == ["经办人", "只读", "经办人"]
    assert "梧桐社区" in place.texts[MINE][0]
    assert small_office.read(account_line, "clerk").role is Role.READER


def test_what_was_asked_for_meanwhile_is_neither_replaced_nor_approved_unseen(
    small_office: Office, office_at: Opening
) -> None:
    small_office.write(add_account, "shenji", "林审计", Role.AUDITOR)
    small_office.write(add_account, "xitong", "陈系统", Role.SYSTEM_ADMIN)
    address = small_office.store.address
    system = office_at(address, "xitong")
    system.write(add_account, "baomi", "何保密", Role.SECURITY_ADMIN)
    security = office_at(address, "baomi")
    line = system.read(account_line, "clerk")
    seen = {"display": line.display, "rights": line.wanted}
    first, second = Rights(Role.READER, Reach.ALL), Rights(Role.REVIEWER, Reach.ALL)
    changed(system, "clerk", seen, rights=first)
    looked_at = security.read(account_line, "clerk").wanted
    assert looked_at == first
    with pytest.raises(FieldsClash):
        changed(system, "clerk", seen, rights=second)
    changed(system, "clerk", {**seen, "rights": first}, rights=second)
    with pytest.raises(Conflict, match="申请刚改过，现在是“复核"):
        security.write(approve_account, "clerk", looked_at)
    assert security.read(account_line, "clerk").role is line.role
    security.write(approve_account, "clerk", second)
    assert security.read(account_line, "clerk").role is Role.REVIEWER


def test_two_change_what_a_year_asks_for(small_office: Office) -> None:
    seen = small_office.read(required)
    written = small_office.read(SERVICE.text)
    small_office.write(save_requirement, {**seen, "times": 3}, seen)
    small_office.write(save_requirement, {**seen, "hours": Decimal("6.5")}, seen)
    now = small_office.read(required)
    assert (now["times"], now["hours"]) == (3, Decimal("6.5"))
    with pytest.raises(FieldsClash) as raised:
        small_office.write(save_requirement, {**seen, "times": 4}, seen)
    assert raised.value.places[0].label == "一年至少几次"
    with pytest.raises(Conflict, match="没有改回"):
        small_office.write(save_own_table, SERVICE, None, written)
    assert small_office.read(required) == now
    small_office.write(save_own_table, SERVICE, None, small_office.read(SERVICE.text))
    assert small_office.read(required) == seen


def test_what_else_a_year_asks_for_stays(small_office: Office) -> None:
    more = '\n[[rules]]\nsides = ["unit"]\ntimes = 9\nhours = 1\nsource = "单位"\n'
    text = small_office.read(SERVICE.text) + more
    small_office.write(save_own_table, SERVICE, text)
    small_office.write(save_requirement, {"times": 3}, small_office.read(required))
    assert [one.times for one in small_office.read(SERVICE.of).rules][-1] == 9


def part(office: Office, group: Group, label: str) -> Part:
    return next(one for one in office.read(parts_of, "own") if one.group is group and one.label == label)


def test_two_change_a_part_of_a_pack(small_office: Office) -> None:
    small_office.write(copy_pack, "chengdu-3+1", "own", "本办")
    seen = part(small_office, Group.KIND, "一般网格")
    where = ("own", Group.KIND, seen.place)
    small_office.write(revise_part, *where, {"households": "200–400"}, seen.values)
    small_office.write(revise_part, *where, {"alone": 900}, seen.values)
    now = part(small_office, Group.KIND, "一般网格")
    assert (now.households, now.alone) == ("200–400", 900)
    with pytest.raises(FieldsClash) as raised:
        small_office.write(revise_part, *where, {"households": "100–150"}, seen.values)
    assert raised.value.places[0].texts[THEIRS] == ("200–400",)
    with pytest.raises(Conflict, match="没有删"):
        small_office.write(remove_part, *where, seen.values)


def test_a_part_is_found_where_others_were_taken_out_before_it(small_office: Office) -> None:
    small_office.write(copy_pack, "dayi", "own", "本办")
    services = [one for one in small_office.read(parts_of, "own") if one.group is Group.SERVICES]
    first, last = services[0], services[-1]
    assert first.place < last.place
    small_office.write(remove_part, "own", Group.SERVICES, first.place, first.values)
    done = small_office.write(revise_part, "own", Group.SERVICES, last.place, {"items": "巡查"}, last.values)
    assert done.result == last.place - 1
    assert part(small_office, Group.SERVICES, last.label).items == "巡查"
    with pytest.raises(NotFound, match="别人刚删去"):
        small_office.write(
            remove_part, "own", Group.SERVICES, 0, {**first.values, "items": "别的", "label": "无"}
        )


def test_two_add_a_part_and_both_are_there(small_office: Office) -> None:
    small_office.write(copy_pack, "chengdu-3+1", "own", "本办")
    new = small_office.read(blank, "own", Group.SERVICES)
    for label in ("防汛", "防火"):
        values = {"label": label, "items": "巡查"}
        small_office.write(revise_part, "own", Group.SERVICES, new.place, values, new.values)
    labels = [one.label for one in small_office.read(parts_of, "own") if one.group is Group.SERVICES]
    assert labels[-2:] == ["防汛", "防火"]


TODAY = Basis(date.today())


def grid(office: Office, code: str) -> Any:
    return office.read(GRIDS.rows, [grid_id(office, code)])[0]


def test_two_draft_a_change_of_the_same_grid(small_office: Office) -> None:
    first = grid_id(small_office, FIRST)
    mine = (Revise(first, {"households": 351}),)
    shown = small_office.read(preview, TODAY, mine)
    seen = seen_in(shown)
    was = seen[key(first, "households")]
    small_office.write(change_grids, TODAY, (Revise(first, {"population": 903}),))
    small_office.write(change_grids, TODAY, mine, seen, shown)
    assert (grid(small_office, FIRST).households, grid(small_office, FIRST).population) == (351, 903)
    with pytest.raises(FieldsClash) as raised:
        small_office.write(change_grids, TODAY, (Revise(first, {"households": 352}),), seen)
    (place,) = raised.value.places
    assert place.label.endswith("的户数")
    assert place.texts == (("352",), ("351",), (str(was),))
    small_office.write(change_grids, TODAY, (Rename(first, "梧桐甲格"),), seen)
    with pytest.raises(FieldsClash):
        small_office.write(change_grids, TODAY, (Rename(first, "梧桐乙格"),), seen)
    assert grid(small_office, FIRST).name == "梧桐甲格"


def test_nothing_is_carried_out_that_reaches_further_than_was_shown(small_office: Office) -> None:
    first, second = (grid_id(small_office, code) for code in (FIRST, SECOND))
    wanted = (Close(first, children_to=second, workers_to=second, seats_to=second),)
    shown = small_office.read(preview, TODAY, wanted)
    values = {"name": "欧阳䶮", "title": "微网格员", "grid_id": first}
    small_office.write(save_worker, None, values)
    with pytest.raises(Conflict, match="要动的网格和人和刚才看到的不一样了"):
        small_office.write(change_grids, TODAY, wanted, seen_in(shown), shown)
    again = small_office.read(preview, TODAY, wanted)
    small_office.write(change_grids, TODAY, wanted, seen_in(again), again)
    assert grid_id(small_office, SECOND) == second


def test_two_change_a_draft_that_waits(small_office: Office) -> None:
    first, second = (grid_id(small_office, code) for code in (FIRST, SECOND))
    basis = Basis(date.today() + timedelta(days=10), "扩建", None)
    small_office.write(change_grids, basis, (Rename(first, "梧桐甲格"),))
    (plan,) = small_office.read(waiting)
    later = Basis(basis.day + timedelta(days=5), "扩建", None)
    small_office.write(carry_out_plan, plan.id, later, basis)
    number = Basis(basis.day, "扩建", "青街办〔2026〕8号")
    small_office.write(carry_out_plan, plan.id, number, basis)
    assert small_office.read(plan_of, plan.id).basis == Basis(later.day, "扩建", number.approval)
    with pytest.raises(FieldsClash) as raised:
        small_office.write(carry_out_plan, plan.id, Basis(basis.day + timedelta(days=7), "扩建"), basis)
    assert raised.value.places[0].label == "生效日期"
    with pytest.raises(Conflict, match="没有放弃"):
        small_office.write(give_up_plan, plan.id, basis)
    small_office.write(give_up_plan, plan.id, small_office.read(plan_of, plan.id).basis)
    assert not small_office.read(waiting)
    assert second


def test_moved_by_two_is_asked(small_office: Office) -> None:
    first, liuyin = grid_id(small_office, FIRST), grid_id(small_office, "519921001002")
    small_office.write(change_grids, TODAY, (Rename(first, "梧桐甲格"),))
    seen = {key(first, "parent_id"): grid_id(small_office, WUTONG)}
    small_office.write(change_grids, TODAY, (Move(first, liuyin),), seen)
    with pytest.raises(FieldsClash) as raised:
        small_office.write(change_grids, TODAY, (Move(first, grid_id(small_office, "519921001")),), seen)
    assert [text[0] for text in raised.value.places[0].texts[1:]] == ["柳荫社区", "梧桐社区"]


def test_two_set_a_day_of_a_month(small_office: Office) -> None:
    number = small_office.write(open_month, "2026-06").result
    assert number
    first, second = date(2026, 7, 5), date(2026, 7, 8)
    small_office.write(set_due, "2026-06", {MonthState.COLLECTING: first}, {MonthState.COLLECTING: None})
    small_office.write(set_due, "2026-06", {MonthState.REVIEW: second}, {MonthState.REVIEW: None})
    with pytest.raises(Conflict, match="采集的期限，现在是 2026-07-05"):
        small_office.write(set_due, "2026-06", {MonthState.COLLECTING: second}, {MonthState.COLLECTING: None})


def test_two_lead_and_seat_the_same_organisation(small_office: Office) -> None:
    org = small_office.write(
        save_org, None, {"name": "梧桐党支部", "grid_ids": [grid_id(small_office, WUTONG)]}
    )
    first = grid_id(small_office, FIRST)
    seen = [grid_id(small_office, WUTONG)]
    small_office.write(seat_org, org.result, [first], date.today(), seen)
    with pytest.raises(Conflict, match="所在的网格"):
        small_office.write(seat_org, org.result, [grid_id(small_office, SECOND)], date.today(), seen)
    person = small_office.read(person_called, "单晓琴")
    small_office.write(set_secretary, org.result, person, (None,))
    with pytest.raises(Conflict, match="现在是“单晓琴”"):
        small_office.write(set_secretary, org.result, None, (None,))
    small_office.write(set_secretary, org.result, None, ("单晓琴",))


def test_two_type_in_the_same_cell_of_a_sign_in_sheet(small_office: Office) -> None:
    training = small_office.write(save_training, None, {"name": "应急培训", "day": date(2026, 6, 3)}).result
    person = small_office.read(person_called, "单晓琴")
    blank = {person: {"presence": None, "score": None}}
    small_office.write(enter_cells, training, {person: {"presence": Presence.PRESENT}}, blank)
    small_office.write(enter_cells, training, {person: {"score": Decimal(90)}}, blank)
    with pytest.raises(Conflict, match="“单晓琴”的成绩：现在是 90"):
        small_office.write(enter_cells, training, {person: {"score": Decimal(80)}}, blank)


# ---- somebody leaves -----------------------------------------------------------------------------


def test_whoever_takes_over_sees_the_grids_too(small_office: Office, office_at: Opening) -> None:
    wutong, liuyin = (grid_id(small_office, code) for code in (WUTONG, "519921001002"))
    small_office.write(add_account, "zhang", "张䶮", Role.CLERK, wutong)
    small_office.write(add_account, "li", "李㐂", Role.CLERK, liuyin)
    assert small_office.read(unseen, "zhang", "clerk") == {}, "who sees all sees this"
    assert list(small_office.read(unseen, "zhang", "li")) == [wutong]
    office_at(small_office.store.address, "zhang").write(share_view, "workers", "值班", {})
    done = small_office.write(hand_over, "zhang", "li", True)
    assert done.result == "网格“梧桐社区”"
    heir = small_office.read(account_line, "li")
    assert (heir.reach, {number for number, _ in heir.grids}) == (Reach.CUSTOM, {wutong, liuyin})
    sees = office_at(small_office.store.address, "li")
    assert sees.read(GRIDS.rows, [grid_id(small_office, FIRST)])
    sees.write(share_view, "workers", "值班", {"sort": "name"})
    (view,) = sees.read(shared_views, "workers")
    assert (view.by, view.look) == ("li", {"sort": "name"})


def test_without_being_asked_nobody_sees_more(small_office: Office) -> None:
    wutong, liuyin = (grid_id(small_office, code) for code in (WUTONG, "519921001002"))
    small_office.write(add_account, "zhang", "张䶮", Role.CLERK, wutong)
    small_office.write(add_account, "li", "李㐂", Role.CLERK, liuyin)
    assert small_office.write(hand_over, "zhang", "li").result == "名下没有没办完的"
    assert small_office.read(account_line, "li").reach is Reach.BELOW


def test_the_grids_of_who_leaves_wait_for_approval_where_rights_do(
    small_office: Office, office_at: Opening
) -> None:
    wutong, liuyin = (grid_id(small_office, code) for code in (WUTONG, "519921001002"))
    small_office.write(add_account, "zhang", "张䶮", Role.CLERK, wutong)
    small_office.write(add_account, "li", "李㐂", Role.CLERK, liuyin)
    small_office.write(add_account, "shenji", "林审计", Role.AUDITOR)
    small_office.write(add_account, "xitong", "陈系统", Role.SYSTEM_ADMIN)
    system = office_at(small_office.store.address, "xitong")
    system.write(add_account, "baomi", "何保密", Role.SECURITY_ADMIN)
    system.write(add_account, "wang", "王𠮷", Role.CLERK)
    assert system.write(hand_over, "zhang", "li", True).result == "网格“梧桐社区”（等批准）"
    assert small_office.read(account_line, "li").reach is Reach.BELOW
    security = office_at(small_office.store.address, "baomi")
    security.write(approve_account, "li")
    assert {number for number, _ in security.read(account_line, "li").grids} == {wutong, liuyin}
    security.write(approve_account, "wang")  # what was asked for before still waits, for somebody else
