"""Who or what is assessed in a month: people by their posts, areas by the tree, departments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.enums import Standing, Target
from db.tables import Department, Grid, Person, Post
from gridoffice.assessment.rules import Span, days_served
from gridoffice.errors import RuleBroken
from gridoffice.grids.cascades import book_on
from gridoffice.grids.history import tree_on
from gridoffice.grids.listing import office_pack
from gridoffice.grids.rules import path_ids
from gridoffice.scoring.proration import on_probation
from gridoffice.scoring.scheme import Scheme

NOBODY = {
    Target.POST: "没有在岗的人，先导入网格员花名册",
    Target.AREA: "没有这一级的网格，先导入网格台账",
    Target.DEPARTMENT: "没有要考核的部门，先登记部门",
}
"""What is to be done when there is nobody to assess."""

EMPTY = dict.fromkeys(
    (
        "person_id",
        "post_id",
        "grid_id",
        "department_id",
        "id_number",
        "employment",
        "away",
        "away_kind",
        "standing",
        "standing_reason",
        "adjustment",
        "granted",
    )
)
"""What a sheet may do without."""


WHOLE = "全办"
"""Where a department serves that has no unit of its own."""


def subjects(session: Session, scheme: Scheme, first: date, last: date) -> list[dict[str, Any]]:
    """The sheets that a month by this scheme begins with, without number, month and results."""
    match scheme.target:
        case Target.POST:
            found = _people(session, scheme, first, last)
        case Target.AREA:
            found = _areas(session, scheme, last)
        case Target.DEPARTMENT:
            found = _departments(session)
    names = _Names(session, last)
    whole = (last - first).days + 1
    return [EMPTY | {"days": whole} | row | names.of(row.pop("path")) for row in found]


def _people(session: Session, scheme: Scheme, first: date, last: date) -> list[dict[str, Any]]:
    """Everybody who held a post of the scheme's in a span of days, once, by the main and latest post."""
    query = (
        select(
            Post.person_id,
            Post.id,
            Person.name,
            Person.id_number,
            Post.title,
            Post.employment,
            Post.grid_path,
            Post.from_day,
            Post.to_day,
        )
        .join(Person, Person.id == Post.person_id)
        .where(
            Post.from_day.is_(None) | (Post.from_day <= last),
            Post.to_day.is_(None) | (Post.to_day >= first),
        )
        .order_by(Post.concurrent.desc(), func.coalesce(Post.from_day, first), Post.id)
    )
    if scheme.titles:
        query = query.where(Post.title.in_(scheme.titles))
    found: dict[int, dict[str, Any]] = {}
    spans: dict[int, list[Span]] = defaultdict(list)
    for person_id, post_id, name, id_number, title, employment, path, since, until in session.execute(query):
        spans[person_id].append((since or first, until or last))
        found[person_id] = {
            "person_id": person_id,
            "post_id": post_id,
            "name": name,
            "id_number": id_number,
            "title": title,
            "employment": employment,
            "path": path,
        }
    started = _started(session) if scheme.probation_months else {}
    for person_id, row in found.items():
        row["days"] = days_served(spans[person_id], first, last)
        if on_probation(scheme, started.get(person_id), last):
            row["standing"] = Standing.PROBATION
    return sorted(found.values(), key=lambda row: (row["path"], row["post_id"]))


def _started(session: Session) -> dict[int, date]:
    """Since when each person has served at all: a change of post is no new probation."""
    query = select(Post.person_id, func.min(Post.from_day)).group_by(Post.person_id)
    return {person_id: day for person_id, day in session.execute(query) if day is not None}


def _areas(session: Session, scheme: Scheme, last: date) -> list[dict[str, Any]]:
    """The grids of the scheme's level that stood on the last day; without a level, the communities."""
    pack = office_pack(session)
    kinds = {kind.key: kind.label for kind in pack.kinds}
    level = {scheme.level} if scheme.level else {kind.key for kind in pack.kinds if kind.unit}
    if not level <= kinds.keys():
        raise RuleBroken(f"方案考核“{scheme.level}”这一级，本办没有这类网格。")
    tree = tree_on(session, last)
    grid = tree.c
    query = (
        select(grid.id, grid.name, grid.kind, grid.path)
        .where(
            grid.kind.in_(level),
            grid.valid_from.is_(None) | (grid.valid_from <= last),
            grid.valid_to.is_(None) | (grid.valid_to >= last),
        )
        .order_by(grid.path)
    )
    return [
        {"grid_id": number, "name": name, "title": kinds[kind], "path": path}
        for number, name, kind, path in session.execute(query)
    ]


def _departments(session: Session) -> list[dict[str, Any]]:
    query = (
        select(Department.id, Department.name, Grid.path)
        .outerjoin(Grid, Grid.id == Department.grid_id)
        .where(Department.active)
        .order_by(Grid.path.is_not(None), Grid.path, Department.id)
    )
    return [
        {"department_id": number, "name": name, "title": "部门", "path": path or ""}
        for number, name, path in session.execute(query)
    ]


class _Names:
    """Where grids were on the month's last day, and what they and their communities were called."""

    def __init__(self, session: Session, day: date):
        self._tree = tree_on(session, day)
        self._book = book_on(session, office_pack(session), day)

    def of(self, path: str) -> dict[str, str]:
        """The columns of a sheet that tell a grid, by the grid's present path; what has none serves the
        whole office."""
        if not path:
            return {"grid_path": "", "grid_name": WHOLE, "unit_name": WHOLE, "unit_path": ""}
        place = self._book.places[path_ids(path)[-1]]
        unit = self._book.unit(place) or place
        return {
            "grid_path": self._tree.path(path),
            "grid_name": self._book.display(place),
            "unit_name": unit.name,
            "unit_path": self._tree.path(unit.path),
        }


def those_who_joined(there: Iterable[Any], now: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of the subjects of now, those that a month has no sheet of yet."""
    known = {(one.person_id, one.grid_id, one.department_id) for one in there}
    return [row for row in now if (row["person_id"], row["grid_id"], row["department_id"]) not in known]
