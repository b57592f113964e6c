"""Backups of an office that its server keeps: made by who maintains it, whole; restored and moved by who owns it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from db import backup, dumping, server
from db.copying import NotWhole
from db.session import Store
from gridoffice import rolling, safekeeping
from gridoffice.accounts.rules import RIGHTS
from gridoffice.drill import drill
from gridoffice.errors import OfficeError
from gridoffice.grids.service import save_grid
from gridoffice.moving import move
from gridoffice.office import Office
from tests import postgresql
from tests.offices import Copies, content, grid_id
from tests.server.conftest import Served

NAME = "kept"
UNTOLD = ("action", "action_part", "journal_head")
"""That it was restored is told by a line after it."""


@pytest.fixture
def another() -> Iterator[postgresql.Server]:
    """A server of its own: logins of the same names belong to the other office on the first one."""
    with postgresql.running() as server:
        yield server


@pytest.fixture
def kept(another: postgresql.Server, locked_copies: Copies) -> str:
    """An office that the server keeps, to be restored and moved; this login may do anything."""
    url = another.create(NAME)
    local = Office.open(locked_copies.file)
    move(local, url)
    local.close()
    store = Store(url)
    with store.engine.begin() as connection:
        server.enforce(connection, RIGHTS)
    store.close()
    return url


def same(file: Path, store: Store, without: tuple[str, ...] = ("credential",)) -> bool:
    """A backup holds what the office holds, as its owner sees it (coming in was written down since)."""
    copy = Store(file)
    try:
        return content(copy, without)["person"] == content(store, without)["person"]
    finally:
        copy.close()


@pytest.mark.parametrize("ending", [".backup", ".dump"])
def test_who_maintains_it_backs_all_of_it_up(
    served: Served, served_at: Callable[[str], Office], tmp_path: Path, ending: str
) -> None:
    """Whole numbers and hidden rows included, whatever of it the account is shown in the window."""
    office = served_at("administrator")
    file = tmp_path / f"一{ending}"
    done = safekeeping.back_up(office, file)
    assert done.people == 7
    owner = Store(served.cluster.url(served.database))
    try:
        if ending == ".backup":
            assert same(file, owner)
        else:
            place = dumping.programs(dumping.server_version(owner))
            assert place is not None
            assert dumping.check(file, place)["person"] == 7
            assert dumping.journal_head(file, place)[0] > 0
    finally:
        owner.close()
    assert safekeeping.verify(office).findings == ()


def test_a_clerk_takes_no_backup_and_moves_nothing(
    served_at: Callable[[str], Office], tmp_path: Path
) -> None:
    clerk = served_at("wutong")
    for attempt in (
        lambda: safekeeping.back_up(clerk, tmp_path / "一.backup"),
        lambda: rolling.roll(clerk),
        lambda: safekeeping.verify(clerk),
        lambda: move(clerk, tmp_path / "一.db"),
    ):
        with pytest.raises(OfficeError):
            attempt()
    assert list(tmp_path.iterdir()) == []


def test_masked_or_missing_rows_are_never_taken_for_the_whole(served: Served, tmp_path: Path) -> None:
    """Past every question of rights, with the login of a clerk alone."""
    for account in ("wutong", "reader", "nowhere"):
        store = Store(served.url(account))
        try:
            with pytest.raises(NotWhole, match="看不到全部"):
                backup.back_up(store, tmp_path / "偷.backup")
        finally:
            store.close()
    assert list(tmp_path.iterdir()) == []


def test_restored_and_moved_the_server_keeps_it_still(kept: str, tmp_path: Path) -> None:
    office = Office.open(kept)
    try:
        with office.store.engine.connect() as connection:
            login = "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'clerk'"
            assert connection.exec_driver_sql(login).scalar() is True
        for ending in (".backup", ".dump"):
            file = tmp_path / f"一{ending}"
            safekeeping.back_up(office, file)
            before = content(office.store, UNTOLD)
            office.write(save_grid, grid_id(office, "519921001"), {"population": len(ending)})
            safekeeping.restore(office, file)
            assert content(office.store, UNTOLD) == before
            assert safekeeping.verify(office).findings == ()
            assert drill(office, file).verified.findings == ()
            with office.store.engine.connect() as connection:
                assert server.enforced(connection)
                guarded = "SELECT relrowsecurity FROM pg_class WHERE oid = 'person'::regclass"
                assert connection.exec_driver_sql(guarded).scalar() is True
        told = move(office, tmp_path / "回来.db")
        assert told.people == 7
        assert backup.check(tmp_path / "回来.db")["person"] == 7
    finally:
        office.close()
