"""Who may do what: every service asks for its right, of every role, at the one door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from db.enums import MonthState, Right, Role
from gridoffice import history
from gridoffice.accounts.keeping import add_account, disable_account
from gridoffice.accounts.rules import KEEPERS, RIGHTS, may
from gridoffice.accounts.service import accounts
from gridoffice.assessment.locking import lock_month
from gridoffice.assessment.rules import MOVES
from gridoffice.assessment.service import compute, exclude, move_month, open_month
from gridoffice.errors import OfficeError, Refused, RuleBroken
from gridoffice.grids.service import save_grid
from gridoffice.office import Office
from gridoffice.service import declared
from gridoffice.workers.service import end_posts, save_worker
from tests.guards.test_declarations import services
from tests.offices import Opening, grid_id, journal_lines, records, worker

ROLES = list(Role)
NO_RIGHT = r"账号“.+”不能"


def working_as(small_office: Office, office_at: Opening, role: Role) -> Office:
    """The small office as one of that role has it. Of the three it has none by itself."""
    if role in KEEPERS:
        small_office.write(add_account, role.value, role.label, role)
    return office_at(small_office.store.address, role.value)


@pytest.mark.parametrize("role", ROLES)
def test_no_service_is_open_to_who_has_no_right_to_it(
    small_office: Office, office_at: Opening, role: Role
) -> None:
    """Called with nothing in hand, a service is refused before it looks at anything, or fails after."""
    office = working_as(small_office, office_at, role)
    before, lines = records(small_office), journal_lines(small_office)
    for name, service in services().items():
        needs = declared(service).needs
        if may(role, needs):
            continue
        with pytest.raises(Refused, match=NO_RIGHT):
            office.write(service)
        assert needs not in RIGHTS[role], name
    assert (records(small_office), journal_lines(small_office)) == (before, lines)


def test_every_right_is_somebodys_and_the_administrators() -> None:
    assert RIGHTS[Role.ADMINISTRATOR] == frozenset(Right)
    assert RIGHTS.keys() == set(Role)
    assert RIGHTS[Role.READER] == {Right.READ}
    needed = {declared(service).needs for service in services().values()} | {move.needs for move in MOVES}
    assert needed <= set(Right)


def test_what_is_no_service_does_not_write(small_office: Office) -> None:
    with pytest.raises(TypeError, match="not a @service"):
        small_office.write(lambda session: None)


DEEDS: dict[str, tuple[Callable[..., Any], Callable[[Office], tuple[Any, ...]], frozenset[Role]]] = {
    "grid": (
        save_grid,
        lambda office: (grid_id(office, "519921001"), {"population": 9}),
        frozenset({Role.ADMINISTRATOR, Role.CLERK, Role.REVIEWER}),
    ),
    "worker": (
        save_worker,
        lambda office: (worker(office, "李䶮").id, {"phone": "13900001111"}),
        frozenset({Role.ADMINISTRATOR, Role.CLERK, Role.REVIEWER}),
    ),
    "leaving": (
        end_posts,
        lambda office: ([worker(office, "李䶮").id], date(2026, 1, 1)),
        frozenset({Role.ADMINISTRATOR, Role.CLERK, Role.REVIEWER}),
    ),
    "month": (
        open_month,
        lambda office: ("2026-06",),
        frozenset({Role.ADMINISTRATOR, Role.CLERK, Role.REVIEWER}),
    ),
    "account": (
        add_account,
        lambda office: ("xin", "新", Role.READER),
        frozenset({Role.ADMINISTRATOR, Role.SYSTEM_ADMIN}),
    ),
}


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("role", ROLES)
def test_who_may_does_and_who_may_not_is_told(
    small_office: Office, office_at: Opening, deed: str, role: Role
) -> None:
    service, arguments, allowed = DEEDS[deed]
    office = working_as(small_office, office_at, role)
    given = arguments(small_office)
    lines = journal_lines(small_office)
    if role in allowed:
        done = office.write(service, *given)
        assert done.action == lines + 1
        assert office.read(history.journal, 1)[0].who == role.value
    else:
        with pytest.raises(Refused, match=NO_RIGHT):
            office.write(service, *given)
        assert journal_lines(small_office) == lines


def test_the_moves_of_a_month_ask_for_their_own_right(street_office: Office, office_at: Opening) -> None:
    address = street_office.store.address
    clerk, reviewer, leader = (office_at(address, name) for name in ("wangmin", "lizhiyuan", "zhouying"))
    period = f"{date.today():%Y-%m}"
    clerk.write(open_month, period)
    ids = [sheet for sheet in _sheets(clerk, period)]
    clerk.write(exclude, period, ids[3:], "试办")
    _fill(clerk, period)
    clerk.write(compute, period)
    clerk.write(move_month, period, MonthState.SCORING)
    clerk.write(move_month, period, MonthState.REVIEW)
    with pytest.raises(Refused, match="不能考核复核"):
        clerk.write(move_month, period, MonthState.PUBLIC)
    with pytest.raises(Refused):
        leader.write(compute, period)
    reviewer.write(move_month, period, MonthState.PUBLIC)
    for office in (clerk, reviewer):
        with pytest.raises(Refused, match="不能锁定"):
            office.write(lock_month, period)
    # what a reviewer has done, who may not review does not take back
    with pytest.raises(Refused, match=NO_RIGHT):
        clerk.write(history.undo)
    reviewer.write(history.undo)
    with pytest.raises(Refused, match=NO_RIGHT):
        clerk.write(history.redo)
    reviewer.write(history.redo)
    leader.write(lock_month, period)


def _sheets(office: Office, period: str) -> list[int]:
    from gridoffice.overview.sheet_hits import sheet_numbers

    return sorted(office.read(sheet_numbers, period))


def _fill(office: Office, period: str) -> None:
    from gridoffice.assessment.month import month_record, scheme_of
    from gridoffice.assessment.service import enter_values
    from gridoffice.scoring.scheme import Measure, all_inputs

    scheme = office.read(lambda session: scheme_of(session, month_record(session, period)))
    values = {one.key: False if one.measure is Measure.YES_NO else 1 for one in all_inputs(scheme)}
    office.write(enter_values, period, {sheet: values for sheet in _sheets(office, period)})


def test_undo_needs_the_right_to_what_is_undone(small_office: Office, office_at: Opening) -> None:
    clerk = office_at(small_office.store.address, "clerk")
    done = small_office.write(add_account, "xin", "新", Role.ADMINISTRATOR)
    with pytest.raises(Refused, match="不能维护账号"):
        clerk.write(history.undo, done.action)
    assert "xin" in [who.name for who in small_office.read(accounts)]
    small_office.write(history.undo, done.action)
    with pytest.raises(Refused, match="不能维护账号"):
        clerk.write(history.redo, done.action)
    for role in (Role.LEADER, Role.READER):
        with pytest.raises(Refused, match=NO_RIGHT):
            office_at(small_office.store.address, role.value).write(history.undo)


def test_names_of_accounts_are_unique_and_fit(small_office: Office) -> None:
    with pytest.raises(RuleBroken, match="已有账号“clerk”"):
        small_office.write(add_account, "clerk", "又一个", Role.READER)
    for name, display in (("a" * 65, "长"), ("", "空"), ("b", "长" * 65), ("c", "")):
        with pytest.raises(OfficeError):
            small_office.write(add_account, name, display, Role.READER)


def test_an_account_that_is_switched_off_stays_out(small_office: Office, office_at: Opening) -> None:
    small_office.write(disable_account, "clerk")
    with pytest.raises(Refused, match="已停用"):
        office_at(small_office.store.address, "clerk")
    assert "clerk" not in [who.name for who in small_office.read(accounts)]
