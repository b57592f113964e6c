"""结业证: the register of certificates of completion, in the order of their numbers."""

from __future__ import annotations

from collections.abc import Sequence

from gridoffice.training.completions import COMPLETIONS
from ui.pages.list_page import ListPage
from ui.widgets.cells import Cell
from ui.widgets.models import Dress
from ui.widgets.parts import Button, Child, button

WIDTHS: dict[str, float] = {
    "number": 184,
    "name": 112,
    "training": 248,
    "held": 116,
    "day": 116,
    "score": 72,
    "hours": 72,
}


class CompletionsPage(ListPage):
    """The register; numbers in it are never given twice."""

    key, words, icon, title = "completions", "结业证", "school", "结业证书登记簿"
    reached_from = "trainings"
    listing = COMPLETIONS
    shown = ("number", "name", "training", "held", "score", "hours", "day", "id_number", "month")
    tables = frozenset({"completion", "attendance", "training", "person", "post"})
    report = "completions"
    empty = "还没有发过结业证。"
    finder = "找姓名、拼音、培训、证号"
    widths = WIDTHS

    def tools(self) -> Sequence[Child]:
        return (
            button("打印这场的结业证", "printer", "quiet", on_click=self._paper),
            button("看这场的签到表", "clipboard-check", "quiet", on_click=self.enter),
        )

    def dress(self) -> dict[str, Dress]:
        return {
            "number": lambda _, text: Cell(text, weight=500),
            "training": lambda _, text: Cell(text, tone="text2"),
            "month": lambda _, text: Cell(text, tone="text2"),
        }

    def instead(self) -> Sequence[Button]:
        return (button("去登记签到", "clipboard-check", on_click=lambda: self.desk.go("training-sheet")),)

    def enter(self) -> None:
        line = self.current()
        if line is not None:
            self.desk.go("training-sheet", training=line.training_id)

    def _paper(self) -> None:
        line = self.current()
        if line is not None:
            self.desk.go("documents", report="completion", training=line.training_id)
