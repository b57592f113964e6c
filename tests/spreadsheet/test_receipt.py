"""The clerk's own file comes back with what is wrong marked in it, and nothing else changed."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from gridoffice.errors import OfficeError, Problem, Severity
from gridoffice.spreadsheet.books import TakenBook, take_book
from gridoffice.spreadsheet.reading import read
from gridoffice.spreadsheet.receipt import BAD, DOUBTFUL, Receipt, write_receipt
from tests.spreadsheet.ledger import COLUMNS, SHORT, id_number, member, texts, workbook

SAMPLES = Path(__file__).parent / "samples"
HEADS = [*SHORT, "学历", "任职日期"]


def problems(taken: TakenBook) -> list[Problem]:
    return [problem for row in taken.rows for problem in row.problems]


def receipt(source: Path, target: Path) -> tuple[TakenBook, Receipt]:
    taken = take_book(read(source), COLUMNS)
    return taken, write_receipt(source, target, taken, problems(taken))


def colour(cell: Any) -> str | None:
    return cell.fill.fgColor.rgb[-6:] if cell.fill.fill_type else None


@pytest.fixture
def dirty(tmp_path: Path) -> Path:
    """A roster with four bad cells in three rows, formats of its own, and somebody's comment."""
    rows: list[list[Any]] = [
        ["青禾街道2026年6月网格员花名册"],
        HEADS,
        *([*texts(member(n)), "大专", "2021-3-1"] for n in range(6)),
        ["合计", None, None, "6人"],
    ]
    rows[3][1] = 519921199003070039
    rows[4][3] = "1381234"
    rows[5][5] = "函授"
    rows[5][1] = id_number(3)[:-1] + ("1" if id_number(3)[-1] != "1" else "2")
    rows[6][6] = "90.3.7"
    path = workbook(tmp_path / "花名册.xlsx", rows, ("A1:G1",))
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    sheet["A1"].font = Font(name="黑体", size=20, bold=True)
    for cell in sheet[6]:
        cell.fill = PatternFill("solid", fgColor="FF00FF00")
    sheet["D5"].comment = Comment("原来的批注", "老王")
    sheet["A7"].comment = Comment("与问题无关", "老王")
    sheet.column_dimensions["B"].width = 25
    sheet.row_dimensions[4].hidden = True
    sheet.freeze_panes = "B3"
    sheet.print_title_rows = "2:2"
    sheet.auto_filter.ref = "A2:G8"
    book.create_sheet("别的表")["A1"] = "=1+1"
    book.save(path)
    return path


def test_bad_cells_are_red_with_a_comment_and_a_reason(dirty, tmp_path):
    _, made = receipt(dirty, tmp_path / "回执.xlsx")
    assert (made.cells, made.rows, made.unplaced) == (5, 3, ())
    sheet = openpyxl.load_workbook(tmp_path / "回执.xlsx").worksheets[0]
    red = {cell.coordinate for row in sheet.iter_rows() for cell in row if colour(cell) == BAD}
    assert red == {"B4", "D5", "B6", "F6"}
    assert colour(sheet["G7"]) == DOUBTFUL
    assert {c.coordinate for row in sheet.iter_rows() for c in row if c.comment} == red | {"G7", "A7"}
    assert "后三位可能已丢失" in sheet["B4"].comment.text
    assert sheet["D5"].comment.text == "原来的批注\n网格办：手机号只有 7 位，应为 11 位。"
    assert sheet["A7"].comment.text == "与问题无关"
    assert sheet["H2"].value == "错误原因"
    assert [sheet.cell(row, 8).value is not None for row in range(3, 10)] == [
        False, True, True, True, False, False, False,
    ]  # fmt: skip
    assert sheet["H6"].value.startswith("身份证号码：身份证号最后一位对不上")
    assert "\n学历：" in sheet["H6"].value
    assert sheet.auto_filter.ref == "A2:H8"
    assert not sheet.row_dimensions[4].hidden


def test_nothing_else_changes(dirty, tmp_path):
    receipt(dirty, tmp_path / "回执.xlsx")
    before, after = openpyxl.load_workbook(dirty), openpyxl.load_workbook(tmp_path / "回执.xlsx")
    assert after.sheetnames == before.sheetnames
    old, new = before.worksheets[0], after.worksheets[0]
    assert new.merged_cells.ranges == old.merged_cells.ranges
    assert new.freeze_panes == old.freeze_panes
    assert new.print_title_rows == old.print_title_rows
    assert new.column_dimensions["B"].width == 25
    marked = {"B4", "D5", "B6", "F6", "G7"}
    for row in old.iter_rows():
        for cell in row:
            other = new[cell.coordinate]
            assert other.value == cell.value
            for name in ("font", "border", "number_format", "alignment", "fill"):
                if name != "fill" or cell.coordinate not in marked:
                    assert repr(getattr(other, name)) == repr(getattr(cell, name))
    with zipfile.ZipFile(dirty) as one, zipfile.ZipFile(tmp_path / "回执.xlsx") as two:
        for name in ("xl/theme/theme1.xml", "xl/worksheets/sheet2.xml", "docProps/core.xml"):
            assert one.read(name) == two.read(name)


def corrected(path: Path, *, save: Callable[[Any], None] | None = None) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    sheet["B4"] = id_number(501)
    sheet["D5"] = "13812345678"
    sheet["B6"] = id_number(502)
    sheet["F6"] = "本科"
    if save:
        save(sheet)
    book.save(path)


def test_corrected_it_is_taken_without_another_mapping(dirty, tmp_path):
    taken, _ = receipt(dirty, tmp_path / "回执.xlsx")
    corrected(tmp_path / "回执.xlsx")
    again = take_book(read(tmp_path / "回执.xlsx"), COLUMNS)
    assert [row.number for row in again.rows] == [row.number for row in taken.rows]
    assert [p for p in problems(again) if p.severity is Severity.ERROR] == []
    layout = again.sheets[0].layout
    assert layout.key == taken.sheets[0].layout.key
    assert layout.unmapped == ()


def test_a_receipt_of_a_receipt_marks_only_what_is_still_wrong(dirty, tmp_path):
    receipt(dirty, tmp_path / "一.xlsx")

    def break_again(sheet):
        sheet["F6"] = "还是不对"
        sheet["D5"] = "138"

    corrected(tmp_path / "一.xlsx", save=break_again)
    _, made = receipt(tmp_path / "一.xlsx", tmp_path / "二.xlsx")
    assert (made.cells, made.rows) == (3, 2)
    sheet = openpyxl.load_workbook(tmp_path / "二.xlsx").worksheets[0]
    red = {cell.coordinate for row in sheet.iter_rows() for cell in row if colour(cell) == BAD}
    assert red == {"D5", "F6"}
    assert colour(sheet["B4"]) is None
    assert sheet["B4"].comment is None
    assert sheet["D5"].comment.text == "原来的批注\n网格办：电话“138”太短。手机号 11 位，座机 7 或 8 位。"
    assert [cell.value for cell in sheet["H"]].count(None) == 6
    assert sheet["I2"].value is None


@pytest.mark.parametrize("name", ["old.xls", "old.et", "errors.xls", "office.ods"])
def test_old_workbooks_come_back_as_xlsx_with_the_same_cells(name, tmp_path):
    taken, _ = receipt(SAMPLES / name, tmp_path / "回执.xlsx")
    before, after = read(SAMPLES / name), read(tmp_path / "回执.xlsx")
    assert [sheet.name for sheet in after.sheets if sheet.rows] == [s.name for s in before.sheets if s.rows]
    again = take_book(after, COLUMNS)
    assert [(row.sheet, row.number, row.values) for row in again.rows] == [
        (row.sheet, row.number, row.values) for row in taken.rows
    ]
    assert [(p.row, p.column) for p in problems(again)] == [(p.row, p.column) for p in problems(taken)]
    bad = {(problem.row or 0) - 1 for problem in problems(taken)}
    assert after.sheets[0].hidden_rows == before.sheets[0].hidden_rows - bad


def test_a_text_table_comes_back_as_a_workbook(tmp_path):
    lines = [",".join(SHORT), "张三,'519921199003070039,男,1381234,第一网格", "李四,007,女,,第二网格"]
    (tmp_path / "花名册.csv").write_bytes("\n".join(lines).encode("gb18030"))
    taken, made = receipt(tmp_path / "花名册.csv", tmp_path / "回执.xlsx")
    assert made.rows == 2
    sheet = openpyxl.load_workbook(tmp_path / "回执.xlsx").worksheets[0]
    assert sheet["B2"].value == "519921199003070039"
    assert sheet["B3"].value == "007"
    assert colour(sheet["D2"]) == BAD
    assert len(take_book(read(tmp_path / "回执.xlsx"), COLUMNS).rows) == len(taken.rows)


def test_every_sheet_is_marked_in_its_own_place(tmp_path):
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, bad in (("梧桐社区", 1), ("青松社区", 2)):
        sheet = book.create_sheet(name)
        sheet.append(SHORT)
        for number in range(3):
            row = texts(member(number))
            if number == bad:
                row[3] = "1"
            sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    receipt(tmp_path / "a.xlsx", tmp_path / "b.xlsx")
    done = openpyxl.load_workbook(tmp_path / "b.xlsx")
    assert {
        (sheet.title, cell.coordinate)
        for sheet in done.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if colour(cell) == BAD
    } == {("梧桐社区", "D3"), ("青松社区", "D4")}
    assert [sheet.auto_filter.ref for sheet in done.worksheets] == ["A1:F4", "A1:F4"]


def test_pictures_charts_tables_and_prompts_stay(tmp_path):
    picture = tmp_path / "p.png"
    picture.write_bytes(
        bytes.fromhex(
            "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
            "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
            "0000000049454e44ae426082"
        )
    )
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet: Any = book.add_worksheet("名册")
    bold = book.add_format({"bold": True})
    sheet.write_rich_string("A1", "花", bold, "名", "册")
    rows = [texts(member(n)) for n in range(3)]
    rows[1][3] = "1"
    sheet.add_table(1, 0, 4, 4, {"columns": [{"header": head} for head in SHORT], "data": rows})
    sheet.data_validation(
        "C3:C5", {"validate": "list", "source": ["男", "女"], "input_message": "从下拉\n里选"}
    )
    sheet.insert_image("J1", str(picture))
    chart: Any = book.add_chart({"type": "column"})
    chart.add_series({"values": "=名册!$A$3:$A$5"})
    sheet.insert_chart("J9", chart)
    book.close()
    receipt(tmp_path / "a.xlsx", tmp_path / "b.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as one, zipfile.ZipFile(tmp_path / "b.xlsx") as two:
        kept = [
            name for name in one.namelist() if "media" in name or "charts" in name or "sharedStrings" in name
        ]
        assert len(kept) == 3
        for name in [*kept, "xl/drawings/drawing1.xml"]:
            assert one.read(name) == two.read(name)
        assert "&#10;" in two.read("xl/worksheets/sheet1.xml").decode()
    done = openpyxl.load_workbook(tmp_path / "b.xlsx")
    (table,) = done["名册"].tables.values()
    assert table.ref == "A2:F5"
    assert [column.name for column in table.tableColumns] == [*SHORT, "错误原因"]
    assert done["名册"].auto_filter.ref is None
    assert done["名册"]["F4"].value.startswith("联系电话：")


def test_the_reason_stands_behind_notes_beside_the_table(tmp_path):
    rows = [SHORT, *(texts(member(n)) for n in range(2))]
    rows[1][3] = "1"
    rows[2] += [None, None, "旁注"]
    receipt(workbook(tmp_path / "a.xlsx", rows), tmp_path / "b.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx").worksheets[0]
    assert sheet["H3"].value == "旁注"
    assert sheet["I1"].value == "错误原因"


def test_problems_of_the_office_are_placed_by_their_field(dirty, tmp_path):
    taken = take_book(read(dirty), COLUMNS)
    found = [
        Problem("没有“第九网格”。", row=3, field="所属网格"),
        Problem("没写微网格。", row=3, field="微网格"),
        Problem("只是说一声。", Severity.NOTE, row=3, field="姓名"),
        Problem("整张表都不对。"),
    ]
    made = write_receipt(dirty, tmp_path / "b.xlsx", taken, found)
    assert (made.cells, made.rows) == (1, 1)
    assert [p.message for p in made.unplaced] == ["整张表都不对。"]
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx").worksheets[0]
    assert colour(sheet["E3"]) == BAD
    assert sheet["H3"].value == "所属网格：没有“第九网格”。\n微网格：没写微网格。"


def test_a_file_that_changed_meanwhile_is_not_marked(dirty, tmp_path):
    taken = take_book(read(dirty), COLUMNS)
    digest = read(dirty).digest
    corrected(dirty)
    with pytest.raises(OfficeError, match="在核对之后改过"):
        write_receipt(dirty, tmp_path / "b.xlsx", taken, problems(taken), digest=digest)
    with pytest.raises(OfficeError, match=r"存成 \.xlsx"):
        write_receipt(dirty, tmp_path / "b.xls", taken, problems(taken))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["花名册.xlsx"]
