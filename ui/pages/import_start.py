"""The beginning of 导入导出: which ledger, which file; and the way out of the office."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from gridoffice.assessment.month import MonthLine, months
from gridoffice.assessment.rules import OPEN_FOR_VALUES, in_words
from gridoffice.earlier import Taken, files_taken_in
from gridoffice.intake import Options
from gridoffice.ledgers import LEDGERS, MONTHLY
from gridoffice.listing import Ask
from ui import dialogs
from ui.exporting import Way, export_whole, way_of
from ui.widgets.badges import note
from ui.widgets.parts import Box, Choice, button, card, column, label, row, rule, scrolled, size

if TYPE_CHECKING:
    from ui.main_window import MainWindow

WORKBOOK = "Excel 文件 (*.xlsx)"


class StartPanel(Box):
    """Choose a ledger and a file, or paste; templates and ledgers as Excel; what came in last, each with
    its undo."""

    undo_wanted = Signal(int)

    def __init__(self, desk: MainWindow, choose: Callable[[], Any], paste: Callable[[], Any]):
        super().__init__((), True, 0, (0, 0, 0, 0), "", None, None)
        self.desk = desk
        self.ledger = Choice([(one.key, one.title) for one in LEDGERS.values()], "哪一本台账")
        self.month = Choice((), "哪个月")
        self.ledger.activated.connect(lambda _: self._ledger_picked())
        self._with_names = button(
            "带名单的表",
            "table-export",
            tip="这个月要考核的人都在表里，填好再导入",
            on_click=self._export_month,
        )
        self.month_line = row(label("哪个月", "fact"), self.month, None)
        take = card(
            label("导入 Excel", "section"),
            label(
                "选一本台账，再选文件。也可以把文件拖到这一页，或在 Excel 里复制了来粘贴。", "fact", wrap=True
            ),
            4,
            row(label("哪一本", "fact"), self.ledger, None),
            self.month_line,
            4,
            row(
                button("选文件", "folder-open", "primary", keys="Ctrl+O", on_click=choose),
                button("粘贴", keys="Ctrl+V", on_click=paste),
                button("空表模板", "file-spreadsheet", tip="下载空表模板", on_click=self._template),
                self._with_names,
                None,
            ),
            4,
            label("xlsx、xls、et、ods、csv 都可以。表头不用改，哪一行都行。", "hint", wrap=True),
            note("info", "导入前先核对，一行也不会先写。写入后可以整批撤销。"),
            None,
            gap=10,
            margins=(20, 16, 20, 16),
        )
        self._give = card(label("导出 Excel", "section"), gap=10, margins=(20, 16, 20, 16))
        self._files = column(gap=0)
        self._earlier = card(
            label("最近导入的文件", "section"), 4, self._files, gap=4, margins=(20, 16, 20, 12)
        )
        self._earlier.hide()
        inside = column(
            row((take, 1), (self._give, 1), gap=12), self._earlier, None, gap=12, margins=(20, 4, 20, 20)
        )
        self.put((scrolled(inside), 1))
        self._ledger_picked()
        QTimer.singleShot(0, self, self._offer_way_out)

    def _offer_way_out(self) -> None:
        """The card beside: a turn of the window later, so that opening the page holds nobody up."""
        listed = [(key, one.title) for key, one in LEDGERS.items() if one.listing is not None]
        self.way_out = Choice(listed, "导出哪一本")
        self._give.put_all(
            (
                label("按左边的范围导出，能直接打印。证件号和电话是遮住的。", "fact", wrap=True),
                4,
                row(label("哪一本", "fact"), self.way_out, None),
                4,
                row(
                    button("导出", "download", tip="导出这本台账", on_click=self._export),
                    button(
                        "月度成绩单",
                        "arrow-right",
                        tip="到考核页导出月度考核成绩单",
                        on_click=lambda: self.desk.go("assessment"),
                    ),
                    None,
                ),
                4,
                label("要填上级发的表，到“套表”。", "hint", wrap=True),
                None,
            )
        )

    # which ledger, which month

    def ask_months(self, asker: QWidget) -> None:
        self.desk.read(asker, months, then=self._months, topic="months")

    def _months(self, known: list[MonthLine]) -> None:
        before = self.month.currentData()
        self.month.fill([(one.address, one.words) for one in known if one.state in OPEN_FOR_VALUES])
        if not self.month.count():
            self.month.fill([(None, "没有在收数据的月份")])
        self.month.setCurrentIndex(max(0, self.month.findData(before)))
        self._ledger_picked()

    def _ledger_picked(self) -> None:
        monthly = self.ledger.currentData() in MONTHLY
        self.month_line.setVisible(monthly)
        self._with_names.setVisible(monthly and self.month.currentData() is not None)

    @property
    def key(self) -> str:
        return self.ledger.currentData()

    def pick(self, key: str | None = None, month: str | None = None) -> None:
        """Choose a ledger and a month from outside."""
        if key is not None:
            self.ledger.setCurrentIndex(self.ledger.findData(key))
        if month is not None:
            if self.month.findData(month) < 0:
                self.month.fill([(month, in_words(month))])
            self.month.setCurrentIndex(self.month.findData(month))
        self._ledger_picked()

    def options(self) -> Options:
        return Options(month=self.month.currentData() if self.key in MONTHLY else None)

    # what came in before

    def ask_files(self, asker: QWidget) -> None:
        self.desk.read(asker, files_taken_in, then=self._show_files, topic="files")

    def _show_files(self, taken: list[Taken]) -> None:
        self._files.clear()
        self._earlier.setVisible(bool(taken))
        for place, one in enumerate(taken):
            if place:
                self._files.put(rule())
            self._files.put(self._file(one))

    def _file(self, one: Taken) -> Box:
        day = label(f"{one.day.month}月{one.day.day}日 {one.day:%H:%M}", "fact")
        size(day, 120)
        who = label(one.who, "fact", elide=True)
        who.setMinimumWidth(0)
        name = label(one.file, "name", elide=True)
        said = label(one.title.removeprefix("导入"), "fact", elide=True)
        back = (
            label("已撤销", "hint")
            if one.undone
            else button(
                "撤销",
                kind="link",
                tip=f"整批撤销“{one.file}”的导入",
                on_click=lambda: self.undo_wanted.emit(one.action),
            )
        )
        return row(day, (name, 4), (said, 6), (who, 1), row(None, back, width=64), gap=12, height=40)

    # out

    def _template(self) -> None:
        title = LEDGERS[self.key].title
        target = dialogs.save_file(self, "空表模板存到", Path.home() / f"{title}模板.xlsx", WORKBOOK)
        if target is not None:
            self.desk.work(
                self,
                "gridoffice.exports:template",
                self.key,
                target,
                self.options(),
                then=lambda _: self.desk.say(f"模板已存到“{target.name}”。", can_undo=False),
            )

    def _export_month(self) -> None:
        """The table of a month with everybody in it, to be filled in and taken in again."""
        key, month = self.key, self.month.currentData()
        name = f"{self.month.currentText()}{LEDGERS[key].title}"
        way = Way("ui.export_jobs:export_of_month", (key, month), name, name)
        export_whole(self.desk, self, way, LEDGERS[key].unit, Ask(scope=self.desk.scope_id))

    def _export(self) -> None:
        listing = LEDGERS[self.way_out.currentData()].listing
        assert listing is not None  # whatever is offered is a list
        way = way_of(listing, f"{self.desk.scope_name}{listing.title}{self.desk.day.isoformat()}")
        ask = Ask(scope=self.desk.scope_id, day=self.desk.day)
        export_whole(self.desk, self, way, listing.unit, ask)
