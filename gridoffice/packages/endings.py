"""What becomes here of a row that another office has no longer: ended on its last day where it has days, taken out
where it has none; and what stands in the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from db.tables import Attendance, Completion, Grid, PartyMember, PartyOrg, Sheet, Training
from gridoffice.assessment.department_ledger import DEPARTMENT_LEDGER
from gridoffice.assessment.departments import remove_department
from gridoffice.errors import has_error
from gridoffice.grids.changing import change_grids, sketch_of
from gridoffice.grids.ledger import GRID_LEDGER
from gridoffice.grids.operations import Basis, Close
from gridoffice.households.ledger import HOUSEHOLD_LEDGER
from gridoffice.households.service import end_households
from gridoffice.party.link_ledger import LINK_LEDGER
from gridoffice.party.member_ledger import MEMBER_LEDGER
from gridoffice.party.org_ledger import ORG_LEDGER
from gridoffice.party.report_ledgers import REPORT_LEDGER, SERVICE_LEDGER
from gridoffice.party.reporting import end_reports, remove_services
from gridoffice.party.service import dissolve_orgs, end_links
from gridoffice.qualifications.ledger import CERTIFICATE_LEDGER
from gridoffice.qualifications.service import remove_certificate
from gridoffice.registers.issue_ledger import ISSUE_LEDGER
from gridoffice.registers.resource_ledger import RESOURCE_LEDGER
from gridoffice.registers.service import remove_issues, remove_resources
from gridoffice.training.attendance_ledger import ATTENDANCE_LEDGER
from gridoffice.training.ledger import TRAINING_LEDGER
from gridoffice.training.plan_ledger import PLAN_LEDGER
from gridoffice.training.plans import remove_plan
from gridoffice.training.service import remove_training
from gridoffice.training.sheet import remove_attendance
from gridoffice.workers.ledger import WORKER_LEDGER
from gridoffice.workers.reserve import leave_reserve
from gridoffice.workers.reserve_ledger import RESERVE_LEDGER
from gridoffice.workers.service import end_posts

WHY = "上报包：对方已没有这一行"

_End = Callable[[Session, Sequence[int], date], object]
_Stays = Callable[[Session, Sequence[int], date], Mapping[int, str]]


def _nothing(_session: Session, _ids: Sequence[int], _day: date) -> Mapping[int, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Ending:
    """In words and as what is done; the day is the last one. `who` are the columns by which it is still known when
    it is only listed otherwise (somebody with another post is not gone); `stays` says of some records why they
    cannot end yet."""

    words: str
    end: _End
    who: tuple[str, ...] = ()
    stays: _Stays = _nothing


def _each(remove: Callable[[Session, int], object]) -> _End:
    def end(session: Session, ids: Sequence[int], _day: date) -> None:
        for number in ids:
            remove(session, number)

    return end


def _basis(day: date) -> Basis:
    return Basis(day + timedelta(days=1), WHY)


def _lowest_first(session: Session, ids: Sequence[int]) -> list[int]:
    longest = func.length(Grid.path).desc()
    return list(session.scalars(select(Grid.id).where(Grid.id.in_(ids)).order_by(longest, Grid.id)))


def _close_grids(session: Session, ids: Sequence[int], day: date) -> None:
    change_grids(session, _basis(day), [Close(one) for one in _lowest_first(session, ids)])


def _grids_that_stay(session: Session, ids: Sequence[int], day: date) -> dict[int, str]:
    """Somebody or something is left in them, as the rules of a dated change have it."""
    stays: dict[int, str] = {}
    closing: list[Close] = []
    for one in _lowest_first(session, ids):
        _, problems = sketch_of(session, _basis(day), [*closing, Close(one)])
        wrong = [problem for problem in problems if has_error([problem])]
        if wrong:
            stays[one] = wrong[0].message
        else:
            closing.append(Close(one))
    return stays


def _orgs_that_stay(session: Session, ids: Sequence[int], day: date) -> dict[int, str]:
    """Members, or organisations that do not end with them, are left."""
    later = or_(PartyMember.to_day.is_(None), PartyMember.to_day > day)
    query = select(PartyMember.org_id, func.count()).where(PartyMember.org_id.in_(ids), later)
    stays = {
        org: f"还有党员 {count} 人，先把组织关系转到别的支部。"
        for org, count in session.execute(query.group_by(PartyMember.org_id))
        if org is not None
    }
    lasts = or_(PartyOrg.to_day.is_(None), PartyOrg.to_day > day)
    below = select(PartyOrg.id, PartyOrg.parent_id, PartyOrg.name).where(PartyOrg.parent_id.in_(ids), lasts)
    lower = session.execute(below).all()
    while True:
        held = {
            above: f"下面还有“{name}”，先把它改挂到别处。"
            for one, above, name in lower
            if above is not None and above not in stays and (one not in ids or one in stays)
        }
        if not held:
            return stays
        stays |= held


def _trainings_that_stay(session: Session, ids: Sequence[int], _day: date) -> dict[int, str]:
    query = select(Attendance.training_id, func.count()).where(Attendance.training_id.in_(ids))
    return {
        one: f"有 {count} 人次签到，先删去签到。"
        for one, count in session.execute(query.group_by(Attendance.training_id))
    }


def _plans_that_stay(session: Session, ids: Sequence[int], _day: date) -> dict[int, str]:
    query = select(Training.plan_id, func.count()).where(Training.plan_id.in_(ids))
    found = session.execute(query.group_by(Training.plan_id))
    return {one: f"下面有 {count} 场培训，先改到别的计划。" for one, count in found if one is not None}


def _attendances_that_stay(session: Session, ids: Sequence[int], _day: date) -> dict[int, str]:
    query = select(Completion.attendance_id).where(Completion.attendance_id.in_(ids))
    return dict.fromkeys(session.scalars(query), "已发结业证书。")


def _departments_that_stay(session: Session, ids: Sequence[int], _day: date) -> dict[int, str]:
    query = select(Sheet.department_id).where(Sheet.department_id.in_(ids)).distinct()
    why = "有考核表，不能删去，可以改成不参加考核。"
    return {one: why for one in session.scalars(query) if one is not None}


def _leave_branches(session: Session, ids: Sequence[int], day: date) -> None:
    for one in session.scalars(select(PartyMember).where(PartyMember.id.in_(ids))):
        one.to_day = day


_WHO = ("name", "id_number")

ENDINGS: dict[str, Ending] = {
    ATTENDANCE_LEDGER.key: Ending(
        "删去", lambda session, ids, _: remove_attendance(session, ids), stays=_attendances_that_stay
    ),
    TRAINING_LEDGER.key: Ending("删去", _each(remove_training), stays=_trainings_that_stay),
    PLAN_LEDGER.key: Ending("删去", _each(remove_plan), stays=_plans_that_stay),
    SERVICE_LEDGER.key: Ending("删去", lambda session, ids, _: remove_services(session, ids)),
    REPORT_LEDGER.key: Ending("结束", end_reports),
    LINK_LEDGER.key: Ending("结束", end_links),
    MEMBER_LEDGER.key: Ending("结束组织关系", _leave_branches, _WHO),
    ORG_LEDGER.key: Ending("撤销", dissolve_orgs, stays=_orgs_that_stay),
    HOUSEHOLD_LEDGER.key: Ending("停止联系", end_households),
    ISSUE_LEDGER.key: Ending("删去", lambda session, ids, _: remove_issues(session, ids)),
    RESOURCE_LEDGER.key: Ending("删去", lambda session, ids, _: remove_resources(session, ids)),
    CERTIFICATE_LEDGER.key: Ending("删去", _each(remove_certificate)),
    RESERVE_LEDGER.key: Ending(
        "退出后备", lambda session, ids, day: leave_reserve(session, ids, day, WHY), _WHO
    ),
    WORKER_LEDGER.key: Ending("移到离岗", lambda session, ids, day: end_posts(session, ids, day, WHY), _WHO),
    DEPARTMENT_LEDGER.key: Ending("删去", _each(remove_department), stays=_departments_that_stay),
    GRID_LEDGER.key: Ending("关闭", _close_grids, stays=_grids_that_stay),
}
"""By ledger, in the order in which they end: whoever holds a post before the grid it is in."""


def name_in(values: Mapping[str, Any]) -> str:
    """What a row of any ledger is called."""
    named = ("name", "what", "certificate", "code", "training")
    return next((str(values[one]) for one in named if values.get(one)), "这一行")
