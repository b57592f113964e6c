"""The table of a file under review: what is wrong stands under the row, with the way out of it.

Arrows go from row to row, F8 from one trouble to the next; a cell is typed over as in Excel
(`preview_typing`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem

from gridoffice.fields import Column
from gridoffice.intake import Planned
from gridoffice.review import Lines, Question
from ui.theme import look
from ui.widgets.cells import PAD, Cell, CellPainter
from ui.widgets.models import Index
from ui.widgets.preview import Fetch, Fixes, PreviewModel
from ui.widgets.table import Table
from ui.widgets.widths import NEVER_CUT

OUTCOME, NUMBER = 92, 64
"""Widths of the columns of the outcome and of the row number."""
SHEET = 160
"""So wide is the column of the sheet's name at most."""
WIDEST = 300
INDENT = 110
"""Where the line below a row begins, in design pixels."""
INLINE = 3
"""So many short answers stand in the line itself; more are chosen from a list."""
SHORT = 10


@dataclass(frozen=True, slots=True)
class Link:
    """A way out of a trouble: its words, and the answer it gives (None: opens the cell or the list)."""

    words: str
    question: Question | None = None
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the line below a row: where it stands in the viewport, and the link it is."""

    text: str
    left: int
    width: int
    link: Link | None = None


class PreviewPainter(CellPainter):
    """Paints the lines below rows across the whole width, and marks cells that were typed over."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view = self.parent()
        assert isinstance(view, PreviewTable)
        place = QRectF(option.rect)  # type: ignore[attr-defined]
        cell = view.sheet.cell(index.row(), index.column())
        if cell.message:
            self._paint_message(painter, view, place, cell, index)
            return
        super().paint(painter, option, index)
        if view.sheet.fixed(index.row(), index.column()):
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("accent_text"))
            corner, side = place.adjusted(0, 0, -1, 0).topRight(), look.px(8)
            painter.drawPolygon(QPolygonF([corner, corner - QPointF(side, 0), corner + QPointF(0, side)]))
            painter.restore()

    def _paint_message(
        self, painter: QPainter, view: PreviewTable, place: QRectF, cell: Cell, index: Index
    ) -> None:
        painter.save()
        painter.setClipRect(place)
        known = bool(cell.text)
        painter.fillRect(place, look.color(f"{cell.tone}_bg" if known else "surface"))
        painter.setPen(look.color("line"))
        painter.drawLine(
            QPointF(place.left(), place.bottom() - 1), QPointF(place.right(), place.bottom() - 1)
        )
        if index.column() == 0 and known:
            painter.fillRect(QRectF(place.left(), place.top(), 3, place.height() - 1), look.color(cell.tone))
        middle = Qt.AlignmentFlag.AlignVCenter
        for piece in view.pieces(index.row()):
            painter.setPen(look.color("accent_text" if piece.link else cell.tone))
            font = look.font(13, 500 if piece.link else 400)
            if piece.link:
                font = type(font)(font)
                font.setUnderline(True)
            painter.setFont(font)
            room = QRectF(piece.left, place.top(), piece.width + 2, place.height() - 1)
            painter.drawText(room, middle, piece.text)
        painter.restore()


class PreviewTable(Table):
    """All rows of a file with what becomes of them."""

    answered = Signal(object, str)
    """A question and its answer, chosen in a row."""
    asked = Signal(object, object)
    """A question whose answers are to be listed, and where (a rectangle of the viewport)."""
    edit_wanted = Signal()

    def __init__(self, fetch: Fetch) -> None:
        self.sheet = PreviewModel(fetch)
        self.question_of: Callable[[Planned], Question | None] = lambda _planned: None
        super().__init__(self.sheet, grid=True, cursor=True, name="导入核对")
        self.sheet.setParent(self)
        self.painter = PreviewPainter(self, grid=True, cursor=True)
        self.setItemDelegate(self.painter)
        self.settled = False
        """Set once the file is written: what was wrong is told, and there is no way out of it here."""
        self._measured = False
        self._land = 0
        self._pieces: dict[int, list[Piece]] = {}
        """Of the lines painted just now: each of their cells asks for them."""
        self.sheet.arrived.connect(self._came)
        self.verticalScrollBar().valueChanged.connect(lambda _: self._measured and self._came())
        self.freeze(self.sheet.first + 1)

    # showing

    def show_lines(self, lines: Lines, columns: Sequence[Column], sheets: Sequence[str] = ()) -> None:
        """Show other lines; the row and the place on screen stay where they were if they are there."""
        at = self.currentIndex()
        number = self.sheet.ids[at.row()] if at.isValid() and at.row() < len(self.sheet.ids) else None
        above = at.row() - self.verticalScrollBar().value() if at.isValid() else 0
        before = self.sheet.columns, self.sheet.sheets
        self.sheet.show_lines(lines, columns, sheets)
        self._measured = self._measured and (self.sheet.columns, self.sheet.sheets) == before
        self.head.frozen = self.sheet.first + 1
        self.relook()
        if not self._measured:
            named = [self._named(self.sheet.sheets)] if self.sheet.sheets else []
            self.set_widths([OUTCOME, *named, NUMBER, *(self._least(what) for what in columns)])
        if number is not None and number in self.sheet.ids:
            place = self.sheet.ids.index(number)
            self.verticalScrollBar().setValue(max(0, place - above))
            self.setCurrentIndex(self.sheet.index(place, max(at.column(), 0)))
        self.viewport().update()

    def outdate(self, fixes: Fixes) -> None:
        """The file was planned anew."""
        self.sheet.outdate(fixes)

    def let_go(self) -> None:
        self._measured = False
        self.sheet.let_go()

    @staticmethod
    def _least(what: Column) -> float:
        return max(64.0, look.width(what.field.label, 13, 500) / look.scale + 2 * PAD + 4)

    @staticmethod
    def _named(sheets: Sequence[str]) -> float:
        widest = max(look.width(one, 14, 500) for one in sheets) / look.scale
        return min(max(widest + 2 * PAD + 4, NUMBER), SHEET)

    def _seen(self) -> Iterator[int]:
        """The lines in sight that are rows."""
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        for place in range(max(first, 0), (last if last >= 0 else len(self.sheet.ids) - 1) + 1):
            if self.sheet.is_row(place):
                yield place

    def _came(self) -> None:
        """Rows came into sight: the first of them decide how wide the columns are; later ones only
        widen what is never cut."""
        for place, what in enumerate(self.sheet.columns):
            if self._measured and what.field.kind not in NEVER_CUT:
                continue
            cells = [self.sheet.cell(row, place + self.sheet.first) for row in self._seen()]
            need = max((self._need(cell) for cell in _longest(cells)), default=0)
            need = min(max(need, look.px(self._least(what))), look.px(WIDEST))
            if need > self.columnWidth(place + self.sheet.first) or not self._measured:
                self.setColumnWidth(place + self.sheet.first, need)
        self._measured = self._measured or any(True for _ in self._seen())
        self._widths = [self.columnWidth(place) / look.scale for place in range(len(self.sheet.headings))]

    @staticmethod
    def _need(cell: Cell) -> int:
        need = look.width(cell.text, 14, 500) + look.px(2 * PAD + 4)
        if cell.changed:
            return need + look.width(cell.old or "空", 13) + look.px(28)
        return need + (look.px(24) if cell.wrong else 0)

    # the line below a row

    def links(self, planned: Planned) -> list[Link]:
        """The ways out of what is wrong with a row."""
        if self.settled:
            return []
        question = self.question_of(planned)
        if question is not None and question.answer is None:
            choices = question.choices
            if len(choices) <= INLINE and all(len(one.words) <= SHORT for one in choices):
                return [Link(one.words, question, one.answer) for one in choices]
            return [Link("选一个（Alt+↓）", question)]
        return [Link("改这一格")] if self.wrong_column(planned) is not None else []

    def wrong_column(self, planned: Planned) -> int | None:
        """The first column in which something is wrong."""
        wrong = {problem.field for problem in planned.problems}
        return next(
            (
                place + self.sheet.first
                for place, what in enumerate(self.sheet.columns)
                if what.field.label in wrong
            ),
            None,
        )

    def paintEvent(self, e: QPaintEvent) -> None:
        self._pieces.clear()
        super().paintEvent(e)

    def pieces(self, place: int) -> list[Piece]:
        """The words and the links of the line below a row, where they stand in the viewport."""
        found = self._pieces.get(place)
        if found is None:
            found = self._pieces[place] = self._laid_out(place)
        return found

    def _laid_out(self, place: int) -> list[Piece]:
        planned = self.sheet.row_at(place)
        if planned is None:
            return []
        links = [(link, look.width(link.words, 13, 500)) for link in self.links(planned)]
        gap = look.px(16)
        room = self.viewport().width() - look.px(INDENT + PAD) - sum(wide + gap for _, wide in links)
        text = self.sheet.cell(place, 0).text
        shown = look.metrics(13).elidedText(text, Qt.TextElideMode.ElideRight, max(room, look.px(60)))
        x, wide = look.px(INDENT), look.width(shown, 13)
        found = [Piece(shown, x, wide)]
        x += wide + gap
        for link, wide in links:
            found.append(Piece(link.words, x, wide, link))
            x += wide + gap
        return found

    def _link_at(self, at: QPoint) -> tuple[int, Piece] | None:
        place = self.rowAt(at.y())
        if place < 0 or self.sheet.is_row(place):
            return None
        reach = look.px(4)
        for piece in self.pieces(place):
            if piece.link and piece.left - reach <= at.x() <= piece.left + piece.width + reach:
                return place, piece
        return None

    def follow(self, place: int, link: Link, where: QRect) -> None:
        """Do what a link says for the row of this line."""
        row = place if self.sheet.is_row(place) else place - 1
        planned = self.sheet.row_at(row)
        if link.question is not None and link.answer is not None:
            self.answered.emit(link.question, link.answer)
        elif link.question is not None:
            self.asked.emit(link.question, where)
        elif planned is not None and (column := self.wrong_column(planned)) is not None:
            self.setCurrentIndex(self.sheet.index(row, column))
            self.edit_wanted.emit()

    def ask_here(self) -> bool:
        """List the answers to what the current row asks; False when it asks nothing."""
        at = self.currentIndex()
        planned = self.sheet.row_at(at.row()) if at.isValid() else None
        question = self.question_of(planned) if planned is not None else None
        if question is None:
            return False
        self.asked.emit(question, self.visualRect(at))
        return True

    # mouse and keyboard

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        place = self.rowAt(at.y())
        if place < 0 or self.sheet.is_row(place):
            super().mousePressEvent(event)
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        found = self._link_at(at)
        if found is not None and found[1].link is not None:
            place, piece = found
            where = QRect(piece.left, self.rowViewportPosition(place), piece.width, self.rowHeight(place))
            self.follow(place, found[1].link, where)
        else:
            self.setCurrentIndex(self.sheet.index(place - 1, max(self.currentIndex().column(), 0)))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        over = self._link_at(event.position().toPoint()) is not None
        shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor
        if self.viewport().cursor().shape() is not shape:
            self.viewport().setCursor(shape)

    def moveCursor(
        self, cursorAction: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Lines below rows are passed over."""
        target = super().moveCursor(cursorAction, modifiers)
        place = target.row()
        if not target.isValid() or self.sheet.is_row(place):
            return target
        downwards = place > self.currentIndex().row() and place + 1 < len(self.sheet.ids)
        return self.sheet.index(place + (1 if downwards else -1), target.column())

    def next_row(self, place: int, step: int) -> int:
        """The line of the next row; the same line where there is none."""
        onward = place + step
        while 0 <= onward < len(self.sheet.ids) and not self.sheet.is_row(onward):
            onward += step
        return onward if 0 <= onward < len(self.sheet.ids) else place

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if alt and event.key() == Qt.Key.Key_Down and self.ask_here():
            return
        super().keyPressEvent(event)

    def go_trouble(self, step: int) -> bool:
        """To the next row that needs the clerk, at the cell that is wrong; False when none does."""
        place = self.sheet.trouble_from(self.currentIndex().row(), step)
        if place is None:
            return False
        self.land(place)
        return True

    def land(self, place: int) -> None:
        """To a row, at the cell that is wrong."""
        self.setCurrentIndex(self.sheet.index(place, max(self.currentIndex().column(), self.sheet.first)))
        self.scrollTo(self.currentIndex())
        self._land += 1
        self._land_at_wrong(place, self._land)

    def _land_at_wrong(self, place: int, turn: int) -> None:
        """The cell that is wrong is known once the row is here."""
        if turn != self._land or self.currentIndex().row() != place:
            return
        planned = self.sheet.row_at(place)
        if planned is None:
            QTimer.singleShot(20, self, lambda: self._land_at_wrong(place, turn))
            return
        column = self.wrong_column(planned)
        if column is not None:
            index = self.sheet.index(place, column)
            self.setCurrentIndex(index)
            self.scrollTo(index)
        if place + 1 < len(self.sheet.ids) and not self.sheet.is_row(place + 1):
            self.scrollTo(self.sheet.index(place + 1, self.currentIndex().column()))


def _longest(cells: Sequence[Cell]) -> list[Cell]:
    """Of each kind of cell the one with the longest text."""
    found: dict[tuple[bool, bool], Cell] = {}
    for cell in cells:
        kind = cell.changed, cell.wrong
        length = len(cell.text) + len(cell.old or "")
        if kind not in found or length > len(found[kind].text) + len(found[kind].old or ""):
            found[kind] = cell
    return list(found.values())
