"""连接: which office is open, its password, another one chosen and tried, and the whole office moved to a server or
back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from db.enums import Right
from gridoffice import settings
from gridoffice.accounts.rules import may
from gridoffice.connection import Address
from gridoffice.moving import Moved
from ui import dialogs
from ui.pages.file_password import PasswordCard, PasswordPanel
from ui.pages.page import Page
from ui.widgets.badges import note
from ui.widgets.form import fact
from ui.widgets.office_chooser import OfficeChooser
from ui.widgets.parts import button, card, column, label, row, scrolled

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class ConnectionPage(Page):
    """The open office, the chooser, and moving."""

    key, words, icon, title = "connection", "连接", "database", "资料库连接"
    reached_from = "settings"
    scoped = False

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.put_head()
        store = desk.office.store
        here = str(store.file) if store.file is not None else store.url.render_as_string()
        now = Address.of(here)
        self.head_facts.setText("现在用的是" + ("本机资料库" if now is None else "共享资料库"))
        self.chooser = OfficeChooser(desk.runner, here)
        self.chooser.chosen.connect(self._chosen)
        self.moved = column(gap=6)
        self._target = ""
        self.main.put(
            (
                scrolled(
                    column(
                        self._now_card(here, now),
                        *self._password_card(),
                        self.chooser,
                        self._moving_card(),
                        None,
                        gap=12,
                        margins=(20, 0, 20, 20),
                    )
                ),
                1,
            )
        )
        self.commands = {"save": self.chooser.open_shared}

    def _now_card(self, here: str, now: Address | None):
        if now is None:
            lines = [fact("本机资料库", here)]
        else:
            vouched = f"，证书按“{now.ca}”核对" if now.tls.verifies and now.ca else ""
            lines = [
                fact("共享资料库", f"{now.host}:{now.port}/{now.database}"),
                fact("账号", now.user),
                fact("加密", f"{now.tls.label}{vouched}"),
            ]
        return card(label("现在打开的", "section"), *lines, gap=2)

    def _password_card(self) -> list[PasswordCard]:
        """Of a local office: the password of its file."""
        store = self.desk.office.store
        if not store.local:
            return []
        self.password_card = PasswordCard(store.key is not None, self._refused())
        self.password_card.wanted.connect(self._open_password)
        return [self.password_card]

    def _refused(self) -> str:
        """Why this account does nothing about the office itself; empty when it may."""
        who = self.desk.office.who
        return "" if may(who.role, Right.MAINTAIN) else f"账号“{who.display}”不能维护资料库和备份。"

    def _open_password(self, taking_off: bool) -> None:
        panel = PasswordPanel(self.desk, taking_off)
        panel.closed.connect(lambda: self.set_side(None))
        self.set_side(panel)
        panel.setFocus()

    def _moving_card(self):
        local = self.desk.office.store.local
        words = (
            "几个人一起办，就把整个资料库搬到服务器上：人员、网格、考核、变动记录一样不少，逐行比过再算数。"
            "上面填好空的共享资料库，测试到“资料库”这一步就能搬。"
            if local
            else "把整个共享资料库搬一份到本机的文件里，逐行比过再算数。共享资料库不动。"
        )
        self.move_button = button(
            "搬到上面填的共享资料库" if local else "搬到本机文件",
            "arrows-exchange",
            on_click=self.move_there if local else self.move_here,
        )
        refused = self._refused()
        self.move_button.setEnabled(not refused)
        self.move_button.setToolTip(refused)
        return card(
            label("整个搬家", "section"),
            label(words, "fact", wrap=True),
            row(self.move_button, None),
            self.moved,
            gap=8,
        )

    # another office

    def _chosen(self, database: str) -> None:
        """Open it in place of this one; what is remembered of it holds no password."""
        address = Address.of(database)
        settings.remember("database", address.url().render_as_string() if address else database)
        self.desk.leave_for(database)

    # moving

    def move_there(self) -> None:
        """To the shared office that is filled in above."""
        if not self.chooser.shared:
            self._say("err", "先在上面选“共享资料库”，填好服务器。")
            return
        address = self.chooser.address()
        if address is not None:
            self.chooser.remember(address, self.chooser.password.text() or None)
            self._move(self.chooser.whole(address))

    def move_here(self) -> None:
        """To a file of this computer."""
        file = dialogs.save_file(self, "搬到哪个文件", Path.home() / "网格办.db", "网格办资料库 (*.db)")
        if file is not None:
            self._move(str(file))

    def _move(self, target: str) -> None:
        self._target = target
        self.moved.clear()
        self.desk.work(self, "gridoffice.moving:move", target, then=self._arrived, wrong=self._wrong)

    def _arrived(self, done: Moved) -> None:
        there = button("换到那边", kind="link", on_click=lambda: self._chosen(self._target))
        self._say("ok", done.in_words() + "原来的没有动。", there)
        if done.shared and done.accounts > 1:
            words = f"{done.accounts} 个账号也过去了，还没有密码：由管理员在服务器上逐个设。"
            self.moved.put(note("info", words))

    def _wrong(self, error: Exception) -> None:
        words = getattr(error, "message", "")
        if words:
            self._say("err", words)
        else:
            self.desk.complain(error)

    def _say(self, tone: str, words: str, *after) -> None:
        self.moved.clear()
        self.moved.put(note(tone, words, "", *after))
