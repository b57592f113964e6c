"""What a worker looks like in a table, a form, a workbook and on paper."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from db.enums import Education, Employment, Ethnicity, Political, Sex
from gridoffice.fields import Field, Kind
from gridoffice.people import rows as person

PERSONAL = person.PERSONAL
OF_POST = ("title", "employment", "from_day", "to_day", "contract_end", "note")
"""Which columns of a worker's line belong to the person and which to the post."""

_WORKER = ("网格员姓名", "网格员", "姓名（网格员）")


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """One line of 网格员花名册: a person in a post. `id` is the post's number."""

    id: int
    person_id: int
    name: Annotated[str, replace(person.NAME, aliases=(*person.NAME.aliases, *_WORKER))]
    title: Annotated[
        str | None,
        Field("职务", width=12, aliases=("职位", "岗位", "网格职务", "角色", "岗位名称", "网格力量类型")),
    ]
    grid: Annotated[
        str | None,
        Field(
            "所属网格",
            Kind.GRID,
            width=22,
            aliases=(
                "网格",
                "网格名称",
                "责任网格",
                "网格编号",
                "网格编码",
                "分管区域",
                "所在网格",
                "网格名称/编号",
            ),
        ),
    ]
    id_number: Annotated[str | None, person.ID_NUMBER]
    phone: Annotated[str | None, person.PHONE]
    sex: Annotated[Sex | None, person.SEX]
    ethnicity: Annotated[Ethnicity | None, person.ETHNICITY]
    birth: Annotated[date | None, person.BIRTH]
    political: Annotated[Political | None, person.POLITICAL]
    education: Annotated[Education | None, person.EDUCATION]
    employment: Annotated[
        Employment | None,
        Field(
            "专兼职",
            Kind.CODE,
            width=8,
            codes=Employment,
            aliases=("专/兼职", "专（兼）职", "专职/兼职", "是否专职", "用工性质", "人员性质"),
        ),
    ]
    from_day: Annotated[
        date | None,
        Field(
            "任职日期",
            Kind.DATE,
            width=12,
            aliases=("任职时间", "入职时间", "入职日期", "上岗时间", "上岗日期", "聘用时间"),
        ),
    ]
    to_day: Annotated[
        date | None,
        Field(
            "离任日期",
            Kind.DATE,
            width=12,
            aliases=("离任时间", "离岗日期", "离岗时间", "离职日期", "离职时间"),
        ),
    ]
    contract_end: Annotated[
        date | None,
        Field(
            "合同到期日",
            Kind.DATE,
            width=12,
            aliases=("合同到期", "合同到期时间", "合同截止日期", "合同终止日期"),
        ),
    ]
    note: Annotated[str | None, Field("备注", width=16, aliases=("说明", "附注"))]


@dataclass(frozen=True, slots=True)
class PlaceColumns:
    """The columns by which many rosters name a grid instead of one 所属网格."""

    street: Annotated[
        str | None,
        Field(
            "街道",
            width=12,
            aliases=("镇街", "镇（街道）", "街道（镇）", "乡镇", "街镇", "所属街道", "街道名称"),
        ),
    ]
    community: Annotated[
        str | None,
        Field(
            "社区", width=12, aliases=("村（社区）", "社区（村）", "村社", "所属社区", "社区名称", "总网格")
        ),
    ]
    micro: Annotated[
        str | None, Field("微网格", width=14, aliases=("所属微网格", "微网格名称", "微格", "微网格编码"))
    ]
