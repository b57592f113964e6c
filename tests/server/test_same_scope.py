"""A community's account sees the same part of the office in every list, tree, search, chart, export and report,
and the same on a shared server as in a local office: both follow one spec."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from db import backup, migrate, server
from db.enums import Reach, Role
from db.session import Store
from db.tables import Department, Month, PartyOrg, Person
from gridoffice.accounts.keeping import add_account
from gridoffice.accounts.rules import RIGHTS
from gridoffice.errors import OfficeError
from gridoffice.exports import export
from gridoffice.fields import masked_words
from gridoffice.grids.duties import DUTIES
from gridoffice.grids.listing import GRIDS
from gridoffice.grids.tree import children, roll_up
from gridoffice.intake import Options
from gridoffice.ledgers import LEDGERS
from gridoffice.listing import Ask, Listing
from gridoffice.office import Office
from gridoffice.overview.glance import glance
from gridoffice.overview.person_record import person_record
from gridoffice.papers.facts import About
from gridoffice.papers.figures import FIGURES
from gridoffice.people.hits import find_people
from gridoffice.planned import Outcome
from gridoffice.report_files import report_file
from gridoffice.reports import REPORTS, Wish, report_pdf
from gridoffice.review import Review
from gridoffice.reviewed import look
from gridoffice.training.listing import TRAININGS
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


# Whatever tells of people: nobody of another unit stands in it, and a server tells what a local office tells


@pytest.fixture(scope="module")
def outsiders(both: Both) -> frozenset[str]:
    """Names of people whom the account of the unit does not see, that stand in no name it sees."""

    def names(account: str) -> set[str]:
        return set(both("file", account).read(lambda session: session.scalars(select(Person.name)).all()))

    seen = names("st_unit")
    # who leads a department or an organisation is written there for all
    written = both("file", "st_whole").read(
        lambda session: {
            *session.scalars(select(Department.leader)),
            *session.scalars(select(PartyOrg.secretary)),
        }
    )
    found = {
        name
        for name in names("st_whole") - seen - written
        if len(name) > 2 and not any(name in one for one in seen)
    }
    assert len(found) > 100
    return frozenset(found)


def said_by(make: Callable[[], str]) -> str:
    """What comes of it, without the minute it was made; or why nothing did."""
    try:
        return re.sub(r"\d{1,2}:\d\d(:\d\d)?", "", make())
    except OfficeError as error:
        return f"{type(error).__name__}: {error}"


@pytest.mark.parametrize("key", sorted(REPORTS))
def test_a_report_tells_of_nobody_else(
    both: Both, outsiders: frozenset[str], key: str, tmp_path: Path
) -> None:
    said = []
    for where in ("file", "server"):
        office = both(where, "st_unit")
        own = office.read(lambda session: WORKERS.rows(session, WORKERS.ids(session, Ask())[:3]))
        training = office.read(lambda session: next(iter(TRAININGS.ids(session, Ask())), None))
        month = office.read(lambda session: session.scalars(select(Month.period)).first())
        wish = Wish(
            month=month if REPORTS[key].monthly else None,
            person=own[0].person_id,
            posts=tuple(row.id for row in own),
            training=training,
            reason="核对",
        )
        paper = lambda office=office, wish=wish: poppler_text(report_pdf(office, key, wish), tmp_path)  # noqa: E731
        said.append(said_by(paper))
    assert said[0] == said[1]
    assert not [name for name in outsiders if name in said[1]]


@pytest.mark.parametrize("name", sorted(LISTS))
def test_an_export_holds_the_rows_of_the_list_and_nobody_else(
    both: Both, outsiders: frozenset[str], name: str, tmp_path: Path
) -> None:
    listing, told = LISTS[name], []
    for where in ("file", "server"):
        office, file = both(where, "st_unit"), tmp_path / f"{where}.xlsx"
        shown = rows(office, listing)
        assert export(office, listing, file, Ask(), reason="核对") == len(shown)
        book = openpyxl.load_workbook(file)
        told.append(
            [[str(cell) for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)][1:]
        )
        other = Ask(search=min(outsiders))
        found = list(office.read(lambda session, ask=other: listing.ids(session, ask)))
        assert not found or listing is DUTIES  # of no people, and not searched
    cells = {cell for line in told[1] for cell in line}
    assert [line for line in told[0] if line] == [line for line in told[1] if line]
    assert not [one for one in outsiders if any(one in cell for cell in cells)]


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_a_chart_of_a_document_draws_the_same_part(both: Both, name: str) -> None:
    drawn = []
    for where, account in (("file", "st_unit"), ("server", "st_unit"), ("server", "st_whole")):
        office = both(where, account)
        month = office.read(lambda session: session.scalars(select(Month.period)).first())
        about = About(date.today(), month, None)
        drawn.append(office.read(lambda session, about=about: FIGURES[name](session, about)))
    assert drawn[0] == drawn[1]
    assert drawn[0] != drawn[2]


KNOWN_LESS = {"party-members", "party-orgs", "reserve"}
"""A server's account does not know organisations above its own by name, and takes over who serves nowhere."""


@pytest.mark.parametrize("key", sorted(key for key, one in LEDGERS.items() if one.listing is not None))
def test_a_preview_compares_with_what_is_seen(
    both: Both, outsiders: frozenset[str], key: str, tmp_path: Path
) -> None:
    """The whole office's ledger, taken in by an account of a unit: nothing is compared with what is kept of other
    units; people and grids of theirs are out of scope or wrong."""
    whole, listing = both("server", "st_whole"), LEDGERS[key].listing
    assert listing is not None
    file = tmp_path / "all.xlsx"
    export(whole, listing, file, Ask(), reveal=bool(masked_words(listing.columns)), reason="核对")
    planned = []
    for where in ("file", "server"):
        review = Review(both(where, "st_unit"), key, file, Options())
        planned.append(review.plan.rows.counts())
        own = len(rows(both(where, "st_unit"), listing))
        mine = sum(planned[-1].get(one, 0) for one in (Outcome.UNCHANGED, Outcome.UPDATED))
        assert mine <= own, "no more is known than what is seen"
        if key in ("workers", "grids"):
            assert mine > 0
            elsewhere = look(review.plan.rows).out_of_scope + planned[-1].get(Outcome.ERROR, 0)
            assert elsewhere > len(outsiders) / 2
    if key in KNOWN_LESS:
        assert planned[1][Outcome.UNCHANGED] <= planned[0][Outcome.UNCHANGED]
    else:
        assert planned[0] == planned[1]


def test_the_record_of_everybody_in_scope_opens(both: Both, outsiders: frozenset[str]) -> None:
    """Whose organisation or unit lies elsewhere too."""
    office = both("server", "st_unit")
    people = office.read(lambda session: session.scalars(select(Person.id)).all())
    for person in people:
        told = repr(office.read(person_record, person))
        assert not [name for name in outsiders if name in told]
