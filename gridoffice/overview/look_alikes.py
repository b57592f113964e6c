"""Who may be one person twice: the pairs as a list, and two of them side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from sqlalchemy.orm import Session

from gridoffice.fields import Field
from gridoffice.listing import Listing
from gridoffice.masking import mask_id, mask_phone
from gridoffice.overview.everybody import EverybodyRow, rows
from gridoffice.people import rows as person
from gridoffice.people.duplicates import duplicates
from gridoffice.people.merging import Merging, preview_merge
from gridoffice.people.rows import PersonalRow
from gridoffice.people.service import person_row
from gridoffice.worked_out import worked_out


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two records that may be one person: why, and what is known of each. `id` is the place in the list."""

    id: int
    name: Annotated[str, person.NAME]
    reason: Annotated[str, Field("为什么像", width=22, computed=True)]
    kept: Annotated[str, Field("合并后留下", width=34, computed=True)]
    dropped: Annotated[str, Field("并进去的", width=34, computed=True)]
    keep: int
    drop: int


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two people to be compared, and what a merge would do."""

    kept: PersonalRow
    dropped: PersonalRow
    kept_wears: EverybodyRow
    dropped_wears: EverybodyRow
    merging: Merging


def pairs(session: Session, _scope: int | None = None, _day: date | None = None) -> Iterable[PairRow]:
    """Every pair, the likeliest first. Namesakes may live anywhere: the scope does not narrow them."""
    found = duplicates(session)
    known = {one.id: one for one in rows(session, sorted({n for p in found for n in (p.keep, p.drop)}))}
    return [
        PairRow(
            place,
            one.name,
            one.reason,
            told(known[one.keep], one.name),
            told(known[one.drop], one.name),
            one.keep,
            one.drop,
        )
        for place, one in enumerate(found, 1)
    ]


def told(one: EverybodyRow, name: str) -> str:
    """What tells somebody from whoever else is called so, numbers masked."""
    parts = (
        one.name if one.name != name else "",
        mask_id(one.id_number) if one.id_number else "",
        mask_phone(one.phone) if one.phone else "",
        place_of(one),
    )
    return "　".join(part for part in parts if part)


def place_of(one: EverybodyRow) -> str:
    """Where somebody serves as what; else that they do not."""
    return f"{one.grid}·{one.posts}" if one.posts else one.serving.label


def look_alikes() -> Listing:
    """The pairs as a list of a page."""
    return worked_out("duplicates", "可能重复的人", "对", PairRow, pairs)


def side_by_side(session: Session, keep: int, drop: int) -> SideBySide:
    """Two people as they are compared. Raises `NotFound`."""
    merging = preview_merge(session, keep, drop)
    one, other = rows(session, [keep, drop])
    return SideBySide(person_row(session, keep), person_row(session, drop), one, other, merging)
