"""Two records of one person made one: found, looked at beforehand, done in one step that can be undone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from db.bulk import bulk_delete, bulk_update
from db.enums import MonthState, Right
from db.images import shape
from db.journal import entitle
from db.tables import (
    Attendance,
    Base,
    Invitation,
    Month,
    PartyLink,
    PartyMember,
    Person,
    Post,
    Sheet,
    table_of,
)
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.listing import chunked
from gridoffice.people.rows import PERSONAL
from gridoffice.people.service import rekey
from gridoffice.service import service


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one person, and why. `keep` is the one that a merge would keep: the one
    with locked months, else the one with an ID number, else the older."""

    keep: int
    drop: int
    name: str
    reason: str


def duplicates(session: Session, most: int = 500) -> list[Pair]:
    """Namesakes of whom at least one has no ID number, and who share a phone or a birthday, or of whom
    one is nothing but a name. Two ID numbers are two people."""
    table = table_of(Person)
    twice = select(table.c.name).group_by(table.c.name).having(func.count() > 1)
    several: dict[str, list[Any]] = defaultdict(list)
    query = select(table.c.id, table.c.name, table.c.id_number, table.c.phone, table.c.birth)
    for person in session.execute(query.where(table.c.name.in_(twice)).order_by(table.c.id)):
        several[person.name].append(person)
    locked = _locked(session, [one.id for some in several.values() for one in some])
    found = []
    for name, some in sorted(several.items()):
        for place, one in enumerate(some):
            for other in some[place + 1 :]:
                reason = _alike(one, other)
                if reason:
                    keep, drop = sorted(
                        (one, other), key=lambda p: (p.id not in locked, p.id_number is None, p.id)
                    )
                    found.append(Pair(keep.id, drop.id, name, reason))
                    if len(found) == most:
                        return found
    return found


def _alike(one: Any, other: Any) -> str:
    if one.id_number and other.id_number:
        return ""
    if one.phone and one.phone == other.phone:
        return "姓名和电话相同"
    if one.birth and one.birth == other.birth:
        return "姓名和出生日期相同"
    bare = any(p.id_number is None and p.phone is None and p.birth is None for p in (one, other))
    return "姓名相同，其中一个没有别的资料" if bare else ""


def _locked(session: Session, person_ids: Sequence[int]) -> set[int]:
    """Who has a sheet in a locked month, which nobody changes any more."""
    found: set[int] = set()
    for chunk in chunked(person_ids):
        query = select(Sheet.person_id).join(Month, Month.id == Sheet.month_id)
        found.update(
            session.scalars(query.where(Sheet.person_id.in_(chunk), Month.state == MonthState.LOCKED))
        )
    return found


@dataclass(frozen=True, slots=True)
class Merging:
    """What a merge would do: `fills` are values that only the dropped record has, `differs` those in which
    the two differ (the kept one's stands), each as (column, kept, dropped); `moves` and `gone` count the
    records that change hands, or vanish because the kept person has the same, by their word; `concurrent`
    posts become 兼任. `refused` says why it cannot be done."""

    keep: int
    drop: int
    name: str
    fills: Mapping[str, Any]
    differs: tuple[tuple[str, Any, Any], ...]
    moves: Mapping[str, int]
    gone: Mapping[str, int]
    concurrent: int
    refused: str


@dataclass(frozen=True, slots=True)
class _Plan:
    """The records of the dropped person: what they become, by table, and which go."""

    updates: Mapping[str, dict[int, dict[str, Any]]]
    deletes: Mapping[str, list[int]]
    concurrent: int


def preview_merge(session: Session, keep: int, drop: int) -> Merging:
    """What `merge_people` would do. Raises `NotFound`."""
    kept, dropped = _person(session, keep), _person(session, drop)
    plan = _planned(session, keep, drop)
    fills, differs = {}, []
    for name in PERSONAL:
        one, other = getattr(kept, name), getattr(dropped, name)
        if one is None and other is not None:
            fills[name] = other
        elif other is not None and one != other:
            differs.append((name, one, other))
    return Merging(
        keep,
        drop,
        kept.name,
        fills,
        tuple(differs),
        {_noun(table): len(rows) for table, rows in plan.updates.items() if rows},
        {_noun(table): len(rows) for table, rows in plan.deletes.items() if rows},
        plan.concurrent,
        _refused(session, kept, dropped),
    )


@service("合并重复的人", needs=Right.EDIT_PEOPLE)
def merge_people(session: Session, keep: int, drop: int, take: Iterable[str] = ()) -> int:
    """Make two records of one person one: posts, certificates, memberships, links, attendances and open
    sheets of `drop` become those of `keep`; values that `keep` lacks are filled from it, and those of
    the columns in `take` are taken over. What both have (the same training, the same membership) stands
    once. One step, undone as one. Raises `RuleBroken` with the reason when it cannot be done; answers
    how many records changed hands."""
    kept, dropped = _person(session, keep), _person(session, drop)
    refused = _refused(session, kept, dropped)
    if refused:
        raise RuleBroken(refused)
    plan = _planned(session, keep, drop)
    taken = set(take)
    values: dict[str, Any] = {
        name: getattr(dropped, name)
        for name in PERSONAL
        if getattr(dropped, name) is not None and (name in taken or getattr(kept, name) is None)
    }
    if kept.note is None and dropped.note is not None:
        values["note"] = dropped.note
    name = kept.name
    moved = 0
    for table, ids in plan.deletes.items():
        bulk_delete(session, shape(table).record, ids)
    for table, updates in plan.updates.items():
        moved += bulk_update(session, shape(table).record, updates)
    # the ID number is nobody's before it is somebody else's
    bulk_delete(session, Person, [drop])
    if values:
        bulk_update(session, Person, {keep: values})
        rekey(session, [keep])
    entitle(session, f"合并两个“{name}”", kept=keep, dropped=drop)
    return moved


def _person(session: Session, person_id: int) -> Person:
    found = session.get(Person, person_id)
    if found is None:
        raise NotFound("没有这个人。")
    return found


def _noun(table: str) -> str:
    return shape(table).record.noun


def _refused(session: Session, kept: Person, dropped: Person) -> str:
    if kept.id == dropped.id:
        return "选的是同一个人，不用合并。"
    if kept.id_number and dropped.id_number and kept.id_number != dropped.id_number:
        return "两个人的身份证号不同，不是同一个人。"
    if _locked(session, [dropped.id]):
        return f"要去掉的“{dropped.name}”有已锁定的考核，反过来合并：留下这一个。"
    months = select(Sheet.month_id).where(Sheet.person_id == kept.id)
    both = select(Month.period).join(Sheet, Sheet.month_id == Month.id)
    period = session.scalar(both.where(Sheet.person_id == dropped.id, Sheet.month_id.in_(months)).limit(1))
    return f"两个人在 {period} 都有考核表，先从那个月里去掉一个。" if period else ""


def _owned() -> Iterable[tuple[Table, str]]:
    """Every table whose records are somebody's, and the column that says whose."""
    person = table_of(Person)
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table is person:
                yield table, key.parent.name


def _planned(session: Session, keep: int, drop: int) -> _Plan:
    updates: dict[str, dict[int, dict[str, Any]]] = {}
    deletes: dict[str, list[int]] = {}
    concurrent = 0
    scored = set(session.scalars(select(Sheet.post_id).where(Sheet.person_id == drop)))
    for table, column in _owned():
        own = _of(session, table, column, keep)
        changed = updates.setdefault(table.name, {})
        for row in _of(session, table, column, drop):
            twin = next((other for other in own if _same(table.name, row, other)), None)
            if twin is not None and not (table.name == Post.__tablename__ and row["id"] in scored):
                deletes.setdefault(table.name, []).append(row["id"])
                gaps = {
                    name: row[name]
                    for name, value in twin.items()
                    if value is None and row[name] is not None and name != "to_day"
                }
                if gaps:
                    changed[twin["id"]] = changed.get(twin["id"], {}) | gaps
                continue
            changed[row["id"]] = {column: keep}
            if table.name == Post.__tablename__ and not row["concurrent"] and _clashes(row, own):
                # nobody holds two main posts at once
                changed[row["id"]]["concurrent"] = True
                concurrent += 1
    return _Plan(updates, deletes, concurrent)


def _of(session: Session, table: Table, column: str, person_id: int) -> list[dict[str, Any]]:
    """The records of one kind that somebody has."""
    query = select(table).where(table.c[column] == person_id).order_by(table.c.id)
    return [dict(row) for row in session.execute(query).mappings()]


def _same(table: str, row: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Do two records say the same, so that one is enough? What only the other says is taken over."""
    if table in (Attendance.__tablename__, Invitation.__tablename__):
        return row["training_id"] == other["training_id"]
    if table in (PartyLink.__tablename__, Post.__tablename__):
        return row["grid_id"] == other["grid_id"] and _overlap(row, other)
    if table == PartyMember.__tablename__:
        return _overlap(row, other)
    return False


def _overlap(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return (one["from_day"] or date.min) <= (other["to_day"] or date.max) and (
        other["from_day"] or date.min
    ) <= (one["to_day"] or date.max)


def _clashes(post: Mapping[str, Any], own: Iterable[Mapping[str, Any]]) -> bool:
    return any(not other["concurrent"] and _overlap(post, other) for other in own)
