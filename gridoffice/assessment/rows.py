"""What a line of a month's results looks like: fixed columns and one for each indicator."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from db.enums import Target
from db.tables import Sheet
from gridoffice.assessment.month import (
    Where,
    below_in_month,
    kept_points,
    month_record,
    scheme_of,
    taking_part,
)
from gridoffice.fields import Column, Field, Kind
from gridoffice.listing import Ask, Listing, chunked, ordered_ids, spelled
from gridoffice.scoring.scheme import Scheme, has_points


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One person's results. `parts` holds points by indicator key; reading a column of an indicator
    (`points_KEY`) finds it there."""

    id: int
    person_id: int | None
    rank: int | None
    name: str
    unit: str
    grid: str
    title: str
    parts: dict[str, Decimal | None]
    total: Decimal | None
    grade: str | None
    unit_rank: int | None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("points_"):
            return self.parts.get(name.removeprefix("points_"))
        raise AttributeError(name)


def result_columns(scheme: Scheme) -> tuple[Column, ...]:
    """The columns of a month's results, for screen, workbook and paper."""
    points = tuple(
        Column(
            f"points_{indicator.key}",
            Field(indicator.name, Kind.DECIMAL, width=max(8, 2 * len(indicator.name) + 2), computed=True),
        )
        for indicator in scheme.indicators
        if has_points(indicator)
    )
    return (
        Column("rank", Field("排名", Kind.INTEGER, width=6, computed=True)),
        *_WHOM[scheme.target],
        *points,
        Column("total", Field("合计", Kind.DECIMAL, width=8, computed=True)),
        Column("grade", Field("等次", width=10, computed=True)),
        Column("unit_rank", Field("社区内排名", Kind.INTEGER, width=10, computed=True)),
    )


_WHOM = {
    Target.POST: (
        Column("name", Field("姓名", Kind.NAME, width=10)),
        Column("grid", Field("所属网格", width=22)),
        Column("title", Field("职务", width=12)),
    ),
    Target.AREA: (
        Column("name", Field("区域", width=14)),
        Column("grid", Field("网格全称", width=22)),
        Column("title", Field("类型", width=10)),
    ),
    Target.DEPARTMENT: (Column("name", Field("部门", width=16)), Column("grid", Field("服务区域", width=22))),
}
"""By what those assessed are named."""

_BY = {
    "rank": Sheet.rank,
    "name": Sheet.name,
    "grid": Sheet.grid_path,
    "title": Sheet.title,
    "total": Sheet.total,
    "grade": Sheet.grade,
    "unit_rank": Sheet.unit_rank,
}


def results(session: Session, where: Where) -> Listing:
    """The list of a month's results. Raises `NotFound`."""
    month = month_record(session, where)
    month_id, scheme = month.id, scheme_of(session, month)

    def asked(session: Session, ask: Ask) -> Select[Any]:
        query = select(Sheet.id).where(Sheet.month_id == month_id, taking_part())
        if ask.scope is not None:
            query = query.where(below_in_month(session, month_id, ask.scope))
        if ask.search:
            query = query.where(spelled(ask.search, Sheet.name, Sheet.grid_name))
        return query

    def ids(session: Session, ask: Ask) -> array[int]:
        # whoever has no rank yet comes last, in either database
        return ordered_ids(
            session, asked(session, ask), _BY, ask, (Sheet.rank.is_(None), Sheet.rank, Sheet.id)
        )

    def choices(session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
        inside = asked(session, ask).subquery()
        query = (
            select(_BY[column], func.count())
            .where(Sheet.id.in_(select(inside.c.id)))
            .group_by(_BY[column])
            .order_by(func.count().desc(), _BY[column].asc().nulls_last())
            .limit(200)
        )
        return [
            (value, "" if value is None else str(value), count) for value, count in session.execute(query)
        ]

    return Listing(
        key=f"results-{month_id}",
        title="考核成绩",
        unit="人",
        columns=result_columns(scheme),
        ids=ids,
        rows=lambda session, wanted: _rows(session, wanted, scheme),
        choices=choices,
        sorts=frozenset(_BY),
        filters=frozenset({"title", "grade"}),
    )


def _rows(session: Session, wanted: Sequence[int], scheme: Scheme) -> list[SheetRow]:
    last = Decimal(1).scaleb(-scheme.places)
    found: dict[int, Sheet] = {}
    for chunk in chunked(wanted):
        found.update({sheet.id: sheet for sheet in session.scalars(select(Sheet).where(Sheet.id.in_(chunk)))})
    return [
        SheetRow(
            id=sheet.id,
            person_id=sheet.person_id,
            rank=sheet.rank,
            name=sheet.name,
            unit=sheet.unit_name,
            grid=sheet.grid_name,
            title=sheet.title,
            parts=dict(kept_points(scheme, {"points": sheet.points, "parts": sheet.parts})),
            total=None if sheet.total is None else sheet.total.quantize(last),
            grade=sheet.grade,
            unit_rank=sheet.unit_rank,
        )
        for sheet in (found[sheet_id] for sheet_id in wanted if sheet_id in found)
    ]
