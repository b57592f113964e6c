"""An OFD file read back by two readers that are not ours to write it: every letter, line, picture, font."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import ofdkit
import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from gridoffice.documents.fonts import POINT, FontSet
from gridoffice.documents.ofd_surface import OfdSurface
from gridoffice.documents.official_layout import Writer
from gridoffice.documents.surface import BLACK, RED
from tests.documents.ofd_reader import Letter, Reader, q
from tests.documents.recorder import Recorder
from tests.documents.test_docx import NOTICE

FONTS = FontSet.bundled()


def made() -> bytes:
    surface = OfdSurface(NOTICE.title, NOTICE.organisation, NOTICE.day)
    Writer(surface, FONTS, NOTICE).write()
    return surface.finish()


@pytest.fixture(scope="module")
def notice() -> bytes:
    return made()


def test_every_letter_stands_where_it_was_drawn(notice: bytes) -> None:
    drawn = Recorder()
    Writer(drawn, FONTS, NOTICE).write()
    reader = Reader(notice)
    assert len(reader.pages) == len(drawn.pages) > 3
    for seen, page in zip(reader.pages, drawn.pages, strict=True):
        assert (seen.width, seen.height) == pytest.approx(page["size"])
        assert [one.char for one in seen.letters] == [one[0] for one in page["letters"]]
        for letter, (_, x, y, size) in zip(seen.letters, page["letters"], strict=True):
            assert (letter.x, letter.y, letter.size) == pytest.approx((x, y, size), abs=0.02)
        lines = [one for one in seen.paths if not one.filled]
        assert len(lines) == len(page["lines"])
        for path, (start, end, width) in zip(lines, page["lines"], strict=True):
            assert path.points[0] == pytest.approx(start, abs=0.005)
            assert path.points[1] == pytest.approx(end, abs=0.005)
            assert path.width == pytest.approx(width, abs=0.001)


def test_another_reader_finds_the_same_text(notice: bytes, tmp_path: Path) -> None:
    file = tmp_path / "通报.ofd"
    file.write_bytes(notice)
    text = "".join(ofdkit.extract_text(file).split())
    for said in (
        "青禾街道网格化服务管理办公室文件",
        "青网格办〔2026〕14号",
        "䶮㐂𬭎𠮷𫍯五人表现突出，占2.6%。",
    ):
        assert said in text, said
    for number in range(1, 40):
        assert f"王𠮷𬭎{number}" in text


def test_fonts_hold_what_is_used_and_draw_it_the_same(notice: bytes) -> None:
    reader = Reader(notice)
    opened: dict[str, Any] = {key: TTFont(BytesIO(data)) for key, data in reader.fonts.items()}
    faces = {face.name: face for font in (FONTS.song, FONTS.fang, FONTS.title) for face, _ in font.layers}
    seen: set[tuple[str, str]] = set()
    letters: list[Letter] = [one for page in reader.pages for one in page.letters]
    for letter in letters:
        if (letter.font, letter.char) in seen:
            continue
        seen.add((letter.font, letter.char))
        font = opened[letter.font]
        names = font.getGlyphOrder()
        name = names[letter.glyph] if letter.glyph is not None else font.getBestCmap().get(ord(letter.char))
        assert name is not None, letter
        face = faces.get(font["name"].getDebugName(6) or "")
        if face is not None and letter.char != " ":
            number = letter.glyph if letter.glyph is not None else font.getGlyphID(name)
            advance = font["hmtx"][name][0] / font["head"].unitsPerEm
            assert advance == pytest.approx(face.advance(number), abs=0.001)
    assert sum(map(len, reader.fonts.values())) < 1_000_000
    assert len(seen) > 100


def test_the_file_says_what_it_is_and_that_it_is_not_for_seals(notice: bytes) -> None:
    reader = Reader(notice)
    assert reader.info["Title"] == NOTICE.title
    assert reader.info["Author"] == NOTICE.organisation
    assert reader.info["CreationDate"] == "2026-07-03"
    assert reader.custom == {"用途": "不用于电子签章"}
    attached = json.loads(reader.attachment())
    assert attached["题名"] == NOTICE.title and attached["用途"] == "不用于电子签章"
    assert attached["页数"] == len(reader.pages)
    titles = [title for title, _, _ in reader.outline]
    assert titles == [NOTICE.title, "附件1 考核成绩表", "附件2 工作要求"]
    assert [page for _, page, _ in reader.outline] == sorted(page for _, page, _ in reader.outline)


def test_the_same_drawing_gives_the_same_bytes(notice: bytes) -> None:
    assert made() == notice


def test_areas_pictures_and_turned_words() -> None:
    surface = OfdSurface("试", day=date(2026, 7, 3))
    surface.page(210, 297)
    surface.rectangle(10, 20, 30, 40, RED)
    surface.blocks([(0, 0, 1, 1), (2, 2, 1, 1)], BLACK)
    target = BytesIO()
    Image.new("RGB", (400, 200), (0, 128, 0)).save(target, "PNG")
    surface.image(50, 60, 20, 20, target.getvalue())
    surface.image(80, 60, 20, 20, target.getvalue())
    with surface.turned(30, 250):
        surface.text(5, 7, "𠮷<&>", FONTS.song, 12)
        surface.line(0, 0, 10, 0, 0.2)
    reader = Reader(surface.finish())
    (page,) = reader.pages
    area, many, line = page.paths
    assert area.filled and area.colour == (213, 16, 16)
    assert area.points == ((10, 20), (40, 20), (40, 60), (10, 60))
    assert len(many.points) == 8
    assert [tuple(map(round, point)) for point in line.points] == [(30, 250), (30, 240)]
    assert [one.char for one in page.letters] == list("𠮷<&>")
    first = page.letters[0]
    assert (first.x, first.y) == pytest.approx((37, 245), abs=0.01)
    assert first.along == (0, -1), "right is up"
    (one, place), (other, _) = page.pictures
    assert one == other and place == pytest.approx((50, 60, 70, 80))
    with Image.open(BytesIO(reader.media[one or ""])) as picture:
        assert picture.size == (200, 200), "cut evenly at both sides"


def test_a_rare_character_of_a_heading_is_thickened_as_in_a_pdf() -> None:
    surface = OfdSurface("试")
    surface.page(40, 40)
    surface.text(5, 20, "王𠮷", FONTS.title, 20, colour=RED)
    reader = Reader(surface.finish())
    page = reader._xml("Doc_0/Pages/Page_0/Content.xml")
    usual, thick = list(page.iter(q("TextObject")))
    assert usual.get("Stroke") is None and "".join(usual.itertext()) == "王"
    assert thick.get("Stroke") == "true" and "".join(thick.itertext()) == "𠮷"
    glyph = FONTS.title.glyph("𠮷")
    assert float(thick.get("LineWidth") or 0) == pytest.approx(
        FONTS.title.thickened[glyph.face] * 20 * POINT, abs=0.001
    )
    inks = [one.get("Value") for name in ("FillColor", "StrokeColor") for one in thick.findall(q(name))]
    assert len(inks) == 2 and inks[0] == inks[1]
