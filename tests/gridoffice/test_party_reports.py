"""双报到: who reported where, what was done, what a year lacks; in and out of Excel; after a grid has ended."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from db.enums import ReportSide
from gridoffice import history
from gridoffice.errors import Conflict, RuleBroken
from gridoffice.exports import export
from gridoffice.grids.changing import change_grids
from gridoffice.grids.operations import Basis, Merge
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.overview.party_year import year_listing
from gridoffice.own_tables import save_own_table
from gridoffice.party.report_listing import REPORTED, SERVICES
from gridoffice.party.report_rules import ServiceRule, ServiceTable, service_text, short_of
from gridoffice.party.reporting import (
    SERVICE,
    end_reports,
    remove_services,
    report_row,
    save_report,
    save_service,
    year_rows,
)
from gridoffice.reports import Wish, report_pdf
from tests.offices import come, errors, grid_id, number, outcomes, records, workbook, worker

FIRST, SECOND, WUTONG = "519921001001001", "519921001001002", "519921001001"
REPORT_HEADS = ("姓名", "性别", "联系电话", "报到类别", "工作单位", "报到社区", "报到时间", "特长")
SERVICE_HEADS = ("姓名", "身份证号", "服务日期", "服务社区", "服务（活动）内容", "时长（小时）")
JUNE = date(2026, 6, 1)


def report(office: Office, name: str, grid: str = FIRST, **values: Any) -> int:
    said = {"person_id": worker(office, name).person_id, "grid_id": grid_id(office, grid)} | values
    return office.write(save_report, None, said).result


def served(office: Office, name: str, day: date, grid: str = FIRST, **values: Any) -> int:
    said = {"person_id": worker(office, name).person_id, "grid_id": grid_id(office, grid), "day": day}
    return office.write(save_service, None, said | {"what": "入户走访"} | values).result


def test_a_member_reports_and_serves(small_office: Office) -> None:
    before = records(small_office)
    one = report(small_office, "王𠮷𬭎", unit="区教育局", from_day=JUNE)
    line = small_office.read(report_row, one)
    assert (line.side, line.unit, line.grid) == (ReportSide.RESIDENCE, "区教育局", "梧桐·第一网格")
    with pytest.raises(RuleBroken, match="已经到“梧桐·第一网格”报到了"):
        report(small_office, "王𠮷𬭎", from_day=date(2026, 7, 1))
    report(small_office, "王𠮷𬭎", side=ReportSide.UNIT, from_day=JUNE)
    with pytest.raises(RuleBroken, match="没写报到网格"):
        small_office.write(save_report, None, {"person_id": line.person_id})
    small_office.write(save_report, one, {"unit": "区人社局"}, line)
    with pytest.raises(Conflict, match="工作单位"):
        small_office.write(save_report, one, {"unit": "别处"}, line)
    with pytest.raises(RuleBroken, match="早于起始日期"):
        small_office.write(end_reports, [one], date(2026, 5, 1))
    small_office.write(end_reports, [one], date(2026, 8, 31))
    for day, count in ((date(2026, 5, 31), 0), (JUNE, 2), (date(2026, 9, 1), 1)):
        ask = Ask(scope=grid_id(small_office, WUTONG), day=day)
        assert len(small_office.read(REPORTED.ids, ask)) == count
    with pytest.raises(RuleBroken, match="一天在 0 到 24 小时之间"):
        served(small_office, "王𠮷𬭎", JUNE, hours=Decimal(25))
    with pytest.raises(RuleBroken, match="没写服务内容"):
        served(small_office, "王𠮷𬭎", JUNE, what="")
    gone = served(small_office, "王𠮷𬭎", JUNE, hours=Decimal("1.5"))
    small_office.write(remove_services, [gone])
    assert len(small_office.read(SERVICES.ids, Ask())) == 0
    for _ in range(6):
        small_office.write(history.undo)
    assert records(small_office) == before


def test_a_year_and_what_it_lacks(small_office: Office) -> None:
    report(small_office, "王𠮷𬭎", from_day=JUNE)
    report(small_office, "李䶮", WUTONG, side=ReportSide.UNIT, from_day=JUNE)
    served(small_office, "王𠮷𬭎", date(2026, 7, 1), hours=Decimal("1.5"))
    served(small_office, "王𠮷𬭎", date(2025, 12, 31), hours=Decimal(8))
    served(small_office, "李䶮", date(2026, 7, 2), SECOND)

    def seen(day: date = date(2026, 12, 31), scope: str | None = None) -> dict[str, Any]:
        place = grid_id(small_office, scope) if scope else None
        return {row.name: row for row in small_office.read(year_rows, place, day)}

    found = seen()
    assert (found["王𠮷𬭎"].times, found["王𠮷𬭎"].hours, found["王𠮷𬭎"].missing) == (
        1,
        Decimal("1.5"),
        "1 次",
    )
    assert (found["李䶮"].times, found["李䶮"].missing) == (1, None)  # only those at home are asked
    assert seen(date(2026, 6, 30))["王𠮷𬭎"].times == 0
    assert seen(date(2026, 5, 1)) == {}
    assert seen(scope=FIRST).keys() == {"王𠮷𬭎"}
    table = ServiceTable((ServiceRule(0, Decimal("2.5"), "本办“规定”"),))
    assert SERVICE.read(service_text(table)) == table
    small_office.write(save_own_table, SERVICE, service_text(table))
    assert {name: row.missing for name, row in seen().items()} == {"王𠮷𬭎": "1.0 小时", "李䶮": "2.5 小时"}
    small_office.write(save_own_table, SERVICE, None)
    assert seen()["王𠮷𬭎"].missing == "1 次"
    listing = year_listing(date(2026, 12, 31))
    assert len(small_office.read(listing.ids, Ask())) == 2
    for key in ("party-reports", "party-services", "party-hours"):
        assert report_pdf(small_office, key, Wish(day=date(2026, 12, 31))).startswith(b"%PDF")


def test_the_strictest_rule_counts() -> None:
    rules = (
        ServiceRule(2, Decimal(0), "甲"),
        ServiceRule(4, Decimal(8), "乙", (ReportSide.UNIT,)),
    )
    assert short_of(rules, [ReportSide.RESIDENCE], 1, Decimal(0)) == (1, 0)
    assert short_of(rules, [ReportSide.RESIDENCE, ReportSide.UNIT], 1, Decimal(3)) == (3, 5)
    assert short_of((), [ReportSide.UNIT], 0, Decimal(0)) == (0, 0)


def test_the_two_ledgers_in_and_out(small_office: Office, tmp_path: Path) -> None:
    before = records(small_office)
    rows = [
        ("李䶮", None, "13800000012", "社区报到", "区教育局", "梧桐·第一网格", "2026.6.1", "写字"),
        ("新来的人", "女", "13900000066", None, "区人社局", "柳荫社区", "2026-06-02", None),
        ("新来的人", "女", "13900000066", "单位", "区人社局", "柳荫社区", "2026-06-02", None),
        ("无处可去", "男", "13900000067", None, None, None, None, None),
    ]
    file = workbook(tmp_path / "双报到.xlsx", REPORT_HEADS, rows, above=1)
    done = come(small_office, "party-reports", file)
    assert [outcome for _, outcome in outcomes(done)] == ["new", "new", "new", "error"]
    assert [message for _, _, message in errors(done)] == ["没写报到网格。"]
    done = come(small_office, "party-reports", workbook(tmp_path / "好的.xlsx", REPORT_HEADS, rows[:3]))
    assert done.preview.in_words() == "新增 3"
    assert len({row["person_id"] for row in records(small_office)["party_report"]}) == 2
    again = come(small_office, "party-reports", workbook(tmp_path / "再来.xlsx", REPORT_HEADS, rows[:3]))
    assert again.preview.in_words() == "无变化 3"
    services = [
        ("李䶮", number(12), "2026-06-05", "梧桐·第一网格", "文明劝导", "1.5"),
        ("李䶮", number(12), "2026-06-05", "梧桐·第一网格", "清扫院落", 2),
        ("没有的人", None, "2026-06-05", "梧桐·第一网格", "清扫院落", 2),
    ]
    file = workbook(tmp_path / "服务.xlsx", SERVICE_HEADS, services)
    assert "人员里没有“没有的人”" in errors(come(small_office, "party-services", file))[0][2]
    file = workbook(tmp_path / "服务好.xlsx", SERVICE_HEADS, services[:2])
    assert come(small_office, "party-services", file).preview.in_words() == "新增 2"
    for key, listing in (("party-reports", REPORTED), ("party-services", SERVICES)):
        target = tmp_path / f"{key}.xlsx"
        export(small_office, listing, target, Ask(), reveal=True, reason="核对")
        assert come(small_office, key, target).preview.in_words().startswith("无变化")
    for _ in range(2):
        small_office.write(history.undo)
    assert records(small_office) == before


def test_whoever_reported_goes_along_with_the_grid(small_office: Office) -> None:
    one = report(small_office, "王𠮷𬭎", from_day=JUNE)
    old, into = grid_id(small_office, FIRST), grid_id(small_office, SECOND)
    small_office.write(change_grids, Basis(date(2026, 9, 1)), [Merge((old,), into=into)])
    held = [(row["grid_id"], row["from_day"], row["to_day"]) for row in records(small_office)["party_report"]]
    assert held == [(old, JUNE, date(2026, 8, 31)), (into, date(2026, 9, 1), None)]
    assert small_office.read(report_row, one).to_day == date(2026, 8, 31)
