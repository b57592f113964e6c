"""What only the clerk can tell: asked once for equal values, answered, remembered, and never guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from db.enums import Role, Sex
from db.tables import Grid
from gridoffice import history
from gridoffice.accounts.keeping import add_account
from gridoffice.assessment.month import months
from gridoffice.assessment.service import open_month
from gridoffice.errors import BadSheet, Cancelled, RuleBroken
from gridoffice.grids.changing import change_grids
from gridoffice.grids.operations import Basis, Facts, Share, Split
from gridoffice.grids.tree import children
from gridoffice.intake import Key, Merge, Options
from gridoffice.office import Office
from gridoffice.planned import Outcome
from gridoffice.progress import watched
from gridoffice.review import Question, Review
from gridoffice.scoring.scheme import Measure, all_inputs
from gridoffice.spreadsheet.guide import Guide
from tests.offices import (
    PERIOD,
    Opening,
    grid_id,
    number,
    records,
    roster,
    scheme,
    workbook,
    worker,
)

NEW_CODES = select(Grid.code).where(Grid.name.in_(["青河路网格", "银杏网格"]))

HEADINGS = ("姓名", "身份证号码", "联系电话", "街道", "社区", "网格")


def people(*places: tuple[str | None, str | None, str | None], first: int = 70) -> list[tuple[Any, ...]]:
    names = "赵钱孙李周吴郑王冯陈"
    return [
        (f"{names[i]}小明", number(first + i), f"139000001{i:02}", *place) for i, place in enumerate(places)
    ]


def review(
    office: Office, path: Path, *rows: tuple[Any, ...], headings: tuple[str, ...] = HEADINGS, **options: Any
) -> Review:
    return Review(office, "workers", workbook(path / "花名册.xlsx", headings, rows), Options(**options))


def outcomes(seen: Review) -> list[str]:
    return [row.outcome.value for row in seen.plan.rows]


def only_question(seen: Review) -> Question:
    (question,) = seen.summary().questions
    return question


UNKNOWN = ("青禾街道", "梧桐社区", "青河路网格")


# A grid that nobody knows


def test_a_grid_nobody_knows_is_asked_once_for_all_rows_that_name_it(
    small_office: Office, tmp_path: Path
) -> None:
    seen = review(small_office, tmp_path, *people(UNKNOWN, UNKNOWN, ("青禾街道", "柳荫社区", "第一网格")))
    question = only_question(seen)
    assert outcomes(seen) == ["error", "error", "new"]
    assert (question.value, question.rows, question.answer) == ("青禾街道/梧桐社区/青河路网格", 2, None)
    assert question.words == "“青禾街道/梧桐社区/青河路网格”在网格台账里没有，2 行写的是它。"
    assert question.choices[0].words.startswith("梧桐")
    assert len([c for c in question.choices if c.answer.startswith("to ")]) <= 8
    assert "新建一般网格“青河路网格”，在“梧桐社区”下" in [choice.words for choice in question.choices]
    assert question.choices[-1].words == "这些行先不写"


def test_one_answer_is_for_all_rows_and_is_remembered(small_office: Office, tmp_path: Path) -> None:
    rows = people(UNKNOWN, UNKNOWN)
    seen = review(small_office, tmp_path, *rows)
    question = only_question(seen)
    code = question.choices[0].answer
    again = seen.again(Options(answers={question.key: code}))
    assert (again.in_words(), again.questions[0].answer) == ("新增 2", code)
    assert seen.write().written
    grid = worker(small_office, "赵小明").grid
    assert grid == worker(small_office, "钱小明").grid
    # the same words need no answer the next time; the row says what was made of them
    later = review(small_office, tmp_path, *rows, *people(UNKNOWN, first=90))
    assert outcomes(later) == ["unchanged", "unchanged", "new"]
    notes = [problem.message for problem in later.plan.rows[2].problems]
    assert notes == [f"照上次的回答，记作“{grid}”。"]
    assert only_question(later).answer == code
    # and may be answered otherwise
    other = grid_id(small_office, "519921001002001")
    changed = later.again(Options(answers={question.key: "to 519921001002001"}))
    assert changed.in_words() == "新增 1、更新 2"
    assert later.plan.rows[2].resolved.grid_id == other


def test_rows_may_be_left_out_by_an_answer(small_office: Office, tmp_path: Path) -> None:
    known = ("青禾街道", "柳荫社区", "第一网格")
    seen = review(small_office, tmp_path, *people(UNKNOWN, known))
    done = seen.again(Options(answers={only_question(seen).key: "skip"}))
    assert (done.in_words(), done.blocked) == ("新增 1、先不写 1", 0)
    assert seen.write().written
    assert [row.name for row in roster(small_office) if row.name.endswith("小明")] == ["钱小明"]
    # what was left out is asked again
    assert only_question(review(small_office, tmp_path, *people(UNKNOWN))).answer is None


def test_a_missing_grid_is_made_where_the_pack_allows_it_and_undone_with_the_import(
    small_office: Office, tmp_path: Path
) -> None:
    before = records(small_office)
    seen = review(small_office, tmp_path, *people(UNKNOWN, UNKNOWN))
    question = only_question(seen)
    create = next(choice.answer for choice in question.choices if choice.answer.startswith("create "))
    seen.again(Options(answers={question.key: create}))
    done = seen.write()
    assert done.in_words() == "新增 2"
    made = worker(small_office, "赵小明")
    assert (made.grid, worker(small_office, "钱小明").grid) == ("梧桐·青河路网格",) * 2
    again = review(small_office, tmp_path, *people(UNKNOWN, UNKNOWN)).summary()
    assert (again.in_words(), again.questions) == ("无变化 2", ())
    written = records(small_office)
    small_office.write(history.undo, done.action)
    assert records(small_office) == before
    small_office.write(history.redo, done.action)
    assert records(small_office) == written


def test_all_that_is_missing_is_made_when_that_is_wanted(small_office: Office, tmp_path: Path) -> None:
    other = ("青禾街道", "梧桐社区", "银杏网格")
    seen = review(small_office, tmp_path, *people(UNKNOWN, other, UNKNOWN), create_missing=True)
    assert outcomes(seen) == ["new", "new", "new"]
    assert seen.write().written
    grids = {row.name: row.grid for row in roster(small_office) if row.name.endswith("小明")}
    assert grids == {"赵小明": "梧桐·青河路网格", "钱小明": "梧桐·银杏网格", "孙小明": "梧桐·青河路网格"}
    codes = {code for (code,) in small_office.read(lambda session: session.execute(NEW_CODES).all())}
    assert codes == {"519921001001003", "519921001001004"}
    # where nobody can say below what, nothing is made
    alone = ("姓名", "身份证号码", "网格")
    row = ("何小明", number(80), "没影子网格")
    assert outcomes(review(small_office, tmp_path, row, headings=alone, create_missing=True)) == ["error"]
    # the name of the place may begin that of the grid
    row = ("何小明", number(80), "梧桐社区没影子网格")
    assert outcomes(review(small_office, tmp_path, row, headings=alone, create_missing=True)) == ["new"]


def test_an_ambiguous_name_offers_those_it_may_be(small_office: Office, tmp_path: Path) -> None:
    seen = review(small_office, tmp_path, *people((None, None, "第一网格")))
    question = only_question(seen)
    assert question.words == "叫“第一网格”的网格有 2 个，1 行写的是它。"
    words = [choice.words for choice in question.choices]
    assert {"梧桐·第一网格（519921001001001）", "柳荫·第一网格（519921001002001）"} <= set(words[:2])


def test_an_answer_that_makes_no_sense_settles_nothing(small_office: Office, tmp_path: Path) -> None:
    seen = review(small_office, tmp_path, *people(UNKNOWN))
    key = only_question(seen).key
    for answer in ("to 999", "keep 1", "maybe", "create  ", ""):
        seen.again(Options(answers={key: answer}))
        if answer.strip() != "create":
            assert (outcomes(seen), only_question(seen).answer) == (["error"], None), answer


def test_an_answer_taken_back_is_forgotten(small_office: Office, tmp_path: Path) -> None:
    rows = people(UNKNOWN)
    seen = review(small_office, tmp_path, *rows)
    question = only_question(seen)
    seen.again(Options(answers={question.key: question.choices[0].answer}))
    seen.write()
    more = (*rows, *people(("青禾街道", "柳荫社区", "第一网格"), first=90))
    seen = review(small_office, tmp_path, *more)
    seen.again(Options(answers={question.key: "skip"}))
    assert seen.write().written
    assert only_question(review(small_office, tmp_path, *rows)).answer is None


def test_a_review_broken_off_is_whole_the_next_time(small_office: Office, tmp_path: Path) -> None:
    rows = people(("青禾街道", "梧桐社区", "第二网格"), UNKNOWN)
    seen = review(small_office, tmp_path, *rows)
    fixes = {seen.plan.rows[1].key: {"grid": "第二网格"}}
    with pytest.raises(Cancelled), watched(lambda step: False):
        seen.again(Options(fixes=fixes))
    assert seen.again(Options(fixes=fixes)).in_words() == "新增 2"
    with pytest.raises(BadSheet):
        seen.again(Options(guide=Guide(sheets=("没有",))))
    assert seen.again(Options()).in_words() == "新增 1、错误 1"


# A person who may be several


NAMESAKE = ("张三", None, None, None, "柳荫社区", None)


def test_namesakes_are_a_question_of_their_own_row(small_office: Office, tmp_path: Path) -> None:
    seen = review(small_office, tmp_path, NAMESAKE)
    question = only_question(seen)
    assert outcomes(seen) == ["conflict"]
    assert question.words == "花名册里有 2 个“张三”，分不清是哪一个。"
    first, second, new, skip = question.choices
    assert "电话 138****0015" in first.words + second.words
    assert (new.words, skip.words) == ("新增一个“张三”", "这一行先不写")
    person = int(second.answer.removeprefix("to "))
    seen.again(Options(answers={question.key: second.answer}))
    assert (outcomes(seen), seen.plan.rows[0].record) == (["updated"], person)
    seen.write()
    assert outcomes(review(small_office, tmp_path, NAMESAKE)) == ["unchanged"]


def test_somebody_new_among_namesakes_is_known_the_next_time(small_office: Office, tmp_path: Path) -> None:
    before = len([row for row in roster(small_office) if row.name == "张三"])
    seen = review(small_office, tmp_path, NAMESAKE)
    seen.again(Options(answers={only_question(seen).key: "new"}))
    assert outcomes(seen) == ["new"]
    seen.write()
    assert len([row for row in roster(small_office) if row.name == "张三"]) == before + 1
    again = review(small_office, tmp_path, NAMESAKE)
    assert outcomes(again) == ["unchanged"]
    small_office.write(history.undo, seen.action)
    # whom the answer meant is gone: it is asked again
    assert outcomes(review(small_office, tmp_path, NAMESAKE)) == ["conflict"]


@pytest.mark.parametrize(("sign", "name"), [("to ", "李尧"), ("keep ", "李䶮")])
def test_another_name_at_a_known_number(small_office: Office, tmp_path: Path, sign: str, name: str) -> None:
    one = worker(small_office, "李䶮")
    row = ("李尧", one.id_number, "13911112222", None, "梧桐社区", "第一网格")
    seen = review(small_office, tmp_path, row)
    question = only_question(seen)
    assert (outcomes(seen), question.value) == (["conflict"], "李尧")
    answer = next(choice.answer for choice in question.choices if choice.answer.startswith(sign))
    seen.again(Options(answers={question.key: answer}))
    assert outcomes(seen) == ["updated"]
    seen.write()
    (found,) = [row for row in roster(small_office) if row.person_id == one.person_id]
    assert (found.name, found.phone) == (name, "13911112222")
    assert outcomes(review(small_office, tmp_path, row)) == ["unchanged"]


# The key, and the rule of a column


def test_the_key_says_by_what_a_person_is_found(small_office: Office, tmp_path: Path) -> None:
    one = worker(small_office, "李䶮")
    row = ("李䶮", number(51, Sex.FEMALE), one.phone, None, "梧桐社区", "第一网格")
    assert outcomes(review(small_office, tmp_path, row)) == ["new"]
    by_phone = review(small_office, tmp_path, row, key=Key.NAME_PHONE)
    assert outcomes(by_phone) == ["updated"]
    assert by_phone.plan.rows[0].changes["id_number"] == (one.id_number, number(51, Sex.FEMALE))
    assert outcomes(review(small_office, tmp_path, row, key=Key.NAME)) == ["updated"]
    assert outcomes(review(small_office, tmp_path, ("李䶮", *row[1:]), key=Key.ID_NUMBER)) == ["new"]


def test_several_by_the_key_are_never_the_first_one(small_office: Office, tmp_path: Path) -> None:
    row = ("张三", number(55), "13800000015", None, "柳荫社区", None)
    assert outcomes(review(small_office, tmp_path, row, key=Key.NAME)) == ["conflict"]


def test_a_row_without_its_key_is_told_so(small_office: Office, tmp_path: Path) -> None:
    row = ("陈建国", None, None, None, "梧桐社区", None)
    seen = review(small_office, tmp_path, row, key=Key.ID_NUMBER)
    messages = [p.message for p in seen.plan.rows[0].problems if p.severity.value == "error"]
    assert messages == ["按“身份证号码”认人，这一行没有身份证号码。"]
    seen = review(small_office, tmp_path, row, key=Key.NAME_PHONE)
    assert "没有联系电话" in seen.plan.rows[0].problems[0].message


def test_the_number_of_somebody_else_is_a_conflict_by_any_key(small_office: Office, tmp_path: Path) -> None:
    one, two = worker(small_office, "李䶮"), worker(small_office, "单晓琴")
    row = ("李䶮", two.id_number, one.phone, None, "梧桐社区", "第一网格")
    for key in Key:
        assert outcomes(review(small_office, tmp_path, row, key=key)) == ["conflict"], key


def test_a_ledger_of_grids_knows_no_key_but_its_own(small_office: Office, tmp_path: Path) -> None:
    file = workbook(tmp_path / "网格.xlsx", ("网格编码", "网格名称", "网格类型"), [("1", "a", "街道")])
    with pytest.raises(RuleBroken, match="网格台账不能按“姓名”认"):
        Review(small_office, "grids", file, Options(key=Key.NAME))


def test_the_rule_of_a_column_goes_before_that_of_the_file(small_office: Office, tmp_path: Path) -> None:
    one = worker(small_office, "李䶮")
    row = ("李䶮", one.id_number, "13911112222", None, "柳荫社区", "第一网格")
    seen = review(small_office, tmp_path, row, merges={"phone": Merge.BLANKS})
    assert list(seen.plan.rows[0].changes) == ["grid"]
    seen.again(Options(merges={"grid": Merge.BLANKS}))
    assert list(seen.plan.rows[0].changes) == ["phone"]
    assert seen.again(Options(merge=Merge.BLANKS)).in_words() == "无变化 1"


# What an account may change


def test_rows_outside_the_accounts_scope_are_counted_apart(
    small_office: Office, tmp_path: Path, office_at: Opening
) -> None:
    small_office.write(add_account, "willow", "柳荫社区", Role.CLERK, grid_id(small_office, "519921001002"))
    office = office_at(small_office.store.address, "willow")
    before = records(small_office)
    one = worker(small_office, "李䶮")
    rows = (
        *people(("青禾街道", "柳荫社区", "第一网格"), ("青禾街道", "梧桐社区", "第一网格")),
        ("李䶮", one.id_number, None, "青禾街道", "柳荫社区", "第一网格"),
    )
    seen = review(office, tmp_path, *rows)
    summary = seen.summary()
    assert (outcomes(seen), summary.out_of_scope) == (["new", "error", "error"], 2)
    for row in seen.plan.rows[1:]:
        assert any(p.message.startswith("超出权限范围：你管“柳荫社区”") for p in row.problems)
    assert not seen.write().written
    assert records(small_office) == before
    seen.again(Options(good_rows_only=True))
    assert seen.write().written
    assert [row.name for row in roster(small_office) if row.name.endswith("小明")] == ["赵小明"]
    assert review(small_office, tmp_path, *rows).summary().out_of_scope == 0


# Cells corrected one by one


def test_a_corrected_cell_plans_again_only_what_hangs_together_with_it(
    small_office: Office, tmp_path: Path
) -> None:
    known = ("青禾街道", "梧桐社区", "第二网格")
    rows = people(known, known, known)
    twice = (*rows[0][:2], "13900009999", *known)
    seen = review(small_office, tmp_path, *rows, twice)
    assert outcomes(seen) == ["new", "new", "new", "error"]
    untouched = seen.plan.rows[1]
    key = seen.plan.rows[3].key
    # another number, another name: now somebody else
    fixes = {key: {"name": "马小明", "id_number": number(99)}}
    assert seen.again(Options(fixes=fixes)).in_words() == "新增 4"
    assert seen.plan.rows[1] is untouched
    whole = Review(small_office, "workers", Path(seen.come.file), Options(fixes=fixes))
    assert whole.plan.rows == seen.plan.rows
    # the number of the second row: its neighbour hears of it
    fixes = {key: {"name": "钱小明", "id_number": rows[1][1]}}
    assert seen.again(Options(fixes=fixes)).in_words() == "新增 3、错误 1"
    assert "与第 3 行是同一个人" in seen.plan.rows[3].problems[-1].message
    # and back to what the file says
    assert seen.again(Options()).in_words() == "新增 3、错误 1"
    assert seen.plan.rows == Review(small_office, "workers", Path(seen.come.file), Options()).plan.rows


def test_a_correction_is_written_and_the_file_stays_as_it_is(small_office: Office, tmp_path: Path) -> None:
    seen = review(small_office, tmp_path, ("陈建国", number(50), "138", None, "梧桐社区", "第二网格"))
    assert outcomes(seen) == ["error"]
    seen.again(Options(fixes={seen.plan.rows[0].key: {"phone": "13812345650"}}))
    assert seen.write().written
    assert worker(small_office, "陈建国").phone == "13812345650"
    # the file as it is still has the wrong cell
    assert outcomes(
        review(small_office, tmp_path, ("陈建国", number(50), "138", None, "梧桐社区", "第二网格"))
    ) == ["error"]


def test_what_changed_in_the_office_meanwhile_is_planned_anew(small_office: Office, tmp_path: Path) -> None:
    rows = people(("青禾街道", "梧桐社区", "第二网格"))
    one, two = review(small_office, tmp_path, *rows), review(small_office, tmp_path, *rows)
    assert one.write().in_words() == "新增 1"
    done = two.write()
    assert (done.in_words(), done.written, done.action) == ("无变化 1", False, None)
    assert len([row for row in roster(small_office) if row.name == "赵小明"]) == 1


# This very file


def test_a_file_that_came_before_says_when_and_by_whom(small_office: Office, tmp_path: Path) -> None:
    seen = review(small_office, tmp_path, *people(("青禾街道", "梧桐社区", "第二网格")))
    assert seen.summary().before is None
    done = seen.write()
    again = Review(small_office, "workers", Path(seen.come.file), Options()).summary()
    assert (again.in_words(), again.blocked) == ("无变化 1", 0)
    assert again.before is not None
    assert (again.before.action, again.before.day.date()) == (done.action, date.today())
    assert again.before.title == "导入网格员花名册：新增 1"
    small_office.write(history.undo, done.action)
    taken_back = Review(small_office, "workers", Path(seen.come.file), Options()).summary()
    assert (taken_back.before, taken_back.in_words()) == (None, "新增 1")
    small_office.write(history.redo, done.action)
    assert Review(small_office, "workers", Path(seen.come.file), Options()).summary().before is not None


def test_counts_are_the_difference_and_undo_is_the_database_as_before(
    small_office: Office, tmp_path: Path
) -> None:
    before = records(small_office)
    one = worker(small_office, "李䶮")
    rows = (
        *people(UNKNOWN, ("青禾街道", "柳荫社区", "第一网格")),
        ("李䶮", one.id_number, "13911112222", None, "柳荫社区", "第一网格"),
        NAMESAKE,
    )
    seen = review(small_office, tmp_path, *rows, create_missing=True, good_rows_only=True)
    done = seen.write()
    assert {o.value: n for o, n in done.counts.items() if n} == {"new": 2, "updated": 1, "conflict": 1}
    after = records(small_office)
    assert len(after["person"]) == len(before["person"]) + 2
    old = {row["id"]: row for row in before["person"]}
    assert [row["id"] for row in after["person"] if old.get(row["id"], row) != row] == [one.person_id]
    small_office.write(history.undo, done.action)
    assert records(small_office) == before


# The parent of a grid


GRID_HEADINGS = ("网格编码", "网格名称", "网格类型", "上级网格")
WANTED = "青河社区"


def grids(office: Office, path: Path, *rows: tuple[Any, ...], **options: Any) -> Review:
    return Review(office, "grids", workbook(path / "网格.xlsx", GRID_HEADINGS, rows), Options(**options))


def test_a_parent_nobody_knows_is_asked_once_and_may_be_a_row_of_the_file(
    small_office: Office, tmp_path: Path
) -> None:
    rows = (
        ("519921001003", "新桥社区", "总网格", "青禾街道"),
        ("519921001003001", "第一网格", "一般网格", WANTED),
        ("519921001003002", "第二网格", "一般网格", WANTED),
        ("51992100100300201", "微网格01", "微网格", f"{WANTED}第二网格"),
    )
    seen = grids(small_office, tmp_path, *rows)
    assert outcomes(seen) == ["new", "error", "error", "error"]
    question = next(one for one in seen.summary().questions if one.value == WANTED)
    assert (question.field, question.rows) == ("上级网格", 2)
    offered = {choice.answer: choice.words for choice in question.choices}
    assert "to 519921001003" in offered and "create" not in "".join(offered)
    answers = {question.key: "to 519921001003"}
    seen.again(Options(answers=answers))
    assert outcomes(seen)[:3] == ["new", "new", "new"]
    assert outcomes(seen)[3] == "error"
    lower = next(one for one in seen.summary().questions if one.answer is None)
    answers[lower.key] = "to 519921001003002"
    assert seen.again(Options(answers=answers)).in_words() == "新增 4"
    assert seen.write().written
    assert grids(small_office, tmp_path, *rows).summary().in_words() == "无变化 4"


def test_rows_below_a_parent_left_out_are_not_written_either(small_office: Office, tmp_path: Path) -> None:
    rows = (
        ("519921001003", "新桥社区", "总网格", "没影子"),
        ("519921001003001", "第一网格", "一般网格", "519921001003"),
    )
    seen = grids(small_office, tmp_path, *rows)
    key = seen.summary().questions[0].key
    seen.again(Options(answers={key: "skip"}, good_rows_only=True))
    assert outcomes(seen) == ["skipped", "error"]
    assert not seen.write().written


def test_an_account_changes_no_grid_outside_its_own(
    small_office: Office, tmp_path: Path, office_at: Opening
) -> None:
    small_office.write(add_account, "willow", "柳荫社区", Role.CLERK, grid_id(small_office, "519921001002"))
    office = office_at(small_office.store.address, "willow")
    rows = (
        ("519921001002", "柳荫社区", "总网格", "青禾街道"),
        ("519921001002009", "第九网格", "一般网格", "柳荫社区"),
        ("51992100100200901", "微网格01", "微网格", "519921001002009"),
        ("519921001001009", "第九网格", "一般网格", "梧桐社区"),
        ("519921001001001", "改名网格", "一般网格", "梧桐社区"),
        ("519921001002001", "第一网格", "一般网格", "梧桐社区"),
        ("519921001007", "新社区", "总网格", "青禾街道"),
    )
    seen = grids(office, tmp_path, *rows)
    assert outcomes(seen)[:3] == ["unchanged", "new", "new"]
    assert [row.out_of_scope for row in seen.plan.rows] == [False] * 3 + [True] * 4
    assert grids(small_office, tmp_path, *rows).summary().out_of_scope == 0


# A person of a month's values


def month_values(office: Office, path: Path, *rows: tuple[Any, ...], **options: Any) -> Review:
    """A workbook of the month with one of its values."""
    if not office.read(months):
        office.write(open_month, PERIOD)
    entry = next(one for one in all_inputs(scheme(office)) if one.measure is Measure.COUNT)
    file = workbook(path / "指标.xlsx", ("姓名", "身份证号码", "所属网格", entry.label), rows)
    return Review(office, "indicators", file, Options(month=PERIOD, **options))


def test_a_person_the_month_does_not_know_is_asked_for(small_office: Office, tmp_path: Path) -> None:
    one = worker(small_office, "李䶮")
    wrong = ("李窈", None, "梧桐·第一网格", 1)
    seen = month_values(small_office, tmp_path, wrong, ("单晓琴", None, None, 2))
    assert outcomes(seen) == ["error", "updated"]
    question = only_question(seen)
    assert question.words == "2026年6月考核里没有“李窈”，1 行写的是它。"
    assert question.choices[0].answer == f"to {one.person_id}"
    assert question.choices[0].words.startswith("李䶮，身份证 519***")
    seen.again(Options(month=PERIOD, answers={question.key: question.choices[0].answer}))
    assert outcomes(seen) == ["updated", "updated"]
    assert seen.write().written
    later = month_values(small_office, tmp_path, wrong)
    assert (outcomes(later), only_question(later).answer) == (["unchanged"], f"to {one.person_id}")
    assert "照上次的回答" in later.plan.rows[0].problems[0].message


def test_namesakes_of_a_month_are_a_question_of_their_own_row(small_office: Office, tmp_path: Path) -> None:
    seen = month_values(small_office, tmp_path, ("张三", None, None, 1))
    question = only_question(seen)
    assert outcomes(seen) == ["conflict"]
    seen.again(Options(month=PERIOD, answers={question.key: question.choices[1].answer}))
    assert outcomes(seen) == ["updated"]
    seen.again(Options(month=PERIOD, answers={question.key: "skip"}))
    assert outcomes(seen) == ["skipped"]


def test_a_sheet_for_each_community_tells_namesakes_apart(small_office: Office, tmp_path: Path) -> None:
    seen = month_values(small_office, tmp_path, ("柳荫社区", None, None, None), ("单晓琴", None, None, 2))
    (row,) = seen.plan.rows
    assert only_question(seen).choices[0].words.startswith("单晓琴")
    # she serves in 梧桐社区: a title that says otherwise is told
    assert row.outcome.value == "error"
    assert "柳荫社区" in row.problems[0].message


# A grid that is closed


def test_a_grid_that_was_split_is_asked_for_with_what_came_after_it(
    small_office: Office, tmp_path: Path
) -> None:
    old = grid_id(small_office, "519921001001001")
    posts = [row for row in roster(small_office) if row.grid == "梧桐·第一网格"]
    below = [one.id for one in small_office.read(children, old) if one.kind_label == "微网格"]
    day = date.today() - timedelta(days=10)
    shares = (
        Share(
            "东片网格", Facts(households=200), workers=tuple(row.id for row in posts), children=tuple(below)
        ),
        Share("第一网格", Facts(households=200)),
    )
    small_office.write(change_grids, Basis(day), [Split(old, shares)])
    # the name alone means the one that bears it now
    named = review(small_office, tmp_path, *people((None, "梧桐社区", "第一网格")))
    assert outcomes(named) == ["new"]
    coded = review(small_office, tmp_path, *people((None, None, "519921001001001")), create_missing=True)
    assert outcomes(coded) == ["error"]
    question = only_question(coded)
    assert question.words == f"“梧桐·第一网格”到 {day - timedelta(days=1)} 为止，1 行写的是它。"
    assert [choice.words.partition("（")[0] for choice in question.choices[:2]] == [
        "梧桐·东片网格",
        "梧桐·第一网格",
    ]
    assert "to 519921001001001" not in {choice.answer for choice in question.choices}
    coded.again(Options(answers={question.key: question.choices[0].answer}))
    assert outcomes(coded) == ["new"]
    assert coded.write().written
    assert worker(small_office, "赵小明").grid == "梧桐·东片网格"
    # who left before it was closed served there
    headings = ("姓名", "身份证号码", "网格", "任职日期", "离任日期")
    row = ("何小明", number(80), "519921001001001", "2024-01-01", "2025-01-01")
    assert outcomes(review(small_office, tmp_path, row, headings=headings)) == ["new"]


# ID numbers of 15 digits


def test_old_numbers_are_offered_their_longer_form_once_for_the_file(
    small_office: Office, tmp_path: Path
) -> None:
    place = ("青禾街道", "柳荫社区", "第一网格")
    old, other = number(81)[:6] + number(81)[8:17], number(82)[:6] + number(82)[8:17]
    rows = [("秦小明", old, "13900000101", *place), ("魏小明", other, "13900000102", *place), *people(place)]
    before = records(small_office)
    seen = review(small_office, tmp_path, *rows)
    question = only_question(seen)
    assert question.words == "2 行写的是 15 位旧号码，按规则换成 18 位？"
    assert [choice.words for choice in question.choices] == ["换成 18 位", "这些行先不写"]
    assert outcomes(seen) == ["conflict", "conflict", "new"]
    assert [problem.message for problem in seen.plan.problems] == [
        f"15 位旧号码：{old} → {number(81)}。",
        f"15 位旧号码：{other} → {number(82)}。",
    ]
    assert len(seen.lines((Outcome.CONFLICT,), question.value).troubles) == 2
    assert seen.write().written is False and records(small_office) == before

    left_out = seen.again(replace(seen.options, answers={question.key: question.choices[1].answer}))
    assert (left_out.counts[Outcome.SKIPPED], left_out.counts[Outcome.NEW], left_out.blocked) == (2, 1, 0)
    taken = seen.again(replace(seen.options, answers={question.key: question.choices[0].answer}))
    assert (taken.counts[Outcome.NEW], taken.blocked) == (3, 0)
    assert seen.write().written
    assert [worker(small_office, name).id_number for name in ("秦小明", "魏小明")] == [number(81), number(82)]
    # it was said of this file only
    again = Review(small_office, "workers", tmp_path / "花名册.xlsx", Options())
    assert only_question(again).answer is None


def test_an_old_number_in_a_row_that_is_wrong_otherwise_stays_wrong(
    small_office: Office, tmp_path: Path
) -> None:
    old = number(83)[:6] + number(83)[8:17]
    seen = review(small_office, tmp_path, ("赵小明", old, "139", *UNKNOWN))
    assert outcomes(seen) == ["error"]
    key = next(question.key for question in seen.summary().questions if question.field == "身份证号码")
    for answer, outcome in (("longer", "error"), ("to 7", "error"), ("skip", "skipped")):
        seen.again(replace(seen.options, answers={key: answer}))
        assert outcomes(seen) == [outcome]
