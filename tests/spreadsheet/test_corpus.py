"""Every planted error is found at its very cell, no clean row is refused, nothing is silently wrong."""

from __future__ import annotations

import pytest

from gridoffice.errors import BadSheet
from gridoffice.spreadsheet.books import take_book
from gridoffice.spreadsheet.reading import read
from tests.spreadsheet.corpus import CASES, Answer, Case, score
from tests.spreadsheet.corpus.ours import ours
from tests.spreadsheet.corpus.pages import COLUMNS, GROUPS, Person


def test_the_corpus_is_large_and_names_each_case_once():
    names = [case.name for case in CASES]
    assert len(names) >= 40
    assert len(set(names)) == len(names)
    assert sum(len(case.wrong) for case in CASES) >= 50


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_dirty_workbook(case, tmp_path):
    found = score(case, ours(case.write(tmp_path)))
    assert found.silent == []
    assert found.refused_clean == []
    assert found.found == found.planted
    assert found.people == found.persons
    assert found.refused is case.refused


@pytest.mark.parametrize("case", [case for case in CASES if case.people], ids=lambda case: case.name)
def test_what_is_no_person_is_counted(case, tmp_path):
    found = take_book(read(case.write(tmp_path)), COLUMNS, groups=GROUPS)
    assert len(found.skipped) == case.skipped


def test_the_score_tells_silence_from_speech():
    """A reader that takes everything as it stands is caught; one that refuses clean cells, too."""
    person = Person(
        "表",
        2,
        0,
        {"name": "甲", "phone": None},
        {"name": "A", "phone": "B"},
        frozenset(("phone",)),
        frozenset(),
    )
    case = Case("一", lambda folder: folder, (person,))
    right = Answer({("表", 2, 0): {"name": "甲"}}, {("表", 2, "B")})
    assert (score(case, right).found, score(case, right).silent) == (1, [])
    silent = Answer({("表", 2, 0): {"name": "甲", "phone": "1"}, ("表", 3, 0): {"name": "合计"}})
    assert (score(case, silent).found, len(score(case, silent).silent)) == (0, 2)
    assert len(score(case, Answer()).silent) == 1
    refusing = Answer({("表", 2, 0): {"name": "甲"}}, {("表", 2, "A"), ("表", 2, "B")})
    assert len(score(case, refusing).refused_clean) == 1
    assert score(case, Answer(refused=True)).people == 0


def test_every_refusal_is_one_sentence(tmp_path):
    for case in CASES:
        if case.refused:
            with pytest.raises(BadSheet) as caught:
                take_book(read(case.write(tmp_path)), COLUMNS, groups=GROUPS)
            assert caught.value.message.startswith("“")
            assert caught.value.message.endswith("。")
