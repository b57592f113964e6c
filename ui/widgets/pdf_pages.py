"""Sheets on the sunken ground, and the small ones beside them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from PySide6.QtCore import QEvent, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from ui.theme import look

THUMB_WIDTH = 80
MARGIN, BETWEEN = 24, 16
Place = tuple[float, float, float, float]
"""Left, top, width and height in points from the upper left corner of a page."""


def image_of(raw: tuple[int, int, int, bytes]) -> QImage:
    """A rendered page as a picture of its own memory."""
    width, height, stride, data = raw
    return QImage(data, width, height, stride, QImage.Format.Format_RGB32).copy()


@dataclass(slots=True)
class Sheet:
    """One page as it is shown: its size on screen, its picture once it is there, and marked places."""

    page: int
    shown: QSizeF
    scale: float
    picture: QPixmap | None = None
    marks: Sequence[Place] = field(default_factory=tuple)
    current: int | None = None
    """Which of the marks is the one looked at."""


class Paper(QWidget):
    """One page, or two beside each other, with a soft edge."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[Sheet] = []

    def show_sheets(self, sheets: list[Sheet]) -> None:
        """Show these pages; a picture that is there already is taken along until the new one comes."""
        before = {sheet.page: sheet for sheet in self.sheets}
        for sheet in sheets:
            same = before.get(sheet.page)
            if same is not None and sheet.picture is None:
                sheet.picture = same.picture
        self.sheets = sheets
        wide = sum(round(one.shown.width()) for one in sheets) + look.px(BETWEEN) * max(0, len(sheets) - 1)
        tall = max((round(one.shown.height()) for one in sheets), default=0)
        self.setMinimumSize(wide + look.px(2 * MARGIN), tall + look.px(2 * MARGIN))
        self.update()

    def frames(self) -> list[QRectF]:
        """Where the pages lie."""
        gap = look.px(BETWEEN)
        wide = sum(round(one.shown.width()) for one in self.sheets) + gap * max(0, len(self.sheets) - 1)
        left = round((self.width() - wide) / 2)
        found = []
        for sheet in self.sheets:
            top = round(max(look.px(MARGIN), (self.height() - sheet.shown.height()) / 2))
            found.append(QRectF(left, top, round(sheet.shown.width()), round(sheet.shown.height())))
            left += round(sheet.shown.width()) + gap
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.color("sunken"))
        for sheet, paper in zip(self.sheets, self.frames(), strict=True):
            self._draw(painter, sheet, paper)
        painter.end()

    def _draw(self, painter: QPainter, sheet: Sheet, paper: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        shade = look.color("shadow")
        shade.setAlpha(shade.alpha() // 4)
        painter.setBrush(shade)
        for ring in range(4, 0, -1):
            painter.drawRect(paper.adjusted(-ring, -ring + 2, ring, ring + 2))
        painter.fillRect(paper, look.color("paper"))
        if sheet.picture is not None:
            painter.drawPixmap(paper, sheet.picture, QRectF(sheet.picture.rect()))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        for number, (left, top, wide, tall) in enumerate(sheet.marks):
            scale = sheet.scale
            place = QRectF(paper.x() + left * scale, paper.y() + top * scale, wide * scale, tall * scale)
            on = number == sheet.current
            painter.fillRect(place.adjusted(-1, -1, 1, 1), look.color("found_now" if on else "found"))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.setPen(QPen(look.color("line_strong"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(paper.adjusted(-0.5, -0.5, 0.5, 0.5))


class Thumbs(QWidget):
    """Small pages at the left; the current one in a frame. Up and down turn the pages."""

    picked = Signal(int)
    seen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.pictures: list[QPixmap | None] = []
        self.shapes: list[QSizeF] = []
        self._tops = [0.0]
        """Where each page begins and, last, where they end: a city's paper has thousands."""
        self.current = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("各页")

    def show_pages(self, shapes: list[QSizeF], keep: bool = False) -> None:
        """Other pages; with `keep` those that are drawn already stay while the document grows."""
        pictures = self.pictures[: len(shapes)] if keep else []
        self.pictures = pictures + [None] * (len(shapes) - len(pictures))
        self.shapes = shapes
        self.current = min(self.current, max(0, len(shapes) - 1)) if keep else 0
        self.relook()

    def relook(self) -> None:
        wide, below = look.px(THUMB_WIDTH), look.px(44)
        tall = (wide * shape.height() / shape.width() + below for shape in self.shapes)
        self._tops = list(accumulate(tall, initial=float(look.px(16))))
        self.setMinimumHeight(round(self._tops[-1]))
        self.update()

    def frame(self, place: int) -> QRectF:
        """Where a page lies."""
        top, end = self._tops[place : place + 2]
        return QRectF(look.px(12), top, look.px(THUMB_WIDTH + 24), end - top - look.px(8))

    def _within(self, asked: QRectF) -> list[int]:
        """The pages that lie in part of it."""
        first = max(0, bisect_right(self._tops, asked.top()) - 1)
        last = min(len(self.shapes), bisect_right(self._tops, asked.bottom()))
        return [place for place in range(first, last) if self.frame(place).intersects(asked)]

    def in_sight(self) -> range:
        """The pages whose small pictures can be seen, and two more at either end."""
        places = self._within(QRectF(self.visibleRegion().boundingRect()))
        if not places:
            return range(min(8, len(self.shapes)))
        return range(max(0, places[0] - 2), min(len(self.shapes), places[-1] + 3))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for place in self._within(QRectF(event.position(), QSizeF(1, 1))):
            if self.frame(place).contains(event.position()):
                self.picked.emit(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if step:
            self.picked.emit(self.current + step)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.color("sunken"))
        for place in self._within(QRectF(event.rect())):
            self._draw(painter, place, self.frame(place))
        painter.end()
        if any(self.pictures[place] is None for place in self.in_sight()):
            self.seen.emit()

    def _draw(self, painter: QPainter, place: int, frame: QRectF) -> None:
        shape, on = self.shapes[place], place == self.current
        if on:
            painter.setPen(QPen(look.color("accent_text"), 3 if self.hasFocus() else 2))
            painter.setBrush(look.color("soft"))
            painter.drawRoundedRect(frame, 4, 4)
        wide = look.px(THUMB_WIDTH)
        tall = round(wide * shape.height() / shape.width())
        paper = QRectF(frame.x() + look.px(12), frame.y() + look.px(8), wide, tall)
        painter.fillRect(paper, look.color("paper"))
        picture = self.pictures[place]
        if picture is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(paper, picture, QRectF(picture.rect()))
        painter.setPen(QPen(look.color("line_strong"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(paper)
        painter.setFont(look.font(13, 500 if on else 400))
        painter.setPen(look.color("text" if on else "text3"))
        below = QRectF(frame.x(), paper.bottom(), frame.width(), look.px(22))
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, str(place + 1))
