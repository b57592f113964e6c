"""A line in which something is named: a few letters are enough, the likely ones stand below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from ui.tasks import TaskRunner
from ui.widgets.parts import Box, Input, column, label

SHOWN = 6


class Picker(Box):
    """`picked` is the number of what is meant, None as long as nobody has chosen. `search` runs in the
    thread. Enter takes the first, the arrow down goes to those found."""

    changed = Signal()
    nobody = "没有找到。"
    """What is said when nothing is found."""

    def __init__(self, runner: TaskRunner, search: Callable[[str], Sequence[Any]], name: str, hint: str):
        self._runner, self._search = runner, search
        self.picked: int | None = None
        self.line = Input(hint, "search", name=name)
        self._found = column(gap=0)
        self._found.hide()
        super().__init__([self.line, self._found], True, 2, (0, 0, 0, 0), "", None, None)
        self.setFocusProxy(self.line)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(150)
        self._pause.timeout.connect(self._look_for)
        self.line.textEdited.connect(self._typed)
        self.line.returnPressed.connect(self._take_first)
        self._first: Any = None

    # what one of those found looks like

    def number_of(self, hit: Any) -> int:
        raise NotImplementedError

    def words_of(self, hit: Any) -> str:
        """What stands in the line once it is chosen."""
        raise NotImplementedError

    def offer(self, hit: Any, take: Callable[[], None]) -> QWidget:
        """What stands below the line for one that was found."""
        raise NotImplementedError

    # choosing

    def choose(self, number: int | None, words: str) -> None:
        """Name one; the list below goes away."""
        self.picked = number
        self.line.setText(words)
        self.line.setCursorPosition(0)
        self._found.hide()
        self.changed.emit()

    def _typed(self, _: str) -> None:
        self.picked = None
        self.changed.emit()
        self._pause.start()

    def _look_for(self) -> None:
        text = self.line.text().strip()
        if text:
            self._runner.ask(self, self._search, text, on_done=self._show, topic="picker")
        else:
            self._found.hide()

    def _show(self, hits: Sequence[Any]) -> None:
        if self.picked is not None:
            return  # chosen while the answer was on its way
        self._found.clear()
        self._first = hits[0] if hits else None
        for hit in hits[:SHOWN]:
            self._found.put(self.offer(hit, lambda hit=hit: self._take(hit)))
        if not hits:
            self._found.put(label(self.nobody, "hint"))
        self._found.show()

    def _take(self, hit: Any) -> None:
        self.line.setFocus()  # before what has the keyboard goes away
        self.choose(self.number_of(hit), self.words_of(hit))

    def _take_first(self) -> None:
        if self.picked is None and self._first is not None:
            self._take(self._first)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and self._found.isVisible():
            self.focusNextChild()
        else:
            super().keyPressEvent(event)
