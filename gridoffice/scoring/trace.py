"""How a score came about, in sentences a worker can check with a pocket calculator.

The points are those of the scoring itself; a sentence only sets out the numbers that led to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from gridoffice.scoring.columns import numbers_in, reasons_in
from gridoffice.scoring.policies import Prorate
from gridoffice.scoring.scheme import (
    Indicator,
    Missing,
    RankGroup,
    Scheme,
    is_bonus,
    missing_of,
    weighs,
)
from gridoffice.scoring.scores import Inputs, Scored, score
from gridoffice.scoring.sentences import effect_of, limited, sentence
from gridoffice.scoring.shapes import (
    Effect,
    Veto,
    plain,
)


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One indicator: its sentence and its points (None: it does not count, or is a veto)."""

    key: str
    name: str
    sentence: str
    points: Decimal | None
    full: Decimal


@dataclass(frozen=True, slots=True)
class Term:
    """One addend of the total: an indicator's points, or an adjustment named in words."""

    name: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Trace:
    """A whole score. The points of `terms` add up to the total exactly; `formula` writes them out.

    Without a total there are no terms and no formula, and `verdict` says what is still missing.
    """

    lines: tuple[TraceLine, ...]
    terms: tuple[Term, ...]
    formula: str
    verdict: str
    notes: tuple[str, ...]


def explain(
    scheme: Scheme,
    cells: Mapping[str, Any],
    scored: Scored | None = None,
    beside: Inputs | None = None,
    whole: int = 0,
) -> Trace:
    """The trace of `scored`; without it the values are scored alone: no rank is told, no quota applies. Words
    beside a mark (`cells` is a row of the month's workbook) stand behind its sentence.

    `beside` says what but the values bears on the score (days at work of the month's `whole`, whether
    graded, what was added, which grade was granted)."""
    alone = scored is None
    values, said = numbers_in(cells), reasons_in(cells)
    own = Inputs("", values) if beside is None else replace(beside, values=values)
    if scored is None:
        unlimited = replace(scheme, grades=tuple(replace(grade, quota=None) for grade in scheme.grades))
        (scored,) = score(unlimited, [own], whole)
    part = _part_month(own, whole)
    lines = tuple(
        TraceLine(
            indicator.key,
            indicator.name,
            sentence(scheme, indicator, values, points, indicator.key in scored.missing, part)
            + limited(scheme, indicator, points, scored)
            + (f"（说明：{said[indicator.key].rstrip('。')}）" if indicator.key in said else ""),
            points,
            indicator.full,
        )
        for indicator, points in zip(scheme.indicators, scored.parts, strict=True)
    )
    terms = tuple(_terms(scheme, scored, own))
    return Trace(
        lines,
        terms,
        _formula(terms, scored),
        _verdict(scheme, scored, alone),
        tuple(_notes(scheme, scored, own, part)),
    )


def _part_month(own: Inputs, whole: int) -> tuple[int, int] | None:
    """Days at work and days of the month, where somebody was not there all of it."""
    if not whole or own.present is None or not 0 < own.present < whole:
        return None
    return own.present, whole


def _terms(scheme: Scheme, scored: Scored, own: Inputs) -> Iterator[Term]:
    if scored.total is None or scored.base is None or scored.bonus is None:
        return
    sum_of_parts = Decimal(0)
    for indicator, points in zip(scheme.indicators, scored.parts, strict=True):
        if points is not None and not is_bonus(indicator) and (weighs(indicator) or points):
            yield Term(indicator.name, points)
            sum_of_parts += points
    if scored.base != sum_of_parts:
        yield Term("其余项折算" if _excluded(scheme, scored) else "基础分限额", scored.base - sum_of_parts)
    if scored.bonus:
        yield Term("加分", scored.bonus)
    top = scheme.full + scheme.bonus_cap if scheme.ceiling is None else scheme.ceiling
    before = min(scored.base + scored.bonus, top)
    if before != scored.base + scored.bonus:
        yield Term("总分上限", before - scored.base - scored.bonus)
    added = min(max(before + _added(scheme, own), Decimal(0)), top)
    if added != before:
        yield Term("校准和申诉", added - before)
    if scored.total != added:
        yield Term("一票否决", scored.total - added)


def _added(scheme: Scheme, own: Inputs) -> Decimal:
    """What calibration and appeals add, as it counts."""
    return own.adjustment.quantize(Decimal(1).scaleb(-scheme.places), ROUND_HALF_UP)


def _formula(terms: tuple[Term, ...], scored: Scored) -> str:
    if scored.total is None:
        return ""
    text = ""
    for term in terms:
        sign = "−" if term.points < 0 else "+"
        text += f" {sign} {term.name} {plain(abs(term.points))}"
    return f"{text.removeprefix(' + ').strip()} = {plain(scored.total)}"


def _excluded(scheme: Scheme, scored: Scored) -> list[Indicator]:
    parts = zip(scheme.indicators, scored.parts, strict=True)
    return [indicator for indicator, points in parts if points is None and weighs(indicator)]


def _vetoes(scheme: Scheme, scored: Scored, *effects: Effect) -> list[Indicator]:
    return [
        indicator
        for indicator in scheme.indicators
        if isinstance(indicator.rule, Veto)
        and indicator.rule.effect in effects
        and indicator.key in scored.vetoed
    ]


def _verdict(scheme: Scheme, scored: Scored, alone: bool) -> str:
    if scored.total is None:
        blocking = [
            indicator.name
            for indicator in scheme.indicators
            if indicator.key in scored.missing and missing_of(scheme, indicator) is Missing.BLOCKS
        ]
        return f"待补：{'、'.join(blocking)}" if blocking else "没有可计分的指标，不出总分"
    if scored.grade is None:
        return f"总分 {plain(scored.total)} 分，不定等次，不排名"
    ranks = ""
    if not alone:
        ranks = f"，第 {scored.rank} 名"
        if scheme.group is not RankGroup.NONE:
            ranks += f"（{scheme.group.label}第 {scored.group_rank} 名）"
    return f"总分 {plain(scored.total)} 分，等次“{scored.grade}”{ranks}"


def _notes(scheme: Scheme, scored: Scored, own: Inputs, part: tuple[int, int] | None) -> Iterator[str]:
    if scored.total is None:
        return
    if part is not None and any(one.prorate is not Prorate.NONE for one in scheme.indicators):
        yield f"当月 {part[1]} 天，在岗 {part[0]} 天，写明折算的项目按在岗天数折算"
    left_out = _excluded(scheme, scored)
    if left_out:
        weight = sum((indicator.full for indicator in left_out), Decimal(0))
        names = "、".join(indicator.name for indicator in left_out)
        yield (
            f"{names}不计，其余 {plain(scheme.full - weight)} 分的得分按 "
            f"{plain(scheme.full)} ÷ {plain(scheme.full - weight)} 折算"
        )
    pool = [points for entry, points in zip(scheme.indicators, scored.parts, strict=True) if is_bonus(entry)]
    bonus = sum((points for points in pool if points is not None), Decimal(0))
    if bonus > scheme.bonus_cap:
        yield f"加分合计 {plain(bonus)} 分，封顶 {plain(scheme.bonus_cap)} 分"
    for indicator in _vetoes(scheme, scored, *Effect):
        if isinstance(indicator.rule, Veto):
            yield f"一票否决（{indicator.name}）：{effect_of(scheme, indicator.rule)}"
    if reason := grade_reason(scheme, scored, own.granted):
        yield reason


def grade_reason(scheme: Scheme, scored: Scored, granted: str | None = None) -> str:
    """Why the grade is not the one that the points alone would bring; empty where it is. `granted` is the
    grade that calibration or an appeal set."""
    if scored.grade is None or scored.grade == scored.earned:
        return ""
    if _vetoes(scheme, scored, Effect.FORCED, Effect.NOT_TOP) and scored.grade != granted:
        return f"按总分为“{scored.earned}”，一票否决，定为“{scored.grade}”"
    if scored.grade == granted:
        return f"按总分为“{scored.earned}”，校准或申诉定为“{scored.grade}”"
    return f"按总分为“{scored.earned}”，名额已满，定为“{scored.grade}”"
