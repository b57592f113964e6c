"""What two offices show of a community on days past, side by side."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from db.tables import Grid, OrgSeat, PartyMember, PartyOrg, Person, Post
from gridoffice.grids.history import as_of
from gridoffice.grids.listing import path_of
from gridoffice.office import Office
from gridoffice.people.lists import lasting
from tests.offices import grid_id
from tests.packages.conftest import Two

COMMUNITY = "519921001001"
DAYS = [
    date(2025, 1, 15),
    *(date(2026, month, day) for month in range(1, 11) for day in (1, 15)),
    date.today(),
]


def tree_of(office: Office, day: date) -> dict[str, Any]:
    """The community's part on a day: name, kind, parent, facts of each grid, by code."""
    top = grid_id(office, COMMUNITY)

    def ask(session):  # type: ignore[no-untyped-def]
        found = as_of(session, day)
        path = found[top][1]
        return {
            state.code: (
                state.name,
                state.kind,
                found[state.parent_id or 0][0].code,
                state.households,
                state.note,
            )
            for state, where in found.values()
            if where.startswith(path)
        }

    return office.read(ask)


def people_of(office: Office, day: date) -> set[tuple[object, ...]]:
    """Who held what in the community's part on a day, which organisation served which grid, who belonged to it."""
    top = grid_id(office, COMMUNITY)

    def ask(session):  # type: ignore[no-untyped-def]
        inside = Grid.path.startswith(path_of(session, top))
        person = Person.name, Person.id_number
        posts = select(*person, Post.title, Grid.code, Post.from_day, Post.to_day)
        posts = posts.join(Post, Post.person_id == Person.id).join(Grid, Grid.id == Post.grid_id)
        seats = select(PartyOrg.name, Grid.code, OrgSeat.from_day, OrgSeat.to_day)
        seats = seats.join(OrgSeat, OrgSeat.org_id == PartyOrg.id).join(Grid, Grid.id == OrgSeat.grid_id)
        members = select(*person, PartyOrg.name, PartyMember.from_day, PartyMember.to_day)
        members = members.join(PartyMember, PartyMember.person_id == Person.id).join(
            PartyOrg, PartyOrg.id == PartyMember.org_id
        )
        asked = (
            posts.where(inside, lasting(Post, day)),
            seats.where(inside, lasting(OrgSeat, day)),
            members.where(lasting(PartyMember, day)),
        )
        return {tuple(row) for query in asked for row in session.execute(query)}

    return office.weigh(ask)  # whole ID numbers, which a server else masks


def same_on_all_days(two: Two) -> None:
    for day in DAYS:
        here, there = tree_of(two.street, day), tree_of(two.community, day)
        assert here == there, (day, set(here.items()) ^ set(there.items()))
        above, below = people_of(two.street, day), people_of(two.community, day)
        assert above == below, (day, above - below, below - above)
