"""The page at the door, and the window that locks itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from db.enums import Role
from gridoffice import settings
from gridoffice.accounts.keeping import add_account
from gridoffice.accounts.passwords import change_own_password
from gridoffice.audit import Matter
from gridoffice.entering import Before, Entered, door, enter
from gridoffice.errors import Refused, SignInNeeded
from gridoffice.history import journal
from gridoffice.office import Office
from gridoffice.overview.topics import Topic
from tests.ui.seen import click, words_in
from ui import app
from ui.main_window import MainWindow
from ui.pages.todo_line import ToDoLine
from ui.sign_in import SignInPage, come_in
from ui.widgets.parts import Choice

Open = Callable[..., MainWindow]
OWN, GIVEN, FRESH = "Wutong#2026", "Chuci-123", "Mimi@5678"


@pytest.fixture
def guarded(empty: Path) -> Path:
    """An office with a password, and a clerk whose password somebody else thought of."""
    office = Office.open(empty)
    office.write(change_own_password, "", OWN)
    office.write(add_account, "wang", "王𬭎", Role.CLERK, password=GIVEN)
    office.close()
    return empty


@pytest.fixture
def page(guarded: Path, qtbot) -> SignInPage:
    made = SignInPage(str(guarded), door(guarded), "wang")
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    made.came_in = []  # type: ignore[attr-defined]
    made.entered.connect(made.came_in.append)  # type: ignore[attr-defined]
    return made


def entered(page: SignInPage) -> Entered:
    (found,) = page.came_in  # type: ignore[attr-defined]
    found.office.close()
    return found


def test_a_wrong_password_is_told_on_the_page(page: SignInPage) -> None:
    assert isinstance(page.who, Choice) and page.account == "wang"
    page.password.setText("wrong")
    QTest.keyClick(page.password, Qt.Key.Key_Return)
    assert page.problem.text() == "账号或密码不对。再错 4 次就锁 20 分钟。"
    assert page.password.selectedText() and not page.came_in  # type: ignore[attr-defined]


def test_a_given_password_is_changed_on_the_page(page: SignInPage) -> None:
    assert not page.changing
    page.password.setText(GIVEN)
    page.come_in()
    assert page.changing and "别人设的" in page.words.text()
    page.fresh.setText(FRESH)
    page.again.setText(FRESH + "x")
    page.come_in()
    assert page.problem.text() == "两次输的新密码不一样。"
    page.fresh.setText("short")
    page.again.setText("short")
    page.come_in()
    assert "至少要 8 位" in page.problem.text()
    page.fresh.setText(FRESH)
    page.again.setText(FRESH)
    page.come_in()
    assert entered(page).office.who.name == "wang"
    assert settings.recall("account") == "wang"


def test_nobody_is_asked_where_nobody_sits(guarded: Path, empty: Path) -> None:
    with pytest.raises(SignInNeeded):
        come_in(str(guarded), "wang", ask=False)
    with pytest.raises(SignInNeeded):
        app.open_office(str(guarded))


def test_the_window_locks_and_keeps_what_is_being_typed(guarded: Path, opened: Open) -> None:
    window = opened(guarded)
    window.go("journal")
    window.page.finder.setText("还没找完")
    window.page.finder.setFocus()
    window.welcome(Before(None, None, 0, None, None, None))
    app.settle(window)
    assert window.lock.minutes == 10 and window.status.last() == "第一次登录"
    window.lock.shut()
    page = window.lock.page
    assert page is not None and page.isVisible() and page.size() == window.size()
    assert not any(key.isEnabled() for key in window.findChildren(QShortcut))
    for _ in range(5):
        QTest.keyClick(page, Qt.Key.Key_Tab)
        assert page.isAncestorOf(window.focusWidget())
    page.password.setText("wrong")
    QTest.keyClick(page.password, Qt.Key.Key_Return)
    assert "账号或密码不对" in page.problem.text()
    page.password.setText(OWN)
    QTest.keyClick(page.password, Qt.Key.Key_Return)
    assert window.lock.page is None
    assert window.page.finder.text() == "还没找完" and window.focusWidget() is window.page.finder
    assert all(key.isEnabled() for key in window.findChildren(QShortcut))
    titles = [line.title for line in window.office.read(journal, 4)]
    assert titles[:3] == ["解锁窗口", "登录没有成功：密码不对（连着第 1 次）", "没人动，窗口锁屏"]


def test_an_office_of_one_never_locks(empty: Path, opened: Open) -> None:
    window = opened(empty)
    assert window.lock.minutes == 0 and not window.lock._quiet.isActive()


def test_failures_at_the_door_are_told_to_who_keeps_it(guarded: Path, opened: Open) -> None:
    for _ in range(5):
        with pytest.raises(Refused):
            enter(guarded, "wang", "wrong")
    window = opened(guarded)
    window.welcome(Before(None, None, 0, None, None, None))
    app.settle(window)
    assert window.banner.words() == "“王𬭎”一天内登录没成功 5 次。"
    (look_at,) = [one for one in window.banner.findChildren(QPushButton) if "变动记录" in one.text()]
    look_at.click()
    app.settle(window, quiet_ms=400)
    page = window.page
    assert page.key == "journal" and page.who.currentData() == "wang" and page.count == 5
    assert all("登录没有成功" in line.title for line in page.lines)
    page.finder.setText("没有人写过这句")
    app.settle(window, quiet_ms=400)
    assert page.lines == [] and page.blank.isVisible()


def test_failures_at_the_door_are_work_on_the_home_page(guarded: Path, opened: Open) -> None:
    for _ in range(5):
        with pytest.raises(Refused):
            enter(guarded, "wang", "wrong")
    window = opened(guarded)
    window.go("home")
    app.settle(window, quiet_ms=300)
    (line,) = [one for one in window.page.findChildren(ToDoLine) if one.todo.topic is Topic.DOOR]
    assert (line.todo.count, line.todo.detail) == (5, "“王𬭎”，一天之内")
    QTest.keyClick(line, Qt.Key.Key_Return)
    app.settle(window, quiet_ms=400)
    assert window.page.key == "journal" and window.page.count == 5
    clerk = opened(guarded, account="wang")
    clerk.go("home")
    app.settle(clerk, quiet_ms=300)
    assert not [one for one in clerk.page.findChildren(ToDoLine) if one.todo.topic is Topic.DOOR]


def test_the_journal_is_sorted_and_counted(guarded: Path, opened: Open) -> None:
    window = opened(guarded)
    window.go("journal")
    app.settle(window, quiet_ms=300)
    page = window.page
    assert [line.id for line in page.lines] == sorted((line.id for line in page.lines), reverse=True)
    page.table.head.sort_wanted.emit(0)
    app.settle(window, quiet_ms=300)
    assert [line.id for line in page.lines][:2] == [1, 2] and page.table.head.sorted == (0, False)
    click(page, "统计")
    app.settle(window, quiet_ms=300)
    assert page.side is page.figures and sum(bar.value for bar in page.figures.by_day.bars) == page.count
    assert "变动记录占" in words_in(page.figures)
    accounts = [matter for matter in Matter].index(Matter.ACCOUNTS)
    page.figures.by_matter.picked.emit(accounts)
    app.settle(window, quiet_ms=400)
    assert page.matter.currentData() == Matter.ACCOUNTS and page.count == 2
    assert sum(bar.value for bar in page.figures.by_day.bars) == 2, "counted is what is listed"
    page.finder.setText("没有办过的事")
    app.settle(window, quiet_ms=400)
    told = words_in(page.figures)
    assert "也就没有统计" in told and "看数据" not in told and "每天" not in told, "no hollow charts"
    page.finder.setText("")
    app.settle(window, quiet_ms=400)
    assert "每天" in words_in(page.figures)
    click(page, "统计")
    assert page.side is None
