"""A few words in a row, one of them the current."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.theme import look
from ui.widgets.parts import size


class Tabs(QWidget):
    """A few words in a row, one of them the current; arrows move."""

    picked = Signal(int)

    def __init__(self, names: Sequence[str], margin: float = 16):
        super().__init__()
        self._margin = margin
        self.names = tuple(names)
        self.current = 0
        size(self, height=36)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._say()

    def _say(self) -> None:
        self.setAccessibleName(
            f"{self.names[self.current]}，第 {self.current + 1} 页，共 {len(self.names)} 页"
        )

    def show_tab(self, place: int) -> None:
        self.current = place
        self._say()
        self.update()

    def _places(self) -> list[tuple[int, int]]:
        """Where each word begins and how wide it is; many words stand closer together."""
        wides = [look.width(name, 14, 500) for name in self.names]
        room = self.width() - 2 * look.px(self._margin) - sum(wides)
        gap = max(look.px(8), min(look.px(28), room // max(1, len(wides) - 1)))
        found, x = [], look.px(self._margin)
        for wide in wides:
            found.append((x, wide))
            x += wide + gap
        return found

    def _pick(self, place: int) -> None:
        self.show_tab(place)
        self.picked.emit(place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for place, (x, wide) in enumerate(self._places()):
            if x - look.px(10) <= event.position().x() <= x + wide + look.px(10):
                self._pick(place)
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step:
            self._pick((self.current + step) % len(self.names))
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(look.color("line"))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        for place, (x, wide) in enumerate(self._places()):
            on = place == self.current
            painter.setFont(look.font(14, 500 if on else 400))
            painter.setPen(look.color("accent_text" if on else "text2"))
            painter.drawText(
                QRectF(x, 0, wide + 2, self.height() - 2), Qt.AlignmentFlag.AlignVCenter, self.names[place]
            )
            if on:
                painter.fillRect(QRectF(x, self.height() - 3, wide, 3), look.color("accent_text"))
                if self.hasFocus():
                    painter.setPen(QPen(look.color("accent_text"), 2))
                    painter.drawRect(QRectF(x - 5, 4, wide + 10, self.height() - 9))
        painter.end()
