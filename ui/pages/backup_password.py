"""Passwords of backups: one that was made under another is asked for its own, and a copy that is to leave gets one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox

from gridoffice.errors import OfficeError
from gridoffice.unlocking import LEAST, checked
from ui import dialogs
from ui.sign_in import secret_line
from ui.widgets.badges import note
from ui.widgets.parts import button, label
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.main_window import MainWindow

KINDS = "备份 (*.backup *.dump)"


class OtherPassword(SidePanel):
    """The password of one backup; `then` goes on with what was wanted of it."""

    def __init__(self, desk: MainWindow, file: Path, words: str, then: Callable[[], Any]):
        super().__init__("备份有密码")
        self._desk, self._file, self._then = desk, file, then
        self.password = secret_line("这一份备份的密码")
        self.password.returnPressed.connect(self.take)
        self.inside.put_all(
            [
                label(words, wrap=True),
                label(self.password.accessibleName(), "strong"),
                self.password,
                label("做这份备份时资料库用的密码，信封里写着的那一张。", "hint", wrap=True),
                None,
            ]
        )
        self.act(button("打开", "check", "primary", keys="Ctrl+S", on_click=self.take))
        self.commands = {"save": self.take}
        self.setFocusProxy(self.password)

    def take(self) -> None:
        """Try what was typed."""
        self.judge()
        self._desk.work(
            self,
            "gridoffice.unlocking:unlock_backup",
            str(self._file),
            self.password.text(),
            then=lambda _: self._then(),
            wrong=self._wrong,
        )

    def _wrong(self, error: Exception) -> None:
        if not isinstance(error, OfficeError):
            self._desk.complain(error)
            return
        self.judge(note("err", error.message))
        self.password.setFocus()
        self.password.selectAll()


class CopyPanel(SidePanel):
    """A backup to a USB stick or elsewhere, with a password of its own where the office has none."""

    wanted = Signal(Path, object)

    def __init__(self, protected: bool):
        super().__init__("另存一份备份")
        self._protected = protected
        self.fresh, self.again = secret_line("密码"), secret_line("再输一次")
        self.lock = QCheckBox("给这一份加密码")
        self.lock.setChecked(not protected)
        self.lock.toggled.connect(lambda on: [one.setEnabled(on) for one in (self.fresh, self.again)])
        if protected:
            self.inside.put(label("存到优盘或别的地方。打开要用资料库的密码。", "fact", wrap=True))
        else:
            self.inside.put_all(
                [
                    label("存到优盘或别的地方。带出门的加上密码：丢了也没有人读得出来。", "fact", wrap=True),
                    self.lock,
                    label("密码", "strong"),
                    self.fresh,
                    label(f"至少 {LEAST} 个字。密码丢了，这一份就打不开了。", "hint", wrap=True),
                    label("再输一次", "strong"),
                    self.again,
                ]
            )
        self.inside.put(None)
        self.act(button("选地方存", "device-floppy", "primary", keys="Ctrl+S", on_click=self.take))
        self.commands = {"save": self.take}
        if not protected:
            self.setFocusProxy(self.fresh)

    def take(self) -> None:
        """Choose where, or say what is wrong with the password."""
        password = None
        if self.lock.isChecked() and not self._protected:
            try:
                password = checked(self.fresh.text(), self.again.text())
            except OfficeError as error:
                self.judge(note("err", error.message))
                self.fresh.setFocus()
                return
        self.judge()
        name = f"网格办备份 {datetime.now():%Y-%m-%d %H%M}.backup"
        target = dialogs.save_file(self, "备份存到", Path.home() / name, KINDS)
        if target is not None:
            self.wanted.emit(target, password)
