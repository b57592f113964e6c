"""Where a thing of several steps stands: discs with a name and a second line each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui import icons
from ui.theme import look
from ui.widgets.parts import size


class At(StrEnum):
    """Where a step is: behind, at hand, ahead."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class StepShown:
    """One step: its name, dates or what is missing, and where it is."""

    name: str
    below: str
    at: At


class Stepper(QWidget):
    """Painted; its text for readers is the accessible name."""

    picked = Signal(int)

    def __init__(self, steps: Sequence[StepShown] = ()):
        super().__init__()
        self.steps: tuple[StepShown, ...] = ()
        size(self, height=44)
        self.show_steps(steps)

    def show_steps(self, steps: Sequence[StepShown]) -> None:
        self.steps = tuple(steps)
        words = {At.DONE: "已完成", At.NOW: "正在办", At.NEXT: "未到"}
        self.setAccessibleName("；".join(f"{step.name} {words[step.at]} {step.below}" for step in steps))
        self.updateGeometry()
        self.update()

    def _need(self, step: StepShown) -> int:
        wide = max(look.width(step.name, 14, 700), look.width(step.below, 13))
        return look.px(24 + 8) + wide + look.px(12)

    def minimumSizeHint(self) -> QSize:
        return QSize(sum(self._need(step) for step in self.steps), look.px(44))

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def _starts(self) -> list[float]:
        """Every step's left edge: what it needs, and an equal share of the rest."""
        needs = [self._need(step) for step in self.steps]
        spare = max(0, self.width() - sum(needs)) / max(1, len(needs))
        found, x = [], 0.0
        for need in needs:
            found.append(x)
            x += need + spare
        return found

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().x()
        for place, start in reversed(list(enumerate(self._starts()))):
            if at >= start:
                self.picked.emit(place)
                return

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        starts = self._starts()
        for place, step in enumerate(self.steps):
            end = starts[place + 1] if place + 1 < len(starts) else None
            self._paint_step(painter, place, step, starts[place], end)
        painter.end()

    def _paint_step(
        self, painter: QPainter, place: int, step: StepShown, x: float, end: float | None
    ) -> None:
        px, middle = look.px, self.height() / 2
        side = px(24)
        disc = QRectF(x, middle - side / 2, side, side)
        painter.setFont(look.font(14, 500))
        if step.at is At.DONE:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("ok"))
            painter.drawEllipse(disc)
            painter.drawPixmap(
                QPointF(x + (side - px(16)) / 2, middle - px(8)),
                icons.pixmap("check", "surface", 16, stroke=2.5),
            )
        elif step.at is At.NOW:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("accent"))
            painter.drawEllipse(disc)
            painter.setPen(look.color("on_accent"))
            painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(place + 1))
        else:
            painter.setPen(QPen(look.color("ctl"), 1.5))
            painter.setBrush(look.color("surface"))
            painter.drawEllipse(disc.adjusted(1, 1, -1, -1))
            painter.setPen(look.color("text2"))
            painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(place + 1))
        left = x + side + px(8)
        weight = 700 if step.at is At.NOW else 500
        ink = {At.DONE: "text", At.NOW: "accent_text", At.NEXT: "text2"}[step.at]
        painter.setFont(look.font(14, weight))
        painter.setPen(look.color(ink))
        middle_line = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(left, middle - px(20), self.width(), px(20)), middle_line, step.name)
        painter.setFont(look.font(13))
        painter.setPen(look.color("text3"))
        painter.drawText(QRectF(left, middle, self.width(), px(20)), middle_line, step.below)
        if end is not None:
            wide = max(look.width(step.name, 14, weight), look.width(step.below, 13))
            start, stop = left + wide + px(12), end - px(12)
            if stop > start:
                painter.setPen(QPen(look.color("ok" if step.at is At.DONE else "line_strong"), 2))
                painter.drawLine(QPointF(start, middle), QPointF(stop, middle))
