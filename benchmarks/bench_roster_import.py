"""A city's roster of 150,000 × 20 taken in and taken in again, beside the scripts offices write for it.

All scripts read the sheet as text with pandas and calamine and put it into a table with `to_sql`; they
compare with nothing and cannot be undone. The bare ones check nothing either. The others check what such
scripts check (check digit, birthday, telephone, codes, whether there is such a grid, doubles), column by
column as pandas does it, and make one index. Each comes with a connection of sqlite3, which is the
fastest that pandas can have, and with an engine of SQLAlchemy, as its manual shows it.
"""

# the peers are not among the locked dependencies: who runs this bench installs them
# pyright: reportMissingImports=false

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import roster
from benchmarks.measure import Watch, cpu_seconds

if TYPE_CHECKING:
    from gridoffice.office import Office

TITLE = "导入：150,000 行 × 20 列，从文件到写入资料库"
REPEAT = 3
COUNT = 150_000


def prepare(folder: Path) -> None:
    roster.workbook(folder, COUNT)
    roster.office(folder)
    roster.grid_paths(folder)


def take_in(office: Office, file: Path, watch: Watch) -> str:
    """Read, check, show the preview, write; answers what it came to."""
    import numpy  # noqa: F401 - what libraries take to be imported is compared of neither side
    import pypinyin  # noqa: F401

    from gridoffice.intake import Options
    from gridoffice.review import Review

    with watch:
        start = time.perf_counter(), cpu_seconds()
        review = Review(office, "workers", file, Options())
        review.summary()
        watch.note("到预览", time.perf_counter() - start[0], " 秒")
        watch.note("其中 CPU", cpu_seconds() - start[1], " 秒")
        return review.write().in_words()


def first(folder: Path, watch: Watch) -> None:
    from gridoffice.office import Office

    office = Office.open(roster.office(folder))
    assert take_in(office, roster.workbook(folder, COUNT), watch) == f"新增 {COUNT}"
    office.close()


def again(folder: Path, watch: Watch) -> None:
    """The same file into the office that has it already."""
    from gridoffice.office import Office

    office = Office.open(roster.office(folder))
    take_in(office, roster.workbook(folder, COUNT), Watch())
    office.close()
    office = Office.open(folder / "office.db")
    assert take_in(office, roster.workbook(folder, COUNT), watch) == f"无变化 {COUNT}"
    office.close()


def _read(folder: Path) -> Any:
    import pandas as pd

    return pd.read_excel(roster.workbook(folder, COUNT), header=1, dtype=str, engine="calamine")


def _checked(frame: Any, grids: Path) -> Any:
    """The rows in which nothing is wrong."""
    import numpy as np
    import pandas as pd

    from db.enums import Education, Employment, Political, Sex
    from gridoffice.idcard import CHECK, WEIGHTS

    numbers = frame["身份证号码"].fillna("")
    wrong = ~numbers.str.fullmatch(r"[1-9]\d{16}[\dX]")
    digits = np.frombuffer("".join(numbers.mask(wrong, "0" * 18)).encode(), np.uint8).reshape(-1, 18)
    last = np.frombuffer(CHECK.encode(), np.uint8)[(digits[:, :17] - 48) @ np.array(WEIGHTS) % 11]
    wrong |= digits[:, 17] != last
    born = pd.to_datetime(numbers.str[6:14], format="%Y%m%d", errors="coerce")
    wrong |= pd.to_datetime(frame["出生日期"], errors="coerce") != born
    wrong |= ~frame["联系电话"].str.fullmatch(r"1[3-9]\d{9}", na=False)
    for name, codes in ("性别", Sex), ("专兼职", Employment), ("学历", Education), ("政治面貌", Political):
        wrong |= ~frame[name].isin({code.label for code in codes})
    with closing(sqlite3.connect(grids)) as connection:
        wrong |= ~frame["所属网格"].isin(pd.read_sql("SELECT path FROM grid", connection)["path"])
    wrong |= numbers.duplicated(keep=False)
    return frame[~wrong]


def _by_connection(folder: Path, watch: Watch, *, checking: bool) -> None:
    import pandas  # noqa: F401

    with watch, closing(_emptied(folder)) as connection:
        frame = _read(folder)
        if checking:
            frame = _checked(frame, roster.grid_paths(folder))
        frame.to_sql("roster", connection, index=False)
        if checking:
            connection.execute(_INDEX)
            connection.commit()
    _count(folder)


def _by_engine(folder: Path, watch: Watch, *, checking: bool) -> None:
    import pandas  # noqa: F401
    import sqlalchemy

    _emptied(folder).close()
    with watch:
        engine = sqlalchemy.create_engine(f"sqlite:///{(folder / 'pandas.db').as_posix()}")
        frame = _read(folder)
        if checking:
            frame = _checked(frame, roster.grid_paths(folder))
        frame.to_sql("roster", engine, index=False)
        if checking:
            with engine.begin() as connection:
                connection.exec_driver_sql(_INDEX)
        engine.dispose()
    _count(folder)


_INDEX = "CREATE UNIQUE INDEX roster_number ON roster (身份证号码)"


def _emptied(folder: Path) -> sqlite3.Connection:
    (folder / "pandas.db").unlink(missing_ok=True)
    return sqlite3.connect(folder / "pandas.db")


def _count(folder: Path) -> None:
    """All rows of the made-up roster are right: whoever checks them finds so."""
    with closing(sqlite3.connect(folder / "pandas.db")) as connection:
        assert connection.execute("SELECT count(*) FROM roster").fetchone() == (COUNT,)


CASES = {
    "网格办 首次导入": first,
    "网格办 再导入同一文件": again,
    "pandas+calamine+to_sql 什么都不查，sqlite3 连接": partial(_by_connection, checking=False),
    "同上，SQLAlchemy 引擎": partial(_by_engine, checking=False),
    "pandas+calamine+to_sql 查了再写，sqlite3 连接": partial(_by_connection, checking=True),
    "同上，SQLAlchemy 引擎（有查错的脚本）": partial(_by_engine, checking=True),
}
