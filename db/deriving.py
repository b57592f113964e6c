"""Columns that follow from others, written for many records at once; the journal leaves them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from db.tables import Record
from db.types import Converter, to_driver


def derive_columns(
    session: Session, record: type[Record], ids: Sequence[int], columns: Mapping[str, Sequence[Any]]
) -> None:
    """Set derived columns of these records, each given as long as `ids`. Raises `ValueError` for a column
    that the journal keeps: that is for `bulk_update`."""
    table = inspect(record).local_table
    kept = [name for name in columns if not table.c[name].info.get("derived")]
    if kept:
        raise ValueError(f"{table.name} keeps {kept} in the journal")
    if not ids:
        return
    session.flush()
    values = [_converted(to_driver(table.c[name].type), column) for name, column in columns.items()]
    connection = session.connection()
    quoted, target = connection.dialect.identifier_preparer.quote, connection.dialect
    names = [quoted(name) for name in columns]
    kinds = [table.c[name].type.compile(target) for name in columns]
    said = ", ".join(f"{name} = derived.{name}" for name in names)
    of = quoted(table.name)
    change = f"UPDATE {of} SET {said} FROM {{}} WHERE {of}.id = derived.id"
    # one statement that reads from a table: a statement a record takes twice the time
    if target.name == "sqlite":
        wanted = ", ".join(f"{name} {kind}" for name, kind in zip(names, kinds, strict=True))
        connection.exec_driver_sql(f"CREATE TEMP TABLE derived ({wanted}, id INTEGER PRIMARY KEY)")
        places = ", ".join("?" * (len(names) + 1))
        rows = zip(*values, ids, strict=True)
        connection.exec_driver_sql(f"INSERT INTO derived VALUES ({places})", list(rows))
        connection.exec_driver_sql(change.format("derived"))
        connection.exec_driver_sql("DROP TABLE derived")
    else:
        # of arrays: on a shared server nobody makes tables, not even temporary ones
        arrays = ", ".join(f"%b::{kind}[]" for kind in (*kinds, "bigint"))
        sent = f"unnest({arrays}) AS derived ({', '.join(names)}, id)"
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor:
            cursor.execute(change.format(sent), [*map(list, values), list(ids)])
    session.expire_all()


def _converted(convert: Converter | None, column: Sequence[Any]) -> Sequence[Any]:
    """A column as the driver takes it; equal values, of which there are many, are converted once."""
    if convert is None:
        return column
    known = {value: convert(value) for value in set(column)}
    return list(map(known.__getitem__, column))
