"""A month's notice, read back from its PDF: every person and number, and the words around them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import MonthState, Target
from db.tables import Grid, Month, Sheet
from gridoffice.assessment.annexes import ranks_within, scores
from gridoffice.assessment.locking import lock_month
from gridoffice.assessment.month import kept_points, month_record, scheme_of
from gridoffice.assessment.report import notice
from gridoffice.assessment.rows import SheetRow
from gridoffice.assessment.schemes import scheme_keys, shipped_scheme
from gridoffice.assessment.service import (
    compute,
    enter_values,
    move_month,
    open_month,
)
from gridoffice.demo.build import Built
from gridoffice.documents.model import Figure, HeadGroup, Heading, OfficialDocument, Paragraph, TableAnnex
from gridoffice.documents.pdf import official_pdf
from gridoffice.documents.render import page_size, page_text, pages
from gridoffice.errors import RuleBroken
from gridoffice.office import Office
from gridoffice.reports import Wish, report_pdf
from gridoffice.scoring.scheme import Scheme, is_veto
from tests.documents.paper import poppler_text
from tests.offices import grid_id, stepping

CENT = Decimal("0.01")
GOOD = {
    "ledger": Decimal(96),
    "visits": Decimal("95.5"),
    "on_time": Decimal(100),
    "rework": Decimal(0),
    "satisfaction": Decimal(98),
    "review": Decimal(9),
}


def flat(pdf: bytes) -> str:
    """The text of a whole document without spaces and line ends, page numbers left out."""
    return "".join("".join(page_text(pdf, index).split()) for index in range(pages(pdf)))


def words(document: OfficialDocument) -> str:
    return "\n".join(block.text for block in document.body if not isinstance(block, Figure))


def kept(session: Session, period: str) -> tuple[Scheme, list[dict[str, Any]]]:
    """The scheme of a month, and what stands in its sheets."""
    month = month_record(session, period)
    names = (
        "name",
        "grid_name",
        "unit_name",
        "title",
        "points",
        "parts",
        "total",
        "grade",
        "rank",
        "unit_rank",
    )
    columns = [getattr(Sheet, name) for name in names]
    rows = session.execute(select(*columns).where(Sheet.month_id == month.id)).all()
    scheme = scheme_of(session, month)
    found: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in rows]
    return scheme, [{**row, "parts": kept_points(scheme, row)} for row in found]


def printed(scheme: Scheme, row: Mapping[str, Any]) -> str:
    """A line of the annex as the readers must find it."""
    points = [
        f"{row['parts'][one.key]:.2f}" if one.key in row["parts"] else ""
        for one in scheme.indicators
        if not is_veto(one)
    ]
    cells = (row["rank"], row["name"], row["grid_name"], row["title"], *points, f"{row['total']:.2f}")
    return "".join("".join(str(cell) for cell in (*cells, row["grade"], row["unit_rank"])).split())


def average(rows: list[dict[str, Any]]) -> Decimal:
    return (sum(row["total"] for row in rows) / Decimal(len(rows))).quantize(CENT, ROUND_HALF_UP)


def month_of(office: Office, values: Mapping[str, Mapping[str, Any]], period: str = "2026-06") -> None:
    """Open a month, give everybody good values changed by `values` (by name), and compute it."""
    office.write(open_month, period)
    query = select(Sheet.id, Sheet.name).join(Month).where(Month.period == period)
    sheets = office.read(lambda session: [(row.id, row.name) for row in session.execute(query)])
    office.write(enter_values, period, {sheet: GOOD | dict(values.get(name, {})) for sheet, name in sheets})
    office.write(compute, period)


def lock(office: Office, period: str = "2026-06") -> None:
    for state in (MonthState.SCORING, MonthState.REVIEW, MonthState.PUBLIC):
        stepping(office, state).write(move_month, period, state)
    stepping(office, MonthState.LOCKED).write(lock_month, period)


# ---- a street's month ----------------------------------------------------------------------------


def test_two_readers_find_every_line_of_every_person(
    street_office: Office, demo_street: Built, tmp_path: Path
) -> None:
    pdf = report_pdf(street_office, "assessment", Wish(month=demo_street.month))
    scheme, rows = street_office.read(kept, demo_street.month)
    assert len(rows) > 600
    ours, poppler = flat(pdf), "".join(poppler_text(pdf, tmp_path).split())
    for row in rows:
        line = printed(scheme, row)
        assert line in ours and line in poppler
    assert {"䶮", "𠮷"} & set("".join(row["name"] for row in rows)), "no rare name was tried"
    assert f"共{len(rows)}人" in ours


def test_the_numbers_of_the_text_are_those_of_the_database(street_office: Office, demo_street: Built) -> None:
    document = street_office.read(notice, demo_street.month)
    scheme, rows = street_office.read(kept, demo_street.month)
    text = words(document)
    counts = Counter(row["grade"] for row in rows)
    assert f"应考核{len(rows)}人，实际考核{len(rows)}人，平均得分{average(rows)}分" in text
    for grade in scheme.grades:
        count = counts[grade.name]
        share = (Decimal(count * 100) / len(rows)).quantize(Decimal("0.1"), ROUND_HALF_UP)
        assert (f"{grade.name}{count}人，占{share}%" in text) == (count > 0)
    year, month = (int(part) for part in demo_street.month.split("-"))
    before = f"{year - (month == 1)}-{(month - 2) % 12 + 1:02d}"
    change = average(rows) - average(street_office.read(kept, before)[1])
    course = f"比上月{'提高' if change > 0 else '下降'}{abs(change)}分" if change else "与上月持平"
    assert course in text
    best = sorted((row for row in rows if row["grade"] == scheme.grades[0].name), key=lambda r: r["rank"])
    assert f"等{len(best)}人评为优秀，予以通报表扬。" in text
    (praise,) = [
        block.text for block in document.body if isinstance(block, Paragraph) and "通报表扬" in block.text
    ]
    assert praise.count("（") == 10 and praise.startswith(f"{best[0]['name']}（{best[0]['unit_name']}）")
    assert "考核结果已经公示" in text and "审定前" not in text
    headings = [block.text for block in document.body if isinstance(block, Heading)]
    assert headings == ["一、总体情况", "二、各社区（村）情况", "三、表扬与整改"]


def test_communities_stand_beside_each_other(street_office: Office, demo_street: Built) -> None:
    document = street_office.read(notice, demo_street.month)
    scheme, rows = street_office.read(kept, demo_street.month)
    table = document.attachments[1]
    assert isinstance(table, TableAnnex) and not table.landscape
    units = {row["unit_name"] for row in rows}
    assert {line[1] for line in table.rows[:-1]} == units
    for line in table.rows:
        some = [row for row in rows if line[1] in (row["unit_name"], "合计")]
        counts = Counter(row["grade"] for row in some)
        grades = [str(counts[grade.name]) for grade in scheme.grades]
        assert list(line[2:]) == [str(len(some)), str(average(some)), *grades]
    means = [Decimal(line[3]) for line in table.rows[:-1]]
    assert means == sorted(means, reverse=True)
    assert [line[0] for line in table.rows[:-1]] == [str(1 + sum(m > mean for m in means)) for mean in means]
    first = table.rows[0]
    assert f"{len(units)}个社区（村）按平均得分排名，前3名依次是{first[1]}（{first[3]}分）" in words(document)
    assert document.recipients == "各社区（村）"


def test_the_paper_is_portrait_then_landscape_and_has_no_red_head(
    street_office: Office, demo_street: Built
) -> None:
    document = street_office.read(notice, demo_street.month)
    assert document.red_head is None and document.number is None and not document.preprinted
    pdf = official_pdf(document)
    turned = [page_size(pdf, index)[0] > 250 for index in range(pages(pdf))]
    assert turned == [False, False, *[True] * (len(turned) - 3), False]
    signed = page_text(pdf, 1)
    assert document.signature in signed and "要对照附件1查找扣分原因" in "".join(signed.split())
    # twenty rows and more on a page of the long table
    scheme, rows = street_office.read(kept, demo_street.month)
    lines = [printed(scheme, row) for row in rows]
    second = "".join(page_text(pdf, 3).split())
    assert sum(line in second for line in lines) >= 20


def test_one_communitys_notice_holds_only_its_people(street_office: Office, demo_street: Built) -> None:
    scheme, rows = street_office.read(kept, demo_street.month)
    unit = rows[0]["unit_name"]
    scope = street_office.read(
        lambda session: session.execute(select(Grid.id).where(Grid.name == unit)).scalar_one()
    )
    document = street_office.read(notice, demo_street.month, scope)
    mine = [row for row in rows if row["unit_name"] == unit]
    assert document.title.startswith(f"关于{unit}") and document.recipients == unit
    assert f"应考核{len(mine)}人" in words(document) and f"平均得分{average(mine)}分" in words(document)
    (table,) = document.attachments
    assert isinstance(table, TableAnnex) and len(table.rows) == len(mine)
    text = flat(official_pdf(document))
    for row in rows:
        assert (printed(scheme, row) in text) == (row["unit_name"] == unit)
    assert "排名，前" not in text and f"{unit}要对照附件查找扣分原因" in text


def test_a_months_scores_as_a_ledger(street_office: Office, demo_street: Built) -> None:
    scheme, rows = street_office.read(kept, demo_street.month)
    text = flat(report_pdf(street_office, "results", Wish(month=demo_street.month)))
    assert all(printed(scheme, row) in text for row in rows)
    year, month = (int(part) for part in demo_street.month.split("-"))
    assert f"青禾街道{year}年{month}月网格员考核成绩单" in text


# ---- a small office's month ----------------------------------------------------------------------


def test_a_month_without_results_has_no_notice(small_office: Office) -> None:
    small_office.write(open_month, "2026-06")
    with pytest.raises(RuleBroken, match="还没有算出得分"):
        small_office.read(notice, "2026-06")


def test_an_unlocked_month_says_so_and_dates_from_today(small_office: Office) -> None:
    month_of(small_office, {})
    document = small_office.read(notice, "2026-06")
    assert "以上为考核采集阶段的数据，审定前可能调整。" in words(document)
    assert "公示" not in words(document) and document.day == date.today()
    lock(small_office)
    document = small_office.read(notice, "2026-06")
    assert "考核结果已经公示" in words(document) and "审定前" not in words(document)


def test_whoever_lacks_values_is_counted_and_waits(small_office: Office) -> None:
    month_of(small_office, {"李䶮": {"satisfaction": None}})
    document = small_office.read(notice, "2026-06")
    assert "应考核7人，实际考核6人，1人数据待补、暂未计分" in words(document)
    (waiting,) = [row for row in document.attachments[0].rows if "李䶮" in row]  # type: ignore[union-attr]
    assert waiting[0] == "" and "待补" in waiting


def test_nobody_is_blamed_who_did_not_fail(small_office: Office) -> None:
    month_of(small_office, {})
    text = words(small_office.read(notice, "2026-06"))
    assert "约谈" not in text and "一票否决" not in text and "，等次均为合格。" in text


def test_who_failed_and_who_was_vetoed_is_named(small_office: Office) -> None:
    poor = {"ledger": 60, "visits": 30, "on_time": 40, "rework": 50, "satisfaction": 40, "review": 2}
    month_of(small_office, {"单晓琴": {key: Decimal(value) for key, value in poor.items()}})
    text = words(small_office.read(notice, "2026-06"))
    assert "单晓琴（梧桐社区）评为不合格，由所在社区约谈本人、限期整改，下月重点跟踪。" in text
    assert "一票否决" not in text

    month_of(small_office, {"王𠮷𬭎": {"veto": True}}, "2026-07")
    document = small_office.read(notice, "2026-07")
    assert (
        "王𠮷𬭎（梧桐社区）评为不合格，由所在社区约谈本人、限期整改，下月重点跟踪。"
        "其中，王𠮷𬭎因一票否决直接定为不合格。" in words(document)
    )
    assert "王𠮷𬭎" in flat(official_pdf(document))


def test_the_month_before_is_compared_only_when_locked(small_office: Office) -> None:
    month_of(small_office, {}, "2026-05")
    month_of(small_office, {"李䶮": {"review": Decimal(2)}}, "2026-06")
    assert "上月" not in words(small_office.read(notice, "2026-06"))
    lock(small_office, "2026-05")
    assert "，比上月下降1.00分，" in words(small_office.read(notice, "2026-06"))


def test_two_communities_are_first_and_last(small_office: Office) -> None:
    month_of(small_office, {"张三": {"review": Decimal(2)}})
    document = small_office.read(notice, "2026-06")
    text = words(document)
    assert "2个社区按平均得分排名，第一名是梧桐社区（" in text and "，末位是柳荫社区（" in text
    headings = [block.text for block in document.body if isinstance(block, Heading)]
    assert headings == ["一、总体情况", "二、各社区情况", "三、整改要求"]
    assert len(document.attachments) == 2
    below = small_office.read(notice, "2026-06", grid_id(small_office, "519921001002"))
    headings = [block.text for block in below.body if isinstance(block, Heading)]
    assert headings == ["一、总体情况", "二、整改要求"] and len(below.attachments) == 1


# ---- other schemes -------------------------------------------------------------------------------


def results_of(scheme: Scheme) -> SheetRow:
    """Somebody who has every mark that there is, and half a point off the first."""
    parts: dict[str, Decimal | None] = {one.key: one.full for one in scheme.indicators}
    parts[scheme.indicators[0].key] = scheme.indicators[0].full - Decimal("0.5")
    return SheetRow(
        1, 1, 1, "王𠮷𬭎", "梧桐社区", "梧桐·第一网格", "网格长", parts, Decimal("99.5"), "优秀", 1
    )


def test_more_indicators_than_fit_are_summed_by_dimension() -> None:
    scheme = shipped_scheme("k-city")
    table = scores(scheme, "2026年6月", [results_of(scheme)])
    dimensions = list(dict.fromkeys(one.dimension for one in scheme.indicators if not is_veto(one)))
    headings = [heading for heading in table.headings if isinstance(heading, str)]
    assert [heading.split("\n")[0] for heading in headings[2 : 2 + len(dimensions)]] == dimensions
    assert headings[2] == "体制建设\n满18" and headings[-1] == "街道内\n排名"
    cells = table.rows[0][2 : 2 + len(dimensions)]
    assert cells[0] == "17.50" and sum(map(Decimal, cells)) == Decimal("99.5")


@pytest.mark.parametrize("key", scheme_keys())
def test_every_shipped_scheme_makes_a_table_whose_cells_match_its_heads(key: str) -> None:
    scheme = shipped_scheme(key)
    table = scores(scheme, "2026年6月", [results_of(scheme)])
    groups = [heading for heading in table.headings if isinstance(heading, HeadGroup)]
    assert all(len(group.columns) > 1 for group in groups)
    width = len(table.headings) + sum(len(group.columns) - 1 for group in groups)
    assert len(table.rows[0]) == width
    first = 4 if scheme.target is Target.POST else 2
    assert all("." in cell for cell in table.rows[0][first : width - 2 - ranks_within(scheme)])
    assert scheme.grades[0].name in table.notes[0]
