"""Persons: what is derived from them, finding them, putting them right, looking at their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from db.enums import Deed, Right
from db.journal import entitle, recorder_of
from db.tables import Person, table_of
from db.texts import holds
from gridoffice import idcard, pinyin
from gridoffice.errors import NotFound, Problem, RuleBroken, has_error
from gridoffice.fields import columns
from gridoffice.limits import check_room
from gridoffice.listing import chunked, unchanged
from gridoffice.people.elsewhere import elsewhere
from gridoffice.people.rows import PERSONAL, PersonalRow
from gridoffice.people.rules import check_identity
from gridoffice.service import service

UNREAD = "~"
"""The pinyin of rare characters without a reading: it sorts after every letter."""


def keys(name: str, id_number: str | None, phone: str | None) -> dict[str, str]:
    """The derived columns of a person: the pinyin a list is sorted by, and the text a search looks in."""
    return {column: one for column, (one,) in all_keys([name], [id_number], [phone]).items()}


def all_keys(
    names: Sequence[str], id_numbers: Sequence[str | None], phones: Sequence[str | None]
) -> dict[str, list[str]]:
    """`keys` of many, column by column: half the names of a city are those of others too."""
    called = {
        name: (full or UNREAD, f"{name.lower()} {full} {initials}")
        for name, (full, initials) in pinyin.all_keys(set(names)).items()
    }
    found = list(map(called.__getitem__, names))
    return {
        "pinyin": [full for full, _ in found],
        "search": [
            said + f" {number or ''} {phone or ''}".lower()
            for (_, said), number, phone in zip(found, id_numbers, phones, strict=True)
        ],
    }


def rekey(session: Session, ids: Iterable[int]) -> None:
    """Compute the derived columns of these persons again."""
    session.flush()
    table = table_of(Person)
    statement = (
        update(table)
        .where(table.c.id == bindparam("person"))
        .values(pinyin=bindparam("sorted_by"), search=bindparam("looked_in"))
    )
    for chunk in chunked(list(ids)):
        people = session.execute(
            select(Person.id, Person.name, Person.id_number, Person.phone).where(Person.id.in_(chunk))
        )
        rows = [
            {"person": person_id, "sorted_by": found["pinyin"], "looked_in": found["search"]}
            for person_id, name, number, phone in people
            if (found := keys(name, number, phone))
        ]
        if rows:
            session.connection().execute(statement, rows)
    session.expire_all()


def matching(text: str) -> Any:
    """The condition that a search text finds a person: name, pinyin, initials, ID number or phone."""
    return holds(Person.search, text.strip().lower())


def person_row(session: Session, person_id: int) -> PersonalRow:
    """Somebody as a form asks for them. Raises `NotFound`."""
    person = _person(session, person_id)
    return PersonalRow(person.id, **{what.name: getattr(person, what.name) for what in columns(PersonalRow)})


@service("保存人员", needs=Right.EDIT_PEOPLE)
def save_person(
    session: Session, person_id: int | None, values: Mapping[str, Any], seen: Any | None = None
) -> int:
    """Create or change somebody, whatever hats they wear: `values` by column name, `seen` the row that the
    form was filled from. Raises `RuleBroken` with every problem, and `Conflict` when somebody else changed
    the same value meanwhile; answers the person's number."""
    person = _person(session, person_id) if person_id is not None else None
    said: dict[str, Any] = {}
    if person is not None:
        said = {what.name: getattr(person, what.name) for what in columns(PersonalRow)}
        if seen is not None:
            unchanged(columns(PersonalRow), seen, person_row(session, person.id), values)
    said |= {name: None if value == "" else value for name, value in values.items()}
    if not said.get("name"):
        raise RuleBroken("没写姓名。", [Problem("没写姓名。", field="姓名")])
    number = said.get("id_number")
    problems = check_room(Person, columns(PersonalRow), said)
    if number:
        said["sex"] = said.get("sex") or idcard.sex_of(number)
        said["birth"] = said.get("birth") or idcard.birth_of(number)
        problems += check_identity(number, said["sex"], said["birth"])
        held = elsewhere(session, number, said["name"])
        problems += [held] if held is not None else []
        twin = session.scalar(select(Person).where(Person.id_number == number))
        if twin is not None and twin is not person:
            problems.append(Problem(f"已有这个身份证号：{twin.name}。", field="身份证号码"))
    if has_error(problems):
        raise RuleBroken(next(p.message for p in problems if has_error([p])), problems)
    if person is None:
        person = Person(pinyin="", search="")
        session.add(person)
        entitle(session, f"新增人员“{said['name']}”")
    else:
        entitle(session, f"已改“{person.name}”的资料")
    for name in (*PERSONAL, "note"):
        setattr(person, name, said.get(name))
    for name, value in keys(said["name"], number, said.get("phone")).items():
        setattr(person, name, value)
    session.flush()
    return person.id


@service("查看完整证件号、电话和住址", needs=Right.REVEAL, undoable=False)
def reveal(session: Session, person_id: int, reason: str) -> PersonalRow:
    """Somebody with everything that is otherwise masked; who looked and why stands in the journal. Raises
    `RuleBroken` without a reason."""
    why = reason.strip()
    if not why:
        raise RuleBroken("先写为什么要看。")
    person = _person(session, person_id)
    recorder_of(session).deed = Deed.NOTE
    entitle(session, f"查看“{person.name}”的完整证件号、电话和住址：{why}", reason=why, person=person.id)
    return person_row(session, person_id)


def _person(session: Session, person_id: int) -> Person:
    found = session.get(Person, person_id)
    if found is None:
        raise NotFound("没有这个人。")
    return found
