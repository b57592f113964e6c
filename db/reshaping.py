"""What an upgrade does to records is in the journal like everything else that changes them.

A revision that keeps a record otherwise than before (a column less, a fact in another form) gives it
another mark. Records that were as the journal said before get their new mark in one line of the
journal; one that somebody had changed past the journal is given away after the upgrade as before it.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, inspect, text
from sqlalchemy.orm import Session

from db.enums import Deed
from db.images import Part, chunks, created, load, mark_of, shape, unpack
from db.journal import Recorder, store


@dataclass(frozen=True, slots=True)
class Reshaped:
    """A table whose records a revision keeps otherwise: which columns the journal kept till then, and
    those of them that hold JSON, or yes and no (`flags`). `fills` are tables that the revision fills from it."""

    table: str
    kept: tuple[str, ...]
    as_json: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()
    fills: tuple[str, ...] = ()


RESHAPED: Mapping[str, tuple[Reshaped, ...]] = {
    "0005": (
        Reshaped(
            "party_org",
            ("name", "kind", "parent_id", "grid_id", "secretary", "phone", "from_day", "to_day", "note"),
            fills=("org_seat",),
        ),
    ),
    "0006": (
        Reshaped(
            "sheet",
            (
                "month_id",
                "person_id",
                "post_id",
                "name",
                "id_number",
                "title",
                "employment",
                "grid_path",
                "grid_name",
                "unit_path",
                "unit_name",
                "inputs",
                "parts",
                "total",
                "grade",
                "rank",
                "unit_rank",
            ),
            as_json=frozenset({"inputs", "parts"}),
        ),
    ),
    "0007": (
        Reshaped(
            "month",
            (
                "period",
                "scheme_id",
                "state",
                "opened_on",
                "computed_at",
                "locked_at",
                "locked_by",
                "digest",
            ),
        ),
    ),
    "0009": (
        Reshaped(
            "account",
            ("name", "display", "role", "grid_id", "active", "person_id", "scorer"),
            flags=frozenset({"active"}),
        ),
    ),
}
"""By the revision that does it."""


@dataclass(slots=True)
class Standing:
    """Which records were as the journal said before an upgrade, by table; and which tables it fills."""

    intact: dict[str, list[int]] = field(default_factory=dict)
    filled: list[str] = field(default_factory=list)


def stood(connection: Connection, was: str | None) -> Standing:
    """Look at what the revisions after `was` will keep otherwise. Call it before they run."""
    found = Standing()
    if was is None:
        return found
    there = set(connection.dialect.get_table_names(connection))
    for revision in sorted(RESHAPED):
        for one in RESHAPED[revision] if revision > was else ():
            if one.table in there:
                found.intact[one.table] = _intact(connection, one)
                found.filled += one.fills
    return found


def _intact(connection: Connection, one: Reshaped) -> list[int]:
    said = _last_marks(connection, one.table)
    # an office older still has not all of them; what is empty counts for nothing in a mark
    there = {column["name"] for column in inspect(connection).get_columns(one.table)}
    kept = [name for name in one.kept if name in there]
    names = ", ".join(f'"{name}"' for name in kept)
    rows = connection.execute(text(f'SELECT id, {names} FROM "{one.table}" ORDER BY id'))
    return [
        number
        for number, *values in rows
        if said.get(number)
        == mark_of({name: _plain(one, name, value) for name, value in zip(kept, values, strict=True)})
    ]


def _plain(one: Reshaped, name: str, value: Any) -> Any:
    """A value as the database gives it, as the journal kept it."""
    if name in one.as_json and value is not None:
        return json.loads(value)
    if name in one.flags:
        return bool(value)
    return value.isoformat() if isinstance(value, date) else value


def _last_marks(connection: Connection, table: str) -> dict[int, str | None]:
    found: dict[int, str | None] = {}
    parts = connection.execute(
        text("SELECT body FROM action_part WHERE of_table = :table ORDER BY action_id, number"),
        {"table": table},
    )
    for (body,) in parts:
        found.update((entry[0], entry[3]) for entry in unpack(body))
    return found


def restate(connection: Connection, before: Standing) -> None:
    """Write down what an upgrade made of the records that stood as they should."""
    session = Session(connection, join_transaction_mode="rollback_only")
    recorder = Recorder("资料库升级到新版本", "upgrade", "本程序", platform.node(), Deed.NOTE, undoable=False)
    recorder.parts = [part for table, ids in before.intact.items() for part in _restated(session, table, ids)]
    recorder.parts += [part for table in before.filled for part in _filled(session, table)]
    if recorder.parts:
        session.info["recorder"] = recorder
        store(session)
    session.close()


def _restated(session: Session, table: str, ids: Iterable[int]) -> Iterable[Part]:
    form = shape(table)
    for chunk in chunks(list(ids)):
        rows = load(session, form, chunk)
        yield Part.of(
            table,
            [(row["id"], {}, {}, mark_of(image)) for row, image in zip(rows, form.images(rows), strict=True)],
        )


def _filled(session: Session, table: str) -> Iterable[Part]:
    form = shape(table)
    ids = list(session.scalars(text(f'SELECT id FROM "{table}" ORDER BY id')))
    for chunk in chunks(list(ids)):
        rows = load(session, form, chunk)
        images = form.images(rows)
        yield Part.of(table, [created(row["id"], image) for row, image in zip(rows, images, strict=True)])
