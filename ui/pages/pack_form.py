"""治理模式: the norms and words of one kind of grid as a form, in a pack of the office's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gridoffice.errors import Problem
from gridoffice.grids.pack_edits import KIND_COLUMNS, KindNorms, asked_of
from ui.widgets.form import Form
from ui.widgets.parts import Box, Choice, column, label


class PackForm(Box):
    """One kind at a time, chosen above its form. What was written of one is given up by going to another."""

    def __init__(self, kinds: Sequence[KindNorms], first: str | None = None):
        super().__init__([], True, 10, (0, 0, 0, 0), "", None, None)
        self._kinds = {kind.id: kind for kind in kinds}
        self.choice = Choice([(kind.id, kind.label) for kind in kinds], "网格类型")
        known = first if first in self._kinds else next((k.id for k in kinds if k.households), None)
        self.choice.setCurrentIndex(max(0, self.choice.findData(known)))
        self.choice.activated.connect(lambda _: self._show())
        self._place = column(gap=0)
        self.put_all(
            [
                column(label("哪种网格", "hint"), self.choice, gap=2),
                self._place,
                label("空着的不检查。岗位、职责和编码在全文里改。", "hint", wrap=True),
            ]
        )
        self._show()

    @property
    def kind(self) -> KindNorms:
        """The kind that is shown."""
        return self._kinds[self.choice.currentData()]

    def _show(self) -> None:
        wanted = set(asked_of(self.kind))
        self.form = Form([one for one in KIND_COLUMNS if one.name in wanted], self.kind)
        self._place.clear()
        self._place.put(self.form)

    def take(self) -> Mapping[str, Any] | None:
        """What changed, by column; None when something is wrong (and is then said in its place)."""
        return self.form.take()

    def complain(self, problems: Sequence[Problem]) -> bool:
        return self.form.complain(problems)
