"""The two ways a thing can fail: a sentence the clerk can act on, or a bug."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How much a problem weighs: an error stops the row, a warning is shown, a note explains."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with one value: what is wrong, what is right, what to do.

    `row` is Excel's own row number in the original file, `column` its letter, `field` the
    canonical heading, `value` the text the clerk would see in the cell, `sheet` the sheet's name.
    """

    message: str
    severity: Severity = Severity.ERROR
    row: int | None = None
    column: str | None = None
    field: str | None = None
    value: str | None = None
    sheet: str | None = None

    def at(self, row: int | None = None, column: str | None = None, sheet: str | None = None) -> Problem:
        """The same problem, placed in the workbook."""
        return replace(
            self,
            row=row if row is not None else self.row,
            column=column or self.column,
            sheet=sheet or self.sheet,
        )


def has_error(problems: Iterable[Problem]) -> bool:
    return any(problem.severity is Severity.ERROR for problem in problems)


class OfficeError(Exception):
    """A sentence in Chinese that the clerk can act on. Everything else that is raised is a bug."""

    def __init__(self, message: str, problems: Iterable[Problem] = ()):
        super().__init__(message)
        self.message = message
        self.problems = tuple(problems)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.message, self.problems)


class RuleBroken(OfficeError):
    """The input breaks a rule of the subject; `problems` say which and where."""


class Refused(OfficeError):
    """The account has no right to do this, or the moment does not allow it."""


class SignInNeeded(Refused):
    """An account and its password are asked for here."""


class ChangeNeeded(Refused):
    """The password is right and has to be changed before anything else."""


class Locked(OfficeError):
    """The month is locked; what is locked does not change."""


class Conflict(OfficeError):
    """Somebody else changed the same record in the meantime."""


class NotFound(OfficeError):
    """What was named does not exist."""


class BadSheet(OfficeError):
    """The workbook cannot be read as the ledger that was asked for."""


class Unreachable(OfficeError):
    """The database cannot be reached or opened."""


class NeedsPassword(Unreachable):
    """A shared office wants the password of the account, or another one than it was given."""


class NeedsFilePassword(NeedsPassword):
    """A local office or a backup has a password, or another than was said; `file` is which."""

    def __init__(self, message: str, file: str, problems: Iterable[Problem] = ()):
        super().__init__(message, problems)
        self.file = file

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.message, self.file, self.problems)


class Lost(Unreachable):
    """The connection to the database broke, or none could be made for the moment."""


class Busy(OfficeError):
    """Somebody else is at what one does at a time."""


class Cancelled(OfficeError):
    """The clerk stopped the work; nothing was written."""

    def __init__(self, message: str = "已取消，什么也没有写入。", problems: Iterable[Problem] = ()):
        super().__init__(message, problems)
