"""No character is lost, and the one that nobody has is named."""

from __future__ import annotations

import io
import shutil
import struct
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageStat

import resources
from gridoffice.documents.fonts import BUNDLED_ONLY, Face, FontSet, printable, stand_ins
from gridoffice.documents.model import Paragraph
from gridoffice.documents.pdf import official_pdf
from gridoffice.documents.pdf_surface import PdfSurface
from gridoffice.documents.render import page_png, page_text
from gridoffice.errors import OfficeError
from tests.documents.paper import FONTS, RARE, notice, poppler_text

LOOKS = (FONTS.song, FONTS.fang, FONTS.kai, FONTS.hei, FONTS.title)

# GB 18030-2022 level 3: the 87,887 ideographs of Unicode 11 up to extension F, of which 12 stand among the
# compatibility ideographs, and the 228 radicals, of which 14 are in the supplement.
_APART = "〇⺁⺄⺈⺋⺌⺗⺧⺪⺮⺳⺶⺷⺻⻊﨎﨏﨑﨓﨔﨟﨡﨣﨤﨧﨨﨩"
LEVEL_3 = (
    *((ord(char), ord(char)) for char in _APART),
    (0x2F00, 0x2FD5),
    (0x3400, 0x4DB5),
    (0x4E00, 0x9FEF),
    (0x20000, 0x2A6D6),
    (0x2A700, 0x2B734),
    (0x2B740, 0x2B81D),
    (0x2B820, 0x2CEA1),
    (0x2CEB0, 0x2EBE0),
)


@pytest.mark.parametrize("font", LOOKS, ids=lambda font: font.name)
def test_every_look_sets_every_character_of_gb18030_level_3(font):
    missing = [
        f"{code:04X}"
        for first, last in LEVEL_3
        for code in range(first, last + 1)
        if not any(suits(code) and face.glyph(code) for face, suits in font.layers)
    ]
    assert missing == []


def test_level_3_has_as_many_characters_as_the_standard_says():
    codes = [code for first, last in LEVEL_3 for code in range(first, last + 1)]
    radicals = [code for code in codes if 0x2E80 <= code < 0x2FE0]
    assert len(radicals) == 228
    assert len(codes) - len(radicals) - 1 == 87887  # 〇 is counted among the signs


@pytest.mark.parametrize("font", LOOKS, ids=lambda font: font.name)
def test_every_look_sets_every_sign_that_gb18030_writes_in_two_bytes(font):
    trails = (*range(0x40, 0x7F), *range(0x80, 0xFF))
    pairs = (bytes((lead, trail)) for lead in range(0x81, 0xFF) for trail in trails)
    signs = [char for pair in pairs if len(char := pair.decode("gb18030", "ignore")) == 1]
    assert len(signs) > 21_000
    assert [char for char in signs if not "\ue000" <= char <= "\uf8ff" and not font.has(char)] == []


@pytest.mark.parametrize("font", [FONTS.song, FONTS.fang], ids=lambda font: font.name)
def test_every_character_of_level_3_is_read_back_from_paper_by_both_readers(font, tmp_path):
    characters = [chr(code) for first, last in LEVEL_3 for code in range(first, last + 1)]
    lines = ["".join(characters[start : start + 60]) for start in range(0, len(characters), 60)]
    surface = PdfSurface("全部汉字")
    for start in range(0, len(lines), 80):
        surface.page(210, 297)
        for place, line in enumerate(lines[start : start + 80]):
            surface.text(10, 12 + place * 3.5, line, font, 8)
    pdf = surface.finish()
    with pdfium.PdfDocument(pdf) as document:  # opened once: its fonts are large
        ours = "".join("".join(page.get_textpage().get_text_bounded().split()) for page in document)
    assert ours == "".join(characters)
    assert "".join(poppler_text(pdf, tmp_path).split()) == ours


def test_a_rare_character_falls_back_alone():
    faces = [FONTS.fang.glyph(char).face.path.name for char in "王𠮷𬭎员"]
    assert faces == [
        "FandolFang-Regular.otf",
        "HanaMinB.ttf",
        "NotoSerifSC-Light.ttf",
        "FandolFang-Regular.otf",
    ]


def test_digits_and_letters_beside_fangsong_come_from_the_serif():
    for char in "0123456789AaXx%.,":
        assert FONTS.fang.glyph(char).face.path.name == "NotoSerifSC-Light.ttf"


def test_digits_of_the_table_font_have_one_width():
    assert {FONTS.song.glyph(char).advance for char in "0123456789"} == {0.5}
    assert len({FONTS.song.glyph(char).number for char in "0123456789"}) == 10


def test_a_glyph_of_a_cff_font_stands_for_one_character_only():
    fang = FONTS.fang.layers[0][0]
    assert fang.cff
    assert fang.glyph(ord("人")) and not fang.glyph(0x2F08)
    assert FONTS.fang.glyph(chr(0x2F08)).face.path.name == "NotoSerifSC-Light.ttf"


def test_a_character_nobody_has_is_named_with_its_text():
    surface = PdfSurface("试")
    surface.page(210, 297)
    with pytest.raises(OfficeError) as caught:
        surface.text(20, 20, "张\ue123明", FONTS.fang, 16)
    assert "“张\ue123明”" in caught.value.message and "U+E123" in caught.value.message
    with pytest.raises(OfficeError, match=r"U\+E123"):
        FONTS.song.width("张\ue123明")


def test_invisible_characters_do_not_reach_paper():
    assert printable("王\u200b小\ufeff明\ufe00\U000e0100") == "王小明"
    assert printable("第一行\n第二行\t末") == "第一行 第二行 末"
    assert printable("阿依古丽·买买提 𠮷") == "阿依古丽·买买提 𠮷"


def _windows(monkeypatch: pytest.MonkeyPatch, folder: Path, embedding: int) -> Path:
    """A Windows font folder below a Chinese name, with a 仿宋 whose maker set `embedding`."""
    fonts = folder / "系统" / "Fonts"
    fonts.mkdir(parents=True)
    font = fonts / "simfang.ttf"
    shutil.copyfile(resources.path("fonts", "NotoSerifSC-Light.ttf"), font)
    data = bytearray(font.read_bytes())
    for number in range(struct.unpack_from(">H", data, 4)[0]):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, 12 + 16 * number)
        if tag == b"OS/2":
            struct.pack_into(">H", data, offset + 8, embedding)
    font.write_bytes(data)
    monkeypatch.setenv("WINDIR", str(folder / "系统"))
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.delenv(BUNDLED_ONLY, raising=False)
    return font


def test_the_computers_own_fangsong_is_used_where_it_lies(monkeypatch, tmp_path):
    font = _windows(monkeypatch, tmp_path, embedding=8)
    found = FontSet.found()
    assert found.fang.glyph("网").face.path == font
    assert found.fang.glyph("𠮷").face.path.name == "HanaMinB.ttf"
    assert "仿宋" not in found.substitutes and found.substitutes["楷体"] == "文楷"
    monkeypatch.setenv(BUNDLED_ONLY, "1")
    assert FontSet.found() is FontSet.bundled()


def test_the_typefaces_that_are_stood_in_for_are_named(monkeypatch, tmp_path):
    assert stand_ins(official_pdf(notice())) == (
        "代用字体：宋体（思源宋体）、仿宋（Fandol 仿宋）、楷体（文楷）、黑体（思源黑体）、小标宋（思源宋体粗体）"
    )
    _windows(monkeypatch, tmp_path, embedding=8)
    assert "仿宋" not in stand_ins(official_pdf(notice(body=(Paragraph("正文"),))))
    assert stand_ins(b"%PDF") == ""


def test_a_font_that_may_not_be_embedded_is_left_alone(monkeypatch, tmp_path):
    font = _windows(monkeypatch, tmp_path, embedding=2)
    assert not Face(font).embeddable
    assert FontSet.found().fang.glyph("网").face.path.name == "FandolFang-Regular.otf"
    assert "仿宋" in FontSet.found().substitutes


def test_bundled_fonts_may_be_embedded():
    for font in LOOKS:
        assert all(face.embeddable for face, _ in font.layers)


def test_every_rare_character_is_in_every_look():
    for font in LOOKS:
        assert all(font.has(char) for char in RARE)


@pytest.mark.parametrize("font", [FONTS.hei, FONTS.title], ids=lambda font: font.name)
def test_a_rare_character_in_a_heading_is_as_dark_as_its_sister(font):
    def ink(char: str) -> float:
        surface = PdfSurface("试")
        surface.page(40, 40)
        surface.text(5, 33, char, font, 80)
        pdf = surface.finish()
        assert page_text(pdf, 0) == char
        with Image.open(io.BytesIO(page_png(pdf, 0, 150))) as page:
            return 255 - ImageStat.Stat(page.convert("L")).mean[0]

    assert ink("𠮷") == pytest.approx(ink("吉"), rel=0.15)
