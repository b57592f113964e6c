"""What the tree tells of each node, today and on any day, against counting one by one."""

from __future__ import annotations

from datetime import date
from typing import Any

from db.tables import OrgSeat, PartyMember, PartyOrg
from gridoffice.grids.changing import change_grids
from gridoffice.grids.history import as_of
from gridoffice.grids.listing import office_pack
from gridoffice.grids.operations import Basis, Close, Merge, Move, Rename, Revise
from gridoffice.grids.tree import Counts, ancestors, children, roll_up
from gridoffice.office import Office
from tests.offices import grid_id, records

MAY, JUNE = date(2026, 5, 15), date(2026, 6, 1)
STREET, WUTONG, LIUYIN = "519921001", "519921001001", "519921001002"
FIRST, SECOND = "519921001001001", "519921001001002"


def one_by_one(office: Office, day: date) -> dict[int, Counts]:
    """The counts of every grid, each counted for itself."""
    rows, tree = records(office), office.read(as_of, day)
    staffed = {kind.key for kind in office.read(office_pack).kinds if kind.staffed}

    def on(row: Any) -> bool:
        return (row["from_day"] is None or row["from_day"] <= day) and (
            row["to_day"] is None or row["to_day"] >= day
        )

    def below(number: int) -> list[int]:
        path = tree[number][1]
        return [one for one, (_, other) in tree.items() if other.startswith(path)]

    def homes(number: int) -> int | None:
        own = tree[number][0].households
        if own is not None:
            return own
        known = [homes(one) for one, (state, _) in tree.items() if state.parent_id == number]
        told = [one for one in known if one is not None]
        return sum(told) if told else None

    def workers(number: int) -> int:
        inside = set(below(number))
        return sum(post["grid_id"] in inside for post in rows["post"] if on(post))

    orgs = {row["id"]: row for row in rows["party_org"] if on(row)}

    seats = [row for row in rows["org_seat"] if on(row)]

    def places(org: Any) -> set[int]:
        while org is not None and not any(seat["org_id"] == org["id"] for seat in seats):
            org = orgs.get(org["parent_id"])
        return {seat["grid_id"] for seat in seats if org is not None and seat["org_id"] == org["id"]}

    found = {}
    for number in tree:
        inside = set(below(number))
        here = {one for one, org in orgs.items() if places(org) & inside}
        found[number] = Counts(
            grids=len(inside) - 1,
            households=homes(number),
            workers=workers(number),
            vacancies=sum(tree[one][0].kind in staffed and not workers(one) for one in inside),
            organisations=len(here),
            members=sum(row["org_id"] in here for row in rows["party_member"] if on(row)),
        )
    return found


def told(office: Office, day: date) -> dict[int, Counts]:
    """The counts of every node as opening the whole tree shows them."""
    found: dict[int, Counts] = {}
    todo: list[int | None] = [None]
    while todo:
        nodes = office.read(children, todo.pop(), day)
        found |= {node.id: node.counts for node in nodes}
        todo += [node.id for node in nodes if node.children]
        assert all(node.workers == node.counts.workers for node in nodes)
    return found


def agrees(office: Office) -> None:
    for day in (date.today(), JUNE, MAY, date(2024, 2, 1), date(2023, 1, 1)):
        truth = one_by_one(office, day)
        assert office.read(roll_up, None, day) == truth
        assert told(office, day) == truth
        inside = office.read(roll_up, grid_id(office, WUTONG), day)
        assert inside == {number: truth[number] for number in inside}


def party(office: Office) -> None:
    """A branch of the community, a group below it that names no grid, two members."""
    with office.store.writing("支部", "test", service="test") as session:
        branch = PartyOrg(name="梧桐社区党支部", kind="branch")
        session.add(branch)
        session.flush()
        session.add(OrgSeat(org_id=branch.id, grid_id=grid_id(office, WUTONG)))
        group = PartyOrg(name="第一党小组", kind="group", parent_id=branch.id)
        session.add(group)
        session.flush()
        for person, org in ((1, branch), (2, group)):
            session.add(PartyMember(person_id=person, org_id=org.id, kind="01", flow="normal"))


def test_counts_of_a_tree_that_never_changed(small_office: Office) -> None:
    agrees(small_office)
    party(small_office)
    agrees(small_office)
    (street,) = small_office.read(children, None)
    assert street.counts == Counts(9, 2100, 7, 2, 2, 2)


def test_counts_of_past_days_when_grids_hung_elsewhere(small_office: Office) -> None:
    party(small_office)
    first, liu = grid_id(small_office, FIRST), grid_id(small_office, LIUYIN)
    small_office.write(
        change_grids,
        Basis(JUNE),
        [
            Rename(first, "河畔网格"),
            Move(first, liu),
            Revise(grid_id(small_office, SECOND), {"households": None}),
            Close(grid_id(small_office, "519921001900001")),
        ],
    )
    agrees(small_office)
    small_office.write(
        change_grids,
        Basis(date(2026, 7, 1)),
        [Merge((grid_id(small_office, "519921001002001"), first), name="合并网格")],
    )
    agrees(small_office)
    micro = grid_id(small_office, "51992100100100101")
    assert small_office.read(ancestors, micro, MAY)[1] == grid_id(small_office, WUTONG)
    assert small_office.read(ancestors, micro)[1] == liu


def test_a_vacant_grid_is_one_that_somebody_ought_to_be_in(small_office: Office) -> None:
    nodes = {node.name: node for node in small_office.read(children, grid_id(small_office, LIUYIN))}
    assert (nodes["第一网格"].vacant, nodes["第二网格"].vacant) == (False, True)
    assert nodes["第二网格"].counts.vacancies == 1
