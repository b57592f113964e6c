"""Trainings and who was there: ledgers, sign-in sheets, hours against what is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from db.enums import Employment, Presence, TrainingForm
from gridoffice import history
from gridoffice.errors import Conflict, RuleBroken
from gridoffice.exports import export, template
from gridoffice.intake import Options
from gridoffice.ledgers import LEDGERS
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.own_tables import save_own_table
from gridoffice.training import rules
from gridoffice.training.rules import HoursRule
from gridoffice.training.service import (
    HOURS,
    hours_of,
    remove_training,
    save_training,
    shortage,
    training_row,
)
from gridoffice.training.sheet import SignIn, enter_attendance, remove_attendance
from tests.offices import Imported, come, errors, grid_id, outcomes, records, workbook, worker

TRAINING = ("培训名称", "培训日期", "培训形式", "培训主题", "地点", "学时", "主办单位", "讲师")
ATTENDANCE = ("培训名称", "培训日期", "姓名", "身份证号码", "联系电话", "签到状态", "学时", "成绩")
FIRE = (
    "消防安全培训",
    date(2026, 3, 5),
    "理论辅导",
    "初期火灾扑救",
    "街道三楼会议室",
    4,
    "街道应急办",
    "周教官",
)
MEDIATION = ("矛盾纠纷调解", date(2026, 4, 10), "讨论", None, None, "6学时")
DAY = date(2026, 11, 1)


def listed(office: Office, key: str, **ask: Any) -> list[Any]:
    listing = LEDGERS[key].listing
    assert listing is not None
    return office.read(lambda session: listing.rows(session, listing.ids(session, Ask(**ask))))


def take(
    office: Office, path: Path, key: str, headings: Sequence[str], *rows: Sequence[Any], **options: Any
) -> Imported:
    full = [(*row, *[None] * (len(headings) - len(row))) for row in rows]
    return come(office, key, workbook(path / f"{key}.xlsx", headings, full, above=1), **options)


def trainings(office: Office, path: Path, *rows: Sequence[Any], **options: Any) -> Imported:
    return take(office, path, "training", TRAINING, *(rows or (FIRE, MEDIATION)), **options)


def attendance(office: Office, path: Path, *rows: Sequence[Any], **options: Any) -> Imported:
    return take(office, path, "attendance", ATTENDANCE, *rows, **options)


# Rules


def test_hours_that_count() -> None:
    four = Decimal(4)
    assert rules.credited(Presence.PRESENT, None, four) == 4
    assert rules.credited(Presence.LATE, Decimal(3), four) == 3
    assert rules.credited(Presence.LEAVE, None, four) == 0
    rule = HoursRule(2, Decimal(20), "x")
    assert rule.since(date(2026, 11, 1)) == date(2024, 11, 2)
    attended = [
        (date(2024, 11, 1), Decimal(8)),
        (date(2024, 11, 2), Decimal(8)),
        (date(2026, 11, 1), Decimal(9)),
    ]
    assert rules.short_of(rule, attended, date(2026, 11, 1)) == 3
    assert rules.judged(rule, date(2024, 11, 2), date(2026, 11, 1))
    assert not rules.judged(rule, date(2024, 11, 3), date(2026, 11, 1))
    assert rules.judged(rule, None, date(2026, 11, 1))


# Trainings


def test_trainings_go_in_out_and_back(small_office: Office, tmp_path: Path) -> None:
    before = records(small_office)
    done = trainings(small_office, tmp_path)
    assert (errors(done), done.preview.in_words()) == ([], "新增 2")
    (later, first) = listed(small_office, "training")
    assert (first.name, first.form, first.hours, later.form, later.hours) == (
        "消防安全培训",
        TrainingForm.LECTURE,
        4,
        TrainingForm.DISCUSSION,
        6,
    )
    target = tmp_path / "出.xlsx"
    listing = LEDGERS["training"].listing
    assert listing is not None
    assert export(small_office, listing, target, Ask()) == 2
    assert come(small_office, "training", target).preview.in_words() == "无变化 2"
    changed = trainings(small_office, tmp_path, (*FIRE[:5], "4.5"))
    assert (outcomes(changed), dict(changed.preview.rows[0].changes)) == (
        [(3, "updated")],
        {"hours": (Decimal(4), Decimal("4.5"))},
    )
    small_office.write(history.undo)
    small_office.write(history.undo)
    assert records(small_office) == before
    template(small_office, "training", tmp_path / "空.xlsx", Options())


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ((FIRE, FIRE), [(4, "培训名称")]),
        (((FIRE[0], None),), [(3, "培训日期")]),
        (((*FIRE[:5], 25),), [(3, "学时")]),
        (((*FIRE[:5], "4.25"),), [(3, "学时")]),
        (((*FIRE[:2], "放电影"),), [(3, "培训形式")]),
    ],
)
def test_wrong_trainings(
    small_office: Office, tmp_path: Path, rows: Sequence[Sequence[Any]], expected: list[Any]
) -> None:
    done = trainings(small_office, tmp_path, *rows)
    assert [(row, field) for row, field, _ in errors(done)] == expected


def test_a_training_is_entered_and_removed(small_office: Office) -> None:
    values = {"name": "消防安全培训", "day": date(2026, 3, 5), "hours": Decimal(4)}
    one = small_office.write(save_training, None, values).result
    with pytest.raises(RuleBroken, match="已有培训"):
        small_office.write(save_training, None, values)
    seen = small_office.read(training_row, one)
    small_office.write(save_training, one, {"place": "三楼"}, seen)
    with pytest.raises(Conflict, match="地点"):
        small_office.write(save_training, one, {"place": "四楼"}, seen)
    with pytest.raises(RuleBroken, match="名称和日期"):
        small_office.write(save_training, one, {"name": ""})
    li = worker(small_office, "李䶮")
    small_office.write(enter_attendance, one, [SignIn(li.person_id, score=Decimal("88.5"))])
    with pytest.raises(RuleBroken, match="1 人次"):
        small_office.write(remove_training, one)
    (row,) = listed(small_office, "attendance")
    small_office.write(remove_attendance, [row.id])
    small_office.write(remove_training, one)
    assert listed(small_office, "training") == []


# Who was there


def test_sign_ins_go_in_out_and_back(small_office: Office, tmp_path: Path) -> None:
    trainings(small_office, tmp_path)
    before = records(small_office)
    li = worker(small_office, "李䶮")
    rows = (
        (*FIRE[:2], "李䶮", li.id_number, None, "√", None, 92.5),
        (*FIRE[:2], "张三", None, "13800000016", "请假"),
        (MEDIATION[0], None, "王𠮷𬭎", None, None, "迟到", 5),
    )
    done = attendance(small_office, tmp_path, *rows)
    assert (errors(done), done.preview.in_words()) == ([], "新增 3")
    found = {(row.training, row.name): row for row in listed(small_office, "attendance")}
    one = found["消防安全培训", "李䶮"]
    assert (one.presence, one.hours, one.score) == (Presence.PRESENT, None, Decimal("92.5"))
    assert found["消防安全培训", "张三"].phone == "13800000016"
    assert found["矛盾纠纷调解", "王𠮷𬭎"].day == date(2026, 4, 10)
    assert small_office.read(hours_of, li.person_id) == [(date(2026, 3, 5), Decimal(4))]
    assert sum(row.counted for row in found.values()) == 9
    target = tmp_path / "出.xlsx"
    listing = LEDGERS["attendance"].listing
    assert listing is not None
    assert export(small_office, listing, target, Ask(), reveal=True, reason="核对") == 3
    assert come(small_office, "attendance", target).preview.in_words() == "无变化 3"
    assert len(listed(small_office, "attendance", scope=grid_id(small_office, "519921001002"))) == 1
    small_office.write(history.undo)
    assert records(small_office) == before


def test_a_sign_in_sheet_with_two_people_side_by_side(small_office: Office, tmp_path: Path) -> None:
    trainings(small_office, tmp_path)
    file = openpyxl.Workbook()
    sheet = file.active
    assert sheet is not None
    sheet.append(["消防安全培训签到表"])
    sheet.merge_cells("A1:F1")
    sheet.append(["序号", "姓名", "联系电话", "序号", "姓名", "联系电话"])
    sheet.append([1, "李　䶮", "13800000012", 3, "王𠮷𬭎", "13800000011"])
    sheet.append([2, "张三", "13800000015", 4, None, None])
    file.save(tmp_path / "签到.xlsx")
    file.close()
    done = come(small_office, "attendance", tmp_path / "签到.xlsx")
    assert (errors(done), done.preview.in_words()) == ([], "新增 3")
    assert {row.training for row in listed(small_office, "attendance")} == {"消防安全培训"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (["培训主题：电梯安全", None, "培训地点：三楼"], "没有培训“电梯安全”，先导入培训台账。"),
        (["培训主题：电梯安全     培训时间：2026年6月1日"], "没有培训“电梯安全”，先导入培训台账。"),
        (["培训主题：消防 电梯 安全      培训地点：三楼"], "没有培训“消防 电梯 安全”，先导入培训台账。"),
        (["培训主题：", None, "培训地点：三楼"], "没写是哪个培训。标题里写上培训名称，或加一列。"),
        (["培训主题：____ 培训地点：三楼"], "没写是哪个培训。标题里写上培训名称，或加一列。"),
        (["培训主题：消防安全培训     培训地点：三楼"], None),
    ],
)
def test_a_sign_in_sheet_names_its_training_once(
    small_office: Office, tmp_path: Path, line: list[str | None], message: str | None
) -> None:
    trainings(small_office, tmp_path)
    file = openpyxl.Workbook()
    sheet = file.active
    assert sheet is not None
    for row in (["网格员签到表"], line, ["序号", "姓名", "联系电话"], [1, "李䶮", "13800000012"]):
        sheet.append(row)
    file.save(tmp_path / "签到.xlsx")
    file.close()
    done = come(small_office, "attendance", tmp_path / "签到.xlsx")
    assert errors(done) == ([(4, "培训名称", message)] if message else [])


@pytest.mark.parametrize(
    ("row", "field", "message"),
    [
        (("没办过的培训", None, "李䶮"), "培训名称", "先导入培训台账"),
        ((FIRE[0], date(2026, 3, 6), "李䶮"), "培训日期", "没有在 2026-03-06 办过"),
        ((*FIRE[:2], "没有的人"), "姓名", "人员里没有"),
        ((*FIRE[:2], "张三"), "姓名", "2 个“张三”"),
        ((*FIRE[:2], "李䶮", None, None, None, None, 101), "成绩", "0 到 100"),
        ((*FIRE[:2], "李䶮", None, None, "梦游"), "签到状态", "梦游"),
    ],
)
def test_wrong_sign_ins(
    small_office: Office, tmp_path: Path, row: Sequence[Any], field: str, message: str
) -> None:
    trainings(small_office, tmp_path)
    done = attendance(small_office, tmp_path, row)
    assert [(f, message in m) for _, f, m in errors(done)] == [(field, True)]


def test_the_same_person_twice_at_one_training(small_office: Office, tmp_path: Path) -> None:
    trainings(small_office, tmp_path)
    row = (*FIRE[:2], "李䶮", worker(small_office, "李䶮").id_number)
    done = attendance(small_office, tmp_path, row, row)
    assert errors(done) == [(4, "姓名", "与第 3 行是同一个人、同一个培训。")]


def test_a_training_nobody_knows_can_be_made(small_office: Office, tmp_path: Path) -> None:
    li = worker(small_office, "李䶮").id_number
    rows = [("新班", date(2026, 5, 1), "李䶮", li), ("新班", date(2026, 5, 1), "王𠮷𬭎")]
    done = attendance(small_office, tmp_path, *rows, create_missing=True)
    assert (errors(done), done.preview.in_words()) == ([], "新增 2")
    assert [(row.name, row.present) for row in listed(small_office, "training")] == [("新班", 2)]


# Hours asked for


def test_who_is_short_of_hours(small_office: Office, tmp_path: Path) -> None:
    """李䶮 and 王𠮷𬭎 serve since 2024; 单晓琴 part-time; 阿依古丽 a volunteer; 张三 twice, full-time."""
    trainings(small_office, tmp_path, FIRE, ("网格业务", date(2025, 9, 1), None, None, None, 16))
    li = worker(small_office, "李䶮").id_number
    attendance(
        small_office,
        tmp_path,
        (*FIRE[:2], "李䶮", li),
        ("网格业务", date(2025, 9, 1), "李䶮", li),
        (*FIRE[:2], "王𠮷𬭎", None),
        ("网格业务", date(2025, 9, 1), "王𠮷𬭎", None, None, "缺席"),
    )
    found = {one.name: one for one in small_office.read(shortage, None, DAY)}
    assert "李䶮" not in found
    assert (found["王𠮷𬭎"].done, found["王𠮷𬭎"].missing) == (4, 16)
    assert "阿依古丽·买买提" not in found
    assert "单晓琴" not in found
    below = grid_id(small_office, "519921001002")
    assert {one.name for one in small_office.read(shortage, below, DAY)} == {"张三"}
    assert {one.name for one in small_office.read(shortage, None, date(2025, 6, 1))} == {"张三", "赵𫍯"}


def test_an_office_asks_for_other_hours(small_office: Office) -> None:
    own = '[[rules]]\nemployment = ["part"]\nposts = []\nyears = 1\nhours = 8\nsource = "街道规定"\n'
    small_office.write(save_own_table, HOURS, own)
    (rule,) = small_office.read(HOURS.of).rules
    assert (rule.employment, rule.hours) == ((Employment.PART_TIME,), Decimal(8))
    assert {one.name for one in small_office.read(shortage, None, DAY)} == {"单晓琴"}
    with pytest.raises(RuleBroken, match="hours"):
        small_office.write(save_own_table, HOURS, own.replace("hours = 8", 'hours = "多"'))
    small_office.write(save_own_table, HOURS, None)
    assert small_office.read(HOURS.of).rules[0].hours == 20
