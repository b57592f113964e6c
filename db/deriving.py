"""Columns that follow from others, written for many records at once; the journal leaves them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from db.tables import Record
from db.types import to_driver


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
    converters = [to_driver(table.c[name].type) for name in columns]
    values = [
        list(map(convert, column)) if convert is not None else column
        for convert, column in zip(converters, columns.values(), strict=True)
    ]
    connection = session.connection()
    rows = list(zip(*values, ids, strict=True))
    quoted = connection.dialect.identifier_preparer.quote
    if connection.dialect.name == "sqlite":
        said = ", ".join(f"{quoted(name)} = ?" for name in columns)
        connection.exec_driver_sql(f"UPDATE {quoted(table.name)} SET {said} WHERE id = ?", rows)
    else:
        names = [quoted(name) for name in columns]
        kinds = [table.c[name].type.compile(connection.dialect) for name in columns]
        wanted = ", ".join(f"{name} {kind}" for name, kind in zip(names, kinds, strict=True))
        connection.exec_driver_sql(f"CREATE TEMP TABLE derived ({wanted}, id bigint) ON COMMIT DROP")
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy("COPY derived FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        said = ", ".join(f"{name} = derived.{name}" for name in names)
        target = quoted(table.name)
        connection.exec_driver_sql(f"UPDATE {target} SET {said} FROM derived WHERE {target}.id = derived.id")
        connection.exec_driver_sql("DROP TABLE derived")
    session.expire_all()
