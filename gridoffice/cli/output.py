"""What a command says: one JSON object, or plain Chinese sentences and tables."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

from gridoffice.errors import Problem, Severity
from gridoffice.progress import Step

MARKS = {Severity.ERROR: "错误", Severity.WARNING: "留意", Severity.NOTE: "说明"}


class Voice:
    """Where a command speaks: its answer on stdout, everything else on stderr."""

    def __init__(self, as_json: bool):
        self.as_json = as_json
        self._bar = not as_json and sys.stderr is not None and sys.stderr.isatty()
        self._said = 0.0

    def answer(self, facts: dict[str, Any], sentences: Sequence[str]) -> None:
        """The command's answer: `facts` as one JSON object, or `sentences`, a line each."""
        if self.as_json:
            print(json.dumps(facts, ensure_ascii=False, default=plain))
        else:
            for sentence in sentences:
                print(sentence)

    def watch(self, step: Step) -> bool:
        """Progress: a line that is written over, on a terminal only."""
        now = time.monotonic()
        if self._bar and now - self._said > 0.1:
            self._said = now
            share = f" {step.done}/{step.total}" if step.total else ""
            print(f"\r\033[K{step.doing}{share}", end="", file=sys.stderr, flush=True)
        return True

    def clear(self) -> None:
        if self._bar:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def plain(value: Any) -> Any:
    """A value as JSON knows it; decimals as text, so that nothing is rounded."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def problem_line(problem: Problem) -> str:
    """`第 27 行 D 列 身份证号码“5.1E+17”：…`."""
    place = f"第 {problem.row} 行" if problem.row is not None else ""
    if problem.column:
        place += f" {problem.column} 列"
    if problem.field:
        place += f" {problem.field}"
    if problem.value:
        place += f"“{problem.value}”"
    return f"  {MARKS[problem.severity]}　{place.strip()}：{problem.message}"


def problem_facts(problem: Problem) -> dict[str, Any]:
    return {
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "field": problem.field,
        "value": problem.value,
        "severity": problem.severity.value,
        "message": problem.message,
    }


def table(headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    """A table of texts, columns lined up by display width."""
    from gridoffice.spreadsheet.skeleton import display_width

    texts = [[("" if cell is None else str(cell)) for cell in row] for row in (headings, *rows)]
    widths = [max(display_width(row[i]) for row in texts) for i in range(len(headings))]
    return [
        "  ".join(
            cell + " " * (width - display_width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in texts
    ]
