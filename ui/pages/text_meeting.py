"""Two who changed the same: place by place mine, theirs, what it was; nothing chosen beforehand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from gridoffice.both_changed import MINE, BothChanged
from ui.pages.page import Page
from ui.widgets.badges import note
from ui.widgets.parts import button, column, label, rule
from ui.widgets.side_panel import SidePanel

WIDTH = 420
SHOWN = 3
"""So many lines of a place are shown."""


class TextMeeting(SidePanel):
    """The choice beside the page; `keep` is given what was chosen, and what stood when it was."""

    def __init__(self, error: BothChanged, keep: Callable[[Any, Any], None]):
        super().__init__("两边都改了", WIDTH)
        self._error, self._keep = error, keep
        self._groups: list[QButtonGroup] = []
        self.inside.put(note("warn", error.message, "arrows-exchange"))
        for place in error.places:
            group = QButtonGroup(self)
            lines = column(label(place.label, "strong"), gap=4)
            for which, (owner, text) in enumerate(zip(error.owners, place.texts, strict=True)):
                made = QRadioButton(f"{owner}：{_words(text)}")
                made.setToolTip("\n".join(text) or "（没有）")
                made.setAccessibleName(f"{place.label}，{made.text()}")
                group.addButton(made, which)
                lines.put(made)
            self._groups.append(group)
            self.inside.put_all([lines, rule()])
        self.inside.put(None)
        every, tip = error.overwrite
        back = button("先不存", keys="Esc", on_click=self.closed.emit)
        self.act(
            button("照选的存", "check", "primary", keys="Ctrl+S", on_click=self.take),
            button(every, tip=tip, on_click=self.overwrite),
            back,
        )
        self.commands = {"save": self.take, "close": self.closed.emit}
        back.show()
        self.setFocusProxy(back)

    def pick(self, place: int, which: int) -> None:
        """Choose for a place (from 0): `MINE`, `THEIRS` or `ORIGINAL`."""
        self._groups[place].button(which).setChecked(True)

    def take(self) -> None:
        """Save what was chosen; says what is still to be chosen."""
        left = [place for place, group in enumerate(self._groups) if group.checkedId() < 0]
        if left:
            words = "、".join(self._error.places[place].label for place in left)
            self.judge(note("err", f"还没选留哪个：{words}。"))
            self._groups[left[0]].button(MINE).setFocus()
            return
        self._take([group.checkedId() for group in self._groups])

    def overwrite(self) -> None:
        """Save what was written here wherever both changed it."""
        self._take([MINE] * len(self._groups))

    def _take(self, chosen: Sequence[int]) -> None:
        self._keep(self._error.settled(chosen), self._error.now)


def ask_both(page: Page, error: BothChanged, keep: Callable[[Any, Any], None], back: QWidget | None) -> None:
    """Ask in the side of a page; `back` is what stands there again when nobody chooses, and once somebody did."""

    def leave() -> None:
        page.set_side(back)
        (page if back is None else back).setFocus()  # before what has the keyboard goes away
        panel.deleteLater()

    def settle(chosen: Any, now: Any) -> None:
        leave()
        keep(chosen, now)

    panel = TextMeeting(error, settle)
    panel.closed.connect(leave)
    page.set_side(panel)
    panel.setFocus()


def _words(lines: Sequence[str]) -> str:
    if not lines:
        return "（没有）"
    shown = "；".join(line.strip() for line in lines[:SHOWN] if line.strip()) or "（空行）"
    return shown + (f"……共 {len(lines)} 行" if len(lines) > SHOWN else "")
