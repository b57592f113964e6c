"""Offices and windows for the tests of the screen."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from datetime import date
from multiprocessing.context import BaseContext
from pathlib import Path
from types import SimpleNamespace

import pytest
import shiboken6
from PySide6.QtCore import QObject

from gridoffice import settings
from gridoffice.demo import Size, make
from gridoffice.demo.bulk import fill, fill_values
from gridoffice.demo.indicators import indicators
from gridoffice.demo.values import indicator_values
from gridoffice.establish import establish
from gridoffice.office import Office
from tests.offices import Copies
from ui import dialogs, tasks
from ui.app import WARM, settle
from ui.main_window import MainWindow
from ui.pages import PAGES
from ui.tasks import Fault, TaskRunner
from ui.theme import SIZES, Theme, look


@pytest.fixture(autouse=True)
def nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault is a failed test, never a dialog that waits for somebody."""

    def told(_parent: object, fault: Fault) -> None:
        raise AssertionError(fault.detail)

    def asked(*_: object) -> bool:
        raise AssertionError("a dialog opened that nobody answers")

    monkeypatch.setattr(dialogs, "tell_fault", told)
    for name in ("decide", "open_file", "open_folder", "save_file", "read_texts"):
        monkeypatch.setattr(dialogs, name, asked)


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """What one test left on this computer (columns, size) is not there in the next."""
    (settings.data_folder() / "window.json").unlink(missing_ok=True)


@pytest.fixture(scope="session")
def forks() -> BaseContext:
    """Where worker processes are forked from one that has imported what they need; it ends with this one.
    Windows knows no forks: there each starts from nothing."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["ui.worker", "ui.jobs", *(name for name in WARM if ":" not in name)])
    return context


@pytest.fixture(autouse=True)
def worker_at_hand(forks: BaseContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every window has a worker process of its own, and waits for no imports of it. Tests of how a worker
    starts have a fixture of this name that leaves it as it is in the program."""
    monkeypatch.setattr(tasks, "multiprocessing", SimpleNamespace(get_context=lambda _: forks))


@pytest.fixture(scope="session")
def full_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A street office with people, grids and one computed month in which five have gaps."""
    from gridoffice.assessment.month import month_facts
    from gridoffice.assessment.service import compute, open_month

    file = tmp_path_factory.mktemp("full") / "office.db"
    made = make(Size.STREET, date.today())
    office = establish(file, name=made.name, organisation=made.organisation)
    fill(office, made)
    first = made.months[-1]
    period = f"{first:%Y-%m}"
    office.write(open_month, period)
    columns = indicators(office.read(month_facts, period).scheme)
    values = {worker.id_number: row for worker, row in indicator_values(made, columns, first)}
    office.write(fill_values, period, dict(list(values.items())[:-5]))
    office.write(compute, period)
    office.close()
    return file


def copied(file: Path, target: Path) -> Path:
    target.write_bytes(file.read_bytes())
    return target


@pytest.fixture
def full(full_file: Path, tmp_path: Path) -> Path:
    """The street office, for this test alone."""
    return copied(full_file, tmp_path / "full.db")


@pytest.fixture
def small(small_copies: Copies, tmp_path: Path) -> Path:
    """The small office, whose grids and people are known (`tests/offices.py`), for this test alone."""
    return copied(small_copies.file, tmp_path / "small.db")


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office just founded."""
    file = tmp_path_factory.mktemp("empty") / "office.db"
    establish(file, name="青禾街道网格办").close()
    return file


@pytest.fixture
def empty(empty_file: Path, tmp_path: Path) -> Path:
    """An office just founded, for this test alone."""
    return copied(empty_file, tmp_path / "empty.db")


@pytest.fixture
def opened(qapp: QObject) -> Iterator[Callable[..., MainWindow]]:
    """Opens the window on an office file, at a size, theme and scale; closes it after the test."""
    windows: list[MainWindow] = []

    def open_window(
        file: Path,
        width: int = 1440,
        height: int = 900,
        theme: Theme = Theme.LIGHT,
        scale: float = SIZES[0],
        account: str | None = None,
    ) -> MainWindow:
        look.wear(theme, scale)
        window = MainWindow(Office.open(file, account), TaskRunner(), PAGES)
        windows.append(window)
        window.resize(width, height)
        window.go(PAGES[0].key)
        window.show()
        window.scope.reload()
        settle(window, quiet_ms=60)
        return window

    yield open_window
    for window in windows:
        window.close()
        window.office.close()
        shiboken6.delete(window)
    look.wear(Theme.LIGHT, SIZES[0])
