"""Python's search for unreachable cycles, kept in the window's thread.

A search that happens to begin in another thread ends the widgets it finds there, and Qt does not
survive that. While a window may be open no search begins by itself; a timer of the window's thread
looks whether one is due.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

EVERY_MS = 1000


class GarbageWatch(QObject):
    """From its making to `end`, searches begin in this thread only. Several may live at once."""

    _living = 0

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        GarbageWatch._living += 1
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(search_if_due)
        self._timer.start(EVERY_MS)

    def end(self) -> None:
        """Once; Python searches by itself again when no other watch lives."""
        if isValid(self._timer):
            self._timer.stop()
        GarbageWatch._living -= 1
        if not GarbageWatch._living:
            gc.enable()


def search_if_due() -> None:
    """As Python itself would: the oldest generation whose count is over its threshold."""
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > gc.get_threshold()[generation]:
            gc.collect(generation)
            return
