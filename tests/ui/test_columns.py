"""Columns as this user left them: widths, order, hidden ones; and the usual ones back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QPushButton

from db.enums import Employment, Sex
from gridoffice.fields import Field, Kind
from gridoffice.listing import Filter
from ui.app import settle
from ui.main_window import MainWindow
from ui.theme import look
from ui.widgets.column_layout import meant, plain

Open = Callable[..., MainWindow]


def roster(window: MainWindow):
    window.go("workers")
    settle(window, quiet_ms=60)
    return window.page


def drag(head, start: QPoint, end: QPoint) -> None:
    view = head.viewport()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(view, (start + end) / 2)
    QTest.mouseMove(view, end)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)


def test_widths_order_and_hidden_columns_are_there_again(full: Path, opened: Open) -> None:
    window = opened(full)
    page = roster(window)
    head, model = page.table.view.head, page.table.model
    assert not page.kept._known()
    edge = QPoint(head.sectionViewportPosition(2) + head.sectionSize(2) - 1, 10)
    drag(head, edge, edge + QPoint(60, 0))
    wide = head.sectionSize(2)
    assert wide > look.px(112)
    page.kept.show_column("id_number", False)
    before = page.table.columns_shown()
    middle = head.sectionViewportPosition(3) + 40
    drag(head, QPoint(middle, 10), QPoint(head.sectionViewportPosition(2) + 10, 10))
    order = page.table.columns_shown()
    assert order != before and "id_number" not in order
    again = roster(opened(full))
    assert again.table.columns_shown() == order
    assert again.table.view.columnWidth(2) == wide
    again.kept.reset()
    assert again.table.columns_shown() == [what.name for what in model.columns]
    assert again.table.view.columnWidth(2) == look.px(112)
    assert not again.kept._known()


def test_order_and_ticked_values_are_there_again_jumps_are_not(full: Path, opened: Open) -> None:
    page = roster(opened(full))
    everybody = len(page.table.model.ids)
    page.table._sort_by("name")
    page.table.filter_by("employment", (Employment.FULL_TIME,))
    settle(page.desk, quiet_ms=60)
    few = list(page.table.model.ids)
    assert 0 < len(few) < everybody
    page.arrive({"filters": (Filter("sex", (Sex.FEMALE,)),)})
    settle(page.desk, quiet_ms=60)
    again = roster(opened(full))
    assert again.table.ask.filters == (Filter("employment", (Employment.FULL_TIME,)),), "a jump is not kept"
    assert list(again.table.model.ids) == few and again.table.view.head.sorted is not None
    assert any("专兼职" in one.text() for one in again.filters.findChildren(QPushButton))
    again.table.clear_filters()
    again.table._sort(again.table.view.head.sorted[0])
    again.table._sort(again.table.view.head.sorted[0])
    third = roster(opened(full))
    assert not third.table.ask.filters and third.table.ask.sort is None and not third.kept._known()


@given(st.one_of(st.none(), st.sampled_from(list(Employment)), st.dates(), st.decimals(allow_nan=False)))
def test_ticked_values_are_kept_as_plain_values(value: object) -> None:
    kind = {date: Kind.DATE, Decimal: Kind.DECIMAL}.get(type(value), Kind.TEXT)
    field = Field("", kind, codes=Employment if isinstance(value, Employment) else None)
    assert meant(field, json.loads(json.dumps(plain(value)))) == value


def test_the_panel_hides_a_column_but_never_the_name(full: Path, opened: Open) -> None:
    window = opened(full)
    page = roster(window)
    QTest.mouseClick(page._columns_button, Qt.MouseButton.LeftButton)
    boxes = {box.text(): box for box in page.kept.popover.findChildren(QCheckBox)}
    assert "姓名" not in boxes
    boxes["民族"].setChecked(False)
    assert "ethnicity" not in page.table.columns_shown()
    assert page._columns_button.words() == "隐藏 1 列", "what is not shown is said"
    usual = next(one for one in page.kept.popover.findChildren(QPushButton) if one.text() == "恢复默认")
    QTest.mouseClick(usual, Qt.MouseButton.LeftButton)
    assert "ethnicity" in page.table.columns_shown() and boxes["民族"].isChecked()
    assert not page._columns_button.words()


def test_an_own_order_outlives_a_narrow_window(full: Path, opened: Open) -> None:
    """In a narrow window the alarm stands first, unless the clerk has put the columns in order himself."""
    window = opened(full, 1280, 800)
    page = roster(window)
    assert page.table.columns_shown()[3] == "contract_end"
    head = page.table.view.head
    drag(
        head,
        QPoint(head.sectionViewportPosition(3) + 40, 10),
        QPoint(head.sectionViewportPosition(2) + 5, 10),
    )
    own = page.table.columns_shown()
    window.resize(1500, 800)
    settle(window, quiet_ms=60)
    assert page.table.columns_shown() == own


def test_what_narrows_a_month_is_always_in_sight(full: Path, opened: Open) -> None:
    window = opened(full)
    window.go("assessment")
    settle(window, quiet_ms=60)
    page = window.page
    everybody = page.grid.table.model.rowCount()
    assert page.grid.filters.isHidden()
    window.command("find")
    assert page.grid.filters.isVisible()
    page.grid.filters.finder.insert(page.grid.table.model.values(0).name)
    page.grid.filters.finder.textEdited.emit(page.grid.filters.finder.text())
    settle(window, quiet_ms=60)
    assert 0 < page.grid.table.model.rowCount() < everybody
    page.grid.table.view.setFocus()
    assert page.grid.filters.isVisible()
    QTest.mouseClick(page.grid.filters._clear, Qt.MouseButton.LeftButton)
    settle(window, quiet_ms=60)
    assert page.grid.table.model.rowCount() == everybody
