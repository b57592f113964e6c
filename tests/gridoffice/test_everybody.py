"""所有人员: whoever the office knows, each once, with every hat; entered, put right, looked at by right."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from db.enums import Deed, PartyMemberKind
from gridoffice import history
from gridoffice.errors import Conflict, Refused, RuleBroken
from gridoffice.exports import export
from gridoffice.history import journal
from gridoffice.listing import Ask, Filter
from gridoffice.office import Office
from gridoffice.overview.everybody import EVERYBODY, EverybodyRow, Serving, everybody_row, standing_of
from gridoffice.overview.person_record import person_record
from gridoffice.party.service import save_member, save_org
from gridoffice.people.service import person_row, reveal, save_person
from gridoffice.qualifications.service import save_certificate
from gridoffice.training.service import save_training
from gridoffice.workers.listing import WORKERS
from gridoffice.workers.service import end_posts, save_worker, worker_row
from tests.offices import (
    Opening,
    come,
    errors,
    grid_id,
    number,
    outcomes,
    records,
    roster,
    workbook,
    worker,
)

DAY = date(2026, 6, 30)


def everybody(office: Office, **ask: object) -> list[EverybodyRow]:
    wanted = Ask(**{"day": DAY, **ask})  # type: ignore[arg-type]
    return office.read(lambda session: EVERYBODY.rows(session, EVERYBODY.ids(session, wanted), wanted.day))


def names(office: Office, **ask: object) -> list[str]:
    return [row.name for row in everybody(office, **ask)]


def member(office: Office, name: str = "何党", grid: str = "519921001002") -> int:
    """A party member who holds no post, in a branch of a community."""
    person = office.write(save_person, None, {"name": name, "phone": "13900000001"}).result
    org = office.write(save_org, None, {"name": f"{name}的支部", "grid_ids": [grid_id(office, grid)]}).result
    office.write(save_member, None, {"org_id": org}, person_id=person)
    return person


def test_everybody_stands_there_once_with_every_hat(small_office: Office) -> None:
    li = worker(small_office, "李䶮")
    small_office.write(
        save_worker,
        None,
        {"name": "李䶮", "id_number": li.id_number, "grid_id": grid_id(small_office, "519921001001002")}
        | {"title": "楼栋长", "concurrent": True, "from_day": date(2025, 1, 1)},
    )
    for expires in (date(2027, 1, 1), date(2026, 1, 1)):
        values = {"certificate": "急救证", "number": str(expires), "expires": expires}
        small_office.write(save_certificate, None, values, person_id=li.person_id)
    him = member(small_office)
    by_name = {row.name: row for row in everybody(small_office) if row.name != "张三"}
    assert len(everybody(small_office)) == len({row.person_id for row in roster(small_office)}) + 1
    one = by_name["李䶮"]
    assert (one.serving, one.posts) == (Serving.NOW, "专职网格员；楼栋长")
    assert one.grid == "梧桐·第一网格；梧桐·第二网格"
    assert (one.certificates, one.hours, one.member) == (1, None, None)
    assert one.post_id == li.id
    other = by_name["何党"]
    assert (other.id, other.serving, other.posts) == (him, Serving.NEVER, None)
    assert other.member is PartyMemberKind.FULL
    assert small_office.read(everybody_row, him).name == "何党"


def test_hours_of_two_years(small_office: Office) -> None:
    from gridoffice.training.sheet import SignIn, enter_attendance

    li = worker(small_office, "李䶮").person_id
    for day, hours in ((date(2026, 3, 1), 4), (date(2024, 1, 1), 8)):
        said = {"name": f"培训{day}", "day": day, "hours": Decimal(hours)}
        training = small_office.write(save_training, None, said).result
        small_office.write(enter_attendance, training, [SignIn(li)])
    (row,) = [row for row in everybody(small_office) if row.name == "李䶮"]
    assert row.hours == 4


def test_who_has_no_place_stands_at_the_top_and_at_the_branch(small_office: Office) -> None:
    member(small_office)
    small_office.write(save_person, None, {"name": "路过"})
    whole = grid_id(small_office, "519921001")
    assert {"何党", "路过", "李䶮"} <= set(names(small_office, scope=whole))
    community = grid_id(small_office, "519921001002")
    assert sorted(names(small_office, scope=community, day=None)) == ["何党", "张三", "张三"]


def test_filters_search_and_order(small_office: Office) -> None:
    member(small_office)
    small_office.write(end_posts, [worker(small_office, "单晓琴").id], date(2026, 5, 31))
    assert names(small_office, filters=(Filter("serving", (Serving.BEFORE,)),)) == ["单晓琴"]
    assert names(small_office, filters=(Filter("serving", (Serving.NEVER,)),)) == ["何党"]
    assert names(small_office, filters=(Filter("member", (PartyMemberKind.FULL,)),)) == ["何党"]
    assert names(small_office, search="sxq") == ["单晓琴"]
    counted = small_office.read(EVERYBODY.choices, Ask(day=DAY), "serving")
    assert {words for _, words, _ in counted} == {"在岗", "离岗", "不任职"}
    assert names(small_office)[0] == "阿依古丽·买买提"
    for column in EVERYBODY.sorts:
        assert len(names(small_office, sort=column)) == len(names(small_office))
    assert small_office.read(standing_of, None, DAY).without_post == 2


def test_somebody_is_entered_put_right_and_taken_back(small_office: Office) -> None:
    before = records(small_office)
    said = {"name": "何来", "id_number": number(70), "address": "青禾路12号3幢501"}
    person = small_office.write(save_person, None, said).result
    row = small_office.read(person_row, person)
    assert (row.sex is not None, row.birth, row.address) == (True, date(1990, 3, 7), "青禾路12号3幢501")
    assert small_office.read(person_record, person).address == "青禾路12号3幢501"
    small_office.write(save_person, person, {"phone": "13900000009"}, seen=row)
    assert names(small_office, search="0000009") == ["何来"]
    with pytest.raises(Conflict):
        small_office.write(save_person, person, {"phone": "13900000008"}, seen=row)
    small_office.write(history.undo)
    small_office.write(history.undo)
    assert records(small_office) == before


def test_what_cannot_be_is_refused_at_its_field(small_office: Office) -> None:
    li = worker(small_office, "李䶮")
    for values, message, field in (
        ({"name": ""}, "没写姓名", "姓名"),
        ({"name": "何来", "id_number": li.id_number}, "已有这个身份证号：李䶮", "身份证号码"),
        ({"name": "何" * 81}, "最多 80 个", "姓名"),
    ):
        with pytest.raises(RuleBroken, match=message) as refused:
            small_office.write(save_person, None, values)
        assert field in {problem.field for problem in refused.value.problems}


def test_a_worker_has_an_address_too(small_office: Office) -> None:
    li = worker(small_office, "李䶮")
    small_office.write(save_worker, li.id, {"address": "柳荫巷3号"}, seen=li)
    assert small_office.read(worker_row, li.id).address == "柳荫巷3号"


def test_an_address_goes_out_masked_and_comes_in_whole(small_office: Office, tmp_path: Path) -> None:
    li = worker(small_office, "李䶮")
    headings = ("姓名", "身份证号", "家庭住址", "所属网格")
    row = ("李䶮", li.id_number, "柳荫巷3号2单元501", "梧桐·第一网格")
    done = come(small_office, "workers", workbook(tmp_path / "花名册.xlsx", headings, [row]))
    assert (errors(done), outcomes(done)) == ([], [(2, "updated")])
    assert small_office.read(worker_row, li.id).address == "柳荫巷3号2单元501"
    out = tmp_path / "导出.xlsx"
    export(small_office, WORKERS, out, Ask())
    (sheet,) = openpyxl.load_workbook(out).worksheets
    cells = [cell for line in sheet.iter_rows(values_only=True) for cell in line]
    assert "柳荫巷3号****" in cells and "柳荫巷3号2单元501" not in cells
    again = come(small_office, "workers", out)
    assert [(field, said) for _, field, said in errors(again) if field == "住址"] == [
        ("住址", "住址是遮住的，不能写入。换成完整的住址。")
    ]
    export(small_office, WORKERS, out, Ask(), reveal=True, reason="上报")
    whole = come(small_office, "workers", out)
    assert {outcome for _, outcome in outcomes(whole)} == {"unchanged"}


def test_looking_at_numbers_needs_a_right_and_a_reason(small_office: Office, office_at: Opening) -> None:
    li = worker(small_office, "李䶮")
    with pytest.raises(RuleBroken, match="为什么"):
        small_office.write(reveal, li.person_id, " ")
    done = small_office.write(reveal, li.person_id, "核对身份")
    assert done.result.id_number == li.id_number
    line = small_office.read(journal)[0]
    assert line.deed is Deed.NOTE and line.title.endswith("“李䶮”的完整证件号、电话和住址：核对身份")
    with pytest.raises(Refused):
        office_at(small_office.store.address, "reader").write(reveal, li.person_id, "看看")
