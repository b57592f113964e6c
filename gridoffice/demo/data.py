"""What a made-up office consists of: grids, workers, and nothing that a database would add."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from db.enums import Education, Employment, Ethnicity, Political, Sex, Zone

CITY, COUNTY, STREET, TOWN = "市", "区县", "街道", "镇"
COMMUNITY, GENERAL, MICRO, SPECIAL = "总网格", "一般网格", "微网格", "专属网格"
"""Kinds of grids in the words of the governance model `chengdu-3+1`: a community *is* a 总网格."""

CHIEF, LEADER, FULL_TIME, PART_TIME, MICRO_WORKER = (
    "总网格长",
    "网格长",
    "专职网格员",
    "兼职网格员",
    "微网格员",
)
"""Posts in the words of the same model."""

EMPLOYERS = ("街道办事处", "街道办事处", "青禾人力资源有限公司")
"""Who employs those who serve for pay; an agency every third."""
LEAVE_REASONS = ("辞职", "合同到期不再续签", "调往别处", "退休", "考取其他单位")


class Size(StrEnum):
    """How large the made-up office is."""

    STREET = "street"  # about 600 grids and 600 workers
    COUNTY = "county"  # about 7,000 of each, 11 streets
    CITY = "city"  # about 150,000 of each, 22 counties


@dataclass(frozen=True, slots=True)
class GridDatum:
    """One place of the tree. `area` is in square metres; `parent` is a code, None at the root."""

    code: str
    name: str
    kind: str
    parent: str | None
    households: int
    shops: int
    population: int
    area: int
    scope: str
    opened: date
    remark: str = ""
    zone: Zone | None = None


@dataclass(frozen=True, slots=True)
class WorkerDatum:
    """One person in one post. `grid` is a code; `number` is the person's place in `DemoOffice.workers`."""

    number: int
    name: str
    id_number: str
    sex: Sex
    ethnicity: Ethnicity
    birth: date
    political: Political
    education: Education
    phone: str
    grid: str
    post: str
    employment: Employment
    appointed: date
    left: date | None
    contract_end: date | None
    remark: str = ""

    @property
    def address(self) -> str:
        """Where somebody lives: a road that leads nowhere."""
        house, door = self.number % 180 + 1, f"{self.number % 6 + 1}0{self.number % 4 + 1}"
        return f"青禾路{house}号{self.number % 9 + 1}幢{self.number % 3 + 1}单元{door}"

    @property
    def employer(self) -> str | None:
        """Who pays somebody full-time: the street itself, or an agency."""
        return EMPLOYERS[self.number % len(EMPLOYERS)] if self.employment is Employment.FULL_TIME else None

    @property
    def leave_reason(self) -> str | None:
        """Why somebody left."""
        return LEAVE_REASONS[self.number % len(LEAVE_REASONS)] if self.left is not None else None

    def served(self, first: date, last: date) -> bool:
        """Whether the person held the post on any day from `first` to `last`."""
        return self.appointed <= last and (self.left is None or self.left >= first)


@dataclass(frozen=True, slots=True)
class DemoOffice:
    """A whole made-up office as of `today`.

    `grids` come parents first, `workers` in the order of their grids. `months` are the first days of
    the six whole months before `today`, oldest first.
    """

    name: str
    organisation: str
    size: Size
    seed: int
    today: date
    grids: tuple[GridDatum, ...]
    workers: tuple[WorkerDatum, ...]
    months: tuple[date, ...]

    def below(self, code: str) -> tuple[GridDatum, ...]:
        """The grid `code` and all below it. Codes of streets and lower begin with their parent's."""
        return (
            self.grids
            if code == self.grids[0].code
            else tuple(grid for grid in self.grids if grid.code.startswith(code))
        )

    def serving(self, code: str) -> tuple[WorkerDatum, ...]:
        """Everybody who holds or held a post in `code` or below it."""
        return (
            self.workers
            if code == self.grids[0].code
            else tuple(worker for worker in self.workers if worker.grid.startswith(code))
        )

    def streets(self) -> tuple[GridDatum, ...]:
        return tuple(grid for grid in self.grids if grid.kind in (STREET, TOWN))


def paths(grids: tuple[GridDatum, ...]) -> dict[str, tuple[str, ...]]:
    """For each code the names from the topmost of `grids` down to the grid itself."""
    found: dict[str, tuple[str, ...]] = {}
    for grid in grids:
        above = found.get(grid.parent, ()) if grid.parent else ()
        found[grid.code] = (*above, grid.name)
    return found
