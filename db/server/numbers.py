"""Whole ID numbers and phones: masked for whoever looks, open only in a transaction that said why.

An account's names of tables lead to views in which numbers are masked (`519***********003X`, `138****6721`), so
that the office's own lists and any other program read the same. The tables themselves are closed until the
transaction has called `gridoffice.whole_numbers(why)`: it opens nothing to who may not see whole numbers, and
writes into the server's own log, which no rollback takes back. Every write of the office calls it, since what
records were before and after is kept whole; who reveals a number leaves a line of the journal besides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from db.enums import Right
from db.scoping import condition
from db.server.names import Names, literal, quoted
from db.server.reach import SEEN, STANDS
from db.server.roles import SCHEMA
from db.tables import Base

GUARDED: Mapping[str, Mapping[str, str]] = {
    "person": {"id_number": "{id}", "phone": "{phones}", "search": "{t}.seen_search"},
    "household": {"phone": "{phones}"},
    "sheet": {"id_number": "{id}"},
}
"""The tables with numbers, and how a view shows their columns."""

CLOSED = ("action_part",)
"""What records were before and after, numbers and all: nothing of it can be shown masked."""

SEEN_WHOLE, SEEN_PART = "seen_whole", "seen"
"""Where the views lie: for accounts of the whole office, which pay nothing for policies, and for all others."""

OPENED = f"(SELECT {SCHEMA}.opened())"

MASKED_ID = (
    "CASE WHEN length({c}) > 7 THEN left({c}, 3) || repeat('*', length({c}) - 7) || right({c}, 4) "
    "ELSE repeat('*', length({c})) END"
)
"""As `gridoffice.masking` has it."""
MASKED_PHONES = (
    "CASE WHEN strpos({c}, ' ') = 0 THEN "
    + MASKED_ID
    + " ELSE (SELECT string_agg("
    + MASKED_ID.replace("{c}", "one")
    + ", ' ') FROM unnest(string_to_array({c}, ' ')) AS one) END"
)


def views(names: Names) -> Iterator[str]:
    """The views, as their owners: the rows they show are those of their owner's policies."""
    for schema, owner in ((SEEN_WHOLE, names.clear_glass), (SEEN_PART, names.glass)):
        yield f"CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {quoted(names.owner)}"
        yield f"GRANT USAGE, CREATE ON SCHEMA {schema} TO {quoted(owner)}"
        for table, masked in GUARDED.items():
            yield f"GRANT SELECT ON public.{table} TO {quoted(owner)}"
            shown = ", ".join(
                f"{_shown(masked[column.name], table, column.name)} AS {quoted(column.name)}"
                if column.name in masked
                else f"{table}.{quoted(column.name)}"
                for column in Base.metadata.tables[table].columns
            )
            yield f"DROP VIEW IF EXISTS {schema}.{table}"
            yield f"CREATE VIEW {schema}.{table} AS SELECT {shown} FROM public.{table}"
            group = names.whole if schema == SEEN_WHOLE else names.member
            yield f"GRANT SELECT ON {schema}.{table} TO {quoted(group)}"
            yield f"ALTER VIEW {schema}.{table} OWNER TO {quoted(owner)}"
        yield f"GRANT USAGE ON SCHEMA {schema} TO {quoted(names.member)}"
    for owner in (names.glass, names.clear_glass):
        yield f"GRANT USAGE ON SCHEMA public, {SCHEMA} TO {quoted(owner)}"
        yield f"GRANT SELECT ON {SCHEMA}.brought, {SCHEMA}.placed TO {quoted(owner)}"
    for table in GUARDED:
        seen = f"({condition(table, SEEN, f'{table}.')}) AND {STANDS}"
        for called, owner, rows in (("clear_glass", names.clear_glass, "true"), ("glass", names.glass, seen)):
            yield (
                f"CREATE POLICY gridoffice_{called} ON {table} FOR SELECT TO {quoted(owner)} USING ({rows})"
            )


def _shown(how: str, table: str, column: str) -> str:
    at = f"{table}.{column}"
    return (
        how.replace("{id}", MASKED_ID)
        .replace("{phones}", MASKED_PHONES)
        .replace("{c}", at)
        .replace("{t}", table)
    )


def searched() -> Iterator[str]:
    """What a search looks in where numbers are masked: names and their readings, and the last four signs."""
    yield (
        "ALTER TABLE person ADD COLUMN IF NOT EXISTS seen_search text GENERATED ALWAYS AS ("
        "left(search, length(search) - coalesce(length(id_number), 0) - coalesce(length(phone), 0) - 2) "
        "|| ' ' || coalesce(lower(right(id_number, 4)), '') || ' ' || coalesce(right(phone, 4), '')) STORED"
    )


def unmasked() -> Iterator[str]:
    """What is shown masked is never kept so: a number would be gone."""
    for table, masked in GUARDED.items():
        kept = " AND ".join(f"strpos(coalesce({one}, ''), '***') = 0" for one in masked if one != "search")
        yield f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS gridoffice_whole"
        yield f"ALTER TABLE {table} ADD CONSTRAINT gridoffice_whole CHECK ({kept}) NOT VALID"


def opening(names: Names) -> Iterator[str]:
    """What opens the tables for a transaction, and what policies ask."""
    yield (
        f"CREATE OR REPLACE FUNCTION {SCHEMA}.opened() RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER "
        f"SET search_path = public, pg_temp AS $$ BEGIN RETURN EXISTS (SELECT FROM {SCHEMA}.written "
        "WHERE txid = txid_current_if_assigned() AND opened); END $$"
    )
    able = f"pg_has_role(session_user, {literal(names.of(Right.REVEAL.value))}, 'MEMBER')"
    yield (
        f"CREATE OR REPLACE FUNCTION {SCHEMA}.whole_numbers(why text) RETURNS boolean LANGUAGE plpgsql "
        "SECURITY DEFINER AS $$ BEGIN "
        f"IF NOT {able} THEN RETURN false; END IF; "
        "RAISE LOG 'gridoffice\\: % opens whole numbers\\: %', session_user, why; "
        f"INSERT INTO {SCHEMA}.written AS mark VALUES (txid_current(), false, NULL, true) "
        "ON CONFLICT (txid) DO UPDATE SET opened = true; "
        "PERFORM set_config('search_path', 'public', true); RETURN true; END $$"
    )
    yield f"ALTER FUNCTION {SCHEMA}.whole_numbers(text) RESET search_path"


_known: WeakKeyDictionary[Engine, bool] = WeakKeyDictionary()


def whole_numbers(session: Session, why: str) -> None:
    """From here to its end the transaction reads whole numbers, where the account may: `why` stands in the
    server's log. Nothing to do in a local office, and where the server does not enforce."""
    bind = session.get_bind()
    engine = bind.engine
    if engine.dialect.name != "postgresql":
        return
    if engine not in _known:
        there = text(f"SELECT to_regprocedure('{SCHEMA}.whole_numbers(text)') IS NOT NULL")
        _known[engine] = session.execute(there).scalar_one()
    if _known[engine]:
        session.execute(text(f"SELECT {SCHEMA}.whole_numbers(:why)"), {"why": why})
