"""Where the cards of 一根红线 stand, and how they are painted: on the screen, in a picture, on paper."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap

from gridoffice.party.red_cards import Card, Level
from ui import icons
from ui.theme import look

WIDE, HIGH, PITCH = 180, 40, 46
"""A card, and from one card to the next below it."""
SIDE, HEAD = 20, 48
"""The margin at the left and the right, and the height of the columns' heads."""
LEAST_GAP, MOST_GAP = 28, 64
BEND = 6

_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


@dataclass(frozen=True, slots=True)
class Ink:
    """With which colours and signs it is painted: those of the theme, or those of paper."""

    color: Callable[[str], QColor] = look.color
    sign: Callable[[str, str, float], QPixmap] = icons.pixmap


class Scene:
    """The cards that are in sight when some stand open; lengths in pixels of the present size."""

    def __init__(
        self, levels: Sequence[Level], cards: Collection[Card], opened: Collection[int], room: float = 0
    ):
        self.levels = tuple(levels)
        self.cards = {card.grid_id: card for card in cards}
        self._inside: dict[int | None, list[Card]] = defaultdict(list)
        for card in cards:
            self._inside[card.parent_id if card.parent_id in self.cards else None].append(card)
        self.opened = frozenset(opened)
        count = max(len(self.levels), 1)
        free = (room - look.px(2 * SIDE) - count * look.px(WIDE)) / max(count - 1, 1)
        self.gap = min(max(free, look.px(LEAST_GAP)), look.px(MOST_GAP))
        self.width = look.px(2 * SIDE) + count * look.px(WIDE) + (count - 1) * self.gap
        self.middle: dict[int, float] = {}
        """How far down the middle of each card in sight is."""
        self._rows = 0
        for card in self._inside[None]:
            self._place(card)
        self.height = look.px(HEAD) + self._rows * look.px(PITCH) + look.px(12)
        self._columns: list[list[tuple[float, int]]] = [[] for _ in range(count)]
        for number, y in self.middle.items():
            self._columns[self.cards[number].column].append((y, number))
        for column in self._columns:
            column.sort()

    def _place(self, card: Card) -> float:
        inside = self._inside[card.grid_id] if card.grid_id in self.opened else []
        if inside:
            places = [self._place(one) for one in inside]
            y = (places[0] + places[-1]) / 2
        else:
            y = look.px(HEAD) + (self._rows + 0.5) * look.px(PITCH)
            self._rows += 1
        self.middle[card.grid_id] = y
        return y

    # looking

    def x(self, column: int) -> float:
        return look.px(SIDE) + column * (look.px(WIDE) + self.gap)

    def rect(self, number: int) -> QRectF:
        y = self.middle[number] - look.px(HIGH) / 2
        return QRectF(self.x(self.cards[number].column), y, look.px(WIDE), look.px(HIGH))

    def pill(self, number: int) -> QRectF:
        """Where a card says how many are folded away, or can be folded; empty where it has none below."""
        card, rect = self.cards[number], self.rect(number)
        if not card.children:
            return QRectF()
        wide = look.width(self.folded_words(card), 12, 500) + look.px(12)
        right = rect.right() - look.px(6) - (look.px(22) if card.breaks else 0)
        return QRectF(right - wide, rect.center().y() - look.px(9), wide, look.px(18))

    def folded_words(self, card: Card) -> str:
        return "−" if card.grid_id in self.opened else f"+{card.children}"

    def at(self, x: float, y: float) -> int | None:
        """The card at a point."""
        for column, cards in enumerate(self._columns):
            if self.x(column) <= x <= self.x(column) + look.px(WIDE):
                place = bisect_left(cards, (y - look.px(HIGH) / 2, 0))
                if place < len(cards) and self.rect(cards[place][1]).contains(x, y):
                    return cards[place][1]
        return None

    def beside(self, number: int, step: int) -> int | None:
        """The card so many places below (or above) in the same column; the last there is."""
        column = self._columns[self.cards[number].column]
        place = column.index((self.middle[number], number)) + step
        return column[min(max(place, 0), len(column) - 1)][1]

    def children(self, number: int) -> list[Card]:
        return self._inside.get(number, [])

    def parent(self, number: int) -> int | None:
        above = self.cards[number].parent_id
        return above if above in self.cards else None

    def first(self) -> int | None:
        return next((card.grid_id for card in self._inside[None]), None)

    def breaks(self) -> list[int]:
        """The cards in sight where something is missing, in reading order."""
        return sorted(
            (number for number in self.middle if self.cards[number].breaks),
            key=lambda number: (self.middle[number], self.cards[number].column),
        )

    def strokes(self) -> Iterator[tuple[float, float, float, float, bool]]:
        """The line in straight pieces, for paper: from, to, whether it is broken there."""
        for number in self.opened & self.middle.keys():
            start = self.x(self.cards[number].column) + look.px(WIDE)
            bend, y = start + self.gap / 2, self.middle[number]
            inside = sorted(self._inside[number], key=lambda one: not one.breaks)
            if any(not card.breaks for card in inside):
                yield start, y, bend, y, False
            for card in inside:
                broken, there = bool(card.breaks), self.middle[card.grid_id]
                if there != y:
                    yield bend, y, bend, there, broken
                yield bend, there, self.x(card.column), there, broken

    # painting

    def paint_heads(self, painter: QPainter, ink: Ink) -> None:
        """The heads of the columns, at the top."""
        px = look.px
        for place, level in enumerate(self.levels):
            x, wide = self.x(place), px(WIDE)
            painter.fillRect(QRectF(x, px(36), wide, 2), ink.color("line_strong"))
            cover = level.cover
            count = f"{cover.organised}/{cover.wanted}" if cover.wanted else f"{level.organisations} 个"
            room = wide - look.width(count, 12) - px(10)
            words = look.metrics(14, 700).elidedText(
                level.label, Qt.TextElideMode.ElideRight, round(room) + 1
            )
            painter.setFont(look.font(14, 700))
            painter.setPen(ink.color("text"))
            painter.drawText(QRectF(x, px(8), room + 2, px(24)), _LEFT, words)
            painter.setFont(look.font(12))
            painter.setPen(ink.color("text3"))
            left = x + look.width(words, 14, 700) + px(8)
            painter.drawText(QRectF(left, px(8), wide, px(25)), _LEFT, count)

    def paint(
        self, painter: QPainter, clip: QRectF, ink: Ink, current: int | None = None, hot: int | None = None
    ) -> None:
        """The lines and cards that lie in `clip`; `current` is chosen, `hot` is under the mouse."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        reach = clip.adjusted(0, -look.px(PITCH), 0, look.px(PITCH))
        discs: list[QPointF] = []
        for number in self.opened:
            if number in self.middle:
                self._paint_lines(painter, number, reach, ink, discs)
        for middle in discs:
            self._paint_disc(painter, middle, ink)
        for column in self._columns:
            start = bisect_left(column, (reach.top(), 0))
            for y, number in column[start:]:
                if y > reach.bottom():
                    break
                self._paint_card(painter, self.cards[number], ink, number == current, number == hot)

    def _paint_lines(
        self, painter: QPainter, number: int, reach: QRectF, ink: Ink, discs: list[QPointF]
    ) -> None:
        inside = self._inside[number]
        ends = [self.middle[number], *(self.middle[card.grid_id] for card in inside)]
        if not inside or max(ends) < reach.top() or min(ends) > reach.bottom():
            return
        start = QPointF(self.x(self.cards[number].column) + look.px(WIDE), ends[0])
        bend = start.x() + self.gap / 2
        # what is broken first, so that the red line lies above it
        for card in sorted(inside, key=lambda one: not one.breaks):
            y = self.middle[card.grid_id]
            if max(y, ends[0]) < reach.top() or min(y, ends[0]) > reach.bottom():
                continue
            end = QPointF(self.x(card.column), y)
            if card.breaks:
                painter.setPen(QPen(ink.color("ctl"), 1.5, Qt.PenStyle.DashLine))
                painter.drawLine(QPointF(bend, y), end)
                if abs(y - start.y()) > 1:
                    painter.drawLine(QPointF(bend, start.y()), QPointF(bend, y))
                else:
                    painter.drawLine(start, QPointF(bend, y))
                discs.append(QPointF(bend, y))
                continue
            token = "party" if card.org_id is not None or card.wanted else "line_strong"
            painter.setPen(QPen(ink.color(token), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(_elbow(start, bend, end))

    def _paint_disc(self, painter: QPainter, middle: QPointF, ink: Ink) -> None:
        side = look.px(10)
        painter.setPen(QPen(ink.color("warn"), 1.5))
        painter.setBrush(ink.color("surface"))
        painter.drawEllipse(middle, side, side)
        sign = ink.sign("unlink", "warn", 14)
        painter.drawPixmap(QPointF(middle.x() - look.px(7), middle.y() - look.px(7)), sign)

    def _paint_card(self, painter: QPainter, card: Card, ink: Ink, current: bool, hot: bool) -> None:
        px, rect = look.px, self.rect(card.grid_id)
        organised, broken = card.org_id is not None, bool(card.breaks)
        edge = QPen(ink.color("line_strong"), 1)
        if broken and not organised:
            edge = QPen(ink.color("warn"), 1.5, Qt.PenStyle.DashLine)
        if current:
            edge = QPen(ink.color("accent_text"), 2)
        painter.setPen(edge)
        ground = "warn_bg" if broken and not organised else "hover" if hot else "surface"
        painter.setBrush(ink.color(ground))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if organised:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink.color("party"))
            painter.drawRoundedRect(QRectF(rect.x(), rect.y(), 4, rect.height()), 2, 2)
        right = rect.right() - px(8)
        if broken:
            sign = ink.sign("alert-triangle", "warn", 16)
            painter.drawPixmap(QPointF(rect.right() - px(24), rect.center().y() - px(8)), sign)
            right -= px(20)
        pill = self.pill(card.grid_id)
        folded = card.grid_id not in self.opened
        if not pill.isEmpty() and (folded or current or hot):
            painter.setPen(QPen(ink.color("line_strong"), 1) if look.edged else Qt.PenStyle.NoPen)
            painter.setBrush(ink.color("mute_bg"))
            painter.drawRoundedRect(pill, px(9), px(9))
            painter.setFont(look.font(12, 500))
            painter.setPen(ink.color("text2"))
            painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, self.folded_words(card))
            right = pill.x() - px(4)
        left = rect.x() + px(12)
        painter.setPen(ink.color("text"))
        self._words(painter, card.title, QRectF(left, rect.y() + px(1), right - left, px(20)), 14, 500)
        painter.setPen(ink.color("warn" if broken else "text2"))
        self._words(painter, card.below, QRectF(left, rect.y() + px(20), right - left, px(18)), 12, 400)

    def _words(self, painter: QPainter, words: str, where: QRectF, size: float, weight: int) -> None:
        painter.setFont(look.font(size, weight))
        room = round(where.width()) + 1
        cut = look.metrics(size, weight).elidedText(words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(where.adjusted(0, 0, 2, 0), _LEFT, cut)


def _elbow(start: QPointF, bend: float, end: QPointF) -> QPainterPath:
    """From one card to another below it, with round corners."""
    path = QPainterPath(start)
    if abs(start.y() - end.y()) < 1:
        path.lineTo(end)
        return path
    turn = BEND if end.y() > start.y() else -BEND
    path.lineTo(bend - BEND, start.y())
    path.quadTo(bend, start.y(), bend, start.y() + turn)
    path.lineTo(bend, end.y() - turn)
    path.quadTo(bend, end.y(), bend + BEND, end.y())
    path.lineTo(end)
    return path


def every_folded(cards: Iterable[Card]) -> frozenset[int]:
    """All cards that can stand open."""
    return frozenset(card.grid_id for card in cards if card.children)
