"""The tables that hang on a document: lists of the office, as attachments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from gridoffice.assessment.report import notice
from gridoffice.documents.model import Attachment, TableAnnex
from gridoffice.errors import NotFound
from gridoffice.exports import facts, texts
from gridoffice.fields import of_persons
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import names_of
from gridoffice.grids.service import root_id
from gridoffice.listing import Ask, Listing, listed
from gridoffice.overview.party_year import year_listing
from gridoffice.overview.redivision import findings_listing
from gridoffice.overview.skills import skills_listing
from gridoffice.overview.staffing import staffing_listing
from gridoffice.overview.turnover import turnover_listing
from gridoffice.overview.vacancies import vacancies_listing
from gridoffice.papers.facts import About
from gridoffice.training.hours import TRAINING_HOURS

UPRIGHT = 84
"""Half characters that stand beside each other on an upright page; a wider table lies on its side."""


@dataclass(frozen=True, slots=True)
class Annex:
    """A table: its words, whether it is of a month, and what it is made of."""

    key: str
    title: str
    monthly: bool
    make: Callable[[Session, About], Attachment | None]


def table(session: Session, listing: Listing, about: About) -> TableAnnex:
    """A list of the office as an attachment, masked where it is masked on screen."""
    ask = Ask(scope=about.scope, day=about.day)
    ids = listing.ids(session, ask)
    rows = [texts(listing.columns, values) for values in listed(session, listing, ask, ids)]
    top = about.scope if about.scope is not None else root_id(session)
    place = names_of(session, office_pack(session), [top])[top][0] if top is not None else ""
    said = facts(session, listing, ask, len(ids))
    return TableAnnex(
        title=f"{place}{listing.title}",
        headings=tuple(column.field.label for column in listing.columns),
        rows=rows,
        widths=tuple(float(column.field.width) for column in listing.columns),
        landscape=sum(column.field.width for column in listing.columns) > UPRIGHT,
        facts=(said[0], said[-1]),
        persons=of_persons(listing.columns),
    )


def _of_list(key: str, make: Callable[[About], Listing]) -> Annex:
    title = make(About(date.min)).title
    return Annex(key, title, False, lambda session, about: table(session, make(about), about))


def _of_notice(place: int) -> Callable[[Session, About], Attachment | None]:
    """An attachment of the month's notice; None where it has not so many."""

    def make(session: Session, about: About) -> Attachment | None:
        if about.month is None:
            return None
        found = notice(session, about.month, about.scope).attachments
        return found[place] if place < len(found) else None

    return make


ANNEXES: dict[str, Annex] = {
    one.key: one
    for one in (
        Annex("scores", "考核成绩表", True, _of_notice(0)),
        Annex("means", "各村（社区）考核情况表", True, _of_notice(1)),
        _of_list("staffing", lambda about: staffing_listing(about.day)),
        _of_list("vacancies", lambda about: vacancies_listing(about.day)),
        _of_list("turnover", lambda about: turnover_listing(about.day)),
        _of_list("findings", lambda about: findings_listing(about.day)),
        _of_list("skills", lambda about: skills_listing(about.day)),
        _of_list("training-hours", lambda _: TRAINING_HOURS),
        _of_list("party-hours", lambda about: year_listing(about.day)),
    )
}


def annex(key: str) -> Annex:
    """The table of that key. Raises `NotFound`."""
    if key not in ANNEXES:
        raise NotFound(f"没有附表“{key}”。")
    return ANNEXES[key]
