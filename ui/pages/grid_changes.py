"""调整: the dated changes that the grid page offers, and the panel of the one that is being drafted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtWidgets import QWidget

from gridoffice.grids.pack import Pack
from gridoffice.grids.surroundings import Surroundings, surroundings
from gridoffice.grids.waiting import plan_of
from ui.pages.change_drafts import (
    CloseDraft,
    ConvertDraft,
    Draft,
    EstablishDraft,
    MergeDraft,
    MoveDraft,
    RecodeDraft,
    RenameDraft,
    ReviseDraft,
)
from ui.pages.change_panel import ChangePanel
from ui.pages.page import Page
from ui.pages.split_draft import SplitDraft
from ui.pages.staged_moves import StagedMoves
from ui.pages.waiting_changes import PlannedDraft, WaitingPanel
from ui.widgets.parts import button, column, label, row
from ui.widgets.popover import Popover

if TYPE_CHECKING:
    from ui.main_window import MainWindow

MENU: tuple[tuple[str, type[Draft], int, int | None], ...] = (
    # words, draft, how many grids it takes at least and at most
    ("改名", RenameDraft, 1, 1),
    ("改编码", RecodeDraft, 1, 1),
    ("更新户数等数据", ReviseDraft, 1, 1),
    ("移到别的网格下", MoveDraft, 1, None),
    ("拆分", SplitDraft, 1, 1),
    ("合并", MergeDraft, 2, None),
    ("转类型", ConvertDraft, 1, None),
    ("撤销网格", CloseDraft, 1, 1),
)


class GridChanges(QObject):
    """One draft at a time, at the side of the page."""

    def __init__(self, desk: MainWindow, page: Page, pack: Pack, then: Callable[[int | None], None]):
        super().__init__(page)
        self.desk, self.page, self.pack, self._then = desk, page, pack, then
        self.panel: ChangePanel | None = None
        self.listed: WaitingPanel | None = None

    def offer(self, grid_ids: Sequence[int], button_: QWidget) -> None:
        """What can be done with some grids, in a popover at a button."""
        ids = list(grid_ids)
        count = len(ids)
        listed = column(gap=0, margins=(4, 4, 4, 4))
        listed.put(
            row(
                label(f"从某一天起调整{f' {count} 个网格' if count > 1 else ''}", "hint"),
                margins=(8, 2, 8, 2),
            )
        )
        popover = Popover(self.desk, listed, 220)
        for words, draft, least, most in MENU:
            fits = count >= least and (most is None or count <= most)
            made = button(words, kind="quiet", on_click=lambda draft=draft: self._begin(popover, draft, ids))
            made.setEnabled(fits)
            if not fits:
                made.setToolTip("先勾选两个以上网格。" if count < least else "一次只能办一个网格。")
            listed.put(row(made, None))
        popover.open_at(QRect(button_.mapTo(self.desk, QPoint(0, 0)), button_.size()))
        popover.take_keyboard()

    def _begin(self, popover: Popover, draft: type[Draft], ids: list[int]) -> None:
        popover.shut()
        self.begin(draft, ids)

    def begin(self, draft: type[Draft], grid_ids: Sequence[int]) -> None:
        """Read what is round the grids and open the panel."""
        if self.desk.may_change():
            self.desk.read(
                self,
                surroundings,
                list(grid_ids),
                self.desk.day,
                then=lambda grids: self._open(draft, grids),
                topic="draft",
            )

    def establish(self, below: int | None) -> None:
        """A new grid below another; the first of all where there is none."""
        if below is None:
            self._open(EstablishDraft, [])
        else:
            self.begin(EstablishDraft, [below])

    def stage(self, grid_ids: Sequence[int], to: int) -> None:
        """Grids were dragged onto another: pending until they are saved together."""
        if self.panel is not None and not isinstance(self.panel.draft, StagedMoves):
            self.desk.say("先保存或取消正在办的调整，再拖。", can_undo=False)
        elif self.desk.may_change():
            self.desk.read(
                self,
                surroundings,
                [*grid_ids, to],
                self.desk.day,
                then=lambda grids: self._stage(grids[:-1], grids[-1]),
            )

    def _stage(self, grids: list[Surroundings], to: Surroundings) -> None:
        if self.panel is None:
            self._open(StagedMoves, grids)
        draft = self.panel.draft if self.panel is not None else None
        if isinstance(draft, StagedMoves):
            draft.add(grids, to)

    def take_up(self, plan_id: int) -> None:
        """A change that waits: looked at, carried out, put off or given up."""
        if self.desk.may_change():
            self.desk.read(
                self,
                plan_of,
                plan_id,
                then=lambda plan: self._show(PlannedDraft(self.desk, self.pack, plan), []),
                topic="draft",
            )

    def show_waiting(self) -> None:
        """Every change that waits for its day, at the side of the page."""
        self.drop()
        panel = WaitingPanel(self.desk)
        panel.closed.connect(self.close)
        panel.chosen.connect(self.take_up)
        self.listed = panel
        self.page.set_side(panel)
        panel.setFocus()

    def _open(self, draft: type[Draft], grids: list[Surroundings]) -> None:
        self._show(draft(self.desk, grids, self.pack), grids)

    def _show(self, draft: Draft, grids: list[Surroundings]) -> None:
        self.drop()
        self.panel = ChangePanel(self.desk, draft)
        self.panel.closed.connect(self.close)
        draft.gone.connect(self.close)
        self.panel.saved.connect(lambda said: self._saved(grids, said))
        self.page.set_side(self.panel)
        first = next(
            (part for part in self.panel.draft.findChildren(QWidget) if part.focusPolicy().value & 1), None
        )
        (first or self.panel.day).setFocus()

    def _saved(self, grids: list[Surroundings], said: Any) -> None:
        self.drop()
        self._then(said.established[0] if said.established else grids[0].id if grids else None)

    def drop(self) -> None:
        """Take away what stands at the side, without a word."""
        gone = [one for one in (self.panel, self.listed) if one is not None]
        self.panel = self.listed = None
        if gone:
            self.page.setFocus()  # before what has the keyboard goes away
            self.page.set_side(None)
        for panel in gone:
            panel.deleteLater()

    def close(self) -> None:
        """The clerk has changed his mind: what stood at the side before comes back."""
        self.drop()
        self._then(None)
