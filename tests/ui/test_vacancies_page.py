"""空缺 and 后备 in the window: a vacancy is filled from the reserve list, from elsewhere, by somebody new."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from db.enums import ReserveState
from gridoffice.overview.vacancies import vacancies
from gridoffice.workers.listing import WORKERS
from gridoffice.workers.posts import posts_of
from gridoffice.workers.reserve import reserve_row, save_reserve
from ui import dialogs
from ui.app import settle
from ui.main_window import MainWindow

Open = Callable[..., MainWindow]


def go(window: MainWindow, key: str, **where: Any) -> Any:
    window.go(key, **where)
    settle(window, quiet_ms=60)
    return window.page


def words(part: Any) -> str:
    return "\n".join(one.text() for one in part.findChildren(QLabel) if one.isVisible())


def press(window: MainWindow, part: Any, said: str) -> None:
    found = [one for one in part.findChildren(QPushButton) if one.isVisible() and one.text().strip() == said]
    assert found, f"no button {said}"
    found[0].click()
    settle(window, quiet_ms=60)


def test_a_vacancy_is_filled_from_the_reserve_list(full: Path, opened: Open) -> None:
    window = opened(full)
    page = go(window, "vacancies")
    gaps = window.office.read(vacancies, None, window.day)
    assert page.table.model.rowCount() == len(gaps) and f"共 {len(gaps)} 处空缺" in page.head_facts.whole()
    page = go(window, "reserve")
    window.command("new")
    for name, text in (("name", "何𫍯"), ("phone", "13800000080"), ("source", "公开招募")):
        page._editing.fields[name].input.setText(text)
    window.command("save")
    settle(window, quiet_ms=60)
    assert "把“何𫍯”列入后备" in window.toast.words()
    one = page.table.model.ids[0]
    page = go(window, "vacancies")
    line = page.table.model.values(0)
    page._open(line.id)
    settle(window, quiet_ms=60)
    assert "后备人员 1 人" in words(page.drawer) and "何𫍯" in words(page.drawer)
    press(window, page.drawer, "上岗")
    window.command("save")
    settle(window, quiet_ms=60)
    assert window.office.read(reserve_row, one).state is ReserveState.PLACED
    person = window.office.read(reserve_row, one).person_id
    (post,) = window.office.read(posts_of, person)
    assert post.grid_id == line.grid_id and post.title in line.posts
    window.undo()
    settle(window, quiet_ms=60)
    assert window.office.read(reserve_row, one).state is ReserveState.WAITING
    assert window.office.read(posts_of, person) == []


def test_a_vacancy_is_filled_from_elsewhere(full: Path, opened: Open) -> None:
    window = opened(full)
    page = go(window, "vacancies")
    line = page.table.model.values(0)
    page._open(line.id)
    window.command("new")
    settle(window, quiet_ms=60)
    panel = page.panel
    panel.save()
    assert "没写姓名。" in words(panel)
    mover = window.office.read(lambda s: WORKERS.rows(s, [1]))[0]
    panel.form.fields["person"].input.choose(mover.person_id, mover.name)
    panel.save()
    settle(window, quiet_ms=60)
    now, before = window.office.read(posts_of, mover.person_id)
    assert now.grid_id == line.grid_id and before.to_day is not None
    assert page.side is None


def test_somebody_new_begins_where_the_gap_is(full: Path, opened: Open) -> None:
    window = opened(full)
    page = go(window, "vacancies")
    line = page.table.model.values(0)
    page._open(line.id)
    settle(window, quiet_ms=60)
    press(window, page.drawer, "新增人员")
    assert window.page.key == "workers" and window.scope_id == line.grid_id
    assert window.page._editing.fields["title"].text() == line.posts[0]


def test_whoever_leaves_the_list_is_marked(full: Path, opened: Open) -> None:
    window = opened(full)
    one = window.office.write(save_reserve, None, {"name": "周来", "phone": "13800000081"}).result
    page = go(window, "reserve")
    page._open(one)
    settle(window, quiet_ms=60)
    window.command("leave")
    settle(window, quiet_ms=60)
    assert window.office.read(reserve_row, one).state is ReserveState.LEFT
    assert window.toast.words() == "“周来”退出后备"


def test_the_list_leaves_as_it_stands_on_screen(
    full: Path, opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(full)
    window.start()
    page = go(window, "vacancies")
    unit = page.table.model.values(0).unit
    page.table.filter_by("unit", (unit,))
    settle(window, quiet_ms=60)
    shown = page.table.model.rowCount()
    target = tmp_path / "空缺.xlsx"
    monkeypatch.setattr(dialogs, "save_file", lambda *_: target)
    window.command("export")
    settle(window, quiet_ms=60)
    page.exporting.panel._take()
    settle(window)
    sheet = openpyxl.load_workbook(target).worksheets[0]
    lines = [line for line in sheet.values if unit in line]
    assert len(lines) == shown, list(sheet.values)[:4]
    assert f"已导出 {shown} 处" in window.status.last()
