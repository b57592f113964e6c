"""What a resource and a problem look like in a table, a form, a workbook and on paper."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from db.enums import IssueState, ResourceKind
from gridoffice.fields import Field, Kind
from gridoffice.people import rows as person
from gridoffice.registers.rules import Standing

OF_RESOURCE = ("kind", "contact", "phone", "address", "quantity", "from_day", "to_day", "note")
OF_ISSUE = (
    "kind",
    "source",
    "reporter",
    "department",
    "state",
    "due",
    "closed",
    "result",
    "satisfied",
)
"""Columns beside those that tell which resource, which problem a row means."""

_KIND_WORDS = (
    ("阵地", ResourceKind.PLACE),
    ("场所", ResourceKind.PLACE),
    ("活动室", ResourceKind.PLACE),
    ("避难场所", ResourceKind.PLACE),
    ("单位", ResourceKind.UNIT),
    ("驻地单位", ResourceKind.UNIT),
    ("共建单位", ResourceKind.UNIT),
    ("商家", ResourceKind.MERCHANT),
    ("企业", ResourceKind.MERCHANT),
    ("商户", ResourceKind.MERCHANT),
    ("队伍", ResourceKind.TEAM),
    ("社会组织", ResourceKind.TEAM),
    ("志愿者", ResourceKind.TEAM),
    ("能人", ResourceKind.EXPERT),
    ("骨干", ResourceKind.EXPERT),
    ("乡贤", ResourceKind.EXPERT),
    ("人才", ResourceKind.EXPERT),
    ("物资", ResourceKind.SUPPLIES),
    ("设备", ResourceKind.SUPPLIES),
    ("设施", ResourceKind.SUPPLIES),
    ("其他", ResourceKind.OTHER),
)
_STATE_WORDS = (
    ("未办结", IssueState.OPEN),
    ("未办理", IssueState.OPEN),
    ("办理中", IssueState.OPEN),
    ("处理中", IssueState.OPEN),
    ("待处理", IssueState.OPEN),
    ("已上交", IssueState.PASSED_ON),
    ("上报", IssueState.PASSED_ON),
    ("已转办", IssueState.PASSED_ON),
    ("已协调", IssueState.PASSED_ON),
    ("办结", IssueState.DONE),
    ("已解决", IssueState.DONE),
    ("已处理", IssueState.DONE),
    ("已整改", IssueState.DONE),
    ("完成", IssueState.DONE),
    ("已完成", IssueState.DONE),
    ("作废", IssueState.DROPPED),
    ("已作废", IssueState.DROPPED),
)
_GRID = Field(
    "所属网格",
    Kind.GRID,
    width=22,
    required=True,
    aliases=("网格", "网格名称", "所在网格", "微网格", "一般网格"),
)


@dataclass(frozen=True, slots=True)
class ResourceRow:
    """One line of 资源清单."""

    id: int
    grid_id: int
    grid: Annotated[str, _GRID]
    kind: Annotated[
        ResourceKind | None,
        Field(
            "资源类型",
            Kind.CODE,
            width=12,
            required=True,
            codes=ResourceKind,
            words=_KIND_WORDS,
            aliases=("类型", "资源类别", "类别"),
        ),
    ]
    name: Annotated[
        str, Field("资源名称", width=24, required=True, aliases=("名称", "资源", "单位名称", "队伍名称"))
    ]
    contact: Annotated[
        str | None, Field("联系人", Kind.NAME, width=10, aliases=("负责人", "联系人姓名", "对接人"))
    ]
    phone: Annotated[str | None, replace(person.PHONE, label="联系电话", aliases=("电话", "手机号", "手机"))]
    address: Annotated[str | None, Field("地址", width=24, aliases=("位置", "所在地", "存放地点", "地点"))]
    quantity: Annotated[
        str | None,
        Field("数量", width=10, aliases=("规模", "人数", "数量（规模）"), hint="例如：2 台、30 人"),
    ]
    from_day: Annotated[date | None, Field("启用日期", Kind.DATE, width=12, aliases=("登记日期", "起始日期"))]
    to_day: Annotated[date | None, Field("停用日期", Kind.DATE, width=12, aliases=("终止日期", "截止日期"))]
    note: Annotated[str | None, Field("备注", width=20, aliases=("说明", "用途", "可提供的服务"))]


@dataclass(frozen=True, slots=True)
class IssueRow:
    """One line of 问题清单."""

    id: int
    grid_id: int
    person_id: int | None
    grid: Annotated[str, _GRID]
    day: Annotated[
        date | None,
        Field(
            "发现日期",
            Kind.DATE,
            width=12,
            required=True,
            aliases=("发现时间", "上报日期", "上报时间", "登记日期", "日期", "排查时间"),
        ),
    ]
    kind: Annotated[
        str | None, Field("问题类型", width=12, aliases=("类型", "问题类别", "类别", "事项类别", "隐患类型"))
    ]
    what: Annotated[
        str,
        Field(
            "问题内容",
            width=34,
            required=True,
            aliases=("问题", "内容", "问题描述", "事项", "情况描述", "存在问题", "隐患描述"),
        ),
    ]
    source: Annotated[str | None, Field("问题来源", width=12, aliases=("来源", "发现途径", "发现方式"))]
    reporter: Annotated[
        str | None, Field("上报人", Kind.NAME, width=10, aliases=("发现人", "反映人", "报告人", "排查人"))
    ]
    department: Annotated[
        str | None,
        Field("责任部门", width=18, aliases=("责任单位", "办理部门", "办理单位", "承办单位", "牵头部门")),
    ]
    state: Annotated[
        IssueState | None,
        Field(
            "办理情况",
            Kind.CODE,
            width=10,
            codes=IssueState,
            words=_STATE_WORDS,
            aliases=("状态", "办理状态", "进度", "整改情况"),
        ),
    ]
    due: Annotated[
        date | None,
        Field("办结期限", Kind.DATE, width=12, aliases=("整改期限", "完成时限", "时限", "限办日期")),
    ]
    closed: Annotated[
        date | None,
        Field("办结日期", Kind.DATE, width=12, aliases=("办结时间", "完成日期", "整改日期", "完成时间")),
    ]
    result: Annotated[
        str | None,
        Field("办理结果", width=26, aliases=("结果", "处理结果", "整改措施", "处理情况", "反馈结果")),
    ]
    standing: Annotated[Standing, Field("期限情况", Kind.CODE, width=12, codes=Standing, computed=True)]
    satisfied: Annotated[
        bool | None, Field("群众满意", Kind.YES_NO, width=9, aliases=("是否满意", "满意度", "群众是否满意"))
    ]
