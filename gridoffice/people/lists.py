"""What lists of a person's hats share: whose they are, where those are, what a column's values are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from db.enums import Labelled
from db.tables import Grid, PartyLink, Person, Post
from gridoffice.grids.history import tree_on
from gridoffice.grids.listing import office_pack, path_of
from gridoffice.grids.naming import names_of
from gridoffice.grids.service import serving

OF_PERSON: dict[str, Any] = {
    "name": Person.pinyin,
    "id_number": Person.id_number,
    "phone": Person.phone,
    "sex": Person.sex,
    "ethnicity": Person.ethnicity,
    "birth": Person.birth,
    "education": Person.education,
}
"""What a list is sorted and filtered by where the column is the person's."""


def lasting(record: Any, day: date) -> ColumnElement[bool]:
    """Records with `from_day` and `to_day` that hold on a day."""
    return and_(
        or_(record.from_day.is_(None), record.from_day <= day),
        or_(record.to_day.is_(None), record.to_day >= day),
    )


def belonging(session: Session, person_id: Any, scope: int, day: date) -> ColumnElement[bool]:
    """People who hold a post or answer for a grid, there or below it, on a day."""
    tree, path = tree_on(session, day), path_of(session, scope)
    posts = select(Post.person_id).where(serving(day), tree.within(Post.grid_path, path))
    links = select(PartyLink.person_id).join(Grid, Grid.id == PartyLink.grid_id)
    links = links.where(lasting(PartyLink, day), tree.within(Grid.path, path))
    return or_(person_id.in_(posts), person_id.in_(links))


def tallied(session: Session, query: Select[Any], expression: Any) -> list[tuple[Any, str, int]]:
    """The distinct values of an expression among the records a query finds, the most frequent first,
    with their labels and counts."""
    counted = (
        query.with_only_columns(expression, func.count())
        .order_by(None)
        .group_by(expression)
        .order_by(func.count().desc(), expression.asc().nulls_last())
        .limit(200)
    )
    return [
        (value, value.label if isinstance(value, Labelled) else "" if value is None else str(value), count)
        for value, count in session.execute(counted)
    ]


def serving_in(session: Session, person_ids: Iterable[int], day: date | None = None) -> dict[int, str]:
    """In which grid each of some people serves on a day, as it was called then: that of the first of their
    posts that is not a concurrent one. Who serves nowhere is not in the answer."""
    grids: dict[int, int] = {}
    query = select(Post.person_id, Post.grid_id).where(
        Post.person_id.in_(list(person_ids)), serving(day or date.today())
    )
    for person_id, grid_id in session.execute(query.order_by(Post.concurrent, Post.id)):
        grids.setdefault(person_id, grid_id)
    names = names_of(session, office_pack(session), grids.values(), day)
    return {person_id: names[grid_id][0] for person_id, grid_id in grids.items()}


def today_or(day: date | None) -> date:
    """The day asked about; today when none is said."""
    return day or date.today()
