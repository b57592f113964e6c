"""References to cells, as they read when rows are put into a sheet or a formula is copied.

Excel's own rules: what stands at the new rows or below moves down; a range around them grows. One
rule more, for forms: a range that ends just above the new rows grows too where that is asked for,
because a form of one blank line is meant to be continued.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gridoffice.spreadsheet.letters import column_index, letter

_TOKEN = re.compile(
    r"""
    "(?:[^"]|"")*" | \[[^\]]*\]                                 # a text, a column of a table
    | (?P<sheet>(?:'(?:[^']|'')+'|[\w.]+)!)?
      (?: (?P<first>\$?[A-Z]{1,3}\$?[0-9]{1,7})(?::(?P<last>\$?[A-Z]{1,3}\$?[0-9]{1,7}))?(?![\w(!.])
        | (?P<top>\$?[0-9]{1,7}):(?P<bottom>\$?[0-9]{1,7})(?![\w.]) )
    | '(?:[^']|'')*'
    | [\w.\\]+                                                 # a name, a number, a function
    """,
    re.VERBOSE,
)
_CELL = re.compile(r"(\$?(?=[A-Z])|)([A-Z]{0,3})(\$?)([0-9]+)")


@dataclass(frozen=True, slots=True)
class Shift:
    """`count` new rows that push down what stood at row `at` and below."""

    sheet: str
    at: int
    count: int

    def row(self, number: int) -> int:
        return number + self.count if number >= self.at else number

    def rows(self, first: int, last: int, *, grows: bool = False) -> tuple[int, int]:
        """First and last row of a range afterwards. `grows` lets one grow that ends just above."""
        end = last + self.count if last >= self.at - (1 if grows else 0) else last
        return self.row(first), max(end, self.row(first))

    def formula(self, text: str, *, here: bool, grows: bool = False) -> str:
        """A formula (without `=`) that stands on this sheet (`here`) or on another one."""

        def moved(found: re.Match[str]) -> str:
            if not self._meant(found["sheet"], here=here):
                return found[0]
            if found["first"] and not found["last"]:
                return (found["sheet"] or "") + self._cell(found["first"])
            start, end = (
                (found["first"], found["last"]) if found["first"] else (found["top"], found["bottom"])
            )
            if start is None or end is None:
                return found[0]
            first, last = self.rows(_number(start), _number(end), grows=grows)
            return f"{found['sheet'] or ''}{_with(start, first)}:{_with(end, last)}"

        return _TOKEN.sub(moved, text)

    def ranges(self, text: str, *, grows: bool = False) -> str:
        """A list of ranges as in `sqref`: `C5:C14 E5`."""
        return " ".join(self._range(one, grows=grows) for one in text.split())

    def _range(self, text: str, *, grows: bool) -> str:
        start, _, end = text.partition(":")
        first, last = self.rows(_number(start), _number(end or start), grows=grows)
        if not end and first == last:
            return _with(start, first)
        return f"{_with(start, first)}:{_with(end or start, last)}"

    def _cell(self, text: str) -> str:
        return _with(text, self.row(_number(text)))

    def _meant(self, sheet: str | None, *, here: bool) -> bool:
        if sheet is None:
            return here
        return sheet[:-1].strip("'").replace("''", "'") == self.sheet


def _number(cell: str) -> int:
    found = re.search(r"[0-9]+", cell)
    return int(found[0]) if found else 0


def _with(cell: str, number: int) -> str:
    return re.sub(r"[0-9]+", str(number), cell)


def copied(formula: str, down: int, right: int = 0) -> str:
    """The formula as it reads when its cell is copied: what has no $ moves along."""

    def moved(found: re.Match[str]) -> str:
        if found["first"]:
            ends = [_moved(end, down, right) for end in (found["first"], found["last"]) if end]
        elif found["top"]:
            ends = [_moved(end, down, 0) for end in (found["top"], found["bottom"])]
        else:
            return found[0]
        return (found["sheet"] or "") + ":".join(ends)

    return _TOKEN.sub(moved, formula)


def _moved(cell: str, down: int, right: int) -> str:
    fixed_column, column, fixed_row, row = _CELL.fullmatch(cell).groups()  # type: ignore[union-attr]
    if not fixed_row:
        row = str(int(row) + down)
    if column and not fixed_column:
        column = letter(column_index(column) + right)
    return f"{fixed_column}{column}{fixed_row}{row}"
