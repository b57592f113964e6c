"""The charts that a document can show: a line 【图：…】 of its text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from sqlalchemy.orm import Session

from gridoffice.assessment.month import month_record, scheme_of
from gridoffice.assessment.rows import SheetRow, results
from gridoffice.documents.model import Block, Chart, ChartKind, Figure, Paragraph, Series
from gridoffice.listing import Ask
from gridoffice.overview.glance import monthly_means
from gridoffice.overview.redivision import spread
from gridoffice.overview.staffing import staffing
from gridoffice.overview.turnover import turnover
from gridoffice.papers.facts import About

MOST_BESIDE = 12
"""So many names stand side by side below columns; of more, bars lie one below the other."""

_LINE = re.compile(r"【图：([^】]+)】")


def _columns(count: int) -> ChartKind:
    return ChartKind.COLUMNS if count <= MOST_BESIDE else ChartKind.BARS


def _staffing(session: Session, about: About) -> Chart | None:
    rows = staffing(session, about.scope, about.day)
    wanted = Series("应配", tuple(float(one.required) for one in rows))
    here = Series("实有", tuple(float(one.present) for one in rows))
    return Chart(
        "各村（社区）应配和实有人数",
        tuple(one.place for one in rows),
        (wanted, here),
        _columns(len(rows)),
        "人",
    )


def _movement(session: Session, about: About) -> Chart | None:
    months = turnover(session, about.scope, about.day).months
    return Chart(
        "近一年各月新增和离岗人数",
        tuple(f"{one.end.month}月" for one in months),
        (
            Series("新增", tuple(float(one.joined) for one in months)),
            Series("离岗", tuple(float(one.left) for one in months)),
        ),
        ChartKind.COLUMNS,
        "人",
    )


def _means(session: Session, about: About) -> Chart | None:
    means = monthly_means(session, about.scope)
    values = tuple(float(one.value) for one in means)
    kind = ChartKind.LINE if len(means) > 2 else ChartKind.COLUMNS
    names = tuple(one.label for one in means)
    return Chart("各月考核平均得分", names, (Series("平均得分", values),), kind, "分", 1)


def _grades(session: Session, about: About) -> Chart | None:
    if about.month is None:
        return None
    scheme = scheme_of(session, month_record(session, about.month))
    listing = results(session, about.month)
    rows: Sequence[SheetRow] = listing.rows(session, listing.ids(session, Ask(scope=about.scope)))
    counts = Counter(row.grade for row in rows if row.total is not None)
    values = tuple(float(counts[grade.name]) for grade in scheme.grades)
    return Chart(
        "各等次人数", tuple(grade.name for grade in scheme.grades), (Series("人数", values),), unit="人"
    )


def _spread(session: Session, about: About) -> Chart | None:
    found = spread(session, about.scope, about.day)
    if found is None:
        return None
    names = tuple(
        f"{high}户及以下" if low is None else f"{low}户及以上" if high is None else f"{low}–{high}户"
        for low, high, _ in found.bins
    )
    values = tuple(float(count) for _, _, count in found.bins)
    return Chart(
        f"{found.kind}户数分布（标准{found.norm[0]}–{found.norm[1]}户）",
        names,
        (Series("网格数", values),),
        ChartKind.BARS,
        "个",
    )


FIGURES: dict[str, Callable[[Session, About], Chart | None]] = {
    "应配和实有": _staffing,
    "近一年来和走": _movement,
    "近十二个月平均得分": _means,
    "等次分布": _grades,
    "网格户数分布": _spread,
}
"""Every chart by the words of its line."""


def drawn(
    session: Session, about: About, blocks: Iterable[Block], kept: dict[str, Chart | None]
) -> tuple[Block, ...]:
    """The blocks with their charts drawn; one that has nothing to show falls away, and a line that names
    no chart we know stays a paragraph. `kept` are those that were made before, by their names."""
    found: list[Block] = []
    for block in blocks:
        line = _LINE.fullmatch(block.text) if isinstance(block, Paragraph) else None
        name = line[1].strip() if line is not None else ""
        if name not in FIGURES:
            found.append(block)
            continue
        if name not in kept:
            kept[name] = FIGURES[name](session, about)
        chart = kept[name]
        if chart is not None and any(value for one in chart.series for value in one.values):
            tall = 3 + len(chart.categories) if chart.kind is ChartKind.BARS else 8
            found.append(Figure(chart, min(18, max(7, tall))))
    return tuple(found)
