"""Headings find their columns, and what is no such ledger is refused before anything is read."""

from __future__ import annotations

import openpyxl
import pytest

from gridoffice.errors import BadSheet
from gridoffice.fields import Column, Field, Kind
from gridoffice.spreadsheet import headings
from gridoffice.spreadsheet.books import take_book
from gridoffice.spreadsheet.matching import best_sheet, match
from gridoffice.spreadsheet.reading import read
from tests.spreadsheet.ledger import COLUMNS, LABELS, SHORT, member, taken, texts, workbook

NAME = COLUMNS[0]
ID = COLUMNS[1]
JOINED = Column("joined", Field("入党时间", Kind.DATE))


@pytest.mark.parametrize("heading", ["民族", "备注", "籍贯", "职务", "手机", "年龄", "性别", "电话", "学历"])
def test_no_other_heading_is_a_name(heading):
    assert headings.likeness(heading, NAME) is None


@pytest.mark.parametrize(
    ("heading", "column", "how"),
    [
        ("姓名", NAME, "exact"),
        ("姓　　名", NAME, "normalised"),
        ("*姓名（必填）", NAME, "normalised"),
        ("姓名\n（与证件一致）", NAME, "normalised"),
        ("网格员姓名", NAME, "alias"),
        ("身份证号", ID, "alias"),
        ("身份证", ID, "similar"),
        ("本人身份证号码", ID, "similar"),
        ("公民身份号码(18位)", ID, "alias"),
        ("文化程度／学历", COLUMNS[5], "exact"),
        ("最高学历／学位", COLUMNS[5], "similar"),
        ("身份证\n号码", ID, "normalised"),
        ("入党日期", JOINED, "similar"),
        ("入党时间", JOINED, "exact"),
    ],
)
def test_headings_as_offices_write_them(heading, column, how):
    found = headings.likeness(" ".join(heading.split()), column)
    assert found is not None
    assert found.how == how


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("紧急联系人电话", COLUMNS[6]),
        ("紧急联系电话", COLUMNS[6]),
        ("配偶姓名", NAME),
        ("户主姓名", NAME),
        ("父亲身份证号码", ID),
        ("原所属网格", COLUMNS[7]),
        ("离职日期", COLUMNS[9]),
        ("入职日期", JOINED),
        ("入党介绍人", JOINED),
        ("离任时间", COLUMNS[9]),
        ("填表人姓名", NAME),
        ("职务（网格长／网格员）", NAME),
        ("总得分率", COLUMNS[11]),
    ],
)
def test_somebody_else_s_headings_are_left_alone(heading, column):
    assert headings.likeness(heading, column) is None


def test_a_header_below_title_and_fill_in_line(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        [
            ["青禾街道2026年6月网格员花名册"],
            ["填报单位：青禾街道", None, None, "填报时间：2026.6.30"],
            [],
            ["序号", *SHORT],
            [1, *texts(member(1))],
        ],
        ("A1:F1",),
    )
    layout, found = taken(path)
    assert layout.header_rows == (4,)
    assert layout.first_row == 5
    assert layout.title == "青禾街道2026年6月网格员花名册"
    assert layout.facts == ("填报单位：青禾街道　填报时间：2026.6.30",)
    assert layout.unmapped == ()
    assert [(m.letter, m.heading, m.column.field.label, m.how) for m in layout.columns][1] == (
        "C", "身份证号", "身份证号码", "alias",
    )  # fmt: skip
    assert [row.number for row in found.rows] == [5]


def test_a_header_of_two_merged_rows(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        [
            ["网格员花名册"],
            ["序号", "姓名", "身份证号", "联系方式", None, "网格情况", None],
            [None, None, None, "手机", "微信", "所属网格", "户数"],
            [1, "甲", member(1).id_number, "13812345678", "abc", "网格一", 320],
        ],
        ("A1:G1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:G2"),
    )
    layout, found = taken(path)
    assert layout.header_rows == (2, 3)
    assert {m.letter: m.heading for m in layout.columns} == {
        "B": "姓名",
        "C": "身份证号",
        "D": "联系方式/手机",
        "F": "网格情况/所属网格",
        "G": "网格情况/户数",
    }
    assert layout.unmapped == ("联系方式/微信",)
    assert layout.title == "网格员花名册"
    assert found.rows[0].number == 4
    assert found.rows[0].values["households"] == 320


def test_a_header_of_three_rows(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        [
            ["姓名", "基本情况", None, None, "任职", None],
            [None, "证件", None, "网格", "起止", None],
            [None, "身份证号码", "性别", "所属网格", "任职日期", "户数"],
            ["甲", member(1).id_number, "男", "网格一", "2021.3", 300],
        ],
        ("A1:A3", "B1:D1", "B2:C2", "E1:F1", "E2:F2"),
    )
    layout, found = taken(path)
    assert layout.header_rows == (1, 2, 3)
    assert [m.column.name for m in layout.columns] == [
        "name",
        "id_number",
        "sex",
        "grid",
        "since",
        "households",
    ]
    assert found.rows[0].number == 4


def test_of_a_header_that_stands_again_the_first_is_taken(tmp_path):
    again = ["姓名", "身份证号码", "性别", "所属网格", "任职日期", "户数"]
    path = workbook(
        tmp_path / "a.xlsx",
        [
            ["姓名", "基本情况", None, None, "任职", None],
            [None, "证件", None, "网格", "起止", None],
            [None, "公民身份号码", "性别", "责任网格", "上岗时间（年月）", "管辖户数"],
            ["甲", member(1).id_number, "男", "网格一", "2021.3", 300],
            again,
            ["乙", member(2).id_number, "男", "网格一", "2021.3", 300],
        ],
        ("A1:A3", "B1:D1", "B2:C2", "E1:F1", "E2:F2"),
    )
    layout, found = taken(path)
    assert layout.header_rows == (1, 2, 3)
    assert [row.number for row in found.rows] == [4, 6]


def test_two_columns_under_one_word_are_not_guessed(tmp_path):
    """The lower row of a header is header, whatever its upper row alone would be taken for."""
    people = Column("people", Field("网格员人数", Kind.INTEGER, aliases=("网格员总数",)))
    party = Column("party", Field("网格员中党员数", Kind.INTEGER, aliases=("网格员中党员",)))
    path = workbook(
        tmp_path / "a.xlsx",
        [
            ["姓名", "身份证号码", "所属网格", "网格员", None],
            [None, None, None, "总数", "其中：女性"],
            ["甲", member(1).id_number, "网格一", 9, 4],
        ],
        ("A1:A2", "B1:B2", "C1:C2", "D1:E1"),
    )
    layout = match(read(path).sheets[0], (*COLUMNS, people, party), path_name="a.xlsx")
    assert layout.header_rows == (1, 2)
    assert {m.letter: m.column.name for m in layout.columns}["D"] == "people"
    assert not layout.has("party")
    assert layout.unmapped == ("网格员/其中：女性",)


def test_the_group_decides_between_equal_headings(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        [
            ["所属网格", "社区干部", None, "网格员", None, None],
            [None, "姓名", "手机号码", "姓名", "手机号码", "身份证号"],
            ["网格一", "别人", "13900000000", "本人", "13800000001", member(1).id_number],
        ],
        ("A1:A2", "B1:C1", "D1:F1"),
    )
    layout, found = taken(path)
    assert found.rows[0].values["name"] == "本人"
    assert "社区干部/姓名" in layout.unmapped


def test_a_wrong_table_is_refused_with_what_is_missing_and_unknown(tmp_path):
    path = workbook(
        tmp_path / "物资.xlsx",
        [["防汛物资台账"], ["序号", "姓名", "物资名称", "性别", "数量"], [1, "甲", "雨衣", "男", 3]],
    )
    with pytest.raises(BadSheet) as caught:
        best_sheet(read(path), COLUMNS)
    message = caught.value.message
    assert "“物资.xlsx”里没找到“身份证号码”、“所属网格”列" in message
    assert "第 2 行是表头" in message
    assert "不认识的列：物资名称、数量" in message
    assert [p.field for p in caught.value.problems if p.field] == ["身份证号码", "所属网格"]
    assert [p.value for p in caught.value.problems if p.value] == ["物资名称", "数量"]
    assert {p.row for p in caught.value.problems} == {2}


def test_a_file_without_any_header_is_refused(tmp_path):
    path = workbook(
        tmp_path / "通知.xlsx", [["关于做好防汛工作的通知"], ["各社区："], ["现将有关事项通知如下"]]
    )
    with pytest.raises(BadSheet) as caught:
        best_sheet(read(path), COLUMNS)
    assert "“通知.xlsx”的前 30 行里没找到表头" in caught.value.message
    assert "姓名、身份证号码、所属网格" in caught.value.message


def test_a_table_of_something_else_is_refused_with_its_own_headings(tmp_path):
    path = workbook(
        tmp_path / "资产.xlsx",
        [["固定资产台账"], ["序号", "资产编号", "资产名称", "原值"], [1, "A1", "电脑", 5000]],
    )
    with pytest.raises(BadSheet) as caught:
        best_sheet(read(path), COLUMNS)
    assert "至少要有这些列：姓名、身份证号码、所属网格" in caught.value.message
    assert "第 2 行写的“资产编号、资产名称、原值”都不认识" in caught.value.message
    assert [p.value for p in caught.value.problems if p.row == 2] == ["资产编号", "资产名称", "原值"]


def test_a_header_lower_than_30_rows_is_not_looked_for(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [*([["说明"]] * 31), SHORT, texts(member(1))])
    with pytest.raises(BadSheet):
        best_sheet(read(path), COLUMNS)
    path = workbook(tmp_path / "b.xlsx", [*([["说明"]] * 29), SHORT, texts(member(1))])
    assert best_sheet(read(path), COLUMNS)[1].header_rows == (30,)


def test_the_sheet_that_matches_best_is_taken(tmp_path):
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "填表说明"
    first.append(["姓名", "身份证号", "所属网格"])
    other = book.create_sheet("梧桐社区")
    other.append(LABELS)
    third = book.create_sheet("青松社区")
    third.append(SHORT)
    book.create_sheet("汇总").append(LABELS)
    book.save(tmp_path / "a.xlsx")
    read_book = read(tmp_path / "a.xlsx")
    assert best_sheet(read_book, COLUMNS)[0].name == "梧桐社区"
    assert [sheet.name for sheet in take_book(read_book, COLUMNS).sheets] == ["梧桐社区", "青松社区"]


def test_a_hidden_sheet_is_taken_only_when_nothing_else_matches(tmp_path):
    book = openpyxl.Workbook()
    shown = book.active
    assert shown is not None
    shown.append(SHORT)
    hidden = book.create_sheet("旧")
    hidden.append(LABELS)
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    assert best_sheet(read(tmp_path / "a.xlsx"), COLUMNS)[0].name == "Sheet"
    shown["A1"] = shown["B1"] = None
    shown["C1"] = shown["D1"] = shown["E1"] = "x"
    book.save(tmp_path / "b.xlsx")
    assert best_sheet(read(tmp_path / "b.xlsx"), COLUMNS)[0].name == "旧"


def test_columns_in_any_order_with_an_inserted_one(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        [
            ["所属网格", None, "身份证号码", "姓名", "自编号"],
            ["网格一", None, member(1).id_number, "甲", "A1"],
        ],
    )
    layout, found = taken(path)
    assert layout.unmapped == ("自编号",)
    assert found.rows[0].values == {"grid": "网格一", "id_number": member(1).id_number, "name": "甲"}


def test_of_two_equal_headings_the_first_is_taken_and_the_second_named(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        [[*SHORT, "备用电话", "电话"], [*texts(member(1)), "13900000000", "13700000000"]],
    )
    layout, found = taken(path)
    assert layout.unmapped == ("备用电话", "电话")
    assert found.rows[0].values["phone"] == member(1).phone


def test_people_side_by_side_are_two_blocks(tmp_path):
    head = ["序号", *SHORT]
    path = workbook(
        tmp_path / "签到.xlsx",
        [
            ["培训签到表"],
            [*head, *head],
            [1, *texts(member(1)), 2, *texts(member(2))],
            [3, *texts(member(3)), 4],
        ],
    )
    layout, found = taken(path)
    assert layout.unmapped == ()
    assert len(layout.repeats) == 1
    assert [(row.number, row.values["id_number"]) for row in found.rows] == [
        (3, member(1).id_number),
        (3, member(2).id_number),
        (4, member(3).id_number),
    ]


def test_computed_columns_are_not_taken(tmp_path):
    age = Column("age", Field("年龄", Kind.INTEGER, computed=True))
    path = workbook(tmp_path / "a.xlsx", [[*SHORT, "年龄"], [*texts(member(1)), "三十"]])
    sheet = read(path).sheets[0]
    layout = match(sheet, (*COLUMNS, age), path_name=path.name)
    assert layout.unmapped == ()
    from gridoffice.spreadsheet.taking import take

    (row,) = take(sheet, layout).rows
    assert "age" not in row.values
    assert row.problems == ()
