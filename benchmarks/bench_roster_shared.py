"""20,000 rows of a roster into a shared office: PostgreSQL on this machine, beside a local file.

CPU seconds are those of the program alone; the server's own are not counted, wall seconds hold both.
"""

# the peer is not among the locked dependencies: who runs this bench installs it
# pyright: reportMissingImports=false

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import roster
from benchmarks.bench_roster_import import take_in
from benchmarks.measure import Watch

TITLE = "导入：20,000 行 × 20 列，写入共享资料库（PostgreSQL）与本地文件"
REPEAT = 3
COUNT = 20_000


def prepare(folder: Path) -> None:
    roster.workbook(folder, COUNT)
    roster.office(folder, COUNT)


@contextmanager
def shared(folder: Path) -> Iterator[str]:
    """The address of a fresh shared office with the grids and nobody in them."""
    from db import backup, migrate
    from db.session import Store
    from tests import postgresql

    with postgresql.running() as server:
        store = Store(server.create("office"))
        migrate.upgrade(store.engine)
        backup.restore(roster.office(folder, COUNT), store)
        store.close()
        server.execute("VACUUM ANALYZE")
        yield server.url("office")


def postgresql_office(folder: Path, watch: Watch) -> None:
    from gridoffice.office import Office

    with shared(folder) as address:
        office = Office.open(address)
        assert take_in(office, roster.workbook(folder, COUNT), watch) == f"新增 {COUNT}"
        office.close()


def local_office(folder: Path, watch: Watch) -> None:
    from gridoffice.office import Office

    office = Office.open(roster.office(folder, COUNT))
    assert take_in(office, roster.workbook(folder, COUNT), watch) == f"新增 {COUNT}"
    office.close()


def bare(folder: Path, watch: Watch) -> None:
    """Everything as text into one table; nothing is checked."""
    import pandas as pd
    from sqlalchemy import create_engine

    with shared(folder) as address:
        engine = create_engine(address)
        with watch:
            frame = pd.read_excel(roster.workbook(folder, COUNT), header=1, dtype=str, engine="calamine")
            frame.to_sql("roster", engine, index=False)
        engine.dispose()


CASES = {
    "网格办 PostgreSQL": postgresql_office,
    "网格办 SQLite": local_office,
    "pandas+calamine+to_sql PostgreSQL 什么都不查": bare,
}
