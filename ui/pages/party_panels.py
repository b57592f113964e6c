"""Panels of the party's pages: an organisation set up, a member entered for a grid, a day chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from db.enums import PartyOrgKind
from gridoffice.both_changed import BothChanged
from gridoffice.errors import OfficeError, RuleBroken
from gridoffice.fields import Field, Kind
from gridoffice.party.proposals import LinkProposal, OrgProposal, link_proposal, org_names
from gridoffice.party.service import save_link, save_org
from gridoffice.values import parse
from ui.pages.text_meeting import ask_both
from ui.widgets.badges import note
from ui.widgets.drawer import PANEL
from ui.widgets.grid_picker import GridPicker
from ui.widgets.parts import Box, Button, Choice, Input, button, column, label, row, rule
from ui.widgets.person_picker import PersonPicker
from ui.widgets.picker import Picker
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class OrgPicker(Picker):
    """A line in which one party organisation is named."""

    nobody = "没有这个党组织。"

    def __init__(self, desk: MainWindow, name: str, hint: str = "党组织名称"):
        super().__init__(desk.runner, lambda text: desk.office.read(org_names, text), name, hint)

    def number_of(self, hit: tuple[int, str]) -> int:
        return hit[0]

    def words_of(self, hit: tuple[int, str]) -> str:
        return hit[1]

    def offer(self, hit: tuple[int, str], take: Callable[[], None]) -> QWidget:
        return row(button(hit[1], kind="link", tip=hit[1], on_click=take), None)


def asked(words: str, *parts: QWidget) -> Box:
    """What is asked, and where it is answered."""
    return column(label(words, "hint"), *parts, gap=2)


class DayLine(Input):
    """A line for a day; empty is no day."""

    def __init__(self, name: str, day: date | None):
        super().__init__("2026-06-28", name=name)
        self._name = name
        self.setText(day.isoformat() if day is not None else "")

    def day(self) -> date | None:
        """Raises `RuleBroken` when it makes no sense."""
        found, problems = parse(Field(self._name, Kind.DATE), self.text())
        if problems:
            raise RuleBroken(problems[0].message)
        return found

    def needed(self) -> date:
        """Raises `RuleBroken` when none is written."""
        found = self.day()
        if found is None:
            raise RuleBroken(f"没写{self._name}。")
        return found


class DeedPanel(SidePanel):
    """Something that is filled in and done; what forbids it is said in the panel."""

    saved = Signal(object)

    def __init__(self, desk: MainWindow, title: str, verb: str):
        super().__init__(title, PANEL)
        self.desk = desk
        self._do = button(verb, "check", "primary", keys="Ctrl+S", on_click=self.save)
        self.act(self._do, button("取消", on_click=self.closed.emit))

    def deed(self) -> tuple[Any, ...]:
        """The service and what it takes. Raises `RuleBroken` when something is missing."""
        raise NotImplementedError

    def save(self) -> None:
        try:
            service, *args = self.deed()
        except RuleBroken as error:
            self._refused(error)
            return
        self.do(service, *args)

    def do(self, service: Any, *args: Any) -> None:
        """Carry it out; what forbids it is said here, and what somebody else changed is chosen from."""
        self.desk.write(self, service, *args, then=self.saved.emit, wrong=self._refused)

    def settle(self, chosen: Any, now: Any) -> tuple[Any, ...]:
        """The deed once more, with what was chosen when `now` stood."""
        raise NotImplementedError

    def _refused(self, error: Exception) -> None:
        if isinstance(error, BothChanged):
            ask_both(self.desk.page, error, lambda chosen, now: self.do(*self.settle(chosen, now)), self)
        elif isinstance(error, OfficeError):
            self.judge(note("err", error.message))
        else:
            self.desk.complain(error)

    def begin(self) -> None:
        """Give the keyboard to the first thing that is asked."""
        raise NotImplementedError


class OrgPanel(DeedPanel):
    """建立党组织: proposed for a grid where one lacks."""

    def __init__(self, desk: MainWindow, proposal: OrgProposal | None = None):
        super().__init__(desk, "建立党组织", "建立党组织")
        self.name = Input("例如：柳荫第四网格党支部", name="党组织名称")
        self.kind = Choice([(None, "看名称定"), *((one, one.label) for one in PartyOrgKind)], "党组织类型")
        self.parent_org = OrgPicker(desk, "上级党组织")
        self.grids = ManyGrids(desk)
        self.secretary = PersonPicker(desk, "书记（组长）", "姓名、拼音、电话；不在册的写姓名")
        self.phone = Input("例如：13800000012", name="联系电话")
        self.since = DayLine("成立日期", desk.day)
        self.inside.put_all(
            [
                asked("党组织名称", self.name),
                asked("党组织类型", self.kind),
                asked("上级党组织（没有就不写）", self.parent_org),
                asked("所在网格（可以有几个）", self.grids),
                asked("书记（组长）", self.secretary),
                asked("联系电话", self.phone),
                asked("成立日期", self.since),
                None,
            ]
        )
        if proposal is not None:
            self.name.setText(proposal.name)
            self.kind.setCurrentIndex(1 + list(PartyOrgKind).index(proposal.kind))
            self.grids.add(proposal.grid_id, proposal.grid)
            if proposal.parent_id is not None:
                self.parent_org.choose(proposal.parent_id, proposal.parent)

    def begin(self) -> None:
        self.name.setFocus()
        self.name.selectAll()

    def deed(self) -> tuple[Any, ...]:
        if self.parent_org.line.text().strip() and self.parent_org.picked is None:
            raise RuleBroken("上级党组织从下面列出的里选一个。")
        kind = self.kind.currentData()
        values: dict[str, Any] = {
            "name": self.name.text().strip(),
            "kind": PartyOrgKind(kind) if kind else None,
            "parent_id": self.parent_org.picked,
            "grid_ids": self.grids.numbers(),
            "phone": self.phone.text().strip() or None,
            "from_day": self.since.day(),
        }
        if self.secretary.picked is not None:
            values["secretary_id"] = self.secretary.picked
        else:
            values["secretary"] = self.secretary.line.text().strip() or None
        return save_org, None, values


class ManyGrids(Box):
    """Several grids: those chosen, each with a way out, and a line for one more."""

    changed = Signal()

    def __init__(self, desk: MainWindow, name: str = "所在网格"):
        self._listed = column(gap=2)
        self.picker = GridPicker(desk.runner, desk.find_grids, name)
        super().__init__([self._listed, self.picker], True, 4, (0, 0, 0, 0), "", None, None)
        self._chosen: dict[int, str] = {}
        self.picker.changed.connect(self._take)

    def _take(self) -> None:
        if self.picker.picked is not None:
            number, words = self.picker.picked, self.picker.line.text()
            self.picker.choose(None, "")
            self.add(number, words)

    def add(self, number: int, words: str) -> None:
        self._chosen[number] = words
        self._show()

    def _drop(self, number: int) -> None:
        self._chosen.pop(number, None)
        self.picker.setFocus()
        self._show()

    def _show(self) -> None:
        self._listed.clear()
        for number, words in self._chosen.items():
            out = button(
                "", "x", "quiet", tip=f"去掉{words}", on_click=lambda number=number: self._drop(number)
            )
            self._listed.put(row((label(words, elide=True), 1), out, gap=4))
        self.changed.emit()

    def numbers(self) -> list[int]:
        return list(self._chosen)


class LinkPanel(DeedPanel):
    """党员入格: who answers for which grid; those who could are offered, one click each."""

    def __init__(self, desk: MainWindow, kinds: Sequence[str], proposal: LinkProposal | None = None):
        super().__init__(desk, "党员入格", "入格")
        self.grid = GridPicker(desk.runner, desk.find_grids, "所入网格")
        self.person = PersonPicker(desk, "党员")
        self.kind = Choice([(None, "按网格类型定"), *((one, one) for one in kinds)], "入格类别")
        self.duty = Input("例如：联系困难户、政策宣讲", name="职责")
        self.since = DayLine("起始日期", desk.day)
        self._offers = column(gap=4)
        self._told: int | None = None
        self.inside.put_all(
            [
                asked("所入网格", self.grid),
                self._offers,
                asked("党员", self.person),
                asked("入格类别", self.kind),
                asked("职责", self.duty),
                asked("起始日期", self.since),
                None,
            ]
        )
        self.grid.changed.connect(self._grid_changed)
        if proposal is not None:
            self._told = proposal.grid_id
            self.grid.choose(proposal.grid_id, proposal.grid)
            self._propose(proposal)

    def begin(self) -> None:
        (self.grid if self.grid.picked is None else self.person).setFocus()

    def _grid_changed(self) -> None:
        number = self.grid.picked
        if number != self._told:
            self._told = number
            self._offers.clear()
            if number is not None:
                self.desk.read(
                    self, link_proposal, number, self.desk.day, then=self._propose, topic="link proposal"
                )

    def _propose(self, found: LinkProposal) -> None:
        self._offers.clear()
        place = self.kind.findData(found.kind) if found.kind else 0
        self.kind.setCurrentIndex(max(place, 0))
        if not found.candidates:
            return
        self._offers.put(label("可以请谁（点一下就入格）", "hint"))
        for one in found.candidates:
            self._offers.put(
                row(
                    (column(label(one.name, "name"), label(one.reason, "hint", wrap=True), gap=0), 1),
                    self._one_click(one.person_id, one.name),
                    gap=8,
                )
            )
        self._offers.put(rule())

    def _one_click(self, person_id: int, name: str) -> Button:
        made = button("入格", "plus", "link", on_click=lambda: self._take(person_id, name))
        made.setAccessibleName(f"让{name}入格")
        return made

    def _take(self, person_id: int, name: str) -> None:
        self.person.choose(person_id, name)
        self.save()

    def deed(self) -> tuple[Any, ...]:
        if self.grid.picked is None:
            raise RuleBroken("所入网格从下面列出的里选一个。")
        if self.person.picked is None:
            raise RuleBroken("党员从下面列出的里选一个。")
        values = {
            "person_id": self.person.picked,
            "grid_id": self.grid.picked,
            "kind": self.kind.currentData(),
            "duty": self.duty.text().strip() or None,
            "from_day": self.since.day(),
        }
        return save_link, None, values
