"""What the two lines of 一根红线 mean."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.theme import look

_LINES = (("party", "已连通", Qt.PenStyle.SolidLine), ("ctl", "断点", Qt.PenStyle.DashLine))


class RedLineKey(QWidget):
    """A short line of each sort with its words."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("红色实线是已连通，灰色虚线是断点")
        self.relook()

    def relook(self) -> None:
        wide = sum(look.width(words, 12) + look.px(36) for _, words, _ in _LINES)
        self.setFixedSize(wide, look.px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, x = QPainter(self), 0
        painter.setFont(look.font(12))
        for token, words, style in _LINES:
            middle = self.height() / 2
            painter.setPen(QPen(look.color(token), 2, style))
            painter.drawLine(QPointF(x, middle), QPointF(x + look.px(18), middle))
            painter.setPen(look.color("text2"))
            wide = look.width(words, 12)
            where = QRectF(x + look.px(22), 0, wide + 2, self.height())
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, words)
            x += wide + look.px(36)
        painter.end()
