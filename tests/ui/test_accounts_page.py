"""The page of accounts: what waits first, approving, new accounts, passwords, handing over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from db.enums import Reach, Role
from gridoffice.accounts.keeping import add_account
from gridoffice.accounts.listed import account_line
from gridoffice.accounts.passwords import change_own_password
from gridoffice.grids.service import find
from gridoffice.office import Office
from ui.app import settle
from ui.main_window import MainWindow
from ui.pages import PAGES, pages_of
from ui.pages.account_panels import (
    HandOverPanel,
    OwnPasswordPanel,
    PolicyPanel,
    RejectPanel,
    ResetPanel,
    RightsPanel,
)
from ui.pages.accounts import AccountsPage

Open = Callable[..., MainWindow]


@pytest.fixture
def apart(full: Path) -> Path:
    """The street with its three, and an account that waits."""
    office = Office.open(full)
    office.write(change_own_password, "", "Wutong#2026")
    office.write(add_account, "shenji", "林审计", Role.AUDITOR)
    office.write(add_account, "xitong", "陈系统", Role.SYSTEM_ADMIN)
    office.close()
    system = Office.open(full, "xitong")
    system.write(add_account, "baomi", "何保密", Role.SECURITY_ADMIN)
    system.write(add_account, "wang", "王𬭎", Role.CLERK)
    system.close()
    return full


def at_accounts(window: MainWindow) -> AccountsPage:
    window.go("accounts")
    settle(window, quiet_ms=60)
    return window.page


def press(widget: object, words: str) -> None:
    """The visible button with these words."""
    (made,) = [
        one
        for one in widget.findChildren(QPushButton)  # type: ignore[attr-defined]
        if one.text().strip() == words and one.isVisible()
    ]
    made.click()


def open_line(window: MainWindow, name: str) -> AccountsPage:
    page = at_accounts(window)
    page._open(next(line.id for line in page.lines if line.name == name))
    return page


def test_the_security_administrator_lets_in_what_waits(apart: Path, opened: Open) -> None:
    window = opened(apart, account="baomi")
    page = at_accounts(window)
    assert page.head_facts.text() == f"共 {len(page.lines)} 个·等批准 1 个"
    assert page.lines[0].name == "wang" and not page.new_button.isEnabled()
    page._open(page.lines[0].id)
    press(page.drawer, "批准")
    settle(window, quiet_ms=60)
    assert account_standing(window, "wang") == "在用"
    assert window.status.last() == "批准账号“王𬭎”：经办人，全部"


def account_standing(window: MainWindow, name: str) -> str:
    return window.office.read(account_line, name).standing.label


def test_what_is_not_approved_gets_a_reason(apart: Path, opened: Open) -> None:
    window = opened(apart, account="baomi")
    page = open_line(window, "wang")
    press(page.drawer, "不批准")
    panel = page.side
    assert isinstance(panel, RejectPanel)
    panel.do()
    settle(window, quiet_ms=60)
    assert panel.verdict.isVisible()
    panel.reason.setText("不认识这个人")
    panel.do()
    settle(window, quiet_ms=60)
    assert account_standing(window, "wang") == "停用" and page.side is page.drawer


def test_the_system_administrator_asks_for_an_account_of_some_grids(apart: Path, opened: Open) -> None:
    window = opened(apart, account="xitong")
    page = at_accounts(window)
    page.commands["new"]()
    panel = page.side
    assert isinstance(panel, RightsPanel)
    panel.name.setText("liu")
    panel.display.setText("刘某")
    panel.reach.setCurrentIndex(panel.reach.findData(Reach.CUSTOM))
    grids = [window.office.read(find, code) for code in ("519921001001", "519921001002")]
    for number, words in zip(grids, ("甲", "乙"), strict=True):
        panel.more.choose(number, words)
    assert [number for number, _ in panel.grids] == grids
    panel.do()
    settle(window, quiet_ms=60)
    line = window.office.read(account_line, "liu")
    assert (line.reach, [number for number, _ in line.grids], line.asked) == (Reach.CUSTOM, grids, "新账号")
    assert line.has_password and line.must_change
    page.commands["new"]()
    panel = page.side
    assert isinstance(panel, RightsPanel)
    panel.role.setCurrentIndex(list(Role).index(Role.AUDITOR))
    assert [panel.reach.itemData(place) for place in range(panel.reach.count())] == [Reach.NONE.value]


def test_passwords_rules_and_handing_over(apart: Path, opened: Open) -> None:
    window = opened(apart, account="xitong")
    page = open_line(window, "baomi")
    press(page.drawer, "重设密码")
    panel = page.side
    assert isinstance(panel, ResetPanel)
    panel.do()
    settle(window, quiet_ms=60)
    assert window.status.last() == "重设账号“何保密”的密码，下次登录要换"
    page = open_line(window, "office")
    press(page.drawer, "离岗交接")
    assert isinstance(page.side, HandOverPanel) and page.side.heir.count() == 0
    page.commands["close"]()
    page._rules()
    assert isinstance(page.side, PolicyPanel) and page.side.foot.isHidden()


def test_whoever_takes_over_is_offered_the_grids_he_does_not_see(full: Path, opened: Open) -> None:
    office = Office.open(full)
    units = [office.read(find, code) for code in ("519921001001", "519921001002")]
    for name, display, unit in zip(("zhang", "li"), ("张䶮", "李㐂"), units, strict=True):
        office.write(add_account, name, display, Role.CLERK, unit)
    office.close()
    window = opened(full)
    page = open_line(window, "zhang")
    press(page.drawer, "离岗交接")
    panel = page.side
    assert isinstance(panel, HandOverPanel)
    panel.heir.setCurrentIndex(panel.heir.findData("office"))
    settle(window, quiet_ms=60)
    assert panel._more.isHidden(), "who sees all sees these grids"
    panel.heir.setCurrentIndex(panel.heir.findData("li"))
    settle(window, quiet_ms=60)
    assert panel.grids.isVisible() and panel.grids.text() == "李㐂以后也看这些网格"
    panel.do()
    settle(window, quiet_ms=60)
    line = window.office.read(account_line, "li")
    assert {number for number, _ in line.grids} == set(units)


def test_who_keeps_accounts_sees_no_business(apart: Path, opened: Open) -> None:
    system = Office.open(apart, "xitong")
    keys = {page.key for page in pages_of(system.who)}
    system.close()
    assert {"accounts", "journal", "settings"} <= keys and "workers" not in keys and "home" not in keys
    clerk = Office.open(apart)
    try:
        assert set(pages_of(clerk.who)) == set(PAGES)
    finally:
        clerk.close()
    window = opened(apart, account="xitong")
    assert (
        window.office.read(
            lambda session: (
                session.connection()
                .exec_driver_sql(
                    "SELECT (SELECT count(*) FROM person) + (SELECT count(*) FROM post) + (SELECT count(*) FROM sheet)"
                )
                .scalar()
            )
        )
        == 0
    )


def test_one_s_own_password_in_the_settings(apart: Path, opened: Open) -> None:
    window = opened(apart)
    window.go("settings")
    settle(window, quiet_ms=60)
    press(window.page, "改自己的密码")
    panel = window.page.side
    assert isinstance(panel, OwnPasswordPanel)
    panel.old.setText("Wutong#2026")
    panel.new.setText("Mimi@5678")
    panel.again.setText("Mimi@5678")
    panel.do()
    settle(window, quiet_ms=60)
    assert window.status.last() == "改自己的密码" and window.page.side is None
