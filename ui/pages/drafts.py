"""草稿: what was written and is kept, to be opened, copied or thrown away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from gridoffice.papers.drafts import DRAFTS, remove_drafts
from ui.pages.list_page import ListPage
from ui.widgets.cells import Cell
from ui.widgets.models import Dress
from ui.widgets.parts import Button, Child, button


class DraftsPage(ListPage):
    """The list of drafts; Enter opens one."""

    key, words, icon, title = "drafts", "草稿", "file-text", "公文草稿"
    reached_from = "documents"
    scoped = False
    listing = DRAFTS
    shown = ("title", "kind", "number", "month", "place", "writer", "changed")
    tables = frozenset({"draft", "paper_number"})
    report = "drafts"
    empty = "还没有存过草稿。"
    finder = "找标题和正文"
    widths: ClassVar[Mapping[str, float]] = {
        "title": 360,
        "kind": 72,
        "number": 176,
        "month": 112,
        "place": 120,
        "writer": 88,
        "changed": 140,
    }

    def first(self) -> Sequence[Child]:
        return (button("打开", "edit", "primary", keys="Return", on_click=self.enter),)

    def tools(self) -> Sequence[Child]:
        return (
            self.guarded(button("删去", "x", "quiet", on_click=self._remove)),
            button("新拟一份", "plus", "quiet", on_click=lambda: self.desk.go("writing")),
        )

    def dress(self) -> dict[str, Dress]:
        return {
            "title": lambda _, text: Cell(text, weight=500),
            "number": lambda _, text: Cell(text or "还没登记", tone="text" if text else "text3"),
        }

    def instead(self) -> Sequence[Button]:
        return (button("新拟一份", "plus", on_click=lambda: self.desk.go("writing")),)

    def enter(self) -> None:
        line = self.current()
        if line is not None:
            self.desk.go("writing", draft=line.id)

    def _remove(self) -> None:
        ticked = list(self.table.model.ticked_ids())
        line = self.current() if not ticked else None
        chosen = ticked or ([line.id] if line is not None else [])
        if chosen and self.desk.may_change():
            self.desk.write(self, remove_drafts, chosen)
