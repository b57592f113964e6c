"""A sketch of dated changes: what the tree would be from a day on, before anything is written.

Operations draw on it, the rules look at it, a preview tells it, and carrying it out writes it down.
It reads the database and never changes it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from db.enums import GridChangeKind, GridPart, Zone
from db.tables import Grid, GridPeriod, OrgSeat, PartyLink, PartyOrg, Person, Post
from gridoffice.errors import NotFound
from gridoffice.grids.pack import Pack
from gridoffice.listing import chunked

COUNTED = ("households", "merchants", "population", "area")
"""What a split shares out and a merge adds up."""

FACTS = (*COUNTED, "extent", "zone", "note")
"""What is told of a grid beside its name and its place."""

STATE = ("code", "name", "kind", "parent_id", *FACTS)
"""What a dated change may change of a grid."""


@dataclass(frozen=True, slots=True)
class State:
    """What a grid is for a stretch of days."""

    code: str
    name: str
    kind: str
    parent_id: int | None
    households: int | None = None
    merchants: int | None = None
    population: int | None = None
    area: Decimal | None = None
    extent: str | None = None
    zone: Zone | None = None
    note: str | None = None

    @classmethod
    def of(cls, row: Any) -> State:
        """The state that a line of the tree, or of its past, holds."""
        return cls(**{name: getattr(row, name) for name in STATE})


@dataclass(slots=True)
class Spot:
    """One grid on the sketch: as it is written (`was`, None: it would be new) and as drawn."""

    id: int
    was: State | None
    now: State
    path: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    since: date | None = None
    closing: bool = False

    @property
    def changed(self) -> bool:
        return self.was != self.now or self.closing

    def lasts(self, day: date) -> bool:
        """It is there on the day or later."""
        return not self.closing and (self.valid_to is None or self.valid_to >= day)

    def stands_from(self, day: date) -> bool:
        """It exists on the day and nothing says that it ends."""
        return (self.valid_from is None or self.valid_from <= day) and self.valid_to is None


Tenure: TypeAlias = type[Post] | type[PartyLink]
"""What a person holds in a grid for a time: a post, or as a party member the care of it."""


@dataclass(frozen=True, slots=True)
class Held:
    """A post, or a party member's link, held in a grid on the day of the change or later."""

    what: Tenure
    id: int
    person_id: int
    name: str
    grid_id: int
    title: str
    from_day: date | None
    to_day: date | None


@dataclass(frozen=True, slots=True)
class Seat:
    """A grid that a party organisation serves on the day of the change or later."""

    id: int
    org_id: int
    name: str
    grid_id: int
    from_day: date | None
    to_day: date | None


@dataclass(frozen=True, slots=True)
class Step:
    """One operation as it will stand in the books: its kind, its words, and what each grid is to it."""

    kind: GridChangeKind
    words: str
    parts: tuple[tuple[int, GridPart], ...]


def lasting(day: date) -> ColumnElement[bool]:
    """Grids that exist on a day or later."""
    return or_(Grid.valid_to.is_(None), Grid.valid_to >= day)


class Sketch:
    """The tree from `day` on, with what has been drawn so far. New grids have numbers below zero."""

    def __init__(self, session: Session, pack: Pack, day: date):
        self.session = session
        self.pack = pack
        self.day = day
        self.spots: dict[int, Spot] = {}
        self.steps: list[Step] = []
        self.sent: dict[tuple[Tenure, int], tuple[Held, int | None]] = {}
        """What would be held elsewhere from the day on, or (None) end before it."""
        self.reseated: dict[int, tuple[Seat, tuple[int, ...]]] = {}
        """Seats of party organisations, and the grids they would be in from the day on."""
        self.dissolved: dict[int, str] = {}
        """Party organisations that would end before the day, by name."""

    # looking

    def load(self, grid_ids: Iterable[int]) -> None:
        """Read some grids at once; those that are not there are left out."""
        columns = (Grid.id, Grid.path, Grid.valid_from, Grid.valid_to, Grid.since)
        query = select(*columns, *(getattr(Grid, name) for name in STATE))
        for chunk in chunked(sorted({one for one in grid_ids if one > 0} - self.spots.keys())):
            for number, path, valid_from, valid_to, since, *told in self.session.execute(
                query.where(Grid.id.in_(chunk))
            ):
                state = State(*told)
                self.spots[number] = Spot(number, state, state, path, valid_from, valid_to, since)

    def spot(self, grid_id: int) -> Spot:
        """A grid. Raises `NotFound`."""
        if grid_id not in self.spots:
            self.load([grid_id])
        if grid_id not in self.spots:
            raise NotFound("这个网格已不在了。")
        return self.spots[grid_id]

    def parent(self, spot: Spot) -> Spot | None:
        return None if spot.now.parent_id is None else self.spot(spot.now.parent_id)

    def changed(self) -> list[Spot]:
        """The grids that would be new, different or closed, in the order drawn."""
        return [spot for spot in self.spots.values() if spot.changed]

    def children(self, grid_id: int) -> list[Spot]:
        """The grids directly below one from the day on."""
        if grid_id > 0:
            below = select(Grid.id).where(Grid.parent_id == grid_id, lasting(self.day)).order_by(Grid.path)
            self.load(self.session.scalars(below))
        return [
            spot for spot in self.spots.values() if spot.now.parent_id == grid_id and spot.lasts(self.day)
        ]

    def posts(self, grid_ids: Collection[int]) -> list[Held]:
        """Posts held in some grids on the day or later, as drawn."""
        return self._held(Post, Post.title, grid_ids)

    def links(self, grid_ids: Collection[int]) -> list[Held]:
        """Party members who answer for some grids on the day or later, as drawn."""
        return self._held(PartyLink, PartyLink.kind, grid_ids)

    def _held(self, what: Tenure, title: Any, grid_ids: Collection[int]) -> list[Held]:
        found: dict[int, Held] = {}
        for chunk in chunked([one for one in grid_ids if one > 0]):
            columns = (what.id, what.person_id, Person.name, what.grid_id, title, what.from_day, what.to_day)
            query = (
                select(*columns)
                .join(Person, Person.id == what.person_id)
                .where(what.grid_id.in_(chunk), or_(what.to_day.is_(None), what.to_day >= self.day))
                .order_by(what.from_day.asc().nulls_first(), what.id)
            )
            found |= {row[0]: Held(what, *row) for row in self.session.execute(query)}
        return [one for one in found.values() if (what, one.id) not in self.sent] + [
            replace(one, grid_id=to)
            for (kind, _), (one, to) in self.sent.items()
            if kind is what and to is not None and to in grid_ids
        ]

    def seats(self, grid_ids: Collection[int]) -> list[Seat]:
        """The organisations that serve some grids on the day or later, as drawn."""
        found: list[Seat] = []
        for chunk in chunked([one for one in grid_ids if one > 0]):
            columns = (OrgSeat.id, OrgSeat.org_id, PartyOrg.name, OrgSeat.grid_id)
            query = (
                select(*columns, OrgSeat.from_day, OrgSeat.to_day)
                .join(PartyOrg, PartyOrg.id == OrgSeat.org_id)
                .where(OrgSeat.grid_id.in_(chunk), or_(OrgSeat.to_day.is_(None), OrgSeat.to_day >= self.day))
                .order_by(OrgSeat.id)
            )
            found += [Seat(*row) for row in self.session.execute(query)]
        return [one for one in found if one.id not in self.reseated] + [
            replace(one, grid_id=to)
            for one, targets in self.reseated.values()
            for to in targets
            if to in grid_ids
        ]

    def periods(self, *conditions: ColumnElement[bool]) -> list[GridPeriod]:
        """What grids were on the day or after it and are no longer."""
        query = select(GridPeriod).where(GridPeriod.to_day >= self.day, *conditions)
        return list(self.session.scalars(query.order_by(GridPeriod.id)))

    # drawing

    def change(self, grid_id: int, **values: Any) -> Spot:
        """Draw some columns of a grid anew."""
        spot = self.spot(grid_id)
        spot.now = replace(spot.now, **values)
        return spot

    def add(self, state: State) -> Spot:
        """Draw a new grid, which exists from the day on."""
        number = min([0, *self.spots]) - 1
        self.spots[number] = Spot(number, None, state, valid_from=self.day)
        return self.spots[number]

    def close(self, grid_id: int) -> None:
        """Draw a grid's end: the day before the change is its last."""
        self.spot(grid_id).closing = True

    def send(self, held: Held, grid_id: int | None) -> None:
        """Draw it held elsewhere from the day on; None: it ends the day before."""
        key = held.what, held.id
        original = self.sent[key][0] if key in self.sent else held
        self.sent[key] = original, grid_id

    def seat(self, seat: Seat, grid_ids: tuple[int, ...]) -> None:
        """Draw an organisation in other grids from the day on instead of in this one."""
        original, before = self.reseated.get(seat.id, (seat, ()))
        others = tuple(one for one in before if one != seat.grid_id)
        self.reseated[seat.id] = original, tuple(dict.fromkeys((*others, *grid_ids)))

    def dissolve(self, seat: Seat) -> None:
        """Draw an organisation's end with its grid."""
        self.seat(seat, ())
        self.dissolved[seat.org_id] = seat.name

    def sent_of(self, what: Tenure) -> list[tuple[Held, int | None]]:
        """What of a sort would be held elsewhere or end."""
        return [pair for (kind, _), pair in self.sent.items() if kind is what]

    def note(self, kind: GridChangeKind, words: str, parts: Mapping[int, GridPart]) -> None:
        """Write an operation into the books of the sketch."""
        self.steps.append(Step(kind, words, tuple(parts.items())))
