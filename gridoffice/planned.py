"""What the rows of a file would become: made when they are looked at, counted and searched as columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, overload

from gridoffice.errors import Problem
from gridoffice.questions import Asked
from gridoffice.spreadsheet.taken import RowKey


class Outcome(StrEnum):
    """What a row comes to."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    ERROR = "error"
    SKIPPED = "skipped"

    @property
    def label(self) -> str:
        return _OUTCOMES[self]


_OUTCOMES = {
    Outcome.NEW: "新增",
    Outcome.UPDATED: "更新",
    Outcome.UNCHANGED: "无变化",
    Outcome.CONFLICT: "冲突",
    Outcome.ERROR: "错误",
    Outcome.SKIPPED: "先不写",
}


def in_words(counts: Mapping[Outcome, int]) -> str:
    """`新增 12、更新 23、无变化 148`, without the zeros."""
    words = [f"{outcome.label} {counts[outcome]}" for outcome in Outcome if counts.get(outcome)]
    return "、".join(words) or "没有数据行"


@dataclass(frozen=True, slots=True)
class Planned:
    """One row and what would become of it. `changes` holds old and new value by column name; `texts`
    what stands in the cells of a row with problems; `record` and `resolved` are the subject's own
    notes for writing; `asks` are the questions that the row waits for, or waited for until they were
    answered; `out_of_scope` says that the account at work may not change it."""

    number: int
    outcome: Outcome
    values: Mapping[str, Any]
    texts: Mapping[str, str]
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    record: int | None = None
    resolved: Any = None
    sheet: str = ""
    block: int = 0
    asks: tuple[Asked, ...] = ()
    out_of_scope: bool = False

    @property
    def key(self) -> RowKey:
        """The same as that of the row it was planned from."""
        return self.sheet, self.number, self.block


@dataclass(frozen=True, slots=True)
class Plain:
    """Rows of which nothing is to be said. `outcomes`, `records` and `columns` (the values by name) have
    a place for every row of the file, also for those that are not plain; `make` plans one of them."""

    outcomes: Sequence[Outcome]
    records: Sequence[int | None]
    columns: Mapping[str, Sequence[Any]]
    make: Callable[[int], Planned]
    made: dict[int, Planned] = field(default_factory=dict)


class PlannedRows(Sequence[Planned]):
    """Every row of a file and what would become of it. `said` are those planned one by one, by position;
    the others are plain."""

    def __init__(self, said: Mapping[int, Planned], plain: Plain | None = None):
        self.said = dict(sorted(said.items()))
        self._plain = plain
        count = len(plain.outcomes) if plain is not None else len(self.said)
        outcomes = list(plain.outcomes) if plain is not None else [Outcome.NEW] * count
        records: list[int | None] = list(plain.records) if plain is not None else [None] * count
        for position, row in self.said.items():
            outcomes[position] = row.outcome
            records[position] = row.record
        self.outcomes: Sequence[Outcome] = outcomes
        self.records: Sequence[int | None] = records

    @classmethod
    def of(cls, rows: Iterable[Planned]) -> PlannedRows:
        """Rows that were all planned one by one."""
        return rows if isinstance(rows, PlannedRows) else cls(dict(enumerate(rows)))

    def __len__(self) -> int:
        return len(self.outcomes)

    @overload
    def __getitem__(self, index: int) -> Planned: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Planned]: ...
    def __getitem__(self, index: int | slice) -> Planned | Sequence[Planned]:
        if isinstance(index, slice):
            return [self[position] for position in range(*index.indices(len(self)))]
        position = index if index >= 0 else len(self) + index
        if not 0 <= position < len(self):
            raise IndexError(index)
        if self._plain is None or position in self.said:
            return self.said[position]
        made = self._plain.made
        if position not in made:
            made[position] = self._plain.make(position)
        return made[position]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def counts(self) -> Counter[Outcome]:
        """How many rows come to what."""
        return Counter({outcome: n for outcome in Outcome if (n := self.outcomes.count(outcome))})

    def column(self, name: str) -> list[Any]:
        """The values of a column, row by row."""
        plain = self._plain.columns.get(name) if self._plain is not None else None
        found = list(plain) if plain is not None else [None] * len(self)
        for position, row in self.said.items():
            found[position] = row.values.get(name)
        return found

    def replaced(self, rows: Mapping[int, Planned]) -> PlannedRows:
        """The same with other rows at some positions."""
        return PlannedRows({**self.said, **rows}, self._plain)

    def corrected(self, change: Callable[[Planned], Planned]) -> PlannedRows:
        """The same, each row with problems changed."""
        said = {position: change(row) if row.problems else row for position, row in self.said.items()}
        return PlannedRows(said, self._plain)

    def chosen(self, outcomes: Collection[Outcome]) -> Chosen:
        """The rows that come to one of these."""
        return Chosen(self, outcomes)


class Chosen(Sequence[Planned]):
    """Some rows of a file, in its order. `said` are those planned one by one, by position in the file;
    `plain` are the positions of the others, whose values stand in columns."""

    def __init__(self, rows: PlannedRows, outcomes: Collection[Outcome]):
        self._rows = rows
        self.positions = [place for place, outcome in enumerate(rows.outcomes) if outcome in outcomes]
        self.said = {place: row for place, row in rows.said.items() if row.outcome in outcomes}
        self.plain = [place for place in self.positions if place not in self.said]

    def column(self, name: str) -> list[Any]:
        """The values of a column of the plain rows, aligned with `plain`."""
        whole = self._rows.column(name)
        return whole if len(self.plain) == len(whole) else [whole[place] for place in self.plain]

    def __len__(self) -> int:
        return len(self.positions)

    @overload
    def __getitem__(self, index: int) -> Planned: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Planned]: ...
    def __getitem__(self, index: int | slice) -> Planned | Sequence[Planned]:
        if isinstance(index, slice):
            return [self._rows[place] for place in self.positions[index]]
        return self._rows[self.positions[index]]

    def __iter__(self) -> Iterator[Planned]:
        return (self._rows[place] for place in self.positions)
