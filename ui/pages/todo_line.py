"""One line of the to-do list on the home page."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gridoffice.errors import Severity
from gridoffice.overview.glance import ToDo
from ui import icons
from ui.theme import look
from ui.widgets.parts import size

SIGNS = {
    Severity.ERROR: ("circle-x", "err"),
    Severity.WARNING: ("alert-triangle", "warn"),
    Severity.NOTE: ("info-circle", "info"),
}


class ToDoLine(QWidget):
    """One line of work: sign, sentence, detail, how many, and where it leads."""

    picked = Signal(object)

    def __init__(self, todo: ToDo):
        super().__init__()
        self.todo = todo
        size(self, height=56)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        verb, unit = todo.topic.errand, todo.topic.unit
        self.setAccessibleName(f"{todo.title} {todo.count} {unit}，{todo.detail}，{verb}")
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.picked.emit(self.todo)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.picked.emit(self.todo)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, px, todo = QPainter(self), look.px, self.todo
        place = QRectF(self.rect())
        verb, unit = todo.topic.errand, todo.topic.unit
        if self.hasFocus() or self.underMouse():
            painter.fillRect(place.adjusted(1, 0, -1, -1), look.color("hover"))
        if self.hasFocus():
            painter.fillRect(QRectF(1, 0, 3, place.height() - 1), look.color("accent_text"))
        painter.setPen(look.color("line"))
        painter.drawLine(px(16), self.height() - 1, self.width() - px(16), self.height() - 1)
        middle = place.center().y()
        name, ink = SIGNS[todo.severity]
        painter.drawPixmap(round(px(16)), round(middle - px(10)), icons.pixmap(name, ink, 20))
        wide = look.width(verb, 13, 500)
        end = place.right() - px(36) - wide
        painter.setFont(look.font(13, 500))
        painter.setPen(look.color("accent_text"))
        painter.drawText(QRectF(end, 0, wide + 2, place.height()), Qt.AlignmentFlag.AlignVCenter, verb)
        painter.drawPixmap(
            round(place.right() - px(32)),
            round(middle - px(8)),
            icons.pixmap("chevron-right", "accent_text", 16),
        )
        column_at = place.right() - px(132)
        painter.setFont(look.font(20, 700))
        painter.setPen(look.color("text"))
        painter.drawText(
            QRectF(column_at - px(60), 0, px(60), place.height() - px(2)),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
            str(todo.count),
        )
        painter.setFont(look.font(13))
        painter.setPen(look.color("text3"))
        painter.drawText(
            QRectF(column_at + px(4), px(2), px(30), place.height()), Qt.AlignmentFlag.AlignVCenter, unit
        )
        room = int(column_at - px(64) - px(48))
        painter.setFont(look.font(14, 500))
        painter.setPen(look.color("text"))
        painter.drawText(
            QRectF(px(48), px(8), room, px(20)),
            Qt.AlignmentFlag.AlignVCenter,
            look.metrics(14, 500).elidedText(todo.title, Qt.TextElideMode.ElideRight, room),
        )
        painter.setFont(look.font(13))
        painter.setPen(look.color("err" if todo.severity is Severity.ERROR else "text3"))
        painter.drawText(
            QRectF(px(48), px(28), room, px(20)),
            Qt.AlignmentFlag.AlignVCenter,
            look.metrics(13).elidedText(todo.detail, Qt.TextElideMode.ElideRight, room),
        )
        painter.end()
