"""A printed ledger that opens with a password only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from gridoffice.office import Office

Call = Callable[..., tuple[int, Any, str]]


def test_a_ledger_is_locked_with_the_password_of_a_file(
    on: Call, small_office: Office, tmp_path: Path
) -> None:
    words, paper = tmp_path / "密码.txt", tmp_path / "花名册.pdf"
    words.write_text("青禾2026网格\n第二行不算\n", "utf-8-sig")
    status, said, _ = on("report", "roster", paper, "--password-file", words)
    assert status == 0 and said["pages"] >= 1
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(paper)
    with pikepdf.open(paper, password="青禾2026网格") as file:
        assert len(file.pages) == said["pages"] and file.encryption.R == 6


def test_what_cannot_be_locked_is_said_and_nothing_written(
    on: Call, small_office: Office, tmp_path: Path
) -> None:
    words = tmp_path / "密码.txt"
    words.write_text("短")
    for name, file, told in (
        ("花名册.pdf", words, "至少要 8 个字符"),
        ("花名册.ofd", words, "只有 PDF 能加密码"),
        ("花名册.pdf", tmp_path / "没有.txt", "读不出密码文件"),
    ):
        status, said, _ = on("report", "roster", tmp_path / name, "--password-file", file)
        assert status == 1 and told in said["error"]
        assert not (tmp_path / name).exists()
