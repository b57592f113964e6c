"""An office's own assessment schemes from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from gridoffice.assessment.schemes import scheme_keys, shipped_text
from gridoffice.demo.build import Built

Call = Callable[..., tuple[int, Any, str]]


def test_copied_written_out_edited_and_read_in(on: Call, tmp_path: Path) -> None:
    assert on("schemes", "copy", "street-default", "本街道", "--name", "本街道考核办法")[0] == 0
    own = {one["key"]: one["own"] for one in on("schemes")[1]["schemes"]}
    assert own == {**dict.fromkeys(scheme_keys(), False), "本街道": True}
    file = tmp_path / "方案.toml"
    assert on("schemes", "write", "本街道", file)[0] == 0
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("本街道考核办法", "本街道考核办法（试行）"), encoding="utf-8")
    status, said, _ = on("schemes", "read", file)
    assert (status, said["key"]) == (0, "本街道")
    shown = on("schemes", "show", "本街道")[1]
    assert shown["name"] == "本街道考核办法（试行）"
    assert sum(float(one["full"]) for one in shown["indicators"]) == 100
    assert on("assess", "open", "2026-06", "--scheme", "本街道")[0] == 0
    assert on("schemes", "remove", "本街道")[0] == 0
    assert on("assess", "open", "2026-07", "--scheme", "本街道")[0] == 1


def test_a_file_is_checked_without_an_office(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "方案.toml"
    file.write_text(shipped_text("k-city"), encoding="utf-8")
    status, said, _ = call("--json", "schemes", "check", file)
    assert (status, said["ok"]) == (0, True)
    assert any("数量重于质量" in one["message"] for one in said["problems"])
    file.write_text(shipped_text("k-city").replace("full = 100", "full = 90", 1), encoding="utf-8")
    status, said, _ = call("--json", "schemes", "check", file)
    assert (status, said["ok"]) == (1, False)


def test_tried_on_a_month(street: Call, demo_street: Built, tmp_path: Path) -> None:
    file = tmp_path / "方案.toml"
    file.write_text(
        shipped_text("street-default").replace("bonus_cap = 5", "bonus_cap = 4"), encoding="utf-8"
    )
    month = demo_street.month
    sheets = street("assess", "show", month)[1]["sheets"]
    status, said, _ = street("schemes", "simulate", "hecun", month)
    assert (status, said["months"][0]["after"]) == (0, {"待补": len(sheets)})
    (tried,) = street("schemes", "simulate", "street-default", month)[1]["months"]
    assert (tried["people"], tried["moved"]) == (len(sheets), [])
    text = shipped_text("street-default").replace("minimum = 90", "minimum = 99.9", 1)
    file.write_text(text, encoding="utf-8")
    (tried,) = street("schemes", "simulate", file, month)[1]["months"]
    lower = [one for one in tried["moved"] if one["before"]["grade"] != one["after"]["grade"]]
    assert tried["regraded"] == len(lower) > 0
    assert all(one["before"]["total"] == one["after"]["total"] for one in lower)
    assert street("schemes", "simulate", "street-default", "2001-01")[0] == 1
