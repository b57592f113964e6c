"""How the window stands: what was done, what went wrong, what others changed, whether anything can be changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import Signal

from db.enums import Reach, Right
from db.notices import EVERYTHING
from gridoffice.accounts.rules import may
from gridoffice.errors import Cancelled, Lost, OfficeError
from gridoffice.office import Done
from ui import dialogs
from ui.desk import NOT_SAVED, Desk
from ui.shell import Banner, StatusBar, Toast
from ui.tasks import Fault
from ui.widgets.parts import button
from ui.widgets.scope import ScopePane

NOT_READ = "连不上资料库，没看过的现在读不到。连上后自动恢复。"


class Standing(Desk):
    """What the window says of itself: banner, toast, status bar."""

    written = Signal(object)

    banner: Banner
    status: StatusBar
    toast: Toast
    scope: ScopePane
    pages: dict[str, Any]
    unattended: bool
    faults: list[Fault]

    # what the window says of the day

    @property
    def page(self) -> Any:
        raise NotImplementedError

    @property
    def day(self) -> date:
        raise NotImplementedError

    @property
    def past(self) -> bool:
        raise NotImplementedError

    def look_at(self, day: date | None) -> None:
        raise NotImplementedError

    # the banner

    def show_standing(self) -> None:
        """The banner of a database out of reach, of a day that is past, or of an account that may only look;
        else none."""
        who = self.office.who
        if self.together.lost:
            saved = "正在存的，连上后自动存好。" if self.runner.writing else "连上后自动恢复。"
            self.banner.say("warn", "alert-triangle", f"连不上{self._where}，现在只能看。{saved}")
        elif self.office.read_only:
            self.banner.say("info", "lock", self.office.read_only)
        elif self.past:
            back = button("回到今天", "arrow-back-up", "link", on_click=lambda: self.look_at(None))
            day = self.day
            words = f"看的是 {day.year}年{day.month}月{day.day}日的网格和人，只能看，不能改。"
            self.banner.say("info", "calendar", words, back)
        elif who.reach is Reach.NONE or any(
            may(who.role, right) for right in (Right.EDIT_PEOPLE, Right.ASSESS, Right.REVIEW_MONTH)
        ):
            self.banner.hide()
        else:
            self.banner.say("info", "eye", f"账号“{who.display}”只能查看，不能改。")

    # what was done, what went wrong

    def tell(self, done: Done) -> None:
        """Say what was done, and let every page ask again for what changed."""
        self.together.mine(done.action)
        if done.action is not None:
            self.say(done.title, done.undoable)
        if "grid" in done.changes or "post" in done.changes:
            self.scope.reload()
        for page in self.pages.values():
            page.told(done.changes)
        self.written.emit(done)
        self._kept()

    def changed_elsewhere(self, words: str) -> None:
        """The worker wrote something whose record did not travel: every page asks again."""
        self.say(words)
        self.scope.reload()
        for page in self.pages.values():
            page.told(EVERYTHING)
        self._kept()

    def say(self, words: str, can_undo: bool = True) -> None:
        """Toast and status line: one past-tense sentence."""
        self.toast.say(words, can_undo)
        self.status.show_last(words, can_undo)

    def complain(self, error: Exception) -> None:
        """What went wrong: a sentence in the banner, or a fault with its details."""
        if isinstance(error, Cancelled):
            self.say(error.message, can_undo=False)
        elif isinstance(error, Lost) and self.together.lost:
            # what was read stays to be looked at; the banner says what could not be done
            words = NOT_SAVED if error.message == NOT_SAVED else NOT_READ
            self.banner.say("warn", "alert-triangle", words)
        elif isinstance(error, OfficeError):
            self.banner.say(
                "err", "circle-x", error.message, button("关闭", "x", "link", on_click=self.show_standing)
            )
        elif isinstance(error, Fault) and self.unattended:
            self.faults.append(error)
        elif isinstance(error, Fault) and self.office.store.local:
            self.beside(
                self,
                "gridoffice.safekeeping:damaged",
                then=lambda words: self._fault(error, words),
                wrong=lambda _: self._fault(error, ""),
            )
        elif isinstance(error, Fault):
            self._fault(error, "")
        else:
            raise error

    def _fault(self, fault: Fault, damaged: str) -> None:
        """A bug; or what looked like one, where the file is damaged: that can be mended."""
        if damaged:
            there = button("去备份", kind="link", on_click=lambda: self.go("backups"))
            self.banner.say("err", "circle-x", damaged, there)
        else:
            dialogs.tell_fault(self, fault)

    def _kept(self) -> None:
        self.status.show_kept(f"{self._where}·已存好 {datetime.now():%H:%M}")

    @property
    def _where(self) -> str:
        return "本机资料库" if self.office.store.local else "共享资料库"

    # the others

    def attend(self) -> None:
        """Hear of what others do."""
        self.together.changed.connect(self._changed_by_others)
        self.together.reached.connect(self._reached)
        self.together.beside.connect(lambda news: self.page.attended(news))

    def _changed_by_others(self, changes: Mapping[str, frozenset[int]] | None) -> None:
        """Somebody else wrote: the pages ask again, and stay where they are."""
        changes = EVERYTHING if changes is None else changes
        if "grid" in changes or "post" in changes:
            self.scope.reload()
        for page in self.pages.values():
            page.told(changes)

    def _reached(self, reached: bool) -> None:
        self.show_standing()
        if reached:
            self.say(f"{self._where}又连上了。", can_undo=False)
            self._changed_by_others(None)
            self._kept()
        else:
            self.status.show_kept(f"{self._where}·连不上")

    def may_leave(self) -> bool:
        """Whether the window may close; asks while a save waits for the database."""
        if not self.together.lost or not self.runner.writing or self.unattended:
            return True
        words = "连不上资料库，刚才那一笔还没存好。现在关掉，它可能就没有了。"
        return dialogs.decide(self, "还有一笔没存好，要关掉吗？", words, "关掉", "等它存好")
