"""The table of a page: 150,000 rows, one painter, no widget per row.

Keys as in Excel, ticks by id, copying as shown, widths in design pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QGuiApplication, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem, QTableView, QToolTip

from ui.theme import look
from ui.widgets.cells import PAD, TICK, CellPainter
from ui.widgets.head import Head
from ui.widgets.models import Index, TableModel


class Table(QTableView):
    """The view. Keys as in Excel: arrows, Ctrl+A, Ctrl+C, Space ticks, Enter opens."""

    opened = Signal(int)
    current = Signal(int)
    filter_key = Signal(int)

    def __init__(self, model: TableModel, grid: bool = False, cursor: bool = False, name: str = ""):
        super().__init__()
        self._model = model
        self.head = Head(self, grid)
        self.painter = CellPainter(self, grid, cursor)
        self._anchor: int | None = None
        self.copying: Callable[[], None] = self.copy
        """What Ctrl+C does."""
        self._widths: list[float] = []
        self.setModel(model)
        self.setHorizontalHeader(self.head)
        self.setItemDelegate(self.painter)
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.verticalHeader().hide()
        self.head.tick_wanted.connect(self.tick_all)
        model.ticks_changed.connect(self._show_ticks)
        model.modelReset.connect(self._show_ticks)
        self.relook()

    # sizes

    def relook(self) -> None:
        self.head.headings = self._model.headings
        self.head.relook()
        sections = self.verticalHeader()
        sections.setMinimumSectionSize(look.px(20))
        sections.setDefaultSectionSize(look.px(32))
        self._apply_widths()

    def sizeHintForColumn(self, column: int) -> int:
        """As wide as what is in sight (a double click on the edge of a heading asks)."""
        last = self.rowAt(self.viewport().height() - 1)
        seen = range(max(0, self.rowAt(0)), (last if last >= 0 else len(self._model.ids) - 1) + 1)
        texts = (self._model.cell(row, column).text for row in seen)
        return look.width(max(texts, key=len, default=""), 14, 500) + look.px(2 * PAD + 24)

    def set_widths(self, widths: Sequence[float]) -> None:
        """Widths in design pixels, the tick column's included."""
        self._widths = list(widths)
        self._apply_widths()

    def widths(self) -> list[float]:
        """The widths that were set, in design pixels; a name in sight may have made its column wider."""
        return self._widths

    def _apply_widths(self) -> None:
        for place, width in enumerate(self._widths[: self._model.columnCount()]):
            self.setColumnWidth(place, look.px(width))

    # the columns that stay in sight

    def freeze(self, columns: int) -> None:
        """Keep so many columns at the left in sight (the tick box and the name)."""
        self.head.frozen = columns
        self.horizontalScrollBar().valueChanged.connect(lambda _: self.head.viewport().update())

    def paintEvent(self, e: QPaintEvent) -> None:
        super().paintEvent(e)
        frozen = self.head.frozen_sections()
        if not frozen or not self._model.ids:
            return
        painter = QPainter(self.viewport())
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        for place in range(max(first, 0), (last if last >= 0 else len(self._model.ids) - 1) + 1):
            top, tall = self.rowViewportPosition(place), self.rowHeight(place)
            for section, left in frozen:
                option.rect = QRect(left, top, self.columnWidth(section), tall)  # type: ignore[attr-defined]
                self.painter.paint(painter, option, self._model.index(place, section))
        painter.setPen(look.color("line_strong"))
        edge = self.head.frozen_width() - 1
        painter.drawLine(edge, 0, edge, self.viewport().height())
        painter.end()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        if self.head.frozen:
            self.viewport().update()  # the frozen columns were moved along with the rest

    def indexAt(self, pos: QPoint) -> QModelIndex:
        for section, left in self.head.frozen_sections():
            if left <= pos.x() < left + self.columnWidth(section):
                return self._model.index(self.rowAt(pos.y()), section)
        return super().indexAt(pos)

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        super().scrollTo(index, hint)
        if index.column() not in [section for section, _ in self.head.frozen_sections()]:
            hidden = self.head.frozen_width() - self.visualRect(index).left()
            bar = self.horizontalScrollBar()
            if hidden > 0 and bar.value() > 0:
                bar.setValue(bar.value() - hidden)

    # ticks

    def tick_all(self) -> None:
        """Tick everything that is shown, or nothing if everything is."""
        model = self._model
        if model.tick_count() == len(model.ids):
            model.clear_ticks()
        else:
            model.tick_all()

    def _show_ticks(self) -> None:
        ticked, shown = self._model.tick_count(), len(self._model.ids)
        self.head.ticks = "" if not ticked else "check" if ticked == shown else "minus"
        self.head.viewport().update()

    def _tick_to(self, place: int) -> None:
        anchor = self._anchor if self._anchor is not None else place
        low, high = sorted((anchor, place))
        self._model.tick(self._model.ids[low : high + 1])

    def _flip(self, place: int) -> None:
        self._anchor = place
        self._model.tick([self._model.ids[place]], not self._model.ticked(place))

    # mouse and keyboard

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        super().mousePressEvent(event)
        if not index.isValid() or event.button() is not Qt.MouseButton.LeftButton:
            return
        held = event.modifiers()
        if self._model.cell(index.row(), index.column()) is TICK:
            self._tick_to(index.row()) if held & Qt.KeyboardModifier.ShiftModifier else self._flip(
                index.row()
            )
        elif self._model.offset and held & Qt.KeyboardModifier.ShiftModifier:
            self._tick_to(index.row())
        elif self._model.offset and held & Qt.KeyboardModifier.ControlModifier:
            self._flip(index.row())
        else:
            self._anchor = index.row()
            self.opened.emit(self._model.ids[index.row()])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(event.position().toPoint().y()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, place: int) -> None:
        if place != self.painter.hovered:
            self.painter.hovered = place
            self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, held = event.key(), event.modifiers()
        ctrl = bool(held & Qt.KeyboardModifier.ControlModifier)
        index = self.currentIndex()
        if ctrl and key == Qt.Key.Key_A and self._model.offset:
            self._model.tick_all()
        elif ctrl and key == Qt.Key.Key_C:
            self.copying()
        elif ctrl and key in (Qt.Key.Key_Home, Qt.Key.Key_End) and self._model.ids:
            self.go(0 if key == Qt.Key.Key_Home else len(self._model.ids) - 1)
        elif key == Qt.Key.Key_Space and index.isValid() and self._model.offset:
            self._flip(index.row())
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            self.opened.emit(self._model.ids[index.row()])
        elif key == Qt.Key.Key_Down and held & Qt.KeyboardModifier.AltModifier and index.isValid():
            self.filter_key.emit(index.column())
        else:
            super().keyPressEvent(event)

    def go(self, place: int) -> None:
        """Move to a row, keeping the column; at first to the one that stands first on screen."""
        at = self.currentIndex().column()
        if at < self._model.offset:
            at = next(iter(self.shown_columns()), self._model.offset)
        self.setCurrentIndex(self._model.index(place, at))
        self.scrollTo(self.currentIndex())

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        if current.isValid() and current.row() != previous.row():
            self.current.emit(self._model.ids[current.row()])

    def shown_columns(self) -> list[int]:
        """The columns after the tick box, in the order in which they stand on screen."""
        order = [self.head.logicalIndex(place) for place in range(self._model.columnCount())]
        return [place for place in order if place >= self._model.offset and not self.isColumnHidden(place)]

    def copy(self) -> None:
        """The current row to the clipboard as it is shown, with its headings."""
        if self.currentIndex().isValid():
            text = self._model.copied([self.currentIndex().row()], self.shown_columns())
            QGuiApplication.clipboard().setText(text)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._whole_text(event)
            return True
        return super().viewportEvent(event)

    def _whole_text(self, event: QHelpEvent) -> None:
        """The whole text of a cell that is cut."""
        index = self.indexAt(event.pos())
        text = self._model.data(index) if index.isValid() else None
        room = self.columnWidth(index.column()) - look.px(20) if index.isValid() else 0
        if text and look.width(text) > room:
            QToolTip.showText(event.globalPos(), text, self)
        else:
            QToolTip.hideText()
