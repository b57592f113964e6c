"""The columns of a month's workbook: raw values, and the words beside marks given by hand.

What stands in a row is told by column key ("cells"): the raw values, which are scored, and the words, which
are not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gridoffice.fields import Column, Field, Kind
from gridoffice.scoring.scheme import (
    Indicator,
    Measure,
    Missing,
    Scheme,
    all_inputs,
    describe,
    inputs,
    missing_of,
)
from gridoffice.scoring.shapes import Manual, Reason

KINDS = {
    Measure.RATE: Kind.RATE,
    Measure.COUNT: Kind.INTEGER,
    Measure.AMOUNT: Kind.DECIMAL,
    Measure.YES_NO: Kind.YES_NO,
}


REASON = "reason:"
"""Before the key of an indicator: the column of the words beside its mark."""
_HEADED = ("说明", "的说明", "情况说明", "扣分说明", "扣分原因", "原因", "理由")
_HEADED_ALONE = ("扣分说明", "扣分原因", "扣分理由")
"""How offices head that column, and how where a scheme has only one."""


def takes_reason(indicator: Indicator) -> bool:
    """Whether words stand beside the mark of an indicator."""
    return isinstance(indicator.rule, Manual) and indicator.rule.reason is not Reason.NONE


def reason_columns(scheme: Scheme) -> dict[str, Column]:
    """The columns of the words beside marks, by the key of the indicator."""
    asked = [one for one in scheme.indicators if takes_reason(one)]
    if not asked:
        return {}
    taken = {heading for entry in all_inputs(scheme) for heading in (entry.label, *entry.aliases)}
    found = {}
    for one in asked:
        label, *also = (f"{one.name}{word}" for word in _HEADED)
        also += _HEADED_ALONE if len(asked) == 1 else ()
        aliases = tuple(heading for heading in also if heading not in taken)
        hint = one.rule.reason.label if isinstance(one.rule, Manual) else ""
        found[one.key] = Column(f"{REASON}{one.key}", Field(label, width=28, aliases=aliases, hint=hint))
    return found


def column_keys(indicator: Indicator) -> tuple[str, ...]:
    """The keys of all the columns that an indicator stands in, that of the words beside its mark included."""
    own = tuple(entry.key for entry in inputs(indicator))
    return (*own, f"{REASON}{indicator.key}") if takes_reason(indicator) else own


def numbers_in(cells: Mapping[str, Any]) -> dict[str, Any]:
    """Of what stands in a row of the month's workbook, by column key, the raw values."""
    return {key: value for key, value in cells.items() if not key.startswith(REASON)}


def as_cells(reasons: Mapping[str, str] | None) -> dict[str, str]:
    """The words beside marks, by the key of the indicator, as what stands in a row."""
    return {f"{REASON}{key}": text for key, text in (reasons or {}).items()}


def reasons_in(cells: Mapping[str, Any]) -> dict[str, str]:
    """The words beside the marks, by the key of the indicator; those that say nothing are left out."""
    return {
        key.removeprefix(REASON): value.strip()
        for key, value in cells.items()
        if key.startswith(REASON) and value and value.strip()
    }


def wants_reason(scheme: Scheme, indicator: Indicator, mark: Any) -> bool:
    """Whether a mark must have its reason beside it. One that was not given and counts as nothing is a loss."""
    if not takes_reason(indicator):
        return False
    if mark is None:
        return missing_of(scheme, indicator) in (Missing.NO_POINTS, Missing.AS_ZERO)
    assert isinstance(indicator.rule, Manual)
    return indicator.rule.reason is Reason.ALWAYS or mark < indicator.full


def unexplained(scheme: Scheme, cells: Mapping[str, Any]) -> list[Indicator]:
    """The indicators of a row whose mark wants a reason and has none."""
    said = reasons_in(cells)
    return [
        one
        for one in scheme.indicators
        if one.key not in said and wants_reason(scheme, one, cells.get(one.key))
    ]


def value_columns(scheme: Scheme) -> tuple[Column, ...]:
    """The columns of the month's workbook as fields, for reading, typing, showing and printing: the words
    beside a mark stand to the right of it."""
    hints: dict[str, list[str]] = {}
    for indicator in scheme.indicators:
        for entry in inputs(indicator):
            hints.setdefault(entry.key, []).append(describe(scheme, indicator))
    words = reason_columns(scheme)
    found = []
    for entry in all_inputs(scheme):
        width, hint = max(8, 2 * len(entry.label) + 2), "；".join(hints[entry.key])
        field = Field(entry.label, KINDS[entry.measure], width=width, aliases=entry.aliases, hint=hint)
        found.append(Column(entry.key, field))
        if entry.key in words:
            found.append(words[entry.key])
    return tuple(found)
