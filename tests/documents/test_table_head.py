"""Heads of tables as deep as their headings are nested."""

from __future__ import annotations

from pathlib import Path

from gridoffice.documents.model import ColumnHead, HeadGroup
from gridoffice.documents.pdf import ledger_pdf
from gridoffice.documents.render import page_text
from gridoffice.documents.table_head import HeadCell, lay_head
from tests.documents.paper import poppler_text

THREE: tuple[ColumnHead, ...] = (
    "名次",
    HeadGroup("量的评价", ("立案数", HeadGroup("按期结案", ("数", "得分")))),
    HeadGroup("质的评价", ("返工率", "扣分")),
    "综合得分",
)


def laid(
    headings: tuple[ColumnHead, ...], columns: int, least: float = 0.0
) -> tuple[float, dict[str, HeadCell]]:
    edges = [10.0 * place for place in range(columns + 1)]
    height, cells = lay_head(headings, edges, lambda title, first, span: title.split("\n"), 4.0, 2.0, least)
    return height, {"".join(cell.lines): cell for cell in cells if cell.lines != ["得分"]}


def test_a_heading_without_others_below_reaches_the_rows() -> None:
    height, cells = laid(THREE, 7)
    assert height == 18.0  # three levels of one line
    assert (cells["名次"].top, cells["名次"].height) == (0.0, 18.0)
    assert (cells["立案数"].top, cells["立案数"].height) == (6.0, 12.0)
    assert (cells["按期结案"].left, cells["按期结案"].width, cells["按期结案"].top) == (20.0, 20.0, 6.0)
    assert (cells["数"].top, cells["数"].height) == (12.0, 6.0)
    assert (cells["质的评价"].left, cells["质的评价"].width) == (40.0, 20.0)
    assert (cells["综合得分"].left, cells["综合得分"].height) == (60.0, 18.0)


def test_the_lowest_level_gives_room_to_whatever_needs_it() -> None:
    height, cells = laid(("很\n长\n的\n标\n题", HeadGroup("甲", ("乙", "丙"))), 3)
    assert height == 22.0 and cells["甲"].height == 6.0 and cells["乙"].height == 16.0
    assert laid(("名次", "姓名"), 2, least=9.0)[0] == 9.0


def test_cells_cover_the_head_without_gap_or_overlap() -> None:
    for headings, columns in ((THREE, 7), (("甲", HeadGroup("乙", ("丙",))), 2), (("甲",), 1)):
        edges = [7.0 * place for place in range(columns + 1)]
        height, cells = lay_head(headings, edges, lambda title, first, span: [title], 4.0, 2.0, 0.0)
        assert sum(cell.width * cell.height for cell in cells) == height * edges[-1]
        for one in cells:
            assert one.top >= 0 and one.top + one.height <= height
            for other in cells:
                apart = (
                    one.left + one.width <= other.left
                    or other.left + other.width <= one.left
                    or one.top + one.height <= other.top
                    or other.top + other.height <= one.top
                )
                assert one is other or apart


def test_two_readers_find_every_heading_on_every_page(tmp_path: Path) -> None:
    rows = [
        [str(place), "120", "118", "9.83", "1.69%", "0.34", f"{99 - place / 10:.2f}"] for place in range(60)
    ]
    pdf = ledger_pdf("部门考核情况表", ("单位：件、分",), THREE, rows)
    for index in range(2):
        words = "".join(page_text(pdf, index).split())
        for title in ("名次", "量的评价", "立案数", "按期结案", "质的评价", "返工率", "综合得分"):
            assert title in words, (index, title)
    assert poppler_text(pdf, tmp_path).count("量的评价") >= 2
