"""What row-level security costs: the roster page over a city's 150,000 workers, read past every policy, by an
account of the whole office, and by accounts of one street and one community."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import bench_tree
from benchmarks.measure import Watch

PAGE = 128
ROUNDS = 7
TITLE = (
    "行级安全：15 万人花名册页，不设策略 / 全办账号 / 街道账号 / 社区账号（毫秒）；全办 ≤ 1.2 倍；"
    "本机：街道、社区账号与全办账号比"
)
REPEAT = 1
prepare = bench_tree.prepare
"""A made-up city."""

ACCOUNTS = ("whole", "street", "community")


def page(office: Any) -> dict[str, float]:
    """Each step of the page, in milliseconds."""
    from gridoffice.listing import Ask
    from gridoffice.workers.listing import WORKERS

    found: dict[str, float] = {}

    def step(what: str, question: Any, *args: Any) -> Any:
        begun = time.perf_counter()
        answer = office.read(question, *args)
        found[what] = (time.perf_counter() - begun) * 1000
        return answer

    first = step("首屏", WORKERS.ids, Ask(limit=PAGE))
    step("首屏各行", WORKERS.rows, list(first))
    step("全部次序", WORKERS.ids, Ask())
    step("按姓名", WORKERS.ids, Ask(sort="name", limit=PAGE))
    step("查找", WORKERS.ids, Ask(search="wf", limit=PAGE))
    return found


def _grid(office: Any, length: int) -> int:
    """The grid of that depth below which most people serve."""
    from sqlalchemy import func, select

    from db.tables import Grid, Post

    with office.store.reading() as session:
        path = func.substr(Post.grid_path, 1, length)
        query = select(path).where(func.length(Post.grid_path) >= length).group_by(path)
        most = session.scalar(query.order_by(func.count().desc()).limit(1))
        return session.scalars(select(Grid.id).where(Grid.path == most)).one()


def _accounts(owner: Any) -> None:
    from db.enums import Role
    from gridoffice.accounts.keeping import add_account

    owner.write(add_account, "whole", "全办", Role.CLERK)
    owner.write(add_account, "street", "街道", Role.CLERK, _grid(owner, 15))
    owner.write(add_account, "community", "社区", Role.CLERK, _grid(owner, 20))


def _told(offices: dict[str, Any], watch: Watch) -> None:
    """The page by each in turn, and how many times the first one's time each takes."""
    rounds: dict[str, list[dict[str, float]]] = {name: [] for name in offices}
    with watch:
        for _ in range(ROUNDS):
            for name, office in offices.items():
                rounds[name].append(page(office))
    told = {
        name: {what: median(one[what] for one in said) for what in said[0]} for name, said in rounds.items()
    }
    for name, said in told.items():
        for what, value in said.items():
            watch.note(f"{name}·{what}", value)
    peer = next(iter(offices))
    for name in list(offices)[1:]:
        watch.note(f"{name} 倍", sum(told[name].values()) / sum(told[peer].values()))
    for office in offices.values():
        office.close()


def served(folder: Path, watch: Watch) -> None:
    from db import backup, migrate, server
    from db.session import Store
    from gridoffice.accounts.rules import RIGHTS
    from gridoffice.office import Office
    from tests import postgresql

    with postgresql.running() as cluster:
        address = cluster.create("city")
        store = Store(address)
        migrate.upgrade(store.engine)
        backup.restore(folder / "city.db", store)
        owner = Office.open(address)
        _accounts(owner)
        with store.engine.begin() as connection:
            server.enforce(connection, RIGHTS)
            connection.exec_driver_sql("ANALYZE")
        store.close()
        opened = {name: Office.open(address.replace("gridoffice@", f"{name}@"), name) for name in ACCOUNTS}
        _told({"不设策略": owner} | opened, watch)


def narrowed(folder: Path, watch: Watch) -> None:
    """The same of a local office, where accounts of a part look through views of their own."""
    from gridoffice.office import Office

    file = folder / "narrowed.db"
    shutil.copyfile(folder / "city.db", file)
    owner = Office.open(file)
    _accounts(owner)
    owner.close()
    _told({name: Office.open(file, name) for name in ACCOUNTS}, watch)
    file.unlink()


CASES = {"网格办 PostgreSQL": served, "网格办 SQLite": narrowed}
