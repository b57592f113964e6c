"""Backups: a whole office in one SQLite file, proved readable before it counts as one.

A shared office is copied table by table inside one snapshot, so that a backup of either kind is
the same kind of file and restores into either kind of database.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Table, func, insert, select, text

from db import migrate
from db.session import Store
from db.tables import Base

PORTION = 2000
GUARDED = ("sheet", "month", "scheme", "action", "action_part", "journal_head")
Progress = Callable[[str, int, int], None]


class BadBackup(Exception):
    """The file is no backup, or not a whole one. The message is a sentence."""


def _silent(doing: str, done: int, total: int) -> None:
    """Nobody watches."""


def back_up(store: Store, target: Path, progress: Progress = _silent) -> dict[str, int]:
    """Write a verified backup; answers the number of rows by table. The file appears whole or not
    at all. Raises `BadBackup` when the copy does not check out."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(target.name + ".new")
    fresh.unlink(missing_ok=True)
    try:
        if store.file is not None:
            _copy_pages(store.file, fresh, progress)
        else:
            copy = Store(fresh)
            try:
                migrate.upgrade(copy.engine)
                _copy_rows(store, copy, progress)
            finally:
                copy.close()
        _settle(fresh)
        counts = check(fresh)
        fresh.replace(target)
    finally:
        for leftover in (fresh, Path(f"{fresh}-wal"), Path(f"{fresh}-shm")):
            leftover.unlink(missing_ok=True)
    return counts


def check(file: Path) -> dict[str, int]:
    """Prove a backup: readable, whole, and of an office. Answers the number of rows by table."""
    if not file.is_file():
        raise BadBackup(f"没有找到备份“{file}”。")
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            (answer,) = connection.execute("PRAGMA integrity_check").fetchone()
            if answer != "ok":
                raise BadBackup(f"“{file.name}”已损坏，不能用。")
            tables = {
                name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
            }
            if "alembic_version" not in tables:
                raise BadBackup(f"“{file.name}”不是网格办的备份。")
            revision = connection.execute("SELECT max(version_num) FROM alembic_version").fetchone()[0]
            if revision is None:
                raise BadBackup(f"“{file.name}”不是网格办的备份。")
            if revision not in migrate.known():
                raise BadBackup(f"“{file.name}”是更新版本的程序做的备份，先升级本程序。")
            missing = Base.metadata.tables.keys() - tables
            if missing and revision == migrate.head():
                raise BadBackup(f"“{file.name}”不全，里面没有 {'、'.join(sorted(missing))}。")
            return {
                table.name: connection.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()[0]
                for table in Base.metadata.sorted_tables
                if table.name in tables
            }
    except sqlite3.DatabaseError as error:
        raise BadBackup(f"“{file.name}”不是网格办的备份，或已损坏。") from error


def restore(file: Path, store: Store, progress: Progress = _silent) -> dict[str, int]:
    """Put a backup in the place of everything the store holds, in one go. Back up first.

    Answers the number of rows by table."""
    counts = check(file)
    if store.file is not None:
        store.close()
        _copy_pages(file, store.file, progress)
        migrate.upgrade(store.engine)
        return counts
    # an older backup is brought up to date on a copy, never in place
    older = file.with_name(file.name + ".upgraded")
    _copy_pages(file, older, progress)
    source = Store(older)
    try:
        migrate.upgrade(source.engine)
        _copy_rows(source, store, progress, replace=True)
    finally:
        source.close()
        for leftover in (older, Path(f"{older}-wal"), Path(f"{older}-shm")):
            leftover.unlink(missing_ok=True)
    return counts


def _copy_pages(source: Path, target: Path, progress: Progress) -> None:
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(
            there, pages=2000, progress=lambda _status, left, total: progress("备份", total - left, total)
        )


def _settle(file: Path) -> None:
    """One file again, without the two that lie beside a database at work."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def _copy_rows(source: Store, target: Store, progress: Progress, replace: bool = False) -> None:
    snapshot = source.engine.execution_options(
        **({} if source.local else {"isolation_level": "REPEATABLE READ"})
    )
    writer = target.engine.execution_options(office_writes=True)
    tables = Base.metadata.sorted_tables
    with snapshot.connect() as here, writer.begin() as there:
        if replace:
            there.execute(text(f"TRUNCATE {', '.join(table.name for table in tables)} CASCADE"))
        _guards(there, "DISABLE")
        for table in tables:
            if table.name == "journal_head":
                there.execute(table.delete())
            _copy_table(here, there, table, progress)
            if table.c.get("id") is not None and table.dialect_options["sqlite"]["autoincrement"]:
                _set_last_number(there, table.name, _last_number(here, table.name))
        _guards(there, "ENABLE")


def _guards(there: Connection, word: str) -> None:
    """A copy brings locked months in: their guards rest for this one transaction."""
    if there.dialect.name == "postgresql":
        for name in GUARDED:
            there.execute(text(f"ALTER TABLE {name} {word} TRIGGER USER"))
        return
    if word == "DISABLE":
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        there.info["guards"] = there.execute(text(query)).all()
        for name, _ in there.info["guards"]:
            there.execute(text(f'DROP TRIGGER "{name}"'))
    else:
        for _, said in there.info.pop("guards"):
            there.exec_driver_sql(said)


def _last_number(connection: Connection, table: str) -> int:
    """The highest record number ever given out, so that none is given out twice."""
    if connection.dialect.name == "sqlite":
        query = text("SELECT seq FROM sqlite_sequence WHERE name = :t")
    else:
        query = text("SELECT pg_sequence_last_value(pg_get_serial_sequence(:t, 'id'))")
    return connection.execute(query, {"t": table}).scalar() or 0


def _set_last_number(connection: Connection, table: str, number: int) -> None:
    if number == 0:
        return
    if connection.dialect.name == "sqlite":
        changed = connection.execute(
            text("UPDATE sqlite_sequence SET seq = :n WHERE name = :t"), {"n": number, "t": table}
        )
        if changed.rowcount == 0:
            connection.execute(
                text("INSERT INTO sqlite_sequence(name, seq) VALUES (:t, :n)"), {"n": number, "t": table}
            )
    else:
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence(:t, 'id'), :n)"), {"n": number, "t": table}
        )


def _copy_table(here: Connection, there: Connection, table: Table, progress: Progress) -> None:
    total = here.execute(select(func.count()).select_from(table)).scalar_one()
    # a path begins with the parent's: parents go in before their children
    order = [table.c.path] if "path" in table.c else list(table.primary_key.columns)
    done = 0
    with here.execution_options(stream_results=True).execute(select(table).order_by(*order)) as rows:
        for portion in rows.mappings().partitions(PORTION):
            there.execute(insert(table), [dict(row) for row in portion])
            done += len(portion)
            progress("备份", done, total)
