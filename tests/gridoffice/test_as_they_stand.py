"""What is told of a whole column at once is what is told of each cell by itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gridoffice import idcard
from gridoffice.cells import ERROR_TEXTS
from gridoffice.fields import Field, Kind
from gridoffice.names import DITTO, NOBODY
from gridoffice.values import as_they_stand, parse

KINDS = [kind for kind in Kind if kind is not Kind.CODE]
SIGNS = "无 没有 未填 未填写 暂缺 — —— -------- ／／／／／ n/a None …… 空 * **** 519***** 梧桐**社区 #REF!".split()
PIECES = st.sampled_from(
    [*SIGNS, *sorted(NOBODY), *sorted(DITTO), *sorted(ERROR_TEXTS), "王", "某", "䶮", "𠮷", " ", "\u3000", "\n", "\t", "_",
     "\u200b", "\x07", "·", "12", "x", "1380013", "网格", "51992119900307003X", "13812345678", "/"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=12), st.lists(PIECES, max_size=5).map("".join))


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """Numbers of which most parts are right, and now and then one is not."""
    place = draw(st.sampled_from(["519921", "110101", "009921", "999921", "５19921", "5199a1", "51992"]))
    birth = draw(st.sampled_from(["19900307", "20000229", "19000229", "18991231", "29990101", "1990030", ""]))
    turn = draw(st.sampled_from(["003", "000", "99", "0x3", "１23", "999"]))
    head = place + birth + turn
    good = len(head) == 17 and head.isascii() and head.isdigit()
    last = idcard.check_digit(head) if good else "1"
    return head + draw(
        st.sampled_from([last, last, last, last.lower(), "0", "X", "", last + "1", last + "\n"])
    )


@given(st.sampled_from(KINDS), st.lists(TEXTS, max_size=8), st.booleans())
def test_what_stands_as_it_is_is_its_own_value_without_a_word(
    kind: Kind, texts: list[str], required: bool
) -> None:
    field = Field("栏目", kind, required=required)
    found = as_they_stand(field)(texts)
    assert len(found) == len(texts)
    for text, stands in zip(texts, found, strict=True):
        if stands:
            assert parse(field, text) == (text, ())


@given(st.lists(numbers(), max_size=20))
def test_many_numbers_are_right_exactly_when_each_is(some: list[str]) -> None:
    assert idcard.are_right(some) == [idcard.check(text) is None for text in some]


def test_plain_cells_do_stand() -> None:
    told = {
        Kind.NAME: "王新村",
        Kind.ID_NUMBER: "51992119900307003" + idcard.check_digit("51992119900307003"),
        Kind.PHONE: "13812345678",
        Kind.TEXT: "青禾街道/梧桐社区/第一网格",
        Kind.GRID: "519921001001",
        Kind.ADDRESS: "梧桐路12号3幢",
    }
    for kind, text in told.items():
        assert as_they_stand(Field("栏目", kind))([text, "", "？"]) == [True, False, False], kind
