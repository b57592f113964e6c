"""A whole month through the window with three accounts: opened, collected by pasting, computed, submitted,
reviewed, calibrated, public, an appeal that changes a grade, approved, locked, on paper, proved."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton

from db.enums import Decision, MonthState, Role
from gridoffice.accounts.keeping import add_account
from gridoffice.assessment.locking import verify_month
from gridoffice.assessment.month import months
from gridoffice.assessment.report import notice
from gridoffice.assessment.results import sheet_trace
from gridoffice.documents.pdf import official_pdf
from gridoffice.documents.render import page_text, pages
from gridoffice.fields import Kind
from gridoffice.history import journal
from gridoffice.office import Office
from gridoffice.overview.sheet_story import sheet_story
from tests.documents.paper import FONTS, poppler_text
from ui import dialogs
from ui.app import settle
from ui.main_window import MainWindow

Open = Callable[..., MainWindow]
ACCOUNTS = (("wang", "王敏", Role.CLERK), ("li", "李㛃", Role.REVIEWER), ("zhao", "赵犇", Role.LEADER))


def go(window: MainWindow, key: str, **where: Any) -> Any:
    window.go(key, **where)
    settle(window, quiet_ms=60)
    return window.page


def words(part: Any) -> str:
    return "\n".join(one.text() for one in part.findChildren(QLabel) if not one.isHidden())


def buttons(part: Any) -> list[str]:
    return [one.text().strip() for one in part.findChildren(QPushButton) if one.isVisible()]


def press(window: MainWindow, part: Any, text: str) -> None:
    found = [one for one in part.findChildren(QPushButton) if one.isVisible() and one.text().strip() == text]
    assert found, f"no button {text}, only {buttons(part)}"
    found[0].click()
    settle(window, quiet_ms=120)


def choose(choice: Any, value: Any) -> None:
    choice.setCurrentIndex(choice.findData(value))
    choice.activated.emit(choice.currentIndex())


@pytest.fixture
def office_file(full: Path) -> Path:
    """A street with people, three accounts, and no month that is open."""
    office = Office.open(full)
    for name, display, role in ACCOUNTS:
        office.write(add_account, name, display, role)
    office.close()
    return full


def column_of_values(page: Any, name: str) -> list[str]:
    """What Excel holds for one column: everybody different, the last one hardly anything."""
    field, count = page.grid.entry.fields[name], len(page.grid.table.model.ids)
    if field.kind is Kind.RATE:
        return [f"{100 - place * 30 / count:.1f}" for place in range(count)]
    if field.kind is Kind.YES_NO:
        return ["否"] * count
    if field.kind is Kind.INTEGER:
        return ["0"] * count
    return ["8"] * count


def test_a_month_from_opening_to_its_lock(
    office_file: Path, opened: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clerk = opened(office_file, account="wang")
    page = go(clerk, "assessment")
    clerk.command("new")
    settle(clerk, quiet_ms=60)
    period = page.side.period.text()
    clerk.page.side.begin()
    settle(clerk, quiet_ms=120)
    said = page.facts_now
    assert said.period == period and said.state is MonthState.COLLECTING and said.scored == 0

    # collected: one block from Excel, one action
    entry = page.grid.entry
    typed = [place for place in range(len(entry.model.headings)) if entry.name(place) in entry.fields]
    assert typed == list(range(typed[0], typed[-1] + 1))
    lines = zip(*(column_of_values(page, entry.name(place)) for place in typed), strict=True)
    before = len(clerk.office.read(journal))
    QGuiApplication.clipboard().setText("\r\n".join("\t".join(line) for line in lines) + "\r\n")
    entry.go(0, typed[0])
    entry.paste()
    settle(clerk, quiet_ms=120)
    assert len(clerk.office.read(journal)) == before + 1
    assert page.grid.live.month.counts()[None] == 0, "everybody has a grade before anything is computed"

    # submitted: what was typed is computed on the way
    press(clerk, page, "采集完毕，开始初评")
    press(clerk, page, "提交复核")
    said = page.facts_now
    assert said.state is MonthState.REVIEW and said.computed and said.submitted_by == "wang"
    assert "王敏" in page.steps.stepper.accessibleName()
    assert not any("公示" in text for text in buttons(page.steps.bar)), "the clerk does not review"

    # calibrated and public, by somebody else
    reviewer = opened(office_file, account="li")
    page = go(reviewer, "calibration")
    assert page.facts_now.period == period
    best = list(page.table.model.ids)[:1]
    page.table.model.tick(best)
    reviewer.command("edit")
    page.panel.change.setText("-0.5")
    page.panel.reason.setText("评议打得偏宽")
    reviewer.command("save")
    settle(reviewer, quiet_ms=120)
    assert reviewer.office.read(sheet_story, best[0]).adjustment == Decimal("-0.5")
    assert "评议打得偏宽" in str(reviewer.office.read(sheet_trace, best[0])) or page.said.whole.adjusted == 1
    page = go(reviewer, "assessment")
    press(reviewer, page, "复核通过，开始公示")
    said = page.facts_now
    assert said.state is MonthState.PUBLIC and said.public_to > said.public_from
    assert said.reviewed_by == "li"

    # an appeal that changes a grade
    page = go(clerk, "appeals")
    sheet = _just_below(clerk)
    clerk.command("new")
    settle(clerk, quiet_ms=60)
    page.panel.who.choose(sheet.id, sheet.name)
    clerk.command("save")
    assert "没写" in words(page.panel.verdict)
    page.panel.what.setPlainText("入户走访少记了，台账里有 30 户")
    page.panel.wanted.setText("按台账重新算")
    clerk.command("save")
    settle(clerk, quiet_ms=60)
    assert page.panel is None and len(page.table.model.ids) == 1 and "1 件没答复" in page.head_facts.whole()

    page.answer(page.table.model.ids[0])
    settle(clerk, quiet_ms=60)
    assert "申诉由复核的账号答复" in words(page.panel) and not hasattr(page.panel, "decision")

    leader = opened(office_file, account="zhao")
    page = go(leader, "assessment")
    press(leader, page, "公示期满，审定")
    assert page.facts_now.state is MonthState.PUBLIC and "申诉" in words(page.steps.below)

    page = go(reviewer, "appeals")
    page.answer(page.table.model.ids[0])
    settle(reviewer, quiet_ms=60)
    panel = page.panel
    choose(panel.decision, Decision.CHANGED)
    panel.change.setText("8")
    panel._foretell()
    settle(reviewer, quiet_ms=60)
    foretold = words(panel.outcome)
    reviewer.command("save")
    assert "答复没写" in words(panel.verdict)
    panel.answer.setPlainText("查过台账，少记 30 户，予以更改")
    reviewer.command("save")
    settle(reviewer, quiet_ms=120)
    now = reviewer.office.read(sheet_story, sheet.id)
    assert now.total is not None and now.total == sheet.total + 8 and now.grade != sheet.grade
    assert f"{now.total.normalize():f} 分 {now.grade}" in foretold, "it came as it was told"

    # approved, locked, on paper, proved
    page = go(leader, "assessment")
    press(leader, page, "公示期满，审定")
    assert page.facts_now.state is MonthState.APPROVED and page.facts_now.approved_by == "zhao"
    asked: list[str] = []
    monkeypatch.setattr(dialogs, "decide", lambda _parent, question, *_: not asked.append(question))
    press(leader, page, f"锁定 {int(period[5:])} 月")
    assert asked and page.facts_now.state is MonthState.LOCKED
    assert "锁定" in leader.banner.words()
    assert not page.grid.may_type and page.grid.entry is None
    month = leader.office.read(months)[0]
    assert leader.office.read(verify_month, month.id) == []
    pdf = official_pdf(leader.office.read(notice, month.id), FONTS)
    for text in (poppler_text(pdf, tmp_path), "".join(page_text(pdf, at) for at in range(pages(pdf)))):
        said = "".join(text.split())
        assert f"{period[:4]}年{int(period[5:])}月" in said and "审定，公示期间收到申诉1件，更改1件" in said
        printed = re.escape(sheet.name) + ".{0,120}?" + re.escape(f"{now.total:.2f}{now.grade}")
        assert re.search(printed, said), f"{sheet.name} {now.total:.2f} {now.grade}"
    titles = [line.title for line in leader.office.read(journal)]
    for step in ("采集完毕", "提交复核", "校准", "开始公示", "申诉", "审定", "锁定"):
        assert any(step in title for title in titles), step


def _just_below(window: MainWindow) -> Any:
    """Somebody whom eight points lift into the next grade."""
    for number in list(window.page_of("assessment").grid.table.model.ids)[::-10]:
        story = window.office.read(sheet_story, number)
        if story.reaching.grade is not None and story.reaching.lacking <= 7:
            return story
    raise AssertionError("nobody is near the next grade")
