"""What the server itself refuses whoever signed in as an account, whatever program asks.

A line of the journal is the account's own, of now, the next in the chain, and sealed rightly; nobody moves
the end of the journal by hand; whoever wrote business rows leaves a line, or the transaction is refused when
it is committed; who locks a month has the right to. The messages are the program's, turned into sentences by
`gridoffice.office.sentences`.
"""

from __future__ import annotations

from collections.abc import Iterator

from db.enums import Right
from db.server.names import Names, literal, quoted
from db.server.naming import CHANGED, GONE, MADE, RECORDS
from db.server.roles import SCHEMA

CLOCKS = "5 seconds"
"""So far the time of a line may be from the server's: the client asks for it and then writes."""

MARK = "rows_written"
"""The trigger of every table whose rows leave a line."""

_STANDING = (
    ("action", "line_comes"),
    ("action", "line_came"),
    ("action", "line_sealed"),
    ("action_part", "part_comes"),
    ("journal_head", "head_moves"),
    ("month", "month_moves"),
    ("account", "account_comes"),
    ("account", "account_came"),
    ("written", "line_left"),
)


def expected() -> set[tuple[str, str]]:
    """Every trigger a server that enforces has of its own: its table and its name, without what all begin
    with."""
    return {*_STANDING, *((table, one) for table in RECORDS for one in (MARK, MADE, CHANGED, GONE))}


def guards(names: Names) -> Iterator[str]:
    """Tables, functions and triggers, in the place of those that were there."""
    yield (
        f"CREATE TABLE IF NOT EXISTS {SCHEMA}.written "
        "(txid bigint PRIMARY KEY, wrote boolean NOT NULL, line bigint)"
    )
    yield f"ALTER TABLE {SCHEMA}.written ADD COLUMN IF NOT EXISTS opened boolean"
    yield f"ALTER TABLE {SCHEMA}.written ADD COLUMN IF NOT EXISTS opening bigint"
    yield f"REVOKE ALL ON {SCHEMA}.written FROM PUBLIC"
    yield f"GRANT SELECT ON {SCHEMA}.written TO {quoted(names.keeper)}"
    yield from _line()
    yield from _seal()
    yield from _head()
    yield from _no_line()
    yield _owed()
    yield from _month(names)


def _trigger(called: str, when: str, table: str, each: str, also: str = "") -> Iterator[str]:
    yield f"DROP TRIGGER IF EXISTS gridoffice_{called} ON {table}"
    kind = "CONSTRAINT TRIGGER" if also else "TRIGGER"
    yield (
        f"CREATE {kind} gridoffice_{called} {when} ON {table} {also} "
        f"FOR EACH {each} EXECUTE FUNCTION {SCHEMA}.{called}()"
    )


def _function(called: str, body: str) -> str:
    """A trigger's function. Nobody's rights but the owner's, nobody's tables but ours; what is no account's
    doing (an upgrade, a move of a whole office) is not held up."""
    return (
        f"CREATE OR REPLACE FUNCTION {SCHEMA}.{called}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER "
        f"SET search_path = public, pg_temp AS $$ DECLARE head record; sealed text; BEGIN "
        f"IF NOT EXISTS (SELECT FROM account WHERE name = session_user) THEN "
        f"RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END; END IF; {body} "
        f"RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END; END $$"
    )


def _refuse(condition: str, message: str) -> str:
    return f"IF ({condition}) THEN RAISE EXCEPTION {literal('gridoffice: ' + message)}; END IF;"


_SPEAKING = f"EXISTS (SELECT FROM {SCHEMA}.speaking WHERE txid = txid_current())"
"""The server itself is writing a line: `db.server.watching`."""


def _line() -> Iterator[str]:
    """A line on its way in: whose it is, of when, and after which."""
    yield _function(
        "line_comes",
        "SELECT count, digest INTO head FROM journal_head FOR UPDATE; "
        + _refuse(f"NEW.who <> session_user AND NOT {_SPEAKING}", "journal line of somebody else")
        + _refuse(
            f"abs(extract(epoch FROM NEW.at\\:\\:timestamp - clock_timestamp() AT TIME ZONE 'UTC')) "
            f"> extract(epoch FROM interval '{CLOCKS}')",
            "journal line of another time",
        )
        + _refuse("NEW.id <> head.count + 1 OR NEW.previous <> head.digest", "journal line out of its place"),
    )
    yield from _trigger("line_comes", "BEFORE INSERT", "action", "ROW")
    yield _function(
        "line_came",
        "UPDATE journal_head SET count = NEW.id, digest = NEW.digest; "
        # what the server says is no line of whoever wrote rows in this transaction
        f"IF NOT {_SPEAKING} THEN INSERT INTO {SCHEMA}.written AS mark VALUES (txid_current(), false, NEW.id) "
        "ON CONFLICT (txid) DO UPDATE SET line = NEW.id; "
        # the line says what whole numbers were opened for
        f"DELETE FROM {SCHEMA}.opening AS note USING {SCHEMA}.written AS mark "
        "WHERE mark.txid = txid_current() AND note.number = mark.opening; END IF;",
    )
    yield from _trigger("line_came", "AFTER INSERT", "action", "ROW")
    yield _function(
        "part_comes",
        _refuse(
            f"NOT EXISTS (SELECT FROM {SCHEMA}.written WHERE txid = txid_current() AND line = NEW.action_id)",
            "journal is append-only",
        ),
    )
    yield from _trigger("part_comes", "BEFORE INSERT", "action_part", "ROW")


def _seal() -> Iterator[str]:
    """The digest of a line, looked at when it is whole: `db.journal.digest_of` in the server's words."""
    yield f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.line_seal(line action, parts text) RETURNS text LANGUAGE sql IMMUTABLE
        SET search_path = public, pg_temp AS $$
        SELECT encode(sha256(convert_to('[' || concat_ws(',', line.id, to_json(line.at || '+00\\:00'),
                to_json(line.who), to_json(line.terminal), to_json(line.deed), to_json(line.title),
                to_json(line.service), coalesce(line.target\\:\\:text, 'null'), to_json(line.undoable),
                coalesce(line.detail, 'null'), to_json(line.previous), '[' || parts || ']')
            || ']', 'UTF8')), 'hex') $$"""
    yield _function(
        "line_sealed",
        f"""SELECT {SCHEMA}.line_seal(NEW, coalesce(string_agg('[' || concat_ws(',', part.number,
                to_json(part.of_table), part.count, to_json(encode(sha256(part.body), 'hex'))) || ']', ','
                ORDER BY part.number), ''))
        INTO sealed FROM action_part AS part WHERE part.action_id = NEW.id; """
        + _refuse("sealed <> NEW.digest", "journal line with a wrong seal"),
    )
    yield from _trigger("line_sealed", "AFTER INSERT", "action", "ROW", "DEFERRABLE INITIALLY DEFERRED")


def _head() -> Iterator[str]:
    """The end of the journal moves with a new line (a trigger within a trigger) and not otherwise."""
    yield _function("head_moves", _refuse("pg_trigger_depth() < 2", "journal is append-only"))
    yield from _trigger("head_moves", "BEFORE UPDATE", "journal_head", "ROW")


def _owed() -> str:
    """Obliges the transaction to leave a line, as writing rows does."""
    return (
        f"CREATE OR REPLACE FUNCTION {SCHEMA}.owes_line() RETURNS void LANGUAGE sql SECURITY DEFINER "
        f"SET search_path = public, pg_temp AS $$ INSERT INTO {SCHEMA}.written AS mark "
        "VALUES (txid_current(), true) ON CONFLICT (txid) DO UPDATE SET wrote = true $$"
    )


def _no_line() -> Iterator[str]:
    """Each statement that writes business rows leaves a mark; when the transaction is committed, the mark
    asks for the line."""
    yield (
        f"CREATE OR REPLACE FUNCTION {SCHEMA}.{MARK}() RETURNS trigger LANGUAGE plpgsql "
        "SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN "
        "IF EXISTS (SELECT FROM account WHERE name = session_user) THEN "
        f"INSERT INTO {SCHEMA}.written AS mark VALUES (txid_current(), true) "
        "ON CONFLICT (txid) DO UPDATE SET wrote = true WHERE NOT mark.wrote; END IF; RETURN NULL; END $$"
    )
    for table in RECORDS:
        yield from _trigger(MARK, "AFTER INSERT OR UPDATE OR DELETE", table, "STATEMENT")
    yield (
        f"CREATE OR REPLACE FUNCTION {SCHEMA}.line_left() RETURNS trigger LANGUAGE plpgsql "
        "SECURITY DEFINER SET search_path = public, pg_temp AS $$ DECLARE mark record; BEGIN "
        f"SELECT * INTO mark FROM {SCHEMA}.written WHERE txid = NEW.txid; "
        "IF mark.wrote AND mark.line IS NULL THEN RAISE EXCEPTION 'gridoffice: no journal line'; END IF; "
        f"IF mark.line IS NOT NULL THEN PERFORM {SCHEMA}.all_named(mark.line); END IF; "
        f"DELETE FROM {SCHEMA}.written WHERE txid = NEW.txid; RETURN NULL; END $$"
    )
    yield from _trigger(
        "line_left", "AFTER INSERT", f"{SCHEMA}.written", "ROW", "DEFERRABLE INITIALLY DEFERRED"
    )


def _month(names: Names) -> Iterator[str]:
    """A month is approved and locked, and given back from there, by whoever may lock it. It is opened, taken
    on and computed by accounts that see all of it: ranks among those of one unit would be wrong, and its
    seal would cover a part."""
    able = f"pg_has_role(session_user, {literal(names.of(Right.LOCK_MONTH.value))}, 'MEMBER')"
    yield _function(
        "month_moves",
        _refuse(
            f"{SCHEMA}.reach() <> 'all' AND CASE TG_OP WHEN 'UPDATE' THEN NEW.state <> OLD.state OR "
            "NEW.computed_at IS DISTINCT FROM OLD.computed_at AND NEW.computed_at IS NOT NULL ELSE true END",
            "a month is of the whole office",
        )
        + _refuse(
            "CASE TG_OP WHEN 'UPDATE' THEN NEW.state <> OLD.state AND (NEW.state IN ('approved', 'locked') "
            f"OR OLD.state IN ('approved', 'locked')) ELSE false END AND NOT {able}",
            "no right to lock a month",
        ),
    )
    yield from _trigger("month_moves", "BEFORE INSERT OR UPDATE OR DELETE", "month", "ROW")


def executable(names: Names) -> Iterator[str]:
    """Accounts may call the owner's functions: those that policies are made of, which tell of the caller."""
    yield f"""
        DO $$ DECLARE one record; BEGIN
        FOR one IN SELECT oid\\:\\:regprocedure AS name FROM pg_proc
            WHERE pronamespace = '{SCHEMA}'\\:\\:regnamespace AND proowner = current_user\\:\\:regrole LOOP
            EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', one.name);
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO {quoted(names.member)}', one.name);
        END LOOP; END $$"""
    yield f"GRANT EXECUTE ON FUNCTION {SCHEMA}.owes_line(), {SCHEMA}.here() TO {quoted(names.doorkeeper)}"
    yield f"GRANT EXECUTE ON FUNCTION {SCHEMA}.let_in(), {SCHEMA}.rule(text, integer) TO {quoted(names.doorkeeper)}"
    # a backup is whole, and its proof looks at whole numbers
    keeper = quoted(names.keeper)
    for one in ("announce(text)", "opens(text)", "whole_numbers(text)", "opened()"):
        yield f"GRANT EXECUTE ON FUNCTION {SCHEMA}.{one} TO {keeper}"
    yield f"GRANT SELECT ON {SCHEMA}.brought, {SCHEMA}.placed, {SCHEMA}.sheets TO {quoted(names.member)}"
