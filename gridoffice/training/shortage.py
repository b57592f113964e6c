"""培训学时不足名单 as a list: on screen, as a workbook, on paper."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy.orm import Session

from gridoffice.fields import Field, Kind, columns
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import names_of
from gridoffice.listing import Ask, Listing
from gridoffice.people import rows as person
from gridoffice.training.service import Short, shortage


@dataclass(frozen=True, slots=True)
class ShortRow:
    """One person short of hours. `id` is the number of the post that is held to the rule."""

    id: int
    person_id: int
    name: Annotated[str, person.NAME]
    grid: Annotated[str, Field("所属网格", width=24, computed=True)]
    title: Annotated[str, Field("职务", width=12, computed=True)]
    years: Annotated[int, Field("几年内", Kind.INTEGER, width=8, computed=True)]
    hours: Annotated[Decimal, Field("要求学时", Kind.DECIMAL, width=10, computed=True)]
    done: Annotated[Decimal, Field("已有学时", Kind.DECIMAL, width=10, computed=True)]
    missing: Annotated[Decimal, Field("还差学时", Kind.DECIMAL, width=10, computed=True)]


def _worst(found: Sequence[Short]) -> dict[int, Short]:
    """By post the rule that most is missing of."""
    worst: dict[int, Short] = {}
    for one in found:
        if one.post_id not in worst or worst[one.post_id].missing < one.missing:
            worst[one.post_id] = one
    return worst


def ids(session: Session, ask: Ask) -> array[int]:
    found = _worst(shortage(session, ask.scope, ask.day)).values()
    wanted = [one for one in found if ask.search.strip() in one.name]
    if ask.sort is not None:
        wanted.sort(key=lambda one: getattr(one, ask.sort or "name"), reverse=ask.descending)
    return array("q", [one.post_id for one in wanted][: ask.limit])


def rows(session: Session, wanted: Sequence[int], day: date | None = None) -> list[ShortRow]:
    found = _worst(shortage(session, None, day))
    short = [found[post_id] for post_id in wanted if post_id in found]
    names = names_of(session, office_pack(session), {one.grid_id for one in short}, day)
    return [
        ShortRow(
            one.post_id,
            one.person_id,
            one.name,
            names[one.grid_id][0],
            one.title,
            one.years,
            one.hours,
            one.done,
            one.missing,
        )
        for one in short
    ]


def choices(session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
    """Nothing of this list is ticked."""
    return []


SHORTAGE = Listing(
    "training-shortage",
    "培训学时不足名单",
    "人",
    columns(ShortRow),
    ids,
    rows,
    choices,
    frozenset({"name", "title", "done", "missing"}),
    dated=True,
)
