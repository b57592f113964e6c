"""Backups by pg_dump: every row counted in the file, restored, drilled, and the password never told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from db import dumping
from db.backup import BadBackup
from db.session import Store
from gridoffice import rolling, safekeeping
from gridoffice.drill import drill
from gridoffice.errors import Locked, OfficeError
from gridoffice.grids.service import save_grid
from gridoffice.office import Office
from gridoffice.shelf import Kind, backups_on, shelf_of
from tests import postgresql
from tests.offices import JOURNAL, Copies, Opening, content, grid_id


@pytest.fixture
def shared(
    street_copies: Copies, tmp_path: Path, request: pytest.FixtureRequest, office_at: Opening
) -> Office:
    """The demo street on PostgreSQL."""
    return office_at(street_copies.address("postgresql", tmp_path, request))


def test_a_dump_holds_every_row_and_restores(shared: Office, tmp_path: Path, demo_street) -> None:
    file = tmp_path / "一.dump"
    done = safekeeping.back_up(shared, file)
    saved = content(shared.store)
    assert dumping.is_dump(file)
    assert done.rows == sum(map(len, saved.values()))
    place = dumping.programs(dumping.server_version(shared.store))
    assert place is not None
    assert dumping.check(file, place) == {table: len(rows) for table, rows in saved.items()}
    shared.write(save_grid, grid_id(shared, "519921001"), {"population": 7})
    lost = rolling.loss(shared, str(file))
    assert (lost.actions, lost.strange) == (1, False)
    done = safekeeping.restore(shared, file)
    # that it was restored has a line of its own
    assert content(shared.store, JOURNAL) == {
        table: rows for table, rows in saved.items() if table not in JOURNAL
    }
    assert done.before is not None and dumping.is_dump(Path(done.before))
    assert safekeeping.verify(shared).findings == ()
    from gridoffice.assessment.service import compute

    with pytest.raises(Locked):
        shared.write(compute, demo_street.month)


def test_the_automatic_backup_of_a_shared_office_is_a_dump_and_is_drilled(shared: Office) -> None:
    made = rolling.roll(shared).made
    assert made is not None and made.file.endswith(".dump")
    came = drill(shared)
    assert came.verified.findings == ()
    assert came.people == made.people
    (found,) = [one for one in backups_on(shelf_of(shared.store), shared.store) if str(one.file) == made.file]
    assert found.kind is Kind.AUTO and found.drilled is not None
    with shared.store.engine.connect() as connection:
        left = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_database WHERE starts_with(datname, 'gridoffice_drill')"
        )
        assert left.scalar() == 0


def test_the_programs_nearest_to_the_server_are_taken(
    shared: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """From 17 on pg_restore says what older servers refuse."""
    server = dumping.server_version(shared.store)
    newer = tmp_path / "PostgreSQL" / "99" / "bin"
    newer.mkdir(parents=True)
    for name in ("pg_dump", "pg_restore"):
        (newer / name).write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 99.1'\n")
        (newer / name).chmod(0o755)
    usual = dumping.programs(server)
    monkeypatch.setenv("PROGRAMFILES", str(tmp_path))
    assert dumping.programs(99) == newer
    assert dumping.programs(server) == usual != newer
    file = tmp_path / "一.dump"
    safekeeping.back_up(shared, file)
    monkeypatch.setenv("POSTGRESQL_BIN", str(newer))
    assert dumping.programs(server) == newer
    refusal = f"服务器是 PostgreSQL {server}，这台电脑上的 pg_restore 是 99" if server < 17 else "."
    with pytest.raises(OfficeError, match=refusal):
        drill(shared, file)


def test_a_drill_wants_a_login_that_may_make_databases(shared: Office, tmp_path: Path) -> None:
    file = tmp_path / "一.dump"
    safekeeping.back_up(shared, file)
    place = dumping.programs(dumping.server_version(shared.store))
    assert place is not None
    with shared.store.engine.begin() as connection:
        connection.exec_driver_sql("CREATE ROLE makes_nothing LOGIN")
    modest = Store(shared.store.url.set(username="makes_nothing"))
    try:
        with (
            pytest.raises(BadBackup, match="由信息技术人员用管理登录做：verify --drill"),
            dumping.scratch(modest, file, place, "gridoffice_drill_x"),
        ):
            pass
    finally:
        modest.close()
        with shared.store.engine.begin() as connection:
            connection.exec_driver_sql("DROP ROLE makes_nothing")


def test_without_pg_dump_it_is_one_file(
    shared: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(dumping, "programs", lambda _: None)
    made = rolling.roll(shared, anyway=True).made
    assert made is not None and made.file.endswith(".backup")
    with pytest.raises(OfficeError, match=r"没有 PostgreSQL \d+ 的 pg_dump"):
        safekeeping.back_up(shared, tmp_path / "二.dump")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[: len(content) // 2],
        lambda content: content[:-20],
        lambda content: b"PGDMP" + content[40:],
        lambda content: content[: len(content) // 2] + b"\xff" * 400 + content[len(content) // 2 + 400 :],
    ],
)
def test_a_broken_dump_is_refused_and_changes_nothing(
    shared: Office, tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    file = tmp_path / "坏.dump"
    safekeeping.back_up(shared, file)
    file.write_bytes(spoil(file.read_bytes()))
    before = content(shared.store)
    with pytest.raises(OfficeError, match=r"已损坏|不是网格办的备份"):
        safekeeping.restore(shared, file)
    assert content(shared.store) == before


def test_a_dump_does_not_go_into_a_local_office(shared: Office, small_copies: Copies, tmp_path: Path) -> None:
    file = tmp_path / "一.dump"
    safekeeping.back_up(shared, file)
    (tmp_path / "本机.db").write_bytes(small_copies.file.read_bytes())
    local = Office.open(tmp_path / "本机.db")
    try:
        for attempt in (lambda: safekeeping.restore(local, file), lambda: safekeeping.back_up(local, file)):
            with pytest.raises(OfficeError, match="共享资料库"):
                attempt()
    finally:
        local.close()


def test_the_password_is_told_to_nobody(
    postgres_server: postgresql.Server, small_copies: Copies, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not in the words of a started program, which anybody on the computer can list."""
    from sqlalchemy import make_url

    seen = []

    def run(words, **said):
        seen.append((words, said["env"]))
        raise OSError("stop here")

    monkeypatch.setattr(dumping.subprocess, "run", run)
    url = make_url("postgresql+psycopg://li:ge%27heim@db.example:5433/office?sslmode=verify-full")
    with pytest.raises(OSError):
        dumping._do([Path("pg_dump"), *dumping._where(url)], dumping._secret(url), "x")
    ((words, environment),) = seen
    assert "heim" not in " ".join(words)
    assert environment["PGPASSWORD"] == "ge'heim"
    assert "sslmode='verify-full'" in words[-1] and "host='db.example'" in words[-1]


def test_a_dump_of_nothing_of_ours_is_no_backup(postgres_server: postgresql.Server, tmp_path: Path) -> None:
    import subprocess

    url = postgres_server.create("test_not_ours")
    try:
        place = dumping.programs(postgres_server.version)
        assert place is not None
        file = tmp_path / "别的.dump"
        words = [place / "pg_dump", "-Fc", "-h", "127.0.0.1", "-p", postgres_server.port]
        words += ["-U", postgresql.OWNER, "-f", file, "test_not_ours"]
        subprocess.run([str(word) for word in words], check=True)
        with pytest.raises(BadBackup, match="不是网格办的备份"):
            dumping.check(file, place)
    finally:
        postgres_server.drop("test_not_ours")
        assert url
