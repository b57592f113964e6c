"""A line of the journal names every row that its transaction wrote.

What a line says of records is compressed, so the server cannot read it. The program tells the numbers of the
records plainly beside it (`name_rows`); triggers note which rows were really written; and when the transaction
is committed each of those must be among the named, and the line's parts must count as many of each table as are
named. What is as it was before needs no name, nor do columns that follow from others.

The server keeps which rows each line's transaction wrote (`gridoffice.touched`): of a record that is not as the
journal says, `db.proof` tells whose line changed it without saying so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from db.images import Part, shape
from db.scoping import PLACING
from db.server.names import Names, quoted
from db.server.roles import JOURNAL, SCHEMA

UNJOURNALLED = frozenset({*JOURNAL, "journal_head", "credential"})
"""The journal itself, and what is no record of it."""
RECORDS = tuple(table for table in PLACING if table not in UNJOURNALLED)
"""The tables whose rows leave a line."""

MADE, CHANGED, GONE = "rows_made", "row_changed", "rows_gone"
"""The triggers of each of them."""

_DEFINER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"
_OURS = "EXISTS (SELECT FROM account WHERE name = session_user)"


def naming(names: Names) -> Iterator[str]:
    """Tables, functions and triggers. Colons are the statements' own."""
    for one in (*_tables(names), *_noting(), *_telling()):
        yield one.replace(":", "\\:")


def _tables(names: Names) -> Iterator[str]:
    # of the transactions that are under way: what they wrote, in its order, and what they name
    yield (
        f"CREATE TABLE IF NOT EXISTS {SCHEMA}.touching (number bigint GENERATED ALWAYS AS IDENTITY, "
        "txid bigint NOT NULL, of_table text NOT NULL, deed text NOT NULL, ids bigint[] NOT NULL, was bigint)"
    )
    yield f"CREATE INDEX IF NOT EXISTS touching_of ON {SCHEMA}.touching (txid)"
    yield f"CREATE TABLE IF NOT EXISTS {SCHEMA}.named (txid bigint NOT NULL, of_table text, ids bigint[] NOT NULL)"
    yield f"CREATE INDEX IF NOT EXISTS named_of ON {SCHEMA}.named (txid)"
    # for good
    yield (
        f"CREATE TABLE IF NOT EXISTS {SCHEMA}.touched (line bigint, of_table text, ids bigint[] NOT NULL, "
        "PRIMARY KEY (line, of_table))"
    )
    for table in ("touching", "named", "touched"):
        yield f"REVOKE ALL ON {SCHEMA}.{table} FROM PUBLIC"
        yield f"GRANT SELECT ON {SCHEMA}.{table} TO {quoted(names.keeper)}"
    yield f"GRANT SELECT ON SEQUENCE {SCHEMA}.touching_number_seq TO {quoted(names.keeper)}"


def _noting() -> Iterator[str]:
    """New and removed rows are noted once a statement; changed ones each, since a statement may change
    columns that follow from others in all sheets of a city, which no trigger is asked for."""
    for called, deed, many in ((MADE, "made", True), (GONE, "gone", True), (CHANGED, "changed", False)):
        values = (
            f"SELECT txid_current(), TG_TABLE_NAME, '{deed}', array_agg(id), NULL FROM rows HAVING count(*) > 0"
            if many
            # a number that was changed is of two rows
            else f"VALUES (txid_current(), TG_TABLE_NAME, '{deed}', ARRAY[OLD.id, NEW.id], {SCHEMA}.kept(OLD))"
        )
        yield (
            f"CREATE OR REPLACE FUNCTION {SCHEMA}.{called}() RETURNS trigger {_DEFINER} AS $$ BEGIN IF {_OURS} THEN "
            f"INSERT INTO {SCHEMA}.touching (txid, of_table, deed, ids, was) {values}; END IF; RETURN NULL; END $$"
        )
    for table in RECORDS:
        kept = shape(table).kept
        said = ", ".join(f"one.{quoted(name)}" for name in kept)
        yield (
            f"CREATE OR REPLACE FUNCTION {SCHEMA}.kept(one public.{quoted(table)}) RETURNS bigint "
            f"LANGUAGE sql IMMUTABLE AS $$ SELECT hashtextextended(ROW({said})::text, 0) $$"
        )
        before, after = (", ".join(f"{row}.{quoted(name)}" for name in kept) for row in ("OLD", "NEW"))
        differs = f"OLD.id <> NEW.id OR ROW({before}) IS DISTINCT FROM ROW({after})"
        for called, when in (
            (MADE, "INSERT ON {} REFERENCING NEW TABLE AS rows FOR EACH STATEMENT"),
            (GONE, "DELETE ON {} REFERENCING OLD TABLE AS rows FOR EACH STATEMENT"),
            (CHANGED, f"UPDATE ON {{}} FOR EACH ROW WHEN ({differs})"),
        ):
            at = f"public.{quoted(table)}"
            yield f"DROP TRIGGER IF EXISTS gridoffice_{called} ON {at}"
            yield (
                f"CREATE TRIGGER gridoffice_{called} AFTER {when.format(at)} EXECUTE FUNCTION {SCHEMA}.{called}()"
            )


def _telling() -> Iterator[str]:
    """`name_rows(of_table, ids)` for the program; `all_named(line)` when the transaction is committed."""
    yield (
        f"CREATE OR REPLACE FUNCTION {SCHEMA}.name_rows(of_table text, ids bigint[]) RETURNS void {_DEFINER} "
        f"AS $$ BEGIN INSERT INTO {SCHEMA}.named VALUES (txid_current(), of_table, ids); END $$"
    )
    yield f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.all_named(of_line bigint) RETURNS void {_DEFINER} AS $$
        DECLARE here bigint := txid_current(); one record; first record; now bigint; BEGIN
        SELECT coalesce(said.of_table, counted.of_table) AS of_table INTO one
            FROM (SELECT of_table, count(DISTINCT id) AS many FROM {SCHEMA}.named, unnest(ids) AS id
                WHERE txid = here GROUP BY of_table) AS said
            FULL JOIN (SELECT of_table, sum(count) AS many FROM action_part WHERE action_id = of_line
                GROUP BY of_table) AS counted USING (of_table)
            WHERE said.many IS DISTINCT FROM counted.many LIMIT 1;
        IF FOUND THEN RAISE EXCEPTION 'gridoffice: journal line of other rows: %', one.of_table; END IF;
        FOR one IN SELECT of_table, id FROM {SCHEMA}.touching, unnest(ids) AS id WHERE txid = here
            EXCEPT SELECT of_table, id FROM {SCHEMA}.named, unnest(ids) AS id WHERE txid = here LOOP
            SELECT deed, was INTO first FROM {SCHEMA}.touching WHERE txid = here AND of_table = one.of_table
                AND one.id = ANY (ids) ORDER BY number LIMIT 1;
            EXECUTE format('SELECT {SCHEMA}.kept(one) FROM public.%I AS one WHERE id = $1', one.of_table)
                INTO now USING one.id;
            IF (CASE first.deed WHEN 'made' THEN now IS NULL WHEN 'changed' THEN now = first.was END) IS NOT TRUE
                THEN
                RAISE EXCEPTION 'gridoffice: journal line without a row: % %', one.of_table, one.id; END IF;
        END LOOP;
        INSERT INTO {SCHEMA}.touched SELECT of_line, of_table, array_agg(DISTINCT id ORDER BY id)
            FROM {SCHEMA}.touching, unnest(ids) AS id WHERE txid = here GROUP BY of_table;
        DELETE FROM {SCHEMA}.touching WHERE txid = here;
        DELETE FROM {SCHEMA}.named WHERE txid = here; END $$"""


_known: WeakKeyDictionary[Engine, bool] = WeakKeyDictionary()


def name_rows(session: Session, parts: Sequence[Part]) -> None:
    """Tell the server which records the line of this transaction names. Nothing to do in a local office, and
    where the server does not ask."""
    engine = session.get_bind().engine
    if engine.dialect.name != "postgresql" or not parts:
        return
    if engine not in _known:
        there = text(f"SELECT to_regprocedure('{SCHEMA}.name_rows(text, bigint[])') IS NOT NULL")
        _known[engine] = session.execute(there).scalar_one()
    if not _known[engine]:
        return
    named: dict[str, list[int]] = defaultdict(list)
    for part in parts:
        named[part.table] += part.ids
    said = [{"of_table": table, "ids": list(ids)} for table, ids in named.items()]
    session.connection().execute(text(f"SELECT {SCHEMA}.name_rows(:of_table, :ids)"), said)


def kept_by_server(session: Session) -> bool:
    """Whether this is a server that keeps which rows each line's transaction wrote."""
    if session.get_bind().dialect.name != "postgresql":
        return False
    return session.execute(text(f"SELECT to_regclass('{SCHEMA}.touched') IS NOT NULL")).scalar_one()


def whose(session: Session, table: str, numbers: Sequence[int]) -> dict[int, int]:
    """The last line in whose transaction each of these rows was written, by number."""
    found = session.execute(
        text(
            f"SELECT id, max(line) FROM {SCHEMA}.touched, unnest(ids) AS id "
            "WHERE of_table = :of_table AND id = ANY (:numbers) GROUP BY id"
        ),
        {"of_table": table, "numbers": list(numbers)},
    )
    return {number: line for number, line in found}
