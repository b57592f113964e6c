"""Somebody else's form comes back filled, and still is their form."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break

from db.enums import Labelled
from gridoffice.errors import BadSheet, OfficeError
from gridoffice.fields import Column, Field, Kind
from gridoffice.spreadsheet.books import take_book
from gridoffice.spreadsheet.facts import Facts, written
from gridoffice.spreadsheet.fill import Filled, fill_form
from gridoffice.spreadsheet.form_values import Days, FormStyle, Numbers
from gridoffice.spreadsheet.forms import FormKind, read_form
from gridoffice.spreadsheet.guide import Guide
from gridoffice.spreadsheet.reading import read
from tests.spreadsheet.ledger import COLUMNS, member, values

BIRTH = Column("birth", Field("出生日期", Kind.DATE, aliases=("出生年月",)))
ALL = (*COLUMNS, BIRTH)
FACTS = Facts("青禾街道", date(2026, 12, 5), "王一", "0577-88123456")
THIN, THICK = Side(style="thin"), Side(style="medium")
BOX = Border(THIN, THIN, THIN, THIN)
LAST = Border(THIN, THIN, THIN, THICK)
HEADS = ["序号", "姓名", "性别", "出生年月", "公民身份号码", "联系方式", None, "政治面貌", "户数", "党费"]


def records(count: int) -> list[list[Any]]:
    return [[*values(member(number)), date(1990, 10, 1 + number % 28)] for number in range(count)]


def label(code: Labelled | None) -> str | None:
    return code.label if code is not None else None


def official_form(path: Path, lines: int = 3) -> Path:
    """A form as it comes from above: title, fill-in line, two header rows, lines, totals, signatures."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "附件1"
    sheet["A1"] = "附件1"
    sheet["A2"] = "某区2026年  月网格员基本情况表"
    sheet["A2"].font = Font(name="黑体", size=18)
    sheet["A3"] = "填报单位（盖章）：                  填报人：            填报日期：    年  月  日"
    for row in (2, 3):
        sheet.merge_cells(f"A{row}:J{row}")
    for row, heads in ((4, HEADS), (5, [None] * 5 + ["手机", "微信"])):
        for column, text in enumerate([*heads, *[None] * (10 - len(heads))], 1):
            cell = sheet.cell(row, column, text)
            cell.border, cell.font = BOX, Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="FFDDDDDD")
    for letter in "ABCDEHIJ":
        sheet.merge_cells(f"{letter}4:{letter}5")
    sheet.merge_cells("F4:G4")
    end = 5 + lines
    for row in range(6, end + 1):
        for column in range(1, 11):
            cell = sheet.cell(row, column)
            cell.border = LAST if row == end else BOX
            cell.font, cell.alignment = Font(name="仿宋", size=12), Alignment(horizontal="center")
        sheet.row_dimensions[row].height = 24
        sheet.cell(row, 10).value = f"=I{row}*0.1"
        sheet.cell(row, 9).number_format = "#,##0"
    total = end + 1
    sheet.cell(total, 1, "合计")
    sheet.cell(total, 9, f"=SUM(I6:I{end})")
    sheet.cell(total, 10, f"=SUM(J6:J{end})")
    sheet.cell(total + 1, 1, "填表人：            审核人：            单位负责人：")
    sheet.merge_cells(f"A{total + 1}:J{total + 1}")
    sheet.cell(total + 2, 1, "填表说明：1.照实填写。")
    choices = DataValidation(
        type="list", formula1='"党员,团员,群众"', showInputMessage=True, prompt="从下拉\n里选"
    )
    choices.add(f"H6:H{end}")
    sheet.add_data_validation(choices)
    sheet.conditional_formatting.add(
        f"I6:I{end}", CellIsRule(operator="lessThan", formula=["100"], fill=PatternFill(bgColor="FFFF0000"))
    )
    sheet.print_area = f"A1:J{total + 2}"
    sheet.print_title_rows = "4:5"
    sheet.page_setup.orientation = "landscape"
    sheet.row_breaks.append(Break(id=total + 1))
    sheet.column_dimensions["E"].width = 22
    sheet.cell(total + 2, 1).comment = Comment("看清楚", "上级")
    other = book.create_sheet("汇总")
    other["A1"] = f"=COUNTA(附件1!B6:B{end})"
    other["A2"] = f"=附件1!I{total}"
    other["A3"] = "=A1+1"
    book.save(path)
    return path


def filled(
    source: Path, target: Path, rows: Any, columns: Sequence[Column] = ALL, **how: Any
) -> tuple[Filled, Any]:
    form = read_form(source, columns, how.pop("guide", None))
    done = fill_form(form, target, columns, rows, facts=FACTS, **how)
    return done, openpyxl.load_workbook(target)


def line(sheet: Any, row: int) -> list[Any]:
    return [cell.value for cell in sheet[row]]


def test_what_a_form_asks_for_is_told_before_it_is_filled(tmp_path):
    form = read_form(official_form(tmp_path / "a.xlsx"), ALL)
    assert form.in_words() == (
        "这张表有 9 列，认得 7 列。表里自己算的：党费。不认识的列留空：联系方式/微信。"
    )
    body = form.main.body
    assert body is not None
    assert (body.first, body.last, body.totals) == (6, 8, (9,))
    assert form.main.kind is FormKind.ROWS


def test_lines_are_added_in_the_form_s_own_style(tmp_path):
    done, book = filled(official_form(tmp_path / "a.xlsx"), tmp_path / "b.xlsx", records(8), reveal=True)
    assert (done.rows, done.unknown, done.computed) == (8, ("联系方式/微信",), ("党费",))
    assert done.not_offered == ("中共预备党员", "民革党员")
    sheet = book["附件1"]
    for number in range(8):
        person, row = member(number), 6 + number
        own_words = {"中共党员": "党员", "共青团员": "团员"}
        politics = own_words.get(label(person.political) or "", label(person.political))
        assert line(sheet, row) == [
            number + 1, person.name, label(person.sex), "1990.10", person.id_number, person.phone, None, politics,
            person.households, f"=I{row}*0.1",
        ]  # fmt: skip
        assert sheet.row_dimensions[row].height == 24
        assert (sheet.cell(row, 2).font.name, sheet.cell(row, 2).border.left.style) == ("仿宋", "thin")
        assert sheet.cell(row, 2).border.bottom.style == ("medium" if number == 7 else "thin")
        assert sheet.cell(row, 5).number_format == sheet.cell(row, 6).number_format == "@"
        assert sheet.cell(row, 9).number_format == "#,##0"
    assert line(sheet, 14)[8:] == ["=SUM(I6:I13)", "=SUM(J6:J13)"]
    assert sheet["A15"].value == "填表人：王一        审核人：            单位负责人："
    assert sheet["A16"].value == "填表说明：1.照实填写。"


def test_everything_of_the_form_moves_along(tmp_path):
    _, book = filled(official_form(tmp_path / "a.xlsx"), tmp_path / "b.xlsx", records(8))
    sheet = book["附件1"]
    assert sheet["A2"].value == "某区2026年12月网格员基本情况表"
    assert sheet["A3"].value.split() == [
        "填报单位（盖章）：青禾街道", "填报人：王一", "填报日期：2026年12月5日",
    ]  # fmt: skip
    assert {str(merged) for merged in sheet.merged_cells.ranges} >= {"A2:J2", "A4:A5", "F4:G4", "A15:J15"}
    assert [str(dv.sqref) for dv in sheet.data_validations.dataValidation] == ["H6:H13"]
    assert sheet.data_validations.dataValidation[0].prompt == "从下拉\n里选"
    assert [str(rule.sqref) for rule in sheet.conditional_formatting] == ["I6:I13"]
    assert sheet.print_area == "'附件1'!$A$1:$J$16"
    assert sheet.print_title_rows == "$4:$5"
    assert sheet.page_setup.orientation == "landscape"
    assert [one.id for one in sheet.row_breaks.brk] == [15]
    assert sheet.column_dimensions["E"].width == 22
    assert sheet["A16"].comment.text == "看清楚"
    assert [cell.value for cell in book["汇总"]["A"]] == ["=COUNTA(附件1!B6:B13)", "=附件1!I14", "=A1+1"]
    assert book.calculation.fullCalcOnLoad


def test_the_filled_form_is_read_again_as_the_same_people(tmp_path):
    """By the other reader, too: what stands in the file is what was meant."""
    filled(official_form(tmp_path / "a.xlsx"), tmp_path / "b.xlsx", records(5), reveal=True)
    sheet = read(tmp_path / "b.xlsx").sheets[0]
    assert sheet.rows[10][8] == sum(member(number).households or 0 for number in range(5))
    taken = take_book(read(tmp_path / "b.xlsx"), [c for c in ALL if c.name in ("name", "id_number", "phone")])
    assert [(r.values["name"], r.values["id_number"], r.values["phone"]) for r in taken.rows] == [
        (member(n).name, member(n).id_number, member(n).phone) for n in range(5)
    ]


def test_numbers_are_masked_unless_revealed(tmp_path):
    _, book = filled(official_form(tmp_path / "a.xlsx"), tmp_path / "b.xlsx", records(1))
    assert book["附件1"]["E6"].value == "519***********0001"
    assert book["附件1"]["F6"].value == "138****0000"


def test_fewer_records_than_lines_leave_the_rest_blank(tmp_path):
    _, book = filled(official_form(tmp_path / "a.xlsx"), tmp_path / "b.xlsx", records(1))
    sheet = book["附件1"]
    assert line(sheet, 7) == [None] * 9 + ["=I7*0.1"]
    assert line(sheet, 9)[8] == "=SUM(I6:I8)"


def test_a_form_of_one_line_is_continued(tmp_path):
    _, book = filled(official_form(tmp_path / "a.xlsx", lines=1), tmp_path / "b.xlsx", records(4))
    sheet = book["附件1"]
    assert [sheet.cell(row, 1).value for row in range(6, 11)] == [1, 2, 3, 4, "合计"]
    assert line(sheet, 10)[8:] == ["=SUM(I6:I9)", "=SUM(J6:J9)"]
    assert [sheet.cell(row, 10).value for row in range(6, 10)] == [f"=I{row}*0.1" for row in range(6, 10)]
    assert str(sheet.data_validations.dataValidation[0].sqref) == "H6:H9"
    assert book["汇总"]["A1"].value == "=COUNTA(附件1!B6:B9)"


@pytest.mark.parametrize("footer", [["填表人："], None])
def test_a_form_that_ends_with_its_header(tmp_path, footer):
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(["网格员名单"])
    sheet.append(["序号", "姓名", "联系电话", "户数"])
    for cell in sheet[2]:
        cell.border, cell.fill = BOX, PatternFill("solid", fgColor="FFDDDDDD")
    if footer:
        sheet.append(footer)
    book.save(tmp_path / "a.xlsx")
    _, book = filled(tmp_path / "a.xlsx", tmp_path / "b.xlsx", records(3), reveal=True)
    sheet = book.worksheets[0]
    assert line(sheet, 3) == [1, member(0).name, member(0).phone, 300]
    assert line(sheet, 5) == [3, member(2).name, member(2).phone, 302]
    assert sheet["B4"].border.left.style == "thin"
    assert sheet["B4"].fill.fill_type is None
    assert sheet["A6"].value == ("填表人：王一" if footer else None)


def test_a_form_that_names_its_records_is_filled_by_name(tmp_path):
    """A statistics form: a line for each community stands there beforehand, the sums above them."""
    columns = (
        Column("grid", Field("社区", Kind.GRID, aliases=("社区名称",))),
        Column("workers", Field("网格员数", Kind.INTEGER, computed=True, aliases=("网格员人数",))),
        Column("households", Field("户数", Kind.INTEGER)),
    )
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in [
        ["各社区网格员统计表"],
        ["社区名称", "网格员人数", "户数", "备注"],
        ["合计", "=SUM(B4:B6)", None, None],
        ["梧桐社区"],
        ["青松"],
        ["银杏社区"],
        ["填表人："],
    ]:
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    rows = [["青松社区", 5, 900], ["梧桐社区", 3, 700], ["机关", 1, None]]
    done, book = filled(tmp_path / "a.xlsx", tmp_path / "b.xlsx", rows, columns)
    sheet = book.worksheets[0]
    assert [line(sheet, row)[:3] for row in (3, 4, 5, 6)] == [
        ["合计", "=SUM(B4:B6)", "=SUM(C4:C6)"],
        ["梧桐社区", 3, 700],
        ["青松", 5, 900],
        ["银杏社区", None, None],
    ]
    assert (done.rows, done.without_record, done.without_line) == (2, ("银杏社区",), ("机关",))
    assert read(tmp_path / "b.xlsx").sheets[0].rows[2][1:3] == [8, 1600]


def card(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "登记表"
    rows = [
        ["网格员登记表"],
        ["姓名", None, "性别", None, "出生年月", None, "照片"],
        ["公民身份号码", None, None, None, "政治面貌", None, None],
        ["所属网格", None, None, None, "联系电话", None, None],
        ["健康状况", None, "特长", None, None, None, None],
        ["填表日期：    年  月  日"],
    ]
    for row in rows:
        sheet.append(row)
    for merged in ("A1:G1", "B3:D3", "B4:D4", "G2:G5", "D5:F5"):
        sheet.merge_cells(merged)
    for row in sheet.iter_rows(min_row=2, max_row=5, max_col=7):
        for cell in row:
            cell.border = BOX
    sheet.print_area = "A1:G6"
    book.save(path)
    return path


def test_a_form_of_one_sheet_a_person(tmp_path):
    form = read_form(card(tmp_path / "a.xlsx"), ALL)
    assert form.main.kind is FormKind.CARD
    assert (
        form.in_words() == "这张表有 8 项，认得 7 项。不认识的项留空：健康状况。" or "特长" in form.in_words()
    )
    fill_form(form, tmp_path / "b.xlsx", ALL, records(3), facts=FACTS, reveal=True)
    book = openpyxl.load_workbook(tmp_path / "b.xlsx")
    assert book.sheetnames == [member(number).name for number in range(3)]
    for number, sheet in enumerate(book.worksheets):
        person = member(number)
        assert [sheet[place].value for place in ("B2", "D2", "F2", "B3", "B4", "F4", "B5")] == [
            person.name, label(person.sex), "1990.10", person.id_number, person.grid, person.phone, None,
        ]  # fmt: skip
        assert sheet["A6"].value == "填表日期：2026年12月5日"
        assert "B3:D3" in {str(merged) for merged in sheet.merged_cells.ranges}
        assert sheet.print_area.endswith("!$A$1:$G$6")
    assert len({sheet.print_area for sheet in book.worksheets}) == 3


def test_what_speaks_of_a_sheet_finds_it_under_the_person_s_name(tmp_path):
    source = card(tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(source)
    book.worksheets[0]["G6"] = "=登记表!B2"
    other = book.create_sheet("汇总")
    other["A1"] = "='登记表'!B2&登记表!D2&\"登记表\""
    other["A2"] = "=旧登记表!B2"
    other["A3"].hyperlink = Hyperlink("A3", location="登记表!B2")
    book.create_sheet("旧登记表")
    book.defined_names["甲"] = DefinedName("甲", attr_text="登记表!$B$2")
    book.save(source)
    one, other_one = records(2)
    name = ALL.index(next(column for column in ALL if column.field.kind is Kind.NAME))
    one[name] = other_one[name] = "汇总"
    fill_form(read_form(source, ALL), tmp_path / "b.xlsx", ALL, [one, other_one], facts=FACTS)
    book = openpyxl.load_workbook(tmp_path / "b.xlsx")
    assert book.sheetnames == ["汇总(2)", "汇总", "旧登记表", "汇总(3)"]
    assert book["汇总(2)"]["G6"].value == "='汇总(2)'!B2"
    assert book["汇总(3)"]["G6"].value == "='汇总(3)'!B2"
    assert book["汇总"]["A1"].value == "='汇总(2)'!B2&'汇总(2)'!D2&\"登记表\""
    assert book["汇总"]["A2"].value == "=旧登记表!B2"
    assert book["汇总"]["A3"].hyperlink.location == "'汇总(2)'!B2"
    assert book.defined_names["甲"].attr_text == "'汇总(2)'!$B$2"
    assert book["汇总(2)"].print_area.startswith("'汇总(2)'!")


def test_what_the_program_does_not_know_stays_byte_for_byte(tmp_path):
    picture = tmp_path / "p.png"
    picture.write_bytes(
        bytes.fromhex(
            "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
            "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
            "0000000049454e44ae426082"
        )
    )
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet: Any = book.add_worksheet("名单")
    box = book.add_format({"border": 1})
    bold = book.add_format({"bold": True})
    sheet.write_rich_string("A1", "网格员", bold, "名单")
    sheet.write_row("A2", ["序号", "姓名", "户数"], box)
    for row in (2, 3):
        sheet.write_row(row, 0, ["", "", ""], box)
    sheet.write_row("A5", ["合计", "", ""], box)
    sheet.write_formula("C5", "=SUM(C3:C4)", box)
    sheet.insert_image("F1", str(picture))
    sheet.insert_textbox("A8", "盖章处")
    chart: Any = book.add_chart({"type": "column"})
    chart.add_series({"categories": "=名单!$B$3:$B$4", "values": "=名单!$C$3:$C$4"})
    sheet.insert_chart("A12", chart)
    sheet.set_header("&L&G", {"image_left": str(picture)})
    book.close()
    filled(tmp_path / "a.xlsx", tmp_path / "b.xlsx", records(5))
    with zipfile.ZipFile(tmp_path / "a.xlsx") as one, zipfile.ZipFile(tmp_path / "b.xlsx") as two:
        same = {
            name for name in one.namelist() if name in two.namelist() and one.read(name) == two.read(name)
        }
        assert {name for name in one.namelist() if "media" in name or "theme" in name} <= same
        assert "xl/sharedStrings.xml" in same
        drawing = two.read("xl/drawings/drawing1.xml").decode()
        assert "盖章处" in drawing
        rows = [
            int(part.split("<")[0])
            for part in drawing.split("<xdr:from>")[1:]
            for part in [part.split("<xdr:row>")[1]]
        ]
        assert sorted(rows) == [0, 7 + 3, 11 + 3]
        charts = next(
            two.read(name).decode() for name in two.namelist() if name.startswith("xl/charts/chart")
        )
        assert "名单!$C$3:$C$7" in charts
        assert "名单!$B$3:$B$7" in charts


def test_merged_cells_of_a_line_and_shared_formulas(tmp_path):
    """Excel keeps equal formulas as one; a copied line repeats its merged cells."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in [["姓名", "户数", None, "加一", "减一"], [None] * 5, [None] * 5, [None] * 5, ["合计", None]]:
        sheet.append(row)
    for row in range(1, 5):
        sheet.merge_cells(start_row=row, end_row=row, start_column=2, end_column=3)
        for cell in sheet[row]:
            cell.border = BOX
    book.save(tmp_path / "0.xlsx")
    with zipfile.ZipFile(tmp_path / "0.xlsx") as one, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as two:
        for name in one.namelist():
            content = one.read(name)
            if name == "xl/worksheets/sheet1.xml":
                text = content.decode()
                for place in (f"{column}{row}" for row in (2, 3, 4) for column in "DE"):
                    formula = '<f t="shared" si="0"/>'
                    if place == "D2":
                        formula = '<f t="shared" ref="D2:E4" si="0">$B2+1</f>'
                    cell = re.compile(rf'<c r="{place}" s="(\d+)"[^>]*?(?:/>|></c>)')
                    text, found = cell.subn(rf'<c r="{place}" s="\1">{formula}<v>1</v></c>', text)
                    assert found == 1
                content = text.encode()
            two.writestr(name, content)
    _, book = filled(tmp_path / "a.xlsx", tmp_path / "b.xlsx", records(5))
    sheet = book.worksheets[0]
    assert [line(sheet, row)[3:] for row in range(2, 7)] == [[f"=$B{row}+1"] * 2 for row in range(2, 7)]
    assert {str(merged) for merged in sheet.merged_cells.ranges} == {f"B{row}:C{row}" for row in range(1, 7)}
    assert line(sheet, 7)[:2] == ["合计", "=SUM(B2:B6)"]


def test_a_list_from_another_sheet_gives_the_form_s_own_words(tmp_path):
    path = official_form(tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(path)
    hidden = book.create_sheet("选项")
    for row, text in enumerate(["党员", "预备党员", "团员", "民革"], 1):
        hidden.cell(row, 1, text)
    hidden.sheet_state = "hidden"
    book["附件1"].data_validations.dataValidation[0].formula1 = "选项!$A$1:$A$4"
    book.save(path)
    done, book = filled(path, tmp_path / "b.xlsx", records(4))
    assert [book["附件1"].cell(row, 8).value for row in range(6, 10)] == ["党员", "预备党员", "团员", "民革"]
    assert done.not_offered == ()


def test_each_form_may_want_its_own_way_of_writing(tmp_path):
    path = official_form(tmp_path / "a.xlsx")
    for number, (style, day, number_text) in enumerate(
        [
            (FormStyle(), "1990.10", "519921196003070001"),
            (FormStyle(Days.ISO), "1990-10-01", "519921196003070001"),
            (FormStyle(Days.COMPACT, Numbers.SPACED), "19901001", "519921 19600307 0001"),
            (FormStyle(Days.CHINESE), "1990年10月1日", "519921196003070001"),
        ]
    ):
        target = tmp_path / f"{number}.xlsx"
        _, book = filled(path, target, records(1), style=style, reveal=True)
        assert [book["附件1"]["D6"].value, book["附件1"]["E6"].value] == [day, number_text]
        assert book["附件1"]["D6"].data_type == "s"
    book = openpyxl.load_workbook(path)
    for row in (6, 7, 8):
        book["附件1"].cell(row, 4).number_format = 'yyyy"年"m"月"'
    book.save(path)
    _, book = filled(path, tmp_path / "z.xlsx", records(1))
    assert book["附件1"]["D6"].value.date() == date(1990, 10, 1)
    assert book["附件1"]["D6"].number_format == 'yyyy"年"m"月"'


def test_unknown_headings_are_mapped_by_the_clerk_and_remembered(tmp_path):
    path = official_form(tmp_path / "a.xlsx")
    chosen = read_form(path, ALL, Guide(forced={"联系方式/微信": "remark"}))
    assert chosen.main.unknown == ()
    layout = chosen.main.layout
    assert layout is not None
    again = read_form(path, ALL, Guide(remembered={layout.key: layout.choice}))
    assert again.main.known == chosen.main.known


def test_several_sheets_each_with_its_own_records(tmp_path):
    path = official_form(tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(path)
    copy = book.copy_worksheet(book["附件1"])
    copy.title = "附件2"
    book.save(path)
    rows = records(9)
    done, book = filled(path, tmp_path / "b.xlsx", {"附件1": rows[:5], "附件2": rows[5:]})
    assert (done.rows, done.sheets) == (9, ("附件1", "附件2"))
    assert [book[name]["B6"].value for name in ("附件1", "附件2")] == [member(0).name, member(5).name]
    assert [cell.value for cell in book["汇总"]["A"]][:2] == ["=COUNTA(附件1!B6:B10)", "=附件1!I11"]


def test_an_old_workbook_is_filled_with_what_is_known_of_its_look(tmp_path):
    source = Path(__file__).parent / "samples" / "form.xls"
    form = read_form(source, ALL)
    assert form.converted
    assert "WPS" in form.in_words()
    fill_form(form, tmp_path / "b.xlsx", ALL, records(6), facts=FACTS)
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx").worksheets[0]
    assert [sheet.cell(row, 2).value for row in range(6, 12)] == [member(number).name for number in range(6)]
    assert all(sheet.cell(row, column).border.left.style for row in range(6, 12) for column in range(1, 11))
    assert line(sheet, 12)[8:] == ["=SUM(I6:I11)", None]
    assert [sheet.cell(row, 10).value for row in range(6, 12)] == [None] * 6


def test_many_lines(tmp_path):
    done, _ = filled(official_form(tmp_path / "a.xlsx"), tmp_path / "b.xlsx", records(3000), reveal=True)
    sheet = read(tmp_path / "b.xlsx").sheets[0]
    assert done.rows == 3000
    assert sheet.rows[3004][0] == 3000
    assert sheet.rows[3005][0] == "合计"
    assert sheet.rows[3005][8] == sum(member(number).households or 0 for number in range(3000))


def test_rates_and_percent_cells(tmp_path):
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(["姓名", "入户率", "得分"])
    sheet.append([])
    for column in (1, 2, 3):
        sheet.cell(2, column).border = BOX
    sheet["B2"].number_format = "0.0%"
    book.save(tmp_path / "a.xlsx")
    _, book = filled(tmp_path / "a.xlsx", tmp_path / "b.xlsx", records(2))
    assert [cell.value for cell in book.worksheets[0]["B"]][1:] == [0.9, 0.901]
    assert read(tmp_path / "b.xlsx").sheets[0].rows[1][2] == Decimal("0")


def test_what_cannot_be_filled_is_a_sentence(tmp_path):
    book = openpyxl.Workbook()
    book.worksheets[0].append(["采购清单", "数量"])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(BadSheet, match="没找到要填的栏目"):
        read_form(tmp_path / "a.xlsx", ALL)
    form = read_form(official_form(tmp_path / "b.xlsx"), ALL)
    with pytest.raises(OfficeError, match=r"存成 \.xlsx"):
        fill_form(form, tmp_path / "c.xls", ALL, records(1))
    official_form(tmp_path / "b.xlsx", lines=5)
    with pytest.raises(OfficeError, match="刚刚改过"):
        fill_form(form, tmp_path / "c.xlsx", ALL, records(1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("填报单位：______　日期：  年  月  日", "填报单位：青禾街道  日期：2026年12月5日"),
        ("单位：人", "单位：人"),
        ("填报单位：某局", "填报单位：某局"),
        ("负责单位：", "负责单位："),
        ("花名册（    年  月）", "花名册（2026年12月）"),
        ("2025年  月报表", "2025年  月报表"),
        ("经办人：　　　　联系电话：", "经办人：王一    联系电话：0577-88123456"),
    ],
)
def test_fill_in_lines(text, expected):
    assert written(text, FACTS) == expected
