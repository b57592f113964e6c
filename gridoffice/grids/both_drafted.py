"""Two who draft changes of the same grids: fields that both change are chosen, and nothing is carried out that
reaches further than what was shown.

A draft says what it saw as values by grid and field (`Seen`); another name, code, kind, place or other figures can be
met so. What a draft does to the tree itself (parts, merges, ends) is judged by what it touches (`reach`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.tables import Grid
from gridoffice.both_changed import meet_fields
from gridoffice.errors import Conflict
from gridoffice.grids.effects import Preview
from gridoffice.grids.listing import GRIDS, office_pack
from gridoffice.grids.operations import Convert, Move, Operation, Recode, Rename, Revise
from gridoffice.grids.sketch import STATE, Sketch, State
from gridoffice.values import show

Seen = Mapping[str, Any]
"""What was seen of grids, by `key`."""
_FIELDS = {what.name: what.field for what in GRIDS.columns}
_LABELS = {name: _FIELDS[name].label if name in _FIELDS else "上级网格" for name in STATE}


def key(grid_id: int, name: str) -> str:
    """What a field of a grid goes by."""
    return f"{grid_id} {name}"


def seen_in(shown: Preview) -> dict[str, Any]:
    """What a preview told of grids as they stand."""
    return {
        key(one.id, name): getattr(one.before, name)
        for one in shown.grids
        if one.id is not None and one.before is not None
        for name in STATE
    }


def wishes(operations: Sequence[Operation]) -> dict[tuple[int, str], Any]:
    """The fields that operations set, by grid."""
    found: dict[tuple[int, str], Any] = {}
    for one in operations:
        match one:
            case Rename(grid_id, name):
                found[grid_id, "name"] = name
            case Recode(grid_id, str(code)):
                found[grid_id, "code"] = code
            case Convert(grid_id, kind):
                found[grid_id, "kind"] = kind
            case Move(grid_id, parent_id):
                found[grid_id, "parent_id"] = parent_id
            case Revise(grid_id, values):
                found |= {(grid_id, name): value for name, value in values.items()}
    return found


def meet_grids(session: Session, sketch: Sketch, operations: Sequence[Operation], seen: Seen) -> None:
    """Raises `FieldsClash` where operations set what somebody else changed since it was seen; the sketch is still
    to be drawn on."""
    wanted = wishes(operations)
    states: dict[int, State] = {grid_id: sketch.spot(grid_id).now for grid_id, _ in wanted}
    now = {key(grid_id, name): getattr(states[grid_id], name) for grid_id, name in wanted}
    labels = {key(grid_id, name): f"“{states[grid_id].name}”的{_LABELS[name]}" for grid_id, name in wanted}
    mine = {key(*where): value for where, value in wanted.items()}
    meet_fields(
        "这里的网格", labels, {**now, **seen}, mine, now, lambda where, value: _words(session, where, value)
    )


def _words(session: Session, where: str, value: Any) -> str:
    name = where.partition(" ")[2]
    if name == "kind":
        return next((one.label for one in office_pack(session).kinds if one.key == value), value)
    if name == "parent_id":
        return session.scalar(select(Grid.name).where(Grid.id == value)) or ""
    return show(_FIELDS[name], value)


def chosen(operations: Sequence[Operation], settled: Mapping[str, Any], now: Seen) -> tuple[Operation, ...]:
    """The operations with what was chosen; what comes to what stands anyway is left out."""
    found: list[Operation] = []
    for one in operations:
        match one:
            case Rename(grid_id):
                made: Operation = replace(one, name=settled[key(grid_id, "name")])
            case Recode(grid_id, str()):
                made = replace(one, code=settled[key(grid_id, "code")])
            case Convert(grid_id):
                made = replace(one, kind=settled[key(grid_id, "kind")])
            case Move(grid_id):
                made = replace(one, parent_id=settled[key(grid_id, "parent_id")])
            case Revise(grid_id, values):
                made = replace(one, values={name: settled[key(grid_id, name)] for name in values})
            case _:
                found.append(one)
                continue
        left = {
            name: value
            for (grid_id, name), value in wishes([made]).items()
            if value != now[key(grid_id, name)]
        }
        if isinstance(made, Revise):
            made = replace(made, values=left)
        if left:
            found.append(made)
    return tuple(found)


def reach(told: Preview) -> tuple[Any, ...]:
    """Whom and what a change touches, whatever stands in it."""
    return (
        {(one.id, one.after is None) for one in told.grids},
        {(one.id, one.to) for one in (*told.posts, *told.links)},
        set(told.organisations),
        (told.grids_along, told.posts_along),
    )


def refuse_further(shown: Preview, told: Preview) -> None:
    """Raises `Conflict` when a change would touch others than it was shown to."""
    if reach(shown) != reach(told):
        raise Conflict("别人刚改过这里，要动的网格和人和刚才看到的不一样了。还没有办，看过新的再办。")
