"""Tabs with counts: icon, word and pill; zero stays visible but muted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui import icons
from ui.theme import look
from ui.widgets.parts import size


@dataclass(frozen=True, slots=True)
class CountTab:
    """One tab: what it is called, its icon (name, token), how many."""

    words: str
    icon: tuple[str, str] | None
    count: int


class CountTabs(QWidget):
    """Painted in one row; arrows and clicks choose."""

    picked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.tabs: tuple[CountTab, ...] = ()
        self.current = 0
        size(self, height=44)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_tabs(self, tabs: Sequence[CountTab], current: int = 0) -> None:
        self.tabs, self.current = tuple(tabs), current
        self.setAccessibleName("；".join(f"{tab.words} {tab.count}" for tab in tabs))
        self.update()

    def _layout(self) -> list[tuple[CountTab, float, float, float]]:
        """(tab, left, text width, pill width); closer together where there is little room."""
        wides = [look.width(tab.words, 14, 700) for tab in self.tabs]
        pills = [look.width(str(tab.count), 13, 500) + look.px(14) for tab in self.tabs]
        need = sum(wides) + sum(pills) + sum(self._sign(tab) + look.px(8) for tab in self.tabs)
        gaps = max(1, len(self.tabs) - 1)
        gap = max(look.px(10), min(look.px(28), (self.width() - look.px(20) - need) // gaps))
        found, x = [], float(look.px(20))
        for tab, wide, pill in zip(self.tabs, wides, pills, strict=True):
            found.append((tab, x, wide, pill))
            x += self._sign(tab) + wide + look.px(8) + pill + gap
        return found

    def _sign(self, tab: CountTab) -> int:
        return look.px(22) if tab.icon else 0

    def _pick(self, place: int) -> None:
        self.current = place
        self.update()
        self.picked.emit(place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for place, (_, left, _, _) in reversed(list(enumerate(self._layout()))):
            if event.position().x() >= left - look.px(10):
                self._pick(place)
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step and self.tabs:
            self._pick((self.current + step) % len(self.tabs))
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(look.color("line_strong"))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        for place, (tab, left, wide, pill) in enumerate(self._layout()):
            on, x = place == self.current, left
            if tab.icon is not None:
                painter.drawPixmap(QPointF(x, middle - look.px(8)), icons.pixmap(*tab.icon, 16))
                x += self._sign(tab)
            painter.setFont(look.font(14, 700 if on else 400))
            painter.setPen(look.color("accent_text" if on else "text" if tab.count else "text3"))
            painter.drawText(QRectF(x, 0, wide + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, tab.words)
            x += wide + look.px(8)
            bubble = QRectF(x, middle - look.px(10), pill, look.px(20))
            painter.setPen(QPen(look.color("line_strong"), 1) if look.edged else Qt.PenStyle.NoPen)
            painter.setBrush(look.color("accent" if on else "mute_bg"))
            painter.drawRoundedRect(bubble, look.px(20) // 2, look.px(20) // 2)
            painter.setFont(look.font(13, 500))
            painter.setPen(look.color("on_accent" if on else "text2"))
            painter.drawText(bubble, Qt.AlignmentFlag.AlignCenter, str(tab.count))
            if on:
                painter.fillRect(
                    QRectF(left, self.height() - 3, x + pill - left, 3), look.color("accent_text")
                )
                if self.hasFocus():
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.setPen(QPen(look.color("accent_text"), 2))
                    painter.drawRoundedRect(
                        QRectF(left - 6, 4, x + pill - left + 12, self.height() - 11), 4, 4
                    )
        painter.end()
