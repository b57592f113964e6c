"""Taking an action back, record by record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import bulk_delete, bulk_insert, bulk_update
from db.images import (
    CHUNK,
    Entry,
    Shape,
    Values,
    chunks,
    load,
    load_columns,
    marks,
    name_of,
    shape,
    texts,
    unpack,
)
from db.tables import ActionPart, Base

Which = tuple[str, int]
"""A record: its table and its number."""

CHANGED, REMOVED, NEEDED, OWNED = "后来又改过", "后来已删除", "后来被别处用到", ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A record that undo left as it is, because it was changed or is needed since. `records` counts it
    together with what stays for its sake and is not named again."""

    noun: str
    name: str
    why: str
    records: int = 1

    def in_words(self) -> str:
        more = f"连同名下 {self.records - 1} 条" if self.records > 1 else ""
        return f"{self.name}{more}（{self.why}）"


@dataclass(slots=True)
class _Found:
    """What undo finds before it touches anything. A step is a portion of the action, in undo's order."""

    made: dict[str, dict[int, tuple[int, ...]]] = field(default_factory=lambda: defaultdict(dict))
    """Each record that the action created and that is there: its step, then what it refers to (0: nothing)."""
    restored: dict[str, dict[int, tuple[int, frozenset[str]]]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    """Each record that gets references back: its step, then which."""
    stays: dict[Which, str] = field(default_factory=dict)
    """What stays as it is, and why."""
    owners: dict[Which, Which] = field(default_factory=dict)
    """Who owns what stays."""
    gone: dict[Which, Values] = field(default_factory=dict)
    """What the action knew of records that are no longer there."""


def reverse(session: Session, action_id: int) -> tuple[int, list[Kept]]:
    """Take back what an action did, record by record; answers how many, and which were kept.

    A record that was changed since stays as it is, and so does one that something else needs. With an
    owner that the action created stays all that it created for it: a person without the post is on no
    roster. The owner is what a record's first reference that may not be empty names (`person_id` of a
    post, a membership, a certificate; `training_id` of an attendance); the grid of a post is only where
    it is. Under an owner that was there before the action, what was created goes and what was updated
    goes back, unless it was changed since itself: else a post that a move closed would be open again
    beside the one it moved to. A kept owner is named once, for all that stays with it.
    """
    query = select(ActionPart).where(ActionPart.action_id == action_id).order_by(ActionPart.number.desc())
    parts = session.scalars(query).all()
    found = _Found()
    for step, (form, entries) in enumerate(_steps(parts)):
        _compare(session, form, step, entries, found)
    _find_needed(session, found)
    _keep_together(found)
    count = 0
    for form, entries in _steps(parts):
        left = [entry for entry in entries if (form.table.name, entry[0]) not in found.stays]
        count += _reverse_entries(session, form, left)
    return count, _named(session, found)


def _steps(parts: Sequence[ActionPart]) -> Iterator[tuple[Shape, list[Entry]]]:
    """Backwards, in portions. Unpacked each time they are asked for: a city's would fill the memory."""
    for part in parts:
        entries = list(reversed(unpack(part.body)))
        for start in range(0, len(entries), CHUNK):
            yield shape(part.of_table), entries[start : start + CHUNK]


@cache
def _links(table: str) -> tuple[tuple[str, str], ...]:
    """The columns that refer to records and the tables of those, the owner's before all."""
    keys = sorted(shape(table).table.foreign_keys, key=lambda key: _place(table, key.parent.name))
    return tuple((key.parent.name, key.column.table.name) for key in keys)


def _place(table: str, column: str) -> tuple[bool, int]:
    columns = shape(table).table.columns
    return bool(columns[column].nullable), list(columns.keys()).index(column)


@cache
def _owner_table(table: str) -> str | None:
    links = _links(table)
    return links[0][1] if links and not shape(table).table.c[links[0][0]].nullable else None


def _compare(session: Session, form: Shape, step: int, entries: list[Entry], found: _Found) -> None:
    """Tell what was changed or removed since from what is as the action left it."""
    left = [entry for entry in entries if entry[2] is not None]
    columns = load_columns(session, form, [entry[0] for entry in left])
    plain = form.plain(columns)
    current = {number: place for place, number in enumerate(columns["id"])}
    as_it_is = marks(texts(plain))
    table = form.table.name
    links, owner = _links(table), _owner_table(table)
    for number, before, after, mark in left:
        now = current.get(number)
        if now is None:
            if before is not None:
                found.stays[table, number] = REMOVED
                found.gone[table, number] = {**before, **(after or {})}
            continue
        if before is None:
            found.made[table][number] = (step, *(plain[name][now] or 0 for name, _ in links))
        if as_it_is[now] != mark:
            found.stays[table, number] = CHANGED
            if owner is not None:
                found.owners[table, number] = owner, plain[links[0][0]][now]
        elif before is not None and links:
            names = frozenset(name for name, _ in links if name in before)
            if names:
                found.restored[table][number] = step, names


def _find_needed(session: Session, found: _Found) -> None:
    """Keep what others refer to that are neither deleted nor pointed elsewhere before it would go."""
    for other in Base.metadata.sorted_tables:
        going, restored = found.made.get(other.name, {}), found.restored.get(other.name, {})
        for key in other.foreign_keys:
            table, column = key.column.table.name, key.parent
            made = found.made.get(table, {})
            for ids in chunks(list(made)):
                for number, wanted in session.execute(select(other.c.id, column).where(column.in_(ids))):
                    step = made[wanted][0]
                    if number in going and (other.name, number) not in found.stays:
                        needed = going[number][0] > step
                    else:
                        before, names = restored.get(number, (step, frozenset()))
                        needed = before >= step or column.name not in names
                    if needed:
                        _keep(found, (table, wanted), NEEDED)


def _keep_together(found: _Found) -> None:
    """Keep what a created record that stays refers to, and what it owns, until nothing is added."""
    before = 0
    while before < len(found.stays):
        before = len(found.stays)
        for table, rows in found.made.items():
            links, owner = _links(table), _owner_table(table)
            for number, (_, *refs) in rows.items():
                if (table, number) in found.stays:
                    for (_, target), ref in zip(links, refs, strict=True):
                        if ref in found.made.get(target, ()):
                            _keep(found, (target, ref), NEEDED)
                elif owner and (owner, refs[0]) in found.stays and refs[0] in found.made.get(owner, ()):
                    _keep(found, (table, number), OWNED)


def _keep(found: _Found, which: Which, why: str) -> None:
    """Keep a created record, unless it stays already."""
    if which not in found.stays:
        found.stays[which] = why
        table, number = which
        owner = _owner_table(table)
        if owner is not None:
            found.owners[which] = owner, found.made[table][number][1]


def _named(session: Session, found: _Found) -> list[Kept]:
    """What stays in words, each owner that stays once."""
    groups: dict[Which, list[str]] = defaultdict(list)
    for which, why in found.stays.items():
        head = which
        while (owner := found.owners.get(head)) in found.stays:
            head = owner
        groups[head].append(why)
    images = dict(found.gone)
    by_table: dict[str, list[int]] = defaultdict(list)
    for table, number in groups:
        by_table[table].append(number)
    for table, numbers in by_table.items():
        for ids in chunks(numbers):
            images.update(((table, row["id"]), row) for row in load(session, shape(table), ids))
    return [
        Kept(
            shape(head[0]).record.noun,
            name_of(session, shape(head[0]), images[head]),
            next(why for why in (CHANGED, found.stays[head]) if why in whys),
            len(whys),
        )
        for head, whys in groups.items()
    ]


def _reverse_entries(session: Session, form: Shape, entries: list[Entry]) -> int:
    """Take back a portion that nothing holds. Those removed by the action that are there again stay."""
    removed = [entry[0] for entry in entries if entry[2] is None]
    there = {row["id"] for row in load(session, form, removed)} if removed else set()
    to_delete = [number for number, before, after, _ in entries if before is None and after is not None]
    to_update = {
        number: form.values(before)
        for number, before, after, _ in entries
        if before is not None and after is not None
    }
    to_insert = [
        {"id": number, **form.values(before)}
        for number, before, after, _ in entries
        if after is None and before is not None and number not in there
    ]
    count = bulk_delete(session, form.record, to_delete)
    bulk_update(session, form.record, to_update)
    if to_insert:
        derived = {c.name: None if c.nullable else "" for c in form.table.columns if c.info.get("derived")}
        bulk_insert(session, form.record, [{**derived, **row} for row in to_insert])
    return count + len(to_update) + len(to_insert)
