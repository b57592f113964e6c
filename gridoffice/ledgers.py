"""Every ledger by key, and the way in that all of them share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from db.enums import Right
from gridoffice import intake
from gridoffice.assessment.ledger import INDICATOR_LEDGER
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.grids.ledger import GRID_LEDGER
from gridoffice.intake import Ledger, Options, Preview
from gridoffice.office import Office
from gridoffice.party.link_ledger import LINK_LEDGER
from gridoffice.party.member_ledger import MEMBER_LEDGER
from gridoffice.party.org_ledger import ORG_LEDGER
from gridoffice.qualifications.ledger import CERTIFICATE_LEDGER
from gridoffice.spreadsheet.receipt import Receipt, write_receipt
from gridoffice.training.attendance_ledger import ATTENDANCE_LEDGER
from gridoffice.training.ledger import TRAINING_LEDGER
from gridoffice.workers.ledger import WORKER_LEDGER

LEDGERS: dict[str, Ledger] = {
    ledger.key: ledger
    for ledger in (
        GRID_LEDGER,
        WORKER_LEDGER,
        CERTIFICATE_LEDGER,
        ORG_LEDGER,
        MEMBER_LEDGER,
        LINK_LEDGER,
        TRAINING_LEDGER,
        ATTENDANCE_LEDGER,
        INDICATOR_LEDGER,
    )
}


def ledger_called(key: str) -> Ledger:
    """The ledger of that key. Raises `NotFound` naming those there are."""
    if key not in LEDGERS:
        known = "、".join(f"{ledger.key}（{ledger.title}）" for ledger in LEDGERS.values())
        raise NotFound(f"没有台账“{key}”。现有：{known}。")
    return LEDGERS[key]


def read_in(office: Office, key: str, source: Path | str, options: Options) -> intake.Incoming:
    """Read a file, or cells pasted as text, as a ledger of this office. Raises `BadSheet` when it is
    something else."""
    ledger = ledger_called(key)
    columns = office.read(ledger.columns, options)
    groups = office.read(ledger.groups)
    guide = replace(options.guide, remembered=office.read(intake.remembered, key))
    return intake.incoming(ledger, columns, source, groups, guide)


def preview(office: Office, come: intake.Incoming, options: Options) -> Preview:
    """What taking a file in would do."""
    return office.read(intake.preview, ledger_called(come.ledger), come, options)


@dataclass(frozen=True, slots=True)
class Imported:
    """A file that was taken in (or was not): every row's outcome, and the journal line."""

    preview: Preview
    action: int | None


def import_file(office: Office, key: str, file: Path, options: Options, dry_run: bool = False) -> Imported:
    """Read, check and write in one go. Nothing is written when a row is wrong and not only the
    good rows are wanted: then `preview.written` is False and `preview.problems` say why."""
    come = read_in(office, key, file, options)
    if dry_run:
        return Imported(preview(office, come, options), None)
    try:
        done = office.write(ledger_called(key).service, come, options)
    except RuleBroken:
        planned = preview(office, come, options)
        if planned.blocked and not options.good_rows_only:
            return Imported(planned, None)
        raise
    if choices := intake.chosen(come):
        office.write(intake.remember_mappings, key, choices)
    return Imported(done.result, done.action)


def receipt(office: Office, preview: Preview, target: Path) -> Receipt:
    """The file that was read, back again with every problem marked in it; nothing else is changed."""
    office.require(Right.READ)
    come = preview.incoming
    return write_receipt(Path(come.file), target, come.taken, preview.problems, digest=come.digest)
