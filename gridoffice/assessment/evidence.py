"""What our own ledgers say of somebody's month: records that computed indicators add up.

Each function answers records of a span of days, of everybody or, with `whom`, of one person or place:
the same records make the value and are shown as its evidence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session

from db.enums import Presence, TrainingState
from db.tables import (
    Attendance,
    Certificate,
    Invitation,
    Post,
    Training,
)
from gridoffice.grids.history import Tree
from gridoffice.grids.service import serving
from gridoffice.training.rules import THERE


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a ledger as it counts: `part` of `whole`, of a person (`person`), a place (`path`, as
    the tree was on the span's last day) or a `department` by its name. `words` say it to the clerk."""

    part: Decimal | int
    whole: int
    person: int | None
    path: str
    words: tuple[Any, ...]
    department: str = ""

    def said(self) -> str:
        """The record in words."""
        return " ".join(one.isoformat() if isinstance(one, date) else str(one) for one in self.words if one)


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a month, both included; `word` narrows a source down (a certificate, a kind of problem)."""

    first: date
    last: date
    word: str = ""


@dataclass(frozen=True, slots=True)
class Whom:
    """One person, everything below one place (its path today), or what a department answers for."""

    person: int | None = None
    path: str = ""
    department: str | None = None


EVERYBODY = Whom()
Records = Iterator[Record]


def of_person(whom: Whom, person: Any) -> ColumnElement[bool]:
    return true() if whom.person is None else person == whom.person


def below_place(tree: Tree, whom: Whom, path: Any) -> ColumnElement[bool]:
    return tree.within(path, whom.path) if whom.path else true()


def lasting_on(table: Any, day: date) -> ColumnElement[bool]:
    """Lines that hold on a day, both ends counted."""
    return and_(
        or_(table.from_day.is_(None), table.from_day <= day), or_(table.to_day.is_(None), table.to_day >= day)
    )


# ---- training ------------------------------------------------------------------------------------


def training_hours(session: Session, span: Span, whom: Whom = EVERYBODY) -> Records:
    """学时 of trainings that somebody was at in the month."""
    credit = func.coalesce(Attendance.hours, Training.hours, 0)
    query = (
        select(Attendance.person_id, Training.day, Training.name, credit)
        .join(Training, Training.id == Attendance.training_id)
        .where(Training.day.between(span.first, span.last), Attendance.presence.in_(THERE))
        .where(of_person(whom, Attendance.person_id))
        .order_by(Training.day, Training.id)
    )
    for person, day, name, hours in session.execute(query):
        hours = Decimal(hours)
        yield Record(hours, 1, person, "", (day, name, f"{hours.normalize():f} 学时"))


def training_hours_of_year(session: Session, span: Span, whom: Whom = EVERYBODY) -> Records:
    """学时 since the first of January."""
    yield from training_hours(session, Span(span.last.replace(month=1, day=1), span.last, span.word), whom)


def trainings_called(session: Session, span: Span, whom: Whom = EVERYBODY) -> Records:
    """Trainings of the month that somebody was to come to: 1 who was there (or made it up), else 0. Who was
    on leave is not counted."""
    held = and_(
        Training.day.between(span.first, span.last), Training.state.is_distinct_from(TrainingState.CANCELLED)
    )
    came = (
        select(Attendance.person_id, Attendance.training_id, Training.day, Training.name, Attendance.presence)
        .join(Training, Training.id == Attendance.training_id)
        .where(held, of_person(whom, Attendance.person_id))
    )
    seen: set[tuple[int, int]] = set()
    for person, training, day, name, presence in session.execute(came):
        seen.add((person, training))
        if presence is not Presence.LEAVE:
            yield Record(int(presence in THERE), 1, person, "", (day, name, presence.label))
    asked = (
        select(Invitation.person_id, Invitation.training_id, Training.day, Training.name)
        .join(Training, Training.id == Invitation.training_id)
        .where(held, Training.day < date.today(), of_person(whom, Invitation.person_id))
    )
    for person, training, day, name in session.execute(asked):
        if (person, training) not in seen:
            yield Record(0, 1, person, "", (day, name, "通知了，没有签到"))


def trainings_missed(session: Session, span: Span, whom: Whom = EVERYBODY) -> Records:
    """Trainings of the month that somebody was to come to and did not."""
    for record in trainings_called(session, span, whom):
        if not record.part:
            yield Record(1, 1, record.person, "", record.words)


# ---- certificates ----------------------------------------------------------------------------------


def certificates(session: Session, span: Span, whom: Whom = EVERYBODY) -> Records:
    """Everybody who serves on the last day: 1 who holds a certificate valid then, else 0."""
    held: dict[int, tuple[Any, ...]] = {}
    for record in certificates_held(session, span, whom):
        held.setdefault(record.person or 0, record.words)
    query = select(Post.person_id).where(serving(span.last), of_person(whom, Post.person_id)).distinct()
    for person in session.scalars(query):
        words = held.get(person, (f"{span.last:%Y-%m-%d} 没有有效的{span.word or '证书'}",))
        yield Record(int(person in held), 1, person, "", words)


def certificates_held(session: Session, span: Span, whom: Whom = EVERYBODY) -> Records:
    """Certificates valid on the last day; those renewed by then are counted once."""
    day = span.last
    query = select(
        Certificate.id,
        Certificate.person_id,
        Certificate.certificate,
        Certificate.level,
        Certificate.expires,
        Certificate.renews_id,
    ).where(
        or_(Certificate.issued.is_(None), Certificate.issued <= day),
        or_(Certificate.expires.is_(None), Certificate.expires >= day),
        of_person(whom, Certificate.person_id),
    )
    if span.word:
        query = query.where(Certificate.certificate.contains(span.word, autoescape=True))
    rows = session.execute(query.order_by(Certificate.id)).all()
    renewed = {row.renews_id for row in rows}
    for number, person, name, level, expires, _ in rows:
        if number not in renewed:
            until = f"有效期至 {expires.isoformat()}" if expires else "长期有效"
            yield Record(1, 1, person, "", (name, level, until))
