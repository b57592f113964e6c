"""How long the window stands still: a heartbeat in its own event loop, for benchmarks and tests."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer

BEAT_MS = 2


class Heartbeat(QObject):
    """Beats every 2 ms and remembers the longest gap between two beats and the most that its thread
    worked between two, in milliseconds: the first holds what else the machine was busy with."""

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self.worst_ms = self.busiest_ms = 0.0
        self._last = self._worked = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        self.worst_ms = self.busiest_ms = 0.0
        self._last, self._worked = time.perf_counter(), time.thread_time()
        self._timer.start(BEAT_MS)

    def stop(self) -> float:
        """End it; the worst gap in milliseconds."""
        self._timer.stop()
        self._beat()
        return self.worst_ms

    def _beat(self) -> None:
        now, worked = time.perf_counter(), time.thread_time()
        self.worst_ms = max(self.worst_ms, (now - self._last) * 1000)
        self.busiest_ms = max(self.busiest_ms, (worked - self._worked) * 1000)
        self._last, self._worked = now, worked


def worst_gap_while(begin: Callable[[Callable[[], None]], None]) -> float:
    """Run an event loop until the work is over, and answer its worst standstill in milliseconds.

    `begin` starts the work and keeps the function it is given, to be called when the work is over.
    """
    loop = QEventLoop()
    beat = Heartbeat()
    beat.start()
    QTimer.singleShot(0, lambda: begin(loop.quit))
    loop.exec()
    return beat.stop()
