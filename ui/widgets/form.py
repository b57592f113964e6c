"""A form made from a row class: label left, value right; editing turns the values into inputs.

A field is checked when it is left; what is wrong stands under it, and the focus stays with the clerk.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QCompleter, QWidget

from gridoffice.errors import Problem, has_error
from gridoffice.fields import Column, Kind
from gridoffice.values import parse, show
from ui.theme import look
from ui.widgets.parts import Box, Child, Choice, Input, column, label, restyle, row, size
from ui.widgets.picker import Picker

NAME_WIDTH = 80


def fact(name: str, value: QWidget | str, *after: Child) -> Box:
    """One line of a drawer: label and value."""
    caption = label(name, "hint")
    size(caption, NAME_WIDTH)
    if isinstance(value, str):
        return row(caption, (label(value, elide=True), 1), *after, gap=8, height=28)
    return row(caption, value, *(after or (None,)), gap=8, height=28)


def facts(columns: Sequence[Column], values: Any, hide_empty: bool = False) -> list[Box]:
    """A record's fields as they are shown."""
    found = []
    for what in columns:
        text = show(what.field, getattr(values, what.name))
        if text or not hide_empty:
            found.append(fact(what.field.label, text))
    return found


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that was changed here and by somebody else: what it was, what either wants. `words` are those
    of values that are numbers of something."""

    what: Column
    original: Any
    mine: Any
    theirs: Any
    words: Mapping[Any, str]

    def after(self, earlier: Clash) -> Clash:
        """The same clash when it comes up again."""
        return replace(self, original=earlier.original, words={**earlier.words, **self.words})


class FormField(QObject):
    """One input with its label and the line for what is wrong."""

    def __init__(
        self,
        what: Column,
        value: Any,
        wide: bool,
        hints: Sequence[str] = (),
        offers: Sequence[str] = (),
        reveal: bool = False,
    ):
        """One of `hints` is chosen; `offers` are proposed while something is typed, which may be another.
        What is masked is masked here too unless `reveal`: left as it is, the value stays."""
        super().__init__()
        self.what, self._offers = what, offers
        self._masked = what.field.sensitive is not None and not reveal
        self._held = value if self._masked else None
        field = what.field
        self.problem = label("", "error", wrap=True)
        self.problem.hide()
        self.input = self._input(value, hints)
        self.input.setAccessibleName(field.label + ("，必填" if field.required else ""))
        self.input.installEventFilter(self)
        caption = label(field.label, "hint")
        must = label("必填", "small") if field.required else None
        head: list[Child] = [caption] if must is None else [caption, must]
        if wide:
            left = column(*head, *([None] if isinstance(self.input, Picker) else []), gap=0)
            size(left, NAME_WIDTH)
            line = row(left, (self.input, 1), gap=8)
        else:
            line = column(row(*head, None, gap=4), self.input, gap=2)
        self.box = column(line, self.problem, gap=2)

    def _input(self, value: Any, hints: Sequence[str]) -> QWidget:
        field = self.what.field
        if field.kind is Kind.CODE and field.codes is not None:
            choices: list[tuple[Any, str]] = [(code, code.label) for code in field.codes]
            made = Choice([(None, ""), *choices])
            made.setCurrentIndex(
                next((i for i, (code, _) in enumerate([(None, ""), *choices]) if code == value), 0)
            )
            return made
        if hints:
            made = Choice([("", ""), *((hint, hint) for hint in hints)])
            made.setCurrentIndex(max(0, made.findText(show(field, value, reveal=True))))
            return made
        if field.kind is Kind.YES_NO:
            made = QCheckBox("是")
            made.setChecked(bool(value))
            return made
        hint = field.hint or ("2026-06-28" if field.kind is Kind.DATE else "")
        made = Input(hint)
        if self._offers:
            known = QCompleter(list(self._offers), made)
            known.setFilterMode(Qt.MatchFlag.MatchContains)
            made.setCompleter(known)
        made.setText(show(field, value, reveal=self._held is None))
        made.setCursorPosition(0)
        return made

    def put(self, value: Any, words: str = "") -> None:
        """Show another value; `words` are those of something that is picked."""
        field = self.what.field
        if isinstance(self.input, QCheckBox):
            self.input.setChecked(bool(value))
        elif isinstance(self.input, Choice):
            found = self.input.findData(value) if field.kind is Kind.CODE and field.codes else -1
            text = show(field, value, reveal=True)
            self.input.setCurrentIndex(max(0, found if found >= 0 else self.input.findText(text)))
        elif isinstance(self.input, Input):
            masked = self._masked
            self._held = value if masked else None
            typed = isinstance(value, str) and not masked
            self.input.setText(value if typed else show(field, value, reveal=not masked))
            self.input.setCursorPosition(0)
        self.complain(())

    def text(self) -> Any:
        if isinstance(self.input, QCheckBox):
            return self.input.isChecked()
        if isinstance(self.input, Choice):
            return self.input.currentText()
        return self.input.text() if isinstance(self.input, Input) else None

    def on_change(self, then: Callable[[], None]) -> None:
        """Call `then` whenever it shows something else."""
        if isinstance(self.input, QCheckBox):
            self.input.toggled.connect(lambda _: then())
        elif isinstance(self.input, Choice):
            self.input.currentIndexChanged.connect(lambda _: then())
        elif isinstance(self.input, Input):
            self.input.textChanged.connect(lambda _: then())
        elif isinstance(self.input, Picker):
            self.input.changed.connect(then)

    def take(self) -> tuple[Any, tuple[Problem, ...]]:
        """The value, and what is wrong with it."""
        field = self.what.field
        if isinstance(self.input, QCheckBox):
            return self.input.isChecked(), ()
        if isinstance(self.input, Choice) and field.kind is Kind.CODE:
            value, problems = self.input.currentData(), ()
        elif self._held is not None and self.text() == show(field, self._held):
            return self._held, ()
        else:
            value, problems = parse(replace(field, required=False), self.text())
        if field.required and value is None and not problems:
            problems = (Problem(f"没写{field.label}。", field=field.label),)
        return value, problems

    def complain(self, problems: Sequence[Problem]) -> None:
        """Show the first problem under the input; none takes the line away."""
        words = problems[0].message if problems else ""
        self.problem.setText(words)
        self.problem.setVisible(bool(words))
        restyle(self.input, wrong="true" if problems and has_error(problems) else "false")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.input and event.type() is QEvent.Type.FocusOut:
            self.complain(self.take()[1])
        return False


class PickedField(FormField):
    """Somebody or something of the office is named instead of typed: the value is its number."""

    def __init__(self, what: Column, picker: Picker):
        self._picker = picker
        super().__init__(what, None, wide=True)

    def _input(self, value: Any, hints: Sequence[str]) -> QWidget:
        return self._picker

    def put(self, value: Any, words: str = "") -> None:
        if value is not None:
            self._picker.choose(value, words)

    def text(self) -> str:
        return self._picker.line.text().strip()

    def take(self) -> tuple[int | None, tuple[Problem, ...]]:
        field, typed = self.what.field, self.text()
        if self._picker.picked is None and typed:
            return None, (Problem(f"“{typed}”还没选定，从下面找到的里面选一个。", field=field.label),)
        if self._picker.picked is None and field.required:
            return None, (Problem(f"没写{field.label}。", field=field.label),)
        return self._picker.picked, ()

    def complain(self, problems: Sequence[Problem]) -> None:
        super().complain(problems)
        restyle(self._picker.line, wrong="true" if problems and has_error(problems) else "false")


def _named(line: Any, name: str) -> str:
    """What a line calls the thing whose number one of its columns holds."""
    return str(getattr(line, name.removesuffix("_id"), None) or "")


class Form(Box):
    """All fields of a row class that can be written. A column that has a picker is chosen with it: its
    value is the number of what was meant."""

    typed = Signal()
    """Something in it is not what it was."""

    def __init__(
        self,
        columns: Sequence[Column],
        values: Any | None,
        hints: Mapping[str, Sequence[str]] | None = None,
        narrow: bool = False,
        pickers: Mapping[str, Picker] | None = None,
        offers: Mapping[str, Sequence[str]] | None = None,
        reveal: bool = False,
    ):
        super().__init__([], True, 8, (0, 0, 0, 0), "", None, None)
        self.fields: dict[str, FormField] = {}
        self._before: dict[str, Any] = {}
        self.reveal = reveal
        self.filled_from = values
        self._filled: dict[str, Any] = {}
        """What each input showed when it was filled."""
        for what in columns:
            if what.field.computed:
                continue
            value = getattr(values, what.name) if values is not None else None
            if pickers and what.name in pickers:
                made: FormField = PickedField(what, pickers[what.name])
                value = pickers[what.name].picked
            else:
                made = FormField(
                    what,
                    value,
                    wide=not narrow,
                    hints=(hints or {}).get(what.name, ()),
                    offers=(offers or {}).get(what.name, ()),
                    reveal=reveal,
                )
            made.setParent(self)
            self.fields[what.name] = made
            self._before[what.name] = value
            self._filled[what.name] = made.text()
            made.on_change(self.typed.emit)
            self.put(made.box)
        self.put(None)

    @property
    def touched(self) -> bool:
        """Whether anything in it is not what it was filled with."""
        return any(field.text() != self._filled[name] for name, field in self.fields.items())

    def take(self) -> dict[str, Any] | None:
        """The values that changed, by column name; None when something is wrong (and is then said)."""
        changed: dict[str, Any] = {}
        first_wrong: FormField | None = None
        for name, field in self.fields.items():
            value, problems = field.take()
            field.complain(problems)
            if has_error(problems) and first_wrong is None:
                first_wrong = field
            if value != self._before[name]:
                changed[name] = value
        if first_wrong is not None:
            first_wrong.input.setFocus()
            return None
        return changed

    def complain(self, problems: Sequence[Problem]) -> bool:
        """Place the problems of a service at their fields; False when none of them has one here."""
        placed = False
        by_label = {field.what.field.label: field for field in self.fields.values()}
        for problem in problems:
            field = by_label.get(problem.field or "")
            if field is not None:
                field.complain([problem])
                placed = True
        return placed

    def meet(self, now: Any) -> tuple[list[Column], list[Clash]]:
        """The same line as it is now: fields that were not touched here take its values, and from now on
        the form is filled from it. Answers what took another value, and what was changed on both sides."""
        renewed: list[Column] = []
        clashes: list[Clash] = []
        seen, self.filled_from = self.filled_from, now
        for name, field in self.fields.items():
            original, theirs = getattr(seen, name), getattr(now, name)
            if original == theirs:
                continue
            mine, problems = field.take()
            before, self._before[name] = self._before[name], theirs
            picked, words = isinstance(field, PickedField), {}
            if picked:
                words = {getattr(line, name): _named(line, name) for line in (seen, now)}
            if mine == before and not has_error(problems):
                field.put(theirs, words.get(theirs, ""))
                self._filled[name] = field.text()
                renewed.append(field.what)
                continue
            if picked or has_error(problems):  # what makes no sense yet is kept as it was typed
                mine = mine if picked else field.text()
                words[mine] = field.text()
            if mine != theirs:
                clashes.append(Clash(field.what, original, mine, theirs, words))
        return renewed, clashes

    def put_value(self, name: str, value: Any, words: str = "") -> None:
        """Show a value that was chosen."""
        self.fields[name].put(value, words)

    def watch(self, name: str, then: Callable[[], None]) -> None:
        """Call `then` when a field's text changes."""
        made = self.fields[name].input
        if isinstance(made, Input):
            made.textChanged.connect(lambda _: then())

    def first(self) -> QWidget:
        return next(iter(self.fields.values())).input

    def relook(self) -> None:
        super().relook()
        self.setMinimumWidth(look.px(200))
