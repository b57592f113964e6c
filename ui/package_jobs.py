"""What the worker process does for packages: opened, looked at, taken in, made.

The package that is open stays here; the window is told what is in it. Its workbooks lie in a folder of the
window's, so that the page of imports can look at one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gridoffice.errors import OfficeError
from gridoffice.office import Office
from gridoffice.packages import attached
from gridoffice.packages.beside import BESIDE, amount, counted, title_of
from gridoffice.packages.given import Rules, RuleSeen, look_rules, other_model
from gridoffice.packages.gone import PREFIX
from gridoffice.packages.preparing import Sending, ready
from gridoffice.packages.receiving import (
    Arrived,
    options_of,
    receive,
    save_paper,
    take_back,
    take_in,
)
from gridoffice.packages.sending import Sent, send
from gridoffice.packages.standing import parts_of
from gridoffice.review import Review

AFTER = "前面的写完再看"
"""Of a ledger whose rows do not fit while what comes before it is not written: new grids, new people."""
_open: dict[int, Arrived] = {}
"""The one package that is open, by its number in the register."""


@dataclass(frozen=True, slots=True)
class PartSeen:
    """One part of a package: what would become of it, or what became of it; `blocked` rows wait for the
    clerk. What is in it lies in `file`. A part that is no ledger (`beside`) has no rows to be corrected: `differ`
    says what stays out."""

    key: str
    title: str
    amount: str
    words: str
    done: bool
    blocked: int
    file: Path
    beside: bool = False
    differ: tuple[str, ...] = ()
    undoable: bool = False


@dataclass(frozen=True, slots=True)
class PackageSeen:
    """A package that is open. `rules` are those of the office above in it and `seen` what they would change here;
    `papers` are workbooks to be read. `model` says that the office above works by another pack."""

    id: int
    partner: str
    number: int
    made: str
    month: str | None
    whole: bool
    parts: tuple[PartSeen, ...]
    papers: tuple[str, ...]
    rules: Rules
    seen: tuple[RuleSeen, ...]
    model: str


def open_package(office: Office, file: Path, password: str, folder: Path) -> PackageSeen:
    """Open a package and put its workbooks into a folder."""
    arrived = receive(office, file, password)
    _open.clear()
    _open[arrived.id] = arrived
    for _ in arrived.box.unpack(folder):
        pass
    return look_package(office, arrived.id, folder)


def _held(package_id: int) -> Arrived:
    if package_id not in _open:
        raise OfficeError("这个上报包要重新打开。")
    return _open[package_id]


def look_package(office: Office, package_id: int, folder: Path) -> PackageSeen:
    """Where the open package stands now."""
    arrived = _held(package_id)
    said, parts = arrived.said, []
    for one in office.read(parts_of, package_id):
        amount = counted(one.key, one.title, one.rows)
        file, words, blocked, differ = arrived.box.place(one.key, folder), one.words, 0, ()
        if not one.done and one.key in BESIDE:
            seen = BESIDE[one.key].look(office, arrived.arriving(one.key, file))
            words, blocked, differ = seen.in_words(), seen.blocked, seen.differ
        elif not one.done:
            seen = Review(office, one.key, file, options_of(one.key, said.month)).summary()
            words, blocked = seen.in_words(), seen.blocked
            if blocked and not all(part.done for part in parts):
                words, blocked = AFTER, 0
        beside, undoable = one.key in BESIDE, one.action is not None
        parts.append(
            PartSeen(one.key, one.title, amount, words, one.done, blocked, file, beside, differ, undoable)
        )
    return PackageSeen(
        package_id,
        arrived.partner.name,
        said.number,
        f"{said.made.astimezone():%Y-%m-%d %H:%M}",
        said.month,
        said.whole,
        tuple(parts),
        tuple(paper.title for paper in said.papers),
        said.rules,
        office.read(look_rules, said.rules),
        office.read(other_model, said.rules),
    )


def take_package(
    office: Office, package_id: int, folder: Path, only_good: tuple[str, ...] = ()
) -> PackageSeen:
    """Take in what needs no clerk, ledger by ledger, up to the first that does; of parts that are `only_good`
    what is the same here, the rest stays."""
    for _ in take_in(office, _held(package_id), only_good=only_good):
        pass
    return look_package(office, package_id, folder)


def take_package_back(office: Office, package_id: int, folder: Path) -> PackageSeen:
    """Undo all that was taken in of the open package."""
    take_back(office, package_id)
    return look_package(office, package_id, folder)


def save_package_paper(office: Office, package_id: int, title: str, target: Path) -> None:
    """Put a paper of the open package where the clerk wants it."""
    save_paper(office, _held(package_id), title, target)


def would_send(office: Office, wish: Sending) -> tuple[int, list[tuple[str, str]]]:
    """The number of the package that would be sent now, and what is in it with how much of it; one without
    ledgers has rules or answers only, or nothing."""
    found = office.read(ready, wish)
    said = [(one.key, one.count) for one in found.past]
    said += [(sheet.key, len(sheet.rows)) for sheet in found.sheets]
    said += [(f"{PREFIX}{key}", len(numbers)) for key, numbers in found.gone.items()]
    if found.files:
        said.append((attached.KEY, len(found.files)))
    lines = [(title_of(key), amount(key, count)) for key, count in said]
    lines += [(sheet.title, f"{len(sheet.rows)} 行") for sheet in found.papers]
    if found.rules:
        lines.append(("治理模式、考核方案和规定", f"{len(found.rules)} 份"))
    if found.answers:
        lines.append(("收包回执", f"{len(found.answers)} 份"))
    return found.number, lines


def send_package(office: Office, wish: Sending, password: str, target: Path) -> Sent:
    """Write a package."""
    return send(office, wish, password, target)
