"""Making a package: written as workbooks, signed, sealed, noted in the register."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Right, Way
from db.journal import entitle
from db.tables import Package
from gridoffice.errors import RuleBroken
from gridoffice.exports import texts
from gridoffice.fields import Column, Field
from gridoffice.office import Office
from gridoffice.packages import attached, keys, tenures, tree
from gridoffice.packages.beside import title_of
from gridoffice.packages.contents import Contents, Paper, Part, digest_of, packed
from gridoffice.packages.endings import ENDINGS
from gridoffice.packages.gone import PREFIX
from gridoffice.packages.had import HadLedger, written
from gridoffice.packages.partners import partner
from gridoffice.packages.preparing import Past, Ready, Sending, Sheet, last_sent, ready
from gridoffice.packages.sealing import sealed
from gridoffice.service import service
from gridoffice.settings import NAME, setting
from gridoffice.spreadsheet.replacing import replacing
from gridoffice.spreadsheet.writing import SheetTable, write_ledger


@dataclass(frozen=True, slots=True)
class Sent:
    """A package that was written."""

    file: Path
    number: int
    parts: tuple[Part, ...]
    action: int | None


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
            *_told(found.past, Path(folder), tree.KEY),
            *_written(found.sheets, name, Path(folder)),
            *_files(office, found.files, Path(folder)),
            *_written(lost, name, Path(folder)),
            *_told(found.past, Path(folder), tenures.KEY),
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
    with replacing(target) as file:
        file.write(data)
        done = office.write(note_sent, found.partner.id, said, _had(found, bytes(own.seal.public_key).hex()))
    return Sent(target, said.number, parts, done.action)


def _files(office: Office, files: Sequence[attached.Attached], folder: Path) -> Iterator[Part]:
    if files:
        target = folder / attached.FILE
        office.read(attached.write_files, files, target)
        digest = digest_of(target.read_bytes())
        yield Part(attached.KEY, attached.TITLE, attached.FILE, len(files), digest)


def _told(past: Sequence[Past], folder: Path, key: str) -> Iterator[Part]:
    """Grids as they were come first: whoever is in the ledgers is in the grids of today. Who was what comes last:
    people and organisations are there by then."""
    for one in past:
        if one.key == key:
            (folder / one.file).write_bytes(one.content)
            yield Part(key, title_of(key), one.file, one.count, digest_of(one.content))


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
    marks = {mark for sheet in found.every for mark in sheet.marks} | found.all_files | found.all_past
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
    last = last_sent(session, to.id)
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
