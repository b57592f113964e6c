"""A scheme tried on months that are past: who would stand where. Nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from gridoffice.assessment.month import all_raw_values, month_record, scheme_of, sheet_rows, words_of
from gridoffice.assessment.results import score_sheets
from gridoffice.assessment.rules import days_of
from gridoffice.errors import RuleBroken
from gridoffice.scoring.scheme import Scheme, Target, all_inputs
from gridoffice.scoring.scores import pack, results


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands: points, grade and rank, all empty without a total."""

    total: Decimal | None
    grade: str | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class Moved:
    """One person under the scheme of the month and under the one that is tried."""

    name: str
    grid: str
    before: Standing
    after: Standing

    @property
    def climbed(self) -> int:
        """Places gained (negative: lost); 0 where there is no rank on both sides."""
        if self.before.rank is None or self.after.rank is None:
            return 0
        return self.before.rank - self.after.rank


@dataclass(frozen=True, slots=True)
class Simulated:
    """One month under another scheme. `lacking` are columns that the month never recorded: what they
    ask for counts as not filled in. `people` stand in the order in which they would be ranked."""

    period: str
    scheme: str
    target: Target
    people: tuple[Moved, ...]
    lacking: tuple[str, ...]
    grades_before: Mapping[str | None, int]
    grades_after: Mapping[str | None, int]

    @property
    def regraded(self) -> int:
        """How many would get another grade."""
        return sum(1 for one in self.people if one.before.grade != one.after.grade)


def simulate(session: Session, scheme: Scheme, periods: Sequence[str]) -> list[Simulated]:
    """Score past months by another scheme, from the raw values recorded then; a value is found by its
    column's key, else by its heading. Raises `NotFound` for a month that there is not, `RuleBroken` for one
    in which something else was assessed than what the scheme is for."""
    return [_month(session, scheme, period) for period in periods]


def _month(session: Session, scheme: Scheme, period: str) -> Simulated:
    month = month_record(session, period)
    if month.target is not scheme.target:
        whom = f"方案“{scheme.name}”考核{scheme.target.label}"
        raise RuleBroken(f"{whom}，{words_of(session, month)}考核的是{month.target.label}，不能拿来试算。")
    then = scheme_of(session, month)
    rows = sheet_rows(session, month.id, taking=True)
    sources, lacking = _sources(then, scheme)
    raw = all_raw_values(then, rows)
    asked = ({key: values.get(source) for key, source in sources.items()} for values in raw)
    tried = [{**row, "recorded": cells} for row, cells in zip(rows, pack(scheme, asked), strict=True)]
    scored = results(scheme, score_sheets(scheme, tried, days_of(month.period)), range(len(tried)))
    people = [
        Moved(
            row["name"],
            row["grid_name"],
            Standing(_said(row["total"], then.places), row["grade"], row["rank"]),
            Standing(result.total, result.grade, result.rank),
        )
        for row, result in zip(rows, scored, strict=True)
    ]
    people.sort(key=lambda one: (one.after.rank is None, one.after.rank or 0))
    return Simulated(
        period,
        scheme.name,
        scheme.target,
        tuple(people),
        lacking,
        Counter(one.before.grade for one in people),
        Counter(one.after.grade for one in people),
    )


def _said(total: Decimal | None, places: int) -> Decimal | None:
    """A total with the places of its scheme; it is kept with more."""
    return None if total is None else total.quantize(Decimal(1).scaleb(-places))


def _sources(then: Scheme, scheme: Scheme) -> tuple[dict[str, str], tuple[str, ...]]:
    """Under which key the month kept each column of the scheme, and the headings it never had."""
    entries = all_inputs(then)
    keys = {entry.key: entry for entry in entries}
    labels = {entry.label: entry for entry in entries}
    found, lacking = {}, []
    for entry in all_inputs(scheme):
        source = keys.get(entry.key) or labels.get(entry.label)
        if source is None or source.measure is not entry.measure:
            lacking.append(entry.label)
        else:
            found[entry.key] = source.key
    return found, tuple(lacking)
