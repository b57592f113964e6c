"""What a sketch of dated changes comes to, told to whoever has to decide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select

from db.enums import MonthState, Zone
from db.tables import Account, Grid, Month, PartyLink, Person, Post, Sheet
from gridoffice.errors import Problem, has_error
from gridoffice.grids.rules import below
from gridoffice.grids.sketch import Held, Sketch, Spot, State
from gridoffice.listing import chunked

SHOWN = 500
"""How many of those that merely go along are named one by one."""


@dataclass(frozen=True, slots=True)
class GridEffect:
    """A grid that would be new (`id` None), different or closed (`after` None); `says` is a sentence."""

    id: int | None
    code: str
    name: str
    says: str
    before: State | None
    after: State | None


@dataclass(frozen=True, slots=True)
class PostEffect:
    """Somebody whose post (or party link) would be held elsewhere, or (`to` None) would end; `from_day`
    is the first day of the new one, None where the old one merely changes its grid."""

    id: int
    person_id: int
    person: str
    title: str
    grid: str
    to: str | None
    from_day: date | None


@dataclass(frozen=True, slots=True)
class OrgEffect:
    """A party organisation that would serve other grids (`to`, their names; empty: it would end)."""

    id: int
    name: str
    grid: str
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Along:
    """A grid, or a post held in one, that goes along with a grid above it."""

    id: int
    name: str
    grid: str


@dataclass(frozen=True, slots=True)
class SheetEffect:
    """An assessment sheet of a month that is not locked, of somebody whose grid changes. It keeps the
    grid and the path it was opened with."""

    id: int
    month: str
    person: str
    grid: str


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything that a change touches. Of grids and people that only go along with a grid above
    them, the first are named and all counted. `links` are party members' links; `organisations` those
    party organisations that go elsewhere or end, `accounts` those whose grid would be closed."""

    day: date
    steps: tuple[str, ...]
    grids: tuple[GridEffect, ...]
    posts: tuple[PostEffect, ...]
    links: tuple[PostEffect, ...]
    organisations: tuple[OrgEffect, ...]
    grids_along: int
    grids_along_named: tuple[Along, ...]
    posts_along: int
    posts_along_named: tuple[Along, ...]
    sheets: tuple[SheetEffect, ...]
    accounts: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def allowed(self) -> bool:
        """Nothing forbids it."""
        return not has_error(self.problems)


def told(sketch: Sketch, problems: list[Problem]) -> Preview:
    """What was drawn, in words and by record."""
    changed = sketch.changed()
    along, along_count, people, people_count = _along(sketch, changed)
    posts = sketch.sent_of(Post)
    touched = [held.id for held, _ in posts] + [one.id for one in people]
    closing = [spot.id for spot in changed if spot.closing]
    return Preview(
        day=sketch.day,
        steps=tuple(step.words for step in sketch.steps),
        grids=tuple(_grid(sketch, spot) for spot in changed),
        posts=tuple(_post(sketch, held, to) for held, to in posts),
        links=tuple(_post(sketch, held, to) for held, to in sketch.sent_of(PartyLink)),
        organisations=tuple(_organisations(sketch)),
        grids_along=along_count,
        grids_along_named=tuple(along),
        posts_along=people_count,
        posts_along_named=tuple(people),
        sheets=tuple(_sheets(sketch, touched)),
        accounts=tuple(_accounts(sketch, closing)),
        problems=tuple(problems),
    )


def _grid(sketch: Sketch, spot: Spot) -> GridEffect:
    was, now = spot.was, spot.now
    shown = was or now
    return GridEffect(
        id=spot.id if was is not None else None,
        code=shown.code,
        name=shown.name,
        says="；".join(_says(sketch, spot)),
        before=was,
        after=None if spot.closing else now,
    )


_WORDS = {
    "households": "户数",
    "merchants": "商户数",
    "population": "人口",
    "area": "面积",
    "extent": "网格范围",
    "zone": "区域类别",
    "note": "备注",
}


def _says(sketch: Sketch, spot: Spot) -> list[str]:
    was, now = spot.was, spot.now
    if was is None:
        return ["设立"]
    if spot.closing:
        return ["关闭"]
    said = []
    if was.name != now.name:
        said.append(f"更名为“{now.name}”")
    if was.code != now.code:
        said.append(f"编码改为 {now.code}")
    if was.parent_id != now.parent_id:
        parent = sketch.parent(spot)
        said.append(f"上级改为“{parent.now.name}”" if parent is not None else "不再有上级")
    if was.kind != now.kind:
        labels = {kind.key: kind.label for kind in sketch.pack.kinds}
        said.append(f"类型改为{labels.get(now.kind, now.kind)}")
    for name, word in _WORDS.items():
        old, new = getattr(was, name), getattr(now, name)
        if old != new:
            said.append(f"{word}由 {_shown(old)} 改为 {_shown(new)}")
    return said


def _shown(value: Any) -> str:
    return "空" if value is None else value.label if isinstance(value, Zone) else str(value)


def _post(sketch: Sketch, held: Held, to: int | None) -> PostEffect:
    carried = held.from_day is not None and held.from_day >= sketch.day
    return PostEffect(
        id=held.id,
        person_id=held.person_id,
        person=held.name,
        title=held.title,
        grid=sketch.spot(held.grid_id).now.name,
        to=None if to is None else sketch.spot(to).now.name,
        from_day=None if to is None or carried else sketch.day,
    )


def _along(sketch: Sketch, changed: list[Spot]) -> tuple[list[Along], int, list[Along], int]:
    """Grids below those whose name or place changes, and posts held in either, but for those drawn
    themselves: from the day on they are called otherwise."""
    own = {spot.id for spot in changed}
    sent = {held.id: sketch.spot(held.grid_id).path for held, _ in sketch.sent_of(Post)}
    tops: list[str] = []
    for path in sorted(spot.path for spot in changed if _called_otherwise(spot)):
        if not tops or not path.startswith(tops[-1]):
            tops.append(path)
    grids: list[Along] = []
    people: list[Along] = []
    grid_count = people_count = 0
    for path in tops:
        start, end = below(path)
        inside = (
            Grid.path >= start,
            Grid.path < end,
            or_(Grid.valid_to.is_(None), Grid.valid_to >= sketch.day),
        )
        grid_count += sketch.session.scalar(select(func.count()).select_from(Grid).where(*inside)) or 0
        for grid_id, name, code in sketch.session.execute(
            select(Grid.id, Grid.name, Grid.code).where(*inside).order_by(Grid.path).limit(SHOWN + len(own))
        ):
            if grid_id not in own and len(grids) < SHOWN:
                grids.append(Along(grid_id, name, code))
        held = (
            Post.grid_path >= start,
            Post.grid_path < end,
            or_(Post.to_day.is_(None), Post.to_day >= sketch.day),
        )
        people_count += sketch.session.scalar(select(func.count()).select_from(Post).where(*held)) or 0
        named = (
            select(Post.id, Person.name, Grid.name)
            .join(Person, Person.id == Post.person_id)
            .join(Grid, Grid.id == Post.grid_id)
            .where(*held)
            .order_by(Post.grid_path, Post.id)
            .limit(SHOWN + len(sent))
        )
        for post_id, person, grid in sketch.session.execute(named):
            if post_id not in sent and len(people) < SHOWN:
                people.append(Along(post_id, person, grid))
    for path in (spot.path for spot in changed if spot.was is not None):
        grid_count -= path.startswith(tuple(tops))
    for path in sent.values():
        people_count -= path.startswith(tuple(tops))
    return grids, grid_count, people, people_count


def _called_otherwise(spot: Spot) -> bool:
    was, now = spot.was, spot.now
    return was is not None and (spot.closing or (was.name, was.parent_id) != (now.name, now.parent_id))


def _sheets(sketch: Sketch, post_ids: list[int]) -> list[SheetEffect]:
    found = []
    for chunk in chunked(sorted(set(post_ids))):
        query = (
            select(Sheet.id, Month.period, Sheet.name, Sheet.grid_name)
            .join(Month, Month.id == Sheet.month_id)
            .where(Sheet.post_id.in_(chunk), Month.state != MonthState.LOCKED)
            .order_by(Month.period, Sheet.id)
        )
        found += [SheetEffect(*row) for row in sketch.session.execute(query)]
    return found


def _accounts(sketch: Sketch, closing: list[int]) -> list[str]:
    """Accounts that would see less, because the grid they look after is closed."""
    query = select(Account.display).where(Account.grid_id.in_(closing), Account.active).order_by(Account.id)
    return list(sketch.session.scalars(query)) if closing else []


def _organisations(sketch: Sketch) -> Iterator[OrgEffect]:
    """Party organisations that would serve other grids, or end with theirs."""
    for seat, targets in sketch.reseated.values():
        to = tuple(sketch.spot(one).now.name for one in targets)
        yield OrgEffect(seat.org_id, seat.name, sketch.spot(seat.grid_id).now.name, to)
