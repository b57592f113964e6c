"""What only the clerk can tell: a grid nobody knows, two people of one name. Asked once for all equal
values, with the likeliest answers to choose from; what was answered is remembered by the office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from db.enums import Deed, Right
from db.journal import recorder_of
from gridoffice.errors import Problem, Severity
from gridoffice.service import service
from gridoffice.settings import ANSWERS, set_setting, setting

TO, KEEP = "to ", "keep "
"""How an answer that names a record begins: it is that one (`to 51992100100101`), or it is that one and
what the office calls it stands."""

CREATE, NEW, SKIP = "create", "new", "skip"
"""Answers that name none: make what is missing, it is somebody new, leave these rows out."""

SKIP_WORDS = "这些行先不写"
SKIP_ROW_WORDS = "这一行先不写"


ROWS = "{rows}"
"""Where a question's words name how many rows wait for it; others say it at their end."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that a question offers, and its words."""

    answer: str
    words: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a row has it: rows with equal values have the same. `words` without the end of the
    sentence; `about` is what the subject needs to find the choices; a `single` one is of its own row;
    `answer` is the one that was followed, None while the row waits for one."""

    key: str
    words: str
    field: str
    value: str
    about: Any = None
    single: bool = False
    answer: str | None = None

    def answered(self, answer: str) -> Asked:
        """The same question, settled."""
        return replace(self, answer=answer)

    def worded(self, rows: int) -> str:
        """The question as a sentence, when so many rows have it."""
        if self.single:
            return f"{self.words}。"
        if ROWS in self.words:
            return self.words.replace(ROWS, str(rows))
        return f"{self.words}，{rows} 行写的是它。"


@dataclass(frozen=True, slots=True)
class Question:
    """What the clerk is asked, once for all equal values: `key` names it, `field` and `value` say what
    stands in the cells, `rows` how many rows wait for it; `choices` are ranked, the likeliest first.
    `answer` is what was answered already, now or an earlier time."""

    key: str
    words: str
    field: str
    value: str
    rows: int
    choices: tuple[Choice, ...]
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered: this time, and what the office remembers of other times."""

    given: Mapping[str, str]
    remembered: Mapping[str, str]

    def to(self, asked: Asked) -> str | None:
        return self.given.get(asked.key) or self.remembered.get(asked.key)

    def note(self, asked: Asked, meaning: str) -> list[Problem]:
        """What a row says that was settled by an answer of another time."""
        if asked.key in self.given:
            return []
        return [
            Problem(f"照上次的回答，记作{meaning}。", Severity.NOTE, field=asked.field, value=asked.value)
        ]


def target(answer: str | None) -> str | None:
    """Which record an answer names."""
    for sign in (TO, KEEP):
        if answer is not None and answer.startswith(sign):
            return answer.removeprefix(sign)
    return None


def remembered_answers(session: Session, key: str) -> dict[str, str]:
    """What was answered to the questions of a ledger, by the questions' keys."""
    return setting(session, ANSWERS, {}).get(key, {})


@service("记住对问题的回答", needs=Right.READ, undoable=False)
def remember_answers(session: Session, key: str, answers: Mapping[str, str | None]) -> None:
    """Keep what the clerk answered, so that equal values need no answer the next time; None forgets.
    A note beside the import: taking the import back does not make the office forget."""
    recorder_of(session).deed = Deed.NOTE
    kept = {**remembered_answers(session, key), **answers}
    known = {name: answer for name, answer in kept.items() if answer is not None}
    set_setting(session, ANSWERS, setting(session, ANSWERS, {}) | {key: known})
