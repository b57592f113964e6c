"""空缺: counted as the pack asks, since the day on which there were no longer enough."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from db.enums import Employment
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.overview.staffing import staffing
from gridoffice.overview.vacancies import VacancyRow, vacancies, vacancies_listing, vacant_since
from gridoffice.overview.wanted import Wanted
from gridoffice.reports import Wish, report_book, report_pdf
from gridoffice.workers.service import end_posts
from tests.documents.paper import poppler_text
from tests.offices import grid_id, worker

DAY = date(2026, 6, 30)


def found(office: Office, day: date = DAY) -> dict[tuple[str, str], VacancyRow]:
    return {(row.grid, row.who): row for row in office.read(vacancies, None, day)}


WHO = "专职网格员或网格长"


def test_a_vacancy_tells_since_when(small_office: Office, tmp_path: Path) -> None:
    before = found(small_office)
    assert ("梧桐·第一网格", WHO) not in before
    small_office.write(end_posts, [worker(small_office, "李䶮").id], DAY - timedelta(days=10))
    assert ("梧桐·第一网格", WHO) not in found(small_office), "one of the two is enough"
    small_office.write(end_posts, [worker(small_office, "王𠮷𬭎").id], DAY - timedelta(days=10))
    one = found(small_office)["梧桐·第一网格", WHO]
    assert (one.unit, one.least, one.present, one.missing) == ("梧桐社区", 1, 0, 1)
    assert one.since == DAY - timedelta(days=9) and one.days == 10
    assert one.grid_id == grid_id(small_office, "519921001001001")
    assert ("梧桐·第一网格", WHO) not in found(small_office, DAY - timedelta(days=10))
    never = before["柳荫·第二网格", WHO]
    assert never.since is None and never.days is None
    empty = before["商圈专属网格", "专职网格员或兼职网格员或网格长"]
    assert (empty.kind, empty.missing, empty.unit) == ("专属网格", 1, "")
    text = "".join(poppler_text(report_pdf(small_office, "vacancies", Wish(day=DAY)), tmp_path).split())
    assert "岗位空缺表" in text and "2026-06-21" in text
    rows = report_book(small_office, "vacancies", Wish(day=DAY), tmp_path / "v.xlsx")
    assert rows == len(found(small_office))


def test_the_gaps_are_those_of_the_staffing_table(street_office: Office) -> None:
    day = date.today()
    staff = sum(row.missing for row in street_office.read(vacancies, None, day) if row.who == WHO)
    assert staff == sum(row.gap for row in street_office.read(staffing, None, day))
    listing = vacancies_listing()
    ids = street_office.read(listing.ids, Ask(day=day))
    assert len(set(ids)) == len(ids) == len(street_office.read(vacancies, None, day))


def test_since_is_counted_by_the_norm_of_today() -> None:
    one = Wanted("专职网格员", 2, None, 1, ("专职网格员",), True)
    full, part = Employment.FULL_TIME.value, Employment.PART_TIME.value
    served = [
        ("专职网格员", full, date(2024, 1, 1), None),
        ("专职网格员", full, date(2024, 5, 1), date(2025, 4, 30)),
        ("专职网格员", part, date(2024, 5, 1), date(2026, 1, 31)),
        ("网格长", full, date(2024, 5, 1), date(2026, 2, 28)),
    ]
    assert vacant_since(served, one, DAY) == date(2025, 5, 1)
    assert vacant_since(served[:1], one, DAY) is None
