"""The panels of 上报: a package is made, offices are introduced to each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit

from gridoffice.assessment.month import MonthLine
from gridoffice.errors import OfficeError
from gridoffice.packages.keys import SHORTEST, Card
from gridoffice.packages.partners import Partner
from gridoffice.packages.preparing import Sending
from ui.widgets.grid_picker import GridPicker
from ui.widgets.parts import Box, Choice, Input, button, column, label, row, rule
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.main_window import MainWindow

WIDTH = 348


def secret(name: str = "上报密码", hint: str = "") -> Input:
    """A line for a password."""
    made = Input(hint, name=name)
    made.setEchoMode(QLineEdit.EchoMode.Password)
    return made


class SendPanel(SidePanel):
    """To whom, what, since when. `asked` when the summary is to be made anew."""

    asked = Signal()

    def __init__(self, send: Callable[[], Any]):
        super().__init__("发出上报包", WIDTH)
        self.to = Choice((), "发给谁")
        self.what = Choice([(False, "上次发出以后的变化"), (True, "全部")], "发什么")
        self.month = Choice((), "考核原始值")
        self.rules = QCheckBox("发给下级：带上治理模式、考核方案、规定和成绩单")
        self.password = secret()
        self.holds: Box = column(gap=4)
        self.head = label("", "strong", wrap=True)
        self.inside.put_all(
            [
                column(label("发给谁", "hint"), self.to, gap=4),
                column(label("发什么", "hint"), self.what, gap=4),
                column(label("带上一个月的考核原始值", "hint"), self.month, gap=4),
                self.rules,
                rule(),
                self.head,
                self.holds,
                rule(),
                column(label("上报密码", "hint"), self.password, gap=4),
                label("包里有完整的身份证号和电话，只有对方打得开。", "hint", wrap=True),
                None,
            ]
        )
        self.save = button("存成文件", "device-floppy", "primary", on_click=send)
        self.act(self.save)
        for choice in (self.to, self.what, self.month):
            choice.activated.connect(lambda _: self.asked.emit())
        self.rules.clicked.connect(lambda _: self.asked.emit())
        self.password.returnPressed.connect(send)

    def fill(self, known: Sequence[Partner], months: Sequence[MonthLine]) -> None:
        """Whom and what there is to choose from."""
        now = self.to.currentData()
        trusted = [one for one in known if one.confirmed]
        self.to.fill([(one.id, one.name) for one in trusted])
        self.to.setCurrentIndex(max(0, self.to.findData(now)))
        self.month.fill([("", "不带"), *((line.address, line.words) for line in months)])
        self.save.setEnabled(bool(trusted))

    def wish(self) -> Sending | None:
        """What is wished; None while there is nobody to send to."""
        if self.to.currentData() is None:
            return None
        return Sending(
            self.to.currentData(),
            whole=self.what.currentData(),
            month=self.month.currentData() or None,
            rules=self.rules.isChecked(),
        )

    def show_holds(self, number: int, holds: Sequence[tuple[str, str]]) -> None:
        """What the package would hold."""
        self.head.setText(f"第 {number} 号上报包" if holds else "上次发出以后没有变化，不用再发。")
        self.holds.clear()
        for title, count in holds:
            self.holds.put(row((label(title, "fact"), 1), label(count, "fact")))
        self.save.setEnabled(bool(holds))


class PartnersPanel(SidePanel):
    """The office's own card and password, and the offices it knows."""

    def __init__(
        self,
        desk: MainWindow,
        make: Callable[[], Any],
        save_card: Callable[[], Any],
        read_card: Callable[[], Any],
        confirm: Callable[[Partner], Any],
        remove: Callable[[Partner], Any],
        add: Callable[[], Any],
        may: bool,
    ):
        super().__init__("名片和往来单位", WIDTH)
        self._make, self._save_card, self._read_card = make, save_card, read_card
        self._confirm, self._remove, self._add, self._may = confirm, remove, add, may
        self.first, self.second = secret("新的上报密码"), secret("再输一遍")
        self.old = secret("现在的上报密码")
        self._desk = desk
        self.own_card: Card | None = None
        self.card: Card | None = None
        self.place = self._picker()
        self.same = QCheckBox("电话里念过，一字不差")
        self.own: Box = column(gap=8)
        self.new: Box = column(gap=8)
        self.known: Box = column(gap=10)
        self.inside.put_all([self.own, rule(), label("往来单位", "section"), self.known, self.new, None])

    def _picker(self) -> GridPicker:
        return GridPicker(self._desk.runner, self._desk.find_grids, "管哪里", "上级单位就空着")

    def show_own(self, card: Card | None) -> None:
        """The own card; without keys, how to get them."""
        self.own_card = card
        self.own.clear()
        self.first, self.second, self.old = (
            secret("新的上报密码"),
            secret("再输一遍"),
            secret("现在的上报密码"),
        )
        twice = column(
            label(f"新的上报密码，至少 {SHORTEST} 个字符", "hint"),
            self.first,
            label("再输一遍", "hint"),
            self.second,
            gap=4,
        )
        words = "设密码，生成密钥" if card is None else "改密码"
        make = button(words, "lock", on_click=self._make)
        make.setEnabled(self._may)
        if card is None:
            said = "还没有密钥。设一个上报密码：发包、收包都要用，忘了就打不开收到的包。"
            self.own.put_all(
                [label("本办", "section"), label(said, "hint", wrap=True), twice, row(make, None)]
            )
            return
        self.own.put_all(
            [
                label(card.name, "section"),
                label("指纹，打电话时念给对方听", "hint"),
                label(card.fingerprint, "strong", wrap=True),
                row(button("存出名片", "download", on_click=self._save_card), None),
                column(label("现在的上报密码", "hint"), self.old, gap=4),
                twice,
                row(make, None),
            ]
        )

    def password(self) -> str:
        """The new password. Raises `OfficeError` when both lines differ."""
        if self.first.text() != self.second.text():
            raise OfficeError("两遍密码不一样，重新输。")
        return self.first.text()

    def show_partners(self, known: Sequence[Partner]) -> None:
        """Everybody known, and how another is added."""
        self.known.clear()
        if not known:
            said = "还没有。让对方在“上报”里存出名片，拷过来读入。"
            self.known.put(label(said, "fact", wrap=True))
        for one in known:
            self.known.put(self._partner(one))
        self.show_card(None)

    def _partner(self, one: Partner) -> Box:
        away = button("", "x", "quiet", tip=f"删去“{one.name}”", on_click=lambda: self._remove(one))
        sure = button("指纹一致", "check", on_click=lambda: self._confirm(one))
        for part in (away, sure):
            part.setEnabled(self._may)
        parts: list[Any] = [row((label(one.name, "strong", elide=True), 1), away, gap=4)]
        if one.place:
            parts.append(label(f"管{one.place}", "hint"))
        parts.append(label(one.fingerprint, "fact", wrap=True))
        if not one.confirmed:
            parts.append(row(label("还没核对，不能收发", "error"), None, sure, gap=8))
        return column(*parts, gap=2)

    def show_card(self, card: Card | None) -> None:
        """A card that was read waits for its fingerprint to be compared; None: one can be read."""
        self.card = card
        self.new.clear()
        if card is None:
            read = button("读入名片", "upload", on_click=self._read_card)
            read.setEnabled(self._may)
            self.new.put(row(read, None))
            return
        self.same, self.place = QCheckBox("电话里念过，一字不差"), self._picker()
        self.new.put_all(
            [
                rule(),
                label(f"“{card.name}”的名片", "section"),
                label("给对方打电话，请他念指纹，和这里一个数字一个数字对：", "hint", wrap=True),
                label(card.fingerprint, "strong", wrap=True),
                self.same,
                column(label("它管哪个网格", "hint"), self.place, gap=4),
                row(button("登记", "check", "primary", on_click=self._add), None),
            ]
        )
