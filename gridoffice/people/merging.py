"""Two records of one person made one: looked at beforehand, done in one step that can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from db.bulk import bulk_delete, bulk_update
from db.enums import AttachmentKind, Right
from db.images import shape
from db.journal import entitle
from db.tables import (
    Attachment,
    Attendance,
    Base,
    Invitation,
    Month,
    NotTwins,
    PartyLink,
    PartyMember,
    PartyReport,
    Person,
    Post,
    Reserve,
    Sheet,
)
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.listing import chunked
from gridoffice.people.duplicates import locked_months, slip
from gridoffice.people.owning import owned
from gridoffice.people.rows import PERSONAL
from gridoffice.people.service import rekey
from gridoffice.service import service

PHOTO = "photo"
"""What `take` calls the photograph."""
_TOLD = (*PERSONAL, "note")


@dataclass(frozen=True, slots=True)
class Merging:
    """What a merge would do: `fills` are values that only the dropped record has, `differs` those in which
    the two differ (the kept one's stands), each as (column, kept, dropped); `moves` and `gone` count the
    records that change hands, or vanish because the kept person has the same, by their word; `concurrent`
    posts become 兼任; `photos` when both have a photograph. `refused` says why it cannot be done; two ID
    numbers that differ by a slip (`numbers`) are one person's only when the clerk says which is right and why."""

    keep: int
    drop: int
    name: str
    fills: Mapping[str, Any]
    differs: tuple[tuple[str, Any, Any], ...]
    moves: Mapping[str, int]
    gone: Mapping[str, int]
    concurrent: int
    photos: bool
    refused: str
    numbers: bool = False


@dataclass(frozen=True, slots=True)
class _Plan:
    """The records of the dropped person: what they become, by table, and which go."""

    updates: Mapping[str, dict[int, dict[str, Any]]]
    deletes: Mapping[str, list[int]]
    concurrent: int


def preview_merge(session: Session, keep: int, drop: int) -> Merging:
    """What `merge_people` would do. Raises `NotFound`."""
    kept, dropped = _person(session, keep), _person(session, drop)
    plan = _planned(session, keep, drop, frozenset())
    fills, differs = {}, []
    for name in _TOLD:
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
        any(_photo(session, keep)) and any(_photo(session, drop)),
        _refused(session, kept, dropped),
        _two_numbers(kept, dropped),
    )


@service("合并重复的人", needs=Right.EDIT_PEOPLE)
def merge_people(session: Session, keep: int, drop: int, take: Iterable[str] = (), reason: str = "") -> int:
    """Make two records of one person one: posts, certificates, memberships, links, attendances and open
    sheets of `drop` become those of `keep`; values that `keep` lacks are filled from it, and those of
    the columns in `take` (and the "photo") are taken over. What both have (the same training, the same
    membership) stands once. Of two ID numbers that differ by a slip one is wrong: `take` says which, and the
    `reason` why they are one person stands in the journal. One step, undone as one. Raises `RuleBroken` with
    the reason when it cannot be done; answers how many records changed hands."""
    kept, dropped = _person(session, keep), _person(session, drop)
    refused = _refused(session, kept, dropped)
    if refused:
        raise RuleBroken(refused)
    why = reason.strip()
    if _two_numbers(kept, dropped) and not why:
        raise RuleBroken("两条的身份证号不同，写明凭什么认定是同一个人。")
    taken = frozenset(take)
    plan = _planned(session, keep, drop, taken)
    values: dict[str, Any] = {
        name: getattr(dropped, name)
        for name in _TOLD
        if getattr(dropped, name) is not None and (name in taken or getattr(kept, name) is None)
    }
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
    said = f"合并两个“{name}”" + (f"，身份证号错了一个：{why}" if why else "")
    entitle(session, said, kept=keep, dropped=drop, **({"reason": why} if why else {}))
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
    if _two_numbers(kept, dropped) and not slip(kept.id_number or "", dropped.id_number or ""):
        return "两个人的身份证号不同，不是同一个人。"
    if locked_months(session, [dropped.id]):
        return f"要去掉的“{dropped.name}”有已锁定的考核，反过来合并：留下这一个。"
    months = select(Sheet.month_id).where(Sheet.person_id == kept.id)
    both = select(Month.period).join(Sheet, Sheet.month_id == Month.id)
    period = session.scalar(both.where(Sheet.person_id == dropped.id, Sheet.month_id.in_(months)).limit(1))
    return f"两个人在 {period} 都有考核表，先从那个月里去掉一个。" if period else ""


def _two_numbers(kept: Person, dropped: Person) -> bool:
    return bool(kept.id_number and dropped.id_number and kept.id_number != dropped.id_number)


def _planned(session: Session, keep: int, drop: int, taken: frozenset[str]) -> _Plan:
    updates: dict[str, dict[int, dict[str, Any]]] = {}
    deletes: dict[str, list[int]] = {}
    concurrent = 0
    if PHOTO in taken:
        deletes[Attachment.__tablename__] = [one["id"] for one in _photo(session, keep)]
    gone = set(deletes.get(Attachment.__tablename__, ()))
    for table, column in owned():
        if table.name == NotTwins.__tablename__:
            continue
        own = [row for row in _of(session, table, column, keep) if row["id"] not in gone]
        changed = updates.setdefault(table.name, {})
        rows = _of(session, table, column, drop)
        needed = _needed(session, table, [row["id"] for row in rows])
        for row in rows:
            twin = next((other for other in own if _same(table.name, row, other)), None)
            if twin is not None and row["id"] not in needed:
                deletes.setdefault(table.name, []).append(row["id"])
                gaps = {
                    name: row[name]
                    for name, value in twin.items()
                    if value is None and row[name] is not None and name != "to_day"
                }
                if gaps:
                    changed[twin["id"]] = changed.get(twin["id"], {}) | gaps
                continue
            changed.setdefault(row["id"], {})[column] = keep
            if table.name == Post.__tablename__ and not row["concurrent"] and _clashes(row, own):
                # nobody holds two main posts at once
                changed[row["id"]]["concurrent"] = True
                concurrent += 1
    _tell_apart(session, keep, drop, updates, deletes)
    return _Plan(updates, deletes, concurrent)


def _tell_apart(
    session: Session,
    keep: int,
    drop: int,
    updates: dict[str, dict[int, dict[str, Any]]],
    deletes: dict[str, list[int]],
) -> None:
    """Whoever is not the one is not the other either; that these two are two is forgotten."""
    table = NotTwins.__tablename__
    query = select(NotTwins.id, NotTwins.person_id, NotTwins.other_id).where(
        (NotTwins.person_id.in_((keep, drop))) | (NotTwins.other_id.in_((keep, drop)))
    )
    told = session.execute(query.order_by(NotTwins.id)).all()
    known = {tuple(sorted(pair)) for _, *pair in told}
    for number, *pair in told:
        if drop not in pair:
            continue
        other = pair[0] if pair[1] == drop else pair[1]
        first, second = sorted((keep, other))
        if other == keep or (first, second) in known:
            deletes.setdefault(table, []).append(number)
        else:
            updates.setdefault(table, {})[number] = {"person_id": first, "other_id": second}


def _needed(session: Session, table: Table, ids: Sequence[int]) -> set[int]:
    """Those of some records that others refer to."""
    found: set[int] = set()
    for other in Base.metadata.sorted_tables:
        for key in other.foreign_keys:
            if key.column.table is table:
                for chunk in chunked(ids):
                    found.update(session.scalars(select(key.parent).where(key.parent.in_(chunk))))
    return found


def _photo(session: Session, person_id: int) -> list[dict[str, Any]]:
    query = select(Attachment.id).where(
        Attachment.person_id == person_id, Attachment.kind == AttachmentKind.PHOTO
    )
    return [dict(row) for row in session.execute(query).mappings()]


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
    if table == PartyReport.__tablename__:
        return all(row[name] == other[name] for name in ("grid_id", "side")) and _overlap(row, other)
    if table == Reserve.__tablename__:
        return all(row[name] == other[name] for name in ("grid_id", "title", "state"))
    if table == Attachment.__tablename__:
        photo = row["kind"] == other["kind"] == AttachmentKind.PHOTO
        return photo or row["digest"] == other["digest"]
    return False


def _overlap(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return (one["from_day"] or date.min) <= (other["to_day"] or date.max) and (
        other["from_day"] or date.min
    ) <= (one["to_day"] or date.max)


def _clashes(post: Mapping[str, Any], own: Iterable[Mapping[str, Any]]) -> bool:
    return any(not other["concurrent"] and _overlap(post, other) for other in own)
