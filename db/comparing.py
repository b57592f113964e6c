"""Whether two databases hold the same: rows counted and digested table by table, whatever order and spelling each
kind of database gives them in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import Connection, Table, select

from db.copying import PORTION
from db.tables import Base

_SPAN = 2**256


@dataclass(frozen=True, slots=True)
class Content:
    """What a table holds: how many rows, and a digest of all of them that does not depend on their order."""

    rows: int
    digest: str


def content_of(connection: Connection, table: Table, seen: Callable[[int], None] = lambda _: None) -> Content:
    """Read a table to its end; `seen` hears how many rows were read so far."""
    count, total = 0, 0
    with connection.execute(select(table).execution_options(stream_results=True)) as found:
        for portion in found.partitions(PORTION):
            for row in portion:
                said = "\x1f".join(map(plain, row))
                # added up, not hashed on: a database sorts Chinese by its own rules
                total += int.from_bytes(hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest(), "big")
            count += len(portion)
            seen(count)
    return Content(count, f"{total % _SPAN:064x}")


def plain(value: Any) -> str:
    """A value as text: the same value of either database the same text."""
    if value is None:
        return "\x00"
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, bool | int | str):
        return f"{type(value).__name__[0]}{value}"
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).isoformat()
    if isinstance(value, Decimal):
        return "0" if not value else format(value.normalize(), "f")
    if isinstance(value, bytes | bytearray | memoryview):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, dict | list):
        return json.dumps(value, sort_keys=True, ensure_ascii=False, default=plain)
    return str(value)


def differing(
    here: Connection, there: Connection, progress: Callable[[str, int, int], None]
) -> tuple[dict[str, Content], list[str]]:
    """What stands here, by table, and the names of the tables that are not the same there."""
    tables = Base.metadata.sorted_tables
    found: dict[str, Content] = {}
    wrong: list[str] = []
    for done, table in enumerate(tables):
        progress("核对", done, len(tables))
        found[table.name] = content_of(here, table, lambda _, done=done: progress("核对", done, len(tables)))
        if (
            content_of(there, table, lambda _, done=done: progress("核对", done, len(tables)))
            != found[table.name]
        ):
            wrong.append(table.name)
    return found, wrong
