"""ID numbers of 15 digits, as issued until 1999: the clerk says once for a whole file whether they become
the numbers of 18 that GB 11643 makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gridoffice import idcard
from gridoffice.errors import Problem, Severity
from gridoffice.planned import Outcome, Planned
from gridoffice.questions import ROWS, SKIP, SKIP_WORDS, Asked, Choice

LONGER = "longer"
"""The answer that takes the numbers of 18."""

OLD_NUMBERS = Asked(
    "15 位身份证号", f"{ROWS} 行写的是 15 位旧号码，按规则换成 18 位？", "身份证号码", "15 位旧号码"
)
CHOICES = (Choice(LONGER, "换成 18 位"), Choice(SKIP, SKIP_WORDS))


def offered(row: Planned, answers: Mapping[str, str]) -> Planned:
    """A row as it stands with the answer; while there is none, one with an old number waits for it."""
    if row.outcome is Outcome.SKIPPED or not any(map(_longer, row.problems)):
        return row
    answer = answers.get(OLD_NUMBERS.key)
    if answer not in (LONGER, SKIP):
        answer = None
    problems = tuple(_told(problem, answer) for problem in row.problems)
    if answer is None:
        outcome = Outcome.ERROR if row.outcome is Outcome.ERROR else Outcome.CONFLICT
        return replace(row, outcome=outcome, problems=problems, asks=(*row.asks, OLD_NUMBERS))
    outcome = Outcome.SKIPPED if answer == SKIP else row.outcome
    asks = (*row.asks, OLD_NUMBERS.answered(answer))
    return replace(row, outcome=outcome, problems=problems, asks=asks)


def _longer(problem: Problem) -> str | None:
    """The number of 18 for the old one that a remark is about."""
    if problem.value is None or problem.severity is not Severity.WARNING:
        return None
    return idcard.from_15(idcard.normalise(problem.value))


def _told(problem: Problem, answer: str | None) -> Problem:
    longer = _longer(problem)
    if longer is None:
        return problem
    severity = Severity.ERROR if answer is None else Severity.NOTE
    return replace(problem, message=f"15 位旧号码：{problem.value} → {longer}。", severity=severity)
