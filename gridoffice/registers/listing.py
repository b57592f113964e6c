"""The two lists of grids: what they can call on, what is to be put right in them."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, select, type_coerce
from sqlalchemy.orm import Session

from db.tables import Grid, Issue, Resource
from db.types import Coded
from gridoffice.fields import columns
from gridoffice.grids.history import tree_on
from gridoffice.grids.listing import office_pack, path_of
from gridoffice.grids.naming import names_of
from gridoffice.listing import Ask, Listing, chunked, ordered_ids, spelled
from gridoffice.people.lists import lasting, tallied, today_or
from gridoffice.registers.rows import IssueRow, ResourceRow
from gridoffice.registers.rules import SOON, Standing, standing

_BY_RESOURCE: dict[str, Any] = {
    "grid": Grid.path,
    **{
        name: getattr(Resource, name)
        for name in ("kind", "name", "contact", "quantity", "from_day", "to_day")
    },
}
_BY_ISSUE: dict[str, Any] = {
    "grid": Grid.path,
    **{
        name: getattr(Issue, name)
        for name in (
            "day",
            "kind",
            "what",
            "source",
            "reporter",
            "department",
            "state",
            "due",
            "closed",
            "satisfied",
        )
    },
}


def _by_issue(day: date) -> dict[str, Any]:
    return {**_BY_ISSUE, "standing": standing_on(day)}


def standing_on(day: date) -> ColumnElement[Any]:
    """`rules.standing` in the database."""

    def said(one: Standing) -> ColumnElement[Any]:
        return type_coerce(one, Coded(Standing))

    return case(
        (Issue.closed <= day, said(Standing.SETTLED)),
        (Issue.due < day, said(Standing.LATE)),
        (Issue.due <= day + timedelta(SOON), said(Standing.SOON)),
        else_=said(Standing.LEFT),
    )


def _within(session: Session, query: Select[Any], ask: Ask) -> Select[Any]:
    if ask.scope is None:
        return query
    return query.where(tree_on(session, ask.day).within(Grid.path, path_of(session, ask.scope)))


def _resources_asked(session: Session, ask: Ask) -> Select[Any]:
    query = select(Resource.id).join(Grid, Grid.id == Resource.grid_id)
    query = _within(session, query.where(lasting(Resource, today_or(ask.day))), ask)
    if ask.search:
        told = (Resource.name, Resource.contact, Resource.address, Resource.note)
        query = query.where(spelled(ask.search, *told))
    return query


def resource_ids(session: Session, ask: Ask) -> array[int]:
    order = (Grid.path, Resource.kind, Resource.id)
    return ordered_ids(session, _resources_asked(session, ask), _BY_RESOURCE, ask, order)


def resource_rows(session: Session, wanted: Sequence[int], day: date | None = None) -> list[ResourceRow]:
    """Some resources, with the names that their grids had on a day."""
    found: dict[int, Resource] = {}
    for chunk in chunked(wanted):
        found.update({one.id: one for one in session.scalars(select(Resource).where(Resource.id.in_(chunk)))})
    names = names_of(session, office_pack(session), {one.grid_id for one in found.values()}, day)
    return [
        ResourceRow(
            id=one.id,
            grid_id=one.grid_id,
            grid=names[one.grid_id][0],
            kind=one.kind,
            name=one.name,
            contact=one.contact,
            phone=one.phone,
            address=one.address,
            quantity=one.quantity,
            from_day=one.from_day,
            to_day=one.to_day,
            note=one.note,
        )
        for one in (found[number] for number in wanted if number in found)
    ]


def resource_choices(session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
    return tallied(session, _resources_asked(session, ask), _BY_RESOURCE[column])


RESOURCES = Listing(
    "resources",
    "资源清单",
    "项资源",
    columns(ResourceRow),
    resource_ids,
    resource_rows,
    resource_choices,
    frozenset(_BY_RESOURCE),
    frozenset({"kind"}),
    dated=True,
)


def _issues_asked(session: Session, ask: Ask) -> Select[Any]:
    query = select(Issue.id).join(Grid, Grid.id == Issue.grid_id)
    query = _within(session, query.where(Issue.day <= today_or(ask.day)), ask)
    if ask.search:
        told = (Issue.what, Issue.reporter, Issue.department, Issue.result)
        query = query.where(spelled(ask.search, *told))
    return query


def issue_ids(session: Session, ask: Ask) -> array[int]:
    order = (Issue.closed.is_not(None), Issue.due.asc().nulls_last(), Issue.day.desc(), Issue.id)
    return ordered_ids(session, _issues_asked(session, ask), _by_issue(today_or(ask.day)), ask, order)


def issue_rows(session: Session, wanted: Sequence[int], day: date | None = None) -> list[IssueRow]:
    """Some problems, with the names that their grids had on a day."""
    found: dict[int, Issue] = {}
    for chunk in chunked(wanted):
        found.update({one.id: one for one in session.scalars(select(Issue).where(Issue.id.in_(chunk)))})
    names = names_of(session, office_pack(session), {one.grid_id for one in found.values()}, day)
    return [
        IssueRow(
            id=one.id,
            grid_id=one.grid_id,
            person_id=one.person_id,
            grid=names[one.grid_id][0],
            day=one.day,
            kind=one.kind,
            what=one.what,
            source=one.source,
            reporter=one.reporter,
            department=one.department,
            state=one.state,
            due=one.due,
            closed=one.closed,
            result=one.result,
            satisfied=one.satisfied,
            standing=standing(one.due, one.closed, today_or(day)),
        )
        for one in (found[number] for number in wanted if number in found)
    ]


def issue_choices(session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
    return tallied(session, _issues_asked(session, ask), _by_issue(today_or(ask.day))[column])


def standings(session: Session, scope: int | None, day: date | None = None) -> dict[Standing, int]:
    """How many problems below a grid stand how on a day."""
    return {one: count for one, _, count in issue_choices(session, Ask(scope=scope, day=day), "standing")}


ISSUES = Listing(
    "grid-issues",
    "问题清单",
    "个问题",
    columns(IssueRow),
    issue_ids,
    issue_rows,
    issue_choices,
    frozenset({*_BY_ISSUE, "standing"}),
    frozenset({"kind", "state", "source", "department", "standing"}),
    dated=True,
)
