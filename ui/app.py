"""Opening the desktop on an office."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QLocale, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

import resources
from gridoffice import settings
from gridoffice.entering import Entered, leave
from gridoffice.errors import OfficeError
from gridoffice.establish import establish
from gridoffice.file_password import Resealed
from gridoffice.office import Office
from gridoffice.unlocking import know
from ui import dialogs, style  # noqa: F401 - style dresses the application whenever the look changes
from ui.between import Chore, carry_out
from ui.connecting import another_way
from ui.instance import Instance, remember_for_jump_list
from ui.newer import look_quietly
from ui.sign_in import come_in
from ui.tasks import TaskRunner
from ui.theme import SIZES, Theme, look

if TYPE_CHECKING:
    from ui.main_window import MainWindow

WINDOW = (1440, 900)
BUG = 3
"""The exit status of a bug, as on the command line."""
PACKAGE = ".gridpack"
"""How the file of a 上报包 ends."""
QUIET_MS = 20_000
"""After so long the start is over, and a newer version may be looked for."""
WARM = (
    "ui.review_jobs",
    "gridoffice.exports",
    "gridoffice.assessment.service",
    "ui.paper_jobs",
    "ui.paper_jobs:make_ready",
)
"""What the worker process imports, or does, before it is needed."""


Closed = tuple[int, str | None, Chore | None]
"""How a window ended: the exit status, which office is opened next, and what is done with this one before."""


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
    made.setWindowIcon(QIcon(str(resources.path("program", "icon.svg"))))
    return made


def remembered_look() -> tuple[Theme, float]:
    """The theme and size this computer used last."""
    theme, scale = settings.recall("theme"), settings.recall("scale")
    return (
        Theme(theme) if theme in list(Theme) else Theme.LIGHT,
        float(scale) if scale in SIZES else SIZES[0],
    )


def open_office(database: str | None, account: str | None = None) -> Entered | None:
    """The office named, else the one last opened here, else one in the user's own folder, founded if
    there is none yet. Where somebody sits, they are asked before another takes the place of the one
    last opened, and for their password where the office asks for one; None: they went away then.

    Raises `OfficeError` when it cannot be opened.
    """
    if database is not None:
        return come_in(database, account, somebody_sits())
    last, own = settings.last_database(), settings.data_folder() / "office.db"
    if last is not None and ("://" in last or Path(last).exists() or not _instead_of(last)):
        return come_in(last, account, somebody_sits())
    if not own.exists():
        establish(own).close()
    return come_in(str(own), account, somebody_sits())


def _instead_of(last: str) -> bool:
    """Whether to go on without the office last opened, which is not where it was."""
    return somebody_sits() and dialogs.decide(
        None,
        "上次的资料库不在原处",
        f"“{last}”找不到了。接好存放它的硬盘再打开，或者先用本机自己的资料库。",
        "用本机资料库",
        "先不打开",
    )


def somebody_sits() -> bool:
    """Whether there is a screen on which a question would be seen."""
    return QGuiApplication.instance() is not None and QGuiApplication.platformName() != "offscreen"


def remember_office(office: Office) -> None:
    """Open this one next time; an address with a password in it is not written down."""
    if office.store.file is not None:
        settings.remember("database", str(office.store.file.resolve()))
    elif not office.store.url.password:
        settings.remember("database", office.store.address)


def run(
    database: str | None = None,
    account: str | None = None,
    screenshots: Path | None = None,
    file: Path | None = None,
) -> int:
    """Open the window on an office and stay until it is closed; answers the exit status.

    Without `database` it is the office last opened on this computer, or a new one. With `screenshots`
    every page is opened, saved there as a PNG at 1440×900, and the program ends; nothing asks. `file` is
    what was double-clicked: an office, or a package for the office last opened. Where a window shows this
    office already, that one comes to the front. Raises `OfficeError` when the office cannot be opened,
    having said so in a box where somebody sits.
    """
    app = application()
    if file is not None and file.suffix.lower() != PACKAGE:
        database, file = str(file), None
    theme, scale = remembered_look() if screenshots is None else (Theme.LIGHT, SIZES[0])
    look.start(theme, scale)
    said = ""
    while True:
        status, following, chore = _one_window(app, database, account, screenshots, file, said)
        if following is None:
            return status
        database, account, file = following, None, None
        said = _carried_out(chore)


def _carried_out(chore: Chore | None) -> str:
    """Do what had to wait for the window to close; what the next one says of it."""
    done = None if chore is None else carry_out(chore)
    if not isinstance(done, Resealed):
        return ""
    if done.key is not None:
        know(done.key)
    return done.in_words()


def _one_window(
    app: QApplication,
    database: str | None,
    account: str | None,
    screenshots: Path | None,
    file: Path | None,
    said: str,
) -> Closed:
    """The window on one office, from opening it to closing; `said` is what it says first."""
    instance = Instance(_name(database)) if screenshots is None and somebody_sits() else None
    if instance is not None and not instance.first:
        instance.hand_over(str(file.resolve()) if file is not None else "")
        return 0, None, None
    try:
        return _shown(app, database, account, screenshots, file, instance, said)
    finally:
        if instance is not None:
            instance.close()


def _name(database: str | None) -> str:
    """By what two starts know that they mean the same office."""
    named = database or settings.last_database() or str(settings.data_folder() / "office.db")
    return named if "://" in named else str(Path(named).resolve())


def _shown(
    app: QApplication,
    database: str | None,
    account: str | None,
    screenshots: Path | None,
    file: Path | None,
    instance: Instance | None,
    said: str,
) -> Closed:
    try:
        entered = open_office(database, account)
    except OfficeError as error:
        if screenshots is not None or not somebody_sits():
            raise
        entered = another_way(database, error, lambda other: open_office(other, account))
    if entered is None:
        return 0, None, None
    office = entered.office
    if screenshots is None:
        remember_office(office)
        if office.store.file is not None:
            remember_for_jump_list(office.store.file.resolve())
    from ui.main_window import MainWindow
    from ui.pages import pages_of

    runner, pages = TaskRunner(WARM), pages_of(office.who)
    window = MainWindow(office, runner, pages)
    try:
        window.resize(*WINDOW)
        window.go(pages[0].key)
        window.show()
        QTimer.singleShot(0, window.start)
        if instance is not None:
            instance.called.connect(partial(receive, window))
            QTimer.singleShot(QUIET_MS, partial(look_quietly, window))
        if file is not None:
            QTimer.singleShot(0, partial(receive, window, str(file)))
        if entered.before is not None:
            QTimer.singleShot(0, partial(window.welcome, entered.before))
        if screenshots is not None:
            return take_screenshots(window, screenshots), None, None
        if said:
            QTimer.singleShot(0, partial(window.say, said, False))
        return app.exec(), window.next_office, window.chore
    finally:
        runner.close()
        if entered.before is not None:
            leave(office)
        office.close()


def receive(window: MainWindow, file: str) -> None:
    """Come to the front, and show what was double-clicked."""
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.raise_()
    window.activateWindow()
    if file and any(page.key == "packages" for page in window.page_types):
        window.go("packages", file=file)


def take_screenshots(window, folder: Path) -> int:
    """Every page as `01-home.png` …, once it has what it asked for. Answers the exit status: not 0
    when a page met a bug (its number is in the log)."""
    folder.mkdir(parents=True, exist_ok=True)
    window.unattended = True
    settle(window)
    for place, page in enumerate(window.page_types):
        window.go(page.key)
        settle(window, quiet_ms=400)  # charts are drawn one a turn
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
