"""The page of documents over a street: from the click to the first page on screen, for papers of every make."""

from __future__ import annotations

import os
import shutil
import time
from datetime import date
from pathlib import Path

from benchmarks.bench_roster_page import until
from benchmarks.measure import Watch

TITLE = "公文：街道资料，从点开到看见第一页（毫秒）"
REPEAT = 3
DAY = date(2026, 11, 21)
IDLE = 4.0
"""Seconds after the window opened in which nobody asks for a paper: nobody clicks sooner."""
LONGEST = 20.0
PAPERS = (
    "assessment",
    "roster",
    "skills",
    "training-hours",
    "findings",
    "redline",
    "quarter",
    "yearbook",
    "badges",
    "results",
    "areas",
    "notices",
    "publicity",
)
"""An official document with annexes, a stored list, lists that are worked out, documents with charts, cards."""


def prepare(folder: Path) -> None:
    from gridoffice.demo.build import build
    from gridoffice.demo.data import Size

    shutil.rmtree(folder / "demo", ignore_errors=True)
    build(folder / "demo", Size.STREET, DAY)


def ours(folder: Path, watch: Watch) -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from gridoffice.office import Office
    from gridoffice.reports import REPORTS
    from ui.app import WARM, application, settle
    from ui.main_window import MainWindow
    from ui.pages import PAGES
    from ui.tasks import TaskRunner
    from ui.theme import SIZES, Theme, look

    application()
    look.start(Theme.LIGHT, SIZES[0])
    office, runner = Office.open(folder / "demo" / "office.db"), TaskRunner(WARM)
    window = MainWindow(office, runner, PAGES)
    window.unattended = True
    window.resize(1440, 900)
    window.go("home")
    window.show()
    window.start()
    settle(window)
    ready = time.perf_counter() + IDLE
    until(lambda: time.perf_counter() > ready)
    with watch:
        for again in ("", "再看"):
            for key in PAPERS:
                window.go("home")
                settle(window)
                page = window.pages.get("documents")
                before = page.view.pdf if page is not None else None
                begun = time.perf_counter()
                window.go("documents", report=key)
                view = window.page_of("documents").view

                def seen(view=view, before=before, begun=begun) -> bool:
                    sheets = view.paper.sheets
                    late = time.perf_counter() - begun > LONGEST
                    return late or (view.pdf is not before and bool(sheets) and sheets[0].picture is not None)

                until(seen)
                view.repaint()
                assert view.paper.sheets, key
                watch.note(f"{again}{REPORTS[key].title}", (time.perf_counter() - begun) * 1000)
                settle(window)
    assert window.faults == [], window.faults
    runner.close()
    office.close()


CASES = {"网格办": ours}
