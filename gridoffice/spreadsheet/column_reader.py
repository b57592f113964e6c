"""One column of a sheet read cell by cell: equal contents once, shares as per cents, ditto marks told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from gridoffice.cells import Percent
from gridoffice.errors import Problem, Severity
from gridoffice.fields import Kind
from gridoffice.names import DITTO
from gridoffice.spreadsheet.matching import Layout, Mapped
from gridoffice.spreadsheet.sheet_rows import Cell, Rows
from gridoffice.values import Parsed, as_they_stand, parser

SAME_AS_ABOVE: Parsed = ("同上", ())
"""What is read of 同上 and 〃: whoever knows the rows above looks there."""

_EACH_ITS_OWN = (Kind.ID_NUMBER, Kind.PHONE)
_NO_DITTO = (*_EACH_ITS_OWN, Kind.NAME)
"""Nobody is the same as above."""
_REMEMBERED = frozenset((str, date, type(None)))

Column = tuple[Sequence[Any], Mapping[int, Parsed]]
"""The values of a column, and by place what was read of the cells of which something is to be said."""


class Reader:
    """One mapped column being read; equal texts and days are parsed once."""

    def __init__(self, mapped: Mapped):
        self.mapped = mapped
        self.fractions = False
        self.parse = parser(mapped.column.field)
        self.values: dict[Cell, Any] = {}
        self.told: dict[Cell, Parsed] = {}
        self.as_they_stand = as_they_stand(mapped.column.field)
        # numbers that differ in every row are not worth remembering
        self.remembers = mapped.column.field.kind not in _EACH_ITS_OWN
        self.dittos = mapped.column.field.kind not in _NO_DITTO

    def read(self, cell: Cell) -> Parsed:
        if self.fractions:
            number = _fraction(cell)
            if number is not None:
                cell = Percent(number)
        if self.dittos and type(cell) is str and cell.strip() in DITTO:
            return SAME_AS_ABOVE
        return self.parse(cell)

    def column(self, cells: Sequence[Cell]) -> Column:
        """`read` for many cells."""
        kinds = set(map(type, cells))
        if not self.remembers and kinds <= {str}:
            odd = [place for place, plain in enumerate(self.as_they_stand(cells)) if not plain]  # type: ignore[arg-type]
            if not odd:
                return cells, {}
            values = list(cells)
            read = {place: self.read(cells[place]) for place in odd}
            for place, parsed in read.items():
                values[place] = parsed[0]
            return values, _telling(read.items())
        if self.remembers and not self.fractions and kinds <= _REMEMBERED:
            self._remember(cells)
            values = list(map(self.values.__getitem__, cells))
            if self.told:
                return values, {place: self.told[c] for place, c in enumerate(cells) if c in self.told}
            return values, {}
        found = [self.read(cell) for cell in cells]
        return [value for value, _ in found], _telling(enumerate(found))

    def _remember(self, cells: Sequence[Cell]) -> None:
        """Read what was not met before."""
        new = set(cells).difference(self.values)
        texts = [cell for cell in new if type(cell) is str]
        plain = {text for text, stands in zip(texts, self.as_they_stand(texts), strict=True) if stands}
        self.values |= {text: text for text in plain}
        for cell in new - plain:
            parsed = self.read(cell)
            self.values[cell] = parsed[0]
            if parsed[1] or parsed is SAME_AS_ABOVE:
                self.told[cell] = parsed


def _telling(found: Iterable[tuple[int, Parsed]]) -> dict[int, Parsed]:
    return {place: parsed for place, parsed in found if parsed[1] or parsed is SAME_AS_ABOVE}


def all_fractions(readers: list[list[Reader]], body: Rows, layout: Layout) -> Iterable[Problem]:
    """Which rate columns are written as shares; each is said once."""
    for block in readers:
        for reader in block:
            if reader.mapped.column.field.kind is Kind.RATE:
                yield from _fractions(reader, body.column(reader.mapped.index), layout)


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


def _fractions(reader: Reader, cells: Sequence[Cell], layout: Layout) -> Iterable[Problem]:
    """Is this a rate column written as 0.955 for 95.5%? Then it is read so, with one warning.

    All its bare numbers are at most 1 and at least one lies between 0 and 1: no office has a month
    in which every rate is below one per cent.
    """
    mapped = reader.mapped
    numbers = [number for cell in cells if (number := _fraction(cell)) is not None]
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
