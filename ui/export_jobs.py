"""What the worker process writes of lists that it has to make itself: a month's belong to its scheme, others are
worked out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gridoffice.assessment.rows import results
from gridoffice.exports import export
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.overview.party_year import year_listing
from gridoffice.overview.questions import raw_listing
from gridoffice.overview.skills import skills_listing


def export_month(office: Office, period: str, raw: bool, target: Path, ask: Ask, **how: Any) -> int:
    """A month's results, or the raw values behind them, as a printable workbook; `how` as
    `gridoffice.exports.export` takes it. Answers the number of rows."""
    return export(office, office.read(raw_listing if raw else results, period), target, ask, **how)


def export_skills(office: Office, target: Path, ask: Ask, **how: Any) -> int:
    """Who holds which level and may go for the next, as a printable workbook. Answers the number of rows."""
    return export(office, skills_listing(ask.day), target, ask, **how)


def export_party_year(office: Office, target: Path, ask: Ask, **how: Any) -> int:
    """How often each party member served in a year, as a printable workbook. Answers the number of rows."""
    return export(office, year_listing(ask.day), target, ask, **how)
