"""The tree of grids: what its numbers count, and grids dragged onto others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtCore import QMimeData, QModelIndex, QPointF, Qt
from PySide6.QtGui import QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QLabel

from gridoffice.grids.changing import change_grids
from gridoffice.grids.listing import GRIDS
from gridoffice.grids.operations import Basis, Rename
from gridoffice.grids.surroundings import surroundings
from gridoffice.history import journal
from gridoffice.listing import Ask
from gridoffice.office import Office
from ui.app import settle
from ui.main_window import MainWindow
from ui.pages.staged_moves import StagedMoves
from ui.widgets.tree import DRAGGED, MEASURES, Node

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
    """Drag one node onto another with the mouse's own events."""
    tree = window.scope.tree
    data = QMimeData()
    data.setData(DRAGGED, str(node(window, dragged).id).encode())
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
    from gridoffice.accounts.service import add_account

    window = opened(full)
    assert window.scope.tree.drags
    window.office.write(add_account, "look", "只看", Role.READER)
    assert not opened(full, account="look").scope.tree.drags
