"""What is done to trainings: entering them, moving them through their states; who is short of hours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.bulk import bulk_delete
from db.enums import Right, TrainingState
from db.journal import entitle
from db.tables import Attendance, Invitation, Person, Post, Training, TrainingPlan
from gridoffice.errors import NotFound, Problem, RuleBroken, has_error
from gridoffice.fields import columns
from gridoffice.grids.listing import office_pack, path_of
from gridoffice.grids.rules import below
from gridoffice.grids.service import serving
from gridoffice.limits import check_room
from gridoffice.listing import unchanged
from gridoffice.own_tables import OwnTable
from gridoffice.service import service
from gridoffice.training import rules
from gridoffice.training.authority import require_area
from gridoffice.training.listing import training_rows
from gridoffice.training.rows import OF_TRAINING, TrainingRow

GONE = "这场培训已不在台账里。"
HOURS = OwnTable("training-hours", "培训学时要求", rules.HoursTable, ("training", "hours.toml"))
_OWN = ("name", "day", *OF_TRAINING)


def training_row(session: Session, training_id: int) -> TrainingRow:
    """One training as the form shows it. Raises `NotFound`."""
    found = training_rows(session, [training_id])
    if not found:
        raise NotFound(GONE)
    return found[0]


def training_called(session: Session, text: str) -> int:
    """The training that some words mean: its number, its name, or name and day. Raises `NotFound`, and
    `RuleBroken` naming the days when several have that name."""
    text = text.strip()
    if text.isdecimal() and session.get(Training, int(text)) is not None:
        return int(text)
    name, _, day = text.rpartition(" ")
    found = session.execute(
        select(Training.id, Training.day).where(Training.name == text).order_by(Training.day)
    ).all()
    if not found and name:
        named = session.execute(select(Training.id, Training.day).where(Training.name == name.strip()))
        found = [one for one in named if one[1].isoformat() == day]
    if not found:
        raise NotFound(f"没有培训“{text}”。")
    if len(found) > 1:
        days = "、".join(str(one[1]) for one in found)
        raise RuleBroken(f"“{text}”办过 {len(found)} 次（{days}），名称后面写上日期。")
    return found[0][0]


@service("保存培训", needs=Right.EDIT_PEOPLE)
def save_training(
    session: Session, training_id: int | None, values: Mapping[str, Any], seen: TrainingRow | None = None
) -> int:
    """Create or change one training: `values` by column name, the area as `area_id`. Raises `RuleBroken`,
    and `Conflict` when somebody else changed the same value since `seen`; answers its number."""
    one = session.get(Training, training_id) if training_id is not None else Training()
    if one is None:
        raise NotFound(GONE)
    if training_id is not None and seen is not None:
        unchanged(columns(TrainingRow), seen, training_row(session, training_id), values)
    said: dict[str, Any] = {name: getattr(one, name) for name in _OWN}
    said |= {name: None if value == "" else value for name, value in values.items() if name in _OWN}
    if not said["name"] or not said["day"]:
        raise RuleBroken("培训要有名称和日期。")
    problems = check_room(Training, columns(TrainingRow), said) + rules.check_most(said["hours"])
    titles = [post.label for post in office_pack(session).posts]
    problems += rules.check_posts(said["posts"], titles)
    if has_error(problems):
        raise RuleBroken(problems[0].message, problems)
    twins = select(Training.id).where(Training.name == said["name"], Training.day == said["day"])
    if session.scalar(twins.where(Training.id != (training_id or 0))) is not None:
        raise RuleBroken(f"{said['day']} 已有培训“{said['name']}”。")
    require_area(session, one.grid_id, values.get("area_id"))
    if "plan" in values:
        one.plan_id = plan_called(session, values["plan"])
    if "area_id" in values:
        one.grid_id = values["area_id"]
    for name in _OWN:
        setattr(one, name, "、".join(rules.posts_in(said[name])) or None if name == "posts" else said[name])
    if training_id is None:
        session.add(one)
    entitle(session, f"{'新增' if training_id is None else '已改'}培训“{said['name']}”")
    session.flush()
    return one.id


def plan_called(session: Session, name: str | None) -> int | None:
    """The number of the plan of that name; none for no name. Raises `RuleBroken`."""
    if not name:
        return None
    found = session.scalars(select(TrainingPlan.id).where(TrainingPlan.name == name)).all()
    if len(found) != 1:
        said = (
            f"没有培训计划“{name}”，先建计划。" if not found else f"叫“{name}”的培训计划有 {len(found)} 个。"
        )
        raise RuleBroken(said, [Problem(said, field="所属计划", value=name)])
    return found[0]


@service("改培训状态", needs=Right.EDIT_PEOPLE)
def move_training(session: Session, training_ids: Sequence[int], state: TrainingState) -> int:
    """Say of some trainings that they were held, are to come, or are cancelled; answers how many changed.
    Raises `RuleBroken` for one that is to be cancelled or put off while people are written down for it."""
    found = session.scalars(select(Training).where(Training.id.in_(training_ids))).all()
    if state is not TrainingState.HELD:
        written = select(Training.name).join(Attendance, Attendance.training_id == Training.id)
        name = session.scalar(written.where(Training.id.in_(training_ids)).limit(1))
        if name is not None:
            raise RuleBroken(f"“{name}”已经有人签到，先删去签到再改。")
    require_area(session, *(one.grid_id for one in found))
    changed = [one for one in found if one.state is not state]
    for one in changed:
        one.state = state
    named = f"“{found[0].name}”" if len(found) == 1 else f" {len(changed)} 场"
    entitle(session, f"培训{named}改为{state.label}")
    return len(changed)


def now_held(session: Session, training_ids: Sequence[int]) -> None:
    """Trainings that people are written down for were held, whatever was planned."""
    for one in session.scalars(
        select(Training).where(Training.id.in_(training_ids), Training.state == TrainingState.PLANNED)
    ):
        one.state = TrainingState.HELD


@service("删去培训", needs=Right.EDIT_PEOPLE)
def remove_training(session: Session, training_id: int) -> None:
    """Take a training out of the ledger, with those who were asked to come. Raises `RuleBroken` while
    people are written down for it."""
    one = session.get(Training, training_id)
    if one is None:
        raise NotFound(GONE)
    there = session.scalar(
        select(func.count()).select_from(Attendance).where(Attendance.training_id == training_id)
    )
    if there:
        raise RuleBroken(f"“{one.name}”有 {there} 人次签到，先删去签到再删培训。")
    require_area(session, one.grid_id)
    entitle(session, f"删去培训“{one.name}”")
    asked = session.scalars(select(Invitation.id).where(Invitation.training_id == training_id)).all()
    bulk_delete(session, Invitation, list(asked))
    session.delete(one)


@dataclass(frozen=True, slots=True)
class Short:
    """Somebody short of hours: by which rule, how many done, how many missing. `post_id` and `grid_id`
    are those of the post held to it."""

    person_id: int
    name: str
    post_id: int
    grid_id: int
    title: str
    done: Decimal
    missing: Decimal
    years: int
    hours: Decimal


def hours_of(session: Session, person_id: int) -> list[tuple[date, Decimal]]:
    """What somebody was trained, by day, the earliest first."""
    query = (
        select(Training.day, Attendance.presence, Attendance.hours, Training.hours)
        .join(Training, Training.id == Attendance.training_id)
        .where(Attendance.person_id == person_id)
        .order_by(Training.day, Attendance.id)
    )
    return [
        (day, rules.credited(presence, own, whole)) for day, presence, own, whole in session.execute(query)
    ]


def shortage(session: Session, scope: int | None = None, day: date | None = None) -> list[Short]:
    """学时不足名单: who, of those who serve below a grid on a day, is short of a rule they have served
    long enough for; each person once by rule, in the order of the grids."""
    start, end = below(path_of(session, scope)) if scope is not None else ("", "~")
    return shortage_between(session, start, end, day or date.today())


def shortage_between(session: Session, start: str, end: str, day: date) -> list[Short]:
    """The same for those who serve in a range of paths."""
    table = HOURS.of(session)
    if not table.rules:
        return []
    first = min(rule.since(day) for rule in table.rules)
    trained: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
    attended = (
        select(Attendance.person_id, Training.day, Attendance.presence, Attendance.hours, Training.hours)
        .join(Training, Training.id == Attendance.training_id)
        .where(Training.day >= first, Training.day <= day)
    )
    for person_id, held, presence, own, whole in session.execute(attended):
        trained[person_id].append((held, rules.credited(presence, own, whole)))
    posts = select(
        Post.id, Post.person_id, Person.name, Post.grid_id, Post.title, Post.employment, Post.from_day
    ).join(Person, Person.id == Post.person_id)
    posts = posts.where(serving(day), Post.grid_path >= start, Post.grid_path < end)
    found = []
    seen: set[tuple[int, int]] = set()
    since = _serving_since(session, day)
    for post_id, person_id, name, grid_id, title, employment, from_day in session.execute(
        posts.order_by(Post.grid_path, Post.id)
    ):
        for place, rule in enumerate(table.rules):
            if (person_id, place) in seen or not rule.concerns(title, employment):
                continue
            if not rules.judged(rule, since.get(person_id, from_day), day):
                continue
            seen.add((person_id, place))
            missing = rules.short_of(rule, trained.get(person_id, ()), day)
            if missing:
                done = rule.hours - missing
                found.append(
                    Short(person_id, name, post_id, grid_id, title, done, missing, rule.years, rule.hours)
                )
    return found


def _serving_since(session: Session, day: date) -> dict[int, date | None]:
    """Since when people have held a post at all: a transfer is no beginning."""
    query = select(Post.person_id, func.min(Post.from_day)).where(
        Post.from_day.is_not(None), Post.from_day <= day
    )
    return {person_id: first for person_id, first in session.execute(query.group_by(Post.person_id))}
