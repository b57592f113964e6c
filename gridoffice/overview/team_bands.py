"""The bands that a team is told in: age, years of service, schooling."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_FLOOR, Decimal
from functools import cache

from db.enums import Education
from gridoffice.workers.for_forms import age

AGES = (
    (0, 29, "30 岁以下"),
    (30, 39, "30–39 岁"),
    (40, 49, "40–49 岁"),
    (50, 59, "50–59 岁"),
    (60, 200, "60 岁以上"),
)
TENURES = ((0, "不满 1 年"), (1, "1–3 年"), (3, "3–5 年"), (5, "5–10 年"), (10, "10 年以上"))
UNKNOWN = "没填"
SCHOOLING = (
    ("大专以下", (Education.SECONDARY, Education.HIGH_SCHOOL, Education.JUNIOR_HIGH, Education.PRIMARY)),
    ("大专", (Education.COLLEGE,)),
    ("本科", (Education.BACHELOR,)),
    ("研究生", (Education.POSTGRADUATE, Education.MASTER, Education.DOCTOR)),
    ("其他", (Education.OTHER,)),
)


def age_band(birth: date | None, day: date) -> str:
    """The band of somebody's full years on a day."""
    if birth is None:
        return UNKNOWN
    years = age(birth, day)
    return next((words for low, high, words in AGES if low <= years <= high), UNKNOWN)


def tenure(first: date | None, day: date) -> Decimal | None:
    """Years of service without a gap up to a day, one place, rounded down; None when it is not known since
    when."""
    if first is None:
        return None
    return (Decimal((day - first).days) / Decimal("365.2425")).quantize(Decimal("0.1"), ROUND_FLOOR)


def tenure_band(first: date | None, day: date) -> str:
    """The band of somebody's full years of service: a year is full on its anniversary."""
    if first is None:
        return UNKNOWN
    years = age(first, day)
    return [words for low, words in TENURES if low <= years][-1]


def schooling(education: Education | None) -> str:
    """The band of an education."""
    if education is None:
        return UNKNOWN
    return next(words for words, codes in SCHOOLING if education in codes)


class Bands:
    """Ages and years of service on a day: of 150,000 people many share a day."""

    def __init__(self, day: date):
        self.of_age = cache(
            lambda birth: (age(birth, day) if birth is not None else None, age_band(birth, day))
        )
        self.of_tenure = cache(lambda first: (tenure(first, day), tenure_band(first, day)))
