"""Databases, backups, packages and settings with anything in them: a sentence or an answer, never a fault."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from db import backup
from db.backup import BadBackup
from db.tables import Base
from gridoffice import history, rolling, safekeeping, settings
from gridoffice.cli.main import run as command_line
from gridoffice.errors import OfficeError
from gridoffice.office import Office
from gridoffice.shelf import Kind, name_for, shelf_of
from tests.keeping.calm import CALM
from tests.offices import Copies

JUNK = (
    None,
    "",
    "x" * 3000,
    "\x00",
    "𬭎\ud7ff",
    "2026-13-45",
    "{",
    "[1,",
    "nan",
    "-1",
    0,
    -1,
    2**62,
    1.5e308,
    b"\xff\xfe",
    b"",
)
ASKED = (["verify"], ["journal"], ["check"], ["backups"], ["undo"], ["users", "list"], ["grid", "list"])


@pytest.fixture(scope="module")
def whole(locked_copies: Copies, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office as one file with a locked month."""
    target = tmp_path_factory.mktemp("fuzz") / "whole.db"
    shutil.copyfile(locked_copies.file, target)
    with closing(sqlite3.connect(target)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    return target


def spoilt(whole: Path, target: Path, rng: random.Random) -> str:
    """The file with one column of one table filled with something of no sense; answers which and what."""
    shutil.copyfile(whole, target)
    with closing(sqlite3.connect(target)) as connection:
        for name, _ in connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type='trigger'"
        ).fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("PRAGMA ignore_check_constraints = ON")
        while True:
            table = rng.choice(Base.metadata.sorted_tables)
            column = rng.choice(list(table.columns)).name
            junk = rng.choice(JUNK)
            some = rng.choice(("1", f'rowid = (SELECT max(rowid) FROM "{table.name}")'))
            try:
                done = connection.execute(f'UPDATE "{table.name}" SET "{column}" = ? WHERE {some}', (junk,))
            except sqlite3.Error:
                continue  # NOT NULL and UNIQUE hold: another one
            if done.rowcount:
                connection.commit()
                return f"{table.name}.{column} = {junk!r} where {some}"


@pytest.mark.parametrize("seed", range(4))
def test_a_database_with_anything_in_it_is_answered_in_sentences(
    whole: Path, tmp_path: Path, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = random.Random(f"fuzz {seed}")
    file = tmp_path / "office.db"
    for _ in range(3):
        what = spoilt(whole, file, rng)
        for words in ASKED:
            status = command_line(["--database", str(file), *words])
            said = capsys.readouterr().err
            assert status in (0, 1), f"{words} on {what}: {said}"
            assert "故障编号" not in said, f"{words} on {what}"
        for left in tmp_path.glob("office.db*"):
            left.unlink()


@given(st.binary(max_size=4096))
@CALM
def test_any_bytes_are_no_backup(tmp_path_factory: pytest.TempPathFactory, said: bytes) -> None:
    file = tmp_path_factory.mktemp("bytes") / "一.backup"
    for head in (b"", b"SQLite format 3\x00", b"PGDMP"):
        file.write_bytes(head + said)
        with pytest.raises(BadBackup):
            backup.check(file)


@given(st.data())
@how(CALM, max_examples=8)
def test_a_backup_with_flipped_bytes_restores_whole_or_not_at_all(
    whole: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("flips")
    (folder / "office.db").write_bytes(whole.read_bytes())
    content = bytearray(whole.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    (folder / "坏.backup").write_bytes(content)
    office = Office.open(folder / "office.db")
    try:
        people = len(office.read(history.journal))
        try:
            rolling.loss(office, str(folder / "坏.backup"))
            safekeeping.restore(office, folder / "坏.backup")
        except OfficeError:
            assert len(office.read(history.journal)) == people
            assert safekeeping.verify(office).findings == ()
            return
        # what the copy of pages lets through, the proof finds or it changes nothing
        before = shelf_of(office.store).folder / name_for(Kind.BEFORE_RESTORE, datetime.now().astimezone())
        assert list(before.parent.glob("恢复前*")), "what was there is kept"
    finally:
        office.close()


@pytest.fixture
def own_settings() -> Iterator[Path]:
    file = settings.data_folder() / "window.json"
    yield file
    file.unlink(missing_ok=True)


@given(said=st.binary(max_size=60))
@how(CALM, max_examples=30)
def test_the_window_starts_with_any_settings(qapp, own_settings: Path, said: bytes) -> None:
    from ui.app import remembered_look

    own_settings.write_bytes(said)
    remembered_look()
    own_settings.write_text(
        '{"theme": [1], "scale": {"a": 2}, "database": 7, "backups": "x", "connection": []}'
    )
    remembered_look()
    assert settings.default_database().endswith("office.db")
