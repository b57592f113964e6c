"""By how much sheets are adjusted, and why: beside the list of a calibration, or of an appeal."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from gridoffice.assessment.calibration import Adjusted, Place, preview
from gridoffice.assessment.month import MonthFacts
from gridoffice.assessment.rules import counted
from gridoffice.errors import OfficeError, has_error
from gridoffice.fields import Field, Kind
from gridoffice.scoring.shapes import plain
from gridoffice.values import parse
from ui.widgets.badges import note
from ui.widgets.parts import Choice, Input, button, column, label, row, rule
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.main_window import MainWindow

POINTS = Field("加减几分", Kind.DECIMAL)
MOST = 12


class AdjustPanel(SidePanel):
    """`wanted` says change, grade and reason, once they can be read."""

    wanted = Signal(object, object, str)

    def __init__(self, desk: MainWindow, said: MonthFacts):
        super().__init__("校准")
        self.desk, self.said = desk, said
        self._sheets: Sequence[int] = ()
        self.change = Input("例如：2 或 -1.5", name="加减几分")
        self.grade = Choice(
            [(None, "不改等次"), *((one.name, one.name) for one in said.scheme.grades)], "定为哪一等"
        )
        self.reason = Input("必填，会写进得分说明", name="原因")
        limit = said.scheme.calibration_limit
        words = f"最多加减 {plain(limit)} 分。" if limit is not None else "方案没有限制加减几分。"
        self.outcome = column(gap=4)
        self.inside.put_all(
            [
                label(f"校准的分进总分，排名和等次跟着变，原因写进得分说明。{words}", "hint", wrap=True),
                column(label("加减几分", "hint"), self.change, gap=2),
                column(label("或者直接定等次", "hint"), self.grade, gap=2),
                column(row(label("原因", "hint"), label("必填", "small"), None, gap=4), self.reason, gap=2),
                rule(),
                self.outcome,
                None,
            ]
        )
        self.keep = button("调整", "check", "primary", keys="Ctrl+S", on_click=self.save)
        self.act(self.keep, button("取消", on_click=self.closed.emit))
        self.change.editingFinished.connect(self._ask)
        self.grade.activated.connect(lambda _: self._ask())

    def begin(self) -> None:
        self.change.setFocus()

    def show_sheets(self, sheets: Sequence[int]) -> None:
        """Whom it is about."""
        if list(sheets) != list(self._sheets):
            self._sheets = sheets
            self.keep.say(f"调整 {counted(self.said.target, len(sheets))}" if sheets else "调整")
            self._ask()

    def _read(self) -> tuple[Decimal | None, str | None] | None:
        """Change and grade; None when what was typed is no number."""
        value, problems = parse(POINTS, self.change.text().strip().replace("−", "-") or None)
        if has_error(problems):
            self.refuse(f"加减几分写的是“{self.change.text().strip()}”，应为数，例如 2 或 -1.5。")
            return None
        return value, self.grade.currentData()

    def _ask(self) -> None:
        """What would come of it, before it is done."""
        read = self._read()
        self.outcome.clear()
        if read is None or read == (None, None) or not self._sheets:
            return
        self.judge()
        self.desk.read(
            self, preview, list(self._sheets), *read, then=self._preview, topic="preview", wrong=self._wrong
        )

    def _preview(self, found: Sequence[Adjusted]) -> None:
        self.outcome.clear()
        for one in found[:MOST]:
            self.outcome.put(
                column(
                    label(one.name, "name"),
                    label(f"{stands(one.before)} → {stands(one.after)}", "hint", elide=True),
                    gap=0,
                )
            )
        if len(found) > MOST:
            self.outcome.put(label(f"还有 {counted(self.said.target, len(found) - MOST)}。", "hint"))

    def _wrong(self, error: Exception) -> None:
        if isinstance(error, OfficeError):
            self.refuse(error.message)
        else:
            self.desk.complain(error)

    def refuse(self, words: str) -> None:
        self.judge(note("err", words))

    def save(self) -> None:
        """Have it done; what is missing is said above the foot."""
        read = self._read()
        if read is None:
            return
        reason = self.reason.text().strip()
        if not self._sheets:
            self.refuse("先在表里选。")
        elif read == (None, None):
            self.refuse("写加减几分，或者选定为哪一等。")
            self.change.setFocus()
        elif not reason:
            self.refuse("原因没写。")
            self.reason.setFocus()
        else:
            self.judge()
            self.wanted.emit(*read, reason)


def stands(one: Place) -> str:
    """Total, grade and rank in words."""
    if one.total is None:
        return "待补"
    rank = f" 第 {one.rank} 名" if one.rank is not None else ""
    return f"{plain(one.total)} 分 {one.grade or '不定等次'}{rank}"
