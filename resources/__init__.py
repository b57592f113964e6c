"""Files that ship with the program: icons, fonts, governance packs, templates."""

import lzma
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def path(*parts: str) -> Path:
    """The path of a shipped file; raises FileNotFoundError when it is not there."""
    found = FOLDER.joinpath(*parts)
    if not found.exists():
        raise FileNotFoundError(found)
    return found


def content(file: Path) -> bytes:
    """What is in a file; where it is installed compressed (`NAME.xz` in its place), as it was before."""
    packed = file.with_name(f"{file.name}.xz")
    return lzma.decompress(packed.read_bytes()) if packed.exists() else file.read_bytes()
