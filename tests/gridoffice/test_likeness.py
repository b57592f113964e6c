"""A grid that nobody knows by the name in the workbook: which one was meant, the likeliest first."""

from __future__ import annotations

from datetime import date

import pytest

from gridoffice.demo import Size, make
from gridoffice.grids.likeness import plain_number
from gridoffice.grids.naming import Gazetteer
from tests.gridoffice.test_naming import book_of


@pytest.fixture(scope="module")
def book() -> Gazetteer:
    return book_of(make(Size.STREET, date(2026, 9, 15)))


@pytest.mark.parametrize(
    "written, plain",
    [
        ("第十二网格", "12网格"),
        ("第3网格", "3网格"),
        ("二十网格", "20网格"),
        ("一般网格03", "一般网格3"),
        ("十里铺社区", "十里铺社区"),
    ],
)
def test_numbers_are_compared_in_one_way_of_writing(written: str, plain: str) -> None:
    assert plain_number(written) == plain


@pytest.mark.parametrize(
    "parts, first",
    [
        (["梧桐社区第2网格"], "梧桐·第二网格"),
        (["青禾街道", "柳荫社区", "二 网格"], "柳荫·第二网格"),
        (["梧桐", "第2网恪"], "梧桐·第二网格"),
        (["悟桐社区"], "梧桐社区"),
    ],
)
def test_the_likeliest_comes_first(book: Gazetteer, parts: list[str], first: str) -> None:
    found = book.like(parts)
    assert book.display(found[0]) == first
    assert len(found) == len(set(found)) <= 8


def test_a_text_like_nothing_offers_nothing(book: Gazetteer) -> None:
    assert book.like(["xyz"]) == []
