"""References read after an insertion as Excel itself would make them read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gridoffice.spreadsheet.shifting import Shift, copied

SHIFT = Shift("花名册", at=10, count=5)


@pytest.mark.parametrize(
    ("formula", "moved", "grown"),
    [
        ("SUM(D5:D9)", "SUM(D5:D9)", "SUM(D5:D14)"),
        ("SUM(D5:D10)", "SUM(D5:D15)", "SUM(D5:D15)"),
        ("D9+$D$10", "D9+$D$15", "D9+$D$15"),
        (
            "花名册!D12+汇总!D12+'花名册'!D12",
            "花名册!D17+汇总!D12+'花名册'!D17",
            "花名册!D17+汇总!D12+'花名册'!D17",
        ),
        ('"D12"&LOG10(D12)&名称_D12', '"D12"&LOG10(D17)&名称_D12', '"D12"&LOG10(D17)&名称_D12'),
        ("SUM(5:12)", "SUM(5:17)", "SUM(5:17)"),
        ("表1[D12]", "表1[D12]", "表1[D12]"),
        ('IF(A1>"x""D12",A:A,B12)', 'IF(A1>"x""D12",A:A,B17)', 'IF(A1>"x""D12",A:A,B17)'),
    ],
)
def test_formulas(formula, moved, grown):
    assert SHIFT.formula(formula, here=True) == moved
    assert SHIFT.formula(formula, here=True, grows=True) == grown


def test_formulas_of_other_sheets_move_only_where_they_name_this_one():
    assert SHIFT.formula("D12+花名册!D12", here=False) == "D12+花名册!D17"
    assert Shift("甲's", 1, 1).formula("'甲''s'!A1", here=False) == "'甲''s'!A2"


def test_ranges():
    assert SHIFT.ranges("C5:C9 D9 E10:E12") == "C5:C9 D9 E15:E17"
    assert SHIFT.ranges("C5:C9 D9 E10:E12", grows=True) == "C5:C14 D9:D14 E15:E17"


def test_a_copied_formula_speaks_of_its_own_line():
    assert copied('A1+$B1+C$1+$D$1+"A1"&SUM(1:2)&X!E1', 3, 2) == 'C4+$B4+E$1+$D$1+"A1"&SUM(4:5)&X!G4'


@given(
    some.integers(1, 200), some.integers(0, 200), some.integers(1, 200), some.integers(1, 50), some.booleans()
)
def test_a_range_holds_afterwards_what_it_held_before(first, more, at, count, grows):
    shift = Shift("表", at, count)
    last = first + more
    new_first, new_last = shift.rows(first, last, grows=grows)
    moved = {shift.row(row) for row in range(first, last + 1)}
    held = set(range(new_first, new_last + 1))
    assert moved <= held
    # and of the others only new rows, never a row that was outside
    assert held - moved <= set(range(at, at + count))
