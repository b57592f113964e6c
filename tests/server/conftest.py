"""A shared office that the server keeps: the small office with a locked month, opened by accounts that are
logins of the server, and raw connections of the same logins, as anyone with `psql` has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psycopg
import pytest

from db import backup, migrate, server
from db.enums import Reach, Role
from db.session import Store
from gridoffice.accounts.keeping import add_account, bind_account
from gridoffice.accounts.rules import RIGHTS
from gridoffice.grids.service import find
from gridoffice.office import Office
from gridoffice.people.hits import person_called
from tests import postgresql
from tests.offices import Copies

DATABASE = "served"
WUTONG, LIUYIN = "519921001001", "519921001002"
"""Two communities of the street."""

SCOPED = (
    # name, role, code of the grid, reach
    ("wutong", Role.CLERK, WUTONG, Reach.BELOW),
    ("liuyin", Role.CLERK, LIUYIN, Reach.BELOW),
    ("liuyin_reader", Role.READER, LIUYIN, Reach.BELOW),
    ("only_wutong", Role.CLERK, WUTONG, Reach.UNIT),
    ("nowhere", Role.CLERK, None, Reach.BELOW),
    ("two_grids", Role.CLERK, None, Reach.CUSTOM),
    ("self", Role.READER, None, Reach.OWN),
    ("worker", Role.CLERK, None, Reach.OWN),
)


@dataclass(frozen=True, slots=True)
class Served:
    """The office as a server keeps it."""

    cluster: postgresql.Server
    database: str = DATABASE

    def url(self, account: str) -> str:
        return f"postgresql+psycopg://{account}@127.0.0.1:{self.cluster.port}/{self.database}"

    def psql(self, account: str, autocommit: bool = False) -> psycopg.Connection:
        """What somebody has who knows his own password and has any other program."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.cluster.port,
            user=account,
            dbname=self.database,
            autocommit=autocommit,
        )

    def opened(self, account: str) -> psycopg.Connection:
        """The same, in a transaction that has asked for whole numbers, as every write of the program does."""
        ticket = self.announced(account)
        connection = self.psql(account)
        connection.execute("SELECT gridoffice.whole_numbers(%s)", (ticket,))
        return connection

    def announced(self, account: str, why: str = "test") -> str | None:
        """What opens whole numbers, for who may see them."""
        with self.psql(account, autocommit=True) as connection:
            ((ticket,),) = connection.execute("SELECT gridoffice.announce(%s)", (why,)).fetchall()
        return ticket

    def told(self, account: str, query: str) -> list[tuple]:
        with self.psql(account) as connection:
            return connection.execute(query.encode()).fetchall()


@pytest.fixture(scope="session")
def served(postgres_server: postgresql.Server, locked_copies: Copies) -> Iterator[Served]:
    """One office for all tests of this folder: its logins belong to the whole cluster."""
    store = Store(postgres_server.create(DATABASE))
    migrate.upgrade(store.engine)
    backup.restore(locked_copies.file, store)
    store.close()
    office = Office.open(postgres_server.url(DATABASE))
    for name, role, code, reach in SCOPED:
        grid = office.read(find, code) if code else None
        grids = [office.read(find, one) for one in (WUTONG + "002", LIUYIN + "001")]
        office.write(add_account, name, name, role, grid, reach=reach, grids=grids)
    for name in ("self", "worker"):
        office.write(bind_account, name, office.read(person_called, "单晓琴"))
    with office.store.engine.begin() as connection:
        server.enforce(connection, RIGHTS)
    office.close()
    yield Served(postgres_server)


@pytest.fixture
def served_at(served: Served) -> Iterator[Callable[[str], Office]]:
    """Opens the office as one of its accounts, and closes it after the test."""
    opened: list[Office] = []

    def open_(account: str) -> Office:
        opened.append(Office.open(served.url(account), account))
        return opened[-1]

    yield open_
    for office in opened:
        office.close()
