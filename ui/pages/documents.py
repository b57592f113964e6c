"""公文: the month's notice as it will be printed, its fields at the side, checks before it is issued."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QVBoxLayout, QWidget

from gridoffice.assessment.month import months
from gridoffice.assessment.rules import in_words
from gridoffice.documents.model import chinese_date
from gridoffice.errors import OfficeError
from gridoffice.fields import Field, Kind
from gridoffice.ledgers import LEDGERS
from gridoffice.reports import REPORTS, Wish
from gridoffice.settings import ORGANISATION, setting
from gridoffice.values import parse
from ui import dialogs
from ui.jobs import Issued
from ui.pages.page import Page
from ui.theme import look
from ui.widgets.listing_table import Blank
from ui.widgets.parts import Box, Choice, Input, Picture, button, column, label, row, rule, scrolled, size
from ui.widgets.pdf_view import PdfView

if TYPE_CHECKING:
    from ui.main_window import MainWindow

FIELDS_WIDTH = 320
NOTICE = "assessment"


class DocumentsPage(Page):
    """Preview, fields, checks; save, print."""

    key, words, icon, title = "documents", "公文", "file-text", "公文"

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.issued: Issued | None = None
        self.pdf: bytes | None = None
        self._asked: tuple[Any, ...] | None = None
        self.put_head()
        self._share = label("整页", "fact")
        self._turn = label("", "fact")
        self.save_button = button(
            "另存为 PDF", "device-floppy", "primary", keys="Ctrl+S", on_click=self._save
        )
        self._tools = row(
            rule(vertical=True, length=20),
            button("", "zoom-out", "quiet", tip="缩小", on_click=lambda: self.view.zoom(-1)),
            self._share,
            button("", "zoom-in", "quiet", tip="放大", on_click=lambda: self.view.zoom(1)),
            button("整页", kind="quiet", tip="看整页", on_click=lambda: self.view.zoom(0)),
            None,
            button("", "chevron-left", "quiet", tip="上一页", on_click=lambda: self.view.turn(-1)),
            self._turn,
            button("", "chevron-right", "quiet", tip="下一页", on_click=lambda: self.view.turn(1)),
        )
        self._commands = (
            self.save_button,
            button("打印", "printer", keys="Ctrl+P", on_click=self._print),
            button("附表导出 Excel", "table-export", keys="Ctrl+E", on_click=self._export),
        )
        self._bar = self.put_bar(*self._commands, height=48)
        self._second_bar = self.put_bar(height=40)
        self._bar.box.addWidget(self._tools, 1)
        self._second_bar.hide()
        self.main.put(rule())
        self.view = PdfView(desk.runner)
        self.view.turned.connect(lambda page, count: self._turn.setText(f"第 {page + 1} / {count} 页"))
        self.view.zoomed.connect(self._share.setText)
        self.main.put((self.view, 1))
        self.blank = Blank(self.view)
        self.fields = _Fields(self._wanted)
        self.setFocusProxy(self.view)
        self.commands = {
            "save": self._save,
            "print": self._print,
            "export": self._export,
            "refresh": self._again,
        }

    def _arrange(self) -> None:
        """Zoom and pages go to a line of their own where one line is too short for all."""
        super()._arrange()
        if not hasattr(self, "_tools"):
            return
        need = sum(part.sizeHint().width() + look.px(8) for part in self._commands)
        own_line = self.main.width() < need + self._tools.sizeHint().width() + look.px(60)
        if own_line == self._second_bar.isHidden():
            (self._second_bar if own_line else self._bar).box.addWidget(self._tools, 1)
            self._second_bar.setVisible(own_line)

    def opened(self) -> None:
        self.set_side(self.fields, narrow="push")
        self.desk.read(
            self,
            lambda session: (months(session), setting(session, ORGANISATION, "")),
            then=self._months,
            topic="months",
        )

    def scope_changed(self) -> None:
        if self.desk.page is self:
            self._wanted()

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        self._asked = None
        if self.desk.page is self:
            self.opened()

    def arrive(self, where: Mapping[str, Any]) -> None:
        if "month" in where:
            self.fields.wish_month = where["month"]
        self.fields.choose(where.get("report", NOTICE))
        self.opened()

    def _months(self, said: tuple[list[tuple[str, Any]], str]) -> None:
        known, organisation = said
        self.fields.fill([period for period, _ in known], organisation)
        self._wanted()

    def _again(self) -> None:
        self._asked = None
        self._wanted()

    def _wanted(self) -> None:
        """Make the preview anew if anything it depends on changed."""
        if self.desk.page is not self:
            return
        report, month, said = self.fields.report(), self.fields.month(), self.fields.said()
        monthly = REPORTS[report].monthly
        if monthly and month is None:
            self._nothing("还没有月度考核，出不了这份公文。")
            return
        node = self.desk.scope.node
        whole = node is None or self.desk.scope.model.index(0, 0).internalPointer().node.id == node.id
        scope = None if whole else self.desk.scope_id
        asked = (report, month, scope, tuple(sorted(said.items())))
        if asked == self._asked:
            return
        self._asked = asked
        self.head_facts.setText(
            f"{REPORTS[report].title}·{in_words(month) if monthly and month else self.desk.scope_name}"
        )
        if report == NOTICE:
            self.desk.work(self, "ui.jobs:issue", month, scope, said, then=self._issued, wrong=self._not_made)
        else:
            self.desk.work(
                self,
                "gridoffice.reports:report_pdf",
                report,
                Wish(month=month, scope=self.desk.scope_id, day=self.desk.day),
                then=self._made,
                wrong=self._not_made,
            )

    def _issued(self, issued: Issued) -> None:
        self.issued = issued
        self.fields.show_issued(issued)
        self._show(issued.pdf, f"附件 {issued.annexes} 份")

    def _made(self, pdf: bytes) -> None:
        self.issued = None
        self.fields.show_issued(None)
        self._show(pdf, "A4 横排")

    def _show(self, pdf: bytes, second: str) -> None:
        self.pdf = pdf
        self.blank.hide()
        self.view.show_pdf(pdf)
        now = datetime.now()
        self.show_facts([second, f"数据取自 {now.month}月{now.day}日 {now:%H:%M}"])

    def _not_made(self, error: Exception) -> None:
        if isinstance(error, OfficeError):
            self._nothing(error.message)
        else:
            self.desk.complain(error)

    def _nothing(self, words: str) -> None:
        self.pdf = None
        self.view.show_pdf(None)
        self._turn.setText("")
        self.blank.setGeometry(self.view.rect())
        self.blank.say(
            words, [button("去考核", "clipboard-check", on_click=lambda: self.desk.go("assessment"))]
        )

    # out

    def _name(self) -> str:
        return self.issued.title if self.issued is not None else REPORTS[self.fields.report()].title

    def _save(self) -> None:
        if self.pdf is None:
            return
        target = dialogs.save_file(self, "另存为 PDF", Path.home() / f"{self._name()}.pdf", "PDF (*.pdf)")
        if target is not None:
            try:
                target.write_bytes(self.pdf)
            except OSError as error:
                self.desk.complain(
                    OfficeError(f"“{target.name}”存不下来：{error.strerror or error}。关掉打开它的程序再试。")
                )
                return
            self.desk.say(f"已存为“{target.name}”。", can_undo=False)

    def _print(self) -> None:
        if self.pdf is None:
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(self._name())
        if QPrintDialog(printer, self).exec():
            self.view.print_to(
                printer, lambda: self.desk.say(f"已送去打印“{self._name()}”。", can_undo=False)
            )

    def _export(self) -> None:
        month = self.fields.month()
        if month is None or not REPORTS[self.fields.report()].monthly:
            listing = next((one.listing for one in LEDGERS.values() if one.title == self._name()), None)
            if listing is None:
                return
            self._export_listing(listing)
            return
        target = dialogs.save_file(
            self, "附表导出", Path.home() / f"{in_words(month)}考核成绩单.xlsx", "Excel 文件 (*.xlsx)"
        )
        if target is not None:
            from gridoffice.listing import Ask

            self.desk.work(
                self,
                "ui.jobs:export_results",
                month,
                target,
                Ask(scope=self.desk.scope_id),
                then=lambda count: self.desk.say(f"已导出 {count} 人到“{target.name}”。", can_undo=False),
            )

    def _export_listing(self, listing: Any) -> None:
        from gridoffice.listing import Ask

        target = dialogs.save_file(self, "导出", Path.home() / f"{listing.title}.xlsx", "Excel 文件 (*.xlsx)")
        if target is not None:
            self.desk.work(
                self,
                "gridoffice.exports:export",
                listing,
                target,
                Ask(scope=self.desk.scope_id, day=self.desk.day),
                then=lambda count: self.desk.say(f"已导出 {count} 行到“{target.name}”。", can_undo=False),
            )


class _Fields(QWidget):
    """文件要素 and 出文前检查."""

    def __init__(self, wanted: Any):
        super().__init__()
        self.setObjectName("drawer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        size(self, FIELDS_WIDTH)
        self.wish_month: str | None = None
        self._quiet = False
        self._organisation = ""
        self._wanted = wanted
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
        self.day = Input("2026-07-03", name="成文日期")
        self.red = QCheckBox("印红头")
        self.wrong = label("", "error", wrap=True)
        self.wrong.hide()
        self.own = column(
            label("标题", "hint"),
            self.heading,
            label("发文字号", "hint"),
            self.number,
            label("主送", "hint"),
            self.recipients,
            label("成文日期", "hint"),
            self.day,
            self.wrong,
            self.red,
            gap=4,
        )
        self.month_box = column(label("月份", "hint"), self.period, gap=4)
        self.checks: Box = column(gap=6)
        self.check_box = column(rule(), label("出文前检查", "section"), self.checks, gap=8)
        inside = column(
            label("文件要素", "section"),
            label("文种", "hint"),
            self.kind,
            self.month_box,
            self.own,
            4,
            self.check_box,
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
        for line in (self.number, self.recipients, self.day):
            line.textEdited.connect(lambda _: self._pause.start())
        self.heading.textChanged.connect(lambda: None if self._quiet else self._pause.start())
        self.red.clicked.connect(lambda _: wanted())
        self._edited: set[str] = set()
        self.heading.textChanged.connect(lambda: None if self._quiet else self._edited.add("title"))
        self.number.textEdited.connect(lambda _: self._edited.add("number"))
        self.recipients.textEdited.connect(lambda _: self._edited.add("recipients"))
        self.day.textEdited.connect(lambda _: self._edited.add("day"))

    def sizeHint(self) -> QSize:
        return QSize(look.px(FIELDS_WIDTH), look.px(400))

    def _kind_changed(self) -> None:
        self._show_kind()
        self._wanted()

    def _show_kind(self) -> None:
        monthly = REPORTS[self.report()].monthly
        self.month_box.setVisible(monthly)
        self.own.setVisible(self.report() == NOTICE)
        self.check_box.setVisible(self.report() == NOTICE)

    def choose(self, report: str) -> None:
        """Another kind of document, without making it yet."""
        self.kind.setCurrentIndex(self.kind.findData(report))
        self._show_kind()

    def _clear_own(self) -> None:
        self._edited -= {"title", "day"}
        self._wanted()

    def fill(self, periods: list[str], organisation: str) -> None:
        self._organisation = organisation
        before = self.wish_month or self.period.currentData()
        self.wish_month = None
        self.period.fill([(period, in_words(period)) for period in periods])
        self.period.setCurrentIndex(max(0, self.period.findData(before)))
        self.month_box.setVisible(REPORTS[self.report()].monthly)

    def report(self) -> str:
        return self.kind.currentData()

    def month(self) -> str | None:
        return self.period.currentData()

    def said(self) -> dict[str, Any]:
        """What the clerk wrote instead of what the report proposes."""
        found: dict[str, Any] = {}
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
        if self.red.isChecked() and self._organisation:
            found["red_head"] = f"{self._organisation}文件"
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
