"""What a grid's drawer tells beside the grid's own line: one question a tab, each as of a day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.enums import Employment, Target
from db.tables import Month, OrgSeat, PartyLink, Person, Post, Sheet
from gridoffice.assessment.month import (
    below_in_month,
    latest_edition,
    mean,
    scheme_of,
    taking_part,
)
from gridoffice.errors import NotFound
from gridoffice.grids.history import tree_on
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import names_of
from gridoffice.grids.pack import GridKind, Pack
from gridoffice.grids.service import serving
from gridoffice.grids.tree import ancestors, count_workers
from gridoffice.overview.findings import asked_about, looked_at, named
from gridoffice.overview.topics import Finding, Topic
from gridoffice.overview.wanted import Wanted, wanted
from gridoffice.party.listing import org_rows
from gridoffice.party.redline import breaks
from gridoffice.party.rows import OrgRow
from gridoffice.party.rules import tier_name, tiers_of
from gridoffice.people.lists import lasting


@dataclass(frozen=True, slots=True)
class _Standing:
    """A grid as it was on a day; `path` is today's."""

    kind: GridKind
    path: str
    parent_id: int | None
    households: int | None


def _standing(session: Session, pack: Pack, grid_id: int, day: date) -> _Standing:
    """Raises `NotFound`."""
    tree = tree_on(session, day)
    columns = (tree.c.kind, tree.c.path, tree.c.parent_id, tree.c.households)
    found = session.execute(select(*columns).where(tree.c.id == grid_id, tree.standing())).first()
    if found is None:
        raise NotFound("那一天还没有这个网格。")
    kind, path, parent_id, households = found
    return _Standing(pack.kind(kind), path, parent_id, households)


# 队伍


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who serves in the grid itself."""

    post_id: int
    name: str
    title: str
    employment: Employment
    since: date | None


@dataclass(frozen=True, slots=True)
class Team:
    """Who serves in a grid, and what its pack asks for. `below` counts the posts held in the grids below;
    `vacant` says that somebody ought to be at work here or below and nobody is."""

    members: tuple[Member, ...]
    wanted: tuple[Wanted, ...]
    below: int
    vacant: bool


def team(session: Session, grid_id: int, day: date) -> Team:
    """The team of a grid on a day, in the order of the pack's posts. Raises `NotFound`."""
    pack = office_pack(session)
    grid = _standing(session, pack, grid_id, day)
    query = (
        select(Post.id, Person.name, Post.title, Post.employment, Post.from_day)
        .join(Person, Person.id == Post.person_id)
        .where(Post.grid_id == grid_id, serving(day))
        .order_by(Person.pinyin, Post.id)
    )
    found = [Member(*line) for line in session.execute(query)]
    order = {post.label: place for place, post in enumerate(pack.posts)}
    found.sort(key=lambda one: order.get(one.title, len(order)))
    held = [(one.title, one.employment.value) for one in found]
    everybody = count_workers(session, grid.path, day)
    return Team(
        tuple(found),
        tuple(wanted(pack, grid.kind, grid.households, held)),
        everybody - len(found),
        grid.kind.staffed and not everybody,
    )


# 党建


@dataclass(frozen=True, slots=True)
class Tie:
    """A member who answers for the grid by a link. `post_id` is a post of theirs on the day, if they hold one;
    `fits` says that it is the kind of members that the pack wants here."""

    link_id: int
    name: str
    kind: str
    duty: str | None
    since: date | None
    post_id: int | None
    fits: bool


@dataclass(frozen=True, slots=True)
class Party:
    """The party organisations that stand at a grid, the members who answer for it, kind by kind, and
    what the pack wants there (empty: nothing) with what of it is missing, in words."""

    organisations: tuple[OrgRow, ...]
    ties: tuple[Tie, ...]
    organisation_wanted: str
    members_wanted: str
    missing: tuple[str, ...]


def party(session: Session, grid_id: int, day: date) -> Party:
    """The red line at a grid on a day. Raises `NotFound`."""
    pack = office_pack(session)
    grid = _standing(session, pack, grid_id, day)
    tiers = tiers_of(pack, grid.kind.key)
    fitting = {tier_name(tier) for tier in tiers if tier.supervisor}
    own = select(OrgSeat.org_id).where(OrgSeat.grid_id == grid_id, lasting(OrgSeat, day)).distinct()
    orgs = session.scalars(own.order_by(OrgSeat.org_id)).all()
    query = (
        select(PartyLink.id, Person.id, Person.name, PartyLink.kind, PartyLink.duty, PartyLink.from_day)
        .join(Person, Person.id == PartyLink.person_id)
        .where(PartyLink.grid_id == grid_id, lasting(PartyLink, day))
        .order_by(PartyLink.kind, Person.pinyin, PartyLink.id)
    )
    linked = session.execute(query).all()
    held = select(Post.person_id, Post.id).where(serving(day), Post.person_id.in_([one[1] for one in linked]))
    posts = {person_id: post_id for person_id, post_id in session.execute(held.order_by(Post.id.desc()))}
    ties = [
        Tie(link_id, name, kind, duty, since, posts.get(person_id), kind in fitting)
        for link_id, person_id, name, kind, duty, since in linked
    ]
    return Party(
        tuple(org_rows(session, orgs, day)),
        tuple(sorted(ties, key=lambda one: not one.fits)),
        next((tier.organisation for tier in tiers if tier.organisation), ""),
        "、".join(dict.fromkeys(tier_name(tier) for tier in tiers if tier.supervisor)),
        tuple(breaks(tiers, bool(orgs), any(one.fits for one in ties))),
    )


# 得分


@dataclass(frozen=True, slots=True)
class MonthMeans:
    """A month (YYYY-MM): how many were assessed in the grid and below it, their mean total, and that of
    the grid beside which it stands. None: no totals yet."""

    period: str
    people: int
    own: Decimal | None
    beside: Decimal | None


@dataclass(frozen=True, slots=True)
class Scored:
    """One month of one person; `rank` is that among all of the month."""

    period: str
    total: Decimal | None
    grade: str | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class Scores:
    """What the people of a grid and below it scored, in the months in which they were assessed there,
    latest first. `beside` names the street (or what stands above a street), empty at the top; `people`
    are by name with the post they held, the best of the latest month first; `more` counts those of the
    latest month who are left out."""

    beside: str
    months: tuple[MonthMeans, ...]
    people: tuple[tuple[str, int, tuple[Scored, ...]], ...]
    more: int


MONTHS = 6
PEOPLE = 40
"""Of more people than these the assessment page has the list."""


def scores(session: Session, grid_id: int, day: date) -> Scores:
    """The last six months of a grid, counted from the month of a day. Raises `NotFound`."""
    pack = office_pack(session)
    _standing(session, pack, grid_id, day)
    above = _street(session, pack, grid_id, day)
    of_posts = (Month.period <= f"{day:%Y-%m}", Month.target == Target.POST, latest_edition())
    query = select(Month).where(*of_posts).order_by(Month.period.desc(), Month.id).limit(MONTHS)
    months, means = session.scalars(query).all(), []
    inside = {month.id: below_in_month(session, month.id, grid_id) for month in months}
    places = {month.id: scheme_of(session, month).places for month in months}
    kept: dict[int, tuple[str, int]] = {}
    for month in months:
        count, own = _mean(session, month.id, inside[month.id], places[month.id])
        around = below_in_month(session, month.id, above) if above is not None else None
        beside = _mean(session, month.id, around, places[month.id])[1] if around is not None else None
        means.append(MonthMeans(month.period, count, own, beside))
        best = select(Sheet.person_id, Sheet.name, Sheet.post_id).where(
            Sheet.month_id == month.id, inside[month.id], taking_part()
        )
        for person_id, name, post_id in session.execute(
            best.order_by(Sheet.rank.asc().nulls_last(), Sheet.id).limit(PEOPLE)
        ):
            if len(kept) < PEOPLE and person_id is not None and post_id is not None:
                kept.setdefault(person_id, (name, post_id))
    found: dict[int, list[Scored]] = {person_id: [] for person_id in kept}
    latest = 0
    for month in months:
        fine = Decimal(1).scaleb(-places[month.id])
        lines = select(Sheet.person_id, Sheet.total, Sheet.grade, Sheet.rank).where(
            Sheet.month_id == month.id, inside[month.id], Sheet.person_id.in_(kept)
        )
        for person_id, total, grade, rank in session.execute(lines):
            rounded = None if total is None else total.quantize(fine)
            found[person_id or 0].append(Scored(month.period, rounded, grade, rank))
            latest += month is months[0]
    return Scores(
        names_of(session, pack, [above], day)[above][0] if above is not None else "",
        tuple(means),
        tuple((name, post_id, tuple(found[person_id])) for person_id, (name, post_id) in kept.items()),
        means[0].people - latest if means else 0,
    )


def _street(session: Session, pack: Pack, grid_id: int, day: date) -> int | None:
    """The nearest grid above that could stand at the top of a tree: the street of a grid."""
    tree, above = tree_on(session, day), ancestors(session, grid_id, day)[:-1]
    kinds = {
        number: kind
        for number, kind in session.execute(select(tree.c.id, tree.c.kind).where(tree.c.id.in_(above)))
    }
    return next((number for number in reversed(above) if kinds.get(number) in pack.root), None)


def _mean(session: Session, month_id: int, where: Any, places: int) -> tuple[int, Decimal | None]:
    """How many sheets there are, and the mean of their totals."""
    summed = select(func.count(), func.count(Sheet.total), func.sum(Sheet.total, type_=Sheet.total.type))
    people, scored, total = session.execute(summed.where(Sheet.month_id == month_id, where)).one()
    return people, mean(total or 0, scored, places)


# 问题


@dataclass(frozen=True, slots=True)
class Problems:
    """The findings of a grid itself, and how many there are in the grids below it, by topic."""

    own: tuple[Finding, ...]
    below: tuple[tuple[Topic, int], ...]


def problems(session: Session, grid_id: int, day: date) -> Problems:
    """What does not fit the norms at a grid on a day, as the norm check finds it. Raises `NotFound`."""
    grid = _standing(session, office_pack(session), grid_id, day)
    # whether a grid is the only one of a small village, only the village can tell
    scope = grid.parent_id if grid.kind.alone is not None and grid.parent_id is not None else grid_id
    asked = asked_about(session, scope, day)
    top = next(place.path for place in asked.places if place.id == grid_id)
    inside = {place.id for place in asked.places if place.path.startswith(top)}
    seen = [one for one in looked_at(asked) if one.grid_id in inside]
    own = [one for one in seen if one.grid_id == grid_id]
    below = Counter(one.topic for one in seen if one.grid_id != grid_id)
    return Problems(tuple(named(session, own, day)), tuple(below.items()))
