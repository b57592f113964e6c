"""What a training and an attendance look like in a table, a form, a workbook and on paper."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Annotated

from db.enums import Presence, TrainingForm, TrainingState
from gridoffice.fields import Field, Kind
from gridoffice.people import rows as person

OF_TRAINING = ("form", "theme", "place", "hours", "organiser", "lecturer", "state", "posts")
OF_PLAN = ("to_day", "form", "theme", "sessions", "hours", "posts", "organiser", "note")
OF_ATTENDANCE = ("presence", "hours", "score")
"""Columns beside those that tell which training, plan or attendance a row means, and beside other records."""

_FORM_WORDS = (
    ("理论", TrainingForm.LECTURE),
    ("授课", TrainingForm.LECTURE),
    ("讲座", TrainingForm.LECTURE),
    ("集中授课", TrainingForm.LECTURE),
    ("讨论", TrainingForm.DISCUSSION),
    ("交流", TrainingForm.DISCUSSION),
    ("座谈", TrainingForm.DISCUSSION),
    ("参观", TrainingForm.VISIT),
    ("现场教学", TrainingForm.VISIT),
    ("线上", TrainingForm.VIDEO),
    ("视频培训", TrainingForm.VIDEO),
    ("网络培训", TrainingForm.VIDEO),
)
_PRESENCE_WORDS = (
    ("签到", Presence.PRESENT),
    ("到", Presence.PRESENT),
    ("已到", Presence.PRESENT),
    ("出席", Presence.PRESENT),
    ("参加", Presence.PRESENT),
    ("是", Presence.PRESENT),
    ("√", Presence.PRESENT),
    ("✓", Presence.PRESENT),
    ("正常", Presence.PRESENT),
    ("事假", Presence.LEAVE),
    ("病假", Presence.LEAVE),
    ("未签到", Presence.ABSENT),
    ("未到", Presence.ABSENT),
    ("缺勤", Presence.ABSENT),
    ("缺课", Presence.ABSENT),
    ("旷课", Presence.ABSENT),
    ("否", Presence.ABSENT),
    ("×", Presence.ABSENT),
    ("补课", Presence.MADE_UP),
)
_STATE_WORDS = (
    ("未办", TrainingState.PLANNED),
    ("待办", TrainingState.PLANNED),
    ("计划中", TrainingState.PLANNED),
    ("已完成", TrainingState.HELD),
    ("已开展", TrainingState.HELD),
    ("已举办", TrainingState.HELD),
    ("已取消", TrainingState.CANCELLED),
)
_DAY = Field(
    "培训日期", Kind.DATE, width=12, aliases=("培训时间", "计划开始（北京时间）", "开始时间", "日期", "时间")
)
_HOURS = Field(
    "学时", Kind.DECIMAL, width=8, aliases=("实际学时（小时）", "实际学时", "课时", "学时数", "培训学时")
)


_FORM = Field(
    "培训形式",
    Kind.CODE,
    width=12,
    codes=TrainingForm,
    words=_FORM_WORDS,
    aliases=("形式", "培训方式", "方式"),
)
_THEME = Field("培训主题", width=28, aliases=("主题", "培训内容", "内容"))
_ORGANISER = Field("主办单位", width=20, aliases=("组织单位", "主办", "承办单位", "主办部门", "部门"))
_AREA = Field("培训范围", Kind.GRID, width=20, aliases=("范围", "参训范围"), hint="空着就是全体")
_POSTS = Field(
    "应参加岗位",
    width=20,
    aliases=("参训岗位", "应训岗位", "参加岗位"),
    hint="几个岗位用顿号隔开，空着就是所有岗位",
)


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """One line of 培训台账. `invited` are all who are asked to come or are written down for it, `open`
    those of them of whom nobody has said whether they came."""

    id: int
    grid_id: int | None
    plan_id: int | None
    open: int
    name: Annotated[
        str, Field("培训名称", width=28, required=True, aliases=("课程名称", "课程", "培训班名称", "名称"))
    ]
    day: Annotated[date | None, replace(_DAY, required=True)]
    form: Annotated[TrainingForm | None, _FORM]
    theme: Annotated[str | None, _THEME]
    place: Annotated[str | None, Field("地点", width=18, aliases=("培训地点", "地址"))]
    hours: Annotated[Decimal | None, _HOURS]
    organiser: Annotated[str | None, _ORGANISER]
    lecturer: Annotated[
        str | None, Field("讲师", width=12, aliases=("授课人", "主讲人", "主讲", "教师", "授课老师"))
    ]
    state: Annotated[
        TrainingState | None,
        Field(
            "办理状态",
            Kind.CODE,
            width=10,
            codes=TrainingState,
            words=_STATE_WORDS,
            aliases=("培训状态", "开展情况"),
            hint="空着就看日期",
        ),
    ]
    area: Annotated[str | None, _AREA]
    posts: Annotated[str | None, _POSTS]
    plan: Annotated[str | None, Field("所属计划", width=24, aliases=("培训计划", "计划名称"))]
    invited: Annotated[int, Field("应到", Kind.INTEGER, width=6, computed=True)] = 0
    present: Annotated[int, Field("实到", Kind.INTEGER, width=6, computed=True)] = 0
    leave: Annotated[int, Field("请假", Kind.INTEGER, width=6, computed=True)] = 0
    absent: Annotated[int, Field("缺席", Kind.INTEGER, width=6, computed=True)] = 0
    month: Annotated[str, Field("月份", width=9, computed=True)] = ""


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One line of 培训计划. `planned`, `held` and `coming` are its sessions that are set down, those that
    were held, and those still to come; `given` the hours of those held."""

    id: int
    grid_id: int | None
    name: Annotated[
        str, Field("计划名称", width=28, required=True, aliases=("培训计划", "培训计划名称", "名称"))
    ]
    from_day: Annotated[
        date | None,
        Field("开始日期", Kind.DATE, width=12, required=True, aliases=("计划开始", "起始日期", "开始时间")),
    ]
    to_day: Annotated[
        date | None,
        Field("结束日期", Kind.DATE, width=12, required=True, aliases=("计划结束", "终止日期", "结束时间")),
    ]
    form: Annotated[TrainingForm | None, _FORM]
    theme: Annotated[str | None, _THEME]
    sessions: Annotated[
        int | None, Field("计划场次", Kind.INTEGER, width=10, aliases=("场次", "期数", "计划期数", "次数"))
    ]
    hours: Annotated[Decimal | None, replace(_HOURS, label="每场学时", aliases=("学时", "课时", "每期学时"))]
    area: Annotated[str | None, _AREA]
    posts: Annotated[str | None, _POSTS]
    organiser: Annotated[str | None, _ORGANISER]
    note: Annotated[str | None, Field("备注", width=20, aliases=("说明",))]
    held: Annotated[int, Field("已办", Kind.INTEGER, width=8, computed=True)] = 0
    coming: Annotated[int, Field("已排未办", Kind.INTEGER, width=10, computed=True)] = 0
    missing: Annotated[int, Field("还没排", Kind.INTEGER, width=8, computed=True)] = 0
    given: Annotated[Decimal, Field("已办学时", Kind.DECIMAL, width=10, computed=True)] = Decimal(0)


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    """One line of 培训签到与成绩: a person at a training."""

    id: int
    training_id: int
    person_id: int
    training: Annotated[
        str | None,
        Field("培训名称", width=28, aliases=("课程名称", "课程", "培训班名称", "培训主题")),
    ]
    day: Annotated[date | None, _DAY]
    name: Annotated[
        str, replace(person.NAME, aliases=(*person.NAME.aliases, "员工姓名", "参训人员", "学员姓名"))
    ]
    id_number: Annotated[str | None, person.ID_NUMBER]
    phone: Annotated[str | None, person.PHONE]
    presence: Annotated[
        Presence | None,
        Field(
            "签到状态",
            Kind.CODE,
            width=10,
            codes=Presence,
            words=_PRESENCE_WORDS,
            aliases=("签到", "签到情况", "出勤", "出勤情况", "是否签到", "是否参加", "考勤"),
        ),
    ]
    hours: Annotated[Decimal | None, _HOURS]
    score: Annotated[
        Decimal | None, Field("成绩", Kind.DECIMAL, width=8, aliases=("考核成绩", "考试成绩", "分数", "得分"))
    ]
    counted: Annotated[Decimal, Field("计入学时", Kind.DECIMAL, width=10, computed=True)] = Decimal(0)
    month: Annotated[str, Field("月份", width=9, computed=True)] = ""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One line of a training's sign-in sheet: somebody asked to come or written down for it; `id` is the
    person's number. `presence` is empty as long as nobody has said."""

    id: int
    name: Annotated[str, Field("姓名", Kind.NAME, width=10, computed=True)]
    grid: Annotated[str, Field("所在网格", width=24, computed=True)]
    title: Annotated[str, Field("职务", width=12, computed=True)]
    phone: Annotated[str | None, replace(person.PHONE, computed=True)]
    presence: Annotated[
        Presence | None,
        Field("签到状态", Kind.CODE, width=12, codes=Presence, words=_PRESENCE_WORDS, hint="到、请假、缺席"),
    ]
    hours: Annotated[Decimal | None, _HOURS]
    score: Annotated[Decimal | None, Field("成绩", Kind.DECIMAL, width=8)]
    number: Annotated[str | None, Field("结业证号", width=20, computed=True)]
