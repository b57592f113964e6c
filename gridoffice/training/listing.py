"""The two lists of trainings: what was held, and who was there."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from db.tables import Attendance, Person, Training
from gridoffice.fields import columns
from gridoffice.listing import Ask, Listing, chunked, ordered_ids, spelled
from gridoffice.people.lists import OF_PERSON, belonging, tallied, today_or
from gridoffice.people.service import matching
from gridoffice.training.rows import AttendanceRow, TrainingRow
from gridoffice.training.rules import THERE

_BY_TRAINING: dict[str, Any] = {
    "name": Training.name,
    "day": Training.day,
    "form": Training.form,
    "place": Training.place,
    "hours": Training.hours,
    "organiser": Training.organiser,
    "lecturer": Training.lecturer,
}


def _trainings_asked(session: Session, ask: Ask) -> Select[Any]:
    """A training is nobody's grid: the scope narrows who was there, not what was held."""
    query = select(Training.id)
    if ask.day is not None:
        query = query.where(Training.day <= ask.day)
    if ask.search:
        query = query.where(spelled(ask.search, Training.name, Training.theme, Training.lecturer))
    return query


def training_ids(session: Session, ask: Ask) -> array[int]:
    order = (Training.day.desc(), Training.id)
    return ordered_ids(session, _trainings_asked(session, ask), _BY_TRAINING, ask, order)


def training_rows(session: Session, wanted: Sequence[int]) -> list[TrainingRow]:
    found: dict[int, Training] = {}
    there: dict[int, int] = {}
    for chunk in chunked(wanted):
        found.update({one.id: one for one in session.scalars(select(Training).where(Training.id.in_(chunk)))})
        counted = (
            select(Attendance.training_id, func.count())
            .where(Attendance.training_id.in_(chunk), Attendance.presence.in_(THERE))
            .group_by(Attendance.training_id)
        )
        there |= {training_id: count for training_id, count in session.execute(counted)}
    return [
        TrainingRow(
            id=one.id,
            name=one.name,
            day=one.day,
            form=one.form,
            theme=one.theme,
            place=one.place,
            hours=one.hours,
            organiser=one.organiser,
            lecturer=one.lecturer,
            attended=there.get(one.id, 0),
        )
        for one in (found[training_id] for training_id in wanted if training_id in found)
    ]


def training_choices(session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
    return tallied(session, _trainings_asked(session, ask), _BY_TRAINING[column])


TRAININGS = Listing(
    "training",
    "培训台账",
    "场培训",
    columns(TrainingRow),
    training_ids,
    training_rows,
    training_choices,
    frozenset(_BY_TRAINING),
    frozenset({"form", "organiser"}),
)

_BY_ATTENDANCE: dict[str, Any] = {
    **{name: OF_PERSON[name] for name in ("name", "id_number", "phone")},
    "training": Training.name,
    "day": Training.day,
    "presence": Attendance.presence,
    "hours": Attendance.hours,
    "score": Attendance.score,
}


def _attendance_asked(session: Session, ask: Ask) -> Select[Any]:
    query = select(Attendance.id).join(Person, Person.id == Attendance.person_id)
    query = query.join(Training, Training.id == Attendance.training_id)
    if ask.day is not None:
        query = query.where(Training.day <= ask.day)
    if ask.scope is not None:
        query = query.where(belonging(session, Attendance.person_id, ask.scope, today_or(ask.day)))
    if ask.search:
        query = query.where(or_(matching(ask.search), spelled(ask.search, Training.name)))
    return query


def attendance_ids(session: Session, ask: Ask) -> array[int]:
    order = (Training.day.desc(), Training.id, Person.pinyin, Attendance.id)
    return ordered_ids(session, _attendance_asked(session, ask), _BY_ATTENDANCE, ask, order)


def attendance_rows(session: Session, wanted: Sequence[int]) -> list[AttendanceRow]:
    found: dict[int, AttendanceRow] = {}
    for chunk in chunked(wanted):
        query = (
            select(Attendance, Training, Person)
            .join(Training, Training.id == Attendance.training_id)
            .join(Person, Person.id == Attendance.person_id)
        )
        for one, training, person in session.execute(query.where(Attendance.id.in_(chunk))):
            found[one.id] = AttendanceRow(
                id=one.id,
                training_id=training.id,
                person_id=person.id,
                training=training.name,
                day=training.day,
                name=person.name,
                id_number=person.id_number,
                phone=person.phone,
                presence=one.presence,
                hours=one.hours,
                score=one.score,
            )
    return [found[one] for one in wanted if one in found]


def attendance_choices(session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
    return tallied(session, _attendance_asked(session, ask), _BY_ATTENDANCE[column])


ATTENDANCE = Listing(
    "attendance",
    "培训签到与成绩",
    "人次",
    columns(AttendanceRow),
    attendance_ids,
    attendance_rows,
    attendance_choices,
    frozenset(_BY_ATTENDANCE),
    frozenset({"training", "presence"}),
)
