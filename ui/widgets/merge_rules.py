"""How a file and the office are brought together; changing a rule checks the file anew."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QRadioButton, QVBoxLayout, QWidget

from gridoffice.intake import Merge
from ui.theme import look
from ui.widgets.badges import note
from ui.widgets.drawer import PANEL
from ui.widgets.parts import column, label, rule, size

MERGES = (
    (Merge.FILL, "以 Excel 为准，空格不动原来的"),
    (Merge.OVERWRITE, "以 Excel 为准，空格就清空"),
    (Merge.BLANKS, "以资料库为准，只补空的"),
)


class MergeRules(QWidget):
    """How the file and the office are brought together; changing a rule checks anew."""

    def __init__(self, again: Any):
        super().__init__()
        self.setObjectName("drawer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        size(self, PANEL)
        self._group = QButtonGroup(self)
        buttons: list[QWidget] = []
        for place, (_, words) in enumerate(MERGES):
            made = QRadioButton(words)
            made.setChecked(place == 0)
            self._group.addButton(made, place)
            buttons.append(made)
        self._group.idClicked.connect(lambda _: again())
        self.good_only = QCheckBox("只写没问题的行")
        self.good_only.clicked.connect(lambda _: again())
        inside = column(
            label("合并规则", "section"),
            label("改规则后，左边马上重算。", "hint"),
            4,
            label("认同一个人", "strong"),
            label("身份证号相同；没有证件号时，姓名和网格都相同。", "fact", wrap=True),
            4,
            label("两边不一样时", "strong"),
            *buttons,
            4,
            label("有错误的行", "strong"),
            self.good_only,
            label("不选时，有一行不对就整张表不写。", "hint", wrap=True),
            None,
            rule(),
            note("info", "写入是一次做完的，可以整批撤销。", "history"),
            gap=6,
            margins=(16, 14, 16, 14),
        )
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 0, 0, 0)
        box.addWidget(inside)

    def merge(self) -> Merge:
        return MERGES[self._group.checkedId()][0]

    def sizeHint(self) -> QSize:
        return QSize(look.px(PANEL), look.px(400))
