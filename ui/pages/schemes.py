"""考核方案: what is measured and how, an office's own scheme written from a copy, and a scheme tried on
months that are past."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QPlainTextEdit

from db.enums import Right
from db.listening import Spot
from gridoffice.accounts.rules import may
from gridoffice.assessment.scheme_draft import SHAPES, grade_text, shape_of
from gridoffice.assessment.schemes import copy_scheme, remove_scheme, save_scheme, text_of
from gridoffice.both_changed import BothChanged
from gridoffice.errors import OfficeError, Severity
from gridoffice.overview.scheme_rules import KnownScheme, KnownSchemes, known_schemes
from gridoffice.scoring.scheme import describe
from gridoffice.scoring.shapes import plain
from ui.pages.page import Page
from ui.pages.scheme_form import RuleForm
from ui.pages.scheme_rules import SchemeRules, SchemeSaid
from ui.pages.scheme_trial import fill_trial
from ui.pages.text_meeting import ask_both
from ui.theme import look
from ui.widgets.badges import note
from ui.widgets.listing_table import ListingTable
from ui.widgets.parts import Choice, Input, button, column, label, rule
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.main_window import MainWindow

WIDTH = 460
TEXT_HEIGHT = 480


class SchemesPage(Page):
    """The indicators of one scheme; its text, a copy and a trial at the side."""

    key, words, icon, title = "schemes", "考核方案", "list-details", "考核方案"
    reached_from = "assessment"
    scoped = False

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.may_edit = may(desk.office.who.role, Right.ADMINISTER)
        self.known: KnownSchemes | None = None
        self.panel: SidePanel | None = None
        self._save_panel: Callable[[], None] | None = None
        self.choice = Choice((), "考核方案", 300)
        self.choice.activated.connect(lambda _: self.show_scheme(self.choice.currentData()))
        self.put_head(self.choice)
        self.bar = self.put_bar()
        self.said = SchemeSaid()
        self.main.put(self.said)
        self.rules = SchemeRules(desk)
        self.rules.changed.connect(self._changed)
        self.rules.opened.connect(self.ask_rule)
        self.main.put((self.rules, 1))
        self.setFocusProxy(self.rules)
        self.commands = {
            "find": lambda: self.rules.filters.begin() if self.rules.filters else None,
            "close": self._close,
            "refresh": self._read,
            "edit": self.rules.edit,
            "save": self._save,
            "new": self.add,
            "leave": lambda: self.rules.entry.clear() if self.rules.entry else None,
        }

    @property
    def table(self) -> ListingTable | None:
        return self.rules.table

    def _fill_bar(self) -> None:
        """What can be done with the scheme; while it is changed, first of all keeping that."""
        self.bar.clear()
        draft = self.rules.draft
        if draft is not None and draft.changed:
            keep = button("保存方案", "check", "primary", keys="Ctrl+S", on_click=self.save_draft)
            self.bar.put_all([keep, button("放弃修改", "arrow-back-up", on_click=self._give_up)])
        else:
            copy = button("另存一份来改", "device-floppy", "primary", on_click=self.ask_copy)
            self.bar.put(copy)
        self.bar.put(button("拿过去的月份试算", "eye", on_click=self.ask_trial))
        own = self.shown.own and self.may_edit
        self.bar.put(button("改全文" if own else "看全文", "file-text", on_click=self._ask_text))
        self.bar.put(rule(vertical=True, length=20))
        if draft is not None:
            self.bar.put_all(
                [
                    button("添指标", "plus", "quiet", keys="Ctrl+N", on_click=self.add),
                    button("删指标", "minus", "quiet", on_click=self.drop),
                    button("等次", "edit", "quiet", on_click=self.ask_grades),
                ]
            )
        self.bar.put(None)
        self.remove_button = button("删除方案", "x", "quiet", on_click=self.remove)
        self.remove_button.setVisible(own)
        if own:
            self.bar.put(self.remove_button)

    # reading

    def opened(self) -> None:
        if self.known is None:
            self._read()

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        if not changes or changes.keys() & {"setting", "month"}:
            draft = self.rules.draft
            if draft is not None and draft.changed:
                return  # what is being typed stays; saving puts both together
            self.known = None
            if self.desk.page is self:
                self._read()

    def _read(self, then: str | None = None) -> None:
        self.desk.read(self, known_schemes, then=lambda known: self._is_known(known, then), topic="schemes")

    def _is_known(self, known: KnownSchemes, wanted: str | None) -> None:
        keys = [one.scheme.key for one in known.all]
        now = wanted or self.choice.currentData()
        self.known = known
        self.choice.fill(
            [
                (one.scheme.key, f"{one.scheme.name}（本办的）" if one.own else one.scheme.name)
                for one in known.all
            ]
        )
        self.show_scheme(now if now in keys else keys[0])

    @property
    def spot(self) -> Spot | None:
        if self.known is None or super().spot is not None:
            return super().spot
        draft = self.rules.draft
        return Spot(f"scheme {self.shown.scheme.key}", 0, draft is not None and draft.changed)

    @property
    def shown(self) -> KnownScheme:
        """The one that is looked at."""
        assert self.known is not None
        return next(one for one in self.known.all if one.scheme.key == self.choice.currentData())

    def show_scheme(self, key: str) -> None:
        """Its indicators, and what is to be said of it."""
        self.choice.setCurrentIndex(self.choice.findData(key))
        one, scheme = self.shown, self.shown.scheme
        self.head_facts.setText(
            f"{scheme.target.label}·{len(scheme.indicators)} 项·满分 {plain(scheme.full)} 分"
        )
        self.rules.show_scheme(key, one.text if self.may_edit else None)
        self.tell_spot()
        self.said.tell(scheme, tuple(note("warn", words) for words in one.warnings[:3]))
        self._fill_bar()
        self.show_facts([f"{scheme.name} {len(scheme.indicators)} 项"])

    # changing

    def _changed(self) -> None:
        """What the checks say of the scheme as it is typed now."""
        draft = self.rules.draft
        if draft is None:
            return
        now = draft.standing()
        remarks = [
            note("err" if one.severity is Severity.ERROR else "warn", one.message) for one in now.problems[:3]
        ]
        if now.full == now.wanted:
            remarks.insert(0, note("ok", f"各项分值加起来正好 {plain(now.full)} 分。"))
        self.said.tell(draft.scheme, remarks)
        self._fill_bar()

    def _give_up(self) -> None:
        self._close()
        self.show_scheme(self.shown.scheme.key)

    def save_draft(self) -> None:
        """Keep what was typed; what is wrong stays in sight and nothing is written."""
        draft = self.rules.draft
        if draft is not None and draft.changed:
            self._keep(draft.text(), draft.written)

    def _save(self) -> None:
        (self._save_panel or self.save_draft)()

    def _may_change(self) -> bool:
        if self.rules.draft is None:
            self.desk.say("随程序带的方案不能改，另存一份就能改。", can_undo=False)
        return self.rules.draft is not None

    def add(self) -> None:
        """One more indicator, to be named and weighed."""
        draft = self.rules.draft
        if draft is not None and self._may_change():
            known = {one.name for one in draft.scheme.indicators}
            name = next(name for name in (f"新指标{n or ''}" for n in range(100)) if name not in known)
            draft.add(name)
            self.rules.again()

    def drop(self) -> None:
        """Take out the indicator where the keyboard is."""
        place, draft = self.rules.place, self.rules.draft
        if draft is not None and place is not None:
            self._close()
            draft.remove(place)
            self.rules.again()

    def _try(self, change: Any) -> None:
        """Change the draft from the side; what is wrong is said there."""
        try:
            change()
        except OfficeError as error:
            self._refused(error)
            return
        self._close()
        self.rules.again()

    def ask_rule(self, place: int) -> None:
        """How an indicator is scored, to be changed."""
        draft = self.rules.draft
        if draft is None or not self._may_change():
            return
        indicator = draft.scheme.indicators[place]
        panel = self._open(indicator.name)
        if shape_of(indicator.rule) not in SHAPES:
            panel.inside.put_all([label(f"“{indicator.name}”的办法在全文里改。", "fact", wrap=True), None])
            return
        form = RuleForm(indicator)
        panel.inside.put_all([label(describe(draft.scheme, indicator), "hint", wrap=True), form, None])

        def take() -> None:
            values = form.take()
            if values is not None:
                self._try(lambda: draft.put_rule(place, form.chosen, values))

        self._offer(panel, "用这个办法", take)
        form.shape.setFocus()

    def ask_grades(self) -> None:
        """The grades, one a line."""
        draft = self.rules.draft
        if draft is None or not self._may_change():
            return
        panel = self._open("等次")
        page = QPlainTextEdit(grade_text(draft.scheme))
        page.setAccessibleName("等次，一行一个")
        words = "一行一个，从最好到最差：等次、起分，有比例限制再写百分之几。例如：优秀 90 20%"
        panel.inside.put_all([label(words, "hint", wrap=True), page, None])
        self._offer(panel, "用这些等次", lambda: self._try(lambda: draft.put_grades(page.toPlainText())))
        page.setFocus()

    def _offer(self, panel: SidePanel, words: str, take: Callable[[], None]) -> None:
        self._save_panel = take
        panel.act(
            button(words, "check", keys="Ctrl+S", on_click=take),
            button("取消", on_click=self._close),
        )

    # the side

    def _open(self, title: str) -> SidePanel:
        panel = SidePanel(title, WIDTH)
        self._save_panel = None
        panel.closed.connect(self._close)
        old, self.panel = self.panel, panel
        self.set_side(panel)
        if old is not None:
            old.deleteLater()
        return panel

    def _close(self) -> None:
        if self.panel is not None:
            self.setFocus()
            self.set_side(None)
            self.panel.deleteLater()
            self.panel, self._save_panel = None, None

    def _refused(self, error: Exception) -> None:
        if self.panel is None or not isinstance(error, OfficeError):
            self.desk.complain(error)
            return
        problems = [one.message for one in error.problems] or [error.message]
        self.panel.judge(*(note("err", words) for words in problems[:4]))

    def ask_copy(self) -> None:
        """Name a copy that the office may change."""
        if self.known is None or not self.may_edit:
            self.desk.say(f"账号“{self.desk.office.who.display}”不能改考核方案。", can_undo=False)
            return
        scheme, panel = self.shown.scheme, self._open("另存一份来改")
        name, key = Input(f"{scheme.name}（本办）", name="名称"), Input("例如：qinghe-2026", name="代号")
        panel.inside.put_all(
            [
                label(f"从“{scheme.name}”另存，随程序带的那一份不动。", "hint", wrap=True),
                column(label("名称", "hint"), name, gap=2),
                column(label("代号，字母、数字、汉字和短横", "hint"), key, gap=2),
                None,
            ]
        )

        def save() -> None:
            self.copy(key.text().strip(), name.text().strip() or f"{scheme.name}（本办）")

        panel.act(
            button("另存", "device-floppy", "primary", on_click=save), button("取消", on_click=self._close)
        )
        name.setFocus()

    def copy(self, key: str, name: str) -> None:
        """Keep a copy as the office's own; its text is then open."""

        def kept(_: Any) -> None:
            self._read(key)
            self.desk.read(self, text_of, key, then=self.show_text, topic="text")

        self.desk.write(self, copy_scheme, self.shown.scheme.key, key, name, then=kept, wrong=self._refused)

    def _ask_text(self) -> None:
        if self.known is not None:
            self.desk.read(self, text_of, self.shown.scheme.key, then=self.show_text, topic="text")

    def show_text(self, text: str) -> None:
        """The whole scheme as it is written; the office's own can be changed."""
        own = self.shown.own and self.may_edit
        panel = self._open("方案全文")
        page = QPlainTextEdit(text)
        page.setAccessibleName("考核方案全文")
        page.setReadOnly(not own)
        page.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        page.setMinimumHeight(look.px(TEXT_HEIGHT))
        words = (
            "改完保存，有错会指出在哪一项。已经开始的月份照原来的算，下一个月起用新的。"
            if own
            else "随程序带的不能改，另存一份就能改。"
        )
        panel.inside.put_all([label(words, "hint", wrap=True), (page, 1)])
        keep = button("保存", "check", "primary", on_click=lambda: self._keep(page.toPlainText(), text))
        panel.act(
            keep if own else button("另存一份来改", "device-floppy", on_click=self.ask_copy),
            button("关上", on_click=self._close),
        )
        self._save_panel = (lambda: self._keep(page.toPlainText(), text)) if own else (lambda: None)
        page.setFocus()

    def _keep(self, text: str, seen: str | None = None) -> None:
        """Save a text that was `seen` before it was changed; where somebody else changed the same, ask."""

        def wrong(error: Exception) -> None:
            if isinstance(error, BothChanged):
                ask_both(self, error, self._keep, self.panel)
            else:
                self._refused(error)

        then = lambda done: self._saved(done.result)  # noqa: E731
        self.desk.write(self, save_scheme, text, seen, then=then, wrong=wrong)

    def _saved(self, key: str) -> None:
        if self.panel is not None:
            self.panel.judge()
        self._read(key)

    def remove(self) -> None:
        """Give up the office's own scheme; months that used it keep theirs."""
        self._close()
        self.desk.write(
            self, remove_scheme, self.shown.scheme.key, then=lambda _: self._read(), wrong=self._refused
        )

    def ask_trial(self) -> None:
        """Try the scheme as it stands on the page, also while it is being changed, on a month that is past."""
        if self.known is None:
            return
        draft = self.rules.draft
        scheme = draft.scheme if draft is not None else self.shown.scheme
        fill_trial(self.desk, self._open("试算"), scheme, self.known.months)
