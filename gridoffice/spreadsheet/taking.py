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
from gridoffice.spreadsheet.groups_now import GroupsNow
from gridoffice.spreadsheet.guide import Group, Hidden
from gridoffice.spreadsheet.matching import Layout
from gridoffice.spreadsheet.reading import Sheet
from gridoffice.spreadsheet.sheet_rows import Cell, Row
from gridoffice.spreadsheet.sieve import CONTINUED, DIVIDER, FOOTER, HIDDEN, TOTAL, Sieve, is_absent
from gridoffice.spreadsheet.taken import (
    NOT_FILLED,
    Part,
    RowKey,
    SkippedRow,
    Taken,
    TakenRow,
    TakenRows,
)
from gridoffice.values import Parsed, parser

__all__ = ["RowKey", "SkippedRow", "Taken", "TakenRow", "TakenRows", "correct_row", "take"]

_PORTION = 5000
"""Rows that are read together, column by column."""
_STATED = re.compile(r"(?:合计|总计|共计|共|总数)?[:：]?(\d+)(?:人|名)")


@dataclass(slots=True)
class _Body:
    """What goes along while a sheet is read."""

    sheet: Sheet
    groups: GroupsNow
    virtual: list[str]
    named: list[Group]
    joined: dict[int, Row] = field(default_factory=dict)
    filled_down: dict[str, int] = field(default_factory=dict)


class _Columns:
    """Some columns of the rows that were read so far: values and cells by name; problems and filled
    columns by place."""

    def __init__(self, names: Iterable[str]):
        self.numbers: list[int] = []
        self.values: dict[str, list[Any]] = {name: [] for name in names}
        self.cells: dict[str, list[Cell]] = {name: [] for name in self.values}
        self.problems: dict[int, tuple[Problem, ...]] = {}
        self.filled: dict[int, frozenset[str]] = {}

    def read(self, indices: Sequence[int], block: list[Reader], body: _Body) -> None:
        """Read the cells of more rows, column by column: that is far faster than row by row."""
        sheet, first = body.sheet, len(self.numbers)
        self.numbers += [index + 1 for index in indices]
        joined = [(place, body.joined[index]) for place, index in enumerate(indices) if index in body.joined]
        told: dict[int, list[Problem]] = {}
        for reader in block:
            name, letter = reader.mapped.column.name, reader.mapped.letter
            cells = _picked(sheet.rows.column(reader.mapped.index), indices)
            for place, row in joined:
                cells[place] = row[reader.mapped.index] if reader.mapped.index < len(row) else None
            values, telling = reader.column(cells)
            self.cells[name] += cells
            self.values[name] += values
            for place, (value, found) in telling.items():
                if telling[place] is SAME_AS_ABOVE:
                    value, found = _same_as_above(indices[place], reader, sheet)
                    self.values[name][first + place] = value
                told.setdefault(first + place, []).extend(
                    problem.at(indices[place] + 1, letter, sheet.name) for problem in found
                )
        self.problems |= {place: tuple(found) for place, found in sorted(told.items())}
        if sheet.filled:
            names = {reader.mapped.index: reader.mapped.column.name for reader in block}
            for place, index in enumerate(indices, first):
                filled = [name for column, name in names.items() if (index, column) in sheet.filled]
                if filled:
                    self.filled[place] = frozenset(filled)

    def row(self, place: int) -> tuple[dict[str, Any], tuple[Cell, ...]]:
        """The values and the cells at a place."""
        values = {name: column[place] for name, column in self.values.items()}
        return values, tuple(column[place] for column in self.cells.values())


def _picked(cells: Sequence[Cell], indices: Sequence[int]) -> list[Cell]:
    """Some cells of a column."""
    if indices and indices[-1] - indices[0] == len(indices) - 1:
        return list(cells[indices[0] : indices[-1] + 1])
    return [cells[index] for index in indices]


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
    state = GroupsNow(groups, columns, given or {})
    mapped_names = {mapped.column.name for mapped in layout.columns}
    virtual = [group.column for group in state.groups if group.column not in mapped_names]
    if virtual and not state.now and not _names_groups(sheet, range(first, end), groups):
        virtual = []
    named = [group for group in state.groups if group.column in mapped_names or group.column in virtual]
    body = _Body(sheet, state, virtual, named)
    names = [reader.mapped.column.name for reader in readers[0]]
    whole = _Columns(dict.fromkeys([*names, *virtual]))
    beside: list[TakenRow] = []
    skipped: list[SkippedRow] = []
    stated: list[tuple[int, int]] = []
    hidden_rows = below = 0
    for start in range(first, end, _PORTION):
        report("逐行检查", start - first, end - first)
        order: list[int | str] = []  # data rows by their index, and the group titles between them
        stop = min(start + _PORTION, end)
        surely = sieve.surely_data(start, stop)
        for index in range(start, stop):
            if surely[index - start] and index >= below:
                sieve.below_footer = False
                order.append(index)
                continue
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
                if sheet.filled and len(readers) == 1 and (more := sieve.continued(index, sheet)):
                    body.joined[index], below = more[0], more[1]
                continue
            if why == DIVIDER:
                order.append(sieve.divider)
            elif why in (TOTAL, FOOTER):
                stated += _stated(index, row)
            skipped.append(SkippedRow(index + 1, why, sheet.name))
        if len(readers) > 1:
            beside += _side_by_side(order, readers, body)
        else:
            _read(order, readers[0], body, whole)
    if len(readers) > 1:
        rows = TakenRows.of(beside, sheet.name)
    else:
        part = Part(sheet.name, whole.numbers, whole.values, whole.cells, whole.problems, whole.filled)
        rows = TakenRows([part])
    notices += _filled_down(body, layout)
    notices += _other_people(sieve, sheet, layout)
    notices += _control(stated, len(rows), sheet)
    return Taken(rows, tuple(skipped), tuple(notices), hidden_rows)


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
    filled = row.filled.difference(texts)
    return replace(row, values=values, cells=tuple(cells.values()), problems=tuple(problems), filled=filled)


def _names_groups(sheet: Sheet, body: range, groups: Sequence[Group]) -> bool:
    """Does the first text of any row name a group? Only then do its rows have that column."""
    rows: Sequence[int] = body
    for column in sheet.rows.columns:
        cells = [column[index] for index in rows]
        texts = {cell for cell in cells if isinstance(cell, str)}
        if any(group.named_by(text) for text in texts for group in groups):
            return True
        if texts:
            rows = [index for index, cell in zip(rows, cells, strict=True) if not isinstance(cell, str)]
    return False


def _read(order: Sequence[int | str], block: list[Reader], body: _Body, whole: _Columns) -> None:
    """Read the data rows of a portion; among them stand the titles of groups."""
    first = len(whole.numbers)
    indices = [index for index in order if type(index) is int]
    whole.read(indices, block, body)
    if not body.named:
        return
    place = first
    if len(body.named) == len(body.virtual) and len(indices) == len(order):
        # no title stands between these rows: what holds for the first holds for all
        _fill_all(len(order), first, body, whole)
        return
    for index in order:
        if isinstance(index, str):
            body.groups.divide(index)
            continue
        said = {
            group.column: whole.values[group.column][place]
            for group in body.named
            if group.column not in body.virtual
        }
        filled, texts = _fill_groups(said, body)
        for name, value in said.items():
            if name in body.virtual:
                whole.values[name].append(value)
                whole.cells[name].append(texts[name])
            elif name in filled:
                whole.values[name][place] = value
        if filled:
            whole.filled[place] = whole.filled.get(place, NOT_FILLED) | filled
        place += 1


def _fill_all(count: int, first: int, body: _Body, whole: _Columns) -> None:
    said: dict[str, Any] = {}
    filled, texts = _fill_groups(said, body)
    for name, value in said.items():
        whole.values[name] += [value] * count
        whole.cells[name] += [texts[name]] * count
    if filled:
        names, places = frozenset(filled), range(first, first + count)
        others = {place: whole.filled[place] | names for place in places if place in whole.filled}
        whole.filled |= dict.fromkeys(places, names) | others


def _side_by_side(order: Sequence[int | str], readers: list[list[Reader]], body: _Body) -> Iterator[TakenRow]:
    """The data rows of a portion, in order; people side by side from left to right."""
    indices = [index for index in order if type(index) is int]
    blocks = [_Columns(reader.mapped.column.name for reader in block) for block in readers]
    for columns, block in zip(blocks, readers, strict=True):
        columns.read(indices, block, body)
    place = 0
    for index in order:
        if isinstance(index, str):
            body.groups.divide(index)
            continue
        for number in _there(body.sheet.rows[index], readers):
            columns = blocks[number]
            values, cells = columns.row(place)
            filled, texts = _fill_groups(values, body)
            cells = (*cells, *texts.values())
            filled = columns.filled.get(place, NOT_FILLED) | filled
            problems = columns.problems.get(place, ())
            yield TakenRow(index + 1, values, problems, cells, filled, body.sheet.name, number)
        place += 1


def _there(row: Row, readers: list[list[Reader]]) -> list[int]:
    """Which of the blocks side by side have somebody in this row."""
    return [
        place
        for place, block in enumerate(readers)
        if any(not is_absent(row, reader.mapped.index) for reader in block)
    ] or [0]


def _fill_groups(values: dict[str, Any], body: _Body) -> tuple[set[str], dict[str, str | None]]:
    """Columns named once above their rows: which were filled, and the texts of those that the sheet lacks.
    Blank cells take what stands above; that is counted."""
    state = body.groups
    filled: set[str] = set()
    texts: dict[str, str | None] = {}
    for group in body.named:
        name = group.column
        if name in body.virtual:
            text = texts[name] = state.now.get(name)
            values[name] = state.value(name) if text else None
            if text:
                filled.add(name)
        elif name in values:
            if values[name]:
                state.say(name, values[name])
            elif name in state.now:
                values[name] = state.value(name)
                filled.add(name)
                body.filled_down[name] = body.filled_down.get(name, 0) + 1
    return filled, texts


def _same_as_above(index: int, reader: Reader, sheet: Sheet) -> Parsed:
    """同上 and 〃 stand for the next real text above in the column."""
    column = reader.mapped.index
    label = reader.mapped.column.field.label
    sign = text_of(sheet.rows.column(column)[index]).strip()
    cells = sheet.rows.column(column)
    for above in range(index - 1, -1, -1):
        cell = cells[above]
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
