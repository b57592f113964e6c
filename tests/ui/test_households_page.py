"""联系户 in the window: entered with a caller found by typing, several given one, ended, the tree on paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from gridoffice.documents.render import page_text
from gridoffice.grids.service import find
from gridoffice.history import journal
from gridoffice.households.listing import HOUSEHOLDS
from gridoffice.households.service import save_household
from gridoffice.listing import Ask
from gridoffice.office import Office
from ui import dialogs
from ui.app import settle
from ui.main_window import MainWindow
from ui.widgets.parts import Button, Input

Open = Callable[..., MainWindow]
GRID = "519921001001001"


@pytest.fixture
def window(small: Path, opened: Open) -> MainWindow:
    office = Office.open(small)
    for name, phone in (("钱𫍯", "13900000001"), ("孙㐂", None)):
        grid = office.read(find, GRID)
        office.write(save_household, None, {"grid_id": grid, "name": name, "phone": phone, "people": 3})
    office.close()
    window = opened(small)
    window.go("households")
    settle(window, quiet_ms=60)
    return window


def words(part) -> str:
    return "\n".join(one.text() for one in part.findChildren(QLabel) if one.isVisibleTo(part))


def press(window: MainWindow, text: str) -> None:
    found = [one for one in window.page.side.findChildren(Button) if one.words() == text and one.isVisible()]
    found[0].click()
    settle(window, quiet_ms=60)


def name(window: MainWindow, picker, text: str) -> None:
    picker.line.setText(text)
    picker.line.textEdited.emit(text)
    settle(window, quiet_ms=300)
    QTest.keyClick(picker.line, Qt.Key.Key_Return)


def listed(window: MainWindow) -> list[tuple[str, str | None, str]]:
    ids = window.office.read(HOUSEHOLDS.ids, Ask())
    rows = window.office.read(HOUSEHOLDS.rows, ids)
    return sorted((one.name, one.caller, one.grid) for one in rows)


def test_chips_count_what_is_missing(window) -> None:
    chips = [one.words() for one in window.page.filters.findChildren(Button) if one.isVisible()]
    assert chips[:2] == ["没有呼叫人 2", "没有电话 1"]
    assert "共 2 户、6 人" in window.page.head_facts.whole()
    next(one for one in window.page.filters.findChildren(Button) if one.words() == "没有电话 1").click()
    settle(window, quiet_ms=60)
    assert len(window.page.table.model.ids) == 1 and "筛出 1 户" in window.page.head_facts.whole()


def test_a_household_is_entered_and_changed(window) -> None:
    window.scope.choose(window.office.read(find, GRID))
    settle(window, quiet_ms=60)
    window.command("new")
    form = window.page._editing
    form.fields["name"].input.setText("周大")
    form.fields["people"].input.setText("100")
    name(window, form.fields["caller_id"].input, "wang")
    window.command("save")
    settle(window, quiet_ms=60)
    assert "应在 1 到 99 之间" in words(window.page.side)
    form.fields["people"].input.setText("4")
    window.command("save")
    settle(window, quiet_ms=60)
    assert ("周大", "王𠮷𬭎", "梧桐·第一网格") in listed(window)
    window.command("edit")
    settle(window, quiet_ms=60)
    form = window.page._editing
    assert form.fields["caller_id"].input.line.text() == "王𠮷𬭎"
    form.fields["grid"].input.setText("梧桐·第二网格")
    form.fields["caller_id"].input.line.setText("")
    form.fields["caller_id"].input.line.textEdited.emit("")
    window.command("save")
    settle(window, quiet_ms=60)
    assert ("周大", None, "梧桐·第二网格") in listed(window)
    window.undo()
    settle(window, quiet_ms=60)
    assert ("周大", "王𠮷𬭎", "梧桐·第一网格") in listed(window)


def test_ticked_households_are_given_a_caller(window) -> None:
    page = window.page
    page._give_button.click()
    assert not page.side, "nothing is ticked"
    page.table.model.tick(page.table.model.ids)
    page._give_button.click()
    settle(window, quiet_ms=60)
    press(window, "指定 2 户")
    assert "还没选人" in words(page.side)
    name(window, page.side.picker, "李䶮")
    press(window, "指定 2 户")
    assert [one[1] for one in listed(window)] == ["李䶮", "李䶮"] and page.side is None
    page._tree_button.click()
    settle(window, quiet_ms=200)
    text = page_text(window.page.pdf, 0)
    assert "紧急联络呼叫树" in text and "钱𫍯" in text and "139****0001" in text


def test_one_is_ended_another_removed(window) -> None:
    page = window.page
    page._open(page.table.model.ids[0])
    settle(window, quiet_ms=60)
    press(window, "停止联系")
    assert len(listed(window)) == 1
    page.table.model.tick(page.table.model.ids)
    window.command("leave")
    settle(window, quiet_ms=60)
    assert listed(window) == []
    window.undo()
    settle(window, quiet_ms=60)
    window.undo()
    settle(window, quiet_ms=60)
    assert len(listed(window)) == 2


def test_a_phone_is_looked_at_for_a_reason(window) -> None:
    page = window.page
    rows = window.office.read(HOUSEHOLDS.rows, list(page.table.model.ids))
    page._open(next(one.id for one in rows if one.phone))
    settle(window, quiet_ms=60)
    assert "139****0001" in words(page.side)
    window.command("reveal")
    page._why.findChildren(Input)[0].setText("防汛通知")
    page._why.findChildren(Input)[0].returnPressed.emit()
    settle(window, quiet_ms=60)
    assert "13900000001" in words(page.side)
    assert "防汛通知" in window.office.read(journal)[0].title
    page._masked.timeout.emit()
    settle(window, quiet_ms=60)
    assert "13900000001" not in words(page.side)


def test_the_tree_is_written_whole_for_a_reason_only(window, tmp_path: Path, monkeypatch) -> None:
    window.go("documents", report="contacts")
    settle(window, quiet_ms=200)
    page = window.page
    assert page.fields.whole_box.isVisible() and "13900000001" not in page_text(page.pdf, 0)
    page.fields.whole.setChecked(True)
    settle(window, quiet_ms=200)
    assert "13900000001" not in page_text(page.pdf, 0), "no reason yet"
    page.fields.reason.setText("防汛值班")
    page.fields.reason.editingFinished.emit()
    settle(window, quiet_ms=300)
    assert "13900000001" in page_text(page.pdf, 0)
    assert "防汛值班" in window.office.read(journal)[0].title
    target = tmp_path / "树.xlsx"
    monkeypatch.setattr(dialogs, "save_file", lambda *_: target)
    window.command("export")
    settle(window, quiet_ms=300)
    book: Any = openpyxl.load_workbook(target)
    cells = [cell for line in book.active.values for cell in line]
    assert "13900000001" in cells and "钱𫍯" in cells
    page.fields.choose("grids")
    page._wanted()
    settle(window, quiet_ms=200)
    assert not page.fields.whole_box.isVisible()
    page.fields.choose("contacts")
    page._wanted()
    settle(window, quiet_ms=200)
    assert "13900000001" not in page_text(page.pdf, 0), "each paper asks anew"
