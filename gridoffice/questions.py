"""What only the clerk can tell: a grid nobody knows, two people of one name. Asked once for all equal
values, with the likeliest answers to choose from."""

from __future__ import annotations

from dataclasses import dataclass

CREATE, SKIP, NEW = "create", "skip", "new"
"""Answers that name no record: make what is missing, leave these rows out, somebody new."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that a question offers, and its words."""

    answer: str
    words: str


@dataclass(frozen=True, slots=True)
class Question:
    """What the clerk is asked, once for all equal values: `key` names it, `field` and `value` say what
    stands in the cells, `rows` how many rows wait for it; `choices` are ranked, the likeliest first.
    `answer` is what was answered already."""

    key: str
    words: str
    field: str
    value: str
    rows: int
    choices: tuple[Choice, ...]
    answer: str | None = None
