"""The tree of grids: what its numbers count, and grids dragged onto others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QDragMoveEvent, QDropEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from gridoffice.grids.changing import change_grids
from gridoffice.grids.listing import GRIDS
from gridoffice.grids.operations import Basis, Establish, Move, Rename
from gridoffice.grids.surroundings import surroundings
from gridoffice.grids.tree import children
from gridoffice.history import journal
from gridoffice.listing import Ask
from gridoffice.office import Office
from ui.app import settle
from ui.main_window import MainWindow
from ui.pages.staged_moves import StagedMoves
from ui.widgets.tree import DRAGGED
from ui.widgets.tree_nodes import MEASURES, Node

Open = Callable[..., MainWindow]


def child(window: MainWindow, *places: int):
    """A node by its places from the root down; opened on the way."""
    index = window.scope.model.index(0, 0)
    for place in places:
        window.scope.tree.expand(index)
        settle(window, quiet_ms=60)
        index = window.scope.model.index(place, 0, index)
    return index


def node(window: MainWindow, index: QModelIndex) -> Node:
    found = window.scope.model.node(index)
    assert found is not None
    return found


def drop(window: MainWindow, dragged, target) -> None:
    """Drag a node, or several by their numbers, onto another with the mouse's own events."""
    tree = window.scope.tree
    data = QMimeData()
    numbers = dragged if isinstance(dragged, list) else [node(window, dragged).id]
    data.setData(DRAGGED, ",".join(map(str, numbers)).encode())
    tree.scrollTo(target)
    at = tree.visualRect(target).center()
    held = (Qt.DropAction.MoveAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    tree.dragMoveEvent(QDragMoveEvent(at, *held))
    assert tree.target == node(window, target).id
    tree.dropEvent(QDropEvent(QPointF(at), *held))
    settle(window, quiet_ms=60)


def test_the_numbers_count_what_was_chosen_and_stay_so(full: Path, opened: Open) -> None:
    window = opened(full)
    root = window.scope.node
    assert root is not None
    grids = len(window.office.read(GRIDS.ids, Ask())) - 1
    by_key = {one.key: one for one in MEASURES}
    assert by_key["grids"].of(root) == str(grids) and by_key["workers"].of(root) == str(root.workers)
    window.scope.count("households")
    assert window.scope._measure.words() == "户数"
    window.scope._choose_measure()
    listed = [part for part in window.findChildren(type(window.scope._measure)) if part.words() == "下级网格"]
    listed[0].click()
    assert window.scope.tree.measure.key == "grids"
    tip = window.scope.model.data(window.scope.model.index(0, 0), Qt.ItemDataRole.ToolTipRole)
    assert f"下级网格 {grids} 个" in tip and f"网格员 {root.workers} 人" in tip
    assert opened(full).scope.tree.measure.key == "grids", "remembered on this computer"


def hangs(window: MainWindow, *numbers: int) -> list[int | None]:
    found = window.office.read(surroundings, numbers, date.today())
    return [one.state.parent_id for one in found]


def test_dragged_grids_wait_and_are_saved_together(full: Path, opened: Open) -> None:
    office = Office.open(full)
    small = [
        line.id for line in office.read(GRIDS.rows, office.read(GRIDS.ids, Ask())) if line.kind == "一般网格"
    ]
    names = ("䶮一网格", "䶮二网格")
    office.write(
        change_grids,
        Basis(date.today()),
        [Rename(number, name) for number, name in zip(small, names, strict=False)],
    )
    office.close()
    window = opened(full)
    one, two, target = child(window, 0, 0), child(window, 0, 1), child(window, 1)
    numbers, to = [node(window, one).id, node(window, two).id], node(window, target).id
    before, lines = hangs(window, *numbers), len(window.office.read(journal))
    drop(window, one, target)
    page = window.page
    assert page.key == "grids" and isinstance(page.changes.panel.draft, StagedMoves)
    drop(window, two, target)
    draft = page.changes.panel.draft
    assert "2 项还没保存" in draft._said.whole()
    assert hangs(window, *numbers) == before, "nothing is written yet"
    draft._drop(numbers[1])
    assert len(draft.operations()) == 1
    drop(window, two, target)
    page.changes.panel.save()
    settle(window, quiet_ms=60)
    assert hangs(window, *numbers) == [to, to]
    assert len(window.office.read(journal)) == lines + 1, "all in one step"
    window.undo()
    settle(window, quiet_ms=60)
    assert hangs(window, *numbers) == before


def test_one_that_cannot_move_keeps_all_where_they_are(full: Path, opened: Open) -> None:
    """Two grids of one name below one parent: told beforehand, refused when saved."""
    window = opened(full)
    one, target = child(window, 0, 0), child(window, 1)
    number = node(window, one).id
    before = hangs(window, number)
    drop(window, one, target)
    panel = window.page.changes.panel
    panel.look()
    settle(window, quiet_ms=60)
    assert not panel.said.allowed and panel.verdict.findChildren(QLabel)
    panel.save()
    settle(window, quiet_ms=60)
    assert hangs(window, number) == before and window.page.changes.panel is panel


def test_a_reader_drags_nothing(full: Path, opened: Open) -> None:
    from db.enums import Role
    from gridoffice.accounts.keeping import add_account

    window = opened(full)
    assert window.scope.tree.drags
    window.office.write(add_account, "look", "只看", Role.READER)
    assert not opened(full, account="look").scope.tree.drags


def click(window: MainWindow, index: QModelIndex, key=Qt.KeyboardModifier.NoModifier) -> None:
    tree = window.scope.tree
    tree.scrollTo(index)
    at = tree.visualRect(index).center()
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, key, at)
    settle(window, quiet_ms=60)


CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def test_several_are_marked_as_in_excel_and_the_scope_stays(full: Path, opened: Open) -> None:
    window = opened(full)
    tree, scope = window.scope.tree, window.scope
    grids = [child(window, 0, place) for place in range(4)]
    ids = [node(window, one).id for one in grids]
    community = child(window, 0)
    click(window, community)
    chosen = window.scope_id
    told: list[object] = []
    scope.changed.connect(told.append)
    click(window, grids[0], CTRL)
    click(window, grids[2], CTRL)
    assert tree.marked == {ids[0], ids[2]}, "the community they lie in is not among them"
    assert scope._marks.isVisible() and "已选 2 个网格" in scope._marked.text()
    click(window, grids[2], CTRL)
    assert tree.marked == {ids[0]} and not scope._marks.isVisible()
    click(window, grids[2], CTRL)
    click(window, grids[3], SHIFT)
    assert tree.marked == {ids[2], ids[3]}
    click(window, grids[0], SHIFT)
    assert tree.marked == {ids[0], ids[1], ids[2]}, "the range begins where it began"
    assert window.scope_id == chosen and not told
    tree.setFocus()
    QTest.keyClick(tree, Qt.Key.Key_Escape)
    assert not tree.marked
    click(window, grids[1])
    assert window.scope_id == ids[1] and not tree.marked and len(told) == 1
    click(window, grids[2], CTRL)
    assert tree.marked == {ids[1], ids[2]}, "beside a sibling the chosen one counts"
    tree.collapse(child(window, 0))
    assert not tree.marked, "what nobody sees is not marked"


def test_the_keyboard_marks_too(full: Path, opened: Open) -> None:
    window = opened(full)
    tree = window.scope.tree
    grids = [child(window, 0, place) for place in range(4)]
    ids = [node(window, one).id for one in grids]
    click(window, grids[0])
    tree.setFocus()
    QTest.keyClick(tree, Qt.Key.Key_Down, SHIFT)
    QTest.keyClick(tree, Qt.Key.Key_Down, SHIFT)
    assert tree.marked == set(ids[:3])
    QTest.keyClick(tree, Qt.Key.Key_Up, SHIFT)
    assert tree.marked == set(ids[:2]) and window.scope_id == ids[0]
    QTest.keyClick(tree, Qt.Key.Key_Down, CTRL)
    QTest.keyClick(tree, Qt.Key.Key_Down, CTRL)
    QTest.keyClick(tree, Qt.Key.Key_Space, CTRL)
    assert tree.marked == {ids[0], ids[1], ids[3]} and window.scope_id == ids[0]
    QTest.keyClick(tree, Qt.Key.Key_Up)
    assert not tree.marked and window.scope_id == ids[0]
    QTest.keyClick(tree, Qt.Key.Key_Return)
    assert window.scope_id == ids[2]


def renamed(office: Office, numbers: list[int]) -> None:
    """Names that are free anywhere."""
    names = [f"䶮{place}网格" for place in range(len(numbers))]
    changes = [Rename(number, name) for number, name in zip(numbers, names, strict=True)]
    office.write(change_grids, Basis(date.today()), changes)


def test_marked_grids_are_dragged_together_and_saved_all_or_nothing(full: Path, opened: Open) -> None:
    window = opened(full)
    tree = window.scope.tree
    ids = [node(window, child(window, 0, place)).id for place in range(3)]
    renamed(window.office, ids[:2])  # the third bears a name that the other community has too
    window.scope.reload()
    settle(window, quiet_ms=60)
    grids, target = [child(window, 0, place) for place in range(3)], child(window, 1)
    to, before = node(window, target).id, hangs(window, *ids)
    click(window, grids[2])
    click(window, grids[0], SHIFT)
    assert tree.together(ids[1]) == ids, "in the tree's order, whichever is taken hold of"
    assert tree.together(to) == [to], "one that is not marked goes alone"
    below = child(window, 0, 0, 0)
    tree.mark([*ids, node(window, below).id])
    assert tree.together(ids[1]) == ids, "what lies below one of them goes along with it"
    drop(window, tree.together(ids[0]), child(window, 1))
    panel = window.page.changes.panel
    panel.look()
    settle(window, quiet_ms=60)
    assert len(panel.draft.operations()) == 3 and not panel.said.allowed
    told = [part.text() for part in panel.draft.findChildren(QLabel)]
    assert sum("换个名称" in words for words in told) == 1, "one line, beside the grid it is about"
    assert "1 个网格不能这样移" in "".join(part.text() for part in panel.verdict.findChildren(QLabel))
    panel.save()
    settle(window, quiet_ms=60)
    assert hangs(window, *ids) == before
    panel.draft._drop(ids[2])
    panel.save()
    settle(window, quiet_ms=60)
    assert hangs(window, *ids) == [to, to, before[2]]


def test_what_does_not_fit_there_says_why(full: Path, opened: Open) -> None:
    window = opened(full)
    community, grid = child(window, 0), child(window, 0, 0)
    drop(window, [node(window, community).id], child(window, 0, 0))
    panel = window.page.changes.panel
    panel.look()
    settle(window, quiet_ms=60)
    told = "".join(part.text() for part in panel.draft.findChildren(QLabel))
    assert "网格不能挂在自己或自己的下级下面" in told
    panel.draft._drop(node(window, community).id)
    drop(window, [node(window, grid).id], child(window, 0))
    told = "".join(part.whole() for part in panel.draft.findChildren(QLabel) if hasattr(part, "whole"))
    assert "本来就在" in told
    micro = child(window, 0, 0, 0)
    drop(window, [node(window, child(window, 1)).id], micro)
    panel.look()
    settle(window, quiet_ms=60)
    told = "".join(part.text() for part in panel.draft.findChildren(QLabel))
    assert "的上级应是" in told


def sight(window: MainWindow) -> tuple:
    """What is open, chosen, marked and at the top of the tree."""
    tree, model = window.scope.tree, window.scope.model
    top = node(window, tree.indexAt(QPoint(0, 0))).id
    opened_ = {number for number in model._known if tree.isExpanded(model.find(number))}
    cursor = model.node(tree.currentIndex())
    return opened_, window.scope_id, tree.chosen, tree.marked, top, cursor.id if cursor else None


def test_what_is_open_chosen_marked_and_in_sight_survives(full: Path, opened: Open) -> None:
    window = opened(full, height=640)
    tree = window.scope.tree
    for place in range(3):
        child(window, place, 0, 0)
    grids = [child(window, 1, place) for place in range(3)]
    ids = [node(window, one).id for one in grids]
    click(window, grids[0])
    click(window, grids[1], CTRL)
    tree.verticalScrollBar().setValue(7)
    before = sight(window)
    assert tree.verticalScrollBar().value() == 7 and len(before[0]) >= 7

    window.scope.reload()
    settle(window, quiet_ms=60)
    assert sight(window) == before, "refresh"
    window.tell(window.office.write(change_grids, Basis(date.today()), [Rename(ids[0], "䶮桥网格")]))
    settle(window, quiet_ms=60)
    assert sight(window) == before and window.scope_name == "䶮桥网格", "rename"
    assert window.scope._rail_name.text().replace("\n", "") == "䶮桥网格"
    window.undo()
    settle(window, quiet_ms=60)
    assert sight(window) == before and window.scope_name != "䶮桥网格", "undo"
    window.look_at(date.today() - timedelta(days=1))
    settle(window, quiet_ms=60)
    assert sight(window) == before, "another day"
    window.look_at(None)
    settle(window, quiet_ms=60)
    assert sight(window) == before, "and today again"
    window.next_theme()
    settle(window, quiet_ms=60)
    assert sight(window) == before, "theme"
    window.larger()
    settle(window, quiet_ms=60)
    window.smaller()
    settle(window, quiet_ms=60)
    assert sight(window) == before, "size"


def test_a_moved_grid_stays_chosen_where_it_hangs_now(full: Path, opened: Open) -> None:
    window = opened(full)
    tree, model = window.scope.tree, window.scope.model
    grid, target = child(window, 0, 0), child(window, 1)
    number, to = node(window, grid).id, node(window, target).id
    renamed(window.office, [number])
    click(window, child(window, 0, 0))
    assert not tree.isExpanded(model.find(to))
    told: list[object] = []
    window.scope.changed.connect(told.append)
    window.tell(window.office.write(change_grids, Basis(date.today()), [Move(number, to)]))
    settle(window, quiet_ms=60)
    assert window.scope_id == tree.chosen == number and not told
    assert tree.isExpanded(model.find(to)) and model.above(number)[0] == to
    window.undo()
    settle(window, quiet_ms=60)
    assert window.scope_id == number and model.above(number)[0] != to


def test_when_the_chosen_grid_is_gone_the_one_above_it_is_chosen(full: Path, opened: Open) -> None:
    window = opened(full)
    above = child(window, 0, 0)
    number = node(window, above).id
    kind = next(line.kind for line in window.office.read(children, number, date.today()))
    done = window.office.write(change_grids, Basis(date.today()), [Establish("微网格99", kind, number)])
    window.tell(done)
    settle(window, quiet_ms=60)
    made = done.result.established[0]
    window.scope.choose(made)
    settle(window, quiet_ms=60)
    assert window.scope_id == made
    window.undo()
    settle(window, quiet_ms=60)
    assert window.scope_id == number


def test_a_folded_branch_stays_folded(full: Path, opened: Open) -> None:
    window = opened(full)
    root = window.scope.model.index(0, 0)
    window.scope.tree.collapse(root)
    window.scope.reload()
    settle(window, quiet_ms=60)
    assert not window.scope.tree.isExpanded(window.scope.model.index(0, 0))


def test_the_tree_is_searched_by_name_code_and_pinyin(full: Path, opened: Open) -> None:
    window = opened(full)
    number = node(window, child(window, 0, 0)).id
    window.office.write(change_grids, Basis(date.today()), [Rename(number, "书院网格")])
    code = window.office.read(GRIDS.rows, [number])[0].code
    scope = window.scope
    for text in ("书院网", code, "shuyuan", "SYWG"):
        scope.finder.setText(text)
        scope._look_for()
        settle(window, quiet_ms=60)
        hits = [part.toolTip() for part in scope.found.findChildren(QPushButton)]
        assert any(hit.startswith("书院网格　") for hit in hits), text
        assert not scope.tree.isVisible()
    scope.finder.setText("䶮䶮䶮")
    scope._look_for()
    settle(window, quiet_ms=60)
    assert "没有这样的网格" in "".join(part.text() for part in scope.found.findChildren(QLabel))
    scope.finder.setText("shuyuanwangge")
    scope._look_for()
    settle(window, quiet_ms=60)
    QTest.mouseClick(scope.found.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)
    settle(window, quiet_ms=60)
    assert window.scope_id == number and scope.tree.isVisible() and not scope.finder.text()


def test_the_mouse_takes_all_that_are_marked_along(
    full: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the loop of the drag itself, which waits for a real mouse, is left out."""
    carried: list[str] = []

    def let_go(drag: QDrag, *_: object) -> Qt.DropAction:
        carried.append(bytes(drag.mimeData().data(DRAGGED).data()).decode())
        return Qt.DropAction.IgnoreAction

    monkeypatch.setattr(QDrag, "exec", let_go)
    window = opened(full)
    tree = window.scope.tree
    grids = [child(window, 0, place) for place in range(4)]
    ids = [node(window, one).id for one in grids]

    def pull(index: QModelIndex) -> None:
        at = tree.visualRect(index).center()
        QTest.mousePress(tree.viewport(), Qt.MouseButton.LeftButton, pos=at)
        far = QPointF(at + QPoint(0, 40))
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            far,
            tree.viewport().mapToGlobal(far),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        tree.mouseMoveEvent(event)
        QTest.mouseRelease(tree.viewport(), Qt.MouseButton.LeftButton, pos=far.toPoint())
        settle(window, quiet_ms=60)

    click(window, grids[0])
    click(window, grids[2], CTRL)
    pull(grids[2])
    assert carried == [f"{ids[0]},{ids[2]}"]
    assert tree.marked == {ids[0], ids[2]} and window.scope_id == ids[0]
    pull(grids[3])
    assert carried[1:] == [str(ids[3])]
