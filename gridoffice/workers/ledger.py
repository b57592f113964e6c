"""网格员花名册 as Excel knows it: a person and a post in each row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Right
from db.tables import Grid, Post
from gridoffice.fields import columns
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import gazetteer, short
from gridoffice.intake import (
    Incoming,
    Ledger,
    Options,
    Preview,
    Records,
    take_in,
)
from gridoffice.listing import Ask, Listing, chunked, listed
from gridoffice.service import service
from gridoffice.spreadsheet.guide import Group
from gridoffice.workers.listing import WORKERS
from gridoffice.workers.planning import plan
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


def records(session: Session, listing: Listing, ask: Ask) -> Records:
    """The roster with street and community in columns of their own, as other people's forms have them."""
    pack = office_pack(session)
    book = gazetteer(session, pack)
    ids = listing.ids(session, ask)
    where: dict[int, int] = {}
    for chunk in chunked(ids):
        query = select(Post.id, Post.grid_id).where(Post.id.in_(chunk))
        where |= {post_id: grid_id for post_id, grid_id in session.execute(query)}
    places = [column for column in columns(PlaceColumns) if column.name != "micro"]

    def rows() -> Iterator[list[Any]]:
        for post_id, row in zip(ids, listed(session, listing, ask, ids), strict=True):
            above = book.above(book.places[where[post_id]])
            street = next((place.name for place in above if place.kind in pack.root), None)
            unit = book.unit(above[0])
            yield [*row, street, unit.name if unit is not None else None]

    return (*listing.columns, *places), rows()


@service("导入网格员花名册", needs=Right.EDIT_PEOPLE)
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
    ground=lambda _session, _options: None,
    plan=plan,
    write=write,
    service=import_workers,
    listing=WORKERS,
    groups=groups,
    records=records,
)
