"""工作证 on paper: what stands on it, the code read back by a reader of its own, backs behind their fronts."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from gridoffice.documents.model import Badge, BadgeLayout
from gridoffice.documents.pdf import badge_pdf
from gridoffice.documents.render import page_png, page_text, pages
from gridoffice.errors import OfficeError

NAMES = ("王𠮷𬭎", "李䶮", "阿依古丽·买买提·阿卜杜拉", "单晓琴", "赵𫍯", "㐂")
TEXT = "网格员工作证\n单位：青禾街道办事处\n姓名：{}\n职务：专职网格员\n编号：519921001-00043\n有效期至：2027-12-31"
DPI = 200


def badge(name: str, **changes) -> Badge:
    values: dict[str, Any] = {
        "name": name,
        "title": "专职网格员",
        "grid": "梧桐·第一网格·微网格01",
        "number": "519921001-00043",
        "until": "2027-12-31",
        "organisation": "青禾街道办事处",
        "code": TEXT.format(name),
        "phone": "12345",
    }
    return Badge(**(values | changes))


def codes(pdf: bytes, page: int) -> list[tuple[str, float, float]]:
    """The codes on a page: text and middle, in millimetres from the left and the top."""
    with Image.open(BytesIO(page_png(pdf, page, DPI))) as picture:
        found = zxingcpp.read_barcodes(picture.convert("RGB"))
    scale = 25.4 / DPI
    places = []
    for one in found:
        corners = (one.position.top_left, one.position.bottom_right)
        places.append(
            (one.text, sum(c.x for c in corners) / 2 * scale, sum(c.y for c in corners) / 2 * scale)
        )
    return sorted(places, key=lambda place: (round(place[2] / 20), place[1]))


@pytest.mark.parametrize("layout", list(BadgeLayout))
def test_every_code_is_read_back_and_lies_behind_its_front(layout: BadgeLayout) -> None:
    across, down = layout.grid
    pdf = badge_pdf([badge(name) for name in NAMES], layout, "工作证")
    sheets = -(-len(NAMES) // (across * down))
    assert pages(pdf) == 2 * sheets
    read = [text for sheet in range(sheets) for text, _, _ in codes(pdf, 2 * sheet + 1)]
    assert sorted(read) == sorted(TEXT.format(name) for name in NAMES)
    first_row = [text for text, _, _ in codes(pdf, 1)][:across]
    assert first_row == [TEXT.format(name) for name in NAMES[:across][::-1]], "mirrored behind the fronts"
    for _, x, _ in codes(pdf, 1):
        assert 0 < x < 210


@pytest.mark.parametrize("layout", list(BadgeLayout))
def test_what_a_card_says(layout: BadgeLayout) -> None:
    pdf = badge_pdf([badge(name) for name in NAMES[:3]], layout, "工作证")
    front, back = page_text(pdf, 0), page_text(pdf, 1)
    for words in (*NAMES[:3], "专职网格员", "梧桐·第一网格·微网格01", "519921001-00043", "2027-12-31"):
        assert words in front
    assert "监督电话 12345" in back and "长边翻转" in back
    assert badge_pdf([badge(NAMES[0])], layout, "工作证") == badge_pdf([badge(NAMES[0])], layout, "工作证")


def test_a_portrait_stands_in_its_frame() -> None:
    held = BytesIO()
    Image.new("RGB", (400, 300), (200, 30, 30)).save(held, "JPEG")
    pdf = badge_pdf([badge("李䶮", photo=held.getvalue())], BadgeLayout.CARD, "工作证")
    with Image.open(BytesIO(page_png(pdf, 0, DPI))) as picture:
        found = picture.convert("RGB")

    def at(x: float, y: float) -> tuple[int, ...]:
        return found.getpixel((round(x / 25.4 * DPI), round(y / 25.4 * DPI)))  # type: ignore[return-value]

    left, top = (210 - 2 * 85.6) / 2, (297 - 5 * 54) / 2
    assert at(left + 6, top + 18.5)[0] > 180 and at(left + 27, top + 47.5)[0] > 180
    assert at(left + 4, top + 30) == (255, 255, 255), "nothing stands outside the frame"
    assert "照片" not in page_text(pdf, 0)


def test_a_character_that_no_font_has_is_named() -> None:
    with pytest.raises(OfficeError, match=r"U\+1F600|😀"):
        badge_pdf([badge("😀")], BadgeLayout.CARD, "工作证")
