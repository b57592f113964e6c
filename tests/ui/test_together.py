"""Several windows on one office: changes come by themselves, nothing that was typed is lost, and who else
is at the same line is said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication

from db.enums import Education, Role
from db.listening import Spot
from gridoffice.both_changed import MINE, ORIGINAL, THEIRS
from gridoffice.office import Office
from gridoffice.workers.service import save_worker, worker_row
from tests.offices import Opening
from ui.app import settle
from ui.main_window import MainWindow
from ui.pages import PAGES
from ui.tasks import TaskRunner

SOON_MS = 20_000
"""So long a test waits for what takes two seconds on a machine that has nothing else to do."""


@pytest.fixture
def desk(qapp: Any, small_office: Office, office_at: Opening) -> Iterator[MainWindow]:
    """A window on the small office, of either kind, that listens."""
    window = MainWindow(office_at(small_office.store.address), TaskRunner(), PAGES)
    window.unattended = True
    window.resize(1440, 900)
    window.show()
    window.scope.reload()
    window.together.begin()
    window.go("workers")
    settle(window, quiet_ms=60)
    yield window
    window.close()
    window.deleteLater()


def first_post(window: MainWindow) -> int:
    return window.page.table.model.ids[0]


def opened_form(window: MainWindow) -> Any:
    """The first line of the roster in the drawer, being edited."""
    page = window.page
    page._open(first_post(window))
    settle(window, quiet_ms=60)
    page._edit()
    settle(window, quiet_ms=60)
    assert page._editing is not None
    return page


def type_in(page: Any, name: str, text: str) -> None:
    page._editing.fields[name].input.setText(text)


def shown_names(window: MainWindow) -> list[str]:
    model = window.page.table.model
    return [model.values(row).name for row in range(len(model.ids))]


def told(page: Any) -> str:
    return " ".join(label.text() for label in page._meeting._told.findChildren(type(page.head_facts)))


def test_what_another_saves_appears_and_the_place_is_kept(
    desk: MainWindow, small_office: Office, qtbot: Any
) -> None:
    page = desk.page
    numbers = list(page.table.model.ids)
    page._open(numbers[-1])
    page.table.model.tick([numbers[1]])
    settle(desk, quiet_ms=60)
    small_office.write(save_worker, numbers[0], {"name": "欧阳䶮"})
    qtbot.waitUntil(lambda: "欧阳䶮" in shown_names(desk), timeout=SOON_MS)
    settle(desk, quiet_ms=60)
    assert page._shown == numbers[-1]
    assert page.table.model.ticked_ids() == [numbers[1]]
    here = page.table.view.currentIndex().row()
    assert page.table.model.ids[here] == numbers[-1]


def test_our_own_writes_are_not_told_twice(desk: MainWindow, qtbot: Any) -> None:
    heard: list[Any] = []
    desk.together.changed.connect(heard.append)
    number = first_post(desk)
    with qtbot.waitSignal(desk.written, timeout=SOON_MS):
        desk.write(desk.page, save_worker, number, {"title": "网格长"})
    qtbot.wait(1500)
    assert heard == []


def test_what_was_not_touched_takes_the_new_value_while_a_form_is_open(
    desk: MainWindow, small_office: Office, qtbot: Any
) -> None:
    page = opened_form(desk)
    type_in(page, "employer", "青禾物业")
    small_office.write(save_worker, page._shown, {"education": Education.COLLEGE})
    qtbot.waitUntil(lambda: page._meeting._told.box.count() > 0, timeout=SOON_MS)
    assert page._editing.fields["education"].text() == "大学专科"
    assert page._editing.fields["employer"].text() == "青禾物业"
    assert "已换成新的" in told(page)
    with qtbot.waitSignal(desk.written, timeout=SOON_MS):
        page._save()
    row = small_office.read(worker_row, page._shown)
    assert (row.employer, row.education) == ("青禾物业", Education.COLLEGE)


@pytest.mark.parametrize(("which", "employer"), [(MINE, "青禾物业"), (THEIRS, "梧桐物业"), (ORIGINAL, None)])
def test_both_changed_the_same_field_and_the_clerk_chooses(
    desk: MainWindow, small_office: Office, qtbot: Any, which: int, employer: str | None
) -> None:
    page = opened_form(desk)
    number = page._shown
    type_in(page, "employer", "青禾物业")
    type_in(page, "note", "周三值班")
    small_office.write(save_worker, number, {"employer": "梧桐物业"})
    page._save()
    qtbot.waitUntil(lambda: page._meeting.choosing, timeout=SOON_MS)
    assert small_office.read(worker_row, number).employer == "梧桐物业"
    page._meeting.take()  # nothing is chosen beforehand
    assert page._meeting.choosing
    page._meeting.pick("employer", which)
    with qtbot.waitSignal(desk.written, timeout=SOON_MS):
        page._save()
    row = small_office.read(worker_row, number)
    assert (row.employer, row.note) == (employer, "周三值班")


def test_leaving_the_choice_keeps_what_was_typed_and_writes_nothing(
    desk: MainWindow, small_office: Office, qtbot: Any
) -> None:
    page = opened_form(desk)
    number = page._shown
    type_in(page, "employer", "青禾物业")
    small_office.write(save_worker, number, {"employer": "梧桐物业"})
    page._save()
    qtbot.waitUntil(lambda: page._meeting.choosing, timeout=SOON_MS)
    page._meeting.choose()  # as when the other one saves once more: at no moment does the keyboard leave
    focus = QApplication.focusWidget()
    assert isinstance(focus, QAbstractButton)
    assert focus.text().strip() == "先不存"
    desk.command("close")
    assert not page._meeting.choosing
    assert page._editing.fields["employer"].text() == "青禾物业"
    page._save()  # what is still to be chosen is not written past
    assert page._meeting.choosing
    assert small_office.read(worker_row, number).employer == "梧桐物业"
    page._meeting.overwrite()
    qtbot.waitUntil(lambda: small_office.read(worker_row, number).employer == "青禾物业", timeout=SOON_MS)


def test_two_who_want_the_same_do_not_clash(desk: MainWindow, small_office: Office, qtbot: Any) -> None:
    page = opened_form(desk)
    type_in(page, "employer", "青禾物业")
    small_office.write(save_worker, page._shown, {"employer": "青禾物业"})
    settle(desk, quiet_ms=60)
    page._save()
    qtbot.waitUntil(lambda: page._editing is None, timeout=SOON_MS)
    assert small_office.read(worker_row, page._shown).employer == "青禾物业"


def test_the_choice_is_made_with_the_keyboard_alone(
    desk: MainWindow, small_office: Office, qtbot: Any
) -> None:
    page = opened_form(desk)
    number = page._shown
    type_in(page, "employer", "青禾物业")
    type_in(page, "note", "周三值班")
    small_office.write(save_worker, number, {"employer": "梧桐物业"})
    page._save()
    qtbot.waitUntil(lambda: page._meeting.choosing, timeout=SOON_MS)
    qtbot.keyClick(desk, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is page._meeting._groups["employer"].button(MINE)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert page._meeting._groups["employer"].checkedId() == THEIRS
    with qtbot.waitSignal(desk.written, timeout=SOON_MS):
        qtbot.keyClick(desk, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    row = small_office.read(worker_row, number)
    assert (row.employer, row.note) == ("梧桐物业", "周三值班")


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_who_else_is_at_the_line_is_said_and_goes_with_them(
    desk: MainWindow, small_office: Office, office_at: Opening, qtbot: Any
) -> None:
    from gridoffice.accounts.service import Who

    page = opened_form(desk)
    number = page._shown
    page._close()
    other = office_at(small_office.store.address)
    other.who = Who("lisi", "李四", Role.CLERK)
    runner = TaskRunner()
    from db.listening import Listener

    listener = Listener(other.store, "李四", Spot("workers", number))
    runner.attend(page, listener.follow, lambda _: None)

    def line() -> str:
        return " ".join(one.text() for one in page.drawer._beside.findChildren(type(page.head_facts)))

    qtbot.waitUntil(lambda: line() == "李四也在看这一条", timeout=SOON_MS)
    listener.look = Spot("workers", number, editing=True)
    qtbot.waitUntil(lambda: line() == "李四正在改这一条", timeout=SOON_MS)
    runner.close()
    qtbot.waitUntil(lambda: page.drawer._beside.isHidden(), timeout=SOON_MS)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_panel_says_who_else_fills_in_the_same(
    desk: MainWindow, small_office: Office, office_at: Opening, qtbot: Any
) -> None:
    """What is not a line of a list is a record too: here the policy, told in the panel; a page of its own says it
    beside its title."""
    from db.listening import Listener

    desk.go("accounts")
    settle(desk, quiet_ms=60)
    page = desk.page
    page._rules()
    assert page.spot == Spot("security policy", 0, editing=True)
    other = office_at(small_office.store.address)
    runner = TaskRunner()
    listener = Listener(other.store, "李四", Spot("security policy", 0, editing=True))
    runner.attend(page, listener.follow, lambda _: None)

    def line() -> str:
        return " ".join(one.text() for one in page.side._beside.findChildren(type(page.head_facts)))

    qtbot.waitUntil(lambda: line() == "李四正在改这一条", timeout=SOON_MS)
    page._close()
    desk.go("schemes")
    settle(desk, quiet_ms=60)
    page = desk.page
    key = page.shown.scheme.key
    assert page.spot == Spot(f"scheme {key}", 0)
    listener.look = Spot(f"scheme {key}", 0)
    qtbot.waitUntil(lambda: page._beside.text() == "李四也在看这一条", timeout=SOON_MS)
    assert page._beside.isVisible()
    runner.close()
    qtbot.waitUntil(lambda: page._beside.isHidden(), timeout=SOON_MS)
