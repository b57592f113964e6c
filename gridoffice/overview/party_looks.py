"""一根红线: grids without the party organisation, or the supervising members, that the pack has there.

Looked at tier by tier, and only where the office has begun to keep that tier: in an office that keeps no
party register every grid would be a finding.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from db.tables import PartyLink, PartyOrg
from gridoffice.errors import Severity
from gridoffice.overview.topics import Asked, Sighting, Topic
from gridoffice.party.rules import tier_called, tier_name


def tiers(asked: Asked) -> Iterator[Sighting]:
    """Grids of a tier that is kept, with no organisation of their own or nobody who supervises them."""
    if not asked.pack.party:
        return
    kinds = {place.id: place.kind.key for place in asked.places}
    organised, supervised = _organised(asked), _supervised(asked)
    begun = {kinds[grid] for grid in organised if grid in kinds}
    watched = {kinds[grid] for grid in supervised if grid in kinds}
    for tier in asked.pack.party:
        for place in asked.places:
            if place.kind.key != tier.kind:
                continue
            if tier.organisation and tier.kind in begun and place.id not in organised:
                message, fix = f"没有{tier.organisation}。", "设立或登记党组织"
                yield Sighting(Topic.PARTY, Severity.WARNING, message, place.id, fix=fix)
            if tier.supervisor and tier.kind in watched and place.id not in supervised:
                message, fix = f"没有{tier_name(tier)}监督。", f"安排{tier_name(tier)}入格"
                yield Sighting(Topic.SUPERVISED, Severity.WARNING, message, place.id, fix=fix)


def _organised(asked: Asked) -> set[int]:
    """Grids with an organisation of their own on the day."""
    query = select(PartyOrg.grid_id).where(
        PartyOrg.grid_id.is_not(None),
        PartyOrg.from_day.is_(None) | (PartyOrg.from_day <= asked.day),
        PartyOrg.to_day.is_(None) | (PartyOrg.to_day >= asked.day),
    )
    return {grid for grid in asked.session.scalars(query.distinct()) if grid is not None}


def _supervised(asked: Asked) -> set[int]:
    """Grids with a member of their tier who answers for them on the day."""
    query = select(PartyLink.grid_id, PartyLink.kind).where(
        PartyLink.from_day.is_(None) | (PartyLink.from_day <= asked.day),
        PartyLink.to_day.is_(None) | (PartyLink.to_day >= asked.day),
    )
    return {
        grid
        for grid, kind in asked.session.execute(query.distinct())
        if tier_called(asked.pack, kind) is not None
    }
