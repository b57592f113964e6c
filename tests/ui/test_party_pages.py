"""The party's lists in the window: set up, entered, transferred, confirmed, ended; undone; on a past day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton

from db.enums import PartyMemberKind, Role
from gridoffice.accounts.keeping import add_account
from gridoffice.listing import Ask
from gridoffice.party.listing import LINKS, MEMBERS
from gridoffice.party.reporting import YearRow
from gridoffice.party.service import link_row, member_row, org_row, save_member, save_org
from tests.offices import grid_id, records
from tests.ui.seen import click, words_in
from ui.app import settle
from ui.main_window import MainWindow
from ui.pages.party_links import PartyLinksPage
from ui.pages.party_members import ConfirmPanel, MemberPanel, PartyMembersPage, TransferPanel
from ui.pages.party_orgs import DissolvePanel, LeaderPanel, PartyOrgsPage, SeatsPanel
from ui.pages.party_page import EndPanel
from ui.pages.party_panels import LinkPanel, OrgPanel
from ui.pages.party_reports import PartyReportsPage, PartyServicesPage, ReportPanel, ServicePanel
from ui.pages.party_year import PartyYearPage, RequirementPanel
from ui.widgets.badges import Badge
from ui.widgets.parts import Input

Open = Callable[..., MainWindow]
FIRST, SECOND = "519921001001001", "519921001001002"


def go(window: MainWindow, key: str) -> Any:
    window.go(key)
    settle(window, quiet_ms=60)
    return window.page


def write(page: Any, name: str, words: str) -> None:
    """Type into a field of the form that is open."""
    part = page._editing.fields[name].input
    assert isinstance(part, Input)
    part.setText(words)


def shown(page: Any) -> int:
    """The number of what is in the drawer."""
    assert page._shown is not None
    return page._shown


def done(window: MainWindow) -> None:
    settle(window, quiet_ms=60)


@pytest.fixture
def window(opened: Open, full: Path) -> MainWindow:
    return opened(full)


def org(window: MainWindow, name: str, *codes: str, **values: Any) -> int:
    places = [grid_id(window.office, code) for code in codes]
    return window.office.write(save_org, None, {"name": name, "grid_ids": places} | values).result


def somebody(window: MainWindow, place: int = 0) -> tuple[int, str]:
    rows = window.office.read(
        lambda session: (
            session.connection()
            .exec_driver_sql(
                "SELECT person.id, person.name FROM person JOIN post ON post.person_id = person.id"
            )
            .all()
        )
    )
    return rows[place][0], rows[place][1]


def test_an_organisation_from_its_setting_up_to_its_end(window: MainWindow) -> None:
    top = org(window, "中共梧桐社区委员会", "519921001001")
    page = go(window, "party-orgs")
    assert isinstance(page, PartyOrgsPage)
    window.scope.choose(grid_id(window.office, FIRST))
    done(window)
    before = records(window.office)
    window.command("new")
    done(window)
    panel = page.side
    assert isinstance(panel, OrgPanel)
    assert panel.parent_org.picked == top
    panel.since.setText("2026-01-01")
    panel.grids.add(grid_id(window.office, SECOND), "梧桐·第二网格")
    window.command("save")
    done(window)
    line = window.office.read(org_row, shown(page))
    assert (line.name, line.grid) == ("梧桐第一网格党支部", "梧桐·第一网格、梧桐·第二网格")
    assert "梧桐第一网格党支部" in words_in(page.drawer)
    person, name = somebody(window)
    click(page.drawer, "设书记")
    leader = page.side
    assert isinstance(leader, LeaderPanel)
    window.command("save")
    assert "书记从下面列出的里选一个。" in words_in(leader)
    leader.person.choose(person, name)
    window.command("save")
    done(window)
    assert window.office.read(org_row, line.id).secretary_id == person
    click(page.drawer, "调整所在网格")
    done(window)
    seats = page.side
    assert isinstance(seats, SeatsPanel)
    seats.grids._drop(grid_id(window.office, SECOND))
    seats.since.setText("2026-06-01")
    window.command("save")
    done(window)
    assert window.office.read(org_row, line.id).grid == "梧桐·第一网格"
    assert "已结束" in [one.text for one in page.drawer.findChildren(Badge)]
    click(page.drawer, "撤销")
    last = page.side
    assert isinstance(last, DissolvePanel)
    last.last.setText("2026-06-30")
    window.command("save")
    done(window)
    assert len(page.table.model.ids) == 0
    for _ in range(4):
        window.undo()
        done(window)
    assert records(window.office) == before


def test_an_organisation_that_is_needed_does_not_end(window: MainWindow) -> None:
    top = org(window, "中共梧桐社区委员会", "519921001001")
    org(window, "第一网格党支部", FIRST, parent_id=top)
    page = go(window, "party-orgs")
    page._open(top)
    done(window)
    click(page.drawer, "撤销")
    window.command("save")
    done(window)
    assert "下面还有“第一网格党支部”" in words_in(page.side)
    window.command("close")
    done(window)
    assert page.side is page.drawer
    page.drawer.tabs.picked.emit(2)
    page.drawer.tabs.show_tab(2)
    page._reread()
    done(window)
    assert "第一网格党支部" in words_in(page.drawer)
    window.command("edit")
    done(window)
    write(page, "name", "中共梧桐社区总支部委员会")
    window.command("save")
    done(window)
    assert window.office.read(org_row, top).name == "中共梧桐社区总支部委员会"
    assert window.office.read(org_row, top).grid == "梧桐社区"


def test_a_member_is_entered_confirmed_transferred(window: MainWindow) -> None:
    one, other = org(window, "第一网格党支部", FIRST), org(window, "第二网格党支部", SECOND)
    page = go(window, "party-members")
    assert isinstance(page, PartyMembersPage)
    assert "这里还没有党员。" in page.table.blank.words()
    before = records(window.office)
    person, name = somebody(window)
    window.command("new")
    panel = page.side
    assert isinstance(panel, MemberPanel)
    panel.person.choose(person, name)
    panel.org.choose(one, "第一网格党支部")
    panel.kind.setCurrentIndex(1)
    joined = date.today() - timedelta(days=400)
    panel.joined.setText(joined.isoformat())
    window.command("save")
    done(window)
    line = window.office.read(member_row, shown(page))
    assert (line.name, line.org, line.kind) == (name, "第一网格党支部", PartyMemberKind.PROBATIONARY)
    assert "已满，讨论转正后登记" in words_in(page.drawer)
    click(page.drawer, "转正")
    confirm = page.side
    assert isinstance(confirm, ConfirmPanel)
    confirm.day.setText(joined.isoformat())
    window.command("save")
    done(window)
    assert "才满一年" in words_in(confirm)
    confirm.day.setText(date.today().isoformat())
    window.command("save")
    done(window)
    assert window.office.read(member_row, line.id).kind is PartyMemberKind.FULL
    click(page.drawer, "转接")
    move = page.side
    assert isinstance(move, TransferPanel)
    move.org.choose(other, "第二网格党支部")
    window.command("save")
    done(window)
    assert window.office.read(member_row, shown(page)).org == "第二网格党支部"
    yesterday = Ask(day=date.today() - timedelta(days=1))
    ids = window.office.read(MEMBERS.ids, yesterday)
    assert [row.org for row in window.office.read(MEMBERS.rows, ids)] == ["第一网格党支部"]
    window.scope.choose(grid_id(window.office, FIRST))
    done(window)
    assert len(page.table.model.ids) == 0
    window.look_at(date.today() - timedelta(days=1))
    done(window)
    assert len(page.table.model.ids) == 1
    window.look_at(None)
    for _ in range(3):
        window.undo()
        done(window)
    assert records(window.office) == before


def test_several_members_go_together_or_none(window: MainWindow) -> None:
    one, other = org(window, "第一网格党支部", FIRST), org(window, "第二网格党支部", SECOND)
    for place in range(3):
        values = {"org_id": one, "from_day": date(2026, 1, 1)}
        window.office.write(save_member, None, values, person_id=somebody(window, place)[0])
    page = go(window, "party-members")
    page.table.model.tick_all()
    click(page, "转接")
    panel = page.side
    assert isinstance(panel, TransferPanel)
    panel.org.choose(other, "第二网格党支部")
    panel.since.setText("2025-12-01")
    window.command("save")
    done(window)
    assert "不晚于到现支部的日期" in words_in(panel)
    panel.since.setText("2026-07-01")
    window.command("save")
    done(window)
    assert "3 名党员的组织关系从 2026-07-01 起转接" in words_in(window.toast)
    window.undo()
    done(window)
    ids = window.office.read(MEMBERS.ids, Ask())
    assert {row.org for row in window.office.read(MEMBERS.rows, ids)} == {"第一网格党支部"}


def test_a_link_with_its_duty_and_its_end(window: MainWindow) -> None:
    person, name = somebody(window)
    page = go(window, "party-links")
    assert isinstance(page, PartyLinksPage)
    before = records(window.office)
    window.command("new")
    panel = page.side
    assert isinstance(panel, LinkPanel)
    panel.grid.choose(grid_id(window.office, FIRST), "梧桐·第一网格")
    done(window)
    assert panel.kind.currentText() == "社区党员干部"
    panel.person.choose(person, name)
    panel.duty.setText("联系困难户")
    panel.since.setText("2026-03-01")
    window.command("save")
    done(window)
    line = window.office.read(link_row, shown(page))
    assert (line.name, line.grid, line.kind, line.duty) == (
        name,
        "梧桐·第一网格",
        "社区党员干部",
        "联系困难户",
    )
    assert "联系困难户" in words_in(page.drawer)
    assert "还没有联系户。" in words_in(page.drawer)
    window.command("edit")
    done(window)
    write(page, "duty", "宣讲政策")
    window.command("save")
    done(window)
    assert window.office.read(link_row, line.id).duty == "宣讲政策"
    click(page.drawer, "结束入格")
    panel = page.side
    assert isinstance(panel, EndPanel)
    panel.last.setText("2026-02-01")
    window.command("save")
    done(window)
    assert "早于起始日期" in words_in(panel)
    panel.last.setText("2026-05-31")
    window.command("save")
    done(window)
    assert len(window.office.read(LINKS.ids, Ask())) == 0
    assert len(window.office.read(LINKS.ids, Ask(day=date(2026, 5, 31)))) == 1
    for _ in range(3):
        window.undo()
        done(window)
    assert records(window.office) == before


def test_who_may_only_look(window: MainWindow, opened: Open, full: Path) -> None:
    branch = org(window, "第一网格党支部", FIRST)
    window.office.write(add_account, "look", "看的人", Role.READER)
    other = opened(full, account="look")
    for key in ("party-orgs", "party-members", "party-links", "redline"):
        page = go(other, key)
        assert not page.may_edit
    page = go(other, "party-orgs")
    page._open(branch)
    done(other)
    assert not [
        one for one in page.drawer.findChildren(QPushButton) if one.isVisible() and "撤销" in one.text()
    ]


def test_double_reporting_from_the_report_to_a_years_services(window: MainWindow) -> None:
    person, name = somebody(window)
    window.scope.choose(grid_id(window.office, "519921001001"))
    page = go(window, "party-reports")
    assert isinstance(page, PartyReportsPage)
    before = records(window.office)
    window.command("new")
    panel = page.side
    assert isinstance(panel, ReportPanel)
    assert panel.grid.line.text() == "梧桐社区"
    panel.person.choose(person, name)
    panel.unit.setText("区教育局")
    panel.since.setText(f"{date.today().year}-01-01")
    window.command("save")
    done(window)
    assert "的服务还差 2 次。" in words_in(page.drawer)
    for hours in ("1.5", "一个半"):
        click(page.drawer, "登记服务")
        served = page.side
        assert isinstance(served, ServicePanel)
        assert (served.person.picked, served.grid.line.text()) == (person, "梧桐社区")
        served.what.setText("陪老人看病")
        served.hours.setText(hours)
        window.command("save")
        done(window)
    assert page.side is not None and "服务时长" in words_in(page.side)
    window.command("close")
    done(window)
    assert "的服务还差 1 次。" in words_in(page.drawer)
    year = go(window, "party-hours")
    assert isinstance(year, PartyYearPage)
    assert "一年至少 2 次" in words_in(year)
    line = year.table.model.values(0)
    assert isinstance(line, YearRow)
    assert (line.name, line.times, f"{line.hours}", line.missing) == (name, 1, "1.5", "1 次")
    click(year, "服务要求")
    done(window)
    asked = year.side
    assert isinstance(asked, RequirementPanel)
    asked.times.setText("一次")
    window.command("save")
    done(window)
    assert "次数写 0 以上的数。" in words_in(asked)
    asked.times.setText("1")
    asked.hours.setText("2")
    window.command("save")
    done(window)
    assert "一年至少 1 次、2 小时" in words_in(year)
    line = year.table.model.values(0)
    assert isinstance(line, YearRow) and line.missing == "0.5 小时"
    services = go(window, "party-services")
    assert isinstance(services, PartyServicesPage)
    assert len(services.table.model.ids) == 1
    services._open(services.table.model.ids[0])
    done(window)
    assert "陪老人看病" in words_in(services.drawer)
    window.command("leave")
    done(window)
    assert len(services.table.model.ids) == 0
    for _ in range(4):
        window.undo()
        done(window)
    assert records(window.office) == before
