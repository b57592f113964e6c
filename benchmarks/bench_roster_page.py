"""The roster page over a city's 150,000 workers: opened, sorted, searched; and how long it stood still."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.measure import Watch

TITLE = "花名册页：15 万人，打开、按姓名排序、输入查找（窗口真的画出来）"
REPEAT = 3
DAY = date(2026, 11, 21)


def prepare(folder: Path) -> None:
    """A made-up city, and the same people as one flat table for the peers."""
    from gridoffice.demo import Size, make
    from gridoffice.demo.bulk import fill
    from gridoffice.establish import establish

    for leftover in folder.glob("*.db*"):
        leftover.unlink()
    made = make(Size.CITY, DAY)
    office = establish(folder / "city.db", name=made.name, organisation=made.organisation)
    fill(office, made)
    office.close()
    with sqlite3.connect(folder / "city.db") as connection:
        connection.execute(f"ATTACH '{folder / 'flat.db'}' AS flat")
        connection.execute(
            "CREATE TABLE flat.roster AS SELECT p.name, t.title, g.name AS grid, p.id_number, p.phone, p.sex, "
            "p.birth, p.education, t.employment, t.from_day, p.pinyin "
            "FROM post t JOIN person p ON p.id = t.person_id JOIN grid g ON g.id = t.grid_id "
            "WHERE t.to_day IS NULL ORDER BY t.grid_path, t.id"
        )


def until(true: Callable[[], bool]) -> float:
    """Run the event loop until something is so; answers how many milliseconds that took."""
    from PySide6.QtCore import QEventLoop, QTimer

    start = time.perf_counter()
    loop, timer = QEventLoop(), QTimer()
    timer.timeout.connect(lambda: loop.quit() if true() else None)
    timer.start(1)
    if not true():
        loop.exec()
    return (time.perf_counter() - start) * 1000


def ours(folder: Path, watch: Watch) -> None:
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
    office, runner = Office.open(folder / "city.db"), TaskRunner(WARM)
    window = MainWindow(office, runner, PAGES)
    window.resize(1440, 900)
    window.go("grids")
    window.show()
    window.start()
    settle(window, at_most_ms=60_000)
    beat = Heartbeat()
    beat.start()
    with watch:
        begun = time.perf_counter()
        window.go("workers")
        table = window.page_of("workers").table
        until(lambda: table.model.rowCount() > 0)
        table.view.viewport().repaint()
        watch.note("打开", (time.perf_counter() - begun) * 1000, " 毫秒")
        until(lambda: len(table.model.ids) > 100_000 and not runner.waiting)
        watch.note("全部到齐", (time.perf_counter() - begun) * 1000, " 毫秒")
        before = table.model.ids
        table.show_what(sort="name")
        took = until(lambda: table.model.ids is not before)
        table.view.viewport().repaint()
        watch.note("排序", took, " 毫秒")
        took += until(lambda: 0 not in table.model.ids[-1:] and not runner.waiting)
        watch.note("全部排好", took, " 毫秒")
        before = table.model.ids
        table.show_what(search="wf")
        took = until(lambda: table.model.ids is not before and not runner.waiting)
        table.view.viewport().repaint()
        watch.note("查找", took, " 毫秒")
    watch.note("最长停顿", beat.stop(), " 毫秒")
    window.close()
    runner.close()
    office.close()


def _peer(
    folder: Path, watch: Watch, make: Callable[[Any], tuple[Any, Callable[[], None], Callable[[], None]]]
) -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtWidgets import QApplication, QTableView

    from ui.heartbeat import Heartbeat

    app = QApplication([])
    view = QTableView()
    view.resize(1440, 900)
    view.show()
    beat = Heartbeat()
    beat.start()
    with watch:
        begun = time.perf_counter()
        model, sort, search = make(folder / "flat.db")
        view.setModel(model)
        view.repaint()
        watch.note("打开", (time.perf_counter() - begun) * 1000, " 毫秒")
        for words, step in (("排序", sort), ("查找", search)):
            begun = time.perf_counter()
            step()
            view.viewport().repaint()
            watch.note(words, (time.perf_counter() - begun) * 1000, " 毫秒")
    app.sendPostedEvents()
    watch.note("最长停顿", beat.stop(), " 毫秒")


def proxy(folder: Path, watch: Watch) -> None:
    """All rows in a Python model, sorted and filtered by Qt's proxy: what most tutorials show."""
    from PySide6.QtCore import QAbstractTableModel, QSortFilterProxyModel, Qt

    class Rows(QAbstractTableModel):
        def __init__(self, rows: list[tuple[Any, ...]]):
            super().__init__()
            self.rows = rows

        def rowCount(self, parent: Any = None) -> int:
            return len(self.rows)

        def columnCount(self, parent: Any = None) -> int:
            return 11

        def data(self, index: Any, role: int = 0) -> Any:
            return self.rows[index.row()][index.column()] if role == Qt.ItemDataRole.DisplayRole else None

    def make(file: Path) -> tuple[Any, Callable[[], None], Callable[[], None]]:
        with sqlite3.connect(file) as connection:
            source = Rows(connection.execute("SELECT * FROM roster").fetchall())
        made = QSortFilterProxyModel()
        made.setSourceModel(source)
        source.setParent(made)
        made.setFilterKeyColumn(10)
        return made, lambda: made.sort(10), lambda: made.setFilterFixedString("wangf")

    _peer(folder, watch, make)


def query(folder: Path, watch: Watch) -> None:
    """Qt's own SQL model with ORDER BY and LIKE, fetched 256 rows at a time, in the window's thread."""
    from PySide6.QtCore import Qt
    from PySide6.QtSql import QSqlDatabase, QSqlTableModel

    def make(file: Path) -> tuple[Any, Callable[[], None], Callable[[], None]]:
        database = QSqlDatabase.addDatabase("QSQLITE")
        database.setDatabaseName(str(file))
        database.open()
        made = QSqlTableModel(db=database)
        made.setTable("roster")
        made.select()
        return (
            made,
            lambda: made.sort(10, Qt.SortOrder.AscendingOrder),
            lambda: made.setFilter(
                "pinyin LIKE '%wangf%' OR name LIKE '%wangf%' OR id_number LIKE '%wangf%'"
            ),
        )

    _peer(folder, watch, make)


CASES = {"网格办": ours, "QSqlTableModel": query, "QSortFilterProxyModel": proxy}
