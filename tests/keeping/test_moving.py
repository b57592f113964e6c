"""A whole office from the file to the server and back: row for row the same, proved, or nothing at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import make_url

from db import comparing
from db.session import Store
from gridoffice import history, safekeeping
from gridoffice.cli.main import run as command_line
from gridoffice.errors import Cancelled, OfficeError, Refused, RuleBroken
from gridoffice.establish import establish
from gridoffice.grids.service import save_grid
from gridoffice.moving import move
from gridoffice.office import Office
from gridoffice.progress import watched
from tests import postgresql
from tests.offices import Copies, Opening, content, grid_id


@pytest.fixture
def local(street_copies: Copies, tmp_path: Path, office_at: Opening) -> Office:
    """The demo street on this computer."""
    (tmp_path / "本机.db").write_bytes(street_copies.file.read_bytes())
    return office_at(tmp_path / "本机.db")


@pytest.fixture
def empty_server(postgres_copies: postgresql.Copies, postgres_server: postgresql.Server):
    """A database on the server with nothing in it, not even tables."""
    name = postgres_copies.take()
    yield postgres_server.url(name)
    postgres_copies.give_back(name)


def test_there_and_back_it_is_the_same(
    local: Office, empty_server: str, tmp_path: Path, office_at: Opening
) -> None:
    before = content(local.store)
    told = move(local, empty_server)
    assert told.shared and told.rows == sum(map(len, before.values())) and told.locked_months >= 1
    assert content(local.store) == before, "what it came from stays as it was"
    shared = office_at(empty_server)
    assert content(shared.store) == before
    assert safekeeping.verify(shared).findings == ()
    shared.write(save_grid, grid_id(shared, "519921001"), {"population": 4321})
    shared.write(history.undo)
    after = content(shared.store)
    back = move(shared, tmp_path / "回来.db")
    assert not back.shared
    again = office_at(tmp_path / "回来.db")
    assert content(again.store) == after
    again.write(save_grid, grid_id(again, "519921001"), {"population": 1234})
    assert safekeeping.verify(again).findings == ()
    assert sorted(
        path.name for path in tmp_path.glob("回来*") if path.suffix not in (".db-wal", ".db-shm")
    ) == ["回来.db"]


def test_an_office_that_was_set_up_and_holds_nobody_takes_one(local: Office, empty_server: str) -> None:
    establish(empty_server, name="新的").close()
    assert move(local, empty_server).people > 500


def test_a_place_that_holds_anything_is_refused(
    local: Office, empty_server: str, tmp_path: Path, office_at: Opening
) -> None:
    move(local, empty_server)
    with pytest.raises(RuleBroken, match=r"那边已经有 \d+ 个网格、\d+ 人"):
        move(local, empty_server)
    with pytest.raises(RuleBroken, match="已经有了"):
        move(local, tmp_path / "本机.db")


def test_what_arrives_otherwise_is_taken_back(
    local: Office, empty_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    establish(empty_server).close()
    store = Store(empty_server)
    held = content(store)
    plain = comparing.plain
    lost = iter(range(10**9))
    monkeypatch.setattr(comparing, "plain", lambda value: plain(value) if next(lost) % 9973 else "x")
    for target in (empty_server, tmp_path / "另一个.db"):
        with pytest.raises(OfficeError, match="与原来的不一样，已经退回"):
            move(local, target)
    assert content(store) == held
    store.close()
    assert list(tmp_path.glob("另一个*")) == []


@pytest.mark.parametrize("at", ["备份", "核对", "重新计算"])
def test_cancelled_it_leaves_nothing(local: Office, empty_server: str, tmp_path: Path, at: str) -> None:
    establish(empty_server).close()
    store = Store(empty_server)
    held = content(store)
    for target in (empty_server, tmp_path / "另一个.db"):
        with pytest.raises(Cancelled), watched(lambda step: not step.doing.startswith(at)):
            move(local, target)
    assert content(store) == held
    store.close()
    assert list(tmp_path.glob("另一个*")) == []
    assert safekeeping.verify(local).findings == ()


def test_who_may_not_maintain_moves_nothing(small_copies: Copies, tmp_path: Path, office_at: Opening) -> None:
    (tmp_path / "小.db").write_bytes(small_copies.file.read_bytes())
    with pytest.raises(Refused):
        move(office_at(tmp_path / "小.db", "clerk"), tmp_path / "偷.db")
    assert not (tmp_path / "偷.db").exists()


def test_by_command(
    small_copies: Copies, tmp_path: Path, empty_server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "小.db").write_bytes(small_copies.file.read_bytes())
    assert command_line(["--database", str(tmp_path / "小.db"), "move-office", empty_server]) == 0
    said = capsys.readouterr().out
    assert "已搬过去 7 人" in said and "逐行比过都一样" in said
    assert command_line(["--database", empty_server, "--json", "move-office", str(tmp_path / "回.db")]) == 0
    assert '"people": 7' in capsys.readouterr().out
    assert make_url(empty_server).password is None


def test_values_of_either_database_are_the_same_text() -> None:
    from datetime import UTC, datetime, timedelta, timezone
    from decimal import Decimal

    east = timezone(timedelta(hours=8))
    assert comparing.plain(datetime(2026, 6, 1, 8, tzinfo=east)) == comparing.plain(
        datetime(2026, 6, 1, tzinfo=UTC)
    )
    assert comparing.plain(Decimal("1.50")) == comparing.plain(Decimal("1.5"))
    assert comparing.plain(Decimal("0.00")) == comparing.plain(Decimal("0E+2"))
    assert comparing.plain({"b": 1, "a": [2]}) == comparing.plain({"a": [2], "b": 1})
    assert comparing.plain(memoryview(b"x")) == comparing.plain(b"x") != comparing.plain(b"y")
    assert len({comparing.plain(one) for one in (None, "", "None", 1, "1", True, "0")}) == 7
