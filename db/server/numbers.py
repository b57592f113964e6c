"""Whole ID numbers, phones and addresses: masked for whoever looks, open only after it was said why.

An account's names of tables lead to views in which numbers are masked (`519***********003X`, `138****6721`) and
of an address only the place is left, so that the office's own lists and any other program read the same. The
tables themselves are closed until the transaction has shown a ticket: `gridoffice.announce(why)` notes in
`gridoffice.opening` who wants whole numbers and why, and gives one that counts only when the note has been
committed, so that no rollback takes it back; `gridoffice.whole_numbers(ticket)` opens. Neither does anything
for who may not see whole numbers. Every write of the office opens them, since what records were before and
after is kept whole: the line it leaves in the journal takes the place of the note.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from db.enums import Right
from db.scoping import condition
from db.server.names import Names, literal, quoted
from db.server.reach import SEEN, STANDS
from db.server.roles import SCHEMA
from db.server.watching import HERE
from db.tables import Base

GUARDED: Mapping[str, Mapping[str, str]] = {
    "person": {
        "id_number": "{id}",
        "phone": "{phones}",
        "address": "{place}",
        "search": "{t}.seen_search",
    },
    "household": {"phone": "{phones}", "address": "{place}"},
    "sheet": {"id_number": "{id}"},
}
"""The tables with numbers, and how a view shows their columns."""

TOLD_BY_STATISTICS: Mapping[str, tuple[str, ...]] = {
    "person": ("name", "pinyin", "search", "seen_search", "id_number", "phone", "address", "note"),
    "household": ("name", "phone", "address", "note"),
    "sheet": ("name", "id_number", "inputs", "reasons", "trace"),
    "resource": ("name", "contact", "phone", "address", "note"),
    "department": ("leader", "phone", "note"),
    "party_org": ("secretary", "phone", "note"),
    "certificate": ("number",),
    "completion": ("number",),
    "attachment": ("name",),
    "draft": ("title", "text", "said"),
    "issue": ("what", "reporter", "result"),
    "appeal": ("what", "answer"),
    "opinion": ("text",),
    "action": ("title", "detail"),
    "action_part": ("body",),
}
"""Columns of which the planner keeps no samples: what it guesses from them, `EXPLAIN` tells everybody."""

UNSORTED: Mapping[str, Mapping[str, str]] = {"person": {"name": "({c} || '')"}}
"""Columns that no index may find for accounts of a part before their policy was asked: `EXPLAIN ANALYZE` would
tell of names of other units. For the few rows of a part no index is needed."""

SEEN_WHOLE, SEEN_PART = "seen_whole", "seen"
"""Where the views lie: for accounts of the whole office, which pay nothing for policies, and for all others."""

OPENED = f"(SELECT {SCHEMA}.opened())"
"""Whether this transaction reads whole numbers."""
OPENED_ONLY = f"({SCHEMA}.open_now() AND {OPENED})"
"""The same of a table that is refused while it is closed: when the statement is planned, before anything is
looked for. What an index finds and a policy then takes away is counted by `EXPLAIN ANALYZE`, by which any
number could be told sign by sign."""

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
MASKED_PLACE = "left({c}, least(6, length({c}) / 2)) || '****'"
LASTS = 60
"""Seconds in which a ticket opens."""


def views(names: Names) -> Iterator[str]:
    """The views, as their owners: the rows they show are those of their owner's policies."""
    for schema, owner in ((SEEN_WHOLE, names.clear_glass), (SEEN_PART, names.glass)):
        yield f"CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {quoted(names.owner)}"
        yield f"GRANT USAGE, CREATE ON SCHEMA {schema} TO {quoted(owner)}"
        for table, masked in GUARDED.items():
            yield f"GRANT SELECT ON public.{table} TO {quoted(owner)}"
            shown_as = {**masked, **(UNSORTED.get(table, {}) if schema == SEEN_PART else {})}
            shown = ", ".join(
                f"{_shown(shown_as[column.name], table, column.name)} AS {quoted(column.name)}"
                if column.name in shown_as
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
        for called, owner, rows in (("clear_glass", names.clear_glass, HERE), ("glass", names.glass, seen)):
            yield (
                f"CREATE POLICY gridoffice_{called} ON {table} FOR SELECT TO {quoted(owner)} USING ({rows})"
            )


def _shown(how: str, table: str, column: str) -> str:
    at = f"{table}.{column}"
    return (
        how.replace("{id}", MASKED_ID)
        .replace("{phones}", MASKED_PHONES)
        .replace("{place}", MASKED_PLACE)
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


def closed(names: Names) -> Iterator[str]:
    """Tables with numbers are read by who may open them at all; of others the views remain."""
    reveals = quoted(names.of(Right.REVEAL.value))
    for table in GUARDED:
        yield f"REVOKE SELECT ON public.{table} FROM {quoted(names.member)}"
        yield f"GRANT SELECT ON public.{table} TO {reveals}"
    for table, columns in TOLD_BY_STATISTICS.items():
        quiet = ", ".join(f"ALTER COLUMN {quoted(one)} SET STATISTICS 0" for one in columns)
        yield f"ALTER TABLE public.{table} {quiet}"


def forgotten() -> Iterator[str]:
    """Samples that were taken before: said as a superuser, who alone can remove them."""
    for table, columns in TOLD_BY_STATISTICS.items():
        named = ", ".join(map(literal, columns))
        yield (
            f"DELETE FROM pg_statistic USING pg_attribute WHERE starelid = 'public.{table}'\\:\\:regclass "
            f"AND attrelid = starelid AND attnum = staattnum AND attname IN ({named})"
        )


def opening(names: Names) -> Iterator[str]:
    """The notes, what makes one and gives a ticket, what opens the tables for a transaction, and what policies
    ask."""
    yield (
        f"CREATE TABLE IF NOT EXISTS {SCHEMA}.opening (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
        "at timestamptz NOT NULL, who text NOT NULL, terminal text NOT NULL, why text NOT NULL)"
    )
    yield f"CREATE TABLE IF NOT EXISTS {SCHEMA}.seal (word text NOT NULL)"
    yield (
        f"INSERT INTO {SCHEMA}.seal SELECT concat(gen_random_uuid(), gen_random_uuid()) "
        f"WHERE NOT EXISTS (SELECT FROM {SCHEMA}.seal)"
    )
    keeper = quoted(names.keeper)
    for one in ("opening", "seal"):
        yield f"REVOKE ALL ON {SCHEMA}.{one} FROM PUBLIC"
        yield f"ALTER TABLE {SCHEMA}.{one} ENABLE ROW LEVEL SECURITY"
        yield f"GRANT SELECT ON {SCHEMA}.{one} TO {keeper}"
        yield from _told(one, "kept", names.keeper, f"current_user = {literal(names.keeper)}")
    yield f"GRANT SELECT ON SEQUENCE {SCHEMA}.opening_number_seq TO {keeper}"
    # one's own notes, and all of them to who audits
    audits = f"pg_has_role(session_user, {literal(names.of(Right.AUDIT.value))}, 'MEMBER')"
    yield from _told("opening", "seen", names.member, f"who = session_user OR (SELECT {audits})")
    yield f"GRANT SELECT ON {SCHEMA}.opening TO {quoted(names.member)}"
    yield (
        f"CREATE OR REPLACE FUNCTION {SCHEMA}.opened() RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER "
        f"SET search_path = public, pg_temp AS $$ BEGIN RETURN EXISTS (SELECT FROM {SCHEMA}.written "
        "WHERE txid = txid_current_if_assigned() AND opened); END $$"
    )
    # said to be immutable, so that the planner asks it; a plan that is kept asks `opened` again when it runs
    yield (
        f"CREATE OR REPLACE FUNCTION {SCHEMA}.open_now() RETURNS boolean LANGUAGE plpgsql IMMUTABLE "
        f"SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN IF NOT {SCHEMA}.opened() THEN "
        "RAISE EXCEPTION 'gridoffice\\: whole numbers are closed'; END IF; RETURN true; END $$"
    )
    yield from _announced(names)


def _told(table: str, called: str, group: str, rows: str) -> Iterator[str]:
    yield f"DROP POLICY IF EXISTS gridoffice_{called} ON {SCHEMA}.{table}"
    yield (
        f"CREATE POLICY gridoffice_{called} ON {SCHEMA}.{table} FOR SELECT TO {quoted(group)} USING ({rows})"
    )


def _announced(names: Names) -> Iterator[str]:
    """`announce(why)` and `whole_numbers(ticket)`. The ticket names the transaction (the innermost one) that
    made the note: whether it was committed is told by the server's own books, whatever state of the tables
    the transaction that opens looks at."""
    able = f"pg_has_role(session_user, {literal(names.of(Right.REVEAL.value))}, 'MEMBER')"
    # what only the server can put there, and only for this account
    seal = (
        "(SELECT encode(sha256(convert_to(concat_ws(' ', word, session_user, said, word), 'UTF8')), 'hex') "
        f"FROM {SCHEMA}.seal)"
    )
    now = "extract(epoch FROM clock_timestamp())\\:\\:bigint"
    yield (
        f"CREATE OR REPLACE FUNCTION {SCHEMA}.announce(why text) RETURNS text LANGUAGE plpgsql "
        "SECURITY DEFINER SET search_path = public, pg_temp AS $$ DECLARE one record; said text; BEGIN "
        f"IF NOT {able} THEN RETURN NULL; END IF; "
        "IF btrim(why) = '' THEN RAISE EXCEPTION 'gridoffice\\: no reason'; END IF; "
        "RAISE LOG 'gridoffice\\: % opens whole numbers\\: %', session_user, why; "
        f"INSERT INTO {SCHEMA}.opening (at, who, terminal, why) VALUES (clock_timestamp(), session_user, "
        "coalesce(host(inet_client_addr()), ''), left(why, 500)) RETURNING number, xmin INTO one; "
        # its own number is of 32 bits, the epoch before it is that of the whole transaction
        "said := concat_ws(' ', one.number, (txid_current() >> 32 << 32) | one.xmin\\:\\:text\\:\\:bigint, "
        f"{now}); RETURN said || ' ' || {seal}; END $$"
    )
    yield (
        f"CREATE OR REPLACE FUNCTION {SCHEMA}.opens(ticket text) RETURNS boolean LANGUAGE plpgsql "
        "SECURITY DEFINER SET search_path = public, pg_temp AS $$ "
        "DECLARE parts text[] := string_to_array(ticket, ' '); said text := array_to_string(parts[1\\:3], ' '); "
        f"BEGIN IF ticket IS NULL OR NOT {able} THEN RETURN false; END IF; "
        f"IF said || ' ' || {seal} IS DISTINCT FROM ticket THEN "
        "RAISE EXCEPTION 'gridoffice\\: no such ticket'; END IF; "
        "IF txid_status(parts[2]\\:\\:bigint) IS DISTINCT FROM 'committed' "
        f"OR {now} - parts[3]\\:\\:bigint > {LASTS} THEN "
        "RAISE EXCEPTION 'gridoffice\\: a ticket that does not count'; END IF; "
        f"INSERT INTO {SCHEMA}.written AS mark (txid, wrote, opened, opening) "
        "VALUES (txid_current(), false, true, parts[1]\\:\\:bigint) "
        "ON CONFLICT (txid) DO UPDATE SET opened = true, opening = excluded.opening; RETURN true; END $$"
    )
    # an office of an earlier program opened by saying why
    yield f"DROP FUNCTION IF EXISTS {SCHEMA}.whole_numbers(text)"
    # from here on names of tables lead to the tables: a path that is pinned would be taken back at the end
    yield (
        f"CREATE FUNCTION {SCHEMA}.whole_numbers(ticket text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NOT {SCHEMA}.opens(ticket) THEN RETURN false; END IF; "
        "PERFORM pg_catalog.set_config('search_path', 'public', true); RETURN true; END $$"
    )


REUSED = 30.0
"""Seconds in which looking again for the same reason needs no other note."""
_tickets: WeakKeyDictionary[Engine, dict[str, tuple[float, str | None]]] = WeakKeyDictionary()
_known: WeakKeyDictionary[Engine, bool] = WeakKeyDictionary()


def whole_numbers(session: Session, why: str) -> None:
    """From here to its end the transaction reads whole numbers, where the account may; `why` is noted for who
    audits. Nothing to do in a local office, and where the server does not enforce."""
    engine = session.get_bind().engine
    if engine.dialect.name != "postgresql":
        return
    if engine not in _known:
        there = text(f"SELECT to_regprocedure('{SCHEMA}.announce(text)') IS NOT NULL")
        _known[engine] = session.execute(there).scalar_one()
    if not _known[engine]:
        return
    writes = "recorder" in session.info
    if writes and session.info.get("opened"):
        return  # its line tells of all that it did
    session.info["opened"] = True
    held = _tickets.setdefault(engine, {})
    at, ticket = held.get(why, (0.0, None))
    if writes or time.monotonic() - at > REUSED:
        with engine.begin() as apart:
            ticket = apart.execute(text(f"SELECT {SCHEMA}.announce(:why)"), {"why": why}).scalar_one()
        if not writes:
            held[why] = (time.monotonic(), ticket)
    session.execute(text(f"SELECT {SCHEMA}.whole_numbers(:ticket)"), {"ticket": ticket})
