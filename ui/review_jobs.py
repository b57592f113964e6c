"""The file under review, in the worker process: it was read there and its rows stay there.

The window names the file it means by a number of its own. A worker that was started anew knows no
such file and says so (`ReviewLost`); then the window has the file read again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from gridoffice import intake
from gridoffice.cells import text_of
from gridoffice.errors import OfficeError
from gridoffice.fields import Column
from gridoffice.intake import Options, Outcome, Planned
from gridoffice.ledgers import LEDGERS, ledger_called
from gridoffice.office import Office
from gridoffice.review import Lines, Review, Reviewed
from gridoffice.spreadsheet.guide import Hidden
from gridoffice.spreadsheet.matching import SEARCHED, Layout, find
from gridoffice.spreadsheet.reading import Book, read, read_pasted
from gridoffice.spreadsheet.receipt import Receipt
from ui.jobs import office_at

_SHOWN_COLUMNS = 60
_open: dict[int, Review] = {}
"""The one file under review, by the window's number for it."""


class ReviewLost(OfficeError):
    """The process that had read the file is gone."""


def _review(number: int) -> Review:
    if number not in _open:
        raise ReviewLost("这份文件要重新读一遍。")
    return _open[number]


def review_ready(database: str, account: str) -> None:
    """Open the office before a file comes, so that the first is read as fast as any other."""
    office_at(database, account).read(intake.standing)


def review_open(
    database: str, account: str, number: int, key: str, source: Path | str, options: Options
) -> Reviewed:
    """Read a file (or pasted text) and compare it with the office. Once it is read, the one before it is
    let go: a file that cannot be read otherwise is still there as it was."""
    _book.cache_clear()
    made = Review(office_at(database, account), key, source, options)
    _open.clear()
    _open[number] = made
    return made.summary()


def review_lines(number: int, outcomes: tuple[Outcome, ...], search: str) -> Lines:
    """What the table shows: lines and where the clerk is needed."""
    return _review(number).lines(outcomes, search)


def review_rows(number: int, positions: Sequence[int]) -> list[Planned]:
    """Some rows of the file, by their places in it."""
    return _review(number).rows(positions)


def review_again(number: int, options: Options) -> Reviewed:
    """The same file by other rules, answers and corrections."""
    return _review(number).again(options)


def review_write(number: int, options: Options) -> Reviewed:
    """Write the file as one transaction."""
    review = _review(number)
    if replace(review.options, good_rows_only=options.good_rows_only) == options:
        review.options = options  # which rows are written changes nothing about any row
    else:
        review.again(options)
    return review.write()


def review_receipt(number: int, target: Path) -> Receipt:
    """The clerk's own workbook back, with what is wrong marked in it."""
    return _review(number).receipt(target)


def review_close(number: int) -> None:
    """The clerk is through with the file: its rows need no memory any more."""
    _open.pop(number, None)
    _book.cache_clear()


# ---- the head of a file ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Top:
    """The first rows of a sheet as texts, how many rows it has, and how its head would be read."""

    sheet: str
    hidden: bool
    rows: tuple[tuple[str, ...], ...]
    count: int
    layout: Layout | None


@dataclass(frozen=True, slots=True)
class Tops:
    """The heads of a file's sheets; the columns a heading may mean; another ledger that fits better."""

    sheets: tuple[Top, ...]
    columns: tuple[Column, ...]
    better: str | None = None


@lru_cache(maxsize=1)
def _book(source: Path | str, _changed: int) -> Book:
    return read_pasted(source) if isinstance(source, str) else read(source)


def review_tops(database: str, account: str, key: str, source: Path | str, options: Options) -> Tops:
    """Look at the heads of all sheets, whether or not they can be read as this ledger. Raises
    `BadSheet` when the file is no workbook at all."""
    office = office_at(database, account)
    changed = 0 if isinstance(source, str) or not source.exists() else source.stat().st_mtime_ns
    book = _book(source, changed)
    columns = _columns(office, key, options)
    guide = replace(options.guide, remembered=office.read(intake.remembered, key))
    sheets = tuple(
        Top(
            sheet.name,
            sheet.hidden,
            tuple(tuple(_text(cell) for cell in row[:_SHOWN_COLUMNS]) for row in sheet.rows[:SEARCHED]),
            sum(any(cell is not None for cell in row) for row in sheet.rows),
            find(sheet, columns, replace(guide, hidden=Hidden.INCLUDE)),
        )
        for sheet in book.sheets
        if sheet.rows
    )
    return Tops(sheets, columns, _better(office, key, book, options))


def _columns(office: Office, key: str, options: Options) -> tuple[Column, ...]:
    found = office.read(ledger_called(key).columns, options)
    return tuple(column for column in found if not column.field.computed)


def _text(cell: object) -> str:
    return "" if cell is None else text_of(cell)


def _better(office: Office, key: str, book: Book, options: Options) -> str | None:
    """The ledger that all its required columns say this file is, when it is not the one asked for."""
    scores: dict[str, float] = {}
    for other in LEDGERS:
        if other != key and LEDGERS[other].listing is None:
            continue  # a month's ledger is chosen together with its month
        columns = _columns(office, other, options)
        required = [column.name for column in columns if column.field.required]
        layouts = (find(sheet, columns) for sheet in book.sheets if sheet.rows)
        fitting = [one.score for one in layouts if one and all(map(one.has, required))]
        scores[other] = max(fitting, default=0.0)
    best = max(scores, key=lambda one: scores[one])
    return best if best != key and scores[best] > scores.get(key, 0.0) else None
