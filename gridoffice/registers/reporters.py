"""Who reported a problem, as far as the office knows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.tables import Grid, Person, Post
from gridoffice.grids.service import serving

Named = tuple[str | None, int | None]


def reporters(session: Session, told: Sequence[Named]) -> dict[Named, int]:
    """Who reported, as far as the office knows: the one of that name who serves in the grid, above or below
    it, else the only one of that name. Pairs of a name and a grid that mean nobody are not in the answer."""
    names = {name for name, _ in told if name}
    if not names:
        return {}
    paths = {
        number: path
        for number, path in session.execute(
            select(Grid.id, Grid.path).where(Grid.id.in_({grid_id for _, grid_id in told}))
        )
    }
    people: dict[str, set[int]] = {}
    places: dict[int, list[str]] = {}
    query = select(Person.id, Person.name, Post.grid_path).join(
        Post, Post.person_id == Person.id, isouter=True
    )
    for person_id, name, path in session.execute(
        query.where(Person.name.in_(names), Post.id.is_(None) | serving(date.today()))
    ):
        people.setdefault(name, set()).add(person_id)
        if path is not None:
            places.setdefault(person_id, []).append(path)
    found = {}
    for name, grid_id in told:
        known = people.get(name or "", set())
        here = paths.get(grid_id or 0, "")
        near = {
            one
            for one in known
            if any(path.startswith(here) or here.startswith(path) for path in places.get(one, ()))
        }
        meant = near if here and near else known
        if len(meant) == 1:
            found[name, grid_id] = next(iter(meant))
    return found
