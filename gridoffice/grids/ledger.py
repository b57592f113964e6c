"""网格台账 as Excel knows it: the tree in rows, in any order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import reserve
from db.enums import Right
from db.tables import Grid
from db.turns import Turn
from gridoffice.fields import columns
from gridoffice.grids.listing import GRIDS, office_pack
from gridoffice.grids.planning import PLAIN, choices, ground, plan
from gridoffice.grids.rows import GridRow
from gridoffice.grids.service import insert_grids, update_grids
from gridoffice.intake import Incoming, Ledger, Options, Outcome, Planned, Preview, take_in
from gridoffice.service import service


def write(session: Session, rows: Sequence[Planned], options: Options) -> dict[str, str]:
    """Insert new grids parents first, then change the others."""
    ids = {code: grid_id for code, grid_id in session.execute(select(Grid.code, Grid.id))}
    new = {row.values["code"]: row for row in rows if row.outcome is Outcome.NEW}
    ids |= dict(zip(new, reserve(session, Grid, len(new)), strict=True)) if new else {}
    ready = []
    for code in _parents_first(new):
        row = new[code]
        parent = row.resolved["parent"]
        ready.append(
            {
                "id": ids[code],
                "code": code,
                "kind": row.resolved["kind"],
                "parent_id": ids[parent] if parent is not None else None,
                "valid_to": None,
                **{name: row.values.get(name) for name in PLAIN},
            }
        )
    insert_grids(session, ready)
    updates: dict[int, dict[str, Any]] = {}
    for row in rows:
        if row.outcome is Outcome.UPDATED and row.record is not None:
            values = {name: new_value for name, (_, new_value) in row.changes.items()}
            if "parent" in values:
                values["parent_id"] = ids[values.pop("parent")]
            updates[row.record] = values
    update_grids(session, updates)
    return {}


def _parents_first(new: Mapping[str, Planned]) -> list[str]:
    order: dict[str, None] = {}
    for code in new:
        line = []
        one: str | None = code
        while one is not None and one in new and one not in order:
            line.append(one)
            one = new[one].resolved["parent"]
        order.update(dict.fromkeys(reversed(line)))
    return list(order)


@service("导入网格台账", needs=Right.EDIT_GRIDS, turn=Turn.IMPORT)
def import_grids(session: Session, come: Incoming, options: Options, ready: Preview | None = None) -> Preview:
    """Take a grid ledger in, whole."""
    return take_in(session, GRID_LEDGER, come, options, ready)


GRID_LEDGER = Ledger(
    key="grids",
    title="网格台账",
    unit="个网格",
    columns=lambda _session, _options: columns(GridRow),
    ground=ground,
    plan=plan,
    write=write,
    service=import_grids,
    listing=GRIDS,
    choices=choices,
    offers=lambda session: {"kind": [kind.label for kind in office_pack(session).kinds]},
)
