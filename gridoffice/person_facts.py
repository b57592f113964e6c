"""What other registers know of the people of the roster: their party branch and their certificates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.tables import Certificate, PartyMember, Post
from gridoffice.fields import Column, columns
from gridoffice.listing import chunked
from gridoffice.party.naming import organisations
from gridoffice.party.rows import MemberRow
from gridoffice.people.lists import lasting
from gridoffice.qualifications.listing import current
from gridoffice.qualifications.rows import CertificateRow

_OF_MEMBER = ("org", "joined", "confirmed")
COLUMNS: tuple[Column, ...] = (
    *(column for column in columns(MemberRow) if column.name in _OF_MEMBER),
    *(column for column in columns(CertificateRow) if column.name == "certificate"),
)


def rows(session: Session, post_ids: Sequence[int], day: date) -> Iterator[list[Any]]:
    """For each post what is known of its holder on the day, values aligned with `COLUMNS`; several
    certificates stand in one cell."""
    holders: dict[int, int] = {}
    for chunk in chunked(post_ids):
        query = select(Post.id, Post.person_id).where(Post.id.in_(chunk))
        holders |= {post_id: person_id for post_id, person_id in session.execute(query)}
    book = organisations(session)
    members: dict[int, list[Any]] = {}
    held: dict[int, list[str]] = {}
    for chunk in chunked(list(set(holders.values()))):
        for one in session.scalars(
            select(PartyMember).where(PartyMember.person_id.in_(chunk), lasting(PartyMember, day))
        ):
            branch = book.display(one.org_id) if one.org_id in book.by_id else None
            members[one.person_id] = [branch, one.joined, one.confirmed]
        certificates = select(Certificate).where(Certificate.person_id.in_(chunk), current(day))
        for one in session.scalars(
            certificates.order_by(Certificate.issued.desc().nulls_last(), Certificate.id)
        ):
            name = f"{one.certificate}（{one.level}）" if one.level else one.certificate
            held.setdefault(one.person_id, []).append(name)
    nothing = [None] * len(_OF_MEMBER)
    for post_id in post_ids:
        person_id = holders[post_id]
        yield [*members.get(person_id, nothing), "、".join(held.get(person_id, ())) or None]
