"""What the worker process writes of lists that it has to make itself: a month's belong to its scheme."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gridoffice.assessment.appeals import appeals
from gridoffice.assessment.month import Where
from gridoffice.assessment.rows import results
from gridoffice.exports import export
from gridoffice.ledgers import MONTHLY
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.overview.questions import raw_listing


def export_month(office: Office, month: Where, raw: bool, target: Path, ask: Ask, **how: Any) -> int:
    """A month's results, or the raw values behind them, as a printable workbook; `how` as
    `gridoffice.exports.export` takes it. Answers the number of rows."""
    return export(office, office.read(raw_listing if raw else results, month), target, ask, **how)


def export_of_month(office: Office, key: str, month: Where, target: Path, ask: Ask, **how: Any) -> int:
    """The table of a monthly ledger with everybody of the month in it, to be filled in and taken in again:
    without what would be masked, by name and grid. Answers the number of rows."""
    listing = office.read(MONTHLY[key], month)
    plain = [one.name for one in listing.columns if one.field.sensitive is None]
    return export(office, listing, target, ask, columns=plain, **how)


def export_appeals(office: Office, month: Where, target: Path, ask: Ask, **how: Any) -> int:
    """The register of a month's appeals; `how` as `gridoffice.exports.export` takes it. Answers the number of
    rows."""
    return export(office, office.read(appeals, month), target, ask, **how)
