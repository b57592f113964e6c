"""Written workbooks print as they are, open everywhere, and come back as the same values."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from db.enums import Sex
from gridoffice.errors import Cancelled, OfficeError
from gridoffice.fields import Column, Field, Kind
from gridoffice.masking import mask_id
from gridoffice.progress import watched
from gridoffice.spreadsheet.drop_downs import Cascade
from gridoffice.spreadsheet.matching import best_sheet
from gridoffice.spreadsheet.reading import read
from gridoffice.spreadsheet.taking import take
from gridoffice.spreadsheet.writing import SheetTable, display_width, sheet_name, write_ledger
from tests.spreadsheet.ledger import COLUMNS, LABELS, member, taken, values


def table(rows, **more) -> SheetTable:
    return SheetTable(
        **{
            "title": "青禾街道网格员花名册",
            "facts": ("单位：青禾街道", "日期：2026-06-28", "范围：在岗"),
            "columns": COLUMNS,
            "rows": rows,
            "signature": ("制表人：", "审核人：", "负责人："),
            "reveal": True,
        }
        | more
    )


def test_what_is_written_is_read_back_the_same(tmp_path):
    people = [member(number) for number in range(2500)]
    assert write_ledger(tmp_path / "a.xlsx", table(map(values, people))) == 2500
    layout, found = taken(tmp_path / "a.xlsx")
    assert layout.title == "青禾街道网格员花名册"
    assert layout.unmapped == ()
    assert {m.how for m in layout.columns} == {"exact"}
    assert found.problems == ()
    assert [row.problems for row in found.rows] == [()] * 2500
    assert [list(row.values.values()) for row in found.rows] == [values(person) for person in people]
    assert [row.why for row in found.skipped] == ["表尾"]


def test_it_prints_as_it_is(tmp_path):
    write_ledger(tmp_path / "a.xlsx", table([values(member(n)) for n in range(3)]))
    sheet: Any = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet["A1"].value == "青禾街道网格员花名册"
    assert {str(merged) for merged in sheet.merged_cells.ranges} == {"A1:P1", "A2:P2", "A7:P7"}
    assert sheet["A2"].value == "单位：青禾街道　　日期：2026-06-28　　范围：在岗"
    assert [cell.value for cell in sheet[3]] == ["序号", *LABELS]
    assert sheet["A7"].value.startswith("制表人：")
    assert sheet.freeze_panes == "C4"
    assert sheet.auto_filter.ref == "A3:P6"
    assert sheet.print_area == "'青禾街道网格员花名册'!$A$1:$P$7"
    assert sheet.print_title_rows == "$3:$3"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"
    assert sheet["B4"].border.left.style == "thin"
    assert sheet["B3"].font.bold
    assert sheet.column_dimensions["C"].width > 20
    assert (sheet["C4"].number_format, sheet["C4"].data_type) == ("@", "s")
    assert (sheet["H4"].number_format, sheet["H4"].data_type) == ("@", "s")
    assert sheet["K4"].value.date() == date(2020, 1, 1)
    assert sheet["K4"].number_format == "yyyy-mm-dd"
    assert sheet["N4"].value == pytest.approx(0.9)
    assert sheet["N4"].number_format == "0.00%"


def test_it_is_known_for_a_workbook_by_its_first_bytes(tmp_path):
    write_ledger(tmp_path / "a.xlsx", table([values(member(1))]))
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        names = archive.namelist()
        types = archive.read("[Content_Types].xml").decode()
    assert names[:2] == ["[Content_Types].xml", "_rels/.rels"]
    assert len(names) == len(set(names))
    assert all(f'"/{name}"' in types or name.endswith((".rels", ".vml", "Types].xml")) for name in names)


def test_masked_unless_revealed(tmp_path):
    write_ledger(tmp_path / "a.xlsx", table([values(member(1))], reveal=False))
    sheet: Any = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet["C4"].value == mask_id(member(1).id_number)
    assert sheet["H4"].value == "138****0001"
    assert member(1).id_number.encode() not in zipfile.ZipFile(tmp_path / "a.xlsx").read(
        "xl/worksheets/sheet1.xml"
    )


DANGEROUS = [
    "=1+1",
    "+86",
    "-3",
    "@x",
    '=HYPERLINK("http://x")',
    "<b>&\"'",
    "_x0041_",
    "a\x07b",
    "'x",
    "𠮷䶮",
    "0001",
    "1E5",
]


def test_no_text_becomes_a_formula_a_number_or_damage(tmp_path):
    people = [replace(member(number), remark=text) for number, text in enumerate(DANGEROUS)]
    write_ledger(tmp_path / "a.xlsx", table([values(person) for person in people], title="=1+1"))
    _, found = taken(tmp_path / "a.xlsx")
    assert [row.values["remark"] for row in found.rows] == [text.replace("\x07", "") for text in DANGEROUS]
    sheet: Any = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert {cell.data_type for cell in sheet["P"][3:-1]} == {"s"}
    assert sheet["A1"].data_type == "s"


TEXT = some.text(some.characters(exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=some.lists(some.tuples(TEXT, some.decimals(-(10**9), 10**9, places=4), some.dates()), max_size=5))
def test_any_value_can_be_written(tmp_path, data):
    columns = (
        Column("text", Field("说明")),
        Column("number", Field("数值", Kind.DECIMAL)),
        Column("day", Field("日期", Kind.DATE)),
    )
    write_ledger(tmp_path / "a.xlsx", SheetTable("表", (), columns, data))
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))
    rows = read(tmp_path / "a.xlsx").sheets[0].rows[2:]
    assert [Decimal(repr(row[2])) for row in rows if row[2] is not None] == [number for _, number, _ in data]


def test_numbers_too_long_for_excel_stay_text(tmp_path):
    columns = (Column("code", Field("编号", Kind.INTEGER)), Column("score", Field("得分", Kind.DECIMAL)))
    rows = [(519921001001001001, Decimal("1234567890.1234567"))]
    write_ledger(tmp_path / "a.xlsx", SheetTable("表", (), columns, rows))
    assert read(tmp_path / "a.xlsx").sheets[0].rows[2][1:] == ["519921001001001001", "1234567890.1234567"]


def test_a_template_offers_its_codes(tmp_path):
    grids = [f"青禾街道/梧桐社区/第{number}网格" for number in range(1, 201)]
    write_ledger(
        tmp_path / "a.xlsx", table([], blank_rows=300, choices={"grid": grids}, signature=(), facts=())
    )
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    sheet, hidden = book.worksheets
    assert hidden.sheet_state == "veryHidden"
    lists = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert lists["D3:D302"] == "选项!$A$1:$A$2"
    assert lists["I3:I302"] == "选项!$E$1:$E$200"
    assert [cell.value for cell in hidden["E"]] == grids
    assert [cell.value for cell in hidden["A"][:2]] == ["男", "女"]
    assert all(len(formula) < 255 and formula.startswith("选项!") for formula in lists.values())
    assert sheet["C300"].number_format == "@"
    assert sheet["B2"].comment is not None and "必填" in sheet["B2"].comment.text
    assert "2026-12-05" in sheet["K2"].comment.text


def test_columns_that_narrow_each_other_down(tmp_path):
    """街道 → 社区 → 网格: what is offered depends on what was chosen before, and names may repeat."""
    columns = tuple(
        Column(name, Field(label)) for name, label in zip("abc", ("街道", "社区", "网格"), strict=True)
    )
    paths = [
        (street, community, f"第{number}网格")
        for street in ("青禾街道", "白杨镇")
        for community in ("梧桐社区", "青松社区", "很长" * 60 + "社区")
        for number in range(1, 41)
    ] + [("白杨镇", "空社区")]
    cascade = Cascade(("a", "b", "c"), paths)
    rows = SheetTable("表", (), columns, (), blank_rows=100, choices={"a": ["x"]}, cascades=(cascade,))
    write_ledger(tmp_path / "a.xlsx", rows)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    sheet, hidden = book.worksheets
    rules = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert set(rules) == {"B3:B102", "C3:C102", "D3:D102"}
    assert all(len(rule) < 255 for rule in rules.values())
    assert rules["B3:B102"] == "选项!$A$1:$A$2"

    def offered(rule: str, *chosen: str) -> list[str]:
        """What Excel makes of OFFSET(first, MATCH(key, keys, 0) - 1, 0, COUNTIF(keys, key), 1)."""
        found = re.fullmatch(
            r"OFFSET\(选项!\$([A-Z])\$1,MATCH\((.+),选项!\$([A-Z])\$1:\$\3\$(\d+),0\)-1,0,"
            r"COUNTIF\(选项!\$\3\$1:\$\3\$\4,\2\),1\)",
            rule,
        )
        assert found is not None
        assert found[2] == '&"|"&'.join(f"${letter}3" for letter in "BC"[: len(chosen)])
        keys = [cell.value for cell in hidden[found[3]][: int(found[4])]]
        start = keys.index("|".join(chosen))
        return [cell.value for cell in hidden[found[1]][start : start + keys.count("|".join(chosen))]]

    assert offered(rules["C3:C102"], "白杨镇") == ["梧桐社区", "青松社区", "很长" * 60 + "社区", "空社区"]
    for street in ("青禾街道", "白杨镇"):
        grids = [f"第{number}网格" for number in range(1, 41)]
        assert offered(rules["D3:D102"], street, "青松社区") == grids


def test_a_filled_template_is_taken(tmp_path):
    write_ledger(tmp_path / "a.xlsx", table([], blank_rows=20, signature=("制表人：",)))
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    sheet = book.worksheets[0]
    for column, text in enumerate(["张三", member(1).id_number, "男"], 2):
        sheet.cell(4, column, text)
    sheet["I4"] = "网格一"
    book.save(tmp_path / "b.xlsx")
    layout, found = taken(tmp_path / "b.xlsx")
    assert layout.header_rows == (3,)
    assert [(row.number, row.values["sex"]) for row in found.rows] == [(4, Sex.MALE)]
    assert faults_of(found) == []


def faults_of(found):
    return [problem for row in found.rows for problem in row.problems]


def test_an_empty_ledger_is_still_a_ledger(tmp_path):
    assert write_ledger(tmp_path / "a.xlsx", table([])) == 0
    layout, found = taken(tmp_path / "a.xlsx")
    assert found.rows == ()
    assert layout.header_rows == (3,)


def test_one_column_and_no_number(tmp_path):
    columns = (COLUMNS[0], COLUMNS[1])
    write_ledger(
        tmp_path / "a.xlsx", SheetTable("表", (), columns, [("甲", None)], numbered=False, landscape=False)
    )
    sheet = read(tmp_path / "a.xlsx").sheets[0]
    assert sheet.rows[1:] == [["姓名", "身份证号码"], ["甲", None]]
    write_ledger(tmp_path / "b.xlsx", SheetTable("表", ("x",), (COLUMNS[0],), [("甲",)], numbered=False))
    assert read(tmp_path / "b.xlsx").sheets[0].rows == [["表"], ["x"], ["姓名"], ["甲"]]


def test_a_stopped_run_leaves_the_old_file_and_no_other(tmp_path):
    target = tmp_path / "a.xlsx"
    target.write_bytes(b"old")
    with watched(lambda step: step.done < 2000), pytest.raises(Cancelled):
        write_ledger(target, table([values(member(n % 900)) for n in range(5000)]))
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]
    assert target.read_bytes() == b"old"


def test_where_it_cannot_be_written_is_a_sentence(tmp_path, monkeypatch):
    with pytest.raises(OfficeError, match=r"没有“.*没有”这个文件夹"):
        write_ledger(tmp_path / "没有" / "a.xlsx", table([]))

    def refuse(self, target):
        raise PermissionError(13, "in use")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OfficeError, match=r"^“a\.xlsx”正在 WPS 里打开，关掉后再试。$"):
        write_ledger(tmp_path / "a.xlsx", table([]))
    assert list(tmp_path.iterdir()) == []


def test_widths_count_chinese_twice():
    assert display_width("网格abc") == 7
    assert display_width("𠮷") == 2
    assert sheet_name("2026/6: [花名册]*" + "长" * 40) == "20266 花名册" + "长" * 22
    assert sheet_name("??") == "台账"


def test_its_own_export_has_a_match_without_similarity(tmp_path):
    write_ledger(tmp_path / "a.xlsx", table([values(member(1))]))
    sheet, layout = best_sheet(read(tmp_path / "a.xlsx"), COLUMNS)
    assert len(take(sheet, layout).rows) == 1
    assert layout.facts == ("单位：青禾街道 日期：2026-06-28 范围：在岗",)
