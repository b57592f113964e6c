"""Notices, the public list, the payroll, the printed scheme, the month's workbook: read back and added up."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from db.enums import MonthState
from db.tables import Grid, Month
from gridoffice.assessment.comparing import comparison
from gridoffice.assessment.locking import verify_month
from gridoffice.assessment.month_book import month_sheets
from gridoffice.assessment.notices import score_notices
from gridoffice.assessment.payroll import payments, payroll_table
from gridoffice.assessment.publicity import hidden, publicity
from gridoffice.assessment.results import traces
from gridoffice.assessment.scheme_paper import scheme_table
from gridoffice.assessment.schemes import save_scheme, scheme_keys, shipped_scheme, shipped_text
from gridoffice.assessment.service import compute, enter_values, exclude, move_month, open_month
from gridoffice.assessment.tally import unpacked
from gridoffice.demo.build import Built
from gridoffice.documents.model import TableAnnex
from gridoffice.documents.render import page_text, pages
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.office import Office
from gridoffice.reports import REPORTS, Wish, report_book, report_pdf
from gridoffice.scoring.shapes import plain
from tests.documents.paper import poppler_text
from tests.offices import PERIOD, grid_id, scheme, sheets, stepping, tamper, to

FEN = Decimal("0.01")


def flat(pdf: bytes, index: int | None = None) -> str:
    wanted = range(pages(pdf)) if index is None else (index,)
    return "".join("".join(page_text(pdf, one).split()) for one in wanted)


def community(office: Office, name: str) -> int:
    return office.read(lambda session: session.execute(select(Grid.id).where(Grid.name == name)).scalar_one())


# ---- notices -------------------------------------------------------------------------------------


def test_notices_wait_until_results_are_public(small_office: Office) -> None:
    to(small_office, MonthState.REVIEW)
    with pytest.raises(RuleBroken, match="2026年6月还在复核，开始公示以后再发通知单"):
        report_pdf(small_office, "notices", Wish(month=PERIOD))
    stepping(small_office, MonthState.PUBLIC).write(move_month, PERIOD, MonthState.PUBLIC)
    assert pages(report_pdf(small_office, "notices", Wish(month=PERIOD))) == len(sheets(small_office))


def test_each_notice_tells_the_persons_own_points_and_how_they_came_about(
    street_office: Office, demo_street: Built, tmp_path: Path
) -> None:
    unit = community(street_office, "梧桐社区")
    pdf = report_pdf(street_office, "notices", Wish(month=demo_street.month, scope=unit))
    mine = [row for row in sheets(street_office, demo_street.month) if row["unit_name"] == "梧桐社区"]
    ranked = sheets(street_office, demo_street.month)
    explained = street_office.read(traces, demo_street.month, {row["id"] for row in mine})
    assert pages(pdf) == len(mine)
    by_name = {flat(pdf, index).split("姓名：")[1][:30]: flat(pdf, index) for index in range(pages(pdf))}
    poppler = "".join(poppler_text(pdf, tmp_path).split())
    for row in mine:
        (text,) = [
            said for name, said in by_name.items() if name.startswith(f"{row['name']}职务：{row['title']}")
        ][:1]
        assert f"{row['total']:.2f}" in text and row["grade"] in text
        assert f"第{row['rank']}名，共{len(ranked)}人" in text
        assert f"第{row['unit_rank']}名，共{len(mine)}人" in text
        for line in explained[row["id"]]["lines"]:
            if line["points"] is not None:
                sentence = line["sentence"].removeprefix(line["name"]).lstrip(" ：，")
                assert "".join(sentence.split()) in text, line
        assert "书面申诉" in text and "本人签收：" in text and row["name"] in poppler
    assert "近6个月总分" in "".join(by_name.values())


def test_a_notice_says_what_the_next_grade_takes(small_office: Office) -> None:
    to(small_office, MonthState.PUBLIC)
    names = [grade.name for grade in scheme(small_office).grades]
    found = small_office.read(score_notices, PERIOD)
    rows = {row["name"]: row for row in sheets(small_office)}
    assert any(one.ways for one in found)
    for one in found:
        if not one.ways or one.name == "张三":  # there are two of that name
            continue
        row = rows[one.name]
        better = names[names.index(row["grade"]) - 1]
        assert one.ways_title == f"怎样到“{better}”"
        minimum = scheme(small_office).grades[names.index(better)].minimum
        if row["total"] < minimum:
            assert f"还差 {plain(minimum - row['total'])} 分" in one.ways[0]
        else:
            best = min(other["total"] for other in rows.values() if other["grade"] == better)
            assert f"最低{best:.2f}分" in one.ways[0]


def test_one_person_gets_one_notice_and_nobody_is_told_of(street_office: Office, demo_street: Built) -> None:
    one = sheets(street_office, demo_street.month)[3]
    pdf = report_pdf(street_office, "notices", Wish(month=demo_street.month, person=one["person_id"]))
    assert pages(pdf) == 1 and one["name"] in flat(pdf)
    with pytest.raises(NotFound, match="没有要发通知单的人"):
        street_office.read(score_notices, demo_street.month, None, 10**9)


# ---- the public list -----------------------------------------------------------------------------


def test_the_public_list_names_everybody_once_and_no_number(
    street_office: Office, demo_street: Built, tmp_path: Path
) -> None:
    unit = community(street_office, "柳荫社区")
    pdf = report_pdf(street_office, "publicity", Wish(month=demo_street.month, scope=unit))
    mine = [row for row in sheets(street_office, demo_street.month) if row["unit_name"] == "柳荫社区"]
    ours, poppler = flat(pdf), "".join(poppler_text(pdf, tmp_path).split())
    for row in mine:
        line = "".join(
            f"{row['rank']}{row['name']}{row['grid_name']}{row['title']}{row['total']:.2f}{row['grade']}".split()
        )
        assert line in ours and line in poppler
        assert row["id_number"] not in ours
    assert not re.search(r"\d{15}", ours) and not re.search(r"1\d{10}", ours)
    assert f"共{len(mine)}人" in ours and "书面申诉" in ours and "公示" in ours


def test_names_can_be_hidden_in_part(street_office: Office, demo_street: Built) -> None:
    assert [hidden(name) for name in ("张三", "王𠮷𬭎", "阿依古丽·买买提", "䶮")] == [
        "张*",
        "王*𬭎",
        "阿******提",
        "䶮",
    ]
    document = street_office.read(publicity, demo_street.month, community(street_office, "柳荫社区"), True)
    (annex,) = document.attachments
    assert isinstance(annex, TableAnnex)
    assert all("*" in row[1] for row in annex.rows) and REPORTS["publicity"].layouts[1][0] == "masked"


def test_a_month_under_review_is_not_made_public(small_office: Office) -> None:
    to(small_office, MonthState.REVIEW)
    with pytest.raises(RuleBroken, match="还在复核，复核通过、开始公示以后再印公示名单"):
        report_pdf(small_office, "publicity", Wish(month=PERIOD))


# ---- the payroll ---------------------------------------------------------------------------------


def paid_month(office: Office, base: str = "1234.56") -> None:
    """A public month by a scheme with pay and with money in three indicators."""
    text = (
        shipped_text("assistants")
        .replace('key = "assistants"', 'key = "paid"')
        .replace("base = 0", f"base = {base}")
    )
    office.write(save_scheme, text)
    office.write(open_month, PERIOD, "paid")
    values = {
        sheet["id"]: {
            "people": Decimal(100 - 7 * place),
            "places": Decimal(100),
            "closed": Decimal("97.5"),
            "meetings": place % 3,
            "reports": 90 - place,
            "handbook": int(place == 2),
        }
        for place, sheet in enumerate(sheets(office))
    }
    office.write(enter_values, PERIOD, values)
    office.write(compute, PERIOD)
    for state in (MonthState.SCORING, MonthState.REVIEW, MonthState.PUBLIC):
        stepping(office, state).write(move_month, PERIOD, state)


def by_hand(row: dict[str, Any], place: int) -> Decimal:
    factor = {"优秀": Decimal("1.2"), "合格": Decimal(1), "基本合格": Decimal("0.8"), "不合格": Decimal(0)}[
        row["grade"]
    ]
    earned = Decimal("1234.56") * factor
    if row["days"] is not None:
        earned = earned * (row["days"] - (row["away"] or 0)) / 30
    earned = earned.quantize(FEN, ROUND_HALF_UP)
    return max(Decimal(0), earned - 30 * (place % 3) - 20 * place - 50 * (place == 2)).quantize(FEN)


def test_the_payroll_is_what_a_pocket_calculator_says(small_office: Office, tmp_path: Path) -> None:
    paid_month(small_office)
    rows = sheets(small_office)
    _, found = small_office.read(payments, PERIOD)
    order = {row["id"]: place for place, row in enumerate(rows)}
    amounts = {one.sheet["id"]: one.paid.amount for one in found}
    assert amounts == {row["id"]: by_hand(row, order[row["id"]]) for row in rows}
    table = small_office.read(payroll_table, PERIOD)
    assert table.rows[-1][1] == "合计" and table.rows[-1][-2] == sum(amounts.values())
    people = [row for row in table.rows if isinstance(row[0], int)]
    units = [row for row in table.rows if str(row[1]).endswith("小计")]
    assert len(people) == len(rows) and len(units) == len({row["unit_path"] for row in rows})
    assert sum(row[-2] for row in units) == table.rows[-1][-2]  # type: ignore[misc]
    file = tmp_path / "pay.xlsx"
    assert report_book(small_office, "payroll", Wish(month=PERIOD), file) == len(table.rows)
    page = openpyxl.load_workbook(file).active
    assert page is not None
    last = [cell.value for cell in page[3 + len(table.rows)]]
    assert last[1] == "合计" and last[-2] == float(table.rows[-1][-2])  # type: ignore[arg-type]


def test_without_a_base_the_payroll_says_what_changes_somebodys_pay(small_office: Office) -> None:
    paid_month(small_office, "0")
    table = small_office.read(payroll_table, PERIOD)
    assert "奖扣合计" in table.headings and "绩效基数" not in table.headings
    for place, row in enumerate(sheets(small_office)):
        (line,) = [
            one
            for one in table.rows
            if one[1] == row["name"] and one[3] == row["grid_name"] and one[4] == row["title"]
        ]
        assert line[-2] == Decimal(-30 * (place % 3) - 20 * place - 50 * (place == 2)).quantize(FEN)
    assert "本人绩效之外" in flat(report_pdf(small_office, "payroll", Wish(month=PERIOD)))


def test_numbers_on_the_payroll_are_masked_unless_there_is_a_reason(small_office: Office) -> None:
    paid_month(small_office)
    numbers = [row["id_number"] for row in sheets(small_office) if row["id_number"]]
    masked = flat(report_pdf(small_office, "payroll", Wish(month=PERIOD)))
    assert not any(number in masked for number in numbers) and all(
        number[-4:] in masked for number in numbers
    )
    with pytest.raises(RuleBroken, match="先写明原因"):
        report_pdf(small_office, "payroll", Wish(month=PERIOD, reveal=True))
    whole = flat(report_pdf(small_office, "payroll", Wish(month=PERIOD, reveal=True, reason="报财务发放")))
    assert all(number in whole for number in numbers) and "王𠮷𬭎" in whole and "赵𫍯" in whole


def test_a_scheme_without_pay_has_no_payroll(small_office: Office) -> None:
    to(small_office, MonthState.PUBLIC)
    if scheme(small_office).pay is None:
        with pytest.raises(RuleBroken, match="没有写绩效怎么发"):
            small_office.read(payroll_table, PERIOD)
    else:
        assert small_office.read(payroll_table, PERIOD).rows


# ---- the scheme, the month's workbook ------------------------------------------------------------


@pytest.mark.parametrize("key", scheme_keys())
def test_every_scheme_is_printed_with_every_rule(key: str) -> None:
    one = shipped_scheme(key)
    table = scheme_table(one)
    assert len(table.rows) == len(one.indicators) + 1
    weights = sum((part.full for part in one.indicators), Decimal(0))
    assert table.rows[-1][3] == plain(weights)
    text = flat(table.pdf("青禾街道办事处", date(2026, 11, 5)))
    for part in one.indicators:
        assert "".join(part.name.split()) in text
    for grade in one.grades:
        assert grade.name in text


def test_the_months_workbook_has_a_sheet_for_each_community(
    street_office: Office, demo_street: Built, tmp_path: Path
) -> None:
    file = tmp_path / "month.xlsx"
    report_book(street_office, "results", Wish(month=demo_street.month), file)
    book = openpyxl.load_workbook(file)
    units = street_office.read(comparison, "street-default", demo_street.month).areas
    assert book.sheetnames == ["汇总", *(area.name for area in units)]
    everybody = {(row["name"], row["grid_name"]): row for row in sheets(street_office, demo_street.month)}
    seen = 0
    for area in units:
        page = book[area.name]
        heads = [
            page.cell(4, column).value or page.cell(3, column).value
            for column in range(1, page.max_column + 1)
        ]
        at = {head: column for column, head in enumerate(heads, 1)}
        for line in range(5, page.max_row + 1):
            name, grid = page.cell(line, at["姓名"]).value, page.cell(line, at["所属网格"]).value
            if (name, grid) not in everybody:
                continue
            row = everybody[name, grid]
            seen += 1
            assert row["unit_name"] == area.name
            assert (
                page.cell(line, at["合计"]).value == float(row["total"])
                and page.cell(line, at["排名"]).value == row["rank"]
            )
        assert page.page_setup.fitToHeight == 0 and page.print_title_rows == "$3:$4"
    assert seen == len(everybody)


def test_without_anything_below_there_is_no_workbook(small_office: Office) -> None:
    to(small_office, MonthState.REVIEW)
    lowest = grid_id(small_office, "51992100100100101")
    with pytest.raises(RuleBroken, match="下面没有别的网格"):
        small_office.read(month_sheets, PERIOD, lowest)


# ---- what a locked month adds up to --------------------------------------------------------------


def test_a_locked_month_keeps_its_sums_and_they_are_those_of_its_sheets(locked_office: Office) -> None:
    kept = locked_office.read(lambda session: session.scalar(select(Month.tally)))
    assert kept is not None and unpacked(kept) is not None
    before = locked_office.read(comparison, scheme(locked_office).key, PERIOD)
    tamper(locked_office, "UPDATE month SET tally = NULL")
    assert locked_office.read(comparison, scheme(locked_office).key, PERIOD) == before


def test_sums_that_were_changed_are_found(locked_office: Office) -> None:
    assert locked_office.read(verify_month, PERIOD) == []
    tamper(locked_office, "UPDATE month SET tally = NULL")
    assert any("与锁定时不一致" in said for said in locked_office.read(verify_month, PERIOD))


def test_who_takes_no_part_is_not_counted(small_office: Office) -> None:
    to(small_office, MonthState.REVIEW)
    key = scheme(small_office).key
    whole = small_office.read(comparison, key, PERIOD).months[-1].people
    number = sheets(small_office)[0]["id"]
    small_office.write(move_month, PERIOD, MonthState.SCORING)
    small_office.write(exclude, PERIOD, [number], "借调")
    small_office.write(compute, PERIOD)
    assert small_office.read(comparison, key, PERIOD).months[-1].people == whole - 1
