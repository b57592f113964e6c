"""The text of every page of every reference document comes out of two readers as it was drawn."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from gridoffice.documents import render
from tests.documents.paper import poppler_text
from tests.documents.recorder import Recorder
from tests.documents.references import NAMES_OF_ALL, draw, reference


@pytest.mark.parametrize("name", NAMES_OF_ALL)
def test_every_page_says_what_was_drawn_on_it(name: str, tmp_path: Path) -> None:
    drawn = Recorder()
    draw(name, drawn)
    pdf = reference(name)
    assert render.pages(pdf) == len(drawn.pages)
    poppler = poppler_text(pdf, tmp_path).split("\f")
    for index, page in enumerate(drawn.pages):
        # which line a reader takes first is its own affair; not one character is lost, doubled or another
        wanted = Counter(char for char, *_ in page["letters"] if not char.isspace())
        assert Counter("".join(render.page_text(pdf, index).split())) == wanted, f"pdfium, page {index + 1}"
        assert Counter("".join(poppler[index].split())) == wanted, f"poppler, page {index + 1}"
