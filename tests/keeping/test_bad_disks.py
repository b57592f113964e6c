"""Full disks and files that cannot be written to: one sentence, and everything is as it was."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event

from gridoffice import rolling, safekeeping
from gridoffice.errors import OfficeError, Unreachable
from gridoffice.grids.service import save_grid
from gridoffice.office import Office
from gridoffice.workers.service import save_worker
from tests.offices import JOURNAL, PASSWORD, Copies, Opening, content, grid_id, number

ROOT = Path(__file__).parents[2]


@pytest.fixture
def office(small_copies: Copies, tmp_path: Path, office_at: Opening) -> Office:
    folder = tmp_path / "本办"
    folder.mkdir()
    (folder / "office.db").write_bytes(small_copies.file.read_bytes())
    return office_at(folder / "office.db")


def test_a_full_disk_takes_no_half_write(office: Office) -> None:
    """SQLite's own SQLITE_FULL, in the middle of a write that wants more pages than there are."""
    before = content(office.store)
    place = grid_id(office, "519921001001001")
    office.store.engine.dispose()

    def fill(connection, _record) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 1}")

    event.listen(office.store.engine, "connect", fill)

    def many() -> None:
        for one in range(100, 180):
            office.write(save_worker, None, {"name": "周敏" * 20, "id_number": number(one), "grid_id": place})

    with pytest.raises(Unreachable, match="磁盘满了，这次没有写入"):
        many()
    event.remove(office.store.engine, "connect", fill)
    office.store.engine.dispose()
    assert safekeeping.verify(office).findings == ()
    after = content(office.store)
    assert len(after["person"]) == len(before["person"]) + len(after["action"]) - len(before["action"])
    office.write(save_grid, grid_id(office, "519921001"), {"population": 3})
    assert safekeeping.verify(office).findings == ()


PROGRAM = """
import sys
if sys.argv[1] != "0":
    import resource, signal
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
from gridoffice.__main__ import main
for words in sys.argv[3:]:
    print("STATUS", main(["--database", sys.argv[2], *words.split()]), flush=True)
"""


def program(file: Path, *commands: str, limit: int = 0, nobody: bool = False) -> tuple[list[str], str]:
    """Several commands in one process, which may write `limit` bytes to a file (0: any), or is nobody, for whom a
    read-only file is read-only (root may write to any). Answers their statuses and what was said."""
    front: list[str] = []
    if nobody and os.geteuid() == 0:
        front = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    done = subprocess.run(
        [*front, sys.executable, "-B", "-c", PROGRAM, str(limit), str(file), *commands],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), **({"XDG_DATA_HOME": "/nowhere"} if nobody else {})},
    )
    assert done.returncode == 0, done.stderr
    return [line.split()[1] for line in done.stdout.splitlines() if line.startswith("STATUS")], done.stderr


def test_no_room_for_a_backup_or_a_write(office: Office) -> None:
    """The system itself refuses to write more: no half backup stays, nothing is written, the sentences say why."""
    file = office.store.file
    assert file is not None
    before = content(office.store, JOURNAL)
    office.close()
    half = file.stat().st_size // 2
    statuses, said = program(file, "backup", f"backup {file.parent}/另存.backup", limit=half)
    assert statuses == ["1", "1"], said
    assert said.count("备份写不到") == 2 and said.count("腾出地方") == 2, said
    statuses, more = program(file, "undo", limit=9000)
    assert statuses == ["1"] and "写不进去，这次没有写入" in more, more
    assert "故障编号" not in said + more
    assert list(file.parent.rglob("*.backup*")) == []
    again = Office.open(file)
    assert content(again.store, JOURNAL) == before, "only what was tried is noted"
    assert safekeeping.verify(again).findings == ()
    again.close()


@pytest.mark.parametrize("protected", [False, True])
def test_a_read_only_file_is_said(
    small_copies: Copies, protected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where this user has no folder of his own to write to."""
    monkeypatch.setenv("GRIDOFFICE_FILE_PASSWORD", PASSWORD)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        file = Path(folder) / "small.db"
        if protected:
            small_copies.with_password(Path(folder))
        else:
            file.write_bytes(small_copies.file.read_bytes())
        whole = file.read_bytes()
        file.chmod(0o444)
        statuses, said = program(file, "undo", "journal", "verify", nobody=True)
        assert statuses == ["1", "1", "1"], said
        assert said.count("是只读的，不能写入") == 3 and "Traceback" not in said, said
        assert file.read_bytes() == whole


def test_a_shelf_that_cannot_be_written_to(office: Office, tmp_path: Path) -> None:
    (tmp_path / "本办" / "office 备份").write_text("a file where the folder should be", encoding="utf-8")
    for make in (lambda: rolling.roll(office), lambda: safekeeping.back_up(office)):
        attempt: Callable[[], object] = make
        with pytest.raises(OfficeError, match="备份写不到"):
            attempt()
    assert safekeeping.verify(office).findings == ()
