"""The panels of 上报: a package is made, one is taken in, offices are introduced to each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit

from gridoffice.assessment.month import MonthLine
from gridoffice.errors import OfficeError
from gridoffice.packages import attached
from gridoffice.packages.keys import SHORTEST, Card
from gridoffice.packages.partners import Partner
from gridoffice.packages.sending import Sending
from ui.widgets.grid_picker import GridPicker
from ui.widgets.parts import Box, Choice, Input, Picture, button, column, label, row, rule
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.main_window import MainWindow
    from ui.package_jobs import PackageSeen, PartSeen

WIDTH = 348
DIFFER = 4
"""So many rows that are different here are named."""


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
        self.rules = QCheckBox("发给下级：带上考核方案、规定和成绩单")
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

    def show_holds(self, number: int, holds: Sequence[tuple[str, int]]) -> None:
        """What the package would hold."""
        self.head.setText(f"第 {number} 号上报包" if holds else "上次发出以后没有变化，不用再发。")
        self.holds.clear()
        for title, count in holds:
            self.holds.put(row((label(title, "fact"), 1), label(f"{count} 行" if count else "", "fact")))
        self.save.setEnabled(bool(holds))


class ReceivePanel(SidePanel):
    """The package that was picked: who sent it, what is in it, ledger by ledger."""

    def __init__(
        self,
        open_it: Callable[[], Any],
        look_at: Callable[[PartSeen], Any],
        take: Callable[[tuple[str, ...]], Any],
        take_rules: Callable[[], Any],
        save_paper: Callable[[str], Any],
    ):
        super().__init__("收上报包", WIDTH)
        self._open, self._look, self._take, self._rules = open_it, look_at, take, take_rules
        self._paper = save_paper
        self.file: Path | None = None
        self.what = label("", "strong", wrap=True)
        self.facts = label("", "hint", wrap=True)
        self.password = secret()
        self.password.returnPressed.connect(open_it)
        self.asking = column(label("上报密码", "hint"), self.password, gap=4)
        self.parts: Box = column(gap=8)
        self.inside.put_all([self.what, self.facts, self.asking, self.parts, None])

    def ask(self, file: Path) -> None:
        """A package was picked: it opens with the password."""
        self.file = file
        self.what.setText(f"“{file.name}”")
        self.facts.setText("输入本办的上报密码，打开看看里面有什么；还不会写入。")
        self.asking.show()
        self.parts.clear()
        self.judge()
        self.act(button("打开", "folder-open", "primary", on_click=self._open))
        self.password.setFocus()

    def show_package(self, seen: PackageSeen) -> None:
        """What is in it, and what is to be done."""
        self.asking.hide()
        self.password.clear()
        kind = "全部" if seen.whole else "只有变化"
        self.what.setText(f"{seen.partner}·第 {seen.number} 号")
        self.facts.setText(f"{seen.made} 做的，{kind}" + (f"，{seen.month} 考核" if seen.month else ""))
        self.parts.clear()
        for part in seen.parts:
            self.parts.put(self._part(part))
        if seen.rules:
            self.parts.put(rule())
            take = button("采用", "check", on_click=self._rules)
            self.parts.put(row((label(f"上级的考核方案和规定 {seen.rules} 份", "fact", wrap=True), 1), take))
        for title in seen.papers:
            save = button("存出", "download", on_click=lambda title=title: self._paper(title))
            self.parts.put(row((label(title, "fact", wrap=True), 1), save))
        left = [part for part in seen.parts if not part.done]
        stopped = [part for part in left if part.blocked]
        self.judge()
        if stopped:
            how = "看过再点“只办对得上的”。" if stopped[0].gone else "点“核对”逐行看。"
            words = f"{stopped[0].title}有 {stopped[0].blocked} 行要先处理，{how}"
            self.judge(
                row(Picture("alert-triangle", "warn", 16), (label(words, "fact", wrap=True), 1), gap=6)
            )
        count = len(left) if not stopped else left.index(stopped[0])
        write = button(f"写入 {count} 份台账", "check", "primary", on_click=lambda: self._take(()))
        write.setEnabled(bool(count))
        self.act(*([write] if left else [label("这个包已经收完。", "fact")]))

    def _part(self, part: PartSeen) -> Box:
        sign, ink = ("circle-check", "ok") if part.done else ("clock", "text3")
        if part.blocked:
            sign, ink = "alert-triangle", "warn"
        unit = "份" if part.key == attached.KEY else "行"
        words = column(
            label(f"{part.title}　{part.rows} {unit}", "strong"),
            label(part.words, "hint", wrap=True),
            gap=2,
        )
        for said in part.differ[:DIFFER]:
            words.put(label(said, "hint", wrap=True))
        if len(part.differ) > DIFFER:
            words.put(label(f"这样的还有 {len(part.differ) - DIFFER} 行。", "hint"))
        check = []
        if part.gone and part.blocked:
            good = button("只办对得上的", kind="link", on_click=lambda: self._take((part.key,)))
            words.put(row(good, None))
        elif not part.done and not part.gone:
            check = [button("核对", "eye", "quiet", on_click=lambda: self._look(part))]
        return row(Picture(sign, ink, 16), (words, 1), *check, gap=8)


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
