"""要素 of a document that is written: heading, recipients, day, what hangs on it; checks; the number it goes
out under."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from gridoffice.documents.model import chinese_date
from gridoffice.fields import Field, Kind
from gridoffice.papers import said
from gridoffice.papers.annexes import ANNEXES
from gridoffice.papers.drafts import Writing
from gridoffice.papers.numbering import check_series
from gridoffice.values import parse
from ui.theme import look
from ui.widgets.paper_editor import PaperEditor
from ui.widgets.paper_options import PaperOptions
from ui.widgets.parts import (
    Box,
    Choice,
    Input,
    Picture,
    button,
    column,
    label,
    row,
    rule,
    scrolled,
    size,
)
from ui.widgets.purpose import PurposeLine

FIELDS_WIDTH = 320
PAUSE = 400


class WritingFields(QWidget):
    """The fields at the side. `edited` when the document is to be made anew; `numbered` with the series
    when it is to go out."""

    edited = Signal()
    numbered = Signal(str)

    def __init__(self, next_number: Callable[[str, int], Any]):
        super().__init__()
        self.setObjectName("drawer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        size(self, FIELDS_WIDTH)
        self._ask_next = next_number
        self._organisation = ""
        self._quiet = False
        self._day: date | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self.edited)
        self.template = label("", "strong")
        self.month = Choice((), "月份")
        self.heading = PaperEditor("标题", short=True)
        self.heading.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        size(self.heading, height=56)
        self.recipients = Input("没有就空着", name="主送")
        self.signature = Input(name="署名")
        self.day = Input("2026-07-03", name="成文日期")
        self.wrong = label("", "error", wrap=True)
        self.wrong.hide()
        self.options = PaperOptions()
        self.annexes: dict[str, QCheckBox] = {key: QCheckBox(one.title) for key, one in ANNEXES.items()}
        self.purpose = PurposeLine()
        self.purpose.meant.connect(self.edited)
        self.checks: Box = column(gap=6)
        self.series = Input("例如：青网格办", name="机关代字")
        self.coming = label("", "hint", wrap=True)
        self.out = button("登记出文", "circle-check", on_click=self._out)
        self.going = column(
            rule(),
            label("发文字号", "section"),
            row((self.series, 1), self.out, gap=8),
            self.coming,
            gap=6,
        )
        self.month_box = column(label("月份", "hint"), self.month, gap=4)
        inside = column(
            label("文件要素", "section"),
            self.template,
            self.month_box,
            *_named("标题", self.heading),
            *_named("主送", self.recipients),
            *_named("署名", self.signature),
            *_named("成文日期", self.day),
            self.wrong,
            rule(),
            label("附表", "section"),
            *self.annexes.values(),
            self.purpose,
            rule(),
            label("出文前检查", "section"),
            self.checks,
            self.going,
            rule(),
            self.options,
            None,
            gap=6,
            margins=(16, 14, 16, 14),
            name="surface",
        )
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 0, 0, 0)
        box.addWidget(scrolled(inside))
        self._connect()

    def _connect(self) -> None:
        self.heading.edited.connect(self.edited)
        self.options.edited.connect(self.edited)
        for line in (self.recipients, self.signature, self.day):
            line.textEdited.connect(lambda _: self._typed())
        for tick in self.annexes.values():
            tick.clicked.connect(lambda _: self.edited.emit())
        self.month.activated.connect(lambda _: self.edited.emit())
        self.series.textEdited.connect(lambda _: self._show_next())

    def sizeHint(self) -> QSize:
        return QSize(look.px(FIELDS_WIDTH), look.px(400))

    def _typed(self) -> None:
        if not self._quiet:
            self._pause.start()

    # what is shown

    def know(self, months: Sequence[tuple[str, str]], organisation: str, series: Sequence[str]) -> None:
        """What the office has: its months, its name, the series that it uses."""
        self._organisation = organisation
        now = self.month.currentData()
        self.month.fill(months)
        self.month.setCurrentIndex(max(0, self.month.findData(now)))
        self.signature.setPlaceholderText(organisation)
        if not self.series.text() and series:
            self.series.setText(series[0])
        self._show_next()

    def show_writing(self, writing: Writing, title: str) -> None:
        """Fill everything from a writing."""
        values = writing.said
        self._quiet = True
        self.template.setText(title)
        self.month_box.setVisible(writing.month is not None)
        self.month.setCurrentIndex(max(0, self.month.findData(writing.month)))
        self.heading.set_text(writing.title, {})
        self.recipients.setText(values.get("recipients", ""))
        self.signature.setText(values.get("signature", "").replace("\n", "、"))
        self._day = date.fromisoformat(values["day"]) if "day" in values else None
        self.day.setText(chinese_date(self._day) if self._day else "")
        self.options.show_said(values, self._organisation)
        wanted = values.get(said.ANNEXES, ())
        for key, tick in self.annexes.items():
            tick.setVisible(writing.month is not None or not ANNEXES[key].monthly)
            tick.setChecked(key in wanted)
        for line in (self.recipients, self.signature):
            line.setCursorPosition(0)
        self._quiet = False
        self._lock(writing.number)

    def _lock(self, number: str | None) -> None:
        """What went out is only looked at."""
        for part in self.findChildren(QWidget):
            if isinstance(part, (Input, Choice, QCheckBox)):
                part.setEnabled(number is None)
        self.options.password.setEnabled(True)
        self.heading.setReadOnly(number is not None)
        self.series.setVisible(number is None)
        self.out.setVisible(number is None)
        if number is not None:
            self.coming.setText(f"已登记为“{number}”，正文不再变。要改就另存一份。")
        else:
            self._show_next()

    def propose(self, day: date) -> None:
        """The day that stands on the paper as long as none was written."""
        self.day.setPlaceholderText(chinese_date(day))

    def show_checks(self, checks: Sequence[tuple[bool, str]]) -> None:
        self.checks.clear()
        for fine, words in checks:
            sign, ink = ("circle-check", "ok") if fine else ("alert-triangle", "warn")
            self.checks.put(row(Picture(sign, ink, 16), (label(words, "fact", wrap=True), 1), gap=6))

    # what is meant

    def changed(self, writing: Writing) -> Writing:
        """The writing with what stands in the fields."""
        signature = self.signature.text().strip().replace("、", "\n")
        values: dict[str, Any] = {
            **self.options.values(signature or self._organisation),
            "recipients": self.recipients.text().strip(),
            "signature": signature,
            "day": self._day_meant(),
            said.ANNEXES: [
                key for key, tick in self.annexes.items() if tick.isChecked() and not tick.isHidden()
            ],
        }
        kept = {name: value for name, value in said.meant(writing.said).items() if name not in values}
        month = self.month.currentData() if writing.month is not None else None
        title = self.heading.text().strip()
        return replace(writing, title=title, said=said.kept(kept | values), month=month)

    def _day_meant(self) -> date | None:
        text = self.day.text().strip()
        if not text:
            self.wrong.hide()
            return None
        value, problems = parse(Field("成文日期", Kind.DATE), text)
        self.wrong.setText(problems[0].message if problems else "")
        self.wrong.setVisible(bool(problems))
        return value if isinstance(value, date) else None

    # going out

    def _show_next(self) -> None:
        series = self.series.text().strip()
        problems = check_series(series)
        self.out.setEnabled(not problems)
        if problems:
            self.coming.setText(problems[0].message if series else "写上机关代字，就知道下一个号。")
        else:
            self._ask_next(series, (self._day_meant() or date.today()).year)

    def show_next(self, number: str) -> None:
        """The number that would be given out now."""
        self.coming.setText(f"下一个号：{number}")

    def _out(self) -> None:
        self.numbered.emit(self.series.text().strip())


def _named(name: str, part: QWidget) -> tuple[QWidget, QWidget]:
    return label(name, "hint"), part
