"""核对 and 写入: every row with what becomes of it, what the clerk has to settle, and the consequences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from gridoffice.errors import Problem, Severity
from gridoffice.intake import Options, Outcome, Planned
from gridoffice.ledgers import LEDGERS
from gridoffice.review import Lines, Question, Reviewed
from gridoffice.spreadsheet.guide import Hidden
from ui.pages.import_foot import ReviewFoot, changes
from ui.pages.import_side import ReviewSide
from ui.reviewing import FileUnderReview
from ui.widgets.badges import note
from ui.widgets.count_tabs import CountTab, CountTabs
from ui.widgets.listing_table import Blank
from ui.widgets.parts import Box, Input, button, column, row
from ui.widgets.popover import Popover
from ui.widgets.preview import Fixes
from ui.widgets.preview_table import PreviewTable
from ui.widgets.preview_typing import PreviewTyping
from ui.widgets.questions import POPOVER, answer_panel

CHANGES = (Outcome.ERROR, Outcome.CONFLICT, Outcome.UPDATED, Outcome.NEW)


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab over the rows: its words, its icon, the outcomes it shows; `always` also with none."""

    words: str
    icon: tuple[str, str] | None
    outcomes: tuple[Outcome, ...]
    always: bool = True


TABS = (
    Tab("全部变动", None, CHANGES),
    Tab("新增", ("plus", "ok"), (Outcome.NEW,)),
    Tab("更新", ("edit", "info"), (Outcome.UPDATED,)),
    Tab("无变化", ("equal", "text2"), (Outcome.UNCHANGED,)),
    Tab("冲突", ("arrows-exchange", "warn"), (Outcome.CONFLICT,)),
    Tab("错误", ("circle-x", "err"), (Outcome.ERROR,)),
    Tab("先不写", ("minus", "text2"), (Outcome.SKIPPED,), always=False),
)
SEARCH_AFTER = 150
NOTES = 3
"""So many problems of the workbook itself are told above the table."""


class ReviewPanel(Box):
    """The third and the fourth step. It asks `file` for rows and has it planned anew; `changed` when
    counts or the place in the table changed."""

    changed = Signal()

    def __init__(self, file: FileUnderReview, refuse: Callable[[str], None], window: QWidget):
        super().__init__((), True, 0, (0, 0, 0, 0), "", None, None)
        self.file, self._window = file, window
        self._refuse = refuse
        self._seen: Options | None = None
        self._digest = ""
        self._questions: dict[str, Question] = {}
        self.written: Reviewed | None = None
        self.notes = column(gap=6, margins=(20, 0, 20, 8))
        self.tabs = CountTabs()
        self.tabs.picked.connect(lambda _: self._ask_lines())
        self._shown_tabs: tuple[Tab, ...] = TABS
        self.search = Input("找姓名、号码、网格", "search", 180, "在这份文件里找")
        self.search.setAcceptDrops(False)
        self._searching = QTimer()
        self._searching.setSingleShot(True)
        self._searching.setInterval(SEARCH_AFTER)
        self._searching.timeout.connect(self._ask_lines)
        self.search.textChanged.connect(lambda _: self._searching.start())
        self.search.returnPressed.connect(self._to_table)
        self.bar = row((self.tabs, 1), self.search, gap=8, margins=(0, 0, 20, 0), name="tabline", height=44)
        self.table = PreviewTable(file.rows)
        self.table.question_of = self._question_of
        self.table.sheet.arrived.connect(self.changed)
        self.table.sheet.stirred.connect(self._ask_lines)
        self.table.answered.connect(self.answer)
        self.table.asked.connect(self._list_answers)
        self.typing = PreviewTyping(self.table, self._put, lambda p, then: file.rows(p, then), refuse)
        self.table.selectionModel().currentChanged.connect(lambda *_: self.changed.emit())
        self.side = ReviewSide()
        self.side.questions.answered.connect(self.answer)
        self.side.questions.shown.connect(self._show_rows_of)
        self.side.rules.changed.connect(lambda: file.again(self.side.rules.options(file.options)))
        self.blank = Blank(self.table)
        self._popup: Popover | None = None
        self.foot = ReviewFoot()
        self.foot.trouble_wanted.connect(self.next_trouble)
        self._searching.setParent(self.table)
        self.put_all([self.notes, self.bar, (self.table, 1), self.foot])
        self.setFocusProxy(self.table)

    # showing

    def let_go(self) -> None:
        """Another file comes, or none."""
        self._seen, self._digest, self.written = None, "", None
        self.table.let_go()
        self.typing.forget()
        self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(False)
        self.side.questions.current = ""
        self.side.questions.show_questions(())

    def hold(self) -> None:
        """While the file is written, nothing of it is changed."""
        self.typing.frozen = True
        self.side.setEnabled(False)
        self.foot.setEnabled(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.blank.setGeometry(self.table.viewport().geometry())

    def show_reviewed(self, found: Reviewed) -> None:
        """The file was read, or planned anew."""
        first = self._seen is None or found.digest != self._digest
        if first and self._digest:
            self.let_go()  # the file itself is another one than it was
        before, self._seen, self._digest = self._seen, _but_fixes(found.options), found.digest
        self.written = found if found.written else None
        self.typing.frozen = found.written
        self.side.setEnabled(True)
        self.foot.setEnabled(True)
        self.blank.hide()
        self._questions = {one.key: one for one in found.questions}
        self.side.questions.show_questions(found.questions)
        self.side.count()
        self.side.rules.show_rules(found.options, found.columns, LEDGERS[found.ledger].keys)
        self.table.settled = found.written
        if first:
            self.side.show_tab(0 if found.questions else 1)
        if before is not None and self._seen is not None and before.guide != self._seen.guide:
            self.table.let_go()  # read otherwise: other rows stand at the same places
        self._show_tabs(found, first)
        self._show_notes(found)
        self.foot.show_reviewed(found)
        self.table.outdate(found.options.fixes)
        if before != self._seen or first:
            self._ask_lines()
        self.changed.emit()

    def _show_tabs(self, found: Reviewed, first: bool) -> None:
        current = self._shown_tabs[self.tabs.current] if not first else TABS[0]
        counts = found.counts
        self._shown_tabs = tuple(tab for tab in TABS if tab.always or _count(counts, tab))
        shown = [CountTab(tab.words, tab.icon, _count(counts, tab)) for tab in self._shown_tabs]
        place = self._shown_tabs.index(current) if current in self._shown_tabs else 0
        if first and not shown[0].count:
            place = next((place for place, tab in enumerate(shown) if tab.count), 0)
        self.tabs.show_tabs(shown, place)

    def _ask_lines(self) -> None:
        self._searching.stop()
        outcomes = self._shown_tabs[self.tabs.current].outcomes
        self.file.lines(outcomes, self.search.text().strip(), self._take_lines)

    def _take_lines(self, lines: Lines) -> None:
        found = self.file.now
        if found is None:
            return
        fresh = not self.table.currentIndex().isValid()
        self.table.show_lines(lines, found.columns, [one.name for one in found.sheets if one.rows])
        if not lines.entries:
            self._say_blank(found)
        else:
            self.blank.hide()
            if fresh:
                self.table.land(0)
        self.changed.emit()

    def _say_blank(self, found: Reviewed) -> None:
        self.blank.setGeometry(self.table.viewport().geometry())
        if self.search.text().strip():
            self.blank.say(
                f"没有一行里有“{self.search.text().strip()}”。",
                [button("清空", "x", on_click=self.search.clear)],
            )
        elif not found.total:
            self.blank.say("表头下面一行数据也没有。")
        else:
            self.blank.say(f"没有{self._shown_tabs[self.tabs.current].words}的行。")

    def _show_notes(self, found: Reviewed) -> None:
        self.notes.clear()
        for made in self._notes(found):
            self.notes.put(made)
        self.notes.setVisible(self.notes.box.count() > 0)

    def _notes(self, found: Reviewed) -> list[Box]:
        if found.written:
            return []
        notes: list[Box] = []
        if found.before is not None:
            day = found.before.day
            same = "每一行都没变，不用再写。" if not changes(found.counts) and not found.blocked else ""
            words = f"这份文件 {day.month} 月 {day.day} 日由{found.before.who}导入过。{same}"
            notes.append(note("info", words, "history"))
        elif found.total and found.counts.get(Outcome.UNCHANGED, 0) == found.total:
            notes.append(note("ok", "每一行都和资料库里一样，不用写。"))
        if found.undecided:
            together, leave = Hidden.INCLUDE, Hidden.SKIP
            notes.append(
                note(
                    "warn",
                    f"这份文件里有藏起来的：{found.hidden.in_words()}。要不要一起读？",
                    "eye",
                    button("一起读", on_click=lambda: self._hidden(together)),
                    button("不要藏起来的", on_click=lambda: self._hidden(leave)),
                )
            )
        if found.out_of_scope:
            notes.append(note("warn", f"有 {found.out_of_scope} 行不在你管的范围里，不会写入。", "lock"))
        told = [one for one in found.problems if not (found.undecided and _of_hidden(one))]
        notes += [
            note("err" if one.severity is Severity.ERROR else "warn", one.message) for one in told[:NOTES]
        ]
        if len(told) > NOTES:
            notes.append(note("warn", f"整张表还有 {len(told) - NOTES} 处要留意，错误回执里都有。"))
        return notes

    def _hidden(self, answer: Hidden) -> None:
        options = self.file.options
        self.file.again(replace(options, guide=replace(options.guide, hidden=answer)))

    # settling

    def _put(self, fixes: Fixes) -> None:
        self.file.again(replace(self.file.options, fixes=fixes))

    def answer(self, question: Question, answer: str) -> None:
        """Settle a question for all rows that ask it."""
        if self._popup is not None:
            self._popup.shut()
            self._popup = None
        options = self.file.options
        self.file.again(replace(options, answers={**options.answers, question.key: answer}))

    def _question_of(self, planned: Planned) -> Question | None:
        """What a row waits for the clerk to settle."""
        if self.written is not None:
            return None
        asked = [self._questions[one.key] for one in planned.asks if one.key in self._questions]
        return next((one for one in asked if one.answer is None), asked[0] if asked else None)

    def _list_answers(self, question: Question, where: QRect) -> None:
        corner = self.table.viewport().mapTo(self._window, where.topLeft())
        panel = answer_panel(question, lambda answer: self.answer(question, answer))
        self._popup = Popover(self._window, panel, POPOVER)
        self._popup.open_at(QRect(corner, where.size()))
        panel.setFocus()

    def _show_rows_of(self, question: Question) -> None:
        self.tabs.show_tabs(self.tabs.tabs, 0)
        self.search.setText(question.value.rsplit("/", 1)[-1])  # a grid may be asked for by its path
        self._ask_lines()

    def next_trouble(self, step: int = 1) -> None:
        """To the next row that needs the clerk; from another tab, to the tab that has them."""
        if self.table.go_trouble(step):
            self.table.setFocus()
            return
        found = self.file.now
        if found is None or not found.blocked or found.written:
            self._refuse("没有要处理的行。")
        elif self.search.text() or self.tabs.current:
            self.search.clear()
            self.tabs.show_tabs(self.tabs.tabs, 0)
            self._ask_lines()

    def _to_table(self) -> None:
        self._ask_lines()
        self.table.setFocus()

    def begin_search(self) -> None:
        """Ctrl+F."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def facts(self) -> list[str]:
        """Where the clerk is in the table."""
        at, sheet = self.table.currentIndex(), self.table.sheet
        planned = sheet.row_at(at.row()) if at.isValid() and at.row() < len(sheet.ids) else None
        if planned is None:
            return []
        what = sheet.field_at(at.column())
        place = f"{planned.sheet} " if sheet.sheets else ""
        found = [f"{place}第 {planned.number} 行" + (f"·{what.field.label}" if what else "")]
        if sheet.troubles and self.written is None:
            number = sheet.trouble_number(at.row())
            all_of_them = len(sheet.troubles)
            found.append(
                f"要处理 {number} / {all_of_them}，按 F8" if number else f"要处理 {all_of_them} 行，按 F8"
            )
        fixed = sum(map(len, sheet.fixes.values()))
        if fixed and self.written is None:
            found.append(f"这里改过 {fixed} 格")
        return found


def _but_fixes(options: Options) -> Options:
    return replace(options, fixes={}, good_rows_only=False)


def _count(counts: Mapping[Outcome, int], tab: Tab) -> int:
    return sum(counts.get(outcome, 0) for outcome in tab.outcomes)


def _of_hidden(problem: Problem) -> bool:
    return problem.message.startswith("有藏起来的")
