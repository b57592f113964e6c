"""One line of a list in the drawer while it is edited, alone or beside others who change the same one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from db.listening import Spot
from gridoffice.errors import Conflict, RuleBroken
from ui.pages.drawer_lines import saving
from ui.pages.meeting import Meeting
from ui.pages.page import Page
from ui.widgets.drawer import Drawer, body
from ui.widgets.form import Form
from ui.widgets.listing_table import ListingTable

if TYPE_CHECKING:
    from ui.main_window import MainWindow
    from ui.pages.drawer_page import Subject


class LineEditing(Page):
    """The form in the drawer: filled, compared with what others write meanwhile, saved."""

    subject: ClassVar[Subject]
    drawer: Drawer
    table: ListingTable

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self._shown: int | None = None
        self._editing: Form | None = None
        self._around: Meeting | None = None
        self._saving = False

    # what a page of this kind says of itself

    def form_of(self, line: Any | None) -> tuple[str, str, Form]:
        """Title, second line and form of one that is edited, or of a new one."""
        raise NotImplementedError

    def _open(self, number: int) -> None:
        """Show a line in the drawer."""
        raise NotImplementedError

    def _reread(self) -> None:
        """Fill the drawer with the line as it is."""
        raise NotImplementedError

    def _close(self) -> None:
        raise NotImplementedError

    # the form

    def _show_form(self, line: Any | None) -> None:
        title, below, form = self.form_of(line)
        self.drawer.name(title, below)
        made = body()
        self._editing = form
        self._around = Meeting(
            form, self._save, self._reread if line else self._close, lambda foot: self.drawer.act(*foot)
        )
        made.put(self._meeting)
        self.drawer.fill(made)
        form.first().setFocus()
        self.desk.together.look(self.spot)

    def _save(self) -> None:
        form, meeting = self._editing, self._meeting
        if self._saving or form is None or meeting is None:
            return
        if meeting.clashes:
            meeting.take() if meeting.choosing else meeting.choose()
            return
        changed = form.take()
        if changed is None:
            return
        if not changed and self._shown is not None:
            self._reread()
            return
        self._saving = True  # a second Ctrl+S while the first waits for the database adds nothing
        self.desk.write(
            self,
            saving(self.subject, self._shown, self.desk.scope_id, changed, form.filled_from),
            then=self._saved,
            wrong=self._refused,
        )

    def _saved(self, done: Any) -> None:
        self._saving = False
        self._edit_ends()
        self.table.setFocus()  # before: a table without a current row makes its first one that
        self._open(done.result)

    def _refused(self, error: Exception) -> None:
        self._saving = False
        if isinstance(error, Conflict) and self._meeting is not None and self._shown is not None:
            meet = lambda line: self._meet(line, error)  # noqa: E731
            self.desk.read(self, self.subject.read, self._shown, then=meet, topic="meet", wrong=self._gone)
            return
        problems = error.problems if isinstance(error, RuleBroken) else ()
        if self._editing is None or not self._editing.complain(problems):
            self.desk.complain(error)

    # the others

    def again(self) -> None:
        """Fill the drawer once more; what is being edited in it stays, and is compared with the line as it
        is now."""
        if self._editing is None:
            self._reread()
        elif self._shown is not None:
            self.desk.read(
                self, self.subject.read, self._shown, then=self._meet, topic="meet", wrong=self._gone
            )

    @property
    def spot(self) -> Spot | None:
        if self._shown is None or self.side is not self.drawer:
            return super().spot
        return Spot(self.subject.listing.key, self._shown, self._editing is not None)

    @property
    def _meeting(self) -> Meeting | None:
        """Around the form while it is open: what others did to the same line meanwhile."""
        return self._around if self._editing is not None else None

    def _edit_ends(self) -> None:
        self._editing = self._around = None
        self.desk.together.look(self.spot)

    def _meet(self, line: Any, refused: Conflict | None = None) -> None:
        """The line as it is now, beside the form that is open on it; `refused` when a save ran into it."""
        meeting = self._meeting
        if meeting is None or self._shown != line.id:
            return
        changed = meeting.meet(line, self.desk.together.who_changed(self.subject.tables))
        if refused is None:
            return
        if meeting.clashes:
            meeting.choose()
        elif changed:
            self._save()  # nobody wants anything else than is here
        else:
            self.desk.complain(refused)

    def _gone(self, error: Exception) -> None:
        """What is being edited was taken away by somebody else; what was typed stays to be copied."""
        self.desk.complain(error)
