"""Marks of a month that want a reason beside them and have none: they are named, and the month waits for them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.tables import Month, Sheet
from gridoffice.assessment.month import Where, cells_reader, month_record, scheme_of, taking_part
from gridoffice.errors import RuleBroken
from gridoffice.scoring.columns import reason_columns, reasons_in, wants_reason
from gridoffice.scoring.scheme import Indicator
from gridoffice.scoring.shapes import plain

NAMED = 5
"""So many of them are named."""


@dataclass(frozen=True, slots=True)
class Unexplained:
    """One mark without its reason; None: nothing was typed, which counts as 0."""

    sheet: int
    name: str
    indicator: Indicator
    mark: Any

    def words(self) -> str:
        return f"“{self.name}”的“{self.indicator.name}”{plain(self.mark or Decimal(0))} 分"


def unexplained(session: Session, where: Where) -> list[Unexplained]:
    """The marks of those who take part in a month that want a reason and have none, in the order of the tree.
    Raises `NotFound`."""
    return _of(session, month_record(session, where))


def _of(session: Session, month: Month) -> list[Unexplained]:
    scheme = scheme_of(session, month)
    asked = [one for one in scheme.indicators if one.key in reason_columns(scheme)]
    if not asked:
        return []
    read = cells_reader(scheme)
    query = select(Sheet.id, Sheet.name, Sheet.recorded, Sheet.inputs, Sheet.reasons)
    query = query.where(Sheet.month_id == month.id, taking_part()).order_by(Sheet.grid_path, Sheet.id)
    found = []
    for row in session.execute(query).mappings():
        cells = read({**row})
        said = reasons_in(cells)
        found += [
            Unexplained(row["id"], row["name"], one, cells.get(one.key))
            for one in asked
            if one.key not in said and wants_reason(scheme, one, cells.get(one.key))
        ]
    return found


def refuse_unexplained(session: Session, month: Month) -> None:
    """Raises `RuleBroken` that names the marks which want a reason and have none."""
    found = _of(session, month)
    if not found:
        return
    some = "、".join(one.words() for one in found[:NAMED])
    if len(found) == 1:
        raise RuleBroken(f"{some}没写说明，在分数右边补上。")
    more = "等" if len(found) > NAMED else ""
    raise RuleBroken(f"还有 {len(found)} 处打分没写说明：{some}{more}，在分数右边补上。")
