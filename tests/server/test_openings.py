"""Who opened whole numbers on a server, as the audit page lists it: one's own, to who audits everybody's; looked for
like lines of the journal, and taken out for an inspection."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shiboken6

from gridoffice.audit import AuditAsk, audit_lines
from gridoffice.errors import RuleBroken
from gridoffice.office import Office
from gridoffice.people.duplicates import duplicates
from gridoffice.serving.openings import kept_here, opening_lines, openings_book
from tests.server.conftest import Served
from tests.ui.seen import words_in
from ui.app import settle
from ui.main_window import MainWindow
from ui.pages import PAGES
from ui.tasks import TaskRunner

SEEN = AuditAsk(text="查重")


@pytest.fixture
def clerk(served: Served, served_at: Callable[[str], Office]) -> Office:
    found = served_at("clerk")
    found.read(duplicates)
    return found


def test_each_sees_his_own_and_who_audits_everybodys(
    clerk: Office, served_at: Callable[[str], Office]
) -> None:
    lines, count = clerk.read(opening_lines, SEEN)
    assert count == len(lines) >= 1 and {line.who for line in lines} == {"clerk"}
    assert served_at("liuyin").read(opening_lines, SEEN) == ([], 0)
    everybodys, _ = served_at("administrator").read(opening_lines, AuditAsk())
    assert "clerk" in {line.who for line in everybodys}


def test_they_are_looked_for_like_lines_of_the_journal(clerk: Office) -> None:
    assert clerk.read(kept_here)
    today, before = date.today(), date.today() - timedelta(days=1)
    assert clerk.read(opening_lines, AuditAsk(first=today, last=today))[1] >= 1
    assert clerk.read(opening_lines, AuditAsk(last=before)) == ([], 0)
    assert clerk.read(opening_lines, AuditAsk(who="liuyin")) == ([], 0)
    assert clerk.read(opening_lines, AuditAsk(text="没有写过的原因")) == ([], 0)
    newest, _ = clerk.read(opening_lines, AuditAsk())
    oldest, _ = clerk.read(opening_lines, AuditAsk(descending=False))
    assert newest == oldest[::-1]
    assert len(clerk.read(opening_lines, AuditAsk(), 1)[0]) == 1


def test_they_are_taken_out_with_a_line_of_their_own(clerk: Office, tmp_path: Path) -> None:
    target = tmp_path / "记录.xlsx"
    count = openings_book(clerk, target, SEEN, "年度检查")
    sheet = openpyxl.load_workbook(target).worksheets[0]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(place for place, row in enumerate(cells) if "为什么" in row)
    assert len(cells) - head - 1 == count >= 1
    assert cells[head + 1][cells[head].index("为什么")] == "查重"
    latest, _ = clerk.read(audit_lines, AuditAsk(), 1)
    assert "记录.xlsx" in latest[0].title and "年度检查" in latest[0].title
    with pytest.raises(RuleBroken, match="没有人看过"):
        openings_book(clerk, tmp_path / "空.xlsx", AuditAsk(text="没有写过的原因"))
    assert not (tmp_path / "空.xlsx").exists()


def test_an_office_that_no_server_keeps_has_none(small_office: Office) -> None:
    assert not small_office.read(kept_here)
    assert small_office.read(opening_lines, AuditAsk()) == ([], 0)


def test_the_audit_page_lists_them(qapp: Any, clerk: Office) -> None:
    window = MainWindow(clerk, TaskRunner(), PAGES)
    window.unattended = True
    window.resize(1440, 900)
    window.show()
    try:
        window.go("journal")
        settle(window, quiet_ms=200)
        page = window.page
        page.matter.setCurrentIndex(page.matter.findText("看完整号码"))
        settle(window, quiet_ms=200)
        assert page.opened_numbers and {line.who for line in page.lines} == {"clerk"}
        page.finder.setText("查重")
        settle(window, quiet_ms=400)
        assert page.lines and {line.title for line in page.lines} == {"查重"}
        page._open(page.lines[0].id)
        settle(window, quiet_ms=100)
        assert "看完整号码，原因：查重" in words_in(page.drawer)
        assert "不随备份和搬家走" in words_in(page.drawer)
        page.matter.setCurrentIndex(0)
        settle(window, quiet_ms=200)
        assert not page.opened_numbers
    finally:
        window.close()
        shiboken6.delete(window)
