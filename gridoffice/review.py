"""One file between reading and writing: every row with what would become of it, page by page.

The rows stay in the process that read them; whoever shows them asks for a summary, for the order of the
lines on screen, and for the rows that are looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from db.enums import Right
from gridoffice import intake, ledgers
from gridoffice.earlier import Before, taken_in_before
from gridoffice.errors import OfficeError, RuleBroken, has_error
from gridoffice.fields import Column, of_persons
from gridoffice.intake import (
    Incoming,
    Options,
    Outcome,
    Planned,
    Preview,
    Standing,
    check_key,
    choices_of,
    plan_rows,
    standing,
    standing_after,
)
from gridoffice.leaving import Leaving, Out, for_purpose, leave, mark_of
from gridoffice.office import Office
from gridoffice.planned import PlannedRows
from gridoffice.questions import Asked, Choice, Question, remember_answers, remembered_answers, target
from gridoffice.reviewed import (
    NEED_THE_CLERK,
    Lines,
    Reviewed,
    SheetSeen,
    lines_of,
    look,
    telling_first,
)
from gridoffice.searching import SearchText
from gridoffice.spreadsheet.books import Corrections
from gridoffice.spreadsheet.receipt import Receipt, write_receipt
from gridoffice.spreadsheet.taken import TakenRow, TakenRows
from gridoffice.undisturbed import undisturbed

MOST_QUESTIONS = 200
"""So many are asked at a time."""

T = TypeVar("T")

__all__ = ["NEED_THE_CLERK", "Before", "Choice", "Lines", "Question", "Review", "Reviewed", "SheetSeen"]


class Review:
    """A file that was read and compared with the office, and may be written."""

    def __init__(self, office: Office, key: str, source: Path | str, options: Options):
        """Read a file, or text pasted from the clipboard, as the ledger of that key. Raises `BadSheet`
        when it is something else."""
        self.office, self.source = office, source
        self.ledger = ledgers.ledger_called(key)
        self.options = _kept(options)
        self.action: int | None = None
        self._ground: tuple[Standing, Any] | None = None
        self._choices: dict[Asked, tuple[Choice, ...]] = {}
        self._searched: SearchText | None = None
        self._broken = False
        """Was planning broken off (cancelled, refused)? Then the rows are not those of the options."""
        self._read()
        self._plan()

    def summary(self) -> Reviewed:
        """Where the file stands."""
        come, taken, seen = self.come, self.come.taken, look(self.plan.rows)
        with_error = sum(has_error([problem]) for problem in taken.all_problems)
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
            columns=telling_first(self._columns(), seen.wrong, seen.changed),
            fields=tuple(column for column in self._known if not column.field.computed),
            total=len(self.plan.rows),
            counts={outcome: seen.counts[outcome] for outcome in Outcome},
            blocked=sum(seen.counts[outcome] for outcome in NEED_THE_CLERK) + with_error,
            out_of_scope=seen.out_of_scope,
            cells=seen.cells,
            questions=self._questions(seen.asks),
            before=self._before,
            written=self.plan.written,
            action=self.action,
        )

    def lines(self, outcomes: tuple[Outcome, ...], search: str = "") -> Lines:
        """The lines of the rows with one of these outcomes in which the text stands, what needs the
        clerk first."""
        wanted = search.strip().casefold()
        found = self._text().find(wanted) if wanted else None
        return lines_of(self.plan.rows, outcomes, found)

    def rows(self, positions: Sequence[int]) -> list[Planned]:
        """The rows at these positions, counted from 0."""
        return [self.plan.rows[position] for position in positions]

    def again(self, options: Options) -> Reviewed:
        """With other options. The file is read again only when it is to be read otherwise; of other
        fixes and answers only the rows that hang together with them are planned again, unless the office
        itself changed since."""
        before, self.options = self.options, _kept(options)
        broken, self._broken = self._broken, True
        if (options.guide, options.month) != self._read_for:
            self._read()
            self._plan()
        elif broken:
            self._rows = self.come.taken.corrected(self._known, options.fixes)
            self._plan()
        else:
            self._plan_anew(before)
        self._broken = False
        return self.summary()

    def _plan_anew(self, before: Options) -> None:
        """Plan what other options than these change; all of it when the office has changed since."""
        options = self.options
        if self.plan.written or self.plan.at != self.office.read(standing):
            self._plan()
            return
        touched, told = self._fix(before.fixes), _differing(before.answers, options.answers)
        alike = replace(before, fixes=options.fixes, answers=options.answers)
        if self.ledger.bonds is None and (touched or told):
            self._plan()
        elif replace(alike, good_rows_only=options.good_rows_only) == options:
            self._plan_some(touched, told)
        else:
            self._plan()

    def write(self) -> Reviewed:
        """Write what is planned, in one transaction; planned anew when the office has changed since.
        Nothing is written when a row is wrong and not only the good rows are wanted."""
        try:
            done = self.office.write(self.ledger.service, self.come, self.options, self.plan)
        except RuleBroken:
            if self.plan.at != self.office.read(standing):
                self._plan()
            if self.plan.blocked and not self.options.good_rows_only:
                return self.summary()
            raise
        self.plan, self.action = done.result, done.action
        if self.plan.written:
            self._remember()
        return self.summary()

    def receipt(self, target: Path) -> Receipt:
        """The file that was read, back again with every problem marked in it; nothing else is changed."""
        self.office.require(Right.READ)
        if not self.come.file:
            raise OfficeError("粘贴的内容没有原表，做不了错误回执。")
        come = self.come
        name = Path(come.file).name
        out = Leaving(Out.SAVE, f"{name}的错误回执", len(come.taken.rows), persons=of_persons(self._known))
        out = for_purpose(self.office, out)
        at = self.office.read(standing_after, self.plan.at, leave(self.office, out, target))
        self.plan = replace(self.plan, at=at)
        mark = mark_of(self.office.who, out)
        return write_receipt(
            Path(come.file), target, come.taken, self.plan.problems, digest=come.digest, mark=mark
        )

    # planning

    def _read(self) -> None:
        self._known = self.office.read(self.ledger.columns, self.options)
        self.come: Incoming = ledgers.read_in(self.office, self.ledger.key, self.source, self.options)
        self._rows: TakenRows = self.come.taken.corrected(self._known, self.options.fixes)
        service = self.ledger.service
        name = f"{service.__module__}.{service.__qualname__}"
        self._before = self.office.read(taken_in_before, name, self.come.digest)
        self._read_for = self.options.guide, self.options.month

    def _fix(self, before: Corrections) -> dict[int, TakenRow]:
        """Correct the cells that were not corrected so before; answers the rows as they were, by
        position."""
        changed = _differing(before, self.options.fixes)
        taken, rows = self.come.taken, self.come.taken.rows
        found = rows.find(changed) if changed else {}
        touched = {position: self._rows[position] for position in found}
        anew = {}
        for position, key in found.items():
            texts = self.options.fixes.get(key)
            row = rows[position]
            anew[position] = taken.correct(row, self._known, texts) if texts else row
        self._rows = self._rows.replaced(anew)
        return touched

    def _plan(self) -> None:
        """Plan every row."""

        def plan(session: Session) -> PlannedRows:
            check_key(self.ledger, self.options)
            return self._planned(session, self._rows)

        rows = self.office.weigh(plan)
        assert self._ground is not None
        ledger = self.ledger
        self.plan = Preview(
            ledger.key, ledger.title, ledger.unit, self.come, rows, self.options, self._ground[0]
        )

    @undisturbed()
    def _planned(self, session: Session, rows: Sequence[TakenRow]) -> PlannedRows:
        at = standing(session)
        if self._ground is None or self._ground[0] != at:
            self._ground = at, self.ledger.ground(session, self.options)
            self._choices = {}
        return plan_rows(session, self.ledger, self.come, rows, self.options, self._ground[1])

    def _plan_some(self, touched: Mapping[int, TakenRow], told: set[str]) -> None:
        """Plan again the rows that were corrected, those that waited for an answer, and all that hang
        together with them."""
        positions = set(touched)
        if told:
            for position, row in self.plan.rows.said.items():
                if row.asks and any(asked.key in told for asked in row.asks):
                    positions.add(position)
        if not positions:
            self.plan = replace(self.plan, options=self.options)
            return
        if self.office.read(standing) != self.plan.at:
            self._plan()
            return
        columns = {name: self._rows.column(name) for name in self.ledger.bonds or ()}
        values = {name: {row.values.get(name) for row in touched.values()} for name in columns}
        records: set[int | None] = set()
        while True:
            some = self._hanging(positions, columns, values, records)
            done = self.office.weigh(self._planned, [self._rows[position] for position in some])
            found = set(done.records) - records - {None}
            if found.isdisjoint(self.plan.rows.records):
                break
            records |= found
            positions = set(some)
        rows = self.plan.rows.replaced(dict(zip(some, done, strict=True)))
        self.plan = replace(self.plan, rows=rows, options=self.options, written=False)

    def _hanging(
        self,
        positions: set[int],
        columns: Mapping[str, Sequence[Any]],
        values: dict[str, set[Any]],
        records: set[int | None],
    ) -> list[int]:
        """These rows, and those that have a value or a record in common with any of them, and so on."""
        found, known = set(positions), self.plan.rows.records
        while True:
            for name, some in values.items():
                some.update(columns[name][position] for position in found)
            records.update(known[position] for position in found)
            more = set(found)
            for column, some in ((known, records), *((columns[name], some) for name, some in values.items())):
                some.discard(None)
                more.update(position for position, value in enumerate(column) if value in some)
            if more == found:
                return sorted(found)
            found = more

    # what is asked, what is remembered

    def _questions(self, asks: Mapping[Asked, int]) -> tuple[Question, ...]:
        """The first questions, those that still wait before those that are settled."""
        first = sorted(asks, key=lambda asked: asked.answer is not None)[:MOST_QUESTIONS]
        missing = [asked for asked in first if asked not in self._choices]
        if missing and self._ground is not None:
            ground = self._ground[1]

            def choices(session: Session) -> dict[Asked, tuple[Choice, ...]]:
                return {asked: choices_of(session, self.ledger, ground, asked) for asked in missing}

            self._choices |= self.office.weigh(choices)
        return tuple(
            Question(
                asked.key,
                asked.worded(asks[asked]),
                asked.field,
                asked.value,
                asks[asked],
                self._choices[asked],
                asked.answer,
            )
            for asked in first
        )

    def _remember(self) -> None:
        """Keep for the next time what headings mean and what was answered."""
        if choices := intake.chosen(self.come):
            self.office.write(intake.remember_mappings, self.ledger.key, choices)
        known = self.office.read(remembered_answers, self.ledger.key)
        told = {
            asked.key: asked.answer if target(asked.answer) is not None else None
            for row in self.plan.rows.said.values()
            for asked in row.asks
            if asked.key in self.options.answers
        } | dict(self.plan.lessons)
        news = {key: answer for key, answer in told.items() if known.get(key) != answer}
        if news:
            self.office.write(remember_answers, self.ledger.key, news)

    # what is shown

    def _columns(self) -> tuple[Column, ...]:
        """The columns that the file has, in the order of the ledger's own sheet."""
        mapped = (m.column for sheet in self.come.taken.sheets for m in sheet.layout.columns)
        return tuple({column.name: column for column in mapped}.values())

    def _text(self) -> SearchText:
        """What can be searched in the rows as they are planned."""
        if self._searched is None or self._searched.rows is not self.plan.rows:
            self._searched = SearchText(self.plan.rows, self._columns())
        return self._searched


def _kept(options: Options) -> Options:
    """The same options, whatever the caller does with his own later."""
    fixes = {key: dict(texts) for key, texts in options.fixes.items()}
    return replace(options, answers=dict(options.answers), fixes=fixes)


def _differing(one: Mapping[T, Any], other: Mapping[T, Any]) -> set[T]:
    """The keys whose values differ."""
    return {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}
