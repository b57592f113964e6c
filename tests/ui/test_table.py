"""The table: 150,000 rows from memory, keys as in Excel, filters, ticks, copying."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import shiboken6
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from db.enums import Sex
from gridoffice.listing import Filter
from tests.ui.fakes import FakeOffice
from ui.tasks import TaskRunner
from ui.theme import look
from ui.widgets.cells import TICK, Cell
from ui.widgets.filters import _List
from ui.widgets.listing_table import ListingTable

CITY = 150_000


@pytest.fixture
def table(qapp: QObject, qtbot) -> Iterator[Callable[[int], tuple[ListingTable, FakeOffice]]]:
    runner = TaskRunner()
    made: list[ListingTable] = []

    def show(count: int) -> tuple[ListingTable, FakeOffice]:
        office = FakeOffice(count)
        table = ListingTable(runner, office, office.listing())
        made.append(table)
        table.resize(900, 500)
        table.show()
        with qtbot.waitSignal(table.counted, timeout=20_000):
            table.refresh()
        qtbot.waitUntil(lambda: runner.waiting == 0, timeout=20_000)
        table.grab()
        qtbot.waitUntil(lambda: runner.waiting == 0, timeout=20_000)
        return table, office

    yield show
    runner.close()
    for one in made:
        shiboken6.delete(one)


def test_a_city_is_shown_from_one_page_of_rows(table) -> None:
    shown, office = table(CITY)
    widgets = len(shown.findChildren(QWidget))
    assert shown.model.rowCount() == CITY
    assert office.rows_read <= 256, "only what is looked at is read"
    assert widgets < 40, "no widget a row"
    assert shown.model.cell(0, 1).text == "周玉兰"
    assert len(shown.findChildren(QWidget)) == widgets


def test_a_long_list_is_painted_before_all_of_it_is_in_order(table, qtbot) -> None:
    """The first rows of the new order stand there at once; nobody stands in an unknown place."""
    shown, office = table(CITY)
    office.asked.clear()
    firsts: list[tuple[str, int]] = []
    shown.model.modelReset.connect(
        lambda: firsts.append((shown.model.cell(0, 1).text, sum(1 for one in shown.model.ids[-3:] if one)))
    )
    shown.show_what(sort="name", descending=True)
    qtbot.waitUntil(lambda: shown.runner.waiting == 0, timeout=20_000)
    assert [ask.limit for ask in office.asked] == [128, None]
    assert [known for _, known in firsts] == [0, 2], "the last of all has the number 0 here"
    assert firsts[0][0] == firsts[1][0] or not firsts[1][0]
    assert shown.model.rowCount() == CITY
    assert shown.model.ids[0] == CITY - 1


def test_no_row_of_a_first_screen_is_read_twice(table, qtbot) -> None:
    shown, office = table(100)
    assert office.rows_read == 100
    assert shown.model.cell(99, 5).text == "99"
    _, city = table(CITY)
    assert city.rows_read == 128, "the first rows of all stay when the order of all is known"


def test_what_is_in_sight_comes_with_the_answer(table, qtbot) -> None:
    """Asking a list again never empties what is looked at."""
    shown, office = table(1000)
    shown.view.go(700)
    shown.grab()
    qtbot.waitUntil(lambda: shown.runner.waiting == 0, timeout=20_000)
    read = office.rows_read
    seen: list[str] = []
    shown.model.modelReset.connect(lambda: seen.append(shown.model.cell(700, 5).text))
    with qtbot.waitSignal(shown.counted):
        shown.refresh()
    assert seen == ["700"]
    assert office.rows_read - read <= 256


def test_jumping_to_the_end_reads_one_more_page(table, qtbot) -> None:
    shown, office = table(CITY)
    read = office.rows_read
    shown.view.go(CITY - 1)
    shown.grab()
    qtbot.waitUntil(lambda: shown.runner.waiting == 0, timeout=20_000)
    assert shown.model.cell(CITY - 1, 5).text == str(CITY - 1)
    assert office.rows_read - read <= 256


def test_masked_as_shown(table) -> None:
    shown, _ = table(10)
    assert shown.model.cell(1, 3).text == "519***********0001"


def test_names_are_never_cut(table) -> None:
    shown, _ = table(200)
    longest = look.width("阿卜杜热合曼·吐尔逊江", 14, 500)
    assert shown.view.columnWidth(1) >= longest


def test_ticks_and_copying(table, qtbot) -> None:
    shown, _ = table(300)
    view = shown.view
    view.go(0)
    QTest.keyClick(view, Qt.Key.Key_Space)
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert shown.model.ticked_ids() == [0, 2]
    assert view.head.ticks == "minus"
    with qtbot.waitSignal(shown.copied):
        QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    text = QGuiApplication.clipboard().text()
    assert text.splitlines()[0].split("\t") == ["姓名", "性别", "身份证号码", "任职日期", "户数"]
    assert text.splitlines()[2].split("\t") == ["刘慧", "女", "519***********0002", "2026-06-28", "2"]
    QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(shown.model.ticked_ids()) == 300 and view.head.ticks == "check"


def test_shift_click_ticks_a_range(table) -> None:
    shown, _ = table(50)
    view = shown.view

    def click(place: int, held: Qt.KeyboardModifier) -> None:
        at = view.visualRect(shown.model.index(place, 1)).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, held, at)

    click(2, Qt.KeyboardModifier.ControlModifier)
    click(5, Qt.KeyboardModifier.ShiftModifier)
    assert shown.model.ticked_ids() == [2, 3, 4, 5]


def test_ticks_outlive_sorting(table, qtbot) -> None:
    shown, office = table(20)
    shown.model.tick([3, 7])
    with qtbot.waitSignal(shown.counted):
        shown.view.head.sort_wanted.emit(5)
    with qtbot.waitSignal(shown.counted):
        shown.view.head.sort_wanted.emit(5)
    assert office.asked[-1].sort == "households" and office.asked[-1].descending
    assert shown.model.ids[0] == 19
    assert shown.model.ticked_ids() == [7, 3]
    with qtbot.waitSignal(shown.counted):
        shown.view.head.sort_wanted.emit(5)
    assert office.asked[-1].sort is None


def test_the_funnel_filters_and_says_so(table, qtbot) -> None:
    shown, _office = table(100)
    head = shown.view.head
    at = QPoint(head.sectionViewportPosition(2) + head.sectionSize(2) - 10, head.height() // 2)
    QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    qtbot.waitUntil(lambda: shown._popup is not None and shown._popup.isVisible(), timeout=5_000)
    listed = shown._popup.findChild(_List)  # type: ignore[union-attr]
    listed.setFocus()
    listed.setCurrentIndex(listed.model().index(0, 0))
    with qtbot.waitSignal(shown.counted):
        QTest.keyClick(listed, Qt.Key.Key_Space)
    assert shown.ask.filters == (Filter("sex", (Sex.MALE,)),)
    assert head.filtered == {2} and shown.model.rowCount() == 50
    QTest.keyClick(shown.window(), Qt.Key.Key_Escape)
    assert not shown._popup.isVisible()  # type: ignore[union-attr]
    with qtbot.waitSignal(shown.counted):
        shown.clear_filters()
    assert head.filtered == set() and shown.model.rowCount() == 100


def test_nothing_and_nothing_found_are_said(table, qtbot) -> None:
    shown, office = table(0)
    assert shown.blank.words() == "这里还没有人。"
    office.count = 10
    with qtbot.waitSignal(shown.counted):
        shown.show_what(search="没有的名字")
    assert shown.blank.words() == "没有符合 1 个条件的人。"
    with qtbot.waitSignal(shown.counted):
        shown.clear_filters()
    assert shown.blank.words() == ""


def test_the_keyboard_walks_and_opens(table) -> None:
    shown, _ = table(300)
    view, opened, moved = shown.view, [], []
    shown.opened.connect(opened.append)
    shown.moved.connect(moved.append)
    view.go(0)
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Return)
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    QTest.keyClick(view, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert opened == [1]
    assert 1 in moved and moved[-1] == 299
    assert shown.neighbour(1, 1) == 2 and shown.neighbour(299, 1) is None


def test_what_a_cell_says_to_readers(table) -> None:
    shown, _ = table(5)
    model = shown.model
    role = Qt.ItemDataRole.AccessibleTextRole
    assert model.data(model.index(0, 0), role) == "未选"
    assert model.data(model.index(0, 1), role) == "周玉兰"
    assert model.headerData(1, Qt.Orientation.Horizontal) == "姓名"
    assert model.cell(0, 0) is TICK
    assert Cell("158", old="136", changed=True).text == "158"


def test_the_name_stays_when_the_rest_is_scrolled_sideways(table) -> None:
    shown, _ = table(50)
    shown.resize(420, 400)
    view = shown.view
    view.horizontalScrollBar().setValue(view.horizontalScrollBar().maximum())
    assert view.horizontalScrollBar().value() > 0
    name = QPoint(60, view.rowViewportPosition(2) + 10)
    assert view.indexAt(name).column() == 1 and view.indexAt(name).row() == 2
    before = view.grab().toImage().copy(0, 0, view.head.frozen_width(), 200)
    view.horizontalScrollBar().setValue(view.horizontalScrollBar().maximum() // 2)
    after = view.grab().toImage().copy(0, 0, view.head.frozen_width(), 200)
    assert before == after
    view.setCurrentIndex(shown.model.index(0, 2))
    view.scrollTo(view.currentIndex())
    assert view.visualRect(view.currentIndex()).left() >= view.head.frozen_width() - 1


def test_all_ticked_but_one_and_what_stays_ticked(table, qtbot) -> None:
    shown, _ = table(CITY)
    shown.view.tick_all()
    assert shown.model.tick_count() == CITY and shown.model.ticked(CITY - 1)
    shown.view._flip(7)
    assert shown.model.tick_count() == CITY - 1 and not shown.model.ticked(7)
    assert shown.view.head.ticks == "minus"
    with qtbot.waitSignal(shown.counted, timeout=20_000):
        shown.filter_by("sex", (Sex.MALE,))
    assert shown.model.tick_count() == CITY // 2 - 1
    assert 7 not in shown.model.ticked_ids()
    shown.view.tick_all()
    shown.view.tick_all()
    assert shown.model.tick_count() == 0
    with qtbot.waitSignal(shown.counted, timeout=20_000):
        shown.clear_filters()
    assert shown.model.tick_count() == 0, "nothing hidden stays ticked"
