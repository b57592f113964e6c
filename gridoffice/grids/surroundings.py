"""What a dated change finds round a grid: where it hangs, what hangs below it, who serves in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from db.enums import Employment
from db.tables import Post
from gridoffice.grids.listing import office_pack
from gridoffice.grids.rules import SEGMENT, below
from gridoffice.grids.sharing import Below
from gridoffice.grids.sketch import COUNTED, Held, Seat, Sketch, Spot, State


@dataclass(frozen=True, slots=True)
class Surroundings:
    """One grid from a day on. `parent` is the name of the one above it; `children` are numbers and
    names, `below` what is counted of them; `posts` and `links` are those held in the grid itself,
    `employment` tells how each post is held, `seats` the party organisations that serve it."""

    id: int
    state: State
    parent: str | None
    children: tuple[tuple[int, str], ...]
    posts: tuple[Held, ...]
    links: tuple[Held, ...]
    seats: tuple[Seat, ...] = ()
    below: tuple[Below, ...] = ()
    employment: Mapping[int, Employment] = field(default_factory=dict)


def surroundings(session: Session, grid_ids: Sequence[int], day: date) -> list[Surroundings]:
    """Some grids with what is round them, in the order asked. Raises `NotFound`."""
    sketch = Sketch(session, office_pack(session), day)
    found = []
    for grid_id in grid_ids:
        spot = sketch.spot(grid_id)
        parent, children, posts = sketch.parent(spot), sketch.children(grid_id), sketch.posts([grid_id])
        found.append(
            Surroundings(
                id=grid_id,
                state=spot.now,
                parent=parent.now.name if parent is not None else None,
                children=tuple((child.id, child.now.name) for child in children),
                posts=tuple(posts),
                links=tuple(sketch.links([grid_id])),
                seats=tuple(sketch.seats([grid_id])),
                below=_below(session, spot, children, day),
                employment=_employment(session, [held.id for held in posts]),
            )
        )
    return found


def _below(session: Session, spot: Spot, children: Sequence[Spot], day: date) -> tuple[Below, ...]:
    """What is counted of the grids below one, in the order of the tree."""
    if not children:
        return ()
    start, end = below(spot.path)
    held = select(Post.grid_path).where(
        Post.grid_path >= start, Post.grid_path < end, or_(Post.to_day.is_(None), Post.to_day >= day)
    )
    people = Counter(path[: len(spot.path) + SEGMENT] for path in session.scalars(held))
    return tuple(
        Below(child.id, {name: getattr(child.now, name) for name in COUNTED}, people[child.path])
        for child in sorted(children, key=lambda one: one.path)
    )


def _employment(session: Session, post_ids: Sequence[int]) -> dict[int, Employment]:
    query = select(Post.id, Post.employment).where(Post.id.in_(post_ids))
    return {number: how for number, how in session.execute(query)}
