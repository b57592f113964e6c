"""What each heading of somebody's sheet means: a line a heading, with a choice of our columns.

Both ways use it: a workbook that is taken in, and somebody else's form that is filled. Of two headings
that are given the same column, the one chosen last keeps it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from gridoffice.fields import Column
from gridoffice.spreadsheet import headings
from ui.theme import look
from ui.widgets.badges import Badge
from ui.widgets.parts import Box, Choice, Picture, column, label, row, rule, scrolled

LETTER, HOW = 44, 116
"""Widths of the columns that do not stretch."""

KNOWN_BY = {
    headings.EXACT: ("ok", "认得"),
    headings.ALIAS: ("ok", "认得"),
    headings.NORMALISED: ("ok", "认得"),
    headings.SIMILAR: ("warn", "看着像"),
    headings.REMEMBERED: ("info", "上次选的"),
    headings.CHOSEN: ("info", "刚选的"),
}


@dataclass(frozen=True, slots=True)
class MappingLine:
    """One heading: where it stands (a column's letter, or a cell), some texts below it, the name of
    our column (None: nobody knows it), and how that was found. `fixed` says in words why there is
    nothing to choose: the form computes it, it is the running number."""

    letter: str
    heading: str
    samples: tuple[str, ...] = ()
    field: str | None = None
    how: str = ""
    fixed: str = ""


class _Field(Choice):
    """A choice that the keys open first: stepping through the names on the way to one would take each
    of them from the heading that has it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (
            Qt.Key.Key_Up,
            Qt.Key.Key_Down,
            Qt.Key.Key_Return,
            Qt.Key.Key_Enter,
            Qt.Key.Key_Space,
        ):
            self.showPopup()
        else:
            event.ignore()


class MappingTable(QWidget):
    """The lines below each other, each with its choice; `changed` after the clerk chose."""

    changed = Signal()

    def __init__(
        self, theirs: str = "表头", samples: str = "样例", ours: str = "我们的列", none: str = "不要"
    ):
        super().__init__()
        self.lines: tuple[MappingLine, ...] = ()
        self.choices: dict[int, Choice] = {}
        """By the line's place; lines that are fixed have none."""
        self._none = none
        self._badges: dict[int, Badge] = {}
        self._names: list[str | None] = []
        self._model = QStandardItemModel(self)
        self._lines = column(gap=0, name="surface")
        self._area = scrolled(self._lines)
        self._head = _line_of(
            label("位置", "fact"),
            label(theirs, "fact", elide=True),
            label(samples, "fact", elide=True),
            label(ours, "fact", elide=True),
            label("怎么认的", "fact"),
            tall=36,
            name="band",
        )
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._head)
        box.addWidget(self._area, 1)
        self._area.verticalScrollBar().rangeChanged.connect(self._leave_room_for_bar)
        self.setAccessibleName(f"{theirs}和{ours}")

    def show_lines(self, lines: Sequence[MappingLine], columns: Sequence[Column]) -> None:
        """Show these headings; `columns` are those that may be chosen."""
        self.lines = tuple(lines)
        self._names = [None, *(one.name for one in columns)]
        self._model.clear()
        for words in (self._none, *(one.field.label for one in columns)):
            self._model.appendRow(QStandardItem(words))
        widest = max(look.width(one.field.label) for one in columns) if columns else 0
        self.choices, self._badges = {}, {}
        self._lines.clear()
        for place, line in enumerate(self.lines):
            self._lines.put(self._line(place, line, widest))
            self._lines.put(rule())
        self._lines.put(None)

    def _line(self, place: int, line: MappingLine, widest: int) -> Box:
        samples = "、".join(line.samples)
        if line.fixed:
            ours: QWidget = row(Picture("lock", "text3", 16), label(line.fixed, "fact"), None, gap=6)
            how: QWidget = label("")
        else:
            choice = self.choices[place] = _Field((), f"“{line.heading}”是我们的哪一列")
            choice.setModel(self._model)
            # as narrow as its column: no longest name pushes the lines out of their order
            choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            choice.setMinimumContentsLength(4)
            choice.view().setMinimumWidth(widest + look.px(40))
            choice.setCurrentIndex(self._names.index(line.field) if line.field in self._names else 0)
            choice.activated.connect(lambda _, place=place: self._chosen(place))
            ours = choice
            how = self._badges[place] = Badge(*self._state(place))
        return _line_of(
            label(line.letter, "hint"),
            label(line.heading, "name", elide=True),
            label(samples, "fact", elide=True),
            ours,
            how,
            tall=40,
        )

    def field_of(self, place: int) -> str | None:
        """The column that a line now stands for."""
        choice = self.choices.get(place)
        return self._names[choice.currentIndex()] if choice is not None else None

    def forced(self) -> dict[str, str | None]:
        """What the clerk changed, by heading (by letter where a heading stands there twice)."""
        often = Counter(line.heading for line in self.lines)
        return {
            line.heading if often[line.heading] == 1 else line.letter: self.field_of(place)
            for place, line in enumerate(self.lines)
            if place in self.choices and self.field_of(place) != line.field
        }

    def _chosen(self, place: int) -> None:
        name = self.field_of(place)
        for other, choice in self.choices.items():
            if other != place and name is not None and self.field_of(other) == name:
                choice.setCurrentIndex(0)
        for other, badge in self._badges.items():
            badge.say(*self._state(other))
        self.changed.emit()

    def _state(self, place: int) -> tuple[str, str]:
        """The badge of a line: kind and word."""
        line, name = self.lines[place], self.field_of(place)
        if name != line.field:
            return ("info", "刚选的") if name is not None else ("mute", "刚去掉")
        if name is None:
            return ("mute", f"{self._none}（选过）") if line.how else ("warn", "不认得")
        return KNOWN_BY.get(line.how, ("ok", "认得"))

    def _leave_room_for_bar(self, _low: int, high: int) -> None:
        """Headings stand above their columns with and without a scroll bar."""
        bar = self._area.verticalScrollBar()
        self._head.setContentsMargins(0, 0, bar.sizeHint().width() if high else 0, 0)


def _line_of(
    letter: QWidget,
    theirs: QWidget,
    samples: QWidget,
    ours: QWidget,
    how: QWidget,
    *,
    tall: float,
    name: str = "",
) -> Box:
    middle = Qt.AlignmentFlag.AlignVCenter
    made = row(
        row(letter, None, width=LETTER),
        (theirs, 3),
        (samples, 3),
        (column(None, ours, None, gap=0), 4),
        row(how, None, width=HOW),
        gap=12,
        margins=(20, 0, 12, 0),
        height=tall,
        name=name,
    )
    made.box.setAlignment(middle)
    return made
