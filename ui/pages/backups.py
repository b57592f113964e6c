"""备份: what stands on the shelf, made now, tried out, restored with what would be lost told before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from db.enums import Right
from gridoffice import rolling
from gridoffice.accounts.rules import may
from gridoffice.drill import Drilled
from gridoffice.errors import NeedsFilePassword
from gridoffice.rolling import Loss, Shelved
from gridoffice.safekeeping import BackedUp, Verified
from gridoffice.shelf import Backup
from ui import dialogs
from ui.pages.backup_password import KINDS, CopyPanel, OtherPassword
from ui.pages.backup_shelf import ShelfPanel
from ui.pages.lines_page import LinesPage
from ui.widgets.badges import note
from ui.widgets.blank import Blank
from ui.widgets.cells import Cell
from ui.widgets.drawer import body
from ui.widgets.form import fact
from ui.widgets.head import Heading
from ui.widgets.parts import Box, button, column, label

if TYPE_CHECKING:
    from ui.main_window import MainWindow


def size_in_words(size: int) -> str:
    """Bytes as people say them."""
    return f"{size / 2**20:.1f} MB" if size >= 2**20 else f"{max(1, round(size / 1024))} KB"


def moment(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


class BackupsPage(LinesPage):
    """The shelf, newest first; one backup in the drawer."""

    key, words, icon, title = "backups", "备份", "database-export", "备份和恢复"
    reached_from = "settings"
    scoped = False

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.found: tuple[Backup, ...] = ()
        self._said: list[Any] = []
        self._folder: Path | None = None
        self.put_head()
        maintains = may(desk.office.who.role, Right.MAINTAIN)
        self.make_button = button("现在备份", "database-export", "primary", keys="Ctrl+S", on_click=self.make)
        self.put_bar(
            self.make_button,
            button("恢复演练", "check", tip="把最新的备份恢复到临时的地方，核对一遍", on_click=self.drill),
            self._guarded(
                button("从文件恢复", "history", tip="优盘上、别的电脑上的备份", on_click=self._from_file),
                maintains,
            ),
            None,
            self._guarded(button("备份设置", "settings", "quiet", on_click=self._settings), maintains),
            height=48,
        )
        self.put_bar(
            button(
                "核对资料库",
                "search",
                "quiet",
                tip="核对资料库、变动记录和已锁定的月份",
                on_click=self.verify,
            ),
            button(
                "另存一份", "device-floppy", "quiet", tip="存到优盘或别的地方", on_click=self._make_elsewhere
            ),
            button("打开文件夹", "folder-open", "quiet", on_click=self._open_folder),
            None,
        )
        self.said: Box = column(gap=6, margins=(20, 0, 20, 8))
        self.main.put(self.said)
        self.put_lines(
            "备份",
            [
                Heading("时间"),
                Heading("种类"),
                Heading("大小", right=True),
                Heading("人数", right=True),
                Heading("核对"),
                Heading("上次演练"),
                Heading("文件"),
            ],
            [160, 136, 96, 88, 108, 120, 420],
        )
        self.blank = Blank(self.table)
        self.commands = {"save": self.make, "close": self._close, "refresh": self.opened}
        desk.keeper.changed.connect(self.opened)

    def _guarded(self, made: Any, allowed: bool) -> Any:
        made.setEnabled(allowed)
        if not allowed:
            made.setToolTip(f"账号“{self.desk.office.who.display}”不能维护资料库和备份。")
        return made

    # the shelf

    def opened(self) -> None:
        if self.desk.page is self:
            self.desk.runner.ask(
                self,
                rolling.shelved,
                self.desk.office,
                on_done=self._show,
                on_error=self.desk.complain,
                topic="shelf",
            )

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        self.opened()

    def _show(self, said: Shelved) -> None:
        standing = said.standing
        self.found, self._folder = said.backups, standing.shelf.folder
        self.model.take([(place, self._line(one)) for place, one in enumerate(self.found)])
        last = f"最近一份 {moment(standing.last.at)}" if standing.last else "还没有备份"
        kept = standing.shelf.kept
        self.head_facts.setText(f"{last}·自动备份留 {kept.daily} 天、{kept.weekly} 周、{kept.monthly} 个月")
        self.show_facts([f"备份 {len(self.found)} 份", f"放在 {standing.shelf.folder}"])
        self.said.clear()
        notes = [note("warn", words) for words in standing.wrong]
        notes += [note("info", words) for words in standing.advice]
        self.said.put_all([*self._said, *notes])
        self.said.setVisible(bool(self._said or notes))
        if self.found:
            self.blank.hide()
        else:
            self.blank.setGeometry(self.table.viewport().geometry())
            self.blank.say("这里还没有备份。", [button("现在备份", "database-export", on_click=self.make)])
        if self._shown is not None and all(one.file != self._shown.file for one in self.found):
            self._close()

    @staticmethod
    def _line(one: Backup) -> list[Cell]:
        stays = f"·{one.stays}" if one.stays else ""
        checked = Cell("已核对", badge="ok") if one.checked else Cell("没核对过", badge="warn")
        return [
            Cell(moment(one.at), weight=500),
            Cell(f"{one.kind.value}{stays}"),
            Cell(size_in_words(one.size), right=True),
            Cell("" if one.people is None else str(one.people), right=True),
            checked,
            Cell(one.drilled.isoformat() if one.drilled else "", tone="text2"),
            Cell(one.file.name, tone="text2"),
        ]

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self.blank.setGeometry(self.table.viewport().geometry())

    # one backup

    def _open(self, number: int) -> None:
        if not 0 <= number < len(self.found):
            return
        one = self._shown = self.found[number]
        self.model.mark(number)
        badge = ("ok", "已核对") if one.checked else ("warn", "没核对过")
        self.drawer.name(moment(one.at), one.kind.value, badge)
        made = body()
        for name, value in (
            ("人员", "" if one.people is None else f"{one.people} 人"),
            ("一共", "" if one.rows is None else f"{one.rows} 行"),
            ("变动", "" if one.actions is None else f"到第 {one.actions} 条"),
            ("大小", size_in_words(one.size)),
            ("演练", f"{one.drilled} 恢复出来核对过" if one.drilled else "还没有"),
            (
                "留着",
                {"日": "这一天的", "周": "这一周最后的", "月": "这个月最后的"}.get(one.stays, "不会自动清掉"),
            ),
            ("文件", one.file.name),
            ("放在", str(one.file.parent)),
        ):
            if value:
                made.put(fact(name, value))
        made.put(None)
        self.drawer.fill(made)
        restore = self._guarded(
            button("恢复这一份", "history", on_click=lambda: self._ask_loss(one.file)),
            may(self.desk.office.who.role, Right.MAINTAIN),
        )
        self.drawer.act(restore, button("演练这一份", "check", on_click=lambda: self.drill(one.file)), None)
        self.set_side(self.drawer)

    def _number(self) -> int | None:
        shown = self._shown
        return next((at for at, one in enumerate(self.found) if shown and one.file == shown.file), None)

    def _close(self) -> None:
        side = self.side
        if side is None:
            return
        self._leave()
        if side is not self.drawer:
            side.deleteLater()

    # doing

    def _say(self, *parts: Any) -> None:
        self._said = list(parts)
        self.desk.keeper.look()

    def make(self) -> None:
        self.desk.work(self, "gridoffice.safekeeping:back_up", then=self._made)

    def _make_elsewhere(self) -> None:
        panel = CopyPanel(self.desk.office.store.key is not None)
        panel.closed.connect(self._close)
        panel.wanted.connect(self._make_copy)
        self.set_side(panel)
        panel.setFocus()

    def _make_copy(self, target: Path, password: str | None) -> None:
        self._close()
        self.desk.work(self, "gridoffice.safekeeping:back_up", target, password, then=self._made)

    def _made(self, done: BackedUp) -> None:
        self._say()
        self.desk.say(f"已备份 {done.people} 人、{done.rows} 行，核对无误。", can_undo=False)

    def drill(self, file: Path | None = None) -> None:
        """Restore a backup to a scratch place and prove it there; without a name the newest."""
        again = partial(self.drill, file)
        self.desk.work(
            self, "gridoffice.drill:drill", file, then=self._drilled, wrong=partial(self._other, again)
        )

    def _other(self, again: Callable[[], Any], error: Exception) -> None:
        """A backup that was made under another password is asked for it, and then it goes on."""
        if not isinstance(error, NeedsFilePassword):
            self.desk.complain(error)
            return

        def opened() -> None:
            self._close()
            again()

        panel = OtherPassword(self.desk, Path(error.file), error.message, opened)
        panel.closed.connect(self._close)
        self.set_side(panel)
        panel.setFocus()

    def _drilled(self, done: Drilled) -> None:
        tone = "err" if done.verified.findings else "ok"
        self._say(note(tone, done.in_words()), *(note("err", words) for words in done.verified.findings[:5]))

    def verify(self) -> None:
        self.desk.work(self, "gridoffice.safekeeping:verify", then=self._verified)

    def _verified(self, done: Verified) -> None:
        if done.findings:
            self._say(*(note("err", words) for words in done.findings[:5]))
            return
        locked = f"，{len(done.locked_months)} 个已锁定的月份重新算过，都对得上" if done.locked_months else ""
        self._say(note("ok", f"资料库完好，{done.actions} 条变动首尾相接{locked}。"))

    def _open_folder(self) -> None:
        if self._folder is None or not self._folder.is_dir():
            self.desk.say("备份文件夹还没有建，备份一次就有了。", can_undo=False)
        else:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))

    def _settings(self) -> None:
        panel = ShelfPanel(self.desk)
        panel.closed.connect(self._close)
        panel.saved.connect(self._kept)
        self.set_side(panel)

    def _kept(self) -> None:
        self._close()
        self._say()
        self.desk.say("已改备份设置。", can_undo=False)

    # restoring

    def _from_file(self) -> None:
        file = dialogs.open_file(self, "选备份文件", Path.home(), KINDS)
        if file is not None:
            self._ask_loss(file)

    def _ask_loss(self, file: Path) -> None:
        again = partial(self._ask_loss, file)
        self.desk.work(
            self,
            "gridoffice.rolling:loss",
            str(file),
            then=self._show_loss,
            wrong=partial(self._other, again),
        )

    def _show_loss(self, lost: Loss) -> None:
        """What would be gone, before anybody is asked."""
        one = self._shown = lost.backup
        self.drawer.name("恢复会怎样", f"{one.file.name}", ("warn", "先看看"))
        made = body()
        if lost.strange:
            made.put(note("err", f"这份备份不是这个资料库以前的样子，现有的 {lost.actions} 条变动都会换掉。"))
        elif lost.actions:
            made.put(note("warn", f"{moment(one.at)} 以后的 {lost.actions} 条变动会没有。"))
        else:
            made.put(note("ok", "这份备份以后没有变动，恢复不会丢什么。"))
        made.put(fact("现在", f"{lost.people_now} 人"))
        made.put(fact("恢复后", f"{lost.people_then} 人"))
        if lost.last:
            made.put(label("会没有的，最近的在前", "strong"))
            for words in lost.last:
                made.put(label(words, "fact", wrap=True))
            if lost.actions > len(lost.last):
                made.put(label(f"还有 {lost.actions - len(lost.last)} 条。", "hint"))
        made.put(label("恢复以前会先把现在的样子备份一份，随时能换回来。", "hint", wrap=True))
        made.put(None)
        self.drawer.fill(made)
        self.drawer.act(
            button("恢复备份", "history", on_click=lambda: self._restore(lost)),
            button("先不恢复", on_click=self._close),
            None,
        )
        self.set_side(self.drawer)

    def _restore(self, lost: Loss) -> None:
        gone = f"{lost.actions} 条变动会没有，" if lost.actions else ""
        if dialogs.decide(
            self,
            f"用“{lost.backup.file.name}”恢复？",
            f"{gone}人员从 {lost.people_now} 人变成 {lost.people_then} 人。现在的资料会先自动备份一份。",
            "恢复备份",
            "先不恢复",
        ):
            self._close()
            self.desk.work(self, "gridoffice.safekeeping:restore", lost.backup.file, then=self._restored)

    def _restored(self, done: BackedUp) -> None:
        name = Path(done.before or "").name
        self._say(note("ok", f"已恢复 {done.people} 人、{done.rows} 行。恢复前的资料存在“{name}”。"))
        self.desk.changed_elsewhere("已从备份恢复。")
