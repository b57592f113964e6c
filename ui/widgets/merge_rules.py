"""How a file and the office are brought together; changing a rule checks the file anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from gridoffice.fields import Column
from gridoffice.intake import Key, Merge, Options
from ui.widgets.badges import note
from ui.widgets.parts import Choice, button, column, label, row, rule, scrolled

MERGES = (
    (Merge.FILL, "以 Excel 为准，空格不动原来的"),
    (Merge.OVERWRITE, "以 Excel 为准，空格就清空"),
    (Merge.BLANKS, "以资料库为准，只补空的"),
)
BRIEFLY = {Merge.FILL: "Excel 为准", Merge.OVERWRITE: "空格也照 Excel", Merge.BLANKS: "只补空的"}
KEY_HINTS = {
    Key.AUTO: "身份证号码相同；没有证件号时看姓名和电话，再看姓名。",
    Key.ID_NUMBER: "身份证号码相同才算。没有证件号的行都算新人。",
    Key.NAME_PHONE: "姓名和电话都相同才算。",
    Key.NAME: "姓名相同就算。有同名的人，一个一个问你。",
}


class MergeRules(QWidget):
    """Key, merge rule for all, and for single columns. `changed` when the file is to be checked anew."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        buttons: list[QWidget] = []
        for place, (_, words) in enumerate(MERGES):
            made = QRadioButton(words)
            made.setChecked(place == 0)
            self._group.addButton(made, place)
            buttons.append(made)
        self._group.idClicked.connect(lambda _: self.changed.emit())
        self.key = Choice((), "认同一个人，看哪一项")
        self._keys: tuple[Key, ...] = ()
        self.key.activated.connect(lambda _: self._key_picked())
        self._key_hint = label(KEY_HINTS[Key.AUTO], "hint", wrap=True)
        self._key_part = column(label("认同一个人", "strong"), self.key, self._key_hint, 6, gap=6)
        self._merges: dict[str, Merge] = {}
        self._columns: tuple[Column, ...] = ()
        self._own = column(gap=4)
        self.another = Choice((), "哪一列另外定")
        self.another.activated.connect(self._one_more)
        inside = column(
            label("改规则后，左边马上重算。", "hint"),
            4,
            self._key_part,
            label("两边不一样时", "strong"),
            *buttons,
            6,
            label("有几列不一样定", "strong"),
            self._own,
            self.another,
            None,
            rule(),
            note("info", "写入是一次做完的，可以整批撤销。", "history"),
            gap=6,
            margins=(16, 14, 16, 14),
        )
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(scrolled(inside))

    def options(self, given: Options) -> Options:
        """These options with the rules chosen here."""
        return replace(
            given,
            merge=MERGES[self._group.checkedId()][0],
            merges=dict(self._merges),
            key=Key(self.key.currentData() or Key.AUTO),
        )

    def show_rules(self, options: Options, columns: Sequence[Column], keys: Sequence[Key]) -> None:
        """The rules in force; `keys` are the ways there are to tell whom a row means."""
        if tuple(keys) != self._keys:
            self._keys = tuple(keys)
            self.key.fill([(key.value, key.label) for key in keys])
        button = self._group.button([merge for merge, _ in MERGES].index(options.merge))
        if button is not None:
            button.setChecked(True)
        self.key.setCurrentIndex(self.key.findData(options.key.value))
        self._key_hint.setText(KEY_HINTS[options.key])
        self._key_part.setVisible(len(self._keys) > 1)
        merges = dict(options.merges)
        if merges == self._merges and tuple(columns) == self._columns:
            return
        self._merges, self._columns = merges, tuple(columns)
        self._show_own()

    def _show_own(self) -> None:
        self._own.clear()
        self._own.setVisible(bool(self._merges))
        labels = {what.name: what.field.label for what in self._columns}
        for name, merge in self._merges.items():
            choice = Choice(
                [(one.value, BRIEFLY[one]) for one, _ in MERGES], f"{labels.get(name, name)}怎么合并"
            )
            choice.setCurrentIndex(choice.findData(merge.value))
            choice.activated.connect(
                lambda _, name=name, choice=choice: self._set(name, choice.currentData())
            )
            self._own.put(
                row(
                    (label(labels.get(name, name), elide=True), 1),
                    choice,
                    button(
                        "",
                        "x",
                        "quiet",
                        tip=f"{labels.get(name, name)}不另外定",
                        on_click=lambda name=name: self._set(name, None),
                    ),
                    gap=4,
                )
            )
        rest = [what for what in self._columns if what.name not in self._merges]
        self.another.fill([("", "加一列…"), *((what.name, what.field.label) for what in rest)])

    def _one_more(self, place: int) -> None:
        name = self.another.itemData(place)
        if name:
            merge = MERGES[self._group.checkedId()][0]
            self._merges[name] = Merge.BLANKS if merge is not Merge.BLANKS else Merge.FILL
            self._show_own()
            self.changed.emit()

    def _set(self, name: str, merge: str | None) -> None:
        if merge is None:
            del self._merges[name]
            self._show_own()
        else:
            self._merges[name] = Merge(merge)
        self.changed.emit()

    def _key_picked(self) -> None:
        self._key_hint.setText(KEY_HINTS[Key(self.key.currentData())])
        self.changed.emit()
