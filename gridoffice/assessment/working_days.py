"""Working days: weekdays, less the holidays and plus the days worked instead that the State Council sets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from gridoffice.own_tables import OwnTable


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days off from `first` to `last`, both included; `worked` are days of a weekend worked instead."""

    name: str
    first: date
    last: date
    worked: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Calendar:
    """The holidays that an office keeps; of a year that is not in it only weekends are off."""

    holidays: tuple[Holiday, ...] = ()


HOLIDAYS = OwnTable("holidays", "法定节假日和调休", Calendar, ("holidays", "china.toml"))


def is_working(calendar: Calendar, day: date) -> bool:
    """Is it a day on which the office works?"""
    if any(day in holiday.worked for holiday in calendar.holidays):
        return True
    off = any(holiday.first <= day <= holiday.last for holiday in calendar.holidays)
    return day.weekday() < 5 and not off


def later(calendar: Calendar, day: date, count: int) -> date:
    """The last of so many working days, the first of which is the one after `day`."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working(calendar, day)
    return day


def work_days_after(session: Session, day: date, count: int) -> date:
    """The same by the calendar of this office."""
    return later(HOLIDAYS.of(session), day, count)
