"""How a value is written into a cell of somebody else's form: by what the form's own cell expects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from gridoffice.cells import LOST_DIGITS
from gridoffice.fields import Column, Kind
from gridoffice.spreadsheet.cell_xml import XmlCell
from gridoffice.spreadsheet.styles import Styles
from gridoffice.values import parser, show


class Days(StrEnum):
    """How days are written in a form. `FORM` follows the form: its number format where that is one
    for days, the month alone below 出生年月, else 2026-12-05."""

    FORM = "form"
    ISO = "iso"
    DOTS = "dots"
    CHINESE = "chinese"
    COMPACT = "compact"
    MONTH = "month"

    def written(self, day: date) -> str:
        return {
            Days.DOTS: f"{day.year}.{day.month}.{day.day}",
            Days.CHINESE: f"{day.year}年{day.month}月{day.day}日",
            Days.COMPACT: f"{day:%Y%m%d}",
            Days.MONTH: f"{day.year}.{day.month:02}",
        }.get(self, day.isoformat())

    def below(self, heading: str) -> Days:
        """What `FORM` means below a heading where the cells have no number format for days."""
        return Days.MONTH if self is Days.FORM and "年月" in heading and "年月日" not in heading else self


class Numbers(StrEnum):
    """How identity numbers are written in a form that asks for something of its own."""

    PLAIN = "plain"
    SPACED = "spaced"

    def written(self, number: str) -> str:
        if self is Numbers.SPACED and len(number) == 18:
            return f"{number[:6]} {number[6:14]} {number[14:]}"
        return number


@dataclass(frozen=True, slots=True)
class FormStyle:
    """What this form wants written in a way of its own; remembered with the form."""

    days: Days = Days.FORM
    numbers: Numbers = Numbers.PLAIN


Writer = Callable[[XmlCell, Any], None]
"""Puts a value into a cell; the cell's style is the form's."""


def writer(
    column: Column,
    heading: str,
    styles: Styles,
    *,
    style: FormStyle,
    reveal: bool,
    choices: Sequence[str] = (),
    unknown: set[str] | None = None,
) -> Writer:
    """How values of a column are put into the cells below a heading. `choices` are what the form
    lets one choose; values that none of them means are added to `unknown`."""
    field = column.field
    words = _words(column, choices)

    def text(cell: XmlCell, value: Any) -> None:
        shown = words.get(value) if words else None
        if shown is None:
            shown = show(field, value, reveal=reveal)
            if choices and shown and shown not in choices and unknown is not None:
                unknown.add(shown)
        if shown.isdigit() and len(shown) > 4 and not styles.is_text(cell.style):
            cell.style = styles.as_text(cell.style)
        cell.set(shown)

    def number_text(cell: XmlCell, value: Any) -> None:
        shown = show(field, value, reveal=reveal)
        if not styles.is_text(cell.style):
            cell.style = styles.as_text(cell.style)
        cell.set(style.numbers.written(shown) if reveal else shown)

    def day(cell: XmlCell, value: Any) -> None:
        if not isinstance(value, date):
            text(cell, value)
        elif style.days is not Days.FORM:
            written = style.days.written(value)
            cell.style = styles.as_text(cell.style) if written.isdigit() else cell.style
            cell.set(written)
        elif styles.is_date(cell.style):
            cell.set(value)
        elif (way := style.days.below(heading)) is Days.MONTH:
            cell.style = styles.as_text(cell.style)  # 1990.10 must not become 1990.1
            cell.set(way.written(value))
        else:
            cell.set(value.isoformat())

    def number(cell: XmlCell, value: Any) -> None:
        exact = Decimal(str(value))
        if abs(exact) >= Decimal(LOST_DIGITS):
            text(cell, value)
        else:
            cell.set(exact)

    def rate(cell: XmlCell, value: Any) -> None:
        exact = Decimal(str(value))
        if "%" in heading or "％" in heading:
            cell.set(exact if not styles.is_percent(cell.style) else exact.scaleb(-2))
            return
        if not styles.is_percent(cell.style):
            cell.style = styles.as_percent(cell.style)
        cell.set(exact.scaleb(-2))

    by_kind: Mapping[Kind, Writer] = {
        Kind.ID_NUMBER: number_text,
        Kind.PHONE: number_text,
        Kind.DATE: day,
        Kind.INTEGER: number,
        Kind.DECIMAL: number,
        Kind.RATE: rate,
    }
    return by_kind.get(field.kind, text)


def _words(column: Column, choices: Sequence[str]) -> dict[Any, str]:
    """The form's own word for each value: its list says 党员 where ours says 中共党员."""
    if column.field.kind not in (Kind.CODE, Kind.YES_NO):
        return {}
    read = parser(column.field)
    found: dict[Any, str] = {}
    for choice in choices:
        value, _ = read(choice)
        if value is not None:
            found.setdefault(value, choice)
    return found
