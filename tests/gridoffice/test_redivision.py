"""The list of findings, the spread of households and the neighbours to merge with."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from gridoffice.documents.render import page_text, pages
from gridoffice.grids.changing import preview
from gridoffice.grids.operations import Basis, Merge
from gridoffice.listing import Ask, Filter
from gridoffice.office import Office
from gridoffice.overview.findings import check
from gridoffice.overview.redivision import bins, findings_listing, neighbours, spread
from gridoffice.overview.staffing import staffing_listing
from gridoffice.reports import Wish, report_book, report_pdf
from tests.offices import grid_id


def test_the_list_says_what_the_check_finds(street_office: Office) -> None:
    listing = findings_listing()
    ids = street_office.read(listing.ids, Ask())
    rows = street_office.read(listing.rows, ids)
    found = street_office.read(check)
    assert [(row.about, row.grid, row.message, row.fix) for row in rows] == [
        (one.topic, one.grid, one.message, one.fix) for one in found
    ]


def test_it_is_narrowed_searched_and_put_in_order(street_office: Office) -> None:
    listing = findings_listing()
    topics = street_office.read(listing.choices, Ask(), "topic")
    whole = len(street_office.read(listing.ids, Ask()))
    assert sum(count for *_, count in topics) == whole
    value, _, count = topics[0]
    only = Ask(filters=(Filter("topic", (value,)),))
    ids = street_office.read(listing.ids, only)
    assert len(ids) == count
    rows = street_office.read(listing.rows, ids)
    assert {row.topic for row in rows} == {value}
    found = street_office.read(listing.ids, Ask(search=rows[0].code))
    assert found and all(rows[0].code in row.code for row in street_office.read(listing.rows, found))
    down = street_office.read(
        listing.rows, street_office.read(listing.ids, Ask(sort="code", descending=True))
    )
    assert [row.code for row in down] == sorted((row.code for row in down), reverse=True)


def test_communities_are_put_in_order_by_their_gap(small_office: Office) -> None:
    listing = staffing_listing()
    ids = small_office.read(listing.ids, Ask(sort="gap", descending=True))
    assert [row.gap for row in small_office.read(listing.rows, ids)] == [2, 1]


def test_paper_and_workbook_of_the_findings(small_office: Office, tmp_path: Path) -> None:
    pdf = report_pdf(small_office, "findings", Wish())
    words = "".join(page_text(pdf, index) for index in range(pages(pdf))).replace("\n", "")
    first = small_office.read(check)[0]
    assert "规范核对问题清单" in words and first.topic.label in words
    file = tmp_path / "问题.xlsx"
    assert report_book(small_office, "findings", Wish(), file) == len(small_office.read(check))
    table = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    assert any(first.message in line for line in table)


def test_households_beside_the_norm(small_office: Office) -> None:
    """一般网格 300–500: 400 and 450 fit, 620 does not, one is not written down."""
    seen = small_office.read(spread)
    assert seen is not None
    assert (seen.kind, seen.norm, seen.unknown) == ("一般网格", (300, 500), 1)
    assert (seen.below, seen.inside, seen.above) == (0, 2, 1)
    assert [count for *_, count in seen.bins if count] == [1, 1, 1]


@pytest.mark.parametrize("norm", [(300, 500), (30, 100), (200, 300), (1, 3), (5, 5)])
def test_every_number_falls_into_one_bin(norm: tuple[int, int]) -> None:
    edges = bins(norm)
    for count in range(0, norm[1] * 2 + 10):
        within = [
            (low, high) for low, high in edges if (low or 0) <= count and (high is None or count <= high)
        ]
        assert len(within) == 1, (count, within)
        low, high = within[0]
        inside = low is not None and high is not None and norm[0] <= low and high <= norm[1]
        assert inside == (norm[0] <= count <= norm[1])


def test_a_neighbour_is_weighed_by_the_norm_as_the_preview_weighs_it(small_office: Office) -> None:
    first, second = grid_id(small_office, "519921001001001"), grid_id(small_office, "519921001001002")
    (one,) = small_office.read(neighbours, first)
    assert (one.id, one.households, one.together, one.fits) == (second, 620, 1020, False)
    said = small_office.read(preview, Basis(date.today()), (Merge((first, second), into=first),))
    assert any("1020" in problem.message for problem in said.problems), "the same sum on paper"
    micro = grid_id(small_office, "51992100100100101")
    (other,) = small_office.read(neighbours, micro)
    assert (other.together, other.fits) == (130, False)
