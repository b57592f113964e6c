"""A scanned badge is checked from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from gridoffice.office import Office
from gridoffice.overview.badges import badges

Call = Callable[..., tuple[int, Any, str]]


def test_a_badge_is_printed_and_its_text_checked(on: Call, small_office: Office, tmp_path: Path) -> None:
    target = tmp_path / "证.pdf"
    assert on("report", "badges", target, "--layout", "hanging")[0] == 0
    assert target.read_bytes().startswith(b"%PDF")
    text = small_office.read(badges)[0].code
    status, said, _ = on("badge", "verify", text)
    assert (status, said["badge"]["name"], said["badge"]["good"]) == (0, "赵𫍯", True)
    status, said, _ = on("badge", "verify", text.replace("赵𫍯", "赵龙"))
    assert (status, said["badge"]["genuine"]) == (1, False)
    assert "验证码对不上" in said["badge"]["words"]
