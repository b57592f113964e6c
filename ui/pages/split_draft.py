"""Splitting a grid: what the parts are called, how homes are shared out, and who goes where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gridoffice.errors import RuleBroken
from gridoffice.fields import Column
from gridoffice.grids.operations import Facts, Operation, Share, Split
from gridoffice.grids.pack import Pack
from gridoffice.grids.sharing import Measure, Weighed, share_out, weighed
from gridoffice.grids.sketch import COUNTED
from gridoffice.grids.surroundings import Surroundings
from ui.pages.change_drafts import Draft, asked, remainder, told
from ui.widgets.badges import note
from ui.widgets.form import Form
from ui.widgets.parts import Box, Choice, button, column, label, row, rule

if TYPE_CHECKING:
    from ui.main_window import MainWindow

MOST = 6
"""Parts that one form has room for."""


class SplitDraft(Draft):
    """The first part keeps the grid's number and code; whoever is not sent elsewhere stays with it."""

    verb = "拆分"

    def __init__(self, desk: MainWindow, grids: Sequence[Surroundings], pack: Pack):
        super().__init__(desk, grids, pack)
        state = self.grid.state
        self._counted = [name for name in COUNTED if getattr(state, name) is not None]
        self._parts: list[Form] = []
        self._looks: list[Box] = []
        self._kind = next((kind for kind in pack.kinds if kind.key == state.kind), None)
        self._by = Choice([(one, one.label) for one in Measure], "按什么平分")
        share = button("平分", "arrows-exchange", tip="按选的一样分好，分完还能改", on_click=self._share)
        self.put(row(label("按", "hint"), (self._by, 1), share, gap=8, height=32))
        self._boxes = column(gap=8)
        self._places: dict[tuple[str, int], Choice] = {}
        self.put(self._boxes)
        self._more = button("再分一个", "plus", "link", on_click=self._add)
        self.put(row(self._more, None))
        self._add()
        self._add()
        self._put_places("下级网格", "child", list(self.grid.children))
        self._put_places(
            "人员", "post", [(held.id, f"{held.name}（{held.title}）") for held in self.grid.posts]
        )
        self._put_places("入格党员", "link", [(held.id, held.name) for held in self.grid.links])
        self.changed.connect(self._weigh)
        self._weigh()

    def _columns(self) -> list[Column]:
        return asked("name", *self._counted)

    def _add(self) -> None:
        first = not self._parts
        if len(self._parts) >= MOST:
            return
        made = Form(self._columns(), self.grid.state if first else None)
        words = "第 1 个（沿用原编码）" if first else f"第 {len(self._parts) + 1} 个（新编码）"
        self._parts.append(made)
        self._looks.append(column(gap=2))
        self._boxes.put(column(label(words, "name"), made, self._looks[-1], gap=4))
        for name, field in made.fields.items():
            self.listen(field.input)
            if name in self._counted and not first:
                made.watch(name, lambda name=name: self._share_out(name))
        made.fields["name"].input.textChanged.connect(lambda _: self._name_places())  # type: ignore[attr-defined]
        self._more.setVisible(len(self._parts) < MOST)
        self._name_places()
        self.changed.emit()

    def _share_out(self, name: str) -> None:
        """What the others do not have stays with the first."""
        given = []
        for form in self._parts[1:]:
            value, problems = form.fields[name].take()
            if problems:
                return
            given.append(value)
        rest = remainder(getattr(self.grid.state, name), given)
        if rest >= 0:
            self._parts[0].fields[name].input.setText(f"{rest}")  # type: ignore[attr-defined]

    # alike, and beside the norms

    def _share(self) -> None:
        """Parts that are alike by what is chosen; whatever was written is written over."""
        counts = {name: getattr(self.grid.state, name) for name in COUNTED}
        people = [held.id for held in self.grid.posts]
        by = Measure(self._by.currentData())
        for at, one in enumerate(share_out(counts, self.grid.below, people, len(self._parts), by)):
            for name, count in one.facts.items():
                self._parts[at].fields[name].input.setText(f"{count}")  # type: ignore[attr-defined]
            for what, numbers in (("child", one.below), ("post", one.people)):
                for number in numbers:
                    self._places[what, number].setCurrentIndex(at)
        # the last figure typed shares the rest out to the first part: it is the same already
        self.changed.emit()

    def _weigh(self) -> None:
        """Below each part what it would come to, as it is written so far."""
        if self._kind is None:
            return
        for at, (form, look) in enumerate(zip(self._parts, self._looks, strict=True)):
            facts = {name: form.fields[name].take()[0] for name in self._counted}
            sent = set(self._sent("post", at))
            held = [
                (one.title, self.grid.employment[one.id].value) for one in self.grid.posts if one.id in sent
            ]
            look.clear()
            if all(facts[name] is None for name in self._counted):
                continue
            said = weighed(self._kind, facts, held, self.grid.state.zone)
            for words in said.faults:
                look.put(note("warn", words))
            look.put(label(_in_words(said, len(held)), "hint", wrap=True))

    # who goes where

    def _put_places(self, words: str, what: str, entries: Sequence[tuple[int, str]]) -> None:
        if not entries:
            return
        self.put(rule())
        self.put(label(f"{words} {len(entries)}", "name"))
        group: Box = column(gap=4)
        for number, name in entries:
            place = Choice((), f"{name}去哪里", 148)
            self._places[what, number] = place
            self.listen(place)
            group.put(row((label(name, elide=True), 1), place, gap=8, height=32))
        self.put(group)
        self._name_places()

    def _name_places(self) -> None:
        """The parts by the names written so far, in every choice."""
        names = []
        for at, form in enumerate(self._parts):
            text = str(form.fields["name"].text()).strip()
            names.append(
                (at, text if text and (at == 0 or text != self.grid.state.name) else f"第 {at + 1} 个")
            )
        for place in self._places.values():
            before = max(0, place.currentIndex())
            place.blockSignals(True)
            place.fill(names)
            place.setCurrentIndex(before)
            place.blockSignals(False)

    def _sent(self, what: str, at: int) -> tuple[int, ...]:
        return tuple(
            number
            for (kind, number), place in self._places.items()
            if kind == what and place.currentIndex() == at
        )

    def operations(self) -> tuple[Operation, ...]:
        shares = []
        for at, form in enumerate(self._parts):
            said: dict[str, Any] = told(form)
            facts = {name: said[name] for name in self._counted}
            if at == 0:
                facts["extent"] = self.grid.state.extent
            shares.append(
                Share(
                    name=said["name"],
                    facts=Facts(**facts),
                    keeps=at == 0,
                    workers=self._sent("post", at),
                    links=self._sent("link", at),
                    children=self._sent("child", at),
                )
            )
        if len({share.name for share in shares}) < len(shares):
            raise RuleBroken("两个网格同名，换个名称。")
        return (Split(self.grid.id, tuple(shares)),)


def _in_words(said: Weighed, people: int) -> str:
    """What a part comes to in one line."""
    parts = []
    if said.hours is not None and said.limit is not None:
        parts.append(f"每人走完一遍约 {said.hours} 小时，标准 {said.limit:f} 小时")
    if said.required is not None:
        parts.append(f"应配 {said.required} 人，分到 {said.present} 人")
    else:
        parts.append(f"分到 {people} 人")
    return "；".join([*parts, *(["合标准"] if not said.faults else [])])
