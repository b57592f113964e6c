"""调整网格, 批量修改, 移到离岗: what is done to the ticked rows of the roster, in a panel beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QCheckBox

from db.enums import Employment
from gridoffice.errors import OfficeError, RuleBroken, Severity
from gridoffice.fields import Field, Kind, columns
from gridoffice.overview.moves import MovePreview, move_preview
from gridoffice.workers.listing import rows
from gridoffice.workers.moving import BulkChange, Transfer, bulk_change, change_posts, transfer_posts
from gridoffice.workers.service import end_posts
from ui.pages.posts_panel import Ending, Moving, post_titles
from ui.widgets.badges import note
from ui.widgets.form import Form
from ui.widgets.grid_picker import GridPicker
from ui.widgets.parts import Box, Choice, Input, button, column, label, row, rule
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.main_window import MainWindow
    from ui.pages.drawer_page import DrawerPage

PAUSE_MS = 300
"""What would happen follows the keyboard after so long."""
SHOWN = 40
"""So many people are named; more are counted."""
TONES = {Severity.ERROR: "err", Severity.WARNING: "warn", Severity.NOTE: "info"}


@dataclass(frozen=True, slots=True)
class Changing:
    """What may be put into many posts at once."""

    contract_end: Annotated[date | None, Field("合同到期日", Kind.DATE)] = None
    employer: Annotated[str | None, Field("用工单位")] = None
    employment: Annotated[Employment | None, Field("专兼职", Kind.CODE, codes=Employment)] = None
    title: Annotated[str | None, Field("职务")] = None
    note: Annotated[str | None, Field("备注")] = None


CLEARED = ("contract_end", "employer", "note")
"""What may also be emptied."""


class BulkPanel(SidePanel):
    """A form above what it would come to for the ticked rows; the foot says for how many."""

    verb = ""
    done = Signal()

    def __init__(self, desk: MainWindow, title: str, ids: Callable[[], Sequence[int]]):
        super().__init__(title)
        self.desk, self._ids = desk, ids
        self.found: Box = column(gap=6)
        self.form: Form | None = None
        self._titles: Sequence[str] = ()
        self._button = button(self.verb, "check", "primary", keys="Ctrl+S", on_click=self.save)
        self.act(self._button, button("取消", on_click=self.closed.emit))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.look)
        desk.read(self, post_titles, then=self._begin, topic="titles")

    @property
    def ids(self) -> list[int]:
        """The posts it is about: those ticked at this moment."""
        return list(self._ids())

    def _begin(self, titles: Sequence[str]) -> None:
        self._titles = titles
        self.form = self.made()
        for field in self.form.fields.values():
            part = field.input
            if isinstance(part, Input):
                part.textChanged.connect(lambda _: self._pause.start())
            elif isinstance(part, Choice):
                part.currentIndexChanged.connect(lambda _: self._pause.start())
            elif isinstance(part, GridPicker):
                part.changed.connect(self._pause.start)
        self.inside.put(self.form)
        self.more()
        self.inside.put(rule())
        self.inside.put(self.found)
        self.inside.put(None)
        self.form.first().setFocus()
        self.look()

    # what each is

    def made(self) -> Form:
        """The form."""
        raise NotImplementedError

    def more(self) -> None:
        """What stands below the form."""

    def question(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """What is asked to know what it would come to. Raises `RuleBroken` while the form says too little."""
        raise NotImplementedError

    def tell(self, said: Any) -> int:
        """Show what it would come to; answers how many it is carried out for."""
        raise NotImplementedError

    def carry_out(self) -> None:
        """Write it. Raises `RuleBroken` while the form says too little."""
        raise NotImplementedError

    # asking and saving

    def again(self) -> None:
        """Other rows are ticked."""
        self._pause.start()

    def look(self) -> None:
        self._pause.stop()
        if self.form is None:
            return
        try:
            question, args = self.question()
        except RuleBroken as error:
            self._nothing(error.message)
            return
        self.desk.read(self, question, *args, then=self._told, topic="look", wrong=self._refused)

    def _nothing(self, words: str) -> None:
        self.found.clear()
        self.judge(label(words, "hint", wrap=True))
        self._button.say(self.verb)

    def _told(self, said: Any) -> None:
        self.found.clear()
        self.judge()
        count = self.tell(said)
        self._button.say(f"{self.verb} {count} 人" if count else self.verb)

    def save(self) -> None:
        self._pause.stop()
        try:
            self.carry_out()
        except RuleBroken as error:
            self._refused(error)

    def write(self, service: Callable[..., Any], *args: Any) -> None:
        self.desk.write(self, service, *args, then=lambda _: self.done.emit(), wrong=self._refused)

    def _refused(self, error: Exception) -> None:
        if isinstance(error, OfficeError):
            self.judge(note("err", error.message))
        else:
            self.desk.complain(error)

    def said(self) -> dict[str, Any]:
        """What the form says. Raises `RuleBroken` when a field cannot be read."""
        assert self.form is not None
        values: dict[str, Any] = {}
        for name, field in self.form.fields.items():
            values[name], problems = field.take()
            if problems and problems[0].severity is Severity.ERROR:
                raise RuleBroken(problems[0].message, problems)
        if not self.ids:
            raise RuleBroken("先在表里勾选要改的人。")
        return values


class TransferPanel(BulkPanel):
    """Some people go to another grid or post on a day."""

    verb = "调整"

    def __init__(self, desk: MainWindow, ids: Callable[[], Sequence[int]]):
        self._going: tuple[int, ...] = ()
        super().__init__(desk, "调整网格", ids)

    def made(self) -> Form:
        picker = GridPicker(self.desk.runner, self.desk.find_grids, "调到网格")
        empty = Moving(None, None, None, self.desk.day, None)
        return Form(columns(Moving), empty, {"title": self._titles}, pickers={"grid": picker})

    def _wanted(self) -> Transfer:
        said = self.said()
        return Transfer(
            said["day"],
            said["grid"],
            said["title"] or None,
            said["employment"],
            said["contract_end"],
            said["reason"],
        )

    def question(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return move_preview, (self.ids, self._wanted())

    def tell(self, said: MovePreview) -> int:
        self._going = tuple(one.post_id for one in said.going)
        if said.refused:
            rest = "，其余照调" if said.going else ""
            self.found.put(label(f"{len(said.refused)} 人不能调{rest}", "strong"))
            for one in said.refused[:SHOWN]:
                self.found.put(note("err", one.refused or ""))
            self._rest(len(said.refused))
        for effect in said.effects[:SHOWN]:
            self.found.put(note(TONES[effect.severity], effect.message))
        if said.going:
            self.found.put(label(f"调整 {len(said.going)} 人", "strong"))
        for one in said.going[:SHOWN]:
            old, new = said.grids[one.grid_id], said.grids[one.to_grid_id]
            places = new if old == new else f"{old} → {new}"
            posts = one.to_title if one.to_title == one.title else f"{one.title} → {one.to_title}"
            self.found.put(
                column(label(one.name, "name"), label(f"{places}　{posts}", "hint", wrap=True), gap=0)
            )
        self._rest(len(said.going))
        return len(said.going)

    def _rest(self, count: int) -> None:
        if count > SHOWN:
            self.found.put(label(f"还有 {count - SHOWN} 人。", "hint"))

    def carry_out(self) -> None:
        wanted = self._wanted()
        if not self._going:
            raise RuleBroken("没有能调的人。")
        self.write(transfer_posts, list(self._going), wanted)


class ChangePanel(BulkPanel):
    """The same value goes into many posts: only what is filled in, or ticked to be emptied."""

    verb = "修改"

    def __init__(self, desk: MainWindow, ids: Callable[[], Sequence[int]]):
        self._empty: dict[str, QCheckBox] = {}
        self._changing: tuple[int, ...] = ()
        super().__init__(desk, "批量修改", ids)

    def made(self) -> Form:
        return Form(columns(Changing), Changing(), {"title": self._titles})

    def more(self) -> None:
        labels = {column.name: column.field.label for column in columns(Changing)}
        self.inside.put(label("空着的不改。要清空的在这里勾：", "hint", wrap=True))
        boxes = []
        for name in CLEARED:
            box = self._empty[name] = QCheckBox(labels[name])
            box.setAccessibleName(f"清空{labels[name]}")
            box.clicked.connect(lambda _=False: self._pause.start())
            boxes.append(box)
        self.inside.put(row(*boxes, None, gap=12))

    def _values(self) -> dict[str, Any]:
        values = {name: value for name, value in self.said().items() if value not in (None, "")}
        return values | {name: None for name, box in self._empty.items() if box.isChecked()}

    def question(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return bulk_change, (self.ids, self._values())

    def tell(self, said: BulkChange) -> int:
        self._changing = said.changing
        for words in said.refused[:SHOWN]:
            self.found.put(note("err", words))
        if said.refused:
            self.found.put(label(f"这 {len(said.refused)} 人不改，其余照改。", "hint", wrap=True))
        if said.same:
            self.found.put(note("info", f"{said.same} 人已经是这样，不用改。"))
        return len(said.changing)

    def carry_out(self) -> None:
        values = self._values()
        if not self._changing:
            raise RuleBroken("没有要改的人。")
        self.write(change_posts, list(self._changing), values)


class LeavePanel(BulkPanel):
    """Some people leave; what they held can be printed to be handed over."""

    verb = "移到离岗"

    def __init__(self, desk: MainWindow, ids: Callable[[], Sequence[int]]):
        super().__init__(desk, "移到离岗", ids)

    def made(self) -> Form:
        return Form(columns(Ending), Ending(self.desk.day - timedelta(days=1)))

    def _ending(self) -> Ending:
        return Ending(**self.said())

    def question(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        self._ending()
        return leaving, (self.ids,)

    def tell(self, said: Sequence[tuple[int, str]]) -> int:
        self.found.put(label(f"{len(said)} 人离岗", "strong"))
        for person_id, name in said[:SHOWN]:
            paper = button("交接清单", "file-text", "link", on_click=lambda one=person_id: self._paper(one))
            paper.setAccessibleName(f"“{name}”的交接清单")
            self.found.put(row((label(name, "name", wrap=True), 1), paper))
        if len(said) > SHOWN:
            self.found.put(label(f"还有 {len(said) - SHOWN} 人。", "hint"))
        return len(said)

    def _paper(self, person_id: int) -> None:
        self.desk.go("documents", report="handover", person=person_id)

    def carry_out(self) -> None:
        ending = self._ending()
        self.write(end_posts, self.ids, ending.last_day, ending.reason)


def leaving(session: Any, post_ids: Sequence[int]) -> list[tuple[int, str]]:
    """Whose posts these are: number and name of each person, once."""
    return list(dict.fromkeys((one.person_id, one.name) for one in rows(session, post_ids)))


class BulkPosts(QObject):
    """The panels of one page; whatever is ticked there is what they are about."""

    def __init__(self, desk: MainWindow, page: DrawerPage):
        super().__init__(page)
        self.desk, self._page = desk, page
        self.panel: BulkPanel | None = None
        page.table.ticked.connect(lambda _: self._ticked())

    @property
    def open(self) -> bool:
        """Whether one of them stands beside the list."""
        return self.panel is not None and self._page.side is self.panel

    def _ticked(self) -> None:
        if self.panel is not None and self.open:
            self.panel.again()

    def begin(self, kind: Callable[..., BulkPanel], shown: int | None = None) -> None:
        """Open a panel for the ticked rows, or for the one in the drawer."""
        model = self._page.table.model
        if not self._page.may_edit or not self.desk.may_change():
            return
        if not model.tick_count() and shown is not None:
            model.tick([shown])
        if not model.tick_count():
            self.desk.say("先勾选要改的人。", can_undo=False)
            return
        panel = self.panel = kind(self.desk, model.ticked_ids)
        panel.closed.connect(lambda: self.close(panel))
        panel.done.connect(lambda: self._done(panel))
        self._page.set_side(panel)

    def _done(self, panel: BulkPanel) -> None:
        """What was ticked is done."""
        self.close(panel)
        self._page.table.model.clear_ticks()

    def close(self, panel: BulkPanel) -> None:
        """The panel goes."""
        if self.panel is panel:
            self.panel = None
        if self._page.side is panel:
            self._page.set_side(None)
        panel.deleteLater()
        self._page.table.setFocus()
