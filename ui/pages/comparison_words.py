"""考核对比: what its charts say in one sentence each, and their data as lines."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from gridoffice.assessment.comparing import (
    AreaFigure,
    Comparison,
    DimensionFigure,
    Heat,
)
from gridoffice.assessment.moving import Mover
from gridoffice.assessment.rules import in_words
from gridoffice.assessment.shares import ShareFigure
from gridoffice.grids.naming import short
from gridoffice.scoring.shapes import plain

Lines = list[tuple[str, str]]


def year_before(period: str) -> str:
    """The same month of the year before."""
    return f"{int(period[:4]) - 1}{period[4:]}"


def month(period: str, shown: str) -> str:
    """A month below its mark; with the year where that is not the year of the month shown."""
    word = f"{int(period[5:])}月"
    return word if period[:4] == shown[:4] else f"{period[2:4]}年{word}"


def apart(now: Decimal | None, then: Decimal | None, than: str) -> str:
    """How far two means are apart, in words; empty where one of them is not known."""
    if now is None or then is None:
        return ""
    if now == then:
        return f"同{than}一样"
    return f"比{than}{'高' if now > then else '低'} {plain(abs(now - then))} 分"


def of_months(said: Comparison) -> str:
    """How the month stands against the one before and the same of last year."""
    known = {one.period: one.mean for one in said.months}
    now = known.get(said.period)
    if now is None:
        return "这个月还没有总分"
    before = [one for one in said.months if one.period < said.period and one.mean is not None]
    found = [f"平均 {plain(now)} 分"]
    if before:
        found.append(apart(now, before[-1].mean, in_words(before[-1].period).partition("年")[2]))
    found.append(apart(now, known.get(year_before(said.period)), "去年同月"))
    return "，".join(one for one in found if one)


def of_areas(areas: Sequence[AreaFigure]) -> str:
    known = [one for one in areas if one.mean is not None]
    if len(known) < 2:
        return "下面没有几处可比" if not known else f"只有{short(known[0].name)}有总分"
    best = max(known, key=lambda one: one.mean or Decimal(0))
    worst = min(known, key=lambda one: one.mean or Decimal(0))
    return f"{short(best.name)}最高 {plain(best.mean or 0)} 分，{short(worst.name)}最低 {plain(worst.mean or 0)} 分"


def rate(one: DimensionFigure, mean: Decimal | None) -> Decimal | None:
    """Points as a share of the weight, in %."""
    return None if mean is None or not one.full else (mean / one.full * 100).quantize(Decimal("0.1"))


def of_dimensions(dimensions: Sequence[DimensionFigure]) -> str:
    known = [(found, one) for one in dimensions if (found := rate(one, one.mean)) is not None]
    if not known:
        return "还没有得分"
    weakest, one = min(known, key=lambda pair: pair[0])
    if len(known) == 1:
        return f"“{one.name}”得满分的 {plain(weakest)}%"
    words = f"“{one.name}”失分最多，得满分的 {plain(weakest)}%"
    before = rate(one, one.before)
    if before is not None and before != weakest:
        words += f"，上月 {plain(before)}%"
    return words


def of_spans(said: Comparison) -> str:
    if not said.spans:
        return "还没有总分"
    most = max(said.spans, key=lambda one: one.people)
    return f"{plain(most.low)}–{plain(most.high)} 分的最多，{most.people} {said.unit}"


def grades_of(said: Comparison) -> list[tuple[str, int, int | None]]:
    """Grade, how many now, how many in the month before."""
    by_period = {one.period: one for one in said.months}
    now = by_period.get(said.period)
    before = [one for one in said.months if one.period < said.period]
    then = dict(before[-1].grades) if before else None
    return [
        (name, count, None if then is None else then.get(name, 0))
        for name, count in (now.grades if now is not None else ())
    ]


def of_grades(said: Comparison) -> str:
    found = grades_of(said)
    if not found:
        return "还没有等次"
    name, now, then = found[0]
    words = f"{name} {now} {said.unit}"
    if then is not None and then != now:
        words += f"，比上月{'多' if now > then else '少'} {abs(now - then)}"
    return words


def of_share(one: ShareFigure) -> str:
    known = [(period, value) for period, value in one.months if value is not None]
    if not known:
        return "还没有数据"
    period, value = known[-1]
    words = f"{in_words(period).partition('年')[2]} {plain(value)}%"
    if one.target is None:
        return words
    stands = "达到" if value >= one.target else "没到"
    return f"{words}，{stands}目标 {plain(one.target)}%（虚线）"


def of_heat(heat: Heat) -> str:
    known = [
        (value, row[1], column[1])
        for row, line in zip(heat.rows, heat.values, strict=True)
        for column, value in zip(heat.columns, line, strict=True)
        if value is not None
    ]
    if not known:
        return "还没有得分"
    value, area, name = min(known, key=lambda one: one[0])
    return f"颜色越深得分越高。最弱的是{short(area)}的“{name}”，{plain(value)}{heat.unit}（有框的一格）"


def of_mover(one: Mover) -> str:
    """Why somebody moved."""
    return "、".join(f"{name} {signed(points)}" for _, name, points in one.why) or "各项都有一点"


def signed(points: Decimal) -> str:
    return f"+{plain(points)}" if points > 0 else f"−{plain(abs(points))}"


# ---- as lines ----------------------------------------------------------------------------------


def _points(value: Decimal | None) -> str:
    return f"{plain(value)} 分" if value is not None else "—"


def month_lines(said: Comparison) -> Lines:
    return [(in_words(one.period), f"{_points(one.mean)}　{one.scored} {said.unit}") for one in said.months]


def area_lines(said: Comparison) -> Lines:
    return [
        (one.name, f"{_points(one.mean)}　上月 {_points(one.before)}　去年同月 {_points(one.year_before)}")
        for one in said.areas
    ]


def dimension_lines(said: Comparison) -> Lines:
    return [
        (one.name, f"{_points(one.mean)} / {plain(one.full)} 分　上月 {_points(one.before)}")
        for one in (*said.dimensions, *said.indicators)
    ]


def span_lines(said: Comparison) -> Lines:
    return [(f"{plain(one.low)}–{plain(one.high)} 分", f"{one.people} {said.unit}") for one in said.spans]


def grade_lines(said: Comparison) -> Lines:
    return [
        (name, f"{now} {said.unit}" + (f"　上月 {then}" if then is not None else ""))
        for name, now, then in grades_of(said)
    ]


def share_lines(one: ShareFigure) -> Lines:
    return [
        (in_words(period), f"{plain(value)}%" if value is not None else "—") for period, value in one.months
    ]


def heat_lines(heat: Heat) -> Lines:
    return [
        (f"{area}·{name}", f"{plain(value)}{heat.unit}" if value is not None else "—")
        for (_, area), line in zip(heat.rows, heat.values, strict=True)
        for (_, name), value in zip(heat.columns, line, strict=True)
    ]
