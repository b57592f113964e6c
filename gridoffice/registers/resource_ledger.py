"""资源清单 as Excel knows it: a resource in each row, told by its grid and its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from db.enums import Right
from db.tables import Resource
from db.turns import Turn
from gridoffice.fields import columns
from gridoffice.intake import Incoming, Ledger, Options, Planned, Preview, take_in
from gridoffice.limits import check_room
from gridoffice.people.hats import remembered_of
from gridoffice.registers import rules
from gridoffice.registers.listing import RESOURCES
from gridoffice.registers.placing import Placing, choices, stored_of, twin
from gridoffice.registers.rows import OF_RESOURCE, ResourceRow
from gridoffice.service import service
from gridoffice.settling import differences, settle, write_settled
from gridoffice.spreadsheet.taking import TakenRow


def plan(
    session: Session, rows: Sequence[TakenRow], options: Options, remembered: Mapping[str, str]
) -> list[Planned]:
    """Each row against the resource of that name in its grid; one that is still in use before one that
    is not."""
    placing = Placing.open(session, options, remembered)
    places = [placing.of(row) for row in rows]
    stored = stored_of(session, Resource, {one.grid_id for one in places})
    seen: dict[Any, TakenRow] = {}
    planned = []
    for row, place in zip(rows, places, strict=True):
        said = row.values
        problems = [
            *place.problems,
            *check_room(Resource, columns(ResourceRow), said),
            *rules.check_span(said.get("from_day"), said.get("to_day")),
            *twin(
                seen, (place.grid_id, said.get("name"), said.get("from_day")), row, "资源名称", "同一项资源"
            ),
        ]
        old = _meant(stored.get(place.grid_id or 0, ()), said)
        planned.append(
            settle(
                row,
                problems,
                changes=differences(options, old, said, OF_RESOURCE) if old is not None else {},
                record=old["id"] if old is not None else None,
                resolved={"grid_id": place.grid_id},
                asks=place.asks,
                skip=place.skip,
                out_of_scope=place.outside,
            )
        )
    return planned


def _meant(stored: Sequence[Mapping[str, Any]], said: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The stored resource that a row means: since that day, else the one in use."""
    named = [one for one in stored if one["name"] == said.get("name")]
    exactly = [one for one in named if one["from_day"] == said.get("from_day")]
    return next(iter(exactly or sorted(named, key=lambda one: one["to_day"] is not None)), None)


def write(session: Session, rows: Sequence[Planned], options: Options) -> dict[str, str]:
    """Insert new resources, change the others."""
    write_settled(session, Resource, rows, ("name", *OF_RESOURCE), {"grid": "grid_id"})
    return {}


@service("导入资源清单", needs=Right.EDIT_GRIDS, turn=Turn.IMPORT)
def import_resources(
    session: Session, come: Incoming, options: Options, ready: Preview | None = None
) -> Preview:
    """Take a list of resources in, whole."""
    return take_in(session, RESOURCE_LEDGER, come, options, ready)


RESOURCE_LEDGER = Ledger(
    key="resources",
    title="资源清单",
    unit="项资源",
    columns=lambda _session, _options: columns(ResourceRow),
    ground=remembered_of("resources"),
    plan=plan,
    choices=choices,
    write=write,
    service=import_resources,
    listing=RESOURCES,
)
