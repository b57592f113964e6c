"""What a certificate looks like in a table, a form, a workbook and on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from gridoffice.fields import Field, Kind
from gridoffice.people import rows as person
from gridoffice.qualifications.rules import Validity

OWN = ("certificate", "level", "number", "issuer", "issued", "expires")
"""The columns that belong to the certificate; the others say whose it is."""


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """One line of 持证台账. `validity` is that of the day asked, `grid` where its holder served then."""

    id: int
    person_id: int
    name: Annotated[str, person.NAME]
    id_number: Annotated[str | None, person.ID_NUMBER]
    certificate: Annotated[
        str,
        Field(
            "证书名称",
            width=22,
            required=True,
            aliases=("证书", "资格证书", "职业资格", "职业（工种）", "职业工种", "持证情况", "证书类型"),
        ),
    ]
    level: Annotated[
        str | None,
        Field("等级", width=14, aliases=("证书等级", "技能等级", "级别", "证书级别", "资格等级")),
    ]
    number: Annotated[
        str | None, Field("证书编号", width=20, aliases=("证书号", "证书号码", "编号", "证号", "管理号"))
    ]
    issuer: Annotated[
        str | None,
        Field("发证机关", width=22, aliases=("发证机构", "发证单位", "颁发机构", "颁证单位", "评价机构")),
    ]
    issued: Annotated[
        date | None,
        Field(
            "发证日期",
            Kind.DATE,
            width=12,
            aliases=("发证时间", "取得时间", "取证日期", "颁发日期", "批准日期"),
        ),
    ]
    expires: Annotated[
        date | None,
        Field(
            "有效期至",
            Kind.DATE,
            width=12,
            aliases=("有效期", "到期日期", "到期时间", "有效期截止", "截止日期", "有效日期"),
            hint="长期有效的空着",
        ),
    ]
    validity: Annotated[Validity, Field("状态", Kind.CODE, width=12, codes=Validity, computed=True)]
    grid: Annotated[str, Field("所属网格", width=20, computed=True)] = ""
