"""资源 and 问题 through the window: entered, looked at in a grid's drawer, settled together, undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from gridoffice.grids.listing import GRIDS
from gridoffice.listing import Ask
from gridoffice.registers.listing import ISSUES, RESOURCES
from ui.app import settle
from ui.main_window import MainWindow

Open = Callable[..., MainWindow]


@pytest.fixture
def window(full: Path, opened: Open) -> MainWindow:
    return opened(full)


def at(window: MainWindow, key: str):
    window.go(key)
    settle(window, quiet_ms=60)
    return window.page


def first_grid(window: MainWindow) -> tuple[int, str]:
    rows = window.office.read(GRIDS.rows, list(window.office.read(GRIDS.ids, Ask())))
    line = next(one for one in rows if one.kind == "一般网格")
    return line.id, line.code


def filled(window: MainWindow, page, **said: str) -> None:
    page._new()
    settle(window, quiet_ms=60)
    for name, text in said.items():
        part = page._editing.fields[name].input
        part.setCurrentIndex(part.findText(text)) if hasattr(part, "findText") else part.setText(text)
    page._save()
    settle(window, quiet_ms=60)


def words(part) -> str:
    return "\n".join(one.text() for one in part.findChildren(QLabel) if one.isVisibleTo(part))


def issues(window: MainWindow):
    return window.office.read(ISSUES.rows, list(window.office.read(ISSUES.ids, Ask())))


def test_a_resource_is_entered_and_stands_in_its_grids_drawer(window: MainWindow) -> None:
    grid, code = first_grid(window)
    page = at(window, "resources")
    assert len(page.table.model.ids) == 0 and "这里还没有登记资源" in page.table.empty_words
    filled(window, page, grid=code, kind="设备物资", name="应急发电机", quantity="2 台", phone="13800000011")
    (row,) = window.office.read(RESOURCES.rows, list(window.office.read(RESOURCES.ids, Ask())))
    assert (row.grid_id, row.name, row.quantity) == (grid, "应急发电机", "2 台")
    assert page._shown == row.id and "应急发电机" in words(page.drawer)
    window.go("grids", show=grid)
    settle(window, quiet_ms=60)
    window.page.turn("资源")
    settle(window, quiet_ms=60)
    told = words(window.page.drawer)
    assert "设备物资 1" in told and "138****0011" in told and "13800000011" not in told
    window.undo()
    settle(window, quiet_ms=60)
    assert "还没有登记资源" in words(window.page.drawer)


def test_problems_are_found_settled_together_and_looked_for_when_late(window: MainWindow) -> None:
    grid, code = first_grid(window)
    page = at(window, "grid-issues")
    filled(window, page, grid=code, what="3 栋楼道堆杂物", kind="安全隐患", reporter="居民")
    assert issues(window)[0].day == date.today(), "today is proposed"
    yesterday = date.today() - timedelta(days=1)
    past = (date.today() - timedelta(days=9)).isoformat()
    filled(window, page, grid=code, day=past, what="路灯不亮", due=yesterday.isoformat())
    assert "已过期限 1" in "".join(one.text() for one in page.filters.findChildren(QPushButton))
    filled(window, page, grid=code, day=past, what="井盖松动", state="已办结")
    assert "已办结的要写办结日期" in words(page.drawer), "said below its line"
    page._close()
    settle(window, quiet_ms=60)
    window.go("grid-issues", late=True)
    settle(window, quiet_ms=60)
    assert [page.table.model.values(0).what] == ["路灯不亮"] and len(page.table.model.ids) == 1
    page.table.clear_filters()
    settle(window, quiet_ms=60)
    page._settling_of(list(page.table.model.ids))
    page._settling.result.setText("都办了")
    page._settling.satisfied.setCurrentIndex(1)
    page._save()
    settle(window, quiet_ms=60)
    assert {(one.state.label, one.closed, one.result, one.satisfied) for one in issues(window)} == {
        ("已办结", date.today(), "都办了", True)
    }
    window.undo()
    settle(window, quiet_ms=60)
    assert {one.closed for one in issues(window)} == {None}
    window.go("grids", show=grid)
    settle(window, quiet_ms=60)
    window.page.turn("问题")
    settle(window, quiet_ms=60)
    told = words(window.page.drawer)
    assert "没办结 2 个" in told and "路灯不亮" in told and "近 6 个月" in told
