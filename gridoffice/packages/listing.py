"""上报包登记簿: every package that was sent and received."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db.enums import Way
from db.tables import Package, Partner
from gridoffice.fields import Field, Kind, columns
from gridoffice.listing import Ask, Listing, fetched, ordered_ids, spelled
from gridoffice.packages.beside import counted
from gridoffice.packages.standing import state_of
from gridoffice.people.lists import tallied


@dataclass(frozen=True, slots=True)
class PackageRow:
    """One line of the register."""

    id: int
    way: Annotated[Way, Field("收发", Kind.CODE, width=7, codes=Way, computed=True)]
    partner: Annotated[str, Field("往来单位", width=22, computed=True)]
    number: Annotated[int, Field("第几号", Kind.INTEGER, width=8, computed=True)]
    made: Annotated[str, Field("制作时间", width=16, computed=True)]
    month: Annotated[str | None, Field("月份", width=12, computed=True)]
    kind: Annotated[str, Field("内容范围", width=10, computed=True)]
    holds: Annotated[str, Field("内容", width=44, computed=True)]
    state: Annotated[str, Field("办理情况", width=16, computed=True)]


_BY: dict[str, Any] = {
    "way": Package.way,
    "partner": Partner.name,
    "number": Package.number,
    "made": Package.made,
    "month": Package.month,
}


def _asked(ask: Ask) -> Select[Any]:
    query = select(Package.id).join(Partner, Partner.id == Package.partner_id)
    return query.where(spelled(ask.search, Partner.name)) if ask.search else query


def package_ids(session: Session, ask: Ask) -> array[int]:
    return ordered_ids(session, _asked(ask), _BY, ask, (Package.made.desc(), Package.id))


def package_rows(session: Session, wanted: Sequence[int]) -> list[PackageRow]:
    query = select(Package, Partner.name).join(Partner, Partner.id == Package.partner_id)
    return [
        PackageRow(
            one.id,
            one.way,
            name,
            one.number,
            one.made.astimezone().strftime("%Y-%m-%d %H:%M"),
            one.month,
            "全部" if one.whole else "变化",
            "、".join(counted(part["key"], part["title"], part["rows"]) for part in one.contents)
            or "规定和回执",
            state_of(session, one),
        )
        for one, name in fetched(session, query, wanted)
    ]


def package_choices(session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
    return tallied(session, _asked(ask), _BY[column])


PACKAGES = Listing(
    "packages",
    "上报包登记簿",
    "个上报包",
    columns(PackageRow),
    package_ids,
    package_rows,
    package_choices,
    frozenset(_BY),
    frozenset({"way", "partner"}),
)
