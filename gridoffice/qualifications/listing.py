"""持证台账: the certificates that hold on a day, each in its latest renewal."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, or_, select, type_coerce
from sqlalchemy.orm import Session, aliased

from db.tables import Certificate, Person
from db.types import Coded
from gridoffice.fields import columns
from gridoffice.listing import Ask, Listing, chunked, filtered, ordered_ids, spelled
from gridoffice.people.lists import OF_PERSON, belonging, serving_in, tallied, today_or
from gridoffice.people.service import matching
from gridoffice.qualifications.rows import CertificateRow
from gridoffice.qualifications.rules import STAGES, Validity, validity

_BY: dict[str, Any] = {
    **{name: OF_PERSON[name] for name in ("name", "id_number")},
    "certificate": Certificate.certificate,
    "level": Certificate.level,
    "number": Certificate.number,
    "issuer": Certificate.issuer,
    "issued": Certificate.issued,
    "expires": Certificate.expires,
}
FILTERS = frozenset({"certificate", "level", "issuer", "validity"})


def _by(day: date) -> dict[str, Any]:
    return {**_BY, "validity": validity_on(day)}


def validity_on(day: date) -> ColumnElement[Any]:
    """`rules.validity` in the database."""

    def said(one: Validity) -> ColumnElement[Any]:
        return type_coerce(one, Coded(Validity))

    return case(
        (Certificate.expires.is_(None), said(Validity.FOREVER)),
        (Certificate.expires < day, said(Validity.EXPIRED)),
        *((Certificate.expires <= day + timedelta(days), said(stage)) for days, stage in STAGES.items()),
        else_=said(Validity.VALID),
    )


def current(day: date) -> ColumnElement[bool]:
    """Certificates that are issued on a day and not renewed by then."""
    later = aliased(Certificate)
    # not a correlated question: SQLite, told that nearly every `renews_id` is empty, would go through all
    # certificates for each of them
    renewed = select(later.renews_id).where(
        later.renews_id.is_not(None), or_(later.issued.is_(None), later.issued <= day)
    )
    return or_(Certificate.issued.is_(None), Certificate.issued <= day) & Certificate.id.not_in(renewed)


def good_on(day: date) -> ColumnElement[bool]:
    """Certificates that have not ended by a day."""
    return or_(Certificate.expires.is_(None), Certificate.expires >= day)


def _asked(session: Session, ask: Ask) -> Select[Any]:
    day = today_or(ask.day)
    query = select(Certificate.id).join(Person, Person.id == Certificate.person_id).where(current(day))
    if ask.scope is not None:
        query = query.where(belonging(session, Certificate.person_id, ask.scope, day))
    if ask.search:
        query = query.where(
            or_(matching(ask.search), spelled(ask.search, Certificate.certificate, Certificate.number))
        )
    return query


def ids(session: Session, ask: Ask) -> array[int]:
    by = _by(today_or(ask.day))
    return ordered_ids(session, _asked(session, ask), by, ask, (Person.pinyin, Person.id, Certificate.id))


def rows(session: Session, wanted: Sequence[int], day: date | None = None) -> list[CertificateRow]:
    """These certificates; their validity and their holders' grids are those of a day (today when none is
    said)."""
    day = today_or(day)
    found: dict[int, CertificateRow] = {}
    for chunk in chunked(wanted):
        query = select(Certificate, Person).join(Person, Person.id == Certificate.person_id)
        some = session.execute(query.where(Certificate.id.in_(chunk))).all()
        places = serving_in(session, {person.id for _, person in some}, day)
        for one, person in some:
            found[one.id] = CertificateRow(
                id=one.id,
                person_id=person.id,
                name=person.name,
                id_number=person.id_number,
                certificate=one.certificate,
                level=one.level,
                number=one.number,
                issuer=one.issuer,
                issued=one.issued,
                expires=one.expires,
                validity=validity(one.expires, day),
                grid=places.get(person.id, ""),
            )
    return [found[one] for one in wanted if one in found]


def choices(session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
    query = filtered(_asked(session, ask), _by(today_or(ask.day)), ask)
    return tallied(session, query, _by(today_or(ask.day))[column])


def tally(session: Session, scope: int | None = None, day: date | None = None) -> dict[Validity, int]:
    """How many certificates below a grid stand how on a day."""
    return {one: count for one, _, count in choices(session, Ask(scope=scope, day=day), "validity")}


CERTIFICATES = Listing(
    "qualifications",
    "持证台账",
    "本证书",
    columns(CertificateRow),
    ids,
    rows,
    choices,
    frozenset(_BY),
    FILTERS,
    dated=True,
)
