"""The table of an import before it is written: old → new in the cell, errors told under the row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gridoffice.fields import Column, Field, Kind
from gridoffice.intake import Outcome, Planned, Preview
from gridoffice.values import show
from ui.theme import look
from ui.widgets.cells import Cell
from ui.widgets.head import Heading
from ui.widgets.models import SheetModel
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


def _cell(field: Field, planned: Planned, name: str) -> Cell:
    """One cell of a row: wrong, changed, or as it is."""
    if any(problem.field == field.label for problem in planned.problems):
        text = planned.texts.get(name, "") or "空"
        severe = planned.outcome in (Outcome.ERROR, Outcome.CONFLICT)
        return Cell(text, wrong=severe, tone="text" if severe else "warn")
    if name in planned.changes and planned.outcome in (Outcome.UPDATED, Outcome.CONFLICT):
        old, new = planned.changes[name]
        return Cell(show(field, new) or "空", old=show(field, old), changed=True)
    text = show(field, planned.values.get(name))
    weight = 500 if field.kind is Kind.NAME else 400
    muted = planned.outcome is Outcome.UNCHANGED
    return Cell(text, weight=weight, right=field.numeric, tone="text2" if muted else "text")


def lines(
    rows: Iterable[Planned], columns: Sequence[Column]
) -> tuple[list[tuple[int, list[Cell]]], dict[int, int]]:
    """The lines of the table, each row with a line under it for what is wrong; and at which line a
    row that needs the clerk stands, by line."""
    found: list[tuple[int, list[Cell]]] = []
    troubles: dict[int, int] = {}
    for planned in sorted(rows, key=lambda row: (ORDER.index(row.outcome), row.number)):
        head = [
            Cell(planned.outcome.label, badge=BADGE[planned.outcome]),
            Cell(str(planned.number), right=True, tone="text2"),
        ]
        found.append((planned.number, head + [_cell(what.field, planned, what.name) for what in columns]))
        if planned.problems:
            severe = planned.outcome in (Outcome.ERROR, Outcome.CONFLICT)
            if severe:
                troubles[len(found) - 1] = planned.number
            words = "　".join(problem.message for problem in planned.problems)
            tone = "err" if planned.outcome is Outcome.ERROR else "warn"
            found.append((-planned.number, [Cell(words, tone=tone, message=True)]))
    return found, troubles


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
        self.sheet = SheetModel([])
        super().__init__(self.sheet, grid=True, cursor=True, name="导入核对")
        self.sheet.setParent(self)
        self.columns: tuple[Column, ...] = ()
        self.troubles: dict[int, int] = {}
        self._messages: list[int] = []

    def show_preview(self, preview: Preview, outcomes: Sequence[Outcome]) -> None:
        """Show the rows with one of these outcomes."""
        layout = preview.incoming.layout
        self.columns = telling_first(tuple(mapped.column for mapped in layout.columns), preview.rows)
        rows, self.troubles = lines((row for row in preview.rows if row.outcome in outcomes), self.columns)
        headings = [Heading("结果"), Heading("行", right=True)]
        headings += [Heading(what.field.label, right=what.field.numeric) for what in self.columns]
        self.clearSpans()
        self.sheet.take(rows, headings)
        self.relook()
        self._messages = [place for place, (_, cells) in enumerate(rows) if cells and cells[0].message]
        for place in self._messages[:2000]:
            self.setSpan(place, 0, 1, len(headings))
        self.set_widths([92, 64, *self._natural(rows)])

    def _natural(self, rows: Sequence[tuple[int, Sequence[Cell]]]) -> list[float]:
        """Each column as wide as what is in it, within reason; the first 400 rows decide."""
        found: list[float] = []
        for place, what in enumerate(self.columns):
            widest = look.width(what.field.label, 13, 500) + look.px(36)
            for _, cells in rows[:400]:
                if len(cells) > place + 2:
                    cell = cells[place + 2]
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
