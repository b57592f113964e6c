"""Beside somebody's form: from which ledger, as of which day, how days and numbers are written, masked
or whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from gridoffice.fields import Field, Kind
from gridoffice.spreadsheet.form_values import Days, FormStyle, Numbers
from gridoffice.values import parse
from ui.theme import look
from ui.widgets.drawer import PANEL
from ui.widgets.parts import Choice, Input, column, label, restyle, row, scrolled, size
from ui.widgets.purpose import PurposeLine

DAYS = (
    (Days.FORM, "跟着表里的格式"),
    (Days.ISO, "2026-12-05"),
    (Days.DOTS, "2026.12.5"),
    (Days.CHINESE, "2026年12月5日"),
    (Days.COMPACT, "20261205"),
    (Days.MONTH, "2026.12（只到月）"),
)
NUMBERS = ((Numbers.PLAIN, "连着写"), (Numbers.SPACED, "分三段写"))
_DAY = Field("截至", Kind.DATE)


class FormOptions(QWidget):
    """What the clerk may choose for a form; `changed` when the form has to be looked at again."""

    changed = Signal()

    def __init__(self, ledgers: Sequence[tuple[str, str]], day: date, may_reveal: bool):
        super().__init__()
        self.setObjectName("drawer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        size(self, PANEL)
        self.ledger = Choice(ledgers, "用哪本台账")
        self.level = Choice(((None, "看表头定"),), "每行填什么")
        self.day = Input("2026-12-05", name="截至哪一天")
        self._told, self._sought = day, ""
        self.day.setText(day.isoformat())
        self.wrong_day = label("", "error", wrap=True)
        self.search = Input("姓名、拼音、电话", "search", name="只填谁")
        self.days = Choice(DAYS, "日期怎么写")
        self.numbers = Choice(NUMBERS, "证件号怎么写")
        self.masked, self.whole = QRadioButton("遮住"), QRadioButton("完整（要写用途）")
        self.purpose = PurposeLine()
        self.reason = self.purpose.input
        self.wrong_reason = label("", "error", wrap=True)
        self.scope = label("", "strong", wrap=True)
        how = QButtonGroup(self)
        for one in (self.masked, self.whole):
            how.addButton(one)
        self.masked.setChecked(True)
        self.whole.setEnabled(may_reveal)
        if not may_reveal:
            self.whole.setToolTip("这个账号不能看完整的证件号和电话。")
        self.level_box = column(label("每行填什么", "hint"), self.level, gap=4)
        self.inside = column(
            label("填什么", "section"),
            label("用哪本台账", "hint"),
            self.ledger,
            self.level_box,
            4,
            label("范围（在左边选）", "hint"),
            self.scope,
            label("只填谁（不写就全填）", "hint"),
            self.search,
            label("截至哪一天", "hint"),
            self.day,
            self.wrong_day,
            8,
            label("怎么写", "section"),
            label("日期", "hint"),
            self.days,
            label("证件号", "hint"),
            self.numbers,
            label("这张表的写法会记住，下次不用再选。", "hint", wrap=True),
            8,
            label("证件号和电话", "section"),
            row(self.masked, self.whole, None, gap=16),
            self.purpose,
            self.wrong_reason,
            None,
            gap=4,
            margins=(16, 14, 16, 14),
        )
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 0, 0, 0)
        box.addWidget(scrolled(self.inside))
        for part in (self.level_box, self.wrong_day, self.wrong_reason):
            part.hide()
        for choice in (self.ledger, self.level, self.days):
            choice.activated.connect(lambda _: self.changed.emit())
        self.day.editingFinished.connect(self._day_typed)
        self.search.editingFinished.connect(self._searched)
        self.whole.toggled.connect(self._reveal)

    def sizeHint(self) -> QSize:
        return QSize(look.px(PANEL), look.px(400))

    # what is chosen

    def key(self) -> str:
        return self.ledger.currentData()

    def day_said(self) -> date:
        """The day typed; while it makes no sense, the one before."""
        return self._told

    def sought(self) -> str:
        """Whom alone to fill in; empty: everybody."""
        return self._sought

    def style_said(self) -> FormStyle:
        # a combo box hands enums of text back as the text
        return FormStyle(Days(self.days.currentData()), Numbers(self.numbers.currentData()))

    def reveal(self) -> bool:
        return self.whole.isChecked()

    def ready(self) -> bool:
        """Whether all that is needed has been said; what is not is told under its field."""
        lacking = self.reveal() and not self.reason.text().strip()
        self.wrong_reason.setText("要带完整的证件号和电话，先写明用途。" if lacking else "")
        self.wrong_reason.setVisible(lacking)
        restyle(self.reason, wrong="true" if lacking else "")
        if lacking:
            self.reason.setFocus()
        return not lacking and self.wrong_day.isHidden()

    # what is shown

    def forget_search(self) -> None:
        """Another form is for other people."""
        self.search.clear()
        self._sought = ""

    def show_ledger(self, key: str, style: FormStyle | None) -> None:
        """The ledger that was found best, and how such a form was wanted the last time."""
        self.ledger.setCurrentIndex(self.ledger.findData(key))
        if style is not None:
            self.days.setCurrentIndex(self.days.findData(style.days))
            self.numbers.setCurrentIndex(self.numbers.findData(style.numbers))

    def show_day(self, day: date) -> None:
        """Another day is looked at in the window."""
        self._told = day
        self.day.setText(day.isoformat())
        self.wrong_day.hide()
        restyle(self.day, wrong="")

    def show_levels(self, levels: Sequence[tuple[Any, str]] | None) -> None:
        """The kinds of grids there are; None where there is nothing to choose."""
        if levels is not None:
            before = self.level.currentData()
            self.level.fill([(None, "看表头定"), *levels])
            self.level.setCurrentIndex(max(0, self.level.findData(before)))
        self.level_box.setVisible(levels is not None)

    def _searched(self) -> None:
        if self.search.text().strip() != self._sought:
            self._sought = self.search.text().strip()
            self.changed.emit()

    def _day_typed(self) -> None:
        value, problems = parse(_DAY, self.day.text())
        self.wrong_day.setText(problems[0].message if problems else "" if value else "写上日期。")
        self.wrong_day.setVisible(not isinstance(value, date) or bool(problems))
        restyle(self.day, wrong="true" if self.wrong_day.isVisible() else "")
        if isinstance(value, date) and self.wrong_day.isHidden() and value != self._told:
            self._told = value
            self.changed.emit()

    def _reveal(self, on: bool) -> None:
        self.purpose.ask(on)
        self.wrong_reason.hide()
