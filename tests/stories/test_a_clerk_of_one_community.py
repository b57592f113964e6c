"""A community's clerk in a local office of a street: list, tree, search, chart, export, report and import
show his community and nothing else, and he changes nothing else. On a shared server the server itself sees
to it (`tests/server`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from db.enums import Reach, Role
from db.tables import Base, Person, Post
from gridoffice.accounts.keeping import add_account, bind_account, change_account
from gridoffice.assessment.month import months
from gridoffice.errors import NotFound, OfficeError, Refused
from gridoffice.exports import export
from gridoffice.grids.service import find, save_grid
from gridoffice.grids.tree import children
from gridoffice.history import journal, touched, undo
from gridoffice.listing import Ask, Listing, all_ids
from gridoffice.office import Office
from gridoffice.overview.glance import glance
from gridoffice.people.hits import find_people
from gridoffice.reports import Wish, report_pdf
from gridoffice.workers.service import save_worker
from tests.documents.paper import poppler_text
from tests.guards.test_declarations import listings
from tests.offices import Opening, come, roster

HERE, THERE = "519921001002", "519921001001"
"""柳荫社区, whose clerk it is, and 梧桐社区."""

BY_PLACE = {
    "WORKERS",
    "CERTIFICATES",
    "ORGS",
    "LINKS",
    "REPORTED",
    "SERVICES",
    "HOUSEHOLDS",
    "RESOURCES",
    "ISSUES",
    "ATTENDANCE",
    "TRAININGS",
    "PLANS",
    "COMPLETIONS",
    "TRAINING_HOURS",
    "SHORTAGE",
}
"""Lists that are of places alone: what the clerk sees is what anybody sees of his community."""

pytestmark = pytest.mark.parametrize("backend", ["sqlite"])


@pytest.fixture
def clerk(street_office: Office, office_at: Opening) -> Office:
    """The street as the clerk of 柳荫 has it."""
    street_office.write(add_account, "liuyin", "柳荫社区", Role.CLERK, street_office.read(find, HERE))
    return office_at(street_office.store.address, "liuyin")


def seen(office: Office, listing: Listing, scope: int | None = None) -> set[int]:
    return set(office.read(all_ids, listing, Ask(scope=scope)))


def names_at(office: Office, code: str) -> set[str]:
    """Who serves below a grid."""
    return {one.name for one in roster(office, Ask(scope=office.read(find, code)))}


def test_seven_ways_to_look_show_one_community(street_office: Office, clerk: Office, tmp_path: Path) -> None:
    here, there = (street_office.read(find, code) for code in (HERE, THERE))
    own, others = names_at(street_office, HERE), names_at(street_office, THERE)
    foreign = others - own
    assert len(own) > 40 and len(foreign) > 40
    # list
    found = {name.rsplit(".", 1)[-1]: one for name, one in listings().items()}
    for name in BY_PLACE:
        assert seen(clerk, found[name]) == seen(street_office, found[name], here), name
        with pytest.raises(NotFound, match="不归这个账号看"):
            seen(clerk, found[name], there)
    # tree: the street for its name, the community, nothing beside it
    (top,) = clerk.read(children, None)
    assert [node.name for node in clerk.read(children, top.id)] == ["柳荫社区"]
    assert len(street_office.read(children, top.id)) > 5
    # search
    for name in (min(own), min(foreign)):
        hits = clerk.read(find_people, name)
        assert bool(hits) == (name in own)
    # charts: what the home page of the community says to anybody
    mine, told = clerk.read(glance, None), street_office.read(glance, here)
    for what in ("workers", "grids", "members", "ages", "average_age", "means", "contracts"):
        assert getattr(mine, what) == getattr(told, what), what
    # export
    target = tmp_path / "花名册.xlsx"
    assert export(clerk, found["WORKERS"], target, Ask()) == len(seen(clerk, found["WORKERS"]))
    cells = {str(cell.value) for row in load_workbook(target).worksheets[0].iter_rows() for cell in row}
    assert own <= cells and not foreign & cells
    # report
    paper = poppler_text(report_pdf(clerk, "roster", Wish()), tmp_path).replace("\n", "")
    period = clerk.read(months)[0].period
    results = poppler_text(report_pdf(clerk, "results", Wish(month=period)), tmp_path).replace("\n", "")
    for text in (paper, results):
        assert sum(name in text for name in own) > 40
        assert {name for name in foreign if len(name) > 2 and name in text} == set()


def test_an_import_takes_in_one_community(street_office: Office, clerk: Office, tmp_path: Path) -> None:
    target = tmp_path / "花名册.xlsx"
    export(street_office, listing_of("WORKERS"), target, Ask(), reveal=True, reason="核对")
    before = count(street_office, Post), count(street_office, Person)
    done = come(clerk, "workers", target)
    assert done.action is None
    outside = [one for one in done.preview.problems if "你管“柳荫社区”" in one.message]
    assert len(outside) == len(roster(street_office)) - len(roster(clerk))
    assert (count(street_office, Post), count(street_office, Person)) == before


def listing_of(name: str) -> Listing:
    return next(one for key, one in listings().items() if key.endswith(f".{name}"))


def count(office: Office, record: type[Base]) -> int:
    return office.read(lambda session: session.scalar(select(func.count()).select_from(record)) or 0)


def test_what_lies_elsewhere_is_not_changed(street_office: Office, clerk: Office) -> None:
    there = roster(street_office, Ask(scope=street_office.read(find, THERE)))[0]
    mine = roster(clerk)[0]
    other = street_office.read(find, THERE)
    for refused in (
        lambda: clerk.write(save_worker, there.id, {"phone": "13900001111"}),
        lambda: clerk.write(save_worker, mine.id, {"grid_id": other}),
        lambda: clerk.write(save_grid, other, {"note": "改"}),
    ):
        with pytest.raises(OfficeError, match=r"不在你管的|你管“柳荫社区”"):
            refused()
    done = street_office.write(save_worker, there.id, {"phone": "13900001111"})
    with pytest.raises(Refused, match="不在你管的“柳荫社区”里"):
        clerk.write(undo, done.action)
    done = clerk.write(save_worker, mine.id, {"phone": "13900002222"})
    assert [line.who for line in clerk.read(journal)] == ["liuyin"]
    assert done.action is not None
    assert len(clerk.read(touched, done.action)) == 1
    assert clerk.read(touched, done.action - 1) == []


def test_scope_follows_what_is_recorded(street_office: Office, clerk: Office) -> None:
    """What others write, and other rights, count at once: nothing is kept from before."""
    before = len(roster(clerk))
    there = roster(street_office, Ask(scope=street_office.read(find, THERE)))[0]
    street_office.write(save_worker, there.id, {"grid_id": street_office.read(find, HERE)})
    assert len(roster(clerk)) == before + 1
    street_office.write(
        change_account,
        "liuyin",
        display="柳荫社区",
        role=Role.CLERK,
        reach=Reach.BELOW,
        grid_id=street_office.read(find, THERE),
    )
    assert {one.id for one in roster(clerk)} == {
        one.id for one in roster(street_office, Ask(scope=street_office.read(find, THERE)))
    }


@pytest.mark.parametrize("reach", [Reach.UNIT, Reach.CUSTOM, Reach.OWN, Reach.BELOW])
def test_every_reach_sees_its_own(street_office: Office, office_at: Opening, reach: Reach) -> None:
    office = street_office
    here, there = (office.read(find, code) for code in (HERE, THERE))
    one = roster(office, Ask(scope=here))[0]
    rights: dict[Reach, dict[str, Any]] = {
        Reach.UNIT: {"grid_id": here},
        Reach.CUSTOM: {"grids": [here, there]},
        Reach.OWN: {},
        Reach.BELOW: {},
    }
    office.write(add_account, "li", "李某", Role.CLERK, reach=reach, **rights[reach])
    if reach is Reach.OWN:
        office.write(bind_account, "li", person_of(office, one.id))
    seen_by: Callable[[], set[int]] = lambda: {  # noqa: E731
        line.id for line in roster(office_at(office.store.address, "li"))
    }
    expected: dict[Reach, set[int]] = {
        Reach.UNIT: set(at_once(office, here)),
        Reach.CUSTOM: {line.id for at in (here, there) for line in roster(office, Ask(scope=at))},
        Reach.OWN: {one.id},
        Reach.BELOW: set(),
    }
    assert seen_by() == expected[reach]
    if reach is Reach.BELOW:
        li = office_at(office.store.address, "li")
        assert li.read(children, None) == [] and count(li, Person) == 0
        assert li.read(glance, None, date.today()).workers == 0


def at_once(office: Office, grid_id: int) -> list[int]:
    """The posts of today in a grid itself."""
    here = {line.id for line in roster(office, Ask(scope=grid_id))}
    query = select(Post.id).where(Post.grid_id == grid_id)
    return office.read(lambda session: [one for one in session.scalars(query) if one in here])


def person_of(office: Office, post_id: int) -> int:
    return office.read(lambda session: session.scalar(select(Post.person_id).where(Post.id == post_id)) or 0)
