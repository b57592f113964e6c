"""What lists of members at grids share: links, reports, services; each names a person and a grid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from db.tables import Grid, Person
from gridoffice.grids.history import tree_on
from gridoffice.grids.listing import office_pack, path_of
from gridoffice.grids.naming import names_of
from gridoffice.listing import Ask, fetched, spelled
from gridoffice.people.service import matching


def of_grid(session: Session, query: Select[Any], record: Any, ask: Ask, *texts: Any) -> Select[Any]:
    """A query for a person's records at a grid, narrowed to the scope and to what is sought."""
    query = query.join(Person, Person.id == record.person_id).join(Grid, Grid.id == record.grid_id)
    if ask.scope is not None:
        query = query.where(tree_on(session, ask.day).within(Grid.path, path_of(session, ask.scope)))
    if ask.search:
        query = query.where(or_(matching(ask.search), spelled(ask.search, Grid.name, *texts)))
    return query


def found_at(
    session: Session, record: Any, wanted: Sequence[int], day: date | None
) -> tuple[list[tuple[Any, Person]], dict[int, str]]:
    """Records in the order asked, each with its person; and what their grids are called."""
    query = select(record, Person).join(Person, Person.id == record.person_id)
    found = fetched(session, query, wanted)
    names = names_of(session, office_pack(session), {one.grid_id for one, _ in found}, day)
    return found, {grid_id: name for grid_id, (name, *_) in names.items()}
