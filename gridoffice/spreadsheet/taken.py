"""The data rows of a workbook as they were taken: in columns, and one by one for whoever looks at them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, overload

from gridoffice.cells import text_of
from gridoffice.errors import Problem
from gridoffice.spreadsheet.sheet_rows import Cell

RowKey = tuple[str, int, int]
"""Sheet, Excel's row number, and which of the people side by side in it."""

NOT_FILLED: frozenset[str] = frozenset()


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
    filled: frozenset[str] = NOT_FILLED
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
class Part:
    """The data rows of one sheet: Excel's row numbers, values and cells by column name; problems and
    filled columns by place, where there are any. `made` keeps the rows that somebody looked at."""

    sheet: str
    numbers: Sequence[int]
    values: Mapping[str, Sequence[Any]]
    cells: Mapping[str, Sequence[Cell]]
    problems: Mapping[int, tuple[Problem, ...]]
    filled: Mapping[int, frozenset[str]]
    made: dict[int, TakenRow] = field(default_factory=dict)

    def row(self, place: int) -> TakenRow:
        """The row at a place, the same whenever it is asked for."""
        if place not in self.made:
            values = {name: column[place] for name, column in self.values.items()}
            cells = tuple(column[place] for column in self.cells.values())
            self._make(place, values, cells)
        return self.made[place]

    def _make(self, place: int, values: dict[str, Any], cells: tuple[Cell, ...]) -> None:
        problems, filled = self.problems.get(place, ()), self.filled.get(place, NOT_FILLED)
        self.made[place] = TakenRow(self.numbers[place], values, problems, cells, filled, self.sheet)

    def __iter__(self) -> Iterator[TakenRow]:
        if len(self.made) < len(self.numbers):
            names = tuple(self.values)
            rows = zip(
                zip(*self.values.values(), strict=True), zip(*self.cells.values(), strict=True), strict=True
            )
            for place, (values, cells) in enumerate(rows):
                if place not in self.made:
                    self._make(place, dict(zip(names, values, strict=True)), cells)
        return (self.made[place] for place in range(len(self.numbers)))


class TakenRows(Sequence[TakenRow]):
    """All data rows of a workbook, sheet by sheet. `own` are rows that stand in no column, by position:
    people side by side, and what the clerk corrected."""

    __slots__ = ("_starts", "own", "parts")

    def __init__(self, parts: Sequence[Part], own: Mapping[int, TakenRow] | None = None):
        self.parts = tuple(parts)
        self.own = dict(own or {})
        self._starts = [0, *accumulate(len(part.numbers) for part in self.parts)]

    @classmethod
    def of(cls, rows: Sequence[TakenRow], sheet: str = "") -> TakenRows:
        """Rows that were made one by one."""
        return cls([Part(sheet, [row.number for row in rows], {}, {}, {}, {})], dict(enumerate(rows)))

    @classmethod
    def joined(cls, some: Sequence[TakenRows]) -> TakenRows:
        """The rows of several sheets as one."""
        if len(some) == 1:
            return some[0]
        parts: list[Part] = []
        own: dict[int, TakenRow] = {}
        count = 0
        for rows in some:
            parts += rows.parts
            own |= {count + position: row for position, row in rows.own.items()}
            count += len(rows)
        return cls(parts, own)

    def __len__(self) -> int:
        return self._starts[-1]

    @overload
    def __getitem__(self, index: int) -> TakenRow: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[TakenRow]: ...
    def __getitem__(self, index: int | slice) -> TakenRow | Sequence[TakenRow]:
        if isinstance(index, slice):
            return [self[position] for position in range(*index.indices(len(self)))]
        position = index if index >= 0 else len(self) + index
        if not 0 <= position < len(self):
            raise IndexError(index)
        if position in self.own:
            return self.own[position]
        part = bisect_right(self._starts, position) - 1
        return self.parts[part].row(position - self._starts[part])

    def __iter__(self) -> Iterator[TakenRow]:
        position = 0
        for part in self.parts:
            if len(self.own) >= len(self):
                yield from (self.own[position + place] for place in range(len(part.numbers)))
            else:
                for place, row in enumerate(part):
                    yield self.own.get(position + place, row)
            position += len(part.numbers)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def column(self, name: str) -> list[Any]:
        """The values of a column, row by row; None where a sheet lacks it."""
        found: list[Any] = []
        for part in self.parts:
            found += part.values.get(name) or (None,) * len(part.numbers)
        for position, row in self.own.items():
            found[position] = row.values.get(name)
        return found

    def names(self) -> set[str]:
        """The columns that some row has."""
        found = {name for part in self.parts for name in part.values}
        return found.union(*(row.values for row in self.own.values()))

    def filled(self) -> list[frozenset[str]]:
        """Of each row the columns whose value stands in another cell."""
        found = [NOT_FILLED] * len(self)
        for start, part in zip(self._starts, self.parts, strict=False):
            for place, names in part.filled.items():
                found[start + place] = names
        for position, row in self.own.items():
            found[position] = row.filled
        return found

    def troubled(self) -> set[int]:
        """The rows with problems, by position."""
        found = {position for position, row in self.own.items() if row.problems}
        for start, part in zip(self._starts, self.parts, strict=False):
            found.update(start + place for place in part.problems if start + place not in self.own)
        return found

    def find(self, keys: Collection[RowKey]) -> dict[int, RowKey]:
        """The rows with these keys, by position."""
        numbers = {number for _, number, _ in keys}
        found = {}
        for start, part in zip(self._starts, self.parts, strict=False):
            for position, number in enumerate(part.numbers, start):
                if number in numbers and (key := self[position].key) in keys:
                    found[position] = key
        return found

    def replaced(self, rows: Mapping[int, TakenRow]) -> TakenRows:
        """The same with other rows at some positions."""
        return TakenRows(self.parts, self.own | dict(rows)) if rows else self


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

    rows: TakenRows
    skipped: tuple[SkippedRow, ...]
    problems: tuple[Problem, ...] = ()
    hidden_rows: int = 0
