"""A community's account sees the same part of the office in every list, tree, search, chart, export and report,
and the same on a shared server as in a local office: both follow one spec."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from db import backup, migrate, server
from db.enums import Reach, Role
from db.session import Store
from gridoffice.accounts.keeping import add_account
from gridoffice.accounts.rules import RIGHTS
from gridoffice.exports import export
from gridoffice.grids.listing import GRIDS
from gridoffice.grids.tree import children, roll_up
from gridoffice.listing import Ask, Listing
from gridoffice.office import Office
from gridoffice.overview.glance import glance
from gridoffice.people.hits import find_people
from gridoffice.report_files import report_file
from gridoffice.reports import Wish
from gridoffice.workers.listing import WORKERS
from tests import postgresql
from tests.documents.paper import poppler_text
from tests.guards.test_declarations import listings
from tests.offices import Copies

DATABASE = "same"
ACCOUNTS = (("st_unit", Reach.BELOW), ("st_alone", Reach.UNIT), ("st_none", Reach.BELOW))
LISTS: dict[str, Listing] = {
    name: one for one, name in {one: name for name, one in listings().items()}.items()
}
"""Each once: many modules know the same list."""


@pytest.fixture(scope="module")
def both(
    postgres_server: postgresql.Server, street_copies: Copies, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str, str], Office]]:
    """The demo street in a file and on a server that enforces, with the same accounts."""
    file = tmp_path_factory.mktemp("same") / "street.db"
    shutil.copyfile(street_copies.file, file)
    office = Office.open(file)
    community = max(office.read(children, office.read(children, None)[0].id), key=lambda one: one.code)
    for name, reach in ACCOUNTS:
        unit = None if name == "st_none" else community.id
        office.write(add_account, name, name, Role.CLERK, unit, reach=reach)
    office.write(add_account, "st_whole", "st_whole", Role.CLERK)
    office.close()
    address = postgres_server.create(DATABASE)
    store = Store(address)
    migrate.upgrade(store.engine)
    backup.restore(file, store)
    with store.engine.begin() as connection:
        # logins belong to the whole cluster, where another office has such accounts too
        connection.exec_driver_sql("UPDATE account SET name = 'st_' || name WHERE name NOT LIKE 'st\\_%%'")
        server.enforce(connection, RIGHTS)
    store.close()
    opened: dict[tuple[str, str], Office] = {}

    def at(where: str, account: str) -> Office:
        if (where, account) not in opened:
            url = address.replace("gridoffice@", f"{account}@") if where == "server" else str(file)
            opened[where, account] = Office.open(url, account)
        return opened[where, account]

    yield at
    for one in opened.values():
        one.close()


Both = Callable[[str, str], Office]


def rows(office: Office, listing: Listing) -> list[int]:
    return sorted(office.read(lambda session: list(listing.ids(session, Ask()))))


@pytest.mark.parametrize("account", [name for name, _ in ACCOUNTS])
@pytest.mark.parametrize("name", sorted(LISTS))
def test_every_list_holds_the_same(both: Both, name: str, account: str) -> None:
    listing = LISTS[name]
    here, there = rows(both("file", account), listing), rows(both("server", account), listing)
    assert there == here
    if account == "st_none":
        assert listing is not WORKERS or there == []


@pytest.mark.parametrize("account", ["st_unit", "st_whole"])
def test_tree_counts_charts_and_searches_are_the_same(both: Both, account: str) -> None:
    questions: list[Callable[[Any], Any]] = [
        roll_up,
        glance,
        lambda session: children(session, None),
        lambda session: [one.name for one in find_people(session, "张", limit=50)],
    ]
    here, there = both("file", account), both("server", account)
    for question in questions:
        assert there.read(question) == here.read(question)


def test_all_ways_to_look_agree_on_who_is_there(both: Both, tmp_path: Path) -> None:
    """List, tree, search, export and paper of one account, against what the whole office has below its unit."""
    office, whole = both("server", "st_unit"), both("server", "st_whole")
    unit = office.who.grid_id
    assert unit is not None
    expected = whole.read(lambda session: list(WORKERS.ids(session, Ask(scope=unit))))
    assert 0 < len(expected) < len(rows(whole, WORKERS))
    names = {row.name for row in whole.read(lambda session: WORKERS.rows(session, expected))}
    # list
    assert rows(office, WORKERS) == sorted(expected)
    # tree
    grids = {row.id for row in office.read(lambda session: GRIDS.rows(session, GRIDS.ids(session, Ask())))}
    below = set(whole.read(lambda session: list(GRIDS.ids(session, Ask(scope=unit)))))
    assert below <= grids and len(grids - below) == 1
    # search
    for name in sorted(names)[:5]:
        found = office.read(lambda session, name=name: list(WORKERS.ids(session, Ask(search=name))))
        assert found and set(found) <= set(expected)
    other = next(
        one for one in whole.read(lambda s: WORKERS.rows(s, WORKERS.ids(s, Ask()))) if one.name not in names
    )
    assert not office.read(lambda session: list(WORKERS.ids(session, Ask(search=other.name))))
    # chart
    told, every, below_unit = office.read(glance), whole.read(glance), whole.read(glance, unit)
    for what in ("communities", "grids", "workers", "members", "full_time"):
        assert getattr(told, what) == getattr(below_unit, what) <= getattr(every, what)
    assert told.workers < every.workers
    # export
    file = tmp_path / "roster.xlsx"
    assert export(office, WORKERS, file, Ask()) == len(expected)
    cells = {
        str(cell.value) for row in openpyxl.load_workbook(file).worksheets[0].iter_rows() for cell in row
    }
    assert names <= cells and other.name not in cells
    # paper
    paper = poppler_text(report_file(office, "roster", Wish(), "roster.pdf").content, tmp_path)
    assert all(name in paper for name in names) and other.name not in paper
