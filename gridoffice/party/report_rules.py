"""What must be true of 双报到, and how much service a year asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from db.enums import ReportSide
from gridoffice.errors import Problem, Severity


@dataclass(frozen=True, slots=True)
class ServiceRule:
    """So many times and hours a year, for those who report from one of `sides` (empty: from any)."""

    times: int
    hours: Decimal
    source: str
    sides: tuple[ReportSide, ...] = ()

    def concerns(self, sides: Iterable[ReportSide]) -> bool:
        return not self.sides or any(side in self.sides for side in sides)


@dataclass(frozen=True, slots=True)
class ServiceTable:
    """Every rule about the services of an office's members."""

    rules: tuple[ServiceRule, ...]


def short_of(
    rules: Sequence[ServiceRule], sides: Iterable[ReportSide], times: int, hours: Decimal
) -> tuple[int, Decimal]:
    """How many times, and how many hours, a member is short of the strictest rule; nothing when all are met."""
    met = [rule for rule in rules if rule.concerns(list(sides))]
    few = max((rule.times - times for rule in met), default=0)
    little = max((rule.hours - hours for rule in met), default=Decimal(0))
    return max(few, 0), max(little, Decimal(0))


def service_text(table: ServiceTable) -> str:
    """The table as it is written in an office's own file."""
    said = ["# 双报到服务要求：一年里每名报到党员至少服务几次、多少小时；不要求的写 0。"]
    for one in table.rules:
        sides = ", ".join(f'"{side.value}"' for side in one.sides)
        source = one.source.replace("\\", "／").replace('"', "”")
        said += ["", "[[rules]]", f"sides = [{sides}]", f"times = {one.times}"]
        said += [f"hours = {one.hours:f}", f'source = "{source}"']
    return "\n".join(said) + "\n"


def year_of(day: date) -> tuple[date, date]:
    """The first and the last day of a day's year."""
    return date(day.year, 1, 1), date(day.year, 12, 31)


def check_service(day: date | None, hours: Decimal | None) -> list[Problem]:
    """A service of one day has more than no hours and no more than a day has, and has been done."""
    found = []
    if hours is not None and not 0 < hours <= 24:
        said = f"服务时长 {hours} 不对，一天在 0 到 24 小时之间。"
        found.append(Problem(said, field="服务时长", value=str(hours)))
    if day is not None and day > date.today():
        said = f"服务日期 {day} 还没到。看看对不对。"
        found.append(Problem(said, Severity.WARNING, field="服务日期", value=str(day)))
    return found
