"""公文: the month's notice as it will be printed, its fields at the side, checks before it is issued."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.enums import Right
from gridoffice.accounts.rules import may
from gridoffice.assessment.month import MonthLine, months
from gridoffice.assessment.rules import in_words
from gridoffice.errors import OfficeError
from gridoffice.listing import Ask
from gridoffice.reports import REPORTS, Wish
from gridoffice.settings import ORGANISATION, setting
from ui import dialogs
from ui.exporting import Way, export_whole
from ui.jobs import Issued
from ui.pages.document_fields import NOTICE, DocumentFields
from ui.pages.page import Page
from ui.pages.print_panel import PrintPanel
from ui.printing import Order, PrintQueue, State
from ui.theme import look
from ui.widgets.listing_table import Blank
from ui.widgets.parts import button, rule
from ui.widgets.pdf_bar import PdfBar
from ui.widgets.pdf_view import PdfView

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class DocumentsPage(Page):
    """Preview, fields, checks; save, print."""

    key, words, icon, title = "documents", "公文", "file-text", "公文"

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.issued: Issued | None = None
        self.pdf: bytes | None = None
        self._asked: tuple[Any, ...] | None = None
        self._of: dict[str, Any] = {}
        """What the document is of (a person, a training, some posts), where it is of one."""
        self.put_head()
        self.save_button = button(
            "另存为 PDF", "device-floppy", "primary", keys="Ctrl+S", on_click=self._save
        )
        self.view = PdfView(desk.runner)
        self._tools = PdfBar(self.view)
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
        self.main.put((self.view, 1))
        self.blank = Blank(self.view)
        self.fields = DocumentFields(self._wanted, may(desk.office.who.role, Right.REVEAL))
        self.fields.kind.activated.connect(lambda _: self._of_nobody())
        self.printing: PrintPanel | None = None
        PrintQueue.of(desk).finished.connect(self._printed)
        self.setFocusProxy(self.view)
        self.commands = {
            "find": self._tools.begin_search,
            "close": self._no_printing,
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
        self._of = {name: where[name] for name in ("person", "training", "posts") if name in where}
        self.fields.choose(where.get("report", NOTICE), where.get("layout", ""))
        self.opened()

    def _months(self, said: tuple[list[MonthLine], str]) -> None:
        known, organisation = said
        self.fields.fill(known, organisation)
        self._wanted()

    def _of_nobody(self) -> None:
        """Another kind was chosen by hand: it is not that person's or training's any more."""
        if self._of:
            self._of = {}
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
        reason = self.fields.reason_given()
        of = {**self._of, "layout": self.fields.layout_said(), "reveal": reason is not None, "reason": reason}
        asked = (report, month, scope, tuple(sorted(of.items())), tuple(sorted(said.items())))
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
                Wish(month=month, scope=self.desk.scope_id, day=self.desk.day, **of),
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
        self._show(pdf, REPORTS[self.fields.report()].paper)

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
        self.blank.setGeometry(self.view.rect())
        if REPORTS[self.fields.report()].monthly:
            onward = button("去考核", "clipboard-check", on_click=lambda: self.desk.go("assessment"))
        elif REPORTS[self.fields.report()].of is not None:
            onward = button("去培训", "school", on_click=lambda: self.desk.go("trainings"))
        else:
            onward = button("去网格台账", "sitemap", on_click=lambda: self.desk.go("grids"))
        self.blank.say(words, [onward])

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
        if self.pdf is None or not self.view.count:
            return
        if self.printing is not None and self.side is self.printing:
            self.printing.print()
            return
        if self.printing is None:
            self.printing = PrintPanel(self.desk)
            self.printing.closed.connect(self._no_printing)
        self.printing.ask(self._name(), self.pdf, self.view.count, self.view.page)
        self.set_side(self.printing, narrow="push")
        self.printing.printer.setFocus()

    def _no_printing(self) -> None:
        if self.printing is not None and self.side is self.printing:
            self.set_side(self.fields, narrow="push")
            self.view.setFocus()

    def _printed(self, order: Order) -> None:
        if order.state is State.DONE:
            self.desk.say(f"已送去打印“{order.name}”。", can_undo=False)
        elif order.state is State.FAILED:
            self.desk.complain(OfficeError(order.why))

    def _export(self) -> None:
        report, month, scope = REPORTS[self.fields.report()], self.fields.month(), self.desk.scope_id
        reason = self.fields.reason_given()
        wish = Wish(scope=scope, day=self.desk.day, reveal=reason is not None, reason=reason, **self._of)
        if month is not None and report.monthly:
            title = f"{in_words(month)}考核成绩单"
            way = Way("ui.export_jobs:export_month", (month, False), title, title)
            export_whole(self.desk, self, way, "人", Ask(scope=scope))
        elif report.listing is not None or (report.book is not None and self._of):
            way = Way("gridoffice.reports:report_book", (report.key, wish), report.title, report.title)
            unit = report.listing(wish).unit if report.listing is not None else "行"
            export_whole(self.desk, self, way, unit)
        else:
            self.desk.say(f"{report.title}没有附表。", can_undo=False)
