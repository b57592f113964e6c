"""Every ledger by key, and how a file is read as one of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from gridoffice import intake
from gridoffice.assessment.department_ledger import DEPARTMENT_LEDGER
from gridoffice.assessment.ledger import INDICATOR_LEDGER
from gridoffice.assessment.opinion_ledger import OPINION_LEDGER
from gridoffice.assessment.values_listing import month_opinions, month_values
from gridoffice.errors import NotFound
from gridoffice.grids.ledger import GRID_LEDGER
from gridoffice.households.ledger import HOUSEHOLD_LEDGER
from gridoffice.intake import Ledger, Options
from gridoffice.office import Office
from gridoffice.papers.ledger import NUMBER_LEDGER
from gridoffice.party.link_ledger import LINK_LEDGER
from gridoffice.party.member_ledger import MEMBER_LEDGER
from gridoffice.party.org_ledger import ORG_LEDGER
from gridoffice.party.report_ledgers import REPORT_LEDGER, SERVICE_LEDGER
from gridoffice.qualifications.ledger import CERTIFICATE_LEDGER
from gridoffice.registers.issue_ledger import ISSUE_LEDGER
from gridoffice.registers.resource_ledger import RESOURCE_LEDGER
from gridoffice.training.attendance_ledger import ATTENDANCE_LEDGER
from gridoffice.training.ledger import TRAINING_LEDGER
from gridoffice.training.plan_ledger import PLAN_LEDGER
from gridoffice.workers.ledger import WORKER_LEDGER
from gridoffice.workers.reserve_ledger import RESERVE_LEDGER

LEDGERS: dict[str, Ledger] = {
    ledger.key: ledger
    for ledger in (
        GRID_LEDGER,
        WORKER_LEDGER,
        RESERVE_LEDGER,
        CERTIFICATE_LEDGER,
        ORG_LEDGER,
        MEMBER_LEDGER,
        LINK_LEDGER,
        REPORT_LEDGER,
        SERVICE_LEDGER,
        PLAN_LEDGER,
        TRAINING_LEDGER,
        ATTENDANCE_LEDGER,
        RESOURCE_LEDGER,
        ISSUE_LEDGER,
        HOUSEHOLD_LEDGER,
        NUMBER_LEDGER,
        DEPARTMENT_LEDGER,
        INDICATOR_LEDGER,
        OPINION_LEDGER,
    )
}

MONTHLY = {INDICATOR_LEDGER.key: month_values, OPINION_LEDGER.key: month_opinions}
"""The ledgers that belong to a month, and their list of one."""


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
