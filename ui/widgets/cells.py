"""How a cell is painted: one description, one delegate for every table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from ui import icons
from ui.theme import look
from ui.widgets.badges import badge_width, paint_badge

Index = QModelIndex | QPersistentModelIndex

PAD = 10
"""From the edge of a cell to its text, in design pixels."""

LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
END = Qt.TextElideMode.ElideRight


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell shows.

    `badge` is a kind of `parts.BADGES`; `changed` cells show `old` struck through and then the text;
    `wrong` is the error cell of a check (a conflict with the tone `warn`); `lead` puts an icon (name,
    token) before the text; `message` is a line over the whole row, for painters that know such lines.
    """

    text: str = ""
    tone: str = "text"
    weight: int = 400
    right: bool = False
    badge: str = ""
    lead: tuple[str, str] | None = None
    old: str | None = None
    changed: bool = False
    wrong: bool = False
    sunken: bool = False
    message: bool = False


EMPTY = Cell()
TICK = Cell()
"""The cell with the box to tick."""


class CellModel(Protocol):
    """What the delegate asks of a table's model."""

    def cell(self, row: int, column: int) -> Cell: ...
    def ticked(self, row: int) -> bool: ...
    def marked(self, row: int) -> bool: ...


class CellPainter(QStyledItemDelegate):
    """Paints ground, text, badge, change and error; takes every colour from the tokens."""

    def __init__(self, parent, grid: bool = False, cursor: bool = False):
        super().__init__(parent)
        self._grid = grid
        self._cursor = cursor
        self.hovered = -1
        self.block: tuple[range, range] | None = None
        """Rows and columns that are chosen together, where cells can be typed into."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(look.px(80), look.px(32))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model: CellModel = index.model()  # type: ignore[assignment]
        row, place = index.row(), QRectF(option.rect)  # type: ignore[attr-defined]
        cell = model.cell(row, index.column())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        ticked = model.ticked(row)
        chosen = self.block is not None and row in self.block[0] and index.column() in self.block[1]
        ground = (
            "sel"
            if ticked or chosen
            else "sunken"
            if cell.sunken
            else "hover"
            if row == self.hovered
            else "surface"
        )
        painter.fillRect(place, look.color(ground))
        low, far = place.bottom() - 1, place.right() - 1
        painter.setPen(look.color("line"))
        painter.drawLine(QPointF(place.left(), low), QPointF(far, low))
        if self._grid:
            painter.drawLine(QPointF(far, place.top()), QPointF(far, low))
        inner = place.adjusted(look.px(PAD), 0, -look.px(PAD), -1)
        if cell is TICK:
            _paint_tick(painter, place, ticked)
        elif cell.badge:
            tall = look.px(22)
            left, top = place.left() + look.px(6), place.center().y() - tall / 2
            paint_badge(painter, QRectF(left, top, badge_width(cell.text), tall), cell.badge, cell.text)
        elif cell.changed:
            _paint_change(painter, place, inner, cell)
        elif cell.wrong:
            _paint_wrong(painter, place, inner, cell)
        else:
            _paint_text(painter, inner, cell)
        if index.column() == 0 and model.marked(row):
            painter.fillRect(QRectF(place.left(), place.top(), 3, place.height()), look.color("accent_text"))
        if self._cursor:
            view: Any = option.widget  # type: ignore[attr-defined]
            if view is not None and view.currentIndex() == index:
                painter.setPen(QPen(look.color("accent_text"), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(place.adjusted(1, 1, -2, -2))
        painter.restore()


def _paint_tick(painter: QPainter, place: QRectF, ticked: bool) -> None:
    side = look.px(16)
    box = QRectF(round(place.center().x() - side / 2), round(place.center().y() - side / 2), side, side)
    paint_box(painter, box, "check" if ticked else "")


def paint_box(painter: QPainter, box: QRectF, mark: str) -> None:
    """A box to tick: `mark` is "check", "minus" (some of them) or nothing."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if mark:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("accent"))
        painter.drawRoundedRect(box, 3, 3)
        sign = icons.pixmap(mark, "on_accent", 14, stroke=2.5)
        painter.drawPixmap(QPointF(box.x() + look.px(1), box.y() + look.px(1)), sign)
    else:
        painter.setPen(QPen(look.color("ctl"), 1))
        painter.setBrush(look.color("surface"))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _text(painter: QPainter, room: QRectF, text: str, size: float, weight: int, right: bool = False) -> None:
    painter.setFont(look.font(size, weight))
    shown = look.metrics(size, weight).elidedText(text, END, int(room.width()) + 1)
    painter.drawText(room, RIGHT if right else LEFT, shown)


def _paint_text(painter: QPainter, inner: QRectF, cell: Cell) -> None:
    if cell.lead is not None:
        name, token = cell.lead
        painter.drawPixmap(QPointF(inner.x(), inner.center().y() - look.px(8)), icons.pixmap(name, token, 16))
        inner = inner.adjusted(look.px(22), 0, 0, 0)
    if cell.text:
        painter.setPen(look.color(cell.tone))
        _text(painter, inner, cell.text, 14, cell.weight, cell.right)


def _paint_change(painter: QPainter, place: QRectF, inner: QRectF, cell: Cell) -> None:
    painter.fillRect(place.adjusted(1, 1, -1, -2), look.color("info_bg"))
    if look.edged:
        painter.setPen(QPen(look.color("soft_line"), 1))
        painter.drawRect(place.adjusted(1, 1, -2, -3))
    room = int(inner.width() - look.px(22) - look.width(cell.text, 14, 500))
    old = look.metrics(13).elidedText(cell.old or "空", END, max(look.px(36), room))
    painter.setFont(look.font(13, struck=bool(cell.old)))
    painter.setPen(look.color("text3"))
    painter.drawText(inner, LEFT, old)
    start = inner.x() + look.width(old, 13) + look.px(4)
    painter.drawPixmap(
        QPointF(start, inner.center().y() - look.px(8)), icons.pixmap("arrow-right", "text2", 16)
    )
    rest = inner.adjusted(0, 0, look.px(6), 0)
    rest.setLeft(start + look.px(20))
    painter.setPen(look.color("accent_text"))
    _text(painter, rest, cell.text, 14, 500)


def _paint_wrong(painter: QPainter, place: QRectF, inner: QRectF, cell: Cell) -> None:
    token, sign = ("warn", "arrows-exchange") if cell.tone == "warn" else ("err", "circle-x")
    painter.fillRect(place.adjusted(1, 1, -1, -2), look.color(f"{token}_bg"))
    painter.setPen(QPen(look.color(token), 1))
    painter.drawRect(place.adjusted(1, 1, -2, -3))
    left = inner.x() - look.px(2)
    painter.drawPixmap(QPointF(left, inner.center().y() - look.px(8)), icons.pixmap(sign, token, 16))
    _text(painter, inner.adjusted(look.px(20), 0, 0, 0), cell.text, 14, 500)
