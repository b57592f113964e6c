"""What is said of somebody whom another unit holds."""

from __future__ import annotations

from sqlalchemy.orm import Session

from db.server.taking import held_elsewhere
from gridoffice.errors import Problem

NUMBER = "身份证号码"


def elsewhere(session: Session, number: str, name: str) -> Problem | None:
    """Why this account cannot record somebody of that number, where another unit has him; None when it can:
    then whoever serves nowhere any more is seen from here on."""
    held = held_elsewhere(session, [number], [name])
    return told(held[number]) if number in held else None


def told(holder: tuple[str, str] | None) -> Problem:
    """Whom to ask."""
    if holder is None:
        words = "别的单位登记过这个身份证号，姓名不一样。核对号码和姓名，都没错就找街道更正。"
    else:
        name, unit = holder
        words = f"“{name}”现在“{unit}”任职。先请那边办离岗，或由街道办调动，再在这里录入。"
    return Problem(words, field=NUMBER)
