"""学时台账: what everybody was trained in this year and the last, beside what is asked for."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from db.enums import Employment, Labelled, TrainingState
from db.tables import Attendance, Grid, Invitation, Person, Post, Training
from db.types import Exact
from gridoffice.fields import Field, Kind, columns
from gridoffice.grids.history import tree_on
from gridoffice.grids.listing import office_pack, path_of
from gridoffice.grids.naming import names_of
from gridoffice.grids.service import serving
from gridoffice.listing import Ask, Listing, chunked
from gridoffice.people import rows as person
from gridoffice.people.lists import today_or
from gridoffice.people.service import matching
from gridoffice.training import rules
from gridoffice.training.rules import HoursRule
from gridoffice.training.service import HOURS


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
class _Held:
    """A post somebody holds."""

    id: int
    grid_id: int
    path: str
    title: str
    employment: Employment
    from_day: date | None


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


def _posts(session: Session, day: date, people: Sequence[int] | None) -> dict[int, list[_Held]]:
    """The posts people hold on a day, in the order of the grids."""
    query = select(
        Post.person_id, Post.id, Post.grid_id, Post.grid_path, Post.title, Post.employment, Post.from_day
    )
    query = query.where(serving(day)).order_by(Post.grid_path, Post.id)
    found: dict[int, list[_Held]] = {}
    for chunk in chunked(people) if people is not None else (None,):
        part = query.where(Post.person_id.in_(chunk)) if chunk is not None else query
        for person_id, *held in session.execute(part):
            found.setdefault(person_id, []).append(_Held(*held))  # pyright: ignore[reportArgumentType]
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
    posts: Iterable[tuple[str, Employment]],
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


def _worked_out(session: Session, day: date, people: Sequence[int] | None) -> dict[int, HoursRow]:
    """Every one of some people (everybody when none are named) who serves on a day, by number; `grid`
    and `name` are still to be filled in."""
    asked = HOURS.of(session).rules
    trained, since = _trained(session, asked, day, people), _since(session, day, people)
    found = {}
    for person_id, posts in _posts(session, day, people).items():
        had, first = trained.get(person_id, UNTRAINED), posts[0]
        said = verdict(
            asked, ((one.title, one.employment) for one in posts), had.by_rule, since.get(person_id), day
        )
        rule = asked[said.rule] if said.rule is not None else None
        found[person_id] = HoursRow(
            first.id,
            person_id,
            first.grid_id,
            said.rule,
            "",
            "",
            first.title,
            first.employment,
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
    return found


_TICKED = ("standing", "title", "employment")


def _asked(session: Session, ask: Ask) -> list[tuple[int, int]]:
    """Post and person of everybody asked about, in the order of the grids; each person once."""
    day = today_or(ask.day)
    query = select(Post.person_id, Post.id).where(serving(day))
    if ask.scope is not None:
        query = query.where(tree_on(session, ask.day).within(Post.grid_path, path_of(session, ask.scope)))
    if ask.search or ask.sort == "name":
        query = query.join(Person, Person.id == Post.person_id)
    if ask.search:
        query = query.where(matching(ask.search))
    if ask.sort == "name":
        query = query.order_by(Person.pinyin.desc() if ask.descending else Person.pinyin, Post.id)
    else:
        query = query.order_by(Post.grid_path, Post.id)
    first: dict[int, int] = {}
    for person_id, post_id in session.execute(query):
        first.setdefault(person_id, post_id)
    return [(post_id, person_id) for person_id, post_id in first.items()]


def ids(session: Session, ask: Ask) -> array[int]:
    wanted = _asked(session, ask)
    by_value = ask.sort is not None and ask.sort != "name"
    if ask.filters or by_value:
        few = [who for _, who in wanted] if len(wanted) < 2000 else None
        known = _worked_out(session, today_or(ask.day), few)
        for one in ask.filters:
            wanted = [pair for pair in wanted if getattr(known[pair[1]], one.column) in one.values]
        if by_value:
            name = ask.sort or ""
            there = [pair for pair in wanted if getattr(known[pair[1]], name) is not None]
            rest = [pair for pair in wanted if getattr(known[pair[1]], name) is None]
            there.sort(key=lambda pair: getattr(known[pair[1]], name), reverse=ask.descending)
            wanted = there + rest
    return array("q", [post_id for post_id, _ in wanted][: ask.limit])


def rows(session: Session, wanted: Sequence[int], day: date | None = None) -> list[HoursRow]:
    people: dict[int, Any] = {}
    for chunk in chunked(wanted):
        query = select(Post.id, Post.person_id, Person.name, Post.grid_id, Post.title, Post.employment)
        query = query.join(Person, Person.id == Post.person_id).where(Post.id.in_(chunk))
        people.update({number: tuple(rest) for number, *rest in session.execute(query)})
    known = _worked_out(session, today_or(day), list({one[0] for one in people.values()}))
    names = names_of(session, office_pack(session), {one[2] for one in people.values()}, day)
    found = []
    for post_id in wanted:
        if post_id in people and people[post_id][0] in known:
            person_id, name, grid_id, title, employment = people[post_id]
            one = known[person_id]
            found.append(
                HoursRow(
                    post_id,
                    person_id,
                    grid_id,
                    one.rule,
                    name,
                    names[grid_id][0],
                    title,
                    employment,
                    one.standing,
                    one.missing,
                    one.done,
                    one.required,
                    one.years,
                    one.this_year,
                    one.last_year,
                    one.sessions,
                    one.latest,
                )
            )
    return found


def choices(session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
    counts: dict[Any, int] = {}
    chosen = ids(session, Ask(scope=ask.scope, day=ask.day, search=ask.search, filters=ask.filters))
    for one in rows(session, chosen, ask.day):
        value = getattr(one, column)
        counts[value] = counts.get(value, 0) + 1
    return [
        (value, value.label if isinstance(value, Labelled) else value, count)
        for value, count in sorted(counts.items(), key=lambda one: -one[1])
    ]


TRAINING_HOURS = Listing(
    "training-hours",
    "培训学时台账",
    "人",
    columns(HoursRow),
    ids,
    rows,
    choices,
    frozenset({"name", "missing", "done", "this_year", "last_year", "sessions", "latest"}),
    frozenset(_TICKED),
    dated=True,
)


def tally(session: Session, scope: int | None, day: date) -> dict[Standing, int]:
    """How many below a grid stand how."""
    wanted = _asked(session, Ask(scope=scope, day=day))
    few = [who for _, who in wanted] if len(wanted) < 2000 else None
    known = _worked_out(session, day, few)
    counts = dict.fromkeys(Standing, 0)
    for _, person_id in wanted:
        counts[known[person_id].standing] += 1
    return counts


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
    held = _posts(session, today, [person_id]).get(person_id, [])
    asked = set(session.scalars(select(Invitation.training_id).where(Invitation.person_id == person_id)))
    query = select(Training, Grid.path).outerjoin(Grid, Grid.id == Training.grid_id)
    query = query.where(Training.day >= today).order_by(Training.day, Training.id)
    found = []
    for one, path in session.execute(query):
        posts = rules.posts_in(one.posts)
        fits = any(
            (path is None or post.path.startswith(path)) and (not posts or post.title in posts)
            for post in held
        )
        if fits and rules.state_of(one.state, one.day, today) is TrainingState.PLANNED:
            found.append(Offered(one.id, one.name, one.day, one.hours, one.id in asked))
        if len(found) == most:
            break
    return found
