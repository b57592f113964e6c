"""Accounts from the command line: from the first password to handing over."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Call

OWN, GIVEN, FRESH = "Wutong#2026", "Chuci-123", "Mimi@5678"


def test_an_office_sets_the_three_apart_and_lets_a_clerk_in(
    on: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def as_(name: str, password: str, *words: object) -> tuple[int, dict, str]:
        monkeypatch.setenv("GRIDOFFICE_PASSWORD", password)
        return on("--as", name, *words)

    def new(password: str) -> None:
        monkeypatch.setenv("GRIDOFFICE_NEW_PASSWORD", password)

    new(GIVEN)
    status, said, _ = on("users", "add", "wang", "--password")
    assert (status, "先给自己设一个密码" in said["error"]) == (1, True)
    new(OWN)
    assert on("users", "password")[0] == 0
    status, said, _ = on("users")
    assert (status, "要登录" in said["error"]) == (1, True)
    status, said, _ = as_("office", "nonsense", "users")
    assert (status, said["error"]) == (1, "账号或密码不对。再错 4 次就锁 20 分钟。")

    new(GIVEN)
    for name, display, role in (("shenji", "林审计", "auditor"), ("xitong", "陈系统", "system_admin")):
        words = ("users", "add", name, "--display", display, "--role", role, "--password")
        assert as_("office", OWN, *words)[0] == 0
    status, said, _ = as_("xitong", GIVEN, "users")
    assert (status, "users password" in said["error"]) == (1, True)
    new(FRESH)
    assert as_("xitong", GIVEN, "users", "password")[0] == 0
    new(GIVEN)
    words = ("users", "add", "baomi", "--display", "何保密", "--role", "security_admin", "--password")
    assert as_("xitong", FRESH, *words)[0] == 0
    words = ("users", "add", "wang", "--grid", "519921001001", "--reach", "unit", "--password")
    status, said, _ = as_("xitong", FRESH, *words)
    assert (status, said["state"]) == (0, "new")
    new(FRESH)
    assert as_("baomi", GIVEN, "users", "password")[0] == 0
    assert as_("baomi", FRESH, "users", "approve", "wang")[0] == 0
    status, said, _ = as_("baomi", FRESH, "users", "show", "wang")
    assert (said["state"], said["reach"], said["grid"]) == ("active", "unit", "梧桐社区")

    status, said, _ = as_("xitong", FRESH, "users", "change", "wang", "--reach", "custom")
    assert status == 0
    status, said, _ = as_("baomi", FRESH, "users", "reject", "wang", "--reason", "不用")
    assert (status, said["action"] is not None) == (0, True)
    status, said, _ = as_("xitong", FRESH, "users", "hand-over", "wang", "--to", "clerk")
    assert (status, said["handed_over"]) == (0, "名下没有没办完的")
    assert as_("xitong", FRESH, "users", "enable", "wang")[0] == 0
    status, said, _ = as_("baomi", FRESH, "users", "policy", "--idle", "5")
    assert (status, said["policy"]["idle"]) == (0, 5)
    status, said, _ = as_("baomi", FRESH, "users", "policy", "--length", "3")
    assert (status, "密码最短" in said["error"]) == (1, True)


def test_who_failed_too_often_is_unlocked(on: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDOFFICE_NEW_PASSWORD", OWN)
    assert on("users", "password")[0] == 0
    monkeypatch.setenv("GRIDOFFICE_PASSWORD", OWN)
    monkeypatch.setenv("GRIDOFFICE_NEW_PASSWORD", GIVEN)
    assert on("--as", "office", "users", "reset-password", "clerk")[0] == 0
    monkeypatch.setenv("GRIDOFFICE_PASSWORD", "nonsense")
    for _ in range(5):
        assert on("--as", "clerk", "users")[0] == 1
    monkeypatch.setenv("GRIDOFFICE_PASSWORD", OWN)
    _, said, _ = on("--as", "office", "users", "show", "clerk")
    assert (said["state"], said["locked_until"] is not None) == ("locked", True)
    assert on("--as", "office", "users", "unlock", "clerk")[0] == 0
    _, said, _ = on("--as", "office", "users", "show", "clerk")
    assert said["state"] == "active"
    assert on("--as", "office", "users", "disable", "clerk")[0] == 0
