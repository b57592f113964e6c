"""A street's trainings: two a month for everybody, a round of the micro-workers by community, plans for both.

What lies ahead is set down; one session of this month was held and nobody has written down who came.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from db.enums import Employment, Presence, TrainingForm, TrainingState
from gridoffice.demo.data import FULL_TIME, LEADER, MICRO_WORKER, PART_TIME, GridDatum, WorkerDatum
from gridoffice.demo.persons import Person
from gridoffice.demo.register_data import PlanDatum, Register, SignInDatum, TrainingDatum
from gridoffice.grids.naming import short

_MONTHS_BACK, _MONTHS_AHEAD = 23, 2
_PAID = (LEADER, FULL_TIME, PART_TIME)
_ROUND = "微网格员轮训"
_ALL = "街道集中培训"
_COURSES = (
    ("消防安全培训", "初期火灾扑救和疏散", TrainingForm.LECTURE, 4, "街道应急管理办公室", "周国强"),
    ("矛盾纠纷调解培训", "邻里纠纷调解方法", TrainingForm.DISCUSSION, 3, "街道综治中心", "李志远"),
    ("网格业务培训", "网格巡查和信息上报", TrainingForm.LECTURE, 4, "街道网格办", "王敏"),
    ("政策法规学习", "城市管理条例解读", TrainingForm.VIDEO, 2, "区网格化服务管理中心", "陈晓东"),
    ("先进社区观摩", "微网实格工作经验", TrainingForm.VISIT, 6, "街道网格办", "王敏"),
    ("应急救护培训", "心肺复苏和创伤包扎", TrainingForm.LECTURE, 8, "市红十字会", "赵丽华"),
    ("党建引领基层治理", "网格党支部怎样议事", TrainingForm.DISCUSSION, 2, "街道党建办", "高明远"),
    ("反诈宣传培训", "常见电信诈骗识别", TrainingForm.VIDEO, 2, "派出所", "刘警官"),
)
_ROUNDS = (
    ("特殊人群走访", "特殊人群服务和走访要点", TrainingForm.LECTURE),
    ("燃气安全排查", "怎样入户排查燃气安全", TrainingForm.DISCUSSION),
    ("应急处置", "平急转换时谁叫谁", TrainingForm.LECTURE),
    ("系统操作", "微网实格系统怎样用", TrainingForm.VIDEO),
)


def add_trainings(
    made: Register,
    communities: Sequence[GridDatum],
    serving: Sequence[tuple[WorkerDatum, Person]],
    today: date,
    rng: Random,
) -> None:
    """Plans, sessions and sign-ins of two years, and what is set down for the next months."""
    index = today.year * 12 + today.month - 1
    months = [
        date((index + step) // 12, (index + step) % 12 + 1, 1)
        for step in range(-_MONTHS_BACK, _MONTHS_AHEAD + 1)
    ]
    plans = _plans(made, today.year)
    for month in months:
        for half, course in enumerate(rng.sample(_COURSES, 2)):
            day = month + timedelta(days=5 + half * 14 + int(rng.random() * 5))
            made.trainings.append(_street(made, course, day, plans, today))
    for month in months:
        if month.year == today.year or month > today:
            _round(made, communities, month, plans, today, rng)
    for worker, person in serving:
        _sign_in(made, worker, person, rng)
    _nobody_wrote_down(made, today)


def _plans(made: Register, this_year: int) -> dict[tuple[str, int], str]:
    """The plans of the last year, this and the next; rounds by community began this year."""
    found = {}
    for year in (this_year - 1, this_year, this_year + 1):
        for words, sessions, hours, posts in ((_ALL, 24, 4, _PAID), (_ROUND, 48, 2, (MICRO_WORKER,))):
            if words == _ROUND and year < this_year:
                continue
            plan = PlanDatum(
                f"{year}年{words}",
                date(year, 1, 1),
                date(year, 12, 31),
                sessions,
                Decimal(hours),
                f"{made.street.name}网格办",
                "、".join(posts),
            )
            made.plans.append(plan)
            found[words, year] = plan.name
    return found


def _state(day: date, today: date) -> TrainingState:
    return TrainingState.HELD if day < today else TrainingState.PLANNED


def _street(
    made: Register,
    course: tuple[str, str, TrainingForm, int, str, str],
    day: date,
    plans: dict[tuple[str, int], str],
    today: date,
) -> TrainingDatum:
    name, theme, form, hours, organiser, lecturer = course
    return TrainingDatum(
        f"{day.year}年{day.month}月{name}",
        day,
        form,
        theme,
        "线上" if form is TrainingForm.VIDEO else f"{made.street.name}党群服务中心",
        Decimal(hours),
        organiser,
        lecturer,
        _state(day, today),
        plan=plans.get((_ALL, day.year), ""),
        posts="、".join(_PAID),
    )


def _round(
    made: Register,
    communities: Sequence[GridDatum],
    month: date,
    plans: dict[tuple[str, int], str],
    today: date,
    rng: Random,
) -> None:
    """A third of the communities a month, so that each has its turn every quarter."""
    title, theme, form = _ROUNDS[(month.month - 1) // 3]
    for community in communities[(month.month - 1) % 3 :: 3]:
        day = month + timedelta(days=2 + int(rng.random() * 24))
        made.trainings.append(
            TrainingDatum(
                f"{day.year}年{short(community.name)}微网格员{title}",
                day,
                form,
                theme,
                f"{community.name}党群服务站",
                Decimal(2),
                community.name,
                "",
                _state(day, today),
                plan=plans.get((_ROUND, day.year), ""),
                posts=MICRO_WORKER,
                area=community.code,
            )
        )


def _sign_in(made: Register, worker: WorkerDatum, person: Person, rng: Random) -> None:
    """Whoever works for pay comes to some sessions of the street, micro-workers to those at home."""
    full = worker.employment is Employment.FULL_TIME
    eager = 0.03 if full and rng.random() < 0.06 else (0.3 if full else 0.09)
    for training in made.trainings:
        if training.state is not TrainingState.HELD or training.day < worker.appointed:
            continue
        if training.area is None:
            comes = worker.employment is not Employment.VOLUNTEER and rng.random() < eager
        else:
            at_home = worker.post == MICRO_WORKER and worker.grid.startswith(training.area)
            comes = at_home and rng.random() < 0.8
        if comes:
            _write_down(made, training, person, rng)


def _write_down(made: Register, training: TrainingDatum, person: Person, rng: Random) -> None:
    chance = rng.random()
    presence = Presence.PRESENT
    if chance > 0.88:
        states = (Presence.LATE, Presence.LEAVE, Presence.MADE_UP, Presence.ABSENT)
        presence = states[int(rng.random() * 4)]
    scored = training.form is TrainingForm.LECTURE and presence not in (Presence.LEAVE, Presence.ABSENT)
    score = min(100, 55 + int(rng.random() * 45)) if scored else None
    made.sign_ins.append(SignInDatum(training, person, presence, score))


def _nobody_wrote_down(made: Register, today: date) -> None:
    """The last round of all that was held: still called planned, and its sheet is empty."""
    past = [one for one in made.trainings if one.area is not None and one.day < today]
    if past:
        last = max(past, key=lambda one: (one.day, one.name))
        made.sign_ins = [one for one in made.sign_ins if one.training is not last]
        last.state = TrainingState.PLANNED
