"""What must be true of a represented household."""

from __future__ import annotations

from datetime import date

from gridoffice.errors import Problem

MOST_PEOPLE = 99
"""More people than these do not live in one household: a column has slipped."""


def check_household(people: int | None, from_day: date | None, to_day: date | None) -> list[Problem]:
    """Nothing ends before it begins, and as many live there as can."""
    found = []
    if people is not None and not 0 < people <= MOST_PEOPLE:
        found.append(
            Problem(
                f"家庭人数 {people} 不对，应在 1 到 {MOST_PEOPLE} 之间。", field="家庭人数", value=str(people)
            )
        )
    if from_day and to_day and to_day < from_day:
        found.append(Problem(f"联系止 {to_day} 早于联系起 {from_day}。", field="联系止", value=str(to_day)))
    return found
