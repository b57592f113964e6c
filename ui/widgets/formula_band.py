"""The line above the scoring grid: how the total of the current row comes about, as in Excel."""

from __future__ import annotations

from ui.widgets.parts import Box, Picture, label

COMPUTED = "公式格，不能直接改"


class FormulaBand(Box):
    """The sum in words; at the right whether the current cell can be typed into."""

    def __init__(self) -> None:
        self._formula = label("", elide=True)
        self._lock = Picture("lock", "text3", 16)
        self._hint = label(COMPUTED, "hint")
        super().__init__(
            [label("合计", "strong"), (self._formula, 1), self._lock, self._hint],
            False,
            12,
            (20, 0, 20, 0),
            "band",
            None,
            36,
        )

    def spell(self, formula: str) -> None:
        self._formula.setText(formula)

    def show_kind(self, typed: str | None) -> None:
        """What belongs into the current cell; None where it is computed."""
        self._lock.setVisible(typed is None)
        self._hint.setText(COMPUTED if typed is None else f"{typed}：直接输入，也可以从 Excel 粘贴")

    def tell(self, words: str) -> None:
        """What the value typed last did, until the clerk goes to another column."""
        self._lock.hide()
        self._hint.setText(words)

    def told(self) -> str:
        return self._hint.whole()

    def words(self) -> str:
        return self._formula.whole()
