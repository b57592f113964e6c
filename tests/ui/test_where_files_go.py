"""A dialog for a file opens among the user's documents, where the system keeps them."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths

from ui import dialogs


@pytest.mark.parametrize("there", [True, False])
def test_what_would_lie_in_the_home_itself_goes_among_the_documents(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, there: bool
) -> None:
    home, documents, other = tmp_path / "家", tmp_path / "另一个盘" / "文档", tmp_path / "家" / "工作 𠮷"
    other.mkdir(parents=True)
    if there:
        documents.mkdir(parents=True)
    monkeypatch.setattr(Path, "home", lambda: home)
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda kind: str(documents))
    expected = documents if there else home
    assert dialogs.among_papers(home) == expected
    assert dialogs.among_papers(home / "花名册.xlsx") == expected / "花名册.xlsx"
    assert dialogs.among_papers(other) == other
    assert dialogs.among_papers(other / "花名册.xlsx") == other / "花名册.xlsx"
