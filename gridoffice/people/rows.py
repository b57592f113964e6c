"""What is asked of a natural person, whichever ledger asks it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from db.enums import Education, Ethnicity, Political, Sex
from gridoffice.fields import Field, Kind, Sensitive

NAME = Field("姓名", Kind.NAME, width=10, required=True, aliases=("名字", "人员姓名"))
ID_NUMBER = Field(
    "身份证号码",
    Kind.ID_NUMBER,
    width=20,
    sensitive=Sensitive.ID_NUMBER,
    aliases=("身份证号", "公民身份证号", "公民身份号码", "证件号码", "证件号", "身份证", "身份证件号码"),
)
PHONE = Field(
    "联系电话",
    Kind.PHONE,
    width=13,
    sensitive=Sensitive.PHONE,
    aliases=("电话", "手机", "手机号", "手机号码", "联系方式", "电话号码", "联系手机"),
)
SEX = Field("性别", Kind.CODE, width=6, codes=Sex)
ETHNICITY = Field("民族", Kind.CODE, width=8, codes=Ethnicity, aliases=("族别",))
BIRTH = Field("出生日期", Kind.DATE, width=12, aliases=("出生年月", "出生时间", "生日", "出生年月日"))
POLITICAL = Field("政治面貌", Kind.CODE, width=12, codes=Political, aliases=("政治身份", "面貌", "党派"))
ADDRESS = Field(
    "住址",
    Kind.ADDRESS,
    width=24,
    sensitive=Sensitive.ADDRESS,
    aliases=("家庭住址", "现住址", "居住地址", "家庭地址", "现居住地址", "常住地址", "居住地", "联系地址"),
)
EDUCATION = Field(
    "学历",
    Kind.CODE,
    width=10,
    codes=Education,
    aliases=("文化程度", "最高学历", "教育程度", "全日制学历"),
)
NOTE = Field("备注", width=16, aliases=("说明", "附注"))

PERSONAL = ("name", "id_number", "sex", "ethnicity", "birth", "political", "education", "phone", "address")
"""The columns that belong to the person, whichever ledger has them."""


@dataclass(frozen=True, slots=True)
class PersonalRow:
    """A person without any hat, as a form asks for one."""

    id: int
    name: Annotated[str, NAME]
    id_number: Annotated[str | None, ID_NUMBER]
    phone: Annotated[str | None, PHONE]
    sex: Annotated[Sex | None, SEX]
    ethnicity: Annotated[Ethnicity | None, ETHNICITY]
    birth: Annotated[date | None, BIRTH]
    political: Annotated[Political | None, POLITICAL]
    education: Annotated[Education | None, EDUCATION]
    address: Annotated[str | None, ADDRESS]
    note: Annotated[str | None, NOTE]
