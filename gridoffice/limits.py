"""What the database has room for, said before it is written.

PostgreSQL refuses a text that is too long and SQLite takes it: the clerk hears the same of both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def check_room(record: type[Base], columns: Sequence[Column], values: Mapping[str, Any]) -> list[Problem]:
    """The values that this record's table cannot hold; columns that are no column of it are passed over."""
    table = table_of(record)
    found = []
    for column in columns:
        value = values.get(column.name)
        if value is not None and column.name in table.c:
            fault = _fault(table.c[column.name].type, value)
            if fault is not None:
                label = column.field.label
                found.append(Problem(f"{label}{fault}", field=label, value=str(value)[:60]))
    return found


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
