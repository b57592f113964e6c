"""An official document as a Word file: read back, it says the same and lies the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Emu

from gridoffice.documents import docx_parts
from gridoffice.documents import official_format as form
from gridoffice.documents.docx_official import official_docx
from gridoffice.documents.docx_table import head_cells
from gridoffice.documents.model import (
    Chart,
    Figure,
    Form,
    HeadGroup,
    Heading,
    OfficialDocument,
    Paragraph,
    Series,
    TableAnnex,
    TextAnnex,
)

HEADS = ("排名", "姓名", HeadGroup("日常工作", ("走访\n满25", HeadGroup("信息", ("采集", "更新")))), "合计")
ROWS = [(str(n), f"王𠮷𬭎{n}", "15.00", "9.50", "8.00", "92.5") for n in range(1, 40)]
NOTICE = OfficialDocument(
    organisation="青禾街道网格化服务管理办公室",
    title="关于2026年第二季度网格力量配备情况的通报",
    body=(
        Paragraph("现将有关情况通报如下。"),
        Heading(1, "一、总体情况"),
        Paragraph("䶮㐂𬭎𠮷𫍯五人表现突出，占2.6%。"),
        Heading(2, "（一）配备"),
        Figure(Chart("应配和实有人数", ("梧桐社区", "柳荫社区"), (Series("应配", (3, 5)),), unit="人")),
        Heading(3, "1.要求"),
    ),
    signature="青禾街道网格化服务管理办公室",
    day=date(2026, 7, 3),
    recipients="各社区（村）",
    number="青网格办〔2026〕14号",
    red_head="青禾街道网格化服务管理办公室文件",
    copies_to="区委社会工作部",
    issued_by="青禾街道网格化服务管理办公室",
    attachments=(
        TableAnnex(
            "考核成绩表", HEADS, ROWS, landscape=True, facts=("共39人", "单位：分"), notes=("注：略。",)
        ),
        TextAnnex("工作要求", (Heading(1, "一、职责"), Paragraph("逐户走访。"))),
    ),
)


def opened(document: OfficialDocument = NOTICE) -> Any:
    return Document(BytesIO(official_docx(document)))


def line_of(file: Any, words: str) -> Any:
    return next(one for one in file.paragraphs if words in one.text)


def millimetres(twips: str) -> float:
    return int(twips) / 20 * 25.4 / 72


def test_it_says_what_the_document_says() -> None:
    file = opened()
    words = "\n".join(one.text for one in file.paragraphs)
    for block in NOTICE.body:
        assert (block.chart.title if isinstance(block, Figure) else block.text) in words
    for said in (
        "青网格办〔2026〕14号",
        "青禾街道网格化服务管理办公室文件",
        "各社区（村）：",
        "附件：1.考核成绩表",
        "2.工作要求",
        "2026年7月3日",
        "抄送：区委社会工作部。",
        "2026年7月3日印发",
        "逐户走访。",
    ):
        assert said in words, said
    assert file.core_properties.title == NOTICE.title
    assert file.core_properties.author == NOTICE.organisation
    (table,) = file.tables
    assert [[cell.text for cell in row.cells] for row in table.rows][3:] == [list(row) for row in ROWS]


def test_pages_have_the_margins_and_the_grid_of_the_standard() -> None:
    file = opened()
    first, lying, last = file.sections
    assert (round(first.page_width.mm), round(first.page_height.mm)) == (210, 297)
    assert first.top_margin.mm == pytest.approx(form.HEAD_MARGIN, abs=0.05)
    assert first.left_margin.mm == pytest.approx(form.BINDING_MARGIN, abs=0.05)
    width = Emu(first.page_width - first.left_margin - first.right_margin).mm
    height = Emu(first.page_height - first.top_margin - first.bottom_margin).mm
    assert (width, height) == pytest.approx((form.AREA_WIDTH, form.AREA_HEIGHT), abs=0.1)
    grid = first._sectPr.find(qn("w:docGrid"))
    pitch = int(grid.get(qn("w:linePitch"))) / 20
    character = form.SIZE_3 + int(grid.get(qn("w:charSpace"))) / 4096
    assert int(height / 25.4 * 72 / pitch) == form.LINES
    assert round(width / 25.4 * 72 / character, 2) == form.CHARACTERS
    assert (round(lying.page_width.mm), round(lying.page_height.mm)) == (297, 210)
    assert (round(last.page_width.mm), round(last.page_height.mm)) == (210, 297)


def test_each_part_has_its_typeface() -> None:
    file = opened()

    def face(words: str) -> tuple[str, float]:
        run = line_of(file, words).runs[0]
        return run._r.rPr.rFonts.get(qn("w:eastAsia")), run.font.size.pt

    assert face("一、总体情况") == ("黑体", 16)
    assert face("（一）配备") == ("楷体_GB2312", 16)
    assert face("1.要求") == ("仿宋_GB2312", 16)
    assert face("现将有关情况") == ("仿宋_GB2312", 16)
    assert face("关于2026年") == ("方正小标宋简体", 22)
    assert face("抄送：") == ("仿宋_GB2312", 14)
    mark = line_of(file, "办公室文件").runs[0]
    assert str(mark.font.color.rgb) == "D51010"
    indented = line_of(file, "现将有关情况")._p.pPr.ind
    assert indented.get(qn("w:firstLineChars")) == "200"


def test_the_head_stands_where_the_paper_has_it() -> None:
    file = opened()
    number = line_of(file, "14号")._p.pPr.find(qn("w:framePr"))
    top = millimetres(number.get(qn("w:y"))) + 0.65 * 16 * 25.4 / 72 - form.CELL / 2
    from gridoffice.documents.flow import Setter
    from gridoffice.documents.fonts import FontSet
    from gridoffice.documents.official_heads import _CommonHead

    head = _CommonHead(NOTICE, Setter(FontSet.bundled()), form.STRICT)
    assert top == pytest.approx(form.STRICT.row_top(head._number_row()), abs=0.3)
    (line,) = [
        one._p.pPr
        for one in file.paragraphs
        if (edge := one._p.pPr.find(qn("w:pBdr"))) is not None
        and edge.find(qn("w:top")).get(qn("w:color")) == "D51010"
    ]
    frame = line.find(qn("w:framePr"))
    assert millimetres(frame.get(qn("w:y"))) == pytest.approx(head.red_line, abs=0.3)
    assert millimetres(frame.get(qn("w:w"))) == pytest.approx(form.AREA_WIDTH, abs=0.1)
    assert not [one for one in opened(replace(NOTICE, red_head=None)).paragraphs if one.text[-2:] == "文件"]


def test_page_numbers_stand_outside() -> None:
    file = opened()
    assert file.settings.odd_and_even_pages_header_footer
    section = file.sections[0]
    assert [one.paragraphs[0].alignment for one in (section.footer, section.even_page_footer)] == [2, 0]
    assert "PAGE" in section.footer.paragraphs[0]._p.xml
    letter = opened(replace(NOTICE, form=Form.LETTER)).sections[0]
    assert letter.different_first_page_header_footer and not letter.first_page_footer.paragraphs[0].text


def test_heads_of_tables_are_merged_and_repeated() -> None:
    cells, depth = head_cells(HEADS)
    assert depth == 3
    assert {(one.title, one.row, one.column, one.rows, one.columns) for one in cells} == {
        ("排名", 0, 0, 3, 1),
        ("姓名", 0, 1, 3, 1),
        ("日常工作", 0, 2, 1, 3),
        ("走访\n满25", 1, 2, 2, 1),
        ("信息", 1, 3, 1, 2),
        ("采集", 2, 3, 1, 1),
        ("更新", 2, 4, 1, 1),
        ("合计", 0, 5, 3, 1),
    }
    (table,) = opened().tables
    repeated = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert repeated[:4] == [True, True, True, False] and not any(repeated[3:])
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert [cell.text for cell in table.rows[1].cells] == [
        "排名",
        "姓名",
        "走访\n满25",
        "信息",
        "信息",
        "合计",
    ]


def test_properties_stand_in_the_order_of_the_format() -> None:
    """Word calls a file damaged whose properties stand in another order."""
    minutes = replace(NOTICE, form=Form.MINUTES, attendance=(("出席", "王芳、李小明"),))
    runs = "rStyle rFonts b i color spacing w kern position sz szCs".split()
    for document in (NOTICE, minutes, replace(NOTICE, sealed=True, signers=("王芳", "李小明"))):
        body = opened(document).element.body
        for properties in body.iter(qn("w:pPr")):
            names = [one.tag.rpartition("}")[2] for one in properties]
            assert names == sorted(set(names), key=docx_parts._ORDER.index)
        for properties in body.iter(qn("w:rPr")):
            names = [one.tag.rpartition("}")[2] for one in properties]
            assert names == sorted(set(names), key=runs.index)


def test_minutes_and_letters_are_whole() -> None:
    minutes = replace(NOTICE, form=Form.MINUTES, attendance=(("出席", "王芳、李小明"), ("请假", "赵𠮷")))
    words = "\n".join(one.text for one in opened(minutes).paragraphs)
    assert "出席：王芳、李小明" in words and "请假：赵𠮷" in words
    letter = opened(replace(NOTICE, form=Form.LETTER))
    red = [one for one in letter.paragraphs if "D51010" in one._p.xml and not one.text]
    assert len(red) == 4, "two double lines"
