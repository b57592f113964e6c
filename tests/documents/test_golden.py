"""Every page of every reference document looks as it did when it was looked at."""

from __future__ import annotations

from datetime import date

import pytest
from PIL import Image

from gridoffice.documents import render
from gridoffice.documents.pdf_surface import PdfSurface
from tests.documents.golden import TOLERANCE, difference, kept, path_of, picture
from tests.documents.paper import FONTS
from tests.documents.references import NAMES_OF_ALL, reference


@pytest.mark.parametrize("name", NAMES_OF_ALL)
def test_pages_look_as_they_did(name):
    pdf = reference(name)
    assert len(kept(name)) == render.pages(pdf)
    for index in range(render.pages(pdf)):
        with Image.open(path_of(name, index)) as golden:
            found = difference(picture(pdf, index), golden.convert("L"))
        assert found <= TOLERANCE, f"page {index + 1} of {name} differs by {found:.0f}: look at it"


def test_a_line_that_moves_by_half_a_millimetre_is_seen():
    def page(
        y: float, text: str = "应参加考核网格员189名，实际参加186名，病假、产假3名不定等次。"
    ) -> Image.Image:
        surface = PdfSurface("试", "", date(2026, 7, 3))
        surface.page(210, 297)
        surface.text(28, y, text, FONTS.fang, 16)
        return picture(surface.finish(), 0)

    assert difference(page(100), page(100)) == 0
    assert difference(page(100), page(100.5)) > TOLERANCE
    assert (
        difference(page(100), page(100, "应参加考核网格员189名，实际参加185名，病假、产假3名不定等级。")) > 5
    )
