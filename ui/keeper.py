"""Automatic backups behind the window: when it opens and then once an hour, in the worker process, and only
while nothing else is worked on there. Nobody waits for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from gridoffice import rolling
from gridoffice.errors import OfficeError
from gridoffice.rolling import Rolled, Standing

if TYPE_CHECKING:
    from ui.desk import Desk

HOUR_MS = 3_600_000
FIRST_MS = 4_000
"""How long after the window stands: what the clerk opens first comes first."""


class Keeper(QObject):
    """Makes the automatic backups, and knows the one sentence of what is wrong with them."""

    changed = Signal()

    def __init__(self, desk: Desk):
        super().__init__(desk)
        self._desk = desk
        self.standing: Standing | None = None
        self._failed = ""
        self._timer = QTimer(self)
        self._timer.setInterval(HOUR_MS)
        self._timer.timeout.connect(self.roll)

    def begin(self) -> None:
        """From now on, whatever the day."""
        self._timer.start()
        QTimer.singleShot(FIRST_MS, self, self.roll)

    @property
    def words(self) -> str:
        """What is wrong, worst first; empty when all is well or nobody here could do anything about it."""
        if not rolling.keeps_backups(self._desk.office):
            return ""
        return self._failed or (self.standing.wrong[0] if self.standing and self.standing.wrong else "")

    def roll(self) -> None:
        """The automatic backup, if it is due and the worker has nothing else to do."""
        if not rolling.keeps_backups(self._desk.office):
            return
        if self._desk.runner.waiting:
            QTimer.singleShot(FIRST_MS, self, self.roll)
            return
        self._desk.beside(self, "gridoffice.rolling:roll", then=self._rolled, wrong=self._wrong)

    def _rolled(self, _done: Rolled) -> None:
        self._failed = ""
        self.look()

    def _wrong(self, error: Exception) -> None:
        self._failed = error.message if isinstance(error, OfficeError) else "自动备份没有做成，去备份页看看。"
        self.look()

    def look(self) -> None:
        """Ask how safe the office is now."""
        self._desk.runner.ask(
            self,
            rolling.standing,
            self._desk.office,
            on_done=self._stands,
            on_error=lambda _error: self.changed.emit(),
            topic="safety",
        )

    def _stands(self, standing: Standing) -> None:
        self.standing = standing
        self.changed.emit()
