"""What the database has room for, said before it is written.

PostgreSQL refuses a text that is too long and SQLite takes it: the clerk hears the same of both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Integer, String
from sqlalchemy.types import TypeEngine

from db.tables import Base, table_of
from db.types import Exact
from gridoffice.errors import Problem
from gridoffice.fields import Column

INTEGER = 2**31 - 1
BIG = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Room:
    """What one column of a table can hold."""

    name: str
    label: str
    kind: TypeEngine[Any]
    length: int | None


def rooms(record: type[Base], columns: Sequence[Column]) -> tuple[Room, ...]:
    """The room that a record's table has for these columns; those that are none of its own, or hold
    whatever comes, are passed over."""
    table = table_of(record)
    known = ((column, table.c[column.name].type) for column in columns if column.name in table.c)
    return tuple(
        Room(column.name, column.field.label, kind, kind.length if isinstance(kind, String) else None)
        for column, kind in known
        if isinstance(kind, (Exact, Integer)) or (isinstance(kind, String) and kind.length is not None)
    )


def check_rooms(rooms: Sequence[Room], values: Mapping[str, Any]) -> list[Problem]:
    """The values that have no room."""
    found = []
    for room in rooms:
        value = values.get(room.name)
        if value is None or (room.length is not None and len(value) <= room.length):
            continue
        if (fault := _fault(room.kind, value)) is not None:
            found.append(Problem(f"{room.label}{fault}", field=room.label, value=str(value)[:60]))
    return found


def without_room(rooms: Sequence[Room], columns: Mapping[str, Sequence[Any]]) -> set[int]:
    """The same for many rows at once, by column name: the positions of those that `check_rooms` finds
    something wrong with."""
    found: set[int] = set()
    for room in rooms:
        values = columns.get(room.name, ())
        if room.length is not None:
            longest = max(map(len, filter(None, values)), default=0)
            if longest <= room.length:
                continue
        found.update(place for place, value in enumerate(values) if check_rooms([room], {room.name: value}))
    return found


def check_room(record: type[Base], columns: Sequence[Column], values: Mapping[str, Any]) -> list[Problem]:
    """The values that this record's table cannot hold; columns that are no column of it are passed over."""
    return check_rooms(rooms(record, columns), values)


def _fault(kind: TypeEngine[Any], value: Any) -> str | None:
    if isinstance(kind, Exact):
        exact = Decimal(value)
        if exact != round(exact, kind.places):
            return f"最多 {kind.places} 位小数。"
        return "太大，看看有没有多写几位。" if abs(exact.scaleb(kind.places)) > BIG else None
    if isinstance(kind, Integer):
        return "太大，看看有没有多写几位。" if abs(value) > INTEGER else None
    if isinstance(kind, String) and kind.length is not None and len(value) > kind.length:
        return f"有 {len(value)} 个字，最多 {kind.length} 个。"
    return None
