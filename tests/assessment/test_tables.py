"""Tables of a month on paper and as sheets: areas beside each other, the evaluation under three levels of head."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Target
from db.tables import Grid
from gridoffice.assessment.areas import area_table
from gridoffice.assessment.comparing import comparison
from gridoffice.assessment.departments import save_department
from gridoffice.assessment.evaluation import evaluation_table
from gridoffice.assessment.month import all_raw_values, kept_points, month_record, scheme_of, sheet_rows
from gridoffice.assessment.printed import Printed
from gridoffice.assessment.schemes import save_scheme, shipped_scheme
from gridoffice.assessment.service import compute, enter_values, open_month
from gridoffice.demo.build import Built
from gridoffice.documents.columns import leaves
from gridoffice.documents.model import HeadGroup
from gridoffice.documents.render import page_size, page_text, pages
from gridoffice.errors import RuleBroken
from gridoffice.office import Office
from gridoffice.scoring.notation import dump
from gridoffice.scoring.policies import RankGroup
from gridoffice.scoring.scheme import Scheme
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
    assert head[0][2] == "基础工作" and head[1][2] == "基础台账完整率" and head[2][2:4] == ["比率%", "得分"]
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
    assert [line[0] for line in table.rows] == [row["name"] for row in mine]
    for line, row in zip(table.rows, mine, strict=True):
        assert line[-3:] == (row["total"], row["rank"], row["grade"])
        assert row["raw"]["ledger"] == line[2] and row["parts"]["ledger"] == line[3]
        assert row["parts"]["visits"] == line[5]
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
    "立案数": 412,
    "遗留案件结案量": 5,
    "遗留案件未处置量": 3,
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


PUBLISHED = (
    "应结案量{立案数,应结案量} | 量的评价{按期结案量,得分,结案率,得分} | "
    "质的评价{按期结案率,得分,返工次数,公众投诉超期结案量,公众投诉超期未处置量,返工率,返工率扣分,公众投诉超期率,公众扣分} | "
    "效率的评价{超期结案率,超期未处置量,遗留案件结案量,遗留案件未处置量,得分} | 基准得分 | 综合得分 | 名次"
)
"""The head of a published 数字化城市管理系统区域评价统计表; before it stands 区域名称."""
PRINTED = (
    ("412", "400"),
    ("380", "19.00", "98.00", "29.40"),
    ("95.00", "38.00", "8", "2", "1", "2.00", "1.00", "0.75", "0.75"),
    ("3.00", "8", "5", "3", "4.90"),
    ("89.55", "89.55", "1"),
)
"""A line of it: 19 + 29.4 + 38 + 4.9 − 1 − 0.75."""


def as_published(head: Any) -> str:
    if not isinstance(head, HeadGroup):
        return str(head)
    return f"{head.title}{{{','.join(map(as_published, head.columns))}}}"


def evaluated(office: Office, key: str, counts: dict[str, int]) -> tuple[str, Printed]:
    """The name of the one area or department that has values, and the table of all."""
    for name in ("城管办", "应急办"):
        office.write(save_department, None, {"name": name})
    office.write(open_month, "2026-06", key)
    where = f"2026-06/{key}"
    _, rows = office.read(kept, where)
    office.write(enter_values, where, {rows[0]["id"]: counts})
    office.write(compute, where)
    return rows[0]["name"], office.read(evaluation_table, where)


@pytest.mark.parametrize("whom", ["区域", "部门"])
def test_the_published_head_is_printed_word_for_word(small_office: Office, whom: str, tmp_path: Path) -> None:
    """区域评价统计表 with all its columns in their order, those that no score comes from too, for areas and,
    by the same scheme, for departments; on paper and as a workbook."""
    key = "area-evaluation"
    if whom == "部门":
        key = "own-evaluation"
        text = dump(
            replace(
                shipped_scheme("area-evaluation"), key=key, target=Target.DEPARTMENT, group=RankGroup.NONE
            )
        )
        small_office.write(save_scheme, text)
    name, table = evaluated(small_office, key, AREA_COUNTS)
    assert [as_published(head) for head in table.headings] == [f"{whom}名称", *PUBLISHED.split(" | "), "等次"]
    line = table.texts()[0]
    assert line == (name, *(cell for group in PRINTED for cell in group), "良好")
    pdf = table.pdf("青禾街道办事处", DAY)
    ours, poppler = flat(pdf), "".join(poppler_text(pdf, tmp_path).split())
    for text in ("".join(line), "立案数", "返工率扣分", "公众扣分"):
        assert text in ours and text in poppler
    file = tmp_path / "evaluation.xlsx"
    write_book(file, [table.sheet("评价")])
    page = openpyxl.load_workbook(file)["评价"]
    groups = [page.cell(3, column).value for column in range(1, len(line) + 1)]
    assert [group for group in groups if group] == [
        head.split("{")[0] for head in (f"{whom}名称", *PUBLISHED.split(" | "), "等次")
    ]
    assert [page.cell(5, column).value for column in (2, 5, 9, 16, 22, 24)] == [412, 19, 38, 0.75, 89.55, 1]


def test_a_figure_that_is_blank_stays_blank(small_office: Office) -> None:
    """Nothing waits for a figure, and a blank one is not printed as 0."""
    counts = {key: count for key, count in AREA_COUNTS.items() if key not in ("立案数", "遗留案件结案量")}
    _, table = evaluated(small_office, "area-evaluation", counts)
    line = dict(zip(leaves(table.headings), table.texts()[0], strict=True))
    assert (line["立案数"], line["遗留案件结案量"], line["综合得分"]) == ("", "", "89.55")


def test_a_scheme_without_figures_shows_all_that_is_recorded(small_office: Office) -> None:
    name, table = evaluated(small_office, "department-evaluation", DEPARTMENT_COUNTS)
    grouped = [one for one in table.headings if isinstance(one, HeadGroup)]
    assert tuple(one.title for one in grouped[1:]) == ("问题处置", "案件质量", "机制运行", "满意度")
    for group in grouped[1:]:
        assert all(isinstance(one, HeadGroup) and "得分" in one.columns for one in group.columns)
    heads = [name.replace("\n", "") for name in leaves(table.headings)]
    assert heads[0] == "部门名称" and heads[-4:] == ["基准得分", "综合得分", "名次", "等次"]
    line = next(row for row in table.rows if row[0] == name)
    assert line[heads.index("综合得分")] == Decimal("94.73")
    for title, count in DEPARTMENT_COUNTS.items():
        assert line[heads.index(title)] == count
    text = flat(table.pdf("青禾街道办事处", DAY))
    assert all(word in text for word in ("94.73", name, "问题处置", "比率%", "基准得分"))


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
