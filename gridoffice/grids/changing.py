"""Carrying out dated changes of the tree, and telling beforehand what they would touch.

`preview` draws some operations and tells everything they would touch, without writing; `change_grids`
draws them the same way and writes them: one transaction, one journal line, all or nothing. So moves
that were staged one by one are saved as one list of `Move`. What is dated after today is kept until its
day, and `carry_out_plan` then does it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from db.enums import Right
from db.journal import entitle
from gridoffice.both_changed import meet_fields
from gridoffice.errors import Conflict, OfficeError, Problem, RuleBroken, Severity, has_error
from gridoffice.grids import tree_rules
from gridoffice.grids.both_drafted import Seen, meet_grids, refuse_further
from gridoffice.grids.carrying import carry_out
from gridoffice.grids.drawing import draw
from gridoffice.grids.effects import Preview, told
from gridoffice.grids.listing import office_pack
from gridoffice.grids.measures import measured
from gridoffice.grids.operations import Basis, Operation
from gridoffice.grids.sketch import Sketch
from gridoffice.grids.waiting import keep, plan_of, stored
from gridoffice.service import service
from gridoffice.settling import is_out_of_scope

RESTS = {"day": "生效日期", "reason": "原因", "approval": "批准文号"}
"""What a change rests on, in words."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What was written: the numbers of the changes, and of the new grids in the order drawn; or that of
    the plan, when the day is still to come."""

    changes: tuple[int, ...]
    established: tuple[int, ...]
    plan: int | None = None


def sketch_of(
    session: Session, basis: Basis, operations: Sequence[Operation]
) -> tuple[Sketch, list[Problem]]:
    """The operations drawn one after the other, and what is wrong with the outcome. Writes nothing.

    What is drawn for a day to come is judged on that day: until then a rule that would be broken is a
    warning, unless the operations make no sense whatever the tree is, or leave the account's scope.
    """
    sketch = Sketch(session, office_pack(session), basis.day)
    try:
        for operation in operations:
            draw(sketch, operation)
    except OfficeError as error:
        return sketch, [*error.problems] or [Problem(error.message)]
    problems = tree_rules.check(sketch)
    return sketch, problems if basis.day <= date.today() else [_put_off(one) for one in problems]


def _put_off(one: Problem) -> Problem:
    if one.severity is not Severity.ERROR or is_out_of_scope(one):
        return one
    return replace(one, severity=Severity.WARNING, message=f"到那天还是这样就办不成：{one.message}")


def preview(session: Session, basis: Basis, operations: Sequence[Operation]) -> Preview:
    """Everything the operations would touch, and what speaks against them: broken rules, and as warnings
    the norms that grids would not keep. Writes nothing; never raises for a broken rule."""
    sketch, problems = sketch_of(session, basis, operations)
    return told(sketch, [*problems, *measured(sketch, sketch.changed())])


def _sound(
    session: Session, basis: Basis, operations: Sequence[Operation], shown: Preview | None = None
) -> Sketch:
    """The sketch of operations that may be written. Raises `RuleBroken` with every problem, `Conflict` when it is
    not what was `shown`."""
    sketch, problems = sketch_of(session, basis, operations)
    if has_error(problems):
        first = next(one for one in problems if has_error([one]))
        raise RuleBroken(first.message, problems)
    if shown is not None and shown.day == basis.day:
        refuse_further(shown, told(sketch, problems))
    return sketch


@service("调整网格", needs=Right.EDIT_GRIDS)
def change_grids(
    session: Session,
    basis: Basis,
    operations: Sequence[Operation],
    seen: Seen | None = None,
    shown: Preview | None = None,
) -> Changed:
    """Carry out dated operations, all or nothing; those of a day to come are kept until then. Raises
    `RuleBroken` with every problem, the first as its sentence; warnings do not stop it. Raises `FieldsClash` where
    somebody else changed the same of a grid since it was `seen`, `Conflict` where more is touched than was `shown`."""
    if seen:
        meet_grids(session, Sketch(session, office_pack(session), basis.day), operations, seen)
    sketch = _sound(session, basis, operations, shown)
    if basis.day > date.today():
        return Changed((), (), keep(session, sketch, basis, operations))
    return Changed(*carry_out(sketch, basis.reason, basis.approval))


@service("办理待生效的调整", needs=Right.EDIT_GRIDS)
def carry_out_plan(
    session: Session,
    plan_id: int,
    basis: Basis | None = None,
    seen: Basis | None = None,
    shown: Preview | None = None,
) -> Changed:
    """Carry out a change whose day has come, drawn against the tree as it now is. `basis` takes the
    place of the one it was kept with; with another day to come it goes on waiting for that one. Raises
    `NotFound`, and `RuleBroken` with everything that now forbids it; `FieldsClash` where somebody else changed the
    same of what it rests on since it was `seen`, `Conflict` where more is touched than was `shown`."""
    plan = plan_of(session, plan_id)
    basis = basis or plan.basis
    if seen is not None:
        basis = _met(plan.basis, basis, seen)
    sketch = _sound(session, basis, plan.operations, shown)
    if basis.day > date.today():
        one = stored(session, plan_id)
        if plan.basis == basis:
            raise RuleBroken(f"{basis.day} 才生效，到那天再办。")
        one.day, one.reason, one.approval = basis.day, basis.reason, basis.approval
        entitle(session, f"待生效的调整改到 {basis.day} 起：{plan.says}")
        return Changed((), (), plan_id)
    session.delete(stored(session, plan_id))
    session.flush()
    return Changed(*carry_out(sketch, basis.reason, basis.approval))


def _met(now: Basis, mine: Basis, seen: Basis) -> Basis:
    """What a change that waits rests on, when one has changed it and somebody else may have."""
    said = meet_fields(
        "这项待生效的调整", RESTS, asdict(seen), asdict(mine), asdict(now), lambda _, one: str(one or "")
    )
    return Basis(**said)


@service("放弃待生效的调整", needs=Right.EDIT_GRIDS)
def give_up_plan(session: Session, plan_id: int, seen: Basis | None = None) -> None:
    """A change that waits will not be. Raises `NotFound`, `Conflict` when it rests on something else than was
    `seen`, and `RuleBroken` outside the account's scope."""
    plan = plan_of(session, plan_id)
    if seen is not None and plan.basis != seen:
        raise Conflict("别人刚改过这项调整的日期、原因或文号，没有放弃。看过新的再定。")
    _, problems = sketch_of(session, plan.basis, plan.operations)
    outside = [one for one in problems if is_out_of_scope(one)]
    if outside:
        raise RuleBroken(outside[0].message, outside)
    session.delete(stored(session, plan_id))
    entitle(session, f"放弃待生效的调整：{plan.says}（{plan.day} 起）")
