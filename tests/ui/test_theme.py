"""Nobody dims a grey by hand: the contrast of every pair in use, for every theme."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import resources
import ui
from ui.theme import PAIRS, TOKENS, Theme, contrast, tokens_of


@pytest.mark.parametrize("theme", list(Theme))
def test_every_pair_can_be_read(theme: Theme) -> None:
    colors = tokens_of(theme)
    poor = [
        f"{ink} on {ground}: {contrast(colors[ink], colors[ground]):.2f}"
        for ink, ground, least in PAIRS
        if contrast(colors[ink], colors[ground]) < least
    ]
    assert poor == []


def test_error_is_never_party_red() -> None:
    light = tokens_of(Theme.LIGHT)
    assert 10 <= light["err"].hslHue() <= 25
    assert light["party"].hslHue() >= 350


def test_no_colour_outside_the_table() -> None:
    folder = Path(ui.__file__).parent
    literal = re.compile(r"#[0-9A-Fa-f]{6}\b|QColor\(\s*\d")
    found = {
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*.py")
        if literal.search(file.read_text("utf-8"))
    }
    assert found <= {"theme.py"}


def test_every_token_is_used() -> None:
    folder = Path(ui.__file__).parent
    text = "\n".join(file.read_text("utf-8") for file in folder.rglob("*.py") if file.name != "theme.py")
    unused = {token for token in TOKENS if not re.search(rf"""["']{token}["']""", text)}
    assert unused <= {"party", "party_bg"}  # kept for the red line page


def test_every_icon_named_in_the_code_is_shipped() -> None:
    folder = Path(ui.__file__).parent
    shipped = {file.stem for file in (resources.FOLDER / "icons").glob("*.svg")}
    named = set()
    for file in folder.rglob("*.py"):
        text = file.read_text("utf-8")
        named |= set(re.findall(r"""(?:icon|pixmap|svg)\(\s*["']([a-z0-9-]+)["']""", text))
        named |= set(re.findall(r"""icon=["']([a-z0-9-]+)["']""", text))
    assert named <= shipped
