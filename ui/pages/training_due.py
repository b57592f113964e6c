"""排名单: who is due at a training, beside its sheet; all of them, those short of hours, or somebody by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox

from gridoffice.errors import OfficeError
from gridoffice.training.invitations import Due, due
from gridoffice.training.sheet import invite
from ui.widgets.badges import note
from ui.widgets.parts import Box, button, column, label, rule
from ui.widgets.person_picker import PersonPicker
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.main_window import MainWindow

SHOWN = 80
"""So many people are named; more are counted."""


class DuePanel(SidePanel):
    """Who may be asked to come, narrowed by two conditions; the foot asks them."""

    invited = Signal()

    def __init__(self, desk: MainWindow, training_id: int, name: str):
        super().__init__("排名单")
        self.desk, self.training_id = desk, training_id
        self.found: Sequence[Due] = ()
        self.picker = PersonPicker(desk, "加一个人")
        self.picker.changed.connect(self._picked)
        self.short = QCheckBox("只要学时不够的")
        self.fresh = QCheckBox("只要还没参加过同类培训的")
        for box in (self.short, self.fresh):
            box.clicked.connect(lambda _=False: self._show())
        self._said = label("", "strong")
        self._listed: Box = column(gap=6)
        self._button = button("通知", "check", "primary", keys="Ctrl+S", on_click=self.save)
        self.inside.put(label(name, "fact", wrap=True))
        self.inside.put(column(label("加一个人", "hint"), self.picker, gap=2))
        self.inside.put(rule())
        self.inside.put(label("按岗位和范围该来的人", "strong"))
        self.inside.put(self.short)
        self.inside.put(self.fresh)
        self.inside.put(self._said)
        self.inside.put(self._listed)
        self.inside.put(None)
        self.act(self._button, button("取消", on_click=self.closed.emit))
        self.again()

    def again(self) -> None:
        """Ask anew: somebody was put on the sheet."""
        self.desk.read(
            self, due, self.training_id, then=self._arrived, topic="due", wrong=self._refused, heavy=True
        )

    def _arrived(self, found: Sequence[Due]) -> None:
        self.found = found
        waiting = [one for one in found if not one.on]
        self.short.setText(f"只要学时不够的（{sum(bool(one.missing) for one in waiting)} 人）")
        self.fresh.setText(f"只要还没参加过同类培训的（{sum(not one.been for one in waiting)} 人）")
        self._show()

    def chosen(self) -> list[Due]:
        """Those who meet the conditions and are not on the sheet yet."""
        return [
            one
            for one in self.found
            if not one.on
            and (one.missing or not self.short.isChecked())
            and not (one.been and self.fresh.isChecked())
        ]

    def _show(self) -> None:
        chosen = self.chosen()
        on = sum(one.on for one in self.found)
        self._said.setText(f"{len(chosen)} 人可以通知" + (f"，{on} 人已在名单上" if on else ""))
        self._listed.clear()
        for one in chosen[:SHOWN]:
            missing = f"还差 {one.missing.normalize():f} 学时" if one.missing else ""
            been = "参加过同类培训" if one.been else ""
            below = "　".join(part for part in (one.title, missing, been) if part)
            self._listed.put(column(label(one.name, "name"), label(below, "small", elide=True), gap=0))
        if len(chosen) > SHOWN:
            self._listed.put(label(f"还有 {len(chosen) - SHOWN} 人。", "hint"))
        self._button.say(f"通知 {len(chosen)} 人")
        self._button.setEnabled(bool(chosen))
        self._button.setToolTip("" if chosen else "没有还要通知的人。")

    def _picked(self) -> None:
        """Somebody named goes on the sheet at once."""
        person_id = self.picker.picked
        if person_id is not None:
            self.desk.write(
                self, invite, self.training_id, [person_id], then=lambda _: self._named(), wrong=self._refused
            )

    def _named(self) -> None:
        self.picker.choose(None, "")
        self.picker.line.setFocus()
        self.invited.emit()
        self.again()

    def save(self) -> None:
        chosen = [one.person_id for one in self.chosen()]
        if chosen:
            self.desk.write(
                self,
                invite,
                self.training_id,
                chosen,
                then=lambda _: self.closed.emit(),
                wrong=self._refused,
            )

    def _refused(self, error: Exception) -> None:
        if isinstance(error, OfficeError):
            self.judge(note("err", error.message))
        else:
            self.desk.complain(error)
