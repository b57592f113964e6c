"""The pages of a month's assessment over a city of 141,102 sheets: opened, turned, a sheet told, how long the
window stood still; and the page of comparison beside eleven locked months."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks import bench_month_history, city_month, roster
from benchmarks.measure import Watch

TITLE = "考核各页：一个城市的一个月，打开到停下来，窗口最长停顿（毫秒）；与前 11 个月对比"
REPEAT = 1
PAGES_OF_A_MONTH = ("assessment", "calibration", "appeals", "comparison", "schemes", "departments")


def prepare(folder: Path) -> None:
    bench_month_history.prepare(folder)
    computed(folder)


def computed(folder: Path) -> Path:
    """The city with one month computed. Made once."""
    from gridoffice.assessment.service import compute
    from gridoffice.office import Office

    kept = folder / f"one month {roster.schema()}.db"
    if not kept.is_file():
        file = city_month.filled(folder)
        office = Office.open(file)
        office.write(compute, city_month.MONTH)
        office.close()
        file.rename(kept)
    return kept


def pages(folder: Path, watch: Watch) -> None:
    """Each page of the month, and what is done most on it."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from gridoffice.office import Office
    from ui.app import WARM, application, settle
    from ui.heartbeat import Heartbeat
    from ui.main_window import MainWindow
    from ui.pages import PAGES
    from ui.tasks import TaskRunner
    from ui.theme import SIZES, Theme, look

    application()
    look.start(Theme.LIGHT, SIZES[0])
    office, runner = Office.open(computed(folder)), TaskRunner(WARM)
    window: Any = MainWindow(office, runner, PAGES)
    window.unattended = True
    window.resize(1440, 900)
    window.go("home")
    window.show()
    window.start()
    settle(window, at_most_ms=60_000)

    def timed(words: str, act: Callable[[], Any]) -> None:
        beat = Heartbeat()
        beat.start()
        begun = time.perf_counter()
        act()
        settle(window, at_most_ms=60_000)
        took = (time.perf_counter() - begun) * 1000
        gap, own = beat.stop(), beat.busiest_ms
        watch.note(words, gap, f"（自己忙 {own:.0f}，共 {took:.0f}）")

    with watch:
        for key in PAGES_OF_A_MONTH:
            timed(next(page.words for page in PAGES if page.key == key), lambda key=key: window.go(key))
        window.go("assessment")
        settle(window, at_most_ms=60_000)
        page = window.page
        timed("考核：一张表的得分", lambda: page._edit(page.grid.table.model.ids[70], 1))
        timed("考核：看原始值", lambda: page.grid.show_values(True))
        timed("校准：看分布", lambda: (window.go("calibration"), window.page._turn()))
    assert window.faults == [], [one.detail for one in window.faults]
    runner.close()
    office.close()


def compared(folder: Path, watch: Watch) -> None:
    """What the page of comparison asks for: this month added up from its sheets, those before it as they were
    locked."""
    from gridoffice.assessment.comparing import comparison
    from gridoffice.office import Office

    file = bench_month_history.history(folder)
    _lock_earlier(file)
    office = Office.open(file)
    with watch:
        found = office.read(comparison, city_month.KEY, city_month.MONTH)
    watch.note("月份", len(found.months))
    watch.note("区域", len(found.areas))
    office.close()


def _lock_earlier(file: Path) -> None:
    """The copies of the month are as locking leaves them: with what they add up to beside them."""
    from gridoffice.assessment.locking import tally_to_keep
    from gridoffice.assessment.month import month_record
    from gridoffice.office import Office

    office = Office.open(file)
    kept = office.read(lambda session: tally_to_keep(session, month_record(session, city_month.MONTH)))
    office.close()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(
            "UPDATE month SET state = 'locked', tally = ? WHERE period <> ? AND state <> 'locked'",
            (kept, city_month.MONTH),
        )
        connection.commit()


CASES = {
    "一个月的各页": pages,
    "与前 11 个月对比": compared,
}
