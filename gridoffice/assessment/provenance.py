"""Where the values on a sheet came from: which action last wrote each, by the journal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.images import text_of, unpack
from db.tables import Action, ActionPart, Month, Sheet, table_of
from db.types import from_stored
from gridoffice.assessment.month import scheme_of, values_reader
from gridoffice.errors import NotFound

LOOKED_AT = 2_000
"""So many of the latest actions are looked through."""


@dataclass(frozen=True, slots=True)
class Written:
    """The action that gave a value its present form: when, who, and the journal's title of it."""

    at: datetime
    who: str
    title: str
    action: int


def values_written(session: Session, sheet_id: int) -> dict[str, Written]:
    """For each value on a sheet, by column key, the action that last changed it. Values that were written
    longer ago than the journal is looked through are left out. Raises `NotFound`."""
    sheet = session.get(Sheet, sheet_id)
    if sheet is None:
        raise NotFound("没有这张考核表。")
    if sheet.recorded is None:
        return {}
    month = session.get_one(Month, sheet.month_id)
    scheme = scheme_of(session, month)
    read = values_reader(scheme)
    now = read({"recorded": sheet.recorded})
    found: dict[str, Written] = {}
    for action, before, after in _changes(session, sheet_id):
        old, new = read({"recorded": _plain(before)}), read({"recorded": _plain(after)})
        for key in now.keys() - found.keys():
            if new.get(key) == now[key] != old.get(key):
                found[key] = action
        if len(found) == len(now):
            break
    return found


def _changes(session: Session, sheet_id: int) -> list[tuple[Written, Any, Any]]:
    """What was recorded on the sheet before and after each action that changed it, the latest first."""
    newest = session.scalar(select(func.max(Action.id))) or 0
    query = (
        select(Action.id, Action.at, Action.who, Action.title, ActionPart.body)
        .join(ActionPart, ActionPart.action_id == Action.id)
        .where(Action.id > newest - LOOKED_AT, ActionPart.of_table == Sheet.__tablename__)
        .order_by(Action.id.desc(), ActionPart.number)
    )
    says = re.compile(rf"(?<!\d){sheet_id}(?!\d)".encode())
    found = []
    for number, at, who, title, body in session.execute(query.execution_options(yield_per=20)):
        if not says.search(text_of(body)):
            continue
        for record, before, after, _ in unpack(body):
            if record == sheet_id and after is not None and "recorded" in after:
                found.append(
                    (Written(at, who, title, number), (before or {}).get("recorded"), after["recorded"])
                )
    return found


def _plain(stored: str | None) -> bytes:
    """What was recorded, from its form in the journal."""
    plain = from_stored(table_of(Sheet).c.recorded.type)
    assert plain is not None
    return plain(stored) or b""
