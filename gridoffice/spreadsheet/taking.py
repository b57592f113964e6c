"""The data rows of a sheet as values, with every problem at its cell; what is no data is counted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from gridoffice.cells import Percent, text_of
from gridoffice.errors import Problem, Severity
from gridoffice.fields import Column, Kind
from gridoffice.names import DITTO
from gridoffice.progress import counted
from gridoffice.spreadsheet.guide import Group, Hidden, numbering
from gridoffice.spreadsheet.matching import Layout, Mapped
from gridoffice.spreadsheet.reading import Cell, Row, Sheet
from gridoffice.spreadsheet.sieve import DIVIDER, FOOTER, HIDDEN, TOTAL, Sieve, is_absent
from gridoffice.values import Parsed, parser

RowKey = tuple[str, int, int]
"""Sheet, Excel's row number, and which of the people side by side in it."""


@dataclass(frozen=True, slots=True)
class TakenRow:
    """One data row: its sheet and Excel's row number, the values of the columns, what is wrong.

    `block` counts the people side by side in one row. `filled` are the columns whose value stands
    in another cell: merged, above, in a group title, in the sheet's name.
    """

    number: int
    values: dict[str, Any]
    problems: tuple[Problem, ...]
    cells: tuple[Cell, ...] = ()
    filled: frozenset[str] = frozenset()
    sheet: str = ""
    block: int = 0

    @property
    def key(self) -> RowKey:
        """What tells this row from every other of the workbook; sorts as the workbook reads."""
        return self.sheet, self.number, self.block

    def seen_from(self, other: TakenRow) -> str:
        """`第 7 行`, or `“柳荫社区”第 7 行` for somebody who looks at another sheet."""
        return f"第 {self.number} 行" if self.sheet == other.sheet else f"“{self.sheet}”第 {self.number} 行"

    @property
    def texts(self) -> dict[str, str]:
        """The texts as the clerk sees them in the cells, by column name."""
        return {name: text_of(cell) for name, cell in zip(self.values, self.cells, strict=True)}


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that is no data, and why."""

    row: int
    why: str
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a sheet holds. `problems` concern whole columns, those of rows stand in the rows;
    `hidden_rows` counts the data rows that are hidden, taken or not."""

    rows: tuple[TakenRow, ...]
    skipped: tuple[SkippedRow, ...]
    problems: tuple[Problem, ...] = ()
    hidden_rows: int = 0


_NO_DITTO = (Kind.ID_NUMBER, Kind.PHONE, Kind.NAME)
_STATED = re.compile(r"(?:合计|总计|共计|共|总数)?[:：]?(\d+)(?:人|名)")
_DITTO: Parsed = ("同上", ())
_NOT_FILLED: frozenset[str] = frozenset()


class _Reader:
    """One mapped column being read; equal texts are parsed once."""

    def __init__(self, mapped: Mapped):
        self.mapped = mapped
        self.fractions = False
        self.parse = parser(mapped.column.field)
        self.seen: dict[str, Parsed] = {}
        # texts that differ in every row are not worth remembering, and nobody is the same as above
        self.remembers = mapped.column.field.kind not in _NO_DITTO

    def read(self, cell: Cell) -> Parsed:
        if self.fractions:
            number = _fraction(cell)
            if number is not None:
                cell = Percent(number)
        if self.remembers and type(cell) is str:
            found = self.seen.get(cell)
            if found is None:
                found = _DITTO if cell.strip() in DITTO else self.parse(cell)
                self.seen[cell] = found
            return found
        return self.parse(cell)


class _Groups:
    """The columns that are named once above their rows: what holds for the row being read."""

    def __init__(self, groups: Sequence[Group], columns: Sequence[Column], given: Mapping[str, str]):
        known = {column.name: column for column in columns}
        self.groups = [group for group in groups if group.column in known]
        self.parsers = {group.column: parser(known[group.column].field) for group in self.groups}
        self.now = {group.column: given[group.column] for group in self.groups if group.column in given}
        self.styles: dict[str, str] = {}

    def divide(self, text: str) -> None:
        """A group title was met."""
        style = numbering(text)
        for level, group in enumerate(self.groups):
            name = group.named_by(text)
            # a title of the same rank that names something else ends the group, too
            if name is not None or self.styles.get(group.column) == style:
                for lower in self.groups[level:]:
                    self.now.pop(lower.column, None)
                if name is not None:
                    self.now[group.column], self.styles[group.column] = name, style
                return

    def say(self, name: str, text: str) -> None:
        """A row names its group itself."""
        if self.now.get(name) != text:
            names = [group.column for group in self.groups]
            for lower in names[names.index(name) + 1 :]:
                self.now.pop(lower, None)
            self.now[name] = text


@dataclass(slots=True)
class _Body:
    """What goes along while a sheet is read."""

    sheet: Sheet
    groups: _Groups
    virtual: list[str]
    filled_down: dict[str, int] = field(default_factory=dict)


def take(
    sheet: Sheet,
    layout: Layout,
    *,
    columns: Sequence[Column] = (),
    groups: Sequence[Group] = (),
    given: Mapping[str, str] | None = None,
    hidden: Hidden = Hidden.ASK,
) -> Taken:
    """Read every data row below the header.

    Repeated headers, totals, group titles, footers, notes and blank rows are skipped and counted,
    the running number is ignored. Rows keep Excel's own numbers. Computed columns are not taken.
    `groups` are columns that a title above the rows may fill, `given` what holds for the whole
    sheet, both only with the ledger's `columns`.
    """
    blocks = [
        [mapped for mapped in block if not mapped.column.field.computed]
        for block in (layout.columns, *layout.repeats)
    ]
    first = layout.first_row - 1
    readers = [[_Reader(mapped) for mapped in block] for block in blocks]
    notices = list(_all_fractions(readers, sheet.rows[first:], layout))
    sieve = Sieve(sheet, layout, groups)
    end = len(sheet.rows)
    while end > first and sieve.is_empty(end - 1, sheet.rows[end - 1]):
        end -= 1
    state = _Groups(groups, columns, given or {})
    mapped_names = {mapped.column.name for mapped in layout.columns}
    virtual = [group.column for group in state.groups if group.column not in mapped_names]
    if virtual and not state.now and not _names_groups(sheet, range(first, end), groups):
        virtual = []
    body = _Body(sheet, state, virtual)
    rows: list[TakenRow] = []
    skipped: list[SkippedRow] = []
    stated: list[tuple[int, int]] = []
    numbered = range(first, end)
    hidden_rows = 0
    for index in counted(numbered, "逐行检查", len(numbered)):
        row = sheet.rows[index]
        why = sieve.why_not(index, row)
        if why is None and index in sheet.hidden_rows:
            hidden_rows += 1
            why = HIDDEN if hidden is Hidden.SKIP else None
        if why is not None:
            if why == DIVIDER:
                state.divide(sieve.divider)
            elif why in (TOTAL, FOOTER):
                stated += _stated(index, row)
            skipped.append(SkippedRow(index + 1, why, sheet.name))
            continue
        there = [
            place
            for place, block in enumerate(readers)
            if any(not is_absent(row, reader.mapped.index) for reader in block)
        ] or [0]
        for place in there if len(readers) > 1 else (0,):
            rows.append(_taken(index, row, readers[place], body, place))
    notices += _filled_down(body, layout)
    notices += _control(stated, len(rows), sheet)
    return Taken(tuple(rows), tuple(skipped), tuple(notices), hidden_rows)


def correct_row(
    row: TakenRow, columns: Sequence[Column], texts: Mapping[str, Cell], letters: Mapping[str, str]
) -> TakenRow:
    """The row with other contents in some cells, by column name; only these are checked again.
    `letters` are the columns' letters in the sheet, for the problems."""
    known = {column.name: column for column in columns}
    labels = {known[name].field.label for name in texts if name in known}
    values = dict(row.values)
    cells = dict(zip(row.values, row.cells, strict=True))
    problems = [problem for problem in row.problems if problem.field not in labels]
    for name, text in texts.items():
        if name not in known:
            raise KeyError(name)
        values[name], found = parser(known[name].field)(text)
        cells[name] = text
        problems += [problem.at(row.number, letters.get(name), row.sheet) for problem in found]
    filled = row.filled - texts.keys()
    return replace(row, values=values, cells=tuple(cells.values()), problems=tuple(problems), filled=filled)


def _names_groups(sheet: Sheet, body: range, groups: Sequence[Group]) -> bool:
    """Does any text of the body name a group? Only then do its rows have that column."""
    for index in body:
        texts = [cell for cell in sheet.rows[index] if isinstance(cell, str)][:2]
        if any(group.named_by(text) for text in texts[:1] for group in groups):
            return True
    return False


def _taken(index: int, row: Row, block: list[_Reader], body: _Body, place: int) -> TakenRow:
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    cells = []
    width = len(row)
    sheet = body.sheet
    for reader in block:
        mapped = reader.mapped
        cell = row[mapped.index] if mapped.index < width else None
        parsed = reader.read(cell)
        if parsed is _DITTO:
            parsed = _same_as_above(index, reader, sheet)
        values[mapped.column.name], found = parsed
        cells.append(cell)
        if found:
            problems.extend(problem.at(index + 1, mapped.letter, sheet.name) for problem in found)
    filled = (
        {r.mapped.column.name for r in block if (index, r.mapped.index) in sheet.filled}
        if sheet.filled
        else set()
    )
    if body.groups.groups:
        filled |= _fill_groups(values, cells, body)
    return TakenRow(
        index + 1, values, tuple(problems), tuple(cells), frozenset(filled) or _NOT_FILLED, sheet.name, place
    )


def _fill_groups(values: dict[str, Any], cells: list[Cell], body: _Body) -> set[str]:
    """Columns named once above their rows. Blank cells take what stands above; that is counted."""
    state = body.groups
    filled = set()
    for group in state.groups:
        name = group.column
        if name in body.virtual:
            text = state.now.get(name)
            values[name] = state.parsers[name](text)[0] if text else None
            cells.append(text)
            if text:
                filled.add(name)
        elif name in values:
            if values[name]:
                state.say(name, values[name])
            elif name in state.now:
                values[name] = state.parsers[name](state.now[name])[0]
                filled.add(name)
                body.filled_down[name] = body.filled_down.get(name, 0) + 1
    return filled


def _same_as_above(index: int, reader: _Reader, sheet: Sheet) -> Parsed:
    """同上 and 〃 stand for the next real text above in the column."""
    column = reader.mapped.index
    label = reader.mapped.column.field.label
    sign = text_of(sheet.rows[index][column]).strip()
    for above in range(index - 1, -1, -1):
        row = sheet.rows[above]
        cell = row[column] if column < len(row) else None
        if isinstance(cell, str) and cell.strip() in DITTO:
            continue
        value, problems = reader.read(cell)
        if cell is None or value is None or problems:
            break
        note = f"“{sign}”照上面的“{text_of(cell).strip()}”记。"
        return value, (Problem(note, Severity.NOTE, field=label, value=sign),)
    return None, (Problem(f"“{sign}”的上面没有可以照抄的内容，写出来。", field=label, value=sign),)


def _filled_down(body: _Body, layout: Layout) -> Iterable[Problem]:
    for mapped in layout.columns:
        count = body.filled_down.get(mapped.column.name)
        if count:
            yield Problem(
                f"“{mapped.heading}”有 {count} 行空着，照上面最近的一行记。看看对不对。",
                Severity.WARNING,
                layout.header_rows[-1],
                mapped.letter,
                mapped.column.field.label,
                mapped.heading,
                body.sheet.name,
            )


def _stated(index: int, row: Row) -> list[tuple[int, int]]:
    """How many people a total row or a footer says there are. A subtotal says it of a part."""
    texts = ["".join(cell.split()) for cell in row if isinstance(cell, str)]
    if any("小计" in text for text in texts):
        return []
    return [(index, int(found[1])) for text in texts if (found := _STATED.fullmatch(text))][:1]


def _control(stated: list[tuple[int, int]], count: int, sheet: Sheet) -> Iterable[Problem]:
    """A ledger that counts its own people is checked against what was read."""
    if len(stated) == 1 and stated[0][1] != count:
        index, number = stated[0]
        yield Problem(
            f"表里写着 {number} 人，读到 {count} 行。看看有没有漏行。",
            Severity.WARNING,
            index + 1,
            sheet=sheet.name,
        )


def _all_fractions(readers: list[list[_Reader]], body: list[Row], layout: Layout) -> Iterable[Problem]:
    for block in readers:
        for reader in block:
            if reader.mapped.column.field.kind is Kind.RATE:
                yield from _fractions(reader, body, layout)


def _fraction(cell: Cell) -> float | None:
    """A bare number, also one that is stored as text."""
    if isinstance(cell, (bool, Percent)):
        return None
    if isinstance(cell, (int, float)):
        return float(cell)
    if isinstance(cell, str):
        try:
            return float(cell)
        except ValueError:
            return None
    return None


def _fractions(reader: _Reader, body: list[Row], layout: Layout) -> Iterable[Problem]:
    """Is this a rate column written as 0.955 for 95.5%? Then it is read so, with one warning.

    All its bare numbers are at most 1 and at least one lies between 0 and 1: no office has a month
    in which every rate is below one per cent.
    """
    mapped = reader.mapped
    numbers = [
        number
        for row in body
        if mapped.index < len(row) and (number := _fraction(row[mapped.index])) is not None
    ]
    if numbers and max(numbers) <= 1 and min(numbers) >= 0 and any(0 < number < 1 for number in numbers):
        reader.fractions = True
        example = next(number for number in numbers if 0 < number < 1)
        yield Problem(
            f"“{mapped.heading}”这一列都是小于 1 的数，按比例算：{example:g} 记作 "
            f"{Decimal(f'{example:.15g}').scaleb(2).normalize():f}%。看看对不对。",
            Severity.WARNING,
            layout.header_rows[-1],
            mapped.letter,
            mapped.column.field.label,
            mapped.heading,
        )
