"""Taking an action back, record by record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from db.bulk import bulk_delete, bulk_insert, bulk_update
from db.images import CHUNK, Entry, Shape, Values, load, mark_of, name_of, shape, unpack
from db.tables import ActionPart, Base


@dataclass(frozen=True, slots=True)
class Kept:
    """A record that undo left as it is, because it was changed or is needed since."""

    noun: str
    name: str
    why: str


def reverse(session: Session, action_id: int) -> tuple[int, list[Kept]]:
    """Take back what an action did, record by record; answers how many, and which were kept."""
    kept: list[Kept] = []
    count = 0
    parts = session.scalars(
        select(ActionPart).where(ActionPart.action_id == action_id).order_by(ActionPart.number.desc())
    )
    for part in parts.all():
        form = shape(part.of_table)
        for entries in _chunks_of(list(reversed(unpack(part.body)))):
            count += _reverse_entries(session, form, entries, kept)
    return count, kept


def _chunks_of(entries: list[Entry]) -> Iterator[list[Entry]]:
    for start in range(0, len(entries), CHUNK):
        yield entries[start : start + CHUNK]


def _reverse_entries(session: Session, form: Shape, entries: list[Entry], kept: list[Kept]) -> int:
    ids = [entry[0] for entry in entries]
    current = {row["id"]: form.image(row) for row in load(session, form, ids)}
    to_delete: list[int] = []
    to_insert: list[Values] = []
    to_update: dict[int, Values] = {}
    for record_id, before, after, mark in entries:
        now = current.get(record_id)
        if after is None:
            if now is None and before is not None:
                to_insert.append({"id": record_id, **form.values(before)})
            continue
        if now is None:
            if before is not None:
                kept.append(Kept(form.record.noun, name_of(session, form, {**before, **after}), "后来已删除"))
        elif mark_of(now) != mark:
            kept.append(Kept(form.record.noun, name_of(session, form, now), "后来又改过"))
        elif before is None:
            to_delete.append(record_id)
        else:
            to_update[record_id] = form.values(before)
    for record_id in _needed(session, form.table, to_delete):
        to_delete.remove(record_id)
        kept.append(Kept(form.record.noun, name_of(session, form, current[record_id]), "后来被别处用到"))
    bulk_delete(session, form.record, to_delete)
    bulk_update(session, form.record, to_update)
    if to_insert:
        derived = {c.name: None if c.nullable else "" for c in form.table.columns if c.info.get("derived")}
        bulk_insert(session, form.record, [{**derived, **row} for row in to_insert])
    return len(to_delete) + len(to_update) + len(to_insert)


def _needed(session: Session, table: Table, ids: Sequence[int]) -> set[int]:
    """Which of these records are still referred to by others that stay."""
    if not ids:
        return set()
    found: set[int] = set()
    for other in Base.metadata.sorted_tables:
        for key in other.foreign_keys:
            if key.column.table is table:
                query = select(key.parent).where(key.parent.in_(ids))
                if other is table:
                    query = query.where(other.c.id.not_in(ids))
                found.update(session.scalars(query))
    return found
