"""Whether a package speaks of what the office that sent it does not answer for.

A ledger is planned a second time as by an account that looks after the sender's part of the tree and nothing else.
Rows that would change nothing are let be: the grids above a part travel along, and what went down comes back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.tables import Grid
from gridoffice.accounts.service import WITHIN, Scope
from gridoffice.intake import Options
from gridoffice.ledgers import MONTHLY
from gridoffice.office import Office
from gridoffice.packages import tenures, tree
from gridoffice.packages.beside import BESIDE
from gridoffice.packages.contents import Part
from gridoffice.packages.endings import name_in
from gridoffice.packages.gone import is_gone, ledger_of
from gridoffice.packages.partners import Partner
from gridoffice.packages.sealing import BadPackage
from gridoffice.packages.seen import Arriving
from gridoffice.planned import Outcome, Planned
from gridoffice.review import Review
from gridoffice.settling import is_out_of_scope
from gridoffice.workers.ledger import WORKER_LEDGER

NAMED = 3


class _AsSender:
    """The office, planning as if it looked after the sender's part of the tree only. Nothing is written by it."""

    def __init__(self, office: Office, scope: Scope):
        self._office, self._scope = office, scope
        self.read, self.require = office.read, office.require

    def weigh(self, question: Callable[..., Any], *args: Any) -> Any:
        def narrowed(session: Session) -> Any:
            session.info[WITHIN] = self._scope
            return question(session, *args)

        return self._office.weigh(narrowed)


def refuse_outside(office: Office, sender: Partner, part: Part, file: Path, options: Options) -> None:
    """Raises `BadPackage` when a part would change something outside of what its sender answers for here. An office
    above answers for all of it."""
    if sender.grid_id is None:
        return
    found = list(dict.fromkeys(_outside(office, sender, sender.grid_id, part, file, options)))
    if found:
        names = "、".join(f"“{one}”" for one in found[:NAMED])
        more = f"等 {len(found)} 处" if len(found) > NAMED else ""
        raise BadPackage(
            f"“{sender.name}”管“{sender.place}”，包里的{part.title}有不在那里的：{names}{more}。没有收，让对方核对后重新发。"
        )


def _outside(
    office: Office, sender: Partner, place: int, part: Part, file: Path, options: Options
) -> Iterator[str]:
    if part.key in (tree.KEY, tenures.KEY):
        seen: Any = BESIDE[part.key].look(
            office, Arriving(part.key, file, part.digest, sender, datetime.now(UTC))
        )
        yield from seen.outside
        return
    if part.key in BESIDE and not is_gone(part.key):
        return  # photographs belong to people
    key, gone = ledger_of(part.key), is_gone(part.key)
    scope = office.weigh(_scope, place)
    plain = Review(office, key, file, options).plan.rows
    narrowed = Review(cast(Office, _AsSender(office, scope)), key, file, options).plan.rows
    for at, row in narrowed.said.items():
        here = plain[at]
        acts = here.record is not None if gone else here.outcome in (Outcome.NEW, Outcome.UPDATED)
        if acts and row.out_of_scope and _by_place(office, key, row, scope):
            yield name_in(row.values)


def _scope(session: Session, place: int) -> Scope:
    name, path = session.execute(select(Grid.name, Grid.path).where(Grid.id == place)).one()
    return Scope(name, (path,))


def _by_place(office: Office, key: str, row: Planned, scope: Scope) -> bool:
    """It is outside by the grid that it names, not because somebody in it serves elsewhere: people go from one
    community to another, and members report where they live."""
    if key == WORKER_LEDGER.key:
        number = row.resolved.grid_id
        path = office.weigh(lambda session: session.scalar(select(Grid.path).where(Grid.id == number)))
        return path is not None and not scope.holds(path)
    return key in MONTHLY or any(is_out_of_scope(one) and one.field != "姓名" for one in row.problems)
