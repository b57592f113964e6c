"""The head of a table: words, sort arrow, funnel, the box that ticks all; one line or two."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from ui import icons
from ui.theme import look
from ui.widgets.cells import PAD, paint_box


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands over a column; `below` is the second, smaller line."""

    text: str
    below: str = ""
    right: bool = False
    filters: bool = False
    sorts: bool = False
    tick: bool = False


class Head(QHeaderView):
    """Paints its sections itself and says what was clicked."""

    sort_wanted = Signal(int)
    filter_wanted = Signal(int)
    tick_wanted = Signal()
    arranged = Signal(object)
    """Columns were moved or made wider by hand: the sections that were made wider."""

    def __init__(self, parent: QWidget, grid: bool = False):
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.headings: list[Heading] = []
        self.filtered: set[int] = set()
        self.sorted: tuple[int, bool] | None = None
        self.ticks = ""
        self._grid = grid
        self._pressed: QPoint | None = None
        self._before: list[tuple[int, int]] = []
        self.frozen = 0
        """How many sections at the left stay in sight when the rest is scrolled sideways."""
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)
        self.setStretchLastSection(True)
        self.setMinimumSectionSize(look.px(24))
        self.setMouseTracking(True)

    def relook(self) -> None:
        two = any(heading.below for heading in self.headings)
        self.setFixedHeight(look.px(48 if two else 36))

    def _funnel(self, place: QRect) -> QRect:
        side = look.px(22)
        return QRect(place.right() - side - look.px(2), place.top(), side + look.px(2), place.height())

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        if logicalIndex >= len(self.headings):
            return
        heading, place = self.headings[logicalIndex], QRectF(rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.fillRect(rect, look.color("header"))
        low, far = place.bottom() - 1, place.right() - 1
        painter.setPen(look.color("line_strong"))
        painter.drawLine(QPointF(place.left(), low), QPointF(far, low))
        inset = 0 if self._grid else look.px(8)
        painter.setPen(look.color("line"))
        painter.drawLine(QPointF(far, place.top() + inset), QPointF(far, low - max(inset, 1)))
        if heading.tick:
            side = look.px(16)
            middle = place.center()
            paint_box(
                painter,
                QRectF(round(middle.x() - side / 2), round(middle.y() - side / 2), side, side),
                self.ticks,
            )
        else:
            self._paint_words(painter, place, heading, logicalIndex)
        painter.restore()

    def _paint_words(self, painter: QPainter, place: QRectF, heading: Heading, section: int) -> None:
        filtered = section in self.filtered
        pad = look.px(PAD)
        room = place.adjusted(pad, 0, -pad - (look.px(16) if heading.filters else 0), 0)
        side = Qt.AlignmentFlag.AlignRight if heading.right else Qt.AlignmentFlag.AlignLeft
        painter.setFont(look.font(13, 500))
        painter.setPen(look.color("accent_text" if filtered else "text2"))
        if heading.below:
            painter.drawText(
                room.adjusted(0, look.px(6), 0, 0), side | Qt.AlignmentFlag.AlignTop, heading.text
            )
            painter.setFont(look.font(12))
            painter.setPen(look.color("text3"))
            painter.drawText(
                room.adjusted(0, 0, 0, -look.px(6)), side | Qt.AlignmentFlag.AlignBottom, heading.below
            )
        else:
            painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, heading.text)
        if self.sorted is not None and self.sorted[0] == section:
            arrow = icons.pixmap(
                "arrow-down" if self.sorted[1] else "arrow-up", "accent_text", 14, stroke=2.2
            )
            wide = look.width(heading.text, 13, 500)
            left = room.right() - wide - look.px(16) if heading.right else room.left() + wide + 2
            painter.drawPixmap(QPointF(left, place.center().y() - look.px(7)), arrow)
        if heading.filters:
            funnel = icons.pixmap("filter", "accent_text" if filtered else "text3", 14, filled=filtered)
            painter.drawPixmap(QPointF(place.right() - look.px(22), place.center().y() - look.px(7)), funnel)

    def frozen_width(self) -> int:
        return sum(self.sectionSize(self.logicalIndex(place)) for place in range(self.frozen))

    def frozen_sections(self) -> list[tuple[int, int]]:
        """(section, left edge) of those that are painted over the rest; none while nothing is scrolled."""
        found, x = [], 0
        for place in range(self.frozen if self.offset() > 0 else 0):
            section = self.logicalIndex(place)
            found.append((section, x))
            x += self.sectionSize(section)
        return found

    def section_at(self, x: int) -> int:
        """The section under a point, the frozen ones first."""
        for section, left in self.frozen_sections():
            if left <= x < left + self.sectionSize(section):
                return section
        return self.logicalIndexAt(x)

    def paintEvent(self, e: QPaintEvent) -> None:
        super().paintEvent(e)
        frozen = self.frozen_sections()
        if frozen:
            painter = QPainter(self.viewport())
            for section, left in frozen:
                self.paintSection(painter, QRect(left, 0, self.sectionSize(section), self.height()), section)
            painter.end()

    def section_rect(self, section: int) -> QRect:
        frozen = dict(self.frozen_sections())
        left = frozen.get(section, self.sectionViewportPosition(section))
        return QRect(left, 0, self.sectionSize(section), self.height())

    def sectionSizeFromContents(self, logicalIndex: int) -> QSize:
        """Room for the words, the arrow and the funnel."""
        words = self.headings[logicalIndex].text if logicalIndex < len(self.headings) else ""
        return QSize(look.width(words, 13, 500) + look.px(2 * PAD + 40), self.height())

    def sizes(self) -> list[tuple[int, int]]:
        """Each section from left to right with its width; the last takes what is left over."""
        order = [self.logicalIndex(place) for place in range(self.count())]
        return [(section, self.sectionSize(section)) for section in order]

    def mousePressEvent(self, e: QMouseEvent) -> None:
        self._pressed = e.position().toPoint()
        self._before = self.sizes()
        super().mousePressEvent(e)

    def mouseReleaseEvent(self, e: QMouseEvent) -> None:
        super().mouseReleaseEvent(e)
        before, self._before = self._before, []
        if before and self.sizes() != before:
            self.arranged.emit({section for section, _ in set(self.sizes()) - set(before)})
        at = e.position().toPoint()
        if self._pressed is None or (at - self._pressed).manhattanLength() > 4:
            return  # the column was dragged or resized
        section = self.section_at(at.x())
        if not 0 <= section < len(self.headings) or e.button() is not Qt.MouseButton.LeftButton:
            return
        if self.cursor().shape() is Qt.CursorShape.SplitHCursor:
            return
        heading = self.headings[section]
        if heading.tick:
            self.tick_wanted.emit()
        elif heading.filters and self._funnel(self.section_rect(section)).contains(at):
            self.filter_wanted.emit(section)
        elif heading.sorts:
            self.sort_wanted.emit(section)
