"""Everything of one person in the drawer, a tab for each hat, on whichever list somebody was opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from db.enums import Right
from gridoffice.accounts.rules import may
from gridoffice.overview.person_record import PersonRecord, person_record
from gridoffice.people.rows import PersonalRow
from gridoffice.people.service import reveal
from ui.pages.page import unless_gone
from ui.pages.person_card import WhyLine, put_card
from ui.pages.person_hats import (
    put_certificates,
    put_changes,
    put_party,
    put_scores,
    put_trainings,
)
from ui.pages.posts_panel import PostsPanel
from ui.widgets.badges import note
from ui.widgets.parts import Box, column

if TYPE_CHECKING:
    from ui.main_window import MainWindow

TABS = ("资料", "任职", "证书", "党员", "培训", "考核", "变动")
TABLES = frozenset(
    {"person", "post", "grid", "certificate", "party_member", "party_link", "party_org", "training"}
    | {"attendance", "attachment", "sheet"}
)
"""Changes of these are seen in the tabs."""
REVEAL_MS = 30_000


class PersonTabs(QObject):
    """Fills the drawer's tabs. Numbers that are looked at stay whole for 30 seconds; `again` has the
    drawer filled once more."""

    def __init__(self, desk: MainWindow, again: Callable[[], None]):
        super().__init__(desk)
        self._desk, self._again = desk, again
        self._whole: PersonalRow | None = None
        self._why: Box | None = None
        self._person = 0
        self._masked = QTimer(self)
        self._masked.setSingleShot(True)
        self._masked.setInterval(REVEAL_MS)
        self._masked.timeout.connect(self.mask)
        self.posts: PostsPanel | None = None

    def fill(self, made: Box, tab: int, person_id: int) -> None:
        """Put a tab together."""
        desk, name = self._desk, TABS[tab]
        if self._whole is not None and self._whole.id != person_id:
            self._whole = None  # somebody else's numbers are not asked for
            self._masked.stop()
        self._person, self._why, self.posts = person_id, None, None
        if name == "任职":
            self.posts = PostsPanel(desk)
            made.put(self.posts)
            self.posts.show(person_id)
        elif name == "考核":
            put_scores(made, desk, person_id)
        elif name == "变动":
            put_changes(made, desk, person_id)
        else:
            holder = column(gap=12)
            made.put(holder)
            puts: dict[str, Callable[[Box, MainWindow, PersonRecord], None]] = {
                "证书": put_certificates,
                "党员": put_party,
                "培训": put_trainings,
                "资料": self._put_card,
            }
            desk.read(
                holder,
                person_record,
                person_id,
                desk.day,
                then=lambda said: puts[name](holder, desk, said),
                topic="person",
                wrong=unless_gone(desk, lambda: holder.put(note("warn", "这个人已不在了。"))),
            )

    def _put_card(self, holder: Box, desk: MainWindow, said: PersonRecord) -> None:
        self._why = column(gap=0)
        put_card(holder, desk, said, self._whole, self._why, self.ask)

    # looking at numbers

    @property
    def whole(self) -> PersonalRow | None:
        """Whose numbers are looked at now."""
        return self._whole

    def ask(self) -> None:
        """Ask why the numbers are looked at; when they are, mask them again."""
        if self._whole is not None:
            self.mask()
        elif self._why is not None and may(self._desk.office.who.role, Right.REVEAL):
            self._why.clear()
            line = WhyLine(self._look, self._why.clear)
            self._why.put(line)
            line.line.setFocus()

    def _look(self, reason: str) -> None:
        person = self._person

        def shown(done: Any) -> None:
            if self._person == person:
                self._whole = done.result
                self._masked.start()
                self._again()

        self._desk.write(self, reveal, person, reason, then=shown)

    def mask(self) -> None:
        """Nobody looks any more."""
        self._masked.stop()
        if self._whole is not None:
            self._whole = None
            self._again()
