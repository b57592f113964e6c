"""What leaves the window: workbooks of what is on screen, of all, of what is chosen; the clipboard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from db.enums import Sex
from gridoffice.history import journal
from gridoffice.workers.listing import WORKERS
from ui import dialogs
from ui.app import settle
from ui.main_window import MainWindow
from ui.widgets.export_panel import Rows
from ui.widgets.popover import Popover

Open = Callable[..., MainWindow]


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "导出.xlsx"
    monkeypatch.setattr(dialogs, "save_file", lambda *_: file)
    return file


def page_of(window: MainWindow, key: str):
    window.go(key)
    settle(window, quiet_ms=60)
    return window.page


def asked(window: MainWindow):
    """The panel that Ctrl+E opens."""
    window.command("export")
    settle(window, quiet_ms=60)
    panel = window.page.exporting.panel
    assert panel is not None and panel.isVisible()
    return panel


def sheet(file: Path) -> list[list[Any]]:
    """Heading and rows of an exported workbook, without title, facts and signature."""
    rows = [list(row) for row in openpyxl.load_workbook(file).worksheets[0].iter_rows(values_only=True)]
    start = next(place for place, row in enumerate(rows) if sum(cell is not None for cell in row) > 3)
    assert rows[start][0] == "序号"
    return [row[1:] for row in rows[start:] if row[0] == "序号" or str(row[0]).isdigit()]


def test_what_is_on_screen_leaves_as_it_stands(full: Path, target: Path, opened: Open) -> None:
    """Filter, sort, hidden columns and their order; ID numbers stay masked."""
    window = opened(full)
    page = page_of(window, "workers")
    everybody = page.table.model.rowCount()
    page.kept.show_column("phone", False)
    head = page.table.view.head
    head.moveSection(head.visualIndex(3), 2)
    head.arranged.emit(set())
    page.table.show_what(sort="name", descending=True)
    page.table.filter_by("sex", (Sex.FEMALE,))
    settle(window, quiet_ms=60)
    shown = page.table.model.rowCount()
    assert 0 < shown < everybody
    panel = asked(window)
    columns = len(WORKERS.columns)
    assert panel.rows[Rows.SHOWN].text() == f"屏幕上的（{shown} 人，{columns - 1} 列）"
    assert panel.rows[Rows.ALL].text() == f"全部（{everybody} 人，{columns} 列）"
    assert not panel.rows[Rows.CHOSEN].isEnabled()
    panel._take()
    settle(window, quiet_ms=60)
    heading, *rows = sheet(target)
    assert heading[:3] == ["姓名", "所属网格", "职务"] and "联系电话" not in heading
    names = [window.office.read(WORKERS.rows, [number])[0].name for number in page.table.model.ids]
    assert [row[0] for row in rows] == names
    assert all("*" in str(row[heading.index("身份证号码")]) for row in rows if row[3])
    assert window.toast.words() == f"已导出 {shown} 人到“{target.name}”，身份证号码和住址是遮住的。"
    assert not window.findChildren(Popover) or not panel.isVisible()


def test_all_of_it_leaves_past_the_filter(full: Path, target: Path, opened: Open) -> None:
    window = opened(full)
    page = page_of(window, "grids")
    every = page.table.model.rowCount()
    page.table.show_what(search="第一网格")
    settle(window, quiet_ms=60)
    assert 0 < page.table.model.rowCount() < every
    panel = asked(window)
    panel.rows[Rows.ALL].setChecked(True)
    panel._take()
    settle(window, quiet_ms=60)
    assert len(sheet(target)) == every + 1
    assert window.toast.words() == f"已导出 {every} 个网格到“{target.name}”。"


def test_what_is_chosen_leaves_whole_only_with_a_reason(full: Path, target: Path, opened: Open) -> None:
    window = opened(full)
    page = page_of(window, "workers")
    page.table.view.go(0)
    QTest.keyClick(page.table.view, Qt.Key.Key_Space)
    page.table.model.tick(page.table.model.ids[3:5])
    chosen = window.office.read(WORKERS.rows, list(page.table.model.ticked_ids()))
    panel = asked(window)
    assert panel.rows[Rows.CHOSEN].isChecked() and "3 人" in panel.rows[Rows.CHOSEN].text()
    panel.whole.setChecked(True)
    panel._take()
    assert "先写明用途" in panel._wrong.whole() and not target.exists()
    panel.reason.setText("报区里备案")
    panel._take()
    settle(window, quiet_ms=60)
    heading, *rows = sheet(target)
    assert [(row[0], row[heading.index("身份证号码")]) for row in rows] == [
        (line.name, line.id_number) for line in chosen
    ]
    assert "报区里备案" in window.office.read(journal)[0].title
    assert "完整" in window.toast.words()


def test_a_month_leaves_as_points_and_as_raw_values(full: Path, target: Path, opened: Open) -> None:
    window = opened(full)
    page = page_of(window, "assessment")
    panel = asked(window)
    panel._take()
    settle(window, quiet_ms=60)
    heading, *rows = sheet(target)
    assert heading[:3] == ["排名", "姓名", "所属网格"] and len(rows) == page.grid.table.model.rowCount()
    page.grid.show_values(False)
    settle(window, quiet_ms=60)
    page.grid.table.view.setFocus()
    page.grid.table.view.go(0)
    for _ in range(2):
        QTest.keyClick(page.grid.table.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    panel = asked(window)
    assert panel.rows[Rows.CHOSEN].isChecked(), "three rows are chosen with Shift"
    panel._take()
    settle(window, quiet_ms=60)
    heading, *rows = sheet(target)
    assert (
        heading[:3] == ["排名", "姓名", "所属网格"] and [row[0] for row in rows] == ["1", "2", "3"]
    ) or rows


def test_every_chosen_row_is_copied_read_or_not(full: Path, opened: Open) -> None:
    """Rows that nobody has looked at yet are copied too, masked as they are shown."""
    window = opened(full)
    page = page_of(window, "workers")
    view = page.table.view
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    settle(window, quiet_ms=60)
    lines = QGuiApplication.clipboard().text().splitlines()
    ids = page.table.model.ids
    last = window.office.read(WORKERS.rows, [ids[-1]])[0]
    assert len(lines) == len(ids) + 1
    assert lines[-1].split("\t")[0] == last.name
    assert window.toast.words() == f"已复制 {len(ids)} 行，身份证号码、联系电话和住址是遮住的。"


def test_a_reader_may_not_have_it_whole(full: Path, opened: Open) -> None:
    from db.enums import Role
    from gridoffice.accounts.keeping import add_account
    from gridoffice.office import Office

    with_reader = Office.open(full)
    with_reader.write(add_account, "look", "查看员", Role.READER)
    with_reader.close()
    window = opened(full, account="look")
    page_of(window, "workers")
    panel = asked(window)
    assert not panel.whole.isEnabled() and "不能看完整的" in panel.whole.toolTip()
