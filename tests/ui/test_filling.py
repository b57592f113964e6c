"""A form of a superior office in the window: dropped, understood, corrected, filled and opened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest

from db.enums import Role
from gridoffice import history
from gridoffice.accounts.keeping import add_account
from gridoffice.listing import Ask
from gridoffice.workers.listing import WORKERS
from tests.offices import workbook
from tests.ui.test_mapping_table import pick
from ui import dialogs
from ui.app import settle
from ui.main_window import MainWindow
from ui.pages.filling import FillingPage
from ui.widgets.parts import Label

Open = Callable[..., MainWindow]
HEADS = ("序号", "社区", "姓名", "年龄", "身份证号", "分工", "车牌号")


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    return workbook(tmp_path / "县里的表.xlsx", HEADS, [], above=1)


def shown(window: MainWindow, file: Path) -> FillingPage:
    window.go("fill")
    page = window.page
    page.take_form(file)
    settle(window, quiet_ms=200)
    return page


def notes(page: FillingPage) -> str:
    return "".join(part.whole() for part in page.notes.findChildren(Label) if part.isVisible())


def place(page: FillingPage, heading: str) -> int:
    return next(at for at, line in enumerate(page.table.lines) if line.heading == heading)


def lines(file: Path) -> list[list[Any]]:
    book = openpyxl.load_workbook(file)
    found = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=3)]
    book.close()
    return found


def saved_to(monkeypatch: pytest.MonkeyPatch, target: Path) -> list[Path]:
    """Whoever asks where to save is told this file; what was proposed is kept."""
    proposed: list[Path] = []

    def answer(_parent: object, _title: str, proposal: Path, _kinds: str) -> Path:
        proposed.append(proposal)
        return target

    monkeypatch.setattr(dialogs, "save_file", answer)
    return proposed


def test_a_form_is_dropped_understood_and_filled(
    full: Path, opened: Open, blank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(full)
    window.go("fill")
    page = window.page
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(blank))])
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    page.dropEvent(QDropEvent(QPoint(300, 300), action, data, button, Qt.KeyboardModifier.NoModifier))
    settle(window, quiet_ms=200)
    people = len(window.office.read(WORKERS.ids, Ask()))
    assert page.seen is not None and page.seen.count == people
    assert "这张表有 6 列，认得 4 列。不认识的列留空：分工、车牌号。" in notes(page)
    assert page.save_button.words() == f"保存填好的表（{people} 人）"
    number = page.table.lines[place(page, "身份证号")]
    assert "*" in number.samples[0], "masked on screen"
    target = tmp_path / "填好.xlsx"
    proposed = saved_to(monkeypatch, target)
    window.command("save")
    settle(window, quiet_ms=200)
    assert proposed == [blank.with_name("县里的表（已填）.xlsx")], "beside the form, never over it"
    filled = lines(target)
    assert len(filled) == people
    assert "*" in filled[0][4] and filled[0][6] is None
    assert f"已填 {people} 行" in notes(page) and "留空的栏目：分工、车牌号。" in notes(page)
    visited: list[str] = []
    monkeypatch.setattr(
        "ui.pages.filling.QDesktopServices.openUrl", lambda url: visited.append(url.toLocalFile())
    )
    for one in page.notes.findChildren(type(page.save_button)):
        QTest.mouseClick(one, button)
    assert [Path(one) for one in visited] == [target, tmp_path]


def test_what_the_clerk_corrects_is_shown_and_kept(
    full: Path, opened: Open, blank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(full)
    page = shown(window, blank)
    at = place(page, "分工")
    assert page.table.choices[at].hasFocus(), "what nobody knows is where the keyboard is"
    pick(page.table, at, "职务")
    settle(window, quiet_ms=200)
    first = window.office.read(WORKERS.rows, window.office.read(WORKERS.ids, Ask())[:1])[0]
    assert page.table.lines[at].samples == (first.title,), "what would be written is seen at once"
    assert window.focusWidget() is page.table.choices[at]
    assert "认得 5 列" in notes(page)
    target = tmp_path / "填好.xlsx"
    saved_to(monkeypatch, target)
    page.options.days.setCurrentIndex(3)
    window.command("save")
    settle(window, quiet_ms=200)
    assert lines(target)[0][5] == first.title
    again = shown(window, blank)
    assert again.table.field_of(at) == "title"
    assert again.table.lines[at].how == "remembered"
    assert again.options.days.currentIndex() == 3, "and how the form wants its days"


def test_scope_day_and_ledger_are_followed(full: Path, opened: Open, tmp_path: Path) -> None:
    window = opened(full)
    page = shown(window, workbook(tmp_path / "统计.xlsx", ("社区", "网格数", "户数"), [], above=1))
    assert page.options.key() == "grids"
    root = window.scope.model.index(0, 0)
    assert page.seen is not None and page.seen.count == window.scope.model.rowCount(root)
    assert not page.options.level_box.isHidden()
    page.options.level.setCurrentIndex(page.options.level.findText("一般网格"))
    page.options.level.activated.emit(page.options.level.currentIndex())
    settle(window, quiet_ms=200)
    grids = page.seen.count
    assert grids > window.scope.model.rowCount(root)
    window.scope.tree._pick(window.scope.model.index(0, 0, root))
    settle(window, quiet_ms=200)
    assert 0 < page.seen.count < grids
    assert window.scope_name in page._first.text()
    page.options.day.setText("2026年13月1日")
    page.options.day.editingFinished.emit()
    assert not page.options.wrong_day.isHidden()
    page.options.day.setText("2020年1月1日")
    page.options.day.editingFinished.emit()
    settle(window, quiet_ms=200)
    assert page.options.wrong_day.isHidden()
    assert "2020-01-01" in window.status.facts()[0]
    window.look_at(date(2024, 5, 31))
    settle(window, quiet_ms=200)
    assert page.options.day.text() == "2024-05-31"
    assert "2024-05-31" in window.status.facts()[0]


def test_one_person_alone(full: Path, opened: Open, blank: Path) -> None:
    window = opened(full)
    page = shown(window, blank)
    assert page.seen is not None
    name = next(line.samples[0] for line in page.table.lines if line.heading == "姓名")
    every = page.seen.count
    for words, least, most in ((name, 1, every - 1), ("没有这个人", 0, 0), ("", every, every)):
        page.options.search.setText(words)
        page.options.search.editingFinished.emit()
        settle(window, quiet_ms=200)
        assert least <= page.seen.count <= most
        assert page.save_button.isEnabled() is bool(page.seen.count)
        assert page.save_button.toolTip()


def test_another_ledger_is_tried_and_left(full: Path, opened: Open, blank: Path) -> None:
    window = opened(full)
    page = shown(window, blank)
    at = place(page, "分工")
    pick(page.table, at, "职务")
    settle(window, quiet_ms=200)
    for key, kept in (("party-members", "party-members"), ("grids", "party-members"), ("workers", "workers")):
        page.options.ledger.setCurrentIndex(page.options.ledger.findData(key))
        page.options.ledger.activated.emit(page.options.ledger.currentIndex())
        settle(window, quiet_ms=200)
        assert page.seen is not None and page.seen.ledger == page.options.key() == kept
        assert ("没找到要填的栏目" in notes(page)) is (key != kept)
        assert page.options.level_box.isHidden()
    assert page.table.field_of(at) == "title", "what was corrected for a ledger is still there"


def test_full_numbers_need_a_reason(
    full: Path, opened: Open, blank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(full)
    page = shown(window, blank)
    page.options.whole.setChecked(True)
    window.command("save")  # nobody would answer a dialog here
    assert page.options.wrong_reason.text() == "要带完整的证件号和电话，先写明用途。"
    assert page.options.reason.hasFocus()
    page.options.reason.setText("区里核对")
    target = tmp_path / "填好.xlsx"
    saved_to(monkeypatch, target)
    window.command("save")
    settle(window, quiet_ms=200)
    assert "*" not in lines(target)[0][4]
    assert "区里核对" in window.office.read(history.journal, 1)[0].title


def test_what_is_wrong_is_said_in_its_place(
    full: Path, opened: Open, blank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(full)
    page = shown(window, workbook(tmp_path / "车辆.xlsx", ("车牌号", "排量"), [("川A", "1.5")]))
    assert page.seen is None and page.start.isVisible()
    assert any("“车辆.xlsx”里没找到要填的栏目" in part.whole() for part in page.refused.findChildren(Label))
    page = shown(window, blank)
    saved_to(monkeypatch, tmp_path / "没有这个文件夹" / "x.xlsx")
    window.command("save")
    settle(window, quiet_ms=200)
    assert "没有这个文件夹" in notes(page)
    assert page.seen is not None, "the form stays"
    window.command("close")
    assert page.start.isVisible() and page.side is None


def test_an_account_that_may_only_look_fills_masked(full: Path, opened: Open, blank: Path) -> None:
    window = opened(full)
    window.office.write(add_account, "看看", "看看", Role.READER)
    page = shown(opened(full, account="看看"), blank)
    assert not page.options.whole.isEnabled()
    assert page.options.whole.toolTip()
    assert page.save_button.isEnabled()
