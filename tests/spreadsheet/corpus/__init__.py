"""Dirty workbooks as offices send them, made by code, each with the truth about every cell.

`CASES` are made and scored by the tests, and by the benchmark beside what others read from them.
"""

from __future__ import annotations

from tests.spreadsheet.corpus.cases import CASES
from tests.spreadsheet.corpus.pages import Case, Person
from tests.spreadsheet.corpus.scoring import Answer, Score, score

__all__ = ["CASES", "Answer", "Case", "Person", "Score", "score"]
