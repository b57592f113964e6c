"""问题清单 as Excel knows it: a problem in each row, told by its grid, the day it was found and what it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from db.bulk import bulk_insert, bulk_update, reserve
from db.enums import Right
from db.tables import Issue
from db.turns import Turn
from gridoffice.fields import columns
from gridoffice.grids.listing import office_pack
from gridoffice.intake import Incoming, Ledger, Options, Outcome, Planned, Preview, take_in
from gridoffice.limits import check_room
from gridoffice.people.hats import remembered_of
from gridoffice.registers import rules
from gridoffice.registers.listing import ISSUES
from gridoffice.registers.placing import Placing, choices, stored_of, twin
from gridoffice.registers.reporters import reporters
from gridoffice.registers.rows import OF_ISSUE, IssueRow
from gridoffice.service import service
from gridoffice.settling import differences, settle
from gridoffice.spreadsheet.taking import TakenRow


def plan(
    session: Session, rows: Sequence[TakenRow], options: Options, remembered: Mapping[str, str]
) -> list[Planned]:
    """Each row against the problem of the same words, found in its grid on the same day."""
    placing = Placing.open(session, options, remembered)
    places = [placing.of(row) for row in rows]
    stored = stored_of(session, Issue, {one.grid_id for one in places})
    seen: dict[Any, TakenRow] = {}
    today = date.today()
    planned = []
    for row, place in zip(rows, places, strict=True):
        said = dict(row.values)
        known = (one for one in stored.get(place.grid_id or 0, ()))
        key = said.get("day"), said.get("what")
        old = next((one for one in known if (one["day"], one["what"]) == key), None)
        # what the file does not say of a problem that is known stays as it was
        days = {
            name: said.get(name) or (old[name] if old is not None else None) for name in ("due", "closed")
        }
        if said.get("state") is None:
            settled_now = said.get("closed") is not None
            said["state"] = (
                old["state"] if old and not settled_now else rules.state_said(None, days["closed"])
            )
        elif said["state"] in rules.LEFT and not said.get("closed"):
            days["closed"] = None
        problems = [
            *place.problems,
            *check_room(Issue, columns(IssueRow), said),
            *rules.check_issue(said["state"], said.get("day"), days["due"], days["closed"], today),
            *twin(seen, (place.grid_id, said.get("what"), said.get("day")), row, "问题内容", "同一个问题"),
        ]
        changes = differences(options, old, said, OF_ISSUE) if old is not None else {}
        if old is not None and old["closed"] != days["closed"]:
            changes["closed"] = old["closed"], days["closed"]
        planned.append(
            settle(
                row,
                problems,
                changes=changes,
                record=old["id"] if old is not None else None,
                resolved={"grid_id": place.grid_id},
                asks=place.asks,
                skip=place.skip,
                out_of_scope=place.outside,
                values=said,
            )
        )
    return planned


def write(session: Session, rows: Sequence[Planned], options: Options) -> dict[str, str]:
    """Insert new problems, change the others; whoever reported them is linked where the office knows them."""
    new = [row for row in rows if row.outcome is Outcome.NEW]
    changed = [row for row in rows if row.outcome is Outcome.UPDATED and row.record is not None]
    named = {row.key: (row.values.get("reporter"), row.resolved["grid_id"]) for row in (*new, *changed)}
    people = reporters(session, list(named.values()))
    bulk_insert(
        session,
        Issue,
        [
            {
                "id": number,
                "grid_id": row.resolved["grid_id"],
                "person_id": people.get(named[row.key]),
                **{name: row.values.get(name) for name in ("day", "what", *OF_ISSUE)},
            }
            for number, row in zip(reserve(session, Issue, len(new)) if new else (), new, strict=True)
        ],
    )
    updates: dict[int, dict[str, Any]] = {}
    for row in changed:
        values = {name: pair[1] for name, pair in row.changes.items()}
        if "reporter" in values:
            values["person_id"] = people.get(named[row.key])
        updates[row.record or 0] = values
    bulk_update(session, Issue, updates)
    return {}


@service("导入问题清单", needs=Right.EDIT_GRIDS, turn=Turn.IMPORT)
def import_issues(
    session: Session, come: Incoming, options: Options, ready: Preview | None = None
) -> Preview:
    """Take a list of problems in, whole."""
    return take_in(session, ISSUE_LEDGER, come, options, ready)


def offers(session: Session) -> Mapping[str, Sequence[str]]:
    """The words of this office for kinds of problems, and for where they come from."""
    pack = office_pack(session)
    return {"kind": rules.issue_kinds(pack), "source": rules.sources(pack)}


ISSUE_LEDGER = Ledger(
    key="grid-issues",
    title="问题清单",
    unit="个问题",
    columns=lambda _session, _options: columns(IssueRow),
    ground=remembered_of("grid-issues"),
    plan=plan,
    choices=choices,
    write=write,
    service=import_issues,
    listing=ISSUES,
    offers=offers,
)
