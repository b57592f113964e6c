"""Dirty workbooks as offices send them, made by code, each with the truth about every cell.

`CASES` are made and scored by the tests, and by the benchmark beside what others read from them.
"""

from __future__ import annotations

from tests.spreadsheet.corpus import cases
from tests.spreadsheet.corpus.offices import OFFICES
from tests.spreadsheet.corpus.pages import Case, Person
from tests.spreadsheet.corpus.scoring import Answer, Score, score
from tests.spreadsheet.corpus.typed import TYPED

CASES: tuple[Case, ...] = (*cases.CASES, *OFFICES, *TYPED)

__all__ = ["CASES", "Answer", "Case", "Person", "Score", "score"]
