"""GB/T 9704-2012 measured on the finished page, and its text read by two readers."""

from __future__ import annotations

import io
from datetime import date

import pikepdf
import pytest

from gridoffice.documents import official_format as form
from gridoffice.documents import render
from gridoffice.documents.model import HeadGroup, Heading, Paragraph, TableAnnex, TextAnnex
from gridoffice.documents.pdf import official_pdf
from gridoffice.errors import OfficeError
from tests.documents.paper import (
    FONTS,
    NAMES,
    RARE,
    TOLERANCE,
    body_rows,
    chars,
    notice,
    poppler_text,
    rows,
    strokes,
    top_of,
)


def made(**changes: object) -> bytes:
    return official_pdf(notice(**changes), FONTS)


def test_a_page_of_text_has_22_lines_of_28_characters_and_fills_the_area():
    pdf = made(body=(Paragraph("网" * 3000),))
    lines = body_rows(pdf, 1)
    assert [len(text) for _, text in lines] == [28] * 22
    first, last = lines[0][0], lines[-1][0]
    assert top_of(first) == pytest.approx(form.HEAD_MARGIN, abs=TOLERANCE)
    assert top_of(last) + form.CELL == pytest.approx(form.HEAD_MARGIN + 225, abs=TOLERANCE)
    assert (last - first) / 21 * 72 / 25.4 == pytest.approx(29.61, abs=0.01)
    page = [char for char in chars(pdf, 1) if char.y < form.AREA_BOTTOM]
    left, right = min(char.x for char in page), max(char.x for char in page)
    assert left == pytest.approx(28, abs=TOLERANCE)
    assert right + form.CELL == pytest.approx(28 + 156, abs=TOLERANCE)
    assert (right - left) / 27 * 72 / 25.4 == pytest.approx(15.793, abs=0.005)
    assert {round(char.size, 2) for char in page} == {16}


def test_the_compact_pitch_is_28_99_points():
    lines = body_rows(made(body=(Paragraph("网" * 3000),), compact=True), 1)
    assert len(lines) == 22
    assert (lines[-1][0] - lines[0][0]) / 21 * 72 / 25.4 == pytest.approx(28.99, abs=0.01)


def test_page_numbers_stand_outside_7_mm_below_the_text():
    pdf = made(body=(Paragraph("网" * 3000),))
    assert render.pages(pdf) >= 4
    for index in range(render.pages(pdf)):
        foot = [char for char in chars(pdf, index) if char.y > form.AREA_BOTTOM]
        assert "".join(char.text for char in foot) == f"—{index + 1}—"
        assert {char.size for char in foot} == {14}
        assert foot[0].top == pytest.approx(form.AREA_BOTTOM + 7, abs=TOLERANCE)
        one = 14 * 25.4 / 72
        if index % 2 == 0:
            dash = FONTS.song.width("—", 14)
            assert foot[-1].x + dash == pytest.approx(28 + 156 - one, abs=TOLERANCE)
        else:
            assert foot[0].x == pytest.approx(28 + one, abs=TOLERANCE)


def test_the_red_head_is_measured_from_the_text_area():
    mark = "青禾街道办事处文件"
    pdf = made(red_head=mark, number="青街办〔2026〕14号")
    page = chars(pdf, 0)
    head = [char for char in page if char.size > form.SIZE_2]
    assert "".join(char.text for char in head) == mark
    assert min(char.top for char in head) == pytest.approx(37 + 35, abs=TOLERANCE)
    middle = (min(char.left for char in head) + max(char.right for char in head)) / 2
    assert middle == pytest.approx(28 + 78, abs=1.0)
    lines = dict((text, y) for y, text in rows(pdf, 0))
    number = top_of(lines["青街办〔2026〕14号"])
    red = [stroke for stroke in strokes(pdf, 0) if stroke.right - stroke.left > 150]
    assert len(red) == 1
    assert red[0].left == pytest.approx(28, abs=TOLERANCE)
    assert red[0].right - red[0].left == pytest.approx(156, abs=TOLERANCE)
    assert (red[0].top + red[0].bottom) / 2 - (number + form.CELL) == pytest.approx(4, abs=TOLERANCE)
    # 标志下空二行, 红线下空二行: at least two lines, less than three.
    mark_bottom = 37 + 35 + head[0].size * 25.4 / 72
    assert 2 <= (number - mark_bottom) / form.STRICT_PITCH < 3
    title = next(y for text, y in lines.items() if text.startswith("关于2026年6月"))
    assert 2 <= (top_of(title) - red[0].bottom) / form.STRICT_PITCH < 3


def test_nothing_is_red_and_no_room_is_left_without_a_choice():
    pdf = made(number="青网格办〔2026〕14号")
    assert strokes(pdf, 0) == []
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert b"0.835" not in file.pages[0].Contents.read_bytes()
    printed = official_pdf(notice(number="青网格办〔2026〕14号", preprinted=True, red_head="甲文件"), FONTS)
    assert strokes(printed, 0) == [] and "甲文件" not in render.page_text(printed, 0)
    with_head = made(number="青网格办〔2026〕14号", red_head="甲文件")
    places = {text: y for y, text in rows(with_head, 0)}
    assert all(places[text] == pytest.approx(y, abs=0.01) for y, text in rows(printed, 0))


def test_headings_stand_in_their_typefaces_and_stay_with_their_text():
    pdf = made()
    text = render.page_text(pdf, 0)
    assert "一、总体情况" in text and "（一）走访任务" in text
    with pikepdf.open(io.BytesIO(pdf)) as file:
        names = {str(font.BaseFont).split("+")[1] for font in file.pages[0].Resources.Font.values()}
    assert {"FandolFang-Regular", "NotoSansSC-Medium", "WenKaiDaily-Regular", "NotoSerifSC-Bold"} <= names
    for length in range(1, 24):
        filled = made(body=(Paragraph("网" * 28 * length), Heading(1, "一、标题"), Paragraph("格" * 200)))
        for index in range(render.pages(filled)):
            assert body_rows(filled, index)[-1][1] != "一、标题"


def test_the_unsealed_signature_follows_the_standard():
    pdf = made(signature="永宁社区居民委员会网格站")
    right = 28 + 156
    lines = body_rows(pdf, 0)
    (sign_y, _), (day_y, day) = lines[-2:]
    page = chars(pdf, 0)
    sign = [char for char in page if char.y == pytest.approx(sign_y, abs=0.1)]
    dated = [char for char in page if char.y == pytest.approx(day_y, abs=0.1)]
    assert day == "2026年7月3日"
    assert sign[-1].x + form.CELL == pytest.approx(right - 2 * form.CELL, abs=TOLERANCE)
    assert dated[0].x - sign[0].x == pytest.approx(2 * form.CELL, abs=TOLERANCE)
    assert sign_y - lines[-3][0] == pytest.approx(2 * form.STRICT_PITCH, abs=0.1)


def test_a_date_longer_than_the_signature_stands_two_characters_from_the_edge():
    pdf = made(signature="永宁社区")
    page = chars(pdf, 0)
    (sign_y, _), (day_y, _) = body_rows(pdf, 0)[-2:]
    sign = [char for char in page if char.y == pytest.approx(sign_y, abs=0.1)]
    dated = [char for char in page if char.y == pytest.approx(day_y, abs=0.1)]
    assert dated[-1].x + form.CELL == pytest.approx(28 + 156 - 2 * form.CELL, abs=TOLERANCE)
    assert dated[0].x - sign[0].x == pytest.approx(2 * form.CELL, abs=TOLERANCE)


@pytest.mark.parametrize("signature", ["青禾街道办事处", "青禾街道网格化服务管理工作领导小组办公室"])
def test_the_sealed_signature_leaves_room_and_is_centred_over_the_date(signature):
    pdf = made(signature=signature, sealed=True)
    page = chars(pdf, 0)
    lines = body_rows(pdf, 0)
    (sign_y, _), (day_y, _) = lines[-2:]
    sign = [char for char in page if char.y == pytest.approx(sign_y, abs=0.1)]
    dated = [char for char in page if char.y == pytest.approx(day_y, abs=0.1)]
    middles = [(line[0].x + line[-1].x + form.CELL) / 2 for line in (sign, dated)]
    assert middles[0] == pytest.approx(middles[1], abs=TOLERANCE)
    assert sign[-1].x + form.CELL <= 28 + 156 + TOLERANCE
    if signature == "青禾街道办事处":
        assert dated[-1].x + form.CELL == pytest.approx(28 + 156 - 4 * form.CELL, abs=TOLERANCE)
    assert sign_y - lines[-3][0] == pytest.approx(3 * form.STRICT_PITCH, abs=0.1)


@pytest.mark.parametrize("length", range(14, 46))
def test_a_signature_never_stands_without_text(length):
    pdf = made(body=(Paragraph("网" * 28 * length),))
    last = [text for _, text in body_rows(pdf, render.pages(pdf) - 1)]
    assert last[-1] == "2026年7月3日"
    assert sum("网网" in text for text in last) >= 2
    assert all(len(body_rows(pdf, index)) <= 24 for index in range(render.pages(pdf)))


def test_attachment_names_are_aligned_with_each_other():
    annexes = tuple(
        TextAnnex(title, (Paragraph("正文"),))
        for title in (
            "网格员考核得分表",
            "各社区网格员月度考核情况汇总表以及专属网格责任单位履职情况统计表一览",
        )
    )
    pdf = made(attachments=annexes)
    page = chars(pdf, 0)
    text = "".join(char.text for char in page)
    first = page[text.index("附件：1.") + 5]
    second = page[text.index("2.各社区") + 2]
    label = page[text.index("附件：1.")]
    assert label.x == pytest.approx(28 + 2 * form.CELL, abs=TOLERANCE)
    assert first.x == pytest.approx(second.x, abs=0.01)
    wrapped = next(char for char in page if char.y > second.y + 1 and char.size == 16)
    assert wrapped.x == pytest.approx(second.x, abs=0.01)
    for index, label_text in ((1, "附件1"), (2, "附件2")):
        (label_y, first_line), (title_y, _), *_ = body_rows(pdf, index)
        assert first_line == label_text
        assert top_of(label_y) == pytest.approx(37, abs=TOLERANCE)
        assert title_y - label_y == pytest.approx(2 * form.STRICT_PITCH, abs=1.0)


def test_the_imprint_ends_on_the_lower_edge_of_the_text_area():
    pdf = made(copies_to="区委政法委，区民政局", issued_by="青禾街道网格办", issued_on=date(2026, 7, 5))
    index = render.pages(pdf) - 1
    lines = sorted(strokes(pdf, index), key=lambda stroke: stroke.top)
    assert len(lines) == 3
    assert (lines[-1].top + lines[-1].bottom) / 2 == pytest.approx(form.AREA_BOTTOM, abs=0.1)
    text = render.page_text(pdf, index)
    assert "抄送：区委政法委，区民政局。" in text and "2026年7月5日印发" in text


SCORES = tuple(
    (
        str(place),
        NAMES[place % len(NAMES)],
        f"梧桐社区第{place}网格",
        f"{99 - place * 0.7:.2f}",
        f"{100 - place * 0.5:.1f}%",
        ""
        if place % 4
        else "迟报信息2次，经核实后由所在社区党组织书记约谈并限期整改，整改情况报街道网格办备案",
    )
    for place in range(1, 71)
)
HEADS = ("序号", "姓名", "所在网格", HeadGroup("得分", ("总分", "走访完成率")), "备注")


def annex(landscape: bool) -> TableAnnex:
    return TableAnnex(
        "网格员考核得分表",
        HEADS,
        SCORES,
        landscape=landscape,
        facts=("单位：青禾街道", "2026年6月"),
        notes=("注：满分100分。",),
    )


@pytest.mark.parametrize("landscape", [False, True])
def test_a_long_table_repeats_its_head_and_loses_nothing(landscape, tmp_path):
    pdf = made(attachments=(annex(landscape),))
    count = render.pages(pdf)
    assert count >= 4
    whole = [render.page_text(pdf, index) for index in range(count)]
    poppler = [poppler_text(pdf, tmp_path, index + 1) for index in range(count)]
    for texts in (whole, poppler):
        for text in texts[1:]:
            for head in ("序号", "姓名", "得分", "总分", "备注"):
                assert head in text
        for place in range(1, 71):
            # A row stands on one page: its place, name and score together.
            (page,) = [text for text in texts[1:] if f"梧桐社区第{place}网格" in text]
            assert SCORES[place - 1][1] in page and SCORES[place - 1][3] in page
        assert "注：满分100分。" in texts[-1]


def test_a_landscape_table_is_turned_and_keeps_the_page_number_in_its_place():
    pdf = made(attachments=(annex(True),))
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert [int(page.get("/Rotate", 0)) for page in file.pages][:2] == [0, 90]
        assert [float(edge) for edge in file.pages[1].MediaBox][2:] == pytest.approx(
            [595.276, 841.89], abs=0.01
        )
    assert render.page_size(pdf, 1) == pytest.approx((297, 210), abs=0.1)
    page = chars(pdf, 1)
    foot = [char for char in page if char.y > form.AREA_BOTTOM + 4]
    assert "".join(char.text for char in foot) == "—2—"
    assert foot[0].top == pytest.approx(form.AREA_BOTTOM + 7, abs=TOLERANCE)
    # The head lies at the left of the sheet, and all of the table inside the text area.
    lines = strokes(pdf, 2)
    assert min(line.left for line in lines) == pytest.approx(28, abs=TOLERANCE)
    assert max(line.right for line in lines) <= 28 + 156 + TOLERANCE
    assert min(line.top for line in lines) >= 37 - TOLERANCE
    assert max(line.bottom for line in lines) <= form.AREA_BOTTOM + TOLERANCE
    head = next(char for char in chars(pdf, 2) if char.text == "序")
    assert head.x < 28 + 15


def test_no_text_of_a_table_leaves_its_cell():
    for landscape in (False, True):
        pdf = made(attachments=(annex(landscape),))
        for index in range(1, render.pages(pdf)):
            edges = strokes(pdf, index)
            left, right = min(line.left for line in edges), max(line.right for line in edges)
            top, bottom = min(line.top for line in edges), max(line.bottom for line in edges)
            inside = [char for char in chars(pdf, index) if char.size < 12 and char.y < form.AREA_BOTTOM]
            for char in inside:
                if char.text in "注：满单位青" or char.y < top or char.y > bottom or char.x < left:
                    continue
                for line in edges:
                    if line.bottom - line.top > 2 and line.top < char.y < line.bottom and not landscape:
                        assert not (char.left < (line.left + line.right) / 2 < char.right)
            assert right - left <= 156 + 2 * TOLERANCE and bottom - top <= 225 + 2 * TOLERANCE


def test_decimal_points_stand_below_each_other_and_names_in_the_middle():
    table = TableAnnex(
        "得分表", ("姓名", "得分"), (("甲乙丙", "100"), ("丁", "99.5"), ("戊己", "8.25"), ("庚辛", "-0.5"))
    )
    page = chars(made(attachments=(table,)), 1)
    points = [char.x for char in page if char.text == "."]
    assert len(points) == 3 and max(points) - min(points) < 0.06
    text = "".join(char.text for char in page)
    last = page[text.index("100") + 2]
    width = FONTS.song.width("0", last.size)
    assert last.x + width == pytest.approx(points[0], abs=0.06)
    middles = {
        char.text: (char.x + FONTS.song.width("丁", char.size) / 2) for char in page if char.text in "乙丁"
    }
    assert middles["乙"] == pytest.approx(middles["丁"], abs=0.02)


def test_one_long_name_does_not_widen_the_column_of_all():
    table = TableAnnex(
        "名单",
        ("姓名", "所在网格", "备注"),
        [("王芳", f"永宁·第{place}网格·微网格05", "备" * 60) for place in range(99)]
        + [("迪丽热巴·阿卜杜热合曼·买买提明", "永宁·第一网格", "")],
    )
    lines = strokes(made(attachments=(table,)), 1)
    uprights = sorted({round(line.left, 2) for line in lines if line.right - line.left < 0.1})
    name, grid = uprights[1] - uprights[0], uprights[2] - uprights[1]
    assert name < 22 < grid


def test_a_cell_taller_than_a_page_runs_on():
    long = "情" * 6000
    table = TableAnnex("情况说明表", ("序号", "说明"), (("1", long), ("2", "短")))
    pdf = made(attachments=(table,))
    text = "".join(render.page_text(pdf, index) for index in range(render.pages(pdf)))
    assert text.count("情") >= 6000 and "短" in text


def test_an_empty_table_still_has_its_head():
    pdf = made(attachments=(TableAnnex("名单", ("序号", "姓名"), ()),))
    assert "姓名" in render.page_text(pdf, 1) and render.pages(pdf) == 2


def test_both_readers_find_every_name_id_and_rare_character(tmp_path):
    ids = [f"5199211990{month:02d}1500{month % 10}X" for month in range(1, 13)]
    table = TableAnnex(
        "花名册",
        ("序号", "姓名", "公民身份号码"),
        [(str(place), name, number) for place, (name, number) in enumerate(zip(NAMES, ids, strict=True), 1)],
    )
    body = (Heading(1, f"一、{RARE}"), Heading(2, f"（一）{RARE}"), Paragraph("、".join(NAMES)))
    pdf = made(title=f"关于{RARE}的通报", body=body, attachments=(table,), signature=f"网格办{RARE}")
    ours = "".join(render.page_text(pdf, index) for index in range(render.pages(pdf)))
    for text in (ours, poppler_text(pdf, tmp_path)):
        flat = "".join(text.split())
        for wanted in (*NAMES, *ids, f"一、{RARE}", f"（一）{RARE}", f"网格办{RARE}"):
            assert wanted in flat


def test_the_same_document_gives_the_same_bytes():
    def document() -> bytes:
        return made(attachments=(annex(True),), red_head="青禾街道办事处文件", copies_to="区民政局")

    assert document() == document()


def test_a_character_nobody_has_stops_the_document_and_is_named():
    with pytest.raises(OfficeError, match=r"张\ue123明.*U\+E123"):
        made(attachments=(TableAnnex("名单", ("姓名",), (("张\ue123明",),)),))


@pytest.mark.parametrize(
    "part",
    [
        {"body": (Paragraph("本月对网格员张\ue123明等三人进行了考核。"),)},
        {"body": (Heading(1, "一、网格员张\ue123明"), Paragraph("表现突出。"))},
        {"title": "关于表扬网格员张\ue123明的通报"},
        {"recipients": "网格员张\ue123明"},
        {"signature": "网格员张\ue123明"},
        {"attachments": (TextAnnex("办法", (Paragraph("网格员张\ue123明。"),)),)},
    ],
    ids=lambda part: next(iter(part)),
)
def test_a_character_nobody_has_is_told_with_what_stands_around_it(part):
    with pytest.raises(OfficeError, match=r"“.*网格员张\ue123明.*”里的“\ue123”（U\+E123）"):
        made(**part)


def test_a_long_paragraph_is_not_told_whole():
    with pytest.raises(OfficeError) as caught:
        made(body=(Paragraph("网" * 300 + "张\ue123明" + "格" * 300),))
    assert "张\ue123明" in caught.value.message and len(caught.value.message) < 90


def test_information_bookmarks_and_fonts_of_the_file():
    pdf = made(attachments=(annex(True),))
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert str(file.docinfo["/Title"]) == "关于2026年6月网格员月度考核结果的通报"
        assert str(file.docinfo["/Author"]) == "青禾街道网格化服务管理办公室"
        assert str(file.docinfo["/CreationDate"]) == str(file.docinfo["/ModDate"]) == "D:20260703"
        assert str(file.Root.Lang) == "zh-CN"
        with file.open_outline() as outline:
            assert [item.title for item in outline.root] == [
                "关于2026年6月网格员月度考核结果的通报",
                "附件 网格员考核得分表",
            ]
        assert file.check_pdf_syntax() == []
        fonts = [font for page in file.pages for font in page.Resources.Font.values()]
        assert {str(font.DescendantFonts[0].Subtype) for font in fonts} == {"/CIDFontType0", "/CIDFontType2"}
        for font in fonts:  # nothing that is not embedded, Helvetica least of all
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
            assert "/ToUnicode" in font
    assert len(pdf) < 400_000
