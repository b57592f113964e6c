"""A street's roster of 600 rows through the import page, from the chosen file to the preview; a city's of
150,000 until it is written."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks import roster
from benchmarks.bench_roster_page import until
from benchmarks.measure import Watch

TITLE = "导入页：街道花名册从选中文件到核对表出现，全市花名册到写入，以及窗口的最长停顿"
REPEAT = 3
DAY = date(2026, 11, 21)
COUNT = 150_000


def prepare(folder: Path) -> None:
    from gridoffice.demo.build import build
    from gridoffice.demo.data import Size

    shutil.rmtree(folder / "demo", ignore_errors=True)
    built = build(folder / "demo", Size.STREET, DAY)
    shutil.copy(built.ledgers[0].workers, folder / "roster.xlsx")
    roster.workbook(folder, COUNT)
    roster.office(folder)


@contextmanager
def import_page(database: Path) -> Iterator[tuple[Any, Any]]:
    """The import page of a window on an office, and its runner."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from gridoffice.office import Office
    from ui.app import WARM, application, settle
    from ui.main_window import MainWindow
    from ui.pages import PAGES
    from ui.tasks import TaskRunner
    from ui.theme import SIZES, Theme, look

    application()
    look.start(Theme.LIGHT, SIZES[0])
    office, runner = Office.open(database), TaskRunner(WARM)
    window = MainWindow(office, runner, PAGES)
    window.resize(1440, 900)
    window.show()
    window.start()
    settle(window)
    window.go("import")
    settle(window)
    yield window.page_of("import"), runner
    window.close()
    runner.close()
    office.close()


def ours(folder: Path, watch: Watch) -> None:
    with import_page(folder / "demo" / "office.db") as (page, runner):
        look_at(folder / "roster.xlsx", page, runner, watch, write=False)


def city(folder: Path, watch: Watch) -> None:
    """The window's figures only: the worker process works beside it."""
    with import_page(roster.office(folder)) as (page, runner):
        look_at(roster.workbook(folder, COUNT), page, runner, watch, write=True)


def look_at(file: Path, page: Any, runner: Any, watch: Watch, *, write: bool) -> None:
    from ui.heartbeat import Heartbeat

    beat = Heartbeat()
    beat.start()
    with watch:
        page.arrive({"ledger": "workers", "file": file})
        until(lambda: page.file.now is not None and not runner.waiting)
        page.repaint()
        if write:
            written: list[Any] = []
            page.file.write(page.file.options, written.append)
            until(lambda: bool(written) and not runner.waiting)
            page.repaint()
    watch.note("最长停顿", beat.stop(), " 毫秒")
    watch.note("窗口自己最久忙", beat.busiest_ms, " 毫秒")


def threaded(folder: Path, watch: Watch) -> None:
    """The usual way: openpyxl in a QThread, every cell looked at, no comparison with the office."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtCore import QThread
    from PySide6.QtWidgets import QApplication, QTableWidget, QTableWidgetItem

    from gridoffice import idcard
    from ui.heartbeat import Heartbeat

    QApplication([])
    table = QTableWidget()
    table.resize(1440, 900)
    table.show()
    found: list[list[str]] = []

    class Reader(QThread):
        def run(self) -> None:
            import openpyxl

            sheet = openpyxl.load_workbook(folder / "roster.xlsx").worksheets[0]
            for row in sheet.iter_rows(min_row=4, values_only=True):
                texts = ["" if cell is None else str(cell) for cell in row]
                for text in texts:
                    if len(text) == 18:
                        idcard.check(text)
                found.append(texts)

    reader = Reader()
    beat = Heartbeat()
    beat.start()
    with watch:
        begun = time.perf_counter()
        reader.start()
        until(reader.isFinished)
        table.setRowCount(len(found))
        table.setColumnCount(len(found[0]))
        for line, texts in enumerate(found):
            for place, text in enumerate(texts):
                table.setItem(line, place, QTableWidgetItem(text))
        table.repaint()
        watch.note("全程", time.perf_counter() - begun, " 秒")
    watch.note("最长停顿", beat.stop(), " 毫秒")


CASES = {"网格办": ours, "openpyxl + QThread + QTableWidget": threaded, "网格办 150,000 行到写入": city}
