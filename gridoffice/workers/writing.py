"""Writing the planned rows of a roster: people, posts, and moves that close the old post."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import bulk_update, insert_columns, reserve
from db.images import Columns
from db.server.taking import held_elsewhere
from db.tables import Grid, Post
from gridoffice.grids.making import make_grids
from gridoffice.intake import Options
from gridoffice.listing import chunked
from gridoffice.people.writing import insert_people, update_people
from gridoffice.planned import Chosen, Outcome, Planned
from gridoffice.questions import NEW, TO
from gridoffice.workers.planning import Aim
from gridoffice.workers.rows import OF_POST, PERSONAL


def write(session: Session, rows: Chosen, options: Options) -> dict[str, str]:
    """Insert new people and their posts, change others; a move on a later day closes the old post.
    Grids that are to be made are made first. Answers who they are of whom it was said that they are new."""
    said = list(rows.said.values())
    made = make_grids(session, {a.make.id: a.make for a in map(_aim, said) if a.make is not None}.values())
    new = [row for row in said if row.outcome is Outcome.NEW]
    first: dict[Any, Mapping[str, Any]] = {}
    for row in new:
        # the second row of one new person is another post of the same record
        first.setdefault(_aim(row).who, row.values)
    numbers = insert_people(session, _columns(PERSONAL, list(first.values())))
    people = dict(zip(first, numbers, strict=True))
    owners = [(row, people[_aim(row).who]) for row in new]
    updates: dict[int, dict[str, Any]] = {}
    post_updates: dict[int, dict[str, Any]] = {}
    for row in said:
        if row.outcome is not Outcome.UPDATED or row.record is None:
            continue
        changed = {name: pair[1] for name, pair in row.changes.items()}
        personal = {name: changed[name] for name in PERSONAL if name in changed}
        if personal:
            updates.setdefault(row.record, {}).update(personal)
        if _aim(row).post_id is None:
            owners.append((row, row.record))
        else:
            _change_post(row, changed, made, post_updates, owners)
    beside = [row.values for row, _ in owners if row.outcome is Outcome.UPDATED]
    held_elsewhere(session, *([str(one.get(name) or "") for one in beside] for name in ("id_number", "name")))
    update_people(session, updates)
    grids = [_grid_id(row, made) for row, _ in owners]
    paths = _paths(session, {v["grid_id"] for v in post_updates.values() if "grid_id" in v} | set(grids))
    for values in post_updates.values():
        if "grid_id" in values:
            values["grid_path"] = paths[values["grid_id"]]
    bulk_update(session, Post, post_updates)
    _insert_posts(
        session,
        [person_id for _, person_id in owners],
        grids,
        [paths[grid_id] for grid_id in grids],
        [_aim(row).concurrent for row, _ in owners],
        _columns(OF_POST, [row.values for row, _ in owners]),
    )
    _insert_plain(session, rows)
    return {
        asked.key: f"{TO}{people[_aim(row).who]}" for row in new for asked in row.asks if asked.answer == NEW
    }


def _insert_plain(session: Session, rows: Chosen) -> None:
    """Those of whom nothing is to be said: each somebody new with one post."""
    if rows.plain:
        people = insert_people(session, {name: rows.column(name) for name in PERSONAL})
        alone = [False] * len(people)
        post = {name: rows.column(name) for name in OF_POST}
        # the plan is of the tree as it is now, else it would have been made again
        paths = rows.column("grid_path")
        _insert_posts(session, people, rows.column("grid_id"), paths, alone, post)


def _columns(names: Sequence[str], said: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    return {name: [values.get(name) for values in said] for name in names}


def _insert_posts(
    session: Session,
    people: Sequence[int],
    grids: Sequence[int],
    paths: Sequence[str],
    concurrent: Sequence[bool],
    said: Columns,
) -> None:
    """Insert a post for each of these people in each of these grids, with what is said of it."""
    if not people:
        return
    insert_columns(
        session,
        Post,
        {
            "id": reserve(session, Post, len(people)),
            "person_id": people,
            "grid_id": grids,
            "grid_path": paths,
            "concurrent": concurrent,
            **said,
        },
    )


def _aim(row: Planned) -> Aim:
    return row.resolved


def _grid_id(row: Planned, made: Mapping[int, int]) -> int:
    """The grid of a row; of one that was to be made, the number it got."""
    grid_id = _aim(row).grid_id
    assert grid_id is not None
    return made.get(grid_id, grid_id)


def _change_post(
    row: Planned,
    changed: Mapping[str, Any],
    made: Mapping[int, int],
    updates: dict[int, dict[str, Any]],
    owners: list[tuple[Planned, int]],
) -> None:
    post_id, start = _aim(row).post_id, row.values.get("from_day")
    assert post_id is not None
    if _aim(row).moves and start is not None:
        updates[post_id] = {"to_day": start - timedelta(days=1), "leave_reason": "按花名册调整网格"}
        owners.append((row, row.record or 0))
        return
    values = {name: changed[name] for name in OF_POST if name in changed}
    if "grid" in changed:
        values["grid_id"] = _grid_id(row, made)
    if values:
        updates[post_id] = values


def _paths(session: Session, grid_ids: Collection[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for chunk in chunked(sorted(grid_ids)):
        found.update(
            (grid_id, path)
            for grid_id, path in session.execute(select(Grid.id, Grid.path).where(Grid.id.in_(chunk)))
        )
    return found
