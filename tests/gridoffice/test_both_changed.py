"""Two change the same scheme, pack or table at a time: nothing of either is lost."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gridoffice.assessment.schemes import copy_scheme, save_scheme, text_of
from gridoffice.both_changed import LinesClash, join, meet
from gridoffice.errors import Conflict
from gridoffice.office import Office
from gridoffice.own_tables import save_own_table
from gridoffice.training.service import HOURS

LINES = some.lists(some.sampled_from(["a", "b", "c", "d", ""]), max_size=8).map("\n".join)


@given(LINES, LINES)
def test_what_only_one_changed_is_kept(original: str, changed: str) -> None:
    assert join(original, changed, original).text() == changed
    assert join(original, original, changed).text() == changed
    assert join(original, changed, changed).text() == changed


@given(LINES, LINES, LINES)
def test_all_mine_or_all_theirs_is_always_to_be_had(original: str, mine: str, theirs: str) -> None:
    joined = join(original, mine, theirs)
    lines = joined.text([clash.mine for clash in joined.clashes]).split("\n")
    for line in mine.split("\n"):
        if line not in original.split("\n"):
            assert line in lines, "nothing that was written here is lost"


def test_changes_in_different_lines_meet() -> None:
    assert meet("方案", "一\n二\n三", "一改\n二\n三", "一\n二\n三改") == "一改\n二\n三改"
    with pytest.raises(LinesClash) as raised:
        meet("方案", "一\n二\n三", "一甲\n二\n三", "一乙\n二\n三改")
    (clash,) = raised.value.joined.clashes
    assert (clash.original, clash.mine, clash.theirs) == (("一",), ("一甲",), ("一乙",))
    assert raised.value.joined.text([clash.mine]) == "一甲\n二\n三改"
    again = pickle.loads(pickle.dumps(raised.value))
    assert (again.message, again.joined) == (raised.value.message, raised.value.joined)


def test_two_change_a_scheme(small_office: Office) -> None:
    small_office.write(copy_scheme, "jinniu-street", "own", "本街道")
    seen = small_office.read(text_of, "own")
    first = seen.replace('name = "本街道"', 'name = "本街道（新）"', 1)
    small_office.write(save_scheme, first, seen)
    second = seen.replace("bonus_cap = 25", "bonus_cap = 24", 1)
    kept = small_office.write(save_scheme, second, seen).result
    now = small_office.read(text_of, kept)
    assert "本街道（新）" in now and "bonus_cap = 24" in now
    third = seen.replace('name = "本街道"', 'name = "另一个名字"', 1)
    with pytest.raises(Conflict, match="有 1 处和你改的不一样"):
        small_office.write(save_scheme, third, seen)
    assert small_office.read(text_of, kept) == now


def test_two_change_a_table_of_rules(small_office: Office) -> None:
    seen = small_office.read(HOURS.text)
    lines = seen.split("\n")
    place = next(at for at, line in enumerate(lines) if line.startswith("hours"))
    mine, theirs = [*lines], [*lines]
    mine[place], theirs[place] = "hours = 41", "hours = 42"
    small_office.write(save_own_table, HOURS, "\n".join(theirs), seen)
    with pytest.raises(LinesClash) as raised:
        small_office.write(save_own_table, HOURS, "\n".join(mine), seen)
    (clash,) = raised.value.joined.clashes
    assert ("hours = 41" in clash.mine, "hours = 42" in clash.theirs) == (True, True)
    assert small_office.read(HOURS.text) == "\n".join(theirs)
