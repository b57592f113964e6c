"""The three lists of the party register: organisations, members, and who answers for which grid."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from db.tables import Grid, OrgSeat, PartyLink, PartyMember, PartyOrg, Person
from gridoffice.fields import columns
from gridoffice.grids.history import tree_on
from gridoffice.grids.listing import office_pack, path_of
from gridoffice.grids.naming import names_of
from gridoffice.listing import Ask, Listing, chunked, fetched, ordered_ids, spelled
from gridoffice.party.at_grids import found_at, of_grid
from gridoffice.party.naming import called
from gridoffice.party.rows import LinkRow, MemberRow, OrgRow
from gridoffice.party.seats import first_path, seated, seats_of
from gridoffice.people.lists import OF_PERSON, lasting, tallied, today_or
from gridoffice.people.service import matching


def standing_in(session: Session, scope: int, day: date | None) -> Select[Any]:
    """The organisations of the grids from one down, as the tree was on a day; one without a grid stands
    where its parent does."""
    on = today_or(day)
    top = (
        select(OrgSeat.org_id.label("id"))
        .join(Grid, Grid.id == OrgSeat.grid_id)
        .where(lasting(OrgSeat, on), tree_on(session, day).within(Grid.path, path_of(session, scope)))
        .cte("standing_in", recursive=True)
    )
    child = aliased(PartyOrg)
    # an organisation that serves several grids is met once
    whole = top.union(select(child.id).join(top, child.parent_id == top.c.id).where(~seated(child, on)))
    return select(whole.c.id)


def belonging_on(day: date) -> ColumnElement[bool]:
    """Memberships that hold on a day; nobody is a member before joining the party."""
    return and_(lasting(PartyMember, day), or_(PartyMember.joined.is_(None), PartyMember.joined <= day))


# Organisations

_ABOVE = aliased(PartyOrg)

_BY_ORG: dict[str, Any] = {
    "name": PartyOrg.name,
    "kind": PartyOrg.kind,
    "secretary": PartyOrg.secretary,
    "phone": PartyOrg.phone,
}


def _orgs_asked(session: Session, ask: Ask) -> Select[Any]:
    query = select(PartyOrg.id).outerjoin(_ABOVE, _ABOVE.id == PartyOrg.parent_id)
    query = query.where(lasting(PartyOrg, today_or(ask.day)))
    if ask.scope is not None:
        query = query.where(PartyOrg.id.in_(standing_in(session, ask.scope, ask.day)))
    if ask.search:
        query = query.where(spelled(ask.search, PartyOrg.name, PartyOrg.secretary))
    return query


def org_ids(session: Session, ask: Ask) -> array[int]:
    # one without a grid stands behind the one above it
    day = today_or(ask.day)
    own = first_path(PartyOrg, day)
    order = (func.coalesce(own, first_path(_ABOVE, day)).asc().nulls_first(), PartyOrg.id)
    return ordered_ids(session, _orgs_asked(session, ask), _BY_ORG | {"grid": own}, ask, order)


def org_rows(session: Session, wanted: Sequence[int], day: date | None = None) -> list[OrgRow]:
    found = {org.id: org for (org,) in fetched(session, select(PartyOrg), wanted)}
    members: dict[int, int] = {}
    for chunk in chunked(wanted):
        counted = (
            select(PartyMember.org_id, func.count())
            .where(PartyMember.org_id.in_(chunk), belonging_on(today_or(day)))
            .group_by(PartyMember.org_id)
        )
        members |= {org_id: count for org_id, count in session.execute(counted) if org_id is not None}
    seats = seats_of(session, found, today_or(day))
    places = {grid_id for some in seats.values() for grid_id in some}
    names = names_of(session, office_pack(session), places, day)
    above = called(session, {org.parent_id for org in found.values() if org.parent_id is not None})
    return [
        OrgRow(
            id=org.id,
            name=org.name,
            kind=org.kind,
            parent=above.get(org.parent_id or 0),
            grid="、".join(names[one][0] for one in seats.get(org.id, ())) or None,
            secretary=org.secretary,
            phone=org.phone,
            members=members.get(org.id, 0),
            parent_id=org.parent_id,
            secretary_id=org.secretary_id,
            grid_ids=seats.get(org.id, ()),
            from_day=org.from_day,
            to_day=org.to_day,
        )
        for org in found.values()
    ]


def org_choices(session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
    return tallied(session, _orgs_asked(session, ask), _BY_ORG[column])


ORGS = Listing(
    "party-orgs",
    "网格党组织台账",
    "个党组织",
    columns(OrgRow),
    org_ids,
    org_rows,
    org_choices,
    frozenset(_BY_ORG) | {"grid"},
    frozenset({"kind"}),
    dated=True,
)

# Members

_BY_MEMBER: dict[str, Any] = {
    **OF_PERSON,
    "org": PartyOrg.name,
    "kind": PartyMember.kind,
    "joined": PartyMember.joined,
    "confirmed": PartyMember.confirmed,
}


def _members_asked(session: Session, ask: Ask) -> Select[Any]:
    query = select(PartyMember.id).join(Person, Person.id == PartyMember.person_id)
    query = query.outerjoin(PartyOrg, PartyOrg.id == PartyMember.org_id)
    query = query.where(belonging_on(today_or(ask.day)))
    if ask.scope is not None:
        query = query.where(PartyMember.org_id.in_(standing_in(session, ask.scope, ask.day)))
    if ask.search:
        query = query.where(or_(matching(ask.search), spelled(ask.search, PartyOrg.name)))
    return query


def member_ids(session: Session, ask: Ask) -> array[int]:
    order = (PartyMember.org_id.asc().nulls_last(), Person.pinyin, PartyMember.id)
    return ordered_ids(session, _members_asked(session, ask), _BY_MEMBER, ask, order)


def member_rows(session: Session, wanted: Sequence[int]) -> list[MemberRow]:
    query = select(PartyMember, Person).join(Person, Person.id == PartyMember.person_id)
    found = fetched(session, query, wanted)
    names = called(session, {one.org_id for one, _ in found if one.org_id is not None})
    return [
        MemberRow(
            id=one.id,
            person_id=person.id,
            name=person.name,
            id_number=person.id_number,
            sex=person.sex,
            ethnicity=person.ethnicity,
            birth=person.birth,
            education=person.education,
            org=names.get(one.org_id or 0),
            kind=one.kind,
            joined=one.joined,
            confirmed=one.confirmed,
            phone=person.phone,
            address=person.address,
            note=one.note,
            flow=one.flow,
            org_id=one.org_id,
            from_day=one.from_day,
            to_day=one.to_day,
        )
        for one, person in found
    ]


def member_choices(session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
    return tallied(session, _members_asked(session, ask), _BY_MEMBER[column])


MEMBERS = Listing(
    "party-members",
    "党员花名册",
    "名党员",
    columns(MemberRow),
    member_ids,
    member_rows,
    member_choices,
    frozenset(_BY_MEMBER),
    frozenset({"org", "kind", "sex", "ethnicity", "education"}),
)

# Who answers for which grid

_BY_LINK: dict[str, Any] = {
    **{name: OF_PERSON[name] for name in ("name", "id_number")},
    "kind": PartyLink.kind,
    "grid": Grid.path,
    "duty": PartyLink.duty,
    "from_day": PartyLink.from_day,
    "to_day": PartyLink.to_day,
}


def _links_asked(session: Session, ask: Ask) -> Select[Any]:
    query = select(PartyLink.id).where(lasting(PartyLink, today_or(ask.day)))
    return of_grid(session, query, PartyLink, ask)


def link_ids(session: Session, ask: Ask) -> array[int]:
    return ordered_ids(session, _links_asked(session, ask), _BY_LINK, ask, (Grid.path, PartyLink.id))


def link_rows(session: Session, wanted: Sequence[int], day: date | None = None) -> list[LinkRow]:
    found, names = found_at(session, PartyLink, wanted, day)
    return [
        LinkRow(
            id=one.id,
            person_id=person.id,
            name=person.name,
            id_number=person.id_number,
            kind=one.kind,
            grid=names[one.grid_id],
            duty=one.duty,
            from_day=one.from_day,
            to_day=one.to_day,
            grid_id=one.grid_id,
        )
        for one, person in found
    ]


def link_choices(session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
    return tallied(session, _links_asked(session, ask), _BY_LINK[column])


LINKS = Listing(
    "party-links",
    "党员入格台账",
    "条",
    columns(LinkRow),
    link_ids,
    link_rows,
    link_choices,
    frozenset(_BY_LINK),
    frozenset({"kind"}),
    dated=True,
)
