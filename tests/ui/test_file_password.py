"""The password of the local office in the window: put on, asked for at the door, and of a backup that has another."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer

from db import keyed
from db.keyed import Key
from gridoffice import file_password, passwords, safekeeping, settings
from gridoffice.errors import NeedsFilePassword
from gridoffice.office import Office
from tests.keeping.test_connection import Ring
from tests.offices import PASSWORD, Copies
from tests.ui.seen import click, words_in
from tests.ui.test_connecting import when
from ui import app, between, dialogs
from ui.app import settle
from ui.connecting import FilePasswordPage, another_way
from ui.main_window import MainWindow
from ui.pages.backup_password import CopyPanel, OtherPassword
from ui.pages.backups import BackupsPage
from ui.pages.connection import ConnectionPage
from ui.pages.file_password import PasswordPanel

Open = Callable[..., MainWindow]
OTHER = "second password"


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    keyed._known.clear()
    yield
    keyed._known.clear()


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Ring:
    made = Ring()
    monkeypatch.setattr(passwords, "keyring", lambda: made)
    return made


@pytest.fixture
def small(small_copies: Copies, tmp_path: Path) -> Path:
    target = tmp_path / "本办" / "office.db"
    target.parent.mkdir()
    shutil.copyfile(small_copies.file, target)
    return target


def panel_of(window: MainWindow, words: str) -> PasswordPanel:
    window.go("connection")
    settle(window, quiet_ms=60)
    page = window.page
    assert isinstance(page, ConnectionPage)
    click(page, words)
    settle(window, quiet_ms=60)
    assert isinstance(page.side, PasswordPanel)
    return page.side


def test_put_on_in_the_window_and_asked_for_at_the_door(opened: Open, small: Path, ring: Ring) -> None:
    window = opened(small)
    panel = panel_of(window, "加上密码")
    assert "谁也打不开" in words_in(panel) and "没有密码" in words_in(window.page)
    panel.fresh.setText(PASSWORD)
    panel.again.setText(OTHER)
    panel.take()
    settle(window, quiet_ms=60)
    assert "两次输的密码不一样" in words_in(panel)
    panel.again.setText(PASSWORD)
    panel.take()
    settle(window, quiet_ms=60)
    assert "先把密码写在纸上封好" in words_in(panel)
    panel.keep.setChecked(False)
    panel.written.setChecked(True)
    panel.take()
    assert window.next_office == str(small) and window.chore is not None
    window.office.close()
    told = app._carried_out(window.chore)
    assert told.startswith("已给资料库加上密码，7 人")
    Office.open(small).close()  # the window was told the key

    keyed._known.clear()
    with pytest.raises(NeedsFilePassword) as refused:
        app.open_office(str(small))
    said: list[str] = []

    def type_wrong(page: FilePasswordPage) -> None:
        page.take()
        said.append(page.problem.text())
        page.password.setText("falsch 12")
        page.take()
        said.append(page.problem.text())
        page.password.setText(PASSWORD)
        page.take()

    when(FilePasswordPage, type_wrong)
    entered = another_way(str(small), refused.value, lambda other: app.open_office(other))
    assert entered is not None and entered.office.store.key is not None
    entered.office.close()
    assert said[0] == "没写密码。" and said[1].startswith("密码不对。")
    assert list(ring.held.values()) == [PASSWORD]
    keyed._known.clear()
    entered = app.open_office(str(small))
    assert entered is not None, "remembered from now on"
    entered.office.close()


def test_the_window_closes_for_it_and_opens_again(
    qapp: QObject, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []
    said: list[str] = []

    def shown(window: MainWindow) -> None:
        seen.append(window.office.store.key is not None)
        if len(seen) == 1:
            put = "gridoffice.file_password:put"
            QTimer.singleShot(50, lambda: window.have_done("加密码", put, PASSWORD))
        else:
            QTimer.singleShot(50, window.close)

    monkeypatch.setattr(MainWindow, "start", shown)
    monkeypatch.setattr(MainWindow, "say", lambda _window, words, can_undo: said.append(words))
    assert app.run(str(small)) == 0
    assert seen == [False, True]
    assert [words.split("，")[0] for words in said] == ["已给资料库加上密码"]
    assert settings.last_database() == str(small.resolve()), "the path, and no key"


def test_what_cannot_be_done_is_said_and_the_office_stays(
    qapp: QObject, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[str, str]] = []
    monkeypatch.setattr(dialogs, "tell", lambda *words: said.append(words))
    call = {
        "database": str(small),
        "account": "office",
        "function": "gridoffice.file_password:put",
        "args": ("短",),
        "keywords": {},
    }
    assert between.carry_out(between.Chore("加密码", call)) is None
    assert said[0][0] == "加密码没有做成" and "至少 8 个字" in said[0][1]
    assert keyed.salt_of(small) is None


def test_taking_it_off_wants_the_present_one(opened: Open, small: Path, ring: Ring) -> None:
    keyed.know(Key.of(PASSWORD))
    file_password.put(Office.open(small), PASSWORD)
    window = opened(small)
    panel = panel_of(window, "去掉密码")
    panel.present.setText(OTHER)
    panel.take()
    settle(window)
    assert "现在的密码不对" in words_in(panel) and window.chore is None
    panel.present.setText(PASSWORD)
    panel.take()
    settle(window)
    assert window.chore is not None and window.chore.call["args"][0] is None


def test_who_may_not_maintain_sees_why(opened: Open, small: Path) -> None:
    window = opened(small, account="clerk")
    window.go("connection")
    settle(window, quiet_ms=60)
    assert isinstance(window.page, ConnectionPage)
    (button,) = window.page.password_card.buttons
    assert not button.isEnabled() and "不能维护资料库" in button.toolTip()


def test_a_backup_of_another_password_is_asked_for_it(opened: Open, small: Path) -> None:
    taken = small.parent / "以前.backup"
    office = Office.open(small)
    safekeeping.back_up(office, taken, OTHER)
    office.close()
    keyed._known.clear()
    window = opened(small)
    window.go("backups")
    settle(window, quiet_ms=60)
    page = window.page
    assert isinstance(page, BackupsPage)
    page._ask_loss(taken)
    settle(window)
    assert isinstance(page.side, OtherPassword)
    page.side.password.setText(PASSWORD)
    page.side.take()
    settle(window)
    assert "密码不对" in words_in(page.side)
    page.side.password.setText(OTHER)
    page.side.take()
    settle(window)
    assert page.side is page.drawer and "以后没有变动" in words_in(page.drawer)


def test_a_copy_that_leaves_gets_its_own(
    opened: Open, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(small)
    window.go("backups")
    settle(window, quiet_ms=60)
    page = window.page
    assert isinstance(page, BackupsPage)
    click(page, "另存一份")
    panel = page.side
    assert isinstance(panel, CopyPanel)
    panel.take()
    assert "至少 8 个字" in words_in(panel)
    monkeypatch.setattr(dialogs, "save_file", lambda *_: tmp_path / "优盘.backup")
    panel.fresh.setText(PASSWORD)
    panel.again.setText(PASSWORD)
    panel.take()
    settle(window)
    assert keyed.salt_of(tmp_path / "优盘.backup") is not None and keyed.salt_of(small) is None
