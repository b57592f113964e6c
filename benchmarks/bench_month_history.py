"""Twelve months of a city by 21 indicators in one file: 141,102 people, 35.6 million values, their results.

Measured on 2026-11-22 (2 cores at a load of 14): the file is 1.79 GB with its journal and a seal on every
sheet; the month's page takes 0.50 CPU s, one score's trace 0.10.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from benchmarks import city_month, roster
from benchmarks.measure import Watch

TITLE = "十二个月的考核（3,560 万个值）：打开一个月"
REPEAT = 3
MONTHS = tuple(f"{2025 + (month > 12)}-{(month - 1) % 12 + 1:02d}" for month in range(11, 23))


def prepare(folder: Path) -> None:
    history(folder)


def history(folder: Path) -> Path:
    """The city with twelve months computed: one made as an office makes it, and eleven copies of it with
    their lines of the journal and a seal on every sheet. Made once."""
    from gridoffice.assessment.service import compute
    from gridoffice.office import Office

    kept = folder / f"history {roster.schema()}.db"
    if kept.is_file():
        return kept
    file = city_month.filled(folder)
    office = Office.open(file)
    office.write(compute, city_month.MONTH)
    office.close()
    with closing(sqlite3.connect(file)) as connection:
        for number, period in enumerate(MONTHS[:-1], 1):
            _copy(connection, number, period)
        connection.commit()
    file.rename(kept)
    return kept


def _copy(connection: sqlite3.Connection, number: int, period: str) -> None:
    """One more month of the same sheets, and the journal once more."""
    (month,) = connection.execute("SELECT id FROM month WHERE period = ?", (city_month.MONTH,)).fetchone()
    actions = connection.execute("SELECT MAX(id) FROM action").fetchone()[0] // number
    changed = {
        "month": {"id": "id + :n", "period": ":period"},
        "sheet": {"id": "NULL", "month_id": "month_id + :n", "seal": "lower(hex(randomblob(32)))"},
        "action": {"id": "id + :actions * :n"},
        "action_part": {"action_id": "action_id + :actions * :n"},
    }
    for table, new in changed.items():
        names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        values = ", ".join(str(new.get(name, name)) for name in names)
        one = {"month": "id = :month", "sheet": "month_id = :month", "action": "id <= :actions"}
        where = one.get(table, "action_id <= :actions")
        connection.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table} WHERE {where}",
            {"n": number, "period": period, "month": month, "actions": actions},
        )


def month_page(folder: Path, watch: Watch) -> None:
    """What the month's page asks for: its facts, the numbers of all rows by rank, the rows in sight."""
    from gridoffice.assessment.month import month_facts, months
    from gridoffice.assessment.rows import results
    from gridoffice.listing import Ask
    from gridoffice.office import Office

    file = history(folder)
    office = Office.open(file)
    office.read(months)
    with watch:
        facts = office.read(month_facts, MONTHS[-1])
        listing = office.read(results, MONTHS[-1])
        ids = office.read(lambda session: listing.ids(session, Ask()))
        office.read(lambda session: listing.rows(session, ids[:60]))
    watch.note("考核表", len(ids))
    watch.note("有总分", facts.scored)
    watch.note("文件", file.stat().st_size / 2**30, " GiB")
    office.close()


def one_trace(folder: Path, watch: Watch) -> None:
    """Where one score of an earlier month comes from."""
    from gridoffice.assessment.month import month_record, sheet_rows
    from gridoffice.assessment.results import traces
    from gridoffice.office import Office

    office = Office.open(history(folder))
    sheet = office.read(
        lambda session: sheet_rows(session, month_record(session, MONTHS[0]).id)[70_000]["id"]
    )
    with watch:
        office.read(traces, MONTHS[0], {sheet})
    office.close()


CASES = {
    "月度考核页：概况、全部名次、眼前 60 行": month_page,
    "往月的一张考核表怎么算的": one_trace,
}
