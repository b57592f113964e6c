"""What keeps one account from standing in the way of all others: connections, time, files, record numbers.

What a login has of its own (`ALTER ROLE … SET`) guards against accidents only: whoever means harm sets it back.
So whoever keeps others waiting, or an account that was switched off, is cut off by `relieve()`, which every
program calls through `watch()` with each connection it makes and once a minute. That needs `pg_signal_backend`,
which a superuser alone gives; without it nobody is cut off.
"""

from __future__ import annotations

from collections.abc import Iterator

from db.enums import Right
from db.scoping import PLACING
from db.server.names import Names, quoted
from db.server.roles import SCHEMA

CONNECTIONS = 20
"""So many an account has at once: a window needs four, and four windows are more than one person has."""
LONGEST_STATEMENT = "30min"
"""Longer than anything of a city takes."""
ASLEEP = 120
"""Seconds in which whoever has others wait for him must go on (as `db.journal.ASLEEP`)."""
BUSY = 600
"""Seconds after which he is cut off even if he is at work."""
FORGOTTEN = 3600
"""Seconds after which a transaction that does nothing is cut off, whether anybody waits or not: it would keep
old rows and unread notices for ever."""
LARGEST_SORT = "8GB"
"""Of temporary files a connection."""

_DEFINER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"

_LARGE_OBJECTS = (
    "lo_creat(integer)",
    "lo_create(oid)",
    "lo_from_bytea(oid, bytea)",
    "lo_open(oid, integer)",
    "lo_put(oid, bigint, bytea)",
    "lowrite(integer, bytea)",
)
"""What anybody could fill the disk with, unseen by every policy."""


def own(login: str) -> Iterator[str]:
    """What a login gets, in PL/pgSQL; `login` is the variable with its name."""
    yield f"EXECUTE format('ALTER ROLE %I CONNECTION LIMIT {CONNECTIONS}', {login});"
    for name, value in (
        ("statement_timeout", LONGEST_STATEMENT),
        ("idle_in_transaction_session_timeout", f"{FORGOTTEN}s"),
    ):
        yield f"EXECUTE format('ALTER ROLE %I IN DATABASE %I SET {name} = ''{value}''', {login}, current_database());"


def sequences(names: Names) -> Iterator[str]:
    """Numbers of records are taken one after the other, by who may write such records: whoever could set them
    could use all of them up, or have every new record collide with an old one."""
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {quoted(names.member)}"
    for table, placing in PLACING.items():
        able = ", ".join(quoted(names.of(right.value)) for right in sorted(placing.writes))
        if Right.READ in placing.writes:
            able = quoted(names.member)
        # a table without numbers of its own has no sequence
        yield f"""
            DO $$ BEGIN IF pg_get_serial_sequence('public.{table}', 'id') IS NOT NULL THEN EXECUTE format(
            'GRANT USAGE ON SEQUENCE %s TO {able}', pg_get_serial_sequence('public.{table}', 'id')); END IF;
            EXCEPTION WHEN undefined_column THEN END $$"""


def relieving() -> Iterator[str]:
    """`relieve()`, and `let_go()` for who holds the end of the log that was read."""
    cut = (
        "RAISE LOG 'gridoffice\\: % is cut off\\: %', one.usename, one.why; "
        "PERFORM pg_terminate_backend(one.pid);"
    )
    able = "IF NOT pg_has_role(current_user, 'pg_signal_backend', 'MEMBER') THEN RETURN; END IF;"
    yield f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.relieve() RETURNS void {_DEFINER} AS $$ DECLARE one record; BEGIN
        {able}
        FOR one IN SELECT pid, usename, CASE WHEN NOT account.active THEN 'switched off' WHEN idle THEN 'asleep'
                ELSE 'in the way' END AS why
            FROM (SELECT pid, usename, datname, xact_start, state LIKE 'idle in transaction%' AS idle,
                clock_timestamp() - state_change AS unchanged FROM pg_stat_activity) AS held
            JOIN account ON account.name = usename\\:\\:text
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND (NOT account.active
            OR idle AND unchanged > interval '{FORGOTTEN} s'
            OR (idle AND unchanged > interval '{ASLEEP} s' OR clock_timestamp() - xact_start > interval '{BUSY} s')
                AND pid IN (SELECT unnest(pg_blocking_pids(waiting.pid)) FROM pg_stat_activity AS waiting
                WHERE waiting.datname = current_database() AND waiting.wait_event_type = 'Lock')) LOOP
            {cut}
        END LOOP; END $$"""
    yield f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.let_go() RETURNS void {_DEFINER} AS $$ DECLARE one record; BEGIN
        {able}
        FOR one IN SELECT pid, usename, 'holds the log' AS why FROM pg_stat_activity JOIN pg_locks USING (pid)
            JOIN account ON account.name = usename\\:\\:text
            WHERE locktype = 'transactionid' AND granted AND pid <> pg_backend_pid()
            AND transactionid = (SELECT xmax FROM {SCHEMA}.watched)
            AND (state LIKE 'idle in transaction%' AND clock_timestamp() - state_change > interval '2 s'
                OR clock_timestamp() - xact_start > interval '{ASLEEP} s') LOOP
            {cut}
        END LOOP; END $$"""


def by_superuser(names: Names) -> Iterator[str]:
    """What a superuser alone can say."""
    owner = quoted(names.owner)
    yield f"GRANT pg_signal_backend TO {owner}"
    yield f"ALTER DATABASE {quoted(names.database)} SET temp_file_limit = '{LARGEST_SORT}'"
    for one in _LARGE_OBJECTS:
        yield f"REVOKE EXECUTE ON FUNCTION pg_catalog.{one} FROM PUBLIC"
