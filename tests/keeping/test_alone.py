"""Restoring, moving and upgrading are done alone, and what leaves or comes whole has a line in the journal."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from db.turns import Turn
from gridoffice import safekeeping
from gridoffice.audit import AuditAsk, Matter, audit_lines
from gridoffice.errors import Busy, OfficeError
from gridoffice.moving import move
from gridoffice.office import Office


def told(office: Office) -> list[str]:
    return [one.title for one in office.read(audit_lines, AuditAsk(matter=Matter.OFFICE))[0]]


def test_nobody_restores_or_moves_while_somebody_does(small_office: Office, tmp_path: Path) -> None:
    file = tmp_path / "一.backup"
    safekeeping.back_up(small_office, file)
    store = type(small_office.store)(small_office.store.url)
    with store.alone(Turn.RESTORE, "李四"):
        with pytest.raises(Busy, match="正在由李四恢复或搬动资料库"):
            safekeeping.restore(small_office, file)
        with pytest.raises(Busy, match="正在由李四"):
            move(small_office, tmp_path / "新.db")
    store.close()
    safekeeping.restore(small_office, file)
    assert not (tmp_path / "新.db").exists()


def test_an_import_in_the_middle_keeps_a_restore_waiting(small_office: Office, tmp_path: Path) -> None:
    file = tmp_path / "一.backup"
    safekeeping.back_up(small_office, file)
    store = type(small_office.store)(small_office.store.url)
    with (
        store.writing("导入", "office", service="x", called="王五", turn=Turn.IMPORT),
        pytest.raises(Busy, match="正在由王五导入"),
    ):
        safekeeping.restore(small_office, file)
    store.close()


def test_backups_by_hand_and_restoring_have_lines(small_office: Office, tmp_path: Path) -> None:
    file = tmp_path / "带走.backup"
    safekeeping.back_up(small_office, file)
    assert told(small_office)[0] == "备份到“带走.backup”"
    assert safekeeping.look_into(small_office, file).lines == len(
        small_office.read(audit_lines, AuditAsk())[0]
    )
    safekeeping.restore(small_office, file)
    assert told(small_office)[0].startswith("从备份“带走.backup”恢复，恢复前的资料在“")
    assert safekeeping.verify(small_office).findings == ()
    (tmp_path / "不是文件夹").write_text("x")
    with pytest.raises(OfficeError):
        safekeeping.back_up(small_office, tmp_path / "不是文件夹" / "二.backup")
    assert told(small_office)[0].startswith("没有备份成“二.backup”：")


@pytest.mark.parametrize("backend", ["sqlite"])
def test_two_programs_do_not_upgrade_at_once(small_office: Office, tmp_path: Path) -> None:
    """A local office of an older program is brought up to date by whoever opens it first."""
    source = small_office.store.file
    assert source is not None
    older = tmp_path / "旧.db"
    shutil.copy(source, older)
    import sqlite3

    with sqlite3.connect(older) as plain:
        plain.execute("UPDATE alembic_version SET version_num = '0010'")
    held = type(small_office.store)(older)
    with held.alone(Turn.UPGRADE, "李四"), pytest.raises(Busy, match="正在由李四升级资料库"):
        Office.open(older)
    held.close()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_damaged_file_is_told_of_an_open_office(small_office: Office) -> None:
    assert safekeeping.damaged(small_office) == ""
