"""上报: packages for offices without a network are made and taken in; the register of them; who is known."""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtGui import QDragEnterEvent, QDropEvent

from db.enums import Right, Way
from gridoffice.accounts.rules import may
from gridoffice.assessment.ledger import INDICATOR_LEDGER
from gridoffice.assessment.month import MonthLine, months
from gridoffice.errors import OfficeError
from gridoffice.packages import keys
from gridoffice.packages.given import GivenClash, take_rules
from gridoffice.packages.listing import PACKAGES
from gridoffice.packages.partners import Partner, add_partner, confirm_partner, partners, remove_partner
from gridoffice.packages.sealing import ENDING
from gridoffice.spreadsheet.replacing import put
from ui import dialogs
from ui.pages.list_page import ListPage
from ui.pages.package_panels import PartnersPanel, SendPanel
from ui.pages.package_receive import ReceivePanel
from ui.pages.text_meeting import ask_both
from ui.widgets.cells import Cell
from ui.widgets.models import Dress
from ui.widgets.parts import Button, Child, button

if TYPE_CHECKING:
    from ui.main_window import MainWindow
    from ui.package_jobs import PackageSeen, PartSeen

PACKAGE_KIND = f"上报包 (*{ENDING})"
CARD_KIND = f"单位名片 (*{keys.CARD_ENDING})"


class PackagesPage(ListPage):
    """The register; beside it what is being sent or taken in."""

    key, words, icon, title = "packages", "上报", "database-export", "上报包"
    reached_from = "import"
    scoped = False
    listing = PACKAGES
    shown = ("way", "partner", "number", "made", "kind", "holds", "state")
    tables = frozenset({"package", "partner"})
    needs = Right.EDIT_PEOPLE
    report = "packages"
    empty = "还没有收发过上报包。没有网络的社区，用它和街道交换资料。"
    finder = "找往来单位"
    ticks = False
    widths: ClassVar[Mapping[str, float]] = {
        "way": 72,
        "partner": 176,
        "number": 72,
        "made": 140,
        "kind": 88,
        "holds": 260,
        "state": 112,
    }

    def __init__(self, desk: MainWindow):
        self.seen: PackageSeen | None = None
        self._folder: Path | None = None
        super().__init__(desk)
        self.setAcceptDrops(True)
        self.sending = SendPanel(self.send)
        self.sending.asked.connect(self._ask_holds)
        self.receiving = ReceivePanel(
            self.open_file, self.look_at, self.take, self.take_rules, self.save_paper, self.take_back
        )
        self.knowing = PartnersPanel(
            desk,
            self._make_keys,
            self._save_card,
            self._read_card,
            self._confirm,
            self._remove,
            self._add,
            may(desk.office.who.role, Right.ADMINISTER),
        )
        for panel in (self.sending, self.receiving, self.knowing):
            panel.closed.connect(self._shut)
        self.commands |= {"close": self._shut}

    # the list

    def first(self) -> Sequence[Child]:
        return (
            self.guarded(button("发出上报包", "upload", "primary", on_click=self.offer_sending)),
            self.guarded(button("收上报包", "folder-open", on_click=self.choose)),
        )

    def tools(self) -> Sequence[Child]:
        return (button("名片和往来单位", "users", "quiet", on_click=self.offer_knowing),)

    def dress(self) -> dict[str, Dress]:
        def state(_: Any, text: str) -> Cell:
            waits = text in ("还没写入", "对方收了一部分") or text.startswith("还差")
            return Cell(text, tone="warn" if waits else "text")

        return {"partner": lambda _, text: Cell(text, weight=500), "state": state}

    def instead(self) -> Sequence[Button]:
        return (button("名片和往来单位", "users", on_click=self.offer_knowing),)

    def arrive(self, where: Mapping[str, Any]) -> None:
        """A package that was double-clicked outside the window, or rows of the register to show."""
        super().arrive(where)
        if "file" in where:
            self.receive(Path(where["file"]))

    def enter(self) -> None:
        line = self.current()
        if line is not None and line.way is Way.RECEIVED and line.state != "已收完":
            self.choose()

    def told_above(self) -> list[str]:
        return [self.table.count_words()]

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        super().told(changes)
        if self.desk.page is self and self.seen is not None and self.side is self.receiving:
            self._look_again()

    def opened(self) -> None:
        super().opened()
        if self.side is self.receiving and self.seen is not None:
            self._look_again()

    def _shut(self) -> None:
        """Close the panel; the workbooks of a package that was open go."""
        self.set_side(None)
        self.seen = None
        if self._folder is not None:
            _clear([self._folder])
            self._folder = None

    # sending

    def offer_sending(self) -> None:
        """The panel that asks to whom and what."""
        self.desk.read(
            self,
            lambda session: (keys.has_keys(session), partners(session), months(session)),
            then=self._offer_sending,
            topic="send",
        )

    def _offer_sending(self, known: tuple[bool, list[Partner], list[MonthLine]]) -> None:
        has_keys, others, lines = known
        if not has_keys or not any(one.confirmed for one in others):
            self.desk.say("先设上报密码，读入对方的名片，在电话里核对指纹。", can_undo=False)
            self.offer_knowing()
            return
        self.sending.fill(others, lines)
        self.set_side(self.sending)
        self._ask_holds()

    def _ask_holds(self) -> None:
        wish = self.sending.wish()
        if wish is not None:
            self.desk.work(
                self, "ui.package_jobs:would_send", wish, then=lambda found: self.sending.show_holds(*found)
            )

    def send(self) -> None:
        """Write the package that the panel describes."""
        wish = self.sending.wish()
        if wish is None:
            return
        name = f"上报包-{self.sending.to.currentText()}{ENDING}"
        target = dialogs.save_file(self, "上报包存到哪里", Path.home() / name, PACKAGE_KIND)
        if target is None:
            return

        def sent(done: Any) -> None:
            self._shut()
            self.desk.say(f"第 {done.number} 号上报包已存为“{target.name}”，拷给对方。", can_undo=False)
            self.told({})

        password = self.sending.password.text()
        self.sending.password.clear()
        self.desk.work(self, "ui.package_jobs:send_package", wish, password, target, then=sent)

    # receiving

    def choose(self) -> None:
        """Pick a package."""
        file = dialogs.open_file(self, "选上报包", Path.home(), PACKAGE_KIND)
        if file is not None:
            self.receive(file)

    def receive(self, file: Path) -> None:
        """A package was picked or dropped: it asks for the password."""
        self._shut()
        self.receiving.ask(file)
        self.set_side(self.receiving)

    def open_file(self) -> None:
        """Open the package with the password."""
        if self.receiving.file is None:
            return
        self._folder = Path(mkdtemp(prefix="gridoffice-"))
        atexit.register(_clear, [self._folder])
        password = self.receiving.password.text()
        work = ("ui.package_jobs:open_package", self.receiving.file, password, self._folder)
        self.desk.work(self, *work, then=self._opened, wrong=self._refused)

    def _refused(self, error: Exception) -> None:
        """Why it was not opened stays beside the package: a message box would be gone before one has called the
        office that sent it."""
        if isinstance(error, OfficeError):
            self.receiving.refuse(error.message)
        else:
            self.desk.complain(error)

    def _opened(self, seen: PackageSeen) -> None:
        self.seen = seen
        self.receiving.show_package(seen)
        super().told({})

    def _look_again(self) -> None:
        if self.seen is not None:
            self.desk.work(
                self, "ui.package_jobs:look_package", self.seen.id, self._folder, then=self._opened_again
            )

    def _opened_again(self, seen: PackageSeen) -> None:
        self.seen = seen
        self.receiving.show_package(seen)

    def look_at(self, part: PartSeen) -> None:
        """Look at the rows of a ledger one by one, where files from Excel are looked at."""
        month = self.seen.month if self.seen is not None and part.key == INDICATOR_LEDGER.key else None
        self.desk.go("import", ledger=part.key, file=part.file, month=month)

    def take(self, only_good: tuple[str, ...] = ()) -> None:
        """Take in what needs no clerk; of some parts what is the same here, the rest stays."""
        if self.seen is not None and self.desk.may_change():
            work = ("ui.package_jobs:take_package", self.seen.id, self._folder, only_good)
            self.desk.work(self, *work, then=self._taken)

    def _taken(self, seen: PackageSeen) -> None:
        self._opened(seen)
        left = [part.title for part in seen.parts if not part.done]
        said = (
            f"{left[0]}有要先处理的，前面的已写入。"
            if left
            else f"{seen.partner}第 {seen.number} 号上报包已收完。"
        )
        self.desk.say(said, can_undo=False)

    def take_back(self) -> None:
        """Undo what was taken in of the package."""
        if self.seen is not None and self.desk.may_change():
            said = f"{self.seen.partner}第 {self.seen.number} 号上报包写入的已全部撤销。"

            def back(seen: PackageSeen) -> None:
                self._opened(seen)
                self.desk.say(said, can_undo=False)

            self.desk.work(self, "ui.package_jobs:take_package_back", self.seen.id, self._folder, then=back)

    def take_rules(
        self, only: tuple[str, ...] = (), chosen: Mapping[str, tuple[str, str]] | None = None
    ) -> None:
        """Take over rules of the office above; where both offices changed the same lines, somebody chooses."""
        seen = self.seen
        if seen is None or not self.desk.may_change():
            return

        def wrong(error: Exception) -> None:
            if not isinstance(error, GivenClash):
                self.desk.complain(error)
                return
            keep = lambda text, now: self.take_rules(only, {**(chosen or {}), error.rule: (text, now)})  # noqa: E731
            ask_both(self, error, keep, self.receiving)

        args = seen.rules, seen.partner, only, chosen
        self.desk.write(self, take_rules, *args, then=lambda _: self._look_again(), wrong=wrong)

    def save_paper(self, title: str) -> None:
        """Put what the office above decided where the clerk wants it."""
        target = dialogs.save_file(
            self, f"{title}存到哪里", Path.home() / f"{title}.xlsx", "Excel 文件 (*.xlsx)"
        )
        if self.seen is not None and target is not None:
            work = ("ui.package_jobs:save_package_paper", self.seen.id, title, target)
            said = lambda _: self.desk.say(f"已存为“{target.name}”。", can_undo=False)  # noqa: E731
            self.desk.work(self, *work, then=said)

    # who is known

    def offer_knowing(self) -> None:
        """The panel of cards."""
        self.set_side(self.knowing)
        self._read_known()

    def _read_known(self) -> None:
        self.desk.read(
            self,
            lambda session: (
                keys.own_card(session) if keys.has_keys(session) else None,
                partners(session),
            ),
            then=self._known,
            topic="known",
        )

    def _known(self, known: tuple[keys.Card | None, list[Partner]]) -> None:
        self.knowing.show_own(known[0])
        self.knowing.show_partners(known[1])

    def _make_keys(self) -> None:
        try:
            password = self.knowing.password()
        except OfficeError as error:
            self.desk.complain(error)
            return
        after = lambda _: self._read_known()  # noqa: E731
        if self.knowing.own_card is None:
            self.desk.write(self, keys.make_keys, password, then=after)
        else:
            self.desk.write(self, keys.change_password, self.knowing.old.text(), password, then=after)

    def _save_card(self) -> None:
        card = self.knowing.own_card
        if card is None:
            return
        proposal = Path.home() / f"{card.name}{keys.CARD_ENDING}"
        target = dialogs.save_file(self, "名片存到哪里", proposal, CARD_KIND)
        if target is None:
            return
        try:
            put(target, keys.card_text(card).encode())
        except OfficeError as error:
            self.desk.complain(error)
            return
        self.desk.say(f"名片已存为“{target.name}”，拷给对方，再打电话念指纹。", can_undo=False)

    def _read_card(self) -> None:
        file = dialogs.open_file(self, "选对方的名片", Path.home(), CARD_KIND)
        if file is not None:
            self.read_card(file)

    def read_card(self, file: Path) -> None:
        """Show the card in a file; it is taken in when its fingerprint was compared."""
        try:
            card = keys.read_card(file)
        except OfficeError as error:
            self.desk.complain(error)
            return
        if self.side is not self.knowing:
            self.offer_knowing()
        self.knowing.show_card(card)

    def _add(self) -> None:
        panel = self.knowing
        if panel.card is not None:
            args = (panel.card, panel.same.isChecked(), panel.place.picked)
            self.desk.write(self, add_partner, *args, then=lambda _: self._read_known())

    def _confirm(self, one: Partner) -> None:
        sure = dialogs.decide(
            self,
            "指纹对过了？",
            f"“{one.name}”在电话里念的是：\n{one.fingerprint}",
            "一字不差",
            "还没对",
        )
        if sure:
            self.desk.write(self, confirm_partner, one.id, then=lambda _: self._read_known())

    def _remove(self, one: Partner) -> None:
        self.desk.write(self, remove_partner, one.id, then=lambda _: self._read_known())

    # files that are dropped

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files and files[0].suffix.lower() == keys.CARD_ENDING:
            self.read_card(files[0])
        elif files:
            self.receive(files[0])


def _clear(folders: list[Path]) -> None:
    """Workbooks with whole ID numbers stay nowhere."""
    for folder in folders:
        with suppress(OSError):
            shutil.rmtree(folder)
