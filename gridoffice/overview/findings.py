"""What does not fit the norms of the pack, and what to do about it: every grid and person looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Executable, select, true
from sqlalchemy.orm import Session

from db.tables import Post
from gridoffice.grids.history import tree_on
from gridoffice.grids.listing import office_pack, path_of
from gridoffice.grids.naming import names_of
from gridoffice.grids.norms import Holder
from gridoffice.grids.rules import below
from gridoffice.grids.service import serving
from gridoffice.listing import chunked
from gridoffice.overview import hat_looks, list_looks, norm_looks, party_looks, people_looks
from gridoffice.overview.topics import Asked, Finding, Place, Sighting, Topic

__all__ = ["Finding", "Sighting", "Topic", "asked_about", "check", "looked_at", "named", "sightings"]

LOOKS: tuple[Callable[[Asked], Iterator[Sighting]], ...] = (
    norm_looks.staffing,
    people_looks.contracts,
    norm_looks.sizes,
    norm_looks.control,
    party_looks.tiers,
    norm_looks.codes,
    people_looks.several_posts,
    people_looks.no_number,
    hat_looks.qualifications,
    hat_looks.training,
    hat_looks.branches,
    hat_looks.probation,
    list_looks.plans,
    list_looks.issues,
)


def check(session: Session, scope: int | None = None, day: date | None = None) -> list[Finding]:
    """Every finding below a grid on a day (today when none is said), in the order of the topics."""
    return named(session, sightings(session, scope, day), day)


def sightings(session: Session, scope: int | None = None, day: date | None = None) -> list[Sighting]:
    """Every finding, without the grids' names: what counting needs."""
    return looked_at(asked_about(session, scope, day))


def looked_at(asked: Asked) -> list[Sighting]:
    """Every finding of what was asked about, in the order of the topics."""
    found = [sighting for look in LOOKS for sighting in look(asked)]
    order = {topic: place for place, topic in enumerate(Topic)}
    return sorted(found, key=lambda one: order[one.topic])


def asked_about(session: Session, scope: int | None, day: date | None) -> Asked:
    """The grids standing below one (None: all) on a day, as they were then, with those who serve in
    them; each is read once."""
    tree, pack = tree_on(session, day), office_pack(session)
    day = tree.day
    top = path_of(session, scope) if scope is not None else None
    start, end = below(top) if top is not None else ("", "~")

    def inside(column: Any) -> ColumnElement[bool]:
        return true() if top is None else tree.within(column, top)

    kinds = {kind.key: kind for kind in pack.kinds}
    columns = ("id", "path", "code", "kind", "households", "merchants", "population", "area", "zone")
    bounds = tree.c.extent.is_not(None) & (tree.c.extent != "")
    grids = select(*(tree.c[name] for name in columns), bounds).where(tree.standing(), inside(tree.c.path))
    places = [
        Place(number, path, code, kinds[kind], households, merchants, population, area, zone, bool(written))
        for number, path, code, kind, households, merchants, population, area, zone, written in _stored(
            session, grids.order_by(tree.c.path)
        )
    ]
    held: dict[str, list[Holder]] = {}
    posts = select(Post.grid_path, Post.title, Post.employment).where(serving(day), inside(Post.grid_path))
    for path, title, how in _stored(session, posts):
        held.setdefault(path, []).append((title, how))
    if tree.moved:
        places = sorted((one._replace(path=tree.path(one.path)) for one in places), key=_by_path)
        held = {tree.path(path): holders for path, holders in held.items()}
    return Asked(session, pack, start, end, inside, day, places, held)


def _by_path(place: Place) -> str:
    return place.path


def _stored(session: Session, query: Executable) -> Sequence[Any]:
    """Rows as they are stored, past the row objects, which cost more than the query in a city."""
    cursor = session.connection().execute(query).cursor
    assert cursor is not None
    return cursor.fetchall()


def named(session: Session, seen: Sequence[Sighting], day: date | None = None) -> list[Finding]:
    """The findings with the names and codes that their grids had on the day."""
    pack, tree = office_pack(session), tree_on(session, day)
    names: dict[int, tuple[str, str]] = {}
    codes: dict[int, str] = {}
    for chunk in chunked(sorted({one.grid_id for one in seen})):
        names |= names_of(session, pack, chunk, day)
        query = select(tree.c.id, tree.c.code).where(tree.c.id.in_(chunk))
        codes |= {grid_id: code for grid_id, code in session.execute(query)}
    return [
        Finding(
            one.topic,
            one.severity,
            one.message,
            one.grid_id,
            names[one.grid_id][0],
            codes[one.grid_id],
            one.person,
            one.person_id,
            one.post_id,
            one.fix,
        )
        for one in seen
    ]
