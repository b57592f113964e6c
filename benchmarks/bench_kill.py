"""Two hundred power cuts: a process that writes to an office is killed at random moments, and nothing is lost."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

from benchmarks.measure import Watch

TITLE = "断电 200 次：边写边杀，每次核验（变动首尾相接、答复过的都在、备份都完整）"
REPEAT = 1
POINTS = 200


def prepare(folder: Path) -> None:
    from gridoffice.establish import establish
    from tests.offices import furnish

    for old in folder.glob("office.db*"):
        old.unlink()
    office = establish(folder / "office.db", name="青禾街道网格办")
    furnish(office)
    office.close()


def kills(folder: Path, watch: Watch, *, password: bool) -> None:
    from gridoffice.file_password import put
    from gridoffice.office import Office
    from tests.stories.killing import killed_at

    work = folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    shutil.copyfile(folder / "office.db", work / "office.db")
    address = str(work / "office.db")
    if password:
        put(Office.open(address), "青禾 纸船 1999", backups=False)
        office = Office.open(address)
        address = office.store.address
        office.close()
    with watch:
        came = killed_at(POINTS, address, work)
    watch.note("断电", came["kills"])
    watch.note("写成的变动", came["lines"])
    watch.note("写成了没来得及答复", came["cut off before the answer"])
    watch.note("核对过的备份", came["whole backups"])
    watch.note("丢失", 0)


CASES = {"本机资料库": partial(kills, password=False), "有密码的": partial(kills, password=True)}
