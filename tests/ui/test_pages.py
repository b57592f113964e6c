"""Every page opens, empty and full, in every theme and size, and cuts no words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QLabel, QPushButton, QTableView, QTreeView, QWidget

from ui.app import settle
from ui.main_window import MainWindow
from ui.pages import PAGES
from ui.theme import Theme

KEYS = [page.key for page in PAGES]


def cut(window: MainWindow) -> list[str]:
    """Words on screen that have less room than they need, when every layout that waits has been done."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    found = []
    for part in window.findChildren(QWidget):
        if not part.isVisible() or not isinstance(part, QLabel | QPushButton) or not part.text():
            continue
        if isinstance(part, QLabel) and (part.wordWrap() or getattr(part, "_elide", False)):
            continue
        if part.sizeHint().width() > part.width() + 1:
            found.append(f"{part.text()!r} needs {part.sizeHint().width()}, has {part.width()}")
    return found


def nameless(window: MainWindow) -> list[str]:
    """Controls in sight of which a screen reader can say nothing."""
    return [
        type(part).__name__
        for part in window.findChildren(QWidget)
        if isinstance(part, QPushButton | QTableView | QTreeView)
        and part.isVisible()
        and not part.accessibleName()
        and not (isinstance(part, QPushButton) and part.text())
    ]


@pytest.mark.parametrize("key", KEYS)
def test_every_page_opens_empty(key: str, empty: Path, opened: Callable[..., MainWindow]) -> None:
    window = opened(empty)
    window.go(key)
    settle(window, quiet_ms=60)
    assert window.page.key == key
    assert window.page.main.findChildren(QLabel)[0].text() == window.page.title
    assert cut(window) == []


@pytest.mark.parametrize("key", KEYS)
def test_every_page_opens_full(key: str, full: Path, opened: Callable[..., MainWindow]) -> None:
    window = opened(full)
    window.go(key)
    settle(window, quiet_ms=60)
    assert cut(window) == []
    primary = [
        part
        for part in window.page.findChildren(QPushButton)
        if part.property("kind") == "primary" and part.isVisible()
    ]
    assert len(primary) <= 1, "one filled button a page"
    assert nameless(window) == []


@pytest.mark.parametrize(
    ("width", "height", "theme", "scale"),
    [
        (1280, 690, Theme.LIGHT, 1.0),
        (1440, 900, Theme.LIGHT, 1.25),
        (1440, 900, Theme.DARK, 1.0),
        (1440, 900, Theme.CONTRAST, 1.5),
        (1024, 640, Theme.LIGHT, 1.0),
    ],
)
def test_nothing_is_cut(
    width: int, height: int, theme: Theme, scale: float, full: Path, opened: Callable[..., MainWindow]
) -> None:
    window = opened(full, width, height, theme, scale)
    found = {}
    for key in KEYS:
        window.go(key)
        settle(window, quiet_ms=60)
        found[key] = cut(window)
    assert found == {key: [] for key in KEYS}


def test_theme_and_size_change_live(full: Path, opened: Callable[..., MainWindow]) -> None:
    window = opened(full)
    before = window.nav.width()
    window.larger()
    settle(window, quiet_ms=60)
    assert window.nav.width() > before
    window.next_theme()
    settle(window, quiet_ms=60)
    ground = window.grab().toImage().pixelColor(window.width() // 2, window.height() - 60)
    assert ground.lightness() < 80


def test_the_first_window_imports_nothing_heavy(tmp_path: Path, full: Path) -> None:
    import subprocess
    import sys

    script = (
        "import os, sys; os.environ['QT_QPA_PLATFORM']='offscreen'\n"
        "from ui.app import run\n"
        "from pathlib import Path\n"
        "import ui.app\n"
        "ui.app.take_screenshots = lambda window, folder: 0\n"
        f"run({str(full)!r}, None, Path({str(tmp_path)!r}))\n"
        "heavy = {'pandas', 'openpyxl', 'pyqtgraph', 'pypinyin', 'numpy'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_an_empty_office_leads_to_its_first_import(empty: Path, opened: Callable[..., MainWindow]) -> None:
    window = opened(empty)
    assert window.page._onward.words() == "导入网格台账"
    window.page._onward.click()
    settle(window, quiet_ms=60)
    assert window.page.key == "import" and window.page.start.key == "grids"
