"""The rows of a file under review: lines in order, rows asked for as they come into sight.

The model holds one number a line and keeps the rows that were looked at; the file itself stays in the
worker process. Rows that are planned anew stay on screen as they were until the new ones are here.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal

from gridoffice.fields import Column, Field, Kind
from gridoffice.intake import Outcome, Planned
from gridoffice.review import NEED_THE_CLERK, Lines
from gridoffice.spreadsheet.taking import RowKey
from gridoffice.values import show
from ui.widgets.cells import EMPTY, Cell
from ui.widgets.head import Heading
from ui.widgets.models import NOWHERE, PAGE, Index, TableModel

BADGE = {
    Outcome.NEW: "new",
    Outcome.UPDATED: "update",
    Outcome.UNCHANGED: "same",
    Outcome.CONFLICT: "conflict",
    Outcome.ERROR: "err",
    Outcome.SKIPPED: "mute",
}
ROWS_KEPT = 64 * PAGE
ON_THE_WAY = 2
"""So many pages are asked for at once; whoever drags the scroll bar waits only for where he stops."""

FOLLOWED = 4
"""So many rows that came to something else are followed line by line; more are listed anew."""

COMING = Cell("…", tone="text3")
BLANK_MESSAGE = Cell(message=True)

Fixes = Mapping[RowKey, Mapping[str, str]]
Fetch = Callable[[Sequence[int], Callable[[list[Planned]], None], Callable[[], None]], None]
"""Asks for rows by position: (positions, then, lost)."""


@dataclass(slots=True)
class _Row:
    """A row that was looked at, its cells as far as they were painted, and how old it is."""

    planned: Planned
    cells: list[Cell | None]
    generation: int


def cell_of(field: Field, planned: Planned, name: str) -> Cell:
    """One cell of a row: wrong, changed, or as it is."""
    if any(problem.field == field.label for problem in planned.problems):
        text = planned.texts.get(name, "") or "空"
        severe = planned.outcome in NEED_THE_CLERK
        return Cell(text, wrong=severe, tone="text" if planned.outcome is Outcome.ERROR else "warn")
    if name in planned.changes and planned.outcome in (Outcome.UPDATED, Outcome.CONFLICT):
        old, new = planned.changes[name]
        return Cell(show(field, new) or "空", old=show(field, old), changed=True)
    text = show(field, planned.values.get(name))
    if not text and planned.problems:
        text = planned.texts.get(name, "")
    weight = 500 if field.kind is Kind.NAME else 400
    muted = planned.outcome in (Outcome.UNCHANGED, Outcome.SKIPPED)
    return Cell(text, weight=weight, right=field.numeric, tone="text2" if muted else "text")


def told(planned: Planned) -> Cell:
    """The line below a row that says what is wrong with it."""
    tone = "err" if planned.outcome is Outcome.ERROR else "warn"
    words = "　".join(dict.fromkeys(problem.message for problem in planned.problems))
    return Cell(words, tone=tone, message=True)


def _place_in_list(planned: Planned) -> tuple[bool, bool]:
    """What decides which lines a row has: whether something is told below it, whether F8 stops there."""
    return bool(planned.problems), planned.outcome in NEED_THE_CLERK


class PreviewModel(TableModel):
    """Lines of a file under review; `ids` holds `+(position + 1)` for a row and `-(position + 1)` for
    the line below it."""

    arrived = Signal()
    stirred = Signal()
    """So many rows came to something else that their lines are to be asked for anew."""

    def __init__(self, fetch: Fetch) -> None:
        super().__init__()
        self._fetch = fetch
        self.columns: tuple[Column, ...] = ()
        self.sheets: tuple[str, ...] = ()
        """The sheets that rows came from, when there are several: a row number alone would not tell."""
        self.troubles: array[int] = array("q")
        self.fixes: Fixes = {}
        self._rows: OrderedDict[int, _Row] = OrderedDict()
        self._wanted: set[int] = set()
        self._pages = 0
        self._generation = 0
        self._edition = 0

    # what is shown

    @property
    def first(self) -> int:
        """Before the ledger's columns stand the outcome, the sheet if there are several, and Excel's
        row number."""
        return 3 if self.sheets else 2

    def show_lines(self, lines: Lines, columns: Sequence[Column], sheets: Sequence[str] = ()) -> None:
        """Show other lines. Rows that were looked at are kept as long as the columns are the same."""
        self.beginResetModel()
        sheets = tuple(sheets) if len(sheets) > 1 else ()
        if (tuple(columns), sheets) != (self.columns, self.sheets):
            self.columns, self.sheets = tuple(columns), sheets
            self._rows.clear()
        self.headings = [Heading("结果"), *([Heading("表")] if sheets else []), Heading("行", right=True)]
        self.headings += [Heading(what.field.label, right=what.field.numeric) for what in columns]
        self.troubles = lines.troubles
        self._show_ids(lines.entries)
        self.endResetModel()

    def outdate(self, fixes: Fixes) -> None:
        """The file was planned anew: rows on screen are asked for again, and stay until they come."""
        self.fixes = fixes
        self._generation += 1
        self._wanted.clear()
        self._pages = 0
        self.repaint_all()

    def let_go(self) -> None:
        """Another file: nothing of the one before is kept."""
        self._rows.clear()
        self._edition += 1
        self.show_lines(Lines(array("q"), array("q")), ())
        self.outdate({})

    def row_at(self, place: int) -> Planned | None:
        """The row a line belongs to, if it is here; asks for it if not."""
        held = self._held(place)
        return held.planned if held is not None else None

    def is_row(self, place: int) -> bool:
        """Whether a line is a row, not the line below one."""
        return 0 <= place < len(self.ids) and self.ids[place] > 0

    def field_at(self, column: int) -> Column | None:
        """The ledger's column at a place of the table."""
        return self.columns[column - self.first] if 0 <= column - self.first < len(self.columns) else None

    def fixed(self, place: int, column: int) -> bool:
        """Whether the clerk typed over this cell."""
        what, held = self.field_at(column), self._rows.get(abs(self.ids[place]) - 1)
        if what is None or held is None or not self.is_row(place):
            return False
        return what.name in self.fixes.get(held.planned.key, {})

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole):
        found = super().data(index, role)
        if role != Qt.ItemDataRole.DisplayRole and found and self.fixed(index.row(), index.column()):
            return f"{found}（改过）"
        return found

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Cells of the ledger can be typed into: only then an input method composes over them."""
        typed = self.is_row(index.row()) and self.field_at(index.column()) is not None
        return super().flags(index) | (Qt.ItemFlag.ItemIsEditable if typed else Qt.ItemFlag.NoItemFlags)

    def cell(self, row: int, column: int) -> Cell:
        held = self._held(row)
        if self.ids[row] < 0:
            return told(held.planned) if held is not None else BLANK_MESSAGE
        if held is None:
            return COMING if column == self.first else EMPTY
        if column >= len(held.cells):
            return EMPTY
        found = held.cells[column]
        if found is None:
            found = held.cells[column] = self._make(held.planned, column)
        return found

    def _make(self, planned: Planned, column: int) -> Cell:
        if column == 0:
            return Cell(planned.outcome.label, badge=BADGE[planned.outcome])
        if column < self.first - 1:
            return Cell(planned.sheet, tone="text2")
        if column < self.first:
            return Cell(str(planned.number), right=True, tone="text2")
        what = self.columns[column - self.first]
        return cell_of(what.field, planned, what.name)

    # rows on their way

    def _held(self, place: int) -> _Row | None:
        position = abs(self.ids[place]) - 1
        found = self._rows.get(position)
        if found is None or found.generation != self._generation:
            self._want(place, position)
        return found

    def _want(self, place: int, position: int) -> None:
        if position in self._wanted or self._pages >= ON_THE_WAY:
            return  # asked for already, or asked for again when it is painted after the next page came
        first = place // PAGE * PAGE
        around = dict.fromkeys(abs(entry) - 1 for entry in self.ids[first : first + PAGE])
        wanted = [one for one in around if one not in self._wanted and self._old(one)]
        self._wanted.update(wanted)
        self._pages += 1
        generation, edition = self._generation, self._edition

        def arrived(rows: list[Planned]) -> None:
            if generation == self._generation:
                self._pages -= 1
                self._wanted.difference_update(wanted)
            if edition == self._edition:
                self._arrived(wanted, rows, generation, first)

        def lost() -> None:
            if generation == self._generation:
                self._pages -= 1
                self._wanted.difference_update(wanted)

        self._fetch(wanted, arrived, lost)

    def _old(self, position: int) -> bool:
        held = self._rows.get(position)
        return held is None or held.generation != self._generation

    def _arrived(
        self, positions: Sequence[int], rows: Sequence[Planned], generation: int, first: int
    ) -> None:
        others: list[tuple[int, Planned]] = []
        for position, planned in zip(positions, rows, strict=True):
            before = self._rows.get(position)
            if before is not None and before.generation > generation:
                continue
            self._rows[position] = _Row(planned, [None] * (len(self.columns) + self.first), generation)
            self._rows.move_to_end(position)
            if before is not None and _place_in_list(before.planned) != _place_in_list(planned):
                others.append((position, planned))
        while len(self._rows) > ROWS_KEPT:
            self._rows.popitem(last=False)
        if len(others) > FOLLOWED:
            self.stirred.emit()
        else:
            for position, planned in others:
                self._follow(position, planned, first)
        self.arrived.emit()
        self.repaint_all()

    def _follow(self, position: int, planned: Planned, first: int) -> None:
        """A row came to something else: the line below it comes or goes, F8 stops there or no more. It
        stands in the page that begins at `first`, or just beside."""
        start = max(0, first - FOLLOWED)
        near = self.ids[start : first + PAGE + FOLLOWED]
        if position + 1 not in near:
            return
        place = start + near.index(position + 1)
        below = place + 1 < len(self.ids) and self.ids[place + 1] == -(position + 1)
        if planned.problems and not below:
            self.beginInsertRows(NOWHERE, place + 1, place + 1)
            self.ids.insert(place + 1, -(position + 1))
            self._move_troubles(place, 1)
            self.endInsertRows()
        elif below and not planned.problems:
            self.beginRemoveRows(NOWHERE, place + 1, place + 1)
            del self.ids[place + 1]
            self._move_troubles(place, -1)
            self.endRemoveRows()
        at = bisect_left(self.troubles, place)
        stops = at < len(self.troubles) and self.troubles[at] == place
        if stops and planned.outcome not in NEED_THE_CLERK:
            del self.troubles[at]
        elif planned.outcome in NEED_THE_CLERK and not stops:
            self.troubles.insert(at, place)

    def _move_troubles(self, behind: int, step: int) -> None:
        self.troubles = array("q", (one + step if one > behind else one for one in self.troubles))

    # going through the troubles

    def trouble_from(self, place: int, step: int) -> int | None:
        """The line of the next (or last) row that needs the clerk, going round; None when none does."""
        if not self.troubles:
            return None
        at = bisect_right(self.troubles, place) if step > 0 else bisect_left(self.troubles, place) - 1
        return self.troubles[at % len(self.troubles)]

    def trouble_number(self, place: int) -> int:
        """Which trouble stands at a line, from 1; 0 for none."""
        at = bisect_left(self.troubles, place)
        return at + 1 if at < len(self.troubles) and self.troubles[at] == place else 0
