"""While somebody writes in a panel another program changes the same: the choice is shown, leaving it keeps both safe,
and mine wins where it is chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from db.enums import Reach, Role
from gridoffice.accounts.keeping import add_account, change_account
from gridoffice.accounts.listed import account_line
from gridoffice.accounts.passwords import set_policy
from gridoffice.accounts.policy import policy_of
from gridoffice.both_changed import MINE
from gridoffice.establish import call_office, called
from gridoffice.grids.changing import carry_out_plan, change_grids
from gridoffice.grids.listing import GRIDS
from gridoffice.grids.operations import Basis, Rename, Revise
from gridoffice.grids.own_packs import copy_pack
from gridoffice.grids.pack_edits import parts_of, revise_part
from gridoffice.grids.pack_groups import Group
from gridoffice.grids.waiting import waiting
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.party.reporting import required, save_requirement
from gridoffice.settings import NAME
from tests.ui.seen import click, words_in
from ui.app import settle
from ui.main_window import MainWindow
from ui.pages.change_drafts import ReviseDraft
from ui.pages.text_meeting import TextMeeting

Open = Callable[..., MainWindow]


def quiet(window: MainWindow) -> None:
    settle(window, quiet_ms=60)


def at(window: MainWindow, key: str) -> Any:
    window.go(key)
    quiet(window)
    return window.page


@dataclass(frozen=True, slots=True)
class Case:
    """`begin` opens the panel and types; `other` is what somebody else writes meanwhile; `stands` reads what is
    stored. `mine` and `theirs` are how the values are read out; `after` is what stands when mine wins."""

    begin: Callable[[MainWindow], Any]
    other: Callable[[Office], Any]
    stands: Callable[[Office], Any]
    label: str
    mine: str
    theirs: str
    after: Any


def type_policy(window: MainWindow) -> Any:
    page = at(window, "accounts")
    page._rules()
    page.side.numbers["length"].setText("12")
    return page.side


def type_account(window: MainWindow) -> Any:
    page = at(window, "accounts")
    page._change(next(one for one in page.lines if one.name == "zhang"))
    page.side.display.setText("张䶮甲")
    return page.side


def rename_account(office: Office) -> None:
    line = office.read(account_line, "zhang")
    office.write(change_account, "zhang", display="张䶮乙", role=line.role, reach=line.reach)


def type_office(window: MainWindow) -> Any:
    page = at(window, "settings")
    click(page, "改")
    page.side.lines[NAME].setText("青禾甲办")
    return page.side


def type_requirement(window: MainWindow) -> Any:
    page = at(window, "party-hours")
    click(page, "服务要求")
    quiet(window)
    page.side.times.setText("4")
    return page.side


def type_part(window: MainWindow) -> Any:
    page = at(window, "settings")
    page._open_packs()
    quiet(window)
    page.side.show_pack("own")
    quiet(window)
    page.side._ask_parts((Group.KIND, kind_part(window.office).place))
    quiet(window)
    form = page.side.findChild(_pack_form())
    form.form.fields["households"].input.setText("100–150")
    return page.side


def _pack_form() -> type:
    from ui.pages.pack_form import PackForm

    return PackForm


def kind_part(office: Office) -> Any:
    return next(
        one for one in office.read(parts_of, "own") if one.group is Group.KIND and one.label == "一般网格"
    )


def a_grid(office: Office) -> Any:
    rows = office.read(GRIDS.rows, list(office.read(GRIDS.ids, Ask())))
    return next(one for one in rows if one.kind == "一般网格")


def type_change(window: MainWindow) -> Any:
    page = at(window, "grids")
    page.changes.begin(ReviseDraft, [a_grid(window.office).id])
    quiet(window)
    panel = page.changes.panel
    panel.draft._form.fields["population"].input.setText("901")
    panel.look()
    quiet(window)
    return panel


NEXT = date.today() + timedelta(days=20)


def type_plan(window: MainWindow) -> Any:
    page = at(window, "grids")
    page.changes.take_up(window.office.read(waiting)[0].id)
    quiet(window)
    panel = page.changes.panel
    panel.approval.setText("青街办〔2026〕8号")
    return panel


def number_plan(office: Office) -> None:
    plan = office.read(waiting)[0]
    office.write(carry_out_plan, plan.id, Basis(NEXT, None, "青街办〔2026〕9号"))


CASES = {
    "policy": Case(
        type_policy,
        lambda office: office.write(set_policy, {"length": 10}),
        lambda office: office.read(policy_of).length,
        "密码最短",
        "12 位",
        "10 位",
        12,
    ),
    "account": Case(
        type_account,
        rename_account,
        lambda office: office.read(account_line, "zhang").display,
        "名字",
        "张䶮甲",
        "张䶮乙",
        "张䶮甲",
    ),
    "office": Case(
        type_office,
        lambda office: office.write(call_office, {NAME: "青禾乙办"}),
        lambda office: office.read(called)[NAME],
        "名称",
        "青禾甲办",
        "青禾乙办",
        "青禾甲办",
    ),
    "requirement": Case(
        type_requirement,
        lambda office: office.write(save_requirement, {"times": 3}),
        lambda office: office.read(required)["times"],
        "一年至少几次",
        "4",
        "3",
        4,
    ),
    "pack": Case(
        type_part,
        lambda office: office.write(
            revise_part, "own", Group.KIND, kind_part(office).place, {"households": "200–400"}
        ),
        lambda office: kind_part(office).households,
        "户数",
        "100–150",
        "200–400",
        "100–150",
    ),
    "grid": Case(
        type_change,
        lambda office: office.write(
            change_grids, Basis(date.today()), (Revise(a_grid(office).id, {"population": 777}),)
        ),
        lambda office: a_grid(office).population,
        "人口",
        "901",
        "777",
        901,
    ),
    "plan": Case(
        type_plan,
        number_plan,
        lambda office: office.read(waiting)[0].basis.approval,
        "批准文号",
        "青街办〔2026〕8号",
        "青街办〔2026〕9号",
        "青街办〔2026〕8号",
    ),
}


@pytest.fixture
def prepared(full: Path) -> Path:
    office = Office.open(full)
    office.write(add_account, "zhang", "张䶮", Role.CLERK, reach=Reach.ALL)
    office.write(copy_pack, "chengdu-3+1", "own", "本办")
    office.write(change_grids, Basis(NEXT), (Rename(a_grid(office).id, "䶮桥网格"),))
    office.close()
    return full


@pytest.mark.parametrize("name", CASES)
def test_the_second_one_chooses(prepared: Path, opened: Open, name: str) -> None:
    case = CASES[name]
    window = opened(prepared)
    panel = case.begin(window)
    other = Office.open(prepared)
    try:
        case.other(other)
        theirs = case.stands(other)
        save = getattr(panel, "do", None) if name in ("policy", "account", "office") else None
        save = save or (lambda: window.command("save"))
        save = panel.save if name in ("grid", "plan") else save
        if name == "pack":
            save = lambda: click(panel, "保存")  # noqa: E731
        save()
        quiet(window)
        meeting = window.page.side
        assert isinstance(meeting, TextMeeting)
        told = words_in(meeting)
        assert case.label in told and "有 1 处和你改的不一样" in told
        offered = [one.text() for one in meeting._groups[0].buttons()]
        assert offered[0] == f"我改的：{case.mine}" and offered[1] == f"现在的：{case.theirs}"
        window.command("save")  # nothing is chosen beforehand
        quiet(window)
        assert window.page.side is meeting and case.stands(other) == theirs
        click(meeting, "先不存")
        quiet(window)
        assert window.page.side is panel, "what was typed is still there"
        assert case.stands(other) == theirs
        save()
        quiet(window)
        meeting = window.page.side
        assert isinstance(meeting, TextMeeting)
        meeting.pick(0, MINE)
        window.command("save")
        quiet(window)
        assert not isinstance(window.page.side, TextMeeting)
        assert case.stands(other) == case.after
    finally:
        other.close()


def test_a_third_who_changes_it_while_one_chooses_is_met_too(prepared: Path, opened: Open) -> None:
    case = CASES["policy"]
    window = opened(prepared)
    panel = case.begin(window)
    other = Office.open(prepared)
    try:
        case.other(other)
        panel.do()
        quiet(window)
        other.write(set_policy, {"length": 11})
        window.page.side.overwrite()
        quiet(window)
        assert isinstance(window.page.side, TextMeeting), "what stands was not what was seen"
        assert case.stands(other) == 11
        window.page.side.overwrite()
        quiet(window)
        assert case.stands(other) == 12
    finally:
        other.close()
