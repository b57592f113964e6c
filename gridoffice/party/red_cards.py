"""一根红线 as it is drawn: a card for each grid, a column for each level of the pack, coverage by area, and
where the line breaks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import names_of, short
from gridoffice.grids.pack import Pack
from gridoffice.grids.tree import roll_up
from gridoffice.party.naming import plain_name
from gridoffice.party.redline import Coverage, Node, RedLine, coverage, redline
from gridoffice.party.rules import kind_of, leader_title

CARDS = 1500
"""At most so many cards are drawn at once; a city is opened branch by branch."""
BREAKS = 200
"""So many breaks are named; the list has them all."""
ROWS = 22
"""So many cards may stand below one another before anybody has opened or shut one."""


@dataclass(frozen=True, slots=True)
class Level:
    """A column of the drawing: `label` names its organisations, of which there are `organisations`;
    `cover` is the coverage of its grids (nothing wanted: the pack asks for nothing here), `areas` that
    of the grids directly below the scope."""

    label: str
    organisations: int
    cover: Coverage
    areas: tuple[Coverage, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One grid on the line. `title` and `below` are what stands on the card (the members are those of the
    organisations there and below), `breaks` what is missing; `children` counts the cards below it, drawn or not."""

    grid_id: int
    parent_id: int | None
    column: int
    title: str
    below: str
    name: str
    kind_label: str
    org_id: int | None
    wanted: bool
    breaks: tuple[str, ...]
    children: int


@dataclass(frozen=True, slots=True)
class Break:
    """Where the line breaks, and whether it has its organisation."""

    grid_id: int
    place: str
    words: str
    organised: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """The line below a grid, ready to be drawn. `opened` are the cards that stand open at first, `cut`
    says that there are more cards than these, `broken` how many breaks there are."""

    day: date
    levels: tuple[Level, ...]
    cards: tuple[Card, ...]
    opened: frozenset[int]
    cut: bool
    cover: Coverage
    areas: tuple[Coverage, ...]
    breaks: tuple[Break, ...]
    broken: int
    members: int
    leaders: int
    tied: int
    waiting: int


def drawn(
    session: Session,
    scope: int | None = None,
    day: date | None = None,
    only_breaks: bool = False,
    most: int = CARDS,
) -> Drawn:
    """The red line below a grid on a day; `only_breaks` leaves out whatever does not lead to a break."""
    pack = office_pack(session)
    line = redline(session, scope, day)
    ranks = ranks_of(pack)
    deepest = max((ranks[tier.kind] for tier in pack.party), default=-1)
    nodes = [node for node in line.nodes if ranks[node.kind] <= deepest]
    columns = {rank: place for place, rank in enumerate(sorted({ranks[node.kind] for node in nodes}))}
    place_of = {node.grid_id: columns[ranks[node.kind]] for node in nodes}
    children = Counter(node.parent_id for node in nodes)
    below = _breaks_below(nodes)
    wanted = [node for node in nodes if not only_breaks or below[node.grid_id] or not place_of[node.grid_id]]
    shown = _cut(wanted, place_of, most)
    people = roll_up(session, scope, day) if shown else {}
    broken = [node for node in nodes if node.breaks]
    named = broken[:BREAKS]
    names = names_of(session, pack, [node.grid_id for node in named], day)
    return Drawn(
        line.day,
        tuple(_levels(pack, line, nodes, place_of, len(columns))),
        tuple(_card(node, place_of, children[node.grid_id], people[node.grid_id].members) for node in shown),
        frozenset(node.grid_id for node in shown) if only_breaks else _opened(shown, below),
        len(shown) < len(wanted),
        line.whole,
        line.areas,
        tuple(
            Break(node.grid_id, names[node.grid_id][0], _missing(node), node.organisation is not None)
            for node in named
        ),
        len(broken),
        line.members,
        line.leaders,
        line.tied,
        line.waiting,
    )


def ranks_of(pack: Pack) -> dict[str, int]:
    """How far below the top a kind of grid stands in a pack at most: its column."""
    parents = {kind.key: kind.parents for kind in pack.kinds}
    found: dict[str, int] = {}

    def rank(key: str, above: frozenset[str]) -> int:
        if key not in found:
            over = [rank(one, above | {key}) for one in parents[key] if one not in above | {key}]
            found[key] = 1 + max(over, default=-1)
        return found[key]

    for key in parents:
        rank(key, frozenset())
    return found


def _breaks_below(nodes: Sequence[Node]) -> dict[int, int]:
    """How many breaks there are at each grid and below it; parents stand before their children."""
    found = {node.grid_id: int(bool(node.breaks)) for node in nodes}
    for node in reversed(nodes):
        if node.parent_id in found:
            found[node.parent_id] += found[node.grid_id]
    return found


def _cut(nodes: Sequence[Node], place_of: Mapping[int, int], most: int) -> list[Node]:
    """As many whole columns, from the top, as there is room for."""
    if len(nodes) <= most:
        return list(nodes)
    sizes = Counter(place_of[node.grid_id] for node in nodes)
    last, count = 0, 0
    for place in sorted(sizes):
        count += sizes[place]
        if count <= most:
            last = place
    return [node for node in nodes if place_of[node.grid_id] <= last][:most]


def _opened(shown: Sequence[Node], below: Mapping[int, int]) -> frozenset[int]:
    """The topmost cards, then what leads to breaks, as long as the whole can be taken in at a glance."""
    inside: dict[int | None, list[int]] = defaultdict(list)
    here = {node.grid_id for node in shown}
    for node in shown:
        inside[node.parent_id if node.parent_id in here else None].append(node.grid_id)
    tops = inside[None]
    opened, rows = set(tops[:1]), max(len(inside[tops[0]]), 1) + len(tops) - 1 if tops else 0
    waiting = list(inside[tops[0]]) if tops else []
    while waiting:
        one = waiting.pop(0)
        more = max(len(inside[one]) - 1, 0)
        if inside[one] and below[one] and rows + more <= ROWS:
            opened.add(one)
            rows += more
            waiting += inside[one]
    return frozenset(opened)


def _levels(
    pack: Pack, line: RedLine, nodes: Sequence[Node], place_of: Mapping[int, int], count: int
) -> list[Level]:
    by_level: list[list[Node]] = [[] for _ in range(count)]
    for node in nodes:
        by_level[place_of[node.grid_id]].append(node)
    asked = {tier.kind for tier in pack.party}
    area_of = _area_of(nodes)
    areas = {int(one.key): one.label for one in line.areas}
    found = []
    for place, some in enumerate(by_level):
        wanted = [node for node in some if node.kind in asked]
        inside: dict[int, list[Node]] = {area: [] for area in areas}
        for node in wanted:
            if area_of[node.grid_id] in inside:
                inside[area_of[node.grid_id]].append(node)
        found.append(
            Level(
                _label(some),
                len({node.organisation.id for node in some if node.organisation is not None}),
                coverage(str(place), _label(some), wanted),
                tuple(coverage(str(area), areas[area], inside[area]) for area in areas if inside[area]),
            )
        )
    return found


def _area_of(nodes: Sequence[Node]) -> dict[int, int]:
    """For each grid the one directly below the topmost that it lies in."""
    found: dict[int, int] = {}
    for node in nodes[1:]:
        found[node.grid_id] = found.get(node.parent_id or 0, node.grid_id)
    return {nodes[0].grid_id: nodes[0].grid_id, **found} if nodes else {}


def _label(nodes: Sequence[Node]) -> str:
    """What the organisations of a column are called: as the pack calls most of them."""
    words = Counter(_plain(node.organisation_wanted) or f"{node.kind_label}党组织" for node in nodes)
    return words.most_common(1)[0][0]


def _plain(words: str) -> str:
    """Without what stands in brackets."""
    return words.partition("（")[0] or words


def _card(node: Node, place_of: Mapping[int, int], children: int, members: int) -> Card:
    return Card(
        node.grid_id,
        node.parent_id if node.parent_id in place_of else None,
        place_of[node.grid_id],
        _title(node),
        _below(node, members),
        node.name,
        node.kind_label,
        node.organisation.id if node.organisation is not None else None,
        bool(node.organisation_wanted or node.members_wanted),
        node.breaks,
        children,
    )


def _title(node: Node) -> str:
    """The organisation in short, without the grids above it in its name: they stand at the left."""
    if node.organisation is None:
        return node.name
    name = plain_name(node.organisation.name)
    place = name.find(short(node.name))
    return name[place:] if place > 0 else name


def _below(node: Node, members: int) -> str:
    org = node.organisation
    if node.breaks:
        return _missing(node)
    if org is None:
        return node.kind_label
    return f"{leader_title(org.kind)} {org.secretary or '空缺'}·党员 {members}"


def _missing(node: Node) -> str:
    """What is missing at a grid, in so few words that a card holds them."""
    if node.organisation is None and node.organisation_wanted:
        people = f"入格 {len(node.ties)} 人" if node.ties else "无人入格"
        wanted = _plain(node.organisation_wanted)
        kind = kind_of(wanted)
        return f"未建{kind.label if kind is not None else wanted}·{people}"
    return f"缺{node.members_wanted}"
