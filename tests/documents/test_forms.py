"""信函, 纪要, documents to a superior, joint issue, mirrored margins: measured on the page against
GB/T 9704-2012."""

from __future__ import annotations

import pytest

from gridoffice.documents import official_format as form
from gridoffice.documents import render
from gridoffice.documents.model import Form, Paragraph, TableAnnex
from gridoffice.documents.pdf import official_pdf
from tests.documents.paper import EM, FONTS, TOLERANCE, Char, chars, notice, rows, strokes, top_of

RIGHT = 28 + 156
LINE = form.STRICT_PITCH


def made(**changes: object) -> bytes:
    return official_pdf(notice(**changes), FONTS)


def found(page: list[Char], words: str) -> list[Char]:
    """The characters of words that were set one after the other."""
    place = "".join(char.text for char in page).index(words)
    return page[place : place + len(words)]


def test_number_secrecy_and_urgency_stand_at_the_upper_left_in_order():
    head = {"red_head": "青禾街道办事处文件", "number": "青街办〔2026〕1号"}
    pdf = made(**head, copy_number="000012", secrecy="秘密★1年", urgency="特急")
    page = chars(pdf, 0)
    for row, words in enumerate(("000012", "秘密★1年", "特急")):
        chosen = found(page, words)
        assert chosen[0].x == pytest.approx(28, abs=TOLERANCE)
        assert top_of(chosen[0].y) == pytest.approx(37 + row * LINE, abs=TOLERANCE)
        assert {char.size for char in chosen} == {16}
    # The first line stays empty without 份号, and the red head where it is.
    without = chars(made(**head, secrecy="秘密★1年"), 0)
    assert top_of(found(without, "秘密")[0].y) == pytest.approx(37 + LINE, abs=TOLERANCE)
    assert found(without, "青禾街道办事处文件")[0].top == pytest.approx(
        found(page, "青禾街道办事处文件")[0].top, abs=0.01
    )


@pytest.mark.parametrize("names", [("王芳",), ("欧阳喆", "王芳"), ("欧阳喆", "王芳", "李䶮")])
def test_a_document_to_a_superior_has_its_signers_at_the_right(names):
    pdf = made(red_head="青禾街道办事处文件", number="青街办〔2026〕15号", signers=names)
    page = chars(pdf, 0)
    number = found(page, "青街办〔2026〕15号")
    assert number[0].x == pytest.approx(28 + form.CELL, abs=TOLERANCE)
    last = found(page, names[-1])
    assert last[0].y == pytest.approx(number[0].y, abs=0.1)
    ends = [found(page, name)[-1].x + form.CELL for name in names]
    assert max(ends) == pytest.approx(RIGHT - form.CELL, abs=TOLERANCE)
    label = found(page, "签发人：")
    assert label[-1].x + form.CELL == pytest.approx(found(page, names[0])[0].x, abs=TOLERANCE)
    if len(names) == 3:
        assert last[0].x == pytest.approx(found(page, names[0])[0].x, abs=0.01)
        assert last[0].y - label[0].y == pytest.approx(LINE, abs=0.1)
        # Names of two characters are as wide as one of three.
        assert last[-1].x == pytest.approx(found(page, names[0])[-1].x, abs=TOLERANCE)
    (red,) = strokes(pdf, 0)
    assert (red.top + red.bottom) / 2 - top_of(number[0].y) - form.CELL == pytest.approx(4, abs=TOLERANCE)


def test_the_mark_of_a_joint_issue_names_every_organ_with_the_word_for_document_beside():
    pdf = made(red_head="青禾街道党工委\n青禾街道办事处\n青禾派出所\n文件", number="青街委〔2026〕6号")
    page = [char for char in chars(pdf, 0) if char.size > form.SIZE_2]
    organs = [found(page, name) for name in ("青禾街道党工委", "青禾街道办事处", "青禾派出所")]
    assert min(char.top for char in organs[0]) == pytest.approx(37 + 35, abs=TOLERANCE)
    # The shorter name is spread to the width of the others.
    assert {round(organ[0].x, 1) for organ in organs} == {round(organs[0][0].x, 1)}
    assert organs[2][-1].x == pytest.approx(organs[0][-1].x, abs=TOLERANCE)
    words = found(page, "文件")
    assert words[0].x > organs[0][-1].right
    assert words[0].y == pytest.approx(organs[1][0].y, abs=TOLERANCE)
    middle = (organs[0][0].left + words[-1].right) / 2
    assert middle == pytest.approx(28 + 78, abs=1.0)
    assert words[-1].right <= RIGHT


def test_a_joint_issue_of_many_still_shows_text_on_its_first_page():
    organs = "\n".join(f"青禾街道第{number}工作委员会" for number in range(1, 10))
    pdf = made(red_head=f"{organs}\n文件", number="青街委〔2026〕6号")
    assert any("为掌握全街道" in text for _, text in rows(pdf, 0))


@pytest.mark.parametrize(
    "organs",
    [
        ("青禾街道党工委", "青禾街道办事处"),
        ("青禾街道党工委", "青禾街道办事处", "青禾派出所"),
        ("青禾街道党工委", "青禾街道办事处", "青禾派出所", "青禾司法所"),
        ("青禾街道办事处", "甲局", "乙局", "丙局", "丁局"),
        ("青禾街道网格化服务管理工作领导小组", "青禾街道平安建设领导小组办公室", "青禾派出所"),
    ],
)
def test_seals_of_a_joint_issue_neither_touch_nor_leave_the_text_area(organs):
    pdf = made(signature="\n".join(organs), sealed=True)
    page = [char for index in range(render.pages(pdf)) for char in chars(pdf, index)]
    seals = []
    for organ in organs:
        name = found(page, organ)
        middle = (name[0].x + name[-1].x + form.CELL) / 2
        assert name[0].x >= 28 - TOLERANCE and name[-1].x + EM <= RIGHT + TOLERANCE
        seals.append((middle, name[0].y))
    for middle, _ in seals:
        assert middle - form.SEAL / 2 >= 28 - TOLERANCE and middle + form.SEAL / 2 <= RIGHT + TOLERANCE
    for place, (x, y) in enumerate(seals):
        for other_x, other_y in seals[:place]:
            assert ((x - other_x) ** 2 + (y - other_y) ** 2) ** 0.5 > form.SEAL
    day = found(page, "2026年7月3日")
    last = seals[-1]
    assert (day[0].x + day[-1].x + EM) / 2 == pytest.approx(last[0], abs=TOLERANCE)
    assert day[0].y - last[1] == pytest.approx(LINE, abs=0.1)
    if len(organs[-1]) < 8 and len(max(organs, key=len)) < 10:
        assert day[-1].x + form.CELL == pytest.approx(RIGHT - 4 * form.CELL, abs=TOLERANCE)


def test_unsealed_organs_of_a_joint_issue_stand_below_each_other():
    pdf = made(signature="青禾街道网格化服务管理办公室\n青禾派出所")
    page = chars(pdf, 0)
    first, second = found(page, "青禾街道网格化服务管理办公室"), found(page, "青禾派出所")
    day = found(page, "2026年7月3日")
    assert first[-1].x + form.CELL == pytest.approx(RIGHT - 2 * form.CELL, abs=TOLERANCE)
    assert second[0].x == pytest.approx(first[0].x, abs=0.01)
    assert day[0].x == pytest.approx(first[0].x + 2 * form.CELL, abs=TOLERANCE)
    assert day[0].y > second[0].y > first[0].y


def test_the_note_stands_in_brackets_below_the_date():
    pdf = made(remark="此件公开发布")
    page = chars(pdf, 0)
    note, day = found(page, "（此件公开发布）"), found(page, "2026年7月3日")
    assert note[0].x == pytest.approx(28 + 2 * form.CELL, abs=TOLERANCE)
    assert note[0].y - day[0].y == pytest.approx(LINE, abs=0.1)


def letter(**changes: object) -> bytes:
    parts: dict[str, object] = {
        "form": Form.LETTER,
        "red_head": "青禾街道办事处",
        "number": "青街函〔2026〕8号",
        "body": (Paragraph("网" * 700),),
        "copies_to": "区委组织部",
        "issued_by": "青禾街道党政办公室",
    }
    return made(**(parts | changes))


def test_a_letter_has_double_lines_170_mm_long_in_their_places():
    pdf = letter(secrecy="秘密")
    page = chars(pdf, 0)
    mark = found(page, "青禾街道办事处")
    assert min(char.top for char in mark) == pytest.approx(30, abs=TOLERANCE)
    assert (mark[0].left + mark[-1].right) / 2 == pytest.approx(105, abs=1.0)
    lines = strokes(pdf, 0)
    assert len(lines) == 4
    for line in lines:
        assert line.left == pytest.approx(20, abs=TOLERANCE)
        assert line.right == pytest.approx(190, abs=TOLERANCE)
    middles = [(line.top + line.bottom) / 2 for line in lines]
    assert middles[0] - form.DOUBLE_THICK / 2 == pytest.approx(
        max(char.bottom for char in mark) + 4, abs=TOLERANCE
    )
    assert middles[1] - middles[0] < 2 and middles[3] - middles[2] < 2
    assert 297 - (middles[3] + form.DOUBLE_THICK / 2) == pytest.approx(20, abs=TOLERANCE)
    double = middles[1] + form.DOUBLE_THIN / 2
    number, secret = found(page, "青街函〔2026〕8号"), found(page, "秘密")
    for chosen in (number, secret):
        assert top_of(chosen[0].y) - double == pytest.approx(form.CELL * 7 / 8, abs=TOLERANCE)
    width = FONTS.fang.width("号", 16)
    assert number[-1].x + width == pytest.approx(RIGHT, abs=TOLERANCE)
    assert secret[0].x == pytest.approx(28, abs=TOLERANCE)
    title = found(page, "关于2026年6月")
    assert 2 <= (top_of(title[0].y) - top_of(number[0].y) - form.CELL) / LINE < 3.2


def test_a_letter_numbers_its_second_page_and_its_imprint_has_no_lines():
    pdf = letter()
    first, second = chars(pdf, 0), chars(pdf, 1)
    assert not [char for char in first if char.y > form.AREA_BOTTOM]
    assert "".join(char.text for char in second if char.y > form.AREA_BOTTOM + 3) == "—2—"
    assert strokes(pdf, 1) == []
    text = render.page_text(pdf, 1)
    assert "抄送：区委组织部。" in text and "印发" not in text and "党政办" not in text
    copies = found(second, "抄送：")
    assert form.AREA_BOTTOM - 8 < copies[0].y < form.AREA_BOTTOM


def test_minutes_name_who_was_there_and_are_not_signed():
    present = "街道党工委副书记欧阳喆，街道网格办王芳、李䶮，永宁社区赵犇，梧桐社区钱頔，河湾社区孙伟"
    pdf = made(
        form=Form.MINUTES,
        red_head="青禾街道办事处会议纪要",
        number="〔2026〕3号",
        body=(Paragraph("会议研究了三件事。"),),
        attendance=(("出席", present), ("请假", "金沙社区周𫍯")),
    )
    page = chars(pdf, 0)
    mark = [char for char in page if char.size > form.SIZE_2]
    assert min(char.top for char in mark) == pytest.approx(37 + 35, abs=TOLERANCE)
    label, names = found(page, "出席："), found(page, "街道党工委副书记")
    assert label[0].x == pytest.approx(28 + 2 * form.CELL, abs=TOLERANCE)
    assert names[0].x == pytest.approx(28 + 5 * form.CELL, abs=TOLERANCE)
    wrapped = [char for char in page if char.y == pytest.approx(names[0].y + LINE, abs=0.1)]
    assert wrapped[0].x == pytest.approx(names[0].x, abs=0.01)
    texts = [text for _, text in rows(pdf, 0)]
    assert sum("2026年7月3日" in text for text in texts) == 1  # in the head, not below the text
    organ = next(text for text in texts if "2026年7月3日" in text)
    assert organ.startswith("青禾街道网格化服务管理办公室")
    (red,) = strokes(pdf, 0)
    day = found(page, "2026年7月3日")
    assert (red.top + red.bottom) / 2 - top_of(day[0].y) - form.CELL == pytest.approx(4, abs=TOLERANCE)


def test_mirrored_margins_bind_the_backs_of_sheets_at_the_right():
    table = TableAnnex("名单", ("序号", "姓名"), [(str(n), "王芳") for n in range(90)], landscape=True)
    pdf = made(body=(Paragraph("网" * 3000),), mirrored=True, attachments=(table,), copies_to="区民政局")
    for index in range(render.pages(pdf)):
        left = 28 if index % 2 == 0 else 26
        page = chars(pdf, index)
        body = [char for char in page if char.y < form.AREA_BOTTOM]
        lines = strokes(pdf, index)
        if "网网" in render.page_text(pdf, index):
            assert min(char.x for char in body) == pytest.approx(left, abs=TOLERANCE)
        elif lines:
            assert min(line.left for line in lines) >= left - TOLERANCE
            assert max(line.right for line in lines) <= left + 156 + TOLERANCE
        foot = [char for char in page if char.y > form.AREA_BOTTOM + 4]
        assert "".join(char.text for char in foot) == f"—{index + 1}—"
        one = 14 * 25.4 / 72
        if index % 2:
            assert foot[0].x == pytest.approx(left + one, abs=TOLERANCE)


def test_office_style_puts_wide_tables_on_landscape_sheets():
    table = TableAnnex("名单", ("序号", "姓名"), [(str(n), "王芳") for n in range(90)], landscape=True)
    pdf = made(attachments=(table,), landscape_sheets=True, copies_to="区民政局")
    last = render.pages(pdf) - 1
    for index in range(1, last):
        assert render.page_size(pdf, index) == pytest.approx((297, 210), abs=0.1)
        page = chars(pdf, index)
        foot = [char for char in page if char.y > 210 - 16]
        assert "".join(char.text for char in foot) == f"—{index + 1}—"
        assert (foot[0].left + foot[-1].right) / 2 == pytest.approx(148.5, abs=TOLERANCE)
    # 版记 stands on an upright page at the end.
    assert render.page_size(pdf, last) == pytest.approx((210, 297), abs=0.1)
    assert "抄送：区民政局。" in render.page_text(pdf, last)
