"""The tree of a city: opened, counted, found in, moved in; today and a year ago, on both databases."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.measure import Watch

TITLE = "网格树：13 万个网格，打开、逐级汇总、查找、移动 5,000 个网格的街道（毫秒）"
REPEAT = 2
DAY = date(2026, 11, 21)
CHANGED, BEFORE = date(2026, 6, 1), date(2026, 5, 1)


def prepare(folder: Path) -> None:
    """A made-up city."""
    from gridoffice.demo import Size, make
    from gridoffice.demo.bulk import fill
    from gridoffice.establish import establish

    if (folder / "city.db").is_file():
        return
    made = make(Size.CITY, DAY)
    office = establish(folder / "new.db", name=made.name, organisation=made.organisation)
    fill(office, made)
    office.close()
    (folder / "new.db").rename(folder / "city.db")


def looked(office: Any, watch: Watch, what: str, question: Callable[..., Any], *args: Any) -> Any:
    begun = time.perf_counter()
    answer = office.read(question, *args)
    watch.note(what, (time.perf_counter() - begun) * 1000)
    return answer


def walk(office: Any, watch: Watch) -> None:
    from gridoffice import history
    from gridoffice.grids.changing import change_grids, preview
    from gridoffice.grids.history import as_of
    from gridoffice.grids.listing import GRIDS
    from gridoffice.grids.operations import Basis, Establish, Move
    from gridoffice.grids.tree import children, roll_up
    from gridoffice.listing import Ask

    tops = looked(office, watch, "打开", children, None)
    level = tops[0]
    below = looked(office, watch, "展开", children, level.id)
    counts = looked(office, watch, "汇总", roll_up)
    looked(office, watch, "查找", GRIDS.ids, Ask(search="mingyue"))
    # a whole district goes to another city
    number = min(counts, key=lambda one: abs(counts[one].grids - 5000))
    city = Establish("另一个市", tops[0].kind, None, "999900")
    (other,) = office.write(change_grids, Basis(BEFORE), [city]).result.established
    watch.note("移动的网格", counts[number].grids + 1)
    move = [Move(number, other)]
    looked(office, watch, "预览", preview, Basis(CHANGED), move)
    begun = time.perf_counter()
    done = office.write(change_grids, Basis(CHANGED), move)
    watch.note("移动", (time.perf_counter() - begun) * 1000)
    looked(office, watch, "往日打开", children, None, BEFORE)
    looked(office, watch, "往日展开", children, below[0].id, BEFORE)
    looked(office, watch, "往日汇总", roll_up, None, BEFORE)
    looked(office, watch, "往日全树", as_of, BEFORE)
    begun = time.perf_counter()
    office.write(history.undo, done.action)
    watch.note("撤销", (time.perf_counter() - begun) * 1000)


def local(folder: Path, watch: Watch) -> None:
    from gridoffice.office import Office

    copy = folder / "walked.db"
    shutil.copyfile(folder / "city.db", copy)
    office = Office.open(copy)
    with watch:
        walk(office, watch)
    office.close()
    copy.unlink()


def shared(folder: Path, watch: Watch) -> None:
    """The same city in a PostgreSQL of its own."""
    from db import backup, migrate
    from db.session import Store
    from gridoffice.office import Office
    from tests import postgresql

    with postgresql.running() as server:
        address = server.create("tree")
        store = Store(address)
        migrate.upgrade(store.engine)
        backup.restore(folder / "city.db", store)
        with store.engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")
        store.close()
        office = Office.open(address)
        with watch:
            walk(office, watch)
        office.close()


CASES = {"网格办 SQLite": local, "网格办 PostgreSQL": shared}
