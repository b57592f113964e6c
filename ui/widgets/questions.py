"""要你定的: what only the clerk can tell, each question once for all equal values, likeliest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gridoffice.review import Question
from ui.theme import look
from ui.widgets.badges import note
from ui.widgets.parts import (
    Box,
    Button,
    Choice,
    Picture,
    button,
    column,
    label,
    restyle,
    row,
    rule,
    scrolled,
    size,
)

LISTED = 10
"""So many questions stand in the list; the others come up as these are answered."""
POPOVER = 340
"""How wide the panel at a row is."""
AS_BUTTONS = 6
"""So many answers stand open; more go into a list to choose from."""


class AnswerButton(Button):
    """One answer, in as many lines as its words need: what tells two people apart is never cut."""

    def __init__(self, words: str, chosen: bool, on_click: Callable[[], None]):
        super().__init__("", "", "answer", on_click=on_click)
        self._words = label(words, wrap=True)
        self._words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._tick = Picture("check", "accent_text", 16) if chosen else None
        self._inside = QHBoxLayout(self)
        if self._tick is not None:
            self._inside.addWidget(self._tick)
        self._inside.addWidget(self._words, 1)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(words)
        restyle(self, chosen="true" if chosen else "false")
        self.relook()

    def relook(self) -> None:
        super().relook()
        inside = self.layout()
        if inside is not None:
            inside.setContentsMargins(look.px(10), look.px(6), look.px(10), look.px(6))
            inside.setSpacing(look.px(6))


class Answers(QWidget):
    """The answers to one question below each other; arrows move, Enter chooses."""

    chosen = Signal(str)

    def __init__(self, question: Question):
        super().__init__()
        self.buttons: list[AnswerButton] = []
        self.more: Choice | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        shown = question.choices if len(question.choices) <= AS_BUTTONS else _first_and_last(question)
        rest = [one for one in question.choices if one not in shown]
        for one in shown:
            made = AnswerButton(
                one.words,
                one.answer == question.answer,
                lambda answer=one.answer: self.chosen.emit(answer),
            )
            made.installEventFilter(self)
            self.buttons.append(made)
            box.addWidget(made)
        if rest:
            self.more = Choice([("", "别的…"), *((one.answer, one.words) for one in rest)], "别的答案")
            self.more.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            self.more.setMinimumContentsLength(8)
            self.more.activated.connect(self._picked)
            box.addWidget(self.more)
        if self.buttons:
            self.setFocusProxy(self.buttons[0])

    def _picked(self, place: int) -> None:
        answer = self.more.itemData(place) if self.more is not None else ""
        if answer:
            self.chosen.emit(answer)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and watched in self.buttons:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if step:
                onward = (self.buttons.index(watched) + step) % len(self.buttons)  # type: ignore[arg-type]
                self.buttons[onward].setFocus(Qt.FocusReason.TabFocusReason)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                watched.click()  # type: ignore[attr-defined]
                return True
        return False


def _first_and_last(question: Question) -> tuple:
    """The likeliest answers and those that name no record (make it, leave these rows out)."""
    likely = question.choices[: AS_BUTTONS - 2]
    return (*likely, *(one for one in question.choices[-2:] if one not in likely))


class QuestionList(QWidget):
    """Every question of a file; the first that is open stands open, with its answers."""

    answered = Signal(object, str)
    shown = Signal(object)
    """Show the rows that a question is about."""

    def __init__(self) -> None:
        super().__init__()
        self.questions: tuple[Question, ...] = ()
        self.current = ""
        self.answers: Answers | None = None
        self._lines = column(gap=0, margins=(16, 12, 16, 12))
        area = scrolled(self._lines)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(area)
        self._fill(False)

    def show_questions(self, questions: Sequence[Question]) -> None:
        """Show these; what stood open stays open until it is answered."""
        focus = self.answers is not None and any(made.hasFocus() for made in self.answers.buttons)
        if tuple(questions) == self.questions:
            return
        was = {one.key: one.answer for one in self.questions}
        self.questions = tuple(questions)
        by_key = {one.key: one for one in questions}
        still = by_key.get(self.current)
        if still is None or (still.answer is not None and was.get(still.key) != still.answer):
            waiting = next((one for one in questions if one.answer is None), None)
            self.current = waiting.key if waiting is not None else ""
        self._fill(focus)

    def open(self, question: Question, focus: bool = True) -> None:
        """Open one question, so that it can be answered (again)."""
        self.current = question.key
        self._fill(focus)

    def waiting(self) -> int:
        return sum(one.answer is None for one in self.questions)

    def _fill(self, focus: bool) -> None:
        self._lines.clear()
        self.answers = None
        if not self.questions:
            self._lines.put(label("没有要你定的。", "hint"))
            self._lines.put(None)
            return
        self._lines.put(
            label("同样的写法只问一次。定了，左边马上重算。", "hint", wrap=True),
        )
        ordered = sorted(self.questions, key=lambda one: (one.answer is not None, one.key != self.current))
        for one in ordered[:LISTED]:
            self._lines.put(10)
            self._lines.put(rule())
            self._lines.put(10)
            self._lines.put(self._open_one(one) if one.key == self.current else self._shut_one(one))
        if len(ordered) > LISTED:
            self._lines.put(12)
            self._lines.put(note("info", f"还有 {len(ordered) - LISTED} 个，前面的定了就排上来。"))
        self._lines.put(None)
        if focus and self.answers is not None:
            self.answers.setFocus(Qt.FocusReason.TabFocusReason)

    def _open_one(self, one: Question) -> Box:
        self.answers = Answers(one)
        self.answers.chosen.connect(lambda answer: self.answered.emit(one, answer))
        return column(
            label(one.words, "name", wrap=True),
            row(
                label(f"{one.field}·{one.rows} 行", "hint"),
                None,
                button("看这些行", kind="link", on_click=lambda: self.shown.emit(one)),
                gap=4,
            ),
            self.answers,
            gap=6,
        )

    def _shut_one(self, one: Question) -> Box:
        said = next((choice.words for choice in one.choices if choice.answer == one.answer), one.answer)
        state = f"已定：{said}" if one.answer is not None else f"{one.rows} 行"
        return column(
            row(
                (label(one.value or one.field, "name", elide=True), 1),
                button(
                    "改" if one.answer is not None else "来定",
                    kind="link",
                    tip=f"“{one.value}”{'改' if one.answer is not None else '来定'}",
                    on_click=lambda: self.open(one),
                ),
                gap=4,
            ),
            label(state, "note-ok" if one.answer is not None else "hint", elide=True),
            gap=0,
        )


def answer_panel(question: Question, choose: Callable[[str], None]) -> QWidget:
    """A question with its answers, for a popover at the row."""
    answers = Answers(question)
    answers.chosen.connect(choose)
    made = column(
        label(question.words, "name", wrap=True),
        answers,
        gap=8,
        margins=(14, 12, 14, 12),
    )
    size(made, POPOVER)
    made.setFocusProxy(answers)
    return made
