"""Backups: a whole office in one SQLite file, proved readable before it counts as one.

A shared office is copied table by table inside one snapshot, so that a backup of either kind is
the same kind of file and restores into either kind of database.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from db import migrate
from db.copying import Progress, copy_rows, silent
from db.places import network_reason
from db.session import Store
from db.tables import Base

LIFTED = ".upgraded"
"""Ends the name of a copy of an older backup that is brought up to date."""


class BadBackup(Exception):
    """The file is no backup, or not a whole one, or there is no room for one. The message is a sentence."""


def back_up(store: Store, target: Path, progress: Progress = silent) -> dict[str, int]:
    """Write a verified backup; answers the number of rows by table. The file appears whole or not
    at all. Raises `BadBackup` when there is no room, or when the copy does not check out."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if store.file is not None:
        refuse_too_full(target.parent, size_of(store.file))
    with _making(target) as fresh:
        if store.file is not None:
            copy_pages(store.file, fresh, progress)
        else:
            copy = Store(fresh)
            try:
                migrate.upgrade(copy.engine)
                copy_rows(store, copy, progress)
            finally:
                copy.close()
        settle(fresh)
        return check(fresh)


def size_of(file: Path) -> int:
    """Bytes of a database with what lies beside it."""
    parts = (file, Path(f"{file}-wal"))
    return sum(part.stat().st_size for part in parts if part.exists())


def refuse_too_full(folder: Path, needed: int) -> None:
    """Raises `BadBackup` when the disk of that folder has no room for so many bytes."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        short = (needed - free) // 2**20 + 1
        raise BadBackup(f"“{folder}”那块盘满了，放不下备份，还差 {short} MB。腾出地方，或换一块盘。")


@contextmanager
def _making(target: Path) -> Iterator[Path]:
    """Where a backup is made before it stands under its name: beside it, or on this computer when it goes
    to another one, over whose network SQLite would not write reliably; there it is checked once more."""
    beside = target.with_name(target.name + ".new")
    with tempfile.TemporaryDirectory(prefix="gridoffice-backup-") as own:
        fresh = Path(own) / "backup" if network_reason(target) else beside
        try:
            clear_away(fresh)
            yield fresh
            if fresh != beside:
                shutil.copyfile(fresh, beside)
                check(beside)
            beside.replace(target)
        finally:
            clear_away(fresh)
            clear_away(beside)


def clear_away(file: Path) -> None:
    """Remove a database with what lies beside it."""
    for part in (file, Path(f"{file}-wal"), Path(f"{file}-shm"), Path(f"{file}-journal")):
        part.unlink(missing_ok=True)


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
    except (sqlite3.Error, ValueError, TypeError) as error:  # what is damaged need not even be text
        raise BadBackup(f"“{file.name}”不是网格办的备份，或已损坏。") from error


def journal_head(file: Path) -> tuple[int, str]:
    """How many lines the journal in a good backup has, and the digest of its last."""
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            count, digest = connection.execute("SELECT count, digest FROM journal_head").fetchone() or (0, "")
            return int(count), str(digest)
    except (sqlite3.Error, ValueError, TypeError) as error:
        raise BadBackup(f"“{file.name}”已损坏，不能用。") from error


def restore(file: Path, store: Store, progress: Progress = silent) -> dict[str, int]:
    """Put a backup in the place of everything the store holds, in one go. Back up first.

    Answers the number of rows by table."""
    counts = check(file)
    if store.file is not None:
        refuse_too_full(store.file.parent, size_of(file))
        store.close()
        copy_pages(file, store.file, progress)
        migrate.upgrade(store.engine)
        return counts
    # an older backup is brought up to date on a copy, never in place
    older = file.with_name(file.name + LIFTED)
    copy_pages(file, older, progress)
    source = Store(older)
    try:
        migrate.upgrade(source.engine)
        copy_rows(source, store, progress, replace=True)
    finally:
        source.close()
        clear_away(older)
    return counts


def copy_pages(source: Path, target: Path, progress: Progress = silent) -> None:
    """One state of a file, however much is written to it meanwhile; the target is replaced whole."""
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target, timeout=20)) as there:
        # without a reading transaction of its own the copy would begin anew whenever somebody writes
        here.execute("BEGIN")
        here.execute("SELECT count(*) FROM sqlite_master").fetchone()
        here.backup(
            there, pages=2000, progress=lambda _status, left, total: progress("备份", total - left, total)
        )


def settle(file: Path) -> None:
    """One file again, without the two that lie beside a database at work."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
