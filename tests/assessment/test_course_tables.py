"""Calibration, opinions and appeals on paper."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl

from db.enums import Decision, MonthState, OpinionStage
from gridoffice.assessment.appeals import decide_appeal, raise_appeal
from gridoffice.assessment.calibration import calibrate
from gridoffice.assessment.course_tables import appeals_table, calibration_table, opinions_table
from gridoffice.assessment.month import months
from gridoffice.assessment.opinions import give_opinion
from gridoffice.assessment.service import open_month
from gridoffice.documents.render import page_text, pages
from gridoffice.office import Office
from gridoffice.reports import REPORTS, Wish, report_book, report_pdf
from tests.documents.paper import poppler_text
from tests.offices import PERIOD, grid_id, sheets, stepping, to

LONG = "入户走访有居民签字为证，系统里少记了两户；" * 12


def flat(pdf: bytes) -> str:
    return "".join("".join(page_text(pdf, index).split()) for index in range(pages(pdf)))


def test_a_calibration_stands_beside_what_was_computed(small_office: Office) -> None:
    to(small_office, MonthState.REVIEW)
    rows = sheets(small_office)
    first, second = rows[0], rows[1]
    small_office.write(give_opinion, first["id"], OpinionStage.SELF, Decimal(95), None, "本月全勤")
    small_office.write(give_opinion, first["id"], OpinionStage.FIRST, Decimal("91.5"))
    small_office.write(calibrate, [first["id"]], Decimal("-1.5"), None, "社区评议普遍偏高")
    small_office.write(calibrate, [second["id"]], Decimal(2), None, "抢险有功")
    table = small_office.read(opinions_table, PERIOD)
    by_name = {(row[1], row[2]): row for row in table.rows}
    assert len(table.rows) == 2
    now = {row["id"]: row for row in sheets(small_office)}
    line = by_name[first["name"], first["grid_name"]]
    assert line[3:8] == (
        Decimal(95),
        Decimal("91.5"),
        first["total"],
        Decimal("-1.5"),
        now[first["id"]]["total"],
    )
    assert "社区评议普遍偏高" in str(line[9]) and "本月全勤" in str(line[9]) and "减1.5分" in str(line[9])
    assert by_name[second["name"], second["grid_name"]][6] == 2
    unit = small_office.read(calibration_table, PERIOD)
    assert unit.rows[-1][6] == 2 and sum(int(row[6] or 0) for row in unit.rows[:-1]) == 2
    before, after = unit.rows[-1][2], unit.rows[-1][4]
    assert isinstance(before, Decimal) and isinstance(after, Decimal)
    assert abs((after - before) - Decimal("0.5") / len(rows)) <= Decimal("0.01")
    text = flat(report_pdf(small_office, "opinions", Wish(month=PERIOD)))
    assert "社区评议普遍偏高" in text and first["name"] in text
    assert "与全部比" in flat(report_pdf(small_office, "calibration", Wish(month=PERIOD)))


def appealed(office: Office) -> None:
    """Three appeals: one changed, one kept, one open, one of them with a long reason."""
    to(office, MonthState.PUBLIC)
    rows, reviewer = sheets(office), stepping(office, MonthState.PUBLIC)
    numbers = [
        office.write(raise_appeal, row["id"], what, "改分").result
        for row, what in zip(rows, ("按期办结率少算一件", LONG, "群众满意度有误"), strict=False)
    ]
    reviewer.write(decide_appeal, numbers[0], Decision.CHANGED, "已经复核𬭎", None, Decimal(1))
    reviewer.write(decide_appeal, numbers[1], Decision.KEPT, "系统记录无误")


def test_the_register_of_appeals_tells_each_from_first_to_last(small_office: Office, tmp_path: Path) -> None:
    appealed(small_office)
    table = small_office.read(appeals_table, PERIOD)
    assert [row[0] for row in table.rows] == [1, 2, 3]
    assert [str(row[7])[:2] for row in table.rows] == ["更改", "维持", "待答"]
    assert "1 分" in str(table.rows[0][7])
    assert table.facts[1] == "共3件，待答复1件" and table.rows[0][10] == "复核人"
    now = sheets(small_office)[0]
    assert table.rows[0][11] == f"{now['total']:.2f} {now['grade']}"
    pdf = report_pdf(small_office, "appeals", Wish(month=PERIOD))
    ours, poppler = flat(pdf), "".join(poppler_text(pdf, tmp_path).split())
    for said in ("按期办结率少算一件", "群众满意度有误", "已经复核𬭎", "系统记录无误", "王𠮷𬭎"):
        assert said in ours and said in poppler
    assert ours.count("系统里少记了两户") == 12 and "登记人：" in ours
    file = tmp_path / "appeals.xlsx"
    assert report_book(small_office, "appeals", Wish(month=PERIOD), file) == 3
    page = openpyxl.load_workbook(file).active
    assert page is not None and page["E5"].value == "按期办结率少算一件"
    assert "加1分" in flat(report_pdf(small_office, "opinions", Wish(month=PERIOD)))


def test_titles_name_the_month_and_facts_its_scheme(small_office: Office) -> None:
    """Also where several schemes are open in one month: the scheme is not said twice."""
    to(small_office, MonthState.PUBLIC)
    small_office.write(open_month, PERIOD, "area-evaluation")
    lines = small_office.read(months)
    assert len(lines) == 2
    for line in lines:
        for make in (calibration_table, opinions_table, appeals_table):
            table = small_office.read(make, line.address)
            assert table.title.startswith("2026年6月考核") and table.facts[0] == f"方案：{line.scheme}"


def test_a_month_without_appeals_or_opinions_says_so(small_office: Office) -> None:
    to(small_office, MonthState.PUBLIC)
    for key in ("appeals", "opinions"):
        text = flat(report_pdf(small_office, key, Wish(month=PERIOD)))
        assert "没有符合条件的记录" in text and REPORTS[key].title in text
    below = grid_id(small_office, "519921001002")
    assert small_office.read(appeals_table, PERIOD, below).rows == ()
