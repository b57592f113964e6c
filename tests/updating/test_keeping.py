"""The backup before an upgrade: by the newer program, of an office that the older one goes on reading."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from db import backup, migrate
from gridoffice import safekeeping, settings
from gridoffice.errors import OfficeError
from gridoffice.establish import establish
from gridoffice.updating.keeping import keep


def last_opened(folder: Path) -> Path:
    file = folder / "街道 𠮷.db"
    establish(file).close()
    settings.remember("database", str(file))
    return file


def test_an_office_of_an_older_program_is_copied_as_it_stands(own_folder: Path) -> None:
    file = last_opened(own_folder)
    older = next(one for one in sorted(migrate.known()) if one != migrate.head())
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (older,))
        connection.execute("PRAGMA journal_mode = DELETE")
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    kept = keep("9.0.0")
    assert kept is not None and backup.check(kept)
    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (older,)
    assert hashlib.sha256(file.read_bytes()).hexdigest() == before


def test_nobody_is_asked_who_he_is(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    last_opened(own_folder)

    def asked(*_: object, **__: object) -> None:
        raise RuntimeError("the office was opened")

    monkeypatch.setattr(safekeeping.Office, "open", asked)
    assert keep("9.0.0") is not None


def test_a_full_disk_leaves_no_half_a_backup(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = last_opened(own_folder)

    def full(*_: object) -> None:
        raise backup.BadBackup("盘满了，放不下备份。")

    monkeypatch.setattr(backup, "refuse_too_full", full)
    with pytest.raises(OfficeError, match="放不下备份"):
        keep("9.0.0")
    assert [path.name for path in own_folder.iterdir() if "升级到" in path.name] == []
    assert file.is_file()
