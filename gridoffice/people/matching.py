"""Which person a row of a ledger means, and what the clerk is asked when that is not plain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.tables import Person, Post
from gridoffice.errors import Problem
from gridoffice.grids.naming import Gazetteer
from gridoffice.intake import Key
from gridoffice.masking import mask_id, mask_phone
from gridoffice.people.elsewhere import told
from gridoffice.people.finding import PERSON, People, Stored
from gridoffice.questions import KEEP, NEW, SKIP, SKIP_ROW_WORDS, TO, Answers, Asked, Choice, target
from gridoffice.spreadsheet.taken import TakenRow

UNASKED = Answers({}, {})
"""For ledgers that ask nothing: a conflict is corrected in the file."""


def nowhere(_person_id: int) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Match:
    """Whom a row means: a person of the office, or somebody new when there is neither a person nor a
    problem. `keep_name`: the name in the office stands; `skip`: the row is left out."""

    person: Stored | None = None
    problems: tuple[Problem, ...] = ()
    asked: Asked | None = None
    conflict: bool = False
    keep_name: bool = False
    skip: bool = False


SOMEBODY_NEW = Match()


def match(
    people: People,
    row: TakenRow,
    near: Callable[[int], bool] = nowhere,
    *,
    key: Key = Key.AUTO,
    answers: Answers = UNASKED,
    place: tuple[str, ...] = (),
) -> Match:
    """The person that a row means, found by `key`: never the first of several. `near` says whether
    somebody is where the row speaks of, which tells namesakes apart; `place` is what the row says of
    that place."""
    said = row.values
    number, name, phone = said.get("id_number"), said.get("name"), said.get("phone")
    lacking = _lacking(key, said, row)
    if lacking is not None:
        return Match(problems=(lacking,))
    if number and number in people.elsewhere:
        return Match(problems=(told(people.elsewhere[number]),))
    owner = people.by_number.get(number) if number else None
    if key in (Key.AUTO, Key.ID_NUMBER):
        if owner is not None:
            return _owner(owner, number, name, answers) if name and owner["name"] != name else Match(owner)
        if key is Key.ID_NUMBER:
            return SOMEBODY_NEW
    found = _candidates(people, said, near, key)
    if len(found) > 1:
        return _several(found, name or "", (number, phone, *place), answers)
    person = found[0] if found else None
    if owner is not None and person is not owner:
        return _owner(owner, number, name, answers)
    return Match(person) if person is not None else SOMEBODY_NEW


def _lacking(key: Key, said: Mapping[str, Any], row: TakenRow) -> Problem | None:
    """What a row must say to be found by a key. What cannot be read is a problem of its own."""
    wanted = {Key.ID_NUMBER: ("id_number", "身份证号码"), Key.NAME_PHONE: ("phone", "联系电话")}.get(key)
    if wanted is None or said.get(wanted[0]):
        return None
    if any(problem.field == wanted[1] for problem in row.problems):
        return None
    return Problem(f"按“{key.label}”认人，这一行没有{wanted[1]}。", field=wanted[1])


def _candidates(
    people: People, said: Mapping[str, Any], near: Callable[[int], bool], key: Key
) -> Sequence[Stored]:
    number, phone = said.get("id_number"), said.get("phone")
    namesakes = people.by_name.get(said.get("name") or "", ())
    if key is Key.NAME:
        return namesakes
    if key is Key.AUTO:
        # two ID numbers are two people, however alike the rest
        namesakes = [one for one in namesakes if not (number and one["id_number"])]
    by_phone = [one for one in namesakes if same_phone(phone, one["phone"])]
    if key is Key.NAME_PHONE:
        return by_phone
    if number:
        return by_phone if len(by_phone) == 1 else ()
    if len(by_phone) == 1:
        return by_phone
    here = [one for one in namesakes if near(one["id"])]
    return by_phone or here or namesakes


def same_phone(one: str | None, other: str | None) -> bool:
    """Have two cells a number in common? There may be two in each."""
    if one is None or other is None:
        return False
    return one == other or not set(one.split()).isdisjoint(other.split())


def _owner(owner: Stored, number: str | None, name: str | None, answers: Answers) -> Match:
    """A row whose ID number belongs to somebody whom the office calls otherwise, or whom the row does
    not mean by the key it was found by."""
    other = f"“{owner['name']}”，这里写的是“{name}”" if owner["name"] != name else f"另一个“{name}”"
    asked = Asked(
        f"number {name} {_digest(number)}",
        f"花名册里这个身份证号是{other}",
        "姓名",
        name or "",
        (owner["id"],),
        single=True,
    )
    answer = answers.to(asked)
    if answer == SKIP:
        return Match(owner, asked=asked.answered(SKIP), skip=True)
    if answer is not None and target(answer) == str(owner["id"]):
        keep = answer.startswith(KEEP)
        meaning = f"“{owner['name']}”" if keep else f"同一个人，姓名改为“{name}”"
        return Match(owner, tuple(answers.note(asked, meaning)), asked.answered(answer), keep_name=keep)
    return Match(owner, (Problem(f"{asked.words}。", field="姓名", value=name),), asked, conflict=True)


def _several(found: Sequence[Stored], name: str, rest: Sequence[str | None], answers: Answers) -> Match:
    asked = Asked(
        f"person {name} {_digest(*rest)}",
        f"花名册里有 {len(found)} 个“{name}”，分不清是哪一个",
        "姓名",
        name,
        tuple(one["id"] for one in found),
        single=True,
    )
    answer = answers.to(asked)
    if answer == SKIP:
        return Match(asked=asked.answered(SKIP), skip=True)
    if answer == NEW:
        return Match(asked=asked.answered(NEW))
    meant = next((one for one in found if str(one["id"]) == target(answer)), None)
    if answer is not None and meant is not None:
        said = "、".join(part for part in (f"“{name}”", _told(meant)) if part)
        return Match(meant, tuple(answers.note(asked, said)), asked.answered(answer))
    message = f"花名册里有 {len(found)} 个“{name}”，补上身份证号才能认出是哪一个。"
    return Match(problems=(Problem(message, field="姓名", value=name),), asked=asked, conflict=True)


def _digest(*parts: str | None) -> str:
    return blake2b("\x1f".join(part or "" for part in parts).encode(), digest_size=6).hexdigest()


def _told(person: Stored) -> str:
    """What tells a person from a namesake, without showing the numbers whole."""
    parts = (
        f"身份证 {mask_id(person['id_number'])}" if person["id_number"] else "",
        f"电话 {mask_phone(person['phone'])}" if person["phone"] else "",
    )
    return "，".join(part for part in parts if part)


def person_choices(session: Session, book: Gazetteer, asked: Asked) -> tuple[Choice, ...]:
    """The people that a row may mean, each with what tells them apart."""
    people = {
        person["id"]: dict(person)
        for person in session.execute(select(*PERSON).where(Person.id.in_(asked.about))).mappings()
    }
    grids: dict[int, list[str]] = defaultdict(list)
    for person_id, grid_id in session.execute(
        select(Post.person_id, Post.grid_id).where(Post.person_id.in_(asked.about)).order_by(Post.id.desc())
    ):
        grids[person_id].append(book.display(book.places[grid_id]))
    found = []
    for person_id in asked.about:
        person = people.get(person_id)
        if person is None:
            continue
        told = "，".join(
            part for part in (person["name"], _told(person), "、".join(grids[person_id][:2])) if part
        )
        if not asked.key.startswith("number "):
            found.append(Choice(f"{TO}{person_id}", told))
        elif person["name"] == asked.value:
            found.append(Choice(f"{TO}{person_id}", f"是这个人：{told}"))
        else:
            found.append(Choice(f"{TO}{person_id}", f"是同一个人，姓名改为“{asked.value}”（{told}）"))
            found.append(Choice(f"{KEEP}{person_id}", f"是同一个人，姓名仍用“{person['name']}”"))
    if not asked.key.startswith("number "):
        found.append(Choice(NEW, f"新增一个“{asked.value}”"))
    return (*found, Choice(SKIP, SKIP_ROW_WORDS))
