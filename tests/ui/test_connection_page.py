"""The page of the connection: what is typed, tried step by step on a real server, remembered, moved there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gridoffice import connection, passwords, settings
from gridoffice.connection import STEPS, Tls
from gridoffice.establish import establish
from gridoffice.office import Office
from gridoffice.server_words import Answer
from tests.keeping.servers import PASSWORD, Secure, secure_server
from tests.keeping.test_connection import Ring
from tests.offices import Copies, content
from tests.ui.seen import click, words_in
from ui import dialogs
from ui.app import settle
from ui.main_window import MainWindow
from ui.pages.connection import ConnectionPage

Open = Callable[..., MainWindow]


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secure]:
    with secure_server(tmp_path_factory.mktemp("secure")) as made:
        establish(made.server.create("office")).close()
        made.server.create("nothing")
        yield made


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Ring:
    made = Ring()
    monkeypatch.setattr(passwords, "keyring", lambda: made)
    return made


@pytest.fixture
def small(small_copies: Copies, tmp_path: Path) -> Path:
    target = tmp_path / "office.db"
    target.write_bytes(small_copies.file.read_bytes())
    return target


def page_of(window: MainWindow) -> ConnectionPage:
    window.go("connection")
    settle(window, quiet_ms=60)
    assert isinstance(window.page, ConnectionPage)
    return window.page


def fill(page: ConnectionPage, secure: Secure, database: str = "office", password: str = PASSWORD) -> None:
    address, chooser = secure.address(database), page.chooser
    chooser._remote.setChecked(True)
    chooser._fill(address)
    chooser.password.setText(password)


def test_what_is_wrong_stands_at_its_field(opened: Open, small: Path, ring: Ring) -> None:
    page = page_of(opened(small))
    page.chooser._remote.setChecked(True)
    page.chooser.port.setText("五四三二")
    click(page, "测试连接")
    said = words_in(page)
    assert "没写主机。" in said and "没写账号。" in said and "“五四三二”不是端口" in said
    assert page.chooser.tls.currentData() is Tls.FULL
    assert "别人冒充不了" in said


def test_tried_step_by_step(opened: Open, small: Path, secure: Secure, ring: Ring) -> None:
    window = opened(small)
    page = page_of(window)
    fill(page, secure, password="falsch")
    click(page, "测试连接")
    settle(window)
    assert "停在“登录”这一步" in words_in(page)
    assert page.chooser.steps[3].said() == Answer.PASSWORD.value
    assert page.chooser.steps[4].said() == "还没试"
    fill(page, secure)
    click(page, "测试连接")
    settle(window)
    assert "每一步都好" in words_in(page)
    assert "还没试" not in words_in(page)
    assert [step.name for step in page.chooser.steps] == list(STEPS)
    assert ring.held == {}, "trying keeps nothing"


def test_another_office_is_remembered_without_its_password(
    opened: Open, small: Path, secure: Secure, ring: Ring
) -> None:
    window = opened(small)
    page = page_of(window)
    fill(page, secure)
    click(page, "换到这个资料库")
    settle(window)
    assert window.next_office is not None and not window.isVisible()
    assert list(ring.held.values()) == [PASSWORD]
    remembered = (settings.data_folder() / "window.json").read_text("utf-8")
    assert "青禾-2026" not in remembered
    assert connection.remembered() == secure.address("office")
    office = Office.open(settings.default_database())
    assert not office.store.local
    office.close()


def test_a_file_is_opened_if_it_is_there(opened: Open, small: Path, tmp_path: Path, ring: Ring) -> None:
    window = opened(small)
    page = page_of(window)
    page.chooser.file.setText(str(tmp_path / "没有.db"))
    click(page, "打开这个文件")
    assert "没有找到" in words_in(page)
    other = tmp_path / "另一个.db"
    other.write_bytes(small.read_bytes())
    page.chooser.file.setText(str(other))
    click(page, "打开这个文件")
    assert window.next_office == str(other)
    assert settings.last_database() == str(other)


def test_the_whole_office_is_moved_and_back(
    opened: Open, small: Path, secure: Secure, ring: Ring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(small)
    page = page_of(window)
    before = content(window.office.store)
    click(page, "搬到上面填的")
    settle(window, quiet_ms=60)
    assert "先在上面选" in words_in(page)
    fill(page, secure, "nothing")
    click(page, "搬到上面填的")
    settle(window)
    assert "已搬过去 7 人" in words_in(page) and "原来的没有动" in words_in(page)
    assert content(window.office.store) == before
    click(page, "搬到上面填的")
    settle(window)
    assert "不能盖掉" in words_in(page)
    there = opened(page.chooser.whole(secure.address("nothing")))
    back = page_of(there)
    monkeypatch.setattr(dialogs, "save_file", lambda *_: tmp_path / "回来.db")
    click(back, "搬到本机文件")
    settle(there)
    assert "已搬过去 7 人" in words_in(back)
    click(back, "换到那边")
    assert there.next_office == str(tmp_path / "回来.db")


def test_without_a_keyring_it_is_said(opened: Open, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "keyring", lambda: None)
    page = page_of(opened(small))
    page.chooser._remote.setChecked(True)
    assert "每次打开都要写" in words_in(page)
    assert not page.chooser.keep.isVisible()
