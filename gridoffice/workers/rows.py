"""What a worker looks like in a table, a form, a workbook and on paper."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from db.enums import Education, Employment, Ethnicity, Political, Sex
from gridoffice.fields import Field, Kind
from gridoffice.people import rows as person

PERSONAL = person.PERSONAL
OF_POST = (
    "title",
    "employment",
    "from_day",
    "to_day",
    "contract_end",
    "employer",
    "leave_reason",
    "note",
)
"""Which columns of a worker's line belong to the person and which to the post."""

_TITLE = Field("职务", width=12, aliases=("职位", "岗位", "网格职务", "角色", "岗位名称", "网格力量类型"))
_GRID = Field(
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
)
_EMPLOYMENT = Field(
    "专兼职",
    Kind.CODE,
    width=8,
    codes=Employment,
    aliases=("专/兼职", "专（兼）职", "专职/兼职", "是否专职", "用工性质", "人员性质"),
)
_FROM = Field(
    "任职日期",
    Kind.DATE,
    width=12,
    aliases=("任职时间", "入职时间", "入职日期", "上岗时间", "上岗日期", "聘用时间"),
)
_TO = Field(
    "离任日期",
    Kind.DATE,
    width=12,
    aliases=("离任时间", "离岗日期", "离岗时间", "离职日期", "离职时间"),
)
_CONTRACT = Field(
    "合同到期日",
    Kind.DATE,
    width=12,
    aliases=("合同到期", "合同到期时间", "合同截止日期", "合同终止日期"),
)
_EMPLOYER = Field(
    "用工单位", width=16, aliases=("用人单位", "聘用单位", "派遣单位", "劳务派遣单位", "签约单位")
)
_LEAVE_REASON = Field("离任原因", width=14, aliases=("离岗原因", "离职原因", "调离原因", "离任事由"))
_NOTE = Field("备注", width=16, aliases=("说明", "附注"))

_WORKER = ("网格员姓名", "网格员", "姓名（网格员）")


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """One line of 网格员花名册: a person in a post. `id` is the post's number."""

    id: int
    person_id: int
    name: Annotated[str, replace(person.NAME, aliases=(*person.NAME.aliases, *_WORKER))]
    title: Annotated[str | None, _TITLE]
    grid: Annotated[str | None, _GRID]
    id_number: Annotated[str | None, person.ID_NUMBER]
    phone: Annotated[str | None, person.PHONE]
    sex: Annotated[Sex | None, person.SEX]
    ethnicity: Annotated[Ethnicity | None, person.ETHNICITY]
    birth: Annotated[date | None, person.BIRTH]
    political: Annotated[Political | None, person.POLITICAL]
    education: Annotated[Education | None, person.EDUCATION]
    address: Annotated[str | None, person.ADDRESS]
    employment: Annotated[Employment | None, _EMPLOYMENT]
    from_day: Annotated[date | None, _FROM]
    to_day: Annotated[date | None, _TO]
    contract_end: Annotated[date | None, _CONTRACT]
    employer: Annotated[str | None, _EMPLOYER]
    leave_reason: Annotated[str | None, _LEAVE_REASON]
    note: Annotated[str | None, _NOTE]


@dataclass(frozen=True, slots=True)
class PostRow:
    """One post of a person, held or once held. `id` is the post's number."""

    id: int
    person_id: int
    grid_id: int
    grid: Annotated[str | None, _GRID]
    title: Annotated[str | None, _TITLE]
    employment: Annotated[Employment | None, _EMPLOYMENT]
    concurrent: Annotated[bool, Field("兼任", Kind.YES_NO, width=6, hint="另有主要岗位")]
    from_day: Annotated[date | None, _FROM]
    to_day: Annotated[date | None, _TO]
    contract_end: Annotated[date | None, _CONTRACT]
    employer: Annotated[str | None, _EMPLOYER]
    reason: Annotated[str | None, Field("任职原因", width=14, aliases=("任职依据", "调入原因", "聘用原因"))]
    leave_reason: Annotated[str | None, _LEAVE_REASON]
    note: Annotated[str | None, _NOTE]


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
