"""Months that earlier programs locked are compared like all others."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from db.enums import MonthState
from db.tables import Month
from gridoffice.assessment.comparing import comparison, courses
from gridoffice.assessment.month import kept_points, scheme_of, sheet_rows
from gridoffice.scoring.scheme import weighs
from tests.db.test_upgrade import earlier, upgraded
from tests.offices import Opening


@pytest.mark.parametrize("revision", ["0001", "0004"])
def test_points_kept_as_text_add_up_like_packed_ones(
    revision: str, new_database: Callable[[str], str], tmp_path: Path, office_at: Opening
) -> None:
    office = upgraded(earlier(revision, new_database, tmp_path), office_at)
    locked = select(Month.id, Month.period).where(Month.state == MonthState.LOCKED)
    months = office.read(lambda session: [(row.id, row.period) for row in session.execute(locked)])
    assert months
    for number, period in months:
        rows = office.read(sheet_rows, number)
        scheme = office.read(lambda session, at=number: scheme_of(session, session.get_one(Month, at)))
        assert any(row["recorded"] is None for row in rows)
        (course,) = [one for one in office.read(courses) if period in one.periods]
        found = office.read(comparison, course.scheme_key, period)
        totals = [row["total"] for row in rows if row["total"] is not None]
        mean = (sum(totals, Decimal(0)) / len(totals)).quantize(Decimal("0.01"), ROUND_HALF_UP)
        assert (found.months[-1].people, found.months[-1].mean) == (len(rows), mean)
        for figure, indicator in zip(found.indicators, filter(weighs, scheme.indicators), strict=True):
            kept = [kept_points(scheme, row) for row in rows]
            points = [one[indicator.key] for one in kept if indicator.key in one]
            assert figure.mean == (sum(points, Decimal(0)) / len(points)).quantize(
                Decimal("0.01"), ROUND_HALF_UP
            )
