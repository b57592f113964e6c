"""The audit from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.conftest import Call

OWN = "Wutong#2026"


def test_the_audit_is_asked_and_taken_out(on: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDOFFICE_NEW_PASSWORD", OWN)
    assert on("users", "password")[0] == 0
    monkeypatch.setenv("GRIDOFFICE_PASSWORD", "nonsense")
    for _ in range(5):
        assert on("--as", "office", "audit")[0] == 1
    status, said, _ = on("--as", "office", "users")
    assert (status, "账号锁到" in said["error"]) == (1, True)
    monkeypatch.setenv("GRIDOFFICE_PASSWORD", OWN)
    status, said, _ = on("--as", "office", "users")
    assert status == 1, "the right password does not open a locked account"


def test_lines_and_workbook(on: Call, tmp_path: Path) -> None:
    assert on("users", "add", "wang", "--display", "王𬭎")[0] == 0
    status, said, _ = on("audit", "--matter", "accounts", "--limit", "3")
    assert status == 0 and said["lines"][0]["title"] == "新增账号“王𬭎”（经办人，全部）"
    assert said["count"] > 3 and len(said["lines"]) == 3 and said["alarms"] == []
    target = tmp_path / "审计.xlsx"
    status, said, _ = on("audit", target, "--find", "王𬭎")
    assert (status, said["rows"]) == (0, 1)
    assert "王𬭎" in str([cell.value for row in load_workbook(target).worksheets[0] for cell in row])
    status, said, _ = on("audit", target, "--find", "没有人写过这句")
    assert (status, said["error"]) == (1, "没有这样的变动。")
