"""What a row comes to: the outcome that follows from its problems and from what it would change; and how rows
that are settled are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from db.bulk import bulk_insert, bulk_update, reserve
from db.tables import Record
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


def write_settled(
    session: Session,
    record: type[Record],
    rows: Sequence[Planned],
    own: Sequence[str],
    refers: Mapping[str, str] = NOTHING,
    beside: Callable[[Planned], Mapping[str, Any]] | None = None,
) -> None:
    """Insert the rows that are new and change those that differ, journalled at bulk speed.

    `own` are the columns of the record that the ledger calls alike. A column of the ledger that names another
    record is in `refers` with the column that keeps it, which takes what the row was resolved to. `beside` is
    what a new record has besides.
    """
    new = [row for row in rows if row.outcome is Outcome.NEW]
    kept = tuple(refers.values())
    bulk_insert(
        session,
        record,
        [
            {
                "id": number,
                **{name: row.values.get(name) for name in own},
                **{key: row.resolved[key] for key in kept},
                **(NOTHING if beside is None else beside(row)),
            }
            for number, row in zip(reserve(session, record, len(new)) if new else (), new, strict=True)
        ],
    )
    bulk_update(
        session,
        record,
        {
            row.record: {name: pair[1] for name, pair in row.changes.items() if name in own}
            | {refers[name]: row.resolved[refers[name]] for name in row.changes if name in refers}
            for row in rows
            if row.outcome is Outcome.UPDATED and row.record is not None
        },
    )


OUT_OF_SCOPE = "超出权限范围"


def out_of_scope(field: str, value: str | None, where: str) -> Problem:
    """What is said of a row that the account at work may not change."""
    return Problem(f"{OUT_OF_SCOPE}：{where}。", field=field, value=value)


def is_out_of_scope(problem: Problem) -> bool:
    """It is about what the account at work may not change."""
    return problem.message.startswith(OUT_OF_SCOPE)
