"""联系户台账 as Excel knows it: a household in each row, told by its grid, its representative and the phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Right
from db.tables import Household, Person
from db.turns import Turn
from gridoffice.fields import columns
from gridoffice.households import rules
from gridoffice.households.listing import HOUSEHOLDS
from gridoffice.households.naming import FIELDS, Known
from gridoffice.households.rows import OWN, HouseholdRow
from gridoffice.intake import Incoming, Ledger, Options, Planned, Preview, take_in
from gridoffice.limits import check_room
from gridoffice.listing import chunked
from gridoffice.people.hats import remembered_of
from gridoffice.registers.placing import Placing, choices, stored_of, twin
from gridoffice.service import service
from gridoffice.settling import differences, settle, write_settled
from gridoffice.spreadsheet.taking import TakenRow

_ALL = (*OWN, *FIELDS)


def plan(
    session: Session, rows: Sequence[TakenRow], options: Options, remembered: Mapping[str, str]
) -> list[Planned]:
    """Each row against the household of that representative in its grid; of several the one with the same
    phone, else the one at the same address."""
    placing = Placing.open(session, options, remembered)
    places = [placing.of(row) for row in rows]
    stored = stored_of(session, Household, {one.grid_id for one in places})
    people = _people(session, [one for some in stored.values() for one in some])
    known = Known(
        session,
        [
            (row.values.get(field), place.grid_id)
            for row, place in zip(rows, places, strict=True)
            for field in FIELDS
        ],
    )
    seen: dict[Any, TakenRow] = {}
    planned = []
    for row, place in zip(rows, places, strict=True):
        said = row.values
        old = _meant(stored.get(place.grid_id or 0, ()), said)
        problems = [
            *place.problems,
            *check_room(Household, columns(HouseholdRow), said),
            *rules.check_household(said.get("people"), said.get("from_day"), said.get("to_day")),
            *twin(
                seen,
                (place.grid_id, said.get("name"), said.get("phone"), said.get("address")),
                row,
                "户代表",
                "同一户",
            ),
        ]
        before = None
        if old is not None:
            named = {field: people.get(old[key]) for field, (key, _) in FIELDS.items()}
            before = {**old, **named}
        numbers: dict[str, int | None] = {}
        for field, (key, label) in FIELDS.items():
            kept = None
            if old is not None and old[key] is not None:
                kept = {"id": old[key], "name": people.get(old[key])}
            numbers[key], wrong = known.meant(said.get(field), place.grid_id, label, kept)
            problems += wrong
        planned.append(
            settle(
                row,
                problems,
                changes=differences(options, before, said, _ALL) if before is not None else {},
                record=old["id"] if old is not None else None,
                resolved={"grid_id": place.grid_id, **numbers},
                asks=place.asks,
                skip=place.skip,
                out_of_scope=place.outside,
            )
        )
    return planned


def _people(session: Session, stored: Sequence[Mapping[str, Any]]) -> dict[int | None, str]:
    """The names of those whom stored households name."""
    wanted = {one[key] for one in stored for key, _ in FIELDS.values()} - {None}
    found: dict[int | None, str] = {}
    for chunk in chunked(sorted(wanted)):
        found |= {
            number: name
            for number, name in session.execute(select(Person.id, Person.name).where(Person.id.in_(chunk)))
        }
    return found


def _meant(stored: Sequence[Mapping[str, Any]], said: Mapping[str, Any]) -> Mapping[str, Any] | None:
    named = [one for one in stored if one["name"] == said.get("name")]
    for column in ("phone", "address"):
        same = [one for one in named if said.get(column) is not None and one[column] == said[column]]
        if same:
            return same[0]
    if len(named) > 1:
        named = [one for one in named if one["to_day"] is None] or named
    return named[0] if len(named) == 1 else None


def write(session: Session, rows: Sequence[Planned], options: Options) -> dict[str, str]:
    """Insert new households, change the others."""
    refers = {"grid": "grid_id", **{name: key for name, (key, _) in FIELDS.items()}}
    write_settled(session, Household, rows, OWN, refers)
    return {}


@service("导入联系户台账", needs=Right.EDIT_PEOPLE, turn=Turn.IMPORT)
def import_households(
    session: Session, come: Incoming, options: Options, ready: Preview | None = None
) -> Preview:
    """Take a ledger of households in, whole."""
    return take_in(session, HOUSEHOLD_LEDGER, come, options, ready)


HOUSEHOLD_LEDGER = Ledger(
    key="households",
    title="联系户台账",
    unit="户",
    columns=lambda _session, _options: columns(HouseholdRow),
    ground=remembered_of("households"),
    plan=plan,
    choices=choices,
    write=write,
    service=import_households,
    listing=HOUSEHOLDS,
)
