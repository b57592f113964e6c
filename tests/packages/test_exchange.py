"""A community without a network and its street: down, changed, up, taken in, undone, and what became of it."""

from __future__ import annotations

from datetime import date

import openpyxl
import pytest

from db.enums import MonthState, Sex
from gridoffice.accounts.service import sign_in
from gridoffice.assessment.schemes import copy_scheme, scheme_called, scheme_keys
from gridoffice.assessment.service import compute, enter_values, move_month, open_month
from gridoffice.errors import OfficeError, RuleBroken
from gridoffice.history import undo
from gridoffice.listing import Ask, listed
from gridoffice.office import Office
from gridoffice.overview.questions import raw_listing
from gridoffice.packages.given import take_rules
from gridoffice.packages.listing import PACKAGES
from gridoffice.packages.receiving import receive, save_paper
from gridoffice.packages.sealing import BadPackage
from gridoffice.workers.service import save_worker
from tests.offices import PERIOD, good_values, grid_id, roster, worker
from tests.packages.conftest import PASSWORD, Two


def register(office: Office) -> list[tuple[str, int, str]]:
    rows = office.read(lambda session: PACKAGES.rows(session, PACKAGES.ids(session, Ask())))
    return sorted((one.way.value, one.number, one.state) for one in rows)


def names(office: Office) -> set[str]:
    return {one.name for one in roster(office)}


def settled(two: Two) -> set[str]:
    """The community has the street's ledgers; answers who serves there."""
    _, taken = two.take(two.community, two.down())
    assert taken and not any(one.stopped for one in taken), [one.problems for one in taken]
    return names(two.community)


def newcomer(office: Office, name: str) -> None:
    """Somebody without an ID number, in the same grid of either office."""
    values = {
        "name": name,
        "sex": Sex.MALE,
        "grid_id": grid_id(office, "519921001001001"),
        "title": "兼职网格员",
    }
    office.write(save_worker, None, values | {"from_day": date(2026, 5, 1)})


def test_only_what_changed_travels(two: Two) -> None:
    there = settled(two)
    assert there and there < names(two.street), "only those of the community"
    assert {row[2] for row in register(two.community)} == {"已收完"}
    _, taken = two.take(two.street, two.up())
    assert {one.seen.action for one in taken} == {None}, "the street has all of it"
    someone = sorted(there)[0]
    two.community.write(save_worker, worker(two.community, someone).id, {"phone": "13800000002"})
    arrived, taken = two.take(two.street, two.up())
    assert [(part.key, part.rows) for part in arrived.said.parts] == [("workers", 1)]
    (one,) = taken
    assert one.seen.action is not None and worker(two.street, someone).phone == "13800000002"
    with pytest.raises(RuleBroken, match="没有变化"):
        two.up()

    two.street.write(undo, one.seen.action)
    assert worker(two.street, someone).phone != "13800000002"
    assert ("received", 2, "还没写入") in register(two.street)
    _, (again,) = two.take(two.street, two.folder / "3.gridpack")
    assert again.seen.action is not None and worker(two.street, someone).phone == "13800000002"

    two.take(two.community, two.down())
    assert ("sent", 2, "对方已收") in register(two.community)


def test_a_package_is_taken_once_and_in_its_turn(two: Two) -> None:
    someone = sorted(settled(two))[0]
    files = [two.up()]
    for phone in ("13800000001", "13800000002", "13800000003"):
        two.community.write(save_worker, worker(two.community, someone).id, {"phone": phone})
        files.append(two.up())
    two.take(two.street, files[0])
    with pytest.raises(BadPackage, match=r"第 1 号上报包.*已经收过"):
        two.take(two.street, files[0])
    with pytest.raises(BadPackage, match=r"第 3 号上报包，只有变化，本办收到第 1 号，中间缺了"):
        two.take(two.street, files[2])
    two.take(two.street, files[1])
    receive(two.street, files[2], PASSWORD)
    with pytest.raises(BadPackage, match=r"第 3 号上报包还没收完"):
        two.take(two.street, files[3])
    two.take(two.street, files[2])
    with pytest.raises(BadPackage, match=r"第 2 号上报包.*已经收过"):
        two.take(two.street, files[1])
    two.take(two.street, files[3])
    assert worker(two.street, someone).phone == "13800000003"
    whole = two.up(whole=True)
    arrived, taken = two.take(two.street, whole)
    assert arrived.said.whole and {one.seen.action for one in taken} == {None}


def test_rows_that_need_the_clerk_stop_it_and_the_rest_goes_on_later(two: Two) -> None:
    settled(two)
    two.take(two.street, two.up())
    # the street meanwhile has two of that name without numbers: it cannot know which is meant
    newcomer(two.community, "周𫍯")
    newcomer(two.street, "周𫍯")
    newcomer(two.street, "周𫍯")
    file = two.up()
    before = len(roster(two.street))
    _, (stopped,) = two.take(two.street, file)
    assert stopped.stopped and stopped.problems and len(roster(two.street)) == before
    assert ("received", 2, "还没写入") in register(two.street)
    _, (rest,) = two.take(two.street, file, good_rows_only=True)
    assert not rest.stopped and ("received", 2, "已收完") in register(two.street)


def test_schemes_go_down(two: Two) -> None:
    source = scheme_keys()[0]
    two.street.write(copy_scheme, source, "青禾月评", "青禾街道月度考核")
    arrived, _ = two.take(two.community, two.down(rules=True))
    assert set(arrived.said.rules.schemes) == {"青禾月评"}
    two.community.write(take_rules, arrived.said.rules, arrived.partner.name)
    assert two.community.read(scheme_called, "青禾月评").name == "青禾街道月度考核"


def test_a_wrong_password_and_an_unknown_office(two: Two) -> None:
    file = two.down()
    with pytest.raises(RuleBroken, match="上报密码不对"):
        receive(two.community, file, "别的密码12345")
    with pytest.raises(BadPackage, match="不是给本办的"):
        receive(two.street, file, PASSWORD)
    assert register(two.community) == []
    with pytest.raises(OfficeError):
        receive(two.community, two.folder / "没有这个文件.gridpack", PASSWORD)


def raw(office: Office) -> dict[str, list[object]]:
    """The values typed in for each person."""
    listing = office.read(raw_listing, PERIOD)
    return office.read(lambda session: {row[0]: row[5:] for row in listed(session, listing, Ask())})


def test_a_month_goes_up(two: Two) -> None:
    settled(two)
    two.take(two.street, two.up())
    for office in (two.street, two.community):
        office.write(open_month, PERIOD)
    values = good_values(two.community)
    two.community.write(enter_values, PERIOD, values)
    arrived, taken = two.take(two.street, two.up(month=PERIOD))
    assert [part.key for part in arrived.said.parts] == ["indicators"]
    assert not taken[0].stopped, taken[0].problems
    theirs = raw(two.community)
    assert theirs and theirs == {name: row for name, row in raw(two.street).items() if name in theirs}


def test_what_the_street_decided_comes_down(two: Two) -> None:
    settled(two)
    two.street.write(open_month, PERIOD)
    two.street.write(enter_values, PERIOD, good_values(two.street))
    two.street.write(compute, PERIOD)
    assert receive(two.community, two.down(month=PERIOD, rules=True), PASSWORD).said.papers == ()
    two.street.write(move_month, PERIOD, MonthState.SCORING)
    two.street.write(move_month, PERIOD, MonthState.REVIEW)
    reviewer = Office(two.street.store, two.street.read(sign_in, "reviewer"))
    reviewer.write(move_month, PERIOD, MonthState.PUBLIC)
    arrived = receive(two.community, two.down(month=PERIOD, rules=True, whole=True), PASSWORD)
    assert ("received", 2, "后面的全部包已代替") in register(two.community)
    (paper,) = arrived.said.papers
    target = two.folder / "成绩单.xlsx"
    save_paper(two.community, arrived, paper.title, target)
    book = openpyxl.load_workbook(target)
    cells = [
        str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None
    ]
    book.close()
    assert "李䶮" in cells and "张三" not in cells, "its own people only"
