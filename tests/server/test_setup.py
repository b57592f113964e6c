"""Setting up a shared office with one call, signing in to it, and upgrading an older one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select, text

from db import migrate
from db.enums import Reach, Role
from db.session import Store
from db.tables import Draft
from gridoffice import rolling, safekeeping
from gridoffice.accounts.handing_over import hand_over
from gridoffice.accounts.keeping import add_account, approve_account, disable_account
from gridoffice.accounts.service import accounts
from gridoffice.audit import AuditAsk, audit_lines
from gridoffice.cli.main import run
from gridoffice.entering import enter
from gridoffice.errors import Busy, ChangeNeeded, OfficeError, Refused, RuleBroken
from gridoffice.grids.service import find, save_grid
from gridoffice.office import Office
from gridoffice.papers.drafts import begin, save_draft
from gridoffice.papers.drafts import draft as draft_of
from gridoffice.papers.templates import templates
from gridoffice.serving.setup import FIRST_ACCOUNTS, FirstAccount, SetUp, Wanted, set_up
from gridoffice.serving.upgrading import upgrade_database
from tests import postgresql

DATABASE = postgresql.SIGNED
FIRST, SECRET = "Wutong-community-7", "Qinghe-street-2026"
STREET = {"code": "519921001", "name": "青禾街道", "kind": "街道", "parent_id": None, "households": 10}


@pytest.fixture(scope="module")
def made(postgres_server: postgresql.Server) -> Iterator[SetUp]:
    wanted = Wanted(name="青禾街道网格办", passwords={one.name: FIRST for one in FIRST_ACCOUNTS[:3]})
    done = set_up(postgres_server.url(DATABASE), wanted)
    for one in FIRST_ACCOUNTS:
        given = dict(done.passwords).get(one.name, FIRST)
        # whoever was given a password sees nothing before he has one of his own
        with psycopg.connect(url(postgres_server, one.name, given).replace("+psycopg", "")) as connection:
            assert connection.execute("SELECT count(*) FROM account").fetchone() == (1,)
        with pytest.raises(ChangeNeeded, match="别人设的"):
            enter(url(postgres_server, one.name, given), one.name)
        enter(url(postgres_server, one.name, given), one.name, fresh=SECRET).office.close()
    yield done


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
    office = Office.open(url(postgres_server, "admin"), "admin")
    assert {who.name for who in office.read(accounts)} == {one.name for one in FIRST_ACCOUNTS}
    office.close()


def test_only_the_right_password_lets_in(made: SetUp, postgres_server: postgresql.Server) -> None:
    for account in ("admin", "auditor"):
        office = Office.open(url(postgres_server, account), account)
        assert office.who.name == account
        office.close()
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(
            host="127.0.0.1", port=postgres_server.port, user="admin", dbname=DATABASE, password="x"
        )
    with postgres_server.connect() as connection:
        stored = connection.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'admin'").fetchone()
    assert stored is not None and stored[0].startswith("SCRAM-SHA-256$") and SECRET not in stored[0]


def test_the_office_that_was_set_up_works(made: SetUp, postgres_server: postgresql.Server) -> None:
    office = Office.open(url(postgres_server, "admin"), "admin")
    done = office.write(save_grid, None, STREET)
    assert done.action == 10
    assert safekeeping.verify(office).findings == ()
    office.close()


def test_the_system_administrator_backs_up_what_he_does_not_see(
    made: SetUp, postgres_server: postgresql.Server, tmp_path: Path
) -> None:
    """Reading everything stands in the journal before it begins, and is over with the task."""
    system = Office.open(url(postgres_server, "sysadmin"), "sysadmin")
    auditor = Office.open(url(postgres_server, "auditor"), "auditor")
    for ending in (".backup", ".dump"):
        assert safekeeping.back_up(system, tmp_path / f"一{ending}").rows > 10
    assert safekeeping.verify(system).findings == ()
    assert rolling.roll(system).made is not None
    assert rolling.roll(system).made is None
    told = [line.title for line in auditor.read(audit_lines, AuditAsk(who="sysadmin"))[0]]
    for said in ("为备份读全部资料", "为核验读全部资料"):
        assert said in told
    with system.store.engine.connect() as connection:
        able = "SELECT pg_has_role(session_user, current_database() || '_keeper', 'MEMBER')"
        assert connection.execute(text(able)).scalar_one() is False
        assert connection.execute(text("SELECT count(*) FROM action_part")).scalar_one() == 0
    security = Office.open(url(postgres_server, "secadmin"), "secadmin")
    with pytest.raises(OfficeError):
        safekeeping.back_up(security, tmp_path / "二.backup")
    for office in (system, auditor, security):
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
    clerk = enter(mine, "zhangsan", fresh="Wu-liu-qi-8901").office
    mine = url(postgres_server, "zhangsan", "Wu-liu-qi-8901")
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


def test_papers_are_handed_over_by_who_does_not_see_them(
    made: SetUp, postgres_server: postgresql.Server
) -> None:
    """A clerk of a part leaves, and another of that part goes on with what he wrote."""
    system, security = (Office.open(url(postgres_server, name), name) for name in ("sysadmin", "secadmin"))
    clerks = []
    street = system.read(find, STREET["code"])
    for name in ("leaves", "goes_on", "beside"):
        system.write(add_account, name, name, Role.CLERK, street, password=FIRST)
        security.write(approve_account, name)
        clerks.append(enter(url(postgres_server, name, FIRST), name, fresh=SECRET).office)
    leaves, goes_on, beside = clerks
    free = next(key for key, one in leaves.read(templates).items() if not one.monthly)
    begun = replace(leaves.read(begin, free), title="没写完的")
    draft = leaves.write(save_draft, begun).result

    def drafts(office: Office) -> list[int]:
        return list(office.read(lambda session: session.scalars(select(Draft.id)).all()))

    assert [drafts(one) for one in clerks] == [[draft], [], []] and drafts(system) == []
    with psycopg.connect(url(postgres_server, "beside").replace("+psycopg", "")) as raw:
        with pytest.raises(psycopg.Error, match="not yours to hand over"):
            raw.execute("SELECT gridoffice.hand_over('leaves', 'beside')")
        raw.rollback()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            raw.execute("INSERT INTO gridoffice.heir VALUES ('leaves', 'beside')")
    assert system.write(hand_over, "leaves", "goes_on").result == "草稿 1 份"
    assert drafts(goes_on) == [draft] and drafts(beside) == [] and drafts(system) == []
    kept = goes_on.read(draft_of, draft)
    goes_on.write(save_draft, replace(kept, text="一、写完了。"))
    with postgres_server.connect(DATABASE) as owner:
        assert owner.execute("SELECT writer FROM draft").fetchall() == [("goes_on",)]
    assert safekeeping.verify(system).findings == ()
    for office in (system, security, *clerks):
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


# Logins that stand there already


def test_logins_of_an_earlier_database_of_the_name_are_taken_when_it_is_said(
    postgres_server: postgresql.Server,
) -> None:
    name = "twice"
    four = tuple(FirstAccount(one.role, f"{one.name}_of_{name}") for one in FIRST_ACCOUNTS)
    wanted = Wanted(accounts=four, passwords={one.name: FIRST for one in four})
    address = postgres_server.url(name)
    set_up(address, wanted)
    postgres_server.drop(name)
    with pytest.raises(Refused, match=r"已有登录“admin_of_twice”.*--take-logins"):
        set_up(address, wanted)
    taken = set_up(address, Wanted(accounts=four, take_logins=True))
    assert any("已接过服务器上原有的登录" in line for line in taken.done)
    assert {given for given, _ in taken.passwords} == {one.name for one in four}
    again = set_up(address, wanted)
    assert any("没有动" in line for line in again.done)
    office = Office.open(address.replace("gridoffice@", "admin_of_twice@"), "admin_of_twice")
    assert office.who.role is Role.ADMINISTRATOR
    office.close()
    postgres_server.drop(name)


@pytest.mark.parametrize(
    ("made_by", "why"),
    [
        ("CREATE ROLE other_admin LOGIN SUPERUSER", "有管理服务器的权限"),
        ("CREATE ROLE other_admin LOGIN CREATEDB", "有管理服务器的权限"),
        ("CREATE ROLE other_admin LOGIN IN ROLE pg_monitor", "在用别的资料库（pg_monitor）"),
    ],
)
def test_a_login_of_somebody_else_is_never_taken(
    postgres_server: postgresql.Server, made_by: str, why: str
) -> None:
    four = tuple(FirstAccount(one.role, f"other_{one.name}") for one in FIRST_ACCOUNTS)
    postgres_server.execute(made_by)
    try:
        with pytest.raises(Refused, match=why):
            set_up(postgres_server.url("other"), Wanted(accounts=four, take_logins=True))
    finally:
        postgres_server.drop("other")
        postgres_server.execute("DROP ROLE other_admin")
