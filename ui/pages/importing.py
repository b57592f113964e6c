"""导入导出: a file is read, every row is shown with what would become of it, then all is written.

The page leads through four steps and holds where it stands; the panels of the steps are `import_start`,
`import_head` and `import_review`, the talk with the worker process is `ui.reviewing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gridoffice.errors import BadSheet, Cancelled
from gridoffice.history import journal
from gridoffice.ledgers import LEDGERS
from gridoffice.office import Done
from gridoffice.review import Reviewed
from gridoffice.spreadsheet.guide import Guide
from gridoffice.spreadsheet.receipt import Receipt
from ui import dialogs
from ui.pages.import_files import FilesPage
from ui.pages.import_foot import written_in_words
from ui.pages.import_head import HeadPanel, RefusedPanel
from ui.pages.import_review import ReviewPanel
from ui.pages.import_start import WORKBOOK, StartPanel
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
        self.refused = RefusedPanel(self.choose, self._to_head, self._read_as, self.restart)
        self.head = HeadPanel()
        self.review = ReviewPanel(self.file, lambda words: desk.say(words, can_undo=False), desk)
        for part in (self.start, self.refused, self.head, self.review):
            self.main.put((part, 1))
        self._connect()
        self.commands = {
            "import": self.choose,
            "find": self._find,
            "edit": self.review.typing.begin,
            "next": lambda: self._trouble(1),
            "previous": lambda: self._trouble(-1),
            "close": self._close,
            "save": self._save,
        }
        self.restart()

    def _connect(self) -> None:
        self.file.reviewed.connect(self._reviewed)
        self.file.refused.connect(self._refuse)
        self.file.failed.connect(self._failed)
        self.file.stepped.connect(self.work.show_step)
        self.file.interrupted.connect(
            lambda: self.desk.say("写到一半断了，没写完的都退回了。看过再写。", can_undo=False)
        )
        self.head.looked.connect(self._look_again)
        self.head.left.connect(self._leave_head)
        self.head.read_so.connect(self._read_so)
        self.review.foot.write_wanted.connect(self.write)
        self.review.foot.receipt_wanted.connect(self._receipt)
        self.review.foot.closed.connect(self.restart)
        self.review.foot.undo_wanted.connect(self._undo)
        self.start.undo_wanted.connect(self._take_back)
        self.review.foot.go_wanted.connect(self.desk.go)
        self.review.changed.connect(self._show_place)
        self.review.side.closed.connect(self._show_beside)

    # where the page stands

    def _stand(self, stage: Stage) -> None:
        self.stage = stage
        at_rows = stage in (Stage.REVIEW, Stage.WRITTEN)
        for part, stages in (
            (self.start, (Stage.START,)),
            (self.refused, (Stage.REFUSED,)),
            (self.head, (Stage.HEAD,)),
            (self.review, (Stage.REVIEW, Stage.WRITTEN)),
        ):
            part.setVisible(stage in stages)
        self.another.setVisible(at_rows or stage is Stage.HEAD)
        self.foot = self.review.foot if at_rows else self.head.foot if stage is Stage.HEAD else None
        self.set_side(self.review.side if stage is Stage.REVIEW else None, narrow="hide")
        titles = {Stage.START: self.title, Stage.HEAD: "认表头", Stage.WRITTEN: "导入完成"}
        self._title.setText(titles.get(stage, "导入核对"))
        self._show_steps()
        self._show_place()
        proxies = {Stage.START: self.start.ledger, Stage.HEAD: self.head, Stage.REFUSED: self.refused}
        self.setFocusProxy(proxies.get(stage, self.review.table))

    def restart(self) -> None:
        """Back to the beginning; nothing of the file is kept."""
        self.file.close()
        self.review.let_go()
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
        self.review.side.cross.setVisible(narrow)

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
            self._ask_whether_undone()
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

    def _undo(self) -> None:
        found = self.file.now
        if found is not None and found.action is not None:
            self._take_back(found.action)

    def _take_back(self, action: int) -> None:
        """Undo a whole import, however long ago it was."""
        self.desk.work_write(self, "gridoffice.history:undo", action, then=self._taken_back)

    def _taken_back(self, done: Done) -> None:
        kept = done.result.kept
        words = "已整批撤销这次导入。"
        if kept:
            names = "、".join(one.in_words() for one in kept[:3])
            words = f"已撤销这次导入。{sum(one.records for one in kept)} 条保持现状：{names}。"
        self.desk.say(words, can_undo=False)

    def _ask_whether_undone(self) -> None:
        """The import may have been taken back, here or anywhere."""
        found = self.file.now
        if found is None or found.action is None:
            return
        action = found.action

        def answer(lines: list[Any]) -> None:
            line = next((one for one in lines if one.id == action), None)
            if self.stage is Stage.WRITTEN and line is not None and line.undone:
                self.file.again(replace(self.file.options, good_rows_only=False))

        self.desk.read(self, journal, 1, action + 1, then=answer, topic="undone")

    def _receipt(self) -> None:
        """The clerk's own workbook, back again with what is wrong marked in it."""
        found = self.file.now
        if found is None:
            return
        proposal = Path(found.file).with_name(f"{Path(found.file).stem}（错误回执）.xlsx")
        target = dialogs.save_file(self, "错误回执存到", proposal, WORKBOOK)

        def done(receipt: Receipt) -> None:
            words = f"错误回执在“{target.name if target else ''}”，标出 {receipt.cells} 格。改好直接再导。"
            self.desk.say(words, can_undo=False)

        if target is not None:
            self.file.receipt(target, done)
