"""一根红线: the cards of every level with the red line between them, painted as far as they are in sight.

One widget paints everything: a city has thousands of cards. Arrows go from card to card, Enter opens
one, Space folds what is below it; whoever listens hears where he is.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip

from gridoffice.party.red_cards import Card, Drawn, Level
from ui.theme import look
from ui.widgets.redline_scene import HEAD, PITCH, Ink, Scene, every_folded

PAGE = 10


class RedLineView(QAbstractScrollArea):
    """`chosen` tells the current card, `opened` that it was opened, `wanted` that the cards below one
    are not here yet."""

    chosen = Signal(int)
    opened = Signal(int)
    wanted = Signal(int)
    resized = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("surface")
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("一根红线图")
        self.viewport().setMouseTracking(True)
        self._levels: tuple[Level, ...] = ()
        self._cards: dict[int, Card] = {}
        self.standing: frozenset[int] = frozenset()
        """The cards that stand open."""
        self.current: int | None = None
        self.marked: int | None = None
        """The card that is told of beside the drawing."""
        self._hot: int | None = None
        self.scene = Scene((), (), ())

    # what is shown

    def show_line(self, drawn: Drawn, standing: frozenset[int] | None = None) -> None:
        """Another line; `standing` keeps what the clerk has opened and shut."""
        self._levels = drawn.levels
        self._cards = {card.grid_id: card for card in drawn.cards}
        self.standing = drawn.opened if standing is None else standing & self._cards.keys()
        self._lay()
        if self.current not in self.scene.middle:
            self.current = self.scene.first()
        self._say()

    def add(self, cards: Sequence[Card]) -> None:
        """What hangs below a card that was opened; its own card comes first."""
        for card in cards[1:]:
            self._cards.setdefault(card.grid_id, card)
        if cards:
            self.standing |= {cards[0].grid_id}
        self._lay()
        self._say()

    def open_all(self) -> None:
        """Everything that is here."""
        self.standing = every_folded(self._cards.values())
        self._lay()

    def fold_all(self) -> None:
        """Only the topmost stays open."""
        first = self.scene.first()
        self.standing = frozenset() if first is None else frozenset((first,))
        self._lay()
        if self.current not in self.scene.middle:
            self.go_to(first)

    @property
    def cards(self) -> dict[int, Card]:
        return self._cards

    def _lay(self) -> None:
        self.scene = Scene(self._levels, self._cards.values(), self.standing, self.viewport().width())
        down, across = self.verticalScrollBar(), self.horizontalScrollBar()
        down.setRange(0, max(0, round(self.scene.height) - self.viewport().height()))
        down.setPageStep(self.viewport().height())
        down.setSingleStep(look.px(PITCH))
        across.setRange(0, max(0, round(self.scene.width) - self.viewport().width()))
        across.setPageStep(self.viewport().width())
        across.setSingleStep(look.px(40))
        self.viewport().update()

    def relook(self) -> None:
        self._lay()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay()
        self.resized.emit()

    # going about

    def go_to(self, number: int | None) -> None:
        """Make a card the current one, and bring it into sight with whatever it hangs from."""
        if number is None or number not in self._cards:
            return
        above, opened = self._cards[number].parent_id, set(self.standing)
        while above is not None and above in self._cards:
            opened.add(above)
            above = self._cards[above].parent_id
        if opened != self.standing:
            self.standing = frozenset(opened)
            self._lay()
        self.current = number
        self._bring(self.scene.rect(number))
        self._say()
        self.chosen.emit(number)

    def _bring(self, rect: QRectF) -> None:
        margin = look.px(8)
        for bar, start, end, room, head in (
            (self.verticalScrollBar(), rect.top(), rect.bottom(), self.viewport().height(), look.px(HEAD)),
            (self.horizontalScrollBar(), rect.left(), rect.right(), self.viewport().width(), 0),
        ):
            if start - margin < bar.value() + head:
                bar.setValue(round(start - margin - head))
            elif end + margin > bar.value() + room:
                bar.setValue(round(end + margin - room))
        self.viewport().update()

    def toggle(self, number: int) -> None:
        """Fold or unfold what hangs below a card."""
        card = self._cards[number]
        if not card.children:
            return
        if number not in self.standing and not self.scene.children(number):
            self.wanted.emit(number)
            return
        self.standing ^= {number}
        self._lay()
        if self.current not in self.scene.middle:
            self.current = number
        self._bring(self.scene.rect(number))
        self._say()

    def next_break(self, step: int) -> None:
        """The next card in sight, or the one before, where something is missing."""
        breaks = self.scene.breaks()
        if not breaks:
            return
        if self.current in breaks:
            self.go_to(breaks[(breaks.index(self.current) + step) % len(breaks)])
        else:
            self.go_to(breaks[0 if step > 0 else -1])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, now = event.key(), self.current
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: PAGE,
            Qt.Key.Key_PageUp: -PAGE,
            Qt.Key.Key_Home: -len(self._cards),
            Qt.Key.Key_End: len(self._cards),
        }
        if now is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
        elif key in steps:
            self.go_to(self.scene.beside(now, steps[Qt.Key(key)]))
        elif key == Qt.Key.Key_Left:
            if now in self.standing and self.scene.parent(now) is None:
                self.toggle(now)
            else:
                self.go_to(self.scene.parent(now))
        elif key == Qt.Key.Key_Right:
            inside = self.scene.children(now)
            if now in self.standing and inside:
                self.go_to(inside[0].grid_id)
            else:
                self.toggle(now)
        elif key == Qt.Key.Key_Space:
            self.toggle(now)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(now)
        else:
            super().keyPressEvent(event)

    # the mouse

    def _point(self, at: QPoint) -> tuple[float, float]:
        return at.x() + self.horizontalScrollBar().value(), at.y() + self.verticalScrollBar().value()

    def card_at(self, at: QPoint) -> int | None:
        return self.scene.at(*self._point(at)) if at.y() >= look.px(HEAD) else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        number = self.card_at(at)
        if number is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        pill = self.scene.pill(number)
        self.go_to(number)
        if not pill.isEmpty() and pill.adjusted(-4, -8, 4, 8).contains(*self._point(at)):
            self.toggle(number)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        number = self.card_at(event.position().toPoint())
        if number is not None:
            self.opened.emit(number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        number = self.card_at(event.position().toPoint())
        if number != self._hot:
            self._hot = number
            self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hot = None
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            number = self.card_at(event.pos())
            if number is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self.words_of(number), self)
            return True
        return super().viewportEvent(event)

    # for those who listen

    def words_of(self, number: int) -> str:
        """A card in words."""
        card = self._cards[number]
        said = [card.title, card.name if card.name not in card.title else "", card.kind_label]
        said += card.breaks if card.breaks else (card.below,)
        if card.children:
            said.append(f"下面 {card.children} 个，{'已展开' if number in self.standing else '已收起'}")
        return "，".join(part for part in said if part)

    def _say(self) -> None:
        words = self.words_of(self.current) if self.current is not None else ""
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, ink = QPainter(self.viewport()), Ink()
        across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        painter.fillRect(self.viewport().rect(), look.color("surface"))
        painter.translate(-across, -down)
        clip = QRectF(event.rect()).translated(across, down)
        self.scene.paint(painter, clip, ink, self.current if self.hasFocus() else self.marked, self._hot)
        painter.resetTransform()
        painter.fillRect(0, 0, self.viewport().width(), look.px(HEAD - 4), look.color("surface"))
        painter.translate(-across, 0)
        self.scene.paint_heads(painter, ink)
        painter.end()
