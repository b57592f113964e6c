"""A part of a package that is no ledger: where it comes from, and what would become of it here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from gridoffice.errors import Problem, Severity
from gridoffice.intake import Outcome
from gridoffice.office import Office
from gridoffice.packages.partners import Partner


@dataclass(frozen=True, slots=True)
class Arriving:
    """One part on its way in: its content lies in `file` with the SHA-256 `digest`, in a package that was made
    at that moment by that office."""

    key: str
    file: Path
    digest: str
    partner: Partner
    made: datetime

    @property
    def last_day(self) -> date:
        """On the day the package was made, what is gone over there was gone already."""
        return self.made.astimezone().date() - timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What would become of a part, or became of it by that `action`; `differ` says in words what stays out,
    because here it is otherwise."""

    differ: tuple[str, ...] = ()
    action: int | None = None

    def said(self) -> tuple[tuple[str, Outcome, int], ...]:
        """How many of what, with the word for each and what it is to an import; `differ` is not among them."""
        raise NotImplementedError

    @property
    def counts(self) -> Counter[Outcome]:
        counted: Counter[Outcome] = Counter({Outcome.CONFLICT: len(self.differ)})
        for _, outcome, count in self.said():
            counted[outcome] += count
        return counted

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def blocked(self) -> int:
        return len(self.differ)

    @property
    def written(self) -> bool:
        return self.action is not None

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(Problem(words, severity=Severity.WARNING) for words in self.differ)

    def in_words(self) -> str:
        """移到离岗 2、本来就没有 1、要先看 1"""
        said = [*((words, count) for words, _, count in self.said()), ("要先看", len(self.differ))]
        return "、".join(f"{words} {count}" for words, count in said if count) or "没有要办的"


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of such parts: looked at, then taken in by one journalled action, whose `service` it is."""

    title: Callable[[str], str]
    unit: str
    look: Callable[[Office, Arriving], Seen]
    take: Callable[[Office, Arriving, Any], Seen]
    service: Callable[..., Any]
    keys: Sequence[str] = ()
