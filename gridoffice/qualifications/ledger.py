"""持证台账 as Excel knows it: a certificate in each row; a later one of the same kind is its renewal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import bulk_insert, bulk_update, reserve
from db.enums import Right, SkillLevel
from db.tables import Certificate
from db.turns import Turn
from gridoffice.errors import Problem, Severity
from gridoffice.fields import columns
from gridoffice.intake import Incoming, Key, Ledger, Options, Outcome, Planned, Preview, take_in
from gridoffice.limits import check_room
from gridoffice.people.finding import Stored, who
from gridoffice.people.hats import Wardrobe, Wearer, belongings, completed, namesakes, remembered_of, twin
from gridoffice.people.writing import wearers
from gridoffice.qualifications import rules
from gridoffice.qualifications.listing import CERTIFICATES
from gridoffice.qualifications.rows import OWN, CertificateRow
from gridoffice.service import service
from gridoffice.settling import differences, settle
from gridoffice.spreadsheet.taking import RowKey, TakenRow

_OWN = tuple(column for column in columns(CertificateRow) if column.name in OWN)


@dataclass(frozen=True, slots=True)
class Match:
    """Which stored certificate a row speaks of: that one, one it renews, or one it came before."""

    same: Stored | None = None
    renews: Stored | None = None
    before: Stored | None = None


def plan(
    session: Session, rows: Sequence[TakenRow], options: Options, remembered: Mapping[str, str]
) -> list[Planned]:
    """Each row against the certificates of the person it means."""
    wardrobe = Wardrobe.open(session, rows, options, remembered)
    held = belongings(session, Certificate, wardrobe.people.ids())
    earlier = _earlier_in_file(rows)
    seen: dict[Any, TakenRow] = {}
    return [_plan_row(row, options, wardrobe.wearer(row), held, earlier.get(row.key), seen) for row in rows]


def _plan_row(
    row: TakenRow,
    options: Options,
    whose: Wearer,
    held: Mapping[int, Sequence[Stored]],
    earlier: RowKey | None,
    seen: dict[Any, TakenRow],
) -> Planned:
    said = completed(dict(row.values), whose.person)
    if "level" in said:
        said["level"] = rules.written(said.get("certificate"), said["level"])
    problems = [
        *whose.problems,
        *rules.check_days(said.get("issued"), said.get("expires")),
        *check_room(Certificate, _OWN, said),
        *twin(seen, (who(row), *_kind(said), said.get("number"), said.get("issued")), row, "同一本证书"),
    ]
    found = match(held.get(whose.id or 0, ()), said)
    if found.renews is not None:
        message = f"比现有的那本（{found.renews['issued']} 发）晚，记为续证，旧证保留。"
        problems.append(Problem(message, Severity.NOTE, field="发证日期", value=str(said["issued"])))
    changes = differences(options, found.same, said, OWN) if found.same is not None else {}
    return settle(
        row,
        problems,
        changes=changes,
        record=found.same["id"] if found.same is not None else None,
        resolved={
            "who": who(row),
            "person_id": whose.id,
            "renews": found.renews["id"] if found.renews is not None else None,
            "before": found.before["id"] if found.before is not None else None,
            "earlier": earlier if found.same is None and found.renews is None else None,
        },
        conflict=whose.conflict,
        asks=whose.asked,
        skip=whose.skip,
        out_of_scope=whose.outside,
        values=said,
    )


def _kind(said: Mapping[str, Any]) -> tuple[Any, Any]:
    """What two certificates of the same kind have in common."""
    return said.get("certificate"), said.get("level")


def match(held: Sequence[Stored], said: Mapping[str, Any]) -> Match:
    """The certificate that a row speaks of, among those of its person: the same kind (a row or a record
    without a level may be any) with the same number, or with no number on one side. Issued later than
    that one it is a renewal, issued earlier one that came before."""
    name, level = _kind(said)
    number, issued = said.get("number"), said.get("issued")
    alike = [
        one
        for one in held
        if one["certificate"] == name and (level is None or one["level"] is None or one["level"] == level)
    ]
    same_day = [one for one in alike if one["issued"] == issued and issued is not None]
    known = [one for one in alike if number is not None and one["number"] == number]
    exact = [one for one in same_day if number is None or one["number"] in (None, number)]
    if exact:
        return Match(same=exact[0])
    renewed = {one["renews_id"] for one in held}
    last = next((one for one in known or alike if one["id"] not in renewed), None)
    if last is None:
        return Match()
    if issued is None or last["issued"] is None:
        may_be = number is None or last["number"] in (None, number)
        return Match(same=last) if may_be else Match()
    if issued > last["issued"]:
        return Match(renews=last)
    first = min(known or alike, key=lambda one: one["issued"] or date.max)
    return Match(before=first) if first["renews_id"] is None and issued < first["issued"] else Match()


def _earlier_in_file(rows: Sequence[TakenRow]) -> dict[RowKey, RowKey]:
    """Of rows about the same kind of certificate of one person: which row each follows upon."""
    together: dict[Any, list[TakenRow]] = defaultdict(list)
    for row in rows:
        if row.values.get("issued") is not None:
            level = rules.written(row.values.get("certificate"), row.values.get("level"))
            together[who(row), row.values.get("certificate"), level].append(row)
    found = {}
    for some in together.values():
        order = sorted(some, key=lambda row: row.values["issued"])
        found |= {later.key: row.key for row, later in pairwise(order)}
    return found


def write(session: Session, rows: Sequence[Planned], options: Options) -> dict[str, str]:
    """Insert new certificates, those that renew others tied to them; change the others."""
    owners = wearers(session, rows)
    new = [(row, owner) for row, owner in zip(rows, owners, strict=True) if row.outcome is Outcome.NEW]
    ids = (
        {
            row.key: number
            for (row, _), number in zip(new, reserve(session, Certificate, len(new)), strict=True)
        }
        if new
        else {}
    )
    # a certificate stands in the table before the one that renews it
    order = sorted(new, key=lambda one: one[0].values.get("issued") or date.min)
    bulk_insert(
        session,
        Certificate,
        [
            {
                "id": ids[row.key],
                "person_id": owner,
                "renews_id": row.resolved["renews"] or ids.get(row.resolved["earlier"]),
                **{name: row.values.get(name) for name in OWN},
            }
            for row, owner in order
        ],
    )
    updates: dict[int, dict[str, Any]] = {
        row.record: {name: pair[1] for name, pair in row.changes.items() if name in OWN}
        for row in rows
        if row.outcome is Outcome.UPDATED and row.record is not None
    }
    for row, _ in order:
        if row.resolved["before"] is not None:
            updates.setdefault(row.resolved["before"], {})["renews_id"] = ids[row.key]
    bulk_update(session, Certificate, updates)
    return {}


@service("导入持证台账", needs=Right.EDIT_PEOPLE, turn=Turn.IMPORT)
def import_certificates(
    session: Session, come: Incoming, options: Options, ready: Preview | None = None
) -> Preview:
    """Take a ledger of certificates in, whole."""
    return take_in(session, CERTIFICATE_LEDGER, come, options, ready)


def offers(session: Session) -> dict[str, list[str]]:
    """The certificates that people here hold, and those of the occupation itself with its levels."""
    held = session.scalars(select(Certificate.certificate).distinct().order_by(Certificate.certificate))
    return {
        "certificate": [rules.OCCUPATION, *held],
        "level": [level.label for level in SkillLevel],
    }


CERTIFICATE_LEDGER = Ledger(
    key="qualifications",
    title="持证台账",
    unit="本证书",
    columns=lambda _session, _options: columns(CertificateRow),
    ground=remembered_of("qualifications"),
    plan=plan,
    choices=namesakes,
    keys=tuple(Key),
    write=write,
    service=import_certificates,
    listing=CERTIFICATES,
    offers=offers,
)
