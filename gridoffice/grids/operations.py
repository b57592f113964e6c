"""Dated changes of the tree: what can be done to grids from a day on.

An operation is a plain value; `changing.preview` and `changing.change_grids` take some of them.

A change is in force from its day on; the day before is the last of what was. The day may lie in the
past, but not before an earlier change of the same grid. What is approved for a day to come is kept and
waits (`waiting`): it is carried out when it comes into force, against the tree as it then is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from db.enums import Zone


@dataclass(frozen=True, slots=True)
class Basis:
    """What a change rests on: the first day it holds, why, and the number of the approving document."""

    day: date
    reason: str | None = None
    approval: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of a grid; area in square metres. None: not known."""

    households: int | None = None
    merchants: int | None = None
    population: int | None = None
    area: Decimal | None = None
    extent: str | None = None
    zone: Zone | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Establish:
    """A new grid. Without a code it gets the next free one of its parent."""

    name: str
    kind: str
    parent_id: int | None
    code: str | None = None
    facts: Facts = field(default=Facts())


@dataclass(frozen=True, slots=True)
class Rename:
    """Another name."""

    grid_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Recode:
    """Another code (None: the next free one); the old one is given up for ever."""

    grid_id: int
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """Another parent; all below goes along."""

    grid_id: int
    parent_id: int | None


@dataclass(frozen=True, slots=True)
class Share:
    """One of the grids that a split makes. `workers` are numbers of posts, `links` of party members'
    links, `children` of grids. At most one share `keeps` the grid's own number and code; whoever is not
    shared out stays with it. Without one, links that are not shared out end with the grid."""

    name: str
    facts: Facts = field(default=Facts())
    code: str | None = None
    workers: tuple[int, ...] = ()
    links: tuple[int, ...] = ()
    children: tuple[int, ...] = ()
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class Split:
    """One grid becomes several of its kind; households and whatever else was counted add up to what it
    had, and everybody and everything below it goes to one of them. A part without a zone of its own lies
    in that of the whole."""

    grid_id: int
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Merge:
    """Several grids become one: `into` one that is there, or a new one called `name` beside the first
    of them, in the zone they share. Workers, party links and grids below follow; two below of one name
    are told apart by `names` (by number), else by the next free figure."""

    grid_ids: tuple[int, ...]
    into: int | None = None
    name: str | None = None
    code: str | None = None
    names: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Convert:
    """Another kind, by its key or its word in the pack."""

    grid_id: int
    kind: str


@dataclass(frozen=True, slots=True)
class Revise:
    """New facts from a day on; the old ones stay true of the days before. `values` by column name."""

    grid_id: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Close:
    """A grid ends. Grids below go to `children_to`, people and party links to `workers_to`; the posts in
    `leaving` end with the grid, and so do links where no grid is named. Its party organisations serve
    `seats_to` (else `workers_to`) from then on, but those in `dissolving`, which end with it. Refused
    while anybody, or an organisation that serves no other grid, is left."""

    grid_id: int
    children_to: int | None = None
    workers_to: int | None = None
    leaving: tuple[int, ...] = ()
    seats_to: int | None = None
    dissolving: tuple[int, ...] = ()


Operation: TypeAlias = Establish | Rename | Recode | Move | Split | Merge | Convert | Revise | Close
