"""What 双报到 looks like in a table, a form, a workbook and on paper: who reported where, and what was done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Annotated

from db.enums import ReportSide, Sex
from gridoffice.fields import Field, Kind
from gridoffice.people import rows as person

OF_REPORT = ("side", "unit", "from_day", "to_day", "note")
OF_SERVICE = ("day", "what", "hours", "note")
"""Columns that are stored as they stand."""

_NAME = replace(person.NAME, aliases=(*person.NAME.aliases, "党员姓名", "报到党员", "服务党员"))
_SIDES = (
    ("单位", ReportSide.UNIT),
    ("单位党组织报到", ReportSide.UNIT),
    ("工作单位报到", ReportSide.UNIT),
    ("居住地", ReportSide.RESIDENCE),
    ("社区报到", ReportSide.RESIDENCE),
    ("居住社区报到", ReportSide.RESIDENCE),
    ("在职党员报到", ReportSide.RESIDENCE),
)


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One line of 双报到台账: a member who reported to a grid."""

    id: int
    person_id: int
    name: Annotated[str, _NAME]
    id_number: Annotated[str | None, person.ID_NUMBER]
    sex: Annotated[Sex | None, person.SEX]
    phone: Annotated[str | None, person.PHONE]
    side: Annotated[
        ReportSide | None,
        Field(
            "报到类别",
            Kind.CODE,
            width=12,
            codes=ReportSide,
            words=_SIDES,
            aliases=("报到类型", "报到方式", "类别"),
        ),
    ]
    unit: Annotated[
        str | None,
        Field("工作单位", width=24, aliases=("单位", "所在单位", "单位名称", "单位党组织", "单位及职务")),
    ]
    grid: Annotated[
        str | None,
        Field(
            "报到网格",
            Kind.GRID,
            width=22,
            aliases=("报到社区", "报到地", "报到地点", "居住社区", "所在社区", "社区", "网格", "所属网格"),
        ),
    ]
    from_day: Annotated[
        date | None,
        Field("报到日期", Kind.DATE, width=12, aliases=("报到时间", "起始日期", "登记时间", "登记日期")),
    ]
    to_day: Annotated[
        date | None, Field("终止日期", Kind.DATE, width=12, aliases=("终止时间", "结束日期", "转出日期"))
    ]
    note: Annotated[
        str | None, Field("备注", width=20, aliases=("说明", "附注", "特长", "服务意向", "认领岗位"))
    ]
    grid_id: int = 0


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One line of 党员服务记录: what a member did for a grid on a day."""

    id: int
    person_id: int
    name: Annotated[str, _NAME]
    id_number: Annotated[str | None, person.ID_NUMBER]
    phone: Annotated[str | None, person.PHONE]
    day: Annotated[
        date | None,
        Field(
            "服务日期",
            Kind.DATE,
            width=12,
            required=True,
            aliases=("日期", "服务时间", "活动日期", "活动时间", "参加时间"),
        ),
    ]
    grid: Annotated[
        str | None,
        Field(
            "服务网格",
            Kind.GRID,
            width=22,
            aliases=("服务社区", "服务地点", "社区", "网格", "报到社区", "报到网格", "所属网格"),
        ),
    ]
    what: Annotated[
        str | None,
        Field(
            "服务内容",
            width=34,
            required=True,
            aliases=("服务事项", "活动内容", "服务（活动）内容", "活动名称", "服务项目", "内容"),
        ),
    ]
    hours: Annotated[
        Decimal | None,
        Field(
            "服务时长",
            Kind.DECIMAL,
            width=9,
            aliases=("时长", "小时", "服务小时数", "时长（小时）", "小时数"),
        ),
    ]
    note: Annotated[str | None, Field("备注", width=20, aliases=("说明", "附注", "评价", "社区评价"))]
    grid_id: int = 0
