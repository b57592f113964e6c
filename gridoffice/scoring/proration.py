"""Whether somebody was in a post long enough to be graded for a month. Pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from gridoffice.scoring.scheme import Scheme


def on_probation(scheme: Scheme, post_started: date | None, last: date) -> bool:
    """Whether the scheme's months of probation still run on the month's last day: they end on the same
    day of a later month, or on its last where it has none (31 August and 6 months: 28 February)."""
    if not scheme.probation_months or post_started is None:
        return False
    return last < months_later(post_started, scheme.probation_months)


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    return date(year, month + 1, day.day)


def too_long_away(scheme: Scheme, away: int, whole: int) -> bool:
    """Whether days of absence are more than the scheme lets somebody miss and still be graded."""
    return Decimal(away) * 100 > scheme.absent_beyond * whole
