"""Things that float over the page: they are children of the window, never windows of their own."""

from __future__ import annotations

from contextlib import suppress

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from ui.theme import look

SHADOW = 6
POINTER = 8


class Popover(QWidget):
    """A panel anchored at a rectangle; Esc or a click outside closes it. At most 368 wide."""

    closed = Signal()

    def __init__(self, window: QWidget, content: QWidget, width: float | None = None):
        super().__init__(window)
        self.window_below = window
        self._anchor = QRect()
        self._above = False
        self._came_from = QApplication.focusWidget()
        around = look.px(SHADOW) + 2
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(around, around + look.px(POINTER), around, around)
        self._layout.addWidget(content)
        if width is not None:
            self.setFixedWidth(look.px(min(width, 368)) + 2 * around)
        self.hide()

    def open_at(self, anchor: QRect) -> None:
        """Show it below the anchor (in the window's coordinates), above it where there is no room."""
        self._anchor = anchor
        window = self.window_below
        self.adjustSize()
        wide, tall = self.width(), self.height()
        left = max(4, min(anchor.center().x() - wide // 2, window.width() - wide - 4))
        self._above = anchor.bottom() + tall > window.height() - 4 and anchor.top() - tall > 0
        around = look.px(SHADOW) + 2
        top, bottom = (
            (around, around + look.px(POINTER)) if self._above else (around + look.px(POINTER), around)
        )
        self._layout.setContentsMargins(around, top, around, bottom)
        place = anchor.top() - tall if self._above else anchor.bottom()
        self.move(left, max(4, min(place, window.height() - tall - 4)))
        self.raise_()
        self.show()
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    def take_keyboard(self) -> None:
        """Put the keyboard on the first thing in it that can be chosen."""
        parts = (part for part in self.findChildren(QWidget) if part.isEnabled())
        first = next((part for part in parts if part.focusPolicy() & Qt.FocusPolicy.TabFocus), None)
        if first is not None:
            first.setFocus()

    def shut(self) -> None:
        """Close it and give the keyboard back."""
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        if self.isVisible():
            self.hide()
            if self._came_from is not None:
                with suppress(RuntimeError):  # it may have been closed meanwhile
                    self._came_from.setFocus()
            self.closed.emit()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            at = event.globalPosition().toPoint()
            if not QRect(self.mapToGlobal(QPoint(0, 0)), self.size()).contains(at):
                self.shut()
        elif event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                self.shut()
                return True
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        spread = look.px(SHADOW)
        top = spread + 2 + (0 if self._above else look.px(POINTER))
        bottom = spread + 2 + (look.px(POINTER) if self._above else 0)
        panel = QRectF(self.rect()).adjusted(spread + 2, top, -spread - 2, -bottom)
        shadow = look.color("shadow")
        painter.setPen(Qt.PenStyle.NoPen)
        shade = look.color("shadow")
        for ring in range(spread, 0, -1):
            shade.setAlpha(round(shadow.alpha() * (1 - ring / spread) ** 2 / 2.5))
            painter.setBrush(shade)
            painter.drawRoundedRect(panel.adjusted(-ring, -ring + 1, ring, ring + 1), 6 + ring, 6 + ring)
        painter.setPen(QPen(look.color("line_strong"), 1))
        painter.setBrush(look.color("surface"))
        painter.drawRoundedRect(panel.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        tip = float(self._anchor.center().x() - self.x())
        tip = max(panel.left() + 16, min(tip, panel.right() - 16))
        half, high = look.px(POINTER), look.px(POINTER) - 1
        edge = panel.bottom() - 0.5 if self._above else panel.top() + 0.5
        point = edge + high if self._above else edge - high
        painter.drawPolyline(
            QPolygonF([QPointF(tip - half, edge), QPointF(tip, point), QPointF(tip + half, edge)])
        )
        painter.setPen(Qt.PenStyle.NoPen)
        inward = -1 if self._above else 1
        painter.drawPolygon(
            QPolygonF(
                [
                    QPointF(tip - half + 0.5, edge + inward),
                    QPointF(tip, point + inward),
                    QPointF(tip + half - 0.5, edge + inward),
                ]
            )
        )
        painter.end()
