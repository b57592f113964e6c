"""A city's roster of 150,000 × 20 from the file to the complete preview, beside merely reading it."""

from __future__ import annotations

from pathlib import Path

from benchmarks import roster
from benchmarks.measure import Watch, cpu_seconds

TITLE = "导入预览：150,000 行 × 20 列，读、逐格检查、与资料库核对（138,770 个网格）"
REPEAT = 3
COUNT = 150_000


def prepare(folder: Path) -> None:
    roster.workbook(folder, COUNT)
    roster.office(folder)


def ours(folder: Path, watch: Watch) -> None:
    from gridoffice.intake import Options, Outcome
    from gridoffice.office import Office
    from gridoffice.review import Review

    office = Office.open(folder / "office.db")
    with watch:
        review = Review(office, "workers", roster.workbook(folder, COUNT), Options())
        seen = review.summary()
    assert seen.counts[Outcome.NEW] == COUNT
    for what in ("第一次搜索", "再搜索"):
        start = cpu_seconds()
        found = review.lines(tuple(Outcome), "青禾街道")
        watch.note(what, cpu_seconds() - start, " 秒")
        assert found.entries
    office.close()


def openpyxl_reader(folder: Path, watch: Watch) -> None:
    import openpyxl

    with watch:
        book = openpyxl.load_workbook(roster.workbook(folder, COUNT), read_only=True, data_only=True)
        count = sum(1 for _ in book.worksheets[0].iter_rows(values_only=True))
    assert count > COUNT


CASES = {"网格办 完整预览": ours, "openpyxl read_only 只读": openpyxl_reader}
