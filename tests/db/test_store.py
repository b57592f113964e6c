"""The store: one transaction a write, one state a read, and no update that is lost unnoticed."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import Session

from db import bulk, proof
from db.enums import Right
from db.tables import Grid, Person, Setting
from gridoffice.errors import Conflict, NotFound, RuleBroken, Unreachable
from gridoffice.establish import establish
from gridoffice.grids.service import save_grid
from gridoffice.office import Office
from gridoffice.service import service
from gridoffice.workers.service import save_worker
from tests.offices import Opening, grid_id, journal_lines, worker


@service("试办", needs=Right.READ)
def act(session: Session, deed: Callable[[Session], object]) -> object:
    return deed(session)


def test_a_read_sees_one_state_whatever_is_written_meanwhile(
    small_office: Office, office_at: Opening
) -> None:
    other = office_at(small_office.store.address)
    count = select(func.count()).select_from(Person)

    def twice(session: Session) -> tuple[int, int]:
        first = session.scalar(count) or 0
        add = Person(name="新来", pinyin="", search="")
        other.write(act, lambda inner: inner.add(add))
        return first, session.scalar(count) or 0

    first, second = small_office.read(twice)
    assert first == second
    assert small_office.read(lambda session: session.scalar(count)) == first + 1


def test_a_read_changes_nothing(small_office: Office) -> None:
    def change(session: Session) -> None:
        session.get_one(Person, 1).name = "改了"

    small_office.read(change)
    assert small_office.read(lambda session: session.get_one(Person, 1).name) == "王𠮷𬭎"


def test_nobody_else_sees_half_an_action(small_office: Office, office_at: Opening) -> None:
    other = office_at(small_office.store.address)

    def half(session: Session) -> str:
        session.get_one(Person, 1).name = "改到一半"
        session.flush()
        return other.read(lambda inner: inner.get_one(Person, 1).name)

    assert small_office.write(act, half).result == "王𠮷𬭎"
    assert other.read(lambda inner: inner.get_one(Person, 1).name) == "改到一半"


def test_two_who_write_at_once_take_turns(small_office: Office, office_at: Opening) -> None:
    """Each adds one to what it has read; if one could read before the other has written, one is lost."""
    grid = grid_id(small_office, "519921001002")
    offices = [office_at(small_office.store.address) for _ in range(4)]
    lines = journal_lines(small_office)
    failed: list[BaseException] = []

    def add_one(session: Session) -> None:
        found = session.get_one(Grid, grid)
        found.population = (found.population or 0) + 1
        bulk.bulk_update(session, Grid, {grid: {"merchants": found.population}})

    def work(office: Office) -> None:
        try:
            for _ in range(10):
                office.write(act, add_one)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(office,)) for office in offices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    row = small_office.read(
        lambda session: session.execute(select(Grid.population, Grid.merchants).where(Grid.id == grid)).one()
    )
    assert tuple(row) == (40, 40)
    assert journal_lines(small_office) == lines + 40
    with small_office.store.reading() as session:
        assert proof.verify(session) == []


def test_an_update_from_an_old_state_is_a_conflict(small_office: Office, office_at: Opening) -> None:
    other = office_at(small_office.store.address)
    with small_office.store.reading() as session:
        stale = session.get_one(Person, 1)
        session.expunge(stale)
    other.write(act, lambda session: setattr(session.get_one(Person, 1), "note", "先到"))

    def late(session: Session) -> None:
        session.add(stale)
        stale.note = "后到"

    with pytest.raises(Conflict, match="别人刚改过"):
        small_office.write(act, late)
    assert other.read(lambda session: session.get_one(Person, 1).note) == "先到"


def test_two_of_the_same_are_a_conflict_in_a_sentence(small_office: Office) -> None:
    lines = journal_lines(small_office)
    twin = small_office.read(lambda session: session.get_one(Person, 1).id_number)
    with pytest.raises(Conflict, match="冲突"):
        small_office.write(
            act, lambda session: session.add(Person(name="双", id_number=twin, pinyin="", search=""))
        )
    assert journal_lines(small_office) == lines


def test_a_code_the_list_does_not_have_is_refused_by_the_database(small_office: Office) -> None:
    with (
        pytest.raises((DBAPIError, StatementError)),
        small_office.store.engine.execution_options(office_writes=True).begin() as connection,
    ):
        connection.execute(text("UPDATE person SET sex = '9' WHERE id = 1"))


def test_there_is_only_one_founding(database_url: str) -> None:
    office = establish(database_url)
    try:
        with pytest.raises(RuleBroken, match="已经有资料库了"):
            establish(database_url)
        assert office.read(lambda session: session.scalar(select(func.count()).select_from(Setting))) == 3
        assert journal_lines(office) == 1
    finally:
        office.close()


def test_what_is_not_an_office_is_said_in_a_sentence(database_url: str, backend: str, tmp_path) -> None:
    if backend == "sqlite":
        with pytest.raises(NotFound, match="没有找到资料库"):
            Office.open(tmp_path / "没有.db")
        (tmp_path / "文字.db").write_text("这不是资料库" * 500, encoding="utf-8")
        with pytest.raises(Unreachable, match="已损坏或不是"):
            Office.open(tmp_path / "文字.db")
        (tmp_path / "空.db").touch()
        with pytest.raises(NotFound, match="没有网格办的资料"):
            Office.open(tmp_path / "空.db")
    else:
        with pytest.raises(NotFound, match="没有网格办的资料"):
            Office.open(database_url)
        with pytest.raises(Unreachable, match="连不上共享资料库"):
            Office.open(database_url.rsplit("/", 1)[0] + "/nothing_here")
        with pytest.raises(Unreachable, match="连不上共享资料库"):
            Office.open("postgresql+psycopg://gridoffice@127.0.0.1:1/office")


def test_a_folder_or_nonsense_in_place_of_a_database(tmp_path) -> None:
    with pytest.raises((NotFound, Unreachable)):
        Office.open(tmp_path)
    with pytest.raises((NotFound, Unreachable)):
        Office.open("nonsense://somewhere/office")


def test_a_newer_office_is_not_touched(small_office: Office) -> None:
    address = small_office.store.address
    with small_office.store.engine.execution_options(office_writes=True).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    if small_office.store.local:
        newer = Office.open(address)  # to be looked at: tests/gridoffice/test_newer_database.py
        assert newer.read_only
        newer.close()
        return
    with pytest.raises(Unreachable, match="更新版本的程序"):
        Office.open(address)


def test_an_account_that_is_not_there(small_office: Office) -> None:
    with pytest.raises(NotFound, match="没有账号“谁”"):
        Office.open(small_office.store.address, "谁")


def test_too_long_and_too_large_are_refused_alike(small_office: Office) -> None:
    """PostgreSQL has its own limits and SQLite none: what one refuses the other must not take."""
    lines = journal_lines(small_office)
    grid = grid_id(small_office, "519921001002")
    for values in ({"name": "长" * 81}, {"population": 2**31}, {"code": "5" * 41}):
        with pytest.raises(RuleBroken):
            small_office.write(save_grid, grid, values)
    with pytest.raises(RuleBroken):
        small_office.write(save_worker, worker(small_office, "李䶮").id, {"name": "长" * 81})
    assert journal_lines(small_office) == lines


def test_who_waits_too_long_for_anothers_write_is_told(
    backend: str, small_office: Office, office_at: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.journal.PATIENCE", 1)
    other = office_at(small_office.store.address)
    if small_office.store.local:
        with other.store.reading() as session:
            session.connection().exec_driver_sql("PRAGMA busy_timeout = 50")

    def meanwhile(session: Session) -> None:
        session.get_one(Person, 1).note = "办到一半"
        session.flush()
        with pytest.raises(Unreachable, match="稍后再试"):
            other.write(act, lambda inner: setattr(inner.get_one(Person, 1), "note", "插队"))

    small_office.write(act, meanwhile)
    assert other.read(lambda session: session.get_one(Person, 1).note) == "办到一半"
