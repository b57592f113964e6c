"""How one indicator is scored, as a form: the shape of its rule, and the numbers of that shape."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from gridoffice.assessment.scheme_draft import SHAPES, rule_columns, rule_values, shape_of
from gridoffice.scoring.scheme import Indicator
from gridoffice.scoring.shapes import Shape
from ui.widgets.form import Form
from ui.widgets.parts import Box, Choice, column, label


class RuleForm(Box):
    """The shape is chosen above; its fields stand below, filled where the rule has that shape already."""

    def __init__(self, indicator: Indicator):
        super().__init__([], True, 10, (0, 0, 0, 0), "", None, None)
        self._rule = indicator.rule
        now = shape_of(indicator.rule)
        self.shape = Choice(list(SHAPES.items()), "怎么算分")
        self.shape.setCurrentIndex(max(0, self.shape.findData(now)))
        self.shape.activated.connect(lambda _: self._show())
        self._place = column(gap=0)
        self.put_all([column(label("怎么算分", "hint"), self.shape, gap=2), self._place])
        self._show()

    @property
    def chosen(self) -> Shape:
        return Shape(self.shape.currentData())

    def _show(self) -> None:
        wanted = rule_columns(self.chosen)
        held: dict[str, Any] = dict.fromkeys(what.name for what in wanted)
        if self.chosen is shape_of(self._rule):
            held |= rule_values(self._rule)
        self._place.clear()
        self.form = Form(wanted, SimpleNamespace(**held), narrow=True)
        self._held = held
        if self.chosen is Shape.MANUAL:
            self._place.put(label("由评分单位直接打分，0 分到满分。", "hint", wrap=True))
        self._place.put(self.form)

    def take(self) -> Mapping[str, Any] | None:
        """Every field of the rule; None when something is wrong (and is then said in its place)."""
        changed = self.form.take()
        return None if changed is None else {**self._held, **changed}
