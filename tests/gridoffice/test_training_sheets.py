"""A training from its plan to its certificates: who is due, the sheet, what comes back from it, numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from db.enums import Presence, Role, TrainingForm, TrainingState
from gridoffice import history
from gridoffice.accounts.keeping import add_account
from gridoffice.errors import RuleBroken
from gridoffice.exports import export
from gridoffice.listing import Ask, Filter
from gridoffice.office import Office
from gridoffice.people.merging import merge_people
from gridoffice.reports import Wish, report_book, report_pdf
from gridoffice.training.completions import COMPLETIONS, certify, completed
from gridoffice.training.invitations import due
from gridoffice.training.listing import ATTENDANCE, TRAININGS
from gridoffice.training.papers import sign_in_sheet
from gridoffice.training.plans import (
    PLANS,
    plan_row,
    proposed,
    remove_plan,
    save_plan,
    schedule,
    spread,
)
from gridoffice.training.service import move_training, remove_training, save_training, training_row
from gridoffice.training.sheet import SignIn, enter_attendance, enter_cells, invite, sheet_listing, take_off
from gridoffice.training.year import by_area, by_month
from gridoffice.workers.listing import WORKERS
from gridoffice.workers.service import end_posts
from tests.documents.paper import poppler_text
from tests.offices import come, errors, grid_id, outcomes, records, worker

TODAY = date.today()
HELD = TODAY - timedelta(days=20)
COMING = TODAY + timedelta(days=20)
STREET = "519921001"
FIRE: dict[str, Any] = {
    "name": "消防安全培训",
    "theme": "初期火灾扑救",
    "hours": Decimal(4),
    "place": "三楼会议室",
}


def held(office: Office, **more: Any) -> int:
    return office.write(save_training, None, {**FIRE, "day": HELD, **more}).result


def sheet(office: Office, training: int, **ask: Any) -> list[Any]:
    listing = sheet_listing(training)
    return office.read(lambda session: listing.rows(session, listing.ids(session, Ask(**ask))))


def people(office: Office, *names: str) -> list[int]:
    return [worker(office, name).person_id for name in names]


# plans


def test_a_plan_and_what_became_of_it(small_office: Office, tmp_path: Path) -> None:
    before = records(small_office)
    year = date(TODAY.year, 1, 1), date(TODAY.year, 12, 31)
    plan = small_office.write(
        save_plan,
        None,
        {
            "name": "消防季训",
            "from_day": year[0],
            "to_day": year[1],
            "sessions": 4,
            "hours": Decimal("3.5"),
            "form": TrainingForm.LECTURE,
            "posts": "网格长，专职网格员",
            "area_id": grid_id(small_office, "519921001001"),
        },
    ).result
    held(small_office, plan="消防季训", day=year[0])
    one = small_office.read(plan_row, plan)
    assert (one.held, one.coming, one.missing, one.given) == (1, 0, 3, 4)
    assert (one.posts, one.area) == ("网格长、专职网格员", "梧桐社区")
    with pytest.raises(RuleBroken, match="下面有 1 场培训"):
        small_office.write(remove_plan, plan)
    with pytest.raises(RuleBroken, match="不在计划的"):
        small_office.write(schedule, plan, [year[1] + timedelta(days=1)])
    made = small_office.write(schedule, plan, [year[1]]).result
    first = small_office.read(training_row, made[0])
    assert (first.state, first.plan, first.hours, first.posts, first.area) == (
        TrainingState.PLANNED,
        "消防季训",
        Decimal("3.5"),
        "网格长、专职网格员",
        "梧桐社区",
    )
    target = tmp_path / "计划.xlsx"
    assert export(small_office, PLANS, target, Ask()) == 1
    assert come(small_office, "training-plans", target).preview.in_words() == "无变化 1"
    assert export(small_office, TRAININGS, tmp_path / "台账.xlsx", Ask()) == 2
    assert come(small_office, "training", tmp_path / "台账.xlsx").preview.in_words() == "无变化 2"
    for _ in range(3):
        small_office.write(history.undo)
    assert records(small_office) == before


def test_plans_come_in_from_a_workbook(small_office: Office, tmp_path: Path) -> None:
    file = openpyxl.Workbook()
    sheet_ = file.active
    assert sheet_ is not None
    for row in (
        ["青禾街道2026年培训计划"],
        ["计划名称", "开始日期", "结束日期", "期数", "每期学时", "范围", "参训岗位"],
        ["网格员轮训", "2026-03-01", "2026-11-30", 12, 4, "梧桐社区", "专职网格员"],
        ["倒着的", "2026-11-30", "2026-03-01", 2, 4, None, None],
        ["没有的岗位", "2026-03-01", "2026-11-30", 2, 4, None, "网格侠"],
    ):
        sheet_.append(row)
    file.save(tmp_path / "计划.xlsx")
    file.close()
    done = come(small_office, "training-plans", tmp_path / "计划.xlsx")
    assert [(row, field) for row, field, _ in errors(done)] == [(4, "结束日期"), (5, "应参加岗位")]
    assert outcomes(done)[0] == (3, "new")


@pytest.mark.parametrize(("count", "days"), [(1, 1), (4, 4), (400, 261)])
def test_days_that_are_proposed_are_free_workdays(count: int, days: int) -> None:
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    found = spread(first, last, [], count)
    assert len(found) == len(set(found)) == days
    assert found == sorted(found)
    assert all(first <= day <= last and day.weekday() < 5 for day in found)
    assert found[0] not in spread(first, last, [found[0]], count)


def test_what_is_missing_of_a_plan_is_proposed_from_today_on(small_office: Office) -> None:
    values = {"name": "季训", "from_day": TODAY - timedelta(days=60), "to_day": COMING, "sessions": 3}
    plan = small_office.write(save_plan, None, values).result
    days = small_office.read(proposed, plan, TODAY)
    assert len(days) == 3
    assert min(days) >= TODAY
    small_office.write(schedule, plan, days)
    assert small_office.read(plan_row, plan).missing == 0
    assert small_office.read(proposed, plan, TODAY) == []


# who is due, and the sheet


def test_who_is_due_at_a_training(small_office: Office) -> None:
    here = grid_id(small_office, "519921001001")
    earlier = held(small_office)
    small_office.write(enter_attendance, earlier, [SignIn(people(small_office, "李䶮")[0])])
    coming = small_office.write(
        save_training,
        None,
        {**FIRE, "name": "消防补训", "day": HELD, "posts": "专职网格员、网格长", "area_id": here},
    ).result
    asked = {one.name: one for one in small_office.read(due, coming)}
    assert set(asked) == {"王𠮷𬭎", "李䶮"}
    assert (asked["李䶮"].been, asked["王𠮷𬭎"].been) == (True, False)
    assert (asked["李䶮"].missing, asked["王𠮷𬭎"].missing) == (16, 20)
    assert small_office.write(invite, coming, [asked["王𠮷𬭎"].person_id] * 2).result == 1
    assert [(row.name, row.presence, row.title) for row in sheet(small_office, coming)] == [
        ("王𠮷𬭎", None, "网格长")
    ]
    line = small_office.read(training_row, coming)
    assert (line.invited, line.present, line.open) == (1, 0, 1)
    assert {one.name: one.on for one in small_office.read(due, coming)} == {"王𠮷𬭎": True, "李䶮": False}


def test_a_sheet_is_filled_cell_by_cell(small_office: Office) -> None:
    training = held(small_office, state=TrainingState.PLANNED)
    wang, li, shan = people(small_office, "王𠮷𬭎", "李䶮", "单晓琴")
    small_office.write(invite, training, [wang, li, shan])
    before = records(small_office)
    small_office.write(
        enter_cells,
        training,
        {wang: {"score": Decimal(88)}, li: {"presence": Presence.LEAVE}, shan: {"presence": Presence.ABSENT}},
    )
    line = small_office.read(training_row, training)
    assert (line.invited, line.present, line.leave, line.absent, line.open) == (3, 1, 1, 1, 0)
    assert line.state is TrainingState.HELD
    small_office.write(history.undo)
    assert records(small_office) == before
    small_office.write(history.redo)
    with pytest.raises(RuleBroken, match="0 到 100"):
        small_office.write(enter_cells, training, {li: {"score": Decimal(101)}})
    small_office.write(enter_cells, training, {wang: {"presence": None}})
    assert {row.name: row.presence for row in sheet(small_office, training)} == {
        "王𠮷𬭎": None,
        "李䶮": Presence.LEAVE,
        "单晓琴": Presence.ABSENT,
    }
    silent = sheet(small_office, training, filters=(Filter("presence", (None,)),))
    assert [row.name for row in silent] == ["王𠮷𬭎"]
    with pytest.raises(RuleBroken, match="已经有人签到"):
        small_office.write(move_training, [training], TrainingState.CANCELLED)
    small_office.write(take_off, training, [wang, li, shan])
    assert sheet(small_office, training) == []
    small_office.write(move_training, [training], TrainingState.CANCELLED)
    small_office.write(remove_training, training)


def test_a_printed_sheet_comes_back_as_a_workbook(small_office: Office, tmp_path: Path) -> None:
    training = held(small_office)
    small_office.write(invite, training, people(small_office, "王𠮷𬭎", "李䶮", "赵𫍯"))
    file = tmp_path / "签到表.xlsx"
    assert report_book(small_office, "sign-in", Wish(training=training), file) == 3
    book = openpyxl.load_workbook(file)
    page = book.worksheets[0]
    lines = [[cell.value for cell in line] for line in page.iter_rows()]
    first, head = next((place, line) for place, line in enumerate(lines, 1) if "签到状态" in line)
    at = {str(words): place for place, words in enumerate(head, 1)}
    by_name = {line[at["姓名"] - 1]: place for place, line in enumerate(lines, 1) if place > first}
    for name, presence, score in (("王𠮷𬭎", "√", 91.5), ("李䶮", "病假", None)):
        page.cell(by_name[name], at["签到状态"], presence)
        page.cell(by_name[name], at["成绩"], score)
    book.save(file)
    book.close()
    done = come(small_office, "attendance", file)
    assert errors(done) == []
    assert {row.name: (row.presence, row.score) for row in sheet(small_office, training)} == {
        "王𠮷𬭎": (Presence.PRESENT, Decimal("91.5")),
        "李䶮": (Presence.LEAVE, None),
        "赵𫍯": (Presence.PRESENT, None),
    }


@pytest.mark.parametrize("layout", ["", "two"])
def test_a_sign_in_sheet_on_paper(small_office: Office, tmp_path: Path, layout: str) -> None:
    training = held(small_office)
    small_office.write(invite, training, people(small_office, "王𠮷𬭎", "李䶮", "阿依古丽·买买提"))
    paper = report_pdf(small_office, "sign-in", Wish(training=training, layout=layout))
    text = "".join(poppler_text(paper, tmp_path).split())
    for word in (
        "消防安全培训签到表",
        "培训主题：初期火灾扑救",
        "三楼会议室",
        "王𠮷𬭎",
        "阿依古丽·买买提",
        "0012",
        "应到3人",
    ):
        assert word in text
    assert "13800000012" not in text
    assert {one[2] for one in small_office.read(sign_in_sheet, training).people} == {"0011", "0012", "0013"}


def test_a_notice_names_who_is_asked(small_office: Office, tmp_path: Path) -> None:
    training = small_office.write(save_training, None, {**FIRE, "day": COMING}).result
    small_office.write(invite, training, people(small_office, "王𠮷𬭎", "李䶮"))
    text = "".join(
        poppler_text(report_pdf(small_office, "invitation", Wish(training=training)), tmp_path).split()
    )
    assert "“消防安全培训”通知名单" in text
    assert "138****0012" in text
    assert report_book(small_office, "invitation", Wish(training=training), tmp_path / "通知.xlsx") == 2
    with pytest.raises(RuleBroken, match="没说是哪一场"):
        report_pdf(small_office, "invitation", Wish())


# certificates


def test_certificates_are_numbered_once_and_for_ever(small_office: Office, tmp_path: Path) -> None:
    training = held(small_office)
    wang, li, shan = people(small_office, "王𠮷𬭎", "李䶮", "单晓琴")
    marks = [SignIn(wang, score=Decimal(90)), SignIn(li, score=Decimal(59)), SignIn(shan, Presence.LEAVE)]
    small_office.write(enter_attendance, training, marks)
    with pytest.raises(RuleBroken, match="还没有发结业证"):
        report_pdf(small_office, "completion", Wish(training=training))
    with pytest.raises(RuleBroken, match="早于培训日期"):
        small_office.write(certify, training, HELD - timedelta(days=1))
    assert small_office.write(certify, training, HELD).result == 1
    (first,) = [one.number for one in small_office.read(completed, training) if one.number]
    with pytest.raises(RuleBroken, match="没有还要发结业证的人"):
        small_office.write(certify, training, HELD)
    with pytest.raises(RuleBroken, match="签到不能删"):
        small_office.write(take_off, training, [wang])
    small_office.write(history.undo)
    assert small_office.read(lambda session: list(COMPLETIONS.ids(session, Ask()))) == []
    assert small_office.write(certify, training, HELD, Decimal(50)).result == 2
    register = small_office.read(lambda session: COMPLETIONS.rows(session, COMPLETIONS.ids(session, Ask())))
    assert {row.name for row in register} == {"王𠮷𬭎", "李䶮"}
    assert first not in {row.number for row in register}
    assert len({row.number for row in register}) == 2
    paper = report_pdf(small_office, "completion", Wish(training=training, layout="half"))
    text = "".join(poppler_text(paper, tmp_path).split())
    for word in (
        "结业证书",
        "王𠮷𬭎同志",
        "李䶮同志",
        "考核成绩90分",
        "共4学时",
        *(row.number for row in register),
    ):
        assert word in text
    assert worker(small_office, "李䶮").id_number not in text
    with pytest.raises(RuleBroken, match="没有版式"):
        report_pdf(small_office, "completion", Wish(training=training, layout="方的"))


def test_without_scores_everybody_there_completes(small_office: Office) -> None:
    training = held(small_office)
    wang, li = people(small_office, "王𠮷𬭎", "李䶮")
    small_office.write(enter_attendance, training, [SignIn(wang), SignIn(li, Presence.ABSENT)])
    assert [one.name for one in small_office.read(completed, training)] == ["王𠮷𬭎"]


# a year


def test_every_number_of_a_year_is_that_of_the_rows_it_leads_to(small_office: Office) -> None:
    year = TODAY.year - 1
    here = grid_id(small_office, "519921001002")
    wang, li, zhao = people(small_office, "王𠮷𬭎", "李䶮", "赵𫍯")
    for place, month in enumerate((1, 1, 2)):
        one = held(
            small_office, day=date(year, month, 3 + place), name=f"第 {place} 期", form=TrainingForm.VISIT
        )
        small_office.write(
            enter_attendance,
            one,
            [SignIn(wang), SignIn(li, hours=Decimal("1.5")), SignIn(zhao, Presence.LEAVE)],
        )
    held(small_office, day=date(year, 2, 20), name="只给柳荫", area_id=here, state=TrainingState.HELD)
    held(small_office, day=date(year, 2, 21), name="取消的", state=TrainingState.CANCELLED)
    street = grid_id(small_office, STREET)
    months = small_office.read(by_month, street, year)
    assert [one.sessions for one in months[:3]] == [2, 2, 0]
    assert (months[0].invited, months[0].present, months[0].rate) == (6, 4, Decimal("66.7"))
    for one in months:
        filters = (Filter("month", (one.month,)), Filter("state", (TrainingState.HELD,)))
        listed = small_office.read(TRAININGS.ids, Ask(scope=street, filters=filters))
        assert len(listed) == one.held
    wutong = grid_id(small_office, "519921001001")
    assert [one.sessions for one in small_office.read(by_month, wutong, year)[:2]] == [2, 1]
    areas = {one.name: one for one in small_office.read(by_area, street, year, TODAY)}
    assert (areas["梧桐社区"].hours, areas["柳荫社区"].hours) == (Decimal("16.5"), 0)
    months_ = tuple(one.month for one in months)
    ask = Ask(scope=wutong, day=TODAY, filters=(Filter("month", months_),))
    rows = small_office.read(lambda session: ATTENDANCE.rows(session, ATTENDANCE.ids(session, ask)))
    assert sum(row.counted for row in rows) == areas["梧桐社区"].hours


def test_of_a_past_day_only_what_was_held_is_listed(small_office: Office) -> None:
    held(small_office)
    small_office.write(save_training, None, {**FIRE, "day": COMING})
    assert len(small_office.read(TRAININGS.ids, Ask(day=TODAY))) == 2
    assert len(small_office.read(TRAININGS.ids, Ask(day=HELD))) == 1
    assert len(small_office.read(TRAININGS.ids, Ask(day=HELD - timedelta(days=1)))) == 0


# accounts that look after one place


def test_an_account_changes_only_what_it_looks_after(small_office: Office) -> None:
    wutong, liuyin = grid_id(small_office, "519921001001"), grid_id(small_office, "519921001002")
    account = Office(
        small_office.store, small_office.write(add_account, "wutong", "梧桐", Role.CLERK, wutong).result
    )
    here = account.write(save_training, None, {**FIRE, "day": HELD, "area_id": wutong}).result
    there = small_office.write(
        save_training, None, {**FIRE, "day": HELD, "name": "柳荫的", "area_id": liuyin}
    ).result
    outside = [one.person_id for one in listed_people(small_office, liuyin)]
    plan = {"name": "计划", "from_day": HELD, "to_day": COMING, "area_id": liuyin}
    refusals: list[tuple[Callable[..., Any], list[Any]]] = [
        (save_training, [None, {**FIRE, "day": COMING, "area_id": liuyin}]),
        (save_training, [here, {"area_id": liuyin}]),
        (save_training, [there, {"place": "别处"}]),
        (remove_training, [there]),
        (move_training, [[there], TrainingState.CANCELLED]),
        (certify, [there, HELD]),
        (save_plan, [None, plan]),
        (invite, [here, outside]),
    ]
    for service, args in refusals:
        with pytest.raises(RuleBroken, match="你管“梧桐社区”"):
            account.write(service, *args)
    assert account.write(invite, here, people(small_office, "李䶮")).result == 1


def listed_people(office: Office, scope: int) -> list[Any]:
    return office.read(lambda s: WORKERS.rows(s, WORKERS.ids(s, Ask(scope=scope))))


def test_two_records_made_one_lose_no_certificate(small_office: Office) -> None:
    """Both were written down for the same training, and each has a certificate for it."""
    training = held(small_office)
    kept, dropped = people(small_office, "李䶮", "赵𫍯")
    small_office.write(enter_attendance, training, [SignIn(kept), SignIn(dropped)])
    small_office.write(certify, training, HELD)
    numbers = {one.number for one in small_office.read(completed, training)}
    before = records(small_office)
    small_office.write(merge_people, kept, dropped)
    found = small_office.read(completed, training)
    assert {one.person_id for one in found} == {kept}
    assert {one.number for one in found} == numbers
    small_office.write(history.undo)
    assert records(small_office) == before


def test_who_has_left_stays_in_the_books_of_the_whole_office(small_office: Office) -> None:
    training = held(small_office)
    gone, stays = worker(small_office, "李䶮"), worker(small_office, "王𠮷𬭎")
    small_office.write(enter_attendance, training, [SignIn(gone.person_id), SignIn(stays.person_id)])
    small_office.write(certify, training, HELD)
    small_office.write(end_posts, [gone.id], TODAY - timedelta(days=1))
    street, wutong = grid_id(small_office, STREET), grid_id(small_office, "519921001001")
    for listing in (ATTENDANCE, COMPLETIONS):
        counts = [len(small_office.read(listing.ids, Ask(scope=one, day=TODAY))) for one in (street, wutong)]
        assert counts == [2, 1], listing.key
    assert small_office.read(training_row, training).present == 2
