"""A window that nobody sits at locks itself: its place and what is being typed stay beneath."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from gridoffice.accounts.policy import policy_of
from gridoffice.entering import leave, unlock
from gridoffice.errors import OfficeError
from ui.sign_in import DoorPage, secret_line
from ui.widgets.parts import button, relook_all

if TYPE_CHECKING:
    from ui.main_window import MainWindow

STIRS = {
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.InputMethod,
    QEvent.Type.TouchBegin,
}


class LockPage(DoorPage):
    """Over the whole window, until who locked it says his password."""

    def __init__(self, lock: Lock):
        who = lock.window.office.who
        super().__init__("已锁屏", f"{who.display}（{who.name}）离开了一会儿。没存的内容都还在。")
        self._lock = lock
        self.password = secret_line("密码")
        self.put_line("密码", self.password)
        self.password.returnPressed.connect(self._try)
        self.put_button("解锁", self._try)
        self.put_links(button("换人登录（关掉窗口）", kind="link", on_click=lock.window.close))
        self.setParent(lock.window)
        self.setFocusProxy(self.password)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """The keyboard stays on the page: what lies beneath is not reached by Tab either."""
        there = [one for one in self.findChildren(QWidget) if one.focusPolicy() & Qt.FocusPolicy.TabFocus]
        now = there.index(self.focusWidget()) if self.focusWidget() in there else -1
        there[(now + (1 if forward else -1)) % len(there)].setFocus()
        return True

    def _try(self) -> None:
        try:
            unlock(self._lock.window.office, self.password.text())
        except OfficeError as error:
            self.say(error.message)
            self.password.selectAll()
        else:
            self._lock.open()


class Lock(QObject):
    """Watches whether anybody sits here; `minutes` 0: never locks (nobody has a password, or the office
    does not want it)."""

    def __init__(self, window: MainWindow):
        super().__init__(window)
        self.window, self.minutes = window, 0
        self.page: LockPage | None = None
        self._before: QWidget | None = None
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.timeout.connect(self.shut)

    def begin(self, minutes: int) -> None:
        """Watch from now on."""
        self.minutes = minutes
        app = QApplication.instance()
        assert app is not None
        app.removeEventFilter(self)
        self._quiet.stop()
        if minutes:
            app.installEventFilter(self)
            self._quiet.start(minutes * 60_000)

    def read_policy(self) -> None:
        """Watch by the office's own rule; where the window was entered without a password there is nothing
        to unlock it with."""
        self.window.read(self, policy_of, then=lambda policy: self.begin(policy.idle), topic="lock")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in STIRS and self.page is None:
            self._quiet.start(self.minutes * 60_000)
        return False

    def shut(self) -> None:
        """Lock now."""
        if self.page is not None:
            return
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
        self._before = QApplication.focusWidget()
        self.page = page = LockPage(self)
        relook_all(page)
        page.setGeometry(self.window.rect())
        page.show()
        page.raise_()
        page.setFocus()
        self._obey(False)
        leave(self.window.office, "没人动，窗口锁屏")

    def open(self) -> None:
        """Back to where it was."""
        if self.page is None:
            return
        self._obey(True)
        self.page.hide()
        self.page.deleteLater()
        self.page = None
        if self._before is not None:
            self._before.setFocus()
        self.begin(self.minutes)

    def _obey(self, on: bool) -> None:
        """Whether keys and clicks reach what lies beneath. It is not made grey: nothing in it is to change,
        not even a cell that is being typed in."""
        for key in self.window.findChildren(QShortcut):
            key.setEnabled(on)

    def resized(self) -> None:
        if self.page is not None:
            self.page.setGeometry(self.window.rect())
