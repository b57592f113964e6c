"""The journal: audit, undo, redo and change notice, all from one record of what a write touched.

A write collects an entry (`db.images`) for every record it creates, changes or deletes; at its end
they become one line, sealed together with the line before it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import func, inspect, select, text
from sqlalchemy.orm import Session

from db.enums import Deed
from db.images import (
    Entry,
    Part,
    Shape,
    Values,
    changed,
    chunks,
    created,
    deleted,
    folded,
    load,
    shape,
)
from db.server.naming import name_rows
from db.tables import Action, ActionPart, Base, JournalHead, Record
from db.types import canonical

PATIENCE = 20
"""Seconds to wait for somebody else's write."""

ASLEEP = 120
"""Seconds after which whoever fell asleep or was cut off in the middle of a write loses the turn."""

START = "0" * 64

PORTION = 1000
"""So many records stand together in the journal."""


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
    parts: list[Part] = field(default_factory=list)

    def add(self, table: str, entries: list[Entry]) -> None:
        if not entries:
            return
        last = self.parts[-1] if self.parts else None
        if last and last.table == table and last.entries and len(last.entries) + len(entries) <= PORTION:
            self.parts[-1] = Part.of(table, last.entries + entries)
        else:
            self.parts.append(Part.of(table, entries))

    def changes(self) -> dict[str, frozenset[int]]:
        """The change notice: the ids touched, by table."""
        touched: dict[str, set[int]] = defaultdict(set)
        for part in self.parts:
            touched[part.table].update(part.ids)
        return {table: frozenset(ids) for table, ids in touched.items()}


def recorder_of(session: Session) -> Recorder:
    return session.info["recorder"]


def entitle(session: Session, title: str, **detail: Any) -> None:
    """Give the action its final words (“导入网格员花名册：新增 412 人”) and facts worth keeping."""
    recorder = recorder_of(session)
    recorder.title = title
    recorder.detail.update(detail)


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
            for chunk in chunks(ids):
                rows = load(session, form, chunk)
                numbers = [(table, row["id"]) for row in rows]
                before.update(zip(numbers, form.images(rows), strict=True))


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


def queue(session: Session) -> None:
    """Wait for the turn to write to a shared database. One writes at a time, as in a local one: what
    a service reads before it writes is then what it writes upon."""
    session.execute(
        text(
            "SELECT set_config('lock_timeout', :patience, true),"
            " set_config('idle_in_transaction_session_timeout', :asleep, true)"
        ),
        {"patience": f"{PATIENCE}s", "asleep": f"{ASLEEP}s"},
    )
    session.execute(select(JournalHead.id).with_for_update())


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
        ActionPart(
            action_id=head.count + 1, number=n, of_table=part.table, count=len(part.ids), body=part.body()
        )
        for n, part in enumerate(recorder.parts, 1)
    ]
    action = Action(
        id=head.count + 1,
        at=_now(session),
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
    session.refresh(head)
    if head.count != action.id:  # a server that enforces has moved it itself, and lets nobody else do so
        head.count, head.digest = action.id, action.digest
    session.add_all(parts)
    session.flush()
    name_rows(session, recorder.parts)
    return action.id


def _now(session: Session) -> datetime:
    """A shared office goes by its server's clock, not by that of whichever computer writes."""
    if session.get_bind().dialect.name == "sqlite":
        return datetime.now(UTC)
    return session.execute(select(func.clock_timestamp())).scalar_one().astimezone(UTC)


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
