"""What somebody on the reserve list looks like in a table, a form, a workbook and on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from db.enums import Education, Political, ReserveState, Sex
from gridoffice.fields import Field, Kind
from gridoffice.people import rows as person

OF_RESERVE = ("title", "source", "state", "since", "to_day", "note")
"""Columns that are stored as they stand; `grid` names another record, the rest says who it is."""


@dataclass(frozen=True, slots=True)
class ReserveRow:
    """One line of 后备人员名册. Without a grid somebody would serve anywhere, without a title in any post."""

    id: int
    person_id: int
    name: Annotated[str, person.NAME]
    title: Annotated[
        str | None, Field("意向岗位", width=12, aliases=("拟任岗位", "意向职务", "拟任职务", "后备岗位"))
    ]
    grid: Annotated[
        str | None,
        Field(
            "意向网格",
            Kind.GRID,
            width=22,
            aliases=("拟任网格", "意向区域", "后备网格"),
            hint="空着：哪里都行",
        ),
    ]
    state: Annotated[
        ReserveState | None,
        Field(
            "后备状态",
            Kind.CODE,
            width=9,
            codes=ReserveState,
            aliases=("状态", "是否上岗"),
            words=(
                ("待岗", ReserveState.WAITING),
                ("后备", ReserveState.WAITING),
                ("上岗", ReserveState.PLACED),
            ),
        ),
    ]
    source: Annotated[
        str | None,
        Field("来源", width=14, aliases=("人员来源", "推荐单位", "来源渠道"), hint="例如：公开招募"),
    ]
    since: Annotated[
        date | None, Field("入库日期", Kind.DATE, width=12, aliases=("入库时间", "登记日期", "报名日期"))
    ]
    to_day: Annotated[
        date | None, Field("出库日期", Kind.DATE, width=12, aliases=("出库时间", "上岗或退出日期"))
    ]
    id_number: Annotated[str | None, person.ID_NUMBER]
    phone: Annotated[str | None, person.PHONE]
    sex: Annotated[Sex | None, person.SEX]
    birth: Annotated[date | None, person.BIRTH]
    education: Annotated[Education | None, person.EDUCATION]
    political: Annotated[Political | None, person.POLITICAL]
    note: Annotated[str | None, Field("备注", width=16, aliases=("说明", "附注"))]
