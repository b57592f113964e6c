"""What is drawn in the window and leaves it on paper."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from db.enums import Right
from gridoffice.documents.pdf import red_line_pdf
from gridoffice.documents.red_sheet import RedSheet
from gridoffice.errors import Unreachable
from gridoffice.leaving import Leaving, Out, leave
from gridoffice.office import Office


def save_red_line(office: Office, sheet: RedSheet, day: date, target: Path) -> None:
    """Write the drawing of the red line as PDF. Raises `OfficeError` when it cannot be written there."""
    office.require(Right.READ)
    content = red_line_pdf(sheet, day)
    leave(office, Leaving(Out.EXPORT, sheet.title, file=target.name), target)
    try:
        target.write_bytes(content)
    except OSError as error:
        raise Unreachable(f"“{target.name}”写不进去，关掉打开它的程序，或换个地方再试。") from error
