"""Notices of results on A4, one person a page: it is cut off, handed over and signed.

Everything stays on one page as long as the type can be read; what does not fit even then goes on to a
second one, and the place to sign with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from gridoffice.documents.charts import draw_chart, number_text
from gridoffice.documents.columns import columns, needs, wrap
from gridoffice.documents.fonts import POINT, Font, FontSet, printable, whose
from gridoffice.documents.model import Chart
from gridoffice.documents.score_notice import ScoreNotice
from gridoffice.documents.surface import A4, Surface
from gridoffice.documents.tables import Look, Slice, Table
from gridoffice.progress import report

_WIDTH, _HEIGHT = A4
_SIDE, _TOP, _BOTTOM = 18.0, 15.0, 15.0
_AREA = _WIDTH - 2 * _SIDE
_TITLE, _TITLE_ROOM = 20.0, 12.0
_SIZES = (10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5)
_COMFORTABLE = 9.0
_HEADINGS = ("考核项目", "分项", "分值", "本月情况和算法", "得分")
_ALIGN = "ccclr"
_TREND, _TREND_LEAST = 42.0, 36.0
_SIGN_ROOM = 15.0
_GAP = 3.2
_FOOT = 9.0


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a page below the table: how tall it is and how it is drawn from a height on."""

    height: float
    draw: Callable[[float], None]


def notices_pdf(
    notices: Sequence[ScoreNotice], title: str, day: date | None = None, fonts: FontSet | None = None
) -> bytes:
    """Notices as PDF, each with a bookmark of the name. Raises OfficeError naming a character that no font
    has, `Cancelled` when whoever watches stops it."""
    from gridoffice.documents.output import surface_for

    surface = surface_for(printable(title), printable(notices[0].organisation), day, persons=True)
    write(surface, fonts or FontSet.found(), notices)
    return surface.finish()


def write(surface: Surface, fonts: FontSet, notices: Sequence[ScoreNotice]) -> None:
    """Draw notices one after the other; raises as `notices_pdf` does."""
    for done, notice in enumerate(notices):
        report("排版通知单", done, len(notices))
        with whose(notice.name):
            _Page(surface, fonts, notice).write()


class _Page:
    """One notice on its page (or pages)."""

    def __init__(self, surface: Surface, fonts: FontSet, notice: ScoreNotice):
        self.surface, self.fonts, self.notice = surface, fonts, notice

    def write(self) -> None:
        table, parts, slices, spare = self._fitted()
        y = _TOP
        for number, part in enumerate(slices, 1):
            y = self._begin(number, len(slices))
            y = table.draw(self.surface, _SIDE, y, part)
        self._below(parts, y, spare)

    def _fitted(self) -> tuple[Table, list[_Part], list[Slice], float]:
        """The table in the largest type with which all stands on one page, and what room is then left over:
        rather without the trend than in small type, rather in small type than on two pages."""
        trend = _TREND_LEAST if self.notice.trend is not None else 0.0
        wanted = [
            *((size, trend) for size in _SIZES if size >= _COMFORTABLE),
            *((size, 0.0) for size in _SIZES),
        ]
        for size, least in wanted:
            fitted = self._tried(size, drawn=least > 0)
            if len(fitted[2]) == 1 and fitted[3] >= least:
                return (*fitted[:3], fitted[3] if least else 0.0)
        return (*self._tried(_COMFORTABLE, drawn=False)[:3], 0.0)

    def _tried(self, size: float, drawn: bool) -> tuple[Table, list[_Part], list[Slice], float]:
        head, room = _TITLE_ROOM + self._facts_height(), _HEIGHT - _TOP - _BOTTOM
        table, parts = self._table(size), self._parts(size, drawn)
        fixed = sum(part.height for part in parts) + _SIGN_ROOM
        slices = table.slices(room - head, room, fixed)
        spare = room - head - table.head_height - slices[0].height - fixed
        return table, parts, slices, spare

    def _begin(self, number: int, count: int) -> float:
        notice, surface = self.notice, self.surface
        surface.page(_WIDTH, _HEIGHT)
        self._foot(number, count)
        if number > 1:
            return _TOP
        surface.bookmark(printable(notice.name))
        font, title = self.fonts.title, printable(notice.title)
        size = min(_TITLE, _AREA / max(1.0, font.width(title, 1.0)))
        surface.text((_WIDTH - font.width(title, size)) / 2, _TOP + 7.0, title, font, size)
        return self._facts(_TOP + _TITLE_ROOM)

    # above the table

    def _fact_lines(self) -> list[list[tuple[float, str, str]]]:
        """The facts in lines: two a line, a long one alone."""
        song, size, half = self.fonts.song, 11.0, _AREA / 2
        found: list[list[tuple[float, str, str]]] = []
        pending: list[tuple[float, str, str]] = []
        for words, said in self.notice.facts:
            said = printable(said)
            if song.width(f"{words}：{said}", size) <= half - 3:
                pending.append((half * len(pending), words, said))
                if len(pending) == 2:
                    found.append(pending)
                    pending = []
                continue
            if pending:
                found.append(pending)
                pending = []
            label = song.width(f"{words}：", size)
            lines = wrap(song, size, said, _AREA - label)
            found.append([(0.0, words, lines[0])])
            found += [[(label, "", line)] for line in lines[1:]]
        return [*found, pending] if pending else found

    def _facts_height(self) -> float:
        return 6.2 * len(self._fact_lines()) + 2.0

    def _facts(self, y: float) -> float:
        for line in self._fact_lines():
            for x, words, said in line:
                label = f"{words}：" if words else ""
                self.surface.text(_SIDE + x, y + 4.2, label + said, self.fonts.song, 11.0)
            y += 6.2
        return y + 2.0

    # the table

    def _table(self, size: float) -> Table:
        fonts = self.fonts
        rows = [
            [printable(text) for text in (line.dimension, line.name, line.worth, line.sentence, line.points)]
            for line in self.notice.lines
        ]
        found = needs(_HEADINGS, rows, fonts.song, fonts.hei)
        look = Look(
            fonts.song,
            fonts.hei,
            size,
            1.25,
            pad_x=1.2,
            pad_y=0.95 if size > 8.5 else 0.6,
            least_height=size * POINT * 1.9,
        )
        return Table(look, _HEADINGS, rows, columns(found, size, 1.2, _AREA, None, _ALIGN))

    # below it

    def _parts(self, size: float, drawn: bool) -> list[_Part]:
        notice = self.notice
        parts = [self._results()]
        small = min(size, 9.5)
        said = [notice.formula] if notice.formula else []
        if said or notice.notes:
            parts.append(self._text("", (*said, *notice.notes), small))
        if notice.trend is not None and not drawn:
            parts.append(self._text("", (_as_line(notice.trend),), small))
        if notice.ways:
            parts.append(self._text(notice.ways_title, notice.ways, max(size, 9.0)))
        if notice.appeal:
            parts.append(self._text("申诉", notice.appeal, max(size, 9.0)))
        return parts

    def _results(self) -> _Part:
        """Total, grade and ranks side by side in a frame."""
        cells = self.notice.results
        width, tall = _AREA / max(1, len(cells)), 13.0
        fonts, surface = self.fonts, self.surface

        def draw(y: float) -> None:
            for place, (words, said) in enumerate(cells):
                left = _SIDE + width * place
                if place:
                    surface.line(left, y, left, y + tall, 0.2)
                _centred(surface, fonts.song, printable(words), left, width, y + 4.4, 9.0)
                _centred(surface, fonts.hei, printable(said), left, width, y + 10.4, 12.0)
            surface.line(_SIDE, y + tall, _SIDE + _AREA, y + tall, 0.35)
            for x in (_SIDE, _SIDE + _AREA):
                surface.line(x, y, x, y + tall, 0.35)

        return _Part(tall + _GAP, draw)

    def _text(self, heading: str, lines: Sequence[str], size: float) -> _Part:
        fonts, surface = self.fonts, self.surface
        step = size * POINT * 1.42
        broken = [one for line in lines for one in wrap(fonts.song, size, printable(line), _AREA)]
        tall = step * (len(broken) + bool(heading))

        def draw(y: float) -> None:
            baseline = y + step * 0.75
            if heading:
                surface.text(_SIDE, baseline, printable(heading), fonts.hei, size)
                baseline += step
            for line in broken:
                surface.text(_SIDE, baseline, line, fonts.song, size)
                baseline += step

        return _Part(tall + _GAP * 0.6, draw)

    def _below(self, parts: Sequence[_Part], y: float, spare: float) -> None:
        notice = self.notice
        for place, part in enumerate(parts):
            part.draw(y)
            y += part.height
            if place == 0 and notice.trend is not None and spare >= _TREND_LEAST:
                tall = min(spare, _TREND)
                font, title = self.fonts.hei, printable(notice.trend.title)
                self.surface.text(_SIDE, y + 3.0, title, font, 9.5)
                draw_chart(self.surface, self.fonts, notice.trend, _SIDE, y + 4.5, _AREA, tall - 6.0)
                y += tall
        width = _AREA / max(1, len(notice.signed))
        for place, words in enumerate(notice.signed):
            text = f"{printable(words)}：＿＿＿＿＿＿＿＿＿＿"
            self.surface.text(_SIDE + width * place, y + 9.5, text, self.fonts.song, 11.0)

    def _foot(self, number: int, count: int) -> None:
        font, notice, base = self.fonts.song, self.notice, _HEIGHT - 8.0
        self.surface.text(_SIDE, base, printable(notice.organisation), font, _FOOT)
        right = (
            printable(notice.made)
            if count == 1
            else f"{printable(notice.name)}　第 {number} 页　共 {count} 页"
        )
        self.surface.text(_SIDE + _AREA - font.width(right, _FOOT), base, right, font, _FOOT)


def _centred(
    surface: Surface, font: Font, text: str, left: float, width: float, baseline: float, size: float
) -> None:
    wide = font.width(text, size)
    if wide > width - 2:
        size *= (width - 2) / wide
        wide = width - 2
    surface.text(left + (width - wide) / 2, baseline, text, font, size)


def _as_line(trend: Chart) -> str:
    """A trend in words, where there is no room to draw it."""
    (series,) = trend.series
    known = zip(trend.categories, series.values, strict=True)
    said = (f"{name} {number_text(value, trend.places)}" for name, value in known if value is not None)
    return f"{trend.title}：{'，'.join(said)}"
