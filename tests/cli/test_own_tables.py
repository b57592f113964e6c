"""An office's own rules from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from gridoffice.history import journal
from gridoffice.office import Office
from gridoffice.training.service import HOURS

Call = Callable[..., tuple[int, Any, str]]


def test_written_out_edited_read_in_and_put_back(on: Call, small_office: Office, tmp_path: Path) -> None:
    file = tmp_path / "学时.toml"
    assert on("tables", "write", "training-hours", file)[0] == 0
    text = file.read_text(encoding="utf-8")
    assert text == HOURS.shipped()
    file.write_text(text.replace("hours = 20", "hours = 24"), encoding="utf-8")
    status, said, _ = on("tables", "read", "training-hours", file)
    assert (status, said["key"]) == (0, "training-hours")
    assert small_office.read(HOURS.of).rules[0].hours == 24
    assert small_office.read(journal)[0].title == "修改培训学时要求"
    own = {one["key"]: one["own"] for one in on("tables")[1]["tables"]}
    assert own == {"skill-levels": False, "training-hours": True, "party-service": False, "holidays": False}
    assert on("undo")[0] == 0
    assert small_office.read(HOURS.of).rules[0].hours == 20
    assert on("redo")[0] == 0
    assert on("tables", "reset", "training-hours")[0] == 0
    assert small_office.read(HOURS.text) == HOURS.shipped()


def test_what_is_wrong_is_one_sentence_and_changes_nothing(
    on: Call, small_office: Office, tmp_path: Path
) -> None:
    file = tmp_path / "学时.toml"
    file.write_text(HOURS.shipped().replace("hours = 20", 'hours = "多"'), encoding="utf-8")
    status, said, _ = on("tables", "read", "training-hours", file)
    assert status == 1
    assert "hours" in said["error"]
    assert small_office.read(HOURS.text) == HOURS.shipped()
    status, said, _ = on("tables", "write", "没有的", file)
    assert (status, "training-hours（培训学时要求）" in said["error"]) == (1, True)
    assert on("tables", "read", "training-hours", tmp_path)[0] == 1
