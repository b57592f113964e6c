"""学时台账: what everybody was trained in this year and the last, beside what is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from db.enums import Employment, Labelled, TrainingState
from db.tables import Attendance, Grid, Invitation, Person, Post, Training
from db.types import Exact
from gridoffice.fields import Field, Kind
from gridoffice.grids.history import tree_on
from gridoffice.grids.listing import office_pack, path_of
from gridoffice.grids.naming import names_at
from gridoffice.grids.service import serving
from gridoffice.listing import chunked
from gridoffice.people import rows as person
from gridoffice.people.lists import today_or
from gridoffice.training import rules
from gridoffice.training.rules import HoursRule
from gridoffice.training.service import HOURS
from gridoffice.worked_out import worked, worked_out


class Standing(Labelled):
    """How somebody stands to what is asked for."""

    SHORT = "short", "不足"
    ENOUGH = "enough", "够了"
    EARLY = "early", "未满年限"
    FREE = "free", "没有要求"


@dataclass(frozen=True, slots=True)
class HoursRow:
    """One person. `id` is the number of the post in whose place the person stands; `rule` the number of
    the rule of which most is missing."""

    id: int
    person_id: int
    grid_id: int
    rule: int | None
    name: Annotated[str, person.NAME]
    grid: Annotated[str, Field("所属网格", width=24, computed=True)]
    title: Annotated[str, Field("职务", width=12, computed=True)]
    employment: Annotated[Employment, Field("专兼职", Kind.CODE, width=8, codes=Employment, computed=True)]
    standing: Annotated[Standing, Field("学时情况", Kind.CODE, width=10, codes=Standing, computed=True)]
    missing: Annotated[Decimal | None, Field("还差学时", Kind.DECIMAL, width=10, computed=True)]
    done: Annotated[Decimal | None, Field("要求内已有", Kind.DECIMAL, width=11, computed=True)]
    required: Annotated[Decimal | None, Field("要求学时", Kind.DECIMAL, width=10, computed=True)]
    years: Annotated[int | None, Field("几年内", Kind.INTEGER, width=8, computed=True)]
    this_year: Annotated[Decimal, Field("今年学时", Kind.DECIMAL, width=10, computed=True)]
    last_year: Annotated[Decimal, Field("上年学时", Kind.DECIMAL, width=10, computed=True)]
    sessions: Annotated[int, Field("今年场次", Kind.INTEGER, width=10, computed=True)]
    latest: Annotated[date | None, Field("最近培训", Kind.DATE, width=12, computed=True)]


@dataclass(frozen=True, slots=True)
class _Trained:
    """What somebody was trained: by rule, this year, last year."""

    by_rule: tuple[Decimal, ...] = ()
    this_year: Decimal = Decimal(0)
    last_year: Decimal = Decimal(0)
    sessions: int = 0
    latest: date | None = None


UNTRAINED = _Trained()


def first_of(year: int) -> date:
    return date(year, 1, 1)


def _trained(
    session: Session, asked: Sequence[HoursRule], day: date, people: Sequence[int] | None
) -> dict[int, _Trained]:
    """What people (everybody when none are named) were trained up to a day, added up by the database."""
    there = Attendance.presence.in_(rules.THERE)
    credit = case((there, func.coalesce(Attendance.hours, Training.hours, 0)), else_=0)

    def total(since: date, until: date) -> Any:
        within = and_(Training.day >= since, Training.day <= until)
        return func.sum(case((within, credit), else_=0), type_=Exact(1))

    year, last = first_of(day.year), first_of(day.year - 1)
    of_year = and_(there, Training.day >= year)
    sums = [total(rule.since(day), day) for rule in asked]
    query = select(
        Attendance.person_id,
        total(year, day),
        total(last, date.fromordinal(year.toordinal() - 1)),
        func.sum(case((of_year, 1), else_=0)),
        func.max(case((there, Training.day))),
        *sums,
    )
    query = query.join(Training, Training.id == Attendance.training_id).where(Training.day <= day)
    query = query.group_by(Attendance.person_id)
    found: dict[int, _Trained] = {}
    for chunk in chunked(people) if people is not None else (None,):
        part = query.where(Attendance.person_id.in_(chunk)) if chunk is not None else query
        for person_id, this, before, sessions, latest, *by_rule in session.execute(part):
            found[person_id] = _Trained(tuple(by_rule), this, before, sessions, latest)
    return found


_Held = tuple[str, Employment]
"""Title and way of serving of a post."""


def _held(session: Session, day: date, people: Sequence[int] | None) -> dict[int, tuple[_Held, ...]]:
    """The posts people hold on a day, in the order of the grids."""
    query = select(Post.person_id, Post.title, Post.employment).where(serving(day))
    query = query.order_by(Post.grid_path, Post.id)
    found: dict[int, tuple[_Held, ...]] = {}
    for chunk in chunked(people) if people is not None else (None,):
        part = query.where(Post.person_id.in_(chunk)) if chunk is not None else query
        for person_id, title, employment in session.execute(part):
            found[person_id] = (*found.get(person_id, ()), (title, employment))
    return found


def _since(session: Session, day: date, people: Sequence[int] | None) -> dict[int, date | None]:
    query = select(Post.person_id, func.min(Post.from_day)).where(Post.from_day <= day)
    query = query.group_by(Post.person_id)
    found: dict[int, date | None] = {}
    for chunk in chunked(people) if people is not None else (None,):
        part = query.where(Post.person_id.in_(chunk)) if chunk is not None else query
        found.update({person_id: first for person_id, first in session.execute(part)})
    return found


@dataclass(frozen=True, slots=True)
class _Verdict:
    standing: Standing
    missing: Decimal | None = None
    done: Decimal | None = None
    rule: int | None = None


def verdict(
    asked: Sequence[HoursRule],
    posts: Iterable[_Held],
    done: Sequence[Decimal],
    since: date | None,
    day: date,
) -> _Verdict:
    """How somebody who holds these posts, trained so much by rule and serving since a day, stands: by the
    rule of which most is missing, among those that can be judged yet."""
    held = list(posts)
    concerned = [n for n, rule in enumerate(asked) if any(rule.concerns(*post) for post in held)]
    if not concerned:
        return _Verdict(Standing.FREE)
    judged = [n for n in concerned if rules.judged(asked[n], since, day)]

    def missing(number: int) -> Decimal:
        had = done[number] if number < len(done) else Decimal(0)
        return max(asked[number].hours - had, Decimal(0))

    worst = max(judged or concerned, key=missing)
    had = done[worst] if worst < len(done) else Decimal(0)
    if not judged:
        return _Verdict(Standing.EARLY, missing(worst), had, worst)
    return _Verdict(Standing.SHORT if missing(worst) else Standing.ENOUGH, missing(worst), had, worst)


_LINE = (Post.id, Post.person_id, Post.grid_id, Person.name, Post.title, Post.employment, Post.grid_path)
FEW = 2000
"""Of so many people only what is theirs is added up; of more, everybody's at once."""


def hours_rows(session: Session, scope: int | None = None, day: date | None = None) -> list[HoursRow]:
    """Everybody who serves below a grid on a day, once, in the order of the grids."""
    day = today_or(day)
    query = select(*_LINE).join(Person, Person.id == Post.person_id).where(serving(day))
    if scope is not None:
        query = query.where(tree_on(session, day).within(Post.grid_path, path_of(session, scope)))
    first: dict[int, Sequence[Any]] = {}
    for line in session.execute(query.order_by(Post.grid_path, Post.id)).all():
        first.setdefault(line[1], line)
    return _rows(session, list(first.values()), day)


def hours_line(session: Session, post_id: int, day: date) -> HoursRow | None:
    """The line of somebody who holds a post on a day."""
    query = select(*_LINE).join(Person, Person.id == Post.person_id)
    found = session.execute(query.where(Post.id == post_id, serving(day))).all()
    return _rows(session, found, day)[0] if found else None


def _rows(session: Session, lines: Sequence[Sequence[Any]], day: date) -> list[HoursRow]:
    """Some people by the posts in whose place they stand, with what they were trained."""
    asked = HOURS.of(session).rules
    people = [line[1] for line in lines] if len(lines) < FEW else None
    trained, since = _trained(session, asked, day, people), _since(session, day, people)
    held = _held(session, day, people)
    names = names_at(session, office_pack(session), {line[2]: line[6] for line in lines}, day)

    @cache
    def standing(
        posts: tuple[_Held, ...], done: tuple[Decimal, ...], first: date | None
    ) -> tuple[_Verdict, HoursRule | None]:
        found = verdict(asked, posts, done, first, day)
        return found, asked[found.rule] if found.rule is not None else None

    found = []
    for post_id, person_id, grid_id, name, title, employment, _ in lines:
        had = trained.get(person_id, UNTRAINED)
        said, rule = standing(held[person_id], had.by_rule, since.get(person_id))
        found.append(
            HoursRow(
                post_id,
                person_id,
                grid_id,
                said.rule,
                name,
                names[grid_id][0],
                title,
                employment,
                said.standing,
                said.missing,
                said.done,
                rule.hours if rule else None,
                rule.years if rule else None,
                had.this_year,
                had.last_year,
                had.sessions,
                had.latest,
            )
        )
    return found


TRAINING_HOURS = worked_out(
    "training-hours",
    "培训学时台账",
    "人",
    HoursRow,
    hours_rows,
    ("standing", "title", "employment"),
    person="person_id",
)


def tally(session: Session, scope: int | None, day: date) -> dict[Standing, int]:
    """How many below a grid stand how, as the list has them."""
    counts = Counter(one.standing for one in worked(session, hours_rows, scope, day).rows)
    return {one: counts[one] for one in Standing}


# what is still offered to somebody


@dataclass(frozen=True, slots=True)
class Offered:
    """A training still to come that is for somebody; `on` whether already asked to come."""

    training_id: int
    name: str
    day: date
    hours: Decimal | None
    on: bool


def offered(session: Session, person_id: int, today: date, most: int = 6) -> list[Offered]:
    """The next trainings that are for somebody, by area and post."""
    posts = select(Post.grid_path, Post.title).where(Post.person_id == person_id, serving(today))
    held = session.execute(posts).all()
    asked = set(session.scalars(select(Invitation.training_id).where(Invitation.person_id == person_id)))
    query = select(Training, Grid.path).outerjoin(Grid, Grid.id == Training.grid_id)
    query = query.where(Training.day >= today).order_by(Training.day, Training.id)
    found = []
    for one, path in session.execute(query):
        wanted = rules.posts_in(one.posts)
        fits = any(
            (path is None or where.startswith(path)) and (not wanted or title in wanted)
            for where, title in held
        )
        if fits and rules.state_of(one.state, one.day, today) is TrainingState.PLANNED:
            found.append(Offered(one.id, one.name, one.day, one.hours, one.id in asked))
        if len(found) == most:
            break
    return found
