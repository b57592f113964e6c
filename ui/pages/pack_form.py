"""治理模式: everything that a pack of the office's own says as a form, one part at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal

from gridoffice.errors import Problem
from gridoffice.grids.pack_edits import Part
from gridoffice.grids.pack_groups import Group
from ui.widgets.form import Form
from ui.widgets.parts import Box, Choice, button, column, label, row

Shown = tuple[Group, int]
"""Which part is looked at: its group, and its place there."""


class PackForm(Box):
    """Group and part are chosen above the form. What was written of one is given up by going to another."""

    adding = Signal(object)
    removing = Signal(object, int)

    def __init__(self, parts: Sequence[Part], shown: Shown | None = None):
        super().__init__([], True, 10, (0, 0, 0, 0), "", None, None)
        self._parts = {(part.group, part.place): part for part in parts}
        self.group = Choice([(one, one.label) for one in Group], "治理模式的哪一部分")
        self.part = Choice((), "哪一项")
        self._part_box = column(self.part, gap=0)
        self._add = button("添一项", "plus", "link", on_click=lambda: self.adding.emit(self.shown[0]))
        self._remove = button("删去这一项", "x", "link", on_click=lambda: self.removing.emit(*self.shown))
        self._place = column(gap=0)
        self.group.activated.connect(lambda _: self._turn())
        self.part.activated.connect(lambda _: self._show())
        self.put_all(
            [
                column(label("哪一部分", "hint"), self.group, self._part_box, gap=4),
                self._place,
                row(self._add, self._remove, None, gap=12),
                label("空着的不检查，也不印出来。", "hint", wrap=True),
            ]
        )
        wanted = shown if shown in self._parts else self._first()
        self.group.setCurrentIndex(self.group.findData(wanted[0]))
        self._turn(wanted[1])

    def _first(self) -> Shown:
        """The first kind with a norm: that is what is changed most."""
        kinds = [part for part in self._parts.values() if part.group is Group.KIND]
        found = next((part.place for part in kinds if part.households), 0)
        return Group.KIND, found

    @property
    def shown(self) -> Shown:
        """The part that is shown."""
        return Group(self.group.currentData()), self.part.currentData() or 0

    def begin(self, part: Part) -> None:
        """A new part, to be filled in."""
        self._parts[part.group, part.place] = part
        self.group.setCurrentIndex(self.group.findData(part.group))
        self._turn(part.place)
        self.form.first().setFocus()

    def _turn(self, place: int = 0) -> None:
        group = self.shown[0]
        those = [part for part in self._parts.values() if part.group is group]
        self.part.fill([(part.place, part.label or "新的一项") for part in those])
        self.part.setCurrentIndex(max(0, self.part.findData(place)))
        self._part_box.setVisible(group.many and bool(those))
        self._add.setVisible(group.many)
        self._show()

    def _show(self) -> None:
        part = self._parts.get(self.shown)
        self._place.clear()
        self._remove.setVisible(part is not None and part.group.many and bool(part.label))
        if part is None:
            self.form = Form((), None)
            self._place.put(label(f"还没有写{self.shown[0].label}。", "hint"))
            return
        self.form = Form(part.columns, part, hints=part.hints)
        self._place.put(self.form)

    @property
    def seen(self) -> Mapping[str, Any]:
        """The part as it stood when it was read."""
        part = self._parts.get(self.shown)
        return part.values if part is not None else {}

    def take(self) -> Mapping[str, Any] | None:
        """What changed, by column; None when something is wrong (and is then said in its place)."""
        return self.form.take()

    def complain(self, problems: Sequence[Problem]) -> bool:
        return self.form.complain(problems)
