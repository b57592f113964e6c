"""What organisations, members and their grids look like in a table, a form, a workbook and on paper."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from db.enums import Education, Ethnicity, PartyFlow, PartyMemberKind, PartyOrgKind, Sex
from gridoffice.fields import Field, Kind
from gridoffice.people import rows as person

OF_ORG = ("kind", "secretary", "phone")
OF_MEMBER = ("kind", "flow", "joined", "confirmed", "note")
OF_LINK = ("kind", "duty", "from_day", "to_day")
"""Columns that are stored as they stand, beside those that name other records."""

_ORG_WORDS = (
    ("党工委", PartyOrgKind.COMMITTEE),
    ("委员会", PartyOrgKind.COMMITTEE),
    ("基层党委", PartyOrgKind.COMMITTEE),
    ("总支", PartyOrgKind.GENERAL),
    ("总支部", PartyOrgKind.GENERAL),
    ("党总支部", PartyOrgKind.GENERAL),
    ("支部", PartyOrgKind.BRANCH),
    ("联合支部", PartyOrgKind.JOINT_BRANCH),
    ("小组", PartyOrgKind.GROUP),
)
_MEMBER_WORDS = (
    ("正式", PartyMemberKind.FULL),
    ("党员", PartyMemberKind.FULL),
    ("中共党员", PartyMemberKind.FULL),
    ("预备", PartyMemberKind.PROBATIONARY),
    ("中共预备党员", PartyMemberKind.PROBATIONARY),
)
_FLOW_WORDS = (
    ("在册", PartyFlow.NORMAL),
    ("正常党籍", PartyFlow.NORMAL),
    ("流动", PartyFlow.AWAY),
    ("外出", PartyFlow.AWAY),
    ("流出", PartyFlow.AWAY),
    ("失联", PartyFlow.LOST),
    ("失去联系", PartyFlow.LOST),
    ("免过", PartyFlow.EXEMPT),
    ("出国", PartyFlow.KEPT),
    ("出国（境）", PartyFlow.KEPT),
)
_JOINED = ("入党时间", "加入党组织日期", "入党年月", "加入中共时间", "加入党组织时间")
_MEMBER_NAME = replace(person.NAME, aliases=(*person.NAME.aliases, "党员姓名", "党员名字"))


@dataclass(frozen=True, slots=True)
class OrgRow:
    """One line of 网格党组织台账."""

    id: int
    name: Annotated[
        str,
        Field("党组织名称", width=30, required=True, aliases=("党组织", "组织名称", "网格党组织", "名称")),
    ]
    kind: Annotated[
        PartyOrgKind | None,
        Field(
            "党组织类型",
            Kind.CODE,
            width=12,
            codes=PartyOrgKind,
            words=_ORG_WORDS,
            aliases=("组织类型", "党组织类别", "组织类别", "类型"),
        ),
    ]
    parent: Annotated[
        str | None,
        Field("上级党组织", width=28, aliases=("上级组织", "隶属党组织", "所属党组织", "上级党组织名称")),
    ]
    grid: Annotated[
        str | None,
        Field(
            "对应网格", Kind.GRID, width=22, aliases=("网格", "网格名称", "所属网格", "所在网格", "覆盖网格")
        ),
    ]
    secretary: Annotated[
        str | None,
        Field(
            "书记", Kind.NAME, width=10, aliases=("党组织书记", "书记姓名", "负责人", "党小组组长", "组长")
        ),
    ]
    phone: Annotated[str | None, replace(person.PHONE, aliases=(*person.PHONE.aliases, "书记电话"))]
    members: Annotated[int, Field("党员数", Kind.INTEGER, width=8, computed=True)] = 0
    parent_id: int | None = None
    secretary_id: int | None = None
    grid_ids: tuple[int, ...] = ()
    from_day: date | None = None
    to_day: date | None = None


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One line of 党员花名册: a person and a membership."""

    id: int
    person_id: int
    name: Annotated[str, _MEMBER_NAME]
    id_number: Annotated[str | None, person.ID_NUMBER]
    sex: Annotated[Sex | None, person.SEX]
    ethnicity: Annotated[Ethnicity | None, person.ETHNICITY]
    birth: Annotated[date | None, person.BIRTH]
    education: Annotated[Education | None, person.EDUCATION]
    org: Annotated[
        str | None,
        Field(
            "所在党支部",
            width=28,
            aliases=(
                "所属支部",
                "所属党支部",
                "所在支部",
                "党支部",
                "所在党组织",
                "归属党组织",
                "组织关系所在党组织",
                "党组织",
                "所属党组织",
            ),
        ),
    ]
    kind: Annotated[
        PartyMemberKind | None,
        Field(
            "人员类别",
            Kind.CODE,
            width=10,
            codes=PartyMemberKind,
            words=_MEMBER_WORDS,
            aliases=("党员类型", "党员类别", "党员身份", "政治面貌", "类别"),
        ),
    ]
    joined: Annotated[date | None, Field("入党日期", Kind.DATE, width=12, aliases=_JOINED)]
    confirmed: Annotated[
        date | None,
        Field("转正日期", Kind.DATE, width=12, aliases=("转正时间", "转为正式党员日期", "转正年月")),
    ]
    phone: Annotated[str | None, person.PHONE]
    address: Annotated[str | None, person.ADDRESS]
    note: Annotated[str | None, Field("备注", width=16, aliases=("说明", "附注"))]
    flow: PartyFlow = PartyFlow.NORMAL
    org_id: int | None = None
    from_day: date | None = None
    to_day: date | None = None


@dataclass(frozen=True, slots=True)
class FlowColumns:
    """How 党员信息汇总表 tell whether a member takes part; taken in, and kept as one state."""

    state: Annotated[
        PartyFlow | None,
        Field(
            "党籍状态", Kind.CODE, width=12, codes=PartyFlow, words=_FLOW_WORDS, aliases=("状态", "党员状态")
        ),
    ]
    lost: Annotated[bool | None, Field("是否为失联党员", Kind.YES_NO, width=8, aliases=("是否失联",))]
    away: Annotated[
        bool | None, Field("是否为流动党员", Kind.YES_NO, width=8, aliases=("是否流动", "是否流动党员"))
    ]


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One line of 党员入格台账: a member and the grid to answer for."""

    id: int
    person_id: int
    name: Annotated[str, _MEMBER_NAME]
    id_number: Annotated[str | None, person.ID_NUMBER]
    kind: Annotated[
        str | None,
        Field("入格类别", width=18, aliases=("类别", "党员类别", "入格类型", "人员类别", "党员类型")),
    ]
    grid: Annotated[
        str | None,
        Field(
            "所入网格",
            Kind.GRID,
            width=24,
            aliases=("网格", "网格名称", "所属网格", "联系网格", "下沉网格", "入格网格", "责任网格"),
        ),
    ]
    duty: Annotated[
        str | None, Field("职责", width=30, aliases=("工作职责", "认领岗位", "岗位", "职责任务", "任务"))
    ]
    from_day: Annotated[
        date | None,
        Field(
            "起始日期",
            Kind.DATE,
            width=12,
            aliases=("起始时间", "入格时间", "入格日期", "报到时间", "报到日期"),
        ),
    ]
    to_day: Annotated[
        date | None, Field("终止日期", Kind.DATE, width=12, aliases=("终止时间", "结束日期", "离格日期"))
    ]
    grid_id: int = 0
