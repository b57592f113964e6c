"""Automatic backups: when one is made, which stay, what is said of them, and that the clock may be wrong."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import backup
from gridoffice import history, rolling, safekeeping, settings, shelf
from gridoffice.drill import drill
from gridoffice.errors import OfficeError, RuleBroken
from gridoffice.grids.service import save_grid
from gridoffice.office import Office
from gridoffice.rolling import loss, roll, shelved
from gridoffice.shelf import Kept, Kind, Shelf, backups_on, shelf_of, spans_of
from tests.keeping.calm import CALM
from tests.offices import Copies, Opening, grid_id


@pytest.fixture
def office(small_copies: Copies, tmp_path: Path, office_at: Opening) -> Office:
    """The small office in a folder of its own."""
    folder = tmp_path / "本办"
    folder.mkdir()
    (folder / "office.db").write_bytes(small_copies.file.read_bytes())
    return office_at(folder / "office.db")


def write(office: Office, population: int) -> None:
    office.write(save_grid, grid_id(office, "519921001"), {"population": population})


def now() -> datetime:
    return datetime.now().astimezone()


def names(office: Office) -> list[str]:
    return [one.file.name for one in backups_on(shelf_of(office.store), office.store)]


def test_a_backup_a_day_while_something_is_written(office: Office) -> None:
    today = now()
    first = roll(office, today)
    assert first.made is not None and first.made.people == 7
    assert Path(first.made.file).parent.name == "office 备份"
    assert roll(office, today).made is None, "nothing was written since"
    write(office, 1)
    assert roll(office, today + timedelta(minutes=20)).made is None, "an hour has not passed"
    again = roll(office, today + timedelta(hours=2))
    assert again.made is not None
    assert roll(office, today + timedelta(days=2)).made is None, "all is saved"
    assert roll(office, today + timedelta(days=9)).made is not None, "not all is told by the journal"
    write(office, 2)
    assert roll(office, today + timedelta(days=10)).made is not None
    assert len(names(office)) == 3 + (today.date() != (today + timedelta(hours=2)).date())
    for name in names(office):
        assert backup.check(shelf_of(office.store).folder / name)["person"] == 7


def test_a_whole_year_leaves_the_last_of_days_weeks_and_months(office: Office) -> None:
    """The backups of a year of work days, the real rule on real files."""
    place = shelf_of(office.store)
    place.folder.mkdir()
    today = date.today()
    days = [
        today - timedelta(days=back) for back in range(1, 366) if (today - timedelta(days=back)).weekday() < 5
    ]
    for day in days:
        (place.folder / f"自动备份 {day}.backup").write_bytes(b"x")
    (place.folder / "手动备份 2020-01-01 101010.backup").write_bytes(b"kept")
    (place.folder / "随便一个.backup").write_bytes(b"kept too")
    done = roll(office)
    assert done.made is not None
    left = [one for one in backups_on(place, office.store) if one.kind is Kind.AUTO]
    dates = [shelf.day_of(one.file.name) for one in left]
    assert dates[0] == today
    assert dates[:7] == [today, *days[:6]]
    assert 7 + 3 <= len(left) <= 7 + 4 + 12
    assert len({(day.year, day.month) for day in dates if day is not None}) >= 12
    assert len(done.removed) == len(days) + 1 - len(left)
    assert {"手动备份 2020-01-01 101010.backup", "随便一个.backup"} <= set(names(office))


@given(st.lists(st.dates(date(2020, 1, 1), date(2030, 12, 31)), max_size=60, unique=True), st.data())
@CALM
def test_what_stays_does_not_depend_on_the_clock(days: list[date], data: st.DataObject) -> None:
    kept = Kept(*(data.draw(st.integers(least, 13)) for least in (1, 0, 0)))
    stay = spans_of((f"自动备份 {day}.backup" for day in days), kept)
    found = sorted((day for name in stay if (day := shelf.day_of(name))), reverse=True)
    newest = sorted(days, reverse=True)
    assert found[: min(kept.daily, len(days))] == newest[: kept.daily]
    weeks = list(dict.fromkeys(day.isocalendar()[:2] for day in newest))[: kept.weekly]
    months = list(dict.fromkeys((day.year, day.month) for day in newest))[: kept.monthly]
    assert set(weeks) <= {day.isocalendar()[:2] for day in found}
    assert set(months) <= {(day.year, day.month) for day in found}
    assert len(found) <= kept.daily + kept.weekly + kept.monthly


def test_a_clock_set_back_is_said_and_nothing_is_lost(office: Office) -> None:
    """Whichever is noticed first, a backup of a later day or a later line of the journal."""
    tomorrow = now() + timedelta(days=1)
    write(office, 3)
    with pytest.raises(OfficeError, match=r"电脑的时间.*最后一条变动却记在.*改对"):
        roll(office, now() - timedelta(days=3))
    assert names(office) == []
    roll(office, tomorrow)
    write(office, 4)
    before = names(office)
    with pytest.raises(OfficeError, match=r"最后一次自动备份却在.*改对.*都还在"):
        roll(office, now())
    assert names(office) == before
    assert "自动备份却在" in rolling.standing(office, now()).wrong[0]
    safekeeping.back_up(office)
    assert len(names(office)) == 2, "by hand it goes on"
    assert safekeeping.verify(office).findings == ()


def test_a_failed_backup_removes_none(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    place = shelf_of(office.store)
    place.folder.mkdir()
    for back in range(1, 40):
        (place.folder / f"自动备份 {date.today() - timedelta(days=back)}.backup").write_bytes(b"x")
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=0))
    with pytest.raises(OfficeError, match=r"盘满了，放不下备份，还差 \d+ MB"):
        roll(office)
    assert len(names(office)) == 39


def test_half_a_backup_is_cleared_away_when_nobody_makes_it_any_more(office: Office) -> None:
    folder = shelf_of(office.store).folder
    folder.mkdir()
    torn = folder / "自动备份 2026-06-28.backup.new"
    fresh = folder / "手动备份 2026-06-29 101010.backup.new-journal"
    torn.write_bytes(b"half")
    fresh.write_bytes(b"half")
    os.utime(torn, (0, 0))
    roll(office)
    assert not torn.exists() and fresh.exists()


def test_days_without_a_backup_are_said(office: Office) -> None:
    assert "还没有" in rolling.standing(office).wrong[0]
    roll(office)
    assert rolling.standing(office).wrong == ()
    write(office, 5)
    later = rolling.standing(office, now() + timedelta(days=2))
    assert (later.days, later.wrong) == (2, ())
    assert "已经 3 天没有备份" in rolling.standing(office, now() + timedelta(days=3)).wrong[0]
    office.write(history.undo)
    found = shelved(office)
    assert found.standing.last is not None and found.standing.last.checked
    assert any("同一块硬盘" in said for said in found.standing.advice)


def test_what_was_chosen_is_remembered_here(office: Office, tmp_path: Path) -> None:
    rolling.set_shelf(office, Shelf(tmp_path / "优盘", Kept(3, 0, 2), 9))
    assert shelf_of(office.store) == Shelf(tmp_path / "优盘", Kept(3, 0, 2), 9)
    roll(office)
    assert [path.name for path in (tmp_path / "优盘").glob("*.backup")] == [f"自动备份 {date.today()}.backup"]
    for kept, remind in ((Kept(0, 1, 1), 3), (Kept(1, -1, 1), 3), (Kept(1, 1, 1), 0)):
        with pytest.raises(RuleBroken):
            rolling.set_shelf(office, Shelf(tmp_path, kept, remind))
    (tmp_path / "文件").write_text("x", encoding="utf-8")
    with pytest.raises(RuleBroken, match="建不了"):
        rolling.set_shelf(office, Shelf(tmp_path / "文件" / "备份"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(["folder", "daily", "weekly", "monthly", "remind", "x"]), JSON, max_size=5
    )
    | JSON
)
@CALM
def test_settings_that_make_no_sense_do_not_count(small_copies: Copies, said: object) -> None:
    from db.session import Store

    store = Store(small_copies.file)
    settings.remember(shelf.REMEMBERED, {str(small_copies.file.resolve()): said})
    found = shelf_of(store)
    assert found.kept.daily >= 0 and 1 <= found.remind <= 366
    settings.remember(shelf.REMEMBERED, said)
    assert shelf_of(store).kept == Kept()
    settings.remember(shelf.REMEMBERED, {})


@given(st.binary(max_size=60) | JSON.map(lambda said: json.dumps(said).encode()))
@CALM
def test_a_list_beside_the_backups_that_makes_no_sense_does_not_count(
    small_copies: Copies, tmp_path_factory: pytest.TempPathFactory, said: bytes
) -> None:
    from db.session import Store

    folder = tmp_path_factory.mktemp("shelf")
    (folder / "自动备份 2026-06-28.backup").write_bytes(b"x")
    (folder / shelf.LIST).write_bytes(said)
    (found,) = backups_on(Shelf(folder), Store(small_copies.file))
    assert not found.checked


def test_a_backup_that_was_changed_no_longer_counts_as_checked(office: Office) -> None:
    made = roll(office).made
    assert made is not None
    with Path(made.file).open("ab") as file:
        file.write(b"more")
    assert not backups_on(shelf_of(office.store), office.store)[0].checked
    assert "还没有核对过" in rolling.standing(office).wrong[0]


def test_the_drill_proves_the_newest_backup(street_office: Office) -> None:
    """On both databases: restored to a scratch place, chain, seals and counts proved, the office untouched."""
    with pytest.raises(OfficeError, match="还没有备份"):
        drill(street_office)
    safekeeping.back_up(
        street_office, shelf_of(street_office.store).folder / "手动备份 2026-06-28 101010.backup"
    )
    lines = safekeeping.verify(street_office).actions
    came = drill(street_office)
    assert came.verified.findings == ()
    assert came.verified.actions == lines
    assert len(came.verified.locked_months) >= 1
    assert came.people > 500
    assert "演练通过" in came.in_words()
    found = backups_on(shelf_of(street_office.store), street_office.store)[0]
    assert found.drilled == date.today()


def test_the_drill_finds_a_backup_that_was_tampered_with(office: Office) -> None:
    made = roll(office).made
    assert made is not None
    with closing(sqlite3.connect(made.file)) as connection:
        connection.execute("UPDATE person SET name = '王五' WHERE id = 1")
        connection.execute("DELETE FROM post WHERE person_id = 2")
        connection.commit()
    came = drill(office)
    assert len(came.verified.findings) >= 2
    assert "不能靠它" in came.in_words()
    assert backups_on(shelf_of(office.store), office.store)[0].drilled is None


def test_what_restoring_would_lose(office: Office, tmp_path: Path, small_copies: Copies) -> None:
    file = tmp_path / "一.backup"
    safekeeping.back_up(office, file)
    assert loss(office, str(file)).actions == 0
    for population in range(8):
        write(office, population)
    lost = loss(office, str(file))
    assert (lost.actions, len(lost.last), lost.strange) == (8, 6, False)
    assert "青禾" in lost.last[0] or "网格" in lost.last[0]
    assert (lost.people_then, lost.people_now) == (7, 7)
    safekeeping.restore(office, file)
    lost = loss(office, str(file))
    assert lost.actions == 1 and "从备份“一.backup”恢复" in lost.last[0], (
        "that it was restored, and nothing else"
    )
    later = tmp_path / "二.backup"
    write(office, 99)
    safekeeping.back_up(office, later)
    safekeeping.restore(office, file)
    write(office, 98)
    assert loss(office, str(later)).strange, "its last line is another than ours"


def test_a_backup_opens_on_another_computer(office: Office, tmp_path: Path, office_at: Opening) -> None:
    """As one file, on a stick, with nothing beside it; and there it is an office to work in."""
    made = safekeeping.back_up(office)
    stick = tmp_path / "优盘"
    stick.mkdir()
    (stick / "网格办.db").write_bytes(Path(made.file).read_bytes())
    there = office_at(stick / "网格办.db")
    assert safekeeping.verify(there).findings == ()
    write(there, 11)
    assert safekeeping.verify(there).findings == ()
