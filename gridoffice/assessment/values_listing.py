"""A month's people with what was recorded for each, as a list that leaves the office and comes back."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from db.tables import Month
from gridoffice.assessment.ledger import ledger_columns
from gridoffice.assessment.month import (
    Where,
    address_of,
    cells_reader,
    month_record,
    scheme_of,
    sheet_rows,
    words_of,
)
from gridoffice.assessment.opinion_ledger import opinion_columns, opinions_held
from gridoffice.assessment.rows import results
from gridoffice.fields import Column
from gridoffice.intake import Options
from gridoffice.listing import Ask, Listing, chunked


@dataclass(frozen=True, slots=True)
class ValuesRow:
    """One person of a month; the raw values are read by their own names."""

    id: int
    name: str
    id_number: str | None
    community: str
    grid: str
    values: Mapping[str, Any]

    def __getattr__(self, name: str) -> Any:
        return self.values.get(name)


def month_values(session: Session, where: Where) -> Listing:
    """The columns of the month's workbook (月度指标数据), filled with what is known, in the order of
    the grids. Raises `NotFound`."""
    month = month_record(session, where)
    scheme = scheme_of(session, month)

    def values(_session: Session, sheets: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
        return list(map(cells_reader(scheme), sheets))

    asked = ledger_columns(session, Options(month=address_of(month)))
    return _of_month(session, month, "indicators", "指标数据", asked, values)


def month_opinions(session: Session, where: Where) -> Listing:
    """Everybody of a month with what they and their first reviewer said (自评初评表). Raises `NotFound`."""
    month = month_record(session, where)

    def values(session: Session, sheets: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
        held = opinions_held(session, [sheet["id"] for sheet in sheets])
        return [held.get(sheet["id"], {}) for sheet in sheets]

    asked = opinion_columns(session, Options(month=address_of(month)))
    return _of_month(session, month, "opinions", "自评初评", asked, values)


def _of_month(
    session: Session,
    month: Month,
    key: str,
    title: str,
    columns: tuple[Column, ...],
    values: Callable[[Session, Sequence[Mapping[str, Any]]], Sequence[Mapping[str, Any]]],
) -> Listing:
    known = results(session, month.id)

    def ids(session: Session, ask: Ask) -> array[int]:
        return known.ids(session, ask if ask.sort else replace(ask, sort="grid"))

    def rows(session: Session, wanted: Sequence[int]) -> list[ValuesRow]:
        found: dict[int, ValuesRow] = {}
        for chunk in chunked(wanted):
            sheets = sheet_rows(session, None, chunk)
            for sheet, own in zip(sheets, values(session, sheets), strict=True):
                found[sheet["id"]] = ValuesRow(
                    sheet["id"],
                    sheet["name"],
                    sheet["id_number"],
                    sheet["unit_name"],
                    sheet["grid_name"],
                    own,
                )
        return [found[one] for one in wanted if one in found]

    return replace(
        known,
        key=f"{key}-{month.id}",
        title=f"{words_of(session, month)}{title}",
        columns=columns,
        ids=ids,
        rows=rows,
        sorts=frozenset({"name", "grid"}),
        filters=frozenset(),
    )
