"""Where backups go, how many stay, and after how many days without one the office reminds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from gridoffice import rolling
from gridoffice.errors import OfficeError
from gridoffice.shelf import Kept, Shelf, shelf_of
from ui import dialogs
from ui.widgets.badges import note
from ui.widgets.parts import Box, Input, button, label, row
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class ShelfPanel(SidePanel):
    """Four numbers and a folder."""

    saved = Signal()

    def __init__(self, desk: MainWindow):
        super().__init__("备份设置")
        self._desk = desk
        shelf = shelf_of(desk.office.store)
        self.folder = Input(name="备份文件夹")
        self.folder.setText(str(shelf.folder))
        self.daily, self.weekly, self.monthly, self.remind = (
            self._number(name, value)
            for name, value in (
                ("最近几天", shelf.kept.daily),
                ("最近几周", shelf.kept.weekly),
                ("最近几个月", shelf.kept.monthly),
                ("几天没备份就提醒", shelf.remind),
            )
        )
        self.inside.put_all(
            [
                label("放在哪个文件夹", "strong"),
                self.folder,
                row(button("选文件夹", "folder-open", on_click=self._choose), None),
                label(
                    "优盘、另一块硬盘、单位的网络盘都行：和资料库分开放，坏一处不会全丢。", "hint", wrap=True
                ),
                label("自动备份留几份", "strong"),
                self._line("最近", self.daily, "天，每天最后一份"),
                self._line("最近", self.weekly, "周，每周最后一份"),
                self._line("最近", self.monthly, "个月，每月最后一份"),
                label("手动备份和恢复前的备份不会自动清掉。", "hint", wrap=True),
                label("提醒", "strong"),
                self._line("隔", self.remind, "天没有备份，在工作台提醒"),
                None,
            ]
        )
        self.act(button("保存", "check", "primary", keys="Ctrl+S", on_click=self.take))

    @staticmethod
    def _number(name: str, value: int) -> Input:
        made = Input(width=64, name=name)
        made.setText(str(value))
        return made

    @staticmethod
    def _line(before: str, field: Input, after: str) -> Box:
        return row(label(before), field, label(after), None, gap=8)

    def _choose(self) -> None:
        folder = dialogs.open_folder(self, "备份放在哪个文件夹", Path(self.folder.text() or Path.home()))
        if folder is not None:
            self.folder.setText(str(folder))

    def take(self) -> None:
        """Keep what was written, or say what is wrong with it."""
        numbers: list[int] = []
        for field in (self.daily, self.weekly, self.monthly, self.remind):
            text = field.text().strip()
            if not (text.isascii() and text.isdecimal()):
                self.judge(note("err", f"“{field.accessibleName()}”写一个数，如 7。"))
                field.setFocus()
                return
            numbers.append(int(text))
        if not self.folder.text().strip():
            self.judge(note("err", "没写放在哪个文件夹。"))
            self.folder.setFocus()
            return
        shelf = Shelf(Path(self.folder.text().strip()), Kept(*numbers[:3]), numbers[3])
        self._desk.runner.do(
            self,
            rolling.set_shelf,
            self._desk.office,
            shelf,
            on_done=lambda _: self.saved.emit(),
            on_error=self.complain,
        )

    def complain(self, error: Exception) -> None:
        """What the folder or a number is wrong with."""
        if isinstance(error, OfficeError):
            self.judge(note("err", error.message))
        else:
            self._desk.complain(error)
