"""A finished table of the assessment, the same on paper and as a sheet of a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gridoffice.assessment.annexes import fixed
from gridoffice.assessment.appeals import AppealRow
from gridoffice.documents.model import ColumnHead, HeadGroup, TableAnnex
from gridoffice.documents.pdf import ledger_pdf
from gridoffice.fields import columns
from gridoffice.people.rows import NAME
from gridoffice.spreadsheet.paper_book import BookSheet, Heading

Cell = str | int | Decimal | None

_OF_PERSONS = {NAME.label} | {one.field.label for one in columns(AppealRow) if one.field.personal}

SIGNED = ("制表人：", "审核人：", "负责人：")


@dataclass(frozen=True, slots=True)
class Printed:
    """A table: `places` are the decimals that each column's numbers have (None: texts and whole numbers);
    the last `sums` rows are sums of the others. A `wide` one is printed on A3. `widths`
    are weights by which the columns share what room is left over."""

    title: str
    facts: tuple[str, ...]
    headings: tuple[ColumnHead, ...]
    rows: tuple[tuple[Cell, ...], ...]
    places: tuple[int | None, ...]
    notes: tuple[str, ...] = ()
    signature: tuple[str, ...] = SIGNED
    sums: int = 0
    landscape: bool = True
    wide: bool = False
    widths: tuple[float, ...] | None = None

    @property
    def persons(self) -> bool:
        """Whether it lists persons: below a heading that a field of theirs has too."""
        return any(one in _OF_PERSONS for heading in self.headings for one in leaves(heading))

    def texts(self) -> list[tuple[str, ...]]:
        """The rows as they are printed."""
        return [
            tuple(said(value, places) for value, places in zip(row, self.places, strict=True))
            for row in self.rows
        ]

    def pdf(self, organisation: str, day: date) -> bytes:
        """As a ledger on A4. Raises OfficeError naming a character that no font has."""
        return ledger_pdf(
            self.title,
            self.facts,
            self.headings,
            self.texts(),
            self.widths,
            signature=self.signature,
            notes=self.notes,
            wide=self.wide,
            organisation=organisation,
            day=day,
            persons=self.persons,
        )

    def sheet(self, name: str) -> BookSheet:
        """As a sheet of a workbook."""
        return BookSheet(
            name=name,
            title=self.title,
            facts=self.facts,
            headings=tuple(map(_heading, self.headings)),
            rows=self.rows,
            places=self.places,
            notes=self.notes,
            signature=self.signature,
            landscape=self.landscape,
            sums=self.sums,
        )

    def annex(self) -> TableAnnex:
        """As an attachment of an official document."""
        return TableAnnex(
            title=self.title,
            headings=self.headings,
            rows=self.texts(),
            landscape=self.landscape,
            notes=self.notes,
            facts=self.facts,
            persons=self.persons,
        )


def leaves(heading: ColumnHead) -> list[str]:
    """The headings of single columns below a heading."""
    if isinstance(heading, HeadGroup):
        return [one for column in heading.columns for one in leaves(column)]
    return [heading]


def said(value: Cell, places: int | None) -> str:
    """A cell as it is printed: numbers of a column all with the same decimals."""
    if isinstance(value, Decimal):
        return fixed(value, 2 if places is None else places)
    return "" if value is None else str(value)


def _heading(heading: ColumnHead) -> Heading:
    if isinstance(heading, HeadGroup):
        return heading.title, tuple(map(_heading, heading.columns))
    return heading
