"""Where every element of the common form stands, read from the finished page, against the numbers of
GB/T 9704-2012."""

from __future__ import annotations

import ctypes
from datetime import date

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest

from gridoffice.documents import official_format as form
from gridoffice.documents import render
from gridoffice.documents.model import Heading, Paragraph, TextAnnex
from gridoffice.documents.pdf import official_pdf
from tests.documents.paper import FONTS, MM, TOLERANCE, body_rows, chars, notice, strokes, top_of

LINE = form.STRICT_PITCH
RIGHT = 28 + 156
BODY = (
    Paragraph("网" * 60),
    Heading(1, "一、黑体标题"),
    Heading(2, "（一）楷体标题"),
    Heading(3, "1. 仿宋标题"),
    Heading(4, "（1）仿宋标题"),
    Paragraph("格" * 30),
)


def made(**changes: object) -> bytes:
    parts: dict[str, object] = {
        "red_head": "青禾街道办事处文件",
        "number": "青街办〔2026〕14号",
        "body": BODY,
    }
    return official_pdf(notice(**(parts | changes)), FONTS)


def test_recipients_stand_one_line_below_the_title_and_flush_left_on_every_line():
    many = "、".join(f"第{n}社区" for n in range(1, 12))
    pdf = made(recipients=many)
    lines = body_rows(pdf, 0)
    title = max(place for place, (_, text) in enumerate(lines) if text.endswith("的通报"))
    tops = [top_of(y) for y, _ in lines]
    assert tops[title + 1] - tops[title] == pytest.approx(2 * LINE, abs=1.0)
    first, second = lines[title + 1], lines[title + 2]
    assert first[1].startswith("第1社区") and second[1].endswith("：")
    page = chars(pdf, 0)
    for y, _ in (first, second):
        left = min(char.x for char in page if char.y == pytest.approx(y, abs=0.1))
        assert left == pytest.approx(28, abs=TOLERANCE)


def row_of(y: float, size: float) -> float:
    """In which row of the grid text of a size stands, by its baseline."""
    em = size * MM
    return (y - 0.88 * em + em / 2 - form.CELL / 2 - 37) / LINE


def test_parts_follow_each_other_by_whole_rows():
    annexes = (TextAnnex("网格员考核办法", (Paragraph("条" * 40),)),)
    pdf = made(attachments=annexes, body=(Paragraph("网" * 60),))
    page = [char for index in (0,) for char in chars(pdf, index) if char.y < form.AREA_BOTTOM]
    sized = {round(char.y, 2): char.size for char in page}

    def row(words: str, first: int = 0) -> float:
        text = "".join(char.text for char in page)
        char = page[text.index(words, first)]
        return row_of(char.y, sized[round(char.y, 2)])

    title = max(row_of(char.y, char.size) for char in page if char.size == form.SIZE_2)
    recipients, body, annex = row("各社区"), row("网" * 26), row("附件：")
    signature, day = row("青禾街道网格化服务管理办公室"), row("2026年7月3日")
    found = [recipients - title, body - recipients, annex - body, signature - annex, day - signature]
    # 标题下空一行, 正文 (three rows) 下空一行, 附件说明下空一行, 日期在署名下一行
    assert found == pytest.approx([2, 1, 4, 2, 1], abs=TOLERANCE / LINE)
    second = [char for char in chars(pdf, 1) if char.y < form.AREA_BOTTOM]
    label, heading = second[0], next(char for char in second if char.size == form.SIZE_2)
    assert (label.text, row_of(label.y, label.size)) == ("附", pytest.approx(0, abs=TOLERANCE / LINE))
    assert row_of(heading.y, heading.size) == pytest.approx(2, abs=TOLERANCE / LINE)


def test_the_lines_of_a_title_and_the_number_are_centred():
    page = chars(made(), 0)
    number = next(char for char in page if char.text == "〔")
    for y, size in {(char.y, char.size) for char in page if char.size == form.SIZE_2 or char.y == number.y}:
        line = [char for char in page if char.y == y]
        font = FONTS.title if size == form.SIZE_2 else FONTS.fang
        right = line[-1].x + font.width(line[-1].text, size)
        assert (line[0].x + right) / 2 == pytest.approx(28 + 78, abs=TOLERANCE)


def test_the_title_is_of_second_size_centred_and_on_the_grid():
    pdf = made()
    page = [char for char in chars(pdf, 0) if char.size == form.SIZE_2]
    for y in {char.y for char in page}:
        line = [char for char in page if char.y == y]
        assert (line[0].left + line[-1].right) / 2 == pytest.approx(28 + 78, abs=1.0)
        # Larger type is centred on the row of the grid in which it stands.
        em = form.SIZE_2 * MM
        row = (y - 0.88 * em + em / 2 - form.CELL / 2 - 37) / LINE
        assert row == pytest.approx(round(row), abs=TOLERANCE / LINE)


def test_paragraphs_and_headings_begin_two_characters_in_and_go_on_flush_left():
    pdf = made(red_head=None, number=None)
    page = chars(pdf, 0)
    places: dict[str, float] = {}
    for y, text in body_rows(pdf, 0):
        places[text] = min(char.x for char in page if char.y == pytest.approx(y, abs=0.1))
    two = 28 + 2 * form.CELL
    for words in ("网" * 26, "一、黑体标题", "（一）楷体标题", "1.仿宋标题", "（1）仿宋标题", "格" * 26):
        assert places[words] == pytest.approx(two, abs=TOLERANCE), words
    for words in ("网" * 28, "格" * 4):
        assert places[words] == pytest.approx(28, abs=TOLERANCE), words
    assert {char.size for char in page if char.text in "一黑楷仿"} == {form.SIZE_3}


def test_every_row_of_every_page_stands_on_the_grid():
    pdf = made(body=(Paragraph("网" * 28 * 50), *BODY))
    for index in range(render.pages(pdf)):
        for y, text in body_rows(pdf, index):
            if text.startswith(("网网", "格格", "一、", "（", "1.")):
                row = (top_of(y) - 37) / LINE
                assert row == pytest.approx(round(row), abs=TOLERANCE / LINE)


def test_the_imprint_keeps_its_sides_and_its_lines_their_weights():
    many = "、".join(f"第{n}社区居民委员会" for n in range(1, 9))
    pdf = made(copies_to=many, issued_by="青禾街道党政办公室", issued_on=date(2026, 7, 5))
    index = render.pages(pdf) - 1
    page = [char for char in chars(pdf, index) if char.size == form.SIZE_4 and char.y < form.AREA_BOTTOM]
    em = form.SIZE_4 * MM
    copies = next(char for char in page if char.text == "抄")
    assert copies.x == pytest.approx(28 + em, abs=TOLERANCE)
    lines = sorted({round(char.y, 1) for char in page})
    assert len(lines) >= 3
    wrapped = [char for char in page if round(char.y, 1) == lines[1]]
    assert wrapped[0].x == pytest.approx(copies.x + 3 * em, abs=TOLERANCE)
    last = [char for char in page if round(char.y, 1) == lines[-1]]
    text = "".join(char.text for char in last)
    assert text == "青禾街道党政办公室2026年7月5日印发"
    assert last[0].x == pytest.approx(28 + em, abs=TOLERANCE)
    assert last[-1].x + em == pytest.approx(RIGHT - em, abs=TOLERANCE)
    rules = weights(pdf, index)
    assert [weight for _, weight in rules] == pytest.approx([0.35, 0.25, 0.35], abs=0.01)
    assert rules[-1][0] == pytest.approx(form.AREA_BOTTOM, abs=0.05)
    for line in strokes(pdf, index):
        assert (line.left, line.right) == pytest.approx((28, RIGHT), abs=TOLERANCE)


def weights(pdf: bytes, index: int) -> list[tuple[float, float]]:
    """Height and thickness of the lines of a page, from top to bottom."""
    document = pdfium.PdfDocument(pdf)
    found = []
    for part, stroke in zip(
        document[index].get_objects(filter=[raw.FPDF_PAGEOBJ_PATH]), strokes(pdf, index), strict=True
    ):
        wide = ctypes.c_float()
        assert raw.FPDFPageObj_GetStrokeWidth(part, ctypes.byref(wide))
        found.append(((stroke.top + stroke.bottom) / 2, wide.value * MM))
    document.close()
    return sorted(found)


@pytest.mark.parametrize("length", range(60, 700, 90))
def test_the_imprint_stands_on_a_back_behind_an_empty_page_if_need_be(length):
    pdf = made(body=(Paragraph("网" * length),), copies_to="区民政局", imprint_on_back=True)
    count = render.pages(pdf)
    assert count % 2 == 0
    assert "抄送：区民政局。" in render.page_text(pdf, count - 1)
    texts = ["".join(render.page_text(pdf, index).split()) for index in range(count)]
    numbered = [f"—{index + 1}—" in text for index, text in enumerate(texts)]
    if texts[count - 2] == "":
        assert numbered == [True] * (count - 2) + [False, False]
    else:
        assert all(numbered)
