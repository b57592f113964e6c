"""技能等级: everybody who serves, the level reached, and who may go for the next one when, with the reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, partial
from typing import Annotated, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.enums import Education, SkillLevel
from db.tables import Certificate, Person, Post
from gridoffice.fields import Field, Kind
from gridoffice.grids.history import tree_on
from gridoffice.grids.listing import office_pack, path_of
from gridoffice.grids.naming import names_at
from gridoffice.grids.service import serving
from gridoffice.listing import Listing
from gridoffice.people import rows as person
from gridoffice.people.lists import today_or
from gridoffice.qualifications import rules
from gridoffice.qualifications.listing import current, good_on
from gridoffice.qualifications.rules import Going, Held, SkillTable
from gridoffice.qualifications.service import SKILLS
from gridoffice.worked_out import worked, worked_out


@dataclass(frozen=True, slots=True)
class SkillRow:
    """One person who serves; `id` is the person's number, `post_id` that of the first post held there that is
    not a concurrent one. `opens` is the first day on which the next level is open."""

    id: int
    post_id: int
    name: Annotated[str, person.NAME]
    area: Annotated[str, Field("村（社区）", width=14, computed=True)]
    grid: Annotated[str, Field("所属网格", width=22, computed=True)]
    title: Annotated[str, Field("职务", width=12, computed=True)]
    level: Annotated[
        SkillLevel | None, Field("现有等级", Kind.CODE, width=14, codes=SkillLevel, computed=True)
    ]
    issued: Annotated[date | None, Field("取得日期", Kind.DATE, width=12, computed=True)]
    following: Annotated[
        SkillLevel | None, Field("下一级", Kind.CODE, width=14, codes=SkillLevel, computed=True)
    ]
    going: Annotated[Going, Field("能否申报", Kind.CODE, width=12, codes=Going, computed=True)]
    opens: Annotated[date | None, Field("最早可报", Kind.DATE, width=12, computed=True)]
    reason: Annotated[str, Field("依据", width=40, computed=True)]


def skills(session: Session, scope: int | None = None, day: date | None = None) -> list[SkillRow]:
    """Everybody who serves below a grid on a day, once, in the order of the tree. Work in the occupation
    counts from the first day of the first post."""
    day = today_or(day)
    tree = tree_on(session, day)
    query = select(
        Post.grid_path, Post.id, Person.id, Person.name, Person.education, Post.grid_id, Post.title
    ).join(Person, Person.id == Post.person_id)
    query = query.where(serving(day))
    if scope is not None:
        query = query.where(tree.within(Post.grid_path, path_of(session, scope)))
    posts: dict[int, tuple[Any, ...]] = {}
    for line in session.execute(query.order_by(Post.concurrent, Post.grid_path, Post.id)):
        posts.setdefault(line[2], tuple(line))
    paths = {line[5]: line[0] for line in posts.values()}
    lines = (
        sorted(posts.values(), key=lambda line: (tree.path(line[0]), line[1]))
        if tree.moved
        else (sorted(posts.values()))
    )
    first = dict(
        session.execute(select(Post.person_id, func.min(Post.from_day)).group_by(Post.person_id)).all()
    )
    held = _held(session, day)
    names = names_at(session, office_pack(session), paths, day)
    standing = cache(partial(_standing, SKILLS.of(session), day))
    found = []
    for _, post_id, person_id, name, education, grid_id, title in lines:
        grid, area = names[grid_id]
        said = standing(held.get(person_id, ()), first.get(person_id), education)
        found.append(SkillRow(person_id, post_id, name, area, grid, title, *said))
    return found


def _held(session: Session, day: date) -> dict[int, tuple[Held, ...]]:
    """The skill certificates that are good on a day, by person."""
    query = select(Certificate.person_id, Certificate.certificate, Certificate.level, Certificate.issued)
    held: dict[int, tuple[Held, ...]] = {}
    for person_id, name, said, issued in session.execute(
        query.where(current(day), good_on(day), Certificate.level.is_not(None))
    ):
        level = rules.skill_level(name, said)
        if level is not None:
            held[person_id] = (*held.get(person_id, ()), Held(level, issued))
    return held


def _standing(
    table: SkillTable, day: date, held: tuple[Held, ...], since: date | None, education: Education | None
) -> tuple[SkillLevel | None, date | None, SkillLevel | None, Going, date | None, str]:
    """Level, its day, the next one, whether it is open, from when, and why; thousands of people have the same."""
    order = list(SkillLevel)
    highest = max(held, key=lambda one: order.index(one.level), default=None)
    following = rules.next_level(table, held, since, education)
    state = rules.going(following, day)
    reason = ""
    if following is not None:
        reason = f"{following.words}；{following.lacks}" if following.lacks else following.words
        if state is Going.LATER and following.day is not None:
            reason = f"{reason}，还差 {(following.day - day).days} 天"
    return (
        highest.level if highest is not None else None,
        highest.since if highest is not None else None,
        following.level if following is not None else None,
        state,
        following.day if following is not None else None,
        reason,
    )


@dataclass(frozen=True, slots=True)
class AreaHeld:
    """Of the people of one area: how many hold a skill certificate of the occupation, per cent, and how many
    have reached which level."""

    area: str
    people: int
    levels: tuple[tuple[SkillLevel, int], ...]

    @property
    def holders(self) -> int:
        return sum(count for _, count in self.levels)

    @property
    def rate(self) -> Decimal:
        return (Decimal(100 * self.holders) / self.people).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Skilled:
    """持证率 and 等级结构 of the people of a list: by area in its order, and by level (None: none yet)."""

    areas: tuple[AreaHeld, ...]
    levels: tuple[tuple[SkillLevel | None, int], ...]
    may_go: int

    @property
    def people(self) -> int:
        return sum(one.people for one in self.areas)

    @property
    def holders(self) -> int:
        return sum(one.holders for one in self.areas)


def _levels(rows: Sequence[SkillRow]) -> tuple[tuple[SkillLevel, int], ...]:
    reached = Counter(one.level for one in rows)
    return tuple((level, reached[level]) for level in SkillLevel)


def skilled(session: Session, scope: int | None = None, day: date | None = None) -> Skilled:
    """The figures over exactly the rows of `skills`."""
    rows = worked(session, skills, scope, day).rows
    by_area: dict[str, list[SkillRow]] = defaultdict(list)
    for one in rows:
        by_area[one.area].append(one)
    return Skilled(
        tuple(AreaHeld(area, len(some), _levels(some)) for area, some in by_area.items()),
        ((None, sum(one.level is None for one in rows)), *_levels(rows)),
        sum(one.going is Going.NOW for one in rows),
    )


def skills_listing(day: date | None = None) -> Listing:
    """The list for the window, paper and workbook."""
    return worked_out(
        "skills",
        "技能等级和申报条件一览表",
        "人",
        SkillRow,
        skills,
        ("area", "title", "level", "following", "going"),
        day,
        person="id",
    )
