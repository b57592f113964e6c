"""Tables that ship with the program and that an office may put its own in place of.

What an office wrote is text among its settings, so that a shared office shares it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from sqlalchemy.orm import Session

import resources
from db.enums import Right
from db.journal import entitle
from gridoffice.both_changed import meet
from gridoffice.errors import Conflict, RuleBroken
from gridoffice.grids.own_packs import dump
from gridoffice.service import service
from gridoffice.settings import set_setting, setting
from gridoffice.written import Writing, tables

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class OwnTable(Generic[T]):
    """A table of that name: `record` is what it is read into, `file` where the shipped one lies in the
    resources. The office's own stands under `key` among its settings."""

    key: str
    title: str
    record: type[T]
    file: tuple[str, ...]

    def shipped(self) -> str:
        """The text that comes with the program."""
        return resources.path(*self.file).read_text(encoding="utf-8")

    def text(self, session: Session) -> str:
        """The text that holds in this office."""
        return setting(session, self.key) or self.shipped()

    def read(self, text: str) -> T:
        """The table that a person wrote. Raises `RuleBroken` with everything that is wrong with it."""
        return _read(self, text)

    def of(self, session: Session) -> T:
        """The table that holds in this office."""
        return _read(self, self.text(session))


@cache
def _read(table: OwnTable[Any], text: str) -> Any:
    writing = Writing()
    found = writing.record(table.record, tables(text, table.title), table.title)
    if writing.problems:
        raise RuleBroken(writing.problems[0].message, writing.problems)
    return found


def _plain(table: OwnTable[Any], text: str) -> str:
    return dump(tables(text, table.title))


@service("修改本办的规定", needs=Right.EDIT_PEOPLE)
def save_own_table(session: Session, table: OwnTable[Any], text: str | None, seen: str | None = None) -> None:
    """Put the office's own table in place of the shipped one; None goes back to that. What somebody else changed
    since it was `seen` is kept too. Raises `BothChanged` where both changed the same lines, `Conflict` where what
    would be given up is not what was seen, `RuleBroken` with everything that is wrong with the text."""
    if text is None and seen is not None and table.text(session) != seen:
        raise Conflict(f"别人刚改过{table.title}，没有改回随程序的。看过新的再改回。")
    if text is not None:
        text = meet(table.title, seen, text, table.text(session), lambda one: _plain(table, one))
        table.read(text)
    set_setting(session, table.key, text or "")
    entitle(session, f"修改{table.title}" if text else f"{table.title}改回随程序的")
