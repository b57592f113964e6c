"""The lists of 双报到: who reported where, and what was done."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db.tables import Grid, PartyReport, PartyService, Person
from gridoffice.fields import columns
from gridoffice.listing import Ask, Listing, ordered_ids
from gridoffice.party.at_grids import found_at, of_grid
from gridoffice.party.report_rows import ReportRow, ServiceRow
from gridoffice.people.lists import OF_PERSON, lasting, tallied, today_or

_BY_REPORT: dict[str, Any] = {
    **{name: OF_PERSON[name] for name in ("name", "id_number", "sex", "phone")},
    "side": PartyReport.side,
    "unit": PartyReport.unit,
    "grid": Grid.path,
    "from_day": PartyReport.from_day,
    "to_day": PartyReport.to_day,
}
_BY_SERVICE: dict[str, Any] = {
    **{name: OF_PERSON[name] for name in ("name", "id_number", "phone")},
    "day": PartyService.day,
    "grid": Grid.path,
    "what": PartyService.what,
    "hours": PartyService.hours,
}


def _reports_asked(session: Session, ask: Ask) -> Select[Any]:
    query = select(PartyReport.id).where(lasting(PartyReport, today_or(ask.day)))
    return of_grid(session, query, PartyReport, ask, PartyReport.unit)


def report_ids(session: Session, ask: Ask) -> array[int]:
    order = (Grid.path, Person.pinyin, PartyReport.id)
    return ordered_ids(session, _reports_asked(session, ask), _BY_REPORT, ask, order)


def report_rows(session: Session, wanted: Sequence[int], day: date | None = None) -> list[ReportRow]:
    found, names = found_at(session, PartyReport, wanted, day)
    return [
        ReportRow(
            id=one.id,
            person_id=person.id,
            name=person.name,
            id_number=person.id_number,
            sex=person.sex,
            phone=person.phone,
            side=one.side,
            unit=one.unit,
            grid=names[one.grid_id],
            from_day=one.from_day,
            to_day=one.to_day,
            note=one.note,
            grid_id=one.grid_id,
        )
        for one, person in found
    ]


def report_choices(session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
    return tallied(session, _reports_asked(session, ask), _BY_REPORT[column])


REPORTED = Listing(
    "party-reports",
    "党员双报到台账",
    "人次",
    columns(ReportRow),
    report_ids,
    report_rows,
    report_choices,
    frozenset(_BY_REPORT),
    frozenset({"side", "unit", "sex"}),
    dated=True,
)


def _services_asked(session: Session, ask: Ask) -> Select[Any]:
    query = select(PartyService.id)
    if ask.day is not None:
        query = query.where(PartyService.day <= ask.day)
    return of_grid(session, query, PartyService, ask, PartyService.what)


def service_ids(session: Session, ask: Ask) -> array[int]:
    order = (PartyService.day.desc(), Grid.path, PartyService.id)
    return ordered_ids(session, _services_asked(session, ask), _BY_SERVICE, ask, order)


def service_rows(session: Session, wanted: Sequence[int], day: date | None = None) -> list[ServiceRow]:
    found, names = found_at(session, PartyService, wanted, day)
    return [
        ServiceRow(
            id=one.id,
            person_id=person.id,
            name=person.name,
            id_number=person.id_number,
            phone=person.phone,
            day=one.day,
            grid=names[one.grid_id],
            what=one.what,
            hours=one.hours,
            note=one.note,
            grid_id=one.grid_id,
        )
        for one, person in found
    ]


def service_choices(session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
    return tallied(session, _services_asked(session, ask), _BY_SERVICE[column])


SERVICES = Listing(
    "party-services",
    "党员服务记录",
    "次",
    columns(ServiceRow),
    service_ids,
    service_rows,
    service_choices,
    frozenset(_BY_SERVICE),
    frozenset({"what"}),
    dated=True,
)
