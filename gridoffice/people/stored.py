"""Records as they came from the database; as mappings only where somebody looks at one."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

Stored = Mapping[str, Any]

K = TypeVar("K", bound=Hashable)


class Table:
    """Some columns of some records: their names, and row by row the values."""

    def __init__(self, names: Sequence[str], rows: Sequence[tuple[Any, ...]]):
        self.names = tuple(names)
        self.rows = rows
        self._made: dict[int, Stored] = {}

    def at(self, place: int) -> Stored:
        """The record at a place by column name, the same whenever it is asked for."""
        made = self._made.get(place)
        if made is None:
            made = self._made[place] = dict(zip(self.names, self.rows[place], strict=True))
        return made


class One(Mapping[K, Stored]):
    """The record that each key has."""

    def __init__(self, table: Table, places: Mapping[K, int]):
        self.table, self.places = table, places

    def __getitem__(self, key: K) -> Stored:
        return self.table.at(self.places[key])

    def __iter__(self) -> Iterator[K]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)

    def __contains__(self, key: object) -> bool:
        return key in self.places


class Several(Mapping[K, Sequence[Stored]]):
    """The records that each key has."""

    def __init__(self, table: Table, places: Mapping[K, Sequence[int]]):
        self.table, self.places = table, dict(places)

    def __getitem__(self, key: K) -> Sequence[Stored]:
        return [self.table.at(place) for place in self.places[key]]

    def __iter__(self) -> Iterator[K]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)

    def __contains__(self, key: object) -> bool:
        return key in self.places
