"""Carrying out dated changes of the tree, and telling beforehand what they would touch.

`preview` draws some operations and tells everything they would touch, without writing; `change_grids`
draws them the same way and writes them: one transaction, one journal line, all or nothing. So moves
that were staged one by one are saved as one list of `Move`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from db.enums import Right
from gridoffice.errors import OfficeError, Problem, RuleBroken, has_error
from gridoffice.grids import tree_rules
from gridoffice.grids.carrying import carry_out
from gridoffice.grids.drawing import draw
from gridoffice.grids.effects import Preview, told
from gridoffice.grids.listing import office_pack
from gridoffice.grids.measures import measured
from gridoffice.grids.operations import Basis, Operation
from gridoffice.grids.sketch import Sketch
from gridoffice.service import service


@dataclass(frozen=True, slots=True)
class Changed:
    """What was written: the numbers of the changes, and of the new grids in the order drawn."""

    changes: tuple[int, ...]
    established: tuple[int, ...]


def sketch_of(
    session: Session, basis: Basis, operations: Sequence[Operation]
) -> tuple[Sketch, list[Problem]]:
    """The operations drawn one after the other, and what is wrong with the outcome. Writes nothing."""
    sketch = Sketch(session, office_pack(session), basis.day)
    if basis.day > date.today():
        return sketch, [Problem(f"生效日期 {basis.day} 还没到，到那天再办。", field="生效日期")]
    try:
        for operation in operations:
            draw(sketch, operation)
    except OfficeError as error:
        return sketch, [*error.problems] or [Problem(error.message)]
    return sketch, tree_rules.check(sketch)


def preview(session: Session, basis: Basis, operations: Sequence[Operation]) -> Preview:
    """Everything the operations would touch, and what speaks against them: broken rules, and as warnings
    the norms that grids would not keep. Writes nothing; never raises for a broken rule."""
    sketch, problems = sketch_of(session, basis, operations)
    return told(sketch, [*problems, *measured(sketch, sketch.changed())])


@service("调整网格", needs=Right.EDIT_GRIDS)
def change_grids(session: Session, basis: Basis, operations: Sequence[Operation]) -> Changed:
    """Carry out dated operations, all or nothing. Raises `RuleBroken` with every problem, the first as
    its sentence; warnings do not stop it."""
    sketch, problems = sketch_of(session, basis, operations)
    if has_error(problems):
        first = next(one for one in problems if has_error([one]))
        raise RuleBroken(first.message, problems)
    return Changed(*carry_out(sketch, basis.reason, basis.approval))
