"""What a drawer tells of an organisation, a member or a link beside its own line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from db.enums import PartyMemberKind, PartyOrgKind
from db.tables import Household, OrgSeat, PartyLink, PartyMember, PartyOrg, Person
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import names_of
from gridoffice.party import rules
from gridoffice.party.listing import belonging_on
from gridoffice.party.naming import called
from gridoffice.people.lists import lasting


@dataclass(frozen=True, slots=True)
class Span:
    """Something that held from one day to another: which record, what it is called, a second line."""

    id: int
    name: str
    below: str
    from_day: date | None
    to_day: date | None


@dataclass(frozen=True, slots=True)
class OrgFacts:
    """The grids that an organisation served, latest first, those below it, its members, and what is
    doubtful about their number (None: nothing)."""

    seats: tuple[Span, ...]
    lower: tuple[Span, ...]
    members: tuple[Span, ...]
    full: int
    doubt: str | None


def org_facts(session: Session, org_id: int, day: date) -> OrgFacts:
    """One organisation on a day."""
    query = select(OrgSeat.id, OrgSeat.grid_id, OrgSeat.from_day, OrgSeat.to_day)
    held = session.execute(
        query.where(OrgSeat.org_id == org_id).order_by(OrgSeat.from_day.desc().nulls_last(), OrgSeat.id)
    ).all()
    names = names_of(session, office_pack(session), {grid_id for _, grid_id, _, _ in held}, day)
    seats = tuple(Span(number, names[grid][0], "", start, end) for number, grid, start, end in held)
    below = session.execute(
        select(PartyOrg.id, PartyOrg.name, PartyOrg.kind, PartyOrg.secretary)
        .where(PartyOrg.parent_id == org_id, lasting(PartyOrg, day))
        .order_by(PartyOrg.id)
    )
    lower = tuple(
        Span(number, name, f"{rules.leader_title(kind)} {secretary or '空缺'}", None, None)
        for number, name, kind, secretary in below
    )
    people = session.execute(
        select(PartyMember.id, Person.name, PartyMember.kind, PartyMember.from_day, PartyMember.to_day)
        .join(Person, Person.id == PartyMember.person_id)
        .where(PartyMember.org_id == org_id, belonging_on(day))
        .order_by(Person.pinyin, PartyMember.id)
    ).all()
    groups = select(PartyOrg.id).where(
        PartyOrg.parent_id == org_id, PartyOrg.kind == PartyOrgKind.GROUP, lasting(PartyOrg, day)
    )
    whole = select(func.count()).where(
        or_(PartyMember.org_id == org_id, PartyMember.org_id.in_(groups)),
        PartyMember.kind == PartyMemberKind.FULL,
        belonging_on(day),
    )
    full = session.scalar(whole) or 0
    kind = session.scalar(select(PartyOrg.kind).where(PartyOrg.id == org_id))
    return OrgFacts(
        seats,
        lower,
        tuple(Span(number, name, what.label, start, end) for number, name, what, start, end in people),
        full,
        rules.too_small(kind, full) if kind is not None and full else None,
    )


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """The branches somebody was in and the grids answered for, latest first; who may be confirmed since
    when; the households kept in touch with."""

    branches: tuple[Span, ...]
    links: tuple[Span, ...]
    due: date | None
    households: tuple[Span, ...]


def member_facts(session: Session, person_id: int, day: date) -> MemberFacts:
    """One party member on a day."""
    query = select(PartyMember).where(PartyMember.person_id == person_id)
    held = session.scalars(query.order_by(PartyMember.from_day.desc().nulls_last(), PartyMember.id)).all()
    names = called(session, {one.org_id for one in held if one.org_id is not None})
    branches = tuple(
        Span(
            one.id,
            names[one.org_id] if one.org_id is not None else "外单位支部",
            one.kind.label,
            one.from_day,
            one.to_day,
        )
        for one in held
    )
    here = next((one for one in held if (one.to_day or date.max) >= day), None)
    due = rules.due(here.kind, here.joined, day) if here is not None else None
    return MemberFacts(
        branches, links_of(session, person_id, day), due, households_of(session, person_id, day)
    )


def links_of(session: Session, person_id: int, day: date) -> tuple[Span, ...]:
    """The grids that somebody answers or answered for, latest first."""
    query = select(PartyLink).where(PartyLink.person_id == person_id)
    links = session.scalars(query.order_by(PartyLink.from_day.desc().nulls_last(), PartyLink.id)).all()
    names = names_of(session, office_pack(session), {one.grid_id for one in links}, day)
    return tuple(
        Span(
            one.id,
            names[one.grid_id][0],
            "　".join(part for part in (one.kind, one.duty) if part),
            one.from_day,
            one.to_day,
        )
        for one in links
    )


def households_of(session: Session, person_id: int, day: date) -> tuple[Span, ...]:
    """联系户: the households that a member keeps in touch with on a day."""
    query = select(Household).where(Household.member_id == person_id, lasting(Household, day))
    found = session.scalars(query.order_by(Household.grid_id, Household.id)).all()
    names = names_of(session, office_pack(session), {one.grid_id for one in found}, day)
    return tuple(
        Span(
            one.id,
            one.name,
            "　".join(part for part in (names[one.grid_id][0], one.address) if part),
            one.from_day,
            one.to_day,
        )
        for one in found
    )
