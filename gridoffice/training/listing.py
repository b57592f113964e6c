"""The two lists of trainings: what was held and is to be held, and who was there."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, or_, select, true, type_coerce
from sqlalchemy.orm import Session

from db.enums import Presence, TrainingState
from db.tables import Attendance, Grid, Invitation, Person, Training, TrainingPlan
from db.types import Coded
from gridoffice.fields import columns
from gridoffice.grids.listing import office_pack, path_of
from gridoffice.grids.naming import names_of
from gridoffice.grids.rules import below, path_ids
from gridoffice.listing import Ask, Listing, chunked, fetched, ordered_ids, spelled
from gridoffice.people.lists import OF_PERSON, belonging, tallied, today_or
from gridoffice.people.service import matching
from gridoffice.training.rows import AttendanceRow, TrainingRow
from gridoffice.training.rules import THERE, credited, state_of


def month_of(day: Any) -> ColumnElement[str]:
    """The month of a day's column, written 2026-06."""
    return func.substr(cast(day, String), 1, 7)


def state_on(today: date) -> ColumnElement[Any]:
    """`rules.state_of` in the database."""
    return case(
        (Training.state.is_not(None), Training.state),
        (Training.day > today, type_coerce(TrainingState.PLANNED, Coded(TrainingState))),
        else_=type_coerce(TrainingState.HELD, Coded(TrainingState)),
    )


def concerning(session: Session, scope: int | None, grid_path: Any) -> ColumnElement[bool]:
    """What is meant for a place: for all, for somewhere below it, or for a place it lies in."""
    if scope is None:
        return true()
    path = path_of(session, scope)
    start, end = below(path)
    above = [number for number in path_ids(path) if number != scope]
    return or_(grid_path.is_(None), and_(grid_path >= start, grid_path < end), Grid.id.in_(above))


def is_whole_office(session: Session, scope: int) -> bool:
    """Whether a grid is the one top of the tree: below it lies everything, and whoever has left."""
    return session.scalars(select(Grid.id).where(Grid.parent_id.is_(None)).limit(2)).all() == [scope]


def areas(session: Session, grid_ids: Iterable[int | None]) -> dict[int, str]:
    """What some areas are called."""
    wanted = {one for one in grid_ids if one is not None}
    if not wanted:
        return {}
    return {number: said[0] for number, said in names_of(session, office_pack(session), wanted).items()}


def _by_training(today: date) -> dict[str, Any]:
    return {
        "name": Training.name,
        "day": Training.day,
        "form": Training.form,
        "theme": Training.theme,
        "place": Training.place,
        "hours": Training.hours,
        "organiser": Training.organiser,
        "lecturer": Training.lecturer,
        "state": state_on(today),
        "area": Grid.name,
        "plan": TrainingPlan.name,
        "month": month_of(Training.day),
    }


def trainings_asked(session: Session, ask: Ask) -> Select[Any]:
    """Of a day past what had been held by then; else also what is still to come."""
    query = select(Training.id).outerjoin(Grid, Grid.id == Training.grid_id)
    query = query.outerjoin(TrainingPlan, TrainingPlan.id == Training.plan_id)
    query = query.where(concerning(session, ask.scope, Grid.path))
    if ask.day is not None and ask.day < date.today():
        query = query.where(Training.day <= ask.day)
    if ask.search:
        query = query.where(spelled(ask.search, Training.name, Training.theme, Training.lecturer))
    return query


def training_ids(session: Session, ask: Ask) -> array[int]:
    order = (Training.day.desc(), Training.id)
    by = _by_training(date.today())
    return ordered_ids(session, trainings_asked(session, ask), by, ask, order)


def training_rows(session: Session, wanted: Sequence[int]) -> list[TrainingRow]:
    found: dict[int, Any] = {}
    came: dict[int, Counter[Presence]] = defaultdict(Counter)
    silent: dict[int, int] = {}
    for chunk in chunked(wanted):
        query = select(Training, TrainingPlan.name).outerjoin(
            TrainingPlan, TrainingPlan.id == Training.plan_id
        )
        found.update(
            {one.id: (one, plan) for one, plan in session.execute(query.where(Training.id.in_(chunk)))}
        )
        counted = select(Attendance.training_id, Attendance.presence, func.count())
        counted = counted.where(Attendance.training_id.in_(chunk))
        for number, presence, count in session.execute(
            counted.group_by(Attendance.training_id, Attendance.presence)
        ):
            came[number][presence] = count
        there = select(Attendance.id).where(
            Attendance.training_id == Invitation.training_id, Attendance.person_id == Invitation.person_id
        )
        asked = select(Invitation.training_id, func.count()).where(
            Invitation.training_id.in_(chunk), ~there.exists()
        )
        silent |= {number: count for number, count in session.execute(asked.group_by(Invitation.training_id))}
    names = areas(session, (one.grid_id for one, _ in found.values()))
    today = date.today()
    return [
        TrainingRow(
            id=one.id,
            grid_id=one.grid_id,
            plan_id=one.plan_id,
            open=silent.get(one.id, 0),
            name=one.name,
            day=one.day,
            form=one.form,
            theme=one.theme,
            place=one.place,
            hours=one.hours,
            organiser=one.organiser,
            lecturer=one.lecturer,
            state=state_of(one.state, one.day, today),
            area=names.get(one.grid_id),
            posts=one.posts,
            plan=plan,
            invited=silent.get(one.id, 0) + came[one.id].total(),
            present=sum(came[one.id][presence] for presence in THERE),
            leave=came[one.id][Presence.LEAVE],
            absent=came[one.id][Presence.ABSENT],
            month=f"{one.day:%Y-%m}",
        )
        for one, plan in (found[training_id] for training_id in wanted if training_id in found)
    ]


def training_choices(session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
    found = tallied(session, trainings_asked(session, ask), _by_training(date.today())[column])
    return sorted(found, reverse=True) if column == "month" else found


TRAININGS = Listing(
    "training",
    "培训台账",
    "场培训",
    columns(TrainingRow),
    training_ids,
    training_rows,
    training_choices,
    frozenset({"name", "day", "form", "theme", "place", "hours", "organiser", "lecturer"}),
    frozenset({"form", "organiser", "state", "area", "plan", "month", "place", "lecturer"}),
)

_BY_ATTENDANCE: dict[str, Any] = {
    **{name: OF_PERSON[name] for name in ("name", "id_number", "phone")},
    "training": Training.name,
    "day": Training.day,
    "presence": Attendance.presence,
    "hours": Attendance.hours,
    "score": Attendance.score,
    "month": month_of(Training.day),
}


def attendance_asked(session: Session, ask: Ask) -> Select[Any]:
    """The sign-ins asked about: of those who belong to a place, of trainings up to a day. The whole office
    has also those of people who have left."""
    query = select(Attendance.id).join(Person, Person.id == Attendance.person_id)
    query = query.join(Training, Training.id == Attendance.training_id)
    if ask.day is not None:
        query = query.where(Training.day <= ask.day)
    if ask.scope is not None and not is_whole_office(session, ask.scope):
        query = query.where(belonging(session, Attendance.person_id, ask.scope, today_or(ask.day)))
    if ask.search:
        query = query.where(or_(matching(ask.search), spelled(ask.search, Training.name)))
    return query


def attendance_ids(session: Session, ask: Ask) -> array[int]:
    order = (Training.day.desc(), Training.id, Person.pinyin, Attendance.id)
    return ordered_ids(session, attendance_asked(session, ask), _BY_ATTENDANCE, ask, order)


def attendance_rows(session: Session, wanted: Sequence[int]) -> list[AttendanceRow]:
    query = (
        select(Attendance, Training, Person)
        .join(Training, Training.id == Attendance.training_id)
        .join(Person, Person.id == Attendance.person_id)
    )
    return [
        AttendanceRow(
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
            counted=credited(one.presence, one.hours, training.hours),
            month=f"{training.day:%Y-%m}",
        )
        for one, training, person in fetched(session, query, wanted)
    ]


def attendance_choices(session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
    found = tallied(session, attendance_asked(session, ask), _BY_ATTENDANCE[column])
    return sorted(found, reverse=True) if column == "month" else found


ATTENDANCE = Listing(
    "attendance",
    "培训签到与成绩",
    "人次",
    columns(AttendanceRow),
    attendance_ids,
    attendance_rows,
    attendance_choices,
    frozenset({"name", "id_number", "phone", "training", "day", "presence", "hours", "score"}),
    frozenset({"training", "presence", "month"}),
)
