"""The preview shows the very bytes: sizes, pixels, text."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from gridoffice.documents import render
from gridoffice.documents.pdf import official_pdf
from tests.documents.paper import FONTS, notice

PDF = official_pdf(notice(red_head="青禾街道办事处文件", number="青街办〔2026〕14号"), FONTS)


def test_a_page_becomes_a_picture_of_its_size():
    assert render.pages(PDF) >= 1
    assert render.page_size(PDF, 0) == pytest.approx((210, 297), abs=0.1)
    picture = Image.open(io.BytesIO(render.page_png(PDF, 0, 72)))
    assert picture.size == (596, 842) or picture.size == (595, 842)


def test_pixels_are_blue_green_red_and_the_head_is_red():
    width, height, stride, data = render.page_rgb(PDF, 0, 1.0)
    assert stride >= width * 4 and len(data) >= stride * height
    picture = Image.frombuffer("RGB", (width, height), data, "raw", "BGRX", stride, 1)
    pixels = [picture.getpixel((x, y)) for y in range(200, 260) for x in range(0, width)]
    reds = [pixel for pixel in pixels if isinstance(pixel, tuple) and pixel[0] > 180 > 90 > pixel[2]]
    blues = [pixel for pixel in pixels if isinstance(pixel, tuple) and pixel[2] > 180 > 90 > pixel[0]]
    assert len(reds) > 300 and not blues


def test_the_text_of_a_page_is_read_in_order():
    text = "".join(render.page_text(PDF, index) for index in range(render.pages(PDF)))
    assert text.index("各社区（村）：") < text.index("一、总体情况") < text.index("2026年7月3日")
