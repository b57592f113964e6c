"""What long work says of itself on its page: a thin bar at once, then words, rows a second, the time
that is left, and a way to stop it."""

from __future__ import annotations

import time

from PySide6.QtCore import QRectF, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gridoffice.progress import Step
from ui.theme import look
from ui.widgets.parts import button, label, row

BAR_AFTER, WORDS_AFTER = 300, 1000
"""Milliseconds: shorter work is over before it is noticed."""


class Pace:
    """How fast a piece of work goes on, from its steps."""

    def __init__(self) -> None:
        self._doing = ""
        self._begun = 0.0
        self._at_begin = 0

    def words(self, step: Step, now: float) -> str:
        """`与资料库核对 12000 / 150000 行，每秒 31000 行，还要 4 秒`; only what is known."""
        if step.doing != self._doing:
            self._doing, self._begun, self._at_begin = step.doing, now, step.done
        if not step.total:
            return step.doing
        found = f"{step.doing} {step.done} / {step.total} 行"
        gone, took = step.done - self._at_begin, now - self._begun
        if gone <= 0 or took < 0.3:
            return found
        rate = gone / took
        left = (step.total - step.done) / rate
        rest = "马上好" if left < 1 else f"还要 {left:.0f} 秒" if left < 90 else f"还要 {left / 60:.0f} 分钟"
        return f"{found}，每秒 {_round(rate)} 行，{rest}"


def _round(rate: float) -> int:
    """A rate that does not flicker: two figures that count."""
    step = max(1, 10 ** (len(str(int(rate))) - 2))
    return max(1, int(rate) // step * step)


class WorkLine(QWidget):
    """The bar under a page's head. `cancelled` when the clerk stops the work."""

    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._pace = Pace()
        self._share: float | None = None
        self._words = label("", "fact")
        self._line = row(
            self._words,
            button("取消", kind="link", tip="取消，什么也不写入", on_click=self.cancelled.emit),
            None,
            margins=(20, 0, 20, 0),
            height=34,
        )
        self._line.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 2, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._line)
        self._bar_due, self._words_due = self._timer(BAR_AFTER), self._timer(WORDS_AFTER)
        self._bar_due.timeout.connect(self.show)
        self._words_due.timeout.connect(self._line.show)
        self.hide()

    def _timer(self, milliseconds: int) -> QTimer:
        made = QTimer(self)
        made.setSingleShot(True)
        made.setInterval(milliseconds)
        return made

    def show_step(self, step: Step | None) -> None:
        """Where the work stands; None when it is over."""
        if step is None:
            self._bar_due.stop()
            self._words_due.stop()
            self._line.hide()
            self.hide()
            self._share = None
            self._pace = Pace()
            return
        if self._share is None:
            self._bar_due.start()
            self._words_due.start()
        self._share = step.done / step.total if step.total else 0.3
        if step.doing:
            self._words.setText(self._pace.words(step, time.monotonic()))
        self.update()

    def words(self) -> str:
        return self._words.whole()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(QRectF(0, 0, self.width(), 2), look.color("soft"))
        painter.fillRect(QRectF(0, 0, self.width() * (self._share or 0), 2), look.color("accent_text"))
        painter.end()
