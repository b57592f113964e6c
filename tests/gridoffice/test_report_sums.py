"""Printed ledgers part their rows by community and add up what can be added."""

from __future__ import annotations

from collections import Counter

import pytest

from gridoffice.documents.render import page_text, pages
from gridoffice.errors import RuleBroken
from gridoffice.grids.atlas import short
from gridoffice.listing import Ask, listed
from gridoffice.office import Office
from gridoffice.overview.staffing import staffing
from gridoffice.report_sums import PARTED, TOTALLED
from gridoffice.reports import REPORTS, Wish, report_pdf
from gridoffice.workers.listing import WORKERS


def lines(pdf: bytes) -> list[str]:
    return [line for index in range(pages(pdf)) for line in page_text(pdf, index).split("\n")]


def test_the_roster_counts_each_community_and_the_whole_once(street_office: Office) -> None:
    pdf = report_pdf(street_office, "roster", Wish(layout="community"))
    told = [line for line in lines(pdf) if "小计" in line or "合计" in line]
    rows = street_office.read(
        lambda session: list(listed(session, WORKERS, Ask(), WORKERS.ids(session, Ask())))
    )
    grids = [row[[column.name for column in WORKERS.columns].index("grid")] for row in rows]
    counted = Counter(short(grid.split("·")[0]) for grid in grids)
    for line in told[:-1]:
        name, word, count = line.split("\u3000")
        assert word == "小计" and count == f"{counted.pop(short(name))} 人"
    assert all(count == 1 for count in counted.values())  # one alone is told by no sum
    assert told[-1] == f"合计\u3000{len(rows)} 人"


def test_a_list_in_its_usual_layout_has_no_sums(street_office: Office) -> None:
    assert not [line for line in lines(report_pdf(street_office, "roster", Wish())) if "小计" in line]
    with pytest.raises(RuleBroken, match="没有版式“宽”"):
        report_pdf(street_office, "roster", Wish(layout="宽"))


def test_the_staffing_of_all_communities_is_added_up_once(street_office: Office) -> None:
    rows = street_office.read(staffing)
    (told,) = [line for line in lines(report_pdf(street_office, "staffing", Wish())) if "合计" in line]
    wanted = [
        sum(row.households or 0 for row in rows),
        *(sum(getattr(row, name) for row in rows) for name in TOTALLED["staffing"][1:]),
    ]
    assert told.split()[-len(wanted) :] == [str(number) for number in wanted]


def test_every_column_that_is_added_up_is_one_of_numbers() -> None:
    for key, names in (*PARTED.items(), *TOTALLED.items()):
        listing = REPORTS[key].listing
        assert listing is not None
        columns = {column.name: column.field for column in listing(Wish()).columns}
        assert set(names) <= set(columns), key
        assert all(columns[name].kind in ("integer", "decimal") for name in names), key
        assert key in TOTALLED or "grid" in columns, key
