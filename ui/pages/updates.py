"""更新: which version this is, where newer ones are looked for, what is new in one, and going over to it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QLineEdit

from gridoffice import build
from gridoffice.errors import OfficeError
from gridoffice.updating import installing, places
from gridoffice.updating.release import Release
from ui import dialogs
from ui.pages.page import Page
from ui.widgets.badges import note
from ui.widgets.form import NAME_WIDTH, fact
from ui.widgets.parts import Box, Child, button, column, label, row, scrolled, size

if TYPE_CHECKING:
    from ui.main_window import MainWindow

WIDE = 760


def _card(*children: Child) -> Box:
    return column(*children, gap=8, margins=(16, 12, 16, 12), name="card", width=WIDE)


class UpdatesPage(Page):
    """One card about this version and where to look, one about a newer version when there is one."""

    key, words, title = "updates", "更新", "更新"
    tab = "更新"
    reached_from = "settings"
    scoped = False

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.put_head()
        self.where = QLineEdit()
        self.where.setAccessibleName("更新文件夹")
        self.where.setPlaceholderText("选一个文件夹或共享文件夹，不选就哪里都不找")
        self.where.editingFinished.connect(self._keep_place)
        self.tools: Box = row(gap=8)
        self.said: Box = column(gap=6)
        self.found: Box = column(gap=12)
        caption = label("更新文件夹", "hint")
        size(caption, NAME_WIDTH)
        first = _card(
            label("这台电脑上的网格办", "section"),
            fact("版本", build.this_build().in_words()),
            row(
                caption,
                (self.where, 1),
                button("选文件夹", "folder-open", on_click=self._choose_folder),
                gap=8,
            ),
            label(
                "新版本由发布网格办的单位放进这个文件夹。带着他们签名的才会装，签名对不上的不装。",
                "hint",
                wrap=True,
            ),
            4,
            self.tools,
            self.said,
        )
        self.main.put(
            (scrolled(row(column(first, self.found, None, gap=12), None, margins=(20, 0, 20, 20))), 1)
        )
        self.commands = {"next": self._look}
        self._offer_look("primary")

    def _offer_look(self, kind: str) -> None:
        self.tools.clear()
        self.tools.put_all([button("检查更新", "refresh", kind=kind, on_click=self._look), None])

    def _forget(self) -> None:
        """No newer version is shown."""
        self.found.clear()
        self._offer_look("primary")

    def opened(self) -> None:
        self.where.setText(places.place())

    def arrive(self, where: Mapping[str, Any]) -> None:
        """The window has found a newer version by itself."""
        if "release" in where:
            self._show(where["release"])

    # where to look

    def _keep_place(self) -> None:
        if self.where.text().strip() != places.place():
            places.choose(self.where.text())
            self.said.clear()
            self._forget()

    def _choose_folder(self) -> None:
        chosen = dialogs.open_folder(self, "更新文件夹", Path(self.where.text() or Path.home()))
        if chosen is not None:
            self.where.setText(str(chosen))
            self._keep_place()

    def _look(self) -> None:
        self._keep_place()
        self._say(None)
        self.desk.runner.run(
            "gridoffice.updating.places:newest",
            {"where": places.place()},
            self._show,
            self._refused,
            asker=self,
        )

    def _say(self, tone: str | None, words: str = "") -> None:
        self.said.clear()
        if tone is not None:
            self.said.put(note(tone, words))

    def _refused(self, error: Exception) -> None:
        self.desk.show_progress(None)
        if isinstance(error, OfficeError):
            self._say("err", error.message)
        else:
            self.desk.complain(error)

    # what is new

    def _show(self, release: Release | None) -> None:
        self._forget()
        if release is None:
            self._say("ok", "已是最新版本。")
            return
        self._say(None)
        go = button(
            f"更新到 {release.version}",
            "download",
            kind="primary",
            on_click=lambda: self._fetch(release),
        )
        shown = _card(
            label(f"新版本 {release.version}", "section"),
            label(f"{release.day.year}年{release.day.month}月{release.day.day}日", "hint"),
            *[
                label(line.removeprefix("- "), wrap=True)
                for line in release.news.splitlines()
                if line.strip()
            ],
            4,
            label(
                "新版本自检通过、资料备份好才换上，不然还用现在的。大约两分钟，其间网格办会关上再打开。",
                "hint",
                wrap=True,
            ),
            row(go, None),
        )
        self.found.put(shown)
        self._offer_look("")
        go.setFocus()

    # going over to it

    def _fetch(self, release: Release) -> None:
        self.desk.runner.run(
            "gridoffice.updating.fetching:fetch",
            {"where": places.place(), "release": release},
            lambda file: self._fetched(file, release),
            self._refused,
            self.desk.show_progress,
            asker=self,
        )

    def _fetched(self, file: Path, release: Release) -> None:
        self.desk.show_progress(None)
        if not installing.can_install():
            self._say("info", installing.by_hand(file))
            return
        if dialogs.decide(
            self,
            f"现在更新到 {release.version}？",
            "网格办会关上，装好以后自己打开。没保存的先保存。",
            "关上并更新",
            "先不更新",
        ):
            try:
                installing.begin(file, release)
            except OfficeError as error:
                self._refused(error)
            else:
                self.desk.close()
