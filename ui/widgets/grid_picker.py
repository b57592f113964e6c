"""A line in which one grid is named: a few letters are enough, the likely ones stand below."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer, Signal

from ui.tasks import TaskRunner
from ui.theme import look
from ui.widgets.parts import Box, Input, button, column, label, row

SHOWN = 6


class GridPicker(Box):
    """`picked` is the grid meant, None as long as nobody has chosen one. `search` runs in the thread and
    answers numbers and words."""

    changed = Signal()

    def __init__(
        self,
        runner: TaskRunner,
        search: Callable[[str], Sequence[tuple[int, str]]],
        name: str,
        hint: str = "",
    ):
        self._runner, self._search = runner, search
        self.picked: int | None = None
        self.line = Input(hint or "名称、编码或拼音", "search", name=name)
        self._found = column(gap=0)
        self._found.hide()
        super().__init__([self.line, self._found], True, 2, (0, 0, 0, 0), "", None, None)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(150)
        self._pause.timeout.connect(self._look_for)
        self.line.textEdited.connect(self._typed)
        self.line.returnPressed.connect(self._take_first)
        self._first: tuple[int, str] | None = None

    def choose(self, number: int | None, words: str) -> None:
        """Name a grid; the list below goes away."""
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

    def _show(self, hits: Sequence[tuple[int, str]]) -> None:
        self._found.clear()
        self._first = hits[0] if hits else None
        for number, words in hits[:SHOWN]:
            cut = look.metrics().elidedText(words, Qt.TextElideMode.ElideRight, look.px(210))
            name = words.split("　")[0]
            made = button(
                cut,
                kind="link",
                tip=words,
                on_click=lambda number=number, name=name: self.choose(number, name),
            )
            self._found.put(row(made, None))
        if not hits:
            self._found.put(label("没有这样的网格。", "hint"))
        self._found.show()

    def _take_first(self) -> None:
        """Enter takes the likeliest."""
        if self.picked is None and self._first is not None:
            self.choose(self._first[0], self._first[1].split("　")[0])
