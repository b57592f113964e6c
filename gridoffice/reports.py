"""Every printed report by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from db.enums import Right
from gridoffice.assessment.report import notice
from gridoffice.assessment.rows import results
from gridoffice.documents.pdf import ledger_pdf, official_pdf
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.grids.listing import GRIDS
from gridoffice.ledgers import SIGNATURE, facts, listed, reveal_with_reason, texts
from gridoffice.listing import Ask, Listing
from gridoffice.office import Office
from gridoffice.progress import report as say
from gridoffice.settings import NAME, ORGANISATION, setting
from gridoffice.workers.listing import WORKERS


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be printed: which month, below which grid, on which day, revealed for what reason."""

    month: str | None = None
    scope: int | None = None
    day: date | None = None
    reveal: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A report: its name on the command line, its title, whether it is of a month, how it is made."""

    key: str
    title: str
    monthly: bool
    make: Callable[[Office, Wish], bytes]


def _notice(office: Office, wish: Wish) -> bytes:
    return official_pdf(office.read(notice, _month(wish), wish.scope))


def _month(wish: Wish) -> str:
    if wish.month is None:
        raise RuleBroken("没说是哪个月的报告。")
    return wish.month


def _results(office: Office, wish: Wish) -> bytes:
    return _ledger(office, office.read(results, _month(wish)), wish)


def _of(listing: Listing) -> Callable[[Office, Wish], bytes]:
    return lambda office, wish: _ledger(office, listing, wish)


def _ledger(office: Office, listing: Listing, wish: Wish) -> bytes:
    if wish.reveal:
        reveal_with_reason(office, listing.title, wish.reason)

    def gather(session: Session) -> tuple[str, str, tuple[str, ...], list[tuple[str, ...]]]:
        ask = Ask(scope=wish.scope, day=wish.day)
        ids = listing.ids(session, ask)
        rows = [texts(listing.columns, row, wish.reveal) for row in listed(session, listing, ask, ids)]
        name = setting(session, NAME, "")
        return name, setting(session, ORGANISATION, ""), facts(session, ask, len(ids), listing.unit), rows

    name, organisation, said, rows = office.read(gather)
    say(f"排版{listing.title}", 0, len(rows))
    return ledger_pdf(
        f"{name}{listing.title}",
        said,
        [column.field.label for column in listing.columns],
        rows,
        [column.field.width for column in listing.columns],
        SIGNATURE,
        organisation=organisation,
        day=wish.day or date.today(),
    )


REPORTS: dict[str, Report] = {
    report.key: report
    for report in (
        Report("assessment", "月度考核结果通报", True, _notice),
        Report("results", "月度考核成绩单", True, _results),
        Report("roster", "网格员花名册", False, _of(WORKERS)),
        Report("grids", "网格台账", False, _of(GRIDS)),
    )
}


def report_pdf(office: Office, name: str, wish: Wish) -> bytes:
    """A report as PDF bytes. Raises `NotFound` naming those there are."""
    office.require(Right.READ)
    if name not in REPORTS:
        known = "、".join(f"{report.key}（{report.title}）" for report in REPORTS.values())
        raise NotFound(f"没有报告“{name}”。现有：{known}。")
    return REPORTS[name].make(office, wish)
