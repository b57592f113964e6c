"""The chip row under the commands: what the list is narrowed by, each with its ×."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from db.enums import Labelled
from ui.theme import look
from ui.widgets.listing_table import ListingTable
from ui.widgets.parts import Box, Button, Input, button, label


class FilterBar(Box):
    """Shows the table's filters as chips; suggestions stand beside with their counts. A `quiet` one
    stands there only while something narrows the list or is looked for. `beside` stands at the very right."""

    def __init__(self, table: ListingTable, hint: str, quiet: bool = False, beside: Button | None = None):
        self.table, self._quiet, self._beside = table, quiet, beside
        self.finder = Input(hint, "search", 300)
        super().__init__([], False, 8, (20, 0, 20, 0), "", None, 40)
        self._chips = Box([], False, 8, (0, 0, 0, 0), "", None, None)
        self._suggested: list[tuple[str, Callable[[], Any]]] = []
        self._clear = button(
            "清空", kind="link", tip="清空筛选", keys="Ctrl+Shift+L", on_click=table.clear_filters
        )
        for part in (self.finder, self._chips, None, self._clear, *([beside] if beside else [])):
            self.put(part)
        self.finder.returnPressed.connect(self._search)
        self.finder.textEdited.connect(lambda _: self._search())
        table.asked.connect(self.show_chips)
        self.show_chips()

    def begin(self) -> None:
        """Ctrl+F: the keyboard goes to the line."""
        self.show()
        self.finder.setFocus()
        self.finder.selectAll()

    def _search(self) -> None:
        self.table.show_what(search=self.finder.text().strip())

    def suggest(self, chips: Sequence[tuple[str, Callable[[], Any]]]) -> None:
        """Chips that are one click away, each with its live count in the words."""
        self._suggested = list(chips)
        self.show_chips()

    def _words(self, name: str, values: Sequence[Any]) -> str:
        field = next((c.field for c in self.table.model.columns if c.name == name), None)
        words = [value.label if isinstance(value, Labelled) else str(value or "空") for value in values]
        shown = words[0] if len(words) == 1 else f"{words[0]}等 {len(words)} 项"
        return f"{field.label if field else name}：{shown}"

    def show_chips(self) -> None:
        self._chips.clear()
        ask = self.table.ask
        made: list[Button] = []
        for one in ask.filters:
            made.append(
                button(
                    self._words(one.column, one.values),
                    "x",
                    "active",
                    tip="去掉这个条件",
                    on_click=lambda name=one.column: self.table.filter_by(name, ()),
                )
            )
        for words, action in self._suggested:
            made.append(button(words, kind="chip", on_click=action))
        for chip in self._fitting(made):
            self._chips.put(chip)
        if self.finder.text().strip() != ask.search:
            self.finder.setText(ask.search)
        narrowed = bool(ask.filters or ask.search)
        self._clear.setVisible(narrowed)
        if self._quiet:
            self.setVisible(narrowed or self.finder.hasFocus())

    def _fitting(self, chips: list[Button]) -> list[Any]:
        """Chips never shrink: what does not fit is folded into one that says how many."""
        room = self.width() - look.px(20 + 300 + 8 + 80 + 20) if self.width() > 200 else 10_000
        room -= self._beside.sizeHint().width() + look.px(8) if self._beside is not None else 0
        shown: list[Any] = []
        for place, chip in enumerate(chips):
            room -= chip.sizeHint().width() + look.px(8)
            if room < 0:
                shown.append(label(f"还有 {len(chips) - place} 个条件", "hint"))
                for rest in chips[place:]:
                    rest.deleteLater()
                break
            shown.append(chip)
        return shown

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        if abs(event.size().width() - event.oldSize().width()) > 8:
            self.show_chips()
