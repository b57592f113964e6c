"""变动: everything that was done, by whom, and taken back from here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from db.enums import Deed, Right
from gridoffice.accounts.rules import may
from gridoffice.accounts.service import Who, accounts
from gridoffice.history import Line, journal, redo, undo
from gridoffice.overview import questions
from ui.pages.page import Page
from ui.widgets.cells import Cell
from ui.widgets.drawer import Drawer, body
from ui.widgets.head import Heading
from ui.widgets.listing_table import Blank
from ui.widgets.models import SheetModel
from ui.widgets.parts import Input, button, column, label, rule
from ui.widgets.table import Table

if TYPE_CHECKING:
    from ui.main_window import MainWindow

LINES, RECORDS = 500, 60
BADGES = {Deed.DO: "ok", Deed.UNDO: "warn", Deed.REDO: "info", Deed.NOTE: "mute"}


class JournalPage(Page):
    """The journal, newest first, one line's records in the drawer."""

    reached_from = "home"
    key, words, icon, title = "journal", "变动", "history", "变动记录"
    scoped = False

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.lines: list[Line] = []
        self.names: dict[str, str] = {}
        self._shown: Line | None = None
        self.put_head()
        self.finder = Input("找办了什么、谁办的", "search", 260)
        self.finder.textChanged.connect(lambda _: self._show_lines())
        self.undo_button = button(
            "撤销最近一步", "arrow-back-up", "primary", keys="Ctrl+Z", on_click=desk.undo
        )
        self.redo_button = button("恢复", "arrow-forward-up", keys="Ctrl+Y", on_click=desk.redo)
        self.put_bar(
            self.undo_button,
            self.redo_button,
            rule(vertical=True, length=20),
            self.finder,
            None,
            label("每一条都留着，不能改也不能删", "hint"),
            height=48,
        )
        self.model = SheetModel(
            [
                Heading("号", right=True),
                Heading("时间"),
                Heading("谁"),
                Heading("类别"),
                Heading("办了什么"),
                Heading("在哪台电脑"),
                Heading("现在"),
            ],
            self,
        )
        self.table = Table(self.model, name="变动记录")
        self.table.set_widths([64, 150, 100, 84, 460, 140, 120])
        self.table.opened.connect(self._open)
        self.table.current.connect(lambda number: self._open(number) if self._shown else None)
        self.main.put(rule())
        self.main.put((self.table, 1))
        self.blank = Blank(self.table)
        self.setFocusProxy(self.table)
        self.drawer = Drawer()
        self.drawer.hide()
        self.drawer.closed.connect(self._close)
        self.drawer.step.connect(self._step)
        self.commands = {"find": self.finder.setFocus, "close": self._close, "refresh": self.opened}

    def opened(self) -> None:
        self.desk.read(
            self,
            lambda session: (journal(session, LINES), accounts(session)),
            then=self._lines_are,
            topic="journal",
        )

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        if self.desk.page is self:
            self.opened()

    def _lines_are(self, said: tuple[list[Line], list[Who]]) -> None:
        lines, people = said
        self.names = {who.name: who.display for who in people}
        self.lines = lines
        self.head_facts.setText(f"最近 {len(lines)} 条" if len(lines) == LINES else f"共 {len(lines)} 条")
        self._show_lines()

    def _show_lines(self) -> None:
        text = self.finder.text().strip()
        shown = [
            line for line in self.lines if text in line.title or text in self.names.get(line.who, line.who)
        ]
        self.model.take([(line.id, self._cells(line)) for line in shown])
        self.show_facts([f"{len(shown)} 条"])
        if shown:
            self.blank.hide()
        else:
            self.blank.setGeometry(
                0,
                self.table.head.height(),
                self.table.width(),
                self.table.height() - self.table.head.height(),
            )
            self.blank.say(f"没有提到“{text}”的变动。" if text else "还没有变动。")

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

    def _step(self, step: int) -> None:
        if self._shown is not None and self._shown.id in self.model.ids:
            place = self.model.ids.index(self._shown.id) + step
            if 0 <= place < len(self.model.ids):
                self.table.go(place)
                self._open(self.model.ids[place])

    def _close(self) -> None:
        if self.side is not None:
            self._shown = None
            self.model.mark(None)
            self.set_side(None)
            self.table.setFocus()
