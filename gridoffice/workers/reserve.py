"""What is done to the reserve list: somebody is entered, put right, placed in a post, or leaves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from db.enums import Employment, ReserveState, Right
from db.journal import entitle
from db.tables import Grid, Person, Reserve
from gridoffice import idcard
from gridoffice.errors import NotFound, Problem, RuleBroken, has_error
from gridoffice.fields import columns
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import names_of
from gridoffice.limits import check_room
from gridoffice.listing import unchanged
from gridoffice.people.lists import serving_in
from gridoffice.people.rows import PERSONAL
from gridoffice.people.rules import check_identity
from gridoffice.people.writing import insert_people
from gridoffice.service import service
from gridoffice.workers.moving import Transfer, transfer_posts
from gridoffice.workers.posts import main_post_on, save_post, whom
from gridoffice.workers.reserve_listing import rows
from gridoffice.workers.reserve_rows import OF_RESERVE, ReserveRow

GONE = "这个人已不在后备名册里。"


def reserve_row(session: Session, reserve_id: int) -> ReserveRow:
    """One line as the form shows it. Raises `NotFound`."""
    found = rows(session, [reserve_id])
    if not found:
        raise NotFound(GONE)
    return found[0]


def check_days(since: date | None, to_day: date | None) -> list[Problem]:
    """Nobody leaves the list before standing on it."""
    if since and to_day and to_day < since:
        return [Problem(f"出库日期 {to_day} 早于入库日期 {since}。", field="出库日期", value=str(to_day))]
    return []


@service("保存后备人员", needs=Right.EDIT_PEOPLE)
def save_reserve(
    session: Session, reserve_id: int | None, values: Mapping[str, Any], seen: ReserveRow | None = None
) -> int:
    """Enter or change one line: `values` by column name, `grid_id` as a number. Who is entered is told by
    `person_id`, or by name with ID number or phone; somebody nobody knows yet is made. Raises `RuleBroken`
    when the same person waits for the same already, and `Conflict` when somebody else changed the same
    value since `seen`; answers its number."""
    one = session.get(Reserve, reserve_id) if reserve_id is not None else None
    if one is None and reserve_id is not None:
        raise NotFound(GONE)
    if one is not None and seen is not None:
        changing = {"grid" if name == "grid_id" else name for name in values}
        unchanged(columns(ReserveRow), seen, reserve_row(session, one.id), changing)
    said = {name: getattr(one, name) if one is not None else None for name in (*OF_RESERVE, "grid_id")}
    said |= {name: None if value == "" else value for name, value in values.items() if name in said}
    said["state"] = said["state"] or ReserveState.WAITING
    if said["title"]:
        known = office_pack(session).post_called(said["title"])
        said["title"] = known.label if known is not None else said["title"]
    _refuse(check_room(Reserve, columns(ReserveRow), said) + check_days(said["since"], said["to_day"]))
    person_id = one.person_id if one is not None else _whom(session, values)
    name = session.scalar(select(Person.name).where(Person.id == person_id))
    if said["state"] is ReserveState.WAITING and _waits(session, person_id, said, reserve_id):
        _refuse([Problem(f"“{name}”已在后备名册里等这个岗位。", field="意向岗位")])
    if one is None:
        one = Reserve(person_id=person_id)
        session.add(one)
    for column, value in said.items():
        setattr(one, column, value)
    entitle(session, f"把“{name}”列入后备" if reserve_id is None else f"已改后备人员“{name}”")
    session.flush()
    return one.id


def _refuse(problems: Sequence[Problem]) -> None:
    if has_error(problems):
        raise RuleBroken(problems[0].message, problems)


def _whom(session: Session, values: Mapping[str, Any]) -> int:
    """The number of whoever is to be entered. Raises `RuleBroken` with every problem of a new one."""
    if values.get("person_id") is not None:
        return values["person_id"]
    said: dict[str, Any] = {name: values.get(name) or None for name in PERSONAL}
    if not said["name"]:
        raise RuleBroken("没写姓名。", [Problem("没写姓名。", field="姓名")])
    number, phone = said["id_number"], said["phone"]
    if number:
        said["sex"] = said["sex"] or idcard.sex_of(number)
        said["birth"] = said["birth"] or idcard.birth_of(number)
        _refuse(check_identity(number, said["sex"], said["birth"]))
    _refuse(check_room(Person, columns(ReserveRow), said))
    known = session.execute(
        select(Person.id, Person.name, Person.id_number, Person.phone).where(
            or_(Person.id_number == number, and_(Person.name == said["name"], Person.phone == phone))
        )
    ).all()
    for person_id, name, id_number, other in known:
        if number and id_number == number and name != said["name"]:
            raise RuleBroken(
                f"已有这个身份证号：{name}。", [Problem(f"已有这个身份证号：{name}。", field="身份证号码")]
            )
        if (number and id_number == number) or (phone and other == phone and not (number and id_number)):
            return person_id
    return insert_people(session, {name: [value] for name, value in said.items()})[0]


def _waits(session: Session, person_id: int, said: Mapping[str, Any], but: int | None) -> bool:
    query = select(Reserve).where(
        Reserve.person_id == person_id, Reserve.state == ReserveState.WAITING, Reserve.id != (but or 0)
    )
    return any((one.title, one.grid_id) == (said["title"], said["grid_id"]) for one in session.scalars(query))


@service("退出后备", needs=Right.EDIT_PEOPLE)
def leave_reserve(session: Session, reserve_ids: Sequence[int], day: date, reason: str | None = None) -> int:
    """Some people no longer wait, from `day` on. Answers how many."""
    names = []
    for one in session.scalars(select(Reserve).where(Reserve.id.in_(reserve_ids))):
        if one.state is not ReserveState.WAITING:
            continue
        problems = check_days(one.since, day)
        if problems:
            raise RuleBroken(problems[0].message, problems)
        one.state, one.to_day = ReserveState.LEFT, day
        one.note = "；".join(part for part in (one.note, reason) if part) or None
        person = session.get(Person, one.person_id)
        names.append(person.name if person is not None else "")
    if names:
        entitle(session, f"{whom(names)}退出后备".strip())
    session.flush()
    return len(names)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody on the reserve list who would suit: what is wished for, since when, from where, and where
    the person serves now (empty: nowhere)."""

    reserve_id: int
    person_id: int
    name: str
    title: str | None
    since: date | None
    source: str | None
    serves: str


def candidates(session: Session, grid_id: int, posts: Sequence[str], day: date) -> list[Candidate]:
    """Who waits for one of some posts (none said: any) in a grid, above it, or anywhere; who has waited
    longest first. Raises `NotFound`."""
    grid = session.get(Grid, grid_id)
    if grid is None:
        raise NotFound("没有这个网格。")
    query = (
        select(Reserve, Person.name, Grid.path)
        .join(Person, Person.id == Reserve.person_id)
        .outerjoin(Grid, Grid.id == Reserve.grid_id)
        .where(Reserve.state == ReserveState.WAITING, or_(Reserve.since.is_(None), Reserve.since <= day))
        .order_by(Reserve.since.asc().nulls_last(), Reserve.id)
    )
    found = [
        (one, name)
        for one, name, path in session.execute(query)
        if (path is None or grid.path.startswith(path)) and (not one.title or not posts or one.title in posts)
    ]
    where = serving_in(session, [one.person_id for one, _ in found], day)
    return [
        Candidate(one.id, one.person_id, name, one.title, one.since, one.source, where.get(one.person_id, ""))
        for one, name in found
    ]


@service("上岗", needs=Right.EDIT_PEOPLE)
def appoint(
    session: Session,
    person_id: int,
    grid_id: int,
    title: str | None,
    day: date,
    reason: str | None = None,
    employment: Employment | None = None,
) -> int:
    """Somebody takes a post on `day`: whoever holds a main post then goes over from it, the others begin;
    whoever waited on the reserve list is placed. Raises `RuleBroken`; answers the new post's number."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("没有这个人。")
    main = main_post_on(session, person_id, day)
    if main is not None:
        wanted = Transfer(day, grid_id, title, employment, reason=reason)
        (post_id,) = transfer_posts(session, [main], wanted)
    else:
        values = {"grid_id": grid_id, "title": title, "employment": employment, "from_day": day}
        post_id = save_post(session, person_id, None, values | {"reason": reason})
    waiting = select(Reserve).where(Reserve.person_id == person_id, Reserve.state == ReserveState.WAITING)
    for one in session.scalars(waiting):
        one.state, one.to_day = ReserveState.PLACED, day
    where = names_of(session, office_pack(session), [grid_id])[grid_id][0]
    entitle(session, f"“{person.name}”{day} 到“{where}”上岗")
    session.flush()
    return post_id
