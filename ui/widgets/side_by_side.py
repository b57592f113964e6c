"""Two records of one person beside each other: what they share, and which value stands where they differ."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from PySide6.QtWidgets import QButtonGroup, QRadioButton

from gridoffice.fields import Field, columns
from gridoffice.masking import mask_apart
from gridoffice.overview.look_alikes import SideBySide, place_of
from gridoffice.people.merging import PHOTO
from gridoffice.people.rows import PersonalRow
from gridoffice.values import show
from ui.widgets.form import NAME_WIDTH
from ui.widgets.parts import Box, Child, Input, column, label, row, rule, size


class Comparison(Box):
    """A line a field; where both say something different the clerk chooses, the kept one's at first."""

    def __init__(self, said: SideBySide):
        super().__init__([], True, 4, (0, 0, 0, 0), "", None, None)
        self.said = said
        self._groups: dict[str, QButtonGroup] = {}
        self._line("", label("留下的", "strong"), label("并进去的", "strong"))
        differs = {name for name, _, _ in said.merging.differs}
        fills = set(said.merging.fills)
        for what in columns(PersonalRow):
            one, other = getattr(said.kept, what.name), getattr(said.dropped, what.name)
            if one is None and other is None:
                continue
            if what.name == "id_number" and said.merging.numbers:
                self._choice(
                    what.name,
                    what.field.label,
                    mask_apart(str(one), str(other)),
                    mask_apart(str(other), str(one)),
                )
                self._groups[what.name].setExclusive(False)
                self._groups[what.name].button(0).setChecked(False)  # which is right the clerk must say
                self._groups[what.name].setExclusive(True)
            elif what.name in differs:
                self._choice(what.name, what.field.label, _words(what.field, one), _words(what.field, other))
            else:
                right = "一样" if one == other else _words(what.field, other)
                left = "会补上" if what.name in fills else _words(what.field, one)
                self._line(what.field.label, label(left, wrap=True), label(right, "hint", wrap=True))
        if said.merging.photos:
            self._choice(PHOTO, "照片", "用这边的", "用那边的")
        self.reason = Input("例如：核对户口簿，后三位抄错", name="为什么是同一个人")
        if said.merging.numbers:
            self.put(label("为什么是同一个人　必填", "hint"))
            self.put(self.reason)
        self.put(rule())
        one, other = said.kept_wears, said.dropped_wears
        for name, left, right in (
            ("岗位", place_of(one), place_of(other)),
            ("党员", one.member.label if one.member else "", other.member.label if other.member else ""),
            ("证书", _count(one.certificates, "本"), _count(other.certificates, "本")),
            ("两年学时", _count(one.hours, "学时"), _count(other.hours, "学时")),
        ):
            if left or right:
                self._line(name, label(left, "fact", wrap=True), label(right, "fact", wrap=True))

    def taken(self) -> list[str]:
        """The columns whose value is the other record's."""
        return [name for name, group in self._groups.items() if group.checkedId() == 1]

    def lacks(self) -> str:
        """What the clerk has still to say before the two can be made one; empty when nothing is missing."""
        if not self.said.merging.numbers:
            return ""
        if self._groups["id_number"].checkedId() < 0:
            return "两个身份证号，点一下哪个是对的。"
        return "" if self.reason.text().strip() else "写明凭什么认定是同一个人。"

    def choose(self, name: str, other: bool) -> None:
        """Let the one's or the other's value stand."""
        self._groups[name].button(int(other)).setChecked(True)

    def _line(self, name: str, left: Child, right: Child) -> None:
        caption = label(name, "hint")
        size(caption, NAME_WIDTH)
        cells = [
            (cell, 1) for cell in (left, right) if not isinstance(cell, int | tuple) and cell is not None
        ]
        self.put(row(caption, *cells, gap=8))

    def _choice(self, name: str, words: str, left: str, right: str) -> None:
        group = QButtonGroup(self)
        parts = []
        for number, text in enumerate((left, right)):
            made = QRadioButton(text)
            made.setToolTip(text)
            made.setAccessibleName(f"{words}用{'并进去的' if number else '留下的'}：{text}")
            group.addButton(made, number)
            parts.append(made)
        parts[0].setChecked(True)
        self._groups[name] = group
        self._line(words, *parts)


def _words(field: Field, value: Any) -> str:
    return show(field, value)


def _count(value: int | Decimal | None, unit: str) -> str:
    return f"{Decimal(value).normalize():f} {unit}" if value else ""


def consequences(said: SideBySide) -> str:
    """What a merge does, in one sentence."""
    moves = "、".join(f"{noun} {count} 条" for noun, count in said.merging.moves.items())
    gone = "、".join(f"{noun} {count} 条" for noun, count in said.merging.gone.items())
    parts = (
        f"{moves}归到留下的人名下" if moves else "",
        f"重复的{gone}只留一份" if gone else "",
        f"{said.merging.concurrent} 段任职改记为兼任" if said.merging.concurrent else "",
    )
    return "；".join(part for part in parts if part) or "并进去的人名下没有别的东西"


def told(said: SideBySide) -> Box:
    """What a merge does, below the comparison."""
    return column(label(f"合并后：{consequences(said)}。可以撤销。", "hint", wrap=True), gap=0)
