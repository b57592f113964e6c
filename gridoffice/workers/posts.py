"""The posts of one person, one after another: listed, added, put right, handed on, struck out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Right
from db.journal import entitle
from db.tables import Grid, Person, Post, Sheet
from gridoffice.errors import NotFound, Problem, RuleBroken
from gridoffice.fields import columns
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import names_of
from gridoffice.grids.service import serving
from gridoffice.limits import check_room
from gridoffice.listing import chunked, unchanged
from gridoffice.service import service
from gridoffice.workers import rules
from gridoffice.workers.rows import PostRow

GONE = "这段任职已不在了。"
STORED = (
    "title",
    "employment",
    "concurrent",
    "from_day",
    "to_day",
    "contract_end",
    "employer",
    "reason",
    "leave_reason",
    "note",
)
"""The columns of a post's line that are stored as they stand."""


def posts_of(session: Session, person_id: int) -> list[PostRow]:
    """Everything that somebody holds or held, the latest first."""
    order = (Post.to_day.desc().nulls_first(), Post.from_day.desc().nulls_last(), Post.id.desc())
    found = session.scalars(select(Post).where(Post.person_id == person_id).order_by(*order)).all()
    return _rows(session, found)


def post_row(session: Session, post_id: int) -> PostRow:
    """One post as the form shows it. Raises `NotFound`."""
    found = session.get(Post, post_id)
    if found is None:
        raise NotFound(GONE)
    return _rows(session, [found])[0]


def _rows(session: Session, found: Sequence[Post]) -> list[PostRow]:
    names = names_of(session, office_pack(session), {one.grid_id for one in found})
    return [
        PostRow(
            id=one.id,
            person_id=one.person_id,
            grid_id=one.grid_id,
            grid=names[one.grid_id][0],
            **{name: getattr(one, name) for name in STORED},
        )
        for one in found
    ]


def main_post_on(session: Session, person_id: int, day: date) -> int | None:
    """The main post that somebody holds on a day."""
    query = select(Post.id).where(Post.person_id == person_id, Post.concurrent.is_(False), serving(day))
    return session.scalar(query.order_by(Post.id).limit(1))


def posts_called(session: Session, post_ids: Sequence[int]) -> list[Post]:
    """Some posts, in the order of their numbers."""
    found: list[Post] = []
    for chunk in chunked(sorted(set(post_ids))):
        found += session.scalars(select(Post).where(Post.id.in_(chunk)).order_by(Post.id))
    return found


def whom(names: Sequence[str]) -> str:
    """One person by name, several by their number."""
    return f"“{names[0]}”" if len(names) == 1 else f" {len(names)} 人"


@service("保存任职", needs=Right.EDIT_PEOPLE)
def save_post(
    session: Session,
    person_id: int,
    post_id: int | None,
    values: Mapping[str, Any],
    why: str | None = None,
    seen: PostRow | None = None,
) -> int:
    """Give somebody a post, or put right what is written of one: `values` by column name, `grid_id` as a
    number. Putting right needs `why`, which stands in the journal; `seen` is what the form was filled
    from. Raises `RuleBroken` with every problem, and `Conflict` when somebody else changed the same value
    meanwhile; answers the post's number."""
    person = session.get(Person, person_id)
    post = session.get(Post, post_id) if post_id is not None else Post(person_id=person_id)
    if person is None or post is None or post.person_id != person_id:
        raise NotFound(GONE if person is not None else "没有这个人。")
    if post_id is not None and not (why or "").strip():
        raise RuleBroken("没写更正原因。", [Problem("没写更正原因。", field="更正原因")])
    if post_id is not None and seen is not None:
        changing = {"grid" if name == "grid_id" else name for name in values}
        unchanged(columns(PostRow), seen, post_row(session, post_id), changing)
    said = {name: getattr(post, name) for name in (*STORED, "grid_id")}
    said |= {name: None if value == "" else value for name, value in values.items()}
    said["concurrent"] = bool(said["concurrent"])
    grid = session.get(Grid, said["grid_id"]) if said["grid_id"] is not None else None
    if grid is None:
        raise RuleBroken("没写所属网格。", [Problem("没写所属网格。", field="所属网格")])
    problems = (
        rules.check_days(said["from_day"], said["to_day"])
        + check_room(Post, columns(PostRow), said)
        + rules.check_grid_lasts(grid.name, grid.valid_to, said["to_day"])
        + check_same(session, person, grid, said, post_id)
    )
    if not said["concurrent"]:
        others = main_posts(session, person_id, post_id)
        problems += rules.check_main(person.name, said["from_day"], said["to_day"], others)
    if problems:
        raise RuleBroken(problems[0].message, problems)
    complete(session, grid, said)
    for name in (*STORED, "grid_id"):
        setattr(post, name, said[name])
    post.grid_path = grid.path
    session.add(post)
    where = names_of(session, office_pack(session), [grid.id])[grid.id][0]
    if post_id is None:
        entitle(session, f"“{person.name}”到“{where}”任{said['title']}")
    else:
        entitle(session, f"更正“{person.name}”在“{where}”的任职：{why}", reason=why)
    session.flush()
    return post.id


def check_same(
    session: Session, person: Person, grid: Grid, said: Mapping[str, Any], but: int | None
) -> list[Problem]:
    """Nobody holds the same post in the same grid twice on one day, whether as main post or beside."""
    query = select(Post).where(Post.person_id == person.id, Post.grid_id == grid.id, Post.id != (but or 0))
    for other in session.scalars(query):
        same = other.title == said["title"] or not said["title"]
        if same and rules.overlap(said["from_day"], said["to_day"], other.from_day, other.to_day):
            held = rules.span(other.from_day, other.to_day)
            message = f"“{person.name}”在“{grid.name}”已有同样的任职（{held}）。"
            return [Problem(message, field="所属网格", value=grid.name)]
    return []


def complete(session: Session, grid: Grid, said: dict[str, Any]) -> None:
    """A post without a title or a way of serving has the pack's for that grid."""
    pack = office_pack(session)
    if not said.get("title"):
        said["title"] = pack.post_for(grid.kind, said.get("employment"))
    if not said.get("employment"):
        usual = pack.post_called(said["title"])
        said["employment"] = usual.employment if usual else "full"


def main_posts(session: Session, person_id: int, but: int | None) -> list[rules.Held]:
    """The main posts of somebody, but for one of them."""
    query = (
        select(Grid.name, Post.from_day, Post.to_day)
        .join(Post, Post.grid_id == Grid.id)
        .where(Post.person_id == person_id, Post.concurrent.is_(False), Post.id != (but or 0))
        .order_by(Post.id)
    )
    return [rules.Held(*row) for row in session.execute(query)]


@service("删去任职", needs=Right.EDIT_PEOPLE)
def remove_post(session: Session, post_id: int, why: str) -> None:
    """Strike out a post that was never held. Needs `why`, which stands in the journal."""
    post = session.get(Post, post_id)
    person = session.get(Person, post.person_id) if post is not None else None
    if post is None or person is None:
        raise NotFound(GONE)
    if not why.strip():
        raise RuleBroken("没写更正原因。", [Problem("没写更正原因。", field="更正原因")])
    scored = session.scalar(select(Sheet.id).where(Sheet.post_id == post_id).limit(1))
    if scored is not None:
        raise RuleBroken("考核里用到了这段任职，不能删去。写错的用“更正”改。")
    where = names_of(session, office_pack(session), [post.grid_id])[post.grid_id][0]
    session.delete(post)
    entitle(session, f"删去“{person.name}”在“{where}”写错的任职：{why}", reason=why)
