"""When an office does not open: its password is asked for, or another office is chosen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QWidget

from gridoffice import passwords, settings
from gridoffice.connection import Address
from gridoffice.entering import Entered
from gridoffice.errors import NeedsFilePassword, NeedsPassword, OfficeError
from gridoffice.unlocking import remember, unlock
from ui import dialogs
from ui.sign_in import DoorPage, secret_line
from ui.tasks import TaskRunner
from ui.theme import look
from ui.widgets.badges import note
from ui.widgets.office_chooser import OfficeChooser
from ui.widgets.parts import button, column, label, relook_all, scrolled

Opening = Callable[[str | None], Entered | None]


class PasswordPage(DoorPage):
    """The password that opens an office. `opened` carries what opens it then, in memory only."""

    opened = Signal(str)
    elsewhere = Signal()

    def __init__(self, title: str, below: str, words: str, button_words: str = "进入"):
        super().__init__(title, below)
        self.password = secret_line("密码")
        self.keep = QCheckBox()
        self._button_words = button_words
        self.say(words)

    def put_password(self) -> None:
        """The line, the box that has it remembered, and the ways out, below what was put before."""
        self.put_line("密码", self.password)
        kept_by = passwords.kept_by()
        self.keep.setText(f"记住密码（存在{kept_by}里）")
        self.keep.setChecked(bool(kept_by))
        self.lines.put(
            self.keep
            if kept_by
            else label("这台电脑没有能用的系统钥匙串，密码每次都要写。", "hint", wrap=True)
        )
        self.put_button(self._button_words, self.take)
        self.put_links(button("换一个资料库", kind="link", on_click=self.elsewhere.emit))
        self.password.returnPressed.connect(self.take)
        self.setFocusProxy(self.password)

    @property
    def remembers(self) -> bool:
        return self.keep.isChecked()

    def take(self) -> None:
        """Go on with what was typed."""
        typed = self.password.text()
        if not typed:
            self.say("没写密码。")
            return
        try:
            self.opened.emit(self.opens(typed))
        except OfficeError as error:
            self.say(error.message)
            self.password.selectAll()
            self.password.setFocus()

    def opens(self, typed: str) -> str:
        """What opens the office with this password. Raises `OfficeError`."""
        raise NotImplementedError


class ServerPasswordPage(PasswordPage):
    """The password of an account on a server, which the server itself looks at."""

    def __init__(self, address: Address, words: str):
        super().__init__("共享资料库", f"{address.host}:{address.port}/{address.database}", words)
        self._address = address
        self.put_line("账号", label(address.user, "name"))
        self.put_password()

    def opens(self, typed: str) -> str:
        url = self._address.url()
        if self.remembers:
            passwords.keep(url, typed)
        return url.set(password=typed).render_as_string(hide_password=False)


class FilePasswordPage(PasswordPage):
    """The password of a local file, looked at here."""

    def __init__(self, file: Path, words: str):
        super().__init__("资料库有密码", str(file), words, "打开")
        self._file = file
        self.put_password()

    def opens(self, typed: str) -> str:
        unlock(self._file, typed)
        if self.remembers:
            remember(self._file, typed)
        return str(self._file)


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


def ask_password(page: PasswordPage) -> str | None:
    """What opens the office with the password that was typed; `ELSEWHERE` for another office, None: never
    mind."""
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
        if isinstance(error, NeedsFilePassword):
            database = ask_password(FilePasswordPage(Path(error.file), ""))
        elif isinstance(error, NeedsPassword) and address is not None:
            database = ask_password(ServerPasswordPage(address, error.message))
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
