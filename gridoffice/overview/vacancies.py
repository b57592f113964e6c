"""空缺: what each grid's team lacks of what the pack asks for, and since when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.enums import ReserveState
from db.tables import Post, Reserve
from gridoffice.fields import Field, Kind
from gridoffice.grids.history import tree_on
from gridoffice.grids.naming import names_of
from gridoffice.grids.rules import SEGMENT
from gridoffice.listing import Listing, chunked
from gridoffice.overview.findings import asked_about
from gridoffice.overview.topics import Asked, Place
from gridoffice.overview.wanted import Wanted, wanted
from gridoffice.worked_out import worked_out

WAYS = 32
"""No pack asks for so many kinds of people in one grid: the line's number is made of grid and place."""


@dataclass(frozen=True, slots=True)
class VacancyRow:
    """One post of one grid that is not filled. `since` is the day after the last on which enough served
    there, by the norm of today (None: never enough); `waiting` counts who stands on the reserve list for
    such a post here or anywhere. `posts` are the titles that fill it."""

    id: int
    unit: Annotated[str, Field("村（社区）", width=14, computed=True)]
    grid: Annotated[str, Field("网格", Kind.GRID, width=20, computed=True)]
    kind: Annotated[str, Field("网格类型", width=10, computed=True)]
    who: Annotated[str, Field("缺什么岗位", width=18, computed=True)]
    least: Annotated[int, Field("应配", Kind.INTEGER, width=7, computed=True)]
    present: Annotated[int, Field("实有", Kind.INTEGER, width=7, computed=True)]
    missing: Annotated[int, Field("缺", Kind.INTEGER, width=6, computed=True)]
    since: Annotated[date | None, Field("从哪天起缺", Kind.DATE, width=12, computed=True)]
    days: Annotated[int | None, Field("缺了几天", Kind.INTEGER, width=9, computed=True)]
    waiting: Annotated[int, Field("后备人员", Kind.INTEGER, width=9, computed=True)]
    grid_id: int
    posts: tuple[str, ...]


def vacancies(session: Session, scope: int | None = None, day: date | None = None) -> list[VacancyRow]:
    """Every post below a grid that lacks people on a day, in the order of the tree."""
    asked = asked_about(session, scope, day)
    lacking = list(_lacking(asked))
    grids = {place.id for place, _, _ in lacking}
    served = _served(session, sorted(grids))
    units = dict(_units(asked))
    names = names_of(session, asked.pack, grids | {unit.id for unit in units.values()}, day)
    reserves = _reserves(session, asked.day)
    found = []
    for place, number, one in lacking:
        since = vacant_since(served.get(place.id, ()), one, asked.day)
        unit = units.get(place.path)
        found.append(
            VacancyRow(
                place.id * WAYS + number,
                names[unit.id][0] if unit is not None else "",
                names[place.id][0],
                place.kind.label,
                one.who,
                one.least,
                one.present,
                one.missing,
                since,
                (asked.day - since).days + 1 if since is not None else None,
                sum(1 for path, title in reserves if _suits(place, one, path, title)),
                place.id,
                one.posts or place.kind.posts,
            )
        )
    return found


def _lacking(asked: Asked) -> Iterator[tuple[Place, int, Wanted]]:
    """What is missing where, numbered within its grid. A grid that must have somebody at work and has
    nobody, here or below, lacks one of its posts where the pack says no more."""
    covered = {path[:cut] for path in asked.held for cut in range(SEGMENT, len(path) + 1, SEGMENT)}
    for place in asked.places:
        kind, held = place.kind, asked.held.get(place.path, ())
        found = list(wanted(asked.pack, kind, place.households, held))
        if kind.staffed and place.path not in covered and not any(one.missing for one in found):
            found.append(Wanted("或".join(kind.posts) or "网格员", 1, None, 0))
        yield from ((place, number, one) for number, one in enumerate(found) if one.missing)


def _units(asked: Asked) -> Iterator[tuple[str, Place]]:
    """The community that each place lies in, by path; a community lies in itself."""
    units = {place.path: place for place in asked.places if place.kind.unit}
    for place in asked.places:
        for cut in range(SEGMENT, len(place.path) + 1, SEGMENT):
            if (unit := units.get(place.path[:cut])) is not None:
                yield place.path, unit
                break


Served = tuple[str, str, date | None, date | None]
"""A post once held: title, way of serving, first and last day."""


def _served(session: Session, grid_ids: Sequence[int]) -> dict[int, list[Served]]:
    """Every post ever held in some grids."""
    found: dict[int, list[Served]] = {}
    for chunk in chunked(grid_ids):
        query = select(Post.grid_id, Post.title, Post.employment, Post.from_day, Post.to_day)
        for grid_id, title, how, first, last in session.execute(query.where(Post.grid_id.in_(chunk))):
            found.setdefault(grid_id, []).append((title, how.value, first, last))
    return found


def vacant_since(served: Iterable[Served], one: Wanted, day: date) -> date | None:
    """The first day of the stretch up to `day` on which fewer than `one.least` of those asked for served;
    None when there never were enough before."""
    counted = [(first, last) for title, how, first, last in served if one.counts((title, how))]
    ends = sorted({last for _, last in counted if last is not None and last < day}, reverse=True)
    for end in ends:
        here = sum(1 for first, last in counted if (first or date.min) <= end <= (last or date.max))
        if here >= one.least:
            return end + timedelta(days=1)
    return None


def _reserves(session: Session, day: date) -> list[tuple[str, str | None]]:
    """Who waits on a day: below which path (empty: anywhere) and for which title (None: any)."""
    tree = tree_on(session, day)
    query = (
        select(func.coalesce(tree.c.path, ""), Reserve.title)
        .select_from(Reserve)
        .outerjoin(tree.source, tree.c.id == Reserve.grid_id)
        .where(
            Reserve.since.is_(None) | (Reserve.since <= day),
            (Reserve.state == ReserveState.WAITING) | (Reserve.to_day > day),
        )
    )
    return [(tree.path(path), title) for path, title in session.execute(query)]


def _suits(place: Place, one: Wanted, path: str, title: str | None) -> bool:
    return place.path.startswith(path) and (title is None or not one.posts or title in one.posts)


def vacancies_listing(day: date | None = None) -> Listing:
    """The list of vacancies for the window, paper and workbook."""
    filters = ("unit", "kind", "who")
    return worked_out("vacancies", "岗位空缺表", "处空缺", VacancyRow, vacancies, filters, day)
