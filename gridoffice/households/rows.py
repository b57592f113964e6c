"""What a represented household looks like in a table, a form, a workbook and on paper."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from gridoffice.fields import Field, Kind
from gridoffice.people import rows as person

OWN = ("name", "phone", "address", "people", "from_day", "to_day", "note")
"""The columns that belong to the household; the others name a grid or somebody the office knows."""


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """One line of 联系户台账. `caller_id` and `member_id` are the numbers of those who are named."""

    id: int
    grid_id: int
    caller_id: int | None
    member_id: int | None
    name: Annotated[
        str,
        Field(
            "户代表",
            Kind.NAME,
            width=10,
            required=True,
            aliases=("户主", "户主姓名", "户代表姓名", "代表姓名", "居民代表", "联系户户主", "姓名"),
        ),
    ]
    grid: Annotated[
        str,
        Field(
            "所属网格",
            Kind.GRID,
            width=22,
            required=True,
            aliases=("网格", "网格名称", "所在网格", "微网格", "一般网格"),
        ),
    ]
    phone: Annotated[
        str | None, replace(person.PHONE, aliases=("电话", "手机", "手机号", "手机号码", "户主电话"))
    ]
    address: Annotated[str | None, person.ADDRESS]
    people: Annotated[
        int | None,
        Field(
            "家庭人数", Kind.INTEGER, width=9, aliases=("人数", "人口数", "家庭人口", "户内人数", "户籍人口")
        ),
    ]
    caller: Annotated[
        str | None,
        Field(
            "呼叫人",
            Kind.NAME,
            width=10,
            aliases=("通知人", "负责呼叫", "微广播呼叫人", "包联网格员", "联系网格员", "包户干部", "责任人"),
            hint="谁打这户的电话",
        ),
    ]
    member: Annotated[
        str | None,
        Field(
            "联系党员",
            Kind.NAME,
            width=10,
            aliases=("联户党员", "包联党员", "结对党员", "党员姓名"),
        ),
    ]
    from_day: Annotated[
        date | None, Field("联系起", Kind.DATE, width=12, aliases=("起始日期", "联系开始日期"))
    ]
    to_day: Annotated[date | None, Field("联系止", Kind.DATE, width=12, aliases=("终止日期", "联系结束日期"))]
    note: Annotated[
        str | None, Field("备注", width=20, aliases=("说明", "特殊情况", "户情", "需要关照的情况"))
    ]
