"""What something leaves for, from the command line: written, else what was written last, else what is usual."""

from __future__ import annotations

from pathlib import Path

from gridoffice.documents.render import page_text
from tests.cli.conftest import Call


def test_a_purpose_may_be_said_and_need_not(on: Call, tmp_path: Path) -> None:
    def said() -> str:
        return on("audit", "--matter", "out", "--limit", "1")[1]["lines"][0]["title"].partition("用途：")[2]

    file = tmp_path / "花名册.xlsx"
    assert on("export", "workers", file)[0] == 0 and said() == "网格队伍管理"
    assert on("export", "workers", file, "--purpose", "报送区民政局")[0] == 0 and said() == "报送区民政局"
    paper = tmp_path / "花名册.pdf"
    assert on("report", "roster", paper)[0] == 0 and said() == "报送区民政局", "as the last time"
    assert "用途：报送区民政局" in page_text(paper.read_bytes(), 0)
    assert on("report", "grids", tmp_path / "网格.pdf", "--purpose", "看看")[0] == 0 and said() == ""
    status, answer, _ = on("export", "workers", tmp_path / "全.xlsx", "--reveal")
    assert status == 1 and "写明原因" in answer["error"], "whole numbers want words of their own"
    assert on("export", "workers", file, "--reveal", "--purpose", "年终核对")[0] == 0 and said() == "年终核对"


def test_a_file_that_cannot_be_written_says_so_in_the_same_words(on: Call, tmp_path: Path) -> None:
    nowhere = tmp_path / "没有" / "x"
    words = f"没有“{nowhere.parent}”这个文件夹，写不了"
    assert words in on("report", "grids", nowhere.with_suffix(".pdf"))[1]["error"]
    assert words in on("export", "grids", nowhere.with_suffix(".xlsx"))[1]["error"]
    assert words in on("models", "write", "chengdu-3+1", nowhere.with_suffix(".toml"))[1]["error"]
