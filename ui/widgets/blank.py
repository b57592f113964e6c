"""What stands where rows would be: why there are none, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.widgets.parts import Button, column, label, row


class Blank(QWidget):
    """A sentence in the middle, and buttons below it."""

    def __init__(self, parent: QWidget):
        super().__init__(parent)
        self._words = label("", "fact")
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._buttons = row(gap=8)
        whole = column(None, self._words, row(None, self._buttons, None), None, gap=12)
        self._whole = whole
        whole.setParent(self)
        self.hide()

    def say(self, words: str, buttons: Sequence[Button] = ()) -> None:
        self._words.setText(words)
        self._buttons.clear()
        for made in buttons:
            self._buttons.put(made)
        self.show()
        self.raise_()

    def words(self) -> str:
        return self._words.whole() if self.isVisible() else ""

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._whole.setGeometry(self.rect())
