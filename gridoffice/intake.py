"""Taking a workbook in: read, match, plan against the database, then write all of it or nothing.

`incoming` reads a file against a ledger's columns; `Ledger.plan` compares its rows with the
database; `take_in` writes, and refuses as a whole when a row is wrong. What is written is what was
true at that moment: when the journal has grown since the plan was made, it plans once more inside
the write's own transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Deed, Right
from db.journal import entitle, recorder_of
from db.tables import Action, JournalHead
from gridoffice.errors import Problem, RuleBroken, has_error
from gridoffice.fields import Column
from gridoffice.listing import Listing
from gridoffice.old_numbers import CHOICES, OLD_NUMBERS, offered
from gridoffice.planned import Chosen, Outcome, Planned, PlannedRows, in_words
from gridoffice.progress import report
from gridoffice.questions import Asked, Choice
from gridoffice.service import service
from gridoffice.settings import MAPPINGS, set_setting, setting
from gridoffice.spreadsheet.books import TakenBook, take_book
from gridoffice.spreadsheet.guide import Group, Guide
from gridoffice.spreadsheet.matching import Layout
from gridoffice.spreadsheet.reading import read, read_pasted
from gridoffice.spreadsheet.taken import RowKey, TakenRow
from gridoffice.undisturbed import undisturbed


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
    """How a workbook is taken in. `month` is YYYY-MM (or a month's address), for ledgers of a month, `scorer`
    the office whose indicators alone are meant; `guide` says how the
    file is read; `fixes` are texts the clerk typed over cells, by row and column name; `merges` are
    rules of single columns, by name; `answers` what was answered, by the question's key;
    `create_missing` makes what is named and not known, wherever it can be made."""

    merge: Merge = Merge.FILL
    good_rows_only: bool = False
    month: str | None = None
    scorer: str = ""
    guide: Guide = field(default_factory=Guide)
    fixes: Mapping[RowKey, Mapping[str, str]] = field(default_factory=dict)
    merges: Mapping[str, Merge] = field(default_factory=dict)
    key: Key = Key.AUTO
    answers: Mapping[str, str] = field(default_factory=dict)
    create_missing: bool = False

    def rule(self, column: str) -> Merge:
        """The merge rule of a column."""
        return self.merges.get(column, self.merge) if self.merges else self.merge


PASTED_WORDS = "粘贴的内容"


def _no_choices(_session: Session, _ground: Any, _asked: Asked) -> tuple[Choice, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger as Excel knows it. `columns` may depend on the month's scheme; `ground` loads what all
    rows are compared with, and `plan` compares rows with it and with the database; `write` carries out
    the new and updated ones and says which questions of theirs have an answer from now on; `service`
    is the journalled action that does both; `listing` shows and exports the same rows; `groups` are
    the columns that offices also write as titles between the rows; `choices` finds the answers to a
    question; `keys` are the ways to tell which record a row means; `bonds` are the columns in which
    rows whose plans depend on each other have a value in common, None when all rows hang together;
    `offers` are the words of this office that a template lists for a column, beside codes and grids."""

    key: str
    title: str
    unit: str
    columns: Callable[[Session, Options], tuple[Column, ...]]
    ground: Callable[[Session, Options], Any]
    plan: Callable[[Session, Sequence[TakenRow], Options, Any], Sequence[Planned]]
    write: Callable[[Session, Chosen, Options], Mapping[str, str]]
    service: Callable[..., Preview]
    listing: Listing | None = None
    groups: Callable[[Session], tuple[Group, ...]] = lambda _session: ()
    choices: Callable[[Session, Any, Asked], tuple[Choice, ...]] = _no_choices
    keys: tuple[Key, ...] = (Key.AUTO,)
    bonds: tuple[str, ...] | None = None
    offers: Callable[[Session], Mapping[str, Sequence[str]]] = lambda _session: {}


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


Standing = tuple[str, date]
"""The office as of the last line of its journal, on a day: nothing that a plan depends on is elsewhere."""


def standing(session: Session) -> Standing:
    """What a plan that is made now stands on."""
    return session.execute(select(JournalHead.digest)).scalar_one(), date.today()


def standing_after(session: Session, before: Standing, note: int) -> Standing:
    """What a plan stands on once a line was written that changed nothing."""
    digest, day = before
    query = select(Action.digest).where(Action.id == note, Action.previous == digest)
    return session.scalar(query) or digest, day


@dataclass(frozen=True, slots=True)
class Preview:
    """Every row of a file with its outcome: what the clerk checks before anything is written. `at` is
    what the plan stands on; `lessons` are answers that only the writing has given."""

    ledger: str
    title: str
    unit: str
    incoming: Incoming
    rows: PlannedRows
    options: Options
    at: Standing
    written: bool = False
    lessons: Mapping[str, str] = field(default_factory=dict)

    def count(self, outcome: Outcome) -> int:
        return self.rows.counts()[outcome]

    @property
    def problems(self) -> list[Problem]:
        return [
            *self.incoming.taken.all_problems,
            *(problem for row in self.rows.said.values() for problem in row.problems),
        ]

    @property
    def blocked(self) -> int:
        """How many rows (and sheets) stop the whole from being written."""
        sheets = sum(has_error([problem]) for problem in self.incoming.taken.all_problems)
        return self.count(Outcome.ERROR) + self.count(Outcome.CONFLICT) + sheets

    def in_words(self) -> str:
        """`新增 12、更新 23、无变化 148`, without the zeros."""
        return in_words(self.rows.counts())


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
    check_key(ledger, options)
    rows = come.taken.rows
    if options.fixes:
        rows = come.taken.corrected(ledger.columns(session, options), options.fixes)
    planned = plan_rows(session, ledger, come, rows, options, ledger.ground(session, options))
    return Preview(ledger.key, ledger.title, ledger.unit, come, planned, options, standing(session))


def check_key(ledger: Ledger, options: Options) -> None:
    """Raises `RuleBroken` when the rows of this ledger cannot be told by such a key."""
    if options.key not in ledger.keys:
        known = "、".join(f"“{key.label}”" for key in ledger.keys)
        raise RuleBroken(f"{ledger.title}不能按“{options.key.label}”认，可以按{known}。")


@undisturbed()
def plan_rows(
    session: Session,
    ledger: Ledger,
    come: Incoming,
    rows: Sequence[TakenRow],
    options: Options,
    ground: Any,
) -> PlannedRows:
    """Plan rows of a file; what the subject finds wrong with them is placed in the sheets' columns."""
    report("与资料库核对", 0, len(rows))
    letters = {
        sheet.name: {mapped.column.field.label: mapped.letter for mapped in sheet.layout.columns}
        for sheet in come.taken.sheets
    }
    planned = PlannedRows.of(ledger.plan(session, rows, options, ground))
    return planned.corrected(lambda row: offered(_placed(row, letters.get(row.sheet, {})), options.answers))


def choices_of(session: Session, ledger: Ledger, ground: Any, asked: Asked) -> tuple[Choice, ...]:
    """What may be answered to a question."""
    if asked.key == OLD_NUMBERS.key:
        return CHOICES
    return ledger.choices(session, ground, asked)


def _placed(row: Planned, letters: Mapping[str, str]) -> Planned:
    """The same row, what the subject found wrong with it placed in the sheet's columns too."""
    placed = (one if one.column else one.at(column=letters.get(one.field or "")) for one in row.problems)
    return replace(row, problems=tuple(placed))


def take_in(
    session: Session, ledger: Ledger, come: Incoming, options: Options, ready: Preview | None = None
) -> Preview:
    """Write a file: as `ready` has it when nothing happened since in this office, else planned anew.
    Raises `RuleBroken` with every problem when a row is wrong or in conflict, unless only the good
    rows were asked for."""
    as_seen = ready is not None and ready.options == options and ready.at == standing(session)
    planned = ready if ready is not None and as_seen else preview(session, ledger, come, options)
    if planned.blocked and not options.good_rows_only:
        raise RuleBroken(f"“{come.name}”有 {planned.blocked} 行要先处理，一行也没有写入。", planned.problems)
    good = planned.rows.chosen((Outcome.NEW, Outcome.UPDATED))
    if not good:
        return planned
    report("写入资料库", 0, len(good))
    lessons = ledger.write(session, good, options)
    done = replace(planned, written=True, lessons=lessons)
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
