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
from gridoffice.packages.gone import PREFIX, is_gone, look_gone, title_of
from gridoffice.packages.receiving import Arrived, options_of, receive, save_paper, take_in, take_rules
from gridoffice.packages.sending import Sending, Sent, ready, send
from gridoffice.packages.standing import PartStanding, parts_of
from gridoffice.review import Review

_open: dict[int, Arrived] = {}
"""The one package that is open, by its number in the register."""


@dataclass(frozen=True, slots=True)
class PartSeen:
    """One ledger of a package: what would become of it, or what became of it; `blocked` rows wait for the
    clerk. Its workbook is `file`. Of rows that are gone over there (`gone`), `differ` says which are here
    otherwise."""

    key: str
    title: str
    rows: int
    words: str
    done: bool
    blocked: int
    file: Path
    gone: bool = False
    differ: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PackageSeen:
    """A package that is open. `rules` counts the schemes and tables of the office above in it, `papers` are
    workbooks to be read."""

    id: int
    partner: str
    number: int
    made: str
    month: str | None
    whole: bool
    rules: int
    parts: tuple[PartSeen, ...]
    papers: tuple[str, ...]


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
        file, words, blocked = folder / f"{one.title}.xlsx", one.words, 0
        if is_gone(one.key) or one.key == attached.KEY:
            parts.append(_by_itself(office, one, file, arrived))
            continue
        if not one.done:
            seen = Review(office, one.key, file, options_of(one.key, said.month)).summary()
            words, blocked = seen.in_words(), seen.blocked
        parts.append(PartSeen(one.key, one.title, one.rows, words, one.done, blocked, file))
    return PackageSeen(
        package_id,
        arrived.partner.name,
        said.number,
        f"{said.made.astimezone():%Y-%m-%d %H:%M}",
        said.month,
        said.whole,
        len(said.rules.schemes) + len(said.rules.tables),
        tuple(parts),
        tuple(paper.title for paper in said.papers),
    )


def _by_itself(office: Office, one: PartStanding, file: Path, arrived: Arrived) -> PartSeen:
    """Rows that are gone over there, photographs and scans: what does not fit here stays out when the clerk says
    so; there are no rows to be corrected."""
    if one.done:
        return PartSeen(one.key, one.title, one.rows, one.words, True, 0, file, True)
    if one.key == attached.KEY:
        seen = attached.look_files(office, file.with_suffix(".zip"))
    else:
        seen = look_gone(office, one.key, file, arrived.partner.grid_id)
    return PartSeen(
        one.key, one.title, one.rows, seen.in_words(), False, seen.blocked, file, True, seen.differ
    )


def take_package(
    office: Office, package_id: int, folder: Path, only_good: tuple[str, ...] = ()
) -> PackageSeen:
    """Take in what needs no clerk, ledger by ledger, up to the first that does; of parts that are `only_good`
    what is the same here, the rest stays."""
    for _ in take_in(office, _held(package_id), only_good=only_good):
        pass
    return look_package(office, package_id, folder)


def take_package_rules(office: Office, package_id: int) -> str:
    """Take over the rules of the office above; answers who that is."""
    arrived = _held(package_id)
    office.write(take_rules, arrived.said.rules, arrived.partner.name)
    return arrived.partner.name


def save_package_paper(office: Office, package_id: int, title: str, target: Path) -> None:
    """Put a paper of the open package where the clerk wants it."""
    save_paper(office, _held(package_id), title, target)


def would_send(office: Office, wish: Sending) -> tuple[int, list[tuple[str, int]]]:
    """The number of the package that would be sent now, and its ledgers with their rows; one without any has
    rules or answers only, or nothing."""
    found = office.read(ready, wish)
    said = [(sheet.title, len(sheet.rows)) for sheet in (*found.sheets, *found.papers)]
    said += [(title_of(f"{PREFIX}{key}"), len(numbers)) for key, numbers in found.gone.items()]
    if found.files:
        said.append((attached.TITLE, len(found.files)))
    if found.rules:
        said.append(("考核方案和规定", len(found.rules.schemes) + len(found.rules.tables)))
    if found.answers:
        said.append(("收包回执", len(found.answers)))
    return found.number, said


def send_package(office: Office, wish: Sending, password: str, target: Path) -> Sent:
    """Write a package."""
    return send(office, wish, password, target)
