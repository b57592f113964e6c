"""A block of cells as in Excel: chosen with Shift and arrows or the mouse, copied as it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent

from ui.widgets.listing_table import ListingTable
from ui.widgets.models import PAGE, PAGES_KEPT

MOVES = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}


@dataclass(frozen=True, slots=True)
class Figures:
    """How many cells are chosen, and the numbers in them; none while a row of them was not read."""

    cells: int
    numbers: tuple[int | Decimal, ...]


class Block(QObject):
    """The cells of a table that are chosen together: at least the current one."""

    def __init__(self, table: ListingTable):
        super().__init__(table)
        self.table, self.view, self.model = table, table.view, table.model
        self._anchor: tuple[int, int] | None = None
        table.block = self.block
        self.view.installEventFilter(self)
        self.view.viewport().installEventFilter(self)
        self.model.modelAboutToBeReset.connect(self.forget)

    def at(self) -> tuple[int, int]:
        index = self.view.currentIndex()
        return index.row(), index.column()

    def block(self) -> tuple[range, range]:
        """Rows and columns that are chosen: at least the current cell."""
        row, column = self.at()
        top, left = self._anchor or (row, column)
        return (
            range(min(top, row), max(top, row) + 1),
            range(min(left, column), max(left, column) + 1),
        )

    def figures(self) -> Figures:
        """What is chosen, for the status line. Of more rows than are held here only the cells count."""
        rows, columns = self.block()
        found: list[int | Decimal] = []
        if len(rows) > PAGE * PAGES_KEPT or not all(map(self.model.here, rows)):
            return Figures(len(rows) * len(columns), ())
        names = [self.model.columns[place - self.model.offset].name for place in columns]
        for row in rows:
            values = self.model.values(row)
            for name in names:
                value = getattr(values, name)
                if isinstance(value, int | Decimal) and not isinstance(value, bool):
                    found.append(value)
        return Figures(len(rows) * len(columns), tuple(found))

    def go(self, row: int, column: int, keep: bool = False) -> None:
        """To a cell; with `keep` the block grows, else it is that cell."""
        row = max(0, min(row, len(self.model.ids) - 1))
        column = max(self.model.offset, min(column, len(self.model.headings) - 1))
        self._anchor = (self._anchor or self.at()) if keep else None
        index = self.model.index(row, column)
        self.view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.view.scrollTo(index)
        self.show()

    def choose_all(self) -> None:
        """Every cell; the current one stays where it is looked at."""
        if self.model.ids:
            self.go(0, self.model.offset)
            self._anchor = (len(self.model.ids) - 1, len(self.model.headings) - 1)
            self.show()

    def show(self) -> None:
        self.view.painter.block = self.block() if self._anchor is not None else None
        self.view.viewport().update()
        self.table.chosen.emit()

    def forget(self) -> None:
        self._anchor = self.view.painter.block = None

    # keys and mouse

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and watched is self.view:
            return self.key(event)
        if isinstance(event, QMouseEvent) and watched is self.view.viewport():
            return self.mouse(event)
        return False

    def key(self, event: QKeyEvent) -> bool:
        """Move, grow the block, choose all; True when the key was taken."""
        key, held = Qt.Key(event.key()), event.modifiers()
        row, column = self.at()
        if row < 0:
            return False
        if held & Qt.KeyboardModifier.ControlModifier:
            if key != Qt.Key.Key_A:
                return False
            self.choose_all()
        elif key in MOVES and not held & Qt.KeyboardModifier.AltModifier:
            down, along = MOVES[key]
            self.go(row + down, column + along, bool(held & Qt.KeyboardModifier.ShiftModifier))
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self.go(row, column + (1 if key == Qt.Key.Key_Tab else -1))
        else:
            return False
        return True

    def mouse(self, event: QMouseEvent) -> bool:
        """Shift or dragging grows the block; a plain click is the table's own."""
        index = self.view.indexAt(event.position().toPoint())
        if not index.isValid():
            return False
        pressed = event.type() is QEvent.Type.MouseButtonPress and event.button() is Qt.MouseButton.LeftButton
        dragged = event.type() is QEvent.Type.MouseMove and event.buttons() & Qt.MouseButton.LeftButton
        if dragged or (pressed and event.modifiers() & Qt.KeyboardModifier.ShiftModifier):
            if (index.row(), index.column()) != self.at():
                self.view.setFocus()
                self.go(index.row(), index.column(), keep=True)
            return True
        if pressed and self._anchor is not None:
            self.forget()
            self.view.viewport().update()
            self.table.chosen.emit()
        return False
