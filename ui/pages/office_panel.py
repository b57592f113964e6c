"""单位设置: what the office is called, and as what it signs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from db.listening import Spot
from gridoffice.establish import CALLED, call_office
from ui.pages.account_panels import Panel, line
from ui.widgets.parts import Input, label

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class OfficePanel(Panel):
    """A line for each name; `seen` are those that stood when it was opened."""

    def __init__(self, desk: MainWindow, seen: Mapping[str, str]):
        super().__init__(desk, "单位设置", "保存")
        self.seen, self.spot = seen, Spot("office", 0, True)
        self.lines = {key: Input(name=words) for key, words in CALLED.items()}
        for key, made in self.lines.items():
            made.setText(seen[key])
            made.setCursorPosition(0)
            self.inside.put(line(CALLED[key], made))
        words = "名称印在台账上，落款单位印在公文上。已经出的文不变。"
        self.inside.put_all([label(words, "hint", wrap=True), None])
        self.commands = {"save": self.do}
        self.setFocusProxy(next(iter(self.lines.values())))

    def do(self) -> None:
        self.settle({key: made.text() for key, made in self.lines.items()}, self.seen)

    def settle(self, chosen: Any, now: Any) -> None:
        self.write(call_office, chosen, now)
