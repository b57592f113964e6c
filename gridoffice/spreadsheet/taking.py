"""The data rows of a sheet as values, with every problem at its cell; what is no data is counted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gridoffice.cells import Percent, is_blank, text_of
from gridoffice.errors import Problem, Severity
from gridoffice.fields import Kind
from gridoffice.progress import counted
from gridoffice.spreadsheet import headings
from gridoffice.spreadsheet.matching import Layout, Mapped
from gridoffice.spreadsheet.reading import Cell, Row, Sheet
from gridoffice.values import Parsed, parser

BLANK = "空行"
ONLY_NUMBER = "只有序号"
REPEATED_HEADER = "重复的表头"
TOTAL = "合计行"
FOOTER = "表尾"
DIVIDER = "分组标题"


@dataclass(frozen=True, slots=True)
class TakenRow:
    """One data row: Excel's row number, the values of the mapped columns, what is wrong with them."""

    number: int
    values: dict[str, Any]
    problems: tuple[Problem, ...]
    cells: tuple[Cell, ...] = ()
    filled: frozenset[str] = frozenset()

    @property
    def texts(self) -> dict[str, str]:
        """The texts as the clerk sees them in the cells, by column name."""
        return {name: text_of(cell) for name, cell in zip(self.values, self.cells, strict=True)}


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that is no data, and why."""

    row: int
    why: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What a sheet holds. `problems` concern whole columns, those of rows stand in the rows."""

    rows: tuple[TakenRow, ...]
    skipped: tuple[SkippedRow, ...]
    problems: tuple[Problem, ...] = ()


_TOTAL = re.compile(r".{0,12}(合计|总计|小计|共计|累计|平均)[:：]?([（(].*)?")
_FOOTER = re.compile(
    r"(制表|填表|填报|审核|复核|审批|经办|统计|核对)(人|单位|时间|日期|说明)?(员)?(签字|签名)?[:：]"
    r"|(负责人|单位负责人|分管领导|主要领导|联系人|联系电话|领导签字|签字|签名|盖章|（盖章）|\(盖章\))[:：（(]"
    r"|(注|备注|说明|附注|填表说明|填报说明|注意事项|填写说明|备注说明|温馨提示)(\d+)?[:：]"
    r"|(填表说明|填报说明|填写说明|注意事项|制表人|审核人|填表人|填报人|经办人|审批人|复核人)$"
    r"|单位[:：（(].*|日期[:：].*|(填表|填报)?时间[:：].*|共\s*\d+\s*(人|户|条|页|个)"
)
_SPACES = re.compile(r"\s+")


class _Reader:
    """One mapped column being read; equal texts are parsed once."""

    def __init__(self, mapped: Mapped):
        self.mapped = mapped
        self.fractions = False
        self.parse = parser(mapped.column.field)
        self.seen: dict[str, Parsed] = {}
        # texts that differ in every row are not worth remembering
        self.remembers = mapped.column.field.kind not in (Kind.ID_NUMBER, Kind.PHONE, Kind.NAME)

    def read(self, cell: Cell) -> Parsed:
        if self.fractions:
            number = _fraction(cell)
            if number is not None:
                cell = Percent(number)
        if self.remembers and type(cell) is str:
            found = self.seen.get(cell)
            if found is None:
                found = self.seen[cell] = self.parse(cell)
            return found
        return self.parse(cell)


def take(sheet: Sheet, layout: Layout) -> Taken:
    """Read every data row below the header.

    Repeated headers, totals, group titles, footers, notes and blank rows are skipped and counted,
    the running number is ignored. Rows keep Excel's own numbers. Computed columns are not taken.
    """
    blocks = [
        [mapped for mapped in block if not mapped.column.field.computed]
        for block in (layout.columns, *layout.repeats)
    ]
    first = layout.first_row - 1
    body = sheet.rows[first:]
    readers = [[_Reader(mapped) for mapped in block] for block in blocks]
    notices = [
        problem for block in readers for reader in block for problem in _fractions(reader, body, layout)
    ]
    sieve = _Sieve(sheet, layout)
    end = len(sheet.rows)
    while end > first and sieve.is_empty(end - 1, sheet.rows[end - 1]):
        end -= 1
    rows: list[TakenRow] = []
    skipped: list[SkippedRow] = []
    numbered = range(first, end)
    for index in counted(numbered, "逐行检查", len(numbered)):
        row = sheet.rows[index]
        why = sieve.why_not(index, row)
        if why is not None:
            skipped.append(SkippedRow(index + 1, why))
            continue
        for place, block in enumerate(readers):
            if place and all(_is_absent(row, reader.mapped.index) for reader in block):
                continue
            rows.append(_taken(index, row, block, sheet))
    return Taken(tuple(rows), tuple(skipped), tuple(notices))


def _taken(index: int, row: Row, block: list[_Reader], sheet: Sheet) -> TakenRow:
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    cells = []
    width = len(row)
    for reader in block:
        mapped = reader.mapped
        cell = row[mapped.index] if mapped.index < width else None
        values[mapped.column.name], found = reader.read(cell)
        cells.append(cell)
        if found:
            problems.extend(problem.at(index + 1, mapped.letter) for problem in found)
    filled = (
        frozenset(r.mapped.column.name for r in block if (index, r.mapped.index) in sheet.filled)
        if sheet.filled
        else frozenset()
    )
    return TakenRow(index + 1, values, tuple(problems), tuple(cells), filled)


def _is_absent(row: Row, index: int) -> bool:
    return index >= len(row) or is_blank(row[index])


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
    if mapped.column.field.kind is not Kind.RATE:
        return
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


class _Sieve:
    """Tells data rows from what offices put between and below them."""

    def __init__(self, sheet: Sheet, layout: Layout):
        self.filled = sheet.filled
        self.mapped = layout.columns
        self.required = [m.index for m in layout.columns if m.column.field.required]
        self.free_text = {m.index for m in layout.columns if m.column.field.kind is Kind.TEXT} - {
            m.index for m in layout.columns[:1]
        }
        header = [sheet.rows[number - 1] for number in layout.header_rows]
        self.headings: dict[int, set[str]] = {}
        for row in header:
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    self.headings.setdefault(column, set()).add(headings.normal(cell))
        self.serial = {
            index
            for row in header
            for index, cell in enumerate(row)
            if isinstance(cell, str) and headings.is_serial(" ".join(cell.split()))
        }
        self.wide = {
            (first, left)
            for (first, left), (_, right) in sheet.merges
            if right - left + 1 >= min(3, len(layout.columns))
        }
        self.id_index = next((m.index for m in layout.columns if m.column.field.kind is Kind.ID_NUMBER), None)
        self.below_footer = False
        self.in_header = False

    def is_empty(self, index: int, row: Row) -> bool:
        """Nothing in the row but what a merged cell above filled down."""
        return all(
            cell is None or (index, column) in self.filled or (isinstance(cell, str) and not cell.strip())
            for column, cell in enumerate(row)
        )

    def why_not(self, index: int, row: Row) -> str | None:
        """Why the row is no data, None when it is."""
        if self.id_index is not None and self.id_index < len(row):
            # a row with a whole identity number is a person, whatever else stands in it
            cell = row[self.id_index]
            if type(cell) is str and len(cell) == 18 and cell[:17].isdigit():
                self.below_footer = False
                return None
        own = [
            (column, cell)
            for column, cell in enumerate(row)
            if cell is not None
            and column not in self.serial
            and not (isinstance(cell, str) and cell.isspace())
        ]
        if self.filled:
            own = [(column, cell) for column, cell in own if (index, column) not in self.filled]
        if not own:
            return BLANK if self.is_empty(index, row) else self._number_or_label(index, row)
        if self._repeats_header(own):
            return REPEATED_HEADER
        # the label of a total or a footer may stand in the column of the running number
        label_column, label = next(
            (column, cell)
            for column, cell in enumerate(row)
            if cell is not None and (index, column) not in self.filled
        )
        if not isinstance(label, str):
            label_column, label = own[0]
        if isinstance(label, str) and (found := self._label(index, row, label_column, label, len(own))):
            return found
        for column, cell in own[:3]:
            if column == label_column or column in self.free_text or not isinstance(cell, str):
                continue
            if _TOTAL.fullmatch(_SPACES.sub("", cell)) and self._lacks_required(row, column):
                return TOTAL
        return None

    def _label(self, index: int, row: Row, column: int, label: str, count: int) -> str | None:
        text = _SPACES.sub("", label)
        if _TOTAL.fullmatch(text) and self._lacks_required(row, column):
            return TOTAL
        if _FOOTER.match(text) and self._lacks_required(row, column):
            self.below_footer = True
            return FOOTER
        if count == 1 and (index, column) in self.wide and self._lacks_required(row, column):
            return FOOTER if self.below_footer else DIVIDER
        if self.below_footer and count == 1:
            return FOOTER
        self.below_footer = False
        return None

    def _number_or_label(self, index: int, row: Row) -> str | None:
        column, cell = next(
            ((c, cell) for c, cell in enumerate(row) if cell is not None and (index, c) not in self.filled),
            (0, None),
        )
        if isinstance(cell, str) and not cell.strip().isdigit():
            return self._label(index, row, column, cell, 1) or ONLY_NUMBER
        return ONLY_NUMBER

    def _repeats_header(self, own: Sequence[tuple[int, Cell]]) -> bool:
        same = sum(
            isinstance(cell, str) and headings.normal(cell) in self.headings.get(column, ())
            for column, cell in own
        )
        if len(own) == 1:
            # the lower row of a header whose upper row was just repeated
            self.in_header = self.in_header and same == 1
        else:
            self.in_header = same >= 2 and same > len(own) - same
        return self.in_header

    def _lacks_required(self, row: Row, but: int) -> bool:
        """Is a required cell blank, or is it the very cell that speaks against the row?"""
        if but in self.serial:  # 小计 where the running number belongs, with “57人” under the names
            return True
        if not self.required:
            return but == min(m.index for m in self.mapped) or _is_absent(row, self.mapped[0].index)
        return any(index == but or _is_absent(row, index) for index in self.required)
