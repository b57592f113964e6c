"""导入导出: a file is read, every row is shown with what would become of it, then all is written.

The page leads through four steps and holds where it stands; the panels of the steps are `import_start`,
`import_head` and `import_review`, the talk with the worker process is `ui.reviewing`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from gridoffice.errors import BadSheet, Cancelled
from gridoffice.ledgers import LEDGERS
from gridoffice.review import Reviewed
from gridoffice.spreadsheet.guide import Guide
from ui.pages.import_after import AfterReview
from ui.pages.import_files import FilesPage
from ui.pages.import_foot import written_in_words
from ui.pages.import_head import HeadPanel, RefusedPanel
from ui.pages.import_review import ReviewPanel
from ui.pages.import_start import StartPanel
from ui.pages.import_steps import Stage, name_of, steps
from ui.pages.page import COVERS_BELOW
from ui.review_jobs import Tops
from ui.reviewing import FileUnderReview
from ui.theme import look
from ui.widgets.parts import Label, button
from ui.widgets.stepper import Stepper
from ui.widgets.work_line import WorkLine

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class ImportPage(FilesPage):
    """In and out of Excel."""

    key, words, icon, title = "import", "导入导出", "arrows-exchange", "导入导出"
    scoped = False

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.stage = Stage.START
        self.file = FileUnderReview(
            desk.runner, str(desk.office.store.address), desk.office.who.name, parent=self
        )
        self._outdated = False
        self.after = AfterReview(desk, self.file)
        self.beside = button("合并规则", "layout-sidebar-left-expand", on_click=self._show_beside)
        self.another = button("换文件", "refresh", keys="Ctrl+O", on_click=self.choose)
        self._title = self.put_head(self.beside, self.another).findChildren(Label)[0]
        self.stepper = Stepper()
        self.stepper.picked.connect(self._step_picked)
        self.put_bar(self.stepper, height=48)
        self.work = WorkLine()
        self.work.cancelled.connect(self.file.cancel)
        self.main.put(self.work)
        self.start = StartPanel(desk, self.choose, self.paste)
        self.start.undo_wanted.connect(self.after.take_back)
        self.main.put((self.start, 1))
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(50)
        self._rest.timeout.connect(self._make_rest)
        self._connect()
        self.commands = {
            "import": self.choose,
            "find": self._find,
            "edit": lambda: self.review.typing.begin(),
            "next": lambda: self._trouble(1),
            "previous": lambda: self._trouble(-1),
            "close": self._close,
            "save": self._save,
        }
        self.restart()

    # the panels of later steps: made when they are first wanted, or while the clerk looks for a file

    @cached_property
    def refused(self) -> RefusedPanel:
        """What is said of a file that cannot be read."""
        made = RefusedPanel(self.choose, self._to_head, self._read_as, self.restart)
        self.main.put((made, 1))
        made.hide()
        return made

    @cached_property
    def head(self) -> HeadPanel:
        """Which columns the file has."""
        made = HeadPanel()
        made.looked.connect(self._look_again)
        made.left.connect(self._leave_head)
        made.read_so.connect(self._read_so)
        self.main.put((made, 1))
        made.hide()
        return made

    @cached_property
    def review(self) -> ReviewPanel:
        """The rows, and what would become of them."""
        made = ReviewPanel(self.file, lambda words: self.desk.say(words, can_undo=False), self.desk)
        made.foot.write_wanted.connect(self.write)
        made.foot.receipt_wanted.connect(self.after.receipt)
        made.foot.closed.connect(self.restart)
        made.foot.undo_wanted.connect(self.after.undo)
        made.foot.go_wanted.connect(self.desk.go)
        made.changed.connect(self._show_place)
        made.side.closed.connect(self._show_beside)
        self.main.put((made, 1))
        made.hide()
        return made

    def _made(self, name: str) -> Any | None:
        return self.__dict__.get(name)

    def _make_rest(self) -> None:
        """One panel a turn of the window."""
        for name in ("review", "head", "refused"):
            if self._made(name) is None:
                getattr(self, name)
                self._rest.start()
                return

    def _connect(self) -> None:
        self.file.reviewed.connect(self._reviewed)
        self.file.refused.connect(self._refuse)
        self.file.failed.connect(self._failed)
        self.file.stepped.connect(self.work.show_step)
        self.file.interrupted.connect(
            lambda: self.desk.say("写到一半断了，没写完的都退回了。看过再写。", can_undo=False)
        )

    # where the page stands

    def _stand(self, stage: Stage) -> None:
        self.stage = stage
        at_rows = stage in (Stage.REVIEW, Stage.WRITTEN)
        for name, stages in (
            ("start", (Stage.START,)),
            ("refused", (Stage.REFUSED,)),
            ("head", (Stage.HEAD,)),
            ("review", (Stage.REVIEW, Stage.WRITTEN)),
        ):
            part = getattr(self, name) if stage in stages else self._made(name)
            if part is not None:
                part.setVisible(stage in stages)
        self.another.setVisible(at_rows or stage is Stage.HEAD)
        self.foot = self.review.foot if at_rows else self.head.foot if stage is Stage.HEAD else None
        self.set_side(self.review.side if stage is Stage.REVIEW else None, narrow="hide")
        titles = {Stage.START: self.title, Stage.HEAD: "认表头", Stage.WRITTEN: "导入完成"}
        self._title.setText(titles.get(stage, "导入核对"))
        self._show_steps()
        self._show_place()
        first: dict[Stage, Callable[[], QWidget]] = {
            Stage.START: lambda: self.start.ledger,
            Stage.HEAD: lambda: self.head,
            Stage.REFUSED: lambda: self.refused,
        }
        self.setFocusProxy(first.get(stage, lambda: self.review.table)())

    def restart(self) -> None:
        """Back to the beginning; nothing of the file is kept."""
        self.file.close()
        if (review := self._made("review")) is not None:
            review.let_go()
        self.head_facts.setText("Excel 进，Excel 出")
        self._stand(Stage.START)
        if self.desk.page is self:
            self.setFocus()

    def _close(self) -> None:
        """Esc: stop what runs, else one step back."""
        if self.work.isVisible():
            self.file.cancel()
        elif self.stage is Stage.HEAD:
            self._leave_head()
        elif self.review.search.text():
            self.review.search.clear()
        elif self.side is not None and self._narrow == "over":
            self.set_side(self.review.side, narrow="hide")

    def _show_beside(self) -> None:
        shown = self.side is not None and self.side.isVisible()
        self.set_side(self.review.side, narrow="hide" if shown else "over")
        self.rearranged.emit()

    def _arrange(self) -> None:
        super()._arrange()
        narrow = self.desk.width() < look.px(COVERS_BELOW)
        self.beside.setVisible(narrow and self.side is not None)
        if (review := self._made("review")) is not None:
            review.side.cross.setVisible(narrow)

    def _show_steps(self) -> None:
        self.stepper.show_steps(steps(self.stage, self.file.now, name_of(self.file.source)))

    def _step_picked(self, place: int) -> None:
        """A finished step is a way back; a later one says what is still needed."""
        if self.stage is Stage.START:
            if place:
                self.desk.say("先选一份文件。", can_undo=False)
        elif place == 0:
            self.restart()
        elif place == 1 and self.stage in (Stage.REVIEW, Stage.REFUSED):
            self._to_head()
        elif place == 2 and self.stage is Stage.HEAD:
            self._leave_head()
        elif place == 3 and self.stage is Stage.REVIEW:
            main = self.review.foot.main_button()
            if main is not None:
                main.setFocus()

    def _show_place(self) -> None:
        self.show_facts(self.review.facts() if self.stage in (Stage.REVIEW, Stage.WRITTEN) else [])

    # what other pages and the window tell

    def opened(self) -> None:
        self.start.ask_months(self)
        self.start.ask_files(self)
        if self.stage is Stage.START:
            self.file.get_ready()
            self._rest.start()
        if self._outdated:
            self._plan_anew()

    def arrive(self, where: Mapping[str, Any]) -> None:
        if "ledger" in where:
            self.restart()
        self.start.pick(where.get("ledger"), where.get("month"))
        if "file" in where:
            self.take(Path(where["file"]))

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        """The office changed: what the file would do to it is looked at again."""
        self.start.ask_files(self)
        if self.stage is Stage.WRITTEN:
            self.after.ask_whether_undone(lambda: self.stage is Stage.WRITTEN)
        elif self.stage is Stage.REVIEW:
            self._outdated = True
            if self.desk.page is self:
                self._plan_anew()

    def _plan_anew(self) -> None:
        self._outdated = False
        if self.stage is Stage.REVIEW and not self.file.writing:
            self.file.again(self.file.options)

    # taking a file

    @property
    def pastes(self) -> bool:
        return self.stage in (Stage.START, Stage.REFUSED)

    def take(self, source: Path | str) -> None:
        """Read a file, or text from the clipboard, and show what taking it in would do."""
        self.review.let_go()
        self.desk.show_standing()
        self.head_facts.setText(f"正在读“{name_of(source)}”")
        self._outdated = False
        self.file.open(self.start.key, source, self.start.options())
        if self.stage is not Stage.START:
            self._stand(Stage.READING)

    def _read_as(self, key: str) -> None:
        """The same file as another ledger."""
        self.start.pick(key)
        self.take(self.file.source)

    def _reviewed(self, found: Reviewed) -> None:
        skipped = sum(sum(one.skipped.values()) for one in found.sheets)
        sheets = f"·{len(found.sheets)} 张表" if len(found.sheets) > 1 else ""
        left_out = f"·{len(found.left_out)} 张没读" if found.left_out else ""
        over = f"，跳过 {skipped} 行空行和合计" if skipped else ""
        self.head_facts.setText(f"{found.name}·{found.title}·共 {found.total} 行{over}{sheets}{left_out}")
        self.review.show_reviewed(found)
        waiting = self.review.side.questions.waiting()
        self.beside.say(f"要你定的 {waiting}" if waiting else "合并规则")
        was = self.stage
        self._stand(Stage.WRITTEN if found.written else Stage.REVIEW)
        if was is not self.stage and self.desk.page is self:
            self.review.table.setFocus()

    def _refuse(self, error: Exception) -> None:
        """The file cannot be read as this ledger: said here, with what can be done about it."""
        if isinstance(error, Cancelled):
            self.restart()
            self.desk.complain(error)
            return
        if not isinstance(error, BadSheet):
            self.restart()
            self.desk.complain(error)
            return
        self._show_refusal(error, None)
        self.file.tops(
            self.file.options,
            lambda tops: self._show_refusal(error, tops),
            lambda _: self._show_refusal(error, None),
        )

    def _show_refusal(self, error: Exception, tops: Tops | None) -> None:
        name = name_of(self.file.source)
        self.head_facts.setText(name)
        self.refused.show_error(error, name, LEDGERS[self.file.key].title, tops)
        self._stand(Stage.REFUSED)

    def _failed(self, error: Exception) -> None:
        if self.stage is Stage.HEAD:
            self.head.complain(error)
        else:
            self.desk.complain(error)
            if self.file.now is not None:
                self.review.show_reviewed(self.file.now)

    # the head of the file

    def _to_head(self) -> None:
        guide = self.file.options.guide
        found = self.file.now
        read = [one.name for one in found.sheets] if found is not None else []

        def arrived(tops: Tops) -> None:
            if tops.sheets:
                fitting = read or [one.sheet for one in tops.sheets if one.layout is not None][:1]
                why = {one.sheet: one.why for one in found.left_out} if found is not None else {}
                self.head.show_tops(tops, guide, fitting or [tops.sheets[0].sheet], why)
                self._stand(Stage.HEAD)
                self.head.mapping.setFocus()

        self.file.tops(self.file.options, arrived, self._failed)

    def _look_again(self, guide: Guide) -> None:
        self.file.tops(replace(self.file.options, guide=guide), self.head.take_tops, self.head.complain)

    def _leave_head(self) -> None:
        if self.file.now is not None:
            self._stand(Stage.REVIEW)
            self.review.table.setFocus()
        else:
            self._stand(Stage.REFUSED)

    def _read_so(self, guide: Guide) -> None:
        options = replace(self.file.options, guide=guide)
        if self.file.now is not None:
            self.file.again(options)
        else:
            self.file.open(self.file.key, self.file.source, options)

    # reviewing and writing

    def _find(self) -> None:
        if self.stage in (Stage.REVIEW, Stage.WRITTEN):
            self.review.begin_search()

    def _trouble(self, step: int) -> None:
        if self.stage is Stage.REVIEW:
            self.review.next_trouble(step)

    def _save(self) -> None:
        if self.stage is Stage.HEAD:
            self.head.apply.click()
        elif (
            self.stage is Stage.REVIEW
            and not self.file.writing
            and (main := self.review.foot.main_button()) is not None
        ):
            main.click()

    def write(self, good_only: bool) -> None:
        """Write the file: every row of it, or only those without trouble."""
        if self.stage is Stage.REVIEW and not self.file.writing:
            self.review.hold()
            self.file.write(replace(self.file.options, good_rows_only=good_only), self._written)

    def _written(self, found: Reviewed) -> None:
        if found.written:
            self.desk.changed_elsewhere(f"已导入：{written_in_words(found)}。")
        else:
            self.desk.say("资料库刚才变过，重新核对了一遍。看过再写。", can_undo=False)
