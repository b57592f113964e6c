"""What a clerk says of a dated change of the tree: one draft for each kind of change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from db.listening import Spot
from gridoffice.errors import Problem, RuleBroken, has_error
from gridoffice.fields import Column
from gridoffice.grids.both_drafted import Seen, chosen
from gridoffice.grids.changing import change_grids
from gridoffice.grids.listing import GRIDS
from gridoffice.grids.operations import (
    Basis,
    Close,
    Convert,
    Establish,
    Facts,
    Merge,
    Move,
    Operation,
    Recode,
    Rename,
    Revise,
)
from gridoffice.grids.pack import Pack
from gridoffice.grids.sketch import FACTS
from gridoffice.grids.surroundings import Surroundings
from ui.widgets.form import Form
from ui.widgets.grid_picker import GridPicker
from ui.widgets.parts import Box, Choice, Input, column, label

if TYPE_CHECKING:
    from ui.main_window import MainWindow

_BY_NAME = {what.name: what for what in GRIDS.columns}


def told(form: Form) -> dict[str, Any]:
    """Everything a form says. Raises `RuleBroken` with the first thing that is wrong."""
    found = {}
    for name, field in form.fields.items():
        found[name], problems = field.take()
        if has_error(problems):
            raise RuleBroken(problems[0].message, problems)
    return found


def asked(*names: str, free: Sequence[str] = (), hints: Mapping[str, str] | None = None) -> list[Column]:
    """Columns of the ledger as a draft asks for them; those in `free` need not be written."""
    found = []
    for name in names:
        what = _BY_NAME[name]
        field = replace(what.field, required=False) if name in free else what.field
        hint = (hints or {}).get(name)
        found.append(replace(what, field=replace(field, hint=hint) if hint else field))
    return found


class Draft(Box):
    """The form of one kind of change; `operations` is what it comes to."""

    changed = Signal()
    gone = Signal()
    """It has been given up for good."""
    verb = ""
    basis: Basis | None = None
    """Day, reason and approval it was drafted with before."""

    def __init__(self, desk: MainWindow, grids: Sequence[Surroundings], pack: Pack):
        self.desk, self.grids, self.pack = desk, grids, pack
        super().__init__([], True, 8, (0, 0, 0, 0), "", None, None)

    @property
    def grid(self) -> Surroundings:
        return self.grids[0]

    def operations(self) -> tuple[Operation, ...]:
        """Raises `RuleBroken` saying what is still missing."""
        raise NotImplementedError

    def writing(self, basis: Basis, seen: Seen) -> tuple[Any, ...]:
        """The service that carries it out, and what that is given. Raises `RuleBroken` like `operations`."""
        return change_grids, basis, self.operations(), seen

    def settled(self, basis: Basis, picked: Mapping[str, Any], now: Seen) -> tuple[Any, ...]:
        """The same with what was picked where somebody else had changed the same. Raises `RuleBroken` when nothing
        is left to do."""
        operations = chosen(self.operations(), picked, now)
        if not operations:
            raise RuleBroken("照选的办就没有要改的了。不用办的，取消就行。")
        return change_grids, basis, operations, now

    def more(self) -> Sequence[QWidget]:
        """What else can be done with it, beside carrying it out."""
        return ()

    @property
    def spot(self) -> Spot | None:
        """The grid that it is about, for others who look at it."""
        return Spot(GRIDS.key, self.grid.id, True) if len(self.grids) == 1 else None

    @property
    def title(self) -> str:
        """What is done, and to which grids."""
        shown = "、".join(one.state.name for one in self.grids[:3])
        return f"{self.verb}：{shown}" + (f"等 {len(self.grids)} 个" if len(self.grids) > 3 else "")

    def explain(self, problems: Sequence[Problem]) -> Sequence[Problem]:
        """Say beside the grids what forbids the change; what is left is said above the foot."""
        return problems

    def point_out(self) -> None:
        """Say under each field what is wrong with it."""
        for form in self.findChildren(Form):
            for field in form.fields.values():
                field.complain(field.take()[1])

    # building

    def ask(self, caption: str, *parts: QWidget) -> None:
        """One question: its words above, what answers it below."""
        self.put(column(label(caption, "hint"), *parts, gap=2))

    def form(self, wanted: Sequence[Column], values: Any = None, hints: Any = None) -> Form:
        made = Form(wanted, values, hints=hints)
        for field in made.fields.values():
            self.listen(field.input)
        self.put(made)
        return made

    def picker(self, caption: str) -> GridPicker:
        made = GridPicker(self.desk.runner, self.desk.find_grids, caption)
        made.changed.connect(self.changed)
        self.ask(caption, made)
        return made

    def listen(self, part: QWidget) -> None:
        if isinstance(part, Input):
            part.textChanged.connect(lambda _: self.changed.emit())
        elif isinstance(part, Choice):
            part.currentIndexChanged.connect(lambda _: self.changed.emit())
        elif isinstance(part, QCheckBox):
            part.toggled.connect(lambda _: self.changed.emit())


def named(picker: GridPicker, what: str) -> int:
    """The grid that a line names. Raises `RuleBroken` as long as none is chosen."""
    if picker.picked is None:
        raise RuleBroken(f"还没有选{what}。")
    return picker.picked


class EstablishDraft(Draft):
    """A new grid below one that is there, or the first of all."""

    verb = "新增网格"

    @property
    def title(self) -> str:
        return self.verb

    def __init__(self, desk: MainWindow, grids: Sequence[Surroundings], pack: Pack):
        super().__init__(desk, grids, pack)
        above = grids[0] if grids else None
        self.above = self.picker("上级网格") if above is not None else None
        if self.above is not None and above is not None:
            self.above.choose(above.id, above.state.name)
        kinds = [
            kind.label
            for kind in pack.kinds
            if (
                above.state.kind in kind.parents
                if above is not None
                else not kind.parents or kind.key in pack.root
            )
        ]
        self._form = self.form(
            asked("name", "kind", "code", *FACTS, free=("code",), hints={"code": "空着就自动编"}),
            hints={"kind": kinds or [kind.label for kind in pack.kinds]},
        )
        if len(kinds) == 1:
            kind = self._form.fields["kind"].input
            assert isinstance(kind, Choice)
            kind.setCurrentIndex(1)

    def operations(self) -> tuple[Operation, ...]:
        parent = named(self.above, "上级网格") if self.above is not None else None
        said = told(self._form)
        facts = Facts(**{name: said[name] for name in FACTS})
        return (Establish(said["name"], said["kind"], parent, said["code"] or None, facts),)


class RenameDraft(Draft):
    """Another name."""

    verb = "改名"

    def __init__(self, desk: MainWindow, grids: Sequence[Surroundings], pack: Pack):
        super().__init__(desk, grids, pack)
        self._form = self.form(asked("name"), self.grid.state)

    def operations(self) -> tuple[Operation, ...]:
        name = told(self._form)["name"]
        if name == self.grid.state.name:
            raise RuleBroken("写上新的名称。")
        return (Rename(self.grid.id, name),)


class RecodeDraft(Draft):
    """Another code; the old one is never given again."""

    verb = "改编码"

    def __init__(self, desk: MainWindow, grids: Sequence[Surroundings], pack: Pack):
        super().__init__(desk, grids, pack)
        self.put(label(f"现在是 {self.grid.state.code}，改后作废，不再使用。", "hint", wrap=True))
        self._form = self.form(asked("code", free=("code",), hints={"code": "空着就自动编"}))

    def operations(self) -> tuple[Operation, ...]:
        return (Recode(self.grid.id, told(self._form)["code"] or None),)


class MoveDraft(Draft):
    """Another parent for one or several; all of them or none."""

    verb = "移动"

    def __init__(self, desk: MainWindow, grids: Sequence[Surroundings], pack: Pack):
        super().__init__(desk, grids, pack)
        above = {one.parent for one in grids}
        if len(above) == 1 and self.grid.parent:
            self.put(label(f"现在挂在“{self.grid.parent}”下面。", "hint", wrap=True))
        self._to = self.picker("移到哪个网格下面")

    def operations(self) -> tuple[Operation, ...]:
        to = named(self._to, "移到哪里")
        return tuple(Move(one.id, to) for one in self.grids)


class MergeDraft(Draft):
    """Several become one of them, or a new one."""

    verb = "合并"

    def __init__(self, desk: MainWindow, grids: Sequence[Surroundings], pack: Pack):
        super().__init__(desk, grids, pack)
        self._into = Choice(
            [(one.id, f"都并入“{one.state.name}”") for one in grids] + [(None, "合并成新网格")], "合并成"
        )
        self.ask("合并成", self._into)
        self._name = Input("新网格的名称", name="新网格的名称")
        self._name.hide()
        self.put(self._name)
        self._into.currentIndexChanged.connect(
            lambda _: self._name.setVisible(self._into.currentData() is None)
        )
        self.listen(self._into)
        self.listen(self._name)

    def operations(self) -> tuple[Operation, ...]:
        ids = tuple(one.id for one in self.grids)
        into = self._into.currentData()
        if into is not None:
            return (Merge(ids, into=into),)
        if not self._name.text().strip():
            raise RuleBroken("没写新网格的名称。")
        return (Merge(ids, name=self._name.text().strip()),)


class ConvertDraft(Draft):
    """Another kind."""

    verb = "转类型"

    def __init__(self, desk: MainWindow, grids: Sequence[Surroundings], pack: Pack):
        super().__init__(desk, grids, pack)
        labels = {kind.key: kind.label for kind in pack.kinds}
        self.put(label(f"现在是{labels.get(self.grid.state.kind, self.grid.state.kind)}。", "hint"))
        others = [(kind.key, kind.label) for kind in pack.kinds if kind.key != self.grid.state.kind]
        self._kind = Choice([(None, ""), *others], "转成哪种网格")
        self.ask("转成哪种网格", self._kind)
        self.listen(self._kind)

    def operations(self) -> tuple[Operation, ...]:
        kind = self._kind.currentData()
        if kind is None:
            raise RuleBroken("还没有选转成哪种网格。")
        return tuple(Convert(one.id, kind) for one in self.grids)


class ReviseDraft(Draft):
    """New figures from a day on."""

    verb = "更新数据"

    def __init__(self, desk: MainWindow, grids: Sequence[Surroundings], pack: Pack):
        super().__init__(desk, grids, pack)
        self._form = self.form(asked(*FACTS), self.grid.state)

    def operations(self) -> tuple[Operation, ...]:
        said, was = told(self._form), self.grid.state
        changed = {name: value for name, value in said.items() if value != getattr(was, name)}
        if not changed:
            raise RuleBroken("还没有改任何数。")
        return (Revise(self.grid.id, changed),)


class CloseDraft(Draft):
    """A grid ends; what is below it and who serves in it go elsewhere."""

    verb = "撤销网格"

    def __init__(self, desk: MainWindow, grids: Sequence[Surroundings], pack: Pack):
        super().__init__(desk, grids, pack)
        grid = self.grid
        self._below = self.picker(f"{len(grid.children)} 个下级网格挂到") if grid.children else None
        self._people: Choice | None = None
        self._to: GridPicker | None = None
        if grid.posts or grid.links:
            people = len({held.person_id for held in (*grid.posts, *grid.links)})
            self._people = Choice([(False, "调到另一个网格"), (True, "离岗")], "这里的人")
            self.ask(f"这里的 {people} 人", self._people)
            self._to = self.picker("调到哪个网格")
            box = self._to.parentWidget()
            self._people.currentIndexChanged.connect(
                lambda _: box.setVisible(not self._leaves()) if box is not None else None
            )
            self.listen(self._people)
        self._orgs: Choice | None = None
        self._seats_to: GridPicker | None = None
        if grid.seats:
            some = "、".join(seat.name for seat in grid.seats)
            self._orgs = Choice([(False, "改在另一个网格"), (True, "一起撤销")], "党组织")
            self.ask(some, self._orgs)
            self._seats_to = self.picker("党组织改在哪个网格")
            place = self._seats_to.parentWidget()
            self._orgs.currentIndexChanged.connect(
                lambda _: place.setVisible(not self._dissolves()) if place is not None else None
            )
            self.listen(self._orgs)
        if not grid.children and self._people is None and self._orgs is None:
            self.put(label("没有下级网格，也没有人，可以直接撤销。", "hint", wrap=True))

    def _leaves(self) -> bool:
        return self._people is not None and bool(self._people.currentData())

    def _dissolves(self) -> bool:
        return self._orgs is not None and bool(self._orgs.currentData())

    def operations(self) -> tuple[Operation, ...]:
        below = named(self._below, "下级网格挂到哪里") if self._below is not None else None
        to = None
        if self._to is not None and not self._leaves():
            to = named(self._to, "人调到哪里")
        leaving = tuple(held.id for held in self.grid.posts) if self._leaves() else ()
        seats_to = None
        if self._seats_to is not None and not self._dissolves():
            seats_to = to if self._seats_to.picked is None and to is not None else None
            seats_to = seats_to or named(self._seats_to, "党组织改在哪个网格")
        dissolving = tuple(seat.org_id for seat in self.grid.seats) if self._dissolves() else ()
        return (Close(self.grid.id, below, to, leaving, seats_to, dissolving),)


def remainder(total: Any, given: Sequence[Any]) -> Any:
    """What is left of a count for the one whose share nobody has written."""
    known = [value for value in given if value is not None]
    return total - sum(known, Decimal(0) if isinstance(total, Decimal) else 0)
