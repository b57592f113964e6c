"""What lies in the repository: the rooms, their names, and nothing of the machine it was written on."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.guards.sources import ROOMS, ROOT, modules

TOP_LEVEL = {
    ".ci",
    ".gitattributes",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "benchmarks",
    "dev.py",
    "docs",
    "installer",
    "pyproject.toml",
    "requirements-dev.lock",
    "requirements.lock",
    "tests",
    *ROOMS,
}

SAYS_NOTHING = re.compile(r"util|helper|manager|common|misc|shared")

# Split so that this file does not match itself.
FOREIGN = re.compile(
    r"(?<![\w./])/(?:root|work|home/\w+)/"
    r"|[A-Z]:\\{1,2}Users\\"
    r"|pypi" r"\.org|python" r"hosted|npm" r"js\.|deb\.deb" r"ian|npm" r"mirror|tuna\.tsing" r"hua"
)  # fmt: skip

MADE_UP = ("519921", "110105")  # a county that does not exist, and the example printed in GB 11643 itself


@cache
def tracked() -> tuple[Path, ...]:
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    )
    return tuple(
        ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()
    )


@cache
def texts() -> tuple[tuple[Path, str], ...]:
    found = []
    for path in tracked():
        body = path.read_bytes()
        if b"\0" not in body[:4096]:
            found.append((path.relative_to(ROOT), body.decode("utf-8")))
    return tuple(found)


def test_the_top_level_is_the_one_agreed() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} <= TOP_LEVEL


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [path for path in modules() if SAYS_NOTHING.search(path.stem)] == []


def test_nothing_names_a_machine_or_a_registry() -> None:
    found = [
        f"{path}:{number}: {match[0]}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if (match := FOREIGN.search(line))
    ]
    assert found == []


def test_every_identity_number_written_down_is_made_up() -> None:
    real = [
        f"{path}: {number}"
        for path, text in texts()
        for number in re.findall(r"(?<!\w)\d{17}[\dXx](?!\w)", text)
        if plausible(number) and not number.startswith(MADE_UP)
    ]
    assert real == []


def plausible(number: str) -> bool:
    """Whether a number could be somebody's: a birth date and a right check digit, GB 11643-1999."""
    weights = [pow(2, 17 - place, 11) for place in range(17)]
    rest = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False)) % 11
    born = re.fullmatch(r"(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])", number[6:14])
    return bool(born) and number[17].upper() == "10X98765432"[rest]


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_everything_locked_carries_its_hashes(name: str) -> None:
    entries = re.split(r"\n(?=\S)", (ROOT / name).read_text("utf-8").strip())
    assert entries
    assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_both_locks_hold_the_same_versions() -> None:
    runtime, development = (
        set(re.findall(r"^[\w.-]+==\S+", (ROOT / name).read_text("utf-8"), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert runtime <= development
