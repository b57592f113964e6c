"""Taking a workbook in: read, match, plan against the database, then write all of it or nothing.

`incoming` reads a file against a ledger's columns; `Ledger.plan` compares its rows with the
database; `take_in` plans once more inside the write's own transaction, so that what is written is
what was true at that moment, and refuses as a whole when a row is wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from db.enums import Deed, Right
from db.journal import entitle, recorder_of
from gridoffice.errors import Problem, RuleBroken, has_error
from gridoffice.fields import Column
from gridoffice.listing import Ask, Listing, listed
from gridoffice.progress import report
from gridoffice.service import service
from gridoffice.settings import MAPPINGS, set_setting, setting
from gridoffice.spreadsheet.books import TakenBook, take_book
from gridoffice.spreadsheet.guide import Group, Guide
from gridoffice.spreadsheet.matching import Layout
from gridoffice.spreadsheet.reading import read, read_pasted
from gridoffice.spreadsheet.taking import RowKey, TakenRow


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


class Key(StrEnum):
    """By what a row finds its record: no match is a new one, one is updated, several are the clerk's
    to tell apart. `AUTO` is the ID number, else name and phone, else the name."""

    AUTO = "auto"
    ID_NUMBER = "id_number"
    NAME_PHONE = "name_phone"
    NAME = "name"

    @property
    def label(self) -> str:
        return _KEYS[self]


_KEYS = {Key.AUTO: "自动", Key.ID_NUMBER: "身份证号码", Key.NAME_PHONE: "姓名+电话", Key.NAME: "姓名"}


@dataclass(frozen=True, slots=True)
class Options:
    """How a workbook is taken in. `month` is YYYY-MM, for ledgers of a month; `guide` says how the
    file is read; `fixes` are texts the clerk typed over cells, by row and column name; `merges` are
    rules of single columns, by name; `answers` what was answered, by the question's key;
    `create_missing` makes what is named and not known, wherever it can be made."""

    merge: Merge = Merge.FILL
    good_rows_only: bool = False
    month: str | None = None
    guide: Guide = field(default_factory=Guide)
    fixes: Mapping[RowKey, Mapping[str, str]] = field(default_factory=dict)
    merges: Mapping[str, Merge] = field(default_factory=dict)
    key: Key = Key.AUTO
    answers: Mapping[str, str] = field(default_factory=dict)
    create_missing: bool = False


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
    sheet: str = ""
    block: int = 0

    @property
    def key(self) -> RowKey:
        """The same as that of the row it was planned from."""
        return self.sheet, self.number, self.block


PASTED_WORDS = "粘贴的内容"


Records = tuple[Sequence[Column], Iterable[Sequence[Any]]]
"""What a form can be filled with: columns, and rows of values aligned with them."""


def as_listed(session: Session, listing: Listing, ask: Ask) -> Records:
    """The rows of a list as they stand."""
    return listing.columns, listed(session, listing, ask)


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger as Excel knows it. `columns` may depend on the month's scheme; `plan` compares rows
    with the database; `write` carries out the new and updated ones; `service` is the journalled
    action that does both; `listing` shows and exports the same rows;
    `groups` are the columns that offices also write as titles between the rows; `records` is what
    other people's forms are filled with."""

    key: str
    title: str
    unit: str
    columns: Callable[[Session, Options], tuple[Column, ...]]
    plan: Callable[[Session, Sequence[TakenRow], Options], list[Planned]]
    write: Callable[[Session, Sequence[Planned], Options], None]
    service: Callable[..., Preview]
    listing: Listing | None = None
    groups: Callable[[Session], tuple[Group, ...]] = lambda _session: ()
    records: Callable[[Session, Listing, Ask], Records] = as_listed


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file read against a ledger's columns, before any comparison. Plain values only. `file` is
    empty for what was pasted."""

    ledger: str
    file: str
    digest: str
    taken: TakenBook

    @property
    def name(self) -> str:
        """What to call it."""
        return Path(self.file).name if self.file else PASTED_WORDS

    @property
    def sheet(self) -> str:
        """The sheet that matched best."""
        return self.taken.sheets[0].name

    @property
    def layout(self) -> Layout:
        """How that sheet was read."""
        return self.taken.sheets[0].layout


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
        return [
            *self.incoming.taken.all_problems,
            *(problem for row in self.rows for problem in row.problems),
        ]

    @property
    def blocked(self) -> int:
        """How many rows (and sheets) stop the whole from being written."""
        sheets = sum(has_error([problem]) for problem in self.incoming.taken.all_problems)
        return self.count(Outcome.ERROR) + self.count(Outcome.CONFLICT) + sheets

    def in_words(self) -> str:
        """`新增 12、更新 23、无变化 148`, without the zeros."""
        return in_words(Counter(row.outcome for row in self.rows))


def in_words(counts: Mapping[Outcome, int]) -> str:
    """`新增 12、更新 23、无变化 148`, without the zeros."""
    words = [f"{outcome.label} {counts[outcome]}" for outcome in Outcome if counts.get(outcome)]
    return "、".join(words) or "没有数据行"


def incoming(
    ledger: Ledger,
    columns: Sequence[Column],
    source: Path | str,
    groups: Sequence[Group] = (),
    guide: Guide | None = None,
) -> Incoming:
    """Read a file, or cells pasted as text, as this ledger. Raises `BadSheet` when it is something
    else."""
    pasted = isinstance(source, str)
    book = read_pasted(source) if isinstance(source, str) else read(source)
    taken = take_book(book, columns, groups=groups, guide=guide)
    return Incoming(ledger.key, "" if pasted else str(source), book.digest, taken)


def preview(session: Session, ledger: Ledger, come: Incoming, options: Options) -> Preview:
    """Compare the rows with the database; nothing is written."""
    report("与资料库核对", 0, len(come.taken.rows))
    letters = {
        sheet.name: {mapped.column.field.label: mapped.letter for mapped in sheet.layout.columns}
        for sheet in come.taken.sheets
    }
    columns = ledger.columns(session, options)
    taken = come.taken.corrected(columns, options.fixes) if options.fixes else come.taken
    planned = ledger.plan(session, taken.rows, options)
    rows = tuple(_placed(row, letters.get(row.sheet, {})) for row in planned)
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
        raise RuleBroken(f"“{come.name}”有 {planned.blocked} 行要先处理，一行也没有写入。", planned.problems)
    good = [row for row in planned.rows if row.outcome in (Outcome.NEW, Outcome.UPDATED)]
    report("写入资料库", 0, len(good))
    ledger.write(session, good, options)
    done = Preview(planned.ledger, planned.title, planned.unit, come, planned.rows, written=bool(good))
    if good:
        entitle(
            session,
            f"导入{ledger.title}：{done.in_words()}",
            file=come.name,
            sha256=come.digest,
            counts={outcome.value: done.count(outcome) for outcome in Outcome},
        )
    return done


def remembered(session: Session, key: str) -> dict[str, dict[str, str | None]]:
    """What the clerk said that headings mean, by layout."""
    return setting(session, MAPPINGS, {}).get(key, {})


def chosen(come: Incoming) -> dict[str, dict[str, str | None]]:
    """What the clerk said this time that headings mean, by layout."""
    return {
        sheet.layout.key: dict(sheet.layout.choice)
        for sheet in come.taken.sheets
        if any(mapped.how == "chosen" for mapped in sheet.layout.columns) or sheet.layout.left_out
    }


@service("记住表头的意思", needs=Right.READ, undoable=False)
def remember_mappings(session: Session, key: str, choices: Mapping[str, Mapping[str, str | None]]) -> None:
    """Keep what the clerk chose, so that the same layout needs no choice the next time. A note beside
    the import: taking the import back does not make the office forget."""
    recorder_of(session).deed = Deed.NOTE
    everything = setting(session, MAPPINGS, {})
    set_setting(session, MAPPINGS, everything | {key: remembered(session, key) | dict(choices)})


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
    placed = tuple(
        problem.at(row=row.number, sheet=row.sheet or None) for problem in (*row.problems, *problems)
    )
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
        row.sheet,
        row.block,
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
