"""What the others in the same office do, as the window hears of it: what they change, whether the database
can be reached, who looks at the same record."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from db.listening import Beside, Changed, Found, Listener, Lost, Spot
from db.notices import Notice
from gridoffice.patience import PAUSE

if TYPE_CHECKING:
    from ui.desk import Desk

GATHER_MS = 400
"""What comes within this time is told to the pages together: twenty clerks would have a list read twenty
times a second."""
RECENT = 60.0
"""Seconds for which it is remembered who changed what."""


class Together(QObject):
    """One listener beside the window. `changed` holds the ids by table (None: it is not known what), never
    those of our own writes; `reached` tells that the database went away (False) or is there again."""

    changed = Signal(object)
    reached = Signal(bool)
    beside = Signal(object)

    def __init__(self, desk: Desk):
        super().__init__(desk)
        self._desk = desk
        self.lost = False
        """Whether the database cannot be reached: nothing can be changed meanwhile."""
        self._mine: deque[int] = deque(maxlen=200)
        self._heard: list[Notice] = []
        self._recent: deque[tuple[float, Notice]] = deque(maxlen=200)
        self._listener = Listener(desk.office.store, desk.office.who.display)
        self._begun = False
        self._gathering = QTimer(self)
        self._gathering.setSingleShot(True)
        self._gathering.setInterval(GATHER_MS)
        self._gathering.timeout.connect(self._tell)
        desk.office.patience = self._wait

    def begin(self) -> None:
        """Listen from now on, as long as the window is open."""
        if not self._begun:
            self._begun = True
            self._desk.runner.attend(self, self._listener.follow, self._hear)

    def _wait(self, _since: float) -> bool:
        """In the thread that writes: what was to be saved when the connection broke is saved when there is
        one again, however long that takes."""
        if self._desk.runner.closed:
            return False
        time.sleep(PAUSE)
        return True

    # what was written

    def mine(self, action: int | None) -> None:
        """This line of the journal is our own: the pages know already."""
        if action is not None:
            self._mine.append(action)

    def _hear(self, news: Any) -> None:
        match news:
            case Changed(notices):
                self._heard += notices
                self._gathering.start() if not self._gathering.isActive() else None
            case Lost():
                self.lost = True
                self.reached.emit(False)
            case Found():
                self.lost = False
                self.reached.emit(True)
            case Beside():
                self.beside.emit(news)
            case _:
                self._desk.complain(news)

    def _tell(self) -> None:
        heard, self._heard = self._heard, []
        others = [one for one in heard if one.action not in self._mine]
        if not others:
            return
        now = time.monotonic()
        self._recent.extend((now, one) for one in others)
        changes: dict[str, frozenset[int]] | None = {}
        for one in others:
            if one.changes is None or changes is None:
                changes = None
                continue
            for table, ids in one.changes.items():
                # no ids: too many to name them
                known = ids and changes.get(table, ids)
                changes[table] = ids | known if known else frozenset()
        self.changed.emit(changes)

    def who_changed(self, tables: Collection[str]) -> str:
        """Who of the others changed something of these tables a moment ago; 别人 when it was not one alone."""
        since = time.monotonic() - RECENT
        names = {
            one.who
            for at, one in self._recent
            if at >= since and one.who and (one.changes is None or one.changes.keys() & set(tables))
        }
        return names.pop() if len(names) == 1 else "别人"

    # where we are

    def look(self, spot: Spot | None) -> None:
        """The record that is looked at here, for the others to see; None when there is none."""
        self._listener.look = spot

    @property
    def spot(self) -> Spot | None:
        return self._listener.look


def in_words(found: Beside) -> str:
    """李四正在改、王五也在看这一条; empty when nobody else is there."""
    changing = [name for name, changes in found.people if changes]
    looking = [name for name, changes in found.people if not changes and name not in changing]
    said = [f"{'、'.join(changing)}正在改"] if changing else []
    said += [f"{'、'.join(looking)}也在看"] if looking else []
    return f"{'，'.join(said)}这一条" if said else ""
