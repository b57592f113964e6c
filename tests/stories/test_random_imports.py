"""Any roster taken in: written as the numbers say or not at all, and taken back to what was before, but
for what somebody has changed since and what that hangs together with; and whatever has become of the file
on its way, no fault of ours."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from gridoffice import history
from gridoffice.errors import Conflict, OfficeError
from gridoffice.office import Office
from gridoffice.safekeeping import verify
from gridoffice.workers.service import end_posts, save_worker
from tests.offices import PEOPLE, Copies, come, journal_lines, number, records, roster, workbook

HEADINGS = ("姓名", "身份证号码", "联系电话", "所属网格", "职务", "任职日期", "离任日期", "备注")
NAMES = [name for name, *_ in PEOPLE] + ["陈建国", "周敏", "欧阳㐂", "吉克阿衣莫"]
GRIDS = [
    "519921001001001",
    "梧桐·第二网格",
    "青禾街道/柳荫社区/第一网格",
    "51992100100100102",
    "商圈专属网格",
]
DAYS = some.dates(date(2019, 1, 1), date(2026, 10, 1))
ROW = some.tuples(
    some.sampled_from(NAMES),
    some.one_of(some.none(), some.integers(8, 20).map(number), some.integers(300, 306).map(number)),
    some.one_of(some.none(), some.integers(0, 30).map("138000000{:02}".format)),
    some.sampled_from(GRIDS),
    some.sampled_from([None, "专职网格员", "网格长", "帮忙的"]),
    some.one_of(some.none(), DAYS),
    some.one_of(some.none(), some.none(), DAYS),
    some.sampled_from([None, "甲", "=1+1", "'001", "𬭎 㐂", "1" * 40]),
)
ROWS = some.lists(ROW, min_size=1, max_size=9)
LATER = some.lists(
    some.tuples(some.integers(0, 12), some.sampled_from(["phone", "note", "name", "reason"])), max_size=4
)
STRANGE = some.one_of(
    some.none(),
    some.text(max_size=9).filter(str.isprintable),
    some.sampled_from(
        ["合计", "姓名", "#REF!", "无", "同上", "519921199003070014", "2021年3月", "0", "=1/0", "x" * 3000]
    ),
    some.integers(-(10**19), 10**19),
    some.floats(allow_nan=False, allow_infinity=False),
    some.booleans(),
    some.dates(date(1901, 1, 1), date(2900, 1, 1)),
    some.just(datetime.combine(date(2021, 3, 1), time(8, 30))),
    some.just(time(8, 30)),
)
DAMAGE = some.lists(some.tuples(some.integers(1, 12), some.integers(1, 9), STRANGE), max_size=12)
BYTES = some.lists(some.tuples(some.floats(0, 1), some.binary(min_size=1, max_size=8)), max_size=2)
OFTEN = settings(
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

Stored = dict[tuple[str, int], Mapping[str, Any]]


@contextmanager
def opened(copies: Copies) -> Iterator[tuple[Office, Path]]:
    """A fresh copy of an office, and a folder beside it."""
    with TemporaryDirectory() as name:
        shutil.copyfile(copies.file, Path(name, "office.db"))
        office = Office.open(Path(name, "office.db"))
        try:
            yield office, Path(name)
        finally:
            office.close()


def stored(office: Office) -> Stored:
    """Every record by table and number."""
    return {(table, row["id"]): row for table, rows in records(office).items() for row in rows if "id" in row}


def differing(one: Stored, other: Stored) -> set[tuple[str, int]]:
    return {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}


def person_of(key: tuple[str, int], rows: Stored) -> tuple[str, int]:
    """The person that a record is or belongs to."""
    return "person", rows[key].get("person_id", key[1])


def kept_together(made: set[tuple[str, int]], since: set[tuple[str, int]], rows: Stored) -> set[Any]:
    """What was made with and for those people of whom anything was changed since."""
    people = {person_of(key, rows) for key in made & since} & made
    return {key for key in made if person_of(key, rows) in people}


def imported(office: Office, file: Path, **options: Any) -> Any:
    """Take a roster in; what it wrote is what it says it wrote."""
    before, lines = stored(office), journal_lines(office)
    done = come(office, "workers", file, **options)
    written = differing(before, stored(office))
    counts = {row.outcome.value for row in done.preview.rows}
    if done.action is None:
        assert written == set()
        assert journal_lines(office) == lines
    else:
        assert written
        assert counts & {"new", "updated"}
        assert journal_lines(office) == lines + 1
    new = {row.resolved.who for row in done.preview.rows if row.outcome.value == "new"}
    made = {key for key in written if key[0] == "person" and key not in before}
    assert len(made) == (len(new) if done.action is not None else 0)
    return done


@settings(OFTEN, max_examples=40)
@given(rows=ROWS, later=LATER)
def test_an_import_is_taken_back_but_for_whom_it_made_and_somebody_changed_since(rows, later, small_copies):
    with opened(small_copies) as (office, folder):
        file = workbook(folder / "花名册.xlsx", HEADINGS, rows, above=2)
        morning = stored(office)
        done = imported(office, file, good_rows_only=True)
        if done.action is None:
            return
        noon = stored(office)
        for place, name in later:
            people = sorted(roster(office), key=lambda row: ("post", row.id) in morning)  # new ones first
            row = people[place % len(people)]
            try:
                if name == "reason":
                    office.write(end_posts, [row.id], date(2026, 11, 1), "乙丙")
                else:
                    office.write(save_worker, row.id, {name: {"phone": "13911112222"}.get(name, "乙丙")})
            except OfficeError:
                continue
        evening = stored(office)
        since, written = differing(noon, evening), differing(morning, noon)
        stays = (written & since) | kept_together(noon.keys() - morning.keys(), since, noon)
        if stays == written:
            with pytest.raises(Conflict, match="撤销不了"):
                office.write(history.undo, done.action)
            assert stored(office) == evening
            return
        result = office.write(history.undo, done.action).result
        night = stored(office)
        for key in morning.keys() | evening.keys():
            before = morning if key in written - stays else evening
            assert night.get(key) == before.get(key), key
        assert result.records == len(written - stays)
        assert sum(one.records for one in result.kept) == len(stays)
        # a person is one line, whatever stays with them
        owners = {key: person_of(key, evening) for key in stays}
        assert len(result.kept) == len({who if who in stays else key for key, who in owners.items()})
        assert all(one.name and one.why for one in result.kept)
        assert verify(office).findings == ()
        office.write(history.redo)
        assert stored(office) == evening
        assert verify(office).findings == ()


@settings(OFTEN, max_examples=60)
@given(rows=ROWS, damage=DAMAGE, flips=BYTES, good=some.booleans())
def test_a_damaged_roster_is_written_as_told_or_not_at_all(rows, damage, flips, good, small_copies):
    with opened(small_copies) as (office, folder):
        file = workbook(folder / "花名册.xlsx", HEADINGS, rows, above=2)
        book = openpyxl.load_workbook(file)
        for row, column, value in damage:
            book.worksheets[0].cell(row, column).value = value
        book.save(file)
        content = bytearray(file.read_bytes())
        for where, bytes_ in flips:
            start = int(where * (len(content) - len(bytes_)))
            content[start : start + len(bytes_)] = bytes_
        file.write_bytes(content)
        before = stored(office)
        try:
            imported(office, file, good_rows_only=good)
        except OfficeError as refused:
            assert refused.message.endswith("。"), refused.message
            assert stored(office) == before
        assert verify(office).findings == ()


@pytest.mark.parametrize("cut", ["row", "column", "block"])
@settings(OFTEN, max_examples=15)
@given(rows=ROWS, data=some.data())
def test_a_roster_with_parts_cut_out(cut, rows, data, small_copies):
    with opened(small_copies) as (office, folder):
        book = openpyxl.load_workbook(workbook(folder / "花名册.xlsx", HEADINGS, rows, above=1))
        sheet = book.worksheets[0]
        if cut == "row":
            sheet.delete_rows(data.draw(some.integers(1, sheet.max_row)))
        elif cut == "column":
            sheet.delete_cols(data.draw(some.integers(1, len(HEADINGS))))
        else:
            for _ in range(data.draw(some.integers(1, 12))):
                sheet.cell(data.draw(some.integers(1, 9)), data.draw(some.integers(1, 8))).value = None
        book.save(folder / "缺.xlsx")
        before = stored(office)
        try:
            imported(office, folder / "缺.xlsx")
        except OfficeError:
            assert stored(office) == before
