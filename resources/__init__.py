"""Files that ship with the program: icons, fonts, governance packs, templates."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def path(*parts: str) -> Path:
    """The path of a shipped file; raises FileNotFoundError when it is not there."""
    found = FOLDER.joinpath(*parts)
    if not found.exists():
        raise FileNotFoundError(found)
    return found
