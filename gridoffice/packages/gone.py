"""What another office had in its ledgers and has no longer: ended or taken out here too.

The package brings such rows as they were last sent. The plan of an import finds each of them here: one that stands
here as it was sent is ended (what has days) or taken out (what has none), all of a ledger in one action that can
be undone; one that is different here waits for the clerk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Right
from db.journal import entitle
from db.tables import Grid, PartyOrg, Post
from db.turns import Turn
from gridoffice.accounts.service import require
from gridoffice.errors import Conflict
from gridoffice.grids.ledger import GRID_LEDGER
from gridoffice.grids.listing import path_of
from gridoffice.grids.service import serving
from gridoffice.intake import Options, Outcome, Standing, standing
from gridoffice.ledgers import LEDGERS
from gridoffice.office import Office
from gridoffice.packages.endings import ENDINGS, name_in
from gridoffice.packages.seen import Arriving, Seen, Sort
from gridoffice.party.org_ledger import ORG_LEDGER
from gridoffice.review import Review
from gridoffice.service import declared, service
from gridoffice.workers.ledger import WORKER_LEDGER

PREFIX = "gone:"
"""Begins the key of a part that tells what is gone from the ledger named behind it."""


def is_gone(key: str) -> bool:
    """Whether a part tells of rows that are gone."""
    return key.startswith(PREFIX)


def ledger_of(key: str) -> str:
    """The ledger that a part is about."""
    return key.removeprefix(PREFIX)


def gone_title(key: str) -> str:
    """What a part is called."""
    return f"{LEDGERS[ledger_of(key)].title}·已不在的"


def still_known(who: Mapping[int, str], now: Mapping[int, str]) -> list[int]:
    """The records that are gone: neither is their number listed now, nor who or what they are."""
    names = set(now.values())
    return [number for number, one in who.items() if number not in now and one not in names]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneSeen(Seen):
    """Rows that are gone elsewhere: `records` end here, `absent` are not here anyway; those that `differ` are here,
    but otherwise, or cannot end yet."""

    key: str
    records: tuple[int, ...]
    absent: int
    at: Standing

    def said(self) -> tuple[tuple[str, Outcome, int], ...]:
        words = ENDINGS[ledger_of(self.key)].words
        return (words, Outcome.UPDATED, len(self.records)), ("本来就没有", Outcome.UNCHANGED, self.absent)


def look_gone(office: Office, part: Arriving) -> GoneSeen:
    """What rows that are gone elsewhere are here, below the grid that the other office answers for. Raises what
    an import of the file raises."""
    key = ledger_of(part.key)
    review = Review(office, key, part.file, Options(create_missing=key == GRID_LEDGER.key))
    same, differ, absent = {}, [], 0
    for row in review.plan.rows:
        if row.outcome is Outcome.UNCHANGED and row.record is not None:
            same[row.record] = name_in(row.values)
        elif row.record is None and row.outcome is Outcome.NEW:
            absent += 1
        else:
            differ.append(_words(row.values, row.changes))
    over = office.weigh(_over, key, list(same))
    absent += len(over)
    records = [one for one in same if one not in over]
    if key == WORKER_LEDGER.key:
        records = office.read(_posts, records, part.partner.grid_id)
    stays = office.weigh(ENDINGS[key].stays, records, part.last_day)
    differ += [f"“{same[one]}”{why}" for one, why in stays.items()]
    return GoneSeen(
        key=part.key,
        records=tuple(one for one in records if one not in stays),
        absent=absent,
        at=review.plan.at,
        differ=tuple(differ),
    )


def _over(session: Session, key: str, ids: Sequence[int]) -> set[int]:
    """Grids and organisations that a ledger still knows, and that ended."""
    last = {GRID_LEDGER.key: Grid.valid_to, ORG_LEDGER.key: PartyOrg.to_day}.get(key)
    if last is None:
        return set()
    return set(session.scalars(select(last.class_.id).where(last.class_.id.in_(ids), last.is_not(None))))


def _posts(session: Session, people: Iterable[int], place: int | None) -> list[int]:
    """The posts that some people hold now in a part of the tree: a roster's plan knows the person."""
    query = select(Post.id).where(Post.person_id.in_(list(people)), serving(date.today()))
    if place is not None:
        query = query.where(Post.grid_path.startswith(path_of(session, place)))
    return list(session.scalars(query.order_by(Post.id)))


def _words(values: Mapping[str, Any], changes: Mapping[str, tuple[Any, Any]]) -> str:
    why = "和对方原来的不一样" if changes else "在这里对不上"
    return f"“{name_in(values)}”{why}，没有动。在它的页面上看过再办。"


def end_gone(office: Office, part: Arriving, found: GoneSeen) -> GoneSeen:
    """End here what was found to be gone elsewhere, in one action. Raises `Conflict` when somebody wrote since."""
    if not found.records:
        return found
    said = found.key, found.records, part.last_day, found.at, part.partner.name, part.digest
    return replace(found, action=office.write(take_gone, *said).action)


@service("收下已不在的行", needs=Right.EDIT_PEOPLE, turn=Turn.IMPORT)
def take_gone(
    session: Session, key: str, records: Sequence[int], day: date, at: Standing, partner: str, digest: str
) -> None:
    """End or take out some records of a ledger because another office has them no longer. Raises `Conflict` when
    anything was written since they were looked at, and what ending them raises."""
    if standing(session) != at:
        raise Conflict("这期间有人改过资料，再看一遍。")
    ending, ledger = ENDINGS[ledger_of(key)], LEDGERS[ledger_of(key)]
    require(session.info["who"], declared(ledger.service).needs)
    ending.end(session, records, day)
    words = f"“{partner}”的{ledger.title}里已不在，{ending.words} {len(records)} {ledger.unit}"
    entitle(session, words, part=digest)


GONE = Sort(gone_title, "行", look_gone, end_gone, take_gone, tuple(f"{PREFIX}{key}" for key in ENDINGS))
