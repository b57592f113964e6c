"""Records as plain values: what the journal keeps of them before and after.

An entry is `(id, before, after, mark)`: `before` and `after` hold the changed columns in stored form
(all columns for a new or a deleted record), `mark` is a digest of the whole record as the action
left it, so that undo can tell whether it was changed since.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from itertools import repeat
from json.encoder import encode_basestring
from operator import itemgetter
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from db.tables import Base, Record
from db.types import canonical, compact, from_stored, to_driver, to_stored

CHUNK = 500
Values = dict[str, Any]
Entry = tuple[int, Values | None, Values | None, str | None]


@dataclass(frozen=True, slots=True)
class Shape:
    """How one table's records become plain values and back."""

    table: Table
    record: type[Record]
    kept: tuple[str, ...]
    to_plain: tuple[tuple[str, Callable[[Any], Any]], ...]
    to_value: Mapping[str, Callable[[Any], Any]]
    to_driver: tuple[tuple[str, Callable[[Any], Any] | None], ...]

    def image(self, values: Mapping[str, Any]) -> Values:
        plain = {name: values[name] for name in self.kept}
        for name, convert in self.to_plain:
            plain[name] = convert(plain[name])
        return plain

    def images(self, rows: Sequence[Mapping[str, Any]]) -> list[Values]:
        """`image` of many, column by column."""
        converters = dict(self.to_plain)
        columns = (
            list(map(converters[name], map(itemgetter(name), rows)))
            if name in converters
            else map(itemgetter(name), rows)
            for name in self.kept
        )
        return [dict(zip(self.kept, values, strict=True)) for values in zip(*columns, strict=True)]

    def driven(
        self, rows: Sequence[Mapping[str, Any]], images: Sequence[Values]
    ) -> Iterator[tuple[Any, ...]]:
        """Whole rows as either driver takes them, in the order of the table's columns."""
        columns: list[Iterable[Any]] = []
        kept, plain = set(self.kept), dict(self.to_plain)
        for name, convert in self.to_driver:
            if name == "version":
                columns.append(repeat(1, len(rows)))
            elif convert is None:
                columns.append(map(itemgetter(name), rows))
            elif name in kept and name in plain:
                columns.append(map(itemgetter(name), images))
            else:
                columns.append(map(convert, map(itemgetter(name), rows)))
        return zip(*columns, strict=True)

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
    return Shape(
        table, record, kept, to_plain, to_value, tuple((c.name, to_driver(c.type)) for c in table.columns)
    )


def mark_of(image: Values) -> str:
    """The digest of a record. Empty columns do not count, so that a column added later changes no mark."""
    # the canonical text put together here: an encoder that sorts takes three times as long
    said = [
        head + (encode_basestring(value) if type(value) is str else _said(value))
        for name, head in _heads(tuple(image))
        if (value := image[name]) is not None
    ]
    return blake2b(f"{{{','.join(said)}}}".encode(), digest_size=8).hexdigest()


def _said(value: Any) -> str:
    return str(value) if type(value) is int else _BOOLEANS[value] if type(value) is bool else canonical(value)


_BOOLEANS = {True: "true", False: "false"}


@cache
def _heads(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, f"{encode_basestring(name)}:") for name in sorted(names))


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


def load(session: Session, form: Shape, ids: Sequence[int]) -> list[Values]:
    found = session.execute(select(form.table).where(form.table.c.id.in_(ids)))
    return [dict(row) for row in found.mappings()]


def chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def pack(entries: Iterable[Entry]) -> bytes:
    return zlib.compress(compact(list(entries)).encode(), 1)


def unpack(body: bytes) -> list[Entry]:
    return [tuple(entry) for entry in json.loads(zlib.decompress(body))]


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
