"""Every kind of paper as PDF bytes: official documents, ledgers, public signs, sign-in sheets, certificates,
badges. Each says whether its pages list persons: those carry the mark of `output.marked`, where there is one.

Fonts and reportlab are loaded with the first paper, not with the first window.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from gridoffice.documents.model import (
    Badge,
    BadgeLayout,
    CertificateLayout,
    ColumnHead,
    CompletionPaper,
    OfficialDocument,
    PublicSign,
    SignInSheet,
    Sums,
)
from gridoffice.documents.red_sheet import RedSheet

if TYPE_CHECKING:
    from gridoffice.documents.fonts import FontSet


def official_pdf(document: OfficialDocument, fonts: FontSet | None = None) -> bytes:
    """An official document in the form of GB/T 9704-2012.

    Without `fonts` the computer's own official typefaces are used where present. Raises OfficeError naming
    a character that no font has. The same document gives the same bytes.
    """
    from gridoffice.documents.fonts import FontSet, printable
    from gridoffice.documents.official_layout import Writer
    from gridoffice.documents.output import surface_for

    title = printable(document.title.replace("\n", ""))
    surface = surface_for(title, printable(document.organisation), document.day, persons=False)
    Writer(surface, fonts or FontSet.found(), document).write()
    return surface.finish()


def ledger_pdf(
    title: str,
    facts: Sequence[str],
    headings: Sequence[ColumnHead],
    rows: Iterable[Sequence[str]],
    widths: Sequence[float] | None = None,
    signature: Sequence[str] = (),
    *,
    align: str | None = None,
    notes: Sequence[str] = (),
    wide: bool = False,
    organisation: str = "",
    day: date | None = None,
    sums: Sums | None = None,
    begun: bool = False,
    persons: bool = True,
    fonts: FontSet | None = None,
) -> bytes:
    """A ledger on A4 landscape (a `wide` one on A3): title, a line of facts, the head on every page,
    第 n 页 共 m 页.

    `rows` hold texts, one a column; `widths` are weights (Field.width will do), and without them the
    contents decide. `notes` stand below the last row and `signature`, the words before the empty places at
    the end (制表人, 审核人, …), below them; neither ever stands alone on a page. `day` is the date of the
    file. `sums` adds up columns, by group and at the end. Where it has only `begun`, the first page of its
    first rows; without `persons` nobody is named on it. Raises OfficeError naming a character that no font has, and
    its row.
    """
    from gridoffice.documents import ledger
    from gridoffice.documents.fonts import FontSet, printable
    from gridoffice.documents.output import surface_for

    surface = surface_for(printable(title), printable(organisation), day, persons=persons)
    table_rows = [[printable(text) for text in row] for row in rows]
    ledger.write(
        surface,
        fonts or FontSet.found(),
        title,
        facts,
        headings,
        table_rows,
        widths,
        align,
        signature,
        notes,
        wide,
        sums,
        begun,
    )
    return surface.finish()


def sign_pdf(signs: Sequence[PublicSign], day: date | None = None, fonts: FontSet | None = None) -> bytes:
    """Public signs on A3 landscape, one a page: made to be read by everybody, they carry no mark. Raises
    OfficeError naming a character that no font has."""
    from gridoffice.documents import sign
    from gridoffice.documents.fonts import FontSet, printable
    from gridoffice.documents.output import surface_for

    title = f"{signs[0].name}{signs[0].title}" if len(signs) == 1 else signs[0].title
    surface = surface_for(printable(title), printable(signs[0].organisation), day, persons=False)
    sign.write(surface, fonts or FontSet.found(), signs)
    return surface.finish()


def red_line_pdf(sheet: RedSheet, day: date | None = None, fonts: FontSet | None = None) -> bytes:
    """一根红线 on A3. Raises OfficeError naming a character that no font has."""
    from gridoffice.documents import red_line
    from gridoffice.documents.fonts import FontSet, printable
    from gridoffice.documents.output import surface_for

    surface = surface_for(printable(sheet.title), "", day, persons=True)
    red_line.write(surface, fonts or FontSet.found(), sheet)
    return surface.finish()


def sign_in_pdf(sheet: SignInSheet, day: date | None = None, fonts: FontSet | None = None) -> bytes:
    """A sign-in sheet on A4. Raises OfficeError naming a character that no font has."""
    from gridoffice.documents import sign_in
    from gridoffice.documents.fonts import FontSet, printable
    from gridoffice.documents.output import surface_for

    surface = surface_for(printable(sheet.title), printable(sheet.organisation), day, persons=True)
    sign_in.write(surface, fonts or FontSet.found(), sheet)
    return surface.finish()


def completion_pdf(
    papers: Sequence[CompletionPaper],
    layout: CertificateLayout,
    title: str,
    day: date | None = None,
    fonts: FontSet | None = None,
) -> bytes:
    """Certificates of completion. Raises OfficeError naming a character that no font has."""
    from gridoffice.documents import completion
    from gridoffice.documents.fonts import FontSet, printable
    from gridoffice.documents.output import surface_for

    surface = surface_for(printable(title), printable(papers[0].organisation), day, persons=True)
    completion.write(surface, fonts or FontSet.found(), papers, layout)
    return surface.finish()


def badge_pdf(
    badges: Sequence[Badge],
    layout: BadgeLayout,
    title: str,
    day: date | None = None,
    fonts: FontSet | None = None,
) -> bytes:
    """Badges on A4, fronts and backs in turn. Raises OfficeError naming a character that no font has."""
    from gridoffice.documents import badge
    from gridoffice.documents.fonts import FontSet, printable
    from gridoffice.documents.output import surface_for

    surface = surface_for(printable(title), printable(badges[0].organisation), day, persons=True)
    badge.write(surface, fonts or FontSet.found(), badges, layout)
    return surface.finish()
