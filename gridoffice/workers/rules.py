"""What must be true of a worker's line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from db.tables import Person, Post
from gridoffice import limits
from gridoffice.errors import Problem
from gridoffice.fields import columns
from gridoffice.limits import check_rooms, rooms
from gridoffice.workers.rows import PERSONAL, WorkerRow


@dataclass(frozen=True, slots=True)
class Held:
    """A main post somebody holds: in which grid, on which days."""

    grid: str
    from_day: date | None
    to_day: date | None


def check_days(from_day: date | None, to_day: date | None) -> list[Problem]:
    """Nobody leaves before arriving."""
    if from_day and to_day and to_day < from_day:
        return [Problem(f"离任日期 {to_day} 早于任职日期 {from_day}。", field="离任日期", value=str(to_day))]
    return []


def check_main(
    name: str, from_day: date | None, to_day: date | None, others: Iterable[Held]
) -> list[Problem]:
    """Nobody holds two main posts on one day: a move ends the one the day before the next begins, and what
    is held beside it is 兼任. `others` are the person's other main posts."""
    for other in others:
        if overlap(from_day, to_day, other.from_day, other.to_day):
            held = span(other.from_day, other.to_day)
            message = f"“{name}”同一时间已在“{other.grid}”任职（{held}），先写那边的离任日期，或记为兼任。"
            return [Problem(message, field="任职日期", value=str(from_day) if from_day else None)]
    return []


def overlap(
    from_day: date | None, to_day: date | None, other_from: date | None, other_to: date | None
) -> bool:
    """Whether two posts have a day in common; an open end reaches as far as there are days."""
    return (from_day or date.min) <= (other_to or date.max) and (other_from or date.min) <= (
        to_day or date.max
    )


def span(from_day: date | None, to_day: date | None) -> str:
    """From when to when a post is held, in words."""
    if from_day is None and to_day is None:
        return "日期没填"
    if to_day is None:
        return f"{from_day} 起"
    return f"到 {to_day}" if from_day is None else f"{from_day} 到 {to_day}"


_ROOMS = (
    *rooms(Person, [column for column in columns(WorkerRow) if column.name in PERSONAL]),
    *rooms(Post, [column for column in columns(WorkerRow) if column.name not in PERSONAL]),
)


def check_grid_lasts(grid: str, last: date | None, to_day: date | None) -> list[Problem]:
    """Nobody stays in a grid longer than it lasts; `last` is the last day of one that is closed."""
    if last is None or (to_day is not None and to_day <= last):
        return []
    message = f"“{grid}”到 {last} 为止，换一个网格，或写上那以前的离任日期。"
    return [Problem(message, field="所属网格", value=grid)]


def check_lengths(said: Mapping[str, Any]) -> list[Problem]:
    """What stands in the line has room in the person's and the post's record."""
    return check_rooms(_ROOMS, said)


def without_room(columns: Mapping[str, Sequence[Any]]) -> set[int]:
    """The same for many lines at once, by column name: the positions of those without room."""
    return limits.without_room(_ROOMS, columns)
