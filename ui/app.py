"""Opening the desktop on an office."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QEventLoop, QLocale, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from gridoffice import settings
from gridoffice.office import Office
from ui.tasks import TaskRunner
from ui.theme import SIZES, Theme, look

WINDOW = (1440, 900)
BUG = 3
"""The exit status of a bug, as on the command line."""
WARM = ("gridoffice.ledgers", "gridoffice.assessment.service")
"""What the worker process imports before it is needed."""


def application() -> QApplication:
    """The one application; without a display on Linux it paints off screen."""
    found = QApplication.instance()
    if isinstance(found, QApplication):
        return found
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    made = QApplication(sys.argv[:1])
    made.setApplicationName("gridoffice")
    made.setApplicationDisplayName("网格办")
    return made


def remembered_look() -> tuple[Theme, float]:
    """The theme and size this computer used last."""
    theme, scale = settings.recall("theme"), settings.recall("scale")
    return (
        Theme(theme) if theme in set(Theme) else Theme.LIGHT,
        float(scale) if scale in SIZES else SIZES[0],
    )


def run(database_url: str, account: str | None = None, screenshots: Path | None = None) -> int:
    """Open the window on an office and stay until it is closed; answers the exit status.

    With `screenshots` every page is opened, saved there as a PNG at 1440×900, and the program ends;
    nothing asks. Raises `OfficeError` when the office cannot be opened.
    """
    app = application()
    theme, scale = remembered_look() if screenshots is None else (Theme.LIGHT, SIZES[0])
    look.start(theme, scale)
    office = Office.open(database_url, account)
    from ui.main_window import MainWindow
    from ui.pages import PAGES

    runner = TaskRunner(WARM)
    window = MainWindow(office, runner, PAGES)
    try:
        window.resize(*WINDOW)
        window.go(PAGES[0].key)
        window.show()
        QTimer.singleShot(0, window.start)
        if screenshots is not None:
            return take_screenshots(window, screenshots)
        return app.exec()
    finally:
        runner.close()
        office.close()


def take_screenshots(window, folder: Path) -> int:
    """Every page as `01-home.png` …, once it has what it asked for. Answers the exit status: not 0
    when a page met a bug (its number is in the log)."""
    folder.mkdir(parents=True, exist_ok=True)
    window.unattended = True
    settle(window)
    for place, page in enumerate(window.page_types):
        window.go(page.key)
        settle(window)
        window.grab().save(str(folder / f"{place + 1:02}-{page.key}.png"))
    return BUG if window.faults else 0


def settle(window, quiet_ms: int = 120, at_most_ms: int = 20_000) -> None:
    """Let the event loop run until nothing has been asked or worked on for a moment."""
    loop = QEventLoop()
    waited = 0

    def look_again() -> None:
        nonlocal waited, quiet
        waited += 20
        quiet = 0 if window.runner.waiting else quiet + 20
        if quiet >= quiet_ms or waited >= at_most_ms:
            loop.quit()

    quiet = 0
    timer = QTimer()
    timer.timeout.connect(look_again)
    timer.start(20)
    loop.exec()
