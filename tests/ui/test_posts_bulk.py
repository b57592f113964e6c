"""The ticked rows of the roster: moved on a day, changed alike, leaving; each one action, told beforehand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from PySide6.QtWidgets import QLabel

from gridoffice.grids.listing import GRIDS
from gridoffice.history import journal
from gridoffice.listing import Ask
from gridoffice.workers.listing import WORKERS
from ui.app import settle
from ui.main_window import MainWindow
from ui.pages.posts_bulk import BulkPanel, ChangePanel, LeavePanel, TransferPanel
from ui.pages.workers import WorkersPage

Open = Callable[..., MainWindow]


def begun(window: MainWindow, kind: type[BulkPanel], count: int) -> tuple[WorkersPage, BulkPanel]:
    window.go("workers")
    settle(window, quiet_ms=60)
    page = window.page
    page.table.model.tick(list(page.table.model.ids[:count]))
    page._begin(kind)
    settle(window, quiet_ms=60)
    assert page.bulk.open and page.bulk.panel is not None
    return page, page.bulk.panel


def words(panel: BulkPanel) -> str:
    return "\n".join(part.text() for part in panel.findChildren(QLabel) if part.isVisible())


def say(window: MainWindow, panel: BulkPanel, **texts: str) -> None:
    assert panel.form is not None
    for name, text in texts.items():
        panel.form.fields[name].input.setText(text)  # type: ignore[attr-defined]
    panel.look()
    settle(window, quiet_ms=60)


def test_forty_move_on_a_day_in_one_action(full: Path, opened: Open) -> None:
    window = opened(full)
    page, panel = begun(window, TransferPanel, 40)
    assert "没说调到哪个网格" in words(panel)
    target = window.office.read(GRIDS.rows, window.office.read(GRIDS.ids, Ask())[-1:])[0]
    moving = [window.office.read(WORKERS.rows, [one])[0] for one in page.table.model.ticked_ids()]
    panel.form.fields["grid"].input.choose(target.id, target.name)  # type: ignore[union-attr]
    day = window.day + timedelta(days=1)
    say(window, panel, day=day.isoformat(), reason="力量调整")
    assert panel._button.words() == "调整 40 人" and "调走后缺" in words(panel)
    lines = len(window.office.read(journal))
    window.command("save")
    settle(window, quiet_ms=60)
    assert len(window.office.read(journal)) == lines + 1
    there = window.office.read(lambda s: WORKERS.rows(s, WORKERS.ids(s, Ask(scope=target.id, day=day)), day))
    assert {one.name for one in moving} <= {one.name for one in there}
    assert page.side is None and not page.table.model.tick_count()
    window.undo()
    settle(window, quiet_ms=60)
    assert [window.office.read(WORKERS.rows, [one.id])[0] for one in moving] == moving


def test_whoever_cannot_move_is_named_and_left_out(full: Path, opened: Open) -> None:
    window = opened(full)
    page, panel = begun(window, TransferPanel, 3)
    first = page.table.model.values(0)
    assert first is not None
    grid = window.office.read(lambda s: s.execute(_grid_of(first.id)).scalar_one())
    panel.form.fields["grid"].input.choose(grid, first.grid)  # type: ignore[union-attr]
    say(window, panel)
    assert "1 人不能调，其余照调" in words(panel) and f"“{first.name}”已在" in words(panel)
    window.command("save")
    settle(window, quiet_ms=60)
    assert "把 2 人调到" in window.toast.words()


def _grid_of(post_id: int):
    from sqlalchemy import select

    from db.tables import Post

    return select(Post.grid_id).where(Post.id == post_id)


def test_many_get_the_same_contract(full: Path, opened: Open) -> None:
    window = opened(full)
    page, panel = begun(window, ChangePanel, 5)
    ids = list(page.table.model.ticked_ids())
    assert "还没写要改成什么" in words(panel)
    say(window, panel, contract_end="2029-06-30")
    page.table.model.tick(ids[4:], on=False)
    panel.look()
    settle(window, quiet_ms=60)
    assert panel._button.words() == "修改 4 人"
    window.command("save")
    settle(window, quiet_ms=60)
    ends = [str(one.contract_end) for one in window.office.read(WORKERS.rows, ids)]
    assert ends[:4] == ["2029-06-30"] * 4 and ends[4] != "2029-06-30"
    assert window.toast.words() == "已改 4 人的合同到期日"


def test_leaving_asks_for_day_and_reason(full: Path, opened: Open) -> None:
    window = opened(full)
    page, panel = begun(window, LeavePanel, 2)
    ids = list(page.table.model.ticked_ids())
    assert "2 人离岗" in words(panel) and "没写离任日期" not in words(panel)
    say(window, panel, last_day="2001-01-01", reason="辞职")
    window.command("save")
    settle(window, quiet_ms=60)
    assert "早于任职日期" in words(panel), "refused where the clerk is"
    say(window, panel, last_day=window.day.isoformat())
    window.command("save")
    settle(window, quiet_ms=60)
    assert {one.leave_reason for one in window.office.read(WORKERS.rows, ids)} == {"辞职"}
    assert page.side is None
    page._begin(LeavePanel)
    settle(window, quiet_ms=60)
    assert window.toast.words() == "先勾选要改的人。"
