"""Records as plain values: what the journal keeps of them before and after.

An entry is `(id, before, after, mark)`: `before` and `after` hold the changed columns in stored form
(for a new or a deleted record all that are not empty), `mark` is a digest of the whole record as the
action left it, so that undo can tell whether it was changed since. Many new or removed records at once
are kept column by column, and the marks of new ones, which follow from that, are not: putting a city's
rows into words one by one takes as long as the database needs for them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from itertools import repeat
from json.encoder import encode_basestring
from types import NoneType
from typing import Any

import orjson
from isal import isal_zlib
from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from db.tables import Base, Record
from db.types import (
    ColumnConverter,
    Converter,
    canonical,
    column_to_stored,
    compact,
    from_stored,
    to_driver,
    to_stored,
)

CHUNK = 500
Values = dict[str, Any]
Columns = Mapping[str, Sequence[Any]]
"""Records column by column, all of one length."""
Entry = tuple[int, Values | None, Values | None, str | None]


@dataclass(frozen=True, slots=True)
class Shape:
    """How one table's records become plain values and back."""

    table: Table
    record: type[Record]
    names: tuple[str, ...]
    kept: tuple[str, ...]
    to_plain: Mapping[str, ColumnConverter]
    to_value: Mapping[str, Converter]
    to_driver: Mapping[str, Converter]
    alike: frozenset[str]
    """Columns that the driver takes as the journal keeps them."""

    def plain(self, columns: Columns) -> dict[str, Sequence[Any]]:
        """What the journal keeps of these records, in stored form."""
        return {
            name: self.to_plain[name](columns[name]) if name in self.to_plain else columns[name]
            for name in self.kept
        }

    def image(self, values: Mapping[str, Any]) -> Values:
        return self.images([values])[0]

    def images(self, rows: Sequence[Mapping[str, Any]]) -> list[Values]:
        """`image` of many, column by column."""
        plain = self.plain({name: [row[name] for row in rows] for name in self.kept})
        return [dict(zip(self.kept, values, strict=True)) for values in zip(*plain.values(), strict=True)]

    def driven(self, columns: Columns, plain: Columns) -> list[Sequence[Any]]:
        """The columns of whole new records as either driver takes them, in the order of the table's."""
        return [
            (1,) * len(columns["id"])
            if name == "version"
            else plain[name]
            if name in self.alike
            else list(map(self.to_driver[name], columns[name]))
            if name in self.to_driver
            else columns[name]
            for name in self.names
        ]

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
    names = tuple(column.name for column in table.columns)
    derived = {column.name for column in table.columns if column.info.get("derived")}
    kept = tuple(name for name in names if name not in derived and name not in ("id", "version"))
    driven = {name: convert for name in names if (convert := to_driver(table.c[name].type)) is not None}
    return Shape(
        table,
        record,
        names,
        kept,
        {n: f for n in kept if (f := column_to_stored(table.c[n].type)) is not None},
        {n: f for n in kept if (f := from_stored(table.c[n].type)) is not None},
        driven,
        frozenset(n for n in kept if n in driven and to_stored(table.c[n].type) is not None),
    )


def texts(plain: Columns) -> list[str]:
    """The canonical text of each record. Empty columns do not count, so that a column added later
    changes no mark."""
    # put together here: an encoder that sorts takes three times as long
    said = [
        _pieces(f"{encode_basestring(name)}:", column)
        for name, column in sorted(plain.items())
        if column.count(None) < len(column)
    ]
    if not said:
        return ["{}"] * len(next(iter(plain.values())))
    return [f"{{{text[:-1]}}}" for text in map("".join, zip(*said, strict=True))]


def _pieces(head: str, column: Sequence[Any]) -> list[str]:
    """What each value of a column adds to the text of its record."""
    kinds = set(map(type, column))
    if kinds == {int}:
        return [f"{head}{value}," for value in column]
    if kinds <= {str, NoneType} or kinds <= {bool, NoneType}:
        # equal values of one kind are said once; 1 and True, which are equal too, never meet here
        in_words = encode_basestring if str in kinds else canonical
        known = {value: "" if value is None else f"{head}{in_words(value)}," for value in set(column)}
        return list(map(known.__getitem__, column))
    return ["" if value is None else f"{head}{canonical(value)}," for value in column]


def marks(said: Sequence[str]) -> list[str]:
    """The digest of each record, from its canonical text."""
    return [blake2b(text.encode(), digest_size=8).hexdigest() for text in said]


def marks_of(images: Sequence[Values]) -> list[str]:
    """The digests of records with the same columns."""
    if not images:
        return []
    return marks(texts({name: [image[name] for image in images] for name in images[0]}))


def mark_of(image: Values) -> str:
    """The digest of a record."""
    return marks_of([image])[0]


def created(record_id: int, image: Values) -> Entry:
    return record_id, None, _filled(image), mark_of(image)


def changed(record_id: int, before: Values, after: Values) -> Entry | None:
    """The entry of an update, with only the columns that differ; None when nothing does."""
    return next(iter(all_changed([(record_id, before, after)])), None)


def all_changed(updates: Iterable[tuple[int, Values, Values]]) -> list[Entry]:
    """The entries of those updates that change anything."""
    real = [update for update in updates if update[1] != update[2]]
    return [
        (number, {n: before[n] for n in names}, {n: after[n] for n in names}, mark)
        for (number, before, after), mark in zip(real, marks_of([after for *_, after in real]), strict=True)
        if (names := [name for name in after if before[name] != after[name]])
    ]


def deleted(record_id: int, image: Values) -> Entry:
    return record_id, _filled(image), None, None


def _filled(image: Values) -> Values:
    return {name: value for name, value in image.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the records of one table that an action touched: as entries, or packed already, since a
    city's as entries would fill the memory."""

    table: str
    ids: Sequence[int]
    entries: list[Entry] | None
    packed: bytes = b""

    @classmethod
    def of(cls, table: str, entries: list[Entry]) -> Part:
        return cls(table, [entry[0] for entry in entries], entries)

    @classmethod
    def made(cls, table: str, ids: Sequence[int], plain: Columns) -> Part:
        """New records, in stored form."""
        return cls(table, ids, None, _in_columns(_MADE, ids, plain))

    @classmethod
    def removed(cls, table: str, ids: Sequence[int], plain: Columns) -> Part:
        """Records that are no longer there, in stored form."""
        return cls(table, ids, None, _in_columns(_REMOVED, ids, plain))

    def opened(self) -> list[Entry]:
        return unpack(self.packed) if self.entries is None else self.entries

    def body(self) -> bytes:
        return self.packed if self.entries is None else _compressed(compact(self.entries))


def folded(parts: Sequence[Part]) -> list[Part]:
    """The same parts with each record once: how it was before the action, and how the action left it."""
    touched: dict[str, list[int]] = defaultdict(list)
    for part in parts:
        touched[part.table] += part.ids
    twice = {table for table, ids in touched.items() if len(set(ids)) < len(ids)}
    return _folded(parts, twice) if twice else [part for part in parts if part.ids]


def _folded(parts: Sequence[Part], twice: Collection[str]) -> list[Part]:
    places: dict[tuple[str, int], tuple[int, int]] = {}
    kept: list[dict[int, Entry]] = [{} for _ in parts]
    for number, part in enumerate(parts):
        for place, entry in enumerate(part.opened() if part.table in twice else ()):
            key = part.table, entry[0]
            if key in places:
                earlier_number, earlier_place = places.pop(key)
                joined = _joined(kept[earlier_number].pop(earlier_place), entry)
                if joined is None:
                    continue
                # undo goes backwards: what was made stands where it was made, what was removed at its end
                if joined[2] is not None:
                    places[key] = earlier_number, earlier_place
                    kept[earlier_number][earlier_place] = joined
                    continue
                entry = joined
            places[key] = number, place
            kept[number][place] = entry
    found = (
        Part.of(part.table, [some[place] for place in sorted(some)]) if part.table in twice else part
        for part, some in zip(parts, kept, strict=True)
    )
    return [part for part in found if part.ids]


def _joined(first: Entry, then: Entry) -> Entry | None:
    """Two entries of one record as one; None when nothing remains of them."""
    before = None if first[1] is None else {**(then[1] or {}), **first[1]}
    after = None if then[2] is None else {**(first[2] or {}), **then[2]}
    if before is None:
        return None if after is None else (first[0], None, _filled(after), then[3])
    if after is None:
        return first[0], _filled(before), None, None
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if not names:
        return None
    return first[0], {n: before.get(n) for n in names}, {n: after.get(n) for n in names}, then[3]


def load(session: Session, form: Shape, ids: Sequence[int]) -> list[Values]:
    found = session.execute(select(form.table).where(form.table.c.id.in_(ids)))
    return [dict(row) for row in found.mappings()]


def load_columns(session: Session, form: Shape, ids: Sequence[int]) -> Columns:
    """Those of these records that are there, in the order of `ids`, column by column."""
    found = {row[0]: row for row in session.execute(select(form.table).where(form.table.c.id.in_(ids)))}
    rows = [found[number] for number in ids if number in found]
    return dict(zip(form.names, zip(*rows, strict=True) if rows else repeat(()), strict=False))


def chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def _compressed(text: bytes) -> bytes:
    return isal_zlib.compress(text, 1)


_MADE, _REMOVED, _COLUMNS = "made", "removed", "columns"


def _in_columns(what: str, ids: Sequence[int], plain: Columns) -> bytes:
    """Records as `{"made": [ids], "columns": {name: [values]}}`, empty columns left out."""
    filled = {name: list(column) for name, column in plain.items() if column.count(None) < len(column)}
    return _compressed(compact({what: list(ids), _COLUMNS: filled}))


def text_of(body: bytes) -> bytes:
    """A part as it is kept, to be searched: what is not in there is in none of its entries."""
    return isal_zlib.decompress(body)


def unpack(body: bytes) -> list[Entry]:
    """The entries of a part, of whichever form: a list of them (the only form until 2026-11-22), or
    columns of new or of removed records."""
    said = orjson.loads(text_of(body))
    if isinstance(said, list):
        return [tuple(entry) for entry in said]
    columns = said[_COLUMNS]
    if _REMOVED in said:
        return [(number, image, None, None) for number, image in _rows(said[_REMOVED], columns)]
    ids = said[_MADE]
    digests = marks(texts(columns) if columns else ["{}"] * len(ids))
    return [(n, None, image, mark) for (n, image), mark in zip(_rows(ids, columns), digests, strict=True)]


def _rows(ids: Sequence[int], columns: Columns) -> Iterator[tuple[int, Values]]:
    rows = zip(*columns.values(), strict=True) if columns else repeat((), len(ids))
    for number, values in zip(ids, rows, strict=True):
        yield number, _filled(dict(zip(columns, values, strict=True)))


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
