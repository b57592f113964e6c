"""文件要素 and 出文前检查: what a document says of itself, and whether it may go out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QVBoxLayout, QWidget

from gridoffice.assessment.month import MonthLine
from gridoffice.documents.model import chinese_date
from gridoffice.fields import Field, Kind
from gridoffice.reports import REPORTS, Wish
from gridoffice.values import parse
from ui.theme import look
from ui.widgets.paper_options import PaperOptions
from ui.widgets.parts import Box, Choice, Input, Picture, column, label, row, rule, scrolled, size
from ui.widgets.purpose import PurposeLine

if TYPE_CHECKING:
    from ui.paper_jobs import Issued

FIELDS_WIDTH = 320
NOTICE = "assessment"
"""The report that is shown first."""


def is_official(report: str) -> bool:
    """Whether it is an official document, whose fields the clerk may write himself."""
    return REPORTS[report].document is not None


def hides(report: str) -> bool:
    """Whether a report has something that is masked unless there is a reason."""
    listing = REPORTS[report].listing
    if listing is None:
        return REPORTS[report].masked
    return any(what.field.sensitive for what in listing(Wish()).columns)


class DocumentFields(QWidget):
    """The fields at the side; `wanted` is called when the document is to be made anew."""

    def __init__(self, wanted: Callable[[], Any], may_reveal: bool = False):
        super().__init__()
        self.setObjectName("drawer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        size(self, FIELDS_WIDTH)
        self.wish_month: str | None = None
        self._quiet = False
        self._organisation = ""
        self._wanted, self._may_reveal = wanted, may_reveal
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(600)
        self._pause.timeout.connect(wanted)
        self.kind = Choice([(one.key, one.title) for one in REPORTS.values()], "文种")
        self.period = Choice((), "月份")
        self.heading = QPlainTextEdit()
        self.heading.setAccessibleName("标题")
        self.heading.setTabChangesFocus(True)
        self.heading.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        size(self.heading, height=56)
        self.number = Input("青网格办〔2026〕14号", name="发文字号")
        self.recipients = Input(name="主送")
        self.signature = Input("本办；联合行文用顿号隔开", name="署名")
        self.day = Input("2026-07-03", name="成文日期")
        self.options = PaperOptions()
        self.wrong = label("", "error", wrap=True)
        self.wrong.hide()
        self.own = column(
            label("标题", "hint"),
            self.heading,
            label("发文字号", "hint"),
            self.number,
            label("主送", "hint"),
            self.recipients,
            label("署名", "hint"),
            self.signature,
            label("成文日期", "hint"),
            self.day,
            self.wrong,
            gap=4,
        )
        self.month_box = column(label("月份", "hint"), self.period, gap=4)
        self.layouts = Choice((), "版式")
        self.layout_box = column(label("版式", "hint"), self.layouts, gap=4)
        self.whole = QCheckBox("证件号、电话和住址写全")
        self.purpose = PurposeLine()
        self.reason = self.purpose.input
        self.reason_said = label("内部使用才写全，用途自己写。", "hint", wrap=True)
        self.password = Input("8 个字符以上，不加密就空着", name="打开 PDF 的密码")
        self.password_said = label("打开 PDF 的密码", "hint")
        self._when_whole = (self.reason_said, self.password_said, self.password)
        self.whole_box = column(self.whole, gap=4)
        self.checks: Box = column(gap=6)
        self.check_box = column(rule(), label("出文前检查", "section"), self.checks, gap=8)
        self.options_box = column(rule(), self.options, gap=8)
        inside = column(
            label("文件要素", "section"),
            label("文种", "hint"),
            self.kind,
            self.month_box,
            self.layout_box,
            self.whole_box,
            self.purpose,
            *self._when_whole,
            self.own,
            4,
            self.check_box,
            self.options_box,
            None,
            gap=6,
            margins=(16, 14, 16, 14),
            name="surface",
        )
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 0, 0, 0)
        box.addWidget(scrolled(inside))
        self.kind.activated.connect(lambda _: self._kind_changed())
        self.period.activated.connect(lambda _: self._clear_own())
        self.layouts.activated.connect(lambda _: wanted())
        self.whole.toggled.connect(self._reveal)
        self.purpose.meant.connect(wanted)
        for part in self._when_whole:
            part.hide()
        for line in (self.number, self.recipients, self.signature, self.day):
            line.textEdited.connect(lambda _: self._pause.start())
        self.heading.textChanged.connect(lambda: None if self._quiet else self._pause.start())
        self.options.edited.connect(wanted)
        self._edited: set[str] = set()
        self.heading.textChanged.connect(lambda: None if self._quiet else self._edited.add("title"))
        self.number.textEdited.connect(lambda _: self._edited.add("number"))
        self.recipients.textEdited.connect(lambda _: self._edited.add("recipients"))
        self.day.textEdited.connect(lambda _: self._edited.add("day"))
        self._show_kind()

    def sizeHint(self) -> QSize:
        return QSize(look.px(FIELDS_WIDTH), look.px(400))

    def _kind_changed(self) -> None:
        self._forget_own()
        self._show_kind()
        self._wanted()

    def _show_kind(self) -> None:
        monthly = REPORTS[self.report()].monthly
        self.month_box.setVisible(monthly)
        self.layouts.fill(REPORTS[self.report()].layouts)
        self.layout_box.setVisible(bool(REPORTS[self.report()].layouts))
        self.whole.setChecked(False)  # each paper asks anew
        self.purpose.forget()
        self.whole_box.setVisible(self._may_reveal and hides(self.report()))
        for part in (self.own, self.check_box, self.options_box):
            part.setVisible(is_official(self.report()))

    def _forget_own(self) -> None:
        """What was written was of another document."""
        self._edited.clear()
        self._quiet = True
        self.number.clear()
        self.signature.clear()
        self.options.show_said({}, self._organisation)
        self._quiet = False

    def choose(self, report: str, layout: str = "") -> None:
        """Another kind of document, in one of its layouts, without making it yet."""
        if report != self.report():
            self._forget_own()
        self.kind.setCurrentIndex(self.kind.findData(report))
        self._show_kind()
        self.layouts.setCurrentIndex(max(0, self.layouts.findData(layout)))

    def _clear_own(self) -> None:
        self._edited -= {"title", "day"}
        self._wanted()

    def fill(self, known: list[MonthLine], organisation: str) -> None:
        self._organisation = organisation
        self.options.propose(organisation)
        before = self.wish_month or self.period.currentData()
        self.wish_month = None
        self.period.fill([(line.address, line.words) for line in known])
        self.period.setCurrentIndex(max(0, self.period.findData(before)))
        self.month_box.setVisible(REPORTS[self.report()].monthly)

    def report(self) -> str:
        return self.kind.currentData()

    def _reveal(self, on: bool) -> None:
        self.purpose.ask(on)
        self.password.clear()
        for part in self._when_whole:
            part.setVisible(on)
        if not on:
            self._wanted()

    def password_given(self) -> str:
        """What a saved PDF opens with; empty when it is not locked."""
        if is_official(self.report()):
            return self.options.password_given()
        return self.password.text().strip() if self.whole.isChecked() else ""

    def reason_given(self) -> str | None:
        """What the paper is for, in the clerk's own words; None where he leaves what is proposed."""
        return self.purpose.said()

    def reveals(self) -> bool:
        """Whether everything stands on the paper: wished, and said what for."""
        return self.whole.isChecked() and self.reason_given() is not None

    def layout_said(self) -> str:
        """How the report is to lie on the paper; empty where there is but one way."""
        return self.layouts.currentData() or ""

    def month(self) -> str | None:
        return self.period.currentData()

    def said(self) -> dict[str, Any]:
        """What the clerk wrote instead of what the report proposes, as fields of an official document."""
        if not is_official(self.report()):
            return {}
        signature = self.signature.text().strip().replace("、", "\n")
        written = self.options.values(signature or self._organisation) | {"signature": signature}
        found = {name: value for name, value in written.items() if value not in (None, "", (), False)}
        if "title" in self._edited and self.heading.toPlainText().strip():
            found["title"] = self.heading.toPlainText().strip()
        if "number" in self._edited:
            found["number"] = self.number.text().strip() or None
        if "recipients" in self._edited:
            found["recipients"] = self.recipients.text().strip() or None
        if "day" in self._edited:
            value, problems = parse(Field("成文日期", Kind.DATE), self.day.text())
            self.wrong.setText(problems[0].message if problems else "")
            self.wrong.setVisible(bool(problems))
            if isinstance(value, date):
                found["day"] = value
        return found

    def show_issued(self, issued: Issued | None) -> None:
        """Fill the fields that the clerk has not written himself; show the checks."""
        if issued is None:
            return
        self._quiet = True
        if "title" not in self._edited:
            self.heading.setPlainText(issued.title)
        if "recipients" not in self._edited:
            self.recipients.setText(issued.recipients)
        if "day" not in self._edited:
            self.day.setText(chinese_date(issued.day))
        self._quiet = False
        self.checks.clear()
        for fine, words in issued.checks:
            sign, ink = ("circle-check", "ok") if fine else ("alert-triangle", "warn")
            self.checks.put(row(Picture(sign, ink, 16), (label(words, "fact", wrap=True), 1), gap=6))
