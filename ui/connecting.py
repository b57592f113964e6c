"""When an office does not open: the password of a shared one is asked for, or another office is chosen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QWidget

from gridoffice import passwords, settings
from gridoffice.connection import Address
from gridoffice.entering import Entered
from gridoffice.errors import NeedsPassword, OfficeError
from ui import dialogs
from ui.sign_in import DoorPage, secret_line
from ui.tasks import TaskRunner
from ui.theme import look
from ui.widgets.badges import note
from ui.widgets.office_chooser import OfficeChooser
from ui.widgets.parts import button, column, label, relook_all, scrolled

Opening = Callable[[str | None], Entered | None]


class ServerPasswordPage(DoorPage):
    """The password of an account on a server. `opened` carries the address with it, in memory only."""

    opened = Signal(str)
    elsewhere = Signal()

    def __init__(self, address: Address, words: str):
        super().__init__("共享资料库", f"{address.host}:{address.port}/{address.database}")
        self._address = address
        self.put_line("账号", label(address.user, "name"))
        self.password = secret_line("密码")
        self.put_line("密码", self.password)
        kept_by = passwords.kept_by()
        self.keep = QCheckBox(f"记住密码（存在{kept_by}里）")
        self.keep.setChecked(bool(kept_by))
        self.lines.put(
            self.keep
            if kept_by
            else label("这台电脑没有能用的系统钥匙串，密码每次都要写。", "hint", wrap=True)
        )
        self.put_button("进入", self.take)
        self.put_links(button("换一个资料库", kind="link", on_click=self.elsewhere.emit))
        self.password.returnPressed.connect(self.take)
        self.setFocusProxy(self.password)
        self.say(words)

    def take(self) -> None:
        """Go on with what was typed."""
        typed = self.password.text()
        if not typed:
            self.say("没写密码。")
            return
        url = self._address.url()
        if self.keep.isChecked() and passwords.kept_by():
            passwords.keep(url, typed)
        self.opened.emit(url.set(password=typed).render_as_string(hide_password=False))


class ChooserPage(QWidget):
    """Which office instead of the one that did not open."""

    def __init__(self, runner: TaskRunner, now: str, why: str):
        super().__init__()
        self.setObjectName("content")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.chooser = OfficeChooser(runner, now, "打开这个资料库")
        self._area = scrolled(
            column(
                label("换一个资料库", "title"),
                note("err", why),
                self.chooser,
                None,
                gap=12,
                margins=(24, 20, 24, 20),
            )
        )
        self._area.setParent(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._area.setGeometry(self.rect())


class _Holding(QWidget):
    """The window round a page until something was chosen, or it is closed."""

    def __init__(self, page: QWidget, wide: float, high: float):
        super().__init__()
        self.setWindowTitle("网格办")
        self._page, self._loop = page, QEventLoop()
        self.answer: str | None = None
        page.setParent(self)
        relook_all(page)
        self.resize(look.px(wide), look.px(high))

    def take(self, answer: str) -> None:
        self.answer = answer
        self._loop.quit()

    def ask(self) -> str | None:
        self.show()
        self._page.setFocus()
        self._loop.exec()
        self.hide()
        self.deleteLater()
        return self.answer

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._page.setGeometry(self.rect())

    def closeEvent(self, event: QCloseEvent) -> None:
        self._loop.quit()
        event.accept()


ELSEWHERE = ""


def ask_password(address: Address, words: str) -> str | None:
    """The address with the password that was typed; `ELSEWHERE` for another office, None: never mind."""
    page = ServerPasswordPage(address, words)
    window = _Holding(page, 900, 600)
    page.opened.connect(window.take)
    page.elsewhere.connect(lambda: window.take(ELSEWHERE))
    return window.ask()


def choose(now: str, why: str) -> str | None:
    """Another office; None: never mind. What was chosen is remembered, without a password."""
    runner = TaskRunner()
    try:
        page = ChooserPage(runner, now, why)
        window = _Holding(page, 1100, 760)
        page.chooser.chosen.connect(window.take)
        answer = window.ask()
    finally:
        runner.close()
    if answer is not None:
        address = Address.of(answer)
        settings.remember("database", address.url().render_as_string() if address else str(Path(answer)))
    return answer


def another_way(database: str | None, error: OfficeError, opening: Opening) -> Entered | None:
    """Open the office, or another, in spite of `error`. None: whoever sits here gave it up after a question of
    ours. Raises the last error when he does not even want to choose."""
    while True:
        now = database or settings.default_database()
        address = Address.of(now)
        if isinstance(error, NeedsPassword) and address is not None:
            database = ask_password(address, error.message)
        elif dialogs.decide(None, "打不开资料库", error.message, "换一个资料库", "先不打开"):
            database = ELSEWHERE
        else:
            raise error
        if database == ELSEWHERE:
            database = choose(now, error.message)
        if database is None:
            return None
        try:
            return opening(database)
        except OfficeError as again:
            error = again
