"""结业证书: who completed a training, and the register of the numbers that were given out for it.

A number ends with the number of its line in the register, and lines are numbered once and for ever: also
what is undone never gives its number to anybody else.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from db.bulk import bulk_insert, reserve
from db.enums import Right
from db.journal import entitle
from db.tables import Attendance, Completion, Person, Training
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.fields import Field, Kind, columns
from gridoffice.listing import Ask, Listing, chunked, ordered_ids, spelled
from gridoffice.people import rows as person
from gridoffice.people.lists import OF_PERSON, belonging, tallied, today_or
from gridoffice.people.service import matching
from gridoffice.service import service
from gridoffice.training import rules
from gridoffice.training.authority import require_area
from gridoffice.training.listing import is_whole_office, month_of
from gridoffice.training.service import GONE


@dataclass(frozen=True, slots=True)
class Completed:
    """Somebody who completed a training; `number` once a certificate was given for it."""

    attendance_id: int
    person_id: int
    name: str
    id_number: str | None
    score: Decimal | None
    number: str | None
    day: date | None


def completed(session: Session, training_id: int, mark: Decimal = rules.PASS_MARK) -> list[Completed]:
    """Who was at a training and, where it was scored at all, reached the mark; whoever has a certificate
    stays on the list whatever is written now. In the order of their names."""
    query = (
        select(
            Attendance.id,
            Attendance.presence,
            Attendance.score,
            Person.id,
            Person.name,
            Person.id_number,
            Completion.number,
            Completion.day,
        )
        .join(Person, Person.id == Attendance.person_id)
        .outerjoin(Completion, Completion.attendance_id == Attendance.id)
        .where(Attendance.training_id == training_id)
        .order_by(Person.pinyin, Person.id)
    )
    there = session.execute(query).all()
    scored = any(one[2] is not None for one in there)
    return [
        Completed(number, person_id, name, id_number, score, given, day)
        for number, presence, score, person_id, name, id_number, given, day in there
        if given is not None or rules.passed(presence, score, scored, mark)
    ]


@service("发结业证书", needs=Right.EDIT_PEOPLE)
def certify(session: Session, training_id: int, day: date, mark: Decimal = rules.PASS_MARK) -> int:
    """Give a number to everybody who completed a training and has none yet; answers how many. Raises
    `RuleBroken` when nobody is left, or the day is before the training."""
    training = session.get(Training, training_id)
    if training is None:
        raise NotFound(GONE)
    if day < training.day:
        raise RuleBroken(f"发证日期 {day} 早于培训日期 {training.day}。")
    require_area(session, training.grid_id)
    new = [one for one in completed(session, training_id, mark) if one.number is None]
    if not new:
        raise RuleBroken(f"“{training.name}”没有还要发结业证的人。")
    bulk_insert(
        session,
        Completion,
        [
            {
                "id": number,
                "attendance_id": one.attendance_id,
                "number": f"结训〔{day.year}〕{number:05d}号",
                "day": day,
            }
            for number, one in zip(reserve(session, Completion, len(new)), new, strict=True)
        ],
    )
    entitle(session, f"“{training.name}”发结业证 {len(new)} 本")
    return len(new)


@dataclass(frozen=True, slots=True)
class CompletionRow:
    """One line of 结业证书登记簿."""

    id: int
    training_id: int
    person_id: int
    number: Annotated[str, Field("结业证号", width=20, computed=True)]
    name: Annotated[str, person.NAME]
    id_number: Annotated[str | None, person.ID_NUMBER]
    training: Annotated[str, Field("培训名称", width=28, computed=True)]
    held: Annotated[date, Field("培训日期", Kind.DATE, width=12, computed=True)]
    hours: Annotated[Decimal, Field("学时", Kind.DECIMAL, width=8, computed=True)]
    score: Annotated[Decimal | None, Field("成绩", Kind.DECIMAL, width=8, computed=True)]
    day: Annotated[date, Field("发证日期", Kind.DATE, width=12, computed=True)]
    month: Annotated[str, Field("发证月份", width=10, computed=True)]


_BY: dict[str, Any] = {
    "number": Completion.id,
    "name": OF_PERSON["name"],
    "id_number": OF_PERSON["id_number"],
    "training": Training.name,
    "held": Training.day,
    "score": Attendance.score,
    "day": Completion.day,
    "month": month_of(Completion.day),
}


def _asked(session: Session, ask: Ask) -> Select[Any]:
    query = select(Completion.id).join(Attendance, Attendance.id == Completion.attendance_id)
    query = query.join(Person, Person.id == Attendance.person_id)
    query = query.join(Training, Training.id == Attendance.training_id)
    if ask.day is not None:
        query = query.where(Completion.day <= ask.day)
    if ask.scope is not None and not is_whole_office(session, ask.scope):
        query = query.where(belonging(session, Attendance.person_id, ask.scope, today_or(ask.day)))
    if ask.search:
        query = query.where(or_(matching(ask.search), spelled(ask.search, Training.name, Completion.number)))
    return query


def ids(session: Session, ask: Ask) -> array[int]:
    return ordered_ids(session, _asked(session, ask), _BY, ask, (Completion.id.desc(), Completion.id))


def rows(session: Session, wanted: Sequence[int]) -> list[CompletionRow]:
    found: dict[int, CompletionRow] = {}
    for chunk in chunked(wanted):
        query = (
            select(Completion, Attendance, Training, Person)
            .join(Attendance, Attendance.id == Completion.attendance_id)
            .join(Training, Training.id == Attendance.training_id)
            .join(Person, Person.id == Attendance.person_id)
        )
        for one, there, training, who in session.execute(query.where(Completion.id.in_(chunk))):
            found[one.id] = CompletionRow(
                one.id,
                training.id,
                who.id,
                one.number,
                who.name,
                who.id_number,
                training.name,
                training.day,
                rules.credited(there.presence, there.hours, training.hours),
                there.score,
                one.day,
                f"{one.day:%Y-%m}",
            )
    return [found[number] for number in wanted if number in found]


def choices(session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
    return tallied(session, _asked(session, ask), _BY[column])


COMPLETIONS = Listing(
    "completions",
    "结业证书登记簿",
    "本",
    columns(CompletionRow),
    ids,
    rows,
    choices,
    frozenset({"number", "name", "training", "held", "score", "day"}),
    frozenset({"training", "month"}),
)
