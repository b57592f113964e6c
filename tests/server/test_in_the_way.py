"""What an account cannot do to all others: take every connection, use up numbers, fill the disk unseen, or keep
everybody waiting for ever."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import psycopg
import pytest
from psycopg import errors

from db.server.limits import ASLEEP, CONNECTIONS, FORGOTTEN
from gridoffice.grids.service import save_grid
from gridoffice.office import Office
from tests.offices import grid_id
from tests.server.conftest import WUTONG, Served


@pytest.mark.parametrize("account", ["reader", "wutong", "clerk", "administrator"])
def test_numbers_of_records_are_not_set(served: Served, account: str) -> None:
    """All of them used up, nobody could add anything any more."""
    for deed in (
        "SELECT setval('person_id_seq', 9223372036854775807)",
        "ALTER SEQUENCE person_id_seq RESTART 1",
    ):
        with served.psql(account) as connection, pytest.raises(errors.InsufficientPrivilege):
            connection.execute(deed.encode())
    with served.psql("reader") as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute("SELECT nextval('person_id_seq')")


@pytest.mark.parametrize(
    "deed",
    [
        "SELECT lo_creat(-1)",
        "SELECT lo_create(0)",
        "SELECT lo_from_bytea(0, 'x')",
        "SELECT lo_put(1, 0, 'x')",
    ],
)
def test_nothing_is_kept_where_no_policy_looks(served: Served, deed: str) -> None:
    with served.psql("reader") as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(deed.encode())


def test_an_account_takes_some_connections_and_not_all(served: Served) -> None:
    with ExitStack() as several, pytest.raises(psycopg.OperationalError, match="too many connections"):
        for _ in range(CONNECTIONS + 1):
            several.enter_context(closing(served.psql("two_grids")))
    served.psql("two_grids").close()
    with served.psql("two_grids") as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute("ALTER ROLE two_grids CONNECTION LIMIT 99")


def test_what_is_forgotten_ends_by_itself(served: Served) -> None:
    told = dict(
        served.told(
            "wutong",
            "SELECT name, setting::integer FROM pg_settings WHERE name IN ('statement_timeout', "
            "'idle_in_transaction_session_timeout', 'temp_file_limit')",
        )
    )
    assert told == {
        "statement_timeout": 1_800_000,
        "idle_in_transaction_session_timeout": FORGOTTEN * 1000,
        "temp_file_limit": 8 * 1024 * 1024,
    }
    with served.psql("wutong") as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute("SET temp_file_limit = -1")


@pytest.mark.usefixtures("impatient")
def test_whoever_has_others_wait_is_cut_off(served: Served, served_at: Callable[[str], Office]) -> None:
    """The end of the journal held by a reader: nobody writes, until the server lets go of it."""
    clerk = served_at("clerk")
    grid = grid_id(clerk, WUTONG)
    with closing(served.psql("reader")) as holder, closing(served.psql("leader")) as patient:
        # what a login has of its own he sets back
        holder.execute("SET idle_in_transaction_session_timeout = 0")
        holder.execute("SELECT id FROM journal_head FOR UPDATE")
        patient.execute("SELECT count(*) FROM grid")
        done: list[object] = []
        waiting = threading.Thread(
            target=lambda: done.append(clerk.write(save_grid, grid, {"note": "等过"})), daemon=True
        )
        waiting.start()
        deadline = time.monotonic() + 15
        while not done and time.monotonic() < deadline:
            time.sleep(0.3)
            with served.psql("wutong", autocommit=True) as other:
                other.execute("SELECT gridoffice.watch()")
        waiting.join()
        assert done
        with pytest.raises(psycopg.OperationalError):
            holder.execute("SELECT 1")
        assert patient.execute("SELECT 1").fetchone() == (1,)  # who keeps nobody waiting stays


@pytest.fixture
def impatient(served: Served) -> Iterator[None]:
    """The same function with less patience."""
    with served.cluster.connect(served.database) as owner:
        ((said,),) = owner.execute(
            "SELECT pg_get_functiondef('gridoffice.relieve()'::regprocedure)"
        ).fetchall()
        assert f"interval '{ASLEEP} s'" in said
        owner.execute(said.replace(f"interval '{ASLEEP} s'", "interval '1 s'").encode())
        yield
        owner.execute(said.encode())


def test_whoever_holds_the_end_of_the_log_is_cut_off(served: Served) -> None:
    """Held, nobody who comes in afterwards would see anything."""
    with served.cluster.connect(served.database) as owner, closing(served.psql("reader")) as holder:
        holder.execute("SET idle_in_transaction_session_timeout = 0")
        # the row that `watch` updates, as it leaves it while its transaction is open
        owner.execute("GRANT SELECT, UPDATE ON gridoffice.watched TO reader")
        try:
            holder.execute("SELECT * FROM gridoffice.watched FOR UPDATE")
            time.sleep(2.1)
            owner.execute("SELECT gridoffice.let_go()")
            with pytest.raises(psycopg.OperationalError):
                holder.execute("SELECT 1")
        finally:
            owner.execute("REVOKE ALL ON gridoffice.watched FROM reader")


def test_who_is_switched_off_lets_go(served: Served) -> None:
    with served.cluster.connect(served.database) as owner, closing(served.psql("only_wutong")) as holder:
        holder.execute("SELECT pg_advisory_lock(1)")
        owner.execute("UPDATE account SET active = false WHERE name = 'only_wutong'")
        try:
            owner.execute("SELECT gridoffice.watch()")
            with pytest.raises(psycopg.OperationalError):
                holder.execute("SELECT 1")
        finally:
            owner.execute("UPDATE account SET active = true WHERE name = 'only_wutong'")
