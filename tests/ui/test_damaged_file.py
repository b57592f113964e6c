"""A file that is damaged while it is open: the window says so in a sentence, with the way to the backups, and goes on
showing what can be read."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.seen import click, words_in
from ui.app import settle
from ui.main_window import MainWindow

Open = Callable[..., MainWindow]
SOON_MS = 60_000
"""The worker looks through the whole file."""


def first_line(window: MainWindow, key: str) -> int:
    window.go(key)
    settle(window, quiet_ms=60)
    return window.page.table.model.ids[0]


@pytest.mark.logs("is not a valid Education")
def test_a_value_that_no_program_of_ours_wrote(full: Path, opened: Open, qtbot) -> None:
    window = opened(full)
    number = first_line(window, "workers")
    with closing(sqlite3.connect(full)) as beside:
        beside.execute("PRAGMA ignore_check_constraints = ON")
        (person,) = beside.execute("SELECT person_id FROM post WHERE id = ?", (number,)).fetchone()
        beside.execute("UPDATE person SET education = 'nobody knows' WHERE id = ?", (person,))
        beside.commit()
    window.page._open(number)
    qtbot.waitUntil(lambda: "已损坏，用备份恢复" in words_in(window.banner), timeout=SOON_MS)
    assert full.name in words_in(window.banner)
    assert QApplication.activeModalWidget() is None, "no dialog: support can do nothing about it"
    click(window.banner, "去备份")
    settle(window, quiet_ms=60)
    assert window.page.key == "backups"
    assert first_line(window, "grids")
    window.page._open(window.page.table.model.ids[0])
    settle(window, quiet_ms=60)
    assert window.page.side is window.page.drawer, "everything else goes on"


def test_pages_of_the_file_that_make_no_sense(full: Path, opened: Open) -> None:
    with closing(sqlite3.connect(full)) as beside:
        (size,) = beside.execute("PRAGMA page_size").fetchone()
        (root,) = beside.execute("SELECT rootpage FROM sqlite_master WHERE name = 'draft'").fetchone()
    with full.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\x07" * size)
    window = opened(full)
    window.go("drafts")
    settle(window, quiet_ms=200)
    assert "已损坏" in words_in(window.banner) and "用备份恢复" in words_in(window.banner)
    assert first_line(window, "grids"), "the next page is shown"
