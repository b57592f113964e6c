"""The hours that an office asks for: the shipped rules, or its own in their place."""

from __future__ import annotations

from functools import cache

from sqlalchemy.orm import Session

import resources
from db.enums import Right
from gridoffice.errors import RuleBroken
from gridoffice.service import service
from gridoffice.settings import set_setting, setting
from gridoffice.training.rules import HoursTable
from gridoffice.written import Writing, tables

OWN_TABLE = "training_hours"
"""Key of the office's own rules among its settings, as text."""


def read_hours(text: str) -> HoursTable:
    """Rules that a person wrote. Raises `RuleBroken` with everything that is wrong with them."""
    writing = Writing()
    found = writing.record(HoursTable, tables(text, "学时要求"), "学时要求")
    if writing.problems:
        raise RuleBroken(writing.problems[0].message, writing.problems)
    return found


@cache
def shipped_text() -> str:
    return resources.path("training", "hours.toml").read_text(encoding="utf-8")


@cache
def _read(text: str) -> HoursTable:
    return read_hours(text)


def hours_table(session: Session) -> HoursTable:
    """The rules that hold in this office."""
    return _read(setting(session, OWN_TABLE) or shipped_text())


@service("修改培训学时要求", needs=Right.EDIT_PEOPLE)
def save_hours(session: Session, text: str | None) -> None:
    """Put the office's own rules in place of the shipped ones; None goes back to those. Raises
    `RuleBroken` with everything that is wrong with the text."""
    if text is not None:
        read_hours(text)
    set_setting(session, OWN_TABLE, text or "")
