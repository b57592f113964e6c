"""New rows straight to the driver: the layer between would take longer than the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any

from sqlalchemy import CheckConstraint, Connection, Table, func, select
from sqlalchemy.exc import DBAPIError

Rows = list[tuple[Any, ...]]
"""Whole rows as the driver takes them, in the order of the table's columns."""

_AT_ONCE = 10_000
"""So many rows are given to the driver together."""

_SIGNS = 3000
"""So many values go into one statement, where SQLite takes them: more is no faster."""


def insert_rows(connection: Connection, table: Table, columns: Sequence[Sequence[Any]]) -> None:
    """Insert whole rows, given column by column as the driver takes them, in the order of the table's
    columns. Their codes must have been looked up in their lists."""
    if connection.dialect.name == "sqlite":
        with _codes_unasked(connection, table):
            _insert(connection, table, columns)
        return
    rows = zip(*columns, strict=True)
    while some := list(islice(rows, _AT_ONCE)):
        _copy(connection, table, some)


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


def _insert(connection: Connection, table: Table, columns: Sequence[Sequence[Any]]) -> None:
    """Many rows a statement: starting one takes as long as some rows. What is the same in all rows stands
    in the statement itself, since a None or a bool takes the driver longer than a text."""
    first, *others = columns
    signs = ["?", *map(_sign, others)]
    given = [first, *(column for column, sign in zip(others, signs[1:], strict=True) if sign == "?")]
    into, row = f"INSERT INTO {_named(connection, table)} VALUES ", f"({', '.join(signs)})"
    values = chain.from_iterable(zip(*given, strict=True))
    driver: Any = connection.connection.driver_connection
    most = (
        driver.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        if isinstance(driver, sqlite3.Connection)
        else _SIGNS
    )
    each = min(_SIGNS, most) // len(given)
    whole, rest = divmod(len(first), each)
    statements = (tuple(islice(values, each * len(given))) for _ in range(whole))
    while some := list(islice(statements, _AT_ONCE // each)):
        connection.exec_driver_sql(into + ", ".join([row] * each), some)
    if rest:
        connection.exec_driver_sql(into + ", ".join([row] * rest), tuple(values))


def _sign(column: Sequence[Any]) -> str:
    """What stands for the values of a column in the statement."""
    value = column[0]
    if not (value is None or isinstance(value, int)) or column.count(value) < len(column):
        return "?"
    return "NULL" if value is None else str(int(value))


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
