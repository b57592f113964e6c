"""所有人员: everybody whom the office knows, each once, with what they wear as columns."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from db.enums import Education, Ethnicity, Labelled, PartyMemberKind, Political, Sex
from db.tables import Attendance, Certificate, Grid, PartyMember, Person, Post, Training
from db.types import Coded
from gridoffice.errors import NotFound
from gridoffice.fields import Field, Kind, columns
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import names_of
from gridoffice.grids.service import serving
from gridoffice.listing import Ask, Listing, chunked, ordered_ids
from gridoffice.party.listing import belonging_on, standing_in
from gridoffice.people import rows as person
from gridoffice.people.lists import OF_PERSON, belonging, tallied, today_or
from gridoffice.people.service import matching
from gridoffice.qualifications.listing import current
from gridoffice.training.rules import HoursRule, credited

YEARS = 2
"""The hours of so many years are counted."""


class Serving(Labelled):
    """Whether somebody holds a post in a grid."""

    NOW = "now", "在岗"
    BEFORE = "before", "离岗"
    NEVER = "never", "不任职"


@dataclass(frozen=True, slots=True)
class EverybodyRow:
    """One person with every hat: the posts held on the day, the party, certificates that hold, hours of the
    last two years. `post_id` is the first of the posts, None for who holds none."""

    id: int
    name: Annotated[str, person.NAME]
    serving: Annotated[Serving, Field("任职", Kind.CODE, width=8, codes=Serving, computed=True)]
    posts: Annotated[str | None, Field("岗位", width=14, computed=True)]
    grid: Annotated[str | None, Field("所属网格", width=22, computed=True)]
    member: Annotated[
        PartyMemberKind | None, Field("党员", Kind.CODE, width=10, codes=PartyMemberKind, computed=True)
    ]
    certificates: Annotated[int | None, Field("证书数", Kind.INTEGER, width=7, computed=True)]
    hours: Annotated[Decimal | None, Field("两年学时", Kind.DECIMAL, width=9, computed=True)]
    id_number: Annotated[str | None, person.ID_NUMBER]
    phone: Annotated[str | None, person.PHONE]
    sex: Annotated[Sex | None, person.SEX]
    ethnicity: Annotated[Ethnicity | None, person.ETHNICITY]
    birth: Annotated[date | None, person.BIRTH]
    political: Annotated[Political | None, person.POLITICAL]
    education: Annotated[Education | None, person.EDUCATION]
    address: Annotated[str | None, person.ADDRESS]
    note: Annotated[str | None, person.NOTE]
    post_id: int | None = None


def _serves(day: date) -> ColumnElement[Any]:
    held = exists().where(Post.person_id == Person.id)

    def said(one: Serving) -> ColumnElement[Any]:
        return type_coerce(one, Coded(Serving))

    return case(
        (held.where(serving(day)), said(Serving.NOW)), (held, said(Serving.BEFORE)), else_=said(Serving.NEVER)
    )


def _member(day: date) -> ColumnElement[Any]:
    kind = select(PartyMember.kind).where(PartyMember.person_id == Person.id, belonging_on(day))
    return kind.order_by(PartyMember.id.desc()).limit(1).scalar_subquery()


def _by(day: date) -> dict[str, Any]:
    return {
        **OF_PERSON,
        "political": Person.political,
        "address": Person.address,
        "serving": _serves(day),
        "member": _member(day),
    }


def _asked(session: Session, ask: Ask) -> Select[Any]:
    day = today_or(ask.day)
    # named outright: what is counted by may not mention the person itself
    query = select(Person.id).select_from(Person)
    if ask.scope is not None and not is_top(session, ask.scope):
        query = query.where(_in(session, ask.scope, day))
    if ask.search:
        query = query.where(matching(ask.search))
    return query


def is_top(session: Session, scope: int) -> bool:
    """Is a grid the top of all? Whoever wears nothing that has a place stands there."""
    tops = session.scalars(select(Grid.id).where(Grid.parent_id.is_(None)).limit(2)).all()
    return list(tops) == [scope]


def _in(session: Session, scope: int, day: date) -> ColumnElement[bool]:
    """People of an area: by post, by what they answer for, or by their branch."""
    branch = select(PartyMember.person_id).where(
        belonging_on(day), PartyMember.org_id.in_(standing_in(session, scope, day))
    )
    return or_(belonging(session, Person.id, scope, day), Person.id.in_(branch))


def ids(session: Session, ask: Ask) -> array[int]:
    by = _by(today_or(ask.day))
    return ordered_ids(session, _asked(session, ask), by, ask, (Person.pinyin, Person.id))


_PERSONAL = (
    "id_number",
    "phone",
    "sex",
    "ethnicity",
    "birth",
    "political",
    "education",
    "address",
    "note",
)


def rows(session: Session, wanted: Sequence[int], day: date | None = None) -> list[EverybodyRow]:
    on = today_or(day)
    known: dict[int, Person] = {}
    for chunk in chunked(wanted):
        known.update({one.id: one for one in session.scalars(select(Person).where(Person.id.in_(chunk)))})
    posts, past = _posts(session, list(known), on, day)
    members = _members(session, list(known), on)
    held = _certificates(session, list(known), on)
    trained = _trained(session, list(known), on)
    found = []
    for number in wanted:
        if (one := known.get(number)) is None:
            continue
        here = posts.get(number, [])
        found.append(
            EverybodyRow(
                id=number,
                name=one.name,
                serving=Serving.NOW if here else Serving.BEFORE if number in past else Serving.NEVER,
                posts="；".join(one.title for one in here) or None,
                grid="；".join(dict.fromkeys(one.grid for one in here)) or None,
                member=members.get(number),
                certificates=held.get(number),
                hours=trained.get(number),
                post_id=here[0].id if here else None,
                **{name: getattr(one, name) for name in _PERSONAL},
            )
        )
    return found


def everybody_row(session: Session, person_id: int) -> EverybodyRow:
    """One of them. Raises `NotFound`."""
    found = rows(session, [person_id])
    if not found:
        raise NotFound("没有这个人。")
    return found[0]


@dataclass(frozen=True, slots=True)
class _Held:
    id: int
    title: str
    grid: str


def _posts(
    session: Session, people: Sequence[int], on: date, day: date | None
) -> tuple[dict[int, list[_Held]], set[int]]:
    """The posts held on a day, the main one first; and who ever held one."""
    held: list[Any] = []
    past: set[int] = set()
    for chunk in chunked(people):
        query = select(Post.id, Post.person_id, Post.grid_id, Post.title).where(Post.person_id.in_(chunk))
        held += session.execute(query.where(serving(on)).order_by(Post.concurrent, Post.id)).all()
        past.update(session.scalars(select(Post.person_id).where(Post.person_id.in_(chunk)).distinct()))
    names = names_of(session, office_pack(session), {one.grid_id for one in held}, day)
    found: dict[int, list[_Held]] = defaultdict(list)
    for one in held:
        found[one.person_id].append(_Held(one.id, one.title, names[one.grid_id][0]))
    return found, past


def _members(session: Session, people: Sequence[int], on: date) -> dict[int, PartyMemberKind]:
    found: dict[int, PartyMemberKind] = {}
    for chunk in chunked(people):
        query = select(PartyMember.person_id, PartyMember.kind)
        query = query.where(PartyMember.person_id.in_(chunk), belonging_on(on)).order_by(PartyMember.id)
        found |= {owner: kind for owner, kind in session.execute(query)}
    return found


def _certificates(session: Session, people: Sequence[int], on: date) -> Counter[int]:
    """How many certificates that hold on a day."""
    found: Counter[int] = Counter()
    for chunk in chunked(people):
        query = select(Certificate.person_id).where(
            Certificate.person_id.in_(chunk),
            current(on),
            or_(Certificate.expires.is_(None), Certificate.expires >= on),
        )
        found.update(session.scalars(query))
    return found


def _trained(session: Session, people: Sequence[int], on: date) -> dict[int, Decimal]:
    """The hours of the last two years, of whoever has any."""
    since = HoursRule(YEARS, Decimal(0), "").since(on)
    found: dict[int, Decimal] = defaultdict(Decimal)
    for chunk in chunked(people):
        query = (
            select(Attendance.person_id, Attendance.presence, Attendance.hours, Training.hours)
            .join(Training, Training.id == Attendance.training_id)
            .where(and_(Attendance.person_id.in_(chunk), Training.day >= since, Training.day <= on))
        )
        for owner, presence, own, of_training in session.execute(query):
            found[owner] += credited(presence, own, of_training)
    return {owner: hours for owner, hours in found.items() if hours}


def choices(session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
    return tallied(session, _asked(session, ask), _by(today_or(ask.day))[column])


EVERYBODY = Listing(
    "people",
    "所有人员",
    "人",
    columns(EverybodyRow),
    ids,
    rows,
    choices,
    frozenset({*OF_PERSON, "political", "address"}),
    frozenset({"serving", "member", "sex", "ethnicity", "political", "education"}),
    dated=True,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many of those below a grid wear which hat, for the chips above the list."""

    without_post: int
    without_number: int


def standing_of(session: Session, scope: int | None, day: date | None = None) -> Standing:
    """What is worth a look among everybody below a grid."""
    asked = _asked(session, Ask(scope=scope, day=day))
    counted = tallied(session, asked, _serves(today_or(day)))
    bare = asked.with_only_columns(func.count()).where(Person.id_number.is_(None))
    return Standing(
        sum(count for value, _, count in counted if value is not Serving.NOW),
        session.scalar(bare) or 0,
    )
