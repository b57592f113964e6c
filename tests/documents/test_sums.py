"""Subtotals and the total of a ledger: right, each once, never parted from their rows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridoffice.documents import render
from gridoffice.documents.model import Paragraph, Sums, TableAnnex
from gridoffice.documents.pdf import ledger_pdf, official_pdf
from gridoffice.documents.sums import total, with_sums
from gridoffice.errors import OfficeError
from tests.documents.paper import FONTS, chars, notice, strokes

HEADS = ("序号", "社区", "姓名", "户数", "学时", "备注")


def by_community(rows: list[tuple[str, ...]], columns: tuple[int, ...] = (3, 4), unit: str = "人") -> Sums:
    return Sums(columns, [row[1] for row in rows], unit)


def people(count: int, size: int = 5) -> list[tuple[str, ...]]:
    return [
        (str(n), f"第{(n - 1) // size + 1}社区", "王𠮷𬭎", str(100 + n), f"{n * 0.5:g}", "")
        for n in range(1, count + 1)
    ]


def made(rows: list[tuple[str, ...]]) -> bytes:
    sums = by_community(rows)
    return ledger_pdf(
        "花名册", ("单位：青禾街道",), HEADS, rows, signature=("制表人",), sums=sums, fonts=FONTS
    )


def lines_of(pdf: bytes) -> list[list[str]]:
    """The lines of each page, from top to bottom."""
    pages = []
    for index in range(render.pages(pdf)):
        found: dict[float, str] = {}
        for char in sorted(chars(pdf, index), key=lambda char: (round(char.y, 1), char.x)):
            key = next((y for y in found if abs(y - char.y) < 0.3), char.y)
            found[key] = found.get(key, "") + char.text
        pages.append([found[y].replace("　", "") for y in sorted(found)])
    return pages


@pytest.mark.parametrize("count", [12, 47, 48, 49, 50, 51, 120])
def test_every_sum_stands_once_and_below_its_rows(count):
    rows = people(count)
    pages = lines_of(made(rows))
    text = [line for page in pages for line in page]
    communities = sorted({row[1] for row in rows}, key=lambda name: int(name[1:-2]))
    for name in communities:
        members = [row for row in rows if row[1] == name]
        sums = [line for line in text if line.startswith(f"{name}小计")]
        if len(members) == 1:
            assert sums == []
            continue
        households = sum(int(row[3]) for row in members)
        (line,) = sums
        assert line.startswith(f"{name}小计{len(members)}人{households}")
    (last,) = [line for line in text if line.startswith("合计")]
    assert last.startswith(f"合计{count}人{sum(100 + n for n in range(1, count + 1))}")
    for page in pages:
        body = [line for line in page if ("社区" in line and "单位" not in line) or line.startswith("合计")]
        assert "小计" not in body[0] and not body[0].startswith("合计"), "a sum left its rows"


def test_words_of_a_sum_are_not_crossed_by_a_line():
    pdf = made(people(12))
    words = [char for char in chars(pdf, 0) if char.text in "小计合"]
    assert len(words) >= 5
    for char in words:
        for line in strokes(pdf, 0):
            upright = line.right - line.left < 0.1
            assert not (upright and line.top < char.y < line.bottom and char.left < line.left < char.right)


def test_rows_of_a_group_come_together_and_their_order_stays():
    rows = [("1", "甲", "5"), ("2", "乙", "1"), ("3", "甲", "7"), ("4", "", "2")]
    found = with_sums(rows, by_community(rows, (2,), "户"))
    assert [row[0] for row in found.rows] == ["1", "3", "甲　小计　2 户", "2", "4", "合计　4 户"]
    assert [row[2] for row in found.rows] == ["5", "7", "12", "1", "2", "15"]
    assert found.spans == {2: 2, 5: 2}


def test_figures_are_added_as_they_are_printed():
    assert total(["1,200", "", "34.50", "—"]) == "1,234.50"
    assert total(["0.1"] * 10) == "1.0"
    assert total(["−3", "5"]) == "2"
    assert total(["5", "不详"]) == "" == total(["", "—"])


@given(st.lists(st.tuples(st.sampled_from("甲乙丙"), st.integers(-99, 999)), max_size=30))
def test_the_total_is_that_of_the_groups(values):
    rows = [("x", name, str(value)) for name, value in values]
    found = with_sums(rows, by_community(rows, (2,)))
    plain = [row for place, row in enumerate(found.rows) if place not in found.spans]
    assert sorted(map(tuple, plain)) == sorted(rows)
    if rows:
        assert int(found.rows[-1][2]) == sum(value for _, value in values)


def test_a_table_of_a_notice_has_sums_too():
    table = TableAnnex("花名册", HEADS, people(12), sums=by_community(people(12)))
    text = render.page_text(official_pdf(notice(body=(Paragraph("文"),), attachments=(table,)), FONTS), 1)
    assert "第1社区　小计　5 人" in text and "合计　12 人" in text


def test_a_character_nobody_has_is_told_with_its_row():
    rows = people(300)
    rows[211] = (*rows[211][:5], "住\ue123路")
    with pytest.raises(OfficeError, match=r"^第 212 行（212，第43社区，王𠮷𬭎）：.*U\+E123"):
        made(rows)
    with pytest.raises(OfficeError, match=r"^第 212 行（212，"):
        official_pdf(notice(attachments=(TableAnnex("花名册", HEADS, rows),)), FONTS)
