"""Every page over a city of 130,000 grids and 150,000 workers: opened, and how long the window stood still."""

from __future__ import annotations

import os
import time
from pathlib import Path

from benchmarks import roster
from benchmarks.measure import Watch

TITLE = "每一页：13 万个网格、15 万人，打开到停下来，窗口最长停顿（毫秒）"
REPEAT = 1


def prepare(folder: Path) -> None:
    roster.office(folder, people=True)


def every(folder: Path, watch: Watch) -> None:
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
    office, runner = Office.open(folder / "office.db"), TaskRunner(WARM)
    window = MainWindow(office, runner, PAGES)
    window.unattended = True
    window.resize(1440, 900)
    window.go("home")
    window.show()
    window.start()
    settle(window, at_most_ms=60_000)
    with watch:
        for page in PAGES:
            beat = Heartbeat()
            beat.start()
            begun = time.perf_counter()
            window.go(page.key)
            settle(window, at_most_ms=60_000)
            took = (time.perf_counter() - begun) * 1000
            gap, own = beat.stop(), beat.busiest_ms
            watch.note(page.words, gap, f"（自己忙 {own:.0f}，共 {took:.0f}）")
    assert window.faults == [], window.faults
    runner.close()
    office.close()


CASES = {"网格办": every}
