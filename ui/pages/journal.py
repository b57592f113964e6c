"""变动: everything that was done, by whom, from where; looked for, taken back and taken out from here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer

from db.enums import Deed, Right
from gridoffice.accounts.rules import may
from gridoffice.audit import SORTS, Alarm, AuditAsk, Matter, alarms, audit_lines, names
from gridoffice.audit_figures import tally
from gridoffice.history import Line, redo, undo
from gridoffice.leaving import purpose_of
from gridoffice.overview import questions
from gridoffice.serving.openings import kept_here, opening_lines
from ui import dialogs
from ui.pages.audit_panel import AuditPanel
from ui.pages.lines_page import LinesPage
from ui.widgets.badges import note
from ui.widgets.cells import Cell
from ui.widgets.drawer import body
from ui.widgets.head import Heading
from ui.widgets.listing_table import Blank
from ui.widgets.parts import Box, Choice, Input, button, column, label, row, rule
from ui.widgets.purpose import PurposeLine

if TYPE_CHECKING:
    from ui.main_window import MainWindow

LINES, RECORDS = 500, 60
OPENED = "opened"
"""Among the matters: who opened whole numbers on a shared server."""
BADGES = {Deed.DO: "ok", Deed.UNDO: "warn", Deed.REDO: "info", Deed.NOTE: "mute"}


class JournalPage(LinesPage):
    """The journal, newest first, one line's records in the drawer."""

    reached_from = "home"
    key, words, icon, title = "journal", "变动", "history", "变动记录"
    scoped = False

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.lines: list[Line] = []
        self.names: dict[str, str] = {}
        self.count = 0
        self.purpose = PurposeLine(across=True)
        self._count_button = button("统计", on_click=self._count)
        self.put_head(
            self.purpose,
            self._count_button,
            button("导出", "download", keys="Ctrl+E", on_click=self._export),
        )
        self.figures: AuditPanel | None = None
        self._sorted = ("id", True)
        self.alarms: Box = column(gap=6, margins=(20, 0, 20, 0))
        self.main.put(self.alarms)
        self.finder = Input("找办了什么、谁办的、哪台电脑", "search", 270)
        self.who = Choice([(None, "所有人")], "谁办的", 130)
        self.matter = Choice([(None, "所有事项"), *((one, one.label) for one in Matter)], "事项", 130)
        self.openings = False
        """Whether the office has notes of who opened whole numbers (a server keeps it)."""
        self.first, self.last = (
            Input("从 2026-06-01", name="从哪天", width=116),
            Input("到今天", name="到哪天", width=116),
        )
        for made in (self.finder, self.first, self.last):
            made.textChanged.connect(lambda _: self._pause.start())
        for made in (self.who, self.matter):
            made.currentIndexChanged.connect(lambda _: self.opened())
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(200)
        self._pause.timeout.connect(self.opened)
        may_undo = may(desk.office.who.role, Right.UNDO)
        self.undo_button = button(
            "撤销最近一步", "arrow-back-up", "primary", keys="Ctrl+Z", on_click=desk.undo
        )
        self.redo_button = button("恢复", "arrow-forward-up", keys="Ctrl+Y", on_click=desk.redo)
        if may_undo:
            self.put_bar(self.undo_button, self.redo_button, None, height=48)
        self.put_bar(self.finder, self.who, self.matter, self.first, self.last, None, height=48)
        self.put_lines(
            "变动记录",
            [
                Heading("号", right=True, sorts=True),
                Heading("时间", sorts=True),
                Heading("谁", sorts=True),
                Heading("类别", sorts=True),
                Heading("办了什么", sorts=True),
                Heading("在哪台电脑", sorts=True),
                Heading("现在"),
            ],
            [64, 150, 120, 84, 460, 140, 120],
        )
        self.table.head.sort_wanted.connect(self._sort)
        self.table.head.sorted = (0, True)
        self.blank = Blank(self.table)
        self.commands = {
            "find": self.finder.setFocus,
            "close": self._close,
            "refresh": self.opened,
            "export": self._export,
        }

    @property
    def ask(self) -> AuditAsk:
        """What is looked for. A day that is not written to its end counts for nothing yet."""
        matter = self.matter.currentData()
        return AuditAsk(
            text=self.finder.text(),
            who=self.who.currentData(),
            matter=Matter(matter) if matter not in (None, OPENED) else None,
            first=_day(self.first.text()),
            last=_day(self.last.text()),
            sort=self._sorted[0],
            descending=self._sorted[1],
        )

    @property
    def opened_numbers(self) -> bool:
        """Whether the list tells who opened whole numbers, in place of what was done."""
        return self.matter.currentData() == OPENED

    def _sort(self, section: int) -> None:
        """Sort by a column, the first time downwards; pressed again, the other way round."""
        name, down = list(SORTS)[section], True
        if self._sorted[0] == name:
            down = not self._sorted[1]
        self._sorted = (name, down)
        self.table.head.sorted = (section, down)
        self.table.head.viewport().update()
        self.opened()

    def _count(self) -> None:
        """Open the statistics of what is looked for, or close them."""
        if self.figures is not None and self.side is self.figures:
            self._leave()
            return
        if self.figures is None:
            self.figures = AuditPanel(self._look_at)
            self.figures.closed.connect(self._leave)
        self._shown = None
        self.model.mark(None)
        self.set_side(self.figures)
        self._tally()

    def _tally(self) -> None:
        figures = self.figures
        if figures is not None and self.side is figures:
            ask = self.ask
            self.desk.read(self, tally, ask, then=lambda said: figures.show_tally(ask, said), topic="tally")

    def opened(self) -> None:
        self._count_button.setEnabled(not self.opened_numbers)  # it counts lines of the journal
        if self.opened_numbers and self.side is self.figures and self.figures is not None:
            self._leave()
        self._tally()
        self.purpose.propose(purpose_of(self.desk.office, "操作审计记录"))
        ask, opened = self.ask, self.opened_numbers
        self.desk.read(
            self, lambda session: _read(session, ask, opened), then=self._lines_are, topic="journal"
        )

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        if self.desk.page is self:
            self.opened()

    def _lines_are(self, said: Said) -> None:
        (self.lines, self.count), self.names, alarms, openings = said
        if openings and not self.openings:
            self.matter.addItem("看完整号码", OPENED)
        self.openings = self.openings or openings
        self._offer_names()
        self.alarms.clear()
        for alarm in alarms:
            look_at = button("看这几条", kind="link", on_click=lambda ask=alarm.ask: self._look_at(ask))
            self.alarms.put(row((note("warn", alarm.words), 1), look_at, gap=8))
        self.alarms.setVisible(bool(alarms))
        shown = len(self.lines)
        self.head_facts.setText(
            f"共 {self.count} 条" + (f"，列出前 {shown} 条" if shown < self.count else "")
        )
        self._show_lines()

    def _offer_names(self) -> None:
        """The accounts to choose from, the one chosen kept: also a name that there is no account of."""
        chosen = self.who.currentData()
        offered: list[tuple[str | None, str]] = [(None, "所有人"), *self.names.items()]
        offered += [(chosen, chosen)] if chosen is not None and chosen not in self.names else []
        if [self.who.itemData(place) for place in range(self.who.count())] != [name for name, _ in offered]:
            self.who.blockSignals(True)
            self.who.fill(offered)
            self.who.setCurrentIndex(max(0, self.who.findData(chosen)))
            self.who.blockSignals(False)

    def arrive(self, where: Mapping[str, Any]) -> None:
        """`ask`: what an alarm is about."""
        if "ask" in where:
            self._look_at(where["ask"])

    def _look_at(self, ask: AuditAsk) -> None:
        """Narrow the list to what an alarm is about."""
        for made, words in (
            (self.finder, ask.text),
            (self.first, ask.first.isoformat() if ask.first else ""),
            (self.last, ask.last.isoformat() if ask.last else ""),
        ):
            made.setText(words)
        if ask.who is not None and self.who.findData(ask.who) < 0:
            self.who.addItem(self.names.get(ask.who, ask.who), ask.who)
        self.who.setCurrentIndex(0 if ask.who is None else self.who.findData(ask.who))
        matter = Matter.DOOR if ask.failed else ask.matter
        self.matter.setCurrentIndex(self.matter.findData(matter) if matter is not None else 0)

    def _export(self) -> None:
        ask = self.ask
        what, title, work = (
            ("看完整号码的记录", "导出看完整号码的记录", "gridoffice.serving.openings:openings_book")
            if self.opened_numbers
            else ("操作审计记录", "导出变动记录", "gridoffice.audit:audit_book")
        )
        name = Path.home() / f"{what} {date.today().isoformat()}.xlsx"
        target = dialogs.save_file(self, title, name, "Excel 文件 (*.xlsx)")
        if target is not None:
            self.desk.work(
                self,
                work,
                target,
                ask,
                self.purpose.said(),
                then=lambda count: self.desk.say(f"已导出 {count} 条到“{target.name}”。", can_undo=False),
            )

    def _show_lines(self) -> None:
        self.model.take([(line.id, self._cells(line)) for line in self.lines])
        whose = (
            "审计员看得到每个人的，别人只看自己的" if self.opened_numbers else "每一条都留着，不能改也不能删"
        )
        self.show_facts([f"{self.count} 条", whose])
        if self.lines:
            self.blank.hide()
        else:
            self.blank.setGeometry(
                0,
                self.table.head.height(),
                self.table.width(),
                self.table.height() - self.table.head.height(),
            )
            words = "还没有变动。" if self.ask == AuditAsk() else "没有这样的变动。"
            self.blank.say("没有人看过，或者不归这个账号看。" if self.opened_numbers else words)

    def _cells(self, line: Line) -> list[Cell]:
        if line.undone:
            now = Cell("已撤销", badge="warn")
        elif line.deed is Deed.DO and not line.undoable:
            now = Cell("不能撤销", tone="text3")
        else:
            now = Cell("")
        return [
            Cell(str(line.id), right=True, tone="text3"),
            Cell(f"{line.at.astimezone():%Y-%m-%d %H:%M}", tone="text2"),
            Cell(self.names.get(line.who, line.who)),
            Cell(line.deed.label, tone="text2")
            if line.deed is Deed.DO
            else Cell(line.deed.label, badge=BADGES[line.deed]),
            Cell(line.title, weight=500),
            Cell(line.terminal, tone="text2"),
            now,
        ]

    def _open(self, number: int) -> None:
        line = next((one for one in self.lines if one.id == number), None)
        if line is None:
            return
        self._shown = line
        self.model.mark(number)
        self.drawer.name(
            f"第 {line.id} 条",
            f"{line.at.astimezone():%Y-%m-%d %H:%M}　{self.names.get(line.who, line.who)}",
            (BADGES[line.deed], line.deed.label),
        )
        self.set_side(self.drawer)
        if self.opened_numbers:
            self._show_opening(line)
            return
        self.desk.read(
            self,
            questions.changes,
            line.id,
            RECORDS,
            then=lambda found: self._show(line, found),
            topic="touched",
        )

    def _show(self, line: Line, found: list[questions.Change]) -> None:
        made = body()
        made.put(label(line.title, "name", wrap=True))
        if line.detail.get("file"):
            made.put(label(f"文件：{line.detail['file']}", "fact", wrap=True))
        made.put(rule())
        for one in found:
            made.put(self._record(one))
        if not found:
            made.put(label("没有动任何一行。", "hint"))
        elif len(found) == RECORDS:
            made.put(label(f"只列出前 {RECORDS} 行。", "hint"))
        made.put(None)
        self.drawer.fill(made)
        may_undo = may(self.desk.office.who.role, Right.UNDO)
        if line.undone and may_undo:
            self.drawer.act(
                button("恢复这一步", "arrow-forward-up", on_click=lambda: self._again(line)), None
            )
        elif line.undoable and may_undo:
            self.drawer.act(button("撤销这一步", "arrow-back-up", on_click=lambda: self._back(line)), None)
        else:
            self.drawer.act(button("关上", on_click=self._close), None)

    def _show_opening(self, line: Line) -> None:
        """What stands in the database's own note; nothing was changed by it."""
        made = body()
        made.put(label(f"看完整号码，原因：{line.title}", "name", wrap=True))
        made.put(label(f"从 {line.terminal or '服务器本机'} 连上。", "fact", wrap=True))
        made.put(label("记在服务器上，不随备份和搬家走。检查要用的，在这里导出。", "hint", wrap=True))
        made.put(None)
        self.drawer.fill(made)
        self.drawer.act(button("关上", on_click=self._close), None)

    @staticmethod
    def _record(one: questions.Change) -> Any:
        lines: list[Any] = [label(f"{one.word}{one.noun}“{one.name}”", "name", wrap=True)]
        for heading, before, after in one.columns:
            lines.append(label(f"{heading}：{before} → {after}", "fact", wrap=True))
        return column(*lines, gap=0)

    def _back(self, line: Line) -> None:
        self.desk.write(self, undo, line.id, then=lambda _: self._close())

    def _again(self, line: Line) -> None:
        self.desk.write(self, redo, line.id, then=lambda _: self._close())

    def _number(self) -> int | None:
        return self._shown.id if self._shown is not None else None

    def _close(self) -> None:
        if self.side is not None:
            self._leave()


Said = tuple[tuple[list[Line], int], dict[str, str], list[Alarm], bool]


def _read(session: Any, ask: AuditAsk, opened: bool) -> Said:
    lines = opening_lines(session, ask, LINES) if opened else audit_lines(session, ask, LINES)
    return lines, names(session), alarms(session), kept_here(session)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
