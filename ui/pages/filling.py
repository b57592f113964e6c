"""套表: somebody else's form is opened, its headings beside ours, and comes back filled.

Reading and filling run in the worker process. The clerk corrects what a heading means where it is
shown; the form is looked at again and shows what would stand below each heading.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent

from db.enums import Right
from gridoffice.accounts.rules import may
from gridoffice.errors import OfficeError
from gridoffice.fields import of_persons
from gridoffice.filling import OFFERED, FormSeen, HeadingSeen, left_blank
from gridoffice.grids.ledger import GRID_LEDGER
from gridoffice.grids.listing import GRIDS
from gridoffice.leaving import Out, purpose_of
from gridoffice.ledgers import LEDGERS
from gridoffice.listing import Ask, Filter
from gridoffice.spreadsheet.fill import Filled
from gridoffice.spreadsheet.forms import Form, FormKind
from gridoffice.spreadsheet.guide import Guide
from ui import dialogs
from ui.pages.page import Page
from ui.widgets.badges import note
from ui.widgets.form_options import FormOptions
from ui.widgets.mapping_table import MappingLine, MappingTable
from ui.widgets.parts import Box, button, card, column, label, row

if TYPE_CHECKING:
    from ui.main_window import MainWindow

REST_MS = 50
"""So long after the page is there what is beside a form is made."""
FORMS = "表格 (*.xlsx *.xlsm *.xls *.et *.ods)"


class FillingPage(Page):
    """Forms of superior offices."""

    reached_from = "import"
    key, words, icon, title = "fill", "套表", "forms", "套表"

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.setAcceptDrops(True)
        self.file: Path | None = None
        self.seen: FormSeen | None = None
        self.target: Path | None = None
        self._forced: dict[str, dict[str, str | None]] = {}
        """What the clerk corrected, by ledger: each has columns of its own."""
        self._saving = False
        self._held: int | None = None
        self._asked = 0
        """The number of the latest look; an earlier one that comes later is dropped."""
        self.another = button("换一张表", "refresh", on_click=self._choose)
        self.put_head(self.another)
        self.notes = column(gap=0, margins=(20, 0, 20, 8))
        self.main.put(self.notes)
        self.table = MappingTable("表里的栏目", "填出来的样子", "填我们的哪一列", "留空")
        self.table.changed.connect(self._remapped)
        self.main.put((self.table, 1))
        self.start = self._start_panel()
        self.main.put((self.start, 1))
        self.action_bar = self._action_bar()
        self.main.put(self.action_bar)
        self.foot = self.action_bar
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(lambda: self.options)
        self.setFocusProxy(self.choose_button)
        self.commands = {"import": self._choose, "save": self._save, "close": self._restart}
        self._restart()

    @cached_property
    def options(self) -> FormOptions:
        """What may be chosen beside a form: made when there is one, or while the clerk looks for it."""
        ledgers = [(key, LEDGERS[key].title) for key in OFFERED]
        made = FormOptions(ledgers, self.desk.day, may(self.desk.office.who.role, Right.REVEAL))
        made.changed.connect(self._other_options)
        return made

    # the beginning

    def _start_panel(self) -> Box:
        self.choose_button = button("选空表", "folder-open", "primary", keys="Ctrl+O", on_click=self._choose)
        self.refused = column(gap=0)
        inside = card(
            label("把上级发来的空表填好", "section"),
            label("选一张空表，也可以把它直接拖到这一页。", "fact"),
            4,
            self.refused,
            row(self.choose_button, None),
            4,
            label(
                "一人一行的名册、一人一张的登记表、一个社区或网格一行的统计表，都能填。", "fact", wrap=True
            ),
            label(
                "原表的格式、合并格、公式、打印设置和别的工作表都不动，不认识的栏目留空。", "fact", wrap=True
            ),
            label("栏目认错了可以改，改过就记住，下次同样的表不用再选。", "fact", wrap=True),
            gap=10,
            margins=(20, 16, 20, 16),
        )
        return row(column(inside, None, gap=0), gap=0, margins=(20, 4, 20, 20))

    def _restart(self) -> None:
        self.file, self.seen, self.target = None, None, None
        self._forced = {}
        self._asked += 1
        for part in (self.notes, self.table, self.action_bar, self.another):
            part.hide()
        self.refused.clear()
        self.start.show()
        self.set_side(None)
        self.setFocusProxy(self.choose_button)
        self.head_facts.setText("填别人发来的空表")
        self.show_facts([])
        if self.isVisible():
            self.choose_button.setFocus()

    def opened(self) -> None:
        if self.seen is not None:
            self.set_side(self.options, narrow="push")
        else:
            self._rest.start()

    def arrive(self, where: Mapping[str, Any]) -> None:
        if "file" in where:
            self.take_form(Path(where["file"]))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            self.take_form(files[0])

    def _choose(self) -> None:
        found = dialogs.open_file(self, "选要填的空表", self._folder(), FORMS)
        if found is not None:
            self.take_form(found)

    def _folder(self) -> Path:
        return self.file.parent if self.file is not None else Path.home()

    # looking at the form

    def take_form(self, file: Path) -> None:
        """Open a form; the ledger that knows most of its headings is proposed."""
        self._restart()
        self.options.forget_search()
        self.file = file
        self.desk.show_standing()
        self._look(None)

    def _ask(self) -> Ask:
        ask = Ask(scope=self.desk.scope_id, day=self.options.day_said(), search=self.options.sought())
        level = self.options.level.currentData() if not self.options.level_box.isHidden() else None
        return replace(ask, filters=(Filter("kind", (level,)),)) if level is not None else ask

    def _look(self, key: str | None) -> None:
        self._asked += 1
        number = self._asked
        self.desk.work(
            self,
            "gridoffice.filling:form_seen",
            key,
            self.file,
            self._ask(),
            self._guide(key),
            self.options.style_said() if self.seen is not None else None,
            then=lambda seen: self._show(seen) if number == self._asked else None,
            wrong=lambda error: self._refuse(error) if number == self._asked else None,
        )

    def _guide(self, key: str | None) -> Guide | None:
        forced = self._forced.get(key or "", {})
        return Guide(forced=dict(forced)) if forced else None

    def _refuse(self, error: Exception) -> None:
        """What is wrong with the file is said where files are chosen."""
        if not isinstance(error, OfficeError):
            self.desk.complain(error)
            return
        if self.seen is not None:  # another ledger knows nothing of this form: stay with the first
            self.options.show_ledger(self.seen.ledger, None)
            self._show_levels()
            self._tell("err", error.message)
            return
        self._restart()
        self.refused.put(note("err", error.message))

    def _show(self, seen: FormSeen) -> None:
        first = self.seen is None
        other = first or self.seen is None or self.seen.ledger != seen.ledger
        self.seen = seen
        self.options.show_ledger(seen.ledger, seen.style if first else None)
        if other:
            self._show_levels()
        held, self._held = self._held, None
        self.table.show_lines([_line(one) for one in seen.headings], seen.columns)
        asked = {one.column for one in seen.headings}
        personal = of_persons(one for one in seen.columns if one.name in asked)
        proposed = purpose_of(self.desk.office, LEDGERS[seen.ledger].title, Out.FILL)
        self.options.purpose.propose(proposed if personal else None)
        self.options.scope.setText(self.desk.scope_name)
        for part in (self.notes, self.table, self.action_bar, self.another):
            part.show()
        self.start.hide()
        self.set_side(self.options, narrow="push")
        self._say()
        if held in self.table.choices:
            self.table.choices[held].setFocus()
        elif first and self.table.choices:
            unknown = (place for place in self.table.choices if self.table.field_of(place) is None)
            place = next(unknown, min(self.table.choices))
            self.setFocusProxy(self.table.choices[place])
            self.table.choices[place].setFocus()

    def _show_levels(self) -> None:
        if self.options.key() != GRID_LEDGER.key:
            self.options.show_levels(None)
            return
        self.desk.read(
            self,
            GRIDS.choices,
            Ask(day=self.options.day_said()),
            "kind",
            then=lambda kinds: self.options.show_levels([(key, words) for key, words, _ in kinds]),
            topic="levels",
        )

    def _say(self) -> None:
        seen, file = self.seen, self.file
        if seen is None or file is None:
            return
        each = "一人一张" if seen.kind is FormKind.CARD else "每行一个" if seen.named else f"{seen.count} 行"
        self.head_facts.setText(f"{file.name}·{seen.sheet}·{each}")
        unknown = [one.heading for one in seen.headings if one.column is None and not one.kept]
        self._tell("warn" if unknown else "ok", seen.words)
        named = (
            "表里写好了每一行是谁，照着填"
            if seen.named
            else f"{self.desk.scope_name}·{seen.count} {seen.unit}"
        )
        known = sum(one.column is not None for one in seen.headings)
        self._first.setText(named)
        self._second.setText(f"填 {known} 栏" + (f"，{len(unknown)} 栏留空" if unknown else ""))
        self.save_button.say("保存填好的表" if seen.named else f"保存填好的表（{seen.count} {seen.unit}）")
        self.save_button.setEnabled(bool(seen.count))
        self.save_button.setToolTip(
            "另存一份，原来的空表不动　Ctrl+S" if seen.count else "没有可填的，换个范围或少写几个字。"
        )
        self.show_facts([f"{named}，截至 {self.options.day_said().isoformat()}"])

    def _tell(self, tone: str, words: str, *after: Any) -> None:
        self.notes.clear()
        self.notes.put(note(tone, words, "", *after))

    # choosing otherwise

    def _remapped(self) -> None:
        forced = self.table.forced()
        self._forced.setdefault(self.options.key(), {}).update(forced)
        # the lines are made anew: the keyboard goes back to where the clerk was
        places = (place for place, line in enumerate(self.table.lines) if forced.get(line.heading))
        self._held = next(places, None)
        self._look(self.options.key())

    def _other_options(self) -> None:
        if self.seen is None:
            return
        if self.options.key() != self.seen.ledger:
            self.options.show_levels(None)
        self._look(self.options.key())

    def scope_changed(self) -> None:
        if self.seen is not None:
            self._look(self.options.key())

    def day_changed(self) -> None:
        if "options" in self.__dict__:
            self.options.show_day(self.desk.day)
        self.scope_changed()

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        if changes:
            self.scope_changed()

    # filling

    def _action_bar(self) -> Box:
        self._first = label("", "strong")
        self._second = label("", "fact")
        self.save_button = button(
            "保存填好的表", "device-floppy", "primary", keys="Ctrl+S", on_click=self._save
        )
        return row(
            column(None, self._first, self._second, None, gap=0),
            None,
            button("不填了", on_click=self._restart),
            self.save_button,
            margins=(20, 0, 20, 0),
            name="actions",
            height=60,
        )

    def _save(self) -> None:
        if self.file is None or self.seen is None or self._saving or not self.save_button.isEnabled():
            return
        if not self.options.ready():
            return
        name = self.file.with_name(f"{self.file.stem}（已填）.xlsx")
        target = dialogs.save_file(self, "填好的表存到", name, "Excel 文件 (*.xlsx)")
        if target is None:
            return
        self.target, self._saving = target, True
        self.desk.work(
            self,
            "gridoffice.filling:fill",
            self.options.key(),
            self.file,
            target,
            self._ask(),
            guide=self._guide(self.options.key()),
            style=self.options.style_said(),
            reveal=self.options.reveal(),
            reason=self.options.purpose.said(),
            then=self._filled,
            wrong=self._not_filled,
        )

    def _filled(self, result: tuple[Form, Filled]) -> None:
        _, done = result
        self._saving = False
        if self.target is None or self.seen is None:
            return
        unit = "张" if self.seen.kind is FormKind.CARD else "行"
        words = [f"已填 {done.rows} {unit}，存为“{self.target.name}”。"]
        if done.unknown:
            words.append(f"留空的栏目：{'、'.join(done.unknown)}。")
        self._tell(
            "warn" if left_blank(done) else "ok",
            "".join([*words, *left_blank(done)]),
            button("打开表", "file-spreadsheet", "link", on_click=lambda: self._open(self.target)),
            button(
                "打开文件夹",
                "folder-open",
                "link",
                on_click=lambda: self._open(self.target.parent if self.target is not None else None),
            ),
        )
        self.desk.say(words[0].rstrip("。"), can_undo=False)

    def _not_filled(self, error: Exception) -> None:
        self._saving = False
        if isinstance(error, OfficeError):
            self._tell("err", error.message, button("再试一次", "refresh", "link", on_click=self._save))
        else:
            self.desk.complain(error)

    @staticmethod
    def _open(path: Path | None) -> None:
        if path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def _line(one: HeadingSeen) -> MappingLine:
    samples = (one.sample,) if one.sample else ()
    return MappingLine(one.place, one.heading, samples, one.column, one.how, one.kept)
