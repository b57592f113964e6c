"""队伍变化 in the window: each picture leads to exactly its rows, on any day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from gridoffice.overview.team_lists import picture
from ui.app import settle
from ui.main_window import MainWindow

Open = Callable[..., MainWindow]


def page_of(window: MainWindow) -> Any:
    window.go("turnover")
    settle(window, quiet_ms=60)
    return window.page


def test_every_bar_leads_to_its_rows(full: Path, opened: Open) -> None:
    window = opened(full)
    page = page_of(window)
    said = window.office.read(picture, window.scope_id, window.day)
    for chart, bands in (
        (page.ages, said.ages),
        (page.tenures, said.tenures),
        (page.schoolings, said.schoolings),
    ):
        for place, (_, count) in enumerate(bands):
            chart.picked.emit(place)
            settle(window, quiet_ms=60)
            assert page.table.model.rowCount() == count
    last = said.turnover.months[-1]
    page.moves.picked.emit(len(said.turnover.months) - 1)
    settle(window, quiet_ms=60)
    assert page.table.model.rowCount() == last.joined + last.left
    page.rates.picked.emit(len(said.turnover.months) - 1)
    settle(window, quiet_ms=60)
    assert page.table.model.rowCount() == last.left
    line = page.tables[1].model.ids[0] if len(page.tables[1].model.ids) else None
    page._open(0, line)
    settle(window, quiet_ms=60)
    assert window.page.key == "workers" and window.page._shown == line


def test_an_area_s_bar_leads_into_it(full: Path, opened: Open) -> None:
    window = opened(full)
    page = page_of(window)
    area = page._said.turnover.areas[1]
    page.full.chart.picked.emit(1)
    settle(window, quiet_ms=60)
    assert window.scope_id == area.grid_id
    assert f"在岗 {area.change.after} 人" in page.head_facts.whole()


def test_another_day_has_its_own_numbers(full: Path, opened: Open) -> None:
    window = opened(full)
    page = page_of(window)
    day = window.day - timedelta(days=200)
    window.look_at(day)
    settle(window, quiet_ms=60)
    said = window.office.read(picture, window.scope_id, day)
    assert f"在岗 {said.serving} 人" in page.head_facts.whole() and day.isoformat() in page.head_facts.whole()
    assert page._said.turnover.months[-1].end == day


def test_numbers_can_be_read_and_copied(full: Path, opened: Open) -> None:
    window = opened(full)
    page = page_of(window)
    found = [one for one in page.findChildren(QPushButton) if one.text() == "看数据" and one.isVisible()]
    assert len(found) == 6
    found[3].click()
    settle(window, quiet_ms=60)
    (copy,) = [one for one in window.findChildren(QPushButton) if one.text() == "复制" and one.isVisible()]
    copy.click()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 1 + len(page._said.ages)


def test_an_office_without_people_says_so_and_leads_on(empty: Path, opened: Open) -> None:
    window = opened(empty)
    page = page_of(window)
    assert page._nobody.isVisible() and not page._pictures.isVisible()
    page._turn(2)
    settle(window, quiet_ms=60)
    assert page.table.blank.words() == "近 12 个月没有人进出。"
    window.go("vacancies")
    settle(window, quiet_ms=60)
    assert window.page.table.blank.words() == "还没有网格。"
