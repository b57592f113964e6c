"""Whom a name in the ledger means: somebody the office knows, nearest to the household's grid first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.tables import Person
from gridoffice.errors import Problem
from gridoffice.listing import chunked
from gridoffice.registers.reporters import Named, reporters

FIELDS = {"caller": ("caller_id", "呼叫人"), "member": ("member_id", "联系党员")}
"""Columns that name somebody: where the number is kept, what the column is called."""


class Known:
    """Everybody whom the rows of a file may name."""

    def __init__(self, session: Session, named: Sequence[Named]):
        self._found = reporters(session, named)
        self._counts: dict[str, int] = {}
        names = sorted({name for name, _ in named if name})
        for chunk in chunked(names):
            query = select(Person.name, func.count()).where(Person.name.in_(chunk)).group_by(Person.name)
            self._counts.update(dict(session.execute(query).all()))  # type: ignore[arg-type]

    def meant(
        self, name: str | None, grid_id: int | None, label: str, old: Mapping[str, Any] | None
    ) -> tuple[int | None, Sequence[Problem]]:
        """The number of who is named, and what is wrong; `old` (number and name) stays where it has that
        name, so that what goes out comes back unchanged."""
        if not name:
            return None, ()
        if old is not None and old["name"] == name:
            return old["id"], ()
        found = self._found.get((name, grid_id))
        if found is not None:
            return found, ()
        count = self._counts.get(name, 0)
        if count:
            message = f"有 {count} 个人叫“{name}”，分不清是哪一个。这一格空着写入，再到“联系户”里选。"
        else:
            message = f"人员里没有“{name}”。先登记这个人，或把这一格空着。"
        return None, (Problem(message, field=label, value=name),)
