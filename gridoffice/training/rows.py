"""What a training and an attendance look like in a table, a form, a workbook and on paper."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Annotated

from db.enums import Presence, TrainingForm
from gridoffice.fields import Field, Kind
from gridoffice.people import rows as person

OF_TRAINING = ("form", "theme", "place", "hours", "organiser", "lecturer")
OF_ATTENDANCE = ("presence", "hours", "score")
"""Columns beside those that tell which training, and whose attendance, a row means."""

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
_DAY = Field(
    "培训日期", Kind.DATE, width=12, aliases=("培训时间", "计划开始（北京时间）", "开始时间", "日期", "时间")
)
_HOURS = Field(
    "学时", Kind.DECIMAL, width=8, aliases=("实际学时（小时）", "实际学时", "课时", "学时数", "培训学时")
)


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """One line of 培训台账."""

    id: int
    name: Annotated[
        str, Field("培训名称", width=28, required=True, aliases=("课程名称", "课程", "培训班名称", "名称"))
    ]
    day: Annotated[date | None, replace(_DAY, required=True)]
    form: Annotated[
        TrainingForm | None,
        Field(
            "培训形式",
            Kind.CODE,
            width=12,
            codes=TrainingForm,
            words=_FORM_WORDS,
            aliases=("形式", "培训方式", "方式"),
        ),
    ]
    theme: Annotated[str | None, Field("培训主题", width=28, aliases=("主题", "培训内容", "内容"))]
    place: Annotated[str | None, Field("地点", width=18, aliases=("培训地点", "地址"))]
    hours: Annotated[Decimal | None, _HOURS]
    organiser: Annotated[
        str | None, Field("主办单位", width=20, aliases=("组织单位", "主办", "承办单位", "主办部门", "部门"))
    ]
    lecturer: Annotated[
        str | None, Field("讲师", width=12, aliases=("授课人", "主讲人", "主讲", "教师", "授课老师"))
    ]
    attended: int = 0


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
