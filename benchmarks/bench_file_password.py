"""A local office under a password beside one without: opened, taken in, looked at, saved, backed up."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import roster
from benchmarks.measure import Watch

TITLE = "有密码的本机资料库：20,000 行导入、花名册、逐个保存、备份"
REPEAT = 3
COUNT = 20_000
SAVES = 50
PASSWORD = "青禾 纸船 1999"


def prepare(folder: Path) -> None:
    roster.workbook(folder, COUNT)
    roster.office(folder, COUNT)


def walk(folder: Path, watch: Watch, *, password: bool) -> None:
    from db import keyed
    from gridoffice import safekeeping
    from gridoffice.file_password import put
    from gridoffice.intake import Options
    from gridoffice.listing import Ask
    from gridoffice.office import Office
    from gridoffice.review import Review
    from gridoffice.unlocking import unlock
    from gridoffice.workers.listing import WORKERS
    from gridoffice.workers.service import save_worker

    file = roster.office(folder, COUNT)
    if password:
        put(Office.open(file), PASSWORD)
        keyed._known.clear()

    def timed(what: str, deed: Callable[[], Any], times: int = 1) -> Any:
        found, begun = None, time.perf_counter()
        for _ in range(times):
            found = deed()
        watch.note(what, (time.perf_counter() - begun) * 1000 / times, " 毫秒")
        return found

    def enter() -> Office:
        if password:
            unlock(file, PASSWORD)
        return Office.open(file)

    def page(ask: Ask) -> Callable[[], Any]:
        return lambda: office.read(
            lambda session: WORKERS.rows(session, ids[:60]) if (ids := WORKERS.ids(session, ask)) else []
        )

    with watch:
        office = timed("打开", enter)
        review = Review(office, "workers", roster.workbook(folder, COUNT), Options())
        review.summary()
        done = timed("写入", review.write)
        assert done.in_words() == f"新增 {COUNT}"
        timed("花名册", page(Ask()), 5)
        timed("排序", page(Ask(sort="name")), 5)
        timed("查找", page(Ask(search="wf")), 5)
        someone = page(Ask())()[0].id
        turns = iter(range(SAVES))
        timed(
            "保存", lambda: office.write(save_worker, someone, {"address": f"梧桐路 {next(turns)} 号"}), SAVES
        )
        timed("备份", lambda: safekeeping.back_up(office, folder / "taken.backup"))
    office.close()


CASES = {"没有密码": partial(walk, password=False), "有密码": partial(walk, password=True)}
