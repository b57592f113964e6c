"""What does not fit the norms of the pack, and what to do about it: every grid and person looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Executable, select
from sqlalchemy.orm import Session

from db.tables import Grid, Post
from gridoffice.grids.listing import office_pack, path_of, standing
from gridoffice.grids.naming import names_of
from gridoffice.grids.norms import Holder
from gridoffice.grids.rules import below
from gridoffice.grids.service import serving
from gridoffice.listing import chunked
from gridoffice.overview import hat_looks, norm_looks, party_looks, people_looks
from gridoffice.overview.topics import Asked, Finding, Place, Sighting, Topic

__all__ = ["Finding", "Sighting", "Topic", "asked_about", "check", "named", "sightings"]

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
)


def check(session: Session, scope: int | None = None, day: date | None = None) -> list[Finding]:
    """Every finding below a grid on a day (today when none is said), in the order of the topics."""
    return named(session, sightings(session, scope, day))


def sightings(session: Session, scope: int | None = None, day: date | None = None) -> list[Sighting]:
    """Every finding, without the grids' names: what counting needs."""
    asked = asked_about(session, scope, day)
    found = [sighting for look in LOOKS for sighting in look(asked)]
    order = {topic: place for place, topic in enumerate(Topic)}
    return sorted(found, key=lambda one: order[one.topic])


def asked_about(session: Session, scope: int | None, day: date | None) -> Asked:
    """The standing grids below one (None: all) with those who serve in them, each read once."""
    start, end = below(path_of(session, scope)) if scope is not None else ("", "~")
    day = day or date.today()
    pack = office_pack(session)
    kinds = {kind.key: kind for kind in pack.kinds}
    grids = (
        select(
            Grid.id,
            Grid.path,
            Grid.code,
            Grid.kind,
            Grid.households,
            Grid.merchants,
            Grid.population,
            Grid.area,
            Grid.zone,
            Grid.extent.is_not(None) & (Grid.extent != ""),
        )
        .where(standing(day), Grid.path >= start, Grid.path < end)
        .order_by(Grid.path)
    )
    places = [
        Place(number, path, code, kinds[kind], households, merchants, population, area, zone, bool(bounds))
        for number, path, code, kind, households, merchants, population, area, zone, bounds in _stored(
            session, grids
        )
    ]
    held: dict[str, list[Holder]] = {}
    posts = select(Post.grid_path, Post.title, Post.employment).where(
        serving(day), Post.grid_path >= start, Post.grid_path < end
    )
    for path, title, how in _stored(session, posts):
        held.setdefault(path, []).append((title, how))
    return Asked(session, pack, start, end, day, places, held)


def _stored(session: Session, query: Executable) -> Sequence[Any]:
    """Rows as they are stored, past the row objects, which cost more than the query in a city."""
    cursor = session.connection().execute(query).cursor
    assert cursor is not None
    return cursor.fetchall()


def named(session: Session, seen: Sequence[Sighting]) -> list[Finding]:
    """The findings with the names and codes of their grids."""
    pack = office_pack(session)
    names: dict[int, tuple[str, str]] = {}
    codes: dict[int, str] = {}
    for chunk in chunked(sorted({one.grid_id for one in seen})):
        names |= names_of(session, pack, chunk)
        query = select(Grid.id, Grid.code).where(Grid.id.in_(chunk))
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
