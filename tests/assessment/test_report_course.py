"""What a month's notice says of its course: publicity, appeals, approval, who is not graded."""

from __future__ import annotations

from decimal import Decimal

from db.enums import Decision, MonthState
from gridoffice.assessment.appeals import decide_appeal, raise_appeal
from gridoffice.assessment.locking import lock_month
from gridoffice.assessment.report import notice
from gridoffice.assessment.service import compute, exclude, move_month
from gridoffice.documents.model import OfficialDocument, Paragraph, TableAnnex
from gridoffice.documents.pdf import official_pdf
from gridoffice.office import Office
from tests.offices import PERIOD, sheets, stepping, tamper, to


def words(document: OfficialDocument) -> str:
    return "\n".join(block.text for block in document.body if isinstance(block, Paragraph))


def test_a_public_month_says_until_when_and_that_it_may_change(small_office: Office) -> None:
    to(small_office, MonthState.PUBLIC)
    text = words(small_office.read(notice, PERIOD))
    assert "考核结果正在公示" in text and "以上为考核公示阶段的数据，审定前可能调整。" in text
    assert "申诉" not in text


def test_an_approved_month_counts_its_appeals(small_office: Office) -> None:
    to(small_office, MonthState.PUBLIC)
    rows, reviewer = sheets(small_office), stepping(small_office, MonthState.PUBLIC)
    for row, decision in zip(rows, (Decision.CHANGED, Decision.KEPT, Decision.KEPT), strict=False):
        appeal = small_office.write(raise_appeal, row["id"], "得分有误").result
        change = Decimal(1) if decision is Decision.CHANGED else None
        reviewer.write(decide_appeal, appeal, decision, "已经复核", None, change)
    leader = stepping(small_office, MonthState.APPROVED)
    leader.write(move_month, PERIOD, MonthState.APPROVED)
    text = words(small_office.read(notice, PERIOD))
    assert "审定，公示期间收到申诉3件，维持2件、更改1件。" in text and "可能调整" not in text
    leader.write(lock_month, PERIOD)
    assert words(small_office.read(notice, PERIOD)) == text


def test_a_month_without_appeals_says_there_were_none(locked_office: Office) -> None:
    assert "公示期间没有收到申诉" in words(locked_office.read(notice, PERIOD))


def test_who_is_not_graded_or_takes_no_part_is_told_apart(small_office: Office) -> None:
    to(small_office, MonthState.SCORING)
    rows = sheets(small_office)
    small_office.write(exclude, PERIOD, [rows[0]["id"]], "借调")
    tamper(small_office, f"UPDATE sheet SET standing = 'probation' WHERE id = {rows[1]['id']}")
    small_office.write(compute, PERIOD)
    document = small_office.read(notice, PERIOD)
    text = words(document)
    assert f"应考核{len(rows) - 1}人，实际考核{len(rows) - 1}人" in text
    assert "试用期1人，参加考核、不定等次。另有1人不参加本月考核。" in text
    annex = document.attachments[0]
    assert isinstance(annex, TableAnnex)
    assert [row[1] for row in annex.rows if "不定等次" in row] == [rows[1]["name"]]
    assert rows[0]["name"] not in [row[1] for row in annex.rows]
    assert official_pdf(document)
