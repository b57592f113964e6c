"""Taking a package in: who sent it, whether it is its turn, and then ledger by ledger as an import from Excel."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Right, Way
from db.journal import entitle
from db.tables import Package
from gridoffice.assessment.ledger import INDICATOR_LEDGER
from gridoffice.errors import BadSheet, Problem
from gridoffice.grids.ledger import GRID_LEDGER
from gridoffice.history import undo
from gridoffice.intake import Options, Outcome
from gridoffice.leaving import Leaving, Out, for_purpose, leave_as
from gridoffice.office import Office
from gridoffice.packages import keys
from gridoffice.packages.beside import BESIDE
from gridoffice.packages.contents import Box, Contents, Part, unpacked
from gridoffice.packages.outside import refuse_outside
from gridoffice.packages.partners import Partner, partners, trusted
from gridoffice.packages.sealing import LARGEST, BadPackage, opened
from gridoffice.packages.seen import Arriving, Seen
from gridoffice.packages.standing import is_done, parts_of, settle
from gridoffice.review import Review, Reviewed
from gridoffice.service import service


@dataclass(frozen=True, slots=True)
class Arrived:
    """A package that was opened and noted in the register under `id`."""

    id: int
    partner: Partner
    box: Box

    @property
    def said(self) -> Contents:
        return self.box.said

    def arriving(self, key: str, file: Path) -> Arriving:
        """A part of it that is no ledger, unpacked into a file."""
        (part,) = (one for one in self.said.parts if one.key == key)
        return Arriving(key, file, part.digest, self.partner, self.said.made)


def receive(office: Office, file: Path, password: str) -> Arrived:
    """Open a package and note it in the register; nothing of it is taken in yet. One that was opened before
    and not taken in whole goes on where it was left. Raises `BadPackage` in a sentence for whatever is not
    to be taken in, `RuleBroken` for a wrong password."""
    office.require(Right.EDIT_PEOPLE)
    try:
        if file.stat().st_size > LARGEST:
            raise BadPackage(f"“{file.name}”太大，不是上报包。")
        data = file.read_bytes()
    except OSError as error:
        raise BadSheet(f"“{file.name}”读不出来：{error.strerror or error}。") from error
    found = opened(data, office.read(keys.unlocked, password))
    sender = next((one for one in office.read(partners) if one.sign_key == found.sign_key), None)
    if sender is None:
        raise BadPackage("不认识发这个包的单位。先读入它的名片，在电话里核对指纹，再收。")
    trusted(sender)
    box = unpacked(found.contents)
    known = office.read(_known, sender, box.said)
    if known is None:
        with TemporaryDirectory(prefix="gridoffice-") as folder:
            for part, content in box.unpack(Path(folder)):
                refuse_outside(office, sender, part, content, options_of(part.key, box.said.month))
        known = office.write(note_received, sender.id, box.said).result
    return Arrived(known, sender, box)


def _known(session: Session, sender: Partner, said: Contents) -> int | None:
    """The number under which this very package is in the register; None when it is its turn. Raises
    `BadPackage` when it is a duplicate, older than what was taken in, or not the next one."""
    query = select(Package).where(Package.partner_id == sender.id, Package.way == Way.RECEIVED)
    received = session.scalars(query.order_by(Package.number)).all()
    same = next((one for one in received if one.identity == said.identity), None)
    last = received[-1] if received else None
    if same is not None and (is_done(session, same) and same.contents):
        day = f"{same.made.astimezone():%Y-%m-%d}"
        raise BadPackage(f"“{sender.name}”第 {said.number} 号上报包（{day} 做的）已经收过，没有再收。")
    if last is not None and last is not same and said.number <= last.number:
        raise BadPackage(
            f"这是“{sender.name}”第 {said.number} 号上报包，本办已收到第 {last.number} 号，比它新，没有收。"
        )
    if same is not None:
        return same.id
    if not said.whole and last is not None and not is_done(session, last):
        raise BadPackage(
            f"“{sender.name}”第 {last.number} 号上报包还没收完，先收完它，再收第 {said.number} 号。"
        )
    previous = last.identity if last is not None else None
    if not said.whole and said.previous != previous:
        had = f"本办收到第 {last.number} 号" if last is not None else "本办一个也没收到"
        raise BadPackage(
            f"这是“{sender.name}”第 {said.number} 号上报包，只有变化，{had}，中间缺了。先收缺的，或者让对方发一个全部的。"
        )
    return None


@service("收到上报包", needs=Right.EDIT_PEOPLE)
def note_received(session: Session, partner_id: int, said: Contents) -> int:
    """Note a package in the register, and what the other office did with those sent to it. Answers its
    number there."""
    one = Package(
        way=Way.RECEIVED,
        partner_id=partner_id,
        number=said.number,
        identity=said.identity,
        made=said.made,
        month=said.month,
        whole=said.whole,
        contents=[
            {"key": part.key, "title": part.title, "rows": part.rows, "digest": part.digest}
            for part in said.parts
        ],
        settled=[],
    )
    session.add(one)
    told = {answer.identity: dict(answer.done) for answer in said.answers}
    query = select(Package).where(
        Package.identity.in_(told), Package.way == Way.SENT, Package.partner_id == partner_id
    )
    for sent in session.scalars(query):
        sent.answered = told[sent.identity]
    session.flush()
    rows = "、".join(part.words for part in said.parts) or "只有规定和回执"
    entitle(session, f"收到“{said.name}”第 {said.number} 号上报包：{rows}")
    return one.id


def save_paper(office: Office, arrived: Arrived, title: str, target: Path) -> None:
    """Put a paper of a package where the clerk wants it. Raises `OfficeError` when it cannot be written."""
    (paper,) = (one for one in arrived.said.papers if one.title == title)
    out = Leaving(Out.SAVE, f"{arrived.partner.name}下发的{title}", persons=True)
    leave_as(office, for_purpose(office, out), target, arrived.box.files[paper.file])


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one ledger of a package: `stopped` when rows wait for the clerk and nothing was written;
    `problems` are those of its rows."""

    key: str
    title: str
    seen: Reviewed | Seen
    stopped: bool
    problems: tuple[Problem, ...] = ()


def options_of(key: str, month: str | None) -> Options:
    """How a ledger of a package is read: as an import does, and grids that are not known are made."""
    wanted = Options(create_missing=key == GRID_LEDGER.key)
    return replace(wanted, month=month) if key == INDICATOR_LEDGER.key else wanted


def take_in(
    office: Office, arrived: Arrived, good_rows_only: bool = False, only_good: Collection[str] = ()
) -> Iterator[Taken]:
    """Take in what is left of a package, ledger by ledger, each as an import of its own that can be undone; last
    what is gone over there. It stops at the first in which rows wait for the clerk, unless only the good rows are
    wanted, of all or of some parts by their keys."""
    done = {part.key for part in office.read(parts_of, arrived.id) if part.done}
    with TemporaryDirectory(prefix="gridoffice-") as folder:
        for part, file in arrived.box.unpack(Path(folder)):
            if part.key in done:
                continue
            if part.key in BESIDE:
                taken = _take(office, arrived, part, file, good_rows_only or part.key in only_good)
                yield taken
                if taken.stopped:
                    return
                continue
            options = replace(options_of(part.key, arrived.said.month), good_rows_only=good_rows_only)
            refuse_outside(office, arrived.partner, part, file, options)
            review = Review(office, part.key, file, options)
            seen = review.summary()
            if seen.blocked and not good_rows_only:
                yield Taken(part.key, part.title, seen, True, tuple(review.plan.problems))
                return
            if seen.counts[Outcome.NEW] + seen.counts[Outcome.UPDATED]:
                seen = review.write()
            if seen.action is None:
                office.write(settle, arrived.id, part.key)
            yield Taken(part.key, part.title, seen, stopped=False)


def _take(office: Office, arrived: Arrived, part: Part, file: Path, good_only: bool) -> Taken:
    """Take in a part that is no ledger; nothing while some of it is otherwise here, unless that may stay out."""
    sort, arriving = BESIDE[part.key], arrived.arriving(part.key, file)
    seen = sort.look(office, arriving)
    if seen.blocked and not good_only:
        return Taken(part.key, part.title, seen, True, seen.problems)
    seen = sort.take(office, arriving, seen)
    if seen.action is None:
        office.write(settle, arrived.id, part.key)
    return Taken(part.key, part.title, seen, stopped=False)


def take_back(office: Office, package_id: int) -> int:
    """Undo all that was taken in of a package, the last first; answers how many of its parts. Raises what undo
    raises: what was undone before that stays undone."""
    done = [part for part in office.read(parts_of, package_id) if part.action is not None]
    for part in reversed(done):
        office.write(undo, part.action)
    return len(done)
