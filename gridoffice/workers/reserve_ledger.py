"""后备人员名册 as Excel knows it: a person in each row, with the post and the grid that is wished for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from db.enums import ReserveState, Right
from db.tables import Reserve
from db.turns import Turn
from gridoffice.errors import Problem
from gridoffice.fields import columns
from gridoffice.grids.asking import NOWHERE, Places, grid_choices
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import gazetteer
from gridoffice.intake import Incoming, Key, Ledger, Options, Planned, Preview, take_in
from gridoffice.limits import check_room
from gridoffice.people.finding import Stored, who
from gridoffice.people.hats import (
    Wardrobe,
    asks_of,
    belongings,
    completed,
    namesakes,
    remembered_of,
    twin,
)
from gridoffice.people.rows import PERSONAL
from gridoffice.people.rules import check_identity
from gridoffice.people.writing import wearers
from gridoffice.questions import Asked, Choice
from gridoffice.service import service
from gridoffice.settling import differences, settle, write_settled
from gridoffice.spreadsheet.taking import TakenRow
from gridoffice.workers.reserve import check_days
from gridoffice.workers.reserve_listing import RESERVES
from gridoffice.workers.reserve_rows import OF_RESERVE, ReserveRow

_SHOWN = columns(ReserveRow)


def plan(
    session: Session, rows: Sequence[TakenRow], options: Options, remembered: Mapping[str, str]
) -> list[Planned]:
    """Each row against what its person waits or waited for."""
    wardrobe = Wardrobe.open(session, rows, options, remembered)
    held = belongings(session, Reserve, wardrobe.people.ids())
    pack = office_pack(session)
    places = Places(gazetteer(session, pack), {}, wardrobe.answers, create_missing=False)
    seen: dict[Any, TakenRow] = {}
    planned = []
    for row in rows:
        whose = wardrobe.wearer(row, held.__contains__, unnumbered=True)
        said = completed(dict(row.values), whose.person)
        if said.get("title") and (known := pack.post_called(said["title"])) is not None:
            said["title"] = known.label
        found = places.find((said["grid"],), "意向网格") if said.get("grid") else NOWHERE
        outside = None
        if found.grid_id is not None:
            path, name = places.path(found.grid_id), places.display(found.grid_id)
            outside = wardrobe.outside_grid(path, "意向网格", name)
        problems: list[Problem] = [
            *whose.problems,
            *check_identity(said.get("id_number"), said.get("sex"), said.get("birth")),
            *check_days(said.get("since"), said.get("to_day")),
            *check_room(Reserve, _SHOWN, said),
            *found.problems,
            *([outside] if outside is not None else []),
            *twin(seen, (who(row), said.get("title"), found.grid_id), row, "同一个意向岗位"),
        ]
        old = _line(held.get(whose.id or 0, ()), said, found.grid_id)
        if old is None and not said.get("state"):
            said["state"] = ReserveState.WAITING
        changes = differences(options, whose.person, said, PERSONAL) if whose.person is not None else {}
        if old is not None:
            changes |= differences(options, old, said, OF_RESERVE)
            if found.grid_id is not None and found.grid_id != old["grid_id"]:
                before = places.display(old["grid_id"]) if old["grid_id"] is not None else None
                changes["grid"] = (before, places.display(found.grid_id))
        planned.append(
            settle(
                row,
                problems,
                changes=changes,
                record=old["id"] if old is not None else None,
                resolved={"who": who(row), "person_id": whose.id, "grid_id": found.grid_id},
                conflict=whose.conflict,
                asks=(*whose.asked, *asks_of(found.asked)),
                skip=whose.skip or found.skip,
                out_of_scope=whose.outside or outside is not None,
                values=said,
            )
        )
    return planned


def _line(lines: Sequence[Stored], said: Mapping[str, Any], grid_id: int | None) -> Stored | None:
    """The line that a row speaks of: entered on the same day, else the same wish, else the only one that
    still waits."""
    if said.get("since") is not None:
        same = [one for one in lines if one["since"] == said["since"]]
        if len(same) == 1:
            return same[0]
        lines = same or [one for one in lines if one["since"] is None]
    for one in lines:
        if one["title"] == said.get("title") and one["grid_id"] == grid_id:
            return one
    waiting = [one for one in lines if one["state"] is ReserveState.WAITING]
    return waiting[0] if len(waiting) == 1 and not (said.get("title") and waiting[0]["title"]) else None


def write(session: Session, rows: Sequence[Planned], options: Options) -> dict[str, str]:
    """Insert new lines, change the others."""
    owner = dict(zip((row.key for row in rows), wearers(session, rows), strict=True))

    def beside(row: Planned) -> dict[str, Any]:
        return {"person_id": owner[row.key], "state": row.values.get("state") or ReserveState.WAITING}

    write_settled(session, Reserve, rows, OF_RESERVE, {"grid": "grid_id"}, beside)
    return {}


def choices(session: Session, ground: object, asked: Asked) -> tuple[Choice, ...]:
    """What may be answered to a question of this ledger."""
    if asked.key.startswith("grid "):
        return grid_choices(gazetteer(session, office_pack(session)), asked, create=False)
    return namesakes(session, ground, asked)


@service("导入后备人员名册", needs=Right.EDIT_PEOPLE, turn=Turn.IMPORT)
def import_reserve(
    session: Session, come: Incoming, options: Options, ready: Preview | None = None
) -> Preview:
    """Take a reserve list in, whole."""
    return take_in(session, RESERVE_LEDGER, come, options, ready)


RESERVE_LEDGER = Ledger(
    key="reserve",
    title="后备人员名册",
    unit="人",
    columns=lambda _session, _options: columns(ReserveRow),
    ground=remembered_of("reserve"),
    plan=plan,
    choices=choices,
    keys=tuple(Key),
    write=write,
    service=import_reserve,
    listing=RESERVES,
    offers=lambda session: {"title": [post.label for post in office_pack(session).posts]},
)
