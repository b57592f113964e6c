"""Places of a tree, and what a list calls them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from gridoffice.grids.pack import Pack

_SUFFIX = re.compile(r"(?<=..)(?:街道办事处|街道|社区居委会|社区|村委会|村|镇|乡)$")


def short(name: str) -> str:
    """A place as it is called in passing: `梧桐社区` is 梧桐."""
    return _SUFFIX.sub("", name)


class Place(NamedTuple):
    """What naming needs to know of a grid. A tuple: of a city 140,000 are made at once. `last` is the
    last day of one that is closed."""

    id: int
    code: str
    name: str
    kind: str
    parent_id: int | None
    path: str
    last: date | None = None


class Atlas:
    """Places, each with all that is above it. What a name begins with is the same for all below one
    place, and is put together once."""

    def __init__(self, pack: Pack, places: Iterable[Place]):
        self.pack = pack
        self._units = frozenset(kind.key for kind in pack.kinds if kind.unit)
        self.places = {place.id: place for place in places}
        self._beginnings: dict[int, str | None] = {}
        self._unit_at: dict[int, Place | None] = {}

    def _forget(self) -> None:
        """The tree has grown."""
        self._beginnings.clear()
        self._unit_at.clear()

    def above(self, place: Place) -> list[Place]:
        """The place and everything above it, nearest first."""
        found = [place]
        while place.parent_id is not None:
            place = self.places[place.parent_id]
            found.append(place)
        return found

    def unit(self, place: Place) -> Place | None:
        """The community that a place lies in (or is)."""
        if place.kind in self._units:
            return place
        above = place.parent_id
        if above is None:
            return None
        if above not in self._unit_at:
            self._unit_at[above] = self.unit(self.places[above])
        return self._unit_at[above]

    def display(self, place: Place) -> str:
        """The shortest name that tells this grid from every other of its street: `梧桐·第一网格`."""
        if place.kind in self._units or place.parent_id is None:
            return place.name
        beginning = self._beginning(place.parent_id)
        return f"{beginning}·{place.name}" if beginning else place.name

    def _beginning(self, place_id: int) -> str | None:
        """What the names of places right below one begin with; None where nothing above it is a
        community or a root, for then a name stands alone."""
        if place_id not in self._beginnings:
            self._beginnings[place_id] = self._spelled_beginning(self.places[place_id])
        return self._beginnings[place_id]

    def _spelled_beginning(self, place: Place) -> str | None:
        if place.kind in self._units:
            return short(place.name)
        if place.kind in self.pack.root:
            return ""
        before = self._beginning(place.parent_id) if place.parent_id is not None else None
        if before is None:
            return None
        return f"{before}·{place.name}" if before else place.name
