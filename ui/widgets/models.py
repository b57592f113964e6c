"""The models behind tables: they answer from memory only.

`ListingModel` holds all ids in the order shown (8 bytes each) and pages of 128 rows that were looked
at; what is missing is asked for and painted when it arrives. `SheetModel` holds its few rows itself.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from gridoffice.fields import Column, Kind
from gridoffice.values import show
from ui.widgets.cells import EMPTY, TICK, Cell
from ui.widgets.head import Heading

PAGE = 128
PAGES_KEPT = 64

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()

Dress = Callable[[Any, Any], Cell]
"""How a page shows a value in its own way: (row, value) to a cell."""


def plain_cell(field: Any, value: Any) -> Cell:
    """A value as its field says it is shown."""
    text = show(field, value)
    if field.kind is Kind.NAME:
        return Cell(text, weight=500)
    if field.sensitive is not None or field.kind is Kind.DATE:
        return Cell(text, tone="text2")
    return Cell(text, right=field.numeric)


class TableModel(QAbstractTableModel):
    """What every table's model shares: headings, ticks by id, the marked row."""

    ticks_changed = Signal()

    def __init__(self, parent: QObject | None = None, ticks: bool = False):
        super().__init__(parent)
        self.ids: array[int] = array("q")
        self.headings: list[Heading] = []
        self.offset = 1 if ticks else 0
        self._ticked: set[int] = set()
        self._whole: array[int] | None = None
        """Set while every row of these is ticked but those in `_but`."""
        self._but: set[int] = set()
        self._ticks_shown: list[int] | None = []
        self._marked: int | None = None

    # what Qt asks

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.ids)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.headings)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.ToolTipRole,
            Qt.ItemDataRole.AccessibleTextRole,
        ):
            cell = self.cell(index.row(), index.column())
            if cell is TICK:
                return "已选" if self.ticked(index.row()) else "未选"
            return f"{cell.old or '空'} → {cell.text}" if cell.changed else cell.text
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole):
        if orientation is Qt.Orientation.Horizontal and 0 <= section < len(self.headings):
            if role == Qt.ItemDataRole.DisplayRole:
                heading = self.headings[section]
                return "选择" if heading.tick else heading.text
        return None

    # what the painter asks

    def cell(self, row: int, column: int) -> Cell:
        raise NotImplementedError

    def ticked(self, row: int) -> bool:
        if self._whole is not None:
            return self.ids[row] not in self._but
        return bool(self._ticked) and self.ids[row] in self._ticked

    def marked(self, row: int) -> bool:
        return self._marked is not None and self.ids[row] == self._marked

    # ticks and the marked row

    def mark(self, number: int | None) -> None:
        """The row that is shown beside the table."""
        self._marked = number
        self.repaint_all()

    def tick(self, numbers: Iterable[int], on: bool = True) -> None:
        """Tick, or take the tick off; ticks outlive sorting and filtering."""
        held, adds = (self._ticked, on) if self._whole is None else (self._but, not on)
        (held.update if adds else held.difference_update)(numbers)
        self._ticks_moved()

    def tick_all(self) -> None:
        """Tick every row that is shown: said once, not row by row."""
        self._ticked.clear()
        self._but.clear()
        self._whole = self.ids
        self._ticks_moved()

    def _one_by_one(self) -> None:
        """Turn "all of these" into ticks of single rows, before that stops being true."""
        if self._whole is not None:
            self._ticked = set(self._whole) - self._but
            self._whole = None

    def _ticks_moved(self) -> None:
        self._ticks_shown = None
        self.ticks_changed.emit()
        self.repaint_all()

    def ticked_ids(self) -> Sequence[int]:
        """The ticked ids that are shown, in the order shown."""
        if self._ticks_shown is None:
            ticked, but = self._ticked, self._but
            if self._whole is not None:
                self._ticks_shown = [number for number in self.ids if number not in but]
            else:
                self._ticks_shown = [number for number in self.ids if number in ticked] if ticked else []
        return self._ticks_shown

    def tick_count(self) -> int:
        """How many of the rows shown are ticked."""
        return len(self.ids) - len(self._but) if self._whole is not None else len(self.ticked_ids())

    def clear_ticks(self) -> None:
        if self._ticked or self._whole is not None:
            self._ticked, self._whole = set(), None
            self._ticks_moved()

    def _show_ids(self, ids: array[int]) -> None:
        """Other rows come into sight: what was ticked stays ticked."""
        self._one_by_one()
        self.ids, self._ticks_shown = ids, None

    def repaint_all(self) -> None:
        if self.ids and self.headings:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.ids) - 1, len(self.headings) - 1))

    def copied(self, rows: Sequence[int], columns: Sequence[int]) -> str:
        """Rows as shown on screen (masked where masked), tab-separated, as Excel and WPS take it."""
        lines = ["\t".join(self.headings[column].text for column in columns)]
        for row in rows:
            lines.append("\t".join(self.cell(row, column).text for column in columns))
        return "\n".join(lines) + "\n"


class ListingModel(TableModel):
    """Rows of a `Listing`: ids in order, pages on demand through `fetch(ids, then)`."""

    arrived = Signal(object)

    def __init__(
        self,
        columns: Sequence[Column],
        fetch: Callable[[Sequence[int], Callable[[list[Any]], None]], None],
        sorts: frozenset[str],
        filters: frozenset[str],
        dress: dict[str, Dress],
        parent: QObject | None = None,
        ticks: bool = True,
    ):
        super().__init__(parent, ticks)
        self.columns = list(columns)
        self._fetch, self._dress = fetch, dress
        self._pages: OrderedDict[int, list[Any]] = OrderedDict()
        self._wanted: set[int] = set()
        self._generation = 0
        if ticks:
            self.headings.append(Heading("", tick=True))
        for column in self.columns:
            self.headings.append(
                Heading(
                    column.field.label,
                    right=column.field.numeric,
                    sorts=column.name in sorts,
                    filters=column.name in filters,
                )
            )

    def take(self, ids: array[int], start: int = 0, rows: Sequence[Any] = ()) -> None:
        """Show other ids, or the same anew; `rows` are those from `start` on, where a page begins."""
        self.beginResetModel()
        self._show_ids(ids)
        self.forget()
        self._keep(start // PAGE, rows)
        self.endResetModel()
        self.arrived.emit(rows)

    def take_first(self, ids: array[int], rows: list[Any]) -> None:
        """Show the first rows of a new order at once; whoever comes after them is not known yet."""
        unknown = array("q", [0]) * max(0, len(self.ids) - len(ids))
        self.beginResetModel()
        self._show_ids(ids + unknown)
        self.forget()
        self._keep(0, rows)
        self._wanted.update(range(1, len(self.ids) // PAGE + 1))
        self.endResetModel()
        self.arrived.emit(rows)

    def forget(self) -> None:
        """Drop the rows that were read; they are asked for again when painted."""
        self._generation += 1
        self._pages.clear()
        self._wanted.clear()

    def row_at(self, row: int) -> Any | None:
        """The row's values if they are here; asks for them if not."""
        page = row // PAGE
        found = self._pages.get(page)
        if found is not None:
            self._pages.move_to_end(page)
            return found[row - page * PAGE] if row - page * PAGE < len(found) else None
        self._want(page)
        return None

    def _want(self, page: int) -> None:
        if page in self._wanted:
            return
        self._wanted.add(page)
        generation = self._generation
        numbers = self.ids[page * PAGE : (page + 1) * PAGE]

        def arrived(rows: list[Any]) -> None:
            if generation == self._generation:
                self._arrived(page, rows)

        self._fetch(numbers, arrived)

    def _keep(self, page: int, rows: Sequence[Any]) -> None:
        """Hold the rows of a page and of those after it; of too many pages the longest unseen go."""
        for start in range(0, len(rows), PAGE):
            here = page + start // PAGE
            self._wanted.discard(here)
            self._pages[here] = [(value, [None] * len(self.columns)) for value in rows[start : start + PAGE]]
        while len(self._pages) > PAGES_KEPT:
            self._pages.popitem(last=False)

    def _arrived(self, page: int, rows: list[Any]) -> None:
        self._keep(page, rows)
        self.arrived.emit(rows)
        first, last = page * PAGE, min((page + 1) * PAGE, len(self.ids)) - 1
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.headings) - 1))

    def cell(self, row: int, column: int) -> Cell:
        if column < self.offset:
            return TICK
        entry = self.row_at(row)
        if entry is None:
            return EMPTY
        values, cells = entry
        place = column - self.offset
        found = cells[place]
        if found is None:
            what = self.columns[place]
            value = getattr(values, what.name)
            dress = self._dress.get(what.name)
            found = cells[place] = dress(values, value) if dress else plain_cell(what.field, value)
        return found

    def here(self, row: int) -> bool:
        """Whether a row has been read."""
        return row // PAGE in self._pages

    def redress(self) -> None:
        """What rows say of themselves has changed: their cells are made anew when painted."""
        for rows in self._pages.values():
            for _, cells in rows:
                cells[:] = [None] * len(cells)
        self.repaint_all()

    def change(self, row: int, values: Any) -> None:
        """Show other values in a row before the database answers."""
        page = self._pages.get(row // PAGE)
        if page is not None and row % PAGE < len(page):
            page[row % PAGE] = (values, [None] * len(self.columns))
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.headings) - 1))

    def values(self, row: int) -> Any | None:
        """The frozen row behind a line of the table, if it is here."""
        entry = self.row_at(row)
        return entry[0] if entry is not None else None


class SheetModel(TableModel):
    """A few rows that are held here: (id, cells) each."""

    def __init__(self, headings: Sequence[Heading], parent: QObject | None = None, ticks: bool = False):
        super().__init__(parent, ticks)
        self.headings = ([Heading("", tick=True)] if ticks else []) + list(headings)
        self.lines: list[Sequence[Cell]] = []

    def take(
        self, rows: Sequence[tuple[int, Sequence[Cell]]], headings: Sequence[Heading] | None = None
    ) -> None:
        self.beginResetModel()
        if headings is not None:
            self.headings = ([Heading("", tick=True)] if self.offset else []) + list(headings)
        self._show_ids(array("q", [number for number, _ in rows]))
        self.lines = [cells for _, cells in rows]
        self.endResetModel()

    def cell(self, row: int, column: int) -> Cell:
        if column < self.offset:
            return TICK
        cells = self.lines[row]
        place = column - self.offset
        return cells[place] if place < len(cells) else EMPTY
