"""Governance packs from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gridoffice.grids.listing import office_pack
from gridoffice.office import Office
from tests.offices import journal_lines

Call = Callable[..., tuple[int, Any, str]]


def test_a_pack_is_shown_without_an_office(call: Call, tmp_path: Path) -> None:
    status, said, _ = call("--json", "models", "show", "yichang")
    assert (status, said["scheme"]) == (0, "yichang")
    assert [one["norm"] for one in said["kinds"] if one["key"] == "general"] == ["200–300 户"]
    assert {"section": "三个工作站", "whose": "街道", "text": "社区便民服务站"} in said["lines"]
    status, said, _ = call("--json", "models", "options")
    assert {one["key"] for one in said["options"]} >= {"committee", "control", "mixed", "all-round", "finer"}
    file = tmp_path / "yichang.toml"
    assert call("--json", "models", "write", "yichang", file)[0] == 0
    assert "一格一员" in file.read_text(encoding="utf-8")
    assert call("--json", "models", "write", "yichang", tmp_path)[0] == 1


def test_copied_edited_gone_over_to_and_back(on: Call, small_office: Office, tmp_path: Path) -> None:
    status, said, _ = on(
        "models", "copy", "chengdu-3+1", "qinghe", "--name", "青禾办法", "--with", "committee"
    )
    assert (status, said["key"]) == (0, "qinghe")
    file = tmp_path / "qinghe.toml"
    assert on("models", "write", "qinghe", file)[0] == 0
    file.write_text(file.read_text(encoding="utf-8").replace("[300, 500]", "[300, 650]"), encoding="utf-8")
    assert on("models", "read", file)[0] == 0
    lines = journal_lines(small_office)
    status, said, _ = on("models", "switch", "qinghe", "--dry-run")
    assert (status, said["ready"], said["action"]) == (0, True, None)
    assert journal_lines(small_office) == lines
    status, said, _ = on("models", "switch", "qinghe")
    assert (status, said["ready"]) == (0, True)
    assert on("models")[1]["current"] == "qinghe"
    assert "size" not in {one["topic"] for one in on("check")[1]["findings"]}
    assert on("models", "remove", "qinghe")[0] == 1
    assert on("undo")[0] == 0
    assert on("models", "remove", "qinghe")[0] == 0
    assert "qinghe" not in [one["key"] for one in on("models")[1]["models"]]


def test_what_is_left_unmapped_is_told(on: Call, small_office: Office) -> None:
    status, said, _ = on("models", "switch", "zhoushan")
    assert (status, said["ready"], said["action"]) == (1, False, None)
    assert {one["value"] for one in said["problems"]} == {"总网格长", "微网格员", "兼职网格员"}
    chosen = [
        word
        for pair in ("总网格长=社区干部", "微网格员=微网格长", "兼职网格员=兼职网格员")
        for word in ("--post", pair)
    ]
    status, said, _ = on("models", "switch", "zhoushan", *chosen)
    assert status == 0
    assert {one["label"]: one["becomes"] for one in said["kinds"]}["专属网格"] == "海上网格"
    assert small_office.read(office_pack).key == "zhoushan"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("switch", "dayi", "--kind", "微网格"), "写成“旧=新”"),
        (("show", "蓬莱"), "没有治理模式"),
        (("copy", "dayi", "own", "--name", "青禾", "--with", "飞"), "没有选项“飞”"),
        (("copy", "dayi", "yichang", "--name", "青禾"), "随程序带的"),
        (("read", "没有.toml"), "读不出来"),
    ],
)
def test_refused_in_a_sentence(on: Call, small_office: Office, words: tuple[str, ...], said: str) -> None:
    lines = journal_lines(small_office)
    status, answer, err = on("models", *words)
    assert status == 1
    assert said in answer["error"]
    assert "Traceback" not in err
    assert journal_lines(small_office) == lines


def test_in_plain_words(call: Call, small_office: Office) -> None:
    words = ("--database", small_office.store.address, "models")
    for more in ((), ("show", "dayi"), ("options",), ("switch", "dayi", "--dry-run")):
        status, out, err = call(*words, *more)
        assert (status, err) == (0, "")
        assert out.strip()
