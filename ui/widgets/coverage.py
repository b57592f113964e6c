"""Coverage by area: a block for each grid, those without their organisation dashed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gridoffice.party.redline import Coverage
from ui.theme import look

LINE, NAMES, NUMBERS = 36, 90, 92
LEAST_BLOCK = 5
"""Where blocks would be narrower than this, one bar shows the share."""


def share_words(organised: int, wanted: int) -> str:
    """A share in per cent; never 100 as long as one is missing."""
    if not wanted:
        return "—"
    share = round(100 * organised / wanted, 1)
    return f"{min(share, 99.9) if organised < wanted else share:g}%"


class CoverageBars(QWidget):
    """One line an area; a click (or Enter) picks it, arrows go up and down."""

    picked = Signal(str)

    def __init__(self, meaning: str):
        super().__init__()
        self._meaning = meaning
        self.areas: tuple[Coverage, ...] = ()
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(meaning)

    def show_areas(self, areas: Sequence[Coverage]) -> None:
        self.areas, self._at = tuple(areas), 0
        self.setVisible(bool(areas))
        self._say()
        self.relook()
        self.update()

    def relook(self) -> None:
        self.setFixedHeight(look.px(LINE) * len(self.areas))

    def sizeHint(self) -> QSize:
        return QSize(look.px(240), look.px(LINE) * len(self.areas))

    def _say(self) -> None:
        said = [f"{one.label} {one.organised}/{one.wanted}" for one in self.areas]
        here = f"，当前 {said[self._at]}" if said else ""
        self.setAccessibleName(self._meaning + here)
        self.setAccessibleDescription("；".join(said))

    def _pick(self) -> None:
        if self._at < len(self.areas):
            self.picked.emit(self.areas[self._at].key)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = int(event.position().y() // look.px(LINE))
        if place < len(self.areas):
            self._at = place
            self._say()
            self._pick()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step and self.areas:
            self._at = min(max(self._at + step, 0), len(self.areas) - 1)
            self._say()
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._pick()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, px = QPainter(self), look.px
        names = min(max((look.width(one.label) for one in self.areas), default=0) + px(12), px(NAMES))
        middle = Qt.AlignmentFlag.AlignVCenter
        for place, one in enumerate(self.areas):
            y, whole = place * px(LINE), one.missing == 0
            painter.setFont(look.font(14))
            painter.setPen(look.color("text"))
            name = look.metrics().elidedText(one.label, Qt.TextElideMode.ElideRight, names - px(6))
            painter.drawText(QRectF(0, y, names, px(28)), middle, name)
            room = self.width() - names - px(NUMBERS)
            self._paint_blocks(painter, QRectF(names, y + px(8), room, px(12)), one)
            painter.setFont(look.font(14, 500))
            painter.setPen(look.color("text" if whole else "warn"))
            said = f"{one.organised}/{one.wanted}  {share_words(one.organised, one.wanted)}"
            where = QRectF(self.width() - px(NUMBERS), y, px(NUMBERS), px(28))
            painter.drawText(where, middle | Qt.AlignmentFlag.AlignRight, said)
            if self.hasFocus() and place == self._at:
                painter.setPen(QPen(look.color("accent_text"), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(1, y + 1, self.width() - 2, px(28) - 2), 4, 4)
        painter.end()

    def _paint_blocks(self, painter: QPainter, where: QRectF, one: Coverage) -> None:
        if not one.wanted:
            return
        gap = 3 if where.width() / one.wanted - 3 >= look.px(LEAST_BLOCK) else 0
        wide = where.width() / one.wanted
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if not gap:
            full = QRectF(where.x(), where.y(), round(wide * one.organised), where.height())
            painter.fillRect(full, look.color("accent"))
            rest = QRectF(full.right(), where.y(), where.right() - full.right(), where.height())
            if one.missing:
                self._paint_missing(painter, rest)
            return
        for place in range(one.wanted):
            block = QRectF(where.x() + place * wide, where.y(), wide - gap, where.height())
            if place < one.organised:
                painter.fillRect(block, look.color("accent"))
            else:
                self._paint_missing(painter, block)

    def _paint_missing(self, painter: QPainter, block: QRectF) -> None:
        painter.fillRect(block, look.color("warn_bg"))
        painter.setPen(QPen(look.color("warn"), 1, Qt.PenStyle.DashLine))
        painter.drawRect(block.adjusted(0.5, 0.5, -0.5, -0.5))
