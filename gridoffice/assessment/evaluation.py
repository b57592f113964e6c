"""评价统计表: every grid, department or person of a month with values and points under the scheme's dimensions.

A scheme with figures of its own (`Shown`) has the head of the 区域评价统计表 of city-management systems, below
the title dimension and column: its figures and what each indicator reads with its points, in the scheme's
order (应结案量 | 量的评价 | 质的评价 | 效率的评价 | 基准得分 | 综合得分 | 名次). Of another scheme all that is
recorded is shown, under dimension, indicator, counts and points; counts that indicators share stand in front.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Target
from db.tables import Sheet
from gridoffice.assessment.annexes import WHOM, grade_notes, heads_of
from gridoffice.assessment.month import (
    Where,
    all_raw_values,
    below_in_month,
    month_record,
    scheme_of,
    sheet_rows,
)
from gridoffice.assessment.printed import Cell, Printed
from gridoffice.assessment.results import score_sheets
from gridoffice.assessment.rules import days_of, in_words
from gridoffice.documents.model import ColumnHead, HeadGroup
from gridoffice.errors import RuleBroken
from gridoffice.scoring.scheme import (
    Indicator,
    Input,
    Measure,
    Scheme,
    counts_of,
    has_points,
    inputs,
    is_bonus,
    is_shown,
    lost,
    weighs,
)
from gridoffice.scoring.scores import Raw, Scored, results
from gridoffice.scoring.shapes import Manual

MOST_ON_A4 = 22
"""Columns that A4 shows in type that can be read; of more, A3."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One line: its sheet, the raw values and the result."""

    sheet: Mapping[str, Any]
    raw: Mapping[str, Raw]
    scored: Scored


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: its heading, how a line fills it, and its decimals."""

    heading: str
    cell: Callable[[_Line], Cell]
    places: int | None = None


_Group = tuple[str, "tuple[_Column | _Group, ...]"]


def evaluation_table(session: Session, where: Where, scope: int | None = None) -> Printed:
    """The evaluation of a month, of the whole office or below one grid, the first rank first. Raises
    `RuleBroken` when nothing has been computed yet."""
    month = month_record(session, where)
    words = in_words(month.period)
    if month.computed_at is None:
        raise RuleBroken(f"{words}还没有算出得分，先计算。")
    scheme = scheme_of(session, month)
    rows = sheet_rows(session, month.id, taking=True)
    inside = None
    if scope is not None:
        inside = set(session.scalars(select(Sheet.id).where(below_in_month(session, month.id, scope))))
    raw = all_raw_values(scheme, rows)
    scored = results(scheme, score_sheets(scheme, rows, days_of(month.period)), [row["id"] for row in rows])
    lines = [
        _Line(sheet, values, result)
        for sheet, values, result in zip(rows, raw, scored, strict=True)
        if inside is None or sheet["id"] in inside
    ]
    lines.sort(key=lambda line: (line.scored.rank is None, line.scored.rank or 0, line.sheet["id"]))
    return _table(scheme, words, lines)


def _table(scheme: Scheme, words: str, lines: Sequence[_Line]) -> Printed:
    figures = any(map(is_shown, scheme.indicators))
    groups = [*_whom(scheme), *(_figures if figures else _values)(scheme), *_ends(scheme)]
    columns = _leaves(groups)
    what = WHOM[scheme.target]
    return Printed(
        title=f"{words}{what}评价统计表",
        facts=(
            f"方案：{scheme.name}",
            f"共{len(lines)}{heads_of(scheme)}",
            f"单位：{'、'.join(_units(scheme)) if figures else '分'}",
        ),
        headings=tuple(map(_heading, groups)),
        rows=tuple(tuple(column.cell(line) for column in columns) for line in lines),
        places=tuple(column.places for column in columns),
        notes=grade_notes(scheme),
        wide=len(columns) > MOST_ON_A4,
    )


def _units(scheme: Scheme) -> Sequence[str]:
    """What the columns of a table count in whose head does not say it."""
    counted = [one.unit for one in scheme.indicators if one.unit not in ("", "%")]
    return tuple(dict.fromkeys((*counted, "%", "分")))


def _whom(scheme: Scheme) -> list[_Column | _Group]:
    if scheme.target is not Target.POST:
        return [_Column(f"{WHOM[scheme.target]}名称", lambda line: line.sheet["name"])]
    return [
        _Column("姓名", lambda line: line.sheet["name"]),
        _Column("所属网格", lambda line: line.sheet["grid_name"]),
    ]


def _ends(scheme: Scheme) -> list[_Column | _Group]:
    places = scheme.places
    found: list[_Column | _Group] = [_Column("基准得分", lambda line: line.scored.base, places)]
    if any(is_bonus(one) for one in scheme.indicators):
        found.append(_Column("加分", lambda line: line.scored.bonus, places))
    return [
        *found,
        _Column("综合得分", lambda line: line.sheet["total"], places),
        _Column("名次", lambda line: line.scored.rank),
        _Column("等次", lambda line: line.sheet["grade"]),
    ]


def _values(scheme: Scheme) -> list[_Column | _Group]:
    """What the indicators read and give, by dimension; what several read comes first, once."""
    readers = Counter(entry.key for one in scheme.indicators for entry in inputs(one))
    entries = {entry.key: entry for one in scheme.indicators for entry in inputs(one)}
    shared = [entry for key, entry in entries.items() if readers[key] > 1]
    found: list[_Column | _Group] = []
    if shared:
        found.append(("基础数据", tuple(_read(entry, entry.label) for entry in shared)))
    common = {entry.key for entry in shared}
    return [*found, *_by_dimension(scheme, lambda one: [_of_indicator(scheme, one, common)])]


def _by_dimension(
    scheme: Scheme, columns: Callable[[Indicator], Sequence[_Column | _Group]]
) -> list[_Column | _Group]:
    """What each indicator shows under its dimension."""
    dimensions: dict[str, list[_Column | _Group]] = {}
    for one in scheme.indicators:
        dimensions.setdefault(one.dimension, []).extend(columns(one))
    found: list[_Column | _Group] = []
    for dimension, inside in dimensions.items():
        if not dimension or (len(inside) == 1 and _called(inside[0]) == dimension):
            found += inside
        else:
            found.append((dimension, tuple(inside)))
    return found


def _figures(scheme: Scheme) -> list[_Column | _Group]:
    """The scheme's figures and, between them, what its indicators read and give. What a figure already says
    is not said again, nor are the counts of a rate: who wants them shown has them as figures."""
    shown = [one for one in scheme.indicators if is_shown(one)]
    said = {entry.key for one in shown for entry in inputs(one)}
    rates = {counts_of(one.rule) for one in shown}

    def columns(one: Indicator) -> list[_Column | _Group]:
        of = counts_of(one.rule)
        if of:
            read = [_rate(one.name, of)] if is_shown(one) or of not in rates else []
        elif isinstance(one.rule, Manual):
            return [replace(_points(scheme, one), heading=one.name)]
        else:
            read = [
                _read(entry, entry.label) for entry in inputs(one) if is_shown(one) or entry.key not in said
            ]
        return [*read, _points(scheme, one)] if has_points(one) else list(read)

    return _by_dimension(scheme, columns)


def _called(group: _Column | _Group) -> str:
    return group.heading if isinstance(group, _Column) else group[0]


def _of_indicator(scheme: Scheme, indicator: Indicator, shared: set[str]) -> _Column | _Group:
    points = _points(scheme, indicator)
    if isinstance(indicator.rule, Manual):
        return replace(points, heading=indicator.name)
    of = counts_of(indicator.rule)
    own = [
        _read(entry, _short(indicator, entry))
        for entry in inputs(indicator)
        if entry.key not in shared and has_points(indicator)
    ]
    if of:
        own.append(_rate("比率%", of))
    if not has_points(indicator):
        (entry,) = inputs(indicator)
        return _read(entry, indicator.name)
    return (indicator.name, (*own, points))


def _points(scheme: Scheme, indicator: Indicator) -> _Column:
    """What an indicator gives or, where it has no weight of its own, takes from the total."""
    at = scheme.indicators.index(indicator)
    takes = not weighs(indicator) and not is_bonus(indicator)

    def cell(line: _Line) -> Cell:
        points = line.scored.parts[at]
        return lost(indicator, points) if takes and points is not None else points

    return _Column(indicator.points_name or ("扣分" if takes else "得分"), cell, scheme.places)


def _short(indicator: Indicator, entry: Input) -> str:
    """What stands over an indicator's own value: what it counts, or its unit."""
    if entry.label != indicator.name:
        return entry.label
    if entry.measure is Measure.RATE:
        return "比率%"
    return f"数值\n（{entry.unit}）" if entry.unit else "数值"


def _read(entry: Input, heading: str) -> _Column:
    if entry.measure is Measure.YES_NO:
        return _Column(heading, lambda line: "是" if line.raw.get(entry.key) else "")
    places = 2 if entry.measure is Measure.RATE else None

    def cell(line: _Line) -> Cell:
        value = line.raw.get(entry.key)
        if value is None or (places is None and value == int(value)):
            return None if value is None else int(value)
        return Decimal(value)

    return _Column(heading, cell, places)


def _rate(heading: str, of: Sequence[str]) -> _Column:
    """A rate of counts in per cent; nothing where the last is 0 or one is not known."""

    def cell(line: _Line) -> Cell:
        *counted, whole = (line.raw.get(name) for name in of)
        parts = [Decimal(part) for part in counted if part is not None]
        if len(parts) < len(counted) or not whole:
            return None
        return (sum(parts) * 100 / Decimal(whole)).quantize(Decimal("0.01"), ROUND_HALF_UP)

    return _Column(heading, cell, 2)


def _leaves(groups: Sequence[_Column | _Group]) -> list[_Column]:
    found: list[_Column] = []
    for one in groups:
        found += [one] if isinstance(one, _Column) else _leaves(one[1])
    return found


def _heading(group: _Column | _Group) -> ColumnHead:
    if isinstance(group, _Column):
        return group.heading
    return HeadGroup(group[0], tuple(map(_heading, group[1])))
