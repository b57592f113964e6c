"""A disk that rots: single bytes of an office's file are changed, and verify says so or nothing is lost.

After each change either something is found, or every row of every table is still what it was.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from db.tables import Base
from gridoffice.__main__ import main
from gridoffice.errors import OfficeError, Unreachable
from gridoffice.office import Office
from gridoffice.safekeeping import verify
from tests.offices import Copies

FLIPS = {"small": 80, "street": 8}
HEADER = 100
COUNTERS = "version"
"""How often a record was written: it is nobody's content, and only a locked month seals it too."""


def dump(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table as stored, read past the program."""
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
        connection.text_factory = bytes
        found = {}
        for table in Base.metadata.sorted_tables:
            names = ", ".join(f'"{column.name}"' for column in table.columns if column.name != COUNTERS)
            found[table.name] = sorted(
                connection.execute(f'SELECT {names} FROM "{table.name}" NOT INDEXED').fetchall(), key=repr
            )
        return found


def settled(copies: Copies, target: Path) -> Path:
    """An office as one file, with nothing left beside it."""
    shutil.copyfile(copies.file, target)
    with closing(sqlite3.connect(target)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    return target


@pytest.fixture(scope="module")
def small(locked_copies: Copies, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few people, one month locked: most of the file is room of empty tables."""
    return settled(locked_copies, tmp_path_factory.mktemp("whole") / "small.db")


@pytest.fixture(scope="module")
def street(street_copies: Copies, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo street, six months locked."""
    return settled(street_copies, tmp_path_factory.mktemp("whole") / "street.db")


def flipped(whole: Path, target: Path, offset: int, bit: int) -> None:
    shutil.copyfile(whole, target)
    with target.open("r+b") as file:
        file.seek(offset)
        (byte,) = file.read(1)
        file.seek(offset)
        file.write(bytes([byte ^ bit]))


def judged(file: Path) -> str:
    """What the program says of a file: found, refused, or clean. Anything else is a fault."""
    try:
        office = Office.open(file)
    except OfficeError:
        return "refused"
    try:
        return "found" if verify(office).findings else "clean"
    except OfficeError:
        return "found"
    finally:
        office.close()


@pytest.mark.parametrize("size_of", list(FLIPS))
def test_a_changed_byte_is_found_or_changes_nothing(
    size_of: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    whole, flips = request.getfixturevalue(size_of), FLIPS[size_of]
    rng = random.Random(f"damage {size_of}")
    size = whole.stat().st_size
    # half of the flips where something stands: the rest of a small file is room of empty tables
    stands = [place for place, byte in enumerate(whole.read_bytes()) if byte and place >= HEADER]
    original = dump(whole)
    came_to: Counter[str] = Counter()
    for number in range(flips):
        offset = rng.choice(stands) if number % 2 else rng.randrange(HEADER, size)
        bit = 1 << rng.randrange(8)
        copy = tmp_path / f"{number}.db"
        flipped(whole, copy, offset, bit)
        verdict = judged(copy)
        came_to[verdict] += 1
        if verdict == "clean":
            assert dump(copy) == original, f"byte {offset} ^ {bit:#x} was not noticed"
        for leftover in tmp_path.glob(f"{number}.db*"):
            leftover.unlink()
    assert came_to["found"] + came_to["refused"] >= flips // 4, came_to


def places_of(whole: Path, *wanted: bytes) -> list[int]:
    """Where texts stand in the file."""
    content = whole.read_bytes()
    return [content.index(one) + len(one) // 2 for one in wanted]


def test_a_changed_byte_of_what_matters_is_found(small: Path, tmp_path: Path) -> None:
    """In a name, a number, a score, a line of the journal, a setting, an account."""
    with closing(sqlite3.connect(small)) as connection:
        one = "SELECT {} FROM {} WHERE {} IS NOT NULL LIMIT 1 OFFSET 0".format

        def some(column: str, table: str) -> bytes:
            found = connection.execute(one(column, table, column)).fetchone()[0]
            return found if isinstance(found, bytes) else str(found).encode()

        wanted = [
            some(column, table)
            for column, table in (
                ("name", "person"),
                ("id_number", "person"),
                ("phone", "person"),
                ("code", "grid"),
                ("recorded", "sheet"),
                ("points", "sheet"),
                ("seal", "sheet"),
                ("digest", "month"),
                ("title", "action"),
                ("digest", "action"),
                ("display", "account"),
            )
        ]
        wanted.append(
            str(connection.execute("SELECT substr(body, 100, 40) FROM scheme").fetchone()[0]).encode()
        )
        wanted.append(
            connection.execute(
                "SELECT substr(body, 40, 40) FROM action_part WHERE length(body) > 200"
            ).fetchone()[0]
        )
    for number, offset in enumerate(places_of(small, *wanted)):
        copy = tmp_path / f"{number}.db"
        flipped(small, copy, offset, 1)
        assert judged(copy) != "clean", wanted[number]
        copy.unlink()


def test_the_command_line_says_it_in_a_sentence(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = random.Random("said")
    size = small.stat().st_size
    offsets = [
        0,
        16,
        18,
        28,
        56,
        *(rng.randrange(HEADER, 8192) for _ in range(6)),
        *(rng.randrange(size) for _ in range(4)),
    ]
    for offset in offsets:
        copy = tmp_path / "一.db"
        flipped(small, copy, offset, 0x40)
        status = main(["--database", str(copy), "verify"])
        said = capsys.readouterr()
        assert status in (0, 1), (offset, said)
        assert "故障编号" not in said.err, (offset, said)
        for leftover in tmp_path.glob("一.db*"):
            leftover.unlink()


@pytest.mark.parametrize("keep", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_half_a_file_is_refused_or_found(small: Path, tmp_path: Path, keep: float) -> None:
    copy = tmp_path / "半.db"
    copy.write_bytes(small.read_bytes()[: int(small.stat().st_size * keep)])
    assert judged(copy) != "clean"


def test_an_account_nobody_can_read_is_said(small: Path, tmp_path: Path) -> None:
    copy = tmp_path / "账号.db"
    shutil.copyfile(small, copy)
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("UPDATE account SET role = 'koenig'")
        connection.commit()
    with pytest.raises(Unreachable, match="读不出来"):
        Office.open(copy)
