"""What a package would hold: what changed since the last one, or everything; a month's raw values; what is gone; days
past; what the office above gives down."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Way
from db.server.numbers import whole_numbers
from db.tables import Grid, Package, PartyOrg
from gridoffice.assessment.ledger import INDICATOR_LEDGER
from gridoffice.assessment.month import month_record
from gridoffice.assessment.publicity import SHOWN
from gridoffice.assessment.rows import results
from gridoffice.assessment.rules import in_words
from gridoffice.exports import texts
from gridoffice.fields import Column
from gridoffice.grids.ledger import GRID_LEDGER
from gridoffice.grids.tree import ancestors
from gridoffice.intake import Options
from gridoffice.ledgers import LEDGERS
from gridoffice.listing import Ask, Listing, listed
from gridoffice.overview.questions import raw_listing
from gridoffice.packages import attached, tenures, told, tree
from gridoffice.packages.contents import Answer, digest_of
from gridoffice.packages.endings import ENDINGS
from gridoffice.packages.given import Rules, rules_of
from gridoffice.packages.gone import still_known
from gridoffice.packages.had import Had, mark_of, read
from gridoffice.packages.partners import Partner, partner, trusted
from gridoffice.packages.standing import answers_for
from gridoffice.packages.telling import Teller
from gridoffice.papers.ledger import NUMBER_LEDGER
from gridoffice.party.listing import ORGS
from gridoffice.party.org_ledger import ORG_LEDGER
from gridoffice.progress import report

SENT = tuple(
    key for key, ledger in LEDGERS.items() if ledger.listing is not None and key != NUMBER_LEDGER.key
)
"""Ledgers in the order in which they are taken in: whoever is named comes first. Those of a month have no list
of their own, and the register of documents is each office's."""


@dataclass(frozen=True, slots=True)
class Sending:
    """What is to be sent: to whom, of which part of the tree, what changed since the last package (or the
    `whole`), with the raw values of which month, with the rules of this office or without."""

    partner_id: int
    scope: int | None = None
    whole: bool = False
    month: str | None = None
    rules: bool = False


RESULTS = "results"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One ledger of a package before it is written, or a paper to be read: `marks` are those of its rows, `ids`
    the numbers of their records here."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Any]]
    marks: Sequence[bytes]
    ids: Sequence[int] = ()

    def who(self) -> dict[int, str]:
        """Who or what each record is, as a mark."""
        named = ENDINGS[self.key].who
        places = [place for place, one in enumerate(self.columns) if one.name in named]
        return {
            number: (mark_of(*(str(row[place]) for place in places)) if places else mark).hex()
            for number, row, mark in zip(self.ids, self.rows, self.marks, strict=True)
        }


@dataclass(frozen=True, slots=True)
class Past:
    """A part that tells of days past: how much, in `file`."""

    key: str
    file: str
    count: int
    content: bytes

    @property
    def mark(self) -> bytes:
        return mark_of(self.key, digest_of(self.content))


@dataclass(frozen=True, slots=True)
class Ready:
    """Everything that a package would hold now."""

    partner: Partner
    number: int
    previous: str | None
    since: datetime | None
    sheets: tuple[Sheet, ...]
    papers: tuple[Sheet, ...]
    rules: Rules
    answers: tuple[Answer, ...]
    every: tuple[Sheet, ...]
    """Every row that the other office has once it took this package in."""
    scope: int | None
    before: Had
    gone: Mapping[str, Sequence[int]]
    """By ledger the records that the other office has and that are here no longer."""
    past: tuple[Past, ...]
    """What is told of days past, as far as it is not known there."""
    all_past: frozenset[bytes]
    files: tuple[attached.Attached, ...]
    all_files: frozenset[bytes]
    """Marks of the photographs and scans that the other office has once it took this package in."""

    @property
    def empty(self) -> bool:
        return not (
            self.sheets or self.gone or self.past or self.files or self.papers or self.rules or self.answers
        )


def ready(session: Session, wish: Sending) -> Ready:
    """What a package would hold now. Raises `RuleBroken` for an office that is not trusted yet."""
    to = trusted(partner(session, wish.partner_id))
    last = last_sent(session, to.id)
    before = read(last.marks) if last is not None else Had(frozenset())
    scope = wish.scope if wish.scope is not None else to.grid_id
    whole_numbers(session, "上报包")
    sheets, every, gone = [], [], {}
    for sheet in _ledgers(session, scope, wish.month):
        every.append(sheet)
        if sheet.key in before.who and scope == before.scope:
            gone[sheet.key] = still_known(before.who[sheet.key], sheet.who())
        fresh = [place for place, mark in enumerate(sheet.marks) if wish.whole or mark not in before.marks]
        if fresh:
            sheets.append(
                replace(
                    sheet,
                    rows=[sheet.rows[place] for place in fresh],
                    marks=[sheet.marks[place] for place in fresh],
                    ids=(),
                )
            )
    gone = {key: _told_otherwise(session, key, numbers) for key, numbers in gone.items()}
    past = _past(session, scope)
    files = attached.attached(session, scope)
    fresh_files = [one for one in files if wish.whole or one.mark not in before.marks]
    return Ready(
        to,
        1 if last is None else last.number + 1,
        None if last is None else last.identity,
        None if last is None else last.made,
        tuple(sheets),
        tuple(_decided(session, scope, wish.month)) if wish.rules and wish.month is not None else (),
        rules_of(session) if wish.rules else Rules(),
        tuple(answers_for(session, to.id)),
        tuple(every),
        scope,
        before,
        {key: gone[key] for key in ENDINGS if gone.get(key)},
        tuple(one for one in past if one.count and (wish.whole or one.mark not in before.marks)),
        frozenset(one.mark for one in past),
        tuple(fresh_files),
        frozenset(one.mark for one in files),
    )


def last_sent(session: Session, partner_id: int) -> Package | None:
    query = select(Package).where(Package.partner_id == partner_id, Package.way == Way.SENT)
    return session.scalar(query.order_by(Package.number.desc()).limit(1))


def _past(session: Session, scope: int | None) -> list[Past]:
    teller = Teller(session, scope)
    trunk, branches = teller.tree(), teller.tenures()
    return [
        Past(tree.KEY, tree.FILE, len(trunk), told.write(trunk)),
        Past(tenures.KEY, tenures.FILE, len(branches), told.write(branches)),
    ]


def _told_otherwise(session: Session, key: str, numbers: Sequence[int]) -> list[int]:
    """Without the grids that are closed: of those the past of the tree tells, with the day."""
    if key != GRID_LEDGER.key:
        return list(numbers)
    query = select(Grid.id).where(Grid.id.in_(list(numbers)), Grid.valid_to.is_not(None))
    closed = set(session.scalars(query))
    return [one for one in numbers if one not in closed]


def _ledgers(session: Session, scope: int | None, month: str | None) -> Iterator[Sheet]:
    for done, key in enumerate(SENT):
        ledger = LEDGERS[key]
        report(f"整理{ledger.title}", done, len(SENT))
        if ledger.listing is not None:
            taken = {one.name for one in ledger.columns(session, Options()) if not one.field.computed}
            columns = tuple(one for one in ledger.listing.columns if one.name in taken)
            above = _ABOVE[key](session, scope) if key in _ABOVE and scope is not None else []
            yield _sheet(session, key, ledger.title, ledger.listing, columns, scope, above)
    if month is not None:
        raw = raw_listing(session, month)
        columns = tuple(one for one in raw.columns if not one.field.computed or one.name in ("name", "grid"))
        yield _sheet(session, INDICATOR_LEDGER.key, f"{INDICATOR_LEDGER.title}", raw, columns, scope, [])


def _decided(session: Session, scope: int | None, address: str) -> Iterator[Sheet]:
    """The results of a month for the office below, once they are public."""
    month = month_record(session, address)
    if month.state in SHOWN:
        listing = results(session, month.id)
        title = f"{in_words(month.period)}考核成绩单"
        yield _sheet(session, RESULTS, title, listing, listing.columns, scope, [])


def _grids_above(session: Session, scope: int) -> list[int]:
    """The grids that a part of the tree hangs below: an office that knows none of them could not place it."""
    return [number for number in ancestors(session, scope) if number != scope]


def _orgs_above(session: Session, scope: int) -> list[int]:
    """The organisations above those of a part of the tree, the highest first."""
    inside = set(ORGS.ids(session, Ask(scope=scope, day=date.today())))
    parents = {one: above for one, above in session.execute(select(PartyOrg.id, PartyOrg.parent_id))}
    found: list[int] = []
    for one in inside:
        chain: list[int] = []
        above = parents.get(one)
        while above is not None and above not in inside and above not in found and above not in chain:
            chain.insert(0, above)
            above = parents.get(above)
        found += chain
    return found


_ABOVE: dict[str, Callable[[Session, int], list[int]]] = {
    GRID_LEDGER.key: _grids_above,
    ORG_LEDGER.key: _orgs_above,
}
"""What a part of the tree hangs below, by ledger; it goes along, or the other office could not place the rest."""


def _sheet(
    session: Session,
    key: str,
    title: str,
    listing: Listing,
    columns: tuple[Column, ...],
    scope: int | None,
    above: Sequence[int],
) -> Sheet:
    ask = Ask(scope=scope, day=date.today())
    shown = replace(listing, columns=columns)
    ids = [*above, *(one for one in listing.ids(session, ask) if one not in set(above))]
    rows = list(listed(session, shown, ask, ids))
    marks = [mark_of(key, *texts(columns, row, True)) for row in rows]
    return Sheet(key, title, columns, rows, marks, ids)
