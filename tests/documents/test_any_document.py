"""Whatever a document holds: nothing is lost, nothing overlaps, nothing leaves its place."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from gridoffice.documents import official_format as form
from gridoffice.documents import render
from gridoffice.documents.model import Form, Heading, Paragraph, TableAnnex, TextAnnex
from gridoffice.documents.pdf import official_pdf
from tests.documents.paper import FONTS, RARE, chars, notice, strokes

ORGANS = (
    "青禾街道办事处",
    "中共青禾街道工作委员会",
    "青禾派出所",
    "青禾街道网格化服务管理工作领导小组办公室",
)
organs = st.lists(st.sampled_from(ORGANS), min_size=1, max_size=4, unique=True)
words = st.text(
    st.sampled_from("为掌握网格员履职情况，对6月份工作进行了考核。《》（）" + RARE), min_size=4, max_size=160
)
blocks = st.lists(
    st.one_of(
        words.map(Paragraph),
        st.tuples(st.integers(1, 4), words.map(lambda text: text[:20])).map(lambda pair: Heading(*pair)),
    ),
    min_size=1,
    max_size=14,
)
table = TableAnnex("得分表", ("序号", "姓名"), [(str(n), "王𠮷𬭎") for n in range(1, 30)], landscape=True)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, object]:
    heads = draw(organs)
    return {
        "form": draw(st.sampled_from(list(Form))),
        "red_head": draw(st.sampled_from([None, heads[0] + "文件", "\n".join(heads), "\n".join([*heads, "文件"])])),
        "number": draw(st.sampled_from([None, "青街办〔2026〕14号"])),
        "title": "关于" + draw(st.sampled_from(["6月考核", "做好2026年下半年专职网格员岗前培训和持证上岗工作"])) + "的通知",
        "body": tuple(draw(blocks)),
        "signature": "\n".join(draw(organs)),
        "sealed": draw(st.booleans()),
        "preprinted": draw(st.booleans()),
        "compact": draw(st.booleans()),
        "mirrored": draw(st.booleans()),
        "copy_number": draw(st.sampled_from([None, "000012"])),
        "secrecy": draw(st.sampled_from([None, "秘密★1年"])),
        "urgency": draw(st.sampled_from([None, "特急"])),
        "signers": tuple(draw(st.lists(st.sampled_from(["王芳", "李小明", "欧阳喆"]), max_size=4))),
        "remark": draw(st.sampled_from([None, "此件公开发布"])),
        "attendance": draw(st.sampled_from([(), (("出席", "王芳、李小明、" * 9 + "赵犇"), ("请假", "钱頔"))])),
        "attachments": draw(st.sampled_from([(), (table,), (TextAnnex("办法", (Paragraph("条" * 99),)), table)])),
        "copies_to": draw(st.sampled_from([None, "区民政局"])),
        "issued_by": draw(st.sampled_from([None, "青禾街道党政办公室"])),
        "imprint_on_back": draw(st.booleans()),
        "landscape_sheets": draw(st.booleans()),
    }  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(documents())
def test_nothing_is_lost_nothing_overlaps_nothing_leaves_the_sheet(parts):
    document = notice(**parts)
    pdf = official_pdf(document, FONTS)
    count = render.pages(pdf)
    text = "".join("".join(render.page_text(pdf, index).split()) for index in range(count))
    text = re.sub(r"—\d+—", "", text)
    for block in document.body:
        assert isinstance(block, (Paragraph, Heading)) and block.text in text
    for organ in document.signed_by:
        assert organ in text
    for index in range(count):
        wide, tall = render.page_size(pdf, index)
        left = 26 if document.mirrored and index % 2 else 28
        page = chars(pdf, index)
        upright = wide < tall
        for char in page:
            assert char.left >= 0 and char.right <= max(wide, 210)
            if upright and char.size == form.SIZE_3 and char.y < form.AREA_BOTTOM:
                assert left - 0.3 <= char.x <= left + 156 + 3, char
                assert 37 - 1 <= char.y <= form.AREA_BOTTOM + 0.2
        if upright:
            for line in strokes(pdf, index):
                assert line.left >= 20 - 0.1 and line.right <= 190.1
            rows = sorted({round(char.y, 1) for char in page if char.size == form.SIZE_3})
            apart = [b - a for a, b in pairwise(rows) if b - a > 0.6]
            assert all(step > 5.6 for step in apart), apart
