"""Backups: a whole office in one SQLite file, proved readable before it counts as one.

A shared office is copied table by table inside one snapshot, so that a backup of either kind is
the same kind of file and restores into either kind of database. A copy of an office with a password has that
password (`db.keyed`).
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from db import keyed, migrate
from db.copying import Progress, copy_rows, silent
from db.keyed import Key
from db.places import network_reason
from db.session import Store
from db.tables import Base

LIFTED = ".upgraded"
"""Ends the name of a copy of an older backup that is brought up to date."""


class BadBackup(Exception):
    """The file is no backup, or not a whole one, or there is no room for one. The message is a sentence."""


def back_up(
    store: Store, target: Path, progress: Progress = silent, key: Key | None = None
) -> dict[str, int]:
    """Write a verified backup, under the store's own key or another; answers the number of rows by table. The
    file appears whole or not at all. Raises `BadBackup` when there is no room, or when the copy does not check
    out."""
    if key is not None:
        keyed.know(key)  # to read what was written
    key = key or store.key
    target.parent.mkdir(parents=True, exist_ok=True)
    if store.file is not None:
        refuse_too_full(target.parent, size_of(store.file))
    with _making(target) as fresh:
        if store.file is not None:
            _copy(store.file, store.key, fresh, key, progress)
        else:
            copy = Store(fresh, key)
            try:
                migrate.upgrade(copy.engine)
                copy_rows(store, copy, progress)
            finally:
                copy.close()
        settle(fresh, key)
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
    """Prove a backup: readable, whole, and of an office. Answers the number of rows by table. Raises `NoKey`
    when it has a password that nobody has said here."""
    if not file.is_file():
        raise BadBackup(f"没有找到备份“{file}”。")
    key = keyed.key_of(file)
    try:
        with closing(keyed.connect(file, key, writable=False)) as connection:
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
    except (*keyed.errors(), ValueError, TypeError) as error:  # what is damaged need not even be text
        raise BadBackup(f"“{file.name}”不是网格办的备份，或已损坏。") from error


def journal_head(file: Path) -> tuple[int, str]:
    """How many lines the journal in a good backup has, and the digest of its last."""
    key = keyed.key_of(file)
    try:
        with closing(keyed.connect(file, key, writable=False)) as connection:
            count, digest = connection.execute("SELECT count, digest FROM journal_head").fetchone() or (0, "")
            return int(count), str(digest)
    except (*keyed.errors(), ValueError, TypeError) as error:
        raise BadBackup(f"“{file.name}”已损坏，不能用。") from error


def restore(file: Path, store: Store, progress: Progress = silent) -> dict[str, int]:
    """Put a backup in the place of everything the store holds, in one go. Back up first. The store keeps its
    own password, or none.

    Answers the number of rows by table."""
    counts, key = check(file), keyed.key_of(file)
    if store.file is not None:
        refuse_too_full(store.file.parent, size_of(file))
        store.engine.dispose()
        _copy(file, key, store.file, store.key, progress)
        migrate.upgrade(store.engine)
        return counts
    # an older backup is brought up to date on a copy, never in place
    older = file.with_name(file.name + LIFTED)
    _copy(file, key, older, key, progress)
    source = Store(older)
    try:
        migrate.upgrade(source.engine)
        copy_rows(source, store, progress, replace=True)
    finally:
        source.close()
        clear_away(older)
    return counts


def copy_pages(source: Path, target: Path, progress: Progress = silent) -> None:
    """One state of a backup in a new file, under the same key. Raises `NoKey`."""
    key = keyed.key_of(source)
    _copy(source, key, target, key, progress)


def _copy(source: Path, key: Key | None, target: Path, fresh: Key | None, progress: Progress) -> None:
    """One state of a file, however much is written to it meanwhile; the target is replaced whole."""
    if (key is None) == (fresh is None):
        _copy_pages(source, key, target, fresh, progress)
        return
    # SQLite copies no pages between a file with a key and one without. Neither end is touched by the other's
    # driver, which would take every lock from it on closing (`keyed.begin`); nothing plain lies beside the target
    with tempfile.TemporaryDirectory(prefix="gridoffice-backup-") as own:
        before, after = Path(own) / "before", Path(own) / "after"
        _copy_pages(source, key, before, key, progress)
        keyed.write_over(before, key, after, fresh)
        _copy_pages(after, fresh, target, fresh, progress)


def _copy_pages(source: Path, key: Key | None, target: Path, fresh: Key | None, progress: Progress) -> None:
    with (
        closing(keyed.connect(source, key)) as here,
        closing(keyed.connect(target, fresh, timeout=20)) as there,
    ):
        # without a reading transaction of its own the copy would begin anew whenever somebody writes
        here.execute("BEGIN")
        here.execute("SELECT count(*) FROM sqlite_master").fetchone()
        here.backup(
            there, pages=2000, progress=lambda _status, left, total: progress("备份", total - left, total)
        )


def settle(file: Path, key: Key | None = None) -> None:
    """One file again, without the two that lie beside a database at work."""
    with closing(keyed.connect(file, key)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
