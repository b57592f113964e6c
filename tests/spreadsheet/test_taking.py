"""Every planted error is found at its cell; what is no data is skipped, counted, and never a person."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from db.enums import Education, Political, Sex
from gridoffice.errors import Cancelled, Severity
from gridoffice.progress import watched
from tests.spreadsheet.ledger import LABELS, SHORT, faults, id_number, member, taken, texts, workbook


def test_the_dirty_roster(tmp_path):
    """One workbook with what domain practice calls normal: nothing lost, nothing invented."""
    header = [
        "序号",
        "姓　名",
        "身份证\n号码",
        "性别",
        "联系方式",
        None,
        "所属网格",
        "文化程度",
        "政治面貌",
        "任职时间",
    ]
    second = [None, None, None, None, "手机", "微信", None, None, None, None]
    good = id_number
    rows = [
        ["青禾街道2026年6月网格员花名册"],  # 1
        ["填报单位：青禾街道", None, None, None, "填报时间：2026年6月30日"],  # 2
        header,  # 3
        second,  # 4
        ["一、梧桐社区"],  # 5 group title
        [1, "张　三", good(1), "男", 13812345678, "a", "第一网格", "大专", "党员", "2021.3.1"],  # 6
        [
            2,
            "王𠮷𬭎",
            good(3),
            "男",
            "138 1234 5678",
            None,
            None,
            "本科",
            "群众",
            "2021年3月",
        ],  # 7 grid filled
        [
            3,
            "阿依古丽•买买提",
            good(2),
            "女",
            "13812345678/13912345678",
            None,
            "第二网格",
            "研究生",
            "无",
            44256,
        ],  # 8
        ["小计", None, None, 3, None, None, None],  # 9
        [],  # 10
        ["二、青松社区"],  # 11
        header,  # 12
        second,  # 13
        [
            1,
            "李四",
            519921199003070039,
            "男",
            "1381234567",
            None,
            "第三网格",
            "函授",
            "党员",
            "2021-13-1",
        ],  # 14
        [2, "王五", good(5)[:-1] + "0", "男性", None, None, "第三网格", "大专", "—", "90.3.7"],  # 15
        [3, None, good(7), "男", None, None, "第三网格", None, None, "=A1"],  # 16
        [4, "赵六", "5.19921E+17", "男", "138****5678", None, "暂无", None, None, None],  # 17
        [5],  # 18 pre-numbered blank line
        ["合　计", None, None, 6],  # 19
        ["制表人：甲", None, None, "审核人：乙"],  # 20
        ["填表说明："],  # 21
        ["1. 本表一式两份。"],  # 22
        [],
    ]
    path = workbook(
        tmp_path / "花名册.xlsx",
        rows,
        ("A1:J1", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:F3", "G3:G4", "H3:H4", "I3:I4", "J3:J4",
         "A5:J5", "A11:J11", "G6:G7", "A22:J22"),
    )  # fmt: skip
    layout, found = taken(path)
    assert layout.header_rows == (3, 4)
    assert [row.number for row in found.rows] == [6, 7, 8, 14, 15, 16, 17]
    assert {row.row: row.why for row in found.skipped} == {
        5: "分组标题", 9: "合计行", 10: "空行", 11: "分组标题", 12: "重复的表头", 13: "重复的表头",
        18: "只有序号", 19: "合计行", 20: "表尾", 21: "表尾", 22: "表尾",
    }  # fmt: skip
    by_row = {row.number: row for row in found.rows}
    assert by_row[6].values == {
        "name": "张三",
        "id_number": good(1),
        "sex": Sex.MALE,
        "phone": "13812345678",
        "grid": "第一网格",
        "education": Education.COLLEGE,
        "political": Political.MEMBER,
        "since": date(2021, 3, 1),
    }
    assert by_row[6].texts["name"] == "张　三"
    assert by_row[7].values["grid"] == "第一网格"
    assert by_row[7].filled == {"grid"}
    assert by_row[8].values["name"] == "阿依古丽·买买提"
    assert by_row[8].values["political"] is Political.MASSES
    assert by_row[8].values["phone"] == "13812345678 13912345678"
    assert by_row[8].values["since"] == date(2021, 3, 1)

    errors = [
        (p.row, p.column, p.field, p.value)
        for row in found.rows
        for p in row.problems
        if p.severity is Severity.ERROR
    ]
    assert errors == [
        (14, "C", "身份证号码", "5.1992119900307e+17"),
        (14, "E", "联系电话", "1381234567"),
        (14, "H", "学历", "函授"),
        (14, "J", "任职日期", "2021-13-1"),
        (15, "C", "身份证号码", good(5)[:-1] + "0"),
        (16, "B", "姓名", ""),
        (16, "J", "任职日期", "公式没有结果"),
        (17, "C", "身份证号码", "5.19921E+17"),
        (17, "E", "联系电话", "138****5678"),
        (17, "G", "所属网格", "暂无"),
    ]
    soft = [
        (p.row, p.column, p.severity.value)
        for row in found.rows
        for p in row.problems
        if p.severity is not Severity.ERROR
    ]
    assert soft == [(7, "J", "note"), (15, "J", "warning")]
    for row in found.rows:
        for problem in row.problems:
            assert problem.message.endswith("。")
            assert not any(word in problem.message for word in ("请", "您", "！", "非法", "异常"))


def test_six_styles_of_one_day(tmp_path):
    styles = ["2021-3-1", "2021/3/1", "2021.3.1", "20210301", "2021年3月1日", 44256, date(2021, 3, 1)]
    rows = [[*SHORT, "任职日期"], *([*texts(member(n)), style] for n, style in enumerate(styles))]
    _, found = taken(workbook(tmp_path / "a.xlsx", rows))
    assert [row.values["since"] for row in found.rows] == [date(2021, 3, 1)] * len(styles)
    assert faults(found) == []


def test_error_cells_carry_their_place(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet: Any = book.add_worksheet()
    sheet.write_row(2, 1, [*SHORT, "得分"])
    for row in (3, 4):
        sheet.write_row(row, 1, texts(member(row)))
    sheet.write_formula(4, 6, "=VLOOKUP(1,A:A,1,0)", value="#N/A")
    sheet.write_formula(3, 6, "=90+5.5", value=95.5)
    book.close()
    _, found = taken(tmp_path / "a.xlsx")
    assert found.rows[0].values["score"] == Decimal("95.5")
    assert faults(found) == [(5, "G", "得分", "#N/A")]
    assert "#N/A" in found.rows[1].problems[0].message


@pytest.mark.parametrize("label", ["合计", "合　计", "总计：", "梧桐社区小计", "共计", "平均"])
@pytest.mark.parametrize("place", [0, 1])
def test_totals_are_no_people(tmp_path, label, place):
    total = [None, None, None, 3, None, None]
    total[place] = label
    path = workbook(
        tmp_path / "a.xlsx", [["序号", *SHORT], [1, *texts(member(1))], total, [2, *texts(member(2))]]
    )
    _, found = taken(path)
    assert [row.number for row in found.rows] == [2, 4]
    assert [(row.row, row.why) for row in found.skipped] == [(3, "合计行")]


@pytest.mark.parametrize(
    "line",
    ["制表人：王某", "制表人", "审核人： 　 填表人：", "填表说明：", "备注：本表由社区填写", "注：以上人员均在岗",
     "单位负责人（签字）：", "经办人：", "填报时间：2026年6月30日", "共 2 人", "（盖章）："],
)  # fmt: skip
def test_footers_are_no_people(tmp_path, line):
    path = workbook(tmp_path / "a.xlsx", [["序号", *SHORT], [1, *texts(member(1))], [line]])
    _, found = taken(path)
    assert len(found.rows) == 1
    assert [(row.row, row.why) for row in found.skipped] == [(3, "表尾")]


def test_a_person_is_never_skipped(tmp_path):
    """A line that lacks nearly everything is a line with errors, not a footer."""
    path = workbook(
        tmp_path / "a.xlsx",
        [
            ["序号", *SHORT, "备注"],
            [1, "合计", id_number(1), None, None, "网格一", None],
            [2, "单位", id_number(2), None, None, "网格一", "合计"],
            [3, "孤零零", None, None, None, None, None],
            [4, None, id_number(3), None, None, None, "小计"],
            [5, "共和国", id_number(4), None, None, "网格一", "制表人：本人"],
        ],
    )
    _, found = taken(path)
    assert [row.number for row in found.rows] == [2, 3, 4, 5, 6]
    assert found.skipped == ()
    assert [fault[:3] for fault in faults(found)] == [
        (4, "C", "身份证号码"), (4, "F", "所属网格"), (5, "B", "姓名"), (5, "F", "所属网格"),
    ]  # fmt: skip


def test_rows_after_hidden_and_blank_ones_keep_their_numbers(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [
        ["花名册"],
        [],
        SHORT,
        texts(member(1)),
        [],
        texts(member(2)),
        [],
        [],
        [*texts(member(3))[:4], None],
    ]:
        sheet.append(row)
    sheet.row_dimensions[4].hidden = True
    book.save(tmp_path / "a.xlsx")
    _, found = taken(tmp_path / "a.xlsx")
    assert [row.number for row in found.rows] == [4, 6, 9]
    assert [row.row for row in found.skipped] == [5, 7, 8]
    assert faults(found) == [(9, "E", "所属网格", "")]


def test_fractions_in_a_rate_column_are_one_warning(tmp_path):
    rows = [
        [*SHORT, "入户率"],
        *([*texts(member(n)), rate] for n, rate in enumerate([0.955, 1, 0, "0.5", None])),
    ]
    _, found = taken(workbook(tmp_path / "a.xlsx", rows))
    assert [row.values["rate"] for row in found.rows] == [Decimal("95.5"), 100, 0, 50, None]
    (problem,) = found.problems
    assert problem.severity is Severity.WARNING
    assert (problem.column, problem.field) == ("F", "入户率")
    assert "0.955 记作 95.5%" in problem.message


def test_rates_as_they_are_written(tmp_path):
    rows = [
        [*SHORT, "入户率"],
        *([*texts(member(n)), rate] for n, rate in enumerate([95.5, "95.5%", 0.5, 1])),
    ]
    path = workbook(tmp_path / "a.xlsx", rows)
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    sheet["F6"] = 0.955
    sheet["F6"].number_format = "0.00%"
    for column, text in enumerate(texts(member(9)), 1):
        sheet.cell(6, column, text)
    book.save(path)
    _, found = taken(path)
    assert [row.values["rate"] for row in found.rows] == [
        Decimal("95.5"),
        Decimal("95.5"),
        Decimal("0.5"),
        1,
        Decimal("95.5"),
    ]
    assert found.problems == ()


def test_percent_cells_alone_are_no_fractions(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx", [[*SHORT, "入户率"], [*texts(member(1)), 1], [*texts(member(2)), 0.5]]
    )
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    sheet["F2"].number_format = sheet["F3"].number_format = "0%"
    book.save(path)
    _, found = taken(path)
    assert [row.values["rate"] for row in found.rows] == [100, 50]
    assert found.problems == ()


def test_work_can_be_stopped(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [SHORT, *(texts(member(n)) for n in range(5))])
    with watched(lambda step: step.doing != "逐行检查"), pytest.raises(Cancelled):
        taken(path)


def test_every_column_of_the_ledger(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx", [LABELS, [None] * len(LABELS), ["甲", id_number(1), *[None] * 5, "网格一"]]
    )
    layout, found = taken(path)
    assert [m.column.field.label for m in layout.columns] == LABELS
    assert {m.how for m in layout.columns} == {"exact"}
    assert [row.number for row in found.rows] == [3]


def test_a_title_above_a_header_that_comes_again_is_nobody(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        [SHORT, texts(member(1)), [None], ["柳荫社区网格员"], SHORT, texts(member(2))],
    )
    _, found = taken(path)
    assert [row.values["name"] for row in found.rows] == [member(1).name, member(2).name]
    assert [(row.row, row.why) for row in found.skipped][-2:] == [(4, "分组标题"), (5, "重复的表头")]
