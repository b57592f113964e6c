"""New rows straight to the driver: the layer between would take longer than the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any

from sqlalchemy import CheckConstraint, Connection, Table, func, select
from sqlalchemy.exc import DBAPIError

Rows = list[tuple[Any, ...]]
"""Whole rows as the driver takes them, in the order of the table's columns."""

_SIGNS = 900
"""Fewer than the 999 values that every SQLite takes in one statement."""


@contextmanager
def inserting(connection: Connection, table: Table) -> Iterator[Callable[[Rows], None]]:
    """What inserts rows into a table. Their codes must have been looked up in their lists."""
    if connection.dialect.name != "sqlite":
        yield lambda rows: _copy(connection, table, rows)
        return
    with _codes_unasked(connection, table):
        yield lambda rows: _insert(connection, table, rows)


@contextmanager
def _codes_unasked(connection: Connection, table: Table) -> Iterator[None]:
    """SQLite lists the codes of a CHECK anew for every row, which takes longer than the rows."""
    checks = [one for one in table.constraints if isinstance(one, CheckConstraint)]
    if not all(str(one.name).endswith("_code") for one in checks):
        yield
        return
    connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
    try:
        yield
    finally:
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = OFF")


def _insert(connection: Connection, table: Table, rows: Rows) -> None:
    """Many rows a statement: starting one takes as long as some rows."""
    width = len(table.columns)
    each = _SIGNS // width
    whole = len(rows) // each * each
    into = f"INSERT INTO {_named(connection, table)} VALUES "
    one = f"({', '.join('?' * width)})"
    if whole:
        several = [tuple(chain.from_iterable(rows[start : start + each])) for start in range(0, whole, each)]
        connection.exec_driver_sql(into + ", ".join([one] * each), several)
    if whole < len(rows):
        connection.exec_driver_sql(into + one, rows[whole:])


def _copy(connection: Connection, table: Table, rows: Rows) -> None:
    # COPY asks no policy, so where a row has to be in the account's scope it is refused
    asked = connection.execute(select(func.row_security_active(table.name))).scalar_one()
    signs = ", ".join(["%s"] * len(table.columns))
    named = _named(connection, table)
    statement = f"INSERT INTO {named} VALUES ({signs})" if asked else f"COPY {named} FROM STDIN"
    driver: Any = connection.connection.driver_connection
    dialect = connection.dialect
    try:
        with driver.cursor() as cursor:
            if asked:
                cursor.executemany(statement, rows)
                return
            with cursor.copy(statement) as copy:
                for row in rows:
                    copy.write_row(row)
    except dialect.loaded_dbapi.Error as error:
        # as the layer between would have raised it
        raise DBAPIError.instance(
            statement, None, error, dialect.loaded_dbapi.Error, dialect=dialect
        ) from error


def _named(connection: Connection, table: Table) -> str:
    quoted = connection.dialect.identifier_preparer.quote
    return f"{quoted(table.name)} ({', '.join(quoted(column.name) for column in table.columns)})"
