"""Many records at once, journalled as fully as one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, delete, inspect, text, update
from sqlalchemy.orm import Session

from db.images import (
    Columns,
    Part,
    Shape,
    Values,
    all_changed,
    chunks,
    load,
    load_columns,
    shape,
)
from db.inserting import insert_rows
from db.journal import PORTION, recorder_of
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
    # one after the other, since no account may set a sequence; whoever takes one in between has us begin anew
    taken = text(
        "SELECT min(n), max(n) FROM (SELECT nextval(pg_get_serial_sequence(:t, 'id')) AS n "
        "FROM generate_series(1, :count)) AS each"
    )
    while True:
        first, last = connection.execute(taken, {"t": table, "count": count}).one()
        if last - first == count - 1:
            return range(first, last + 1)


def bulk_insert(session: Session, record: type[Record], rows: Sequence[Values]) -> None:
    """Insert rows (each with its reserved `id` and every column that may not be empty), journalled, at
    bulk speed."""
    if rows:
        names = shape(inspect(record).local_table.name).names
        insert_columns(session, record, {name: [row.get(name) for row in rows] for name in names})


def insert_columns(session: Session, record: type[Record], said: Columns) -> None:
    """The same of rows given column by column; a column that is not given is empty."""
    if not said["id"]:
        return
    session.flush()
    form = shape(inspect(record).local_table.name)
    count = len(said["id"])
    columns = {name: said[name] if name in said else [None] * count for name in form.names}
    plain = form.plain(columns)
    insert_rows(session.connection(), form.table, form.driven(columns, plain))
    recorder = recorder_of(session)
    for start in range(0, count, PORTION):
        portion = {name: column[start : start + PORTION] for name, column in plain.items()}
        recorder.parts.append(Part.made(form.table.name, columns["id"][start : start + PORTION], portion))


def bulk_update(session: Session, record: type[Record], updates: Mapping[int, Values]) -> int:
    """Change some columns of many records, journalled; answers how many really changed."""
    if not updates:
        return 0
    session.flush()
    form = shape(inspect(record).local_table.name)
    recorder = recorder_of(session)
    count = 0
    for ids in chunks(list(updates)):
        by_columns: dict[tuple[str, ...], list[Values]] = defaultdict(list)
        rows = load(session, form, ids)
        befores = form.images(rows)
        afters = form.images([{**row, **updates[row["id"]]} for row in rows])
        entries = all_changed(zip((row["id"] for row in rows), befores, afters, strict=True))
        touched = {entry[0] for entry in entries}
        for row in rows:
            new = updates[row["id"]]
            if row["id"] in touched or any(new[name] != row[name] for name in new if name not in form.kept):
                names = tuple(sorted(new))
                by_columns[names].append({"b_id": row["id"], **{f"b_{n}": new[n] for n in names}})
        count += len(entries)
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
        columns = load_columns(session, form, chunk)
        there = columns["id"]
        if there:
            session.execute(delete(form.table).where(form.table.c.id.in_(there)))
            recorder.parts.append(Part.removed(form.table.name, there, form.plain(columns)))
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
