"""部门 as a page, and months of areas and of departments played through the window by three accounts, with the
days by which steps are due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton

from db.enums import Decision, MonthState, Role, Target
from gridoffice.accounts.keeping import add_account
from gridoffice.assessment.departments import DEPARTMENTS, save_department
from gridoffice.assessment.locking import verify_month
from gridoffice.demo.course import cases
from gridoffice.fields import Kind
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.overview.sheet_story import sheet_story
from ui import dialogs
from ui.app import settle
from ui.main_window import MainWindow
from ui.pages.home import HomePage
from ui.pages.todo_line import ToDoLine

Open = Callable[..., MainWindow]
ACCOUNTS = (("wang", "王敏", Role.CLERK), ("li", "李㛃", Role.REVIEWER), ("zhao", "赵犇", Role.LEADER))
AREA, DEPARTMENT = "area-evaluation", "department-evaluation"


def go(window: MainWindow, key: str, **where: Any) -> Any:
    window.go(key, **where)
    settle(window, quiet_ms=60)
    return window.page


def words(part: Any) -> str:
    return "\n".join(one.text() for one in part.findChildren(QLabel) if not one.isHidden())


def press(window: MainWindow, part: Any, text: str) -> None:
    found = [one for one in part.findChildren(QPushButton) if one.isVisible() and one.text().strip() == text]
    assert found, [one.text() for one in part.findChildren(QPushButton) if one.isVisible()]
    found[0].click()
    settle(window, quiet_ms=120)


@pytest.fixture
def office_file(full: Path) -> Path:
    office = Office.open(full)
    for name, display, role in ACCOUNTS:
        office.write(add_account, name, display, role)
    office.close()
    return full


def test_departments_are_entered_changed_and_put_out_of_use(office_file: Path, opened: Open) -> None:
    window = opened(office_file, account="wang")
    page = go(window, "departments")
    assert list(page.table.model.ids) == []
    window.command("new")
    form = page._editing
    assert form.fields["active"].input.isChecked()
    form.fields["grid"].input.setText("")
    window.command("save")
    assert "没写部门名称" in words(page.drawer)
    form.fields["name"].input.setText("综合执法队")
    form.fields["leader"].input.setText("𫍯建国")
    window.command("save")
    settle(window, quiet_ms=120)
    (row,) = _departments(window)
    assert (row.name, row.leader, row.grid, row.active) == ("综合执法队", "𫍯建国", None, True)
    assert "服务全办" in words(page.drawer)
    press(window, page.drawer, "改成不考核")
    assert [one.active for one in _departments(window)] == [False]
    assert "否" in words(page.drawer).splitlines()
    window.undo()
    settle(window, quiet_ms=120)
    assert [one.active for one in _departments(window)] == [True]
    press(window, page.drawer, "删去")
    assert _departments(window) == [] and list(page.table.model.ids) == []


def test_a_reader_only_looks(office_file: Path, opened: Open) -> None:
    office = Office.open(office_file)
    office.write(add_account, "kan", "查看", Role.READER)
    number = office.write(save_department, None, {"name": "城管办"}).result
    office.close()
    window = opened(office_file, account="kan")
    page = go(window, "departments", show=number)
    shown = [one.text().strip() for one in page.findChildren(QPushButton) if one.isVisible()]
    assert "编辑资料" not in shown and "删去" not in shown
    new = next(one for one in page.findChildren(QPushButton) if one.text().strip() == "登记部门")
    assert not new.isEnabled() and "只能查看" in new.toolTip()


def _departments(window: MainWindow) -> list[Any]:
    return window.office.read(lambda session: DEPARTMENTS.rows(session, DEPARTMENTS.ids(session, Ask())))


@pytest.mark.parametrize(("scheme", "target"), [(AREA, Target.AREA), (DEPARTMENT, Target.DEPARTMENT)])
def test_a_month_of_areas_and_one_of_departments_from_opening_to_lock(
    scheme: str, target: Target, office_file: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office.open(office_file, "wang")
    for name in ("综合执法队", "市政环卫所", "应急办"):
        office.write(save_department, None, {"name": name})
    office.close()
    clerk = opened(office_file, account="wang")
    page = go(clerk, "assessment")
    clerk.command("new")
    settle(clerk, quiet_ms=60)
    panel = page.side
    panel.scheme.setCurrentIndex(panel.scheme.findData(scheme))
    panel.scheme.activated.emit(panel.scheme.currentIndex())
    panel.begin()
    settle(clerk, quiet_ms=120)
    said = page.facts_now
    assert (said.target, said.scheme.key, said.state) == (target, scheme, MonthState.COLLECTING)

    # a day for each step; the first of them is past
    press(clerk, page, "期限")
    today, fields = date.today(), page.side.form.fields
    fields["collecting"].input.setText(f"{today - timedelta(days=3)}")
    fields["scoring"].input.setText(f"{today - timedelta(days=4)}")
    clerk.command("save")
    settle(clerk, quiet_ms=60)
    assert "早于" in words(page.side), "a step is due before the one before it"
    fields["scoring"].input.setText(f"{today + timedelta(days=9)}")
    clerk.command("save")
    settle(clerk, quiet_ms=120)
    assert "晚了 3 天" in page.steps.stepper.accessibleName()
    home = go(clerk, "home")
    assert isinstance(home, HomePage)
    (line,) = [one for one in home.findChildren(ToDoLine) if one.todo.month is not None]
    assert "过了 3 天" in line.todo.detail
    line.picked.emit(line.todo)
    settle(clerk, quiet_ms=120)
    page = clerk.page
    assert page.key == "assessment" and page.facts_now.id == said.id

    # collected: a block from Excel, then submitted
    entry = page.grid.entry
    places = [place for place in range(len(entry.model.headings)) if entry.name(place) in entry.fields]
    assert places == list(range(places[0], places[-1] + 1))
    values = clerk.office.read(cases, said.id, 7)
    shown = list(page.grid.table.model.ids)
    lines = [
        [str(values[sheet][entry.name(place).removeprefix("raw_")]) for place in places] for sheet in shown
    ]
    assert all(entry.fields[entry.name(place)].kind is Kind.INTEGER for place in places)
    QGuiApplication.clipboard().setText("\r\n".join("\t".join(line) for line in lines) + "\r\n")
    entry.go(0, places[0])
    entry.paste()
    settle(clerk, quiet_ms=120)
    press(clerk, page, "采集完毕，开始初评")
    press(clerk, page, "提交复核")
    assert page.facts_now.state is MonthState.REVIEW, words(page.steps.below)
    assert page.facts_now.scored == len(shown)

    # reviewed, public, objected to, answered
    reviewer = opened(office_file, account="li")
    page = go(reviewer, "calibration", month=said.address)
    best = list(page.table.model.ids)[:1]
    page.table.model.tick(best)
    reviewer.command("edit")
    page.panel.change.setText("-1")
    page.panel.reason.setText("台账和平台对不上")
    reviewer.command("save")
    settle(reviewer, quiet_ms=120)
    assert reviewer.office.read(sheet_story, best[0]).adjustment == Decimal(-1)
    page = go(reviewer, "assessment", month=said.address)
    press(reviewer, page, "复核通过，开始公示")
    page = go(clerk, "appeals", month=said.address)
    clerk.command("new")
    settle(clerk, quiet_ms=60)
    story = clerk.office.read(sheet_story, best[0])
    page.panel.who.choose(best[0], story.name)
    page.panel.what.setPlainText("平台补录了 3 件")
    clerk.command("save")
    settle(clerk, quiet_ms=120)
    home = go(clerk, "home")
    (line,) = [one for one in home.findChildren(ToDoLine) if one.todo.month is not None]
    assert story.name in line.todo.detail
    page = go(reviewer, "appeals", month=said.address)
    page.answer(page.table.model.ids[0])
    settle(reviewer, quiet_ms=60)
    page.panel.decision.setCurrentIndex(page.panel.decision.findData(Decision.CHANGED))
    page.panel.decision.activated.emit(page.panel.decision.currentIndex())
    page.panel.change.setText("1")
    page.panel.answer.setPlainText("补录属实")
    reviewer.command("save")
    settle(reviewer, quiet_ms=120)
    assert reviewer.office.read(sheet_story, best[0]).adjustment is None

    # approved, locked, proved
    leader = opened(office_file, account="zhao")
    page = go(leader, "assessment", month=said.address)
    press(leader, page, "公示期满，审定")
    monkeypatch.setattr(dialogs, "decide", lambda *_: True)
    press(leader, page, f"锁定 {int(said.period[5:])} 月")
    assert page.facts_now.state is MonthState.LOCKED
    assert leader.office.read(verify_month, said.id) == []
    if target is Target.DEPARTMENT:
        page = go(leader, "departments")
        page._open(page.table.model.ids[0])
        page.drawer.tabs._pick(1)
        settle(leader, quiet_ms=120)
        assert said.period in words(page.drawer) and "名" in words(page.drawer)
