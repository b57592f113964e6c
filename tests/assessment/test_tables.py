"""Tables of a month on paper and as sheets: areas beside each other, the evaluation under three levels of head."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.tables import Grid
from gridoffice.assessment.areas import area_table
from gridoffice.assessment.comparing import comparison
from gridoffice.assessment.departments import save_department
from gridoffice.assessment.evaluation import evaluation_table
from gridoffice.assessment.month import all_raw_values, kept_points, month_record, scheme_of, sheet_rows
from gridoffice.assessment.printed import Printed
from gridoffice.assessment.scheme import Scheme
from gridoffice.assessment.service import compute, enter_values, open_month
from gridoffice.demo.build import Built
from gridoffice.documents.columns import leaves
from gridoffice.documents.model import HeadGroup
from gridoffice.documents.render import page_size, page_text, pages
from gridoffice.errors import RuleBroken
from gridoffice.office import Office
from gridoffice.spreadsheet.paper_book import write_book
from tests.documents.paper import poppler_text

DAY = date(2026, 11, 5)


def flat(pdf: bytes) -> str:
    return "".join("".join(page_text(pdf, index).split()) for index in range(pages(pdf)))


def kept(session: Session, period: str) -> tuple[Scheme, list[dict[str, Any]]]:
    month = month_record(session, period)
    scheme = scheme_of(session, month)
    rows = sheet_rows(session, month.id)
    for row, raw in zip(rows, all_raw_values(scheme, rows), strict=True):
        row["parts"], row["raw"] = kept_points(scheme, row), raw
    return scheme, rows


def community(office: Office, name: str) -> int:
    return office.read(lambda session: session.execute(select(Grid.id).where(Grid.name == name)).scalar_one())


def texts_of(table: Printed) -> list[str]:
    return ["".join("".join(row).split()) for row in table.texts()]


def test_areas_stand_by_their_means_and_add_up(
    street_office: Office, demo_street: Built, tmp_path: Path
) -> None:
    table = street_office.read(area_table, demo_street.month)
    found = street_office.read(comparison, "street-default", demo_street.month)
    assert len(table.rows) == len(found.areas) + 1
    means = [row[4] for row in table.rows[:-1]]
    assert means == sorted(means, reverse=True) and table.rows[-1][1] == "合计"  # type: ignore[type-var]
    by_name = {area.name: area for area in found.areas}
    for row in table.rows[:-1]:
        area = by_name[str(row[1])]
        assert row[2:6] == (area.people, area.scored, area.mean, area.before)
        assert row[6] == (None if area.before is None or area.mean is None else area.mean - area.before)
        assert row[0] == 1 + sum(other.mean > area.mean for other in found.areas)  # type: ignore[operator]
    for column in (2, 3, *range(7, 11)):
        assert table.rows[-1][column] == sum(int(row[column]) for row in table.rows[:-1])  # type: ignore[arg-type]
    pdf = table.pdf("青禾街道办事处", DAY)
    ours, poppler = flat(pdf), "".join(poppler_text(pdf, tmp_path).split())
    for line in texts_of(table):
        assert line in ours and line in poppler


def test_the_head_of_the_evaluation_has_three_levels_everywhere(
    street_office: Office, demo_street: Built, tmp_path: Path
) -> None:
    unit = community(street_office, "梧桐社区")
    table = street_office.read(evaluation_table, demo_street.month, unit)
    first = next(one for one in table.headings if isinstance(one, HeadGroup))
    assert first.title == "基础工作" and all(isinstance(one, HeadGroup) for one in first.columns)
    pdf = table.pdf("青禾街道办事处", DAY)
    for index in range(pages(pdf)):
        words = "".join(page_text(pdf, index).split())
        assert all(title in words for title in ("基础工作", "问题处置", "比率%", "基准得分", "综合得分"))
    file = tmp_path / "evaluation.xlsx"
    assert write_book(file, [table.sheet("评价")]) == len(table.rows)
    page = openpyxl.load_workbook(file)["评价"]
    width = len(leaves(table.headings))
    head = [[page.cell(row, column).value for column in range(1, width + 1)] for row in (3, 4, 5)]
    assert head[0][3] == "基础工作" and head[1][3] == "基础台账完整率" and head[2][3:5] == ["比率%", "得分"]
    for number, row in enumerate(table.rows, 6):
        for column, value in enumerate(row, 1):
            cell = page.cell(number, column).value
            assert cell == (
                None if value in (None, "") else float(value) if isinstance(value, Decimal) else value
            )


def test_the_evaluation_holds_what_was_recorded_and_what_it_gave(
    street_office: Office, demo_street: Built
) -> None:
    unit = community(street_office, "梧桐社区")
    table = street_office.read(evaluation_table, demo_street.month, unit)
    _, rows = street_office.read(kept, demo_street.month)
    mine = sorted((row for row in rows if row["unit_name"] == "梧桐社区"), key=lambda row: row["rank"])
    assert [(line[0], line[1]) for line in table.rows] == [(row["rank"], row["name"]) for row in mine]
    for line, row in zip(table.rows, mine, strict=True):
        assert line[-2:] == (row["total"], row["grade"])
        assert row["raw"]["ledger"] == line[3] and row["parts"]["ledger"] == line[4]
        assert row["parts"]["visits"] == line[6]
    assert any(note.startswith("注：1.优秀90分") for note in table.notes)


AREA_COUNTS = {
    "应结案量": 400,
    "结案数": 392,
    "按期结案量": 380,
    "返工次数": 8,
    "超期结案量": 12,
    "超期未处置量": 8,
    "公众投诉超期结案量": 2,
    "公众投诉超期未处置量": 1,
    "left_over": 3,
}
DEPARTMENT_COUNTS = {
    "应处置数": 120,
    "处置数": 117,
    "按期处置数": 111,
    "超期待处置数": 3,
    "延期数": 6,
    "应结案数": 110,
    "返工数": 2,
    "满意数": 18,
    "回访数": 20,
}


@pytest.mark.parametrize(
    ("key", "counts", "total", "dimensions"),
    [
        ("area-evaluation", AREA_COUNTS, "96.06", ("量的评价", "质的评价", "效率的评价")),
        ("department-evaluation", DEPARTMENT_COUNTS, "94.73", ("问题处置", "案件质量", "机制运行", "满意度")),
    ],
)
def test_areas_and_departments_are_evaluated_under_three_levels(
    small_office: Office, key: str, counts: dict[str, int], total: str, dimensions: tuple[str, ...]
) -> None:
    """The evaluation table of a city-management system: counts, rates and points under 量, 质 and 效率, then
    基准得分 and 综合得分, for whole areas and for departments."""
    for name in ("城管办", "应急办"):
        small_office.write(save_department, None, {"name": name})
    small_office.write(open_month, "2026-06", key)
    where = f"2026-06/{key}"
    _, rows = small_office.read(kept, where)
    first = rows[0]
    small_office.write(enter_values, where, {row["id"]: counts for row in rows[:1]})
    small_office.write(compute, where)
    table = small_office.read(evaluation_table, where)
    grouped = [one for one in table.headings if isinstance(one, HeadGroup)]
    assert tuple(one.title for one in grouped[1:]) == dimensions
    for group in grouped[1:]:
        assert all(isinstance(one, HeadGroup) and "得分" in one.columns for one in group.columns)
    line = next(row for row in table.rows if row[1] == first["name"])
    heads = [name.replace("\n", "") for name in leaves(table.headings)]
    assert line[heads.index("综合得分")] == Decimal(total)
    for name, count in counts.items():
        if name in heads:
            assert line[heads.index(name)] == count
    text = flat(table.pdf("青禾街道办事处", DAY))
    assert total in text and first["name"] in text
    assert all(name in text for name in (*dimensions, "比率%", "基准得分", "综合得分"))


def test_a_scheme_with_many_columns_lies_on_a3(street_office: Office, demo_street: Built) -> None:
    table = street_office.read(evaluation_table, demo_street.month, community(street_office, "梧桐社区"))
    wide = len(leaves(table.headings)) > 22
    assert table.wide is wide
    width, height = page_size(table.pdf("青禾街道办事处", DAY), 0)
    assert (width, height) == pytest.approx((420, 297) if wide else (297, 210), abs=0.5)


def test_a_month_without_results_has_no_tables(small_office: Office) -> None:
    small_office.write(open_month, "2026-06")
    for make in (area_table, evaluation_table):
        with pytest.raises(RuleBroken, match="2026年6月还没有算出得分，先计算"):
            small_office.read(make, "2026-06")
