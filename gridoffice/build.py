"""Which build of the program this is, and what it was made of."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.metadata import Distribution, distributions
from pathlib import Path

import gridoffice
import resources

HOME = Path(gridoffice.__file__).resolve().parents[2]
"""The folder of an installed program."""
LICENCES = HOME / "licences"
"""Where an installed program keeps the texts: one folder for each part (installer/notices.py)."""


@dataclass(frozen=True, slots=True)
class Build:
    """`commit` and `day` are None in a program that runs from its sources."""

    version: str
    commit: str | None = None
    day: date | None = None

    def in_words(self) -> str:
        if self.commit is None or self.day is None:
            return f"{self.version}（源码）"
        return f"{self.version}（{self.commit}，{self.day:%Y-%m-%d}）"


@cache
def this_build() -> Build:
    """As the installer wrote it down when it was made."""
    try:
        said = json.loads(resources.path("program", "build.json").read_text("utf-8"))
    except FileNotFoundError:
        return Build(gridoffice.__version__)
    return Build(gridoffice.__version__, said["commit"], datetime.fromtimestamp(said["moment"], UTC).date())


@dataclass(frozen=True, slots=True)
class Part:
    """A part that somebody else made, and the texts of its licence."""

    name: str
    files: tuple[Path, ...]

    def text(self) -> str:
        """All of them, one below the other."""
        return "\n\n".join(file.read_text("utf-8", errors="replace") for file in self.files)


def parts() -> tuple[Part, ...]:
    """Everything in this program that others made, by name."""
    if LICENCES.is_dir():
        return tuple(
            Part(folder.name, tuple(sorted(path for path in folder.iterdir() if path.is_file())))
            for folder in sorted(LICENCES.iterdir(), key=lambda path: path.name.lower())
        )
    own = (
        Part("字体", tuple(sorted(resources.path("fonts").glob("*.txt")))),
        Part("Tabler Icons", (resources.path("icons", "LICENSE"),)),
    )
    found = {one.name: _texts(one) for one in distributions() if one.name != "gridoffice"}
    return own + tuple(Part(name, found[name]) for name in sorted(found, key=str.lower) if found[name])


def _texts(one: Distribution) -> tuple[Path, ...]:
    """The texts of licences that an installed package brought."""
    words = ("licen", "copying", "notice")
    return tuple(
        Path(str(one.locate_file(file)))
        for file in one.files or ()
        if ".dist-info" in str(file) and any(word in file.name.lower() for word in words)
    )
