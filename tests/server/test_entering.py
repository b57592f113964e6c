"""The door of an office that the server keeps: the login says who comes in, and it is written down."""

from __future__ import annotations

import pytest

from gridoffice.accounts.passwords import change_own_password, reset_password
from gridoffice.audit import AuditAsk, Matter, audit_lines
from gridoffice.entering import enter, in_words, leave, renew, unlock
from gridoffice.errors import ChangeNeeded, OfficeError, RuleBroken
from gridoffice.office import Office
from tests.server.conftest import Served


def test_who_comes_in_is_whose_login_it_is(served: Served) -> None:
    for told in ("第一次登录", "上次登录"):
        entered = enter(served.url("wutong"))
        office = entered.office
        try:
            assert office.who.name == "wutong" and entered.before is not None
            assert in_words(entered.before).startswith(told)
            leave(office)
            lines, _ = office.read(audit_lines, AuditAsk(matter=Matter.DOOR))
            assert [line.title for line in lines][:2] == ["退出登录", "登录"]
            assert {line.who for line in lines} == {"wutong"}
        finally:
            office.close()


def test_passwords_are_the_server_s(served: Served) -> None:
    office = Office.open(served.url("administrator"), "administrator")
    try:
        with pytest.raises(RuleBroken, match="至少要 8 位"):
            office.write(reset_password, "liuyin", "Ab1#")
        office.write(reset_password, "liuyin", "Chuci-123")
    finally:
        office.close()
    with pytest.raises(ChangeNeeded, match="别人设的"):
        enter(served.url("liuyin"))
    entered = enter(served.url("liuyin"), fresh="Chufa-456")
    assert entered.changed and entered.office.store.url.password == "Chufa-456"
    entered.office.close()
    office = Office.open(served.url("liuyin"), "liuyin")
    try:
        office.write(change_own_password, "Chuci-123", "Mimi@5678")
        renew(office, "Mimi@5678")
        assert office.store.url.password == "Mimi@5678" and "Mimi" in office.store.address
        unlock(office, "Mimi@5678")
        lines, _ = office.read(audit_lines, AuditAsk(matter=Matter.DOOR))
        assert lines[0].title == "解锁窗口"
        with pytest.raises(OfficeError, match="没有账号“wutong”"):
            office.write(reset_password, "wutong", "Chuci-123")
    finally:
        office.close()
