"""A year of trainings in one strip: twelve months with their counts, each leading to its sessions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from gridoffice.training.year import Month
from ui.theme import look
from ui.widgets.parts import Box, button, label, row, size

HEIGHT = 56


class Months(QWidget):
    """Twelve cells; arrows move, Enter and clicks choose, the chosen one again takes the choice back."""

    picked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.months: tuple[Month, ...] = ()
        self.chosen = ""
        self._at = 0
        self._today = ""
        size(self, height=HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)

    def show_months(self, months: Sequence[Month], chosen: str, today: str) -> None:
        self.months, self.chosen, self._today = tuple(months), chosen, today
        names = [one.month for one in months]
        if chosen in names:
            self._at = names.index(chosen)
        self.setAccessibleName("；".join(f"{words(one)}" for one in months))
        self.update()

    def _place(self, at: int) -> QRectF:
        wide = self.width() / 12
        return QRectF(round(at * wide), 2, round(wide) - 4, self.height() - 4)

    def _pick(self, at: int) -> None:
        self._at = at
        name = self.months[at].month
        self.picked.emit("" if name == self.chosen else name)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = int(event.position().x() / max(1, self.width()) * 12)
        if 0 <= at < len(self.months):
            self._pick(at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = int(event.position().x() / max(1, self.width()) * 12)
        if 0 <= at < len(self.months):
            QToolTip.showText(event.globalPosition().toPoint() + QPoint(0, 16), words(self.months[at]), self)

    def leaveEvent(self, event: QEvent) -> None:
        QToolTip.hideText()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step and self.months:
            self._at = (self._at + step) % len(self.months)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.months:
            self._pick(self._at)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for at, one in enumerate(self.months):
            place = self._place(at)
            chosen = one.month == self.chosen
            painter.setPen(QPen(look.color("accent_text" if chosen else "line"), 1))
            painter.setBrush(look.color("soft" if chosen else "surface"))
            painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            now = one.month == self._today
            painter.setPen(look.color("accent_text" if chosen or now else "text2"))
            painter.setFont(look.font(12, 700 if now else 400))
            top = QRectF(place.x(), place.y() + look.px(5), place.width(), look.px(18))
            painter.drawText(top, Qt.AlignmentFlag.AlignCenter, f"{int(one.month[5:])}月")
            below = QRectF(place.x(), place.y() + look.px(23), place.width(), look.px(24))
            painter.setPen(look.color("text" if one.sessions else "text3"))
            painter.setFont(look.font(16 if one.sessions else 14, 700 if one.sessions else 400))
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self._count(one, place.width()))
            if self.hasFocus() and at == self._at:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(look.color("accent_text"), 2))
                painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), 4, 4)
        painter.end()

    def _count(self, one: Month, room: float) -> str:
        """What was held and what is to come: apart where there is room, else together."""
        if not one.sessions:
            return "—"
        apart = f"{one.held}＋{one.coming}" if one.coming and one.held else ""
        return apart if apart and look.width(apart, 16, 700) < room - 6 else str(one.sessions)

    def relook(self) -> None:
        self.update()


def words(one: Month) -> str:
    """A month in words."""
    parts = [f"已办 {one.held} 场"] if one.held else []
    parts += [f"要办 {one.coming} 场"] if one.coming else []
    return f"{int(one.month[5:])}月 {'，'.join(parts) or '没有培训'}"


class YearStrip(Box):
    """The year with its arrows and its sum, then the months."""

    picked = Signal(str)
    turned = Signal(int)

    def __init__(self) -> None:
        self._year = label("", "section")
        self._sum = label("", "hint")
        self.months = Months()
        self.before = button("", "chevron-left", "quiet", tip="上一年", on_click=lambda: self.turned.emit(-1))
        self.after = button("", "chevron-right", "quiet", tip="下一年", on_click=lambda: self.turned.emit(1))
        head = row(self.before, self._year, self.after, gap=0)
        super().__init__([head, self._sum], False, 8, (12, 0, 20, 4), "", None, None)
        self.put((self.months, 1))
        self.months.picked.connect(self.picked)

    def show_year(self, year: int, months: Sequence[Month], chosen: str, today: str) -> None:
        self._year.setText(f"{year}年")
        held, coming = sum(one.held for one in months), sum(one.coming for one in months)
        self._sum.setText(f"已办 {held} 场\n要办 {coming} 场")
        self.months.show_months(months, chosen, today)
