"""What our own reader makes of a dirty workbook, before the office's data are looked at."""

from __future__ import annotations

from pathlib import Path

from gridoffice.errors import BadSheet, Severity
from gridoffice.spreadsheet.books import take_book
from gridoffice.spreadsheet.reading import read
from tests.spreadsheet.corpus.pages import COLUMNS, GROUPS
from tests.spreadsheet.corpus.scoring import Answer


def ours(path: Path) -> Answer:
    """Read a file with everything the program can say of it by itself."""
    try:
        found = take_book(read(path), COLUMNS, groups=GROUPS)
    except BadSheet:
        return Answer(refused=True)
    answer = Answer(warned=bool(found.all_problems))
    for row in found.rows:
        answer.people[row.sheet, row.number, row.block] = row.values
        for problem in row.problems:
            cell = (row.sheet, row.number, problem.column or "")
            (answer.wrong if problem.severity is Severity.ERROR else answer.noted).add(cell)
    return answer
