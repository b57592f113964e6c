"""What must be true of a worker's line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from db.tables import Person, Post
from gridoffice.errors import Problem
from gridoffice.fields import columns
from gridoffice.limits import check_rooms, rooms
from gridoffice.workers.rows import PERSONAL, WorkerRow


def check_days(from_day: date | None, to_day: date | None) -> list[Problem]:
    """Nobody leaves before arriving."""
    if from_day and to_day and to_day < from_day:
        return [Problem(f"离任日期 {to_day} 早于任职日期 {from_day}。", field="离任日期", value=str(to_day))]
    return []


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
