"""设置: how the program looks, which office this is, who works in it, and that nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QButtonGroup, QRadioButton

from db.enums import Right
from gridoffice import build, settings
from gridoffice.accounts.credentials import asks_for_passwords
from gridoffice.accounts.logins import kept_by_server
from gridoffice.accounts.rules import may
from gridoffice.accounts.service import Who, accounts
from gridoffice.establish import CALLED, called
from gridoffice.grids.listing import office_pack
from ui import dialogs
from ui.pages.account_panels import OwnPasswordPanel
from ui.pages.office_panel import OfficePanel
from ui.pages.pack_panel import PackPanel
from ui.pages.page import Page
from ui.theme import SIZES, Theme, look
from ui.widgets.badges import Badge
from ui.widgets.form import fact
from ui.widgets.parts import Box, button, card, column, label, row, rule, scrolled

if TYPE_CHECKING:
    from ui.main_window import MainWindow

Said = tuple[dict[str, str], str, list[Who], bool]
THEMES = ((Theme.LIGHT, "明亮"), (Theme.DARK, "暗色"), (Theme.CONTRAST, "高对比"))
SIZE_WORDS = ("标准", "大字 1.15 倍", "大字 1.25 倍", "大字 1.5 倍")


class SettingsPage(Page):
    """Cards in two columns."""

    key, words, icon, title = "settings", "设置", "settings", "设置"
    scoped = False

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.put_head()
        self.office_card = card(gap=4)
        self.people_card = card(gap=4)
        left = column(self._look_card(), self.office_card, None, gap=12)
        right = column(self._data_card(), self.people_card, self._about_card(), None, gap=12)
        self.main.put((scrolled(row((left, 1), (right, 1), gap=12, margins=(20, 0, 20, 20))), 1))
        self.commands = {"close": self._close}
        look.changed.connect(self._show_look)
        self._show_look()

    def opened(self) -> None:
        self.desk.read(self, self._read, then=self._show, topic="settings")

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        if self.desk.page is self:
            self.opened()

    @staticmethod
    def _read(session: Any) -> Said:
        asks = asks_for_passwords(session) or kept_by_server(session)
        return called(session), office_pack(session).name, accounts(session), asks

    # how it looks

    def _look_card(self) -> Box:
        self._themes, self._sizes = QButtonGroup(self), QButtonGroup(self)
        themes, sizes = [], []
        for place, (_, words) in enumerate(THEMES):
            made = QRadioButton(words)
            self._themes.addButton(made, place)
            themes.append(made)
        for place, words in enumerate(SIZE_WORDS):
            made = QRadioButton(words)
            self._sizes.addButton(made, place)
            sizes.append(made)
        self._themes.idClicked.connect(lambda place: self.desk.wear(THEMES[place][0]))
        self._sizes.idClicked.connect(self._resize)
        return card(
            label("外观", "section"),
            label("颜色", "strong"),
            row(*themes, None, gap=20),
            4,
            label("字号", "strong"),
            row(*sizes[:2], None, gap=20),
            row(*sizes[2:], None, gap=20),
            label("Ctrl+= 放大，Ctrl+- 缩小，Ctrl+0 回到标准。", "hint"),
            gap=6,
        )

    def _resize(self, place: int) -> None:
        look.wear(scale=SIZES[place])
        settings.remember("scale", SIZES[place])

    def _show_look(self) -> None:
        theme = next(place for place, (one, _) in enumerate(THEMES) if one is look.theme)
        self._themes.button(theme).setChecked(True)
        if look.scale in SIZES:
            self._sizes.button(SIZES.index(look.scale)).setChecked(True)

    # the office and its people

    def _show(self, said: Said) -> None:
        names, pack, people, asks = said
        today = date.today()
        administers = may(self.desk.office.who.role, Right.ADMINISTER)
        more = [button("查看和更换", kind="link", on_click=self._open_packs)] if administers else []
        call = button("改", "edit", "link", tip="改名称和落款单位", on_click=lambda: self._call(names))
        self.head_facts.setText(names[settings.NAME])
        self.office_card.clear()
        self.office_card.put_all(
            [
                row(label("单位", "section"), None, *([call] if administers else [])),
                *(fact(CALLED[key], words) for key, words in names.items()),
                fact("治理模式", pack, *more),
                fact("今天", f"{today.year}年{today.month}月{today.day}日"),
            ]
        )
        self.people_card.clear()
        self.people_card.put_all([label("账号", "section")])
        for who in people:
            mine = who.name == self.desk.office.who.name
            self.people_card.put(
                row(
                    label(who.display, "name"),
                    label(who.name, "hint"),
                    None,
                    label(who.role.label, "fact"),
                    *([Badge("ok", "现在用的")] if mine else []),
                    gap=8,
                    height=32,
                )
            )
        words = "改自己的密码" if asks else "设一个密码"
        if asks or may(self.desk.office.who.role, Right.KEEP_ACCOUNTS):
            own = button(
                words, "lock", "link", on_click=lambda: self._open_side(OwnPasswordPanel(self.desk, asks))
            )
            self.people_card.put(row(own, None))
        self.show_facts([f"{len(people)} 个账号"])

    def _open_packs(self) -> None:
        self._open_side(PackPanel(self.desk))

    def _call(self, names: dict[str, str]) -> None:
        if self.desk.may_change():
            self._open_side(OfficePanel(self.desk, names))

    def _open_side(self, panel: PackPanel | OwnPasswordPanel | OfficePanel) -> None:
        panel.closed.connect(self._close)
        self.set_side(panel)
        panel.setFocus()

    def _close(self) -> None:
        panel = self.side
        if panel is not None:
            self.setFocus()
            self.set_side(None)
            panel.deleteLater()

    # that nothing is lost

    def _data_card(self) -> Box:
        store = self.desk.office.store
        where = str(store.file) if store.file is not None else store.url.render_as_string()
        return card(
            label("资料库", "section"),
            fact("本机资料库" if store.local else "共享资料库", where),
            row(
                button("备份和恢复", "database-export", "link", on_click=lambda: self.desk.go("backups")),
                button("换一个资料库", "database", "link", on_click=lambda: self.desk.go("connection")),
                None,
                gap=12,
            ),
            gap=6,
        )

    # about

    def _about_card(self) -> Box:
        return card(
            label("关于", "section"),
            fact("版本", build.this_build().in_words()),
            rule(),
            row(button("用到的部件和它们的许可", kind="link", on_click=self._read_licences), None),
            gap=4,
        )

    def _read_licences(self) -> None:
        dialogs.read_texts(self, "用到的部件和它们的许可", [(one.name, one.text) for one in build.parts()])
