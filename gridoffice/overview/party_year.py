"""党员服务 of a year as a list: who reported, how much was done, what is missing."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from gridoffice.listing import Listing
from gridoffice.party.reporting import SHORT, YearRow, year_rows
from gridoffice.worked_out import worked, worked_out


def year_listing(day: date | None = None) -> Listing:
    """The services of the year of a day, member by member."""
    return worked_out(
        "party-hours", "党员服务年度统计", "名党员", YearRow, year_rows, ("state", "unit"), day, "id"
    )


def short_of(session: Session, scope: int | None, day: date | None) -> int:
    """How many of that list have not done what is asked for."""
    return sum(1 for one in worked(session, year_rows, scope, day).rows if one.state == SHORT)
