"""The tabs of a grid's drawer: asked when opened, walked by keyboard, each leading on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from gridoffice.grids.service import find
from gridoffice.overview import grid_facts
from gridoffice.overview.findings import Topic, check
from gridoffice.party.service import save_link, save_org
from gridoffice.workers.listing import WORKERS
from ui.app import settle
from ui.main_window import MainWindow
from ui.pages.grids import GridsPage
from ui.pages.party_panels import LinkPanel, OrgPanel
from ui.pages.party_ways import to_party
from ui.widgets.parts import Button
from ui.widgets.tabs import Tabs

Open = Callable[..., MainWindow]
GRID = "519921001001001"


def words(part) -> str:
    return "\n".join(one.text() for one in part.findChildren(QLabel) if one.isVisibleTo(part))


def quiet(window: MainWindow) -> None:
    settle(window, quiet_ms=60)


def pressed(part, name: str) -> None:
    next(one for one in part.findChildren(Button) if name in (one.words(), one.accessibleName())).click()


@pytest.fixture
def shown(full: Path, opened: Open) -> tuple[MainWindow, GridsPage, int]:
    """The window with one grid in the drawer."""
    window = opened(full)
    grid = window.office.read(find, GRID)
    window.go("grids", show=grid)
    quiet(window)
    assert isinstance(window.page, GridsPage)
    return window, window.page, grid


def turned(window: MainWindow, page: GridsPage, tab: str) -> str:
    page.turn(tab)
    quiet(window)
    return words(page.drawer)


def test_the_team_leads_to_the_worker(shown) -> None:
    window, page, grid = shown
    said = window.office.read(grid_facts.team, grid, date.today())
    told = turned(window, page, "队伍")
    one = said.members[0]
    assert f"在岗 {len(said.members)} 人" in told and one.name in told and one.title in told
    assert all(wanted.who in told for wanted in said.wanted)
    pressed(page.drawer, f"打开{one.name}")
    quiet(window)
    assert window.page.key == "workers" and window.page._shown == one.post_id


def test_a_tab_asks_only_when_it_is_opened_and_arrows_walk(shown, monkeypatch) -> None:
    window, page, _ = shown
    asked: list[str] = []
    for name in ("team", "party", "scores", "problems"):
        question = getattr(grid_facts, name)

        def told(session, *args, question=question, name=name):
            asked.append(name)
            return question(session, *args)

        monkeypatch.setattr(grid_facts, name, told)
    tabs = page.drawer.tabs
    assert isinstance(tabs, Tabs) and tabs.focusPolicy() & Qt.FocusPolicy.TabFocus
    tabs.setFocus()
    QTest.keyClick(tabs, Qt.Key.Key_Right)
    quiet(window)
    assert (asked, page.tabs[tabs.current]) == (["team"], "队伍")


def test_the_party_tab_says_what_is_missing_and_who_answers(shown) -> None:
    window, page, grid = shown
    office = window.office
    bare = office.read(grid_facts.party, grid, date.today())
    told = turned(window, page, "党建")
    assert bare.missing and all(f"{one}。" in told for one in bare.missing)
    assert "这个网格没有自己的党组织。" in told and "还没有党员入这个网格。" in told
    one = office.read(grid_facts.team, grid, date.today()).members[0]
    (line,) = office.read(WORKERS.rows, [one.post_id])
    office.write(save_org, None, {"name": "第一网格党支部", "grid_ids": [grid], "secretary": "王𠮷𬭎"})
    kind = {"kind": bare.members_wanted, "duty": "督办网格事项"}
    office.write(save_link, None, {"person_id": line.person_id, "grid_id": grid} | kind)
    told = turned(window, page, "党建")
    assert "第一网格党支部" in told and "书记 王𠮷𬭎" in told
    assert f"{bare.members_wanted} 1 人" in told and "督办网格事项" in told
    pressed(page.drawer, f"打开{one.name}")
    quiet(window)
    assert window.page.key == "party-links" and words(window.page.drawer).count("督办网格事项")
    window.go("grids")
    quiet(window)
    pressed(page.drawer, "打开第一网格党支部")
    quiet(window)
    assert window.page.key == "party-orgs" and "书记" in words(window.page.drawer)


def test_what_a_grid_lacks_of_the_party_leads_to_the_red_line(shown) -> None:
    window, page, grid = shown
    bare = window.office.read(grid_facts.party, grid, date.today())
    turned(window, page, "党建")
    pressed(page.drawer, f"去建：{bare.missing[0]}")
    quiet(window)
    assert window.page.key == "redline"
    assert isinstance(window.page.side, OrgPanel)
    to_party(window, Topic.SUPERVISED, grid)
    quiet(window)
    assert isinstance(window.page.side, LinkPanel) and window.page.side.grid.picked == grid
    to_party(window, Topic.BRANCH, grid)
    quiet(window)
    assert window.page.key == "party-orgs" and window.scope_id == grid
    to_party(window, Topic.PROBATION, grid, "李䶮")
    quiet(window)
    assert window.page.key == "party-members" and window.page.table.ask.search == "李䶮"


def test_the_scores_stand_beside_the_street(shown) -> None:
    window, page, grid = shown
    said = window.office.read(grid_facts.scores, grid, date.today())
    told = turned(window, page, "得分")
    assert said.months[0].period in told and "青禾街道" in told
    name, _, results = said.people[0]
    assert name in told and f"{results[0].total}" in told and f"第 {results[0].rank} 名" in told
    found = window.office.read(check, None, date.today())
    page._open(next(one.grid_id for one in found if one.topic is Topic.VACANT))
    quiet(window)
    assert "近 6 个月这里没有人参加考核。" in words(page.drawer)


def test_a_finding_leads_to_where_it_is_put_right(shown) -> None:
    window, page, _ = shown
    found = window.office.read(check, None, date.today())
    person = next(one for one in found if one.post_id is not None)
    page._open(person.grid_id)
    told = turned(window, page, "核对")
    assert person.message in told and person.fix in told
    pressed(page.drawer, f"{person.topic.errand}：{person.message}")
    quiet(window)
    assert window.page.key == "workers"
    sized = next(one for one in found if one.topic is Topic.SIZE)
    window.go("grids", show=sized.grid_id)
    quiet(window)
    pressed(page.drawer, f"{sized.topic.errand}：{sized.message}")
    quiet(window)
    assert window.page.key == "norms" and window.scope_id == sized.grid_id


def test_a_vacant_grid_leads_to_its_roster(shown) -> None:
    window, page, _ = shown
    vacant = next(one for one in window.office.read(check, None, date.today()) if one.topic is Topic.VACANT)
    window.go("grids", show=vacant.grid_id)
    quiet(window)
    assert "没有网格员，尽快配人。" in turned(window, page, "队伍")
    assert "没有网格员。" in turned(window, page, "核对")
    pressed(page.drawer, f"{vacant.topic.errand}：{vacant.message}")
    quiet(window)
    assert window.page.key == "workers" and window.scope_id == vacant.grid_id
    assert not window.office.read(WORKERS.ids, window.page.table.ask)
