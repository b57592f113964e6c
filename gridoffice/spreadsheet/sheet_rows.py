"""The rows of a sheet, kept as columns: whoever reads a column has it whole, whoever wants a row gets one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice, zip_longest
from typing import Any, overload

from gridoffice.cells import LOST_DIGITS, CellError

Cell = str | int | float | bool | date | datetime | time | timedelta | CellError | None
Row = list[Cell]

_PORTION = 500
"""Rows that are turned into columns together: few enough to lie in the processor's own memory."""

_OFTEN = 2000
"""So many different contents of a column are looked for in the rows that follow."""


class Rows(Sequence[Row]):
    """Rows of equal length as columns. A row that is asked for is a list of its own."""

    __slots__ = ("_count", "columns")

    def __init__(self, columns: list[list[Cell]], count: int):
        self.columns = columns
        self._count = count

    @classmethod
    def of(cls, rows: Sequence[Sequence[Cell]]) -> Rows:
        """Rows of any length; the short ones end in blanks."""
        return cls([list(column) for column in zip_longest(*rows)], len(rows))

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Rows: ...
    def __getitem__(self, index: int | slice) -> Row | Rows:
        if isinstance(index, slice):
            count = len(range(*index.indices(self._count)))
            return Rows([column[index] for column in self.columns], count)
        if not -self._count <= index < self._count:
            raise IndexError(index)
        return [column[index] for column in self.columns]

    def __iter__(self) -> Iterator[Row]:
        if not self.columns:
            return iter([[] for _ in range(self._count)])
        return map(list, zip(*self.columns, strict=True))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    def __repr__(self) -> str:
        return f"Rows({list(self)!r})"

    __hash__ = None  # type: ignore[assignment]

    def column(self, index: int) -> Sequence[Cell]:
        """Every cell of a column; blanks where the sheet does not reach so far."""
        return self.columns[index] if index < len(self.columns) else (None,) * self._count

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Set one cell, also one beyond what there is."""
        while len(self.columns) <= column:
            self.columns.append([None] * self._count)
        if row >= self._count:
            for cells in self.columns:
                cells += [None] * (row + 1 - self._count)
            self._count = row + 1
        self.columns[column][row] = cell

    def cut_blank_end(self) -> None:
        """Drop the rows at the end in which nothing stands."""
        end = max(map(_last, self.columns), default=0)
        for cells in self.columns:
            del cells[end:]
        self._count = end


def plain_rows(rows: Iterable[Sequence[Any]], left: int) -> Rows:
    """The rows of a parser as plain values, `left` blank columns before them. What occurs often (codes,
    days) is the same object everywhere: a roster of 150,000 rows takes a third less memory."""
    columns: list[list[Cell]] = []
    same: list[dict[Any, Cell]] = []
    count, iterator = 0, iter(rows)
    while portion := list(islice(iterator, _PORTION)):
        parts = list(zip(*portion, strict=True))
        if not columns:
            columns = [[] for _ in range(left + len(parts))]
            same = [{"": None} for _ in parts]
        for blank in columns[:left]:
            blank += [None] * len(portion)
        for cells, part, often in zip(columns[left:], parts, same, strict=True):
            cells += _plain(part, often)
        count += len(portion)
    return Rows(columns, count)


def _plain(cells: Sequence[Any], often: dict[Any, Cell]) -> Iterable[Cell]:
    """The cells of a column; `often` holds what is repeated in it."""
    kinds = set(map(type, cells))
    if len(often) < _OFTEN:
        some = set(cells) if kinds <= {str, date} else {cell for cell in cells if type(cell) in (str, date)}
        if 2 * len(some) < len(cells):
            often |= {cell: cell for cell in some if cell not in often}
    found = map(often.get, cells, cells)
    return [_number(cell) if type(cell) is float else cell for cell in found] if float in kinds else found


def _number(cell: float) -> int | float:
    """Whole numbers as such, as long as no digit can have been lost."""
    return int(cell) if cell.is_integer() and -LOST_DIGITS < cell < LOST_DIGITS else cell


def _last(cells: list[Cell]) -> int:
    """How many cells there are up to the last that holds anything."""
    end = len(cells)
    while end and cells[end - 1] is None:
        end -= 1
    return end
