"""The line that asks how a list leaves the office: which rows, masked or whole, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton

from ui.widgets.parts import Box, button, label, restyle, row, rule
from ui.widgets.purpose import PurposeLine


class Rows(Enum):
    """Which rows are wanted."""

    SHOWN = "屏幕上的"
    ALL = "全部"
    CHOSEN = "选中的"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the clerk has chosen; `reason` in his own words, empty where he left what was proposed."""

    rows: Rows
    reveal: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What there is to choose from: rows and columns of each kind; 0 rows cannot be chosen. `masked`
    names what is masked, `may_reveal` says whether this account may have it whole; `purpose` is what is proposed
    where it tells of persons."""

    title: str
    counts: dict[Rows, tuple[int, int]]
    unit: str
    masked: str
    may_reveal: bool
    proposed: Rows = Rows.SHOWN
    purpose: str | None = None


class ExportPanel(Box):
    """The content of the popover. `wanted` says what was chosen, once it can be carried out."""

    wanted = Signal(object)
    grown = Signal()

    def __init__(self, offer: Offer):
        self.offer = offer
        self.rows: dict[Rows, QRadioButton] = {}
        super().__init__([], True, 4, (12, 8, 12, 12), "", None, None)
        self._which, self._how = QButtonGroup(self), QButtonGroup(self)
        self.put(row(label(f"导出{offer.title}", "strong"), None))
        for which, (count, columns) in offer.counts.items():
            size = f"{count} {offer.unit}，{columns} 列"
            none = which is Rows.CHOSEN and not count
            made = QRadioButton(f"{which.value}（{'还没有选' if none else size}）")
            made.setEnabled(not none)
            if none:
                made.setToolTip("先选要导出的行：按住 Shift 或 Ctrl 点，或按 Ctrl+A。")
            made.setChecked(which is offer.proposed)
            self.rows[which] = made
            self._which.addButton(made)
            self.put(made)
        self.masked = QRadioButton("遮住")
        self.whole = QRadioButton("完整（要写用途）")
        self.purpose = PurposeLine()
        self.reason = self.purpose.input
        self._wrong = label("", "error", wrap=True)
        self._wrong.hide()
        if offer.masked:
            self.put(rule())
            self._put_masking()
        elif offer.purpose is not None:
            self.put(rule())
        self.put(self.purpose)
        self.purpose.propose(offer.purpose)
        self.put(self._wrong)
        save = button("保存到…", "device-floppy", on_click=self._take)
        save.setAutoDefault(True)
        self.put(row(None, save, margins=(0, 6, 0, 0)))
        self.setFocusProxy(self.rows[offer.proposed])
        self.reason.returnPressed.connect(self._take)

    def _put_masking(self) -> None:
        for made in (self.masked, self.whole):
            self._how.addButton(made)
        self.put(label(self.offer.masked, "hint"))
        self.put(row(self.masked, self.whole, None, gap=20))
        self.masked.setChecked(True)
        self.whole.setEnabled(self.offer.may_reveal)
        if not self.offer.may_reveal:
            self.whole.setToolTip(f"这个账号不能看完整的{self.offer.masked}。")
        self.whole.toggled.connect(self._reveal)

    def _reveal(self, on: bool) -> None:
        self.purpose.ask(on)
        restyle(self.reason, wrong="")
        self._wrong.hide()
        self.grown.emit()

    def _take(self) -> None:
        reason = self.purpose.said() or ""
        if self.whole.isChecked() and not reason:
            self._wrong.setText(f"要带完整的{self.offer.masked}，先写明用途。")
            self._wrong.show()
            restyle(self.reason, wrong="true")
            self.grown.emit()
            self.reason.setFocus()
            return
        which = next(which for which, made in self.rows.items() if made.isChecked())
        self.wanted.emit(Wanted(which, self.whole.isChecked(), reason))
