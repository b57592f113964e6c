"""Searches for unreachable cycles begin in the window's thread only."""

from __future__ import annotations

import gc
import threading

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from ui.tasks import TaskRunner


class Knot:
    """Something that only a search frees; it tells in which thread."""

    freed_in: list[int] = []  # noqa: RUF012 - told after the object is gone

    def __init__(self) -> None:
        self.me = self

    def __del__(self) -> None:
        Knot.freed_in.append(threading.get_ident())


def _many_objects() -> int:
    """A knot, and enough after it for several searches of every generation."""
    Knot()
    return sum(len([[] for _ in range(1000)]) for _ in range(300))


def test_what_a_thread_allocates_ends_no_widget_there(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.garbage.EVERY_MS", 20)
    asker = QObject()
    runner = TaskRunner()
    try:
        Knot.freed_in.clear()
        answers: list[int] = []
        runner.ask(asker, _many_objects, on_done=answers.append)
        qtbot.waitUntil(lambda: bool(answers))
        assert answers == [300_000]
        kept = [[] for _ in range(5 * gc.get_threshold()[0])]
        qtbot.waitUntil(lambda: bool(Knot.freed_in))
        assert Knot.freed_in == [threading.get_ident()]
        assert kept
    finally:
        runner.close()


def test_two_windows_and_none(qtbot: QtBot) -> None:
    assert gc.isenabled()
    one, other = TaskRunner(), TaskRunner()
    one.close()
    assert not gc.isenabled()
    other.close()
    assert gc.isenabled()
