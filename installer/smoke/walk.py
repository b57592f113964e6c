"""Inside the installed program: the page 更新 as a clerk walks through it, until the setup takes over.

GridOffice.exe -c "import runpy; runpy.run_path(r'C:\\walk.py')" --multiprocessing-fork FOLDER VERSION
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from gridoffice.__main__ import main
from ui.main_window import MainWindow

FOLDER, VERSION = sys.argv[2:4]
SHOTS = Path("C:/walk")
SHOTS.mkdir(exist_ok=True)


def shown(page: QWidget, text: str) -> list[QPushButton]:
    return [one for one in page.findChildren(QPushButton) if one.text().strip() == text and one.isVisible()]


def words(page: QWidget) -> str:
    return "\n".join(one.text() for one in page.findChildren(QLabel) if one.isVisible())


def photograph(widget: QWidget, name: str) -> None:
    widget.grab().save(str(SHOTS / f"{VERSION}-{name}.png"))


def steps(window: MainWindow) -> Iterator[Callable[[], object]]:
    """What is done, and after each step what has to be true before the next."""
    window.go("updates")
    page = window.page
    page.where.setText(FOLDER)  # type: ignore[attr-defined]
    shown(page, "检查更新")[0].click()
    yield lambda: shown(page, f"更新到 {VERSION}")
    (SHOTS / f"{VERSION}-words.txt").write_text(words(page), "utf-8")
    photograph(window, "1-found")
    shown(page, f"更新到 {VERSION}")[0].click()
    yield lambda: QApplication.activeModalWidget() is not None
    for box in filter(None, [QApplication.activeModalWidget()]):
        photograph(box, "2-asked")
        shown(box, "关上并更新")[0].click()


def walk(window: MainWindow) -> None:
    left = steps(window)
    waiting: list[Callable[[], object]] = [lambda: True]
    timer = QTimer(window)

    def turn() -> None:
        if waiting[0]():
            following = next(left, None)
            waiting[0] = following or (lambda: False)

    timer.timeout.connect(turn)
    timer.start(300)


begin = MainWindow.start


def start(self: MainWindow) -> None:
    begin(self)
    QTimer.singleShot(2000, lambda: walk(self))


MainWindow.start = start  # type: ignore[method-assign]
sys.exit(main(["desktop"]))
