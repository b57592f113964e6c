"""What a report is, and what is wished of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from gridoffice.documents.model import OfficialDocument
from gridoffice.errors import RuleBroken
from gridoffice.listing import Listing
from gridoffice.office import Office


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be printed: which month, below which grid, on which day, of whom, of which training or of
    which posts, revealed for what reason, in which of the report's layouts."""

    month: str | None = None
    scope: int | None = None
    day: date | None = None
    reveal: bool = False
    reason: str | None = None
    person: int | None = None
    training: int | None = None
    layout: str = ""
    posts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A report: its name on the command line, its title, whether it is of a month, how it is made; one
    that is a list also as a workbook. `paper` is the sheet it is laid out for. One of a single training
    finds it by the clerk's words (`of`); `book` writes the workbook of one that is no list; `layouts` are
    the ways in which it can be laid out (key, words), the usual one first; `masked` says of one that is
    no list that numbers on it are masked unless there is a reason. `document` is what an official document
    says, for those that are one."""

    key: str
    title: str
    monthly: bool
    make: Callable[[Office, Wish], bytes]
    listing: Callable[[Wish], Listing] | None = None
    paper: str = "A4 横排"
    of: Callable[[Session, str], int] | None = None
    book: Callable[[Office, Wish, Path], int] | None = None
    layouts: tuple[tuple[str, str], ...] = ()
    masked: bool = False
    document: Callable[[Office, Wish], OfficialDocument] | None = None


def month_of(wish: Wish) -> str:
    """The month that is wished. Raises `RuleBroken` when none is."""
    if wish.month is None:
        raise RuleBroken("没说是哪个月的报告。")
    return wish.month
