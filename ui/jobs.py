"""What the worker process is asked to do: services and questions of the office, by name.

Nothing of Qt is imported here. The office of one address and account is kept open between jobs, so
that a warm worker answers at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from db.enums import MonthState
from gridoffice.assessment.month import MonthFacts, month_facts
from gridoffice.assessment.report import notice
from gridoffice.documents.model import OfficialDocument, TableAnnex
from gridoffice.documents.pdf import official_pdf
from gridoffice.office import Done, Office
from ui.worker import find


@lru_cache(maxsize=1)
def office_at(database: str, account: str) -> Office:
    """The office of this address, opened by this account."""
    return Office.open(database, account)


def write(database: str, account: str, service: str, args: tuple[Any, ...], keywords: dict[str, Any]) -> Done:
    """Carry out the service "module:function" as one transaction."""
    return office_at(database, account).write(find(service), *args, **keywords)


def read(database: str, account: str, question: str, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """Ask the question "module:function"."""
    return office_at(database, account).read(find(question), *args, **keywords)


def call(database: str, account: str, function: str, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """Call "module:function" that takes an open office first (import, export, backup, proof)."""
    return find(function)(office_at(database, account), *args, **keywords)


@dataclass(frozen=True, slots=True)
class Issued:
    """A notice as bytes, what stands in its fields, and what was checked before issue."""

    pdf: bytes
    title: str
    recipients: str
    number: str
    day: date
    annexes: int
    checks: tuple[tuple[bool, str], ...]


def issue(office: Office, period: str, scope: int | None, said: dict[str, Any]) -> Issued:
    """The month's notice with the clerk's own title, recipients, number, day and red head."""
    document = office.read(notice, period, scope)
    given = {name: value for name, value in said.items() if value is not None}
    document = replace(document, **given)
    pdf = official_pdf(document)
    facts = office.read(month_facts, period)
    return Issued(
        pdf,
        document.title,
        document.recipients or "",
        document.number or "",
        document.day,
        len(document.attachments),
        _checks(document, facts, whole=scope is None),
    )


def _checks(document: OfficialDocument, facts: MonthFacts, whole: bool) -> tuple[tuple[bool, str], ...]:
    """What the clerk would otherwise check by eye."""
    found = [(True, "版心 156×225 毫米，每页 22 行、每行 28 字")]
    listed = next((len(one.rows) for one in document.attachments if isinstance(one, TableAnnex)), 0)
    if whole:
        same = listed == facts.people
        found.append(
            (same, f"附件 1 共 {listed} 人，考核共 {facts.people} 人" + ("，一致" if same else "，对不上"))
        )
    else:
        found.append((True, f"附件 1 共 {listed} 人"))
    missing = facts.people - facts.scored
    found.append((not missing, "每个人都有总分" if not missing else f"还差 {missing} 人的分"))
    locked = facts.state is MonthState.LOCKED
    found.append((locked, "考核已锁定，数据不会再变" if locked else "考核还没锁定，数据可能调整"))
    found.append(
        (bool(document.number), f"发文字号 {document.number}" if document.number else "还没有发文字号")
    )
    return tuple(found)
