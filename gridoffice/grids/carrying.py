"""Writing a sketch down: lines of the tree, what they were, posts, and the books."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.bulk import bulk_delete, bulk_insert, bulk_update, reserve
from db.enums import GridChangeKind
from db.journal import entitle
from db.tables import (
    Grid,
    GridChange,
    GridCode,
    GridLink,
    GridPeriod,
    OrgSeat,
    PartyLink,
    PartyOrg,
    Post,
    table_of,
)
from gridoffice.grids.belongings import hand_on
from gridoffice.grids.service import derive, insert_grids, search_text
from gridoffice.grids.sketch import STATE, Held, Sketch, Spot, Tenure
from gridoffice.listing import chunked


def carry_out(
    sketch: Sketch, reason: str | None, approval: str | None
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Write everything that was drawn; answers the numbers of the changes and of the new grids."""
    session = sketch.session
    changed = sketch.changed()
    fresh = [spot for spot in changed if spot.was is None]
    numbers = dict(
        zip((spot.id for spot in fresh), reserve(session, Grid, len(fresh)) if fresh else (), strict=True)
    )
    _insert(session, fresh, numbers)
    changes = reserve(session, GridChange, len(sketch.steps)) if sketch.steps else range(0)
    bulk_insert(
        session,
        GridChange,
        [
            {"id": number, "kind": step.kind, "day": sketch.day, "reason": reason, "approval": approval}
            for number, step in zip(changes, sketch.steps, strict=True)
        ],
    )
    links = [
        (number, numbers.get(grid_id, grid_id), part)
        for number, step in zip(changes, sketch.steps, strict=True)
        for grid_id, part in step.parts
    ]
    bulk_insert(
        session,
        GridLink,
        [
            {"id": number, "change_id": change, "grid_id": grid_id, "part": part}
            for number, (change, grid_id, part) in zip(
                reserve(session, GridLink, len(links)) if links else (), links, strict=True
            )
        ],
    )
    by_grid = {grid_id: change for change, grid_id, _ in reversed(links)}
    _keep_past(sketch, [spot for spot in changed if spot.was is not None], by_grid)
    words = {change: reason or step.words for change, step in zip(changes, sketch.steps, strict=True)}
    _give_up_codes(sketch, changed, by_grid, words)
    _update(sketch, [spot for spot in changed if spot.was is not None], numbers)
    for what in (Post, PartyLink):
        _send(sketch, what, numbers)
    hand_on(sketch, numbers)
    _reseat(sketch, numbers)
    _place_posts(session, [numbers.get(to, to) for _, to in sketch.sent_of(Post) if to is not None])
    title = "；".join(step.words for step in sketch.steps[:3])
    more = f"等 {len(sketch.steps)} 项" if len(sketch.steps) > 3 else ""
    entitle(session, f"{title}{more}（{sketch.day} 起）", whole=True, day=sketch.day.isoformat())
    return tuple(changes), tuple(numbers.values())


def _insert(session: Session, fresh: list[Spot], numbers: dict[int, int]) -> None:
    waiting = list(fresh)
    ready: list[dict[str, Any]] = []
    placed: set[int] = set()
    while waiting:
        # parents before children
        able = [spot for spot in waiting if (spot.now.parent_id or 1) > 0 or spot.now.parent_id in placed]
        placed |= {spot.id for spot in able}
        waiting = [spot for spot in waiting if spot.id not in placed]
        for spot in able:
            values = _columns(spot, numbers)
            ready.append(
                {
                    "id": numbers[spot.id],
                    **values,
                    "valid_from": spot.valid_from,
                    "valid_to": None,
                }
            )
    insert_grids(session, ready)


def _columns(spot: Spot, numbers: dict[int, int]) -> dict[str, Any]:
    values = {name: getattr(spot.now, name) for name in STATE}
    values["parent_id"] = numbers.get(values["parent_id"], values["parent_id"])
    return values


def _keeps_past(spot: Spot, day: date) -> bool:
    """A second change of one day, or one on a grid's first day, leaves nothing to remember."""
    return spot.was != spot.now and not spot.closing and day not in (spot.since, spot.valid_from)


def _keep_past(sketch: Sketch, spots: list[Spot], by_grid: dict[int, int]) -> None:
    past = [(spot, spot.was) for spot in spots if _keeps_past(spot, sketch.day) and spot.was is not None]
    rows = []
    for number, (spot, was) in zip(
        reserve(sketch.session, GridPeriod, len(past)) if past else (), past, strict=True
    ):
        rows.append(
            {
                "id": number,
                "grid_id": spot.id,
                "change_id": by_grid[spot.id],
                "from_day": spot.since,
                "to_day": sketch.day - timedelta(days=1),
                "search": search_text(was.code, was.name),
                **{name: getattr(was, name) for name in STATE},
            }
        )
    bulk_insert(sketch.session, GridPeriod, rows)


def _give_up_codes(
    sketch: Sketch, changed: list[Spot], by_grid: dict[int, int], words: dict[int, str]
) -> None:
    given_up = [
        spot for spot in changed if spot.was is not None and (spot.closing or spot.was.code != spot.now.code)
    ]
    rows = []
    for number, spot in zip(
        reserve(sketch.session, GridCode, len(given_up)) if given_up else (), given_up, strict=True
    ):
        assert spot.was is not None
        change = by_grid[spot.id]
        rows.append(
            {
                "id": number,
                "code": spot.was.code,
                "grid_id": spot.id,
                "change_id": change,
                "day": sketch.day,
                "reason": words[change],
            }
        )
    bulk_insert(sketch.session, GridCode, rows)


def _update(sketch: Sketch, spots: list[Spot], numbers: dict[int, int]) -> None:
    updates: dict[int, dict[str, Any]] = {}
    for spot in spots:
        if spot.closing:
            updates[spot.id] = {"valid_to": sketch.day - timedelta(days=1)}
            continue
        values = _columns(spot, numbers)
        updates[spot.id] = {name: values[name] for name in STATE if values[name] != getattr(spot.was, name)}
        if _keeps_past(spot, sketch.day):
            updates[spot.id]["since"] = sketch.day
    bulk_update(sketch.session, Grid, updates)
    derive(sketch.session, [i for i, new in updates.items() if new.keys() & {"parent_id", "name", "code"}])


def _send(sketch: Sketch, what: Tenure, numbers: dict[int, int]) -> None:
    """What began before the day ends the day before and goes on as a new one; what begins later simply
    is in another grid."""
    session, day = sketch.session, sketch.day
    words = "；".join(step.words for step in sketch.steps if step.kind in _MOVING)
    why = {"reason": words} if what is Post else {}
    updates: dict[int, dict[str, Any]] = {}
    new: list[tuple[Held, int]] = []
    there = _already_there(sketch, what)
    for held, to in sketch.sent_of(what):
        target = None if to is None else numbers.get(to, to)
        if held.from_day is None or held.from_day < day:
            updates[held.id] = {"to_day": day - timedelta(days=1), **why}
            if target is not None and (held.person_id, held.title, target) not in there:
                there.add((held.person_id, held.title, target))
                new.append((held, target))
        elif target is not None:
            updates[held.id] = {"grid_id": target}
    originals = _originals(session, what, [held.id for held, _ in new])
    bulk_update(session, what, updates)
    bulk_insert(
        session,
        what,
        [
            {**originals[held.id], "id": number, "grid_id": target, "from_day": day, **why}
            for number, (held, target) in zip(
                reserve(session, what, len(new)) if new else (), new, strict=True
            )
        ],
    )


def _reseat(sketch: Sketch, numbers: dict[int, int]) -> None:
    """Party organisations are in other grids from the day on; a grid that one serves already it does not
    serve twice."""
    session, last = sketch.session, sketch.day - timedelta(days=1)
    updates: dict[int, dict[str, Any]] = {}
    new: list[dict[str, Any]] = []
    going: list[int] = []
    there = {
        (seat.org_id, seat.grid_id)
        for seat in sketch.seats({to for _, some in sketch.reseated.values() for to in some if to > 0})
        if seat.id not in sketch.reseated
    }
    for seat, targets in sketch.reseated.values():
        wanted = [to for to in targets if (seat.org_id, to) not in there]
        there |= {(seat.org_id, to) for to in wanted}
        started = seat.from_day is None or seat.from_day < sketch.day
        if started:
            updates[seat.id] = {"to_day": last}
        elif wanted:
            updates[seat.id] = {"grid_id": numbers.get(first := wanted.pop(0), first)}
        else:
            going.append(seat.id)
        start = sketch.day if started else seat.from_day
        new += [
            {
                "org_id": seat.org_id,
                "grid_id": numbers.get(to, to),
                "from_day": start,
                "to_day": seat.to_day,
            }
            for to in wanted
        ]
    bulk_update(session, OrgSeat, updates)
    bulk_delete(session, OrgSeat, going)
    ids = reserve(session, OrgSeat, len(new)) if new else ()
    bulk_insert(session, OrgSeat, [{"id": number, **values} for number, values in zip(ids, new, strict=True)])
    bulk_update(session, PartyOrg, {org_id: {"to_day": last} for org_id in sketch.dissolved})


_MOVING = {GridChangeKind.SPLIT, GridChangeKind.MERGE, GridChangeKind.CLOSE}


def _already_there(sketch: Sketch, what: Tenure) -> set[tuple[int, str, int]]:
    """Who holds which post in the grids that others come to: nobody needs it twice."""
    targets = {to for _, to in sketch.sent_of(what) if to is not None and to > 0}
    held = sketch.posts(targets) if what is Post else sketch.links(targets)
    return {(one.person_id, one.title, one.grid_id) for one in held if (what, one.id) not in sketch.sent}


def _originals(session: Session, what: Tenure, ids: list[int]) -> dict[int, dict[str, Any]]:
    table = table_of(what)
    found: dict[int, dict[str, Any]] = {}
    for chunk in chunked(ids):
        for row in session.execute(select(table).where(table.c.id.in_(chunk))).mappings():
            found[row["id"]] = {name: row[name] for name in row if name != "version"}
    return found


def _place_posts(session: Session, grid_ids: list[int]) -> None:
    """Posts in these grids take the grid's path."""
    posts, grids = table_of(Post), table_of(Grid)
    path = select(grids.c.path).where(grids.c.id == posts.c.grid_id).scalar_subquery()
    for chunk in chunked(sorted(set(grid_ids))):
        session.execute(update(posts).where(posts.c.grid_id.in_(chunk)).values(grid_path=path))
    session.expire_all()
