"""The door: who comes in by what password, what is written down about it, and how it locks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from db.enums import Deed, Role
from db.tables import Action, ActionPart, Credential
from gridoffice.accounts.credentials import credential_of
from gridoffice.accounts.keeping import add_account
from gridoffice.accounts.passwords import change_own_password, reset_password, set_policy, unlock_account
from gridoffice.accounts.service import account_named
from gridoffice.entering import FAILED, IN, OUT, Entered, door, enter, in_words, leave, unlock
from gridoffice.errors import ChangeNeeded, NotFound, OfficeError, Refused, RuleBroken, SignInNeeded
from gridoffice.history import journal
from gridoffice.office import Office
from gridoffice.safekeeping import verify
from tests.offices import journal_lines

OWN, GIVEN, FRESH = "Wutong#2026", "Chuci-123", "Mimi@5678"


@contextmanager
def inside(office: Office, *said: Any) -> Iterator[Entered]:
    entered = enter(office.store.address, *said)
    try:
        yield entered
    finally:
        entered.office.close()


def refused(office: Office, *said: Any) -> str:
    with pytest.raises(OfficeError) as told:
        enter(office.store.address, *said)
    return told.value.message


@pytest.fixture
def guarded(small_office: Office) -> Office:
    """The small office with a password: its first account's own, and one given to the clerk."""
    small_office.write(change_own_password, "", OWN)
    small_office.write(reset_password, "clerk", GIVEN)
    return small_office


def door_lines(office: Office) -> list[tuple[str, str]]:
    """The door's lines of the journal: of what, and in which words; the newest first."""
    with office.store.reading() as session:
        query = select(Action.service, Action.title).where(Action.service.like("entering%"))
        return [(service, title) for service, title in session.execute(query.order_by(Action.id.desc()))]


def changed(office: Office, change: Callable[[Credential], None], name: str = "office") -> None:
    """What time would have done to an account's credential."""
    with office.store.writing("时间过去", "test", service="test", deed=Deed.NOTE) as session:
        change(credential_of(session, account_named(session, name).id))


def test_an_office_of_one_is_asked_nothing(small_office: Office) -> None:
    lines = journal_lines(small_office)
    assert not door(small_office.store.address).asks
    with inside(small_office) as entered:
        assert entered.before is None
        leave(entered.office)
    with inside(small_office, "clerk") as entered:
        assert entered.office.who.name == "clerk"
    assert journal_lines(small_office) == lines
    with pytest.raises(NotFound, match="没有账号“nobody”"):
        enter(small_office.store.address, "nobody")


def test_with_a_password_everybody_is_asked(guarded: Office) -> None:
    address = guarded.store.address
    asked = door(address)
    assert asked.asks and ("clerk", "经办人") in asked.names
    for said in ((), ("office",), (None, OWN)):
        with pytest.raises(SignInNeeded):
            enter(address, *said)
    assert "还没有密码" in refused(guarded, "reader", OWN)
    with inside(guarded, "office", OWN) as entered:
        assert entered.before is not None and entered.before.at is None
        assert in_words(entered.before) == "第一次登录"
    with inside(guarded, "office", OWN) as entered:
        assert entered.before is not None and "上次登录" in in_words(entered.before)
        leave(entered.office)
    assert [service for service, _ in door_lines(guarded)][:3] == [OUT, IN, IN]


def test_whether_there_is_such_an_account_is_told_to_nobody(guarded: Office) -> None:
    assert refused(guarded, "nobody", OWN) == "账号或密码不对。"
    assert refused(guarded, "office", "x").startswith("账号或密码不对。")
    assert door_lines(guarded)[1] == (FAILED, "登录没有成功：没有这个账号")


def test_a_password_that_somebody_gave_is_changed_at_the_door(guarded: Office) -> None:
    address = guarded.store.address
    with pytest.raises(ChangeNeeded, match="这个密码是别人设的"):
        enter(address, "clerk", GIVEN)
    with pytest.raises(RuleBroken, match="最近用过"):
        enter(address, "clerk", GIVEN, GIVEN)
    with pytest.raises(RuleBroken, match="至少要 8 位"):
        enter(address, "clerk", GIVEN, "Ab1#")
    with inside(guarded, "clerk", GIVEN, FRESH) as entered:
        assert entered.office.who.role is Role.CLERK
    assert refused(guarded, "clerk", GIVEN).startswith("账号或密码不对。")
    with inside(guarded, "clerk", FRESH):
        pass


def test_a_password_ends(guarded: Office) -> None:
    def old(one: Credential) -> None:
        one.since = datetime.now(UTC) - timedelta(days=85)

    changed(guarded, old)
    with inside(guarded, "office", OWN) as entered:
        assert entered.before is not None and "要换" in in_words(entered.before)

    def older(one: Credential) -> None:
        one.since = datetime.now(UTC) - timedelta(days=91)

    changed(guarded, older)
    with pytest.raises(ChangeNeeded, match="用满 90 天"):
        enter(guarded.store.address, "office", OWN)
    guarded.write(set_policy, {"days": 0})
    with inside(guarded, "office", OWN):
        pass


def test_who_fails_too_often_waits(guarded: Office) -> None:
    for left in (4, 3, 2, 1):
        assert f"再错 {left} 次" in refused(guarded, "office", "wrong")
    assert "账号锁到" in refused(guarded, "office", "wrong")
    assert "账号锁到" in refused(guarded, "office", OWN)
    titles = [title for _, title in door_lines(guarded)]
    assert titles[0] == "登录没有成功：正锁着"
    assert titles[1] == "登录没有成功：密码不对（连着第 5 次），账号锁 20 分钟"

    def later(one: Credential) -> None:
        one.locked_until = datetime.now(UTC) - timedelta(seconds=1)

    changed(guarded, later)
    with inside(guarded, "office", OWN) as entered:
        assert entered.before is not None and entered.before.failures == 5
        assert "之后输错 5 次" in in_words(entered.before)
    with inside(guarded, "office", OWN) as entered:
        assert entered.before is not None and entered.before.failures == 0


def test_who_is_locked_is_let_go_by_the_keeper(guarded: Office) -> None:
    for _ in range(5):
        refused(guarded, "clerk", "wrong")
    assert "账号锁到" in refused(guarded, "clerk", GIVEN)
    guarded.write(unlock_account, "clerk")
    with pytest.raises(ChangeNeeded):
        enter(guarded.store.address, "clerk", GIVEN)


def test_one_s_own_password(guarded: Office) -> None:
    with pytest.raises(RuleBroken, match="现在的密码不对"):
        guarded.write(change_own_password, "nonsense", FRESH)
    with pytest.raises(RuleBroken, match="最近用过"):
        guarded.write(change_own_password, OWN, OWN)
    guarded.write(change_own_password, OWN, FRESH)
    with pytest.raises(RuleBroken, match="最近用过"):
        guarded.write(change_own_password, FRESH, OWN)
    with inside(guarded, "office", FRESH):
        pass


def test_a_locked_window_opens_to_who_locked_it(guarded: Office) -> None:
    with inside(guarded, "office", OWN) as entered:
        unlock(entered.office, OWN)
        with pytest.raises(Refused, match="账号或密码不对"):
            unlock(entered.office, "wrong")


def test_no_hash_stands_in_the_journal(guarded: Office) -> None:
    """The journal is kept for ever and read by many: what a password could be guessed from is not in it."""
    with guarded.store.reading() as session:
        tables = set(session.scalars(select(ActionPart.of_table)))
        secret = session.scalars(select(Credential.secret)).all()
    assert "credential" not in tables and all(one.startswith("$argon2id$") for one in secret if one)
    assert guarded.read(journal)[0].title == "重设账号“经办人”的密码，下次登录要换"
    assert verify(guarded).findings == ()


def test_a_keeper_s_account_with_a_password_waits_at_the_door_too(small_office: Office) -> None:
    small_office.write(change_own_password, "", OWN)
    small_office.write(add_account, "baomi", "何保密", Role.SECURITY_ADMIN, password=GIVEN)
    small_office.write(add_account, "wang", "王某", Role.CLERK, password=GIVEN)
    assert "还没批准" in refused(small_office, "wang", GIVEN)


def test_of_an_office_that_may_only_be_read_nothing_is_written(
    guarded: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A newer program made it: who comes in is looked at, and nothing is counted or noted."""
    monkeypatch.setattr("gridoffice.office._bring_up_to_date", lambda _: "更新版本的程序做的，只能看。")
    lines = journal_lines(guarded)
    assert refused(guarded, "office", "wrong") == "账号或密码不对。"
    with inside(guarded, "office", OWN) as entered:
        leave(entered.office)
    assert journal_lines(guarded) == lines
