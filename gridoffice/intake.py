"""Taking a workbook in: read, match, plan against the database, then write all of it or nothing.

`incoming` reads a file against a ledger's columns; `Ledger.plan` compares its rows with the
database; `take_in` plans once more inside the write's own transaction, so that what is written is
what was true at that moment, and refuses as a whole when a row is wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from db.journal import entitle
from gridoffice.errors import Problem, RuleBroken, has_error
from gridoffice.fields import Column
from gridoffice.listing import Listing
from gridoffice.progress import report
from gridoffice.spreadsheet.matching import Layout, best_sheet
from gridoffice.spreadsheet.reading import read
from gridoffice.spreadsheet.taking import Taken, TakenRow, take


class Outcome(StrEnum):
    """What a row comes to."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    ERROR = "error"

    @property
    def label(self) -> str:
        return _OUTCOMES[self]


_OUTCOMES = {
    Outcome.NEW: "新增",
    Outcome.UPDATED: "更新",
    Outcome.UNCHANGED: "无变化",
    Outcome.CONFLICT: "冲突",
    Outcome.ERROR: "错误",
}


class Merge(StrEnum):
    """Whose value stands when both have one: what the workbook says where it says something
    (`fill`), the workbook even where it is blank (`overwrite`), or the workbook only where the
    office has nothing (`blanks`)."""

    FILL = "fill"
    OVERWRITE = "overwrite"
    BLANKS = "blanks"

    def of(self, old: Any, new: Any) -> Any:
        if self is Merge.OVERWRITE:
            return new
        if self is Merge.BLANKS:
            return new if old is None else old
        return old if new is None else new


@dataclass(frozen=True, slots=True)
class Options:
    """How a workbook is taken in. `month` is YYYY-MM, for ledgers of a month."""

    merge: Merge = Merge.FILL
    good_rows_only: bool = False
    month: str | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """One row and what would become of it. `changes` holds old and new value by column name; `texts`
    what stands in the cells of a row with problems; `record` and `resolved` are the subject's own
    notes for writing."""

    number: int
    outcome: Outcome
    values: Mapping[str, Any]
    texts: Mapping[str, str]
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    record: int | None = None
    resolved: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger as Excel knows it. `columns` may depend on the month's scheme; `plan` compares rows
    with the database; `write` carries out the new and updated ones; `service` is the journalled
    action that does both; `listing` shows and exports the same rows."""

    key: str
    title: str
    unit: str
    columns: Callable[[Session, Options], tuple[Column, ...]]
    plan: Callable[[Session, Sequence[TakenRow], Options], list[Planned]]
    write: Callable[[Session, Sequence[Planned], Options], None]
    service: Callable[..., Preview]
    listing: Listing | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file read against a ledger's columns, before any comparison. Plain values only."""

    ledger: str
    file: str
    sheet: str
    digest: str
    layout: Layout
    taken: Taken


@dataclass(frozen=True, slots=True)
class Preview:
    """Every row of a file with its outcome: what the clerk checks before anything is written."""

    ledger: str
    title: str
    unit: str
    incoming: Incoming
    rows: tuple[Planned, ...]
    written: bool = False

    def count(self, outcome: Outcome) -> int:
        return sum(1 for row in self.rows if row.outcome is outcome)

    @property
    def problems(self) -> list[Problem]:
        return [*self.incoming.taken.problems, *(problem for row in self.rows for problem in row.problems)]

    @property
    def blocked(self) -> int:
        """How many rows stop the whole from being written."""
        return self.count(Outcome.ERROR) + self.count(Outcome.CONFLICT)

    def in_words(self) -> str:
        """`新增 12、更新 23、无变化 148`, without the zeros."""
        counts = Counter(row.outcome for row in self.rows)
        words = [f"{outcome.label} {counts[outcome]}" for outcome in Outcome if counts[outcome]]
        return "、".join(words) or "没有数据行"


def incoming(ledger: Ledger, columns: Sequence[Column], path: Path) -> Incoming:
    """Read a file as this ledger. Raises `BadSheet` when it is something else."""
    report(f"读取“{path.name}”")
    book = read(path)
    sheet, layout = best_sheet(book, columns)
    taken = take(sheet, layout)
    return Incoming(ledger.key, str(path), sheet.name, book.digest, layout, taken)


def preview(session: Session, ledger: Ledger, come: Incoming, options: Options) -> Preview:
    """Compare the rows with the database; nothing is written."""
    report("与资料库核对", 0, len(come.taken.rows))
    letters = {mapped.column.field.label: mapped.letter for mapped in come.layout.columns}
    rows = tuple(_placed(row, letters) for row in ledger.plan(session, come.taken.rows, options))
    return Preview(ledger.key, ledger.title, ledger.unit, come, rows)


def _placed(row: Planned, letters: Mapping[str, str]) -> Planned:
    """The same row, what the subject found wrong with it placed in the sheet's columns too."""
    if not row.problems:
        return row
    placed = (one if one.column else one.at(column=letters.get(one.field or "")) for one in row.problems)
    return replace(row, problems=tuple(placed))


def take_in(session: Session, ledger: Ledger, come: Incoming, options: Options) -> Preview:
    """Plan and write. Raises `RuleBroken` with every problem when a row is wrong or in conflict,
    unless only the good rows were asked for."""
    planned = preview(session, ledger, come, options)
    if planned.blocked and not options.good_rows_only:
        raise RuleBroken(
            f"“{Path(come.file).name}”有 {planned.blocked} 行要先处理，一行也没有写入。", planned.problems
        )
    good = [row for row in planned.rows if row.outcome in (Outcome.NEW, Outcome.UPDATED)]
    report("写入资料库", 0, len(good))
    ledger.write(session, good, options)
    done = Preview(planned.ledger, planned.title, planned.unit, come, planned.rows, written=bool(good))
    if good:
        entitle(
            session,
            f"导入{ledger.title}：{done.in_words()}",
            file=Path(come.file).name,
            sha256=come.digest,
            counts={outcome.value: done.count(outcome) for outcome in Outcome},
        )
    return done


def settle(
    row: TakenRow,
    problems: Sequence[Problem],
    *,
    changes: Mapping[str, tuple[Any, Any]],
    record: int | None,
    resolved: Mapping[str, Any],
    conflict: bool = False,
    values: Mapping[str, Any] | None = None,
) -> Planned:
    """The outcome that follows from a row's problems and from what would change. `values` are the
    row's own, completed by the subject."""
    placed = tuple(problem.at(row=row.number) for problem in (*row.problems, *problems))
    if has_error(placed):
        outcome = Outcome.CONFLICT if conflict and not has_error(row.problems) else Outcome.ERROR
    elif record is None:
        outcome = Outcome.NEW
    else:
        outcome = Outcome.UPDATED if changes else Outcome.UNCHANGED
    texts = row.texts if placed else {}
    return Planned(
        row.number,
        outcome,
        row.values if values is None else values,
        texts,
        changes,
        placed,
        record,
        resolved,
    )


def differences(
    merge: Merge, stored: Mapping[str, Any], said: Mapping[str, Any], names: Sequence[str]
) -> dict[str, tuple[Any, Any]]:
    """What a row would change: old and new value by column name, for the columns the file has."""
    found = {}
    for name in names:
        if name in said:
            old, new = stored.get(name), merge.of(stored.get(name), said[name])
            if old != new:
                found[name] = (old, new)
    return found
