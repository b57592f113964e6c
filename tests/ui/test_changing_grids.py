"""Dated changes of the tree through the window: drafted, previewed, saved, told, undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from gridoffice.grids.history import story
from gridoffice.grids.listing import GRIDS
from gridoffice.grids.surroundings import surroundings
from gridoffice.history import journal
from gridoffice.listing import Ask
from ui.app import settle
from ui.main_window import MainWindow
from ui.pages.change_drafts import CloseDraft, EstablishDraft, MergeDraft, MoveDraft, RenameDraft
from ui.pages.split_draft import SplitDraft
from ui.widgets.popover import Popover

Open = Callable[..., MainWindow]


@pytest.fixture
def grids(full: Path, opened: Open):
    window = opened(full)
    window.go("grids")
    settle(window, quiet_ms=60)
    return window, window.page


def of_kind(window: MainWindow, kind: str) -> list[int]:
    """Grids of a kind in the order of the tree."""
    rows = window.office.read(GRIDS.rows, list(window.office.read(GRIDS.ids, Ask())))
    return [line.id for line in rows if line.kind == kind]


def drafted(window: MainWindow, page, draft, *grid_ids: int):
    page.changes.begin(draft, list(grid_ids))
    settle(window, quiet_ms=60)
    assert page.side is page.changes.panel
    return page.changes.panel


def looked(window: MainWindow, panel):
    """The preview once the keyboard has rested."""
    panel.look()
    settle(window, quiet_ms=60)
    return panel.said


def saved(window: MainWindow, panel) -> None:
    panel.save()
    settle(window, quiet_ms=60)


def words(part) -> str:
    return "\n".join(one.text() for one in part.findChildren(QLabel) if one.isVisibleTo(part))


def test_a_new_name_from_a_day_on_stands_in_the_story_and_is_undone(grids) -> None:
    window, page = grids
    grid = of_kind(window, "一般网格")[0]
    was = window.office.read(GRIDS.rows, [grid])[0].name
    panel = drafted(window, page, RenameDraft, grid)
    assert looked(window, panel) is None and "写上新的名称" in words(panel.verdict)
    lines = len(window.office.read(journal))
    day = date.today() - timedelta(days=3)
    panel.draft._form.fields["name"].input.setText("䶮桥网格")
    panel.day.setText(day.isoformat())
    panel.reason.setText("小区改名")
    panel.approval.setText("青街办〔2026〕8号")
    said = looked(window, panel)
    assert said is not None and said.allowed and "更名为“䶮桥网格”" in words(panel.found)
    assert len(window.office.read(journal)) == lines, "a preview writes nothing"
    saved(window, panel)
    assert window.office.read(GRIDS.rows, [grid])[0].name == "䶮桥网格"
    assert page.changes.panel is None and page.side is page.drawer and page._shown == grid
    event = window.office.read(story, grid)[-1]
    assert (event.day, event.reason, event.approval) == (day, "小区改名", "青街办〔2026〕8号")
    page.drawer.tabs._pick(page.tabs.index("沿革"))
    settle(window, quiet_ms=60)
    told = words(page.drawer)
    assert f"网格名称：{was} → 䶮桥网格" in told and "小区改名" in told and day.isoformat() in told
    window.undo()
    settle(window, quiet_ms=60)
    assert window.office.read(GRIDS.rows, [grid])[0].name == was


def test_a_split_shares_out_homes_people_and_grids_below(grids) -> None:
    window, page = grids
    grid = of_kind(window, "一般网格")[0]
    around = window.office.read(surroundings, [grid], date.today())[0]
    panel = drafted(window, page, SplitDraft, grid)
    draft = panel.draft
    one, two = draft._parts
    two.fields["name"].input.setText("第九十九网格")
    for name in draft._counted:
        two.fields[name].input.setText("1")
    assert one.fields["households"].input.text() == str(around.state.households - 1), "the rest stays"
    child, post = around.children[0][0], around.posts[0]
    draft._places["child", child].setCurrentIndex(1)
    draft._places["post", post.id].setCurrentIndex(1)
    said = looked(window, panel)
    assert said is not None and said.allowed, said
    assert [effect.person for effect in said.posts] == [post.name]
    assert panel._save_button.words().startswith("拆分（")
    saved(window, panel)
    made = window.office.read(GRIDS.rows, [page._shown])[0]
    assert made.name == "第九十九网格" and made.households == 1
    fresh = window.office.read(surroundings, [made.id], date.today())[0]
    assert [number for number, _ in fresh.children] == [child]
    assert [held.name for held in fresh.posts] == [post.name]


def test_homes_that_do_not_add_up_are_refused_before_saving(grids) -> None:
    window, page = grids
    panel = drafted(window, page, SplitDraft, of_kind(window, "一般网格")[0])
    one, two = panel.draft._parts
    two.fields["name"].input.setText("第九十九网格")
    for name in panel.draft._counted:
        two.fields[name].input.setText("1")
    one.fields["households"].input.setText("1")
    said = looked(window, panel)
    assert said is not None and not said.allowed
    assert "还差" in words(panel.verdict)
    lines = len(window.office.read(journal))
    saved(window, panel)
    assert page.changes.panel is panel and len(window.office.read(journal)) == lines


def test_ticked_grids_are_merged_from_the_menu(grids) -> None:
    window, page = grids
    one, two = of_kind(window, "微网格")[:2]
    page.table.model.tick([one, two])
    page._change()
    menu = next(part for part in window.findChildren(Popover) if part.isVisible())
    offered = {part.text(): part for part in menu.findChildren(QPushButton)}
    assert not offered["改名"].isEnabled() and offered["合并"].isEnabled()
    QTest.mouseClick(offered["合并"], Qt.MouseButton.LeftButton)
    settle(window, quiet_ms=60)
    panel = page.changes.panel
    assert isinstance(panel.draft, MergeDraft)
    before = page.table.model.rowCount()
    said = looked(window, panel)
    assert said is not None and said.allowed
    saved(window, panel)
    assert page.table.model.rowCount() == before - 1 and page._shown == one
    assert page.table.model.tick_count() == 0
    page.drawer.tabs._pick(page.tabs.index("沿革"))
    settle(window, quiet_ms=60)
    assert "前身：" in words(page.drawer)


def test_a_grid_is_moved_to_where_a_few_letters_say(grids) -> None:
    window, page = grids
    small = of_kind(window, "微网格")[0]
    target = of_kind(window, "一般网格")[5]
    name = window.office.read(GRIDS.rows, [target])[0].name
    panel = drafted(window, page, MoveDraft, small)
    picker = panel.draft._to
    picker.line.setText(name)
    picker._typed("")
    picker._look_for()
    settle(window, quiet_ms=60)
    assert panel.draft._to.picked is None
    hits = [part.toolTip() for part in picker.findChildren(QPushButton)]
    assert hits and all(name in hit for hit in hits)
    picker.choose(target, name)
    said = looked(window, panel)
    assert said is not None
    if said.allowed:
        saved(window, panel)
        assert window.office.read(surroundings, [small], date.today())[0].state.parent_id == target
    else:
        assert words(panel.verdict)


def test_nobody_is_left_behind_when_a_grid_closes(grids) -> None:
    window, page = grids
    grids_ = of_kind(window, "微网格")
    grid = next(one for one in grids_ if window.office.read(surroundings, [one], date.today())[0].posts)
    panel = drafted(window, page, CloseDraft, grid)
    assert looked(window, panel) is None and "还没有选人调到哪里" in words(panel.verdict)
    panel.draft._people.setCurrentIndex(1)
    said = looked(window, panel)
    assert said is not None and all(effect.to is None for effect in said.posts) and said.posts
    assert "离岗" in words(panel.found)
    saved(window, panel)
    assert grid not in page.table.model.ids


def test_a_new_grid_gets_the_next_code(grids) -> None:
    window, page = grids
    above = of_kind(window, "一般网格")[0]
    panel = drafted(window, page, EstablishDraft, above)
    panel.draft._form.fields["name"].input.setText("微网格98")
    saved(window, panel)
    made = window.office.read(GRIDS.rows, [page._shown])[0]
    code = window.office.read(GRIDS.rows, [above])[0].code
    assert made.name == "微网格98" and made.code.startswith(code) and made.kind == "微网格"


def test_escape_leaves_everything_as_it_was(grids) -> None:
    window, page = grids
    grid = of_kind(window, "一般网格")[0]
    page._open(grid)
    settle(window, quiet_ms=60)
    drafted(window, page, RenameDraft, grid)
    lines = len(window.office.read(journal))
    window.command("close")
    settle(window, quiet_ms=60)
    assert page.changes.panel is None and page.side is page.drawer
    assert len(window.office.read(journal)) == lines


def test_a_past_day_is_only_looked_at(grids) -> None:
    """The whole window shows that day, says so, and changes nothing until it is today again."""
    window, page = grids
    grid = of_kind(window, "一般网格")[0]
    was = window.office.read(GRIDS.rows, [grid])[0].name
    panel = drafted(window, page, RenameDraft, grid)
    panel.draft._form.fields["name"].input.setText("䶮桥网格")
    panel.day.setText((date.today() - timedelta(days=2)).isoformat())
    saved(window, panel)
    assert page.table.model.values(page.table.model.ids.index(grid)).name == "䶮桥网格"
    window.look_at(date.today() - timedelta(days=10))
    settle(window, quiet_ms=60)
    assert page.table.model.values(page.table.model.ids.index(grid)).name == was
    assert "只能看，不能改" in window.banner.words() and page.side is None
    page._open(grid)
    settle(window, quiet_ms=60)
    assert was in words(page.drawer) and "䶮桥网格" not in words(page.drawer)
    assert not any(part.isVisible() for part in page.drawer.foot.findChildren(QPushButton))
    page.changes.begin(RenameDraft, [grid])
    page._new()
    assert page.changes.panel is None and "回到今天再改" in window.toast.words()
    window.go("workers")
    settle(window, quiet_ms=60)
    assert window.page.table.ask.day == date.today() - timedelta(days=10)
    window.look_at(None)
    settle(window, quiet_ms=60)
    assert window.banner.words() == "" and not window.past
    window.go("grids")
    settle(window, quiet_ms=60)
    assert page.table.model.values(page.table.model.ids.index(grid)).name == "䶮桥网格"


def test_days_to_come_are_refused_where_the_day_is_chosen(grids) -> None:
    from ui.day_panel import DayPanel

    window, _ = grids
    window._choose_day()
    settle(window, quiet_ms=60)
    panel = window.findChildren(DayPanel)[0]
    panel.line.setText((date.today() + timedelta(days=1)).isoformat())
    panel._take()
    assert "还没到" in panel._wrong.whole() and not window.past


def test_a_change_of_tomorrow_is_kept_listed_and_carried_out_today(grids) -> None:
    from ui.pages.waiting_changes import PlannedDraft, WaitingPanel

    window, page = grids
    grid = of_kind(window, "一般网格")[0]
    was = window.office.read(GRIDS.rows, [grid])[0].name
    assert not page._waiting_button.isVisible()
    panel = drafted(window, page, RenameDraft, grid)
    panel.draft._form.fields["name"].input.setText("䶮桥网格")
    tomorrow = date.today() + timedelta(days=1)
    panel.day.setText(tomorrow.isoformat())
    panel.reason.setText("小区改名")
    said = looked(window, panel)
    assert said is not None and said.allowed and panel._save_button.words().startswith("先存着")
    assert "到那天在“待生效”里办理" in words(panel.found)
    saved(window, panel)
    assert window.office.read(GRIDS.rows, [grid])[0].name == was
    assert page._waiting_button.isVisible() and page._waiting_button.words() == "待生效 1"
    page.turn("沿革")
    settle(window, quiet_ms=60)
    told = words(page.drawer)
    assert "待生效" in told and f"“{was}”更名为“䶮桥网格”" in told and tomorrow.isoformat() in told
    page._waiting_button.click()
    settle(window, quiet_ms=60)
    assert isinstance(page.side, WaitingPanel) and "小区改名" in words(page.side)
    window.command("close")
    settle(window, quiet_ms=60)
    assert page.changes.listed is None
    window.go("grids", waiting=True)
    settle(window, quiet_ms=60)
    next(one for one in page.side.findChildren(QPushButton) if one.text().strip() == "查看").click()
    settle(window, quiet_ms=60)
    panel = page.changes.panel
    assert panel is page.side and isinstance(panel.draft, PlannedDraft)
    panel.save()
    settle(window, quiet_ms=60)
    assert "到那天再办" in words(panel.verdict)
    panel.day.setText(date.today().isoformat())
    looked(window, panel)
    assert panel._save_button.words().startswith("现在办理（")
    saved(window, panel)
    assert window.office.read(GRIDS.rows, [grid])[0].name == "䶮桥网格"
    assert not page._waiting_button.isVisible()
    window.undo()
    settle(window, quiet_ms=60)
    assert page._waiting_button.isVisible()
    window.go("grids", waiting=True)
    settle(window, quiet_ms=60)
    next(one for one in page.side.findChildren(QPushButton) if one.text().strip() == "查看").click()
    settle(window, quiet_ms=60)
    next(one for one in page.side.findChildren(QPushButton) if one.text().strip() == "不办了").click()
    settle(window, quiet_ms=60)
    assert page.changes.panel is None and not page._waiting_button.isVisible()


def test_a_split_is_shared_out_alike_and_weighed_beside_the_norms(grids) -> None:
    window, page = grids
    grid = next(
        one
        for one in of_kind(window, "一般网格")
        if len(window.office.read(surroundings, [one], date.today())[0].children) > 3
    )
    around = window.office.read(surroundings, [grid], date.today())[0]
    panel = drafted(window, page, SplitDraft, grid)
    draft = panel.draft
    draft._by.setCurrentIndex(2)
    draft._share()
    draft._by.setCurrentIndex(0)
    draft._share()
    draft._parts[1].fields["name"].input.setText("第九十九网格")
    homes = [int(form.fields["households"].text()) for form in draft._parts]
    assert sum(homes) == around.state.households
    sent = [[number for number, _ in around.children if number in draft._sent("child", at)] for at in (0, 1)]
    assert all(sent) and sum(map(len, sent)) == len(around.children)
    settle(window, quiet_ms=60)
    told = [words(look) for look in draft._looks]
    assert all("应配 1 人，分到" in one for one in told)
    low = draft._kind.households[0]
    assert [f"不到一般网格的下限 {low} 户" in one for one in told] == [count < low for count in homes]
    said = looked(window, panel)
    assert said is not None and said.allowed
    saved(window, panel)
    made = window.office.read(GRIDS.rows, [page._shown])[0]
    assert (made.name, made.households) == ("第九十九网格", homes[1])
