"""The office through PgBouncer, each transaction on another connection or each window on its own: everything
works but what hangs on one connection. Notices are looked for each second, and nobody is seen at a record."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from db.enums import Reach, Role
from db.listening import Beside, Changed, Listener, News, Spot
from gridoffice import history
from gridoffice.accounts.keeping import add_account, approve_account
from gridoffice.entering import enter
from gridoffice.errors import NeedsPassword, Refused
from gridoffice.grids.service import save_grid
from gridoffice.office import Office
from gridoffice.people.duplicates import duplicates
from gridoffice.people.service import reveal
from gridoffice.serving.setup import FIRST_ACCOUNTS, Wanted, set_up
from gridoffice.workers.service import save_worker
from tests import postgresql
from tests.offices import grid_id, number, worker
from tests.server.pooler import pooled

FIRST, SECRET = "Qinghe-street-2026", "Wutong-community-26"
STREET = {"code": "519921001", "name": "青禾街道", "kind": "街道", "parent_id": None, "households": 10}
AT_ONCE = {"transaction": 2, "session": 6}
"""Connections that an account has: a window needs four of its own where none is lent to others."""


@pytest.fixture(scope="module")
def cluster() -> Iterator[postgresql.Server]:
    """An office on a server of its own, with a clerk."""
    with postgresql.running() as server:
        named = {one.name: FIRST for one in FIRST_ACCOUNTS}
        set_up(server.url(postgresql.SIGNED), Wanted(name="青禾街道网格办", passwords=named))
        for name in named:
            change(server.port, name)
        with closing(opened(server.port, "sysadmin")) as office:
            office.write(add_account, "li", "李四", Role.CLERK, reach=Reach.ALL, password=FIRST)
        with closing(opened(server.port, "secadmin")) as office:
            office.write(approve_account, "li")
        change(server.port, "li")
        with closing(opened(server.port, "admin")) as office:
            office.write(save_grid, None, STREET)
        yield server


@pytest.fixture(params=AT_ONCE)
def at(request: pytest.FixtureRequest, cluster: postgresql.Server) -> Iterator[Callable[[str], Office]]:
    """Opens the office through the pooler."""
    with pooled(cluster, request.param, AT_ONCE[request.param]) as port:
        offices: list[Office] = []

        def open_(account: str, password: str = SECRET) -> Office:
            offices.append(opened(port, account, password))
            return offices[-1]

        yield open_
        for office in offices:
            office.close()


def url(port: int, account: str, password: str) -> str:
    return f"postgresql+psycopg://{account}:{password}@127.0.0.1:{port}/{postgresql.SIGNED}"


def opened(port: int, account: str, password: str = SECRET) -> Office:
    return Office.open(url(port, account, password), account)


def change(port: int, account: str) -> None:
    """The first password shows nothing: it is changed when one comes in."""
    enter(url(port, account, FIRST), account, FIRST, SECRET).office.close()


def test_each_is_who_he_signed_in_as(at: Callable[..., Office]) -> None:
    """Two accounts at once, by turns: whose connection is lent never mixes them up."""
    admin, clerk, watcher = at("admin"), at("li"), at("auditor")
    for turn in range(6):
        office = (admin, clerk)[turn % 2]
        done = office.write(save_grid, grid_id(office, "519921001"), {"households": 100 + turn})
        (line, *_) = office.read(history.journal, 1)
        assert (line.id, line.who) == (done.action, office.who.name)
        with pytest.raises(Refused):
            watcher.write(save_grid, grid_id(admin, "519921001"), {"households": 1})
    with pytest.raises(NeedsPassword):
        at("li", "another-2026")


def test_numbers_opened_in_one_transaction_are_closed_in_the_next(at: Callable[..., Office]) -> None:
    clerk = at("li")
    values = {"name": "王𠮷𬭎", "grid_id": grid_id(clerk, "519921001"), "title": "网格长"}
    done = clerk.write(save_worker, None, {**values, "id_number": number(11), "phone": "13800000011"})
    for _ in range(3):
        assert clerk.read(duplicates) == []
        seen = worker(clerk, "王𠮷𬭎")
        assert seen.phone == "138****0011"
        assert clerk.write(reveal, seen.person_id, "核对").result.id_number == number(11)
    clerk.write(history.undo, done.action)


def test_what_others_write_is_heard_and_nobody_is_seen_beside(at: Callable[..., Office]) -> None:
    admin, clerk = at("admin"), at("li")
    spot = Spot("grids", grid_id(admin, "519921001"))
    heard: list[News] = []
    over = threading.Event()
    listeners = [Listener(office.store, office.who.display, spot) for office in (admin, clerk)]
    threads = [
        threading.Thread(target=lambda one=one: heard.extend(one.follow(over.is_set))) for one in listeners
    ]
    for one in threads:
        one.start()
    try:
        deadline = time.monotonic() + 30
        told = None
        while told is None and time.monotonic() < deadline:
            # what was there before either listened is no news
            value = {"households": int(time.monotonic() * 10) % 10_000}
            clerk.write(save_grid, spot.number, value)
            time.sleep(0.5)
            told = next((one for one in heard if isinstance(one, Changed)), None)
        assert told is not None
    finally:
        over.set()
        for one in threads:
            one.join()
    assert not any(isinstance(one, Beside) for one in heard)


def test_failures_at_the_pooler_are_not_the_servers(
    cluster: postgresql.Server, at: Callable[..., Office]
) -> None:
    """The pooler compares the password itself: the server hears of nothing, so nobody is barred by it. What the
    help says; whoever is barred directly is not let in by the pooler either."""
    for _ in range(6):
        with pytest.raises(NeedsPassword):
            at("li", "another-2026")
    with cluster.connect(postgresql.SIGNED) as owner:
        told = owner.execute("SELECT count(*) FROM action WHERE service = 'entering.failed'").fetchone()
        assert told == (0,)
        owner.execute("ALTER ROLE li VALID UNTIL '-infinity'")
        try:
            with pytest.raises(NeedsPassword):
                at("li")
        finally:
            owner.execute("ALTER ROLE li VALID UNTIL 'infinity'")
