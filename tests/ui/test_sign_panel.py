"""公示牌 in the window: it asks for the phones once, shows the sheet, saves it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from gridoffice.documents.render import page_text
from gridoffice.grids.service import find
from gridoffice.listing import Ask
from gridoffice.overview.signs import sign_phones
from gridoffice.workers.listing import WORKERS
from ui import dialogs
from ui.app import settle
from ui.main_window import MainWindow
from ui.pages.sign_panel import SignPanel
from ui.widgets.parts import Button

Open = Callable[..., MainWindow]
GRID = "519921001001001"


@pytest.fixture
def panel(full: Path, opened: Open) -> tuple[MainWindow, SignPanel]:
    window = opened(full)
    grid = window.office.read(find, GRID)
    window.go("grids", show=grid)
    settle(window, quiet_ms=60)
    pressed = next(one for one in window.page.drawer.findChildren(Button) if one.words() == "公示牌")
    pressed.click()
    settle(window, quiet_ms=60)
    return window, window.page.side


def words(part) -> str:
    return "\n".join(one.text() for one in part.findChildren(QLabel))


def write(window: MainWindow, line, text: str) -> None:
    line.setText(text)
    line.editingFinished.emit()
    settle(window, quiet_ms=60)


def test_phones_are_asked_for_once_and_the_sheet_is_saved(panel, tmp_path: Path, monkeypatch) -> None:
    window, side = panel
    assert "办公电话和监督电话" in words(side.verdict) and side.pdf is None
    write(window, side.office, "0999-87654321")
    assert "监督电话" in words(side.verdict)
    write(window, side.supervision, "12345")
    assert side.pdf is not None and side.sheet.isVisible()
    target = tmp_path / "牌.pdf"
    monkeypatch.setattr(dialogs, "save_file", lambda *_: target)
    window.command("save")
    settle(window, quiet_ms=100)
    assert "0999-87654321" in page_text(target.read_bytes(), 0)
    window.command("close")
    assert window.page.side is window.page.drawer
    line = window.page.drawer
    next(one for one in line.findChildren(Button) if one.words() == "公示牌").click()
    settle(window, quiet_ms=60)
    assert window.page.side.office.text() == "0999-87654321" and window.page.side.pdf is not None
    window.undo()
    settle(window, quiet_ms=60)
    grid = window.office.read(find, GRID)
    assert window.office.read(sign_phones, grid).supervision is None


def test_nobodys_own_phone_is_taken(panel) -> None:
    window, side = panel
    ids = window.office.read(WORKERS.ids, Ask(limit=1))
    (person,) = window.office.read(WORKERS.rows, ids[:1])
    write(window, side.office, person.phone)
    assert f"“{person.name}”自己的电话" in words(side.verdict) and side.pdf is None


def test_the_page_of_documents_says_what_is_missing(full: Path, opened: Open) -> None:
    window = opened(full)
    window.go("documents", report="sign")
    settle(window, quiet_ms=60)
    page = window.page
    assert "办公电话" in page.blank.words() and page.pdf is None
    next(one for one in page.blank.findChildren(Button) if one.words() == "去网格台账").click()
    settle(window, quiet_ms=60)
    assert window.page.key == "grids"
