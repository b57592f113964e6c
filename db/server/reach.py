"""What the account at work reaches, as functions of the server.

Each is looked up once a statement: policies call them in sub-selects that depend on no row. They read whole
tables as the owner, and tell of nobody but the account that signed in (`session_user`, which no statement
of a client can change).
"""

from __future__ import annotations

from collections.abc import Iterator

from db.scoping import PLACING, Words, bringing, by_place
from db.server.roles import SCHEMA

ME = "account.name = session_user AND account.active"

_HIGH = "left(grid.path, -1) || chr(ascii(right(grid.path, 1)) + 1)"
"""The end of what lies below a path: paths are of digits and small letters."""


def inside(column: str) -> str:
    """Whether a path lies in scope. Nearly every account has one range, which an index finds."""
    return (
        f"({column} >= (SELECT {SCHEMA}.low()) AND {column} < (SELECT {SCHEMA}.high()) "
        f"AND ((SELECT {SCHEMA}.one_range()) OR EXISTS (SELECT FROM {SCHEMA}.ranges() AS range "
        f"WHERE {column} >= range.low AND {column} < range.high)))"
    )


def among(column: str, what: str) -> str:
    """Whether a number is among those of one of the sets below, made once a statement."""
    return f"{column} IN (SELECT {SCHEMA}.{what}())"


def _within(table: str, condition: str) -> str:
    return f"EXISTS (SELECT FROM {table} AS above WHERE above.id = {condition})"


SEEN = Words(
    path=inside,
    grid=lambda column: among(column, "grids"),
    person=lambda column: among(column, "people"),
    # another table's own policy says what is in scope there; a tree of one table is walked by a function
    parent=lambda column, table: among(column, "orgs") if table == "party_org" else _within(table, column),
    through=lambda table, column, number: (
        among(number, "orgs")
        if table == "org_seat"
        else f"EXISTS (SELECT FROM {table} AS link WHERE link.{column} = {number})"
    ),
    own=lambda column: f"{column} = (SELECT {SCHEMA}.person())",
    writer=lambda column: f"{column} = session_user\\:\\:text",
    unplaced=lambda table, number: f"NOT {SCHEMA}.placed_{table}({number})",
)


def functions() -> Iterator[str]:
    """The functions, in the order in which they need each other."""
    yield _one("reach", "text", f"SELECT reach\\:\\:text FROM account WHERE {ME}")
    yield _one("person", "bigint", f"SELECT person_id FROM account WHERE {ME}")
    yield _one("account", "bigint", f"SELECT id FROM account WHERE {ME}")
    yield _set(
        "ranges",
        "TABLE (low text, high text)",
        f"""SELECT grid.path, CASE reach WHEN 'unit' THEN grid.path || ' ' ELSE {_HIGH} END
            FROM account JOIN grid ON grid.id = account.grid_id WHERE {ME} AND reach IN ('below', 'unit')
            UNION ALL SELECT grid.path, {_HIGH} FROM account
            JOIN account_grid ON account_grid.account_id = account.id
            JOIN grid ON grid.id = account_grid.grid_id WHERE {ME} AND reach = 'custom'""",
        rows=1,
    )
    yield _one("low", "text", f'SELECT min(low COLLATE "C") FROM {SCHEMA}.ranges()')
    yield _one("high", "text", f'SELECT max(high COLLATE "C") FROM {SCHEMA}.ranges()')
    yield _one("one_range", "boolean", f"SELECT count(*) = 1 FROM {SCHEMA}.ranges()")
    yield _set(
        "grids",
        "SETOF bigint",
        f"SELECT grid.id FROM {SCHEMA}.ranges() AS range JOIN grid "
        "ON grid.path >= range.low AND grid.path < range.high",
    )
    # the names above a scope, and where the account's own person serves
    yield _set(
        "above",
        "SETOF bigint",
        f"""SELECT grid.id FROM (SELECT low AS path FROM {SCHEMA}.ranges()
                UNION SELECT grid_path FROM post WHERE person_id = {SCHEMA}.person()) AS top,
            generate_series(5, length(top.path), 5) AS part,
            grid WHERE grid.path = left(top.path, part)""",
        rows=10,
    )
    yield _set(
        "orgs",
        "SETOF bigint",
        f"""WITH RECURSIVE found(id) AS (
            SELECT org_id FROM org_seat WHERE {among("grid_id", "grids")}
            UNION SELECT party_org.id FROM party_org JOIN found ON party_org.parent_id = found.id
            ) SELECT id FROM found""",
    )
    yield _set("people", "SETOF bigint", _people())
    yield _placed("person", " OR ".join(f"EXISTS ({_holding(*one)})" for one in bringing()))
    for table, placing in PLACING.items():
        if placing.through:
            own = [
                f"(SELECT {column} FROM {table} WHERE id = $1) IS NOT NULL" for column, _ in placing.parents
            ]
            named = [f"EXISTS (SELECT FROM {t} WHERE {t}.{c} = $1)" for t, c in placing.through]
            yield _placed(table, " OR ".join([*named, *own]))


def _people() -> str:
    """Those whom a row in scope brings along, and the account's own person."""
    found = [f"SELECT {SCHEMA}.person()"]
    for table, column in bringing():
        placing = PLACING[table]
        stands = list(by_place(placing, SEEN))
        if placing.unplaced:
            stands += [f"{name} IS NULL" for name in placing.grids]
        found.append(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL AND ({' OR '.join(stands)})")
    return " UNION ".join(found)


def _holding(table: str, column: str) -> str:
    """The rows that place a person: those that say where they themselves stand."""
    placing = PLACING[table]
    said = [f"{name} IS NOT NULL" for name in (placing.path, *placing.grids) if name]
    said += [f"{name} IS NOT NULL" for name, _ in placing.parents]
    return f"SELECT FROM {table} WHERE {table}.{column} = $1 AND ({' OR '.join(said)})"


_DEFINED = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp"


def _one(name: str, kind: str, query: str) -> str:
    return f"CREATE OR REPLACE FUNCTION {SCHEMA}.{name}() RETURNS {kind} {_DEFINED} AS $$ {query} $$"


def _set(name: str, kind: str, query: str, rows: int = 500) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {SCHEMA}.{name}() RETURNS {kind} {_DEFINED} ROWS {rows} AS $$ {query} $$"
    )


def _placed(table: str, query: str) -> str:
    # in PL/pgSQL, whose plans are kept: it is asked row by row
    return (
        f"CREATE OR REPLACE FUNCTION {SCHEMA}.placed_{table}(bigint) RETURNS boolean LANGUAGE plpgsql STABLE "
        f"SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN RETURN {query}; END $$"
    )
