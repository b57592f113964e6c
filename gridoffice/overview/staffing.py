"""Each community beside what its grids call for: how many grids, how many people, how many full-time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from sqlalchemy.orm import Session

from gridoffice.fields import Field, Kind
from gridoffice.grids.naming import names_of
from gridoffice.grids.norms import FULL, present, recommended, required
from gridoffice.grids.pack import GridKind, Pack
from gridoffice.grids.rules import SEGMENT
from gridoffice.listing import Listing
from gridoffice.overview.findings import asked_about
from gridoffice.overview.topics import Asked, Place
from gridoffice.worked_out import worked, worked_out


@dataclass(frozen=True, slots=True)
class StaffingRow:
    """One community. `advised` is the recommended number of grids, [⌈H/max⌉, ⌊H/min⌋] by households or,
    where the norm is one of area, by square metres; `gap` sums what each grid lacks, so that people too
    many in one grid do not hide people missing in another; the full-time rate is of all who serve."""

    id: int
    place: Annotated[str, Field("村（社区）", width=16, computed=True)]
    households: Annotated[int | None, Field("户数", Kind.INTEGER, width=8, computed=True)]
    grids: Annotated[int, Field("网格数", Kind.INTEGER, width=8, computed=True)]
    advised: Annotated[str, Field("建议网格数", width=11, computed=True)]
    required: Annotated[int, Field("应配", Kind.INTEGER, width=7, computed=True)]
    present: Annotated[int, Field("实有", Kind.INTEGER, width=7, computed=True)]
    gap: Annotated[int, Field("缺", Kind.INTEGER, width=6, computed=True)]
    serving: Annotated[int, Field("在岗人数", Kind.INTEGER, width=9, computed=True)]
    full_time: Annotated[int, Field("专职", Kind.INTEGER, width=7, computed=True)]
    full_rate: Annotated[Decimal | None, Field("专职率", Kind.RATE, width=9, computed=True)]


def staffing(session: Session, scope: int | None = None, day: date | None = None) -> list[StaffingRow]:
    """Every community below a grid on a day, in the order of the tree."""
    asked = asked_about(session, scope, day)
    pack = asked.pack
    units = [place for place in asked.places if place.kind.unit]
    names = names_of(session, pack, [place.id for place in units], day)
    inside = _by_unit(asked, units)
    measured = measured_kind(pack)
    return [_row(asked, unit, names[unit.id][0], inside[unit.path], measured) for unit in units]


def measured_kind(pack: Pack) -> GridKind | None:
    """The staffed kind that the number of grids is recommended for; None where no norm measures one."""
    return next(
        (kind for kind in pack.kinds if kind.staffed and (kind.households or kind.area)),
        None,
    )


def _by_unit(asked: Asked, units: Sequence[Place]) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {unit.path: [] for unit in units}
    for place in asked.places:
        for cut in range(SEGMENT, len(place.path), SEGMENT):
            if place.path[:cut] in found:
                found[place.path[:cut]].append(place)
                break
    return found


def _row(asked: Asked, unit: Place, name: str, inside: list[Place], measured: GridKind | None) -> StaffingRow:
    households = unit.households
    wanted = here = gap = serving = full = 0
    of_kind = [place for place in inside if measured is not None and place.kind.key == measured.key]
    for place in (unit, *inside):
        held = asked.held.get(place.path, ())
        serving += len(held)
        full += sum(1 for _, how in held if how == FULL)
        if place.kind.staff is not None:
            needs, has = required(place.kind.staff, place.households), present(place.kind.staff, held)
            wanted, here, gap = wanted + needs, here + has, gap + max(0, needs - has)
    return StaffingRow(
        unit.id,
        name,
        households,
        len(of_kind),
        _advised(measured, unit, of_kind),
        wanted,
        here,
        gap,
        serving,
        full,
        (Decimal(100 * full) / serving).quantize(Decimal("0.1"), ROUND_HALF_UP) if serving else None,
    )


def _advised(measured: GridKind | None, unit: Place, of_kind: Sequence[Place]) -> str:
    """How many grids the norm calls for. A community without a number of its own counts its grids'."""
    if measured is None:
        return ""
    if measured.households is not None:
        own, parts = unit.households, [place.households for place in of_kind]
        span = measured.households
    else:
        assert measured.area is not None
        own, parts = unit.area, [place.area for place in of_kind]
        span = (measured.area[0] * 100, measured.area[1] * 100)
    total = own if own is not None else sum(part or 0 for part in parts)
    if not total:
        return ""
    fewest, most = recommended(span, total)
    return str(fewest) if fewest == most else f"{fewest}–{most}"


@dataclass(frozen=True, slots=True)
class Staffed:
    """What a picture shows of the communities for which a number is asked: where they are more than it has
    `room` for, those that lack most; `words` say the whole in one sentence, empty where nothing is asked."""

    drawn: tuple[StaffingRow, ...]
    words: str


def staffed(session: Session, scope: int | None, day: date | None, room: int) -> Staffed:
    """The figures over exactly the rows of `staffing`."""
    rows = worked(session, staffing, scope, day).rows
    asked = [one for one in rows if one.required]
    if not asked:
        return Staffed((), "")
    drawn = asked if len(asked) <= room else sorted(asked, key=lambda one: -one.gap)[:room]
    required, gap = sum(one.required for one in asked), sum(one.gap for one in rows)
    said = f"应配 {required} 人，" + (f"逐个网格算缺 {gap} 人" if gap else "都配齐了")
    if len(drawn) < len(asked):
        said += f"；图上是缺得最多的 {room} 处，全部在下面的表里"
    full, everybody = sum(one.full_time for one in rows), sum(one.serving for one in rows)
    return Staffed(tuple(drawn), said + (f"，专职率 {100 * full / everybody:.1f}%" if everybody else ""))


def staffing_listing(day: date | None = None) -> Listing:
    """The list of communities with their staffing on a day, for the window, paper and workbook."""
    return worked_out("staffing", "网格配备情况表", "个村（社区）", StaffingRow, staffing, day=day)
