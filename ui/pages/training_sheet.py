"""签到: the sheet of one training, filled in as in Excel; who is due, its papers, its certificates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from db.enums import Presence, Right, TrainingState
from db.listening import Spot
from gridoffice.accounts.rules import may
from gridoffice.errors import RuleBroken
from gridoffice.fields import columns
from gridoffice.listing import Ask, Filter
from gridoffice.training.listing import TRAININGS
from gridoffice.training.rows import SheetRow, TrainingRow
from gridoffice.training.service import training_row
from gridoffice.training.sheet import all_here, enter_cells, take_off
from ui.pages.page import Page
from ui.pages.training_due import DuePanel
from ui.pages.training_papers import CertifyPanel
from ui.pages.training_sheet_papers import SheetPapers
from ui.pages.training_sheet_table import sheet_table
from ui.widgets.block import Block
from ui.widgets.entry import Entry, Values
from ui.widgets.filter_bar import FilterBar
from ui.widgets.listing_table import Blank, ListingTable
from ui.widgets.parts import Button, Choice, button, column, label, row, rule
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.main_window import MainWindow

TYPED = ("presence", "hours", "score")
MOST = 240
"""So many trainings the choice names: two years of a busy office."""


class TrainingSheetPage(Page):
    """One sheet at a time."""

    key, words, icon, title = "training-sheet", "签到", "school", "培训签到"
    reached_from = "trainings"
    scoped = False

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.training: TrainingRow | None = None
        self._wanted: int | None = None
        self._lines: list[TrainingRow] = []
        self.table: ListingTable | None = None
        self.entry: Entry | None = None
        self.may_edit = may(desk.office.who.role, Right.EDIT_PEOPLE)
        self.choice = Choice((), "哪一场培训", width=300)
        self.choice.activated.connect(lambda _: self.choose(self.choice.currentData()))
        self._before = button("", "chevron-left", "quiet", tip="上一场", on_click=lambda: self._step(1))
        self._after = button("", "chevron-right", "quiet", tip="下一场", on_click=lambda: self._step(-1))
        self.put_head(row(self._before, self.choice, self._after, gap=4))
        self._due_button = self._guarded(
            button("排名单", "user-plus", "primary", keys="Ctrl+N", on_click=self.show_due)
        )
        self._paper_button = button("打印", "printer", keys="Ctrl+P", on_click=lambda: self.papers.offer())
        self.papers = SheetPapers(desk, self._paper_button, lambda: self.training)
        self._all_button = self._guarded(
            button(
                "没登记的都算到", "check", "quiet", tip="还没登记的人都记为已签到", on_click=self._all_here
            )
        )
        self.put_bar(
            self._due_button,
            button("导入签到表", "upload", keys="Ctrl+O", on_click=self._import),
            self._paper_button,
            button("结业证", "file-text", on_click=self.show_certificates),
            rule(vertical=True, length=20),
            self._all_button,
            self._guarded(button("从名单去掉", "user-off", "quiet", on_click=self._take_off)),
            None,
        )
        self.band = row(
            label(
                "签到状态填到、迟到、请假、缺席或补训；从 Excel 复制的一列可以直接贴。", "hint", elide=True
            ),
            margins=(20, 0, 20, 0),
            name="band",
            height=32,
        )
        self._holder = column(gap=0)
        self.main.put(self.band)
        self.main.put((self._holder, 1))
        self.blank = Blank(self)
        self.commands = {
            "new": self.show_due,
            "import": self._import,
            "print": self.papers.offer,
            "export": self.papers.save_book,
            "edit": lambda: self.entry.begin() if self.entry else None,
            "leave": lambda: self.entry.clear() if self.entry else None,
            "find": lambda: self.filters.begin() if self.filters else None,
            "clear": lambda: self.table.clear_filters() if self.table else None,
            "next": lambda: self._gap(1),
            "previous": lambda: self._gap(-1),
            "save": self._save,
            "close": self._close,
            "refresh": self._again,
        }
        self.filters: FilterBar | None = None

    @property
    def spot(self) -> Spot | None:
        return super().spot or (
            Spot("training sheet", self.training.id) if self.training is not None else None
        )

    def _guarded(self, made: Button) -> Button:
        made.setEnabled(self.may_edit)
        if not self.may_edit:
            made.setToolTip(f"账号“{self.desk.office.who.display}”只能查看。")
        return made

    # which one

    def opened(self) -> None:
        self.desk.read(self, trainings_of, then=self._lines_are, topic="lines")

    def arrive(self, where: Mapping[str, Any]) -> None:
        if "training" in where:
            self._wanted = where["training"]
            self.choose(where["training"])

    def scope_changed(self) -> None:
        """A sheet is everybody's who is on it, wherever they serve."""

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        if changes and not changes.keys() & {
            "training",
            "attendance",
            "invitation",
            "completion",
            "person",
            "post",
        }:
            return
        if self.desk.page is self:
            self.opened()
            self._again()
        elif self.table is not None:
            self.table.forget()

    def _lines_are(self, lines: list[TrainingRow]) -> None:
        self._lines = lines
        wanted = self._wanted or (self.training.id if self.training else None)
        self.choice.fill([(one.id, f"{one.day}　{one.name}") for one in lines])
        if not lines:
            self._nothing()
            return
        known = {one.id for one in lines}
        chosen = wanted if wanted in known else next_to_enter(lines)
        self.choice.setCurrentIndex(max(0, self.choice.findData(chosen)))
        if self.training is None or self.training.id != chosen or self.table is None or not self.table.loaded:
            self.choose(chosen)

    def _nothing(self) -> None:
        self.training = None
        self.head_facts.setText("")
        self.blank.setGeometry(0, self.band.y(), self.main.width(), self.height() - self.band.y())
        self.blank.say(
            "还没有培训，先新增一场。",
            [button("去培训", "school", on_click=lambda: self.desk.go("trainings"))],
        )

    def _step(self, step: int) -> None:
        """The list is the latest first: the one before lies below."""
        at = self.choice.currentIndex() + step
        if 0 <= at < self.choice.count():
            self.choose(self.choice.itemData(at))

    def choose(self, training_id: int) -> None:
        """Show the sheet of a training."""
        self._wanted = training_id
        self.choice.setCurrentIndex(max(0, self.choice.findData(training_id)))
        self._close()
        self.blank.hide()
        self.desk.read(self, training_row, training_id, then=self._training_is, topic="training")
        self._put_table(training_id)

    def _training_is(self, line: TrainingRow) -> None:
        if line.id != self._wanted:
            return
        self.training = line
        parts = [line.day.isoformat() if line.day else "", line.place or ""]
        parts += [f"应到 {line.invited} 人", f"实到 {line.present} 人"]
        parts += [f"请假 {line.leave} 人"] if line.leave else []
        parts += [f"缺席 {line.absent} 人"] if line.absent else []
        parts += [f"未登记 {line.open} 人"] if line.open else []
        self.head_facts.setText("·".join(part for part in parts if part))
        if self.filters is not None:
            chips = [(f"未登记 {line.open}", (None,))] if line.open else []
            chips += [(f"缺席 {line.absent}", (Presence.ABSENT,))] if line.absent else []
            self.filters.suggest([(words, lambda one=value: self._only(one)) for words, value in chips])

    def _only(self, values: tuple[Any, ...]) -> None:
        if self.table is not None:
            self.table.show_what(filters=(Filter("presence", values),))

    def _again(self) -> None:
        if self.training is not None and self.table is not None:
            self.desk.read(self, training_row, self.training.id, then=self._training_is, topic="training")
            self.table.refresh()

    # the table

    def _put_table(self, training_id: int) -> None:
        made = sheet_table(self.desk, training_id, lambda: self.training)
        made.empty_words = "这场培训还没有名单。"
        made.empty_buttons = lambda: [
            self._guarded(button("排名单", "user-plus", on_click=self.show_due)),
            button("导入签到表", "upload", on_click=self._import),
        ]
        fields = {what.name: what.field for what in columns(SheetRow) if what.name in TYPED}
        block: Block
        if self.may_edit:
            block = self.entry = Entry(made, fields, self._put, self._refuse)
        else:
            block, self.entry = Block(made), None
        made.chosen.connect(lambda: self._chosen(block))
        made.counted.connect(self._counted)
        made.copied.connect(lambda words: self.desk.say(words, can_undo=False))
        self._holder.clear()
        self.table = made
        self.filters = FilterBar(made, "找姓名、拼音、电话", quiet=False)
        self._holder.put(self.filters)
        self._holder.put(rule())
        self._holder.put((made, 1))
        self.setFocusProxy(made)
        made.show_what(day=None)
        made.setFocus()

    def _counted(self, count: int) -> None:
        table = self.table
        if table is None:
            return
        self.show_facts([f"签到表 {count} 人"])
        if count and not table.view.currentIndex().isValid():
            at = next(n for n, what in enumerate(table.model.columns) if what.name == "presence")
            table.view.setCurrentIndex(table.model.index(0, at + table.model.offset))

    def _chosen(self, block: Block) -> None:
        said = block.figures()
        if said.cells < 2:
            self._counted(len(block.model.ids))
            return
        facts = [f"已选 {said.cells} 格"]
        if said.numbers:
            total = sum(said.numbers)
            facts += [f"合计 {total}", f"平均 {total / len(said.numbers):.1f}"]
        self.show_facts(facts)

    def _put(self, found: Values) -> None:
        """Write typed cells as one action; the rows show them at once and keep their places."""
        table, training = self.table, self.training
        if table is None or training is None or not self.desk.may_change():
            return
        places = {number: place for place, number in enumerate(table.model.ids) if number in found}
        seen: dict[int, dict[str, Any]] = {}
        for number, values in found.items():
            held = table.model.values(places[number])
            if held is not None:
                seen[number] = {name: getattr(held, name) for name in values}
                table.model.change(places[number], replace(held, **values))
        self.desk.write(self, enter_cells, training.id, found, seen, wrong=self._not_put)

    def _not_put(self, error: Exception) -> None:
        if self.table is not None:
            self.table.model.forget()
            self.table.model.repaint_all()
        self.desk.complain(error)

    def _refuse(self, words: str) -> None:
        self.desk.complain(RuleBroken(words))

    def _gap(self, step: int) -> None:
        """F8: the next person of whom nobody has said whether they came."""
        table = self.table
        if table is None or self.entry is None:
            return
        rows = [(place, table.model.values(place)) for place in range(len(table.model.ids))]
        silent = [place for place, one in rows if one is not None and one.presence is None]
        here = table.view.currentIndex().row()
        onward = [place for place in silent if (place - here) * step > 0] or silent
        if not onward:
            self.desk.say("都登记了。", can_undo=False)
            return
        at = next(n for n, what in enumerate(table.model.columns) if what.name == "presence")
        self.entry.go(onward[0] if step > 0 else onward[-1], at + table.model.offset)

    # what is done

    def _all_here(self) -> None:
        if self.training is None or not self.desk.may_change():
            return
        if not self.training.open:
            self.desk.say("都登记了。", can_undo=False)
            return
        self.desk.write(self, all_here, self.training.id)

    def _take_off(self) -> None:
        """The rows that are chosen together, else the current one, leave the sheet."""
        table = self.table
        if table is None or self.training is None or self.entry is None or not self.desk.may_change():
            return
        rows, _ = self.entry.block()
        chosen = list(table.model.ids[rows.start : rows.stop])
        if chosen:
            self.desk.write(self, take_off, self.training.id, chosen)

    def _import(self) -> None:
        self.desk.go("import", ledger="attendance")

    def show_due(self) -> None:
        """Who is due, in the place of a drawer."""
        if self.training is not None and self.may_edit and self.desk.may_change():
            panel = DuePanel(self.desk, self.training.id, self._called())
            self._show_panel(panel)
            panel.picker.setFocus()

    def show_certificates(self) -> None:
        if self.training is not None:
            self._show_panel(CertifyPanel(self.desk, self.training.id, self._called()))

    def _called(self) -> str:
        line = self.training
        return f"{line.day}　{line.name}" if line is not None else ""

    def _show_panel(self, panel: SidePanel) -> None:
        self._close()
        panel.closed.connect(self._close)
        self.set_side(panel)

    def _save(self) -> None:
        if isinstance(self.side, DuePanel | CertifyPanel):
            self.side.save()

    def _close(self) -> None:
        side = self.side
        if side is not None:
            if self.table is not None:
                self.table.setFocus()  # before what has the keyboard goes away
            self.set_side(None)
            side.deleteLater()


def trainings_of(session: Any) -> list[TrainingRow]:
    """The trainings a sheet may be chosen of, the latest first; those cancelled have none."""
    ids = TRAININGS.ids(session, Ask(limit=MOST))
    return [one for one in TRAININGS.rows(session, ids) if one.state is not TrainingState.CANCELLED]


def next_to_enter(lines: list[TrainingRow]) -> int:
    """The sheet most likely wanted: the latest of those whose day is here."""
    due = [one for one in lines if one.day is not None and one.day <= date.today()]
    return (due or lines)[0].id
