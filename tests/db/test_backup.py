"""Backups: the whole office, proved before it counts, into either database and back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from db import backup, keyed, migrate
from db.backup import BadBackup
from db.session import Store
from gridoffice import history, safekeeping
from gridoffice.errors import Locked, NotFound, OfficeError
from gridoffice.establish import establish
from gridoffice.grids.service import save_grid
from gridoffice.office import Office
from gridoffice.workers.service import save_worker
from tests.offices import JOURNAL, Copies, Opening, content, grid_id, number, records, roster, worker


def empty(url: str) -> Store:
    store = Store(url)
    migrate.upgrade(store.engine)
    return store


def test_an_office_survives_both_ways(
    street_copies: Copies, new_database: Callable[[str], str], tmp_path: Path
) -> None:
    """SQLite → this database → SQLite: every row of every table the same, locked months included."""
    origin = Store(street_copies.file)
    there = empty(new_database("there"))
    backup.restore(street_copies.file, there)
    counts = backup.back_up(there, tmp_path / "again.backup")
    back = Store(tmp_path / "again.backup")
    try:
        expected = content(origin)
        assert content(there) == expected
        assert content(back) == expected
        assert counts == {table: len(rows) for table, rows in expected.items()}
        assert len(expected["sheet"]) > 1000
    finally:
        for store in (origin, there, back):
            store.close()
    office = Office.open(str(there.url.render_as_string(hide_password=False)))
    try:
        assert safekeeping.verify(office).findings == ()
    finally:
        office.close()


def test_a_restored_office_works_on(small_office: Office, office_at: Opening, tmp_path: Path) -> None:
    """Numbers go on where they were, the guards stand, and what came before can still be undone."""
    last = small_office.write(
        save_worker,
        None,
        {"name": "周敏", "id_number": number(90), "grid_id": grid_id(small_office, "519921001001")},
    )
    saved = content(small_office.store, JOURNAL)
    file = tmp_path / "一.backup"
    safekeeping.back_up(small_office, file)
    small_office.write(history.undo)
    small_office.write(save_grid, grid_id(small_office, "519921001"), {"population": 7})
    done = safekeeping.restore(small_office, file)
    assert content(small_office.store, JOURNAL) == saved
    assert done.people == len(saved["person"])
    assert safekeeping.verify(small_office).findings == ()
    again = small_office.write(
        save_worker,
        None,
        {"name": "刘慧", "id_number": number(91), "grid_id": grid_id(small_office, "519921001001")},
    )
    assert again.result > last.result
    small_office.write(history.undo)
    small_office.write(history.undo)
    assert "周敏" not in [row.name for row in roster(small_office)]
    # what was there before the restoring lies beside it
    assert done.before is not None
    before = office_at(done.before)
    assert (
        before.read(
            lambda session: session.execute(text("SELECT population FROM grid WHERE id = 1")).scalar()
        )
        == 7
    )


def test_others_who_have_the_office_open_see_what_was_restored(
    small_office: Office, office_at: Opening, tmp_path: Path
) -> None:
    other = office_at(small_office.store.address)
    file = tmp_path / "六.backup"
    safekeeping.back_up(small_office, file)
    other.write(save_grid, grid_id(other, "519921001"), {"population": 7})
    assert (
        other.read(lambda session: session.execute(text("SELECT population FROM grid WHERE id = 1")).scalar())
        == 7
    )
    safekeeping.restore(small_office, file)
    population = text("SELECT population FROM grid WHERE id = 1")
    assert other.read(lambda session: session.execute(population).scalar()) is None
    other.write(save_grid, grid_id(other, "519921001"), {"population": 8})
    assert safekeeping.verify(small_office).findings == ()


def test_a_parent_that_came_later_survives(small_office: Office, tmp_path: Path) -> None:
    """A grid moved below one made after it: parents must go in before their children."""
    fresh = small_office.write(
        save_grid,
        None,
        {
            "code": "519921001003",
            "name": "新桥村",
            "kind": "总网格",
            "parent_id": grid_id(small_office, "519921001"),
        },
    ).result
    small_office.write(save_grid, grid_id(small_office, "519921001001001"), {"parent_id": fresh})
    saved = content(small_office.store, JOURNAL)
    file = tmp_path / "二.backup"
    safekeeping.back_up(small_office, file)
    safekeeping.restore(small_office, file)
    assert content(small_office.store, JOURNAL) == saved


def test_a_locked_month_stays_locked_after_restoring(
    street_office: Office, tmp_path: Path, demo_street
) -> None:
    from gridoffice.assessment.service import compute

    file = tmp_path / "三.backup"
    safekeeping.back_up(street_office, file)
    safekeeping.restore(street_office, file)
    with pytest.raises(Locked):
        street_office.write(compute, demo_street.month)
    with (
        pytest.raises(Exception, match="locked month"),
        street_office.store.engine.execution_options(office_writes=True).begin() as connection,
    ):
        connection.execute(text("UPDATE sheet SET rank = 1"))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda file: file.unlink(), "没有找到备份"),
        (lambda file: file.write_bytes(b""), "不是网格办的备份"),
        (lambda file: file.write_text("不是备份" * 1000, encoding="utf-8"), "不是网格办的备份，或已损坏"),
        (lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]), "损坏"),
        (lambda file: _sql(file, "DROP TABLE alembic_version"), "不是网格办的备份"),
        (lambda file: _sql(file, "DELETE FROM alembic_version"), "不是网格办的备份"),
        (lambda file: _sql(file, "UPDATE alembic_version SET version_num = '9999'"), "更新版本的程序"),
        (lambda file: _sql(file, "DROP TABLE setting"), "不全"),
    ],
)
def test_a_broken_backup_is_refused_and_changes_nothing(
    small_office: Office, tmp_path: Path, spoil: Callable[[Path], object], said: str
) -> None:
    file = tmp_path / "坏.backup"
    safekeeping.back_up(small_office, file)
    spoil(file)
    before = content(small_office.store)
    with pytest.raises(OfficeError, match=said):
        safekeeping.restore(small_office, file)
    assert content(small_office.store) == before
    assert not list(tmp_path.glob("*恢复前*"))
    assert not list(tmp_path.glob("*.upgraded*"))


def _sql(file: Path, statement: str) -> None:
    with closing(keyed.connect(file, keyed.key_of(file))) as connection:
        connection.execute(statement)
        connection.commit()


def test_a_folder_is_no_backup(small_office: Office, tmp_path: Path) -> None:
    with pytest.raises(OfficeError):
        safekeeping.restore(small_office, tmp_path)
    with pytest.raises(OfficeError):
        safekeeping.back_up(small_office, tmp_path)


def test_an_office_is_not_restored_from_itself(
    small_copies: Copies, tmp_path: Path, office_at: Opening
) -> None:
    file = tmp_path / "office.db"
    file.write_bytes(small_copies.file.read_bytes())
    office = office_at(file)
    before = content(office.store)
    with pytest.raises(OfficeError, match="自己"):
        safekeeping.restore(office, file)
    with pytest.raises(OfficeError, match="自己"):
        safekeeping.back_up(office, file)
    assert content(office.store) == before


def test_a_backup_that_cannot_be_written_leaves_nothing(small_office: Office, tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("x", encoding="utf-8")
    with pytest.raises(OfficeError):
        safekeeping.back_up(small_office, tmp_path / "文件" / "备份.backup")
    assert sorted(path.name for path in tmp_path.iterdir() if "备份" in path.name) == []


def test_a_backup_replaces_the_one_of_the_same_name_whole(small_office: Office, tmp_path: Path) -> None:
    file = tmp_path / "同名.backup"
    file.write_bytes(b"old")
    done = safekeeping.back_up(small_office, file)
    assert backup.check(file)["person"] == done.people == 7
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("同名")] == ["同名.backup"]


def test_a_backup_is_one_state_while_others_write(
    small_office: Office, office_at: Opening, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = office_at(small_office.store.address)
    wrote = []

    def meanwhile(doing: str, done: int, total: int) -> None:
        if not wrote:
            wrote.append(
                other.write(
                    save_worker,
                    None,
                    {"name": "插队", "id_number": number(95), "grid_id": grid_id(other, "519921001001")},
                )
            )

    file = tmp_path / "四.backup"
    backup.back_up(small_office.store, file, meanwhile)
    assert wrote
    copy = office_at(file)
    assert safekeeping.verify(copy).findings == ()
    people = {row["id"] for row in records(copy)["person"]}
    assert people == {row["person_id"] for row in records(copy)["post"]}


def test_an_older_local_office_is_backed_up_before_it_is_upgraded(
    small_copies: Copies, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, office_at: Opening
) -> None:
    file = tmp_path / "旧.db"
    file.write_bytes(small_copies.file.read_bytes())
    at = migrate.head()
    monkeypatch.setattr(migrate, "head", lambda: "9999")
    office = office_at(file)
    kept = tmp_path / f"旧.{at}.backup"
    assert backup.check(kept)["person"] == 7
    assert worker(office, "李䶮").name == "李䶮"


def test_an_older_shared_office_waits_for_its_administrator(
    postgres_server, small_copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres_server.create("test_older")
    try:
        establish(url).close()
        monkeypatch.setattr(migrate, "head", lambda: "9999")
        with pytest.raises(OfficeError, match="管理员先升级"):
            Office.open(url)
    finally:
        postgres_server.drop("test_older")


def test_who_may_not_restore_is_refused(small_office: Office, office_at: Opening, tmp_path: Path) -> None:
    clerk = office_at(small_office.store.address, "clerk")
    safekeeping.back_up(small_office, tmp_path / "五.backup")
    with pytest.raises(OfficeError, match="不能维护资料库"):
        safekeeping.restore(clerk, tmp_path / "五.backup")
    if not clerk.store.local:
        with pytest.raises(OfficeError, match="不能维护资料库"):
            safekeeping.back_up(clerk, tmp_path / "六.backup")


def test_check_names_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises((BadBackup, NotFound), match="没有找到备份"):
        backup.check(tmp_path / "没有.backup")
