"""What a form proposes: the organisation that a grid lacks, and what is known of a grid that lacks members."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import PartyOrgKind
from db.tables import Grid, OrgSeat, PartyOrg
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import names_of
from gridoffice.grids.rules import path_ids
from gridoffice.party import rules
from gridoffice.party.naming import called
from gridoffice.party.redline import Candidate, candidates
from gridoffice.people.lists import lasting


@dataclass(frozen=True, slots=True)
class OrgProposal:
    """An organisation that a grid lacks: as it would be called, below the nearest one above."""

    grid_id: int
    grid: str
    name: str
    kind: PartyOrgKind
    parent_id: int | None
    parent: str


def org_proposal(session: Session, grid_id: int, day: date) -> OrgProposal:
    """What would be set up at a grid, in the words of its tier. Raises `NotFound`."""
    pack = office_pack(session)
    name = names_of(session, pack, [grid_id], day)[grid_id][0]
    kind_key, path = session.execute(select(Grid.kind, Grid.path).where(Grid.id == grid_id)).one()
    words = next((tier.organisation for tier in rules.tiers_of(pack, kind_key) if tier.organisation), "")
    kind = rules.kind_of(words.partition("（")[0]) or PartyOrgKind.BRANCH
    parent_id = _above(session, path, day)
    parent = called(session, [parent_id])[parent_id] if parent_id is not None else ""
    return OrgProposal(grid_id, name, f"{name.replace('·', '')}{kind.label}", kind, parent_id, parent)


def _above(session: Session, path: str, day: date) -> int | None:
    """The organisation of the nearest grid above."""
    for grid_id in reversed(path_ids(path)[:-1]):
        found = session.scalar(
            select(PartyOrg.id)
            .join(OrgSeat, OrgSeat.org_id == PartyOrg.id)
            .where(OrgSeat.grid_id == grid_id, lasting(OrgSeat, day), lasting(PartyOrg, day))
            .order_by(PartyOrg.id)
            .limit(1)
        )
        if found is not None:
            return found
    return None


def org_names(session: Session, text: str, most: int = 6) -> list[tuple[int, str]]:
    """Organisations whose name holds some letters, shortest first: for choosing one."""
    query = select(PartyOrg.id, PartyOrg.name).where(
        PartyOrg.name.icontains(text.strip(), autoescape=True), lasting(PartyOrg, date.today())
    )
    rows = session.execute(query.limit(200)).all()
    likely = [org_id for org_id, name in sorted(rows, key=lambda one: (len(one[1]), one[0]))[:most]]
    names = called(session, likely)
    return [(org_id, names[org_id]) for org_id in likely]


@dataclass(frozen=True, slots=True)
class LinkProposal:
    """What entering a member for a grid begins with: the kind that its tier asks for, and who could."""

    grid_id: int
    grid: str
    kind: str
    candidates: tuple[Candidate, ...]


def link_proposal(session: Session, grid_id: int, day: date) -> LinkProposal:
    """What is asked for at a grid, and members for it, the likeliest first. Raises `NotFound`."""
    pack = office_pack(session)
    name = names_of(session, pack, [grid_id], day)[grid_id][0]
    kind_key = session.scalar(select(Grid.kind).where(Grid.id == grid_id)) or ""
    kind = next((rules.tier_name(one) for one in rules.tiers_of(pack, kind_key) if one.supervisor), "")
    return LinkProposal(grid_id, name, kind, tuple(candidates(session, grid_id, day)))


def link_kinds(session: Session) -> list[str]:
    """The kinds of members at a grid, in the pack's words."""
    return list(dict.fromkeys(rules.tier_names(office_pack(session))))
