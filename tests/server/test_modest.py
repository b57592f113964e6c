"""An office on a server that gives no superuser away, as managed clouds do: set up, used, backed up and set up
again by a login that may make databases and roles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from db.enums import Reach, Role
from db.session import Store
from gridoffice import history, safekeeping
from gridoffice.accounts.keeping import add_account, approve_account, disable_account
from gridoffice.entering import enter
from gridoffice.errors import OfficeError, Refused
from gridoffice.grids.service import save_grid
from gridoffice.office import Office
from gridoffice.people.service import reveal
from gridoffice.serving.setup import FIRST_ACCOUNTS, Wanted, set_up
from gridoffice.serving.upgrading import upgrade_database
from gridoffice.workers.service import save_worker
from tests import postgresql
from tests.offices import grid_id, number, worker

FIRST, SECRET = "Qinghe-street-2026", "Wutong-community-26"
STREET = {"code": "519921001", "name": "青禾街道", "kind": "街道", "parent_id": None, "households": 10}
MODEST = "cloud_admin"


@pytest.fixture(scope="module")
def cluster() -> Iterator[postgresql.Server]:
    with postgresql.running() as server:
        server.execute(f"CREATE ROLE {MODEST} LOGIN CREATEDB CREATEROLE PASSWORD '{SECRET}'")
        wanted = Wanted(name="青禾街道网格办", passwords={one.name: FIRST for one in FIRST_ACCOUNTS})
        if server.version < 15:
            # there the schema belongs to the superuser, who has to give it away once
            with pytest.raises(Refused, match="13、14 上还有其中的 public 模式"):
                set_up(address(server), wanted)
            with server.connect(postgresql.SIGNED) as superuser:
                superuser.execute(f"ALTER SCHEMA public OWNER TO {MODEST}")
        done = set_up(address(server), wanted)
        assert done.passwords == ()
        for one in FIRST_ACCOUNTS:
            change(server, one.name)
        yield server


def address(server: postgresql.Server) -> str:
    """The office, as the login that maintains the server sees it."""
    return f"postgresql+psycopg://{MODEST}:{SECRET}@127.0.0.1:{server.port}/{postgresql.SIGNED}"


def url(server: postgresql.Server, account: str, password: str = SECRET) -> str:
    return f"postgresql+psycopg://{account}:{password}@127.0.0.1:{server.port}/{postgresql.SIGNED}"


def change(server: postgresql.Server, account: str) -> None:
    enter(url(server, account, FIRST), account, FIRST, SECRET).office.close()


def opened(server: postgresql.Server, account: str) -> closing[Office]:
    return closing(Office.open(url(server, account), account))


def test_accounts_come_and_go(cluster: postgresql.Server) -> None:
    with opened(cluster, "sysadmin") as system, opened(cluster, "secadmin") as security:
        system.write(add_account, "li", "李四", Role.CLERK, reach=Reach.ALL, password=FIRST)
        security.write(approve_account, "li")
        change(cluster, "li")
        with opened(cluster, "admin") as office, opened(cluster, "li") as clerk:
            office.write(save_grid, None, STREET)
            values = {"name": "王𠮷𬭎", "grid_id": grid_id(clerk, "519921001"), "title": "网格长"}
            clerk.write(save_worker, None, {**values, "id_number": number(11), "phone": "13800000011"})
            seen = worker(clerk, "王𠮷𬭎")
            assert seen.phone == "138****0011"
            assert clerk.write(reveal, seen.person_id, "核对").result.id_number == number(11)
            assert clerk.read(history.journal, 1)[0].who == "li"
        system.write(disable_account, "li")
    with pytest.raises(OfficeError, match="停用"):
        Office.open(url(cluster, "li"), "li").close()


def test_it_is_backed_up_and_set_up_again(cluster: postgresql.Server, tmp_path: Path) -> None:
    again = set_up(address(cluster), Wanted())
    assert again.passwords == ()
    assert upgrade_database(address(cluster), tmp_path / "x.dump").backup is None
    with opened(cluster, "admin") as office:
        done = safekeeping.back_up(office, tmp_path / "一.backup")
        assert done.rows > 10
        assert safekeeping.verify(office).findings == ()


def test_the_login_that_set_it_up_is_no_account(cluster: postgresql.Server) -> None:
    """It may become the owner, as whoever maintains a server can; by itself it sees nothing."""
    store = Store(address(cluster))
    with store.engine.connect() as connection:
        owner = "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        assert connection.exec_driver_sql(owner).one() == (False, False)
    store.close()
