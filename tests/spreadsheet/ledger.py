"""A ledger to test with: its columns, invented people in it, and short ways to read a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import openpyxl

from db.enums import Education, Employment, Ethnicity, Political, Sex
from gridoffice.fields import Field, Kind, Sensitive, columns
from gridoffice.idcard import check_digit
from gridoffice.spreadsheet.matching import Layout, best_sheet
from gridoffice.spreadsheet.reading import read
from gridoffice.spreadsheet.taking import Taken, take


@dataclass(frozen=True, slots=True)
class Member:
    """One line of the roster that the tests read and write."""

    name: Annotated[
        str, Field("姓名", Kind.NAME, 10, ("网格员姓名", "人员姓名", "名字", "网格员"), required=True)
    ]
    id_number: Annotated[
        str,
        Field(
            "身份证号码",
            Kind.ID_NUMBER,
            20,
            ("身份证号", "公民身份号码", "公民身份证号", "证件号码"),
            required=True,
            sensitive=Sensitive.ID_NUMBER,
        ),
    ]
    sex: Annotated[Sex | None, Field("性别", Kind.CODE, 6, codes=Sex)]
    ethnicity: Annotated[Ethnicity | None, Field("民族", Kind.CODE, 8, ("族别",), codes=Ethnicity)]
    political: Annotated[Political | None, Field("政治面貌", Kind.CODE, 10, ("面貌",), codes=Political)]
    education: Annotated[Education | None, Field("学历", Kind.CODE, 10, ("文化程度",), codes=Education)]
    phone: Annotated[
        str | None,
        Field(
            "联系电话",
            Kind.PHONE,
            13,
            ("手机号码", "手机号", "手机", "电话", "联系方式"),
            sensitive=Sensitive.PHONE,
        ),
    ]
    grid: Annotated[
        str, Field("所属网格", Kind.GRID, 24, ("网格名称", "网格", "责任网格", "网格编号"), required=True)
    ]
    employment: Annotated[
        Employment | None, Field("专兼职", Kind.CODE, 8, ("专/兼职", "是否专职"), codes=Employment)
    ]
    since: Annotated[date | None, Field("任职日期", Kind.DATE, 12, ("任职时间", "上岗时间", "入职时间"))]
    households: Annotated[int | None, Field("户数", Kind.INTEGER, 8, ("覆盖户数",))]
    score: Annotated[Decimal | None, Field("得分", Kind.DECIMAL, 8)]
    rate: Annotated[Decimal | None, Field("入户率", Kind.RATE, 10)]
    certified: Annotated[bool | None, Field("是否持证", Kind.YES_NO, 8, ("持证情况",))]
    remark: Annotated[str | None, Field("备注", Kind.TEXT, 20)]


COLUMNS = columns(Member)
LABELS = [column.field.label for column in COLUMNS]
NAMES = ["王𠮷𬭎", "李䶮", "阿依古丽·买买提", "单晓琴", "欧阳㐂", "张三", "赵𫍯", "陈建国", "刘慧", "周敏"]


def id_number(index: int, birth: str = "19900307") -> str:
    """A right number of a person who does not exist, under a county that does not exist."""
    first = f"519921{birth}{index:03}"
    return first + check_digit(first)


def member(index: int) -> Member:
    """The person of this number, the same in every run."""
    return Member(
        name=NAMES[index % len(NAMES)],
        id_number=id_number(index % 1000, f"{1960 + index // 1000 % 40}0307"),
        sex=Sex.MALE if index % 2 else Sex.FEMALE,
        ethnicity=Ethnicity.HAN if index % 9 else Ethnicity.YI,
        political=list(Political)[index % 4],
        education=list(Education)[index % 7],
        phone=f"138{index:08}",
        grid=f"青禾街道/梧桐社区/第{index % 7 + 1}网格",
        employment=Employment.FULL_TIME,
        since=date(2020, 1 + index % 12, 1 + index % 28),
        households=300 + index % 200,
        score=Decimal(index % 400) / 4,
        rate=Decimal(900 + index % 100) / 10,
        certified=bool(index % 3),
        remark=None,
    )


def values(person: Member) -> list:
    """The values of a person in the order of the columns."""
    return [getattr(person, column.name) for column in COLUMNS]


def texts(person: Member) -> list:
    """A person as a clerk types a line: name, ID, sex, phone, grid."""
    return [
        person.name,
        person.id_number,
        person.sex.label if person.sex else None,
        person.phone,
        person.grid,
    ]


SHORT = ["姓名", "身份证号", "性别", "联系电话", "所属网格"]


def workbook(path: Path, rows: list[list], merges: tuple[str, ...] = (), title: str = "花名册") -> Path:
    """A workbook with these rows from row 1 on."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for merged in merges:
        sheet.merge_cells(merged)
    book.save(path)
    return path


def taken(path: Path) -> tuple[Layout, Taken]:
    """The file as the program reads it."""
    sheet, layout = best_sheet(read(path), COLUMNS)
    return layout, take(sheet, layout)


def faults(found: Taken) -> list[tuple[int | None, str | None, str | None, str | None]]:
    """Row, column, field and value of every problem, in order."""
    return [(p.row, p.column, p.field, p.value) for row in found.rows for p in row.problems]
