"""Two who change the same line: what the other one wrote while a form was open, and the choice where both
wrote the same field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QButtonGroup, QRadioButton

from gridoffice.both_changed import MINE, ORIGINAL, THEIRS
from gridoffice.fields import Column
from gridoffice.values import show
from ui.widgets.badges import note
from ui.widgets.form import Clash, Form
from ui.widgets.parts import Box, Button, button, column, label, row, rule


class Meeting(Box):
    """The form, above it what somebody else did to the same line, and in its place the choice.

    `foot` is called with the buttons that act on what is shown; `save` writes the form, which is called `verb`,
    `leave` gives the edits up; `more` makes what else can be done.
    """

    def __init__(
        self,
        form: Form,
        save: Callable[[], None],
        leave: Callable[[], None],
        foot: Callable[[Sequence[Button | None]], None],
        verb: str = "保存",
        more: Callable[[], Sequence[Button]] = tuple,
    ):
        super().__init__([], True, 12, (0, 0, 0, 0), "", None, None)
        self.form, self._save, self._leave, self._foot = form, save, leave, foot
        self._verb, self._more = verb, more
        self.clashes: dict[str, Clash] = {}
        self._who = "别人"
        self._groups: dict[str, QButtonGroup] = {}
        self._told = column(gap=0)
        self._told.hide()
        self._choice = column(gap=8)
        self._choice.hide()
        self._lacks = label("", "error", wrap=True)
        self.put(self._told)
        self.put(form)
        self.put(self._choice)
        self.put(None)
        self.show_form()

    @property
    def choosing(self) -> bool:
        """Whether the choice is shown in the form's place."""
        return not self._choice.isHidden()

    def meet(self, now: Any, who: str) -> bool:
        """The line as it is now: what was not touched here takes the new value, the rest is to be chosen.
        Answers whether somebody else had changed anything in it."""
        changed = self.form.filled_from != now
        renewed, clashes = self.form.meet(now)
        for clash in clashes:
            earlier = self.clashes.get(clash.what.name)
            # the first value that was seen stays the original, however often it changed since
            self.clashes[clash.what.name] = clash if earlier is None else clash.after(earlier)
        for name in [name for name, clash in self.clashes.items() if clash.mine == clash.theirs]:
            del self.clashes[name]
        if renewed or clashes:
            self._who = who
            self._tell(renewed)
            if self.choosing:
                self.choose()
        return changed

    def _tell(self, renewed: Sequence[Column]) -> None:
        said = [f"{'、'.join(what.field.label for what in renewed)}已换成新的"] if renewed else []
        if self.clashes:
            labels = "、".join(clash.what.field.label for clash in self.clashes.values())
            said.append(f"{labels}两边都改了")
        after = [button("看两边的不同", kind="link", on_click=self.choose)] if self.clashes else []
        words = f"{self._who}刚改过这一条：{'，'.join(said)}。"
        self._told.clear()
        self._told.put(
            note("warn" if self.clashes else "info", words, "arrows-exchange" if self.clashes else "")
        )
        if after:
            self._told.put(row(*after, None))
        self._told.setVisible(not self.choosing)

    # the form

    def show_form(self) -> None:
        """Back to the form, with everything that was typed."""
        self._choice.hide()
        self.form.show()
        self._told.setVisible(self._told.box.count() > 0)
        self._foot(
            [
                button(self._verb, "check", "primary", keys="Ctrl+S", on_click=self._save),
                *self._more(),
                button("取消", keys="Esc", on_click=self._leave),
                None,
            ]
        )

    # the choice

    def choose(self) -> None:
        """Field by field: mine, theirs, what it was. Nothing is chosen beforehand, and leaving is the first
        thing the keyboard is on."""
        picked = {name: group.checkedId() for name, group in self._groups.items()}
        self.form.hide()
        self._told.hide()
        self._choice.clear()
        self._groups.clear()
        self._lacks = label("", "error", wrap=True)
        self._lacks.hide()
        words = f"{self._who}改过同一行，{len(self.clashes)} 项和你改的不一样。还没有存，逐项选留哪个。"
        self._choice.put(note("warn", words, "arrows-exchange"))
        for name, clash in self.clashes.items():
            self._put(name, clash, picked.get(name, -1))
        self._choice.put(self._lacks)
        self._choice.show()
        back = button("先不存", keys="Esc", on_click=self.show_form)
        self._foot(
            [
                button("照选的存", "check", "primary", keys="Ctrl+S", on_click=self.take),
                button("都用我的", tip="盖过别人改的", on_click=self.overwrite),
                back,
                None,
            ]
        )
        back.show()  # a layout shows what it is given a turn later, and a hidden button takes no keyboard
        back.setFocus()

    def _put(self, name: str, clash: Clash, picked: int) -> None:
        field = clash.what.field
        group = QButtonGroup(self)
        lines = column(label(field.label, "strong"), gap=4)
        owners = ("我改的", f"{self._who}改的" if self._who != "别人" else "现在的", "原来的")
        values = (clash.mine, clash.theirs, clash.original)
        for place, (owner, words) in enumerate(zip(owners, self._words(clash, values), strict=True)):
            made = QRadioButton(f"{owner}：{words}")
            made.setToolTip(made.text())
            made.setAccessibleName(f"{field.label}，{made.text()}")
            made.setChecked(place == picked)
            group.addButton(made, place)
            lines.put(made)
        self._groups[name] = group
        self._choice.put(lines)
        self._choice.put(rule())

    def _words(self, clash: Clash, values: Sequence[Any]) -> list[str]:
        """Each value as it may be read here: what was typed here in full, the others masked where they are."""
        field, texts = clash.what.field, []
        for place, value in enumerate(values):
            plain = self.form.reveal or place == MINE
            said = clash.words.get(value) or show(field, value, reveal=plain)
            texts.append(said or "（空）")
        if texts[THEIRS] == texts[ORIGINAL]:
            texts[THEIRS] += "（遮住的几位不同）"
        return texts

    def pick(self, name: str, which: int) -> None:
        """Choose for a field: `MINE`, `THEIRS` or `ORIGINAL`."""
        self._groups[name].button(which).setChecked(True)

    def take(self) -> None:
        """Save what was chosen; says what is still to be chosen."""
        open_ = [name for name, group in self._groups.items() if group.checkedId() < 0]
        if open_:
            labels = "、".join(self.clashes[name].what.field.label for name in open_)
            self._lacks.setText(f"还没选留哪个：{labels}。")
            self._lacks.show()
            self._groups[open_[0]].button(MINE).setFocus()
            return
        for name, clash in self.clashes.items():
            chosen = (clash.mine, clash.theirs, clash.original)[self._groups[name].checkedId()]
            self.form.put_value(name, chosen, clash.words.get(chosen, ""))
        self._settle()

    def overwrite(self) -> None:
        """Save what was typed here, whatever the other one wrote."""
        for name, clash in self.clashes.items():
            self.form.put_value(name, clash.mine, clash.words.get(clash.mine, ""))
        self._settle()

    def _settle(self) -> None:
        self.clashes.clear()
        self._groups.clear()
        self._told.clear()
        self.show_form()
        self._save()
