"""What the clerk said about a layout holds, and holds the next time the same headings come."""

from __future__ import annotations

import random

import pytest

from gridoffice.errors import BadSheet
from gridoffice.spreadsheet.books import take_book
from gridoffice.spreadsheet.guide import Guide, layout_key
from gridoffice.spreadsheet.matching import match
from gridoffice.spreadsheet.reading import read
from tests.spreadsheet.ledger import COLUMNS, SHORT, member, texts, workbook

ODD = ["甲", "乙", "丙", "丁", "戊"]


def layout(path, **guide):
    return match(read(path).sheets[0], COLUMNS, path_name=path.name, guide=Guide(**guide))


def mapping(found) -> dict[str, tuple[str, str]]:
    return {mapped.letter: (mapped.column.name, mapped.how) for mapped in found.columns}


def test_the_key_of_a_layout_does_not_depend_on_place_or_line_breaks():
    heads = ["序号", "姓　名", "身份证\n号码", "联系方式/手机", "备注"]
    other = ["备注", "姓名", "联系方式/手机", "No.", "身份证号码", "错误原因", ""]
    assert layout_key(heads) == layout_key(other)
    random.Random(1).shuffle(heads)
    assert layout_key(heads) == layout_key(other)
    assert layout_key(heads) != layout_key([*heads, "民族"])
    assert layout_key(heads) != layout_key([*heads, "备注"])


def test_headings_nobody_knows_are_mapped_by_the_clerk_and_then_remembered(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [["花名册"], ODD, *(texts(member(n)) for n in range(3))])
    with pytest.raises(BadSheet):
        layout(path)
    choice = dict(zip("ABCDE", ["name", "id_number", "sex", "phone", "grid"], strict=True))
    chosen = layout(path, header_rows=(2,), forced=choice)
    assert mapping(chosen) == {letter: (name, "chosen") for letter, name in choice.items()}
    again = layout(path, remembered={chosen.key: chosen.choice})
    assert again.header_rows == (2,)
    assert mapping(again) == {letter: (name, "remembered") for letter, name in choice.items()}
    found = take_book(read(path), COLUMNS, guide=Guide(remembered={chosen.key: chosen.choice}))
    assert [row.values["name"] for row in found.rows] == [member(n).name for n in range(3)]


def test_a_remembered_layout_is_found_with_its_columns_in_other_places(tmp_path):
    first = workbook(tmp_path / "a.xlsx", [[*SHORT, "QQ"], [*texts(member(1)), "大专"]])
    chosen = layout(first, forced={"QQ": "education"})
    second = workbook(tmp_path / "b.xlsx", [["QQ", *SHORT], ["大专", *texts(member(1))]])
    again = layout(second, remembered={chosen.key: chosen.choice})
    assert mapping(again)["A"] == ("education", "remembered")
    assert mapping(again)["B"] == ("name", "remembered")
    third = workbook(tmp_path / "c.xlsx", [["QQ", *SHORT, "微信"], ["大专", *texts(member(1))]])
    assert layout(third, remembered={chosen.key: chosen.choice}).unmapped == ("QQ", "微信")


def test_the_clerk_s_word_stands_above_memory_and_dictionary(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [[*SHORT, "备注", "说明"], texts(member(1))])
    assert mapping(layout(path))["F"] == ("remark", "exact")
    chosen = layout(path, forced={"备注": None, "G": "remark"})
    assert mapping(chosen)["G"] == ("remark", "chosen")
    assert "F" not in mapping(chosen)
    assert chosen.left_out == ("备注",)
    assert chosen.unmapped == ()
    memory = {chosen.key: chosen.choice}
    again = layout(path, remembered=memory)
    assert mapping(again)["G"] == ("remark", "remembered")
    assert again.left_out == ("备注",)
    back = layout(path, remembered=memory, forced={"F": "remark", "G": None})
    assert mapping(back)["F"] == ("remark", "chosen")
    assert back.left_out == ("说明",)


def test_a_required_column_that_was_left_out_is_missing(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [SHORT, texts(member(1))])
    with pytest.raises(BadSheet, match="“姓名”"):
        layout(path, forced={"姓名": None})


def test_the_clerk_says_which_row_is_the_header(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [["旧", *SHORT[1:]], SHORT, texts(member(1))])
    assert layout(path, header_rows=(2,)).header_rows == (2,)
    assert layout(path, header_rows=(2,)).first_row == 3


def test_our_own_column_of_reasons_is_no_column(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx", [[*SHORT, "错误原因"], [*texts(member(1)), "姓名：空着"], [*[None] * 5, "x"]]
    )
    found = layout(path)
    assert found.unmapped == ()
    assert found.key == layout_key(SHORT)
    taken = take_book(read(path), COLUMNS)
    assert [row.number for row in taken.rows] == [2]
