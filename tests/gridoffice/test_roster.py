"""网格员花名册 taken in: who a row means, which post it speaks of, and what the clerk is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from db.enums import Employment, Sex
from gridoffice import history
from gridoffice.intake import Merge
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.workers.service import save_worker, worker_row
from tests.offices import (
    Imported,
    Opening,
    come,
    errors,
    grid_id,
    journal_lines,
    number,
    outcomes,
    records,
    roster,
    workbook,
    worker,
)

HEADINGS = (
    "姓名",
    "身份证号码",
    "性别",
    "联系电话",
    "所属网格",
    "职务",
    "专兼职",
    "任职日期",
    "离任日期",
    "备注",
)
TODAY = date.today()


def take(office: Office, path: Path, *rows: Sequence[Any], **options: Any) -> Imported:
    full = [(*row, *[None] * (len(HEADINGS) - len(row))) for row in rows]
    return come(office, "workers", workbook(path / "花名册.xlsx", HEADINGS, full, above=2), **options)


def columns_of(
    office: Office, path: Path, headings: Sequence[str], *rows: Sequence[Any], **options: Any
) -> Imported:
    return come(office, "workers", workbook(path / "列.xlsx", headings, rows), **options)


def said(done: Imported) -> list[tuple[int | None, str | None, str, str]]:
    return [(p.row, p.field, p.severity.value, p.message) for p in done.preview.problems]


NEW = ("陈建国", number(50), "男", "13812345650", "梧桐·第二网格", "专职网格员", "专职", date(2026, 1, 5))


# Who a row means


def test_a_new_person_gets_a_post(small_office: Office, tmp_path: Path) -> None:
    done = take(small_office, tmp_path, NEW)
    assert (errors(done), done.preview.in_words()) == ([], "新增 1")
    row = worker(small_office, "陈建国")
    assert (row.grid, row.title, row.employment, row.from_day) == (
        "梧桐·第二网格",
        "专职网格员",
        Employment.FULL_TIME,
        date(2026, 1, 5),
    )
    assert (row.sex, row.birth) == (Sex.MALE, date(1990, 3, 7))
    assert take(small_office, tmp_path, NEW).preview.in_words() == "无变化 1"


def test_the_number_says_who_it_is(small_office: Office, tmp_path: Path) -> None:
    one = worker(small_office, "李䶮")
    done = take(small_office, tmp_path, ("李䶮", one.id_number.lower(), None, "13900000001", "梧桐·第一网格"))
    assert outcomes(done) == [(4, "updated")]
    assert worker(small_office, "李䶮").phone == "13900000001"


def test_another_name_for_a_known_number_is_a_conflict(small_office: Office, tmp_path: Path) -> None:
    before = records(small_office)
    one = worker(small_office, "李䶮")
    done = take(small_office, tmp_path, ("李尧", one.id_number, None, None, "梧桐·第一网格"))
    assert outcomes(done) == [(4, "conflict")]
    assert "花名册里这个身份证号是“李䶮”，这里写的是“李尧”" in errors(done)[0][2]
    assert records(small_office) == before


def test_without_a_number_the_phone_tells_namesakes_apart(small_office: Office, tmp_path: Path) -> None:
    done = take(
        small_office,
        tmp_path,
        ("张三", None, None, "13800000016", "柳荫·第一网格", None, None, None, None, "记"),
    )
    assert outcomes(done) == [(4, "updated")]
    notes = {row.phone: row.note for row in roster(small_office) if row.name == "张三"}
    assert notes == {"13800000015": None, "13800000016": "记"}


def test_without_number_and_phone_namesakes_are_a_conflict(small_office: Office, tmp_path: Path) -> None:
    done = take(small_office, tmp_path, ("张三", None, None, None, "柳荫·第一网格"))
    assert outcomes(done) == [(4, "conflict")]
    assert "花名册里有 2 个“张三”" in errors(done)[0][2]


def test_a_namesake_with_another_number_is_somebody_new(small_office: Office, tmp_path: Path) -> None:
    done = take(
        small_office, tmp_path, ("李䶮", number(51, Sex.FEMALE), None, "13800000051", "梧桐·第二网格")
    )
    assert outcomes(done) == [(4, "new")]
    assert len([row for row in roster(small_office) if row.name == "李䶮"]) == 2


def test_somebody_without_a_number_is_given_one(small_office: Office, tmp_path: Path) -> None:
    done = take(small_office, tmp_path, ("赵𫍯", number(52), "男", "13800000017", "梧桐社区"))
    assert outcomes(done) == [(4, "updated")]
    assert worker(small_office, "赵𫍯").id_number == number(52)


def test_the_same_person_twice_in_one_file_without_a_number(small_office: Office, tmp_path: Path) -> None:
    """Two lines alike are one person, not two; the office would never tell them apart again."""
    row = ("周敏", None, "女", "13812345653", "梧桐·第二网格")
    done = take(small_office, tmp_path, row, row)
    assert [(r, o) for r, o in outcomes(done) if o == "error"] == [(5, "error")]
    assert "第 4 行" in errors(done)[0][2]


def test_nobody_is_born_after_today(small_office: Office, tmp_path: Path) -> None:
    row = ("周敏", "13812345653", "梧桐·第二网格", date(TODAY.year + 1, 3, 1))
    done = columns_of(small_office, tmp_path, ("姓名", "联系电话", "所属网格", "出生日期"), row)
    assert [(field, message) for _, field, message in errors(done)] == [
        ("出生日期", f"出生日期 {TODAY.year + 1}-03-01 还没有到。")
    ]


# The row against itself and its neighbours


@pytest.mark.parametrize(
    ("row", "field", "message"),
    [
        (("周敏", number(53, Sex.FEMALE), "男", None, "梧桐社区"), "性别", "身份证号表明是女，这里写的是男"),
        (
            ("周敏", number(53)[:17] + ("1" if number(53)[17] != "1" else "2"), None, None, "梧桐社区"),
            "身份证号码",
            "最后一位对不上",
        ),
        (("周敏", 519921199003071100, None, None, "梧桐社区"), "身份证号码", "存成数字"),
        (("周敏", "519***********1873", None, None, "梧桐社区"), "身份证号码", "遮住的"),
        (("周敏", number(53), None, "138****6721", "梧桐社区"), "联系电话", "遮"),
        (("周敏", number(53), None, "138", "梧桐社区"), "联系电话", ""),
        (("", number(53), None, None, "梧桐社区"), "姓名", "空的"),
        (("周敏", number(53), None, None, None), "所属网格", "没写所属网格"),
        (("周敏", number(53), None, None, "梧桐社区第九网格"), "所属网格", "没有“梧桐社区第九网格”。最接近"),
        (("周敏", number(53), None, None, "第一网格"), "所属网格", "有 2 个"),
        (("周敏", number(53), None, None, "梧桐社区", None, None, "2026-02-30"), "任职日期", ""),
        (
            ("周敏", number(53), None, None, "梧桐社区", None, None, date(2026, 2, 1), date(2026, 1, 1)),
            "离任日期",
            "早于任职日期",
        ),
        (("周敏", number(53), None, None, "梧桐社区", None, "临时"), "专兼职", ""),
        (("周敏", number(53), None, None, "梧桐社区", "岗" * 41), "职务", "最多 40 个"),
        (("敏" * 81, number(53), None, None, "梧桐社区"), "姓名", "最多 80 个"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_written(
    small_office: Office, tmp_path: Path, row: Sequence[Any], field: str, message: str
) -> None:
    before, lines = records(small_office), journal_lines(small_office)
    done = take(small_office, tmp_path, NEW, row)
    assert [(r, f) for r, f, m in errors(done)] == [(5, field)], said(done)
    assert message in errors(done)[0][2]
    assert not done.preview.written
    assert (records(small_office), journal_lines(small_office)) == (before, lines)
    good = take(small_office, tmp_path, NEW, row, good_rows_only=True)
    assert [o for _, o in outcomes(good)] == ["new", "error"]
    assert journal_lines(small_office) == lines + 1


def test_a_number_used_by_two_names(small_office: Office, tmp_path: Path) -> None:
    done = take(small_office, tmp_path, NEW, ("周敏", NEW[1], None, None, "梧桐社区"))
    assert [(row, field) for row, field, _ in errors(done)] == [(5, "身份证号码")]
    assert "第 4 行的“陈建国”也是这个身份证号" in errors(done)[0][2]


def test_the_same_line_twice(small_office: Office, tmp_path: Path) -> None:
    done = take(small_office, tmp_path, NEW, NEW)
    assert errors(done) == [(5, "身份证号码", "与第 4 行是同一个人、同一个网格。")]


def test_one_person_in_two_grids_holds_two_posts(small_office: Office, tmp_path: Path) -> None:
    second = (*NEW[:4], "柳荫·第二网格", "网格长")
    done = take(small_office, tmp_path, NEW, second)
    assert errors(done) == []
    assert [(row, severity) for row, _, severity, _ in said(done)] == [(5, "note")]
    posts = [row for row in roster(small_office) if row.name == "陈建国"]
    assert [(row.grid, row.title) for row in posts] == [
        ("梧桐·第二网格", "专职网格员"),
        ("柳荫·第二网格", "网格长"),
    ]
    assert len({row.person_id for row in posts}) == 1
    assert take(small_office, tmp_path, NEW, second).preview.in_words() == "无变化 2"
    assert take(small_office, tmp_path, second, NEW).preview.in_words() == "无变化 2"


def test_a_birthday_of_the_personnel_file_is_kept(small_office: Office, tmp_path: Path) -> None:
    one = worker(small_office, "李䶮")
    headings = ("姓名", "身份证号码", "出生日期", "所属网格")
    row = ("李䶮", one.id_number, "1990-03-17", "梧桐·第一网格")
    done = columns_of(small_office, tmp_path, headings, row)
    assert [(p.field, p.severity.value) for p in done.preview.problems] == [("出生日期", "warning")]
    assert worker(small_office, "李䶮").birth == date(1990, 3, 17)
    again = columns_of(small_office, tmp_path, ("姓名", "身份证号码", "所属网格"), row[:2] + row[3:])
    assert again.preview.in_words() == "无变化 1"
    assert worker(small_office, "李䶮").birth == date(1990, 3, 17)


def test_a_way_of_serving_the_clerk_has_set_stays(small_office: Office, tmp_path: Path) -> None:
    one = worker(small_office, "阿依古丽·买买提")
    small_office.write(save_worker, one.id, {"employment": Employment.PART_TIME})
    row = (one.name, one.id_number, None, None, "51992100100100101", "微网格员", None)
    assert take(small_office, tmp_path, row).preview.in_words() == "无变化 1"


def test_an_overwriting_file_never_leaves_a_post_without_title(small_office: Office, tmp_path: Path) -> None:
    one = worker(small_office, "李䶮")
    row = ("李䶮", one.id_number, None, None, "梧桐·第一网格")
    done = take(small_office, tmp_path, row, merge=Merge.OVERWRITE)
    assert errors(done) == []
    now = worker(small_office, "李䶮")
    assert (now.title, now.employment, now.phone) == ("专职网格员", Employment.FULL_TIME, None)


@pytest.mark.parametrize(
    ("merge", "phone", "note"),
    [
        (Merge.FILL, "13911110000", "旧"),
        (Merge.OVERWRITE, "13911110000", None),
        (Merge.BLANKS, "13800000012", "旧"),
    ],
)
def test_whose_value_stands(
    small_office: Office, tmp_path: Path, merge: Merge, phone: str, note: str | None
) -> None:
    one = worker(small_office, "李䶮")
    small_office.write(save_worker, one.id, {"note": "旧"})
    row = (
        "李䶮",
        one.id_number,
        None,
        "13911110000",
        "梧桐·第一网格",
        "专职网格员",
        "专职",
        date(2024, 3, 1),
    )
    assert errors(take(small_office, tmp_path, row, merge=merge)) == []
    now = worker(small_office, "李䶮")
    assert (now.phone, now.note) == (phone, note)


# Titles and ways of serving


@pytest.mark.parametrize(
    ("grid", "title", "employment", "kept_title", "kept_employment"),
    [
        ("梧桐社区", None, None, "总网格长", Employment.FULL_TIME),
        ("梧桐·第二网格", None, None, "网格长", Employment.FULL_TIME),
        ("梧桐·第二网格", None, "兼职", "兼职网格员", Employment.PART_TIME),
        ("梧桐·第二网格", "网格员", None, "专职网格员", Employment.FULL_TIME),
        ("51992100100100101", None, None, "微网格员", Employment.VOLUNTEER),
        ("51992100100100101", "微格员", None, "微网格员", Employment.VOLUNTEER),
        ("51992100100100101", "微网格员", "兼", "微网格员", Employment.PART_TIME),
        ("梧桐社区", "社区书记", "专职", "总网格长", Employment.FULL_TIME),
        ("梧桐社区", "网格辅导员", None, "网格辅导员", Employment.FULL_TIME),
    ],
)
def test_titles_and_ways_of_serving(
    small_office: Office,
    tmp_path: Path,
    grid: str,
    title: str | None,
    employment: str | None,
    kept_title: str,
    kept_employment: Employment,
) -> None:
    row = ("周敏", number(54), None, None, grid, title, employment)
    done = take(small_office, tmp_path, row)
    assert errors(done) == []
    now = worker(small_office, "周敏")
    assert (now.title, now.employment) == (kept_title, kept_employment)
    assert take(small_office, tmp_path, row).preview.in_words() == "无变化 1"


def test_a_title_of_nobodys_pack_is_a_warning(small_office: Office, tmp_path: Path) -> None:
    done = take(small_office, tmp_path, ("周敏", number(54), None, None, "梧桐社区", "网格辅导员"))
    assert ("职务", "warning") in [(field, severity) for _, field, severity, _ in said(done)]


# Moving, leaving


def test_a_move_on_a_later_day_closes_the_old_post(small_office: Office, tmp_path: Path) -> None:
    one = worker(small_office, "李䶮")
    moved = date(2026, 3, 1)
    done = take(
        small_office, tmp_path, ("李䶮", one.id_number, None, None, "柳荫·第二网格", None, None, moved)
    )
    assert outcomes(done) == [(4, "updated")]
    now = worker(small_office, "李䶮")
    assert (now.grid, now.from_day, now.id != one.id) == ("柳荫·第二网格", moved, True)
    old = small_office.read(worker_row, one.id)
    assert (old.grid, old.to_day) == ("梧桐·第一网格", moved - timedelta(days=1))
    assert [row.grid for row in roster(small_office, Ask(day=date(2026, 2, 28))) if row.name == "李䶮"] == [
        "梧桐·第一网格"
    ]
    small_office.write(history.undo)
    assert worker(small_office, "李䶮") == one


def test_a_grid_corrected_without_a_day_moves_the_post_itself(small_office: Office, tmp_path: Path) -> None:
    one = worker(small_office, "李䶮")
    take(small_office, tmp_path, ("李䶮", one.id_number, None, None, "梧桐·第二网格"))
    now = worker(small_office, "李䶮")
    assert (now.id, now.grid, now.from_day) == (one.id, "梧桐·第二网格", one.from_day)
    scope = Ask(scope=grid_id(small_office, "519921001001002"))
    assert "李䶮" in [row.name for row in roster(small_office, scope)]


def test_somebody_who_left_is_off_the_list_from_the_next_day(small_office: Office, tmp_path: Path) -> None:
    one = worker(small_office, "李䶮")
    left = TODAY - timedelta(days=10)
    row = ("李䶮", one.id_number, None, None, "梧桐·第一网格", None, None, date(2024, 3, 1), left)
    done = take(small_office, tmp_path, row)
    assert outcomes(done) == [(4, "updated")]
    names = [[r.name for r in roster(small_office, Ask(day=left + timedelta(days=n)))] for n in (0, 1)]
    assert ["李䶮" in some for some in names] == [True, False]
    assert take(small_office, tmp_path, row).preview.in_words() == "无变化 1"


def test_somebody_who_came_and_left_is_kept(small_office: Office, tmp_path: Path) -> None:
    row = ("周敏", number(55), None, None, "梧桐社区", None, None, date(2020, 1, 1), date(2022, 1, 1))
    assert take(small_office, tmp_path, row).preview.in_words() == "新增 1"
    assert "周敏" not in [r.name for r in roster(small_office)]
    assert "周敏" in [r.name for r in roster(small_office, Ask(day=date(2021, 1, 1)))]
    assert take(small_office, tmp_path, row).preview.in_words() == "无变化 1"


def test_coming_back_is_a_new_post_of_the_same_person(small_office: Office, tmp_path: Path) -> None:
    gone = ("周敏", number(55), None, None, "梧桐社区", None, None, date(2020, 1, 1), date(2022, 1, 1))
    take(small_office, tmp_path, gone)
    back = (*gone[:7], date(2025, 1, 1))
    assert outcomes(take(small_office, tmp_path, back)) == [(4, "updated")]
    posts = [
        r for day in (date(2021, 1, 1), TODAY) for r in roster(small_office, Ask(day=day)) if r.name == "周敏"
    ]
    assert len({r.person_id for r in posts}) == 1
    assert len({r.id for r in posts}) == 2
    assert take(small_office, tmp_path, gone, back).preview.in_words() in ("无变化 2",)


def test_a_line_of_the_past_does_not_touch_the_post_of_today(small_office: Office, tmp_path: Path) -> None:
    one = worker(small_office, "李䶮")
    past = ("李䶮", one.id_number, None, None, "柳荫社区", "网格员", None, date(2020, 1, 1), date(2022, 1, 1))
    done = take(small_office, tmp_path, past)
    assert outcomes(done) == [(4, "updated")]
    assert worker(small_office, "李䶮") == one
    assert [r.grid for r in roster(small_office, Ask(day=date(2021, 1, 1))) if r.name == "李䶮"] == [
        "柳荫社区"
    ]
    assert take(small_office, tmp_path, past).preview.in_words() == "无变化 1"


def test_a_second_post_named_before_the_first_does_not_move_it(small_office: Office, tmp_path: Path) -> None:
    one = worker(small_office, "李䶮")
    second = ("李䶮", one.id_number, None, None, "柳荫·第二网格", "网格长")
    first = ("李䶮", one.id_number, None, None, "梧桐·第一网格", "专职网格员")
    done = take(small_office, tmp_path, second, first)
    assert outcomes(done) == [(4, "updated"), (5, "unchanged")]
    assert sorted(r.grid for r in roster(small_office) if r.name == "李䶮") == [
        "柳荫·第二网格",
        "梧桐·第一网格",
    ]
    kept = {
        row["grid_id"]: row["concurrent"]
        for row in records(small_office)["post"]
        if row["person_id"] == one.person_id
    }
    assert kept == {
        grid_id(small_office, "519921001001001"): False,
        grid_id(small_office, "519921001002002"): True,
    }


def test_two_posts_one_after_the_other_are_not_held_at_once(small_office: Office, tmp_path: Path) -> None:
    rows = (
        ("周敏", number(55), None, None, "梧桐社区", None, None, date(2020, 1, 1), date(2022, 1, 1)),
        ("周敏", number(55), None, None, "柳荫社区", None, None, date(2022, 1, 2)),
    )
    done = take(small_office, tmp_path, *rows)
    assert said(done) == []
    assert [row["concurrent"] for row in records(small_office)["post"][-2:]] == [False, False]
    assert take(small_office, tmp_path, *reversed(rows)).preview.in_words() == "无变化 2"


# Places in several columns


def test_a_grid_named_in_several_columns(small_office: Office, tmp_path: Path) -> None:
    headings = ("姓名", "身份证号", "街道", "社区", "网格", "微网格")
    done = columns_of(
        small_office,
        tmp_path,
        headings,
        ("周敏", number(56), "青禾街道", "柳荫社区", "第一网格", None),
        ("刘慧", number(57), "青禾街道", "梧桐", "第一网格", "微网格02"),
        ("吴刚", number(58), "青禾街道", "梧桐社区", None, None),
        ("郑好", number(59), "青禾街道", "梧桐社区", "第九网格", None),
    )
    assert [(row, field) for row, field, _ in errors(done)] == [(5, "所属网格")]
    done = columns_of(
        small_office,
        tmp_path,
        headings,
        *(
            row
            for row in (
                ("周敏", number(56), "青禾街道", "柳荫社区", "第一网格", None),
                ("刘慧", number(57), "青禾街道", "梧桐", "第一网格", "微网格02"),
                ("吴刚", number(58), "青禾街道", "梧桐社区", None, None),
            )
        ),
    )
    assert errors(done) == []
    grids = {row.name: row.grid for row in roster(small_office)}
    assert (grids["周敏"], grids["刘慧"], grids["吴刚"]) == (
        "柳荫·第一网格",
        "梧桐·第一网格·微网格02",
        "梧桐社区",
    )


# The whole


def test_counts_said_are_counts_written(small_office: Office, tmp_path: Path) -> None:
    """写入 a 新增, b 更新, c 未变: what the message says is the difference in the database."""
    before = records(small_office)
    one, two = worker(small_office, "李䶮"), worker(small_office, "单晓琴")
    done = take(
        small_office,
        tmp_path,
        NEW,
        ("周敏", number(60, Sex.FEMALE), "女", None, "梧桐社区"),
        ("李䶮", one.id_number, None, "13911112222", "梧桐·第一网格"),
        ("单晓琴", two.id_number, None, two.phone, "梧桐·第二网格"),
        ("坏行", "1", None, None, "梧桐社区"),
        good_rows_only=True,
    )
    assert done.preview.in_words() == "新增 2、更新 1、无变化 1、错误 1"
    after = records(small_office)
    old = {row["id"]: row for row in before["person"]}
    new = {row["id"]: row for row in after["person"]}
    assert len(new) - len(old) == 2
    assert len([number for number in old if old[number] != new[number]]) == 1
    line = small_office.read(history.journal, 1)[0]
    assert line.title == "导入网格员花名册：新增 2、更新 1、无变化 1、错误 1"
    assert line.detail["file"] == "花名册.xlsx"
    assert line.detail["counts"] == {
        "new": 2,
        "updated": 1,
        "unchanged": 1,
        "conflict": 0,
        "error": 1,
        "skipped": 0,
    }


def test_an_import_is_undone_whole_and_what_changed_since_is_kept(
    small_office: Office, tmp_path: Path, office_at: Opening
) -> None:
    before = records(small_office)
    done = take(small_office, tmp_path, NEW, ("周敏", number(60, Sex.FEMALE), "女", None, "梧桐社区"))
    kept = worker(small_office, "周敏")
    small_office.write(save_worker, kept.id, {"phone": "13922223333"})
    again = office_at(small_office.store.address)
    result = again.write(history.undo, done.action).result
    assert [(one.noun, one.name, one.why) for one in result.kept] == [("人员", "周敏", "后来又改过")]
    names = [row["name"] for row in records(again)["person"]]
    assert names.count("周敏") == 1
    assert "陈建国" not in names
    assert len(records(again)["person"]) == len(before["person"]) + 1


def test_cancelling_writes_nothing(small_office: Office, tmp_path: Path) -> None:
    from gridoffice.errors import Cancelled
    from gridoffice.progress import Step, watched

    before, lines = records(small_office), journal_lines(small_office)
    heard: list[str] = []

    def stop(step: Step) -> bool:
        heard.append(step.doing)
        return step.doing != "写入资料库"

    with pytest.raises(Cancelled), watched(stop):
        take(small_office, tmp_path, NEW)
    assert heard[-1] == "写入资料库"
    assert (records(small_office), journal_lines(small_office)) == (before, lines)


def test_reported_rosters_and_the_official_one_say_the_same(street_office: Office, demo_street: Any) -> None:
    """The demo's messy roster of the communities changes nothing in what the official one brought."""
    done = come(street_office, "workers", demo_street.ledgers[0].reported)
    assert errors(done) == []
    assert [(row.number, row.changes) for row in done.preview.rows if row.outcome.value != "unchanged"] == []
