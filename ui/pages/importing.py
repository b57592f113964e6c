"""导入导出: a workbook is read, every row is shown with what would become of it, then all is written.

Reading and checking run in the worker process; one wrong row stops the whole unless only the good rows
are wanted. The way out — templates and ledgers — stands on the same page.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QDragEnterEvent, QDropEvent

from gridoffice.assessment.month import months
from gridoffice.assessment.rules import OPEN_FOR_VALUES, in_words
from gridoffice.intake import Options, Outcome, Preview
from gridoffice.ledgers import LEDGERS, Imported
from gridoffice.listing import Ask
from ui import dialogs
from ui.pages.page import Page
from ui.widgets.badges import note
from ui.widgets.count_tabs import CountTab, CountTabs
from ui.widgets.merge_rules import MergeRules
from ui.widgets.parts import Box, Choice, button, card, column, label, row
from ui.widgets.preview import PreviewTable
from ui.widgets.stepper import At, Stepper, StepShown

if TYPE_CHECKING:
    from ui.main_window import MainWindow

EXCEL = "台账 (*.xlsx *.xls *.csv)"
MONTHLY = "indicators"
TABS: tuple[tuple[str, tuple[str, str] | None, tuple[Outcome, ...]], ...] = (
    ("全部变动", None, (Outcome.ERROR, Outcome.CONFLICT, Outcome.UPDATED, Outcome.NEW)),
    ("新增", ("plus", "ok"), (Outcome.NEW,)),
    ("更新", ("edit", "info"), (Outcome.UPDATED,)),
    ("无变化", ("equal", "text2"), (Outcome.UNCHANGED,)),
    ("冲突", ("arrows-exchange", "warn"), (Outcome.CONFLICT,)),
    ("错误", ("circle-x", "err"), (Outcome.ERROR,)),
)


class ImportPage(Page):
    """In and out of Excel."""

    key, words, icon, title = "import", "导入导出", "arrows-exchange", "导入导出"
    scoped = False

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.setAcceptDrops(True)
        self.file: Path | None = None
        self.preview: Preview | None = None
        self.another = button("换文件", "refresh", on_click=self._choose)
        self.put_head(self.another)
        self.stepper = Stepper()
        self.put_bar(self.stepper, height=48)
        self.tabs = CountTabs()
        self.tabs.picked.connect(lambda _: self._show_rows())
        self.main.put(self.tabs)
        self.table = PreviewTable()
        self.table.current.connect(self._at)
        self.main.put((self.table, 1))
        self.ledger = Choice([(one.key, one.title) for one in LEDGERS.values()], "哪一本台账")
        self.month = Choice((), "哪个月")
        self.ledger.activated.connect(lambda _: self._ledger_picked())
        self.start = self._start_panel()
        self.main.put((self.start, 1))
        self.action_bar = self._action_bar()
        self.main.put(self.action_bar)
        self.foot = self.action_bar
        self.rules = MergeRules(self._again)
        self.setFocusProxy(self.table)
        self.commands = {
            "import": self._choose,
            "next": lambda: self._trouble(1),
            "previous": lambda: self._trouble(-1),
            "close": self._restart,
            "save": self._write,
        }
        self._restart()

    # the beginning: which ledger, which file; and the way out

    def _start_panel(self) -> Box:
        self.month_line = row(label("哪个月", "fact"), self.month, None)
        take = card(
            label("导入 Excel", "section"),
            label("选一本台账，再选文件；也可以把文件直接拖到这一页。", "fact"),
            4,
            row(label("哪一本", "fact"), self.ledger, None),
            self.month_line,
            4,
            row(
                button("选文件", "folder-open", "primary", keys="Ctrl+O", on_click=self._choose),
                button("下载空表模板", "file-spreadsheet", on_click=self._template),
                None,
            ),
            note("info", "导入前先核对，一行也不会先写。写入后可以整批撤销。"),
            None,
            gap=10,
            margins=(20, 16, 20, 16),
        )
        give = card(
            label("导出 Excel", "section"),
            label("按左边的范围导出，能直接打印。证件号和电话是遮住的。", "fact"),
            4,
            *(
                row(
                    label(one.title),
                    None,
                    button(
                        "导出",
                        "download",
                        tip=f"导出{one.title}",
                        on_click=lambda key=one.key: self._export(key),
                    ),
                )
                for one in LEDGERS.values()
                if one.listing is not None
            ),
            row(
                label("月度考核成绩单"),
                None,
                button(
                    "去导出", "arrow-right", tip="到考核页导出", on_click=lambda: self.desk.go("assessment")
                ),
            ),
            None,
            gap=10,
            margins=(20, 16, 20, 16),
        )
        return row((take, 1), (give, 1), gap=12, margins=(20, 4, 20, 20))

    def opened(self) -> None:
        self.desk.read(self, months, then=self._months, topic="months")
        if self.preview is not None:
            self._show_side()

    def _months(self, known: list[tuple[str, Any]]) -> None:
        before = self.month.currentData()
        usable = [(period, in_words(period)) for period, state in known if state in OPEN_FOR_VALUES]
        self.month.fill(usable)
        place = self.month.findData(before)
        self.month.setCurrentIndex(max(0, place))
        self._ledger_picked()

    def _ledger_picked(self) -> None:
        self.month_line.setVisible(self.ledger.currentData() == MONTHLY)

    def arrive(self, where: Mapping[str, Any]) -> None:
        if "ledger" in where:
            self._restart()
            self.ledger.setCurrentIndex(self.ledger.findData(where["ledger"]))
        if where.get("month"):
            place = self.month.findData(where["month"])
            if place < 0:
                self.month.fill([(where["month"], in_words(where["month"]))])
                place = 0
            self.month.setCurrentIndex(place)
        self._ledger_picked()
        if "file" in where:
            self.take_file(Path(where["file"]))

    def _restart(self) -> None:
        self.preview, self.file = None, None
        for part in (self.tabs, self.table, self.action_bar, self.another):
            part.hide()
        self.start.show()
        self.set_side(None)
        self.head_facts.setText("Excel 进，Excel 出")
        self._show_steps()
        self.show_facts([])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            self.take_file(files[0])

    def _choose(self) -> None:
        found = dialogs.open_file(self, "选要导入的文件", Path.home(), EXCEL)
        if found is not None:
            self.take_file(found)

    # reading and checking

    def options(self) -> Options:
        month = self.month.currentData() if self.ledger.currentData() == MONTHLY else None
        return Options(merge=self.rules.merge(), good_rows_only=self.rules.good_only.isChecked(), month=month)

    def take_file(self, file: Path) -> None:
        """Read a file in the worker process and show what taking it in would do."""
        self.file = file
        self.desk.show_standing()
        self.desk.work(
            self,
            "gridoffice.ledgers:import_file",
            self.ledger.currentData(),
            file,
            self.options(),
            dry_run=True,
            then=self._checked,
            wrong=self._not_read,
        )

    def _again(self) -> None:
        if self.file is not None:
            self.take_file(self.file)

    def _not_read(self, error: Exception) -> None:
        self._restart()
        self.desk.complain(error)

    def _checked(self, done: Imported) -> None:
        self.preview = done.preview
        for part in (self.tabs, self.table, self.action_bar, self.another):
            part.show()
        self.start.hide()
        preview = done.preview
        name = Path(preview.incoming.file).name
        taken = preview.incoming.taken
        skipped = f"，跳过 {len(taken.skipped)} 行空行和合计" if taken.skipped else ""
        sheets = f"，{len(taken.sheets)} 张表" if len(taken.sheets) > 1 else ""
        self.head_facts.setText(f"{name}·{preview.title}·共 {len(preview.rows)} 行{sheets}{skipped}")
        self.tabs.show_tabs(
            [
                CountTab(words, icon, sum(preview.count(outcome) for outcome in outcomes))
                for words, icon, outcomes in TABS
            ]
        )
        if not self.tabs.tabs[0].count:
            first = next((place for place, tab in enumerate(self.tabs.tabs) if tab.count), 0)
            self.tabs.show_tabs(self.tabs.tabs, first)
        self._show_rows()
        self._show_steps()
        self._show_consequences()
        self._show_side()
        self.table.setFocus()

    def _show_rows(self) -> None:
        if self.preview is not None:
            self.table.show_preview(self.preview, TABS[self.tabs.current][2])

    def _show_side(self) -> None:
        self.set_side(self.rules, narrow="push")

    def _show_steps(self) -> None:
        preview = self.preview
        if preview is None:
            self.stepper.show_steps(
                [
                    StepShown("选文件", "xlsx、xls、csv", At.NOW),
                    StepShown("认表头", "自动找到表头那一行", At.NEXT),
                    StepShown("核对", "一格一格看", At.NEXT),
                    StepShown("写入", "写入后可整批撤销", At.NEXT),
                ]
            )
            return
        layout = preview.incoming.layout
        changes = preview.count(Outcome.NEW) + preview.count(Outcome.UPDATED)
        heads = "、".join(str(number) for number in layout.header_rows)
        trouble = f"，{preview.blocked} 行要处理" if preview.blocked else ""
        unknown = f"，{len(layout.unmapped)} 列用不上" if layout.unmapped else ""
        self.stepper.show_steps(
            [
                StepShown("选文件", Path(preview.incoming.file).name[:24], At.DONE),
                StepShown("认表头", f"第 {heads} 行，{len(layout.columns)} 列已对上{unknown}", At.DONE),
                StepShown("核对", f"{changes} 行有变动{trouble}", At.DONE if preview.written else At.NOW),
                StepShown(
                    "写入",
                    "已写入" if preview.written else "写入后可整批撤销",
                    At.DONE if preview.written else At.NEXT,
                ),
            ]
        )

    def _at(self, number: int) -> None:
        place = (
            sorted(self.table.troubles).index(self.table.currentIndex().row()) + 1
            if (self.table.currentIndex().row() in self.table.troubles)
            else 0
        )
        found = [f"第 {abs(number)} 行"]
        if self.table.troubles:
            found.append(
                f"要处理的 {place} / {len(self.table.troubles)}，按 F8 看下一处"
                if place
                else f"要处理的 {len(self.table.troubles)} 行，按 F8 看"
            )
        self.show_facts(found)

    def _trouble(self, step: int) -> None:
        if self.preview is not None and self.table.go_trouble(step) is None:
            self.desk.say("没有要处理的行。", can_undo=False)

    # writing

    def _action_bar(self) -> Box:
        self._first = label("", "strong")
        self._second = label("", "fact")
        self.write_button = button("写入", "check", "primary", keys="Ctrl+S", on_click=self._write)
        return row(
            column(None, self._first, self._second, None, gap=0),
            None,
            button("错误回执", "table-export", on_click=self._receipt),
            button("取消", on_click=self._restart),
            self.write_button,
            margins=(20, 0, 20, 0),
            name="actions",
            height=60,
        )

    def _show_consequences(self) -> None:
        preview = self.preview
        if preview is None:
            return
        new, updated = preview.count(Outcome.NEW), preview.count(Outcome.UPDATED)
        cells = sum(len(one.changes) for one in preview.rows if one.outcome is Outcome.UPDATED)
        unit = preview.unit
        first = f"新增 {new} {unit}" if new else ""
        if updated:
            first += f"{'，' if first else ''}更新的 {updated} {unit}共改 {cells} 格"
        self._first.setText(first or "没有要写入的")
        conflicts, wrong = preview.count(Outcome.CONFLICT), preview.count(Outcome.ERROR)
        good_only = self.rules.good_only.isChecked()
        if not preview.blocked:
            self._second.setText("每一行都可以写入")
        elif good_only:
            self._second.setText(f"冲突 {conflicts} 行、错误 {wrong} 行先不写，处理好再写")
        else:
            self._second.setText(f"冲突 {conflicts} 行、错误 {wrong} 行。有一行不对就整张表不写")
        parts = "、".join(
            part for part in (f"新增 {new}" if new else "", f"更新 {updated}" if updated else "") if part
        )
        self.write_button.say(f"写入 {new + updated} {unit}（{parts}）" if parts else "没有要写入的")
        stopped = bool(preview.blocked and not good_only)
        self.write_button.setEnabled(bool(parts) and not stopped)
        self.write_button.setToolTip(
            "有错误或冲突的行，改好 Excel 再来，或在右边选“只写没问题的行”。"
            if stopped
            else "写入后可整批撤销　Ctrl+S"
        )

    def _write(self) -> None:
        if self.file is None or self.preview is None or not self.write_button.isEnabled():
            return
        self.write_button.setEnabled(False)
        self.desk.work(
            self,
            "gridoffice.ledgers:import_file",
            self.ledger.currentData(),
            self.file,
            self.options(),
            then=self._written,
            wrong=self._not_written,
        )

    def _written(self, done: Imported) -> None:
        if done.action is None:
            self._checked(done)  # the ledger changed meanwhile: look again
            return
        preview = done.preview
        self.desk.changed_elsewhere(f"已导入{preview.title}：{preview.in_words()}。")
        self._restart()
        target = {"grids": "grids", "workers": "workers", MONTHLY: "assessment"}[preview.ledger]
        self.desk.go(target)

    def _not_written(self, error: Exception) -> None:
        self._show_consequences()
        self.desk.complain(error)

    def _receipt(self) -> None:
        """The clerk's own workbook, back again with what is wrong marked in it."""
        if self.preview is None:
            return
        name = f"{Path(self.preview.incoming.file).stem}（错误回执）.xlsx"
        target = dialogs.save_file(self, "错误回执存到", Path.home() / name, "Excel 文件 (*.xlsx)")
        if target is not None:
            self.desk.work(
                self,
                "gridoffice.ledgers:receipt",
                self.preview,
                target,
                then=lambda done: self.desk.say(
                    f"错误回执在“{target.name}”，标出 {done.cells} 格。改好直接再导。", can_undo=False
                ),
            )

    # out

    def _template(self) -> None:
        key = self.ledger.currentData()
        target = dialogs.save_file(
            self, "空表模板存到", Path.home() / f"{LEDGERS[key].title}模板.xlsx", "Excel 文件 (*.xlsx)"
        )
        if target is not None:
            self.desk.work(
                self,
                "gridoffice.exports:template",
                key,
                target,
                self.options(),
                then=lambda _: self.desk.say(f"模板已存到“{target.name}”。", can_undo=False),
            )

    def _export(self, key: str) -> None:
        listing = LEDGERS[key].listing
        name = f"{self.desk.scope_name}{LEDGERS[key].title}{self.desk.day.isoformat()}.xlsx"
        target = dialogs.save_file(
            self, f"导出{LEDGERS[key].title}", Path.home() / name, "Excel 文件 (*.xlsx)"
        )
        if target is not None and listing is not None:
            self.desk.work(
                self,
                "gridoffice.exports:export",
                listing,
                target,
                Ask(scope=self.desk.scope_id, day=self.desk.day),
                then=lambda count: self.desk.say(f"已导出 {count} 行到“{target.name}”。", can_undo=False),
            )
