"""拟稿: a document begun from a template, its text at the left, the very page beside it; kept as a draft, sent
out under a number of the register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer

from db.enums import Right
from db.listening import Spot
from gridoffice.accounts.rules import may
from gridoffice.assessment.month import months
from gridoffice.both_changed import BothChanged
from gridoffice.errors import Cancelled, Conflict, OfficeError
from gridoffice.papers.drafts import Writing, begin, copy_draft, draft, save_draft
from gridoffice.papers.register import known_series, next_of
from gridoffice.papers.templates import Template, shipped, templates
from gridoffice.papers.together import met
from gridoffice.settings import ORGANISATION, setting
from ui.pages.page import Page
from ui.pages.paper_templates import PaperTemplates
from ui.pages.text_meeting import ask_both
from ui.pages.writing_fields import WritingFields
from ui.pages.writing_leaving import WritingLeaving
from ui.pages.writing_menus import WritingMenus
from ui.widgets.listing_table import Blank
from ui.widgets.paper_editor import PaperEditor
from ui.widgets.parts import Choice, button, column, label, row, rule
from ui.widgets.pdf_view import PdfView

if TYPE_CHECKING:
    from ui.main_window import MainWindow
    from ui.paper_jobs import Preview

LEVELS = ("正文", "一级标题", "二级标题", "三级标题", "四级标题")


class WritingPage(Page):
    """The editor, the page beside it, the fields."""

    key, words, icon, title = "writing", "拟稿", "edit", "拟稿"
    reached_from = "documents"
    scoped = False

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.writing: Writing | None = None
        self.kept: Writing | None = None
        """The writing as it was last kept; what differs from it would be lost."""
        self.shown: Preview | None = None
        self._job: Any = None
        self._months: list[tuple[str, str]] = []
        self._organisation = ""
        self._series: list[str] = []
        self.templates: Mapping[str, Template] = shipped()
        self.may_write = may(desk.office.who.role, Right.EDIT_PEOPLE)
        self.put_head()
        self.menus = WritingMenus(self)
        self.leaving = WritingLeaving(self)
        self.kept_templates = PaperTemplates(self)
        self.begin_button = button("新拟", "plus", on_click=lambda: self.menus.templates())
        self.save_button = button("保存草稿", "device-floppy", "primary", keys="Ctrl+S", on_click=self.save)
        self.file_button = button(
            "另存", "download", tip="另存为 PDF、Word 或 OFD 文件", on_click=self.leaving.save_as
        )
        self.print_button = button("打印", "printer", keys="Ctrl+P", on_click=self.leaving.print)
        self.copy_button = button("", "file-text", "quiet", tip="另存一份草稿", on_click=self._copy)
        self.template_button = button(
            "",
            "list-details",
            "quiet",
            tip="本办的模板：把这份存为模板，列出和删去",
            on_click=lambda: self.kept_templates.offer(self.template_button),
        )
        self.level = Choice(list(enumerate(LEVELS)), "这一行是")
        self.level.activated.connect(lambda _: self.editor.set_level(self.level.currentData()))
        self.number_button = button(
            "数字", "plus", "quiet", tip="插入本办的一个数，随资料变", on_click=lambda: self.menus.numbers()
        )
        self.figure_button = button(
            "图", "plus", "quiet", tip="插入一张图", on_click=lambda: self.menus.figures()
        )
        self.put_bar(
            self.save_button,
            self.begin_button,
            self.file_button,
            self.print_button,
            self.copy_button,
            self.template_button,
            None,
            height=48,
        )
        self.main.put(rule())
        self.editor = PaperEditor()
        self.view = PdfView(desk.runner, thumbs=False, fit_width=True)
        self.state = label("", "fact", elide=True)
        self.tools = row(
            self.level,
            self.number_button,
            self.figure_button,
            None,
            gap=4,
            margins=(8, 0, 8, 0),
            height=40,
        )
        self.turning = row(
            (self.state, 1),
            button("", "zoom-out", "quiet", tip="缩小", on_click=lambda: self.view.zoom(-1)),
            button("", "zoom-in", "quiet", tip="放大", on_click=lambda: self.view.zoom(1)),
            button("页宽", kind="quiet", tip="看整页的宽", on_click=lambda: self.view.zoom(0)),
            button("", "chevron-left", "quiet", tip="上一页", on_click=lambda: self.view.turn(-1)),
            button("", "chevron-right", "quiet", tip="下一页", on_click=lambda: self.view.turn(1)),
            gap=2,
            margins=(12, 0, 8, 0),
            height=40,
        )
        left = column(self.tools, rule(), (self.editor, 1), gap=0)
        right = column(self.turning, rule(), (self.view, 1), gap=0)
        self.body = row((left, 1), rule(vertical=True), (right, 1), gap=0)
        self.main.put((self.body, 1))
        self.nothing = column(gap=0)
        self.main.put((self.nothing, 1))
        self.blank = Blank(self.nothing)
        self.nothing.put((self.blank, 1))
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(lambda: self.fields)
        self._beat = QTimer(self)
        self._beat.setSingleShot(True)
        self._beat.setInterval(0)
        self._beat.timeout.connect(self._make)
        self.editor.edited.connect(self._beat.start)
        self.editor.cursorPositionChanged.connect(self._show_level)
        self.view.turned.connect(self._turned)
        self.setFocusProxy(self.editor)
        self.commands = {
            "save": self.save,
            "print": self.leaving.print,
            "new": lambda: self.menus.templates(),
            "close": self.leaving.stop_printing,
            "refresh": self._make,
        }
        self._arrange_parts()

    @cached_property
    def fields(self) -> WritingFields:
        """The fields at the side: made in a turn of the window after the page, or when something is opened."""
        made = WritingFields(self._ask_next)
        made.edited.connect(self._beat.start)
        made.numbered.connect(self.leaving.send_out)
        made.know(self._months, self._organisation, self._series)
        return made

    # what is open

    def opened(self) -> None:
        self.desk.read(
            self,
            lambda session: (
                [(line.address, line.words) for line in months(session)],
                setting(session, ORGANISATION, ""),
                known_series(session),
                templates(session),
            ),
            then=self._known,
            topic="known",
        )

    def _known(self, known: tuple[list[tuple[str, str]], str, list[str], Mapping[str, Template]]) -> None:
        self._months, self._organisation, self._series, self.templates = known
        if "fields" in self.__dict__:
            self.fields.know(self._months, self._organisation, self._series)
        else:
            self._rest.start()
        self._make()

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        if self.desk.page is self and changes.keys() - {"draft"}:
            self.opened()

    def arrive(self, where: Mapping[str, Any]) -> None:
        if "draft" in where:
            self.leave_safely(lambda: self.read_draft(where["draft"]))
        elif "template" in where:
            self.leave_safely(lambda: self.begin(where["template"], where.get("month"), where.get("scope")))

    def leave_safely(self, then: Any) -> None:
        """Keep what was written before something else is opened."""
        if self.writing is not None and self.changed() and self.may_write:
            self.save(then)
        else:
            then()

    def begin(self, key: str, month: str | None = None, scope: int | None = None) -> None:
        """A new document of a template."""
        one = self.templates.get(key)
        if month is None and one is not None and one.monthly:
            month = self._months[0][0] if self._months else None
        self.desk.read(self, begin, key, month, scope, then=self._open, topic="open")

    def read_draft(self, number: int) -> None:
        self.desk.read(self, draft, number, then=lambda one: self._open(one, kept=True), topic="open")

    def _open(self, writing: Writing, kept: bool = False) -> None:
        self.writing, self.kept = writing, writing if kept else None
        self.tell_spot()
        self.shown = None
        self.view.show_pdf(None)
        one = self.templates.get(writing.template)
        self.fields.show_writing(writing, one.title if one is not None else writing.template)
        self.editor.set_text(writing.text, {})
        self._arrange_parts()
        self._make()
        self.editor.setFocus()

    def changed(self) -> bool:
        """Whether something was written that is not kept."""
        return self.writing is not None and self.meant() != self.kept and self.writing.number is None

    def meant(self) -> Writing:
        """The writing with what stands in the editor and the fields."""
        assert self.writing is not None
        if self.writing.number is not None:
            return self.writing
        return self.fields.changed(replace(self.writing, text=self.editor.text()))

    def _arrange_parts(self) -> None:
        """Nothing open: what can be begun; what went out is only read."""
        one = self.writing
        out = one is not None and one.number is not None
        self.body.setVisible(one is not None)
        self.nothing.setVisible(one is None)
        for part in (self.save_button, self.file_button, self.print_button, self.copy_button):
            part.setVisible(one is not None)
        self.save_button.setEnabled(self.may_write and not out)
        self.copy_button.setVisible(one is not None and one.id is not None)
        self.copy_button.setEnabled(self.may_write)
        self.tools.setEnabled(not out and self.may_write)
        self.editor.setReadOnly(out or not self.may_write)
        if one is None:
            self.blank.say(
                "选一个模板开始写，数字自动填好；或者打开以前的草稿。",
                [
                    button("新拟", "plus", on_click=lambda: self.menus.templates()),
                    button("看草稿", "list-details", on_click=lambda: self.desk.go("drafts")),
                ],
            )
            self.head_facts.setText("")
        else:
            self.blank.hide()
        self.set_side(self.fields if one is not None else None, narrow="push")

    # the page beside the text

    def _make(self) -> None:
        """Make the page anew from what stands there now."""
        if self.writing is None or self.desk.page is not self:
            return
        if self._job is not None and not self._job.settled:
            self._job.cancel()
        meant = self.meant()
        self._say_state()
        self._job = self.desk.work(
            self,
            "ui.paper_jobs:preview",
            meant,
            self.fields.purpose.said(),
            then=self._made,
            wrong=self._not_made,
        )

    def _made(self, shown: Preview) -> None:
        if self.writing is None:
            return
        first = self.shown is None
        self.shown = shown
        self.editor.update_facts(shown.facts)
        self.fields.heading.update_facts(shown.facts)
        self.fields.propose(shown.day)
        self.fields.purpose.propose(shown.reason)
        self.fields.show_checks(shown.checks)
        self.view.show_pdf(shown.pdf, keep=not first)
        self.leaving.stop_printing()
        self._say_state()
        long = [f"“{title}”有 {rows} 行，这里只排开头，打印和存盘时全排" for title, rows in shown.shortened]
        self.show_facts([fact for fact in (f"附件{long[0]}" if long else "", shown.stand_ins) if fact])

    def _not_made(self, error: Exception) -> None:
        if isinstance(error, Cancelled):
            return
        if isinstance(error, OfficeError):
            self.fields.show_checks([(False, error.message)])
        else:
            self.desk.complain(error)

    def _say_state(self) -> None:
        if self.writing is None:
            return
        title = self.shown.title if self.shown is not None else self.writing.title.replace("\n", "")
        state = self.writing.number or ("没保存" if self.changed() else "草稿已保存")
        self.head_facts.setText(f"{title}·{state}")

    def _turned(self, page: int, count: int) -> None:
        self.state.setText(f"{page + 1} / {count} 页")

    def _show_level(self) -> None:
        level = self.editor.level()
        self.level.setCurrentIndex(level)

    # keeping

    def save(self, then: Any = None) -> None:
        """Keep the draft."""
        if self.writing is None or not self.may_write or self.writing.number is not None:
            return
        self._keep(self.meant(), then)

    @property
    def spot(self) -> Spot | None:
        draft = self.writing
        return super().spot or (Spot("draft", draft.id, self.may_write) if draft and draft.id else None)

    def _keep(self, meant: Writing, then: Any = None) -> None:
        """Write it; what somebody else wrote meanwhile is read and put together with it."""
        kept, whole = self.kept, self.meant()

        def saved(done: Any) -> None:
            number = done.result
            if then is not None:
                then()
            elif meant != whole:
                self.read_draft(number)  # not all of it was typed here
            else:
                self.desk.read(self, draft, number, then=self.show_saved, topic="saved")

        def wrong(error: Exception) -> None:
            if isinstance(error, Conflict) and kept is not None and meant.id is not None:
                self.desk.read(self, draft, meant.id, then=meet, topic="meet")
            else:
                self.desk.complain(error)

        def meet(now: Writing) -> None:
            assert kept is not None
            try:
                self._keep(met(kept, meant, now), then)
            except BothChanged as error:
                rest = met(kept, replace(meant, text=kept.text), now)
                settle = lambda text, _: self._settled(replace(rest, text=text), then)  # noqa: E731
                ask_both(self, error, settle, self.fields)

        self.desk.write(self, save_draft, meant, then=saved, wrong=wrong)

    def _settled(self, chosen: Writing, then: Any) -> None:
        self.set_side(self.fields, narrow="push")
        self._keep(chosen, then)

    def show_saved(self, kept: Writing) -> None:
        self.writing = self.kept = kept
        self._arrange_parts()
        self._say_state()

    def _copy(self) -> None:
        if self.writing is not None and self.writing.id is not None:
            self.desk.write(self, copy_draft, self.writing.id, then=lambda done: self.read_draft(done.result))

    def _ask_next(self, series: str, year: int) -> None:
        self.desk.read(
            self,
            next_of,
            series,
            year,
            then=lambda number: self.fields.show_next(str(number)),
            topic="next",
        )
