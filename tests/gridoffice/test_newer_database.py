"""An office that a newer program has upgraded: it can be looked at, and nothing in it changes."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from db.enums import Right
from gridoffice import history
from gridoffice.errors import Refused, Unreachable
from gridoffice.establish import establish
from gridoffice.exports import export
from gridoffice.grids.listing import GRIDS
from gridoffice.listing import Ask
from gridoffice.office import NEWER, Office
from gridoffice.service import service
from gridoffice.settings import NAME, set_setting, setting


@service("改名", needs=Right.ADMINISTER)
def rename(session, name: str) -> None:
    set_setting(session, NAME, name)


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """As a newer program leaves an office: another revision, a column and a table more."""
    file = tmp_path / "新 䶮.db"
    establish(file, name="青禾街道网格办").close()
    run(file, "UPDATE alembic_version SET version_num = '9999'", "CREATE TABLE later (id INTEGER)")
    run(file, "ALTER TABLE grid ADD COLUMN later TEXT")
    return file


def run(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_it_opens_and_every_question_is_answered(newer: Path, tmp_path: Path) -> None:
    office = Office.open(newer)
    assert office.read_only == NEWER
    assert office.read(setting, NAME) == "青禾街道网格办"
    assert list(office.read(GRIDS.ids, Ask(day=date.today()))) == []
    with pytest.raises(Refused, match="只能看，不能改"):
        export(office, GRIDS, tmp_path / "网格.xlsx", Ask(day=date.today()))
    assert not (tmp_path / "网格.xlsx").exists(), "nothing leaves where no line can be written"
    office.close()


def test_whatever_would_change_it_is_refused_in_words(newer: Path) -> None:
    before = hashlib.sha256(newer.read_bytes()).hexdigest()
    office = Office.open(newer)
    for change in (lambda: office.write(rename, "别的"), lambda: office.write(history.undo)):
        with pytest.raises(Refused, match="只能看，不能改"):
            change()
    with pytest.raises(Refused, match="先升级本程序"):
        office.require(Right.ADMINISTER)
    office.require(Right.READ)
    office.close()
    assert hashlib.sha256(newer.read_bytes()).hexdigest() == before


def test_one_that_lacks_what_this_program_reads_is_not_opened(newer: Path) -> None:
    run(newer, "ALTER TABLE setting RENAME COLUMN value TO content")
    with pytest.raises(Unreachable, match="先升级本程序再打开"):
        Office.open(newer)
