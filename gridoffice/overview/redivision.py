"""Re-division: what does not fit the norms as a list, how households spread over the grids, and which
neighbours a grid that is too small could be merged with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Zone
from gridoffice.errors import Severity
from gridoffice.fields import Field, Kind
from gridoffice.grids.history import tree_on
from gridoffice.grids.listing import office_pack
from gridoffice.grids.norms import size_fault
from gridoffice.grids.pack import Span
from gridoffice.listing import Listing
from gridoffice.overview.findings import asked_about, check
from gridoffice.overview.staffing import measured_kind
from gridoffice.overview.topics import Topic
from gridoffice.worked_out import worked_out

WEIGHTS = {Severity.ERROR: "急", Severity.WARNING: "要改", Severity.NOTE: "留意"}


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding as a line; the last ones lead to it."""

    id: int
    topic: Annotated[str, Field("类别", width=16, computed=True)]
    weight: Annotated[str, Field("轻重", width=6, computed=True)]
    grid: Annotated[str, Field("网格", Kind.GRID, width=20, computed=True)]
    message: Annotated[str, Field("问题", width=44, computed=True, tells=True)]
    fix: Annotated[str, Field("怎么办", width=24, computed=True)]
    code: Annotated[str, Field("网格编码", width=20, computed=True)]
    about: Topic
    grid_id: int
    post_id: int | None
    person: str | None = None


def finding_rows(session: Session, scope: int | None = None, day: date | None = None) -> list[FindingRow]:
    """Every finding below a grid on a day, by topic."""
    return [
        FindingRow(
            number,
            one.topic.label,
            WEIGHTS[one.severity],
            one.grid,
            one.message,
            one.fix,
            one.code,
            one.topic,
            one.grid_id,
            one.post_id,
            one.person,
        )
        for number, one in enumerate(check(session, scope, day), 1)
    ]


def findings_listing(day: date | None = None) -> Listing:
    """The list of findings for the window, paper and workbook."""
    filters = ("topic", "weight", "fix")
    return worked_out("findings", "规范核对问题清单", "处", FindingRow, finding_rows, filters, day)


# how households spread


@dataclass(frozen=True, slots=True)
class Spread:
    """How many grids of a kind have how many households: counts from `low` to `high` each; an end that
    is None is open. `norm` is what is right, `unknown` counts grids whose households nobody wrote down."""

    kind: str
    norm: Span
    bins: tuple[tuple[int | None, int | None, int], ...]
    unknown: int

    @property
    def inside(self) -> int:
        return sum(count for low, high, count in self.bins if self.fits(low, high))

    @property
    def below(self) -> int:
        return sum(count for _, high, count in self.bins if high is not None and high < self.norm[0])

    @property
    def above(self) -> int:
        return sum(count for low, _, count in self.bins if low is not None and low > self.norm[1])

    def fits(self, low: int | None, high: int | None) -> bool:
        """Whether a bin lies within the norm."""
        return low is not None and high is not None and self.norm[0] <= low and high <= self.norm[1]


def spread(session: Session, scope: int | None = None, day: date | None = None) -> Spread | None:
    """The households of the grids below a place beside their norm; None where no norm counts them."""
    asked = asked_about(session, scope, day)
    kind = measured_kind(asked.pack)
    if kind is None or kind.households is None:
        return None
    counts = [place.households for place in asked.places if place.kind.key == kind.key]
    known = [count for count in counts if count is not None]
    edges = bins(kind.households)
    return Spread(
        kind.label,
        kind.households,
        tuple(
            (low, high, sum(1 for count in known if (low or 0) <= count and (high is None or count <= high)))
            for low, high in edges
        ),
        len(counts) - len(known),
    )


def bins(norm: Span) -> list[tuple[int | None, int | None]]:
    """A norm in four parts, two parts of the same width on either side; both ends open."""
    low, high = norm
    step = max(1, (high - low) // 4)
    starts = [low + step * place for place in range(-1, 4) if 0 < low + step * place <= high]
    found: list[tuple[int | None, int | None]] = [(None, starts[0] - 1)]
    found += [
        (start, (starts[place + 1] - 1) if place + 1 < len(starts) else high)
        for place, start in enumerate(starts)
    ]
    found += [(high + 1, high + step), (high + step + 1, None)]
    return found


# neighbours


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A grid beside another of its kind: what both have together, and whether that fits the norm."""

    id: int
    name: str
    households: int | None
    together: int | None
    fits: bool


def neighbours(session: Session, grid_id: int, day: date | None = None) -> list[Neighbour]:
    """The grids of one kind below the same one, those that fit best together with it first."""
    pack, tree = office_pack(session), tree_on(session, day)
    columns = (tree.c.id, tree.c.name, tree.c.kind, tree.c.parent_id, tree.c.households, tree.c.merchants)
    own = session.execute(
        select(*columns, tree.c.population, tree.c.area, tree.c.zone).where(tree.c.id == grid_id)
    ).one()
    kind = next((one for one in pack.kinds if one.key == own.kind), None)
    query = select(*columns, tree.c.population, tree.c.area).where(
        tree.standing(), tree.c.parent_id == own.parent_id, tree.c.kind == own.kind, tree.c.id != grid_id
    )
    found = []
    for one in session.execute(query.order_by(tree.c.code)):
        together = _sum(own.households, one.households)
        fault = kind is not None and size_fault(
            kind,
            together,
            _sum(own.merchants, one.merchants),
            _sum(own.population, one.population),
            _area(own.area, one.area),
            None if own.zone is None else Zone(own.zone),
        )
        found.append(
            Neighbour(one.id, one.name, one.households, together, not fault and together is not None)
        )
    return sorted(found, key=lambda one: (not one.fits, one.together or 0))


def _sum(first: int | None, second: int | None) -> int | None:
    return None if first is None and second is None else (first or 0) + (second or 0)


def _area(first: Decimal | None, second: Decimal | None) -> Decimal | None:
    return None if first is None or second is None else first + second
