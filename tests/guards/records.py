"""Finding mapped records in whatever leaves the office."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

from db.tables import Base


def records_in(value: object, depth: int = 4) -> Iterator[object]:
    """Every mapped record in a value, in the containers and dataclasses that it is made of.

    Of long lists only the ends are looked at: they are alike, and there are lists of 150,000.
    """
    if isinstance(value, Base):
        yield value
    elif depth == 0 or value is None or isinstance(value, (str, bytes, int, float)):
        return
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from records_in(getattr(value, field.name), depth - 1)
    elif isinstance(value, Mapping):
        for part in [*value.keys()][:20] + [*value.values()][:20]:
            yield from records_in(part, depth - 1)
    elif isinstance(value, (list, tuple, set, frozenset)):
        parts = list(value)
        for part in parts[:20] + parts[20:][-20:]:
            yield from records_in(part, depth - 1)
