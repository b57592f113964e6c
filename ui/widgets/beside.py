"""Who else is at the record that is shown."""

from __future__ import annotations

from ui.widgets.parts import Box, Picture, label, restyle


class BesideLine(Box):
    """A line above what is shown, there only while somebody else is."""

    def __init__(self) -> None:
        super().__init__([], False, 8, (16, 6, 16, 6), "note", None, None)
        self.hide()

    def tell(self, words: str, changing: bool = False) -> None:
        """Say who; no words when nobody is."""
        self.clear()
        self.setVisible(bool(words))
        if words:
            tone, icon = ("warn", "edit") if changing else ("info", "eye")
            self.put(Picture(icon, tone, 18))
            self.put((label(words, f"note-{tone}", wrap=True), 1))
            restyle(self, tone=tone)
