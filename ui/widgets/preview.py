"""The table of an import before it is written: old → new in the cell, errors told under the row."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence

from gridoffice.fields import Column, Field, Kind
from gridoffice.intake import Outcome, Planned, Preview
from gridoffice.values import show
from ui.theme import look
from ui.widgets.cells import EMPTY, Cell
from ui.widgets.head import Heading
from ui.widgets.models import TableModel
from ui.widgets.table import Table

BADGE = {
    Outcome.NEW: "new",
    Outcome.UPDATED: "update",
    Outcome.UNCHANGED: "same",
    Outcome.CONFLICT: "conflict",
    Outcome.ERROR: "err",
}
ORDER = (Outcome.ERROR, Outcome.CONFLICT, Outcome.UPDATED, Outcome.NEW, Outcome.UNCHANGED)
"""What needs the clerk comes first."""
NEED_THE_CLERK = (Outcome.ERROR, Outcome.CONFLICT)
JUDGED = 60
"""So many rows decide how wide the columns are."""
SPANS = 2000
"""So many lines of problems may stretch over the whole row: Qt is slow with more."""


def _cell(field: Field, planned: Planned, name: str) -> Cell:
    """One cell of a row: wrong, changed, or as it is."""
    if any(problem.field == field.label for problem in planned.problems):
        text = planned.texts.get(name, "") or "空"
        severe = planned.outcome in NEED_THE_CLERK
        return Cell(text, wrong=severe, tone="text" if severe else "warn")
    if name in planned.changes and planned.outcome in (Outcome.UPDATED, Outcome.CONFLICT):
        old, new = planned.changes[name]
        return Cell(show(field, new) or "空", old=show(field, old), changed=True)
    text = show(field, planned.values.get(name))
    weight = 500 if field.kind is Kind.NAME else 400
    muted = planned.outcome is Outcome.UNCHANGED
    return Cell(text, weight=weight, right=field.numeric, tone="text2" if muted else "text")


class PreviewModel(TableModel):
    """Rows of a file; under each that has problems, a line that tells them. Cells are made when they
    are painted."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: list[tuple[Planned, bool]] = []
        self._columns: Sequence[Column] = ()
        self._made: dict[int, list[Cell]] = {}
        self.troubles: dict[int, int] = {}
        """At which line a row that needs the clerk stands: its number in Excel, by line."""
        self.messages: list[int] = []

    def take(self, rows: Iterable[Planned], columns: Sequence[Column]) -> None:
        """Show these rows, what needs the clerk first."""
        self.beginResetModel()
        self._columns, self._made = columns, {}
        self.headings = [Heading("结果"), Heading("行", right=True)]
        self.headings += [Heading(what.field.label, right=what.field.numeric) for what in columns]
        self._entries, self.troubles, self.messages = [], {}, []
        by_outcome: dict[Outcome, list[Planned]] = {outcome: [] for outcome in ORDER}
        for planned in rows:
            by_outcome[planned.outcome].append(planned)
        for outcome, some in by_outcome.items():
            for planned in some:
                if planned.problems and outcome in NEED_THE_CLERK:
                    self.troubles[len(self._entries)] = planned.number
                self._entries.append((planned, False))
                if planned.problems:
                    self.messages.append(len(self._entries))
                    self._entries.append((planned, True))
        self._show_ids(array("q", [-one.number if told else one.number for one, told in self._entries]))
        self.endResetModel()

    def cells(self, row: int) -> list[Cell]:
        found = self._made.get(row)
        if found is None:
            found = self._made[row] = self._make(*self._entries[row])
        return found

    def _make(self, planned: Planned, told: bool) -> list[Cell]:
        if told:
            tone = "err" if planned.outcome is Outcome.ERROR else "warn"
            words = "　".join(problem.message for problem in planned.problems)
            return [Cell(words, tone=tone, message=True)]
        return [
            Cell(planned.outcome.label, badge=BADGE[planned.outcome]),
            Cell(str(planned.number), right=True, tone="text2"),
            *(_cell(what.field, planned, what.name) for what in self._columns),
        ]

    def cell(self, row: int, column: int) -> Cell:
        cells = self.cells(row)
        return cells[column] if column < len(cells) else EMPTY


def _length(cell: Cell) -> int:
    return len(cell.text) + len(cell.old or "")


def telling_first(columns: Sequence[Column], rows: Iterable[Planned]) -> tuple[Column, ...]:
    """The name, then the columns where something is wrong or changes, then the rest."""
    wrong = {problem.field for one in rows for problem in one.problems}
    changed = {name for one in rows if one.outcome is Outcome.UPDATED for name in one.changes}

    def rank(what: Column) -> int:
        if what.field.kind is Kind.NAME:
            return 0
        return 1 if what.field.label in wrong else 2 if what.name in changed else 3

    return tuple(sorted(columns, key=rank))


class PreviewTable(Table):
    """All rows of a file with their outcomes; F8 goes from one trouble to the next."""

    def __init__(self) -> None:
        self.sheet = PreviewModel()
        super().__init__(self.sheet, grid=True, cursor=True, name="导入核对")
        self.sheet.setParent(self)
        self.columns: tuple[Column, ...] = ()

    @property
    def troubles(self) -> dict[int, int]:
        return self.sheet.troubles

    def show_preview(self, preview: Preview, outcomes: Sequence[Outcome]) -> None:
        """Show the rows with one of these outcomes."""
        layout = preview.incoming.layout
        self.columns = telling_first(tuple(mapped.column for mapped in layout.columns), preview.rows)
        self.clearSpans()
        self.sheet.take((row for row in preview.rows if row.outcome in outcomes), self.columns)
        self.relook()
        for place in self.sheet.messages[:SPANS]:
            self.setSpan(place, 0, 1, len(self.sheet.headings))
        self.set_widths([92, 64, *self._natural()])

    def _natural(self) -> list[float]:
        """Each column as wide as what is in it, within reason; the first rows decide, and of them the
        longest text of each kind of cell."""
        rows = [
            cells
            for cells in map(self.sheet.cells, range(min(JUDGED, len(self.sheet.ids))))
            if len(cells) > 2
        ]
        found: list[float] = []
        for place, what in enumerate(self.columns):
            widest = look.width(what.field.label, 13, 500) + look.px(36)
            longest: dict[tuple[bool, bool], Cell] = {}
            for cells in rows:
                cell = cells[place + 2]
                kind = cell.changed, cell.wrong
                if kind not in longest or _length(cell) > _length(longest[kind]):
                    longest[kind] = cell
            for cell in longest.values():
                need = look.width(cell.text, 14, 500) + look.px(26)
                if cell.changed:
                    need += look.width(cell.old or "空", 13) + look.px(28)
                elif cell.wrong:
                    need += look.px(24)
                widest = max(widest, need)
            found.append(min(widest, look.px(300)) / look.scale)
        return found

    def go_trouble(self, step: int) -> int | None:
        """To the next row that needs the clerk; answers Excel's row number."""
        at = self.currentIndex().row()
        places = sorted(self.troubles, reverse=step < 0)
        onward = [place for place in places if (place - at) * step > 0] or places
        if not onward:
            return None
        self.go(onward[0])
        return self.troubles[onward[0]]
