"""The page at the door, and the same over a window that nobody sits at.

One page, no dialog: who, by what password, and a line for what was wrong. A password that has to be changed
is changed here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEventLoop, Qt, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from gridoffice import settings
from gridoffice.connection import Address
from gridoffice.entering import Door, Entered, door, enter
from gridoffice.errors import ChangeNeeded, OfficeError, SignInNeeded
from ui.theme import look
from ui.widgets.parts import Box, Button, Choice, Input, button, column, label, relook_all, row, size

WIDE = 340
LISTED = 12
"""So many accounts are offered in a list; of more the name is typed."""
LAST = "account"
"""Where this computer remembers who came in last."""


def secret_line(name: str) -> Input:
    """A line whose letters are not shown."""
    made = Input(name=name)
    made.setEchoMode(QLineEdit.EchoMode.Password)
    return made


class DoorPage(QWidget):
    """A card in the middle of a calm page."""

    def __init__(self, title: str, below: str):
        super().__init__()
        self.setObjectName("content")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.words = label(below, "fact", wrap=True)
        self.problem = label("", "error", wrap=True)
        self.problem.hide()
        self.lines: Box = column(gap=12)
        self._card = column(
            label(title, "title"),
            self.words,
            8,
            self.lines,
            self.problem,
            gap=8,
            margins=(28, 24, 28, 24),
            name="card",
        )
        self._card.setParent(self)
        size(self._card, WIDE + 56)

    def put_line(self, name: str, what: QWidget) -> QWidget:
        """A line of the card, with its name above it."""
        made = column(label(name, "hint"), what, gap=4)
        self.lines.put(made)
        return made

    def put_button(self, words: str, on_click: Callable[[], None]) -> Button:
        made = button(words, kind="primary", on_click=on_click)
        made.setAutoDefault(True)
        self._card.put(made)
        return made

    def put_links(self, *links: Button) -> None:
        self._card.put(row(*links, None, gap=12))

    def say(self, words: str) -> None:
        """What is wrong; nothing when it goes well."""
        self.problem.setText(words)
        self.problem.setVisible(bool(words))
        self.arrange()

    def arrange(self) -> None:
        """The card a little above the middle, where eyes go first."""
        self._card.adjustSize()
        high = self._card.sizeHint().height()
        self._card.setGeometry(
            (self.width() - self._card.width()) // 2,
            max(look.px(16), (self.height() - high) * 2 // 5),
            self._card.width(),
            high,
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.arrange()

    def relook(self) -> None:
        self.arrange()


class SignInPage(DoorPage):
    """Who comes in. `entered` carries the office as this account has it."""

    entered = Signal(object)

    def __init__(self, database: str, asked: Door, account: str | None = None):
        super().__init__(asked.office or "网格办", "登录后再办。" if asked.asks else "选自己的账号。")
        self._database = database
        self._asks = asked.asks
        account = account or settings.recall(LAST)
        self.who = _who(asked.names, account)
        self.put_line("账号", self.who)
        self.password, self.fresh, self.again = (secret_line(name) for name in ("密码", "新密码", "再输一次"))
        self._password_line = self.put_line("密码", self.password)
        self._new_lines = [self.put_line("新密码", self.fresh), self.put_line("再输一次", self.again)]
        for line in (*self._new_lines, *([] if asked.asks else [self._password_line])):
            line.hide()
        self.button = self.put_button("进入", self.come_in)
        for line in (self.password, self.fresh, self.again):
            line.returnPressed.connect(self.come_in)
        self.setFocusProxy(self.password if account and asked.asks else self.who)

    @property
    def account(self) -> str:
        return self.who.currentData() if isinstance(self.who, Choice) else self.who.text().strip()

    @property
    def changing(self) -> bool:
        """A new password is asked for as well."""
        return not self._new_lines[0].isHidden()

    def come_in(self) -> None:
        """Try what stands in the lines."""
        fresh = None
        if self.changing:
            fresh = self.fresh.text()
            if fresh != self.again.text():
                self.say("两次输的新密码不一样。")
                return
        try:
            entered = enter(self._database, self.account, self.password.text() if self._asks else None, fresh)
        except ChangeNeeded as error:
            self.ask_for_new(error.message)
        except OfficeError as error:
            self.say(error.message)
            if not self.changing:
                self.password.selectAll()
                self.password.setFocus()
        else:
            settings.remember(LAST, self.account)
            self.entered.emit(entered)

    def ask_for_new(self, words: str) -> None:
        """The password is right and has to be another."""
        self.words.setText(words)
        self.who.setEnabled(False)
        self.password.setEnabled(False)
        for line in self._new_lines:
            line.show()
        self.button.setText("换好密码，进入")
        self.say("")
        self.fresh.setFocus()


def _who(names: Sequence[tuple[str, str]], account: str | None) -> Choice | Input:
    if len(names) > LISTED:
        made = Input("账号名", name="账号")
        made.setText(account or "")
        return made
    words = [(name, display if display == name else f"{display}（{name}）") for name, display in names]
    listed = Choice(words, name="账号")
    listed.setCurrentIndex(
        max(0, [name for name, _ in names].index(account) if account in dict(names) else 0)
    )
    return listed


class _Waiting(QWidget):
    """The window that holds the page until somebody is in, or goes."""

    def __init__(self, page: SignInPage, loop: QEventLoop):
        super().__init__()
        self.setWindowTitle("网格办")
        self.page = page
        self._loop = loop
        page.setParent(self)
        relook_all(page)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.page.setGeometry(self.rect())

    def closeEvent(self, event: QCloseEvent) -> None:
        self._loop.quit()
        event.accept()


def come_in(database: str, account: str | None, ask: bool) -> Entered | None:
    """Open an office as who sits here says he is. Without a password in it nobody is asked anything; with
    one, only where somebody sits (`ask`). None: he went away again. Raises `OfficeError`."""
    try:
        return enter(database, account)
    except SignInNeeded:
        if not ask:
            raise
        page = SignInPage(database, door(database), account)
    except ChangeNeeded as error:
        if not ask:
            raise
        # the server let the login in; its password is changed before anything is shown
        address = Address.of(database)
        login = address.user if address is not None else account or ""
        page = SignInPage(database, Door(False, "", ((login, login),)), login)
        page.ask_for_new(error.message)
    loop, found = QEventLoop(), []
    window = _Waiting(page, loop)
    page.entered.connect(lambda entered: (found.append(entered), loop.quit()))
    window.resize(look.px(900), look.px(600))
    window.show()
    page.setFocus()
    loop.exec()
    window.close()
    window.deleteLater()
    return found[0] if found else None
