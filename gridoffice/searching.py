"""In which rows of a file under review a text stands: each column is one long text, made when it is first
searched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from gridoffice.fields import Column
from gridoffice.planned import PlannedRows
from gridoffice.values import show

_BETWEEN = "\n"
"""Stands between the rows; no value of one line has it."""


class SearchText:
    """The texts of some planned rows, column by column, and what is said of them."""

    def __init__(self, rows: PlannedRows, columns: Sequence[Column]):
        self.rows = rows
        self._columns = columns
        self._texts: list[_Text] | None = None

    def find(self, wanted: str) -> set[int]:
        """The positions of the rows in which a text (without capitals) stands."""
        if self._texts is None:
            self._texts = [_Text(self.rows.column(column.name), column) for column in self._columns]
        found = {
            position
            for position, row in self.rows.said.items()
            if any(wanted in problem.message.casefold() for problem in row.problems)
        }
        return found.union(*(text.find(wanted) for text in self._texts))


class _Text:
    """The texts of a column, without capitals: of each row, or (when many are alike) of each value once."""

    def __init__(self, values: Sequence[Any], column: Column):
        # equal values are mostly one object: what was read is remembered
        different = dict(zip(map(id, values), values, strict=True))
        self.each = different if 2 * len(different) < len(values) else None
        self.values = values
        texts = [
            v if type(v) is str else "" if v is None else show(column.field, v)
            for v in (values if self.each is None else self.each.values())
        ]
        self.whole = _BETWEEN.join(texts).casefold()
        if self.whole.count(_BETWEEN) >= len(texts):
            self.whole = _BETWEEN.join([text.replace(_BETWEEN, " ") for text in texts]).casefold()

    def find(self, wanted: str) -> Iterable[int]:
        """The positions of the rows in which a text stands."""
        lines = _lines(self.whole, wanted)
        if self.each is None or not lines:
            return lines
        known = list(self.each)
        meant = {known[line] for line in lines}
        return (position for position, value in enumerate(self.values) if id(value) in meant)


def _lines(text: str, wanted: str) -> list[int]:
    """The lines of a text in which another stands, counted from 0."""
    found: list[int] = []
    line = start = 0
    at = text.find(wanted)
    while at >= 0:
        line += text.count(_BETWEEN, start, at)
        found.append(line)
        start = text.find(_BETWEEN, at)
        at = text.find(wanted, start) if start >= 0 else -1
    return found
