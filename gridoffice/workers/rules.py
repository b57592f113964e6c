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


def check_lengths(said: Mapping[str, Any]) -> list[Problem]:
    """What stands in the line has room in the person's and the post's record."""
    return check_rooms(_ROOMS, said)
