"""What is done with pages on screen: zoom, one or two of them, words to find, turning."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIntValidator

from ui.widgets.parts import Box, Button, Input, button, label, rule, size
from ui.widgets.pdf_view import PdfView

PAUSE = 250
"""Milliseconds without a key before words are looked for."""


class PdfBar(Box):
    """The tools of a `PdfView`, in one row."""

    def __init__(self, view: PdfView):
        self.view = view
        self.share = button("整页", kind="quiet", tip="看整页", on_click=lambda: view.zoom(0))
        self.two: Button = button("双页", kind="quiet", tip="两页并排看", on_click=lambda: self._two())
        self.two.setCheckable(True)
        self.words = Input("找文字", "search", name="在各页里找文字")
        size(self.words, 112)
        self.hits = label("", "hint")
        self.back = button("", "chevron-left", "quiet", tip="上一处", on_click=lambda: view.next_hit(-1))
        self.onward = button("", "chevron-right", "quiet", tip="下一处", on_click=view.next_hit)
        self.number = Input(name="第几页")
        size(self.number, 44)
        self.count = label("", "fact")
        super().__init__(
            (
                button("", "zoom-out", "quiet", tip="缩小", on_click=lambda: view.zoom(-1)),
                self.share,
                button("", "zoom-in", "quiet", tip="放大", on_click=lambda: view.zoom(1)),
                self.two,
                rule(vertical=True, length=20),
                self.words,
                self.hits,
                self.back,
                self.onward,
                None,
                button("", "chevron-left", "quiet", tip="上一页", on_click=lambda: view.turn(-1)),
                label("第", "fact"),
                self.number,
                self.count,
                button("", "chevron-right", "quiet", tip="下一页", on_click=lambda: view.turn(1)),
            ),
            False,
            4,
            (0, 0, 0, 0),
            "",
            None,
            None,
        )
        self._still_making = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(lambda: view.search(self.words.text().strip()))
        self.words.textEdited.connect(lambda _: self._pause.start())
        self.words.returnPressed.connect(self._find)
        self.number.returnPressed.connect(self._go)
        self.number.setValidator(QIntValidator(1, 99999, self))
        view.turned.connect(self._turned)
        view.zoomed.connect(self.share.say)
        view.found.connect(self._found)
        self._found(0, 0)

    def begin_search(self) -> None:
        """The keyboard goes to the words to find."""
        self.words.setFocus()
        self.words.selectAll()

    def making(self, still: bool) -> None:
        """Whether more pages are on their way."""
        self._still_making = still
        self._turned(self.view.page, self.view.count)

    def _two(self) -> None:
        self.view.show_two(self.two.isChecked())

    def _find(self) -> None:
        if self._pause.isActive():
            self._pause.stop()
            self.view.search(self.words.text().strip())
        else:
            self.view.next_hit()

    def _go(self) -> None:
        self.view.turn_to(int(self.number.text() or 1) - 1)
        self._turned(self.view.page, self.view.count)

    def _turned(self, page: int, count: int) -> None:
        self.number.setText(str(page + 1) if count else "")
        self.number.setEnabled(bool(count))
        more = " 页，还在排…" if self._still_making else " 页"
        self.count.setText(f"/ {count}{more}" if count else "")

    def _found(self, place: int, count: int) -> None:
        words = self.words.text().strip()
        self.hits.setText(f"{place}/{count}" if count else "没有" if words else "")
        for part in (self.back, self.onward):
            part.setVisible(count > 1)
