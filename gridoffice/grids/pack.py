"""Governance packs: the kinds of grids, their norms, posts and duties, in the words of one place.

Nothing about grids is uniform in the country, so no kind, norm or post stands in the code. The
classes here are the schema: `pack_text` reads a written pack into them and says what is wrong;
`resources/governance/chengdu-3+1.toml` explains every key to whoever writes one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from db.enums import Employment, Labelled, Zone

Span = tuple[int, int]
"""From and to, both included."""


class Side(Labelled):
    """Whom somebody in a mixed team comes from (舟山: 政府工作人员、社会组织人员、居民)."""

    OFFICIALS = "officials", "政府工作人员"
    SOCIETY = "society", "社会组织人员"
    RESIDENTS = "residents", "居民"


class Axis(Labelled):
    """The two hands that 东城 keeps apart."""

    MANAGE = "manage", "管理"
    SUPERVISE = "supervise", "监督"


class Mode(Labelled):
    """When a service list holds (大邑 平急转换)."""

    CALM = "calm", "平时"
    EMERGENCY = "emergency", "急时"


@dataclass(frozen=True, slots=True)
class Norm:
    """How large a grid is meant to be; `area` in square metres. What is not said is not checked."""

    households: Span | None = None
    merchants: Span | None = None
    population: Span | None = None
    area: Span | None = None


@dataclass(frozen=True, slots=True)
class ZoneNorm:
    """A norm that differs in one class of zones (K 市: 核心区、繁华区、一般区)."""

    zone: Zone
    households: Span | None = None
    merchants: Span | None = None
    population: Span | None = None
    area: Span | None = None


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours norm: going to every household and merchant once takes the people of a grid at most
    `limit` hours, at `minutes` a door."""

    limit: Decimal
    minutes: Decimal


@dataclass(frozen=True, slots=True)
class TeamRule:
    """How many in a grid hold one of `posts` (empty: any post), from `least` to `most`."""

    posts: tuple[str, ...] = ()
    least: int = 1
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Staff:
    """The staffing formula: at least `each` in every grid, and one for each `households` or part of
    them. Those count who hold one of `posts`, full-time where `full_time` is set."""

    posts: tuple[str, ...]
    each: int = 1
    households: int | None = None
    full_time: bool = True


@dataclass(frozen=True, slots=True)
class GridKind:
    """A kind of grid. `parents` are the kinds it may hang under and `code` the pattern of its codes.
    `or_merchants` takes a grid with more merchants than households by its merchants. `unit` marks
    the level whose name tells two grids of the same name apart; `finer` kinds (小区, 楼栋, 单元, 十户) are
    no grids and not counted as such; a `staffed` grid must have somebody at work in it or below. A grid
    that is the only one of its parent is never too small where the parent has at most `alone` people
    (一村一网格). `posts` are the posts held here."""

    key: str
    label: str
    parents: frozenset[str]
    code: re.Pattern[str]
    words: tuple[str, ...] = ()
    households: Span | None = None
    merchants: Span | None = None
    population: Span | None = None
    area: Span | None = None
    zones: tuple[ZoneNorm, ...] = ()
    or_merchants: bool = False
    alone: int | None = None
    hours: Hours | None = None
    unit: bool = False
    finer: bool = False
    staffed: bool = False
    posts: tuple[str, ...] = ()
    team: tuple[TeamRule, ...] = ()
    staff: Staff | None = None

    def norm(self, zone: Zone | None = None) -> Norm:
        """The norm in a class of zones: what is said for that class, else for all."""
        own = next((one for one in self.zones if one.zone is zone), None)
        if own is None:
            return Norm(self.households, self.merchants, self.population, self.area)
        return Norm(
            own.households or self.households,
            own.merchants or self.merchants,
            own.population or self.population,
            own.area or self.area,
        )


@dataclass(frozen=True, slots=True)
class PostKind:
    """A post, and how it is usually held. `words` are other titles for it; `duties` what its holder
    answers for (printed, and asked for by 四定); `side` whom it is filled from in a mixed team;
    `axis` whether it manages or supervises where the two are kept apart."""

    label: str
    employment: Employment
    words: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    side: Side | None = None
    axis: Axis | None = None


@dataclass(frozen=True, slots=True)
class PartyTier:
    """一根红线: which party organisation stands at a kind of grid, and which members supervise it."""

    kind: str
    organisation: str = ""
    supervisor: str = ""


@dataclass(frozen=True, slots=True)
class ServiceList:
    """A list of services, for calm days or an emergency, of one level of the tree. Printed."""

    label: str
    items: tuple[str, ...]
    mode: Mode = Mode.CALM
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """A station, centre or team beside the tree (宜昌 三站三中心三队, 嘉善 应急处置队). Printed."""

    label: str
    at: str
    group: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Care:
    """One colour of the care list and how often its people are visited, in days. Kept for the care
    register, which comes later."""

    colour: str
    people: str
    days: int


@dataclass(frozen=True, slots=True)
class Target:
    """A share that the place sets itself, in per cent. Kept for the event register, which comes later."""

    label: str
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Points:
    """How helpers earn and spend points: a rule's `points` are left open where the place has not
    published them. Kept for the points register, which comes later."""

    name: str
    rule: str
    earn: tuple[PointRule, ...]
    spend: str = ""


@dataclass(frozen=True, slots=True)
class PointRule:
    label: str
    points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Registers:
    """What registers read from the pack: `issues` and `sources` are the kinds of problems on 问题清单 and where
    they come from; points, care, events and incentives wait for registers that come later."""

    points: Points | None = None
    lists: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    care: tuple[Care, ...] = ()
    incentives: tuple[str, ...] = ()
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class Committee:
    """网格自管会 (青岛): grids of these kinds have one, of at least `least` people in `posts`."""

    name: str
    kinds: tuple[str, ...]
    posts: tuple[str, ...]
    least: int = 3


@dataclass(frozen=True, slots=True)
class Control:
    """Span of control (台儿庄 13 网格长 : 143 专职网格员): within a grid of kind `within`, no more than
    `most` workers to a leader."""

    within: str
    leaders: tuple[str, ...]
    workers: tuple[str, ...]
    most: int


@dataclass(frozen=True, slots=True)
class Mixed:
    """混合团队 (舟山): the people of a grid of these kinds come from every side."""

    kinds: tuple[str, ...]
    sides: tuple[Side, ...] = (Side.OFFICIALS, Side.SOCIETY, Side.RESIDENTS)


@dataclass(frozen=True, slots=True)
class Fixed:
    """四定 (X 区: 定格、定员、定责、定岗): grids of these kinds have bounds written down and somebody in
    them, and everybody there holds a post of the grid's kind that has duties."""

    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Options:
    """What any pack may switch on. `all_round` (全科网格: 汶上, L 社区): the posts that the staffing formula
    counts answer for the duties of all. `separate` (东城 双轴化): nobody both manages and supervises."""

    committee: Committee | None = None
    control: Control | None = None
    mixed: Mixed | None = None
    fixed: Fixed | None = None
    all_round: bool = False
    separate: bool = False


@dataclass(frozen=True, slots=True)
class Pack:
    """One way to run grids. `root` names the kinds that may stand at the top of a tree, `scheme` the
    assessment scheme a month opens with, `lead` the department in charge, `source` where all this
    was taken from."""

    key: str
    name: str
    source: str
    scheme: str
    root: frozenset[str]
    kinds: tuple[GridKind, ...]
    posts: tuple[PostKind, ...]
    lead: str = ""
    party: tuple[PartyTier, ...] = ()
    services: tuple[ServiceList, ...] = ()
    bodies: tuple[Body, ...] = ()
    registers: Registers = field(default=Registers())
    options: Options = field(default=Options())

    def counted(self) -> frozenset[str]:
        """The kinds that are counted as grids: below the communities, and not finer than a grid."""
        return frozenset(
            kind.key for kind in self.kinds if not (kind.key in self.root or kind.unit or kind.finer)
        )

    def kind(self, key: str) -> GridKind:
        return next(kind for kind in self.kinds if kind.key == key)

    def kind_called(self, word: str) -> GridKind | None:
        """The kind that a ledger means by this word."""
        said = plain(word)
        for kind in self.kinds:
            if said in (plain(kind.label), kind.key, *map(plain, kind.words)):
                return kind
        return None

    def post_called(self, word: str) -> PostKind | None:
        """The post that a ledger means by this word."""
        said = plain(word)
        for post in self.posts:
            if said in (plain(post.label), *map(plain, post.words)):
                return post
        return None

    def post_for(self, kind: str, employment: Employment | None) -> str:
        """The post taken for granted where a roster names none."""
        labels = self.kind(kind).posts or tuple(post.label for post in self.posts)
        for post in self.posts:
            if post.label in labels and post.employment == (employment or Employment.FULL_TIME):
                return post.label
        return labels[0]

    def duties_of(self, title: str) -> tuple[str, ...]:
        """What the holder of a post answers for; the workers of an all-round grid for everything."""
        post = self.post_called(title)
        if post is None:
            return ()
        workers = {worker for kind in self.kinds if kind.staff is not None for worker in kind.staff.posts}
        if self.options.all_round and post.label in workers:
            return tuple(dict.fromkeys(duty for one in self.posts for duty in one.duties))
        return post.duties


@lru_cache(5_000)
def plain(word: str) -> str:
    """A word without the spaces and brackets that ledgers write differently."""
    return re.sub(r"[\s（）()、/]", "", word)
