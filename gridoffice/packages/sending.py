"""Making a package: what changed since the last one, or everything; a month's raw values; what the office above
gives down."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Right, Way
from db.journal import entitle
from db.server.numbers import whole_numbers
from db.tables import Package, PartyOrg
from gridoffice.assessment.ledger import INDICATOR_LEDGER
from gridoffice.assessment.month import month_record
from gridoffice.assessment.publicity import SHOWN
from gridoffice.assessment.rows import results
from gridoffice.assessment.rules import in_words
from gridoffice.assessment.working_days import HOLIDAYS
from gridoffice.errors import RuleBroken
from gridoffice.exports import texts
from gridoffice.fields import Column, Field
from gridoffice.grids.ledger import GRID_LEDGER
from gridoffice.grids.tree import ancestors
from gridoffice.intake import Options
from gridoffice.ledgers import LEDGERS
from gridoffice.listing import Ask, Listing, listed
from gridoffice.office import Office
from gridoffice.overview.questions import raw_listing
from gridoffice.own_tables import OwnTable
from gridoffice.packages import attached, keys
from gridoffice.packages.contents import Answer, Contents, Paper, Part, Rules, digest_of, packed
from gridoffice.packages.gone import ENDINGS, PREFIX, still_known, title_of
from gridoffice.packages.had import Had, HadLedger, mark_of, read, written
from gridoffice.packages.partners import Partner, partner, trusted
from gridoffice.packages.sealing import sealed
from gridoffice.packages.standing import answers_for
from gridoffice.papers.ledger import NUMBER_LEDGER
from gridoffice.party.listing import ORGS
from gridoffice.party.org_ledger import ORG_LEDGER
from gridoffice.party.reporting import SERVICE
from gridoffice.progress import report
from gridoffice.qualifications.service import SKILLS
from gridoffice.service import service
from gridoffice.settings import NAME, SCHEMES, setting
from gridoffice.spreadsheet.writing import SheetTable, write_ledger
from gridoffice.training.service import HOURS

TABLES: dict[str, OwnTable[Any]] = {one.key: one for one in (SKILLS, HOURS, SERVICE, HOLIDAYS)}
"""Tables of rules that the office above may give down."""
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
    files: tuple[attached.Attached, ...]
    all_files: frozenset[bytes]
    """Marks of the photographs and scans that the other office has once it took this package in."""

    @property
    def empty(self) -> bool:
        return not (self.sheets or self.gone or self.files or self.papers or self.rules or self.answers)


@dataclass(frozen=True, slots=True)
class Sent:
    """A package that was written."""

    file: Path
    number: int
    parts: tuple[Part, ...]
    action: int | None


def ready(session: Session, wish: Sending) -> Ready:
    """What a package would hold now. Raises `RuleBroken` for an office that is not trusted yet."""
    to = trusted(partner(session, wish.partner_id))
    last = _last(session, to.id)
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
    files = attached.attached(session, scope)
    fresh_files = [one for one in files if wish.whole or one.mark not in before.marks]
    return Ready(
        to,
        1 if last is None else last.number + 1,
        None if last is None else last.identity,
        None if last is None else last.made,
        tuple(sheets),
        tuple(_decided(session, scope, wish.month)) if wish.rules and wish.month is not None else (),
        _rules(session) if wish.rules else Rules(),
        tuple(answers_for(session, to.id)),
        tuple(every),
        scope,
        before,
        {key: numbers for key, numbers in gone.items() if numbers},
        tuple(fresh_files),
        frozenset(one.mark for one in files),
    )


def _last(session: Session, partner_id: int) -> Package | None:
    query = select(Package).where(Package.partner_id == partner_id, Package.way == Way.SENT)
    return session.scalar(query.order_by(Package.number.desc()).limit(1))


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


def _rules(session: Session) -> Rules:
    """What this office wrote itself in place of what ships with the program."""
    own = {key: text for key, one in TABLES.items() if (text := one.text(session)) != one.shipped()}
    return Rules(dict(setting(session, SCHEMES, {})), own)


def send(office: Office, wish: Sending, password: str, target: Path) -> Sent:
    """Write a package, and note it in the register. Raises `RuleBroken` when there is nothing to send or the
    password is wrong; `OfficeError` when the file cannot be written."""
    office.require(Right.REVEAL)
    office.require(Right.EDIT_PEOPLE)
    own = office.read(keys.unlocked, password)
    found = office.read(ready, wish)
    if found.empty:
        raise RuleBroken(f"上次发给“{found.partner.name}”以后没有变化，不用再发。")
    with TemporaryDirectory(prefix="gridoffice-") as folder:
        name = office.read(setting, NAME, "")
        lost = list(_gone(found, own))
        parts = (
            *_written(found.sheets, name, Path(folder)),
            *_files(office, found.files, Path(folder)),
            *_written(lost, name, Path(folder)),
        )
        papers = [
            Paper(one.title, one.file, one.digest) for one in _written(found.papers, name, Path(folder))
        ]
        said = Contents(
            identity=secrets.token_hex(16),
            number=found.number,
            previous=found.previous,
            made=datetime.now(UTC),
            name=office.read(keys.own_card).name,
            month=wish.month,
            whole=wish.whole or found.previous is None,
            parts=parts,
            rules=found.rules,
            answers=found.answers,
            papers=tuple(papers),
        )
        data = sealed(packed(said, Path(folder)), own, found.partner.seal_key)
    fresh = target.with_name(f".{target.name}.new")
    try:
        fresh.write_bytes(data)
        done = office.write(note_sent, found.partner.id, said, _had(found, bytes(own.seal.public_key).hex()))
        fresh.replace(target)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise RuleBroken(f"写不到“{target}”：{error.strerror or error}。换个地方存。") from error
    return Sent(target, said.number, parts, done.action)


def _files(office: Office, files: Sequence[attached.Attached], folder: Path) -> Iterator[Part]:
    if files:
        target = folder / attached.FILE
        office.read(attached.write_files, files, target)
        digest = digest_of(target.read_bytes())
        yield Part(attached.KEY, attached.TITLE, attached.FILE, len(files), digest)


def _gone(found: Ready, own: keys.Keys) -> Iterator[Sheet]:
    """The rows that are gone, as they were sent."""
    had = found.before.rows(own)
    for key, numbers in found.gone.items():
        if key in had:
            columns = tuple(
                Column(f"c{place}", Field(words)) for place, words in enumerate(had[key].headings)
            )
            rows = [had[key].rows[number] for number in numbers if number in had[key].rows]
            yield Sheet(f"{PREFIX}{key}", title_of(f"{PREFIX}{key}"), columns, rows, ())


def _had(found: Ready, seal_key: str) -> str:
    """What the other office has from now on, for the register."""
    ledgers = {
        sheet.key: HadLedger(
            tuple(column.field.label for column in sheet.columns),
            sheet.who(),
            {
                number: texts(sheet.columns, row, True)
                for number, row in zip(sheet.ids, sheet.rows, strict=True)
            },
        )
        for sheet in found.every
        if sheet.key in ENDINGS
    }
    marks = {mark for sheet in found.every for mark in sheet.marks} | found.all_files
    return written(marks, found.scope, ledgers, seal_key)


def _written(sheets: Sequence[Sheet], name: str, folder: Path) -> Iterator[Part]:
    for sheet in sheets:
        file = f"{sheet.key.replace(':', '-')}.xlsx"
        made = date.today().isoformat()
        write_ledger(
            folder / file,
            SheetTable(f"{name}{sheet.title}", (f"截至：{made}",), sheet.columns, sheet.rows, reveal=True),
        )
        yield Part(sheet.key, sheet.title, file, len(sheet.rows), digest_of((folder / file).read_bytes()))


@service("发出上报包", needs=Right.EDIT_PEOPLE, undoable=False)
def note_sent(session: Session, partner_id: int, said: Contents, marks: str) -> int:
    """Note a package in the register; it has left, so it cannot be undone. Raises `RuleBroken` when another
    was sent meanwhile."""
    to = partner(session, partner_id)
    last = _last(session, to.id)
    if (None if last is None else last.identity) != said.previous:
        raise RuleBroken(f"刚才有人也给“{to.name}”发了一个包，这一个没有发。再发一次。")
    one = Package(
        way=Way.SENT,
        partner_id=to.id,
        number=said.number,
        identity=said.identity,
        made=said.made,
        month=said.month,
        whole=said.whole,
        contents=[{"key": part.key, "title": part.title, "rows": part.rows} for part in said.parts],
        marks=marks,
        settled=[],
    )
    session.add(one)
    told = {answer.identity: dict(answer.done) for answer in said.answers}
    for received in session.scalars(select(Package).where(Package.identity.in_(told))):
        received.answered = told[received.identity]
    session.flush()
    rows = "、".join(part.words for part in said.parts) or "只有规定和回执"
    entitle(session, f"发给“{to.name}”第 {said.number} 号上报包：{rows}，带完整证件号和电话")
    return one.id


def file_name(found: Ready, name: str) -> str:
    """What to call the file of a package."""
    return f"{name}发{found.partner.name}第{found.number}号.gridpack"
