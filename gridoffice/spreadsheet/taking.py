"""The data rows of a sheet as values, with every problem at its cell; what is no data is counted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gridoffice.cells import text_of
from gridoffice.errors import Problem, Severity
from gridoffice.fields import Column
from gridoffice.names import DITTO
from gridoffice.progress import report
from gridoffice.spreadsheet.column_reader import SAME_AS_ABOVE, Reader, all_fractions
from gridoffice.spreadsheet.guide import Group, Hidden, numbering
from gridoffice.spreadsheet.matching import Layout
from gridoffice.spreadsheet.reading import Cell, Row, Sheet
from gridoffice.spreadsheet.sieve import CONTINUED, DIVIDER, FOOTER, HIDDEN, TOTAL, Sieve, is_absent
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


_PORTION = 5000
"""Rows that are read together, column by column."""
_STATED = re.compile(r"(?:合计|总计|共计|共|总数)?[:：]?(\d+)(?:人|名)")
_NOT_FILLED: frozenset[str] = frozenset()


class _Groups:
    """The columns that are named once above their rows: what holds for the row being read."""

    def __init__(self, groups: Sequence[Group], columns: Sequence[Column], given: Mapping[str, str]):
        known = {column.name: column for column in columns}
        self.groups = [group for group in groups if group.column in known]
        self.parsers = {group.column: parser(known[group.column].field) for group in self.groups}
        self.now = {group.column: given[group.column] for group in self.groups if group.column in given}
        self.styles: dict[str, str] = {}
        self.values: dict[tuple[str, str], Any] = {}

    def value(self, name: str) -> Any:
        """The value of a group's column for the row being read."""
        key = name, self.now[name]
        if key not in self.values:
            self.values[key] = self.parsers[name](key[1])[0]
        return self.values[key]

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
    named: list[Group]
    joined: dict[int, Row] = field(default_factory=dict)
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
    readers = [[Reader(mapped) for mapped in block] for block in blocks]
    notices = list(all_fractions(readers, sheet.rows[first:], layout))
    sieve = Sieve(sheet, layout, groups)
    end = len(sheet.rows)
    while end > first and sieve.is_empty(end - 1, sheet.rows[end - 1]):
        end -= 1
    state = _Groups(groups, columns, given or {})
    mapped_names = {mapped.column.name for mapped in layout.columns}
    virtual = [group.column for group in state.groups if group.column not in mapped_names]
    if virtual and not state.now and not _names_groups(sheet, range(first, end), groups):
        virtual = []
    named = [group for group in state.groups if group.column in mapped_names or group.column in virtual]
    body = _Body(sheet, state, virtual, named)
    rows: list[TakenRow] = []
    skipped: list[SkippedRow] = []
    stated: list[tuple[int, int]] = []
    hidden_rows = below = 0
    for start in range(first, end, _PORTION):
        report("逐行检查", start - first, end - first)
        order: list[int | str] = []  # data rows by their index, and the group titles between them
        for index in range(start, min(start + _PORTION, end)):
            row = sheet.rows[index]
            if index < below:
                skipped.append(SkippedRow(index + 1, CONTINUED, sheet.name))
                continue
            why = sieve.why_not(index, row)
            if why is None and index in sheet.hidden_rows:
                hidden_rows += 1
                why = HIDDEN if hidden is Hidden.SKIP else None
            if why is None:
                order.append(index)
                if sheet.filled and len(readers) == 1 and (whole := sieve.continued(index, sheet)):
                    body.joined[index], below = whole[0], whole[1]
                continue
            if why == DIVIDER:
                order.append(sieve.divider)
            elif why in (TOTAL, FOOTER):
                stated += _stated(index, row)
            skipped.append(SkippedRow(index + 1, why, sheet.name))
        rows += _taken(order, readers, body)
    notices += _filled_down(body, layout)
    notices += _other_people(sieve, sheet, layout)
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


def _taken(order: Sequence[int | str], readers: list[list[Reader]], body: _Body) -> Iterator[TakenRow]:
    """The data rows of a portion, in order; people side by side from left to right."""
    indices = [index for index in order if type(index) is int]
    blocks = [_block(indices, block, body) for block in readers]
    filled_places = body.sheet.filled
    place_of = 0
    for index in order:
        if isinstance(index, str):
            body.groups.divide(index)
            continue
        row = body.sheet.rows[index]
        there = range(1) if len(readers) == 1 else _there(row, readers)
        for place in there:
            block, names = readers[place], blocks[place].names
            values = dict(zip(names, blocks[place].values[place_of], strict=True))
            cells = blocks[place].cells[place_of]
            filled = _NOT_FILLED
            if filled_places:
                filled = frozenset(
                    name
                    for name, reader in zip(names, block, strict=True)
                    if (index, reader.mapped.index) in filled_places
                )
            if body.named:
                more = list(cells)
                filled = filled | _fill_groups(values, more, body)
                cells = tuple(more)
            problems = blocks[place].problems.get(place_of, ())
            yield TakenRow(index + 1, values, tuple(problems), cells, filled, body.sheet.name, place)
        place_of += 1


def _there(row: Row, readers: list[list[Reader]]) -> list[int]:
    """Which of the blocks side by side have somebody in this row."""
    return [
        place
        for place, block in enumerate(readers)
        if any(not is_absent(row, reader.mapped.index) for reader in block)
    ] or [0]


@dataclass(frozen=True, slots=True)
class _Block:
    """The same columns of many rows: names, and row by row values and cells; problems by the row's place."""

    names: tuple[str, ...]
    values: list[tuple[Any, ...]]
    cells: list[tuple[Cell, ...]]
    problems: dict[int, list[Problem]]


def _block(indices: Sequence[int], block: list[Reader], body: _Body) -> _Block:
    """Read the cells of some rows, column by column: that is twice as fast as row by row."""
    sheet = body.sheet
    rows = [sheet.rows[index] for index in indices]
    for place, index in enumerate(indices) if body.joined else ():
        rows[place] = body.joined.get(index, rows[place])
    values: list[list[Any]] = []
    cells: list[list[Cell]] = []
    problems: dict[int, list[Problem]] = {}
    for reader in block:
        at, letter = reader.mapped.index, reader.mapped.letter
        column = [row[at] if at < len(row) else None for row in rows]
        parsed = reader.column(column)
        for place, (_, found) in enumerate(parsed):
            if found or parsed[place] is SAME_AS_ABOVE:
                if parsed[place] is SAME_AS_ABOVE:
                    parsed[place] = _same_as_above(indices[place], reader, sheet)
                    found = parsed[place][1]
                problems.setdefault(place, []).extend(
                    problem.at(indices[place] + 1, letter, sheet.name) for problem in found
                )
        values.append([value for value, _ in parsed])
        cells.append(column)
    names = tuple(reader.mapped.column.name for reader in block)
    by_row = [list(zip(*some, strict=True)) if block else [()] * len(rows) for some in (values, cells)]
    return _Block(names, by_row[0], by_row[1], problems)


def _fill_groups(values: dict[str, Any], cells: list[Cell], body: _Body) -> set[str]:
    """Columns named once above their rows. Blank cells take what stands above; that is counted."""
    state = body.groups
    filled = set()
    for group in body.named:
        name = group.column
        if name in body.virtual:
            text = state.now.get(name)
            values[name] = state.value(name) if text else None
            cells.append(text)
            if text:
                filled.add(name)
        elif name in values:
            if values[name]:
                state.say(name, values[name])
            elif name in state.now:
                values[name] = state.value(name)
                filled.add(name)
                body.filled_down[name] = body.filled_down.get(name, 0) + 1
    return filled


def _same_as_above(index: int, reader: Reader, sheet: Sheet) -> Parsed:
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


def _other_people(sieve: Sieve, sheet: Sheet, layout: Layout) -> Iterable[Problem]:
    """What stands between the rows and says that those below are not like those above."""
    for index, title in sieve.others:
        doubt = f"“{title}”下面的人也读了。看看是不是这份台账里的。"
        yield Problem(doubt, Severity.WARNING, index + 1, value=title, sheet=sheet.name)
    for index in sieve.moved:
        header = layout.header_rows[-1]
        message = f"第 {index + 1} 行又写了一遍表头，列的次序和第 {header} 行不同，下面的行会读错列。调成一样再导入。"
        yield Problem(message, row=index + 1, sheet=sheet.name)


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
