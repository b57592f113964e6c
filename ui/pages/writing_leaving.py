"""How a document leaves the page 拟稿: under a number of the register, as a file, to the printer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from gridoffice.errors import OfficeError
from gridoffice.leaving import Out, Paper, of_paper
from gridoffice.papers.drafts import Writing, draft, save_draft, send_out
from gridoffice.papers.register import next_of
from ui import dialogs
from ui.pages.print_panel import PrintPanel

if TYPE_CHECKING:
    from ui.pages.writing import WritingPage

KINDS = "PDF 文件 (*.pdf);;Word 文档 (*.docx);;OFD 版式文件，不用于电子签章 (*.ofd)"


class WritingLeaving(QObject):
    """Sends out, saves and prints what the page has open."""

    def __init__(self, page: WritingPage):
        super().__init__(page)
        self._page = page
        self._panel: PrintPanel | None = None

    def send_out(self, series: str) -> None:
        """Give the document its number, once somebody said so."""
        page = self._page
        if page.writing is None or not page.may_write:
            return

        def kept() -> None:
            assert page.shown is not None
            year = page.shown.day.year
            page.desk.read(page, lambda session: next_of(session, series, year), then=ask, topic="out")

        def ask(number: Any) -> None:
            title = page.shown.title if page.shown is not None else ""
            sure = dialogs.decide(
                page,
                f"登记为“{number}”？",
                f"《{title}》登记以后，正文和数字不再变，字号也不能收回，只能作废。",
                f"登记为 {number.serial} 号",
                "先不登记",
            )
            if sure and page.writing is not None and page.writing.id is not None:
                identity = page.writing.id
                page.desk.write(page, send_out, identity, series, then=lambda _: page.read_draft(identity))

        if not page.changed():
            kept()
            return

        def saved(done: Any) -> None:
            def reopened(one: Writing) -> None:
                page.show_saved(one)
                kept()

            page.desk.read(page, draft, done.result, then=reopened, topic="saved")

        page.desk.write(page, save_draft, page.meant(), then=saved)

    def save_as(self) -> None:
        """A file for others: PDF, Word or OFD, as its name ends."""
        page = self._page
        if page.writing is None or page.shown is None:
            return
        target = dialogs.save_file(page, "另存为文件", Path.home() / f"{page.shown.title}.pdf", KINDS)
        password = page.fields.options.password_given()
        if target is not None and password and target.suffix.lower() != ".pdf":
            page.desk.complain(OfficeError("只有 PDF 能加密码。存成 PDF，或者把密码清空。"))
        elif target is not None:
            said = f"已存为“{target.name}”。"
            page.desk.work(
                page,
                "ui.paper_jobs:save_writing",
                page.meant(),
                target,
                password,
                page.fields.purpose.said(),
                then=lambda _: page.desk.say(said, can_undo=False),
            )

    def print(self) -> None:
        """Every page goes to the printer panel, also of attachments that are shortened here."""
        page = self._page
        if self._panel is not None and page.side is self._panel:
            self._panel.print()
        elif page.writing is not None:
            reason = page.fields.purpose.said()
            page.desk.work(page, "ui.paper_jobs:whole", page.meant(), reason, then=self._print)

    def _print(self, made: Paper) -> None:
        from gridoffice.documents.render import pages

        page, pdf = self._page, made.content
        if self._panel is None:
            self._panel = PrintPanel(page.desk)
            self._panel.closed.connect(self.stop_printing)
        title = page.shown.title if page.shown is not None else page.title
        out = replace(of_paper(title, pages(pdf), reason=made.reason), how=Out.PRINT)
        self._panel.ask(out, pdf, page.view.page)
        page.set_side(self._panel, narrow="push")
        if page.shown is not None and pdf != page.shown.pdf:
            page.view.show_pdf(pdf, keep=True)  # what is printed is what is seen

    def stop_printing(self) -> None:
        """Back to the fields; also when the page was made anew, which the panel does not have."""
        page = self._page
        if self._panel is not None and page.side is self._panel:
            page.set_side(page.fields, narrow="push")
            page.editor.setFocus()
