"""Moves that were dragged in the tree: pending, one below the other, saved all or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gridoffice.errors import Problem, RuleBroken
from gridoffice.grids.operations import Move, Operation
from gridoffice.grids.pack import Pack
from gridoffice.grids.surroundings import Surroundings
from ui.pages.change_drafts import Draft
from ui.widgets.badges import note
from ui.widgets.parts import button, column, label, row

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class StagedMoves(Draft):
    """Grids and where each is to hang; the last word on a grid counts."""

    verb = "移动"

    def __init__(self, desk: MainWindow, grids: Sequence[Surroundings], pack: Pack):
        super().__init__(desk, grids, pack)
        self._moves: dict[int, tuple[Surroundings, Surroundings]] = {}
        self._wrong: dict[str, str] = {}
        """By a grid's code: why it cannot hang there."""
        self._stays: list[str] = []
        """What was dragged to where it hangs already."""
        self._said = label("", "hint", wrap=True)
        self._lines = column(gap=4)
        self.put(self._said)
        self.put(self._lines)
        self._show()

    @property
    def title(self) -> str:
        return "移动网格"

    def add(self, grids: Sequence[Surroundings], to: Surroundings) -> None:
        """Stage some grids below another; back where it hangs, a grid is staged no longer."""
        self._stays.clear()
        for grid in grids:
            if grid.state.parent_id != to.id:
                self._moves[grid.id] = grid, to
            elif self._moves.pop(grid.id, None) is None:
                self._stays.append(f"“{grid.state.name}”本来就在“{to.state.name}”下面，不用移。")
        self._redraw()

    def _drop(self, grid_id: int) -> None:
        self._moves.pop(grid_id, None)
        self._redraw()

    def _redraw(self) -> None:
        """Other moves: what was said of the former ones is asked again."""
        self._wrong.clear()
        self._show()
        self.changed.emit()

    def explain(self, problems: Sequence[Problem]) -> Sequence[Problem]:
        staged = {grid.state.code for grid, _ in self._moves.values()}
        self._wrong.clear()
        for one in problems:
            if one.value in staged:
                self._wrong.setdefault(one.value, one.message)
        self._show()
        left = [one for one in problems if one.value not in staged]
        if self._wrong:
            count = len(self._wrong)
            left.append(Problem(f"{count} 个网格不能这样移，去掉或换个地方再存。"))
        return left

    def _show(self) -> None:
        count = len(self._moves)
        self._said.setText(f"{count} 项还没保存。可以接着拖，最后一起保存。" if count else "")
        self._said.setVisible(bool(count))
        self._lines.clear()
        for grid, to in self._moves.values():
            wrong = self._wrong.get(grid.state.code)
            self._lines.put(
                row(
                    (
                        column(
                            label(grid.state.name, "name", elide=True),
                            label(f"{grid.parent or '最上级'} → {to.state.name}", "hint", elide=True),
                            gap=0,
                        ),
                        1,
                    ),
                    button(
                        "", "x", "quiet", tip="不移这个", on_click=lambda number=grid.id: self._drop(number)
                    ),
                    gap=4,
                )
            )
            if wrong:
                self._lines.put(note("err", wrong))
        for words in self._stays:
            self._lines.put(label(words, "hint", wrap=True))

    def operations(self) -> tuple[Operation, ...]:
        if not self._moves:
            raise RuleBroken("没有要移动的网格。把左边树上的网格拖到要挂的网格上。")
        return tuple(Move(grid.id, to.id) for grid, to in self._moves.values())
