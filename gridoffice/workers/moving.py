"""Many posts at once: to another grid or post on a day, or with another contract, employer, way of serving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Employment, Right
from db.journal import entitle
from db.tables import Grid, Person, Post
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.fields import columns
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import names_of
from gridoffice.limits import check_room
from gridoffice.listing import chunked
from gridoffice.service import service
from gridoffice.workers import rules
from gridoffice.workers.posts import posts_called, whom
from gridoffice.workers.rows import PostRow

BULK = ("title", "employment", "contract_end", "employer", "note")
"""What may be said of many posts at once; days and grids differ from person to person."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """Where some people go on `day`: to a grid, to another post, or both. What is None stays."""

    day: date
    grid_id: int | None = None
    title: str | None = None
    employment: Employment | None = None
    contract_end: date | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Mover:
    """One post that is to move: whose, from where to where, and why it cannot (None: it can)."""

    post_id: int
    person_id: int
    name: str
    grid_id: int
    title: str
    employment: Employment
    to_grid_id: int
    to_title: str
    refused: str | None


def movers(session: Session, post_ids: Sequence[int], wanted: Transfer) -> list[Mover]:
    """What a transfer would do to each of some posts. Raises `NotFound` without that grid, and
    `RuleBroken` when it says nothing."""
    if wanted.grid_id is None and not wanted.title:
        raise RuleBroken("没说调到哪个网格、任什么职务。")
    posts = posts_called(session, post_ids)
    names = _names(session, posts)
    grids = _grids(session, {one.grid_id for one in posts} | {wanted.grid_id or 0})
    if wanted.grid_id is not None and wanted.grid_id not in grids:
        raise NotFound("没有这个网格。")
    held, moving = _others(session, posts), {post.id for post in posts}
    found, going = [], set[tuple[int, int, str]]()
    for post in posts:
        grid = grids[wanted.grid_id if wanted.grid_id is not None else post.grid_id]
        title = wanted.title or post.title
        refused = _refusal(names[post.person_id], post, grid, title, wanted.day)
        if refused is None:
            others = [one for one in held[post.person_id] if one.id not in moving]
            refused = _clash(names[post.person_id], post, grid, title, wanted.day, others, grids)
        twin = (post.person_id, grid.id, title)
        if refused is None and twin in going:
            refused = f"“{names[post.person_id]}”勾了两次，只能有一次到“{grid.name}”任{title}。"
        going.add(twin)
        found.append(
            Mover(
                post.id,
                post.person_id,
                names[post.person_id],
                post.grid_id,
                post.title,
                post.employment,
                grid.id,
                title,
                refused,
            )
        )
    return found


def _names(session: Session, posts: Sequence[Post]) -> dict[int, str]:
    found: dict[int, str] = {}
    for chunk in chunked(sorted({one.person_id for one in posts})):
        query = select(Person.id, Person.name).where(Person.id.in_(chunk))
        found |= {number: name for number, name in session.execute(query)}
    return found


def _grids(session: Session, grid_ids: set[int]) -> dict[int, Grid]:
    found: dict[int, Grid] = {}
    for chunk in chunked(sorted(grid_ids)):
        found |= {grid.id: grid for grid in session.scalars(select(Grid).where(Grid.id.in_(chunk)))}
    return found


def _others(session: Session, posts: Sequence[Post]) -> dict[int, list[Post]]:
    """Everything that the same people hold or held."""
    found: dict[int, list[Post]] = {}
    for chunk in chunked(sorted({one.person_id for one in posts})):
        for post in session.scalars(select(Post).where(Post.person_id.in_(chunk)).order_by(Post.id)):
            found.setdefault(post.person_id, []).append(post)
    return found


def _refusal(name: str, post: Post, grid: Grid, title: str, day: date) -> str | None:
    """Why a post cannot go there on that day."""
    for problem in rules.check_grid_lasts(grid.name, grid.valid_to, None):
        return problem.message
    if post.to_day is not None and post.to_day < day:
        return f"“{name}”{post.to_day} 已经离任，不能再调整。"
    if post.from_day is not None and day <= post.from_day:
        return f"“{name}”{post.from_day} 才到现在的岗位，调整日期要晚于这一天。"
    if post.grid_id == grid.id and post.title == title:
        return f"“{name}”已在“{grid.name}”任{title}。"
    return None


def _clash(
    name: str,
    post: Post,
    grid: Grid,
    title: str,
    day: date,
    others: Sequence[Post],
    grids: Mapping[int, Grid],
) -> str | None:
    """The other post of the same person that stands in the way: the very one, or a main one beside which
    this would be a second."""
    for other in others:
        if not rules.overlap(day, post.to_day, other.from_day, other.to_day):
            continue
        span = rules.span(other.from_day, other.to_day)
        if other.grid_id == grid.id and other.title == title:
            return f"“{name}”在“{grid.name}”已有同样的任职（{span}）。"
        if not post.concurrent and not other.concurrent:
            there = grids[other.grid_id].name if other.grid_id in grids else "别的网格"
            return f"“{name}”同一时间已在“{there}”任职（{span}）。"
    return None


@service("调动网格员", needs=Right.EDIT_PEOPLE)
def transfer_posts(session: Session, post_ids: Sequence[int], wanted: Transfer) -> list[int]:
    """Some people go to another grid or post: what they held ends the day before. Raises `RuleBroken`
    naming whoever cannot; answers the numbers of the new posts."""
    moving = movers(session, post_ids, wanted)
    for one in moving:
        if one.refused is not None:
            raise RuleBroken(one.refused)
    problems = check_room(Post, columns(PostRow), {"title": wanted.title})
    if problems:
        raise RuleBroken(problems[0].message, problems)
    grids = _grids(session, {one.to_grid_id for one in moving})
    old = {post.id: post for post in posts_called(session, [one.post_id for one in moving])}
    fresh = []
    for one in moving:
        post, grid = old[one.post_id], grids[one.to_grid_id]
        last = post.to_day
        fresh.append(
            Post(
                person_id=post.person_id,
                grid_id=grid.id,
                grid_path=grid.path,
                title=one.to_title,
                employment=wanted.employment or post.employment,
                concurrent=post.concurrent,
                from_day=wanted.day,
                to_day=last,
                contract_end=wanted.contract_end or post.contract_end,
                employer=post.employer,
                reason=wanted.reason,
                leave_reason=post.leave_reason if last is not None else None,
                note=post.note,
            )
        )
        post.to_day, post.leave_reason = wanted.day - timedelta(days=1), wanted.reason
    session.add_all(fresh)
    entitle(session, _title(session, moving, wanted))
    session.flush()
    return [post.id for post in fresh]


def _title(session: Session, moving: Sequence[Mover], wanted: Transfer) -> str:
    people = whom([one.name for one in moving])
    if wanted.grid_id is None:
        return f"{wanted.day} 起{people}改任{wanted.title}"
    where = names_of(session, office_pack(session), [wanted.grid_id])[wanted.grid_id][0]
    return f"{wanted.day} 起把{people}调到“{where}”"


@dataclass(frozen=True, slots=True)
class BulkChange:
    """What a bulk change comes to: how many posts change, how many have the values already, and who
    cannot have them, in words."""

    changing: tuple[int, ...]
    same: int
    refused: tuple[str, ...]


def bulk_change(session: Session, post_ids: Sequence[int], values: Mapping[str, Any]) -> BulkChange:
    """What `change_posts` would do to each. Raises `RuleBroken` for values that nobody can have."""
    said = _checked(session, values)
    posts = posts_called(session, post_ids)
    names = _names(session, posts)
    changing, refused, same = [], [], 0
    for post in posts:
        end, first = said.get("contract_end"), post.from_day
        if end is not None and first is not None and end < first:
            refused.append(f"“{names[post.person_id]}”{first} 才任职，合同不能在这以前到期。")
        elif all(getattr(post, name) == value for name, value in said.items()):
            same += 1
        else:
            changing.append(post.id)
    return BulkChange(tuple(changing), same, tuple(refused))


def _checked(session: Session, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are stored."""
    said = {name: None if value == "" else value for name, value in values.items() if name in BULK}
    if not said:
        raise RuleBroken("还没写要改成什么。")
    for name in ("title", "employment"):
        if name in said and said[name] is None:
            raise RuleBroken("职务和专兼职不能空着。")
    if (title := said.get("title")) is not None:
        known = office_pack(session).post_called(title)
        said["title"] = known.label if known is not None else title
    problems = check_room(Post, columns(PostRow), said)
    if problems:
        raise RuleBroken(problems[0].message, problems)
    return said


@service("批量修改任职", needs=Right.EDIT_PEOPLE)
def change_posts(session: Session, post_ids: Sequence[int], values: Mapping[str, Any]) -> int:
    """Put the same value into many posts: contract end, employer, way of serving, title, note. Raises
    `RuleBroken` naming whoever cannot have it; answers how many changed."""
    found = bulk_change(session, post_ids, values)
    if found.refused:
        raise RuleBroken(found.refused[0])
    said = _checked(session, values)
    for post in posts_called(session, found.changing):
        for name, value in said.items():
            setattr(post, name, value)
    labels = {column.name: column.field.label for column in columns(PostRow)}
    if found.changing:
        entitle(session, f"已改 {len(found.changing)} 人的{'、'.join(labels[name] for name in said)}")
    session.flush()
    return len(found.changing)
