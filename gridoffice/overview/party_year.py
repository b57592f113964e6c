"""党员服务 of a year as a list: who reported, how much was done, what is missing."""

from __future__ import annotations

from datetime import date

from gridoffice.listing import Listing
from gridoffice.party.reporting import YearRow, year_rows
from gridoffice.worked_out import worked_out


def year_listing(day: date | None = None) -> Listing:
    """The services of the year of a day, member by member."""
    return worked_out("party-hours", "党员服务年度统计", "名党员", YearRow, year_rows, ("state", "unit"), day)
