"""Every record that is somebody's, found in the tables themselves: the next table would be forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from db.tables import Base, Person, table_of


@cache
def owned() -> tuple[tuple[Table, str], ...]:
    """Every table whose records are somebody's, and the column that says whose."""
    person = table_of(Person)
    return tuple(
        (table, key.parent.name)
        for table in Base.metadata.sorted_tables
        for key in sorted(table.foreign_keys, key=lambda one: one.parent.name)
        if key.column.table is person
    )


def belongings_of(session: Session, person_id: int) -> Iterator[tuple[Table, str, list[int]]]:
    """The numbers of what somebody has, by table and by the column that says so."""
    for table, column in owned():
        query = select(table.c.id).where(table.c[column] == person_id).order_by(table.c.id)
        yield table, column, list(session.scalars(query))
