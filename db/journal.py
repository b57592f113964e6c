"""The journal: audit, undo, redo and change notice, all from one record of what a write touched.

A write collects, for every record it creates, changes or deletes, `[id, before, after, mark]`:
`before` and `after` hold the changed columns in stored form (all columns for a new or a deleted
record), `mark` is a digest of the whole record as the action left it. Undo compares marks: a record
that was changed since is kept, and named.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from hashlib import blake2b
from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, inspect, select, text, update
from sqlalchemy.orm import Session

from db.enums import Deed
from db.tables import Action, ActionPart, Base, JournalHead, Record
from db.types import canonical, from_stored, to_stored

CHUNK = 500
PATIENCE = 20
"""Seconds to wait for somebody else's write."""

START = "0" * 64
Values = dict[str, Any]
Entry = tuple[int, Values | None, Values | None, str | None]


@dataclass(frozen=True, slots=True)
class Kept:
    """A record that undo left as it is, because it was changed or is needed since."""

    noun: str
    name: str
    why: str


@dataclass(slots=True)
class Recorder:
    """What the current transaction has touched so far."""

    title: str
    service: str
    who: str
    terminal: str
    deed: Deed = Deed.DO
    target: int | None = None
    undoable: bool = True
    detail: dict[str, Any] = field(default_factory=dict)
    parts: list[tuple[str, list[Entry]]] = field(default_factory=list)

    def add(self, table: str, entries: list[Entry]) -> None:
        if not entries:
            return
        if self.parts and self.parts[-1][0] == table and len(self.parts[-1][1]) + len(entries) <= 1000:
            self.parts[-1][1].extend(entries)
        else:
            self.parts.append((table, entries))

    def changes(self) -> dict[str, frozenset[int]]:
        """The change notice: the ids touched, by table."""
        touched: dict[str, set[int]] = defaultdict(set)
        for table, entries in self.parts:
            touched[table].update(entry[0] for entry in entries)
        return {table: frozenset(ids) for table, ids in touched.items()}


def recorder_of(session: Session) -> Recorder:
    return session.info["recorder"]


def entitle(session: Session, title: str, **detail: Any) -> None:
    """Give the action its final words (“导入网格员花名册：新增 412 人”) and facts worth keeping."""
    recorder = recorder_of(session)
    recorder.title = title
    recorder.detail.update(detail)


# ---- images of records -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shape:
    """How one table's records become plain values and back."""

    table: Table
    record: type[Record]
    kept: tuple[str, ...]
    to_plain: tuple[tuple[str, Callable[[Any], Any]], ...]
    to_value: Mapping[str, Callable[[Any], Any]]

    def image(self, values: Mapping[str, Any]) -> Values:
        plain = {name: values[name] for name in self.kept}
        for name, convert in self.to_plain:
            plain[name] = convert(plain[name])
        return plain

    def values(self, image: Mapping[str, Any]) -> Values:
        found = dict(image)
        for name, convert in self.to_value.items():
            if name in found:
                found[name] = convert(found[name])
        return found


@cache
def shape(table_name: str) -> Shape:
    table = Base.metadata.tables[table_name]
    record = next(m.class_ for m in Base.registry.mappers if m.local_table is table)
    kept = tuple(
        c.name for c in table.columns if c.name not in ("id", "version") and not c.info.get("derived")
    )
    to_plain = tuple((n, f) for n in kept if (f := to_stored(table.c[n].type)) is not None)
    to_value = {n: f for n in kept if (f := from_stored(table.c[n].type)) is not None}
    return Shape(table, record, kept, to_plain, to_value)


def mark_of(image: Values) -> str:
    """The digest of a record. Empty columns do not count, so that a column added later changes no mark."""
    filled = {name: value for name, value in image.items() if value is not None}
    return blake2b(canonical(filled).encode(), digest_size=8).hexdigest()


def created(record_id: int, image: Values) -> Entry:
    return record_id, None, image, mark_of(image)


def changed(record_id: int, before: Values, after: Values) -> Entry | None:
    """The entry of an update, with only the columns that differ; None when nothing does."""
    names = [name for name in after if before[name] != after[name]]
    if not names:
        return None
    return record_id, {n: before[n] for n in names}, {n: after[n] for n in names}, mark_of(after)


def deleted(record_id: int, image: Values) -> Entry:
    return record_id, image, None, None


def folded(parts: Sequence[tuple[str, list[Entry]]]) -> list[tuple[str, list[Entry]]]:
    """The same parts with each record once: how it was before the action, and how the action left it."""
    places: dict[tuple[str, int], tuple[int, int]] = {}
    kept: list[tuple[str, dict[int, Entry]]] = [(table, {}) for table, _ in parts]
    for number, (table, entries) in enumerate(parts):
        for place, entry in enumerate(entries):
            key = table, entry[0]
            if key in places:
                earlier_number, earlier_place = places.pop(key)
                joined = _joined(kept[earlier_number][1].pop(earlier_place), entry)
                if joined is None:
                    continue
                # undo goes backwards: what was made stands where it was made, what was removed at its end
                if joined[2] is not None:
                    places[key] = earlier_number, earlier_place
                    kept[earlier_number][1][earlier_place] = joined
                    continue
                entry = joined
            places[key] = number, place
            kept[number][1][place] = entry
    return [(table, [some[place] for place in sorted(some)]) for table, some in kept if some]


def _joined(first: Entry, then: Entry) -> Entry | None:
    """Two entries of one record as one; None when nothing remains of them."""
    before = None if first[1] is None else {**(then[1] or {}), **first[1]}
    after = None if then[2] is None else {**(first[2] or {}), **then[2]}
    if before is None and after is None:
        return None
    if before is not None and after is not None:
        names = [name for name in after if before[name] != after[name]]
        if not names:
            return None
        before, after = {n: before[n] for n in names}, {n: after[n] for n in names}
    return first[0], before, after, then[3]


# ---- collecting --------------------------------------------------------------------------------


def remember(session: Session, _context: object, _instances: object) -> None:
    """Before a flush: look up what the database holds for the records that are about to change."""
    if session.info.get("recorder") is None:
        return
    before: dict[tuple[str, int], Values] = session.info.setdefault("before", {})
    wanted: dict[str, list[int]] = defaultdict(list)
    for obj in (*session.dirty, *session.deleted):
        if isinstance(obj, Record):
            wanted[_shape_of(obj).table.name].append(obj.id)
    for table, ids in wanted.items():
        form = shape(table)
        with session.no_autoflush:
            for chunk in _chunks(ids):
                before.update({(table, row["id"]): form.image(row) for row in _load(session, form, chunk)})


def collect(session: Session, _context: object) -> None:
    """After a flush: write down what the ORM has just written."""
    recorder: Recorder | None = session.info.get("recorder")
    if recorder is None:
        return
    before: dict[tuple[str, int], Values] = session.info.pop("before", {})
    found: dict[str, list[Entry | None]] = defaultdict(list)
    for obj in session.new:
        if isinstance(obj, Record):
            found[_shape_of(obj).table.name].append(created(obj.id, _image(obj)))
    for obj in session.dirty:
        if isinstance(obj, Record) and session.is_modified(obj):
            table = _shape_of(obj).table.name
            found[table].append(changed(obj.id, before[table, obj.id], _image(obj)))
    for obj in session.deleted:
        if isinstance(obj, Record):
            table = _shape_of(obj).table.name
            found[table].append(deleted(obj.id, before[table, obj.id]))
    for table in sorted(found, key=_creation_order):
        recorder.add(table, [entry for entry in found[table] if entry is not None])


def _shape_of(obj: Record) -> Shape:
    return shape(inspect(obj).mapper.local_table.name)


def _image(obj: Record) -> Values:
    form = _shape_of(obj)
    return form.image({name: getattr(obj, name) for name in form.kept})


@cache
def _creation_order(table: str) -> int:
    return [t.name for t in Base.metadata.sorted_tables].index(table)


def reserve(session: Session, record: type[Record], count: int) -> range:
    """Take `count` fresh record numbers that were never used and never will be again."""
    table = inspect(record).local_table.name
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        last = connection.execute(
            text("SELECT seq FROM sqlite_sequence WHERE name = :t"), {"t": table}
        ).scalar_one_or_none()
        if last is None:
            last = 0
            connection.execute(text("INSERT INTO sqlite_sequence(name, seq) VALUES (:t, 0)"), {"t": table})
        connection.execute(
            text("UPDATE sqlite_sequence SET seq = :n WHERE name = :t"), {"n": last + count, "t": table}
        )
        return range(last + 1, last + count + 1)
    # one advisory lock a table keeps the reserved numbers together
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:t))"), {"t": f"reserve {table}"})
    first = connection.execute(text(f"SELECT nextval(pg_get_serial_sequence('{table}', 'id'))")).scalar_one()
    connection.execute(
        text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), :n)"), {"n": first + count - 1}
    )
    return range(first, first + count)


def bulk_insert(session: Session, record: type[Record], rows: Sequence[Values]) -> None:
    """Insert whole rows (each with its reserved `id` and every column), journalled, at bulk speed."""
    if not rows:
        return
    session.flush()
    form = shape(inspect(record).local_table.name)
    recorder = recorder_of(session)
    for start in range(0, len(rows), 1000):
        chunk = rows[start : start + 1000]
        session.connection().execute(insert(form.table), [{"version": 1, **row} for row in chunk])
        recorder.add(form.table.name, [created(row["id"], form.image(row)) for row in chunk])


def bulk_update(session: Session, record: type[Record], updates: Mapping[int, Values]) -> int:
    """Change some columns of many records, journalled; answers how many really changed."""
    if not updates:
        return 0
    session.flush()
    form = shape(inspect(record).local_table.name)
    recorder = recorder_of(session)
    count = 0
    for ids in _chunks(list(updates)):
        entries: list[Entry] = []
        by_columns: dict[tuple[str, ...], list[Values]] = defaultdict(list)
        for row in _load(session, form, ids):
            new = updates[row["id"]]
            merged = {**row, **new}
            entry = changed(row["id"], form.image(row), form.image(merged))
            derived = [n for n in new if form.table.c[n].info.get("derived") and new[n] != row[n]]
            if entry is None and not derived:
                continue
            names = tuple(sorted(new))
            by_columns[names].append({"b_id": row["id"], **{f"b_{n}": new[n] for n in names}})
            if entry is not None:
                entries.append(entry)
                count += 1
        _update_rows(session, form, by_columns)
        recorder.add(form.table.name, entries)
    session.expire_all()
    return count


def bulk_delete(session: Session, record: type[Record], ids: Sequence[int]) -> int:
    """Delete many records, journalled in the order given: undo puts them back in the opposite one."""
    session.flush()
    form = shape(inspect(record).local_table.name)
    recorder = recorder_of(session)
    count = 0
    for chunk in _chunks(list(ids)):
        rows = {row["id"]: row for row in _load(session, form, chunk)}
        session.execute(delete(form.table).where(form.table.c.id.in_(chunk)))
        there = [number for number in chunk if number in rows]
        recorder.add(form.table.name, [deleted(number, form.image(rows[number])) for number in there])
        count += len(there)
    session.expire_all()
    return count


def _update_rows(session: Session, form: Shape, by_columns: Mapping[tuple[str, ...], list[Values]]) -> None:
    for names, rows in by_columns.items():
        statement = (
            update(form.table)
            .where(form.table.c.id == bindparam("b_id"))
            .values({n: bindparam(f"b_{n}", type_=form.table.c[n].type) for n in names})
            .values(version=form.table.c.version + 1)
        )
        session.connection().execute(statement, rows)


def _load(session: Session, form: Shape, ids: Sequence[int]) -> list[Values]:
    found = session.execute(select(form.table).where(form.table.c.id.in_(ids)))
    return [dict(row) for row in found.mappings()]


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def queue(session: Session) -> None:
    """Wait for the turn to write to a shared database. One writes at a time, as in a local one: what
    a service reads before it writes is then what it writes upon."""
    session.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE}s'"))
    session.execute(select(JournalHead.id).with_for_update())


# ---- writing the line --------------------------------------------------------------------------


def pack(entries: Iterable[Entry]) -> bytes:
    return zlib.compress(canonical(list(entries)).encode(), 1)


def unpack(body: bytes) -> list[Entry]:
    return [tuple(entry) for entry in json.loads(zlib.decompress(body))]


def store(session: Session) -> int | None:
    """Write the line of the current transaction; answers its number, or None if nothing was done."""
    session.flush()
    recorder = recorder_of(session)
    recorder.parts = folded(recorder.parts)
    if not recorder.parts and recorder.deed is Deed.DO:
        return None
    session.info["recorder"] = None
    head = session.execute(select(JournalHead)).scalar_one()
    parts = [
        ActionPart(action_id=head.count + 1, number=n, of_table=table, count=len(entries), body=pack(entries))
        for n, (table, entries) in enumerate(recorder.parts, 1)
    ]
    action = Action(
        id=head.count + 1,
        at=datetime.now(UTC),
        who=recorder.who,
        terminal=recorder.terminal,
        deed=recorder.deed,
        title=recorder.title,
        service=recorder.service,
        target=recorder.target,
        undoable=recorder.undoable,
        detail=recorder.detail or None,
        previous=head.digest,
    )
    action.digest = digest_of(action, parts)
    session.add(action)
    session.flush()
    session.add_all(parts)
    head.count, head.digest = action.id, action.digest
    session.flush()
    return action.id


def digest_of(action: Action, parts: Sequence[ActionPart]) -> str:
    """What seals a line: every fact of it, every part of it, and the line before it."""
    facts = [
        action.id,
        action.at,
        action.who,
        action.terminal,
        action.deed.value,
        action.title,
        action.service,
        action.target,
        action.undoable,
        action.detail,
        action.previous,
        [[p.number, p.of_table, p.count, hashlib.sha256(p.body).hexdigest()] for p in parts],
    ]
    return hashlib.sha256(canonical(facts).encode()).hexdigest()


# ---- undo and redo -----------------------------------------------------------------------------


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
    current = {row["id"]: form.image(row) for row in _load(session, form, ids)}
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


def name_of(session: Session, form: Shape, image: Values) -> str:
    """What the clerk calls this record: its own name, or the person's whose post it is."""
    for column in ("name", "period", "key"):
        if image.get(column):
            return str(image[column])
    if image.get("person_id"):
        person = shape("person").table
        name = session.scalar(select(person.c.name).where(person.c.id == image["person_id"]))
        return str(name or "")
    return ""
