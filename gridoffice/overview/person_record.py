"""One person, many hats: everything the office knows of somebody, in one answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from db.enums import (
    Education,
    Employment,
    Ethnicity,
    PartyFlow,
    PartyMemberKind,
    Political,
    Presence,
    Sex,
)
from db.tables import Attendance, Certificate, PartyLink, PartyMember, PartyOrg, Person, Post, Training
from gridoffice.errors import NotFound
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import names_of
from gridoffice.party.naming import called
from gridoffice.qualifications import rules as certificates
from gridoffice.qualifications.rules import Next, Validity
from gridoffice.qualifications.service import eligible
from gridoffice.training import rules as hours


@dataclass(frozen=True, slots=True)
class PostHat:
    """A post held or once held."""

    id: int
    grid_id: int
    grid: str
    title: str
    employment: Employment
    concurrent: bool
    from_day: date | None
    to_day: date | None
    contract_end: date | None
    reason: str | None
    leave_reason: str | None


@dataclass(frozen=True, slots=True)
class MemberHat:
    """A membership in one branch."""

    id: int
    org_id: int | None
    org: str | None
    kind: PartyMemberKind
    flow: PartyFlow
    joined: date | None
    confirmed: date | None
    from_day: date | None
    to_day: date | None


@dataclass(frozen=True, slots=True)
class LeaderHat:
    """An organisation whose secretary is called so and has the same phone: written down, not linked."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class LinkHat:
    """A grid answered for."""

    id: int
    grid_id: int
    grid: str
    kind: str
    duty: str | None
    from_day: date | None
    to_day: date | None


@dataclass(frozen=True, slots=True)
class CertificateHat:
    """A certificate; `current` unless it was renewed."""

    id: int
    certificate: str
    level: str | None
    number: str | None
    issuer: str | None
    issued: date | None
    expires: date | None
    current: bool
    validity: Validity


@dataclass(frozen=True, slots=True)
class TrainingHat:
    """A training attended or missed, with the hours it counts."""

    id: int
    training_id: int
    name: str
    day: date
    presence: Presence
    hours: Decimal
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """Somebody with every hat, the latest of each kind first. `trained` are the hours of the last two
    years, `next_level` what grid worker's level may be gone for."""

    id: int
    name: str
    id_number: str | None
    sex: Sex | None
    ethnicity: Ethnicity | None
    birth: date | None
    political: Political | None
    education: Education | None
    phone: str | None
    address: str | None
    note: str | None
    posts: tuple[PostHat, ...]
    memberships: tuple[MemberHat, ...]
    leads: tuple[LeaderHat, ...]
    links: tuple[LinkHat, ...]
    certificates: tuple[CertificateHat, ...]
    trainings: tuple[TrainingHat, ...]
    trained: Decimal
    next_level: Next | None


_YEARS = 2


def person_record(session: Session, person_id: int, day: date | None = None) -> PersonRecord:
    """Everything about one person, as of a day where that matters. Raises `NotFound`."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("没有这个人。")
    day = day or date.today()
    trainings = _trainings(session, person_id)
    since = hours.HoursRule(_YEARS, Decimal(0), "").since(day)
    return PersonRecord(
        id=person.id,
        name=person.name,
        id_number=person.id_number,
        sex=person.sex,
        ethnicity=person.ethnicity,
        birth=person.birth,
        political=person.political,
        education=person.education,
        phone=person.phone,
        address=person.address,
        note=person.note,
        posts=_posts(session, person_id),
        memberships=_memberships(session, person_id),
        leads=_leads(session, person),
        links=_links(session, person_id),
        certificates=_certificates(session, person_id, day),
        trainings=trainings,
        trained=sum((one.hours for one in trainings if since <= one.day <= day), Decimal(0)),
        next_level=eligible(session, person_id, day),
    )


def _posts(session: Session, person_id: int) -> tuple[PostHat, ...]:
    found = session.scalars(
        select(Post)
        .where(Post.person_id == person_id)
        .order_by(Post.to_day.desc().nulls_first(), Post.from_day.desc().nulls_last(), Post.id.desc())
    ).all()
    names = names_of(session, office_pack(session), {one.grid_id for one in found})
    return tuple(
        PostHat(
            one.id,
            one.grid_id,
            names[one.grid_id][0],
            one.title,
            one.employment,
            one.concurrent,
            one.from_day,
            one.to_day,
            one.contract_end,
            one.reason,
            one.leave_reason,
        )
        for one in found
    )


def _memberships(session: Session, person_id: int) -> tuple[MemberHat, ...]:
    query = select(PartyMember).where(PartyMember.person_id == person_id)
    order = (PartyMember.to_day.desc().nulls_first(), PartyMember.id.desc())
    found = session.scalars(query.order_by(*order)).all()
    names = called(session, {one.org_id for one in found if one.org_id is not None})
    return tuple(
        MemberHat(
            one.id,
            one.org_id,
            names.get(one.org_id or 0),
            one.kind,
            one.flow,
            one.joined,
            one.confirmed,
            one.from_day,
            one.to_day,
        )
        for one in found
    )


def _leads(session: Session, person: Person) -> tuple[LeaderHat, ...]:
    query = select(PartyOrg.id, PartyOrg.name).where(PartyOrg.secretary == person.name)
    same_phone = or_(PartyOrg.phone.is_(None), PartyOrg.phone == person.phone)
    return tuple(
        LeaderHat(org_id, name)
        for org_id, name in session.execute(
            query.where(same_phone, PartyOrg.to_day.is_(None)).order_by(PartyOrg.id)
        )
    )


def _links(session: Session, person_id: int) -> tuple[LinkHat, ...]:
    query = select(PartyLink).where(PartyLink.person_id == person_id)
    found = session.scalars(query.order_by(PartyLink.to_day.desc().nulls_first(), PartyLink.id.desc())).all()
    names = names_of(session, office_pack(session), {one.grid_id for one in found})
    return tuple(
        LinkHat(one.id, one.grid_id, names[one.grid_id][0], one.kind, one.duty, one.from_day, one.to_day)
        for one in found
    )


def _certificates(session: Session, person_id: int, day: date) -> tuple[CertificateHat, ...]:
    query = select(Certificate).where(Certificate.person_id == person_id)
    found = session.scalars(
        query.order_by(Certificate.issued.desc().nulls_last(), Certificate.id.desc())
    ).all()
    renewed = {one.renews_id for one in found}
    return tuple(
        CertificateHat(
            one.id,
            one.certificate,
            one.level,
            one.number,
            one.issuer,
            one.issued,
            one.expires,
            one.id not in renewed,
            certificates.validity(one.expires, day),
        )
        for one in found
    )


def _trainings(session: Session, person_id: int) -> tuple[TrainingHat, ...]:
    query = (
        select(Attendance, Training)
        .join(Training, Training.id == Attendance.training_id)
        .where(Attendance.person_id == person_id)
        .order_by(Training.day.desc(), Attendance.id.desc())
    )
    return tuple(
        TrainingHat(
            one.id,
            training.id,
            training.name,
            training.day,
            one.presence,
            hours.credited(one.presence, one.hours, training.hours),
            one.score,
        )
        for one, training in session.execute(query)
    )
