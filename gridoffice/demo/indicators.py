"""Which made-up values suit the columns of a scheme."""

from __future__ import annotations

from decimal import Decimal

from gridoffice.demo.values import Indicator, Measure
from gridoffice.scoring import scheme as assessment
from gridoffice.scoring.scheme import Scheme, all_inputs
from gridoffice.scoring.shapes import (
    Bonus,
    Deduction,
    FloorPerN,
    InverseRateTimesWeight,
    Tally,
    Veto,
)


def indicators(scheme: Scheme) -> tuple[Indicator, ...]:
    """The columns of a month's workbook, each with the kind of value that its rule expects."""
    rules = {
        entry.key: indicator for indicator in scheme.indicators for entry in assessment.inputs(indicator)
    }
    return tuple(
        Indicator(
            entry.key,
            entry.label,
            _measure(rules[entry.key], entry.measure),
            rules[entry.key].full or Decimal(10),
        )
        for entry in all_inputs(scheme)
    )


def _measure(indicator: assessment.Indicator, column: assessment.Measure) -> Measure:
    match indicator.rule:
        case Veto():
            return Measure.VETO
        case Bonus():
            return Measure.BONUS
        case InverseRateTimesWeight() if column is assessment.Measure.RATE:
            return Measure.FAULTS
        case FloorPerN() | Tally():
            return Measure.BACKLOG
        case Deduction():
            return Measure.COUNT
    match column:
        case assessment.Measure.RATE:
            return Measure.RATE
        case assessment.Measure.COUNT:
            return Measure.BACKLOG
        case assessment.Measure.YES_NO:
            return Measure.VETO
        case _:
            return Measure.POINTS
