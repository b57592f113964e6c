"""网格员花名册 as Excel knows it: a person and a post in each row."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Right
from db.tables import Grid
from db.turns import Turn
from gridoffice.fields import columns
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import short
from gridoffice.intake import (
    Incoming,
    Key,
    Ledger,
    Options,
    Preview,
    take_in,
)
from gridoffice.service import service
from gridoffice.spreadsheet.guide import Group
from gridoffice.workers.listing import WORKERS
from gridoffice.workers.planning import BONDS, choices, ground, plan
from gridoffice.workers.rows import PlaceColumns, WorkerRow
from gridoffice.workers.writing import write


def groups(session: Session) -> tuple[Group, ...]:
    """Streets and communities, which rosters write as titles, as sheet names, or once above."""
    pack = office_pack(session)
    units = {kind.key for kind in pack.kinds if kind.unit}
    names: dict[bool, set[str]] = {True: set(), False: set()}
    wanted = select(Grid.name, Grid.kind).where(Grid.kind.in_(units | pack.root))
    for name, kind in session.execute(wanted):
        names[kind in units] |= {name}
    return (
        Group("street", ("街道", "镇", "乡"), frozenset(names[False])),
        Group("community", ("社区", "村"), frozenset(names[True] | {short(name) for name in names[True]})),
    )


@service("导入网格员花名册", needs=Right.EDIT_PEOPLE, turn=Turn.IMPORT)
def import_workers(
    session: Session, come: Incoming, options: Options, ready: Preview | None = None
) -> Preview:
    """Take a roster in, whole."""
    return take_in(session, WORKER_LEDGER, come, options, ready)


WORKER_LEDGER = Ledger(
    key="workers",
    title="网格员花名册",
    unit="人",
    columns=lambda _session, _options: (*columns(WorkerRow), *columns(PlaceColumns)),
    ground=ground,
    plan=plan,
    write=write,
    service=import_workers,
    listing=WORKERS,
    groups=groups,
    choices=choices,
    keys=tuple(Key),
    bonds=BONDS,
    offers=lambda session: {"title": [post.label for post in office_pack(session).posts]},
)
