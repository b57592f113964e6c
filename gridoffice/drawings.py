"""What is drawn in the window and leaves it on paper."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from db.enums import Right
from gridoffice.documents.output import marked
from gridoffice.documents.pdf import red_line_pdf
from gridoffice.documents.red_sheet import RedSheet
from gridoffice.leaving import Leaving, Out, for_purpose, leave_as, mark_of
from gridoffice.office import Office


def of_red_line(office: Office, title: str, reason: str | None) -> Leaving:
    """What leaves with a drawing of the red line: beside its organisations stand their secretaries."""
    return for_purpose(office, Leaving(Out.EXPORT, title, reason=reason, persons=True))


def save_red_line(office: Office, sheet: RedSheet, day: date, reason: str | None, target: Path) -> None:
    """Write the drawing of the red line as PDF. Raises `OfficeError` when it cannot be written there."""
    office.require(Right.READ)
    out = of_red_line(office, sheet.title, reason)
    with marked(mark_of(office.who, out)):
        content = red_line_pdf(sheet, day)
    leave_as(office, out, target, content)


def save_picture(office: Office, picture: bytes, out: Leaving, target: Path) -> None:
    """Write a drawing that is a picture, with its mark in it. Raises `OfficeError` as `save_red_line` does."""
    office.require(Right.READ)
    leave_as(office, out, target, picture)
