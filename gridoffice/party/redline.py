"""一根红线: at every level of grids the organisation and the members that the governance pack asks for,
and where the line breaks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select, true
from sqlalchemy.orm import Session

from db.enums import PartyOrgKind
from db.tables import Grid, OrgSeat, PartyLink, PartyMember, PartyOrg, Person, Post
from gridoffice.grids.history import tree_on
from gridoffice.grids.listing import office_pack, path_of
from gridoffice.grids.naming import short
from gridoffice.grids.pack import Pack, PartyTier
from gridoffice.grids.rules import SEGMENT, below
from gridoffice.grids.service import serving
from gridoffice.party.listing import belonging_on, standing_in
from gridoffice.party.rules import tier_name
from gridoffice.people.lists import lasting


@dataclass(frozen=True, slots=True)
class Tie:
    """A member who answers for a grid; `fits` says that it is a member of the tier's kind."""

    link_id: int
    person_id: int
    name: str
    kind: str
    fits: bool


@dataclass(frozen=True, slots=True)
class OrgSeen:
    """The organisation of a grid, with its members of the day."""

    id: int
    name: str
    kind: PartyOrgKind
    secretary: str | None
    members: int


@dataclass(frozen=True, slots=True)
class Node:
    """One grid on the red line. `organisation_wanted` and `members_wanted` are what the pack asks for
    here (empty: nothing); `breaks` say what is missing; `joined` says that nothing is missing here nor
    above, so that the line runs through to the top of what is shown."""

    grid_id: int
    parent_id: int | None
    level: int
    code: str
    name: str
    kind: str
    kind_label: str
    organisation: OrgSeen | None
    ties: tuple[Tie, ...]
    organisation_wanted: str
    members_wanted: str
    breaks: tuple[str, ...]
    joined: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of so many grids that the pack asks something for, how many have their organisation and how many
    a member of the right kind. `key` is a tier's kind of grids or, of an area, its grid's number."""

    key: str
    label: str
    wanted: int
    organised: int
    answered: int

    @property
    def missing(self) -> int:
        """Grids without their organisation."""
        return self.wanted - self.organised


@dataclass(frozen=True, slots=True)
class RedLine:
    """The line below one grid on a day: nodes parents first, coverage by tier and by area (the grids
    directly below the scope), and as a whole. `members` counts the members of the organisations there,
    `waiting` those of them who answer for no grid anywhere, `leaders` the organisations that are led by
    somebody, `tied` the people who answer for a grid there, members there or not."""

    day: date
    nodes: tuple[Node, ...]
    tiers: tuple[Coverage, ...]
    areas: tuple[Coverage, ...]
    whole: Coverage
    members: int
    tied: int
    leaders: int = 0
    waiting: int = 0

    @property
    def broken(self) -> tuple[Node, ...]:
        """The nodes where something is missing."""
        return tuple(node for node in self.nodes if node.breaks)


def redline(session: Session, scope: int | None = None, day: date | None = None) -> RedLine:
    """The red line below a grid (None: all) on a day (today when none is said). Answers no nodes where
    the pack draws no line."""
    day = day or date.today()
    pack = office_pack(session)
    tree = tree_on(session, day)
    inside: Any = true()
    standing = tree.standing()
    if scope is not None:
        top = path_of(session, scope)
        inside = tree.within(Grid.path, top)
        standing = and_(standing, tree.within(tree.c.path, top))
    tiers: dict[str, list[PartyTier]] = defaultdict(list)
    for tier in pack.party:
        tiers[tier.kind].append(tier)
    orgs = _organisations(session, inside, day)
    ties = _ties(session, pack, tiers, inside, day)
    nodes: dict[int, Node] = {}
    paths: dict[int, str] = {}
    columns = [tree.c[name] for name in ("id", "parent_id", "path", "code", "name", "kind")]
    stored: Sequence[Any] = session.execute(select(*columns).where(standing)).all()
    grids = [
        (number, parent, tree.path(path), code, name, kind)
        for number, parent, path, code, name, kind in stored
    ]
    for grid_id, parent_id, path, code, name, kind in sorted(grids, key=lambda grid: grid[2]):
        if not pack.party:
            break
        org, held, asked = orgs.get(grid_id), ties.get(grid_id, ()), tiers.get(kind, [])
        missing = tuple(breaks(asked, org is not None, any(tie.fits for tie in held)))
        above = nodes.get(parent_id) if parent_id is not None else None
        paths[grid_id] = path
        nodes[grid_id] = Node(
            grid_id,
            parent_id,
            len(path) // SEGMENT - 1,
            code,
            name,
            kind,
            pack.kind(kind).label,
            org,
            held,
            next((tier.organisation for tier in asked if tier.organisation), ""),
            "、".join(dict.fromkeys(tier_name(tier) for tier in asked if tier.supervisor)),
            missing,
            not missing and (above is None or above.joined),
        )
    asked_for = [node for node in nodes.values() if node.kind in tiers]
    members = _members(session, scope, day) if pack.party else set()
    return RedLine(
        day,
        tuple(nodes.values()),
        tuple(
            coverage(kind, pack.kind(kind).label, (node for node in asked_for if node.kind == kind))
            for kind in tiers
        ),
        _areas(nodes, paths, asked_for),
        coverage("", "", asked_for),
        len(members),
        len({tie.person_id for some in ties.values() for tie in some}),
        len({org.id for org in orgs.values() if org.secretary}),
        len(members - tied_somewhere(session, day)) if members else 0,
    )


def breaks(tiers: Sequence[PartyTier], organised: bool, answered: bool) -> Iterable[str]:
    """What is missing at a grid with or without an organisation and a member of the right kind, in words."""
    for tier in tiers:
        if tier.organisation and not organised:
            yield f"未建{tier.organisation}"
        if tier.supervisor and not answered:
            yield f"没有{tier_name(tier)}入格"


def _organisations(session: Session, inside: Any, day: date) -> dict[int, OrgSeen]:
    """The organisation of each grid; of several the first that was set up."""
    query = (
        select(PartyOrg.id, OrgSeat.grid_id, PartyOrg.name, PartyOrg.kind, PartyOrg.secretary)
        .join(OrgSeat, OrgSeat.org_id == PartyOrg.id)
        .join(Grid, Grid.id == OrgSeat.grid_id)
        .where(lasting(PartyOrg, day), lasting(OrgSeat, day), inside)
        .order_by(PartyOrg.id.desc())
    )
    counts: dict[int | None, int] = {}
    counted = select(PartyMember.org_id, func.count()).where(belonging_on(day))
    for org_id, count in session.execute(counted.group_by(PartyMember.org_id)):
        counts[org_id] = count
    return {
        grid_id: OrgSeen(org_id, name, kind, secretary, counts.get(org_id, 0))
        for org_id, grid_id, name, kind, secretary in session.execute(query)
    }


def _ties(
    session: Session, pack: Pack, tiers: Mapping[str, Sequence[PartyTier]], inside: Any, day: date
) -> dict[int, tuple[Tie, ...]]:
    """Who answers for each grid."""
    fitting = {kind: {tier_name(tier) for tier in some} for kind, some in tiers.items()}
    query = (
        select(PartyLink.id, PartyLink.grid_id, PartyLink.kind, Person.id, Person.name, Grid.kind)
        .join(Grid, Grid.id == PartyLink.grid_id)
        .join(Person, Person.id == PartyLink.person_id)
        .where(lasting(PartyLink, day), inside)
        .order_by(PartyLink.id)
    )
    found: dict[int, list[Tie]] = defaultdict(list)
    for link_id, grid_id, kind, person_id, name, grid_kind in session.execute(query):
        found[grid_id].append(Tie(link_id, person_id, name, kind, kind in fitting.get(grid_kind, ())))
    return {grid_id: tuple(some) for grid_id, some in found.items()}


def coverage(key: str, label: str, nodes: Iterable[Node]) -> Coverage:
    """The one way in which coverage is counted."""
    wanted = organised = answered = 0
    for node in nodes:
        wanted += 1
        organised += node.organisation is not None or not node.organisation_wanted
        answered += any(tie.fits for tie in node.ties) or not node.members_wanted
    return Coverage(key, label, wanted, organised, answered)


def _areas(
    nodes: Mapping[int, Node], paths: Mapping[int, str], asked_for: Sequence[Node]
) -> tuple[Coverage, ...]:
    """Coverage of the grids directly below the topmost one shown, each with all below it."""
    if not nodes:
        return ()
    top = next(iter(paths.values()))
    depth = len(top) + SEGMENT
    areas = {path: nodes[grid_id] for grid_id, path in paths.items() if len(path) == depth}
    inside: dict[str, list[Node]] = defaultdict(list)
    for node in asked_for:
        inside[paths[node.grid_id][:depth]].append(node)
    return tuple(
        coverage(str(area.grid_id), short(area.name), inside[path])
        for path, area in areas.items()
        if inside[path]
    )


def _members(session: Session, scope: int | None, day: date) -> set[int]:
    """Members of the organisations on the line, and of those below them that have no grid."""
    query = select(PartyMember.person_id).where(belonging_on(day), PartyMember.org_id.is_not(None))
    if scope is not None:
        query = query.where(PartyMember.org_id.in_(standing_in(session, scope, day)))
    return set(session.scalars(query))


def tied_somewhere(session: Session, day: date) -> set[int]:
    """Everybody who answers for a grid on a day."""
    return set(session.scalars(select(PartyLink.person_id).where(lasting(PartyLink, day)).distinct()))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member who could answer for a grid, and why; the likeliest come first."""

    person_id: int
    name: str
    reason: str


def candidates(session: Session, grid_id: int, day: date | None = None, most: int = 8) -> list[Candidate]:
    """Members for a grid that nobody answers for: those who serve in it, those who serve beside it below
    the same grid, those of its organisation or the nearest one above; whoever answers for a grid already
    comes last."""
    day = day or date.today()
    path = path_of(session, grid_id)
    member_ids = select(PartyMember.person_id).where(belonging_on(day))
    tied = tied_somewhere(session, day)
    found: dict[int, tuple[int, Candidate]] = {}

    def offer(rank: int, person_id: int, name: str, reason: str) -> None:
        if person_id in tied:
            rank, reason = rank + 10, f"{reason}，已入别的网格"
        if person_id not in found or found[person_id][0] > rank:
            found[person_id] = rank, Candidate(person_id, name, reason)

    inside, beside = below(path), below(path[:-SEGMENT]) if len(path) > SEGMENT else below(path)
    for rank, (start, end), reason in ((0, inside, "在本网格任职"), (2, beside, "在相邻网格任职")):
        query = (
            select(Person.id, Person.name)
            .join(Post, Post.person_id == Person.id)
            .where(serving(day), Post.grid_path >= start, Post.grid_path < end, Person.id.in_(member_ids))
        )
        for person_id, name in session.execute(query.order_by(Person.pinyin, Person.id).limit(200)):
            offer(rank, person_id, name, reason)
    for steps in range(len(path), 0, -SEGMENT):
        own = (
            select(Person.id, Person.name, PartyOrg.name)
            .join(PartyMember, PartyMember.person_id == Person.id)
            .join(PartyOrg, PartyOrg.id == PartyMember.org_id)
            .join(OrgSeat, OrgSeat.org_id == PartyOrg.id)
            .join(Grid, Grid.id == OrgSeat.grid_id)
            .where(Grid.path == path[:steps], lasting(OrgSeat, day), belonging_on(day))
            .order_by(Person.pinyin, Person.id)
            .limit(200)
        )
        rows = session.execute(own).all()
        for person_id, name, org in rows:
            offer(1 if steps == len(path) else 3, person_id, name, f"{org}党员")
        if rows and steps < len(path):
            break
    ranked = sorted(found.values(), key=lambda one: (one[0], one[1].person_id))
    return [candidate for _, candidate in ranked[:most]]
