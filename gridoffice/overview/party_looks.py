"""一根红线: grids without the party organisation, or the supervising members, that the pack has there.

Looked at tier by tier, and only where the office has begun to keep that tier, be it elsewhere: in an office
that keeps no party register every grid would be a finding.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from db.tables import OrgSeat, PartyLink
from gridoffice.errors import Severity
from gridoffice.grids.history import tree_on
from gridoffice.overview.topics import Asked, Sighting, Topic
from gridoffice.party.rules import tier_name
from gridoffice.people.lists import lasting


def tiers(asked: Asked) -> Iterator[Sighting]:
    """Grids of a tier that is kept, with no organisation of their own or nobody who supervises them."""
    if not asked.pack.party:
        return
    organised, watched = _organised(asked), _watched(asked)
    tree = tree_on(asked.session, asked.day)
    own = select(tree.c.kind).join(OrgSeat, OrgSeat.grid_id == tree.c.id)
    begun = set(asked.session.scalars(own.where(lasting(OrgSeat, asked.day)).distinct()))
    ties = select(tree.c.kind, PartyLink.kind).join(PartyLink, PartyLink.grid_id == tree.c.id)
    ties = ties.where(lasting(PartyLink, asked.day)).distinct()
    held = {(kind, word) for kind, word in asked.session.execute(ties)}
    for tier in asked.pack.party:
        members = tier_name(tier)
        for place in asked.places:
            if place.kind.key != tier.kind:
                continue
            if tier.organisation and tier.kind in begun and place.id not in organised:
                said, fix = f"未建{tier.organisation}。", "设立或登记党组织"
                yield Sighting(Topic.PARTY, Severity.WARNING, said, place.id, fix=fix)
            if members and (tier.kind, members) in held and (place.id, members) not in watched:
                said, fix = f"没有{members}入格。", f"安排{members}入格"
                yield Sighting(Topic.SUPERVISED, Severity.WARNING, said, place.id, fix=fix)


def _organised(asked: Asked) -> set[int]:
    """Grids with an organisation of their own on the day."""
    query = select(OrgSeat.grid_id).where(lasting(OrgSeat, asked.day))
    return set(asked.session.scalars(query.distinct()))


def _watched(asked: Asked) -> set[tuple[int, str]]:
    """Which kinds of members answer for which grids on the day."""
    query = select(PartyLink.grid_id, PartyLink.kind).where(lasting(PartyLink, asked.day))
    return {(grid, kind) for grid, kind in asked.session.execute(query.distinct())}
