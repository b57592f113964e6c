"""版头: what stands above the title, in the common form (GB/T 9704-2012 7.2), of 信函 (10.1), of 纪要 (10.3).

A head says in which row of the grid the title begins and draws itself on the first page. Red ink is used
only for the words of `red_head`; paper with a printed head keeps its room empty.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from gridoffice.documents import official_format as form
from gridoffice.documents.flow import Row, Setter
from gridoffice.documents.fonts import POINT, Font, printable
from gridoffice.documents.model import Form, OfficialDocument, chinese_date
from gridoffice.documents.surface import RED, Surface

_UNKNOWN = "　" * 12  # the room of a printed mark whose words nobody gave
_FILE = "文件"


class Head(Protocol):
    @property
    def first_row(self) -> int:
        """The row of the grid in which the title begins."""
        ...

    def draw(self, surface: Surface, left: float) -> None: ...


@dataclass(frozen=True, slots=True)
class Mark:
    """发文机关标志: one name, or those of a joint issue with 文件 at their right (7.2.4)."""

    font: Font
    names: tuple[str, ...]
    file: bool
    size: float
    stretch: float

    @property
    def em(self) -> float:
        return self.size * POINT

    @property
    def height(self) -> float:
        return self.em * (1 + form.MARK_LEADING * (len(self.names) - 1))

    def draw(self, surface: Surface, left: float, width: float, top: float) -> None:
        """Centred in `width`, its ink beginning at `top`."""
        ink = max(glyph.face.ink(glyph.number)[0] for glyph in map(self.font.glyph, "".join(self.names)))
        baseline = top + ink * self.em
        widest = max(self._width(name) for name in self.names)
        whole = widest + (self._width(_FILE) + self.em / 2 if self.file else 0.0)
        x = left + (width - whole) / 2
        step = form.MARK_LEADING * self.em
        for place, name in enumerate(self.names):
            spacing = (widest - self._width(name)) / max(len(name) - 1, 1)
            self._set(surface, x, baseline + step * place, name, spacing)
        if self.file:
            middle = baseline + step * (len(self.names) - 1) / 2
            self._set(surface, x + widest + self.em / 2, middle, _FILE)

    def _width(self, text: str) -> float:
        return self.font.width(text, self.size) * self.stretch

    def _set(self, surface: Surface, x: float, baseline: float, text: str, spacing: float = 0.0) -> None:
        own = spacing / self.stretch
        surface.text(x, baseline, text, self.font, self.size, colour=RED, stretch=self.stretch, spacing=own)


def mark_of(document: OfficialDocument, font: Font) -> Mark:
    """The mark as large as it may be: a long name is narrowed, many names are set smaller."""
    words = [printable(line).strip() for line in (document.red_head or _UNKNOWN).split("\n")]
    words = [line for line in words if line] or [_UNKNOWN]
    if document.form is Form.LETTER:
        words = words[:1]  # 10.1: only the organ in charge
    file = len(words) > 1 and words[-1] == _FILE
    names = tuple(words[:-1] if file else words)
    em = max(font.width(name, 1.0) / POINT for name in names) + (2.5 if file else 0.0)
    largest = form.MARK_LARGEST
    if len(names) > 1:
        largest = min(largest, form.MARK_TALLEST / (1 + form.MARK_LEADING * (len(names) - 1)) / POINT)
    size = min(largest, form.MARK_WIDEST / (em * POINT))
    smallest = min(form.MARK_SMALLEST, largest)
    if size < smallest:
        return Mark(font, names, file, smallest, form.MARK_WIDEST / (em * smallest * POINT))
    return Mark(font, names, file, size, 1.0)


def head_of(document: OfficialDocument, setter: Setter, grid: form.Grid) -> Head:
    if not (document.red_head or document.preprinted):
        return _PlainHead(document, setter, grid)
    kind = _LetterHead if document.form is Form.LETTER else _CommonHead
    return kind(document, setter, grid)


def _corner(document: OfficialDocument) -> list[tuple[int, str, bool]]:
    """份号, 密级和保密期限, 紧急程度 from top to bottom: row, words, whether in 黑体 (7.2.1 to 7.2.3).

    Without 份号 the first row stays empty, but not under the double line of 信函.
    """
    found: list[tuple[int, str, bool]] = []
    if document.copy_number:
        found.append((form.COPY_NUMBER_ROW, printable(document.copy_number), False))
    if document.secrecy:
        row = 0 if document.form is Form.LETTER and not found else form.SECRECY_ROW
        found.append((row, printable(document.secrecy), True))
    if document.urgency:
        row = found[-1][0] + 1 if found else form.COPY_NUMBER_ROW
        found.append((row, printable(document.urgency), True))
    return found


class _PlainHead:
    """No head: the number, if any, in the first free row, the title two rows below it."""

    def __init__(self, document: OfficialDocument, setter: Setter, grid: form.Grid):
        self.document, self.setter, self.grid = document, setter, grid
        self.corner = _corner(document)
        self.below = self.corner[-1][0] + 1 if self.corner else 0
        self.minutes = document.form is Form.MINUTES

    @property
    def first_row(self) -> int:
        if self.document.number or self.document.signers or self.minutes:
            return self._number_row() + form.LINE_TO_TITLE + 1
        return max(1, self.below + 1)

    def draw(self, surface: Surface, left: float) -> None:
        self._draw_corner(surface, left, form.HEAD_MARGIN)
        self._draw_number(surface, left, self._number_row())

    def _number_row(self) -> int:
        return self.below + self._signer_rows() - 1

    def _signer_rows(self) -> int:
        """How many rows the number and the signers take; of minutes, the number and who issues them."""
        if self.minutes:
            return max(len(self._organs()), 1) + bool(self.document.number)
        return max(1, -(-len(self.document.signers) // form.SIGNERS_IN_ROW))

    def _draw_corner(self, surface: Surface, left: float, top: float) -> None:
        """`top` is the upper edge of the characters in the first row."""
        drop = top - form.HEAD_MARGIN
        for row, words, bold in self.corner:
            font = self.setter.fonts.hei if bold else self.setter.fonts.song
            self.setter.at(0.0, words, font).draw(surface, left, drop + self.grid.baseline(row))

    def _draw_number(self, surface: Surface, left: float, row: int) -> None:
        """发文字号 in the middle; of a document to a superior at the left, in the row of the last signer."""
        if self.minutes:
            self._draw_minutes(surface, left, row)
            return
        fang = self.setter.fonts.fang
        if self.document.number:
            words = printable(self.document.number)
            number = (
                self.setter.at(form.NUMBER_SIDE * form.CELL, words, fang)
                if self.document.signers
                else self.setter.centred(words, fang, form.SIZE_3)
            )
            number.draw(surface, left, self.grid.baseline(row))
        if self.document.signers:
            self._draw_signers(surface, left, row - self._signer_rows() + 1)

    def _organs(self) -> list[Row]:
        """Who issues the minutes, a line each; the day stands at the right of the last."""
        side = form.NUMBER_SIDE * form.CELL
        room = form.AREA_WIDTH - side - self._day_width() - 3 * form.CELL
        lines = Setter(self.setter.fonts, room)
        fang = self.setter.fonts.fang
        return [row for name in self.document.signed_by for row in lines.lines(name, fang, side, side)]

    def _day_width(self) -> float:
        return self.setter.measure(self.setter.fonts.fang).width(chinese_date(self.document.day))

    def _draw_minutes(self, surface: Surface, left: float, row: int) -> None:
        """The number in the middle, below it the organs at the left and the day at the right."""
        setter, fang = self.setter, self.setter.fonts.fang
        organs = self._organs()
        first = row - max(len(organs), 1) + 1
        if self.document.number:
            number = setter.centred(printable(self.document.number), fang, form.SIZE_3)
            number.draw(surface, left, self.grid.baseline(first - 1))
        for place, organ in enumerate(organs):
            organ.draw(surface, left, self.grid.baseline(first + place))
        x = form.AREA_WIDTH - form.NUMBER_SIDE * form.CELL - self._day_width()
        setter.at(x, chinese_date(self.document.day), fang).draw(surface, left, self.grid.baseline(row))

    def _draw_signers(self, surface: Surface, left: float, row: int) -> None:
        """签发人 in 仿宋, the names in 楷体, two a row, one below the other (7.2.6)."""
        setter, kai = self.setter, self.setter.fonts.kai
        names = [printable(name) for name in self.document.signers]
        cells = max(len(name) for name in names)
        columns = min(form.SIGNERS_IN_ROW, len(names))
        wide = (cells + 1) * form.CELL
        right = form.AREA_WIDTH - form.NUMBER_SIDE * form.CELL
        first = right - columns * wide + form.CELL
        label = "签发人："
        baseline = self.grid.baseline(row)
        fang = setter.fonts.fang
        setter.at(first - len(label) * form.CELL, label, fang).draw(surface, left, baseline)
        size = form.SIZE_3
        for place, name in enumerate(names):
            x = left + first + place % columns * wide
            baseline = self.grid.baseline(row + place // columns)
            # A name of two characters is as wide as one of three: 王　芳 below 李小明.
            apart = form.CELL - kai.width(name[0], size)
            if len(name) == 2 and cells == 3:
                apart += form.CELL
            surface.text(x, baseline, name, kai, size, spacing=apart)


class _CommonHead(_PlainHead):
    """Mark, two empty rows, number, the red line 4 mm below it, two empty rows."""

    def __init__(self, document: OfficialDocument, setter: Setter, grid: form.Grid):
        super().__init__(document, setter, grid)
        self.mark = mark_of(document, setter.fonts.title)

    @property
    def first_row(self) -> int:
        below = (self.red_line - form.HEAD_MARGIN) / self.grid.pitch
        return math.ceil(below - 1e-6 + form.LINE_TO_TITLE)

    @property
    def red_line(self) -> float:
        return self.grid.row_top(self._number_row()) + form.CELL + form.NUMBER_TO_LINE

    def draw(self, surface: Surface, left: float) -> None:
        self._draw_corner(surface, left, form.HEAD_MARGIN)
        self._draw_number(surface, left, self._number_row())
        self._draw_red(surface, left)

    def _number_row(self) -> int:
        mark = math.ceil((form.MARK_TOP + self.mark.height) / self.grid.pitch + form.MARK_TO_NUMBER)
        return mark + self._signer_rows() - 1

    def _draw_red(self, surface: Surface, left: float) -> None:
        if self.document.preprinted:
            return
        self.mark.draw(surface, left, form.AREA_WIDTH, form.HEAD_MARGIN + form.MARK_TOP)
        line = self.red_line
        surface.line(left, line, left + form.AREA_WIDTH, line, form.RED_LINE_WIDTH, RED)


class _LetterHead(_PlainHead):
    """信函: mark, double line, number at the right below it; another double line at the foot (10.1)."""

    def __init__(self, document: OfficialDocument, setter: Setter, grid: form.Grid):
        super().__init__(document, setter, grid)
        self.mark = mark_of(document, setter.fonts.title)
        ink = [glyph.face.ink(glyph.number) for glyph in map(self.mark.font.glyph, self.mark.names[0])]
        tall = max(top for top, _ in ink) - min(bottom for _, bottom in ink)
        self.line = form.MARK_TOP_LETTER + tall * self.mark.em + form.MARK_TO_DOUBLE_LINE
        double = form.DOUBLE_THICK + form.DOUBLE_GAP + form.DOUBLE_THIN
        self.text_top = self.line + double + form.LINE_TO_TEXT

    @property
    def first_row(self) -> int:
        """Two empty rows below the last of what stands under the double line."""
        last = max(self.below - 1, 0) * self.grid.pitch
        return math.ceil((self.text_top + last - form.HEAD_MARGIN) / self.grid.pitch - 1e-6) + 3

    def draw(self, surface: Surface, left: float) -> None:
        self._draw_corner(surface, left, self.text_top)
        fang = self.setter.fonts.fang
        if self.document.number:
            words = printable(self.document.number)
            x = form.AREA_WIDTH - self.setter.measure(fang).width(words)
            baseline = self.grid.baseline(0) + self.text_top - form.HEAD_MARGIN
            self.setter.at(x, words, fang).draw(surface, left, baseline)
        if self.document.preprinted:
            return
        self.mark.draw(surface, 0.0, form.PAGE_WIDTH, form.MARK_TOP_LETTER)
        self._double(surface, self.line, form.DOUBLE_THICK, form.DOUBLE_THIN)
        double = form.DOUBLE_THICK + form.DOUBLE_GAP + form.DOUBLE_THIN
        foot = form.PAGE_HEIGHT - form.DOUBLE_LINE_FOOT - double
        self._double(surface, foot, form.DOUBLE_THIN, form.DOUBLE_THICK)

    def _double(self, surface: Surface, top: float, first: float, second: float) -> None:
        """Two red lines `first` and `second` thick, the upper edge of the first at `top`."""
        left = (form.PAGE_WIDTH - form.DOUBLE_LINE_LENGTH) / 2
        right = left + form.DOUBLE_LINE_LENGTH
        surface.line(left, top + first / 2, right, top + first / 2, first, RED)
        below = top + first + form.DOUBLE_GAP + second / 2
        surface.line(left, below, right, below, second, RED)
