"""What a dated change finds round a grid: where it hangs, what hangs below it, who serves in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from gridoffice.grids.listing import office_pack
from gridoffice.grids.sketch import Held, Seat, Sketch, State


@dataclass(frozen=True, slots=True)
class Surroundings:
    """One grid from a day on. `parent` is the name of the one above it; `children` are numbers and
    names; `posts` and `links` are those held in the grid itself, `seats` the party
    organisations that serve it."""

    id: int
    state: State
    parent: str | None
    children: tuple[tuple[int, str], ...]
    posts: tuple[Held, ...]
    links: tuple[Held, ...]
    seats: tuple[Seat, ...] = ()


def surroundings(session: Session, grid_ids: Sequence[int], day: date) -> list[Surroundings]:
    """Some grids with what is round them, in the order asked. Raises `NotFound`."""
    sketch = Sketch(session, office_pack(session), day)
    found = []
    for grid_id in grid_ids:
        spot = sketch.spot(grid_id)
        parent = sketch.parent(spot)
        found.append(
            Surroundings(
                id=grid_id,
                state=spot.now,
                parent=parent.now.name if parent is not None else None,
                children=tuple((child.id, child.now.name) for child in sketch.children(grid_id)),
                posts=tuple(sketch.posts([grid_id])),
                links=tuple(sketch.links([grid_id])),
                seats=tuple(sketch.seats([grid_id])),
            )
        )
    return found
