"""月度指标数据 as Excel knows it: a person a row, a column for each value the month's scheme asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Right, Target
from db.tables import Grid
from db.turns import Turn
from gridoffice.assessment.duties import (
    columns_of,
    own_columns,
    refuse_others_columns,
    refuse_own_sheets,
)
from gridoffice.assessment.month import month_record, scheme_of
from gridoffice.assessment.service import refuse_unless_open, write_cells
from gridoffice.assessment.values_planning import BONDS, KEYS, choices, ground, plan
from gridoffice.errors import RuleBroken
from gridoffice.fields import Column, Field, Kind, Sensitive, columns
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import short
from gridoffice.intake import Incoming, Ledger, Options, Planned, Preview, take_in
from gridoffice.scoring.columns import value_columns
from gridoffice.service import service
from gridoffice.spreadsheet.guide import Group


@dataclass(frozen=True, slots=True)
class Whom:
    """The columns by which a month's workbook names a person."""

    name: Annotated[
        str,
        Field(
            "姓名", Kind.NAME, width=10, required=True, aliases=("名字", "网格员姓名", "网格员", "人员姓名")
        ),
    ]
    id_number: Annotated[
        str | None,
        Field(
            "身份证号码",
            Kind.ID_NUMBER,
            width=20,
            sensitive=Sensitive.ID_NUMBER,
            aliases=("身份证号", "公民身份证号", "公民身份号码", "证件号码", "证件号", "身份证"),
        ),
    ]
    community: Annotated[
        str | None, Field("社区", width=14, aliases=("村（社区）", "社区（村）", "所属社区", "社区名称"))
    ]
    grid: Annotated[
        str | None, Field("所属网格", width=22, aliases=("网格", "网格名称", "责任网格", "所在网格"))
    ]


@dataclass(frozen=True, slots=True)
class WhichArea:
    """The column by which a month's workbook names an area."""

    name: Annotated[
        str,
        Field(
            "区域",
            width=22,
            required=True,
            aliases=(
                "区域名称",
                "社区",
                "村（社区）",
                "社区名称",
                "网格",
                "网格名称",
                "街道",
                "镇街",
                "名称",
            ),
        ),
    ]


@dataclass(frozen=True, slots=True)
class WhichDepartment:
    """The column by which a month's workbook names a department."""

    name: Annotated[
        str, Field("部门", width=22, required=True, aliases=("部门名称", "单位", "单位名称", "科室", "名称"))
    ]


WHO: dict[Target, type] = {
    Target.POST: Whom,
    Target.AREA: WhichArea,
    Target.DEPARTMENT: WhichDepartment,
}


def ledger_columns(session: Session, options: Options) -> tuple[Column, ...]:
    """By what the assessed are named, and what the month's scheme asks; of an account or a template that is
    a scorer's, only what that one delivers."""
    if options.month is None:
        raise RuleBroken("没说是哪个月的数据。")
    month = month_record(session, options.month)
    scheme = scheme_of(session, month)
    asked = value_columns(scheme)
    own = own_columns(session, scheme)
    for wanted in (own, columns_of(scheme, options.scorer) if options.scorer else None):
        if wanted is not None:
            asked = tuple(one for one in asked if one.name in wanted)
    if not asked:
        raise RuleBroken(
            f"方案里没有由“{options.scorer}”评分的指标。" if options.scorer else "没有由你这里评分的指标。"
        )
    return (*columns(WHO[month.target]), *asked)


def groups(session: Session) -> tuple[Group, ...]:
    """Communities, which offices write as titles between the people or as sheet names."""
    units = {kind.key for kind in office_pack(session).kinds if kind.unit}
    names = set(session.scalars(select(Grid.name).where(Grid.kind.in_(units))))
    return (Group("community", ("社区", "村"), frozenset(names | {short(name) for name in names})),)


def write(session: Session, rows: Sequence[Planned], options: Options) -> dict[str, str]:
    """Put the changed values on the sheets."""
    assert options.month is not None
    month = month_record(session, options.month)
    refuse_unless_open(month)
    scheme = scheme_of(session, month)
    values = {
        row.record or 0: {**row.resolved, **{key: value for key, (_, value) in row.changes.items()}}
        for row in rows
    }
    refuse_own_sheets(session, month, values.keys())
    refuse_others_columns(session, scheme, {key for row in rows for key in row.changes})
    write_cells(session, month, scheme, values)
    return {}


@service("导入月度指标数据", needs=Right.ASSESS, turn=Turn.IMPORT)
def import_indicators(
    session: Session, come: Incoming, options: Options, ready: Preview | None = None
) -> Preview:
    """Take a month's values in, whole."""
    return take_in(session, INDICATOR_LEDGER, come, options, ready)


INDICATOR_LEDGER = Ledger(
    key="indicators",
    title="月度指标数据",
    unit="人",
    columns=ledger_columns,
    ground=ground,
    plan=plan,
    write=write,
    service=import_indicators,
    groups=groups,
    choices=choices,
    keys=KEYS,
    bonds=BONDS,
)
