"""任职 of a person, in the drawer: added, put right with a reason, handed on, ended, struck out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QLabel, QPushButton

from gridoffice.grids.listing import GRIDS
from gridoffice.history import journal
from gridoffice.listing import Ask
from gridoffice.workers.posts import posts_of
from ui.app import settle
from ui.main_window import MainWindow
from ui.pages.posts_panel import PostsPanel
from ui.widgets.drawer import Drawer, body

Open = Callable[..., MainWindow]


def shown(window: MainWindow) -> tuple[PostsPanel, Any]:
    """The panel in a drawer of the roster, for its first line."""
    window.go("workers")
    settle(window, quiet_ms=60)
    line = window.page.table.model.values(0)
    panel, drawer, made = PostsPanel(window), Drawer(("任职",)), body()
    drawer.name(line.name, line.grid)
    made.put(panel)
    made.put(None)
    drawer.fill(made)
    window.page.set_side(drawer)
    panel.show(line.person_id)
    settle(window, quiet_ms=60)
    return panel, line


def words(panel: PostsPanel) -> list[str]:
    return [part.text() for part in panel.findChildren(QLabel) if part.isVisible() and part.text()]


def press(window: MainWindow, panel: PostsPanel, said: str) -> None:
    found = [
        part for part in panel.findChildren(QPushButton) if part.isVisible() and part.text().strip() == said
    ]
    assert found, f"no button {said}"
    found[0].click()
    settle(window, quiet_ms=60)


def fill(panel: PostsPanel, **texts: str) -> None:
    assert panel.form is not None
    for name, text in texts.items():
        panel.form.fields[name].input.setText(text)  # type: ignore[attr-defined]


def test_a_history_is_put_right_only_with_a_reason(full: Path, opened: Open) -> None:
    window = opened(full)
    panel, line = shown(window)
    assert "任职 1 段" in words(panel) and line.title in words(panel)
    press(window, panel, "更正")
    fill(panel, employer="青禾人力")
    press(window, panel, "更正")
    assert "没写更正原因。" in words(panel)
    fill(panel, why="合同上写的")
    press(window, panel, "更正")
    assert panel.form is None and any("青禾人力" in text for text in words(panel))
    assert "合同上写的" in window.office.read(journal)[0].title
    window.undo()
    settle(window, quiet_ms=60)
    assert window.office.read(posts_of, line.person_id)[0].employer == line.employer


def test_somebody_is_handed_on_and_leaves(full: Path, opened: Open) -> None:
    window = opened(full)
    panel, line = shown(window)
    other = window.office.read(GRIDS.rows, window.office.read(GRIDS.ids, Ask())[5:6])[0]
    press(window, panel, "调动")
    assert panel.form is not None
    panel.form.fields["grid"].input.choose(other.id, other.name)  # type: ignore[attr-defined]
    fill(panel, day=window.day.isoformat(), reason="补空缺")
    press(window, panel, "调动")
    now, before = window.office.read(posts_of, line.person_id)
    assert now.grid_id == other.id and before.to_day == window.day - timedelta(days=1)
    assert before.leave_reason == now.reason == "补空缺"
    assert "任职 2 段" in words(panel)
    press(window, panel, "结束")
    fill(panel, last_day="2020-01-01", reason="辞职")
    press(window, panel, "结束任职")
    assert any("早于任职日期" in text for text in words(panel)), "said where the clerk is"
    fill(panel, last_day=window.day.isoformat())
    press(window, panel, "结束任职")
    assert window.office.read(posts_of, line.person_id)[0].leave_reason == "辞职"


def test_a_second_main_post_is_refused_where_it_is_typed(full: Path, opened: Open) -> None:
    window = opened(full)
    panel, line = shown(window)
    other = window.office.read(GRIDS.rows, window.office.read(GRIDS.ids, Ask())[5:6])[0]
    press(window, panel, "加一段")
    assert panel.form is not None
    panel.form.fields["grid"].input.choose(other.id, other.name)  # type: ignore[attr-defined]
    fill(panel, from_day=window.day.isoformat())
    press(window, panel, "加上")
    assert any("同一时间已在" in text for text in words(panel))
    panel.form.fields["concurrent"].input.setChecked(True)  # type: ignore[attr-defined]
    press(window, panel, "加上")
    assert "任职 2 段" in words(panel) and len(window.office.read(posts_of, line.person_id)) == 2
    press(window, panel, "删去")
    fill(panel, why="录错人")
    press(window, panel, "删去")
    assert "任职 1 段" in words(panel)
