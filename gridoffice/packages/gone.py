"""What another office had in its ledgers and has no longer: ended or taken out here too.

The package brings such rows as they were last sent. The plan of an import finds each of them here: one that stands
here as it was sent is ended (what has days) or taken out (what has none), all of a ledger in one action that can
be undone; one that is different here waits for the clerk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Right
from db.journal import entitle
from db.tables import Post
from db.turns import Turn
from gridoffice.errors import Conflict, Problem, Severity
from gridoffice.grids.listing import path_of
from gridoffice.grids.service import serving
from gridoffice.households.ledger import HOUSEHOLD_LEDGER
from gridoffice.households.service import end_households
from gridoffice.intake import Options, Outcome, Standing, standing
from gridoffice.ledgers import LEDGERS
from gridoffice.office import Office
from gridoffice.packages import attached
from gridoffice.party.link_ledger import LINK_LEDGER
from gridoffice.party.report_ledgers import REPORT_LEDGER, SERVICE_LEDGER
from gridoffice.party.reporting import end_reports, remove_services
from gridoffice.party.service import end_links
from gridoffice.qualifications.ledger import CERTIFICATE_LEDGER
from gridoffice.qualifications.service import remove_certificate
from gridoffice.registers.issue_ledger import ISSUE_LEDGER
from gridoffice.registers.resource_ledger import RESOURCE_LEDGER
from gridoffice.registers.service import remove_issues, remove_resources
from gridoffice.review import Review
from gridoffice.service import service
from gridoffice.training.attendance_ledger import ATTENDANCE_LEDGER
from gridoffice.training.sheet import remove_attendance
from gridoffice.workers.ledger import WORKER_LEDGER
from gridoffice.workers.reserve import leave_reserve
from gridoffice.workers.reserve_ledger import RESERVE_LEDGER
from gridoffice.workers.service import end_posts

PREFIX = "gone:"
"""Begins the key of a part that tells what is gone from the ledger named behind it."""
WHY = "上报包：对方已没有这一行"

_End = Callable[[Session, Sequence[int], date], object]


@dataclass(frozen=True, slots=True)
class Ending:
    """What becomes of a row that is gone elsewhere, in words and as what is done; `who` are the columns by which
    it is still known when it is only listed otherwise (somebody with another post is not gone)."""

    words: str
    end: _End
    who: tuple[str, ...] = ()


def _certificates(session: Session, ids: Sequence[int], _day: date) -> None:
    for number in ids:
        remove_certificate(session, number)


ENDINGS: dict[str, Ending] = {
    WORKER_LEDGER.key: Ending(
        "移到离岗", lambda session, ids, day: end_posts(session, ids, day, WHY), ("name", "id_number")
    ),
    RESERVE_LEDGER.key: Ending(
        "退出后备", lambda session, ids, day: leave_reserve(session, ids, day, WHY), ("name", "id_number")
    ),
    CERTIFICATE_LEDGER.key: Ending("删去", _certificates),
    LINK_LEDGER.key: Ending("结束", end_links),
    REPORT_LEDGER.key: Ending("结束", end_reports),
    SERVICE_LEDGER.key: Ending("删去", lambda session, ids, _: remove_services(session, ids)),
    ATTENDANCE_LEDGER.key: Ending("删去", lambda session, ids, _: remove_attendance(session, ids)),
    RESOURCE_LEDGER.key: Ending("删去", lambda session, ids, _: remove_resources(session, ids)),
    ISSUE_LEDGER.key: Ending("删去", lambda session, ids, _: remove_issues(session, ids)),
    HOUSEHOLD_LEDGER.key: Ending("停止联系", end_households),
}
"""By ledger. Grids, organisations, members and trainings end by deeds of their own, which are done on their pages."""


def is_gone(key: str) -> bool:
    """Whether a part tells of rows that are gone."""
    return key.startswith(PREFIX)


def ledger_of(key: str) -> str:
    """The ledger that a part is about."""
    return key.removeprefix(PREFIX)


def title_of(key: str) -> str:
    """What a part is called."""
    if key == attached.KEY:
        return attached.TITLE
    title = LEDGERS[ledger_of(key)].title
    return f"{title}·已不在的" if is_gone(key) else title


def still_known(who: Mapping[int, str], now: Mapping[int, str]) -> list[int]:
    """The records that are gone: neither is their number listed now, nor who or what they are."""
    names = set(now.values())
    return [number for number, one in who.items() if number not in now and one not in names]


@dataclass(frozen=True, slots=True)
class GoneSeen:
    """What would become of rows that are gone elsewhere, or became of them: `records` are ended here, `absent` are
    not here anyway, `differ` say in words which are here, but otherwise."""

    key: str
    records: tuple[int, ...]
    absent: int
    differ: tuple[str, ...]
    at: Standing
    action: int | None = None

    @property
    def counts(self) -> Counter[Outcome]:
        return Counter(
            {
                Outcome.UPDATED: len(self.records),
                Outcome.UNCHANGED: self.absent,
                Outcome.CONFLICT: len(self.differ),
            }
        )

    @property
    def total(self) -> int:
        return len(self.records) + self.absent + len(self.differ)

    @property
    def blocked(self) -> int:
        return len(self.differ)

    @property
    def written(self) -> bool:
        return self.action is not None

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(Problem(words, severity=Severity.WARNING) for words in self.differ)

    def in_words(self) -> str:
        """移到离岗 2、本来就没有 1、和这里不一样 1"""
        said = (
            (ENDINGS[ledger_of(self.key)].words, len(self.records)),
            ("本来就没有", self.absent),
            ("和这里不一样", len(self.differ)),
        )
        return "、".join(f"{words} {count}" for words, count in said if count) or "没有要办的"


def look_gone(office: Office, key: str, file: Path, place: int | None) -> GoneSeen:
    """What rows that are gone elsewhere are here, below the grid that the other office answers for (None: the
    whole tree). Raises what an import of the file raises."""
    review = Review(office, ledger_of(key), file, Options())
    same, differ, absent = [], [], 0
    for row in review.plan.rows:
        if row.outcome is Outcome.UNCHANGED and row.record is not None:
            same.append(row.record)
        elif row.record is None and row.outcome is Outcome.NEW:
            absent += 1
        else:
            differ.append(_words(row.values, row.changes))
    if ledger_of(key) == WORKER_LEDGER.key:
        same = office.read(_posts, same, place)
    return GoneSeen(key, tuple(same), absent, tuple(differ), review.plan.at)


def _posts(session: Session, people: Iterable[int], place: int | None) -> list[int]:
    """The posts that some people hold now in a part of the tree: a roster's plan knows the person."""
    query = select(Post.id).where(Post.person_id.in_(list(people)), serving(date.today()))
    if place is not None:
        query = query.where(Post.grid_path.startswith(path_of(session, place)))
    return list(session.scalars(query.order_by(Post.id)))


def _words(values: Mapping[str, Any], changes: Mapping[str, tuple[Any, Any]]) -> str:
    name = next((str(values[one]) for one in ("name", "what", "certificate") if values.get(one)), "这一行")
    return f"“{name}”{'和对方原来的不一样' if changes else '在这里对不上'}，没有动。在它的页面上看过再办。"


def end_gone(office: Office, found: GoneSeen, partner: str, day: date, digest: str) -> GoneSeen:
    """End here what was found to be gone elsewhere, in one action. Raises `Conflict` when somebody wrote since."""
    if not found.records:
        return found
    done = office.write(take_gone, found.key, found.records, day, found.at, partner, digest)
    return replace(found, action=done.action)


@service("收下已不在的行", needs=Right.EDIT_PEOPLE, turn=Turn.IMPORT)
def take_gone(
    session: Session, key: str, records: Sequence[int], day: date, at: Standing, partner: str, digest: str
) -> None:
    """End or take out some records of a ledger because another office has them no longer. Raises `Conflict` when
    anything was written since they were looked at, and what ending them raises."""
    if standing(session) != at:
        raise Conflict("这期间有人改过资料，再看一遍。")
    ending, ledger = ENDINGS[ledger_of(key)], LEDGERS[ledger_of(key)]
    ending.end(session, records, day)
    words = f"“{partner}”的{ledger.title}里已不在，{ending.words} {len(records)} {ledger.unit}"
    entitle(session, words, part=digest)
