"""Files of every kind become rows with Excel's own numbers, or one sentence that names the file."""

from __future__ import annotations

import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from gridoffice.cells import NO_RESULT, CellError, Percent
from gridoffice.errors import BadSheet
from gridoffice.spreadsheet.reading import read
from tests.spreadsheet.ledger import SHORT, member, taken, texts, workbook

SAMPLES = Path(__file__).parent / "samples"


def test_rows_keep_their_numbers(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [[], [], ["一", None, 3], [], [None, "二"]])
    rows = read(path).sheets[0].rows
    assert [len(rows), rows[2], rows[4]] == [5, ["一", None, 3], [None, "二", None]]


def test_numbers_dates_and_texts(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        [["519921199003070013", 5.0, 5.5, 519921199003070013, date(2026, 6, 28), True, "𠮷䶮"]],
    )
    (row,) = read(path).sheets[0].rows
    assert row[0] == "519921199003070013"
    assert row[1] == 5 and type(row[1]) is int
    assert row[2] == 5.5
    assert type(row[3]) is float and row[3] > 5e17
    assert row[4] == date(2026, 6, 28)
    assert row[5] is True
    assert row[6] == "𠮷䶮"


def test_error_cells_are_not_blank(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet: Any = book.add_worksheet()
    sheet.write_row(0, 0, ["一", "二", "三"])
    sheet.write_formula(1, 1, "=1/0", value="#DIV/0!")
    sheet.write_formula(2, 4, "=#REF!", value="#REF!")
    sheet.write_formula(3, 0, '="甲"&"乙"', value="甲乙")
    book.close()
    rows = read(tmp_path / "a.xlsx").sheets[0].rows
    assert rows[1][1] == CellError("#DIV/0!")
    assert rows[2][4] == CellError("#REF!")
    assert rows[3][0] == "甲乙"


def test_a_formula_without_result_is_an_error(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [["姓名", "=A1&B2"], ["x", 1]])
    rows = read(path).sheets[0].rows
    assert rows[0] == ["姓名", CellError(NO_RESULT)]
    assert rows[1] == ["x", 1]


def test_percent_cells_are_known(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([0.955, 0.955, 1, "95%", 0.5])
    sheet["A1"].number_format = "0.0%"
    sheet["C1"].number_format = "0%"
    sheet["E1"].number_format = '0.00"%"'  # a quoted sign does not multiply
    book.save(tmp_path / "a.xlsx")
    (row,) = read(tmp_path / "a.xlsx").sheets[0].rows
    assert [isinstance(cell, Percent) for cell in row] == [True, False, True, False, False]


def test_a_million_formatted_blank_rows_are_no_rows(tmp_path):
    path = tmp_path / "a.xlsx"
    workbook(tmp_path / "b.xlsx", [SHORT, texts(member(1))])
    # the way Excel stores a column that was formatted down to the last row
    ghosts = b"".join(
        b'<row r="%d" s="1" customFormat="1"><c r="A%d" s="0"/></row>' % (n, n) for n in range(3, 1_048_577)
    )
    with (
        zipfile.ZipFile(tmp_path / "b.xlsx") as source,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace(b"</sheetData>", ghosts + b"</sheetData>")
            target.writestr(name, content)
    assert len(read(path).sheets[0].rows) == 2
    _, found = taken(path)
    assert len(found.rows) == 1
    assert found.skipped == ()


def test_merged_cells_are_filled_down_and_marked(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        [["社区", "姓名", "备注"], ["梧桐", "甲", "x"], [None, "乙"], [None, "丙"], ["青松", "丁"]],
        ("A2:A4", "B5:C5"),
    )
    sheet = read(path).sheets[0]
    assert [row[0] for row in sheet.rows] == ["社区", "梧桐", "梧桐", "梧桐", "青松"]
    assert sheet.filled == {(2, 0), (3, 0)}
    assert sheet.rows[4][2] is None


def test_hidden_sheets_rows_and_columns_are_told(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for number in range(5):
        sheet.append([number, number])
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    book.create_sheet("字典").append(["x"])
    book["字典"].sheet_state = "veryHidden"
    book.save(tmp_path / "a.xlsx")
    shown, hidden = read(tmp_path / "a.xlsx").sheets
    assert (shown.hidden, hidden.hidden) == (False, True)
    assert shown.hidden_rows == {2}
    assert shown.hidden_columns == {1}


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [
        ("gb18030", ","),
        ("utf-8", ","),
        ("utf-8-sig", "\t"),
        ("utf-16", "\t"),
        ("utf-8-sig", ";"),
        ("gb18030", "，"[:0] or "|"),
    ],
)
def test_text_tables(tmp_path, encoding, separator):
    path = tmp_path / "a.csv"
    lines = [separator.join(SHORT), separator.join(map(str, texts(member(0)))), ""]
    path.write_bytes("\r\n".join(lines).encode(encoding))
    _, found = taken(path)
    (row,) = found.rows
    assert row.number == 2
    assert row.problems == ()
    assert row.values["name"] == "王𠮷𬭎"
    assert row.values["id_number"] == member(0).id_number


def test_a_text_table_keeps_long_numbers_and_unwraps_excel_s_tricks(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        f'姓名,身份证号,所属网格\n甲,"=""{member(1).id_number}""",=A1\n乙,\'{member(2).id_number},#REF!\n',
        "utf-8",
    )
    rows = read(path).sheets[0].rows
    assert rows[1] == ["甲", member(1).id_number, "=A1"]
    assert rows[2] == ["乙", member(2).id_number, "#REF!"]
    assert [p.value for row in taken(path)[1].rows for p in row.problems] == ["#REF!"]


@pytest.mark.parametrize("name", ["old.xls", "old.et"])
def test_old_workbooks(name):
    """`old.xls` is BIFF8 as Excel 97-2003 wrote it; WPS names the same content .et."""
    layout, found = taken(SAMPLES / name)
    assert layout.title == "青禾街道2026年6月网格员花名册"
    assert layout.header_rows == (2,)
    assert [row.number for row in found.rows] == [3, 4]
    assert found.rows[0].values["name"] == "王𠮷"
    assert found.rows[0].values["since"] == date(2021, 3, 1)
    assert [problem.column for problem in found.rows[1].problems] == ["C"]
    assert "后三位可能已丢失" in found.rows[1].problems[0].message


def test_an_open_document_workbook(tmp_path):
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
        for text in SHORT
    )
    person = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
        for text in texts(member(0))
    )
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr(
            "content.xml",
            '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
            'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
            f'<table:table table:name="花名册"><table:table-row table:number-rows-repeated="2"/><table:table-row>{cells}'
            f"</table:table-row><table:table-row>{person}</table:table-row></table:table>"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    layout, found = taken(tmp_path / "a.ods")
    assert layout.header_rows == (3,)
    assert [(row.number, row.values["id_number"]) for row in found.rows] == [(4, member(0).id_number)]


def test_an_open_document_keeps_its_merges_errors_percents_and_hidden_parts():
    """office.ods was saved by LibreOffice: merged header, #DIV/0! in G5, F in per cent, row 7, column G and
    the second sheet hidden."""
    book = read(SAMPLES / "office.ods")
    sheet = book.sheets[0]
    assert ((3, 4), (4, 4)) in sheet.merges
    assert (4, 4) in sheet.filled
    assert sheet.rows[4][6] == CellError("#DIV/0!")
    assert isinstance(sheet.rows[3][5], Percent)
    assert sheet.hidden_rows == {6}
    assert sheet.hidden_columns == {6}
    assert [one.hidden for one in book.sheets] == [False, True]
    layout, found = taken(SAMPLES / "office.ods")
    assert layout.header_rows == (2, 3)
    assert [row.number for row in found.rows] == [4, 5, 6, 7]
    assert found.rows[0].values["rate"] == Decimal("95.5")


def test_old_workbooks_keep_their_errors_percents_and_hidden_parts():
    sheet = read(SAMPLES / "errors.xls").sheets[0]
    assert sheet.rows[1][4] == CellError("#REF!")
    assert sheet.rows[2][5] == CellError("#N/A")
    assert [isinstance(row[3], Percent) for row in sheet.rows] == [False, True, True, True]
    assert sheet.hidden_rows == {2}
    assert sheet.hidden_columns == {5}
    _, found = taken(SAMPLES / "errors.xls")
    assert [row.values["rate"] for row in found.rows] == [Decimal("95.5"), 100, 50]
    assert [(p.row, p.column, p.value) for row in found.rows for p in row.problems][-1] == (3, "F", "#N/A")


def test_a_password_is_one_sentence():
    with pytest.raises(BadSheet, match=r"^“locked\.xlsx”加了密码。"):
        read(SAMPLES / "locked.xlsx")


def test_what_is_no_workbook_is_one_sentence(tmp_path):
    (tmp_path / "空.xlsx").write_bytes(b"")
    (tmp_path / "断.xlsx").write_bytes(workbook(tmp_path / "whole.xlsx", [["x"]]).read_bytes()[:3000])
    (tmp_path / "网页.xls").write_text("<html><table><tr><td>1</td></tr></table></html>", "utf-8")
    (tmp_path / "图.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    (tmp_path / "坏.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with zipfile.ZipFile(tmp_path / "文.docx", "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    workbook(tmp_path / "白.xlsx", [])
    for name, part in [
        ("没有.xlsx", "没有“没有.xlsx”这个文件"),
        ("空.xlsx", "“空.xlsx”是空文件"),
        ("断.xlsx", "“断.xlsx”已损坏"),
        ("网页.xls", "“网页.xls”其实是网页"),
        ("图.xlsx", "“图.xlsx”不是表格文件"),
        ("坏.xls", "“坏.xls”已损坏"),
        ("文.docx", "“文.docx”不是表格文件"),
        ("白.xlsx", "“白.xlsx”里什么也没有"),
        ("", "是文件夹"),
    ]:
        with pytest.raises(BadSheet) as caught:
            read(tmp_path / name)
        assert part in caught.value.message


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=some.floats(0, 1), damage=some.binary(min_size=1, max_size=40))
def test_a_damaged_file_is_read_or_refused_never_a_crash(tmp_path, place, damage):
    whole = tmp_path / "whole.xlsx"
    if not whole.exists():
        workbook(whole, [SHORT, *(texts(member(n)) for n in range(20))])
    content = bytearray(whole.read_bytes())
    start = int(place * (len(content) - len(damage)))
    content[start : start + len(damage)] = damage
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(content)
    try:
        read(broken)
    except BadSheet as error:
        assert "broken.xlsx" in error.message


def test_the_digest_is_the_file_s(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [["x"]])
    first = read(path).digest
    assert first == read(path).digest and len(first) == 64
    assert read(workbook(tmp_path / "b.xlsx", [["y"]])).digest != first
