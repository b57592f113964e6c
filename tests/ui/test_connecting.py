"""An office that does not open: its password is asked for, another is chosen, or one is opened after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from gridoffice import passwords, settings
from gridoffice.connection import Address
from gridoffice.errors import NeedsPassword, Unreachable
from gridoffice.establish import establish
from tests.keeping.servers import CLERK, PASSWORD, Secure, secure_server
from tests.keeping.test_connection import Ring
from ui import app, connecting, dialogs
from ui.connecting import ChooserPage, ServerPasswordPage, another_way
from ui.main_window import MainWindow
from ui.widgets.parts import Label


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secure]:
    with secure_server(tmp_path_factory.mktemp("secure")) as made:
        establish(made.server.create("office")).close()
        yield made


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Ring:
    made = Ring()
    monkeypatch.setattr(passwords, "keyring", lambda: made)
    return made


def when(kind: type, deed: Callable[..., object]) -> None:
    """Do something to a page of that kind as soon as one is shown."""

    def look() -> None:
        for window in QApplication.topLevelWidgets():
            for page in window.findChildren(kind):
                if page.isVisible():
                    deed(page)
                    return
        QTimer.singleShot(20, look)

    QTimer.singleShot(0, look)


def test_a_password_is_asked_for_until_it_is_right(qapp: QObject, secure: Secure, ring: Ring) -> None:
    url = secure.address("office").url().render_as_string()
    with pytest.raises(NeedsPassword) as refused:
        app.open_office(url)
    said: list[str] = []

    def type_wrong(page: ServerPasswordPage) -> None:
        page.take()
        said.append(page.problem.text())
        page.password.setText("falsch")
        when(ServerPasswordPage, type_right)
        page.take()

    def type_right(page: ServerPasswordPage) -> None:
        said.append(page.problem.text())
        said.extend(one.whole() for one in page.findChildren(Label))
        page.password.setText(PASSWORD)
        page.take()

    when(ServerPasswordPage, type_wrong)
    entered = another_way(url, refused.value, lambda other: app.open_office(other))
    assert entered is not None and not entered.office.store.local
    entered.office.close()
    assert said[0] == "没写密码。" and said[1].startswith("账号或密码不对")
    assert CLERK in said
    assert list(ring.held.values()) == [PASSWORD]


def test_another_office_is_chosen(
    qapp: QObject, empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ring: Ring
) -> None:
    monkeypatch.setattr(dialogs, "decide", lambda *_: True)

    def take(page: ChooserPage) -> None:
        page.chooser.file.setText(str(empty))
        page.chooser.open_file()

    when(ChooserPage, take)
    entered = another_way(
        str(tmp_path / "no.db"), Unreachable("打不开"), lambda other: app.open_office(other)
    )
    assert entered is not None
    entered.office.close()
    assert settings.last_database() == str(empty)
    # closing the page gives it up
    when(ChooserPage, lambda page: page.window().close())
    assert (
        another_way(str(tmp_path / "no.db"), Unreachable("打不开"), lambda other: app.open_office(other))
        is None
    )
    monkeypatch.setattr(dialogs, "decide", lambda *_: False)
    with pytest.raises(Unreachable):
        another_way(None, Unreachable("打不开"), lambda other: app.open_office(other))


def test_elsewhere_leads_from_the_password_to_the_chooser(
    qapp: QObject, empty: Path, monkeypatch: pytest.MonkeyPatch, ring: Ring
) -> None:
    when(ServerPasswordPage, lambda page: page.elsewhere.emit())

    def take(page: ChooserPage) -> None:
        assert page.chooser.shared
        page.chooser.file.setText(str(empty))
        page.chooser.open_file()

    when(ChooserPage, take)
    url = Address("db.invalid", "office", "li").url().render_as_string()
    entered = another_way(url, NeedsPassword("要密码"), lambda other: app.open_office(other))
    assert entered is not None and entered.office.store.local
    entered.office.close()


def test_one_office_after_the_other(
    qapp: QObject, empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Choosing another closes the window and opens one on the other."""
    second = tmp_path / "second.db"
    establish(second, name="第二个办").close()
    seen: list[str] = []

    def shown(window: MainWindow) -> None:
        seen.append(window.windowTitle())
        if len(seen) == 1:
            QTimer.singleShot(50, lambda: window.leave_for(str(second)))
        else:
            QTimer.singleShot(50, window.close)

    monkeypatch.setattr(MainWindow, "start", shown)
    assert app.run(str(empty)) == 0
    assert seen == ["青禾街道网格办", "第二个办"]
    assert settings.last_database() == str(second.resolve())
    assert connecting.ELSEWHERE == ""
