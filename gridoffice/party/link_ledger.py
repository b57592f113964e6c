"""党员入格台账 as Excel knows it: a member and the grid to answer for in each row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from db.enums import Political, Right
from db.tables import PartyLink, PartyMember
from db.turns import Turn
from gridoffice.errors import Problem, Severity
from gridoffice.fields import columns
from gridoffice.grids.asking import NOWHERE, Places, grid_choices
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import gazetteer
from gridoffice.grids.pack import Pack
from gridoffice.intake import Incoming, Key, Ledger, Options, Planned, Preview, take_in
from gridoffice.limits import check_room
from gridoffice.party import rules
from gridoffice.party.listing import LINKS
from gridoffice.party.rows import OF_LINK, LinkRow
from gridoffice.people.finding import Stored, who
from gridoffice.people.hats import (
    Wardrobe,
    Wearer,
    asks_of,
    belongings,
    completed,
    namesakes,
    remembered_of,
    twin,
)
from gridoffice.people.writing import wearers
from gridoffice.questions import Asked, Choice
from gridoffice.service import service
from gridoffice.settling import differences, settle, write_settled
from gridoffice.spreadsheet.taking import TakenRow

PLAIN_LINK = "党员入格"
"""The kind of a link at a grid that no tier of the pack stands at."""

MEMBERS = (Political.MEMBER, Political.PROBATIONARY)


def plan(
    session: Session, rows: Sequence[TakenRow], options: Options, remembered: Mapping[str, str]
) -> list[Planned]:
    """Each row against the grids that its person answers for."""
    wardrobe = Wardrobe.open(session, rows, options, remembered)
    linked = belongings(session, PartyLink, wardrobe.people.ids())
    members = belongings(session, PartyMember, wardrobe.people.ids()).keys()
    pack = office_pack(session)
    places = Places(gazetteer(session, pack), {}, wardrobe.answers, create_missing=False)
    seen: dict[Any, TakenRow] = {}
    return [
        _plan_row(
            row,
            options,
            pack,
            places,
            wardrobe,
            wardrobe.wearer(row, members.__contains__),
            linked,
            members,
            seen,
        )
        for row in rows
    ]


def _plan_row(
    row: TakenRow,
    options: Options,
    pack: Pack,
    places: Places,
    wardrobe: Wardrobe,
    whose: Wearer,
    linked: Mapping[int, Sequence[Stored]],
    members: Any,
    seen: dict[Any, TakenRow],
) -> Planned:
    said = completed(dict(row.values), whose.person)
    start, end = said.get("from_day"), said.get("to_day")
    problems = [
        *whose.problems,
        *rules.check_days(start, end),
        *check_room(PartyLink, columns(LinkRow), said),
    ]
    found = places.find((said["grid"],), "所入网格") if said.get("grid") else NOWHERE
    problems += found.problems
    if not said.get("grid"):
        problems.append(Problem("没写所入网格。", field="所入网格"))
    grid_id, outside = found.grid_id, None
    if grid_id is not None:
        grid_kind = places.place(grid_id).kind
        outside = wardrobe.outside_grid(places.path(grid_id), "所入网格", places.display(grid_id))
        problems += [outside] if outside is not None else []
        said["kind"] = kind_said(pack, said.get("kind"), grid_kind)
        problems += rules.check_tie(pack, said["kind"], grid_kind)
        problems += twin(seen, (who(row), grid_id, start), row, "同一个网格")
    if whose.person is not None and whose.id not in members and whose.person["political"] not in MEMBERS:
        message = f"党员花名册里没有“{said.get('name')}”，看看是不是党员。"
        problems.append(Problem(message, Severity.WARNING, field="姓名", value=said.get("name")))
    old = _link(linked.get(whose.id or 0, ()), grid_id, start, end)
    changes = differences(options, old, said, OF_LINK) if old is not None else {}
    return settle(
        row,
        problems,
        changes=changes,
        record=old["id"] if old is not None else None,
        resolved={"who": who(row), "person_id": whose.id, "grid_id": grid_id},
        conflict=whose.conflict,
        asks=(*whose.asked, *asks_of(found.asked)),
        skip=whose.skip or found.skip,
        out_of_scope=whose.outside or outside is not None,
        values=said,
    )


def kind_said(pack: Pack, word: str | None, grid_kind: str) -> str:
    """The kind of a link in the pack's own words; where nobody says, that of the grid's tier."""
    tier = rules.tier_called(pack, word) if word else next(iter(rules.tiers_of(pack, grid_kind)), None)
    if tier is not None and tier.supervisor:
        return rules.tier_name(tier)
    return word or PLAIN_LINK


def _link(
    links: Sequence[Stored], grid_id: int | None, start: date | None, end: date | None
) -> Stored | None:
    """The link that a row speaks of: in that grid since that day, else there while the row's days run."""
    here = [one for one in links if one["grid_id"] == grid_id]
    for one in here:
        if one["from_day"] == start:
            return one
    return next((one for one in here if rules.overlap(one["from_day"], one["to_day"], start, end)), None)


def write(session: Session, rows: Sequence[Planned], options: Options) -> dict[str, str]:
    """Insert new links, change the others."""
    owner = dict(zip((row.key for row in rows), wearers(session, rows), strict=True))
    write_settled(
        session, PartyLink, rows, OF_LINK, {"grid": "grid_id"}, lambda row: {"person_id": owner[row.key]}
    )
    return {}


def choices(session: Session, ground: object, asked: Asked) -> tuple[Choice, ...]:
    """What may be answered to a question of this ledger."""
    if asked.key.startswith("grid "):
        return grid_choices(gazetteer(session, office_pack(session)), asked, create=False)
    return namesakes(session, ground, asked)


@service("导入党员入格台账", needs=Right.EDIT_PEOPLE, turn=Turn.IMPORT)
def import_links(session: Session, come: Incoming, options: Options, ready: Preview | None = None) -> Preview:
    """Take a ledger of who answers for which grid in, whole."""
    return take_in(session, LINK_LEDGER, come, options, ready)


LINK_LEDGER = Ledger(
    key="party-links",
    title="党员入格台账",
    unit="条",
    columns=lambda _session, _options: columns(LinkRow),
    ground=remembered_of("party-links"),
    plan=plan,
    choices=choices,
    keys=tuple(Key),
    write=write,
    service=import_links,
    listing=LINKS,
    offers=lambda session: {"kind": rules.tier_names(office_pack(session))},
)
