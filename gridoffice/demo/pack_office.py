"""A small lifelike office in the words of any pack: its kinds, posts and codes, kept to its norms but
for the violations that are planted and told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from db.enums import Employment, Political, Zone
from gridoffice.demo import months_before
from gridoffice.demo.data import DemoOffice, GridDatum, Size, WorkerDatum
from gridoffice.demo.persons import Registry
from gridoffice.demo.places import CITY_CODE, CITY_NAME, FIRST_COUNTY, bounds
from gridoffice.demo.wordlists import COUNTY_NAMES, FIRST_COMMUNITIES, NUMERALS
from gridoffice.grids.norms import required
from gridoffice.grids.pack import GridKind, Pack, Span, TeamRule
from gridoffice.overview.topics import Topic

TOPS = {"kcity-5-level": "city", "zhoushan": "city"}
"""Packs whose office begins higher than a street: those of five levels."""

COMMUNITIES, GRIDS = 3, 4
_STRANGER = "协管员"
"""A title that no pack has."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A violation that was put in: what the findings must call it, and where it is."""

    topic: Topic
    code: str


@dataclass(slots=True)
class Draft:
    """One grid while it is being made."""

    kind: GridKind
    code: str
    name: str
    parent: Draft | None
    households: int = 0
    shops: int = 0
    area: int = 0
    scope: str = ""
    zone: Zone | None = None
    posts: list[tuple[str, Employment]] = field(default_factory=list)
    below: list[Draft] = field(default_factory=list)

    def all(self) -> Iterator[Draft]:
        yield self
        for draft in self.below:
            yield from draft.all()


def make_office(pack: Pack, today: date, seed: int = 519921) -> tuple[DemoOffice, tuple[Planted, ...]]:
    """The office as of `today`, and every violation of the pack's norms that is in it. Pure."""
    rng = Random(f"{seed}/{pack.key}")
    top = _tree(pack, rng)
    for draft in top.all():
        draft.posts = team_of(pack, draft.kind, draft.households)
    planted = tuple(_plant(pack, top))
    drafts = list(top.all())
    grids = tuple(_datum(draft, today) for draft in drafts)
    office = DemoOffice(
        f"{top.name}网格办",
        f"{top.name}办事处" if top.kind.key == "street" else f"{top.name}网格化服务管理中心",
        Size.STREET,
        seed,
        today,
        grids,
        _people(rng, drafts, today),
        months_before(today),
    )
    return office, planted


# The tree


def _tree(pack: Pack, rng: Random) -> Draft:
    roots = [kind for kind in pack.kinds if kind.key in pack.root]
    first = next((kind for kind in roots if kind.key == TOPS.get(pack.key)), roots[-1])
    above = {"city": (CITY_CODE, CITY_NAME), "county": (FIRST_COUNTY, COUNTY_NAMES[0])}
    code, name = above.get(first.key, (f"{FIRST_COUNTY}001", "青禾街道"))
    top = Draft(first, code, name, None, scope=f"{name}全域")
    _grow(pack, rng, top, fine=True)
    _sum(top)
    return top


def _grow(pack: Pack, rng: Random, draft: Draft, fine: bool) -> None:
    """What hangs below a grid; only one branch goes down to the finest units."""
    for kind in pack.kinds:
        if _home(pack, kind) != draft.kind.key:
            continue
        count = _count(pack, draft, kind)
        shares = _shares(rng, draft.households, count, kind.households)
        for order in range(count):
            child = _child(pack, rng, draft, kind, order)
            child.households = shares[order] or child.households
            child.area = child.area or child.households * 130 + int(rng.random() * 900)
            draft.below.append(child)
            if (fine and order == 0) or not _fine(pack, kind):
                _grow(pack, rng, child, fine and order == 0)


def _home(pack: Pack, kind: GridKind) -> str | None:
    """Of the kinds that may carry this one, the lowest."""
    before = pack.kinds[: pack.kinds.index(kind)]
    return next((one.key for one in reversed(before) if one.key in kind.parents), None)


def _fine(pack: Pack, kind: GridKind) -> bool:
    """Whether a kind stands below the grids of the pack."""
    return not kind.staffed and any(
        one.staffed and pack.kinds.index(one) < pack.kinds.index(kind) for one in pack.kinds
    )


def _count(pack: Pack, draft: Draft, kind: GridKind) -> int:
    if kind.unit:
        return COMMUNITIES
    if kind.households is not None and draft.households:
        return max(1, -(-draft.households // _middle(kind.households)))
    if kind.staffed:
        return GRIDS if _first_staffed(pack) is kind else 1
    return 2 if _fine(pack, kind) else 1


def _first_staffed(pack: Pack) -> GridKind:
    return next(one for one in pack.kinds if one.staffed)


def _middle(span: Span) -> int:
    return (span[0] + span[1]) // 2


def _child(pack: Pack, rng: Random, parent: Draft, kind: GridKind, order: int) -> Draft:
    number = len(parent.below) + 1
    code = next(
        (code for width in (3, 2, 4) if kind.code.fullmatch(code := f"{parent.code}{number:0{width}d}")),
        f"{parent.code}{number:02d}",
    )
    if kind.key == "county":
        code = FIRST_COUNTY
    stem = _stem(parent)
    names = {
        "county": COUNTY_NAMES[0],
        "street": "青禾街道",
        "community": f"{FIRST_COMMUNITIES[order]}社区",
        "general": f"第{NUMERALS[order % len(NUMERALS)]}网格",
        "special": f"{stem}{kind.label}",
        "estate": f"{stem}苑{order + 1}区",
        "building": f"{order + 1}栋",
        "entrance": f"{order + 1}单元",
    }
    draft = Draft(kind, code, names.get(kind.key, f"{kind.label}{order + 1:02d}"), parent, zone=parent.zone)
    draft.scope = bounds(rng, stem) if kind.staffed and not parent.households else f"{stem}{draft.name}"
    if kind.unit and any(one.zones for one in pack.kinds):
        draft.zone = list(Zone)[order]
    norm = kind.norm(draft.zone)
    if parent.households:
        draft.shops = int(rng.random() * 5)
    elif norm.households:
        draft.households, draft.shops = _within(rng, norm.households), 20 + int(rng.random() * 40)
    elif kind.staffed:
        first = _first_staffed(pack) is kind
        draft.households, draft.shops = (
            (_within(rng, (90, 230)), 30) if first else (0, 60 + _within(rng, (0, 90)))
        )
    draft.area = _within(rng, norm.area) if norm.area else 0
    return draft


def _within(rng: Random, span: Span) -> int:
    """A number well inside a norm."""
    return span[0] + int((span[1] - span[0]) * (0.2 + 0.6 * rng.random()))


def _shares(rng: Random, whole: int, count: int, norm: Span | None) -> list[int]:
    """A number in so many parts, none like the other where the norm of a part allows it."""
    even = [whole // count + (order < whole % count) for order in range(count)]
    weights = [0.8 + 0.4 * rng.random() for _ in range(count)]
    parts = [int(whole * weight / sum(weights)) for weight in weights]
    parts[-1] += whole - sum(parts)
    fits = min(parts) > 0 and (norm is None or norm[0] <= min(parts) <= max(parts) <= norm[1])
    return parts if fits else even


def _stem(draft: Draft) -> str:
    one: Draft | None = draft
    while one is not None and not one.kind.unit:
        one = one.parent
    return one.name.removesuffix("社区") if one is not None else ""


def _sum(draft: Draft) -> None:
    """A place above the grids has the sums of what is below it."""
    for child in draft.below:
        _sum(child)
    if draft.below and not draft.households:
        draft.households = sum(child.households for child in draft.below)
        draft.shops = sum(child.shops for child in draft.below)
        draft.area = sum(child.area for child in draft.below)


# The people


def team_of(pack: Pack, kind: GridKind, households: int) -> list[tuple[str, Employment]]:
    """A team as the pack wants it for a grid of this kind, no larger than it must be."""
    usual = {post.label: post.employment for post in pack.posts}
    titles: list[str] = []
    for rule in kind.team:
        if rule.posts:
            titles += [rule.posts[0]] * rule.least
    if kind.staff is not None:
        have = sum(1 for title in titles if title in kind.staff.posts)
        titles += [kind.staff.posts[0]] * (required(kind.staff, households) - have)
    mixed = pack.options.mixed
    if mixed is not None and kind.key in mixed.kinds:
        sides = {post.label: post.side for post in pack.posts}
        for side in mixed.sides:
            if side not in {sides[title] for title in titles}:
                titles.append(next(post.label for post in pack.posts if post.side is side))
    committee = pack.options.committee
    if committee is not None and kind.key in committee.kinds:
        have = sum(1 for title in titles if title in committee.posts)
        titles += [committee.posts[-1]] * (committee.least - have)
    for rule in kind.team:
        if not rule.posts:
            spare = [title for title in kind.posts if title not in titles] or list(kind.posts)
            titles += [spare[place % len(spare)] for place in range(rule.least - len(titles))]
    if not titles and kind.posts:
        titles.append(kind.posts[0])
    return [(title, _how(kind, title, usual[title])) for title in titles]


def _how(kind: GridKind, title: str, usual: Employment) -> Employment:
    counted = kind.staff is not None and kind.staff.full_time and title in kind.staff.posts
    return Employment.FULL_TIME if counted else usual


def _people(rng: Random, drafts: list[Draft], today: date) -> tuple[WorkerDatum, ...]:
    registry = Registry(rng, today)
    found: list[WorkerDatum] = []
    for draft in drafts:
        for title, how in draft.posts:
            person = registry.person(FIRST_COUNTY, 26, 58, 0.5)
            appointed = date(today.year - 2, 1 + int(rng.random() * 12), 1)
            contract = (
                today + timedelta(days=120 + int(rng.random() * 700)) if how is Employment.FULL_TIME else None
            )
            found.append(
                WorkerDatum(
                    len(found),
                    person.name,
                    person.id_number,
                    person.sex,
                    person.ethnicity,
                    person.birth,
                    Political.MEMBER if "长" in title else person.political,
                    person.education,
                    person.phone,
                    draft.code,
                    title,
                    how,
                    appointed,
                    None,
                    contract,
                )
            )
    return tuple(found)


def _datum(draft: Draft, today: date) -> GridDatum:
    return GridDatum(
        draft.code,
        draft.name,
        draft.kind.label,
        draft.parent.code if draft.parent is not None else None,
        draft.households,
        draft.shops,
        round(draft.households * 2.3),
        draft.area,
        draft.scope,
        date(today.year - 4, 1, 1),
        zone=draft.zone,
    )


# The violations


def _plant(pack: Pack, top: Draft) -> Iterator[Planted]:
    """One violation of every norm that the pack has, each in a grid of its own."""
    taken: set[str] = set()

    def target(fits: Callable[[Draft], object]) -> Draft | None:
        for draft in reversed(list(top.all())):
            if draft.code not in taken and fits(draft):
                taken.add(draft.code)
                return draft
        return None

    def idle(draft: Draft) -> bool:
        """Nobody serves below it."""
        return not any(one.posts for child in draft.below for one in child.all())

    def leaf(draft: Draft) -> bool:
        return not draft.below

    if draft := target(lambda one: one.kind.staffed and idle(one)):
        draft.posts = []
        yield Planted(Topic.VACANT, draft.code)
    if draft := target(lambda one: one.kind.hours):
        draft.households, draft.shops = 90, 25
        yield Planted(Topic.HOURS, draft.code)
    if draft := target(lambda one: one.kind.staffed and one.kind.households):
        assert draft.kind.households is not None
        draft.households = draft.kind.households[1] + 37
        yield Planted(Topic.SIZE, draft.code)
        if draft.kind.staff is not None and draft.kind.staff.households == draft.kind.households[1]:
            yield Planted(Topic.STAFF, draft.code)
        if draft.kind.hours is not None:
            yield Planted(Topic.HOURS, draft.code)
    if draft := target(lambda one: one.kind.staffed and one.kind.households):
        assert draft.kind.households is not None
        draft.households = draft.kind.households[0] - 20
        yield Planted(Topic.SIZE, draft.code)
    if draft := target(lambda one: one.kind.norm(one.zone).area and one.zone in (None, Zone.CORE)):
        area = draft.kind.norm(draft.zone).area
        assert area is not None
        draft.area = area[1] + 4000
        yield Planted(Topic.SIZE, draft.code)
    if draft := target(lambda one: one.kind.staff and one.kind.staff.full_time and one.posts):
        draft.posts = [
            (title, Employment.PART_TIME if how is Employment.FULL_TIME else how)
            for title, how in draft.posts
        ]
        yield Planted(Topic.PART_TIME, draft.code)
    if draft := target(lambda one: _broken_team(one) is not None):
        broken = _broken_team(draft)
        assert broken is not None
        draft.posts = broken
        yield Planted(Topic.TEAM, draft.code)
    fixed = pack.options.fixed
    if fixed is not None:
        if draft := target(lambda one: one.kind.key in fixed.kinds):
            draft.scope = ""
            yield Planted(Topic.FIXED, draft.code)
        if draft := target(lambda one: one.kind.key in fixed.kinds):
            draft.posts.append((_STRANGER, Employment.PART_TIME))
            yield Planted(Topic.FIXED, draft.code)
    committee = pack.options.committee
    if committee is not None and (draft := target(lambda one: one.kind.key in committee.kinds)):
        draft.posts = [held for held in draft.posts if held[0] != committee.posts[-1]]
        yield Planted(Topic.COMMITTEE, draft.code)
    if draft := target(leaf):
        draft.code = f"{draft.code[:-1]}X"
        yield Planted(Topic.CODE, draft.code)


def _broken_team(draft: Draft) -> list[tuple[str, Employment]] | None:
    """The team of a grid with one too few or one too many; None when it cannot be broken by itself."""
    counted = draft.kind.staff.posts if draft.kind.staff is not None else ()
    for rule in draft.kind.team:
        others = [held for held in draft.posts if held[0] not in rule.posts]
        by_itself = others or not draft.kind.staffed
        if rule.posts and rule.least and by_itself and not set(rule.posts) & set(counted):
            return others
        if rule.most is not None and draft.posts:
            return draft.posts + [draft.posts[0]] * _over(rule, draft)
    return None


def _over(rule: TeamRule, draft: Draft) -> int:
    assert rule.most is not None
    return rule.most + 1 - sum(1 for title, _ in draft.posts if not rule.posts or title in rule.posts)
