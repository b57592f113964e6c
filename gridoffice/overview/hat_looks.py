"""Certificates that end, hours of training that are missing, branches too small, probation that is over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import exists, null, select

from db.enums import PartyMemberKind, PartyOrgKind
from db.tables import Certificate, Grid, PartyLink, PartyMember, PartyOrg, Person, Post, Training
from gridoffice.errors import Severity
from gridoffice.grids.service import serving
from gridoffice.overview.topics import Asked, Sighting, Topic
from gridoffice.party import rules as party
from gridoffice.party.listing import belonging_on
from gridoffice.party.seats import standing_at
from gridoffice.people.lists import lasting
from gridoffice.qualifications import rules as certificates
from gridoffice.qualifications.listing import current
from gridoffice.qualifications.rules import Validity
from gridoffice.training.service import shortage_between

URGENT = 30
"""From so many days before its end a certificate is a warning; before that, a note."""


def qualifications(asked: Asked) -> Iterator[Sighting]:
    """Certificates of those who serve, or answer for a grid, that have ended or end soon; each once."""
    day, seen = asked.day, set()
    ending = Certificate.expires.is_not(None) & current(day)
    own = select(Certificate, Person.name)
    served = (
        own.add_columns(Post.grid_id, Post.id)
        .join(Person, Person.id == Certificate.person_id)
        .join(Post, Post.person_id == Person.id)
        .where(ending, serving(day), Post.grid_path >= asked.start, Post.grid_path < asked.end)
        .order_by(Certificate.expires, Post.grid_path, Post.id)
    )
    linked = (
        own.add_columns(PartyLink.grid_id, null())
        .join(Person, Person.id == Certificate.person_id)
        .join(PartyLink, PartyLink.person_id == Person.id)
        .join(Grid, Grid.id == PartyLink.grid_id)
        .where(ending, lasting(PartyLink, day), Grid.path >= asked.start, Grid.path < asked.end)
        .order_by(Certificate.expires, Grid.path, PartyLink.id)
    )
    for query in (served, linked):
        for one, name, grid_id, post_id in asked.session.execute(query):
            validity = certificates.validity(one.expires, day)
            if one.id in seen or validity is Validity.VALID:
                continue
            seen.add(one.id)
            left = (one.expires - day).days
            what = f"{name}的“{one.certificate}”"
            if validity is Validity.EXPIRED:
                severity, message = Severity.ERROR, f"{what} {one.expires} 已过期 {-left} 天。"
            else:
                severity = Severity.WARNING if left <= URGENT else Severity.NOTE
                rest = f"还有 {left} 天" if left else "就是今天"
                message = f"{what} {one.expires} 到期，{rest}。"
            yield Sighting(
                Topic.CERTIFICATE, severity, message, grid_id, name, one.person_id, post_id, "续证后登记新证"
            )


def training(asked: Asked) -> Iterator[Sighting]:
    """Who is short of hours, once the office keeps a register of trainings at all."""
    if not asked.session.scalar(select(exists().where(Training.day <= asked.day))):
        return
    for one in shortage_between(asked.session, asked.start, asked.end, asked.day):
        done, missing = (f"{hours.normalize():f}" for hours in (one.done, one.missing))
        message = f"{one.name}最近 {one.years} 年培训 {done} 学时，还差 {missing} 学时。"
        yield Sighting(
            Topic.TRAINING,
            Severity.WARNING,
            message,
            one.grid_id,
            one.name,
            one.person_id,
            one.post_id,
            "安排补训",
        )


def branches(asked: Asked) -> Iterator[Sighting]:
    """Branches with fewer full members than a branch is set up with (those of their groups included),
    once the office keeps a register of members at all."""
    members = select(PartyMember.org_id).where(
        belonging_on(asked.day), PartyMember.kind == PartyMemberKind.FULL
    )
    full = Counter(asked.session.scalars(members))
    if not full:
        return
    query = select(PartyOrg.id, PartyOrg.kind, PartyOrg.parent_id, PartyOrg.name)
    orgs = {
        row.id: row
        for row in asked.session.execute(query.where(lasting(PartyOrg, asked.day)).order_by(PartyOrg.id))
    }
    for org in orgs.values():
        if org.kind is PartyOrgKind.GROUP and org.parent_id is not None:
            full[org.parent_id] += full[org.id]
    inside = {place.id for place in asked.places}
    places = standing_at(asked.session, asked.day)
    for org in orgs.values():
        said = party.too_small(org.kind, full[org.id])
        grid_id = next((one for one in places[org.id] if one in inside), None)
        if said is not None and grid_id is not None:
            message = f"{org.name}{said}"
            yield Sighting(
                Topic.BRANCH, Severity.WARNING, message, grid_id, fix="发展或转入党员，或改设联合党支部"
            )


def probation(asked: Asked) -> Iterator[Sighting]:
    """Probationary members whose year is over, in branches of the grids asked about."""
    inside = {place.id for place in asked.places}
    query = (
        select(Person.id, Person.name, PartyMember.joined, PartyMember.org_id)
        .join(Person, Person.id == PartyMember.person_id)
        .where(belonging_on(asked.day), PartyMember.kind == PartyMemberKind.PROBATIONARY)
        .order_by(PartyMember.joined, PartyMember.id)
    )
    places = standing_at(asked.session, asked.day)
    for person_id, name, joined, org_id in asked.session.execute(query):
        ready = party.due(PartyMemberKind.PROBATIONARY, joined, asked.day)
        grid_id = next((one for one in places.get(org_id or 0, ()) if one in inside), None)
        if ready is not None and grid_id is not None:
            message = f"{name}的预备期 {ready} 已满，还没有登记转正。"
            yield Sighting(
                Topic.PROBATION,
                Severity.WARNING,
                message,
                grid_id,
                name,
                person_id,
                fix="讨论转正后登记，或登记延长",
            )
