"""Everything that a written pack says, group by group, as the lines of a form."""

from __future__ import annotations

from dataclasses import dataclass

from db.enums import Employment, Labelled
from gridoffice.fields import Column, Field, Kind
from gridoffice.grids import pack_notation as written
from gridoffice.grids.pack import Axis, Mode, Side
from gridoffice.grids.pack_notation import Notation


class Group(Labelled):
    """What a part of a pack is."""

    WHOLE = "whole", "总的"
    KIND = "kinds", "网格类型"
    POST = "posts", "岗位"
    PARTY = "party", "党建（一根红线）"
    SERVICES = "services", "服务清单"
    BODY = "bodies", "站、中心、队伍"
    REGISTERS = "registers", "清单和积分"
    OPTIONS = "options", "别处的做法"

    @property
    def many(self) -> bool:
        """There are several parts of it, which can be added and taken out."""
        return self not in (Group.WHOLE, Group.REGISTERS, Group.OPTIONS)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the form: the entry it stands for, table by table, and how that is written."""

    column: Column
    path: tuple[str, ...]
    notation: Notation


def _line(
    path: str, label: str, notation: Notation = written.TEXT, kind: Kind = Kind.TEXT, **more: object
) -> Line:
    name = path.replace(".", "_")
    return Line(Column(name, Field(label, kind, **more)), tuple(path.split(".")), notation)  # type: ignore[arg-type]


def _yes(path: str, label: str, notation: Notation = written.YES) -> Line:
    return _line(path, label, notation, Kind.YES_NO)


def _span(name: str, hint: str) -> Line:
    return _line(name, written.SIZES[name], written.SPAN, hint=hint)


_LIST = "用顿号隔开"
_ITEMS = "用分号隔开"

LINES: dict[Group, tuple[Line, ...]] = {
    Group.WHOLE: (
        _line("name", "名称", required=True),
        _line("source", "出处", required=True),
        _line("lead", "牵头单位"),
        _line("scheme", "考核方案", required=True),
        _line("root", "最上级", written.KINDS, hint="哪些类型可以作最上级", required=True),
    ),
    Group.KIND: (
        _line("label", "叫法", required=True),
        _line("words", "别的叫法", written.LISTED, hint=_LIST),
        _line("parents", "挂在", written.KINDS, hint="哪些类型下面"),
        _line("code", "编码样式", hint=r"正则式，例如 \d{15}", required=True),
        _span("households", "例如：300–500"),
        _span("merchants", "例如：30–100"),
        _span("population", "例如：1000–2000"),
        _span("area", "平方米，例如：8000–12000"),
        _line("zones", "分区标准", written.ZONES, hint="核心区 面积 8000–12000；…"),
        _yes("or_merchants", "可按商户"),
        _line("alone", "一村一格", kind=Kind.INTEGER, hint="多少人以下不算过小"),
        _line("hours.limit", "走完小时", kind=Kind.DECIMAL, hint="走完一遍最多几小时"),
        _line("hours.minutes", "每户分钟", kind=Kind.DECIMAL, hint="一户几分钟"),
        _yes("unit", "村社区级"),
        _yes("finer", "比格更细"),
        _yes("staffed", "必须有人"),
        _line("posts", "这里岗位", written.LISTED, hint=_LIST),
        _line("team", "队伍构成", written.TEAM, hint="网格长 1；指导员 至少 2"),
        _line("staff.posts", "应配岗位", written.LISTED, hint=_LIST),
        _line("staff.each", "每格人数", kind=Kind.INTEGER, hint="至少几人"),
        _line("staff.households", "每人户数", kind=Kind.INTEGER, hint="每多少户配一人"),
        _yes("staff.full_time", "只算专职", written.UNLESS),
    ),
    Group.POST: (
        _line("label", "叫法", required=True),
        _line("words", "别的叫法", written.LISTED, hint=_LIST),
        _line("employment", "专兼职", written.coded(Employment), Kind.CODE, codes=Employment, required=True),
        _line("duties", "职责", written.ITEMS, hint=_ITEMS),
        _line("side", "来自", written.coded(Side), Kind.CODE, codes=Side),
        _line("axis", "管还是督", written.coded(Axis), Kind.CODE, codes=Axis),
    ),
    Group.PARTY: (
        _line("kind", "哪一级", written.KIND, required=True),
        _line("organisation", "党组织", hint="这一级建什么党组织"),
        _line("supervisor", "谁来监督", hint="哪些党员入格"),
    ),
    Group.SERVICES: (
        _line("label", "名称", required=True),
        _line("mode", "平时急时", written.coded(Mode), Kind.CODE, codes=Mode),
        _line("level", "哪一级", written.KIND),
        _line("items", "服务事项", written.ITEMS, hint=_ITEMS, required=True),
    ),
    Group.BODY: (
        _line("label", "名称", required=True),
        _line("at", "设在", written.KIND, required=True),
        _line("group", "归在"),
        _line("note", "说明"),
    ),
    Group.REGISTERS: (
        _line("lists", "清单", written.LISTED, hint=_LIST),
        _line("issues", "问题类型", written.LISTED, hint=_LIST),
        _line("sources", "问题来源", written.LISTED, hint=_LIST),
        _line("incentives", "激励", written.LISTED, hint=_LIST),
        _line("points.name", "积分名称"),
        _line("points.rule", "积分规则"),
        _line("points.earn", "怎样得分", written.EARN, hint="上报有效信息 5；…"),
        _line("points.spend", "怎样用分"),
        _line("care", "关爱名单", written.CARE, hint="红 重点关爱 2；…"),
        _line("targets", "指标", written.TARGETS, hint="24小时响应率 97.5；…"),
    ),
    Group.OPTIONS: (
        _line("committee.name", "自管会"),
        _line("committee.kinds", "设在", written.KINDS, hint=_LIST),
        _line("committee.posts", "由谁组成", written.LISTED, hint=_LIST),
        _line("committee.least", "至少几人", kind=Kind.INTEGER),
        _line("control.within", "带人在", written.KIND, hint="在哪一级里数"),
        _line("control.leaders", "谁带", written.LISTED, hint=_LIST),
        _line("control.workers", "带谁", written.LISTED, hint=_LIST),
        _line("control.most", "最多带", kind=Kind.INTEGER),
        _line("mixed.kinds", "混合团队", written.KINDS, hint="在哪些类型"),
        _line(
            "mixed.sides", "哪几方", written.several_coded(Side), hint="、".join(one.label for one in Side)
        ),
        _line("fixed.kinds", "四定", written.KINDS, hint="在哪些类型"),
        _yes("all_round", "全科网格"),
        _yes("separate", "管督分开"),
    ),
}
