"""What waits in a grid and whose day has come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from db.tables import Issue
from gridoffice.errors import Severity
from gridoffice.grids.waiting import waiting
from gridoffice.overview.topics import Asked, Sighting, Topic
from gridoffice.registers.listing import standing_on
from gridoffice.registers.rules import Standing

FIRST_WORDS = 30
"""So much of a problem is said in a line."""


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


def issues(asked: Asked) -> Iterator[Sighting]:
    """Problems that should have been settled by the day and were not, the longest due first."""
    query = select(Issue.grid_id, Issue.what, Issue.due, Issue.department)
    query = query.where(Issue.due < asked.day, Issue.day <= asked.day).order_by(Issue.due, Issue.id)
    found = asked.session.execute(query.where(standing_on(asked.day) == Standing.LATE)).all()
    inside = {place.id for place in asked.places} if found else set()
    for one in found:
        if one.grid_id in inside:
            short = one.what if len(one.what) <= FIRST_WORDS else f"{one.what[:FIRST_WORDS]}…"
            message = f"“{short}”应在 {one.due} 前办结，已过 {(asked.day - one.due).days} 天。"
            fix = f"催{one.department}办结" if one.department else "办结或上报"
            yield Sighting(Topic.ISSUE, Severity.WARNING, message, one.grid_id, fix=fix)
