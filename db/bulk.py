"""Many records at once, journalled as fully as one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, inspect, text, update
from sqlalchemy.orm import Session

from db.images import Entry, Shape, Values, changed, chunks, created, deleted, load, shape
from db.journal import recorder_of
from db.tables import Record


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
    """Insert rows (each with its reserved `id` and every column that may not be empty), journalled, at
    bulk speed."""
    if not rows:
        return
    session.flush()
    form = shape(inspect(record).local_table.name)
    if unsaid := {c.name: None for c in form.table.columns if c.nullable and c.name not in rows[0]}:
        rows = [{**unsaid, **row} for row in rows]
    recorder = recorder_of(session)
    for start in range(0, len(rows), 1000):
        chunk = rows[start : start + 1000]
        images = form.images(chunk)
        _insert_rows(session, form, list(form.driven(chunk, images)))
        recorder.add(
            form.table.name, [created(row["id"], image) for row, image in zip(chunk, images, strict=True)]
        )


def bulk_update(session: Session, record: type[Record], updates: Mapping[int, Values]) -> int:
    """Change some columns of many records, journalled; answers how many really changed."""
    if not updates:
        return 0
    session.flush()
    form = shape(inspect(record).local_table.name)
    recorder = recorder_of(session)
    count = 0
    for ids in chunks(list(updates)):
        entries: list[Entry] = []
        by_columns: dict[tuple[str, ...], list[Values]] = defaultdict(list)
        for row in load(session, form, ids):
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
    for chunk in chunks(list(ids)):
        rows = {row["id"]: row for row in load(session, form, chunk)}
        session.execute(delete(form.table).where(form.table.c.id.in_(chunk)))
        there = [number for number in chunk if number in rows]
        images = form.images([rows[number] for number in there])
        recorder.add(form.table.name, list(map(deleted, there, images)))
        count += len(there)
    session.expire_all()
    return count


def _insert_rows(session: Session, form: Shape, rows: list[tuple[Any, ...]]) -> None:
    """Whole rows straight to the driver: the layer between would take longer than the database."""
    connection = session.connection()
    quoted = connection.dialect.identifier_preparer.quote
    names = ", ".join(quoted(column.name) for column in form.table.columns)
    sign = "?" if connection.dialect.name == "sqlite" else "%s"
    signs = ", ".join([sign] * len(form.table.columns))
    connection.exec_driver_sql(f"INSERT INTO {quoted(form.table.name)} ({names}) VALUES ({signs})", rows)


def _update_rows(session: Session, form: Shape, by_columns: Mapping[tuple[str, ...], list[Values]]) -> None:
    for names, rows in by_columns.items():
        statement = (
            update(form.table)
            .where(form.table.c.id == bindparam("b_id"))
            .values({n: bindparam(f"b_{n}", type_=form.table.c[n].type) for n in names})
            .values(version=form.table.c.version + 1)
        )
        session.connection().execute(statement, rows)
