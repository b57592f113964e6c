"""公文: the month's notice as it will be printed, its fields at the side, checks before it is issued."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

import resources
from db.enums import Right
from gridoffice.accounts.rules import may
from gridoffice.assessment.month import MonthLine, months
from gridoffice.errors import Cancelled, OfficeError
from gridoffice.leaving import Leaving, Out, Paper, of_paper
from gridoffice.listing import Ask
from gridoffice.progress import PagesMade, Step
from gridoffice.reports import REPORTS, Wish
from gridoffice.settings import ORGANISATION, setting
from ui import dialogs
from ui.exporting import Way, export_whole
from ui.pages.document_fields import NOTICE, DocumentFields, is_official
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
    from ui.paper_jobs import Issued

PDF, WORD, OFD = "PDF 文件 (*.pdf)", "Word 文档 (*.docx)", "OFD 版式文件，不用于电子签章 (*.ofd)"
WRITTEN = {NOTICE: "assessment", "quarter": "quarter", "staffing-notice": "staffing"} | {
    "redivision": "redivision",
    "yearbook": "yearbook",
}
"""Reports whose text can be changed, and the template that each is begun from."""


class DocumentsPage(Page):
    """Preview, fields, checks; save, print."""

    key, words, icon, title = "documents", "公文", "file-text", "公文"
    tab = "打印和预览"

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.issued: Issued | None = None
        self.pdf: bytes | None = None
        self._asked: tuple[Any, ...] | None = None
        self._job: Any = None
        self._partly = False
        """Whether what is shown is the beginning of what is being made."""
        self._reason: str | None = None
        """What the pages on screen say they are for; None where they tell of nobody."""
        self._of: dict[str, Any] = {}
        """What the document is of (a person, a training, some posts), where it is of one."""
        self._sent: Mapping[str, Any] = {}
        """What another page sent the clerk here for."""
        self.put_head()
        self.save_button = button(
            "另存为文件", "device-floppy", "primary", keys="Ctrl+S", on_click=self._save
        )
        self.view = PdfView(desk.runner)
        self._tools = PdfBar(self.view)
        self.write_button = button("改正文", "edit", on_click=self._write)
        self._commands = (
            self.save_button,
            self.write_button,
            button("打印", "printer", keys="Ctrl+P", on_click=self._print),
            button("附表导出 Excel", "table-export", keys="Ctrl+E", on_click=self._export),
        )
        self._filler = QWidget()
        self._bar = self.put_bar(*self._commands, (self._filler, 1), height=48)
        self._second_bar = self.put_bar(height=40)
        self._bar.box.addWidget(self._tools, 1)
        self._second_bar.hide()
        self._filler.hide()
        self.main.put(rule())
        self.main.put((self.view, 1))
        self.blank = Blank(self.view)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._make_rest)
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

    @cached_property
    def fields(self) -> DocumentFields:
        """The fields at the side."""
        made = DocumentFields(self._wanted, may(self.desk.office.who.role, Right.REVEAL))
        made.kind.activated.connect(lambda _: self._of_nobody())
        return made

    def _make_rest(self) -> None:
        """The page, its fields and what they show come in three turns of the window: together they would hold
        it up."""
        if "fields" in self.__dict__:
            self.opened()
        else:
            self.fields.hide()
            self._rest.start()

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
            self._filler.setVisible(own_line)

    def opened(self) -> None:
        if "fields" not in self.__dict__:
            self._rest.start()
            return
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
        self._sent = {"report": NOTICE, "layout": "", **where}
        self.opened()

    def _months(self, said: tuple[list[MonthLine], str]) -> None:
        known, organisation = said
        sent, self._sent = self._sent, {}
        if sent:
            self._of = {name: sent[name] for name in ("person", "training", "posts") if name in sent}
            self.fields.wish_month = sent.get("month", self.fields.wish_month)
            self.fields.choose(sent["report"], sent["layout"])
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
        wish = self._wish()
        asked = (report, wish, tuple(sorted(said.items())))
        if asked == self._asked:
            return
        self._asked = asked
        self.head_facts.setText(
            f"{REPORTS[report].title}·{self.fields.period.currentText() if monthly and month else self.desk.scope_name}"
        )
        self.write_button.setVisible(report in WRITTEN)
        if self._job is not None and not self._job.settled:
            self._job.cancel()
        self._partly = False
        if is_official(report):
            function, args = "ui.paper_jobs:issue", (report, wish, said)
            then: Callable[[Any], None] = self._issued
        else:
            function, args, then = "ui.paper_jobs:show_report", (report, wish), self._made
        self._job = self.desk.work(
            self, function, *args, then=then, wrong=self._not_made, step=self._first_pages
        )

    def _first_pages(self, step: Step) -> None:
        """The first pages are there while the rest is still being made."""
        if isinstance(step, PagesMade):
            self.blank.hide()
            self.view.show_pdf(step.pdf, keep=self._partly)
            self._partly = True
            self._tools.making(True)

    def _issued(self, issued: Issued) -> None:
        self.issued = issued
        self.fields.show_issued(issued)
        self._show(issued.pdf, issued.reason, f"附件 {issued.annexes} 份")

    def _made(self, made: Paper) -> None:
        self.issued = None
        self.fields.show_issued(None)
        self._show(made.content, made.reason, REPORTS[self.fields.report()].paper)

    def _show(self, pdf: bytes, reason: str | None, second: str) -> None:
        self._reason = reason
        self.fields.purpose.propose(reason)
        self.pdf = pdf
        self.blank.hide()
        self.view.show_pdf(pdf, keep=self._partly)
        self._partly = False
        self._tools.making(False)
        now = datetime.now()
        facts = [second, f"数据取自 {now.month}月{now.day}日 {now:%H:%M}"]
        self.show_facts(facts)
        self.desk.runner.ask(
            self,
            _stand_ins,
            pdf,
            on_done=lambda said: self.show_facts([*facts, said]) if said and self.pdf is pdf else None,
            topic="stand-ins",
        )

    def _not_made(self, error: Exception) -> None:
        if isinstance(error, Cancelled):
            return
        self._tools.making(False)
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
        self.blank.say(words, [onward, button("看样张", "eye", on_click=self._show_sample)])

    def _show_sample(self) -> None:
        """What the paper looks like, of a made-up office."""
        report = REPORTS[self.fields.report()]
        self.blank.hide()
        self.view.show_picture(QPixmap(str(resources.path("help", "reports", f"{report.key}.png"))))
        self.show_facts([f"{report.title}样张，数据是编的"])

    # out

    def _name(self) -> str:
        return self.issued.title if self.issued is not None else REPORTS[self.fields.report()].title

    def _wish(self) -> Wish:
        """What the preview shows."""
        official = is_official(self.fields.report())
        return Wish(
            month=self.fields.month() if REPORTS[self.fields.report()].monthly else None,
            scope=self._scope() if official else self.desk.scope_id,
            day=self.desk.day,
            layout=self.fields.layout_said(),
            reveal=self.fields.reveals(),
            reason=self.fields.reason_given(),
            **self._of,
        )

    def _save(self) -> None:
        """The pages on screen as PDF; made anew as OFD, and as Word where it is an official document."""
        if self.pdf is None:
            return
        report = REPORTS[self.fields.report()]
        official = report.document is not None
        kinds = [PDF, *([WORD] if official else []), OFD]
        target = dialogs.save_file(self, "另存为文件", Path.home() / f"{self._name()}.pdf", ";;".join(kinds))
        if target is None:
            return
        said = f"已存为“{target.name}”。"
        password = self.fields.password_given()
        if password and target.suffix.lower() != ".pdf":
            self.desk.complain(OfficeError("只有 PDF 能加密码。存成 PDF，或者把密码清空。"))
            return
        if target.suffix.lower() != ".pdf":
            wish = replace(self._wish(), reason=self._reason)
            args: tuple[Any, ...] = ("ui.paper_jobs:save_report", report.key, wish, target)
            if official:
                args = ("ui.paper_jobs:save_official", report.key, wish, self.fields.said(), target)
            self.desk.work(self, *args, then=lambda _: self.desk.say(said, can_undo=False))
            return
        out = replace(self._leaving(), how=Out.SAVE)
        self.desk.work(
            self,
            "ui.paper_jobs:save_pages",
            self.pdf,
            out,
            password,
            target,
            then=lambda _: self.desk.say(said, can_undo=False),
        )

    def _leaving(self) -> Leaving:
        """What the journal is to say of the pages on screen."""
        whole = self.fields.reveals()
        out = of_paper(self._name(), self.view.count, reveal=whole, reason=self._reason)
        return replace(out, how=Out.PRINT)

    def _scope(self) -> int | None:
        """The grid below which the document is; None for the whole office."""
        node = self.desk.scope.node
        whole = node is None or self.desk.scope.model.index(0, 0).internalPointer().node.id == node.id
        return None if whole else self.desk.scope_id

    def _write(self) -> None:
        """Go on in the editor, with the same month and place."""
        month = self.fields.month() if REPORTS[self.fields.report()].monthly else None
        key = WRITTEN[self.fields.report()]
        self.desk.go("writing", template=key, month=month, scope=self._scope())

    def _print(self) -> None:
        if self.pdf is None or not self.view.count:
            return
        if self.printing is not None and self.side is self.printing:
            self.printing.print()
            return
        if self.printing is None:
            self.printing = PrintPanel(self.desk)
            self.printing.closed.connect(self._no_printing)
        self.printing.ask(self._leaving(), self.pdf, self.view.page)
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
        whole, reason = self.fields.reveals(), self.fields.reason_given()
        wish = Wish(scope=scope, day=self.desk.day, reveal=whole, reason=reason, **self._of)
        if month is not None and report.monthly and report.book is not None:
            wish = replace(wish, month=month)
            way = Way("gridoffice.reports:report_book", (report.key, wish), report.title, report.title)
            export_whole(self.desk, self, way, "行")
        elif month is not None and report.monthly:
            title = f"{self.fields.period.currentText()}考核成绩单"
            way = Way("ui.export_jobs:export_month", (month, False), title, title)
            export_whole(self.desk, self, way, "人", Ask(scope=scope), reason=reason)
        elif report.listing is not None or (report.book is not None and self._of):
            way = Way("gridoffice.reports:report_book", (report.key, wish), report.title, report.title)
            unit = report.listing(wish).unit if report.listing is not None else "行"
            export_whole(self.desk, self, way, unit)
        else:
            self.desk.say(f"{report.title}没有附表。", can_undo=False)


def _stand_ins(pdf: bytes) -> str:
    """Which typefaces of a paper are stood in for. It looks through all of it, so it is asked in the thread."""
    from gridoffice.documents.fonts import stand_ins  # with its compiled modules: not before a paper

    return stand_ins(pdf)
