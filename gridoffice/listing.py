"""How a list is asked for: ids first, in the order shown, then only the rows that are looked at."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from gridoffice.fields import Column


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on one column: its value is among `values` (the values as stored)."""

    column: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """What the clerk wants to see: below which grid, on which day, matching what, in which order."""

    scope: int | None = None
    day: date | None = None
    search: str = ""
    filters: tuple[Filter, ...] = ()
    sort: str | None = None
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that screen, export and paper share.

    `ids` answers all ids in the order shown (8 bytes each); `rows` answers the row values for
    some of them, in the order asked; `choices` answers the distinct stored values of a column
    with their labels and counts, for the filter popup; `sorts` names the columns it can sort by.
    """

    key: str
    title: str
    unit: str
    columns: tuple[Column, ...]
    ids: Callable[[Session, Ask], array]
    rows: Callable[[Session, Sequence[int]], list[Any]]
    choices: Callable[[Session, Ask, str], list[tuple[Any, str, int]]]
    sorts: frozenset[str] = field(default_factory=frozenset)
