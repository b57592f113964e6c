"""One column of a sheet read cell by cell: equal contents once, shares as per cents, ditto marks told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from gridoffice.cells import Percent
from gridoffice.errors import Problem, Severity
from gridoffice.fields import Kind
from gridoffice.names import DITTO
from gridoffice.spreadsheet.matching import Layout, Mapped
from gridoffice.spreadsheet.reading import Cell, Row
from gridoffice.values import Parsed, parser

SAME_AS_ABOVE: Parsed = ("同上", ())
"""What is read of 同上 and 〃: whoever knows the rows above looks there."""

_EACH_ITS_OWN = (Kind.ID_NUMBER, Kind.PHONE)
_NO_DITTO = (*_EACH_ITS_OWN, Kind.NAME)
"""Nobody is the same as above."""
_REMEMBERED = frozenset((str, date, type(None)))


class Reader:
    """One mapped column being read; equal texts and days are parsed once."""

    def __init__(self, mapped: Mapped):
        self.mapped = mapped
        self.fractions = False
        self.parse = parser(mapped.column.field)
        self.seen: dict[Cell, Parsed] = {}
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

    def column(self, cells: Sequence[Cell]) -> list[Parsed]:
        """`read` for many cells."""
        if not self.remembers or self.fractions:
            return [self.read(cell) for cell in cells]
        seen = self.seen
        for cell in {cell for cell in cells if type(cell) in _REMEMBERED}:
            if cell not in seen:
                seen[cell] = self.read(cell)
        return [seen[cell] if type(cell) in _REMEMBERED else self.read(cell) for cell in cells]


def all_fractions(readers: list[list[Reader]], body: list[Row], layout: Layout) -> Iterable[Problem]:
    """Which rate columns are written as shares; each is said once."""
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


def _fractions(reader: Reader, body: list[Row], layout: Layout) -> Iterable[Problem]:
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
