"""A clerk at work: finding, changing, undoing, importing, scoring, printing — through the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from db.enums import MonthState
from gridoffice.assessment import month
from gridoffice.assessment.month import month_facts, months
from gridoffice.documents import render
from gridoffice.history import journal
from gridoffice.listing import Ask, Filter
from gridoffice.workers.listing import WORKERS
from ui import dialogs
from ui.app import settle
from ui.main_window import MainWindow
from ui.panes import next_pane
from ui.widgets.parts import Input

Open = Callable[..., MainWindow]


def go(window: MainWindow, key: str, **where: object):
    window.go(key, **where)
    settle(window, quiet_ms=60)
    return window.page


def field(page, name: str) -> Input:
    return page._editing.fields[name].input


def press(page, words: str) -> None:
    """Click the visible button with these words."""
    found = [
        part for part in page.findChildren(QPushButton) if part.isVisible() and part.text().strip() == words
    ]
    assert found, f"no button {words}"
    QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)


def test_counts_are_the_same_everywhere(full: Path, opened: Open) -> None:
    window = opened(full)
    people = len(window.office.read(WORKERS.ids, Ask()))
    assert window.scope.node is not None and window.scope.node.workers == people
    assert f"网格员 {people} 人" in window.status.facts()
    page = go(window, "workers")
    assert f"共 {people} 人" in page.head_facts.whole()
    assert page.table.model.rowCount() == people


def test_scope_narrows_every_list(full: Path, opened: Open) -> None:
    window = opened(full)
    page = go(window, "workers")
    child = window.scope.model.index(0, 0, window.scope.model.index(0, 0))
    window.scope.tree._pick(child)
    settle(window, quiet_ms=60)
    node = window.scope.node
    assert node is not None and page.table.model.rowCount() == node.workers
    assert node.name in page.head_facts.whole()


def test_changing_a_person_can_be_undone_from_the_keyboard(full: Path, opened: Open) -> None:
    window = opened(full)
    page = go(window, "workers")
    post = page.table.model.ids[5]
    before = window.office.read(WORKERS.rows, [post])[0]
    page.table.view.go(5)
    QTest.keyClick(page.table.view, Qt.Key.Key_Return)
    settle(window, quiet_ms=60)
    assert page.side is page.drawer
    window.command("edit")
    settle(window, quiet_ms=60)
    field(page, "phone").setText("13812345678")
    window.command("save")
    settle(window, quiet_ms=60)
    assert window.office.read(WORKERS.rows, [post])[0].phone == "13812345678"
    said = f"已改“{before.name}”的资料"
    assert window.toast.words() == said and window.status.last() == said and window.toast.offers_undo()
    assert page.table.model.values(5).phone == "13812345678", "the list shows it at once"
    assert page._shown == post and page.table.view.currentIndex().row() == 5
    window.undo()
    settle(window, quiet_ms=60)
    assert window.toast.words() and not window.toast.offers_undo(), "Ctrl+Y brings it back"
    assert window.office.read(WORKERS.rows, [post])[0] == before
    assert window.status.last() == f"撤销：{said}"
    window.redo()
    settle(window, quiet_ms=60)
    assert window.office.read(WORKERS.rows, [post])[0].phone == "13812345678"


def test_what_is_wrong_is_said_under_the_field(full: Path, opened: Open) -> None:
    window = opened(full)
    page = go(window, "workers")
    page._open(page.table.model.ids[0])
    settle(window, quiet_ms=60)
    page._edit()
    settle(window, quiet_ms=60)
    lines = len(window.office.read(journal))
    field(page, "phone").setText("1381234567")
    field(page, "name").setText("")
    page._save()
    settle(window, quiet_ms=60)
    assert page._editing.fields["phone"].problem.text()
    assert page._editing.fields["name"].problem.text() == "没写姓名。"
    assert len(window.office.read(journal)) == lines, "nothing was written"
    field(page, "name").setText("王䶮")
    field(page, "phone").setText("13812345678")
    field(page, "grid").setText("没有这个网格")
    page._save()
    settle(window, quiet_ms=60)
    assert "没有“没有这个网格”" in window.banner.words()
    assert len(window.office.read(journal)) == lines


def test_a_new_person_lands_in_the_scope(full: Path, opened: Open) -> None:
    window = opened(full)
    page = go(window, "workers")
    grid = window.scope.model.index(0, 0, window.scope.model.index(0, 0))
    window.scope.tree._pick(grid)
    settle(window, quiet_ms=60)
    before = page.table.model.rowCount()
    window.command("new")
    settle(window, quiet_ms=60)
    field(page, "name").setText("㐂𬭎𫍯")
    page._save()
    settle(window, quiet_ms=60)
    assert page.table.model.rowCount() == before + 1
    assert window.toast.words() == "新增人员“㐂𬭎𫍯”"
    window.undo()
    settle(window, quiet_ms=60)
    assert page.table.model.rowCount() == before


def test_leaving_several_at_once(full: Path, opened: Open) -> None:
    window = opened(full)
    page = go(window, "workers")
    before = page.table.model.rowCount()
    page.table.model.tick(list(page.table.model.ids[:4]))
    settle(window, quiet_ms=60)
    assert window.status.facts()[0] == "已选 4 人" and "平均年龄" in window.status.facts()[1]
    page._leave_ticked()
    settle(window, quiet_ms=60)
    assert page.table.model.rowCount() == before - 4
    assert window.toast.words() == "已把 4 人移到离岗"


def test_reading_a_whole_number_is_journalled(full: Path, opened: Open) -> None:
    window = opened(full)
    page = go(window, "workers")
    page._open(page.table.model.ids[0])
    settle(window, quiet_ms=60)
    person = page.table.model.values(0)
    window.command("reveal")
    settle(window, quiet_ms=60)
    press(page, "核对身份")
    settle(window, quiet_ms=60)
    shown = [part.text() for part in page.drawer.findChildren(type(page.head_facts)) if part.isVisible()]
    assert person.id_number in shown
    assert person.name in window.office.read(journal)[0].title


def test_quick_search_finds_people_grids_and_pages(full: Path, opened: Open) -> None:
    window = opened(full)
    name = window.office.read(WORKERS.rows, window.office.read(WORKERS.ids, Ask())[:1])[0].name
    window.search.begin()
    window.top.search.setText("花名册")
    window.search._ask()
    settle(window, quiet_ms=60)
    QTest.keyClick(window.top.search, Qt.Key.Key_Return)
    settle(window, quiet_ms=60)
    assert window.page.key == "workers"
    window.top.search.setText(name)
    window.search._ask()
    settle(window, quiet_ms=60)
    QTest.keyClick(window.top.search, Qt.Key.Key_Return)
    settle(window, quiet_ms=60)
    assert window.page.key == "workers" and window.page._shown is not None


def test_f6_goes_round_the_panes(full: Path, opened: Open) -> None:
    window = opened(full)
    page = go(window, "workers")
    page._open(page.table.model.ids[0])
    settle(window, quiet_ms=60)
    page.table.view.setFocus()
    seen = []
    for _ in range(4):
        next_pane(window, 1)
        focus = window.focusWidget()
        for name, pane in (
            ("nav", window.nav),
            ("scope", window.scope),
            ("table", page.main),
            ("drawer", page.drawer),
        ):
            if focus is not None and pane.isAncestorOf(focus):
                seen.append(name)
    assert seen == ["drawer", "nav", "scope", "table"]


def test_a_reader_cannot_change_and_is_told_why(full: Path, opened: Open) -> None:
    from db.enums import Role
    from gridoffice.accounts.keeping import add_account

    window = opened(full)
    window.office.write(add_account, "reader", "只看", Role.READER)
    other = opened(full, account="reader")
    page = go(other, "workers")
    new = next(part for part in page.findChildren(QPushButton) if part.text().strip() == "新增人员")
    assert not new.isEnabled() and "只能查看" in new.toolTip()
    assert "只能查看" in other.banner.words()


def test_esc_closes_the_nearest_first(full: Path, opened: Open) -> None:
    window = opened(full)
    page = go(window, "workers")
    page._open(page.table.model.ids[0])
    settle(window, quiet_ms=60)
    page._edit()
    settle(window, quiet_ms=60)
    page.table._filter(page.table.model.offset + 1)
    settle(window, quiet_ms=60)
    popup = page.table._popup
    assert popup is not None and popup.isVisible()
    window.command("close")
    assert not popup.isVisible() and page._editing is not None
    window.command("close")
    settle(window, quiet_ms=60)
    assert page._editing is None and page.side is page.drawer
    window.command("close")
    assert page.side is None


def test_finding_a_grid_by_name(full: Path, opened: Open) -> None:
    window = opened(full)
    child = window.scope.model.node(window.scope.model.index(1, 0, window.scope.model.index(0, 0)))
    assert child is not None
    window.scope.finder.setText(child.name)
    window.scope._look_for()
    settle(window, quiet_ms=60)
    press(window.scope.found, next(part.text() for part in window.scope.found.findChildren(QPushButton)))
    settle(window, quiet_ms=100)
    assert window.scope.node is not None and window.scope.node.name == child.name
    assert window.scope.tree.isVisible()
    window.command("close")
    window.scope.fold_by_hand(True)
    assert child.name[:1] in window.scope._rail_name.text(), "the rail never hides which scope it is"


def test_what_was_open_stays_open_after_a_change(full: Path, opened: Open) -> None:
    window = opened(full)
    scope = window.scope
    community = scope.model.index(0, 0, scope.model.index(0, 0))
    scope.tree.expand(community)
    settle(window, quiet_ms=60)
    grid = scope.model.node(scope.model.index(0, 0, community))
    assert grid is not None
    scope.choose(grid.id)
    settle(window, quiet_ms=60)
    scope.reload()
    settle(window, quiet_ms=60)
    assert scope.node is not None and scope.node.id == grid.id == scope.tree.chosen
    assert scope.tree.isExpanded(scope.model.index(0, 0, scope.model.index(0, 0)))


# ---- the month


def test_scoring_from_a_gap_to_the_next_step(full: Path, opened: Open) -> None:
    window = opened(full)
    page = go(window, "assessment")
    page.grid.show_values(False)
    settle(window, quiet_ms=60)
    period = page.facts_now.period
    assert page.facts_now.people - page.facts_now.scored == len(page.grid.gaps.sheets) >= 5
    window.command("next")
    settle(window, quiet_ms=60)
    sheet = page.grid.table.model.ids[page.grid.table.view.currentIndex().row()]
    assert sheet in page.grid.gaps.sheets
    column = [what.name for what in page.grid.table.model.columns].index("total")
    assert page.grid.table.model.cell(page.grid.table.view.currentIndex().row(), column).text == "待补"
    window.command("edit")
    settle(window, quiet_ms=60)
    for name, entry in page.drawer.form.fields.items():
        if isinstance(entry.input, Input) and not entry.input.text():
            entry.input.setText("95" if entry.what.field.kind == "rate" else "0" if name != "review" else "9")
    window.command("save")
    settle(window, quiet_ms=200)
    assert sheet not in page.grid.gaps.sheets
    assert "计算" in window.office.read(journal)[0].title
    press(page, "采集完毕，开始初评")
    settle(window, quiet_ms=60)
    assert window.office.read(month_facts, period).state is MonthState.SCORING
    press(page, "提交复核")
    settle(window, quiet_ms=60)
    refused = [part.text() for part in page.steps.below.findChildren(QLabel)]
    assert any("还差" in text for text in refused), "a month with gaps stays where it is, and says why"
    press(page, "知道了")
    assert page.steps.below.isHidden()
    assert window.office.read(month_facts, period).state is MonthState.SCORING


def test_who_sees_a_part_of_the_month_enters_values_and_leaves_the_steps(
    full: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a server, which shows a community its own sheets alone."""
    monkeypatch.setattr(month, "part_seen", lambda _session: "梧桐社区")
    window = opened(full)
    page = go(window, "assessment")
    page.grid.show_values(False)
    settle(window, quiet_ms=60)
    words = {one.text().strip() for one in page.steps.findChildren(QPushButton) if one.isVisible()}
    assert not words & {"重新计算", "采集完毕，开始初评", "从台账取数"}
    window.command("next")
    settle(window, quiet_ms=60)
    window.command("edit")
    settle(window, quiet_ms=60)
    for name, entry in page.drawer.form.fields.items():
        if isinstance(entry.input, Input) and not entry.input.text():
            entry.input.setText("95" if entry.what.field.kind == "rate" else "0" if name != "review" else "9")
    window.command("save")
    settle(window, quiet_ms=200)
    assert "考核数据" in window.office.read(journal)[0].title, "saved, and nothing was asked to be computed"
    assert not window.office.read(month_facts, page.facts_now.id).computed


def test_a_total_says_where_it_comes_from(full: Path, opened: Open) -> None:
    window = opened(full)
    page = go(window, "assessment")
    column = [what.name for what in page.grid.table.model.columns].index("total")
    page.grid.table.view.setCurrentIndex(page.grid.table.model.index(0, column))
    page.grid.explain(page.grid.table.model.ids[0])
    settle(window, quiet_ms=60)
    assert page.grid.trace.popover.isVisible()
    words = [part.text() for part in page.grid.trace.popover.findChildren(type(page.head_facts))]
    assert any("得分从哪来" in text for text in words) and any("总分" in text for text in words)
    assert "=" in page.grid.band.words()
    window.go("home")
    assert not page.grid.trace.popover.isVisible()


def test_locking_asks_first_and_then_nothing_moves(
    full: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gridoffice.assessment.service import compute, exclude, move_month

    window = opened(full)
    period = window.office.read(months)[0].period
    from gridoffice.overview import questions

    window.office.write(exclude, period, window.office.read(questions.gaps, period).sheets, "测试")
    window.office.write(compute, period)
    for state in (MonthState.SCORING, MonthState.REVIEW, MonthState.PUBLIC, MonthState.APPROVED):
        window.office.write(move_month, period, state)
    page = go(window, "assessment")
    asked: list[str] = []

    def answer(yes: bool):
        def decide(_parent: object, question: str, *_rest: str) -> bool:
            asked.append(question)
            return yes

        return decide

    monkeypatch.setattr(dialogs, "decide", answer(False))
    press(page, f"锁定 {int(period[5:])} 月")
    settle(window, quiet_ms=60)
    assert window.office.read(month_facts, period).state is MonthState.APPROVED
    monkeypatch.setattr(dialogs, "decide", answer(True))
    press(page, f"锁定 {int(period[5:])} 月")
    settle(window, quiet_ms=200)
    assert window.office.read(month_facts, period).state is MonthState.LOCKED
    assert len(asked) == 2 and asked[0].startswith("锁定")
    assert "锁定" in window.banner.words()
    page._edit(page.grid.table.model.ids[0])
    settle(window, quiet_ms=60)
    assert page.drawer.form is None, "a locked sheet is only shown"


# ---- paper


def test_what_is_seen_is_what_is_saved(
    full: Path, tmp_path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(full)
    page = go(window, "documents")
    assert page.pdf is not None and page.view.pdf is page.pdf
    assert page.view.count == render.pages(page.pdf) > 1
    assert page.view.paper.sheets[0].picture is not None
    text = "".join(render.page_text(page.pdf, number) for number in range(page.view.count))
    people = window.office.read(WORKERS.rows, window.office.read(WORKERS.ids, Ask())[:1])
    assert people[0].name in text
    page.fields.number.setText("青网格办〔2026〕14号")
    page.fields._edited.add("number")
    page._wanted()
    settle(window, quiet_ms=200)
    assert "14" in render.page_text(page.pdf, 0) and page.issued.number == "青网格办〔2026〕14号"
    target = tmp_path / "通报.pdf"
    monkeypatch.setattr(dialogs, "save_file", lambda *_: target)
    window.command("save")
    settle(window, quiet_ms=100)
    assert target.read_bytes() == page.pdf
    assert window.toast.words() == "已存为“通报.pdf”。"


def test_the_journal_takes_one_step_back(full: Path, opened: Open) -> None:
    window = opened(full)
    page = go(window, "journal")
    top = page.lines[0]
    assert page.model.rowCount() == len(page.lines)
    page._open(top.id)
    settle(window, quiet_ms=60)
    press(page.drawer, "撤销这一步")
    settle(window, quiet_ms=100)
    assert page.lines[0].title == f"撤销：{top.title}"
    assert next(line for line in page.lines if line.id == top.id).undone


def test_backing_up_and_proving(
    full: Path, tmp_path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(full)
    press(go(window, "settings"), "备份和恢复")
    page = window.page
    assert page.key == "backups"
    target = tmp_path / "one.backup"
    monkeypatch.setattr(dialogs, "save_file", lambda *_: target)
    press(page, "另存一份")
    page.side.lock.setChecked(False)
    press(page.side, "选地方存")
    settle(window, quiet_ms=200)
    assert target.stat().st_size > 0
    press(page, "核对资料库")
    settle(window, quiet_ms=200)
    said = [part.text() for part in page.said.findChildren(type(page.head_facts)) if part.isVisible()]
    assert any("完好" in text for text in said)


def test_a_number_on_the_home_page_leads_to_its_rows(full: Path, opened: Open) -> None:
    from ui.pages.todo_line import ToDoLine

    window = opened(full)
    page = go(window, "home")
    lines = page.findChildren(ToDoLine)
    assert lines
    todo = lines[0].todo
    QTest.mouseClick(lines[0], Qt.MouseButton.LeftButton)
    settle(window, quiet_ms=60)
    assert page.side is page.drawer
    assert f"{todo.count} " in page.drawer._below.whole()
    press(page.drawer, "打开")
    settle(window, quiet_ms=60)
    assert window.page.key in ("workers", "grids") and window.page._shown is not None


def test_chips_show_the_filters(full: Path, opened: Open) -> None:
    from db.enums import Sex

    window = opened(full)
    page = go(window, "workers")
    page.table.show_what(filters=(Filter("sex", (Sex.FEMALE,)),))
    settle(window, quiet_ms=60)
    chips = [
        part.text().strip()
        for part in page.filters.findChildren(QPushButton)
        if part.property("kind") == "active" and part.isVisible()
    ]
    assert chips == ["性别：女"]
    assert "筛出" in page.head_facts.whole()
    window.command("clear")
    settle(window, quiet_ms=60)
    assert page.table.ask.filters == ()
