"""The identity number: right ones pass, wrong ones are named, lost digits are never guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from db.enums import Sex
from gridoffice import idcard


def made(first17: str) -> str:
    return first17 + idcard.check_digit(first17)


@pytest.mark.parametrize(
    "number",
    [
        "110105 19491231 002X",
        "110105 19500101 999X",
        "110105 19500102 000X",
        "110105 19500101 0039",
        "519921200002291127",
    ],
)
def test_published_numbers_are_right(number):
    assert idcard.check(idcard.normalise(number)) is None


def test_birth_and_sex_are_read():
    assert idcard.birth_of("519921200002291127") == date(2000, 2, 29)
    assert idcard.sex_of(made("51992119500101003")) is Sex.MALE
    assert idcard.sex_of("519921200002291127") is Sex.FEMALE


@pytest.mark.parametrize(
    "raw",
    ["51992119491231000x", "５１９９２１１９４９１２３１０００Ｘ", " 519921 19491231 000X ", "'51992119491231000X",
     "51992119491231000×", "519921\u200b19491231\u00a0000X\n", "51992119491231000Х"],
)  # fmt: skip
def test_what_typing_leaves_around_a_number_goes(raw):
    assert idcard.normalise(raw) == "51992119491231000X"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("51992119491231001X", "最后一位对不上"),
        ("110105194912310", "只有 15 位"),
        ("1101051949123100", "只有 16 位，应为 18 位"),
        ("1101051949123100234", "有 19 位，应为 18 位"),
        (made("51992119901307003"), "没有 1990-13-07 这一天"),
        (made("51992119900230003"), "没有 1990-02-30 这一天"),
        (made("51992129900307003"), "2990-03-07"),
        (made("00992119900307003"), "不能以 0 开头"),
        (made("99992119900307003"), "99"),
        ("519921199003070000", "后三位是 000"),
        ("5.10129E+17", "后三位可能已丢失"),
        ("5.10129199003070E+17", "后三位可能已丢失"),
        ("510***********0039", "遮住"),
        ("51992119900307X039", "X 只能在最后一位"),
        ("51992I199003070039", "有“I”"),
    ],
)
def test_each_fault_has_its_sentence(text, part):
    problem = idcard.check(text)
    assert problem is not None
    assert part in problem.message
    assert problem.value == text


def test_an_old_number_of_15_becomes_18():
    assert idcard.from_15("519921491231000") == "51992119491231000X"


def test_a_number_cut_to_15_is_not_taken_for_an_old_one():
    assert idcard.from_15("519921199003070") is None


@given(
    some.dates(date(1900, 1, 1), date(2020, 12, 31)),
    some.integers(0, 999),
    some.integers(0, 16),
    some.integers(1, 9),
)
def test_one_wrong_digit_is_always_found(birth, sequence, place, shift):
    number = made(f"519921{birth:%Y%m%d}{sequence:03}")
    assert idcard.check(number) is None
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert idcard.check(wrong) is not None
