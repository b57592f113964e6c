"""A workbook read by way of the small one is the workbook as the parser reads it whole."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from gridoffice.errors import BadSheet
from gridoffice.spreadsheet import condensing
from gridoffice.spreadsheet.condensing import Condensed
from gridoffice.spreadsheet.reading import read

texts = st.sampled_from(
    [
        "", " ", "张三", " 张三", "李䶮 ", "𬭎", "a&b<c>", "行\n行", "行\r\n行", "\t", "_x000D_", "_x4E00_", "_", "0",
        "5199211990", "=1+1", "'", '"', "]]>", "<si>", "</t>", "　全", "😀", "1e5", "TRUE", "#N/A",
    ]
) | st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=6)  # fmt: skip
numbers = (
    st.integers(-(10**16), 10**18)
    | st.integers(0, 120_000)
    | st.floats(-1e18, 1e18)
    | st.sampled_from([0.5, 0.0, 1.0, 60.0, 2958465.0, 0.999999, 44154.25])
)
formats = st.sampled_from(
    ["General", "yyyy-mm-dd", "yyyy年m月", "h:mm", "[h]:mm:ss", "0%", "0.00%", '0"日"', "@", "000000"]
)
cells = st.tuples(
    st.integers(0, 9), st.sampled_from([0, 1, 2, 3, 25, 26, 27, 701, 702]),
    st.sampled_from(["text", "number", "bool", "formula", "blank", "rich"]),
    texts, numbers, formats,
)  # fmt: skip


def told(file: Path) -> list[Any]:
    """All of a file, with 1, 1.0 and True told apart; or why it cannot be read."""
    try:
        sheets = read(file).sheets
    except BadSheet as error:
        return [str(error)]
    return [
        (s.name, s.hidden, s.filled, s.merges, s.hidden_rows, s.hidden_columns, [list(map(repr, r)) for r in s.rows])
        for s in sheets
    ]  # fmt: skip


def same_either_way(file: Path, patched: pytest.MonkeyPatch) -> None:
    found = told(file)
    with patched.context() as now:
        now.setattr(condensing, "condensed", lambda *_: None)
        assert found == told(file)


@settings(deadline=None)
@given(st.lists(cells, max_size=30), st.booleans())
def test_what_is_written_is_read_alike_either_way(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[Any], since_1904: bool
) -> None:
    file = tmp_path_factory.mktemp("book") / "册.xlsx"
    book = xlsxwriter.Workbook(str(file), {"date_1904": since_1904})
    sheets = [book.add_worksheet(), book.add_worksheet("空"), book.add_worksheet("二")]
    bold = book.add_format({"bold": True})
    sheets[2].hide()
    sheets[0].merge_range(3, 1, 5, 1, "并")
    sheets[2].write(0, 0, "只有这一格")
    sheets[2].set_row(2, None, None, {"hidden": True})
    for row, column, kind, text, number, form in drawn:
        look, sheet = book.add_format({"num_format": form}), sheets[0]
        if (row, column) in {(3, 1), (4, 1), (5, 1)}:
            continue
        if kind == "text":
            sheet.write_string(row, column, text, look)
        elif kind == "number":
            sheet.write_number(row, column, number, look if form != "General" else None)
        elif kind == "bool":
            sheet.write_boolean(row, column, number > 0, look)
        elif kind == "formula":
            sheet.write_formula(row, column, "=A1&1", look, text if row % 2 else number)
        elif kind == "rich" and text.strip():
            sheet.write_rich_string(row, column, "前", bold, text)
        else:
            sheet.write_blank(row, column, None, look)
    book.close()
    with pytest.MonkeyPatch.context() as patched:
        same_either_way(file, patched)


def test_the_small_way_is_taken_for_what_offices_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Condensed] = []
    build = Condensed.__init__

    def counting(self: Condensed, *given: Any) -> None:
        build(self, *given)
        made.append(self)

    monkeypatch.setattr(Condensed, "__init__", counting)
    file = tmp_path / "名册.xlsx"
    book = xlsxwriter.Workbook(str(file))
    formats = [book.add_format({"num_format": one}) for one in ("yyyy-mm-dd", "h:mm", "[h]:mm", "0%", "0")]
    sheet: Any = book.add_worksheet()
    sheet.write_row(0, 0, ["姓名", "日期", "时间", "钟点", "比例", "数", "对", "公式", "号码"])
    for row in range(1, 51):
        sheet.write_string(row, 0, f"人&{row} " if row % 7 == 0 else f"人{row}")
        values = (44000 + row % 3, 0.25, 1.5, 0.25 + row / 1000, row)
        for column, (value, form) in enumerate(zip(values, formats, strict=True), 1):
            sheet.write_number(row, column, value, form)
        sheet.write_boolean(row, 6, row % 2 == 0)
        sheet.write_formula(row, 7, "=A1", None, f"果{row % 2}")
        sheet.write_number(row, 8, 13800000000 + row)
    book.add_worksheet("空")
    book.close()
    same_either_way(file, monkeypatch)
    (small,) = made
    assert small.content.count(b"<v>44001</v>") == 1


ROW = '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" s="0"><v>7</v></c></row>'


@pytest.mark.parametrize(
    "other",
    [
        ROW.replace(' r="A2"', ""),
        ROW.replace("A2", "A02"),
        ROW.replace("A2", "AAAA2"),
        ROW.replace("A2", "a2"),
        ROW.replace("A2", "2"),
        ROW.replace("<v>0</v>", "<v>99</v>"),
        ROW.replace("<v>0</v>", "<v>0.0</v>"),
        ROW.replace("<v>0</v>", "<v> 0</v>"),
        ROW.replace("<v>7</v>", "<v></v>"),
        ROW.replace("<v>7</v>", "<v/>"),
        ROW.replace("<v>7</v>", "<v>7.50</v>"),
        ROW.replace("<v>7</v>", "<v>-7</v>"),
        ROW.replace("<v>7</v>", "<v>00000007</v>"),
        ROW.replace("<v>7</v>", "<v>12345678901</v>"),
        ROW.replace("<v>7</v>", '<v xml:space="preserve">7</v>'),
        ROW.replace("<v>7</v>", "<!-- 7 --><v>8</v>"),
        ROW.replace(' s="0"', ""),
        ROW.replace(' s="0"', ' t="n"'),
        ROW.replace(' s="0"', ' t="b"'),
        ROW.replace(' s="0"', ' t="str"'),
        ROW.replace(' s="0"', ' t="d"').replace("<v>7", "<v>2026-11-22"),
        ROW.replace(' s="0"', ' s="0" cm="1" ph="1"'),
        ROW.replace('t="s"', 't="s" s="0"'),
        ROW.replace('t="s"', 't="inlineStr"').replace("<v>0</v>", "<is><t>里</t></is>"),
        ROW.replace('<c r="B2"', '<c r="B2" s="0"/><c r="C2"'),
        ROW.replace("<v>7</v></c>", "</c>"),
        ROW.replace("<v>7</v>", "<f>A1</f><v>7</v>"),
        ROW.replace("<v>7</v>", '<f t="shared" si="0"/><v>7</v>'),
        ROW.replace("<v>7</v>", '<f t="shared" ref="B2:B9" si="0">A1&amp;"&lt;"</f><v>7</v>'),
        ROW.replace("\"2\"", "\"2\" spans='1:2' ht=\"15\" customHeight=\"1\""),
        ROW + '<row r="9"/><row r="10"></row>',
        ROW.replace("</row>", "</row> \n"),
        ROW.replace("<c ", "\n <c "),
        ROW.replace("<c r=\"B2\"", "<c\tr=\"B2\""),
        ROW.replace("A2", "A1"),
        ROW + ROW,
        "",
    ],
)  # fmt: skip
def test_other_ways_to_write_a_row_are_read_alike_either_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    file = tmp_path / "行.xlsx"
    rewritten(file, lambda sheet: sheet.replace(b"</sheetData>", other.encode() + b"</sheetData>"))
    same_either_way(file, monkeypatch)


def rewritten(file: Path, change: Callable[[bytes], bytes]) -> None:
    """A small workbook with its sheet's XML changed."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    book.add_worksheet().write_row(0, 0, ["姓名", 3])
    book.close()
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            body = source.read(name)
            target.writestr(name, change(body) if name == "xl/worksheets/sheet1.xml" else body)
