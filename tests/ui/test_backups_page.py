"""The page of backups: made, tried out, restored with the loss told, kept as chosen; the line on the home page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton

from db.enums import Role
from gridoffice import history, rolling, shelf
from gridoffice.accounts.keeping import add_account
from gridoffice.grids.service import save_grid
from gridoffice.office import Office
from tests.offices import Copies, grid_id
from tests.ui.seen import click, words_in
from ui import dialogs
from ui.app import settle
from ui.main_window import MainWindow
from ui.pages.backup_shelf import ShelfPanel
from ui.pages.backups import BackupsPage

Open = Callable[..., MainWindow]


@pytest.fixture
def small(small_copies: Copies, tmp_path: Path) -> Path:
    target = tmp_path / "本办" / "office.db"
    target.parent.mkdir()
    target.write_bytes(small_copies.file.read_bytes())
    return target


def backups_page(window: MainWindow) -> BackupsPage:
    window.go("backups")
    settle(window, quiet_ms=60)
    assert isinstance(window.page, BackupsPage)
    return window.page


def line(page: BackupsPage, row: int) -> list[str]:
    return [page.model.cell(row, column).text for column in range(len(page.model.headings))]


def change(window: MainWindow, population: int) -> None:
    window.office.write(save_grid, grid_id(window.office, "519921001"), {"population": population})


def test_made_drilled_and_restored_with_the_loss_told(
    opened: Open, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(small)
    page = backups_page(window)
    assert "还没有备份" in page.blank.words()
    click(page, "现在备份")
    settle(window)
    assert line(page, 0)[1:5] == ["手动备份", line(page, 0)[2], "7", "已核对"]
    click(page, "恢复演练")
    settle(window)
    assert "演练通过" in words_in(page)
    assert line(page, 0)[5] == date.today().isoformat()
    change(window, 7)
    change(window, 8)
    page._open(0)
    click(page.drawer, "恢复这一份")
    settle(window)
    told = words_in(page.drawer)
    assert "2 条变动会没有" in told and "先把现在的样子备份一份" in told
    asked: list[Any] = []
    monkeypatch.setattr(dialogs, "decide", lambda *said: bool(asked.append(said)) or True)
    click(page.drawer, "恢复备份")
    settle(window)
    assert "2 条变动会没有" in asked[0][2]
    assert "已恢复 7 人" in words_in(page)
    assert {line(page, row)[1] for row in range(2)} == {"恢复前", "手动备份"}
    last = window.office.read(history.journal)[0]
    assert last.id == history_before(window) + 1 and "恢复" in last.title


def history_before(window: MainWindow) -> int:
    kept = shelf.backups_on(shelf.shelf_of(window.office.store), window.office.store)
    return next(one.actions for one in kept if one.kind is shelf.Kind.BY_HAND) or 0


def test_where_and_how_many_is_chosen(opened: Open, small: Path, tmp_path: Path) -> None:
    window = opened(small)
    page = backups_page(window)
    click(page, "备份设置")
    panel = page.side
    assert isinstance(panel, ShelfPanel)
    panel.daily.setText("三")
    panel.take()
    assert "写一个数" in words_in(panel)
    panel.daily.setText("0")
    panel.take()
    settle(window)
    assert "至少留 1 份" in words_in(panel)
    panel.daily.setText("5")
    panel.folder.setText(str(tmp_path / "优盘"))
    panel.take()
    settle(window)
    assert page.side is None
    assert "留 5 天、4 周、12 个月" in page.head_facts.whole()
    click(page, "现在备份")
    settle(window)
    assert len(list((tmp_path / "优盘").glob("手动备份*.backup"))) == 1


def test_behind_the_window_a_backup_is_made_and_the_home_page_speaks_when_none_is(
    opened: Open, small: Path
) -> None:
    window = opened(small)
    window.go("home")
    window.keeper.look()
    settle(window)
    home = window.page
    assert "还没有核对过的备份" in words_in(home)
    window.keeper.roll()
    settle(window)
    assert "备份" not in words_in(home)
    page = backups_page(window)
    assert line(page, 0)[1] == "自动备份·日"
    # the clock goes back: nothing is made or removed, and it is said
    kept = shelf.shelf_of(window.office.store).folder
    tomorrow = kept / f"自动备份 {date.today() + timedelta(days=1)}.backup"
    tomorrow.write_bytes((kept / f"自动备份 {date.today()}.backup").read_bytes())
    change(window, 9)
    window.keeper.roll()
    settle(window)
    window.go("home")
    settle(window)
    assert "电脑的日期是" in words_in(window.page)
    click(window.page, "去备份")
    assert isinstance(window.page, BackupsPage)


def test_who_only_looks_may_not_restore(opened: Open, small: Path) -> None:
    office = Office.open(small)
    office.write(add_account, "look", "看的人", Role.READER)
    rolling.roll(office)
    office.close()
    window = opened(small, account="look")
    page = backups_page(window)
    off = {
        one.text().strip()
        for one in page.findChildren(QPushButton)
        if one.isVisible() and not one.isEnabled()
    }
    assert {"从文件恢复", "备份设置"} <= off
    page._open(0)
    assert not next(
        one for one in page.drawer.findChildren(QPushButton) if one.isVisible() and "恢复这" in one.text()
    ).isEnabled()
