"""Finding people among a city's 150,000: by name, pinyin, initials, the end of an ID number, part of a phone."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from benchmarks import bench_tree
from benchmarks.measure import Watch

PAGE = 128
"""So many rows are asked for before all are in order."""
TITLE = "找人：15 万人，姓名、全拼、首字母、证件号后四位、电话一段；快速查找、花名册和所有人员（毫秒）"
REPEAT = 3
prepare = bench_tree.prepare
"""A made-up city."""


def asked(office: Any) -> dict[str, str]:
    """What is typed to find one of them, in every way there is."""
    from gridoffice.listing import Ask
    from gridoffice.people.service import keys
    from gridoffice.workers.listing import WORKERS

    ids = office.read(WORKERS.ids, Ask())
    (person,) = office.read(WORKERS.rows, [ids[len(ids) // 3]])
    known = keys(person.name, person.id_number, person.phone)["search"].split()
    return {
        "姓名": person.name,
        "全拼": known[1],
        "首字母": known[2],
        "后四位": person.id_number[-4:].lower(),
        "电话": person.phone[3:9],
        "姓": person.name[0],
    }


def find(office: Any, watch: Watch) -> None:
    from gridoffice.listing import Ask
    from gridoffice.overview.everybody import EVERYBODY
    from gridoffice.people.duplicates import duplicates
    from gridoffice.people.hits import find_people
    from gridoffice.workers.listing import WORKERS

    for how, text in asked(office).items():
        for where, question, what in (
            ("查找", find_people, text),
            ("花名册", WORKERS.ids, Ask(search=text)),
            ("花名册首屏", WORKERS.ids, Ask(search=text, limit=PAGE)),
            ("所有人员", EVERYBODY.ids, Ask(search=text)),
        ):
            bench_tree.looked(office, watch, f"{where}·{how}", question, what)
    begun = time.perf_counter()
    office.read(duplicates)
    watch.note("重复", (time.perf_counter() - begun) * 1000)


def local(folder: Path, watch: Watch) -> None:
    from gridoffice.office import Office

    office = Office.open(folder / "city.db")
    asked(office)  # the first question reads the file
    with watch:
        find(office, watch)
    office.close()


def shared(folder: Path, watch: Watch) -> None:
    """The same city in a PostgreSQL of its own."""
    from db import backup, migrate
    from db.session import Store
    from gridoffice.office import Office
    from tests import postgresql

    with postgresql.running() as server:
        address = server.create("people")
        store = Store(address)
        migrate.upgrade(store.engine)
        backup.restore(folder / "city.db", store)
        with store.engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")
        store.close()
        office = Office.open(address)
        asked(office)
        with watch:
            find(office, watch)
        office.close()


CASES = {"网格办 SQLite": local, "网格办 PostgreSQL": shared}
