"""One file between reading and writing: every row with what would become of it, page by page.

The rows stay in the process that read them; whoever shows them asks for a summary, for the order of the
lines on screen, and for the rows that are looked at.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from db.enums import Right
from gridoffice import intake, ledgers
from gridoffice.errors import OfficeError, Problem, RuleBroken
from gridoffice.fields import Column, Kind
from gridoffice.intake import Incoming, Options, Outcome, Planned, Preview
from gridoffice.office import Office
from gridoffice.questions import Choice, Question
from gridoffice.spreadsheet.books import HiddenParts, LeftOut
from gridoffice.spreadsheet.matching import Layout
from gridoffice.spreadsheet.receipt import Receipt, write_receipt
from gridoffice.values import show

__all__ = ["Before", "Choice", "Lines", "Question", "Review", "Reviewed", "SheetSeen"]

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
class Before:
    """This very file was taken in before: when, by whom, as which action."""

    day: datetime
    who: str
    action: int
    title: str


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
        return intake.in_words(self.counts)


class Review:
    """A file that was read and compared with the office, and may be written."""

    def __init__(self, office: Office, key: str, source: Path | str, options: Options):
        """Read a file, or text pasted from the clipboard, as the ledger of that key. Raises `BadSheet`
        when it is something else."""
        self.office, self.source = office, source
        self.ledger = ledgers.ledger_called(key)
        self.options = options
        self.action: int | None = None
        self.come: Incoming = ledgers.read_in(office, key, source, options)
        self.plan: Preview = ledgers.preview(office, self.come, options)

    def summary(self) -> Reviewed:
        """Where the file stands."""
        come, taken = self.come, self.come.taken
        counts, wrong, changed, cells = _counted(self.plan.rows)
        return Reviewed(
            ledger=self.ledger.key,
            title=self.ledger.title,
            unit=self.ledger.unit,
            file=come.file,
            name=come.name,
            digest=come.digest,
            options=self.options,
            sheets=tuple(
                SheetSeen(
                    sheet.name,
                    sheet.layout,
                    len(sheet.taken.rows),
                    Counter(row.why for row in sheet.taken.skipped),
                )
                for sheet in taken.sheets
            ),
            left_out=taken.left_out,
            hidden=taken.hidden,
            undecided=taken.undecided,
            problems=taken.all_problems,
            columns=_telling_first(self._columns(), wrong, changed),
            fields=tuple(column for column in self._fields() if not column.field.computed),
            total=len(self.plan.rows),
            counts=counts,
            blocked=self.plan.blocked,
            out_of_scope=0,
            cells=cells,
            written=self.plan.written,
            action=self.action,
        )

    def lines(self, outcomes: tuple[Outcome, ...], search: str = "") -> Lines:
        """The lines of the rows with one of these outcomes in which the text stands, what needs the
        clerk first."""
        some: dict[Outcome, list[int]] = {outcome: [] for outcome in ORDER if outcome in outcomes}
        for position, row in enumerate(self.plan.rows):
            if row.outcome in some and (not search or self._says(row, search)):
                some[row.outcome].append(position)
        entries, troubles = array("q"), array("q")
        for outcome, positions in some.items():
            for position in positions:
                if outcome in NEED_THE_CLERK:
                    troubles.append(len(entries))
                entries.append(position + 1)
                if self.plan.rows[position].problems:
                    entries.append(-(position + 1))
        return Lines(entries, troubles)

    def rows(self, positions: Sequence[int]) -> list[Planned]:
        """The rows at these positions, counted from 0."""
        return [self.plan.rows[position] for position in positions]

    def again(self, options: Options) -> Reviewed:
        """With other options. The file is read again only when it is to be read otherwise."""
        if (options.guide, options.month) != (self.options.guide, self.options.month):
            self.come = ledgers.read_in(self.office, self.ledger.key, self.source, options)
        self.options = options
        self.plan = ledgers.preview(self.office, self.come, options)
        return self.summary()

    def write(self) -> Reviewed:
        """Write what is planned, in one transaction; planned anew when the office has changed since.
        Nothing is written when a row is wrong and not only the good rows are wanted."""
        try:
            done = self.office.write(self.ledger.service, self.come, self.options)
        except RuleBroken:
            self.plan = ledgers.preview(self.office, self.come, self.options)
            if self.plan.blocked and not self.options.good_rows_only:
                return self.summary()
            raise
        self.plan, self.action = done.result, done.action
        if choices := intake.chosen(self.come):
            self.office.write(intake.remember_mappings, self.ledger.key, choices)
        return self.summary()

    def receipt(self, target: Path) -> Receipt:
        """The file that was read, back again with every problem marked in it; nothing else is changed."""
        self.office.require(Right.READ)
        if not self.come.file:
            raise OfficeError("粘贴的内容没有原表，做不了错误回执。")
        come = self.come
        return write_receipt(Path(come.file), target, come.taken, self.plan.problems, digest=come.digest)

    def _fields(self) -> tuple[Column, ...]:
        return self.office.read(self.ledger.columns, self.options)

    def _columns(self) -> tuple[Column, ...]:
        """The columns that the file has, in the order of the ledger's own sheet."""
        mapped = (m.column for sheet in self.come.taken.sheets for m in sheet.layout.columns)
        return tuple({column.name: column for column in mapped}.values())

    def _says(self, row: Planned, search: str) -> bool:
        wanted = search.strip().casefold()
        said = [problem.message for problem in row.problems]
        for column in self._columns():
            value = row.values.get(column.name)
            if value is not None:
                said.append(value if type(value) is str else show(column.field, value))
        return any(wanted in text.casefold() for text in said)


def _counted(rows: Iterable[Planned]) -> tuple[dict[Outcome, int], set[str | None], set[str], int]:
    """How many rows of each outcome; where something is wrong, which columns change, how many cells."""
    counts: Counter[Outcome] = Counter()
    wrong: set[str | None] = set()
    changed: set[str] = set()
    cells = 0
    for row in rows:
        counts[row.outcome] += 1
        if row.problems:
            wrong.update(problem.field for problem in row.problems)
        if row.outcome is Outcome.UPDATED:
            changed.update(row.changes)
            cells += len(row.changes)
    return {outcome: counts[outcome] for outcome in Outcome}, wrong, changed, cells


def _telling_first(
    columns: Sequence[Column], wrong: set[str | None], changed: set[str]
) -> tuple[Column, ...]:
    """The name, then the columns where something is wrong or changes, then the rest."""

    def rank(column: Column) -> int:
        if column.field.kind is Kind.NAME:
            return 0
        return 1 if column.field.label in wrong else 2 if column.name in changed else 3

    return tuple(sorted(columns, key=rank))
