"""The password of the local office: a card that says how it stands, and the panel that puts it on or takes it off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox

from gridoffice import passwords
from gridoffice.errors import OfficeError
from gridoffice.file_password import LOST, proves
from gridoffice.unlocking import LEAST, checked
from ui.sign_in import secret_line
from ui.widgets.badges import Badge, note
from ui.widgets.parts import Box, Button, button, card, label, row
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.main_window import MainWindow

WITHOUT = "资料库的文件没有密码：谁拿走文件都读得出来，账号密码只管本程序。"
WITH = "资料库的文件有密码：文件丢了、被拷走，没有密码谁也读不出来。备份用的是同一个密码。"


class PasswordCard(Box):
    """How it stands, and what can be done about it. `wanted`: the panel is to open, to take it off or not."""

    wanted = Signal(bool)

    def __init__(self, protected: bool, refused: str):
        buttons: list[Button] = (
            [
                button("换密码", "edit", on_click=lambda: self.wanted.emit(False)),
                button("去掉密码", kind="quiet", on_click=lambda: self.wanted.emit(True)),
            ]
            if protected
            else [button("加上密码", "lock", on_click=lambda: self.wanted.emit(False))]
        )
        for one in buttons:
            one.setEnabled(not refused)
            one.setToolTip(refused)
        self.buttons = buttons
        state = Badge("ok", "有密码") if protected else Badge("warn", "没有密码")
        inside = card(
            row(label("资料库的密码", "section"), state, None, gap=8),
            label(WITH if protected else WITHOUT, "fact", wrap=True),
            row(*buttons, None, gap=8),
            gap=8,
        )
        super().__init__([inside], True, 0, (0, 0, 0, 0), "", None, None)


class PasswordPanel(SidePanel):
    """A password that is put on, or another one (`taking_off` false), or taken off."""

    def __init__(self, desk: MainWindow, taking_off: bool):
        self._protected = desk.office.store.key is not None
        self._taking_off = taking_off
        self._doing = "去掉密码" if taking_off else "换密码" if self._protected else "加密码"
        super().__init__("去掉资料库的密码" if taking_off else f"给资料库{self._doing}")
        self._desk = desk
        self.present, self.fresh, self.again = (
            secret_line(name) for name in ("现在的密码", "新密码", "再输一次")
        )
        self.keep = QCheckBox()
        self.keep.hide()
        self.backups = QCheckBox("已有的备份也用这个密码")
        self.backups.setChecked(True)
        self.written = QCheckBox("密码已经写在纸上，装进信封封好了")
        if self._protected:
            self._line(self.present)
        if taking_off:
            self.inside.put(
                note("warn", "去掉以后，谁拿到文件都读得出来。已有的备份还是用现在的密码，要留着它。")
            )
        else:
            self._line(self.fresh, f"至少 {LEAST} 个字。几个不相干的词连起来，好记又难猜。")
            self._line(self.again)
            self.inside.put_all([self.keep, self.backups, note("warn", LOST), self.written])
            desk.runner.ask(self, passwords.kept_by, on_done=self._show_keeping, topic="keyring")
        self.inside.put_all(
            [
                label(
                    "先备份一份，再写成新的文件，逐行比过才换上。窗口会关一下，做完自己打开。"
                    "硬盘上删掉的旧文件有办法找回来，怕这个的再用 BitLocker。",
                    "hint",
                    wrap=True,
                ),
                None,
            ]
        )
        self.button = button(self._doing, "check", "primary", keys="Ctrl+S", on_click=self.take)
        self.act(self.button)
        self.commands = {"save": self.take}
        self.setFocusProxy(self.present if self._protected else self.fresh)

    def _line(self, field, hint: str = "") -> None:
        self.inside.put(label(field.accessibleName(), "strong"))
        self.inside.put(field)
        if hint:
            self.inside.put(label(hint, "hint", wrap=True))

    def _show_keeping(self, kept_by: str) -> None:
        self.keep.setText(f"这台电脑记住密码（存在{kept_by}里）")
        self.keep.setChecked(bool(kept_by))
        self.keep.setVisible(bool(kept_by))

    def take(self) -> None:
        """Go ahead, or say what is wrong with what was written."""
        try:
            if not self._taking_off:
                checked(self.fresh.text(), self.again.text())
        except OfficeError as error:
            self._complain(error, self.fresh)
            return
        if not self._taking_off and not self.written.isChecked():
            self.judge(note("err", "先把密码写在纸上封好，再勾上那一行。"))
            self.written.setFocus()
            return
        self.judge()
        if not self._protected:
            self._go()
            return
        self.button.setEnabled(False)
        self._desk.runner.do(
            self,
            proves,
            self._desk.office,
            self.present.text(),
            on_done=lambda _: self._go(),
            on_error=lambda error: self._complain(error, self.present),
        )

    def _complain(self, error: Exception, field) -> None:
        self.button.setEnabled(True)
        if isinstance(error, OfficeError):
            self.judge(note("err", error.message))
            field.setFocus()
            field.selectAll()
        else:
            self._desk.complain(error)

    def _go(self) -> None:
        password = None if self._taking_off else self.fresh.text()
        self.button.setEnabled(True)
        self._desk.have_done(
            self._doing,
            "gridoffice.file_password:put",
            password,
            self.keep.isChecked(),
            self.backups.isChecked(),
        )
