"""Every icon that the window names is shipped (tests/ui), and every icon shipped is named somewhere."""

from __future__ import annotations

import re

import resources
from tests.guards.sources import ROOT, modules


def test_every_icon_shipped_is_used() -> None:
    shipped = {path.stem for path in (resources.FOLDER / "icons").rglob("*.svg")}
    assert shipped
    text = "\n".join((ROOT / path).read_text("utf-8") for path in modules() if path.parts[0] == "ui")
    used = set(re.findall(r"""["']([a-z0-9-]+)["']""", text))
    assert shipped - used == set()
