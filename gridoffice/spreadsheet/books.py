"""A whole workbook as one ledger: every sheet of the same kind, what was left out, what is hidden."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gridoffice.errors import BadSheet, Problem, Severity, has_error
from gridoffice.fields import Column
from gridoffice.progress import report
from gridoffice.spreadsheet import headings
from gridoffice.spreadsheet.guide import Group, Guide, Hidden
from gridoffice.spreadsheet.letters import letter
from gridoffice.spreadsheet.matching import Layout, best_sheet, find, is_summary, match
from gridoffice.spreadsheet.reading import Book, Sheet
from gridoffice.spreadsheet.sheet_rows import Cell
from gridoffice.spreadsheet.taken import RowKey, SkippedRow, Taken, TakenRow, TakenRows
from gridoffice.spreadsheet.taking import correct_row, take
from gridoffice.undisturbed import undisturbed

ALIKE = 0.6
"""Share of all their headings that two sheets of one ledger have in common, at least …"""

WITHIN = 0.8
"""… or of the headings of the smaller one, when these are not just a name and a telephone."""

_FEW = 4

SUMMARY = "汇总表"
OTHER_KIND = "不是同一种表"
NO_HEADER = "没找到这份台账的表头"
LACKING = "缺必需的列"
HIDDEN_SHEET = "隐藏的表"
NOT_CHOSEN = "没有选它"


Corrections = Mapping[RowKey, Mapping[str, Cell]]
"""By row: what the clerk wrote into cells, by column name."""


@dataclass(frozen=True, slots=True)
class TakenSheet:
    """One sheet that was read, and how."""

    name: str
    layout: Layout
    taken: Taken


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A sheet that was not read, why, and how many rows it has."""

    sheet: str
    why: str
    rows: int


@dataclass(frozen=True, slots=True)
class HiddenParts:
    """What is hidden in the sheets of the ledger: sheets by name, the number of data rows, columns
    as `(sheet, letter, heading)`."""

    sheets: tuple[str, ...] = ()
    rows: int = 0
    columns: tuple[tuple[str, str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sheets or self.rows or self.columns)

    def in_words(self) -> str:
        """`2 张表、3 行、1 列（备注）`."""
        parts = []
        if self.sheets:
            parts.append(f"{len(self.sheets)} 张表（{'、'.join(self.sheets[:3])}）")
        if self.rows:
            parts.append(f"{self.rows} 行")
        if self.columns:
            named = "、".join(dict.fromkeys(heading or place for _, place, heading in self.columns[:5]))
            parts.append(f"{len(self.columns)} 列（{named}）")
        return "、".join(parts)


@dataclass(frozen=True, slots=True)
class TakenBook:
    """All that a workbook holds of a ledger. `problems` concern the workbook; those of sheets stand
    in `sheets`, those of rows in the rows. `undecided` when something is hidden and nobody said yet
    what is to become of it."""

    sheets: tuple[TakenSheet, ...]
    left_out: tuple[LeftOut, ...]
    hidden: HiddenParts
    undecided: bool
    problems: tuple[Problem, ...]

    @property
    def rows(self) -> TakenRows:
        """Every data row, sheet by sheet."""
        return TakenRows.joined([sheet.taken.rows for sheet in self.sheets])

    @property
    def skipped(self) -> tuple[SkippedRow, ...]:
        """Every row that is no data, sheet by sheet."""
        return tuple(row for sheet in self.sheets for row in sheet.taken.skipped)

    @property
    def all_problems(self) -> tuple[Problem, ...]:
        """Problems of the workbook and of its sheets; those of rows are not among them."""
        return self.problems + tuple(p for sheet in self.sheets for p in sheet.taken.problems)

    @property
    def broken(self) -> bool:
        """Does a problem beyond single rows forbid taking the workbook in?"""
        return has_error(self.all_problems)

    def corrected(self, columns: Sequence[Column], texts: Corrections) -> TakenRows:
        """Every data row, with the cells that the clerk corrected; the other rows are the very same."""
        rows = self.rows
        if not texts:
            return rows
        found = rows.find(texts.keys())
        return rows.replaced(
            {position: self.correct(rows[position], columns, texts[key]) for position, key in found.items()}
        )

    def correct(self, row: TakenRow, columns: Sequence[Column], texts: Mapping[str, Cell]) -> TakenRow:
        """One row of this book with other contents in some cells."""
        layout = self.layout_of(row.sheet)
        block = (layout.columns, *layout.repeats)[row.block]
        return correct_row(row, columns, texts, {mapped.column.name: mapped.letter for mapped in block})

    def layout_of(self, sheet: str | None) -> Layout:
        """How a sheet was read; the first when none is named."""
        return next((one.layout for one in self.sheets if one.name == sheet), self.sheets[0].layout)


@undisturbed()
def take_book(
    book: Book, columns: Sequence[Column], *, groups: Sequence[Group] = (), guide: Guide | None = None
) -> TakenBook:
    """Read every sheet of a workbook that holds rows of this ledger.

    The sheet that matches best says what the ledger looks like here; sheets that look alike are
    read as well. Summaries (汇总) repeat the others and are counted, not read. A group's column that
    the sheets lack is filled from titles between the rows, the sheet's name or its title.
    Raises `BadSheet` when no sheet can be read as this ledger.
    """
    guide = guide or Guide()
    chosen, left_out, problems = _chosen(book, columns, guide)
    sheets = []
    for sheet, layout in chosen:
        report(f"读“{sheet.name}”", 0, len(sheet.rows))
        given = _given(sheet, layout, groups)
        taken = take(sheet, layout, columns=columns, groups=groups, given=given, hidden=guide.hidden)
        sheets.append(TakenSheet(sheet.name, layout, taken))
    parts = HiddenParts(
        tuple(one.sheet for one in left_out if one.why == HIDDEN_SHEET)
        + tuple(sheet.name for sheet, _ in chosen if sheet.hidden),
        sum(one.taken.hidden_rows for one in sheets),
        tuple(column for sheet, layout in chosen for column in _hidden_columns(sheet, layout)),
    )
    undecided = bool(parts) and guide.hidden is Hidden.ASK
    if undecided:
        problems.append(
            Problem(
                f"有藏起来的：{parts.in_words()}。藏起来的行和列也读了，藏起来的表没有读。看看要不要。",
                Severity.WARNING,
            )
        )
    return TakenBook(tuple(sheets), tuple(left_out), parts, undecided, tuple(problems))


Chosen = list[tuple[Sheet, Layout]]


def _chosen(
    book: Book, columns: Sequence[Column], guide: Guide
) -> tuple[Chosen, list[LeftOut], list[Problem]]:
    """The sheets to read, those left out, and what there is to say about these."""
    if guide.sheets:
        return _asked(book, columns, guide)
    best, layout = best_sheet(book, columns, guide)
    chosen: Chosen = []
    left_out: list[LeftOut] = []
    problems: list[Problem] = []
    for sheet in book.sheets:
        if sheet is best:
            chosen.append((sheet, layout))
            continue
        if not sheet.rows:
            continue
        found = find(sheet, columns, guide)
        why = _why_not(sheet, found, layout, columns, hidden=guide.hidden, best_hidden=best.hidden)
        if why is None and found is not None:
            chosen.append((sheet, found))
            continue
        if sheet.hidden and why != HIDDEN_SHEET:
            continue  # lists of choices and the like are hidden because nobody is to read them
        rows = sum(any(cell is not None for cell in row) for row in sheet.rows)
        left_out.append(LeftOut(sheet.name, why or NO_HEADER, rows))
        problem = _said(sheet, why, found, best, columns)
        if problem is not None:
            problems.append(problem)
    return chosen, left_out, problems


def _asked(
    book: Book, columns: Sequence[Column], guide: Guide
) -> tuple[Chosen, list[LeftOut], list[Problem]]:
    by_name = {sheet.name: sheet for sheet in book.sheets}
    for name in guide.sheets:
        if name not in by_name or not by_name[name].rows:
            raise BadSheet(f"“{book.path.name}”里没有叫“{name}”的表，或者它是空的。")
    chosen = [
        (
            by_name[name],
            match(by_name[name], columns, path_name=f"{book.path.name}”里的“{name}", guide=guide),
        )
        for name in guide.sheets
    ]
    left_out = [
        LeftOut(sheet.name, NOT_CHOSEN, len(sheet.rows))
        for sheet in book.sheets
        if sheet.rows and not sheet.hidden and sheet.name not in guide.sheets
    ]
    return chosen, left_out, []


def _why_not(
    sheet: Sheet,
    found: Layout | None,
    layout: Layout,
    columns: Sequence[Column],
    *,
    hidden: Hidden,
    best_hidden: bool,
) -> str | None:
    """Why a sheet is not read beside the one that matches best, None when it is."""
    if is_summary(sheet):
        return SUMMARY
    if found is None:
        return NO_HEADER
    if not _alike(found, layout):
        return OTHER_KIND
    if any(not found.has(column.name) for column in _required(columns)):
        return LACKING
    if sheet.hidden and not best_hidden and hidden is not Hidden.INCLUDE:
        return HIDDEN_SHEET
    return None


def _required(columns: Sequence[Column]) -> list[Column]:
    return [column for column in columns if column.field.required and not column.field.computed]


def _alike(one: Layout, other: Layout) -> bool:
    """Do two sheets have most headings in common? Aliases of one column are the same."""
    left, right = _marks(one), _marks(other)
    both, fewer = len(left & right), min(len(left), len(right))
    return both / len(left | right) >= ALIKE or (fewer >= _FEW and both / fewer >= WITHIN)


def _marks(layout: Layout) -> set[str]:
    return {f"={m.column.name}" for m in layout.columns} | {headings.normal(h) for h in layout.unmapped}


def _said(
    sheet: Sheet, why: str | None, found: Layout | None, best: Sheet, columns: Sequence[Column]
) -> Problem | None:
    """What the clerk must hear of a sheet with data that is not read. Summaries are only counted."""
    if why == LACKING and found is not None:
        missing = "、".join(
            f"“{column.field.label}”" for column in _required(columns) if not found.has(column.name)
        )
        return Problem(
            f"“{sheet.name}”这张表没有读：没找到{missing}列。改好表头再导入。",
            row=found.header_rows[-1],
            sheet=sheet.name,
        )
    if why == OTHER_KIND and found is not None and all(found.has(c.name) for c in _required(columns)):
        message = f"“{sheet.name}”这张表没有读：它和“{best.name}”不是同一种表。"
        return Problem(message, Severity.WARNING, sheet=sheet.name)
    if why == NO_HEADER and len(sheet.rows) > 1:
        message = f"“{sheet.name}”这张表没有读：没找到这份台账的表头。"
        return Problem(message, Severity.WARNING, sheet=sheet.name)
    return None


_ORDINAL = re.compile(r"^\d{1,3}[.、-]?")


def _given(sheet: Sheet, layout: Layout, groups: Sequence[Group]) -> dict[str, str]:
    """What the sheet's name and title say of the groups that it has no column for."""
    found: dict[str, str] = {}
    lines = [line for line in (layout.title, *layout.facts) if line]
    for group in groups:
        if layout.has(group.column):
            continue
        named = group.named_by(sheet.name) or group.named_by(_ORDINAL.sub("", sheet.name))
        if named is None:
            ways = (group.named_in, group.named_after)  # what is known stands before what is only said
            named = next((name for way in ways for line in lines if (name := way(line))), None)
        if named is not None:
            found[group.column] = named
    return found


def _hidden_columns(sheet: Sheet, layout: Layout) -> Iterable[tuple[str, str, str]]:
    """Hidden columns in which something stands below the header."""
    for column in sorted(sheet.hidden_columns):
        if any(cell is not None for cell in sheet.rows.column(column)[layout.first_row - 1 :]):
            heading = _heading(sheet, layout, column)
            yield sheet.name, letter(column), heading


def _heading(sheet: Sheet, layout: Layout, column: int) -> str:
    for number in reversed(layout.header_rows):
        row = sheet.rows[number - 1]
        if column < len(row) and isinstance(row[column], str):
            return " ".join(str(row[column]).split())
    return ""
