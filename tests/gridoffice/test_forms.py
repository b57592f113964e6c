"""Grids and workers written one at a time, as a form does."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy.orm import Session

from db.enums import Employment, Right, Sex
from gridoffice.errors import Conflict, NotFound, RuleBroken
from gridoffice.grids.service import find, grid_row, root_id, save_grid, update_grids
from gridoffice.grids.tree import ancestors, children
from gridoffice.history import undo
from gridoffice.office import Office
from gridoffice.safekeeping import verify
from gridoffice.service import service
from gridoffice.workers.service import end_posts, save_worker, worker_row
from tests.offices import GRIDS, Opening, grid_id, journal_lines, number, records, roster, worker

GRID = {"code": "519921001003", "name": "新桥村", "kind": "村"}


def test_a_grid_goes_where_it_belongs(small_office: Office) -> None:
    street = grid_id(small_office, "519921001")
    made = small_office.write(
        save_grid, None, {**GRID, "parent_id": street, "area": Decimal("12.345")}
    ).result
    row = small_office.read(grid_row, made)
    assert (row.code, row.name, row.kind, row.parent, row.area) == (
        "519921001003",
        "新桥村",
        "总网格",
        "青禾街道",
        Decimal("12.35"),
    )
    assert small_office.read(ancestors, made) == [street, made]
    assert small_office.read(root_id) == street
    assert [node.name for node in small_office.read(children, street)][-1] == "新桥村"


@pytest.mark.parametrize(
    ("grid", "values", "said"),
    [
        (None, {"kind": "村"}, "没写网格编码"),
        (None, {**GRID, "name": ""}, "没写网格名称"),
        (None, {**GRID, "kind": None}, "没写网格类型"),
        (None, {**GRID, "kind": "小区"}, "没有“小区”这种网格类型"),
        (None, GRID, "总网格要有上级"),
        (None, {**GRID, "parent": "519921001001"}, "总网格的上级应是街道"),
        (None, {**GRID, "parent": "519921001", "code": "519921001001"}, "已是“梧桐社区”的"),
        (None, {**GRID, "parent": "519921001", "name": "梧桐社区"}, "这里已有一个“梧桐社区”"),
        (None, {**GRID, "parent": "519921001", "households": 2**31}, "户数太大"),
        (None, {**GRID, "parent": "519921001", "name": "桥" * 81}, "最多 80 个"),
        ("519921001001", {"parent": "519921001001"}, "自己"),
        ("519921001001", {"parent": "519921001001001"}, "自己"),
        ("519921001", {"parent": "519921001001"}, "自己"),
        ("519921001001001", {"name": "第二网格"}, "这里已有一个“第二网格”"),
    ],
)
def test_a_grid_that_breaks_a_rule_is_refused(
    small_office: Office, grid: str | None, values: dict[str, Any], said: str
) -> None:
    before, lines = records(small_office), journal_lines(small_office)
    if "parent" in values:
        values = {**values, "parent_id": grid_id(small_office, values["parent"])}
    with pytest.raises(RuleBroken, match=said):
        small_office.write(save_grid, grid_id(small_office, grid) if grid else None, values)
    assert (records(small_office), journal_lines(small_office)) == (before, lines)


def test_a_grid_that_closed_makes_room_for_its_name(small_office: Office) -> None:
    street = grid_id(small_office, "519921001")
    small_office.write(save_grid, grid_id(small_office, "519921001900001"), {"valid_to": date(2020, 1, 1)})
    made = small_office.write(save_grid, None, {**GRID, "name": "商圈专属网格", "parent_id": street}).result
    assert made in [node.id for node in small_office.read(children, street)]


@pytest.mark.parametrize(
    ("who", "values", "said"),
    [
        (None, {"name": ""}, "没写姓名"),
        (None, {"name": "周敏"}, "没写所属网格"),
        (None, {"name": "周敏", "grid_id": 99999}, "没写所属网格"),
        (None, {"name": "周敏", "grid_id": 1, "id_number": number(12, Sex.FEMALE)}, "已有这个身份证号：李䶮"),
        (
            None,
            {"name": "周敏", "grid_id": 1, "id_number": number(60), "sex": Sex.FEMALE},
            "身份证号表明是男",
        ),
        (
            None,
            {"name": "周敏", "grid_id": 1, "from_day": date(2026, 2, 1), "to_day": date(2026, 1, 31)},
            "早于",
        ),
        ("李䶮", {"name": None}, "没写姓名"),
        ("李䶮", {"id_number": number(15), "sex": Sex.MALE}, "已有这个身份证号：张三"),
        ("李䶮", {"to_day": date(2020, 1, 1)}, "早于任职日期"),
        ("李䶮", {"title": "岗" * 41}, "最多 40 个"),
        ("李䶮", {"phone": "1" * 61}, "最多 60 个"),
    ],
)
def test_a_worker_that_breaks_a_rule_is_refused(
    small_office: Office, who: str | None, values: dict[str, Any], said: str
) -> None:
    before, lines = records(small_office), journal_lines(small_office)
    with pytest.raises(RuleBroken, match=said):
        small_office.write(save_worker, worker(small_office, who).id if who else None, values)
    assert (records(small_office), journal_lines(small_office)) == (before, lines)


def test_a_worker_gets_what_the_number_and_the_pack_say(small_office: Office) -> None:
    grid = grid_id(small_office, "51992100100100102")
    values = {"name": "周敏", "id_number": number(61, Sex.FEMALE, date(1988, 2, 29)), "grid_id": grid}
    made = small_office.write(save_worker, None, values).result
    row = small_office.read(worker_row, made)
    assert (row.sex, row.birth, row.title, row.employment) == (
        Sex.FEMALE,
        date(1988, 2, 29),
        "微网格员",
        Employment.VOLUNTEER,
    )


def test_a_blank_title_is_filled_not_stored(small_office: Office) -> None:
    one = worker(small_office, "李䶮")
    small_office.write(save_worker, one.id, {"title": None, "employment": None})
    now = worker(small_office, "李䶮")
    assert now.title
    assert now.employment


def test_an_empty_number_is_nobodys(small_office: Office) -> None:
    """Two people without a number are not the same person."""
    for name in ("甲", "乙"):
        small_office.write(
            save_worker, None, {"name": name, "id_number": "", "grid_id": grid_id(small_office, "519921001")}
        )
    assert {row.id_number for row in roster(small_office) if row.name in ("甲", "乙")} == {None}


def test_saving_what_is_there_leaves_no_line(small_office: Office) -> None:
    one, lines = worker(small_office, "李䶮"), journal_lines(small_office)
    small_office.write(save_worker, one.id, {"name": one.name, "phone": one.phone, "title": one.title})
    small_office.write(save_grid, grid_id(small_office, "519921001"), {"name": "青禾街道", "kind": "街道"})
    assert journal_lines(small_office) == lines


def test_leaving_is_refused_before_coming_and_for_nobody(small_office: Office) -> None:
    one, lines = worker(small_office, "李䶮"), journal_lines(small_office)
    with pytest.raises(RuleBroken, match="早于任职日期"):
        small_office.write(end_posts, [worker(small_office, "单晓琴").id, one.id], date(2024, 3, 2))
    assert journal_lines(small_office) == lines
    assert small_office.write(end_posts, [], date(2026, 1, 1)).action is None
    done = small_office.write(
        end_posts, [one.id, worker(small_office, "单晓琴").id], date(2026, 1, 1), "调离"
    )
    assert (done.result, done.title) == (2, "已把 2 人移到离岗")
    assert {row["leave_reason"] for row in records(small_office)["post"]} == {None, "调离"}


def test_what_is_gone_is_said_to_be_gone(small_office: Office) -> None:
    questions: list[Any] = [(worker_row, 99999), (grid_row, 99999), (find, "没有")]
    for question, argument in questions:
        with pytest.raises(NotFound):
            small_office.read(question, argument)
    with pytest.raises(NotFound):
        small_office.write(save_worker, 99999, {"name": "周敏", "grid_id": 1})
    with pytest.raises(NotFound):
        small_office.write(save_grid, 99999, {**GRID, "parent_id": 1})


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
    small_office: Office, office_at: Opening
) -> None:
    """Two clerks have the same card open; the second to save is told what the first has made of it."""
    other = office_at(small_office.store.address, "clerk")
    seen = worker(small_office, "李䶮")
    grid = grid_id(small_office, "519921001002")
    card = small_office.read(grid_row, grid)
    other.write(save_worker, seen.id, {"phone": "13911112222"}, seen)
    other.write(save_grid, grid, {"households": 901, "name": "柳荫新社区"}, card)
    before = records(small_office)
    with pytest.raises(Conflict, match=r"别人刚改过联系电话：现在是“139\*\*\*\*2222”"):
        small_office.write(save_worker, seen.id, {"phone": "13933334444"}, seen)
    with pytest.raises(Conflict, match="别人刚改过户数：现在是“901”"):
        small_office.write(save_grid, grid, {"households": 902}, card)
    assert records(small_office) == before
    # what the other did not touch goes through
    small_office.write(save_worker, seen.id, {"note": "另一处"}, seen)
    small_office.write(save_grid, grid, {"population": 2600}, card)
    assert worker(small_office, "李䶮").phone == "13911112222"


def test_paths_follow_whatever_moves_at_once(small_office: Office) -> None:
    """Grids above and below one another moved in one action, in every order; verify knows every path."""
    ids = {code: grid_id(small_office, code) for code, *_ in GRIDS}
    moves = {
        "519921001001001": "519921001002",  # a grid with micro-grids below it goes to the other community
        "519921001002001": "519921001001",
        "51992100100100102": "519921001002001",  # and one of them to a grid that moves itself
        "519921001001002": "519921001002",
    }
    for order in permutations(moves):
        done = small_office.write(
            hang,
            {
                ids[code]: {"parent_id": ids[moves[code]], "name": f"移{number_}"}
                for number_, code in enumerate(order)
            },
        )
        assert verify(small_office).findings == ()
        assert small_office.read(ancestors, ids["51992100100100102"]) == [
            ids[code] for code in ("519921001", "519921001001", "519921001002001", "51992100100100102")
        ]
        small_office.write(undo, done.action)
        assert verify(small_office).findings == ()


@service("试移", needs=Right.EDIT_GRIDS)
def hang(session: Session, updates: dict[int, dict[str, Any]]) -> None:
    update_grids(session, updates)
