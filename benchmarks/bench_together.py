"""Twenty clerks on one shared office, each a process of its own: edits, points, imports and steps of the
month together, the server killed in the middle.

Five minutes; `GRIDOFFICE_TOGETHER_SECONDS` says otherwise. The figures stand in the notes: how long a
save by hand takes, how soon the others hear of it, how long a save waited whose server was killed. A
write that was lost or done twice, an error that a clerk would read, or a broken journal ends the run.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from benchmarks.measure import Watch

TITLE = "20 个程序同时办公，中途杀掉服务器再启动：改人、录分、导入、办月度考核"
REPEAT = 1
SECONDS = float(os.environ.get("GRIDOFFICE_TOGETHER_SECONDS", "300"))
PAUSE = 3.0
"""Seconds between two actions of one clerk, on the average: twenty make seven a second."""
CLERKS = ("eep",) * 8 + ("ep",) * 4 + ("epp",) * 4 + ("eeeeeeei",) * 2 + ("pppppppi",) + ("eees",)
"""What each does: edits, points, imports (one in eight seconds), steps of the month (one in twelve)."""


def prepare(folder: Path) -> None:
    from db.enums import MonthState
    from gridoffice.establish import establish
    from tests.offices import furnish, to

    file = folder / "office.db"
    if file.exists():
        return
    office = establish(folder / "making.db", name="青禾街道网格办", organisation="青禾街道办事处")
    furnish(office)
    to(office, MonthState.SCORING)
    office.close()
    shutil.move(folder / "making.db", file)


def twenty(folder: Path, watch: Watch) -> None:
    from tests.crashing import mortal
    from tests.stories.together import percentile, play, shared_office

    with mortal() as cluster:
        address = shared_office(cluster, folder / "office.db", CLERKS)
        with watch:
            day = play(cluster, address, CLERKS, SECONDS, PAUSE, kills=[SECONDS / 2])
    if day.faults:
        raise AssertionError("\n".join(day.faults[:40]))
    watch.note("变动", day.lines, " 条")
    watch.note("保存", len(day.saves), " 次")
    watch.note("中位", percentile(day.saves, 0.5) * 1000, " ms")
    watch.note("p95", percentile(day.saves, 0.95) * 1000, " ms")
    watch.note("最长", percentile(day.saves, 1) * 1000, " ms")
    watch.note("别人看到 p95", percentile(day.lags, 0.95) * 1000, " ms")
    watch.note("看到最迟", percentile(day.lags, 1) * 1000, " ms")
    watch.note("撞上", day.conflicts, " 次")
    watch.note("轮候", day.busy, " 次")
    watch.note("服务器不在", sum(back - gone for gone, back in day.away), " s")
    watch.note("等它的保存", len(day.waited), " 次")
    watch.note("最久", percentile(day.waited, 1), " s")


CASES = {"20 个程序": twenty}
