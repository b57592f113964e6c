"""What does not fit the norms: grids too big or too small, empty grids, contracts that run out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from db.tables import Grid, Person, Post
from gridoffice.errors import Severity
from gridoffice.grids.listing import office_pack, path_of, standing
from gridoffice.grids.naming import names_of
from gridoffice.grids.pack import Pack
from gridoffice.grids.rules import SEGMENT, below, size_finding
from gridoffice.grids.service import serving
from gridoffice.listing import chunked

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
class Sighting:
    """A finding before anybody asks what the grid is called."""

    topic: Topic
    severity: Severity
    message: str
    grid_id: int
    person: str | None = None
    person_id: int | None = None
    post_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    session: Session
    pack: Pack
    start: str
    end: str
    day: date

    def grids(self) -> Sequence[Any]:
        """The grids asked about: number, path, kind, households, merchants."""
        query = select(Grid.id, Grid.path, Grid.kind, Grid.households, Grid.merchants)
        inside = (standing(self.day), Grid.path >= self.start, Grid.path < self.end)
        return self.session.execute(query.where(*inside).order_by(Grid.path)).all()

    def posts(self, *conditions: ColumnElement[bool]) -> Sequence[Any]:
        """Posts held in the grids asked about: number, grid, person, name, contract end."""
        query = select(Post.id, Post.grid_id, Person.id, Person.name, Post.contract_end)
        inside = (serving(self.day), Post.grid_path >= self.start, Post.grid_path < self.end)
        joined = query.join(Person, Person.id == Post.person_id).where(*inside, *conditions)
        ordered = joined.order_by(Post.contract_end.asc().nulls_last(), Post.grid_path, Post.id)
        return self.session.execute(ordered).all()


def check(session: Session, scope: int | None = None, day: date | None = None) -> list[Finding]:
    """Every finding below a grid on a day (today when none is said), in the order of the topics."""
    return named(session, sightings(session, scope, day))


def sightings(session: Session, scope: int | None = None, day: date | None = None) -> list[Sighting]:
    """Every finding, without the grids' names: what counting needs."""
    start, end = below(path_of(session, scope)) if scope is not None else ("", "~")
    asked = _Asked(session, office_pack(session), start, end, day or date.today())
    return [sighting for look in LOOKS for sighting in look(asked)]


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
        )
        for one in seen
    ]


def _vacant(asked: _Asked) -> Iterator[Sighting]:
    """A staffed grid with nobody in it or below it."""
    query = select(Post.grid_path).where(
        serving(asked.day), Post.grid_path >= asked.start, Post.grid_path < asked.end
    )
    held = set(asked.session.scalars(query.distinct()))
    covered = {path[:cut] for path in held for cut in range(SEGMENT, len(path) + 1, SEGMENT)}
    staffed = {kind.key for kind in asked.pack.kinds if kind.staffed}
    for grid_id, path, kind, _, _ in asked.grids():
        if kind in staffed and path not in covered:
            yield Sighting(Topic.VACANT, Severity.ERROR, "没有网格员，尽快配人。", grid_id)


def _size(asked: _Asked) -> Iterator[Sighting]:
    kinds = {kind.key: kind for kind in asked.pack.kinds}
    for grid_id, _, key, households, merchants in asked.grids():
        said = size_finding(kinds[key], households, merchants)
        if said is not None:
            yield Sighting(Topic.SIZE, Severity.WARNING, said, grid_id)
        elif kinds[key].households is not None and households is None:
            yield Sighting(Topic.UNKNOWN_SIZE, Severity.NOTE, "没填户数，比不了标准。", grid_id)


def _several_posts(asked: _Asked) -> Iterator[Sighting]:
    """People with more than one post on the day, wherever the others are; each is named once."""
    several = (
        select(Post.person_id, func.count())
        .where(serving(asked.day))
        .group_by(Post.person_id)
        .having(func.count() > 1)
    )
    rows: Sequence[Any] = asked.session.execute(several).all()
    counts: dict[int, int] = {person_id: count for person_id, count in rows}
    several = several.with_only_columns(Post.person_id)
    seen: set[int] = set()
    for post_id, grid_id, person_id, name, _ in asked.posts(Post.person_id.in_(several)):
        if person_id not in seen:
            seen.add(person_id)
            message = f"{name}同时在 {counts[person_id]} 个岗位，看看是不是兼任。"
            yield Sighting(Topic.SEVERAL_POSTS, Severity.NOTE, message, grid_id, name, person_id, post_id)


def _contracts(asked: _Asked) -> Iterator[Sighting]:
    soon = Post.contract_end <= asked.day + timedelta(days=NOTICE_DAYS)
    for post_id, grid_id, person_id, name, end in asked.posts(soon):
        left = (end - asked.day).days
        if left < 0:
            severity, message = Severity.ERROR, f"{name}的合同 {end} 已到期 {-left} 天。"
        else:
            rest = f"还有 {left} 天" if left else "就是今天"
            severity, message = Severity.WARNING, f"{name}的合同{end.month}月{end.day}日到期，{rest}。"
        yield Sighting(Topic.CONTRACT, severity, message, grid_id, name, person_id, post_id)


def _no_number(asked: _Asked) -> Iterator[Sighting]:
    for post_id, grid_id, person_id, name, _ in asked.posts(Person.id_number.is_(None)):
        message = f"{name}没有身份证号，同名时认不准人。"
        yield Sighting(Topic.NO_NUMBER, Severity.NOTE, message, grid_id, name, person_id, post_id)


LOOKS: tuple[Callable[[_Asked], Iterator[Sighting]], ...] = (
    _vacant,
    _contracts,
    _size,
    _several_posts,
    _no_number,
)
