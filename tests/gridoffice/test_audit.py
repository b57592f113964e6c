"""The audit: who, when, from where, what before and after; filtered, taken out, kept, and alarming."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy.orm import Session

from db.enums import Reach, Right, Role
from gridoffice.accounts.keeping import add_account, change_account
from gridoffice.accounts.passwords import change_own_password, set_policy
from gridoffice.accounts.policy import SECURITY
from gridoffice.audit import AuditAsk, Matter, alarms, audit_book, audit_lines, journal_bytes
from gridoffice.audit_figures import tally
from gridoffice.entering import enter
from gridoffice.errors import Refused, RuleBroken
from gridoffice.exports import export
from gridoffice.grids.listing import GRIDS
from gridoffice.history import journal, undo
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.reports import Wish, report_pdf
from gridoffice.service import service
from gridoffice.settings import set_setting
from gridoffice.workers.listing import WORKERS
from gridoffice.workers.service import save_worker
from tests.documents.paper import poppler_text
from tests.offices import Opening, worker

OWN = "Wutong#2026"


def titles(office: Office, ask: AuditAsk) -> list[str]:
    lines, count = office.read(audit_lines, ask)
    assert count == len(lines)
    return [line.title for line in lines]


def fail(office: Office, name: str, times: int) -> None:
    for _ in range(times):
        with pytest.raises(Refused):
            enter(office.store.address, name, "nonsense")


def test_lines_are_found_by_what_they_are_about(small_office: Office) -> None:
    small_office.write(change_own_password, "", OWN)
    small_office.write(add_account, "wang", "王𠮷", Role.CLERK, password="Chuci-123")
    fail(small_office, "wang", 2)
    small_office.write(save_worker, worker(small_office, "李䶮").id, {"phone": "13900001111"})
    assert titles(small_office, AuditAsk(matter=Matter.DOOR)) == [
        "登录没有成功：密码不对（连着第 2 次）",
        "登录没有成功：密码不对（连着第 1 次）",
    ]
    accounts = titles(small_office, AuditAsk(matter=Matter.ACCOUNTS))
    assert accounts[:2] == ["新增账号“王𠮷”（经办人，全部）", "改自己的密码"]
    business = titles(small_office, AuditAsk(matter=Matter.BUSINESS))
    assert business[0] not in accounts and len(business) + len(accounts) + 3 == len(
        titles(small_office, AuditAsk())
    )
    assert len(titles(small_office, AuditAsk(text="王𠮷"))) == 4
    assert titles(small_office, AuditAsk(who="wang", failed=True)) == titles(
        small_office, AuditAsk(matter=Matter.DOOR)
    )
    tomorrow = date.today() + timedelta(days=1)
    assert titles(small_office, AuditAsk(first=tomorrow)) == []
    assert len(titles(small_office, AuditAsk(first=date.today(), last=date.today()))) == len(
        titles(small_office, AuditAsk())
    )


def test_the_inspection_gets_a_workbook(small_office: Office, tmp_path: Path) -> None:
    one = worker(small_office, "李䶮")
    done = small_office.write(save_worker, one.id, {"phone": "13900001111"})
    small_office.write(undo, done.action)
    small_office.write(change_account, "clerk", display="经办人", role=Role.READER, reach=Reach.ALL)
    target = tmp_path / "审计.xlsx"
    count = audit_book(small_office, target, AuditAsk(first=date.today()))
    sheet = load_workbook(target).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(place for place, row in enumerate(rows) if row[0] == "序号")
    found = [dict(zip(rows[head], row, strict=True)) for row in rows[head + 1 :] if isinstance(row[1], int)]
    assert [row["编号"] for row in found] == list(range(1, count + 1))
    changed = found[(done.action or 0) - 1]
    assert (changed["操作人"], changed["结果"], changed["事项"]) == ("本机用户", "已撤销", "业务")
    assert "李䶮" in str(changed["动了什么"]) and "139****1111" in str(changed["改前 → 改后"])
    assert "13900001111" not in str(rows)
    rights = found[-1]
    assert "角色 经办人 → 只读" in str(rights["改前 → 改后"]) and rights["事项"] == "账号和权限"
    assert "本机用户（office）" in edge(sheet)
    assert small_office.read(journal)[0].title.startswith(f"导出变动记录 {count} 条")
    with pytest.raises(RuleBroken, match="没有这样的变动"):
        audit_book(small_office, target, AuditAsk(text="没有人写过这句"))


def test_many_failures_and_a_large_journal_are_told(small_office: Office) -> None:
    small_office.write(change_own_password, "", OWN)
    small_office.write(add_account, "wang", "王𠮷", Role.CLERK, password="Chuci-123")
    assert small_office.read(alarms) == []
    fail(small_office, "wang", 5)
    fail(small_office, "nobody", 4)
    (alarm,) = small_office.read(alarms)
    assert alarm.words == "“王𠮷”一天内登录没成功 5 次。"
    assert len(titles(small_office, alarm.ask)) == 5
    small_office.write(set_policy, {"alarm": 3})
    assert [one.words for one in small_office.read(alarms)][1] == "“nobody”一天内登录没成功 4 次。"
    assert journal_bytes_of(small_office) > 0


def edge(sheet: Worksheet) -> str:
    """What each printed page of a sheet says at its upper right."""
    head = sheet.oddHeader
    return "" if head is None or head.right is None else head.right.text or ""


def journal_bytes_of(office: Office) -> int:
    return office.read(journal_bytes)


def test_what_leaves_whole_says_who_took_it_and_what_for(small_office: Office, tmp_path: Path) -> None:
    target = tmp_path / "花名册.xlsx"
    export(small_office, WORKERS, target, Ask(), reveal=True, reason="年终核对")
    marked = edge(load_workbook(target).worksheets[0])
    assert "本机用户（office）" in marked and "用途：年终核对" in marked
    export(small_office, GRIDS, target, Ask())
    assert edge(load_workbook(target).worksheets[0]) == "", "nobody stands in it"
    pdf = poppler_text(report_pdf(small_office, "roster", Wish(reveal=True, reason="年终核对")), tmp_path)
    assert pdf.count("打印") >= 2 and "用途：年终核对" in pdf.replace("\n", "")
    assert "用途" not in poppler_text(report_pdf(small_office, "grids", Wish()), tmp_path)
    revealed = titles(small_office, AuditAsk(matter=Matter.OUT))
    assert len(revealed) == 3, "the workbook of grids has a line too"
    assert [("年终核对" in one) for one in revealed] == [True, False, True]


@pytest.mark.parametrize("backend", ["sqlite"])
def test_each_of_the_three_reads_what_he_audits(small_office: Office, office_at: Opening) -> None:
    """A local office narrows by itself; a shared one is narrowed by its server."""
    small_office.write(add_account, "shenji", "林审计", Role.AUDITOR)
    small_office.write(add_account, "xitong", "陈系统", Role.SYSTEM_ADMIN)
    system = office_at(small_office.store.address, "xitong")
    system.write(add_account, "baomi", "何保密", Role.SECURITY_ADMIN)
    security, auditor = (office_at(small_office.store.address, one) for one in ("baomi", "shenji"))
    everything = titles(auditor, AuditAsk())
    assert len(everything) == len(titles(small_office, AuditAsk()))
    users = titles(security, AuditAsk())
    assert "新增账号“何保密”（安全保密管理员，不看业务资料）" in everything
    assert "新增账号“何保密”（安全保密管理员，不看业务资料）" not in users
    assert titles(system, AuditAsk()) == ["新增账号“何保密”（安全保密管理员，不看业务资料）"]
    assert Right.AUDIT.label == "查看审计记录"


def test_lines_are_sorted_and_counted(small_office: Office) -> None:
    small_office.write(change_own_password, "", OWN)
    small_office.write(add_account, "wang", "王𠮷", Role.CLERK, password="Chuci-123")
    fail(small_office, "wang", 3)
    lines, count = small_office.read(audit_lines, AuditAsk(sort="who", descending=True))
    assert [line.who for line in lines] == sorted((line.who for line in lines), reverse=True)
    assert [line.id for line in lines[:3]] == sorted((line.id for line in lines[:3]), reverse=True)
    up, _ = small_office.read(audit_lines, AuditAsk(sort="id", descending=False), 2)
    assert [line.id for line in up] == [1, 2]
    said = small_office.read(tally, AuditAsk())
    assert said.count == count == sum(number for _, number in said.by_matter) == said.in_days
    assert dict(said.by_matter)[Matter.DOOR] == 3
    assert ("wang", "王𠮷", 3) in said.by_person
    assert said.by_person[0][2] == max(number for *_, number in said.by_person)
    assert said.by_day[-1] == (date.today(), count) and len(said.by_day) == 7
    tomorrow = date.today() + timedelta(days=1)
    assert small_office.read(tally, AuditAsk(first=tomorrow, last=tomorrow)).count == 0
    one = small_office.read(tally, AuditAsk(who="wang", first=date.today(), last=date.today()))
    assert (one.count, one.by_day) == (3, ((date.today(), 3),))


@service("改口令规则", needs=Right.ADMINISTER)
def warn_at(session: Session, megabytes: int) -> None:
    set_setting(session, SECURITY, {"megabytes": megabytes})


def test_a_journal_that_has_grown_large_is_told_with_its_size(small_office: Office) -> None:
    small_office.write(warn_at, 1)
    used = small_office.read(journal_bytes) >> 20
    small_office.write(warn_at, used)
    (alarm,) = small_office.read(alarms)
    assert alarm.large and alarm.count == used
    assert alarm.words == f"变动记录已有 {used} MB，超过 {used} MB，看看磁盘还够不够。"
    small_office.write(warn_at, used + 64)
    assert small_office.read(alarms) == []
