"""A file under review: numbers, lines and rows for whoever shows it, and what is written in the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.enums import Sex
from gridoffice.errors import BadSheet, OfficeError
from gridoffice.history import undo
from gridoffice.intake import Merge, Options, Outcome
from gridoffice.office import Office
from gridoffice.review import Review
from tests.offices import number, records, workbook, worker

HEADINGS = ("姓名", "身份证号码", "性别", "联系电话", "所属网格")
GOOD = ("陈建国", number(50), "男", "13812345650", "梧桐·第二网格")
BAD = ("周敏", number(60, Sex.FEMALE), "女", None, "没有的网格")
EVERY = tuple(Outcome)


def reviewed(office: Office, path: Path, *rows: tuple[object, ...], **options: object) -> Review:
    file = workbook(path / "花名册.xlsx", HEADINGS, rows, above=2)
    return Review(office, "workers", file, Options(**options))  # type: ignore[arg-type]


def test_a_summary_counts_and_tells_the_columns_first_that_need_looking_at(
    small_office: Office, tmp_path: Path
) -> None:
    one = worker(small_office, "李䶮")
    review = reviewed(small_office, tmp_path, GOOD, BAD, ("李䶮", one.id_number, None, "13911112222"))
    seen = review.summary()
    assert (seen.ledger, seen.name, seen.total, seen.blocked) == ("workers", "花名册.xlsx", 3, 1)
    assert {o.value: n for o, n in seen.counts.items() if n} == {"new": 1, "updated": 1, "error": 1}
    assert seen.in_words() == "新增 1、更新 1、错误 1"
    assert (seen.cells, seen.written, seen.action) == (1, False, None)
    assert [column.name for column in seen.columns[:3]] == ["name", "grid", "phone"]
    assert [(one.name, one.rows) for one in seen.sheets] == [("Sheet", 3)]


def test_lines_put_first_what_needs_the_clerk_and_tell_problems_below(
    small_office: Office, tmp_path: Path
) -> None:
    review = reviewed(small_office, tmp_path, GOOD, BAD)
    lines = review.lines(EVERY)
    assert (list(lines.entries), list(lines.troubles)) == ([2, -2, 1], [0])
    assert list(review.lines((Outcome.NEW,)).entries) == [1]
    assert list(review.lines(EVERY, "建国").entries) == [1]
    assert list(review.lines(EVERY, "女").entries) == [2, -2]
    assert [row.values["name"] for row in review.rows([1, 0])] == ["周敏", "陈建国"]


def test_other_options_plan_again_without_reading_again(small_office: Office, tmp_path: Path) -> None:
    one = worker(small_office, "李䶮")
    review = reviewed(small_office, tmp_path, ("李䶮", one.id_number, None, "13911112222"))
    assert review.summary().counts[Outcome.UPDATED] == 1
    Path(review.come.file).unlink()
    assert review.again(Options(merge=Merge.BLANKS)).in_words() == "无变化 1"


def test_one_wrong_row_writes_nothing_and_the_good_ones_only_when_wanted(
    small_office: Office, tmp_path: Path
) -> None:
    before = records(small_office)
    review = reviewed(small_office, tmp_path, GOOD, BAD)
    assert (review.write().written, records(small_office) == before) == (False, True)
    review.again(Options(good_rows_only=True))
    done = review.write()
    assert done.written and done.action is not None
    assert worker(small_office, "陈建国").grid == "梧桐·第二网格"


def test_pasted_cells_are_a_source_like_a_file(small_office: Office, tmp_path: Path) -> None:
    text = "\r\n".join("\t".join(cell or "" for cell in row) for row in (HEADINGS, GOOD))
    review = Review(small_office, "workers", text, Options())
    seen = review.summary()
    assert (seen.file, seen.name, seen.in_words()) == ("", "粘贴的内容", "新增 1")
    with pytest.raises(OfficeError, match="没有原表"):
        review.receipt(tmp_path / "回执.xlsx")
    assert review.write().written
    with pytest.raises(BadSheet, match="剪贴板里没有"):
        Review(small_office, "workers", " \r\n", Options())


def test_what_was_taken_back_is_planned_and_written_again(small_office: Office, tmp_path: Path) -> None:
    review = reviewed(small_office, tmp_path, GOOD)
    first = review.write()
    assert first.written
    small_office.write(undo, first.action)
    again = review.again(review.options)
    assert not again.written and again.counts[Outcome.NEW] == 1
    second = review.write()
    assert second.written and second.action != first.action
