"""What is to be trained in a year, and how much of it was held."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, String, cast, func, select
from sqlalchemy.orm import Session

from db.enums import Right, TrainingState
from db.journal import entitle
from db.tables import Grid, Training, TrainingPlan
from gridoffice.errors import NotFound, RuleBroken, has_error
from gridoffice.fields import columns
from gridoffice.grids.listing import office_pack
from gridoffice.limits import check_room
from gridoffice.listing import Ask, Listing, chunked, ordered_ids, spelled, unchanged
from gridoffice.people.lists import tallied
from gridoffice.service import service
from gridoffice.training import rules
from gridoffice.training.authority import require_area
from gridoffice.training.listing import areas, concerning
from gridoffice.training.rows import OF_PLAN, PlanRow

GONE = "这个培训计划已不在。"
_OWN = ("name", "from_day", *OF_PLAN)


@dataclass(slots=True)
class _Sessions:
    """What became of a plan."""

    held: int = 0
    coming: int = 0
    given: Decimal = field(default_factory=Decimal)


_BY: dict[str, Any] = {
    "name": TrainingPlan.name,
    "from_day": TrainingPlan.from_day,
    "to_day": TrainingPlan.to_day,
    "form": TrainingPlan.form,
    "theme": TrainingPlan.theme,
    "sessions": TrainingPlan.sessions,
    "hours": TrainingPlan.hours,
    "organiser": TrainingPlan.organiser,
    "area": Grid.name,
    "year": func.substr(cast(TrainingPlan.from_day, String), 1, 4),
}


def _asked(session: Session, ask: Ask) -> Select[Any]:
    query = select(TrainingPlan.id).outerjoin(Grid, Grid.id == TrainingPlan.grid_id)
    query = query.where(concerning(session, ask.scope, Grid.path))
    if ask.search:
        query = query.where(spelled(ask.search, TrainingPlan.name, TrainingPlan.theme))
    return query


def plan_ids(session: Session, ask: Ask) -> array[int]:
    order = (TrainingPlan.from_day.desc(), TrainingPlan.id)
    return ordered_ids(session, _asked(session, ask), _BY, ask, order)


def plan_rows(session: Session, wanted: Sequence[int]) -> list[PlanRow]:
    """Some plans, each with its sessions as they stand today."""
    found: dict[int, TrainingPlan] = {}
    became: dict[int, _Sessions] = defaultdict(_Sessions)
    today = date.today()
    for chunk in chunked(wanted):
        found.update(
            {one.id: one for one in session.scalars(select(TrainingPlan).where(TrainingPlan.id.in_(chunk)))}
        )
        query = select(Training.plan_id, Training.state, Training.day, Training.hours)
        for plan_id, said, day, hours in session.execute(query.where(Training.plan_id.in_(chunk))):
            state, sessions = rules.state_of(said, day, today), became[plan_id or 0]
            if state is TrainingState.HELD:
                sessions.held += 1
                sessions.given += hours or 0
            elif state is TrainingState.PLANNED:
                sessions.coming += 1
    names = areas(session, (one.grid_id for one in found.values()))
    return [
        PlanRow(
            id=one.id,
            grid_id=one.grid_id,
            name=one.name,
            from_day=one.from_day,
            to_day=one.to_day,
            form=one.form,
            theme=one.theme,
            sessions=one.sessions,
            hours=one.hours,
            area=names.get(one.grid_id or 0),
            posts=one.posts,
            organiser=one.organiser,
            note=one.note,
            held=became[one.id].held,
            coming=became[one.id].coming,
            missing=max(0, (one.sessions or 0) - became[one.id].held - became[one.id].coming),
            given=became[one.id].given,
        )
        for one in (found[number] for number in wanted if number in found)
    ]


def plan_choices(session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
    return tallied(session, _asked(session, ask), _BY[column])


PLANS = Listing(
    "training-plans",
    "培训计划",
    "个计划",
    columns(PlanRow),
    plan_ids,
    plan_rows,
    plan_choices,
    frozenset({"name", "from_day", "to_day", "form", "sessions", "hours", "organiser"}),
    frozenset({"form", "organiser", "area"}),
)


def plan_row(session: Session, plan_id: int) -> PlanRow:
    """One plan as the form shows it. Raises `NotFound`."""
    found = plan_rows(session, [plan_id])
    if not found:
        raise NotFound(GONE)
    return found[0]


def plan_names(session: Session) -> list[str]:
    """Every plan, the latest first."""
    return list(session.scalars(select(TrainingPlan.name).order_by(TrainingPlan.from_day.desc())))


@service("保存培训计划", needs=Right.EDIT_PEOPLE)
def save_plan(
    session: Session, plan_id: int | None, values: Mapping[str, Any], seen: PlanRow | None = None
) -> int:
    """Create or change one plan: `values` by column name, the area as `area_id`. Raises `RuleBroken`, and
    `Conflict` when somebody else changed the same value since `seen`; answers its number."""
    one = session.get(TrainingPlan, plan_id) if plan_id is not None else TrainingPlan()
    if one is None:
        raise NotFound(GONE)
    if plan_id is not None and seen is not None:
        unchanged(columns(PlanRow), seen, plan_row(session, plan_id), values)
    said: dict[str, Any] = {name: getattr(one, name) for name in _OWN}
    said |= {name: None if value == "" else value for name, value in values.items() if name in _OWN}
    if not said["name"] or not said["from_day"] or not said["to_day"]:
        raise RuleBroken("培训计划要有名称、开始日期和结束日期。")
    problems = check_room(TrainingPlan, columns(PlanRow), said) + rules.check_most(said["hours"])
    problems += rules.check_span(said["from_day"], said["to_day"], said["sessions"])
    problems += rules.check_posts(said["posts"], [post.label for post in office_pack(session).posts])
    if has_error(problems):
        raise RuleBroken(problems[0].message, problems)
    twins = select(TrainingPlan.id).where(TrainingPlan.name == said["name"])
    if session.scalar(twins.where(TrainingPlan.id != (plan_id or 0))) is not None:
        raise RuleBroken(f"已有培训计划“{said['name']}”，换个名称，比如写上年份。")
    require_area(session, one.grid_id, values.get("area_id"))
    if "area_id" in values:
        one.grid_id = values["area_id"]
    for name in _OWN:
        setattr(one, name, "、".join(rules.posts_in(said[name])) or None if name == "posts" else said[name])
    if plan_id is None:
        session.add(one)
    entitle(session, f"{'新增' if plan_id is None else '已改'}培训计划“{said['name']}”")
    session.flush()
    return one.id


@service("删去培训计划", needs=Right.EDIT_PEOPLE)
def remove_plan(session: Session, plan_id: int) -> None:
    """Take a plan away. Raises `RuleBroken` while trainings belong to it."""
    one = session.get(TrainingPlan, plan_id)
    if one is None:
        raise NotFound(GONE)
    count = session.scalar(select(func.count()).select_from(Training).where(Training.plan_id == plan_id))
    if count:
        raise RuleBroken(f"“{one.name}”下面有 {count} 场培训，先把它们改到别的计划。")
    require_area(session, one.grid_id)
    session.delete(one)
    entitle(session, f"删去培训计划“{one.name}”")


@service("按计划排培训", needs=Right.EDIT_PEOPLE)
def schedule(session: Session, plan_id: int, days: Sequence[date]) -> list[int]:
    """Set sessions of a plan down on some days, each with what the plan says of all. Raises `RuleBroken`
    for a day outside the plan, or one that has a session of it already; answers their numbers."""
    plan = session.get(TrainingPlan, plan_id)
    if plan is None:
        raise NotFound(GONE)
    require_area(session, plan.grid_id)
    taken = set(session.scalars(select(Training.day).where(Training.plan_id == plan_id)))
    for day in days:
        if not plan.from_day <= day <= plan.to_day:
            raise RuleBroken(f"{day} 不在计划的 {plan.from_day} 至 {plan.to_day} 之间。")
        if day in taken:
            raise RuleBroken(f"{day} 已经排了这个计划的培训。")
        taken.add(day)
    first = len(taken) - len(days)
    made = [
        Training(
            name=f"{plan.name}（第 {first + place} 场）",
            day=day,
            form=plan.form,
            theme=plan.theme,
            hours=plan.hours,
            organiser=plan.organiser,
            plan_id=plan.id,
            grid_id=plan.grid_id,
            posts=plan.posts,
            state=TrainingState.PLANNED,
        )
        for place, day in enumerate(sorted(days), 1)
    ]
    session.add_all(made)
    session.flush()
    entitle(session, f"按“{plan.name}”排了 {len(made)} 场培训")
    return [one.id for one in made]


def spread(first: date, last: date, taken: Sequence[date], count: int) -> list[date]:
    """Days for so many sessions, evenly between two days, on workdays that have none yet: a proposal."""
    free = [
        date.fromordinal(number)
        for number in range(first.toordinal(), last.toordinal() + 1)
        if date.fromordinal(number).weekday() < 5 and date.fromordinal(number) not in taken
    ]
    if len(free) <= count:
        return free
    return [free[(2 * place + 1) * len(free) // (2 * count)] for place in range(count)]


def proposed(session: Session, plan_id: int, today: date) -> list[date]:
    """Days for what is still to be set down of a plan, from today on."""
    one = plan_row(session, plan_id)
    taken = session.scalars(select(Training.day).where(Training.plan_id == plan_id)).all()
    if one.from_day is None or one.to_day is None or not one.missing:
        return []
    return spread(max(one.from_day, today), one.to_day, taken, one.missing)
