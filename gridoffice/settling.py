"""What a row comes to: the outcome that follows from its problems and from what it would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gridoffice.errors import Problem, has_error
from gridoffice.intake import Options
from gridoffice.planned import Outcome, Planned
from gridoffice.questions import Asked
from gridoffice.spreadsheet.taken import TakenRow

NOTHING: Mapping[str, Any] = {}


def settle(
    row: TakenRow,
    problems: Sequence[Problem],
    *,
    changes: Mapping[str, tuple[Any, Any]],
    record: int | None,
    resolved: Any,
    conflict: bool = False,
    values: Mapping[str, Any] | None = None,
    asks: tuple[Asked, ...] = (),
    skip: bool = False,
    out_of_scope: bool = False,
) -> Planned:
    """The outcome that follows from a row's problems and from what would change. `values` are the
    row's own, completed by the subject; `skip` says that the clerk wants it left out."""
    placed: tuple[Problem, ...] = ()
    if row.problems or problems:
        sheet = row.sheet or None
        placed = tuple(problem.at(row=row.number, sheet=sheet) for problem in (*row.problems, *problems))
    if skip:
        outcome = Outcome.SKIPPED
    elif placed and has_error(placed):
        outcome = Outcome.CONFLICT if conflict and not has_error(row.problems) else Outcome.ERROR
    elif record is None:
        outcome = Outcome.NEW
    else:
        outcome = Outcome.UPDATED if changes else Outcome.UNCHANGED
    return Planned(
        row.number,
        outcome,
        # rows that are as they were read share what was read
        row.values if values is None or values == row.values else values,
        row.texts if placed else NOTHING,
        changes or NOTHING,
        placed,
        record,
        resolved,
        row.sheet,
        row.block,
        asks,
        out_of_scope,
    )


def differences(
    options: Options, stored: Mapping[str, Any], said: Mapping[str, Any], names: Sequence[str]
) -> dict[str, tuple[Any, Any]]:
    """What a row would change: old and new value by column name, for the columns the file has."""
    found = {}
    for name in names:
        if name in said:
            old, new = stored[name], said[name]
            if old != new:
                new = options.rule(name).of(old, new)
                if old != new:
                    found[name] = (old, new)
    return found


OUT_OF_SCOPE = "超出权限范围"


def out_of_scope(field: str, value: str | None, where: str) -> Problem:
    """What is said of a row that the account at work may not change."""
    return Problem(f"{OUT_OF_SCOPE}：{where}。", field=field, value=value)


def is_out_of_scope(problem: Problem) -> bool:
    """It is about what the account at work may not change."""
    return problem.message.startswith(OUT_OF_SCOPE)
