"""开始新月份: which month, by which scheme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from gridoffice.assessment.rules import in_words, period_days
from gridoffice.assessment.service import open_month
from gridoffice.errors import OfficeError, RuleBroken
from gridoffice.overview.scheme_rules import KnownScheme, KnownSchemes, known_schemes
from ui.widgets.badges import note
from ui.widgets.parts import Choice, Input, button, column, label
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.main_window import MainWindow

FOR = {
    "post": "每个在岗的人一张考核表，当月来去的按天折算。",
    "area": "每个网格（社区）一张考核表。",
    "department": "每个部门一张考核表，部门在“部门”页里登记。",
}


class BeginPanel(SidePanel):
    """Beside the month that is shown; `begun` says which one is new (its period, or its address)."""

    begun = Signal(str)

    def __init__(self, desk: MainWindow, period: str):
        super().__init__("开始新月份")
        self.desk = desk
        self.period = Input("2026-06", name="月份")
        self.period.setText(period)
        self.scheme = Choice((), "考核方案")
        self.scheme.activated.connect(lambda _: self._say())
        self.words = label("", "hint", wrap=True)
        self.go = button("开始", "plus", "primary", on_click=self.begin)
        self.inside.put_all(
            [
                column(label("月份", "hint"), self.period, gap=2),
                column(label("考核方案", "hint"), self.scheme, gap=2),
                self.words,
                None,
            ]
        )
        self.act(self.go, button("取消", on_click=self.closed.emit))
        self.period.textChanged.connect(lambda _: self._say())
        desk.read(self, known_schemes, then=self._known, topic="schemes")

    def _known(self, known: KnownSchemes) -> None:
        self._schemes: dict[str, KnownScheme] = {one.scheme.key: one for one in known.all}
        self.scheme.fill(
            [(None, "本办一直用的方案"), *((key, one.scheme.name) for key, one in self._schemes.items())]
        )
        self._say()

    def _say(self) -> None:
        key = self.scheme.currentData()
        one = self._schemes.get(key) if key else None
        self.words.setText(FOR[one.scheme.target.value] if one is not None else "")
        try:
            period_days(self.period.text().strip())
        except RuleBroken:
            self.go.say("开始")
        else:
            self.go.say(f"开始 {in_words(self.period.text().strip())}考核")

    def begin(self) -> None:
        """Open the month; what stands against it is said here."""
        period, key = self.period.text().strip(), self.scheme.currentData()
        self.desk.write(
            self,
            open_month,
            period,
            key,
            then=lambda _: self.begun.emit(f"{period}/{key}" if key else period),
            wrong=self._refused,
        )

    def _refused(self, error: Exception) -> None:
        if isinstance(error, OfficeError):
            self.judge(note("err", error.message))
        else:
            self.desk.complain(error)
