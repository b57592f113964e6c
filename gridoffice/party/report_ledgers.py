"""双报到台账 and 党员服务记录 as Excel knows them: a member, a grid, and what is said of the two in each row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from db.enums import ReportSide, Right
from db.tables import PartyReport, PartyService
from db.turns import Turn
from gridoffice.errors import Problem
from gridoffice.fields import Column, columns
from gridoffice.grids.asking import NOWHERE, Places, grid_choices
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import gazetteer
from gridoffice.intake import Incoming, Key, Ledger, Options, Planned, Preview, take_in
from gridoffice.limits import check_room
from gridoffice.party import report_rules, rules
from gridoffice.party.report_listing import REPORTED, SERVICES
from gridoffice.party.report_rows import OF_REPORT, OF_SERVICE, ReportRow, ServiceRow
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
from gridoffice.people.writing import wearers
from gridoffice.questions import Asked, Choice
from gridoffice.service import service
from gridoffice.settling import differences, settle, write_settled
from gridoffice.spreadsheet.taken import TakenRow


@dataclass(frozen=True, slots=True)
class _Sort:
    """What tells the two ledgers apart: the record, its columns, its word for the grid, which stored one
    a row speaks of, what is wrong with a row by itself. In a register of people (`makes`) somebody
    without an ID number is made, too."""

    record: type[PartyReport] | type[PartyService]
    columns: tuple[Column, ...]
    stored: tuple[str, ...]
    place: str
    same: Callable[[Stored, Mapping[str, Any], int | None], bool]
    check: Callable[[Mapping[str, Any]], list[Problem]]
    key: Callable[[Mapping[str, Any], int | None], tuple[Any, ...]]
    what: str
    makes: bool


def _planned(sort: _Sort) -> Callable[..., list[Planned]]:
    def plan(
        session: Session, rows: Sequence[TakenRow], options: Options, remembered: Mapping[str, str]
    ) -> list[Planned]:
        wardrobe = Wardrobe.open(session, rows, options, remembered)
        held = belongings(session, sort.record, wardrobe.people.ids())
        places = Places(gazetteer(session, office_pack(session)), {}, wardrobe.answers, create_missing=False)
        seen: dict[Any, TakenRow] = {}
        return [_plan_row(sort, row, options, wardrobe, held, places, seen) for row in rows]

    return plan


def _plan_row(
    sort: _Sort,
    row: TakenRow,
    options: Options,
    wardrobe: Wardrobe,
    held: Mapping[int, Sequence[Stored]],
    places: Places,
    seen: dict[Any, TakenRow],
) -> Planned:
    whose = wardrobe.wearer(row, held.__contains__, unnumbered=sort.makes)
    said = completed(dict(row.values), whose.person)
    if sort.record is PartyReport and said.get("side") is None:
        said["side"] = ReportSide.RESIDENCE  # 在职党员到居住地社区报到 is the usual roster
    problems = [*whose.problems, *check_room(sort.record, sort.columns, said), *sort.check(said)]
    found = places.find((said["grid"],), sort.place) if said.get("grid") else NOWHERE
    problems += found.problems
    if not said.get("grid"):
        problems.append(Problem(f"没写{sort.place}。", field=sort.place))
    outside = None
    if found.grid_id is not None:
        where = places.display(found.grid_id)
        outside = wardrobe.outside_grid(places.path(found.grid_id), sort.place, where)
        problems += [outside] if outside is not None else []
        problems += twin(seen, (who(row), *sort.key(said, found.grid_id)), row, sort.what)
    old = next((one for one in held.get(whose.id or 0, ()) if sort.same(one, said, found.grid_id)), None)
    changes = differences(options, old, said, sort.stored) if old is not None else {}
    return settle(
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


def _written(sort: _Sort) -> Callable[..., dict[str, str]]:
    def write(session: Session, rows: Sequence[Planned], options: Options) -> dict[str, str]:
        owner = dict(zip((row.key for row in rows), wearers(session, rows), strict=True))
        write_settled(
            session,
            sort.record,
            rows,
            sort.stored,
            {"grid": "grid_id"},
            lambda row: {"person_id": owner[row.key]},
        )
        return {}

    return write


def _same_report(one: Stored, said: Mapping[str, Any], grid_id: int | None) -> bool:
    start, end = said.get("from_day"), said.get("to_day")
    if one["grid_id"] != grid_id or one["side"] is not said["side"]:
        return False
    return one["from_day"] == start or rules.overlap(one["from_day"], one["to_day"], start, end)


def _same_service(one: Stored, said: Mapping[str, Any], grid_id: int | None) -> bool:
    return (one["grid_id"], one["day"], one["what"]) == (grid_id, said.get("day"), said.get("what"))


_REPORT = _Sort(
    PartyReport,
    columns(ReportRow),
    OF_REPORT,
    "报到网格",
    _same_report,
    lambda said: rules.check_days(said.get("from_day"), said.get("to_day")),
    lambda said, grid_id: (grid_id, said["side"], said.get("from_day")),
    "同一次报到",
    True,
)
_SERVICE = _Sort(
    PartyService,
    columns(ServiceRow),
    OF_SERVICE,
    "服务网格",
    _same_service,
    lambda said: report_rules.check_service(said.get("day"), said.get("hours")),
    lambda said, grid_id: (grid_id, said.get("day"), said.get("what")),
    "同一次服务",
    False,
)


def choices(session: Session, ground: object, asked: Asked) -> tuple[Choice, ...]:
    """What may be answered to a question of these ledgers."""
    if asked.key.startswith("grid "):
        return grid_choices(gazetteer(session, office_pack(session)), asked, create=False)
    return namesakes(session, ground, asked)


@service("导入双报到台账", needs=Right.EDIT_PEOPLE, turn=Turn.IMPORT)
def import_reports(
    session: Session, come: Incoming, options: Options, ready: Preview | None = None
) -> Preview:
    """Take a ledger of who reported where in, whole."""
    return take_in(session, REPORT_LEDGER, come, options, ready)


@service("导入党员服务记录", needs=Right.EDIT_PEOPLE, turn=Turn.IMPORT)
def import_services(
    session: Session, come: Incoming, options: Options, ready: Preview | None = None
) -> Preview:
    """Take a ledger of services in, whole."""
    return take_in(session, SERVICE_LEDGER, come, options, ready)


REPORT_LEDGER = Ledger(
    key="party-reports",
    title="党员双报到台账",
    unit="人次",
    columns=lambda _session, _options: columns(ReportRow),
    ground=remembered_of("party-reports"),
    plan=_planned(_REPORT),
    choices=choices,
    keys=tuple(Key),
    write=_written(_REPORT),
    service=import_reports,
    listing=REPORTED,
)
SERVICE_LEDGER = Ledger(
    key="party-services",
    title="党员服务记录",
    unit="次",
    columns=lambda _session, _options: columns(ServiceRow),
    ground=remembered_of("party-services"),
    plan=_planned(_SERVICE),
    choices=choices,
    keys=tuple(Key),
    write=_written(_SERVICE),
    service=import_services,
    listing=SERVICES,
)
