"""What follows from several months in a row: named, never done by the program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gridoffice.assessment.rules import period_days
from gridoffice.scoring.policies import Consecutive
from gridoffice.scoring.scheme import Scheme

Grades = Mapping[str, str | None]
"""Somebody's grades by month (YYYY-MM); None: assessed without a grade."""


def consequences(scheme: Scheme, grades: Grades, period: str) -> list[str]:
    """What the scheme says of the months in a row that end with this one, the longest row first.

    A month in which there was no grade, or no assessment, ends the row: it says nothing against
    anybody. A grade that the scheme does not know (an earlier edition called it otherwise) ends it too.
    """
    found = [
        (rule, in_a_row)
        for rule in scheme.consecutive
        if (in_a_row := _in_a_row(scheme, rule, grades, period)) >= rule.months
    ]
    found.sort(key=lambda each: -each[0].months)
    return [
        f"连续 {count} 个月“{rule.grade}”{_or_worse(scheme, rule)}：{rule.consequence}"
        for rule, count in found
    ]


def earlier_periods(period: str, count: int) -> list[str]:
    """The months before one, the latest first."""
    first, _ = period_days(period)
    number = first.year * 12 + first.month - 1
    return [f"{(number - back) // 12:04d}-{(number - back) % 12 + 1:02d}" for back in range(1, count + 1)]


def months_looked_at(scheme: Scheme) -> int:
    """How many earlier months the rules of a scheme may need."""
    return max((rule.months for rule in scheme.consecutive), default=1) - 1


def _in_a_row(scheme: Scheme, rule: Consecutive, grades: Grades, period: str) -> int:
    poor = from_grade(scheme, rule.grade)
    count = 0
    for one in _backwards(period, grades):
        if grades.get(one) not in poor:
            break
        count += 1
    return count


def _backwards(period: str, grades: Grades) -> Iterator[str]:
    yield period
    yield from earlier_periods(period, len(grades))


def from_grade(scheme: Scheme, grade: str) -> Sequence[str]:
    """This grade and those below it."""
    names = [one.name for one in scheme.grades]
    return names[names.index(grade) :] if grade in names else []


def _or_worse(scheme: Scheme, rule: Consecutive) -> str:
    return "" if rule.grade == scheme.grades[-1].name else "及以下"
