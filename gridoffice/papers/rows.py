"""What a number of the register and a draft look like in a table, a form, a workbook and on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from gridoffice.fields import Field, Kind

OF_NUMBER = (
    "title",
    "kind",
    "day",
    "recipients",
    "secrecy",
    "urgency",
    "drafter",
    "signer",
    "copies",
    "void",
    "note",
)
"""Columns beside the number itself."""


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One line of 发文登记. `draft_id` is the draft that went out under it."""

    id: int
    draft_id: int | None
    number: Annotated[
        str,
        Field(
            "发文字号",
            width=20,
            required=True,
            aliases=("文号", "字号", "发文号", "发文编号"),
            hint="例如：青网格办〔2026〕14号",
        ),
    ]
    title: Annotated[
        str,
        Field("文件标题", width=44, required=True, aliases=("标题", "题名", "文件名称", "事由", "文件题名")),
    ]
    kind: Annotated[str | None, Field("文种", width=8, aliases=("公文种类", "文件种类"))]
    day: Annotated[
        date | None,
        Field(
            "成文日期",
            Kind.DATE,
            width=12,
            required=True,
            aliases=("发文日期", "日期", "印发日期", "登记日期"),
        ),
    ]
    recipients: Annotated[
        str | None, Field("主送机关", width=24, aliases=("主送", "主送单位", "发往单位", "发往机关"))
    ]
    secrecy: Annotated[str | None, Field("密级", width=8, aliases=("密级和保密期限",))]
    urgency: Annotated[str | None, Field("紧急程度", width=9, aliases=("缓急",))]
    drafter: Annotated[str | None, Field("拟稿人", Kind.NAME, width=10, aliases=("拟稿", "起草人", "经办人"))]
    signer: Annotated[str | None, Field("签发人", Kind.NAME, width=10, aliases=("签发", "签发领导"))]
    copies: Annotated[int | None, Field("印制份数", Kind.INTEGER, width=9, aliases=("份数", "印数"))]
    void: Annotated[bool, Field("作废", Kind.YES_NO, width=7, aliases=("是否作废",))]
    note: Annotated[str | None, Field("备注", width=18, aliases=("说明",))]


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One draft in the list."""

    id: int
    title: Annotated[str, Field("标题", width=40, computed=True)]
    kind: Annotated[str, Field("文种", width=8, computed=True)]
    number: Annotated[str | None, Field("发文字号", width=20, computed=True)]
    month: Annotated[str | None, Field("月份", width=12, computed=True)]
    place: Annotated[str | None, Field("范围", width=16, computed=True)]
    writer: Annotated[str, Field("拟稿人", Kind.NAME, width=10, computed=True)]
    changed: Annotated[str, Field("最后修改", width=16, computed=True)]
