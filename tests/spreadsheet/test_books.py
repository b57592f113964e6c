"""A workbook of many sheets is one ledger; what is left out or hidden is counted and told."""

from __future__ import annotations

from typing import Any

import openpyxl
import pytest

from gridoffice.errors import BadSheet, Severity
from gridoffice.fields import Column, Field
from gridoffice.spreadsheet.books import take_book
from gridoffice.spreadsheet.guide import Group, Guide, Hidden
from gridoffice.spreadsheet.reading import read, read_pasted
from tests.spreadsheet.ledger import COLUMNS, SHORT, member, texts, workbook

STREET = Column("street", Field("街道", aliases=("镇街",)))
COMMUNITY = Column("community", Field("社区", aliases=("村（社区）", "所属社区")))
PLACES = (*COLUMNS, STREET, COMMUNITY)
GROUPS = (
    Group("street", ("街道", "镇"), frozenset({"青禾街道", "青禾"})),
    Group("community", ("社区", "村"), frozenset({"梧桐社区", "梧桐", "青松社区", "青松"})),
)

Sheets = dict[str, list[list[Any]]]


def many(path, sheets: Sheets):
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def people(*numbers: int) -> list[list[Any]]:
    return [texts(member(number)) for number in numbers]


def taken(path, groups=GROUPS, **guide):
    return take_book(read(path), PLACES, groups=groups, guide=Guide(**guide))


def where(found) -> list[tuple[str, int, str | None]]:
    return [(row.sheet, row.number, row.values.get("community")) for row in found.rows]


def test_a_sheet_for_each_community_and_a_summary(tmp_path):
    path = many(
        tmp_path / "a.xlsx",
        {
            "汇总": [["社区", "人数"], ["梧桐社区", 2], ["青松社区", 1]],
            "梧桐社区": [["青禾街道网格员花名册"], SHORT, *people(1, 2)],
            "2.青松社区": [SHORT, *people(3)],
            "填表说明": [["一、照身份证填。"], ["二、电话填手机。"]],
        },
    )
    found = taken(path)
    assert where(found) == [
        ("梧桐社区", 3, "梧桐社区"), ("梧桐社区", 4, "梧桐社区"), ("2.青松社区", 2, "青松社区"),
    ]  # fmt: skip
    assert [row.values["street"] for row in found.rows if row.sheet == "梧桐社区"] == ["青禾街道"] * 2
    assert all("community" in row.filled for row in found.rows)
    assert [(one.sheet, one.why, one.rows) for one in found.left_out] == [
        ("汇总", "汇总表", 3), ("填表说明", "汇总表", 2),
    ]  # fmt: skip
    assert found.all_problems == ()
    assert not found.undecided


def test_a_sheet_whose_columns_name_the_community_keeps_them(tmp_path):
    rows = [[*SHORT, "社区"], [*texts(member(1)), "青松社区"], [*texts(member(2)), "梧桐社区"]]
    found = taken(many(tmp_path / "a.xlsx", {"梧桐社区": rows}))
    assert [row.values["community"] for row in found.rows] == ["青松社区", "梧桐社区"]


def test_sheets_of_another_kind_are_not_people_of_this_ledger(tmp_path):
    party = ["姓名", "身份证号", "所属网格", "所在党支部", "人员类别", "入党时间", "转正时间", "党费"]
    path = many(
        tmp_path / "a.xlsx",
        {
            "网格员": [[*SHORT, "民族", "学历"], [*texts(member(1)), "汉", "大专"]],
            "党员": [party, ["甲", member(2).id_number, "一"]],
            "工资": [["姓名", "卡号", "金额"], ["甲", "1", 2]],
            "Sheet4": [["随便", "写的"], ["甲", "乙"]],
        },
    )
    found = taken(path)
    assert [row.sheet for row in found.rows] == ["网格员"]
    assert [(one.sheet, one.why) for one in found.left_out] == [
        ("党员", "不是同一种表"), ("工资", "没找到这份台账的表头"), ("Sheet4", "没找到这份台账的表头"),
    ]  # fmt: skip
    assert [(p.sheet, p.severity) for p in found.problems] == [
        ("党员", Severity.WARNING), ("工资", Severity.WARNING), ("Sheet4", Severity.WARNING),
    ]  # fmt: skip


def test_a_community_whose_header_is_broken_is_an_error_not_a_gap(tmp_path):
    broken = ["称呼", *SHORT[1:]]
    path = many(tmp_path / "a.xlsx", {"梧桐社区": [SHORT, *people(1)], "青松社区": [broken, *people(2)]})
    found = taken(path)
    assert found.broken
    (problem,) = found.problems
    assert (problem.sheet, problem.row, problem.severity) == ("青松社区", 1, Severity.ERROR)
    assert "“姓名”" in problem.message


def test_the_clerk_says_which_sheets(tmp_path):
    path = many(tmp_path / "a.xlsx", {"一": [SHORT, *people(1)], "二": [SHORT, *people(2)], "三": [["x"]]})
    found = taken(path, sheets=("二",))
    assert [row.sheet for row in found.rows] == ["二"]
    assert [(one.sheet, one.why) for one in found.left_out] == [("一", "没有选它"), ("三", "没有选它")]
    with pytest.raises(BadSheet, match=r"“a\.xlsx”里的“三”的前 30 行里没找到表头"):
        taken(path, sheets=("三",))
    with pytest.raises(BadSheet, match="没有叫“四”的表"):
        taken(path, sheets=("四",))


def test_titles_between_the_rows_fill_the_community(tmp_path):
    rows = [
        ["花名册"],
        ["序号", *SHORT],
        ["青禾街道"],
        ["一、梧桐社区（2人）"],
        [1, *texts(member(1))],
        [2, *texts(member(2))],
        ["二、青松社区", None, "1人"],
        ["序号", *SHORT],
        [1, *texts(member(3))],
        ["三、机关下沉"],
        [1, *texts(member(4))],
        ["合计", None, "4人"],
    ]
    path = workbook(tmp_path / "a.xlsx", rows, ("A10:F10",))
    found = taken(path)
    assert where(found) == [
        ("花名册", 5, "梧桐社区"), ("花名册", 6, "梧桐社区"), ("花名册", 9, "青松社区"), ("花名册", 11, None),
    ]  # fmt: skip
    assert {row.row: row.why for row in found.skipped} == {
        3: "分组标题", 4: "分组标题", 7: "分组标题", 8: "重复的表头", 10: "分组标题", 12: "合计行",
    }  # fmt: skip
    assert {row.values["street"] for row in found.rows} == {"青禾街道"}
    assert found.all_problems == ()


def test_a_title_of_a_lower_rank_does_not_end_the_community(tmp_path):
    rows = [
        ["序号", *SHORT],
        ["一、梧桐社区"],
        ["（一）专职", None, None, None, None, None],
        [1, *texts(member(1))],
        ["（二）兼职"],
        [2, *texts(member(2))],
    ]
    found = taken(workbook(tmp_path / "a.xlsx", rows, ("A3:F3", "A5:F5")))
    assert [row.values["community"] for row in found.rows] == ["梧桐社区", "梧桐社区"]


def test_a_person_is_no_title(tmp_path):
    """王新村 is somebody's name; a lone name is a row with errors, never a group."""
    rows = [SHORT, ["王新村"], ["张三"], *people(1)]
    found = taken(workbook(tmp_path / "a.xlsx", rows))
    assert [row.number for row in found.rows] == [2, 3, 4]
    assert found.skipped == ()


def test_blank_communities_take_the_one_above_with_one_warning(tmp_path):
    rows = [["社区", *SHORT]] + [
        [name, *texts(member(number))]
        for number, name in enumerate(["梧桐社区", None, None, "青松社区", None])
    ]
    found = taken(workbook(tmp_path / "a.xlsx", rows))
    assert [row.values["community"] for row in found.rows] == ["梧桐社区"] * 3 + ["青松社区"] * 2
    assert ["community" in row.filled for row in found.rows] == [False, True, True, False, True]
    (problem,) = found.all_problems
    assert (problem.severity, problem.column, problem.row) == (Severity.WARNING, "A", 1)
    assert "3 行空着" in problem.message


def test_the_same_as_above(tmp_path):
    rows = [[*SHORT, "学历"]] + [
        [*texts(member(number)), word] for number, word in enumerate(["大专", "同上", "〃", "本科", "同上"])
    ]
    found = taken(workbook(tmp_path / "a.xlsx", rows))
    assert [row.values["education"].label for row in found.rows] == [
        "大学专科", "大学专科", "大学专科", "大学本科", "大学本科",
    ]  # fmt: skip
    assert [p.severity for row in found.rows for p in row.problems] == [Severity.NOTE] * 3
    rows[1][5] = "同上"
    found = taken(workbook(tmp_path / "b.xlsx", rows))
    assert found.rows[0].values["education"] is None
    assert found.rows[0].problems[0].severity is Severity.ERROR


def test_people_side_by_side(tmp_path):
    heads = ["序号", *SHORT]
    rows = [
        [*heads, *heads],
        [1, *texts(member(1)), 2, *texts(member(2))],
        [3, *texts(member(3)), 4],
        [5, *[None] * 5, 6, *texts(member(4))],
        ["共3人"],
    ]
    found = taken(workbook(tmp_path / "a.xlsx", rows))
    assert [(row.number, row.block) for row in found.rows] == [(2, 0), (2, 1), (3, 0), (4, 1)]
    assert [row.values["id_number"] for row in found.rows] == [member(n).id_number for n in (1, 2, 3, 4)]
    assert [p.message for p in found.all_problems] == ["表里写着 3 人，读到 4 行。看看有没有漏行。"]


def test_rows_that_explain_the_columns_are_no_people(tmp_path):
    rows = [
        ["序号", *SHORT],
        ["栏次", 1, 2, 3, 4, 5],
        ["示例", *texts(member(9))],
        [1, *texts(member(1))],
    ]
    found = taken(workbook(tmp_path / "a.xlsx", rows))
    assert [row.number for row in found.rows] == [4]
    assert [(row.row, row.why) for row in found.skipped] == [(2, "栏次"), (3, "示例行")]


@pytest.fixture
def with_hidden(tmp_path):
    path = many(
        tmp_path / "a.xlsx",
        {
            "梧桐社区": [[*SHORT, "学历"], *([*row, "大专"] for row in people(1, 2, 3))],
            "青松社区": [[*SHORT, "学历"], *([*row, "大专"] for row in people(4))],
            "选项": [["男"], ["女"]],
        },
    )
    book = openpyxl.load_workbook(path)
    book["梧桐社区"].row_dimensions[3].hidden = True
    book["梧桐社区"].row_dimensions[40].hidden = True
    book["梧桐社区"].column_dimensions["F"].hidden = True
    book["青松社区"].sheet_state = "hidden"
    book["选项"].sheet_state = "veryHidden"
    book.save(path)
    return path


def test_hidden_parts_are_asked_about(with_hidden):
    found = taken(with_hidden)
    assert found.undecided
    assert found.hidden.sheets == ("青松社区",)
    assert found.hidden.rows == 1
    assert found.hidden.columns == (("梧桐社区", "F", "学历"),)
    assert found.hidden.in_words() == "1 张表（青松社区）、1 行、1 列（学历）"
    assert [(row.sheet, row.number) for row in found.rows] == [("梧桐社区", n) for n in (2, 3, 4)]
    assert [p.severity for p in found.problems] == [Severity.WARNING]


def test_hidden_parts_are_included(with_hidden):
    found = taken(with_hidden, hidden=Hidden.INCLUDE)
    assert not found.undecided
    assert [row.number for row in found.rows] == [2, 3, 4, 2]
    assert all(row.values["education"] for row in found.rows)
    assert found.hidden.rows == 1
    assert found.hidden.sheets == ("青松社区",)
    assert found.problems == ()


def test_hidden_parts_are_left_out(with_hidden):
    found = taken(with_hidden, hidden=Hidden.SKIP)
    assert [row.number for row in found.rows] == [2, 4]
    assert [(row.row, row.why) for row in found.skipped] == [(3, "隐藏行")]
    assert all("education" not in row.values for row in found.rows)
    assert found.hidden.rows == 1
    assert found.hidden.columns == (("梧桐社区", "F", "学历"),)


def test_cells_are_corrected_in_place_and_only_they_are_checked_again(tmp_path):
    rows = [SHORT, *people(1, 2)]
    rows[1][3], rows[1][2] = "1381234", "未知性别"
    found = taken(workbook(tmp_path / "a.xlsx", rows))
    assert len(found.rows[0].problems) == 2
    done = found.corrected(PLACES, {("花名册", 2, 0): {"phone": "13812345678"}})
    assert done[0].values["phone"] == "13812345678"
    assert done[0].texts["phone"] == "13812345678"
    assert [problem.column for problem in done[0].problems] == ["C"]
    assert done[1] is found.rows[1]
    again = found.correct(done[0], PLACES, {"phone": "138", "sex": "女"})
    assert [(p.sheet, p.row, p.column) for p in again.problems] == [("花名册", 2, "D")]


def test_cells_from_the_clipboard(tmp_path):
    person = texts(member(1))
    text = "\t".join(SHORT) + '\n"张\n三"\t' + "\t".join(str(cell) for cell in person[1:]) + "\n"
    found = take_book(read_pasted(text), COLUMNS)
    assert [(row.number, row.values["name"], row.values["id_number"]) for row in found.rows] == [
        (2, "张三", person[1])
    ]
    with pytest.raises(BadSheet, match="剪贴板里没有"):
        read_pasted("\t\n")
    with pytest.raises(BadSheet, match="“剪贴板”"):
        take_book(read_pasted("随便\t写的"), COLUMNS)
