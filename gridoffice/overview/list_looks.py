"""What waits in a grid and whose day has come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from gridoffice.errors import Severity
from gridoffice.grids.waiting import waiting
from gridoffice.overview.topics import Asked, Sighting, Topic


def plans(asked: Asked) -> Iterator[Sighting]:
    """Changes of the tree that have come into force and were not carried out; today's own day only: a
    plan says nothing of the past."""
    if asked.day < date.today():
        return
    due = waiting(asked.session, by=asked.day)
    inside = {place.id for place in asked.places} if due else set()
    for plan in due:
        here = next((one for one in plan.grids if one in inside), None)
        if here is not None:
            when = (
                "今天生效"
                if plan.day == asked.day
                else f"{plan.day} 生效，已过 {(asked.day - plan.day).days} 天"
            )
            message = f"{plan.says}，{when}，还没办理。"
            yield Sighting(Topic.PLANNED, Severity.WARNING, message, here, fix="到“待生效”里办理")
