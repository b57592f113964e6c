"""持证台账: the certificates that hold on a day, each in its latest renewal."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session, aliased

from db.tables import Certificate, Person
from gridoffice.fields import columns
from gridoffice.listing import Ask, Listing, chunked, ordered_ids, spelled
from gridoffice.people.lists import OF_PERSON, belonging, tallied
from gridoffice.people.service import matching
from gridoffice.qualifications.rows import CertificateRow
from gridoffice.qualifications.rules import validity

_BY: dict[str, Any] = {
    **{name: OF_PERSON[name] for name in ("name", "id_number")},
    "certificate": Certificate.certificate,
    "level": Certificate.level,
    "number": Certificate.number,
    "issuer": Certificate.issuer,
    "issued": Certificate.issued,
    "expires": Certificate.expires,
}
FILTERS = frozenset({"certificate", "level", "issuer"})


def current(day: date) -> ColumnElement[bool]:
    """Certificates that are issued on a day and not renewed by then."""
    later = aliased(Certificate)
    renewed = exists().where(
        later.renews_id == Certificate.id, or_(later.issued.is_(None), later.issued <= day)
    )
    return or_(Certificate.issued.is_(None), Certificate.issued <= day) & ~renewed


def _asked(session: Session, ask: Ask) -> Select[Any]:
    day = ask.day or date.today()
    query = select(Certificate.id).join(Person, Person.id == Certificate.person_id).where(current(day))
    if ask.scope is not None:
        query = query.where(belonging(session, Certificate.person_id, ask.scope, day))
    if ask.search:
        query = query.where(
            or_(matching(ask.search), spelled(ask.search, Certificate.certificate, Certificate.number))
        )
    return query


def ids(session: Session, ask: Ask) -> array[int]:
    return ordered_ids(session, _asked(session, ask), _BY, ask, (Person.pinyin, Person.id, Certificate.id))


def rows(session: Session, wanted: Sequence[int], day: date | None = None) -> list[CertificateRow]:
    """These certificates; their validity is that of a day (today when none is said)."""
    day = day or date.today()
    found: dict[int, CertificateRow] = {}
    for chunk in chunked(wanted):
        query = select(Certificate, Person).join(Person, Person.id == Certificate.person_id)
        for one, person in session.execute(query.where(Certificate.id.in_(chunk))):
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
            )
    return [found[one] for one in wanted if one in found]


def choices(session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
    return tallied(session, _asked(session, ask), _BY[column])


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
