"""The grid list: which grids, in which order, and what each line shows."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from db.tables import Grid
from db.texts import holds
from gridoffice.errors import NotFound
from gridoffice.fields import columns
from gridoffice.grids.history import Tree, in_order, tree_on
from gridoffice.grids.naming import names_of
from gridoffice.grids.own_packs import pack_called
from gridoffice.grids.pack import Pack
from gridoffice.grids.rows import GridRow
from gridoffice.listing import Ask, Listing, chunked, filtered, ordered_ids
from gridoffice.settings import MODEL, setting


def office_pack(session: Session) -> Pack:
    """The governance pack of this office."""
    return pack_called(session, setting(session, MODEL, "chengdu-3+1"))


def standing(day: date | None) -> ColumnElement[bool]:
    """Grids that exist on a day (today when none is said)."""
    day = day or date.today()
    return and_(
        or_(Grid.valid_from.is_(None), Grid.valid_from <= day),
        or_(Grid.valid_to.is_(None), Grid.valid_to >= day),
    )


def path_of(session: Session, grid_id: int) -> str:
    """Where a grid stands. Raises `NotFound` for one that is no longer there, or not seen by the account."""
    found = session.scalar(select(Grid.path).where(Grid.id == grid_id))
    if found is None:
        raise NotFound("没有这个网格，或者不归这个账号看。")
    return found


_SORTED = ("code", "name", "kind", "households", "merchants", "population", "area", "valid_from")


def _by(tree: Tree) -> dict[str, Any]:
    return {name: tree.c[name] for name in _SORTED}


def _asked(session: Session, tree: Tree, ask: Ask) -> Select[Any]:
    query = select(tree.c.id).where(tree.standing())
    if ask.scope is not None:
        query = query.where(tree.within(tree.c.path, path_of(session, ask.scope)))
    if ask.search:
        query = query.where(holds(tree.c.search, ask.search.strip().lower()))
    return query


def ids(session: Session, ask: Ask) -> array[int]:
    tree = tree_on(session, ask.day)
    by, query = _by(tree), _asked(session, tree, ask)
    if tree.moved and ask.sort is None:
        return in_order(session, tree, filtered(query, by, ask), tree.c.path, ask.limit)
    return ordered_ids(session, query, by, ask, (tree.c.path, tree.c.id))


def rows(session: Session, wanted: Sequence[int], day: date | None = None) -> list[GridRow]:
    """Some grids as they were on a day (today when none is said)."""
    pack, tree = office_pack(session), tree_on(session, day)
    labels = {kind.key: kind.label for kind in pack.kinds}
    found: dict[int, Any] = {}
    for chunk in chunked(wanted):
        found.update(
            {grid.id: grid for grid in session.execute(select(tree.source).where(tree.c.id.in_(chunk)))}
        )
    names = names_of(session, pack, {g.parent_id for g in found.values() if g.parent_id is not None}, day)
    return [
        GridRow(
            id=grid.id,
            code=grid.code,
            name=grid.name,
            kind=labels[grid.kind],
            parent=names[grid.parent_id][0] if grid.parent_id is not None else None,
            households=grid.households,
            merchants=grid.merchants,
            population=grid.population,
            area=grid.area,
            extent=grid.extent,
            zone=grid.zone,
            valid_from=grid.valid_from,
            note=grid.note,
        )
        for grid in (found[grid_id] for grid_id in wanted if grid_id in found)
    ]


def choices(session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
    tree = tree_on(session, ask.day)
    expression = _by(tree)[column]
    asked = _asked(session, tree, ask).subquery()
    counted = session.execute(
        select(expression, func.count())
        .where(tree.c.id.in_(select(asked.c.id)))
        .group_by(expression)
        .order_by(func.count().desc(), expression.asc().nulls_last())
        .limit(200)
    ).all()
    labels = {kind.key: kind.label for kind in office_pack(session).kinds} if column == "kind" else {}
    return [(value, labels.get(value, "" if value is None else str(value)), n) for value, n in counted]


GRIDS = Listing(
    "grids",
    "网格台账",
    "个网格",
    columns(GridRow),
    ids,
    rows,
    choices,
    frozenset(_SORTED),
    frozenset({"kind"}),
    dated=True,
)
