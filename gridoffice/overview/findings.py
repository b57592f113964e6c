"""What does not fit the norms: grids too big or too small, empty grids, contracts that run out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.tables import Grid, Person, Post
from gridoffice.errors import Severity
from gridoffice.grids.listing import office_pack, path_of, standing
from gridoffice.grids.naming import Gazetteer, Place, gazetteer
from gridoffice.grids.pack import Pack
from gridoffice.grids.rules import below, size_finding
from gridoffice.grids.service import serving

NOTICE_DAYS = 60
"""How long before its end a contract is spoken of."""


class Topic(StrEnum):
    """What a finding is about; the page groups by it."""

    VACANT = "vacant"
    SIZE = "size"
    UNKNOWN_SIZE = "unknown_size"
    SEVERAL_POSTS = "several_posts"
    CONTRACT = "contract"
    NO_NUMBER = "no_number"

    @property
    def label(self) -> str:
        return _TOPICS[self]


_TOPICS = {
    Topic.VACANT: "网格没有人",
    Topic.SIZE: "网格户数超出标准",
    Topic.UNKNOWN_SIZE: "没填户数",
    Topic.SEVERAL_POSTS: "一人多岗",
    Topic.CONTRACT: "合同将到期或已到期",
    Topic.NO_NUMBER: "没有身份证号",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: which grid or person, and a sentence."""

    topic: Topic
    severity: Severity
    message: str
    grid_id: int
    grid: str
    code: str
    person: str | None = None
    person_id: int | None = None
    post_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    session: Session
    pack: Pack
    book: Gazetteer
    start: str
    end: str
    day: date

    def place(self, grid_id: int) -> tuple[int, str, str]:
        place = self.book.places[grid_id]
        return grid_id, self.book.display(place), place.code


def check(session: Session, scope: int | None = None, day: date | None = None) -> list[Finding]:
    """Every finding below a grid on a day (today when none is said), in the order of the topics."""
    start, end = below(path_of(session, scope)) if scope is not None else ("", "~")
    pack = office_pack(session)
    asked = _Asked(session, pack, gazetteer(session, pack), start, end, day or date.today())
    return [finding for look in LOOKS for finding in look(asked)]


def _grids(asked: _Asked) -> Iterator[tuple[Grid, Place]]:
    query = (
        select(Grid)
        .where(standing(asked.day), Grid.path >= asked.start, Grid.path < asked.end)
        .order_by(Grid.path)
    )
    for grid in asked.session.scalars(query):
        yield grid, asked.book.places[grid.id]


def _vacant(asked: _Asked) -> Iterator[Finding]:
    """A staffed grid with nobody in it or below it."""
    paths = sorted(
        asked.session.scalars(
            select(Post.grid_path)
            .where(serving(asked.day), Post.grid_path >= asked.start, Post.grid_path < asked.end)
            .distinct()
        )
    )
    staffed = {kind.key for kind in asked.pack.kinds if kind.staffed}
    held = set(paths)
    covered = {path[:cut] for path in held for cut in range(5, len(path) + 1, 5)}
    for grid, _ in _grids(asked):
        if grid.kind in staffed and grid.path not in covered:
            yield Finding(Topic.VACANT, Severity.ERROR, "没有网格员，尽快配人。", *asked.place(grid.id))


def _size(asked: _Asked) -> Iterator[Finding]:
    for grid, _ in _grids(asked):
        kind = asked.pack.kind(grid.kind)
        said = size_finding(kind, grid.households, grid.merchants)
        if said is not None:
            yield Finding(Topic.SIZE, Severity.WARNING, said, *asked.place(grid.id))
        elif kind.households is not None and grid.households is None:
            yield Finding(Topic.UNKNOWN_SIZE, Severity.NOTE, "没填户数，比不了标准。", *asked.place(grid.id))


def _several_posts(asked: _Asked) -> Iterator[Finding]:
    several = (
        select(Post.person_id)
        .where(serving(asked.day))
        .group_by(Post.person_id)
        .having(func.count(Post.id) > 1)
    )
    query = (
        select(Person.id, Person.name, func.min(Post.id), func.min(Post.grid_id), func.count(Post.id))
        .join(Post, Post.person_id == Person.id)
        .where(
            Post.person_id.in_(several),
            serving(asked.day),
            Post.grid_path >= asked.start,
            Post.grid_path < asked.end,
        )
        .group_by(Person.id, Person.name)
        .order_by(Person.id)
    )
    for person_id, name, post_id, grid_id, count in asked.session.execute(query):
        message = f"{name}同时在 {count} 个岗位，看看是不是兼任。"
        yield Finding(
            Topic.SEVERAL_POSTS, Severity.NOTE, message, *asked.place(grid_id), name, person_id, post_id
        )


def _contracts(asked: _Asked) -> Iterator[Finding]:
    query = (
        select(Post, Person.name)
        .join(Person, Person.id == Post.person_id)
        .where(
            serving(asked.day),
            Post.grid_path >= asked.start,
            Post.grid_path < asked.end,
            Post.contract_end <= asked.day + timedelta(days=NOTICE_DAYS),
        )
        .order_by(Post.contract_end, Post.id)
    )
    for post, name in asked.session.execute(query):
        end = post.contract_end
        assert end is not None
        left = (end - asked.day).days
        when = f"{end.month}月{end.day}日"
        if left < 0:
            severity, message = Severity.ERROR, f"{name}的合同 {end} 已到期 {-left} 天。"
        else:
            rest = f"还有 {left} 天" if left else "就是今天"
            severity, message = Severity.WARNING, f"{name}的合同{when}到期，{rest}。"
        place = asked.place(post.grid_id)
        yield Finding(Topic.CONTRACT, severity, message, *place, name, post.person_id, post.id)


def _no_number(asked: _Asked) -> Iterator[Finding]:
    query = (
        select(Post, Person.name)
        .join(Person, Person.id == Post.person_id)
        .where(
            serving(asked.day),
            Post.grid_path >= asked.start,
            Post.grid_path < asked.end,
            Person.id_number.is_(None),
        )
        .order_by(Post.grid_path, Post.id)
    )
    for post, name in asked.session.execute(query):
        place = asked.place(post.grid_id)
        message = f"{name}没有身份证号，同名时认不准人。"
        yield Finding(Topic.NO_NUMBER, Severity.NOTE, message, *place, name, post.person_id, post.id)


LOOKS: tuple[Callable[[_Asked], Iterator[Finding]], ...] = (
    _vacant,
    _contracts,
    _size,
    _several_posts,
    _no_number,
)
