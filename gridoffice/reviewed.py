"""What is shown of a file under review: its numbers, the order of its lines, its questions."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from gridoffice.earlier import Before
from gridoffice.errors import Problem
from gridoffice.fields import Column, Kind
from gridoffice.intake import Options
from gridoffice.planned import Outcome, PlannedRows, in_words
from gridoffice.questions import Asked, Question
from gridoffice.spreadsheet.books import HiddenParts, LeftOut
from gridoffice.spreadsheet.matching import Layout

ORDER = (
    Outcome.ERROR,
    Outcome.CONFLICT,
    Outcome.UPDATED,
    Outcome.NEW,
    Outcome.UNCHANGED,
    Outcome.SKIPPED,
)
"""What needs the clerk comes first."""

NEED_THE_CLERK = (Outcome.ERROR, Outcome.CONFLICT)


@dataclass(frozen=True, slots=True)
class Lines:
    """What a table of the rows shows, line by line: `+(position + 1)` is a row, `-(position + 1)` the
    line below it that tells its problems. `troubles` are the places in `entries` of the rows that need
    the clerk."""

    entries: array
    troubles: array


@dataclass(frozen=True, slots=True)
class SheetSeen:
    """One sheet that was read: how, how many rows, and how many were no data and why."""

    name: str
    layout: Layout
    rows: int
    skipped: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A file under review in numbers. `file` is empty for what was pasted; `problems` are those of the
    workbook and its sheets; `columns` what the file has of the ledger, telling first; `fields` every
    column that a heading may mean; `cells` how many cells the updates change."""

    ledger: str
    title: str
    unit: str
    file: str
    name: str
    digest: str
    options: Options
    sheets: tuple[SheetSeen, ...]
    left_out: tuple[LeftOut, ...]
    hidden: HiddenParts
    undecided: bool
    problems: tuple[Problem, ...]
    columns: tuple[Column, ...]
    fields: tuple[Column, ...]
    total: int
    counts: Mapping[Outcome, int]
    blocked: int
    out_of_scope: int
    cells: int
    questions: tuple[Question, ...] = ()
    before: Before | None = None
    written: bool = False
    action: int | None = None

    def in_words(self) -> str:
        """`新增 12、更新 23、无变化 148`, without the zeros."""
        return in_words(self.counts)


@dataclass(slots=True)
class Seen:
    """What a look at every row has found: how many of each outcome, where something is wrong, which
    columns change, how many cells, and which questions wait for how many rows."""

    counts: Counter[Outcome] = field(default_factory=Counter)
    wrong: set[str | None] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    cells: int = 0
    out_of_scope: int = 0
    asks: Counter[Asked] = field(default_factory=Counter)


def look(rows: PlannedRows) -> Seen:
    """Look at every row once."""
    seen = Seen(rows.counts())
    for row in rows.said.values():
        if row.problems:
            seen.wrong.update(problem.field for problem in row.problems)
        if row.outcome is Outcome.UPDATED:
            seen.changed.update(row.changes)
            seen.cells += len(row.changes)
        if row.asks:
            seen.asks.update(row.asks)
        seen.out_of_scope += row.out_of_scope
    return seen


def lines_of(rows: PlannedRows, outcomes: Collection[Outcome], only: Collection[int] | None) -> Lines:
    """The lines of the rows with one of these outcomes, what needs the clerk first; `only` of rows at
    these positions, if it is said at which."""
    telling = {position for position, row in rows.said.items() if row.problems}
    entries, troubles = array("q"), array("q")
    for outcome in ORDER:
        if outcome not in outcomes:
            continue
        places = (place for place, one in enumerate(rows.outcomes) if one is outcome)
        for position in places if only is None else (place for place in places if place in only):
            if outcome in NEED_THE_CLERK:
                troubles.append(len(entries))
            entries.append(position + 1)
            if position in telling:
                entries.append(-(position + 1))
    return Lines(entries, troubles)


def telling_first(columns: Sequence[Column], wrong: set[str | None], changed: set[str]) -> tuple[Column, ...]:
    """The name, then the columns where something is wrong or changes, then the rest."""

    def rank(column: Column) -> int:
        if column.field.kind is Kind.NAME:
            return 0
        return 1 if column.field.label in wrong else 2 if column.name in changed else 3

    return tuple(sorted(columns, key=rank))
