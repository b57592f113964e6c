"""Failed sign-ins of a server that has no lockout of its own: read from its log, told and answered by us.

PostgreSQL writes who failed into its own log and lets him try again for ever. Where that log is kept as CSV by
the logging collector, `gridoffice.watch()` reads what is new in it: each failure of an account becomes a line
of the journal and counts as it does locally; an account that failed too often is barred for as long as
locally. Programs call it with each connection they make and once a minute. There is no other process.

A barred account is nobody to the policies (`here()`), however it came in: a session that began before the
failures goes on, one that began after the log was last read is nobody until it is read. Besides, its login is
closed (`VALID UNTIL`, after which the server answers a right password as a wrong one), but only while somebody
else is connected whose program opens it again.

Nothing in the log is believed that is not a record of its own: it is split by its quotes, and read on from
where the last whole record ended.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, text

from db.enums import Right
from db.server.names import Names, literal, quoted
from db.server.roles import SCHEMA

PORTION = 1 << 20
"""Bytes of the log read at once."""
PORTIONS = 64
"""So many of them in one call; what is left waits for the next."""
NAMED = 100
"""So many failures of an account leave a line each in one call; the others are counted in the last."""
GUESSED = 10
"""So many times the allowed failures in a row are no slips of the finger: the account stays barred until
somebody who keeps accounts opens it."""
FOR_GOOD = "9999-12-31T00:00:00.000000"
"""Until when it is barred then."""
FAILED = "entering.failed"
"""What the lines are of, as `gridoffice.entering` has it."""

HERE = f"(SELECT {SCHEMA}.here())"
"""Whether the account may see anything in this session, looked up once a statement."""

_MOMENT = "'YYYY-MM-DD\"T\"HH24:MI:SS.US'"


def _stored(moment: str) -> str:
    """A point in time as the office's tables keep it."""
    return f"to_char({moment} AT TIME ZONE 'UTC', {_MOMENT})"


_NOW = _stored("clock_timestamp()")

_DEFINER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"


def watching(names: Names) -> Iterator[str]:
    """Tables and functions of the owner. Colons are the statements' own."""
    for one in (*_tables(names), *_rules(), *_here(), *_watch(), *_entering(names)):
        yield one.replace(":", "\\:")


def _tables(names: Names) -> Iterator[str]:
    # how far the log was read: `middle` inside a record too long to be read, `quoted` in the middle of a text
    yield f"""CREATE TABLE IF NOT EXISTS {SCHEMA}.watched (
        one boolean PRIMARY KEY DEFAULT true CHECK (one), since timestamptz NOT NULL DEFAULT clock_timestamp(),
        file text, at bigint NOT NULL DEFAULT 0, middle boolean NOT NULL DEFAULT false,
        quoted boolean NOT NULL DEFAULT false, read_at timestamptz, problem text NOT NULL DEFAULT 'unread')"""
    yield f"INSERT INTO {SCHEMA}.watched DEFAULT VALUES ON CONFLICT DO NOTHING"
    # a run of failures: its first, and since when the login is closed
    yield f"""CREATE TABLE IF NOT EXISTS {SCHEMA}.failing (
        name text PRIMARY KEY, since timestamptz NOT NULL, closed_at timestamptz)"""
    # whose lines the server writes itself
    yield f"CREATE TABLE IF NOT EXISTS {SCHEMA}.speaking (txid bigint PRIMARY KEY)"
    for table in ("watched", "failing", "speaking"):
        yield f"REVOKE ALL ON {SCHEMA}.{table} FROM PUBLIC"
        yield f"GRANT SELECT ON {SCHEMA}.{table} TO {quoted(names.keeper)}"


def _rules() -> Iterator[str]:
    yield f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.rule(called text, usual integer) RETURNS integer STABLE {_DEFINER}
        AS $$ BEGIN RETURN coalesce(
            (SELECT (value::json ->> called)::integer FROM setting WHERE key = 'security'), usual); END $$"""
    yield f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.credential_of(who text) RETURNS bigint {_DEFINER} AS $$
        DECLARE found bigint; BEGIN
        INSERT INTO credential (account_id, must_change, failures)
        SELECT id, false, 0 FROM account WHERE name = who ON CONFLICT (account_id) DO NOTHING;
        SELECT credential.id INTO found FROM credential JOIN account ON account.id = account_id
        WHERE account.name = who; RETURN found; END $$"""


def _here() -> Iterator[str]:
    """`let_in()`: the account is active and not barred in this session. `here()`: and its password is its own
    and has not ended."""
    yield f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.let_in() RETURNS boolean STABLE {_DEFINER} AS $$
        DECLARE bar timestamptz; is_read timestamptz; BEGIN
        -- of a barred account what began before the failures goes on
        SELECT CASE WHEN NOT account.active THEN '-infinity'
            WHEN credential.locked_until > {_NOW} THEN coalesce(failing.since, '-infinity') END INTO bar
        FROM account LEFT JOIN credential ON credential.account_id = account.id
        LEFT JOIN {SCHEMA}.failing ON failing.name = account.name WHERE account.name = session_user;
        IF NOT FOUND THEN RETURN false; END IF;
        -- nobody works with what another gave him of his own (`unlend`)
        IF current_setting('server_version_num')::integer < 150000 AND EXISTS (SELECT FROM pg_auth_members
            JOIN pg_roles AS lent ON lent.oid = roleid JOIN account ON account.name = lent.rolname::text
            JOIN pg_roles AS taker ON taker.oid = member WHERE taker.rolname = session_user) THEN
            RETURN false; END IF;
        SELECT read_at INTO is_read FROM {SCHEMA}.watched WHERE problem = '';
        bar := least(bar, is_read);
        IF bar IS NULL THEN RETURN true; END IF;
        -- of a parallel query's worker the session is that of its leader
        RETURN coalesce((SELECT session.backend_start <= bar FROM pg_stat_get_activity(pg_backend_pid()) AS own,
            LATERAL pg_stat_get_activity(coalesce(own.leader_pid, own.pid)) AS session), false); END $$"""
    yield f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.here() RETURNS boolean STABLE PARALLEL SAFE {_DEFINER} AS $$
        -- parallel safe: it stands in every policy, and sorting 150,000 names alone takes 2.5 times as long
        DECLARE days integer := {SCHEMA}.rule('days', 90); BEGIN
        RETURN {SCHEMA}.let_in() AND NOT EXISTS (SELECT FROM credential JOIN account ON account.id = account_id
            WHERE account.name = session_user AND (must_change OR days > 0 AND
            since < {_stored("(clock_timestamp() - make_interval(days => days))")})); END $$"""


def _watch() -> Iterator[str]:
    yield f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.failures_in(body text, odd boolean, middle boolean,
            OUT used bigint, OUT ended boolean, OUT quotes boolean, OUT fails text[]) STABLE {_DEFINER} AS $$
        -- whole records of a log as CSV: lines up to one at whose end every quote is closed; `fails` are those
        -- of a wrong password: when, who, where from, which database
        BEGIN
        WITH line AS (
            SELECT n, said, (odd::integer + sum(length(said) - length(replace(said, '"', '')))
                OVER (ORDER BY n)) % 2 = 1 AS inside, count(*) OVER () AS lines
            FROM unnest(string_to_array(body, E'\\n')) WITH ORDINALITY AS t(said, n)
        ), record AS (
            SELECT n, said, inside, n < lines AND NOT inside AS ends,
                count(*) FILTER (WHERE NOT inside) OVER (ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING
                AND 1 PRECEDING) AS place FROM line
        ), whole AS (
            SELECT place, string_agg(said, E'\\n' ORDER BY n) AS said, sum(length(said) + 1) AS size
            FROM record GROUP BY place HAVING bool_or(ends)
        ), fields AS (
            SELECT place, (SELECT array_agg(CASE WHEN left(f[1], 1) = '"'
                THEN replace(substr(f[1], 2, length(f[1]) - 2), '""', '"') ELSE f[1] END ORDER BY o)
                FROM regexp_matches(said, '("(?:[^"]|"")*"|[^,"]*)(?:,|$)', 'g') WITH ORDINALITY AS m(f, o))
                AS f FROM whole WHERE said LIKE '%,28P01,%' AND NOT (middle AND place = 0)
        )
        SELECT coalesce(sum(size), 0), count(*) > 0,
            (SELECT coalesce(array_agg(ARRAY[f[1], f[2], f[5], f[3]] ORDER BY place), ARRAY[]::text[])
            FROM fields WHERE f[13] = '28P01' AND f[1] ~ '^\\d{{4}}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{{3}}')
        INTO used, ended, fails FROM whole;
        quotes := (odd::integer + length(body) - length(replace(body, '"', ''))) % 2 = 1;
        END $$"""
    yield f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.failed(who text, said text, host text) RETURNS void {_DEFINER} AS $$
        -- a line of the journal that the server writes itself, in the name of who failed
        DECLARE line action; head record; BEGIN
        SELECT count, digest INTO head FROM journal_head FOR UPDATE;
        SELECT head.count + 1, {_NOW}, who, left(host, 120), 'note', said, '{FAILED}', NULL, false, NULL,
            head.digest INTO line.id, line.at, line.who, line.terminal, line.deed, line.title, line.service,
            line.target, line.undoable, line.detail, line.previous;
        line.digest := {SCHEMA}.line_seal(line, '');
        INSERT INTO {SCHEMA}.speaking VALUES (txid_current()) ON CONFLICT DO NOTHING;
        INSERT INTO action SELECT line.*;
        -- what no account does moves the end of the journal by itself
        UPDATE journal_head SET count = line.id, digest = line.digest WHERE count <> line.id
            AND NOT EXISTS (SELECT FROM account WHERE name = session_user);
        DELETE FROM {SCHEMA}.speaking;
        PERFORM pg_notify('gridoffice', json_build_object('n', line.id, 'by', who, 't',
            json_build_object('account', '[]'::json))::text); END $$"""
    yield f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.watch(leaving boolean DEFAULT false) RETURNS void {_DEFINER}
        SET lock_timeout = '10s' AS $$
        DECLARE state {SCHEMA}.watched; began timestamptz; portion record; seen record; body text;
            caught_up boolean := false; fail text[]; at timestamptz; one record; called text; number bigint;
            said text; done integer; counted jsonb := '{{}}'; most integer := {SCHEMA}.rule('attempts', 5);
            minutes integer := {SCHEMA}.rule('locked', 20);
        BEGIN
        IF current_setting('transaction_read_only') = 'on' THEN RETURN; END IF;
        -- before anything that might wait for whoever is in the way
        PERFORM {SCHEMA}.relieve();
        PERFORM {SCHEMA}.unlend();
        UPDATE credential SET must_change = true FROM account WHERE account.id = account_id AND NOT must_change
            AND name IN (SELECT {SCHEMA}.strange());
        IF to_regprocedure('{SCHEMA}.log_portion(text,bigint,timestamptz)') IS NULL THEN RETURN; END IF;
        BEGIN
            PERFORM set_config('lock_timeout', '3s', true);
            SELECT * INTO state FROM {SCHEMA}.watched FOR UPDATE;
        EXCEPTION WHEN lock_not_available THEN
            -- reading takes a moment; whoever keeps it from all others would have none of them see anything
            PERFORM {SCHEMA}.let_go();
            PERFORM set_config('lock_timeout', '10s', true);
            SELECT * INTO state FROM {SCHEMA}.watched FOR UPDATE;
        END;
        began := clock_timestamp();
        BEGIN
        FOR n IN 1..{PORTIONS} LOOP
            SELECT * INTO portion FROM {SCHEMA}.log_portion(state.file, state.at, state.read_at);
            IF portion.bytes IS NULL THEN caught_up := true; EXIT; END IF;
            IF portion.file IS DISTINCT FROM state.file OR portion.at <> state.at THEN
                state.middle := false; state.quoted := false; END IF;
            state.file := portion.file; state.at := portion.at;
            -- every byte is a sign of its own: what is no text in our encoding must not stop the reading
            BEGIN body := convert_from(portion.bytes, 'LATIN1');
            EXCEPTION WHEN character_not_in_repertoire THEN body := repeat(' ', length(portion.bytes)); END;
            SELECT * INTO seen FROM {SCHEMA}.failures_in(body, state.quoted, state.middle);
            IF seen.ended THEN state.at := state.at + seen.used; state.middle := false; state.quoted := false;
            ELSIF length(body) >= {PORTION} THEN
                state.at := state.at + length(body); state.middle := true; state.quoted := seen.quotes;
            ELSIF NOT portion.latest THEN state.at := state.at + length(body);
            ELSE caught_up := true; END IF;
            FOR place IN 1..coalesce(array_length(seen.fails, 1), 0) LOOP
                fail := ARRAY(SELECT unnest(seen.fails[place:place]));
                at := left(fail[1], 23)::timestamp AT TIME ZONE current_setting('log_timezone');
                IF at < state.since THEN CONTINUE; END IF;
                SELECT name INTO called FROM account
                WHERE convert_from(convert_to(name, 'UTF8'), 'LATIN1') = fail[2];
                IF NOT FOUND THEN
                    IF fail[4] = current_database() AND NOT counted ? '' THEN
                        PERFORM {SCHEMA}.failed('?', '登录没有成功：没有这个账号', regexp_replace(fail[3], ':\\d+$', ''));
                        counted := counted || jsonb_build_object('', 1); END IF;
                    CONTINUE; END IF;
                number := {SCHEMA}.credential_of(called);
                SELECT credential.*, failing.closed_at INTO one
                FROM credential LEFT JOIN {SCHEMA}.failing ON failing.name = called
                WHERE credential.id = number;
                said := '登录没有成功：密码不对';
                -- after the login was closed passwords are not even looked at
                IF one.closed_at < at THEN said := '登录没有成功：正锁着';
                ELSE
                    INSERT INTO {SCHEMA}.failing VALUES (called, at)
                    ON CONFLICT (name) DO UPDATE SET since = excluded.since WHERE one.failures = 0;
                    one.failures := one.failures + 1;
                    said := said || format('（连着第 %s 次）', one.failures);
                    IF one.failures >= most THEN
                        one.locked_until := CASE WHEN one.failures >= most * {GUESSED} THEN '{FOR_GOOD}' ELSE
                            greatest(one.locked_until, {_stored("(at + make_interval(mins => minutes))")}) END;
                        said := said || CASE WHEN one.failures >= most * {GUESSED}
                            THEN '，像是在猜密码，账号锁到有人解锁' ELSE format('，账号锁 %s 分钟', minutes) END;
                    END IF;
                END IF;
                fail[3] := regexp_replace(fail[3], ':\\d+$', '');
                UPDATE credential SET failures = one.failures, failed_at = {_stored("at")},
                    failed_from = left(fail[3], 120), locked_until = one.locked_until WHERE id = one.id;
                done := coalesce((counted ->> called)::integer, 0) + 1;
                counted := counted || jsonb_build_object(called, done);
                IF done <= {NAMED} THEN PERFORM {SCHEMA}.failed(called, said, fail[3]); END IF;
            END LOOP;
            IF caught_up THEN EXIT; END IF;
        END LOOP;
        FOR one IN SELECT key, value::integer AS times FROM jsonb_each_text(counted)
            WHERE value::integer > {NAMED} LOOP
            PERFORM {SCHEMA}.failed(one.key, format('登录没有成功：另有 %s 次', one.times - {NAMED}), '');
        END LOOP;
        state.problem := '';
        EXCEPTION WHEN lock_not_available OR deadlock_detected OR serialization_failure THEN RAISE;
        WHEN OTHERS THEN
            -- a log that cannot be read lets nobody be barred, and nobody be shut out
            SELECT * INTO state FROM {SCHEMA}.watched;
            state.problem := SQLERRM;
        END;
        UPDATE {SCHEMA}.watched SET file = state.file, at = state.at, middle = state.middle,
            quoted = state.quoted, problem = state.problem,
            read_at = CASE WHEN caught_up THEN began ELSE read_at END;
        PERFORM {SCHEMA}.close_and_open(leaving);
        END $$"""
    yield f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.close_and_open(leaving boolean) RETURNS void {_DEFINER} AS $$
        DECLARE one record; company boolean; BEGIN
        FOR one IN SELECT account.name, coalesce(locked_until > {_NOW}, false) AS barred, closed_at
            FROM account JOIN credential ON credential.account_id = account.id
            JOIN {SCHEMA}.failing ON failing.name = account.name
            WHERE locked_until > {_NOW} OR closed_at IS NOT NULL LOOP
            -- somebody else is there who opens it again, and one login stays open in any case
            company := EXISTS (SELECT FROM pg_stat_activity JOIN account ON account.name = usename::text
                WHERE datname = current_database() AND usename <> one.name
                AND NOT (leaving AND usename = session_user))
                AND EXISTS (SELECT FROM account AS other LEFT JOIN {SCHEMA}.failing ON failing.name = other.name
                WHERE other.active AND other.name <> one.name AND failing.closed_at IS NULL);
            IF one.barred AND company AND one.closed_at IS NULL THEN
                PERFORM {SCHEMA}.shut(one.name, true);
                UPDATE {SCHEMA}.failing SET closed_at = clock_timestamp() WHERE name = one.name;
            ELSIF one.closed_at IS NOT NULL AND NOT (one.barred AND company) THEN
                PERFORM {SCHEMA}.shut(one.name, false);
                UPDATE {SCHEMA}.failing SET closed_at = NULL WHERE name = one.name;
            END IF;
        END LOOP; END $$"""
    yield f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.watches() RETURNS text STABLE {_DEFINER} AS $$ BEGIN
        RETURN CASE WHEN to_regprocedure('{SCHEMA}.log_portion(text,bigint,timestamptz)') IS NULL
            THEN 'no reader' ELSE (SELECT problem FROM {SCHEMA}.watched) END; END $$"""


def _entering(names: Names) -> Iterator[str]:
    """What is written down of who came in, and letting in again whoever was barred."""
    yield f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.come_in(terminal text) RETURNS void {_DEFINER} AS $$
        DECLARE number bigint := {SCHEMA}.credential_of(session_user); BEGIN
        IF NOT {SCHEMA}.let_in() THEN RAISE EXCEPTION 'gridoffice: account is barred'; END IF;
        UPDATE credential SET seen_at = {_NOW}, seen_from = left(terminal, 120), failures = 0,
            locked_until = NULL WHERE id = number;
        DELETE FROM {SCHEMA}.failing WHERE name = session_user AND closed_at IS NULL; END $$"""
    keeps = f"pg_has_role(session_user, {literal(names.of(Right.KEEP_ACCOUNTS.value))}, 'MEMBER')"
    yield f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.unbar(who text) RETURNS void {_DEFINER} AS $$
        DECLARE number bigint := {SCHEMA}.credential_of(who); BEGIN
        UPDATE credential SET failures = 0, locked_until = NULL WHERE id = number;
        PERFORM {SCHEMA}.shut(who, false);
        DELETE FROM {SCHEMA}.failing WHERE name = who; END $$"""
    yield f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.unlock(who text) RETURNS void {_DEFINER} AS $$ BEGIN
        IF NOT ({keeps} AND {SCHEMA}.here()) OR who = session_user THEN
            RAISE EXCEPTION 'gridoffice: not yours to unlock'; END IF;
        PERFORM {SCHEMA}.unbar(who); END $$"""
    yield f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.new_password(who text, by_other boolean) RETURNS void {_DEFINER}
        AS $$ DECLARE number bigint := {SCHEMA}.credential_of(who); BEGIN
        PERFORM {SCHEMA}.unbar(who);
        UPDATE credential SET since = {_NOW}, must_change = by_other WHERE id = number; END $$"""


INSIDE = ("rule(text, integer)", "credential_of(text)", "failures_in(text, boolean, boolean)")
INSIDE += (
    "failed(text, text, text)",
    "close_and_open(boolean)",
    "unbar(text)",
    "new_password(text, boolean)",
    "relieve()",
    "all_named(bigint)",
    "let_go()",
)
"""Functions that only ours call."""


def opened() -> Iterator[str]:
    """Whoever looks after the server lets in again whoever was barred."""
    yield f"SELECT {SCHEMA}.unbar(name) FROM {SCHEMA}.failing"


def hidden(names: Names) -> Iterator[str]:
    """Said after `executable`: accounts call what they may, not what that is made of."""
    for one in INSIDE:
        yield f"REVOKE ALL ON FUNCTION {SCHEMA}.{one} FROM PUBLIC, {quoted(names.member)}"
    yield f"GRANT EXECUTE ON FUNCTION {SCHEMA}.new_password(text, boolean) TO {quoted(names.doorkeeper)}"


MAY_WATCH = (
    "SELECT coalesce((SELECT has_function_privilege(oid, 'EXECUTE') FROM pg_proc "
    f"WHERE proname = 'watch' AND pronamespace = to_regnamespace('{SCHEMA}')), false)"
)
"""Whether this server watches, and for this login."""
EVERY = 60.0
"""Seconds between two looks of a program that is connected."""


def watch(connection: Connection, leaving: bool = False) -> None:
    """Have the server look who failed to sign in. `leaving`: this account's programs go now."""
    if connection.dialect.name == "postgresql" and connection.execute(text(MAY_WATCH)).scalar_one():
        connection.execute(text(f"SELECT {SCHEMA}.watch(:leaving)"), {"leaving": leaving})


def why_unwatched(connection: Connection) -> str:
    """Why failed sign-ins of a server that enforces cannot be read; empty where they are."""
    return connection.execute(text(f"SELECT {SCHEMA}.watches()")).scalar_one()
