"""Setting up a shared office with one call, signing in to it, and upgrading an older one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from db import migrate
from db.enums import Reach, Role
from db.session import Store
from gridoffice import safekeeping
from gridoffice.accounts.keeping import add_account, approve_account, disable_account
from gridoffice.accounts.service import accounts
from gridoffice.cli.main import run
from gridoffice.errors import Busy, Refused, RuleBroken
from gridoffice.grids.service import save_grid
from gridoffice.office import Office
from gridoffice.serving.setup import FIRST_ACCOUNTS, FirstAccount, SetUp, Wanted, set_up
from gridoffice.serving.upgrading import upgrade_database
from tests import postgresql

DATABASE = postgresql.SIGNED
SECRET = "Qinghe-street-2026"
STREET = {"code": "519921001", "name": "青禾街道", "kind": "街道", "parent_id": None, "households": 10}


@pytest.fixture(scope="module")
def made(postgres_server: postgresql.Server) -> Iterator[SetUp]:
    wanted = Wanted(name="青禾街道网格办", passwords={one.name: SECRET for one in FIRST_ACCOUNTS[:3]})
    yield set_up(postgres_server.url(DATABASE), wanted)


def url(server: postgresql.Server, account: str, password: str = SECRET) -> str:
    return f"postgresql+psycopg://{account}:{password}@127.0.0.1:{server.port}/{DATABASE}"


def test_it_tells_what_it_did_and_what_should_be_put_right(made: SetUp) -> None:
    assert made.database == DATABASE
    assert [line[:4] for line in made.done] == [
        "已建资料",
        "角色已备",
        "已建表（",
        "已建“青",
        "权限已设",
        "已设 4",
    ]
    assert [name for name, _ in made.passwords] == ["admin"]
    assert any("ssl = on" in line for line in made.advice)
    assert any("trust" in line for line in made.advice)
    assert any("断电会丢资料" in line for line in made.advice)


def test_said_again_it_leaves_everything_as_it_is(made: SetUp, postgres_server: postgresql.Server) -> None:
    again = set_up(postgres_server.url(DATABASE), Wanted(name="别的名字"))
    assert again.passwords == ()
    assert [line for line in again.done if "没有动" in line or "接着用" in line or "不用升级" in line] != []
    office = Office.open(url(postgres_server, "admin", dict(made.passwords)["admin"]), "admin")
    assert {who.name for who in office.read(accounts)} == {one.name for one in FIRST_ACCOUNTS}
    office.close()


def test_only_the_right_password_lets_in(made: SetUp, postgres_server: postgresql.Server) -> None:
    admin = dict(made.passwords)["admin"]
    for account, password in (("admin", admin), ("auditor", SECRET)):
        office = Office.open(url(postgres_server, account, password), account)
        assert office.who.name == account
        office.close()
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(
            host="127.0.0.1", port=postgres_server.port, user="admin", dbname=DATABASE, password="x"
        )
    with postgres_server.connect() as connection:
        stored = connection.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'admin'").fetchone()
    assert stored is not None and stored[0].startswith("SCRAM-SHA-256$") and admin not in stored[0]


def test_the_office_that_was_set_up_works(made: SetUp, postgres_server: postgresql.Server) -> None:
    office = Office.open(url(postgres_server, "admin", dict(made.passwords)["admin"]), "admin")
    done = office.write(save_grid, None, STREET)
    assert done.action == 2
    assert safekeeping.verify(office).findings == ()
    office.close()


def test_an_account_waits_for_approval_and_then_signs_in(
    made: SetUp, postgres_server: postgresql.Server
) -> None:
    system = Office.open(url(postgres_server, "sysadmin"), "sysadmin")
    security = Office.open(url(postgres_server, "secadmin"), "secadmin")
    system.write(add_account, "zhangsan", "张三", Role.CLERK, password="Yi-er-san-4567")
    mine = url(postgres_server, "zhangsan", "Yi-er-san-4567")
    with pytest.raises(psycopg.OperationalError, match="not permitted"):
        psycopg.connect(mine.replace("+psycopg", ""))
    security.write(approve_account, "zhangsan")
    clerk = Office.open(mine, "zhangsan")
    assert clerk.who.role is Role.CLERK and clerk.who.reach is Reach.ALL
    system.write(disable_account, "zhangsan")
    with pytest.raises(psycopg.OperationalError, match="not permitted"):
        psycopg.connect(mine.replace("+psycopg", ""))
    # a connection that was open before sees nothing any more
    with (
        clerk.store.engine.connect() as connection,
        pytest.raises(Exception, match=r"permission denied|does not exist"),
    ):
        connection.execute(text("SELECT count(*) FROM person")).scalar_one()
    for office in (system, security, clerk):
        office.close()


RAW = "UPDATE account SET {} WHERE name = '{}'"


@pytest.mark.parametrize(
    ("who", "deed", "why"),
    [
        ("sysadmin", RAW.format("role = 'administrator', reach = 'all'", "sysadmin"), "waits for approval"),
        ("sysadmin", RAW.format("reach = 'all'", "auditor"), "waits for approval"),
        ("sysadmin", RAW.format("name = 'x'", "auditor"), "keeps its name"),
        (
            "sysadmin",
            "INSERT INTO account (version, name, display, role, reach, active) "
            "VALUES (1, 'mine', 'x', 'clerk', 'all', true)",
            "waits for approval",
        ),
        (
            "sysadmin",
            "INSERT INTO account (version, name, display, role, reach, active) "
            "VALUES (1, 'gridoffice', 'x', 'clerk', 'all', false)",
            "login of somebody else",
        ),
        ("secadmin", RAW.format("reach = 'all'", "secadmin"), "nobody approves himself"),
        ("auditor", RAW.format("reach = 'all'", "auditor"), "permission denied"),
        ("sysadmin", "SELECT gridoffice.set_password('auditor', 'SCRAM-SHA-256$4096:x')", "somebody else"),
        ("auditor", "SELECT gridoffice.set_password('sysadmin', 'SCRAM-SHA-256$4096:x')", "somebody else"),
        ("sysadmin", "SELECT gridoffice.set_password('admin', 'plain')", "verifier"),
    ],
)
def test_the_three_watch_each_other(
    made: SetUp, postgres_server: postgresql.Server, who: str, deed: str, why: str
) -> None:
    with psycopg.connect(url(postgres_server, who).replace("+psycopg", "")) as connection:
        with pytest.raises(psycopg.Error, match=why):
            connection.execute(deed.encode())
        connection.rollback()


@pytest.mark.parametrize("who", ["sysadmin", "secadmin", "auditor"])
def test_the_three_see_no_business(made: SetUp, postgres_server: postgresql.Server, who: str) -> None:
    with psycopg.connect(url(postgres_server, who).replace("+psycopg", "")) as connection:
        for table in ("person", "post", "month", "sheet", "paper_number", "scheme", "action_part"):
            if (who, table) != ("auditor", "action_part"):
                found = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
                assert found == (0,) or table == "action_part", table
        lines = connection.execute("SELECT count(*) FROM action").fetchone()
        assert lines is not None and (lines[0] > 1) is (who != "sysadmin" or lines[0] > 1)


def test_one_person_is_not_two_of_the_three(postgres_server: postgresql.Server) -> None:
    same = (FirstAccount(Role.SYSTEM_ADMIN, "li"), FirstAccount(Role.AUDITOR, "li"))
    with pytest.raises(RuleBroken, match="不同的账号"):
        set_up(postgres_server.url("never_made"), Wanted(accounts=same))
    with postgres_server.connect() as connection:
        assert connection.execute("SELECT 1 FROM pg_database WHERE datname = 'never_made'").fetchone() is None


def test_weak_passwords_and_files_are_refused(postgres_server: postgresql.Server, tmp_path: Path) -> None:
    with pytest.raises(RuleBroken, match="密码"):
        set_up(postgres_server.url("never_made"), Wanted(passwords={"admin": "123456"}))
    with pytest.raises(Refused, match="共享资料库的网址"):
        set_up(str(tmp_path / "office.db"), Wanted())


def test_the_guide_is_told_without_a_server(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["server-setup", "--guide"]) == 0
    told = capsys.readouterr().out
    assert all(
        words in told for words in ("sslmode=verify-full", "PgBouncer", "upgrade-database", "openGauss")
    )


# Upgrading


@pytest.fixture
def older(postgres_server: postgresql.Server) -> Iterator[str]:
    """A shared office as an earlier program left it: without the last revision's work, and its number."""
    from alembic import command

    database = "older_office"
    address = postgres_server.create(database)
    store = Store(address)
    config = migrate._config()
    with store.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0009")
    with store.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO account (version, name, display, role, reach, active) "
                "VALUES (1, 'wang', '王', 'clerk', 'all', true)"
            )
        )
    store.close()
    yield address
    postgres_server.drop(database)


def test_an_older_office_is_backed_up_and_upgraded(
    older: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "before.dump"
    assert run(["--json", "--database", older, "upgrade-database", "--backup", str(file)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["before"], told["after"], told["backup"]) == ("0009", migrate.head(), str(file))
    assert file.stat().st_size > 1000 and told["rows"] >= 1
    clerk = older.replace("gridoffice@", "wang@")
    office = Office.open(clerk, "wang")
    assert office.who.name == "wang"
    office.close()
    # said again, there is nothing to upgrade
    assert run(["--json", "--database", older, "upgrade-database"]) == 0
    assert json.loads(capsys.readouterr().out)["backup"] is None


def test_clients_of_another_version_are_told(older: str) -> None:
    with pytest.raises(Exception, match="要由管理员先升级资料库"):
        Office.open(older, "wang")
    store = Store(older)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(Exception, match="先升级本程序"):
        Office.open(older, "wang")
    with pytest.raises(Refused, match="先升级本程序"):
        upgrade_database(older, None)


def test_one_upgrades_at_a_time(older: str, tmp_path: Path) -> None:
    from db.turns import Turn, take

    store = Store(older)
    with store.engine.connect() as other:
        take(other, Turn.UPGRADE, "李四")
        with pytest.raises(Busy, match="正在由李四升级资料库"):
            upgrade_database(older, tmp_path / "x.dump")
    store.close()
