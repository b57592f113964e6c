"""Where the values on a sheet came from: which action last wrote each, by the journal."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.images import text_of, unpack
from db.server.numbers import whole_numbers
from db.tables import Account, Action, ActionPart, Month, Sheet, table_of
from db.types import from_stored
from gridoffice.assessment.month import scheme_of, values_reader
from gridoffice.errors import NotFound


@dataclass(frozen=True, slots=True)
class Written:
    """The action that gave a value its present form: when, who as people know him, and the journal's title
    of it."""

    at: datetime
    who: str
    title: str
    action: int


def values_written(session: Session, sheet_id: int) -> dict[str, Written]:
    """For each value on a sheet, by column key, the action that last changed it, however long ago. Values of
    which the journal says nothing (from before an upgrade) are left out. Raises `NotFound`."""
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
    with closing(_changes(session, sheet_id, month.opened_on)) as changes:
        for action, before, after in changes:
            old, new = read({"recorded": _plain(before)}), read({"recorded": _plain(after)})
            for key in now.keys() - found.keys():
                if new.get(key) == now[key] != old.get(key):
                    found[key] = action
            if len(found) == len(now):
                break
    return found


def _changes(
    session: Session, sheet_id: int, opened: date
) -> Generator[tuple[Written, Any, Any], None, None]:
    """What was recorded on the sheet before and after each action that changed it, the latest first, back to
    the day on which its month was opened; read only as far as somebody asks."""
    whole_numbers(session, "看考核数据的来历")
    since = datetime.combine(opened - timedelta(days=1), time(), UTC)  # whatever the office's clock said
    query = (
        select(Action.id, Action.at, Action.who, Action.title, ActionPart.body)
        .join(ActionPart, ActionPart.action_id == Action.id)
        .where(Action.at >= since, ActionPart.of_table == Sheet.__tablename__)
        .order_by(Action.id.desc(), ActionPart.number)
    )
    names = {name: shown for name, shown in session.execute(select(Account.name, Account.display))}
    says = re.compile(rf"(?<!\d){sheet_id}(?!\d)".encode())
    with session.execute(query.execution_options(yield_per=20)) as actions:
        for number, at, who, title, body in actions:
            if not says.search(text_of(body)):
                continue
            for record, before, after, _ in unpack(body):
                if record == sheet_id and after is not None and "recorded" in after:
                    yield (
                        Written(at, names.get(who, who), title, number),
                        (before or {}).get("recorded"),
                        after["recorded"],
                    )


def _plain(stored: str | None) -> bytes:
    """What was recorded, from its form in the journal."""
    plain = from_stored(table_of(Sheet).c.recorded.type)
    assert plain is not None
    return plain(stored) or b""
