"""What a grid looks like in a table, a form, a workbook and on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from db.enums import Zone
from gridoffice.fields import Field, Kind


@dataclass(frozen=True, slots=True)
class GridRow:
    """One line of 网格台账. `kind` in the pack's own word; `parent` as the clerk calls it."""

    id: int
    code: Annotated[
        str,
        Field(
            "网格编码",
            width=20,
            required=True,
            aliases=("编码", "网格编号", "网格代码", "唯一网格编码", "网格基本情况/编号", "基本情况/编号"),
        ),
    ]
    name: Annotated[str, Field("网格名称", width=22, required=True, aliases=("名称", "网格名", "网格"))]
    kind: Annotated[
        str,
        Field(
            "网格类型", width=10, required=True, aliases=("类型", "网格类别", "网格性质", "网格层级", "层级")
        ),
    ]
    parent: Annotated[
        str | None,
        Field(
            "上级网格",
            Kind.GRID,
            width=20,
            aliases=("上级", "所属上级", "上级编码", "上级网格编码", "上级网格名称"),
        ),
    ]
    households: Annotated[
        int | None,
        Field(
            "户数",
            Kind.INTEGER,
            width=8,
            aliases=("居民户数", "总户数", "覆盖户数", "管辖户数", "户数（户）"),
        ),
    ]
    merchants: Annotated[
        int | None,
        Field("商户数", Kind.INTEGER, width=8, aliases=("商家数", "商户", "商铺数", "门店数", "商户（家）")),
    ]
    population: Annotated[
        int | None,
        Field("人口", Kind.INTEGER, width=8, aliases=("人口数", "常住人口", "总人口", "人数", "人口（人）")),
    ]
    area: Annotated[
        Decimal | None,
        Field(
            "面积",
            Kind.DECIMAL,
            width=12,
            aliases=("面积（㎡）", "面积（m²）", "面积（平方米）"),
            hint="平方米",
        ),
    ]
    extent: Annotated[
        str | None,
        Field(
            "网格范围",
            width=36,
            aliases=("四至", "四至范围", "管辖范围", "边界", "区域范围", "范围", "包含楼栋"),
        ),
    ]
    zone: Annotated[
        Zone | None,
        Field(
            "区域类别",
            Kind.CODE,
            width=10,
            aliases=("区域分类", "所在区域"),
            codes=Zone,
            words=(("核心", Zone.CORE), ("繁华", Zone.BUSY), ("一般", Zone.PLAIN)),
        ),
    ]
    valid_from: Annotated[
        date | None,
        Field("启用日期", Kind.DATE, width=12, aliases=("划分时间", "启用时间", "设立日期", "初始时间")),
    ]
    note: Annotated[str | None, Field("备注", width=16, aliases=("说明", "附注", "业务备注"))]
