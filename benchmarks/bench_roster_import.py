"""A city's roster of 150,000 × 20 taken in and taken in again, beside the scripts offices write for it.

The bare scripts read the sheet as text with pandas and calamine and put it into a table: they check
nothing, compare with nothing and cannot be undone. One gives pandas a connection of sqlite3, the other an
engine of SQLAlchemy, as the manual does; the careful one checks what a script usually does.
"""

# the peers are not among the locked dependencies: who runs this bench installs them
# pyright: reportMissingImports=false

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
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


def take_in(office: Office, file: Path, watch: Watch) -> str:
    """Read, check, show the preview, write; answers what it came to."""
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


def bare(folder: Path, watch: Watch) -> None:
    import pandas  # noqa: F401 - its second of importing is not what is compared

    with watch, closing(_emptied(folder)) as connection:
        _read(folder).to_sql("roster", connection, index=False)


def documented(folder: Path, watch: Watch) -> None:
    """The same by SQLAlchemy's engine, as pandas' own pages show it."""
    import pandas  # noqa: F401
    import sqlalchemy

    _emptied(folder).close()
    with watch:
        engine = sqlalchemy.create_engine(f"sqlite:///{(folder / 'pandas.db').as_posix()}")
        _read(folder).to_sql("roster", engine, index=False)
        engine.dispose()


def careful(folder: Path, watch: Watch) -> None:
    """What a careful script adds: check digits, birthdays, telephones, codes, doubles, and keys to find by."""
    import pandas as pd

    from db.enums import Education, Employment, Political, Sex
    from gridoffice import idcard

    with watch, closing(_emptied(folder)) as connection:
        frame = _read(folder)
        numbers = frame["身份证号码"]
        wrong = numbers.map(lambda number: idcard.check(number) is not None)
        wrong |= pd.to_datetime(frame["出生日期"]) != pd.to_datetime(numbers.str[6:14])
        wrong |= ~frame["联系电话"].str.fullmatch(r"1[3-9]\d{9}")
        wrong |= numbers.duplicated(keep=False)
        for name, codes in (
            ("性别", Sex),
            ("专兼职", Employment),
            ("学历", Education),
            ("政治面貌", Political),
        ):
            wrong |= ~frame[name].isin({code.label for code in codes})
        frame[~wrong].to_sql("roster", connection, index=False)
        connection.execute("CREATE UNIQUE INDEX roster_number ON roster (身份证号码)")
        connection.execute("CREATE INDEX roster_name ON roster (姓名)")
        connection.execute("CREATE INDEX roster_grid ON roster (所属网格)")
        connection.commit()


def _emptied(folder: Path) -> sqlite3.Connection:
    (folder / "pandas.db").unlink(missing_ok=True)
    return sqlite3.connect(folder / "pandas.db")


CASES = {
    "网格办 首次导入": first,
    "网格办 再导入同一文件": again,
    "pandas+calamine+to_sql 什么都不查": bare,
    "同上，用 SQLAlchemy 引擎": documented,
    "pandas+calamine+to_sql 查了再写": careful,
}
