"""What a notice of one's own result says (考核结果通知单), without a word about how it looks."""

from __future__ import annotations

from dataclasses import dataclass

from gridoffice.documents.model import Chart


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One indicator: its dimension and name, what it is worth, how this month's points came about, and the
    points as they are printed."""

    dimension: str
    name: str
    worth: str
    sentence: str
    points: str


@dataclass(frozen=True, slots=True)
class ScoreNotice:
    """One person's notice. `facts` are words with what is said, `results` likewise and set large; `notes`
    tell what entered the total beside the indicators, `ways` what would bring the next grade, `appeal` until
    when and how one can object. `signed` are the words before the places to sign."""

    title: str
    organisation: str
    name: str
    facts: tuple[tuple[str, str], ...]
    lines: tuple[ScoreLine, ...]
    results: tuple[tuple[str, str], ...]
    formula: str = ""
    notes: tuple[str, ...] = ()
    trend: Chart | None = None
    ways_title: str = ""
    ways: tuple[str, ...] = ()
    appeal: tuple[str, ...] = ()
    signed: tuple[str, ...] = ("本人签收", "签收日期")
    made: str = ""
