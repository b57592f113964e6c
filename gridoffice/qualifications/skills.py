"""The table of who may go for which level: the shipped one, or the office's own in its place."""

from __future__ import annotations

from functools import cache

from sqlalchemy.orm import Session

import resources
from db.enums import Right
from gridoffice.errors import RuleBroken
from gridoffice.qualifications.rules import SkillTable
from gridoffice.service import service
from gridoffice.settings import set_setting, setting
from gridoffice.written import Writing, tables

OWN_TABLE = "skill_table"
"""Key of the office's own table among its settings, as text."""


def read_table(text: str) -> SkillTable:
    """A table that a person wrote. Raises `RuleBroken` with everything that is wrong with it."""
    writing = Writing()
    found = writing.record(SkillTable, tables(text, "申报条件"), "申报条件")
    if writing.problems:
        raise RuleBroken(writing.problems[0].message, writing.problems)
    return found


@cache
def shipped_text() -> str:
    return resources.path("skills", "grid-worker.toml").read_text(encoding="utf-8")


@cache
def _read(text: str) -> SkillTable:
    return read_table(text)


def skill_table(session: Session) -> SkillTable:
    """The table that holds in this office."""
    return _read(setting(session, OWN_TABLE) or shipped_text())


@service("修改技能等级申报条件", needs=Right.EDIT_PEOPLE)
def save_skill_table(session: Session, text: str | None) -> None:
    """Put the office's own table in place of the shipped one; None goes back to that. Raises
    `RuleBroken` with everything that is wrong with the text."""
    if text is not None:
        read_table(text)
    set_setting(session, OWN_TABLE, text or "")
