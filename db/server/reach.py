"""What the account at work reaches, as functions of the server.

Each is looked up once a statement: policies call them in sub-selects that depend on no row. They read whole
tables as the owner, and tell of nobody but the account that signed in (`session_user`, which no statement
of a client can change).
"""

from __future__ import annotations

from collections.abc import Iterator

from db.scoping import PLACING, Words, bringing, by_place, condition
from db.server.roles import SCHEMA
from db.server.taking import TAKEN

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


def _within(table: str, column: str) -> str:
    """Whether a row of another table is in scope: its own policy says, or of sheets, which are closed to
    accounts that only look, a view of the owner's."""
    there = f"{SCHEMA}.sheets" if table == "sheet" else table
    return f"EXISTS (SELECT FROM {there} AS above WHERE above.id = {column})"


def of_person(column: str) -> str:
    """Whether a person is in scope: brought by a row in scope, the account's own, or placed by nobody. As
    EXISTS, which the server answers row by row from an index, or all at once for a whole table."""
    return (
        f"(EXISTS (SELECT FROM {SCHEMA}.brought WHERE brought.person_id = {column}) "
        f"OR {column} = (SELECT {SCHEMA}.person()) "
        f"OR NOT EXISTS (SELECT FROM {SCHEMA}.placed WHERE placed.person_id = {column}))"
    )


STANDS = f"(SELECT {SCHEMA}.stands() AND {SCHEMA}.here())"
"""Whether an account of a part has that part, and may see it in this session."""

SEEN = Words(
    path=inside,
    grid=lambda column: among(column, "grids"),
    person=of_person,
    # another table's own policy says what is in scope there; a tree of one table is walked by a function
    parent=lambda column, table: among(column, "orgs") if table == "party_org" else _within(table, column),
    through=lambda table, column, number: (
        among(number, "orgs")
        if table == "org_seat"
        else f"EXISTS (SELECT FROM {table} AS link WHERE link.{column} = {number})"
    ),
    own=lambda column: f"{column} = (SELECT {SCHEMA}.person())",
    writer=lambda column: among(column, "names"),
    unplaced=lambda table, number: (
        # among the people in scope already
        "FALSE" if table == "person" else f"NOT {SCHEMA}.placed_{table}({number})"
    ),
)


def functions() -> Iterator[str]:
    """The functions, in the order in which they need each other."""
    yield _one("reach", "text", f"SELECT reach\\:\\:text FROM account WHERE {ME}")
    yield _one("person", "bigint", f"SELECT person_id FROM account WHERE {ME}")
    yield _one("account", "bigint", f"SELECT id FROM account WHERE {ME}")
    yield _set(
        "ranges",
        "TABLE (low text, high text)",
        f"""SELECT grid.path\\:\\:text, CASE reach WHEN 'unit' THEN grid.path || ' ' ELSE {_HIGH} END
            FROM account JOIN grid ON grid.id = account.grid_id WHERE {ME} AND reach IN ('below', 'unit')
            UNION ALL SELECT grid.path\\:\\:text, {_HIGH} FROM account
            JOIN account_grid ON account_grid.account_id = account.id
            JOIN grid ON grid.id = account_grid.grid_id WHERE {ME} AND reach = 'custom'""",
        rows=1,
    )
    yield _one("low", "text", f'SELECT min(low COLLATE "C") FROM {SCHEMA}.ranges()')
    yield _one("high", "text", f'SELECT max(high COLLATE "C") FROM {SCHEMA}.ranges()')
    yield _one("one_range", "boolean", f"SELECT count(*) = 1 FROM {SCHEMA}.ranges()")
    # without a unit, a grid or a person of its own an account sees nothing, not even what is everybody's
    yield _one(
        "stands",
        "boolean",
        f"SELECT EXISTS (SELECT FROM {SCHEMA}.ranges()) "
        f"OR EXISTS (SELECT FROM account WHERE {ME} AND reach = 'own' AND person_id IS NOT NULL)",
    )
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
        # as an array: joined, the server would read the whole tree for it
        f"""SELECT grid.id FROM grid WHERE grid.path = ANY (ARRAY(
            SELECT left(top.path, part)\\:\\:varchar FROM (SELECT low AS path FROM {SCHEMA}.ranges()
            UNION ALL SELECT grid_path FROM post WHERE person_id = {SCHEMA}.person()) AS top,
            generate_series(5, length(top.path), 5) AS part))""",
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
    # as views of the owner's: they tell numbers of people and nothing of them
    yield f"CREATE OR REPLACE VIEW {SCHEMA}.brought AS {_brought()}"
    yield f"CREATE OR REPLACE VIEW {SCHEMA}.placed AS {_placing()}"
    yield f"CREATE OR REPLACE VIEW {SCHEMA}.sheets AS SELECT id FROM sheet WHERE {condition('sheet', SEEN, 'sheet.')}"
    for table, placing in PLACING.items():
        if placing.through:
            own = [
                f"(SELECT {column} FROM {table} WHERE id = $1) IS NOT NULL" for column, _ in placing.parents
            ]
            named = [f"EXISTS (SELECT FROM {t} WHERE {t}.{c} = $1)" for t, c in placing.through]
            yield _placed(table, " OR ".join([*named, *own]))


def _brought() -> str:
    """Those whom a row in scope brings along, and whoever is just being taken over."""
    return f"{TAKEN} UNION ALL " + " UNION ALL ".join(
        f"SELECT {column} AS person_id FROM {table} WHERE {column} IS NOT NULL "
        f"AND ({' OR '.join(by_place(PLACING[table], SEEN))})"
        for table, column in bringing()
    )


def _placing() -> str:
    """Those whom some row places."""
    return " UNION ALL ".join(
        f"SELECT {column} AS person_id FROM {table} WHERE {column} IS NOT NULL"
        for table, column in bringing()
    )


_DEFINED = "LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp"
"""In PL/pgSQL, which keeps its plans: planning would take longer than looking."""


def _one(name: str, kind: str, query: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {SCHEMA}.{name}() RETURNS {kind} {_DEFINED} "
        f"AS $$ BEGIN RETURN ({query}); END $$"
    )


def _set(name: str, kind: str, query: str, rows: int = 500) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {SCHEMA}.{name}() RETURNS {kind} {_DEFINED} ROWS {rows} "
        f"AS $$ #variable_conflict use_column\nBEGIN RETURN QUERY {query}; END $$"
    )


def _placed(table: str, query: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {SCHEMA}.placed_{table}(bigint) RETURNS boolean {_DEFINED} "
        f"AS $$ BEGIN RETURN {query}; END $$"
    )
