"""What is done about 双报到: members report to a grid, what they do there is written down, a year is summed up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from db.enums import ReportSide, Right
from db.journal import entitle
from db.tables import Grid, PartyReport, PartyService, Person
from gridoffice.both_changed import meet_fields
from gridoffice.errors import NotFound, Problem, RuleBroken, has_error
from gridoffice.fields import Field, Kind, columns
from gridoffice.grids.history import tree_on
from gridoffice.grids.listing import office_pack, path_of
from gridoffice.grids.naming import names_of
from gridoffice.limits import check_room
from gridoffice.listing import unchanged
from gridoffice.own_tables import OwnTable, save_own_table
from gridoffice.party import report_rules, rules
from gridoffice.party.facts import Span
from gridoffice.party.report_listing import report_rows, service_rows
from gridoffice.party.report_rows import OF_REPORT, OF_SERVICE, ReportRow, ServiceRow
from gridoffice.people import rows as person_rows
from gridoffice.service import service

SERVICE = OwnTable("party-service", "双报到服务要求", report_rules.ServiceTable, ("party", "service.toml"))
"""How much service a year asks for."""
REPORT_GONE, SERVICE_GONE = "这条报到已不在台账里。", "这条服务记录已不在了。"


def report_row(session: Session, report_id: int) -> ReportRow:
    """One line as the form shows it. Raises `NotFound`."""
    found = report_rows(session, [report_id])
    if not found:
        raise NotFound(REPORT_GONE)
    return found[0]


def service_row(session: Session, service_id: int) -> ServiceRow:
    """One line as the form shows it. Raises `NotFound`."""
    found = service_rows(session, [service_id])
    if not found:
        raise NotFound(SERVICE_GONE)
    return found[0]


def _refuse(problems: Sequence[Problem]) -> None:
    if has_error(problems):
        raise RuleBroken(problems[0].message, problems)


def _whose(session: Session, said: Mapping[str, Any], place: str) -> tuple[Person, str]:
    """The person and the grid's name. Raises `RuleBroken`."""
    person = session.get(Person, said["person_id"]) if said["person_id"] else None
    grid = session.get(Grid, said["grid_id"]) if said["grid_id"] else None
    if person is None:
        raise RuleBroken("没写是谁。")
    if grid is None:
        raise RuleBroken(f"没写{place}。")
    return person, names_of(session, office_pack(session), [grid.id])[grid.id][0]


def _said(record: Any, names: Sequence[str], values: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: getattr(record, name) for name in ("person_id", "grid_id", *names)}
    return kept | {name: None if value == "" else value for name, value in values.items() if name in kept}


@service("保存双报到", needs=Right.EDIT_PEOPLE)
def save_report(
    session: Session, report_id: int | None, values: Mapping[str, Any], seen: ReportRow | None = None
) -> int:
    """A member reports to a grid, or what is written of it changes: `values` by column name, `person_id`
    and `grid_id` as numbers. Raises `RuleBroken` when the same member has reported there from the same
    side at the same time already, and `Conflict`; answers its number."""
    report = session.get(PartyReport, report_id) if report_id is not None else PartyReport()
    if report is None:
        raise NotFound(REPORT_GONE)
    if report_id is not None and seen is not None:
        shown = {"grid" if name == "grid_id" else name for name in values}
        unchanged(columns(ReportRow), seen, report_row(session, report_id), shown)
    said = _said(report, OF_REPORT, values)
    person, where = _whose(session, said, "报到网格")
    said["side"] = said["side"] or ReportSide.RESIDENCE
    _refuse(
        check_room(PartyReport, columns(ReportRow), said) + rules.check_days(said["from_day"], said["to_day"])
    )
    others = select(PartyReport).where(
        PartyReport.person_id == person.id,
        PartyReport.grid_id == said["grid_id"],
        PartyReport.side == said["side"],
    )
    for other in session.scalars(others):
        if other.id != report_id and rules.overlap(
            said["from_day"], said["to_day"], other.from_day, other.to_day
        ):
            raise RuleBroken(f"“{person.name}”在这段时间已经到“{where}”报到了。")
    for name, value in said.items():
        setattr(report, name, value)
    if report_id is None:
        session.add(report)
    entitle(session, f"“{person.name}”到“{where}”报到" + ("" if report_id is None else "，资料已改"))
    session.flush()
    return report.id


@service("结束双报到", needs=Right.EDIT_PEOPLE)
def end_reports(session: Session, report_ids: Sequence[int], last_day: date) -> int:
    """Some members no longer report there; `last_day` is the last one. Answers how many."""
    found = session.scalars(select(PartyReport).where(PartyReport.id.in_(report_ids))).all()
    for report in found:
        _refuse(rules.check_days(report.from_day, last_day))
        report.to_day = last_day
    entitle(session, f"结束 {len(found)} 人次双报到")
    session.flush()
    return len(found)


@service("登记党员服务", needs=Right.EDIT_PEOPLE)
def save_service(
    session: Session, service_id: int | None, values: Mapping[str, Any], seen: ServiceRow | None = None
) -> int:
    """What a member did for a grid on a day: `values` by column name, `person_id` and `grid_id` as
    numbers. Raises `RuleBroken` and `Conflict`; answers its number."""
    one = session.get(PartyService, service_id) if service_id is not None else PartyService()
    if one is None:
        raise NotFound(SERVICE_GONE)
    if service_id is not None and seen is not None:
        shown = {"grid" if name == "grid_id" else name for name in values}
        unchanged(columns(ServiceRow), seen, service_row(session, service_id), shown)
    said = _said(one, OF_SERVICE, values)
    person, where = _whose(session, said, "服务网格")
    for name, words in (("day", "服务日期"), ("what", "服务内容")):
        if said[name] is None:
            raise RuleBroken(f"没写{words}。", [Problem(f"没写{words}。", field=words)])
    _refuse(
        check_room(PartyService, columns(ServiceRow), said)
        + report_rules.check_service(said["day"], said["hours"])
    )
    for name, value in said.items():
        setattr(one, name, value)
    if service_id is None:
        session.add(one)
    entitle(
        session,
        f"“{person.name}”{said['day']} 在“{where}”的服务" + ("已登记" if service_id is None else "已改"),
    )
    session.flush()
    return one.id


@service("删去党员服务记录", needs=Right.EDIT_PEOPLE)
def remove_services(session: Session, service_ids: Sequence[int]) -> int:
    """Services that were never done go. Answers how many."""
    found = session.scalars(select(PartyService).where(PartyService.id.in_(service_ids))).all()
    for one in found:
        session.delete(one)
    entitle(session, f"删去 {len(found)} 次党员服务")
    session.flush()
    return len(found)


# A year


@dataclass(frozen=True, slots=True)
class YearRow:
    """One member who reported somewhere in a year: how often and how long they served in it, and what is
    missing of what the office asks for."""

    id: int
    name: Annotated[str, person_rows.NAME]
    state: Annotated[str, Field("是否达标", width=9, computed=True)]
    missing: Annotated[str | None, Field("还差", width=18, computed=True)]
    unit: Annotated[str | None, Field("工作单位", width=24, computed=True)]
    sides: Annotated[str, Field("报到类别", width=16, computed=True)]
    grids: Annotated[str, Field("报到网格", Kind.GRID, width=26, computed=True)]
    times: Annotated[int, Field("服务次数", Kind.INTEGER, width=8, computed=True)]
    hours: Annotated[Decimal, Field("服务时长", Kind.DECIMAL, width=9, computed=True)]


ENOUGH, SHORT = "达标", "还差"


def year_rows(session: Session, scope: int | None = None, day: date | None = None) -> list[YearRow]:
    """Everybody who reported below a grid in the year of a day, in the order of their grids; services count
    wherever they were done, up to that day."""
    day = day or date.today()
    first, last = report_rules.year_of(day)
    query = (
        select(PartyReport, Person.name, Grid.path)
        .join(Person, Person.id == PartyReport.person_id)
        .join(Grid, Grid.id == PartyReport.grid_id)
        .where(
            or_(PartyReport.from_day.is_(None), PartyReport.from_day <= min(last, day)),
            or_(PartyReport.to_day.is_(None), PartyReport.to_day >= first),
        )
        .order_by(Grid.path, Person.pinyin, PartyReport.id)
    )
    if scope is not None:
        query = query.where(tree_on(session, day).within(Grid.path, path_of(session, scope)))
    names: dict[int, str] = {}
    reports: dict[int, list[PartyReport]] = defaultdict(list)
    for report, name, _ in session.execute(query):
        names[report.person_id] = name
        reports[report.person_id].append(report)
    places = names_of(
        session, office_pack(session), {one.grid_id for some in reports.values() for one in some}, day
    )
    done = select(PartyService.person_id, PartyService.hours).where(
        and_(PartyService.day >= first, PartyService.day <= min(last, day))
    )
    times: dict[int, int] = defaultdict(int)
    hours: dict[int, Decimal] = defaultdict(Decimal)
    for person_id, one in session.execute(done):
        times[person_id] += 1
        hours[person_id] += one or Decimal(0)
    asked = SERVICE.of(session).rules
    found = []
    for person_id, some in reports.items():
        sides = list(dict.fromkeys(one.side for one in some))
        words = _missing(asked, sides, times[person_id], hours[person_id])
        found.append(
            YearRow(
                person_id,
                names[person_id],
                SHORT if words else ENOUGH,
                words,
                next((one.unit for one in some if one.unit), None),
                "、".join(side.label for side in sides),
                "、".join(dict.fromkeys(places[one.grid_id][0] for one in some)),
                times[person_id],
                hours[person_id],
            )
        )
    return found


def services_of(session: Session, person_id: int, day: date) -> tuple[str | None, tuple[Span, ...]]:
    """What is missing of a member's services in the year of a day, in words, and all there were so far."""
    first, _ = report_rules.year_of(day)
    query = select(PartyService).where(PartyService.person_id == person_id, PartyService.day <= day)
    found = session.scalars(query.order_by(PartyService.day.desc(), PartyService.id)).all()
    names = names_of(session, office_pack(session), {one.grid_id for one in found}, day)
    sides = session.scalars(select(PartyReport.side).where(PartyReport.person_id == person_id)).all()
    year = [one for one in found if one.day >= first]
    hours = sum((one.hours or Decimal(0) for one in year), Decimal(0))
    missing = _missing(SERVICE.of(session).rules, sides, len(year), hours)
    spans = tuple(
        Span(
            one.id,
            one.what,
            "　".join(
                part
                for part in (
                    one.day.isoformat(),
                    names[one.grid_id][0],
                    f"{one.hours:f} 小时" if one.hours is not None else "",
                )
                if part
            ),
            None,
            None,
        )
        for one in found
    )
    return missing, spans


def _missing(
    asked: Sequence[report_rules.ServiceRule], sides: Sequence[ReportSide], times: int, hours: Decimal
) -> str | None:
    few, little = report_rules.short_of(asked, sides, times, hours)
    words = [f"{few} 次" if few else "", f"{little:f} 小时" if little else ""]
    return "、".join(part for part in words if part) or None


# ---- what a year asks for ------------------------------------------------------------------------

ASKED = {"sides": "要求谁", "times": "一年至少几次", "hours": "一年至少多少小时", "source": "依据"}
"""The fields of a requirement in words."""
SIDES: Mapping[tuple[ReportSide, ...], str] = {
    (): "所有报到的党员",
    (ReportSide.RESIDENCE,): "居住地报到的党员",
    (ReportSide.UNIT,): "单位报到的党员",
}
"""Of whom something is asked."""


def required(session: Session) -> dict[str, Any]:
    """The first thing that a year asks for, by the names of `ASKED`; nothing where nothing is asked."""
    rules_ = SERVICE.of(session).rules
    return asdict(rules_[0] if rules_ else report_rules.ServiceRule(0, Decimal(0), ""))


@service("修改双报到服务要求", needs=Right.EDIT_PEOPLE)
def save_requirement(
    session: Session, values: Mapping[str, Any], seen: Mapping[str, Any] | None = None
) -> None:
    """Ask for something else in a year; what is asked besides the first stays. Raises `FieldsClash` where somebody
    else changed the same since it was `seen`."""
    now = required(session)
    said = {**now, **meet_fields("双报到服务要求", ASKED, seen, values, now, _asked_words)}
    rest = SERVICE.of(session).rules[1:]
    table = report_rules.ServiceTable((report_rules.ServiceRule(**said), *rest))
    save_own_table(session, SERVICE, report_rules.service_text(table))


def _asked_words(name: str, value: Any) -> str:
    if name == "sides":
        return SIDES.get(tuple(value), "、".join(side.label for side in value))
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
