"""Dated changes that wait for their day: drafted and kept, listed, carried out or given up.

A plan holds the operations as they were drafted, not what would come of them: on its day they are drawn
anew against the tree as it then is, and whatever forbids them then is told then.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import GridChangeKind
from db.journal import entitle
from db.tables import GridPlan
from gridoffice.errors import NotFound
from gridoffice.grids.operation_text import operations_of, plain
from gridoffice.grids.operations import Basis, Establish, Operation
from gridoffice.grids.sketch import Sketch


@dataclass(frozen=True, slots=True)
class Plan:
    """A change that waits: what it does in words, and the grids it is about that stand already."""

    id: int
    kind: GridChangeKind
    basis: Basis
    words: tuple[str, ...]
    grids: tuple[int, ...]
    operations: tuple[Operation, ...]

    @property
    def day(self) -> date:
        return self.basis.day

    @property
    def says(self) -> str:
        """The whole in one line."""
        more = f"等 {len(self.words)} 项" if len(self.words) > 3 else ""
        return "；".join(self.words[:3]) + more


def waiting(session: Session, grid_ids: Collection[int] | None = None, by: date | None = None) -> list[Plan]:
    """The changes that wait, the earliest first: those that touch one of some grids (None: all), and
    those that come into force by a day (None: whenever)."""
    query = select(GridPlan).order_by(GridPlan.day, GridPlan.id)
    if by is not None:
        query = query.where(GridPlan.day <= by)
    found = [_plan(one) for one in session.scalars(query)]
    if grid_ids is None:
        return found
    wanted = set(grid_ids)
    return [one for one in found if wanted & set(one.grids)]


def plan_of(session: Session, plan_id: int) -> Plan:
    """One change that waits. Raises `NotFound`."""
    return _plan(stored(session, plan_id))


def stored(session: Session, plan_id: int) -> GridPlan:
    """The record of a change that waits. Raises `NotFound`."""
    one = session.get(GridPlan, plan_id)
    if one is None:
        raise NotFound("这项待生效的调整已不在了。")
    return one


def _plan(one: GridPlan) -> Plan:
    return Plan(
        one.id,
        one.kind,
        Basis(one.day, one.reason, one.approval),
        tuple(one.draft["words"]),
        tuple(one.draft["grids"]),
        operations_of(one.draft["operations"]),
    )


def keep(session: Session, sketch: Sketch, basis: Basis, operations: Sequence[Operation]) -> int:
    """Keep what was drawn until its day; answers the plan's number."""
    told = {"operations": plain(operations), **_told(sketch, operations)}
    one = GridPlan(
        kind=sketch.steps[0].kind, day=basis.day, reason=basis.reason, approval=basis.approval, draft=told
    )
    session.add(one)
    session.flush()
    entitle(session, f"存下待生效的调整：{_plan(one).says}（{basis.day} 起）")
    return one.id


def _told(sketch: Sketch, operations: Sequence[Operation]) -> dict[str, Any]:
    """What is listed of a plan before its day; a grid that is yet to be is told by the one above it."""
    about = [grid_id for step in sketch.steps for grid_id, _ in step.parts if grid_id > 0]
    about += [one.parent_id for one in operations if isinstance(one, Establish) and one.parent_id]
    return {"words": [step.words for step in sketch.steps], "grids": list(dict.fromkeys(about))}
