"""Rows given column by column lie in either database as they were given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Integer, MetaData, String, Table, create_engine, select

from db.inserting import insert_rows

thing = Table(
    "thing",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", String),
    Column("true", Boolean),
    Column("number", Integer),
    Column("note", String),
)


@pytest.mark.parametrize("count", [1, 2, 999, 10_000, 25_001])
def test_rows_are_stored_as_they_were_given(database_url: str, count: int):
    every = range(1, count + 1)
    columns: Sequence[Sequence[Any]] = (
        every,
        [f"陈䶮'{at}" for at in every],
        [at % 3 == 0 for at in every],
        [at if at % 5 else None for at in every],
        [None] * (count - 1) + ["最后"],
    )
    assert stored(database_url, columns) == list(zip(*columns, strict=True))


@pytest.mark.parametrize("true", [True, False, None])
@pytest.mark.parametrize("number", [0, 1, -(2**31), None])
def test_what_is_the_same_in_all_rows_is_stored_in_all(database_url: str, true: Any, number: Any):
    columns = (range(7, 10), ["'; DROP TABLE thing; --"] * 3, [true] * 3, (number,) * 3, [None] * 3)
    assert stored(database_url, columns) == list(zip(*columns, strict=True))


def stored(url: str, columns: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """What the database holds after these rows were inserted into an empty table."""
    engine = create_engine(url)
    with engine.begin() as connection:
        thing.create(connection)
        insert_rows(connection, thing, columns)
        found = connection.execute(select(thing).order_by(thing.c.id)).all()
    engine.dispose()
    return list(map(tuple, found))
