"""Failed sign-ins of a server: read from its own log, told in the journal, and answered as locally."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from db.enums import Role
from db.listening import Changed, Listener
from gridoffice import history
from gridoffice.accounts.keeping import add_account, approve_account
from gridoffice.accounts.listed import Standing, account_line
from gridoffice.accounts.logins import unwatched
from gridoffice.accounts.passwords import change_own_password, reset_password, unlock_account
from gridoffice.audit import AuditAsk, alarms, audit_lines
from gridoffice.entering import Entered, enter, leave
from gridoffice.errors import ChangeNeeded, NeedsPassword, OfficeError, Refused, RuleBroken
from gridoffice.grids.service import save_grid
from gridoffice.office import Office
from gridoffice.safekeeping import verify
from gridoffice.serving.setup import FIRST_ACCOUNTS, Wanted, set_up
from tests import postgresql

DATABASE = postgresql.SIGNED
FIRST, SECRET = "Qinghe-street-2026", "Wutong-community-7"
NAMES = (*(one.name for one in FIRST_ACCOUNTS), "li", "王五")


@pytest.fixture(scope="module")
def server() -> Iterator[postgresql.Server]:
    """A server whose log can be read, with an office in which everybody has a password of his own."""
    settings = {"logging_collector": "on", "log_destination": "stderr,csvlog"}
    with postgresql.running(settings) as cluster:
        done = set_up(cluster.url(DATABASE), Wanted(passwords={one.name: FIRST for one in FIRST_ACCOUNTS}))
        assert not any("csvlog" in line for line in done.advice)
        with cluster.connect() as owner:
            ((data,),) = owner.execute("SHOW data_directory").fetchall()
            rules = Path(data) / "pg_hba.conf"
            asked = f"host {DATABASE} nobody 127.0.0.1/32 scram-sha-256"
            rules.write_text(f"{asked}\n{rules.read_text()}")
            owner.execute("SELECT pg_reload_conf()")
        for one in FIRST_ACCOUNTS:
            came(cluster, one.name, FIRST, fresh=SECRET).close()
        system, security = (came(cluster, name) for name in ("sysadmin", "secadmin"))
        for name in NAMES[4:]:
            system.write(add_account, name, name, Role.CLERK, password=FIRST)
            security.write(approve_account, name)
            came(cluster, name, FIRST, fresh=SECRET).close()
        admin = came(cluster, "admin")
        admin.write(
            save_grid, None, {"code": "519921001", "name": "青禾街道", "kind": "街道", "parent_id": None}
        )
        for office in (system, security, admin):
            office.close()
        yield cluster


@pytest.fixture(autouse=True)
def open_doors(server: postgresql.Server) -> Iterator[None]:
    """Whatever a test locked is open again after it."""
    yield
    with server.connect(DATABASE) as owner:
        owner.execute("SELECT gridoffice.watch()")
        owner.execute("SELECT gridoffice.unbar(name) FROM account")
        owner.execute("UPDATE credential SET must_change = false")


def url(server: postgresql.Server, account: str, password: str = SECRET) -> str:
    return f"postgresql+psycopg://{account}:{password}@127.0.0.1:{server.port}/{DATABASE}"


def came(server: postgresql.Server, account: str, password: str = SECRET, fresh: str | None = None) -> Office:
    return entered(server, account, password, fresh).office


def entered(
    server: postgresql.Server, account: str, password: str = SECRET, fresh: str | None = None
) -> Entered:
    return enter(url(server, account, password), account, password, fresh)


def psql(server: postgresql.Server, account: str, password: str = SECRET) -> psycopg.Connection:
    return psycopg.connect(url(server, account, password).replace("+psycopg", ""), autocommit=True)


def fail(server: postgresql.Server, account: str, times: int) -> None:
    for _ in range(times):
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psql(server, account, "falsch")


def titles(office: Office) -> list[str]:
    office.store.engine.dispose()  # each new connection has the log read
    return [line.title for line in office.read(audit_lines, AuditAsk(failed=True))[0]]


def test_wrong_passwords_are_lines_and_lock_the_account(server: postgresql.Server) -> None:
    auditor, system = came(server, "auditor"), came(server, "sysadmin")
    before = len(titles(auditor))
    fail(server, "li", 4)
    li = entered(server, "li")
    assert li.before is not None and li.before.failures == 4
    leave(li.office)
    li.office.close()
    fail(server, "li", 5)
    with pytest.raises(Refused, match=r"输错次数太多，账号锁到 \d\d:\d\d"):
        entered(server, "li")
    # meanwhile the server itself answers a right password as a wrong one
    with pytest.raises(NeedsPassword, match="账号或密码不对"):
        entered(server, "li")
    auditor.store.engine.dispose()
    lines = auditor.read(audit_lines, AuditAsk(failed=True))[0]
    told = [line.title for line in lines][: len(lines) - before]
    assert told[0] == "登录没有成功：正锁着"
    assert told[1:] == [
        "登录没有成功：密码不对（连着第 5 次），账号锁 20 分钟",
        *(f"登录没有成功：密码不对（连着第 {n} 次）" for n in (4, 3, 2, 1)),
        *(f"登录没有成功：密码不对（连着第 {n} 次）" for n in (4, 3, 2, 1)),
    ]
    assert {(line.who, line.terminal) for line in lines[: len(told)]} == {("li", "127.0.0.1")}
    assert any("“li”一天内登录没成功" in one.words for one in auditor.read(alarms))
    line = system.read(account_line, "li")
    assert line.standing is Standing.LOCKED and line.failures == 5
    system.write(unlock_account, "li")
    came(server, "li").close()
    for office in (auditor, system):
        office.close()


def test_what_the_server_wrote_is_whole(server: postgresql.Server) -> None:
    fail(server, "王五", 2)
    admin = came(server, "admin")
    assert verify(admin).findings == ()
    assert admin.read(history.journal, 5)
    admin.close()


def test_a_lock_ends_by_itself(server: postgresql.Server) -> None:
    system = came(server, "sysadmin")
    fail(server, "li", 5)
    with pytest.raises(OfficeError):
        entered(server, "li")
    with server.connect(DATABASE) as owner:
        assert closed(owner, "li")
        past = (
            (datetime.now(UTC) - timedelta(minutes=1)).replace(tzinfo=None).isoformat(timespec="microseconds")
        )
        owner.execute("UPDATE credential SET locked_until = %s WHERE locked_until IS NOT NULL", (past,))
        owner.execute("SELECT gridoffice.watch()")
        assert not closed(owner, "li")
    came(server, "li").close()
    system.close()


def closed(owner: psycopg.Connection, account: str) -> bool:
    ((until,),) = owner.execute(
        "SELECT coalesce(rolvaliduntil = '-infinity', false) FROM pg_roles WHERE rolname = %s", (account,)
    ).fetchall()
    return until


def test_who_works_alone_is_not_shut_out_for_ever(server: postgresql.Server) -> None:
    """Nobody would be there to open his login again."""
    fail(server, "li", 6)
    with pytest.raises(Refused, match="账号锁到"):
        entered(server, "li")
    with server.connect(DATABASE) as owner:
        assert not closed(owner, "li")
    # and whoever goes last opens what he closed
    system = came(server, "sysadmin")
    with server.connect(DATABASE) as owner:
        assert closed(owner, "li")
        leave(system)
        system.close()
        assert not closed(owner, "li")


def test_a_guessed_password_opens_nothing(server: postgresql.Server) -> None:
    """`psql` at night: nobody is connected, the tenth guess is right."""
    fail(server, "admin", 9)
    with psql(server, "admin") as guessed:
        for query in (
            "SELECT name FROM grid",
            "SELECT name FROM public.grid",
            "SELECT name FROM seen_whole.person",
            "SELECT name FROM account WHERE name <> 'admin'",
            "SELECT who FROM action WHERE who <> 'admin'",
        ):
            assert guessed.execute(query.encode()).fetchall() == []
        guessed.execute("SELECT gridoffice.watch()")
        assert guessed.execute("SELECT gridoffice.here()").fetchone() == (False,)
        for deed in (
            "SELECT gridoffice.keep(true)",
            "SELECT gridoffice.come_in('x')",
            "SELECT gridoffice.unlock('admin')",
            "SELECT gridoffice.set_password('admin', 'SCRAM-SHA-256$4096:x')",
            "SELECT gridoffice.set_password('li', 'SCRAM-SHA-256$4096:x')",
            "SET ROLE signed_in_keeper",
            "UPDATE credential SET failures = 0, locked_until = NULL",
            "DELETE FROM gridoffice.failing",
            "UPDATE gridoffice.watched SET read_at = now()",
            "SELECT gridoffice.unbar('admin')",
            "SELECT gridoffice.new_password('admin', false)",
            "SELECT gridoffice.failed('li', 'x', 'x')",
            "SELECT gridoffice.shut('admin', false)",
            "SELECT gridoffice.log_portion('postgresql.conf', 0, now())",
            "SELECT pg_read_binary_file('postgresql.conf', 0, 10, true)",
            "SELECT * FROM gridoffice_secret.former",
            "INSERT INTO gridoffice.speaking VALUES (txid_current())",
        ):
            with pytest.raises(
                psycopg.Error, match=r"permission denied|barred|no keeper|somebody else|not yours"
            ):
                guessed.execute(deed.encode())
        assert guessed.execute("SELECT count(*) FROM grid").fetchone() == (0,)


def test_a_window_that_was_open_before_goes_on(server: postgresql.Server) -> None:
    admin = came(server, "admin")
    with psql(server, "admin") as before:
        before.execute("SELECT gridoffice.watch()")
        fail(server, "admin", 7)
        before.execute("SELECT gridoffice.watch()")
        assert before.execute("SELECT gridoffice.here(), count(*) > 0 FROM grid").fetchone() == (True, True)
        with server.connect(DATABASE) as owner:
            ((until,),) = owner.execute(
                "SELECT locked_until FROM credential JOIN account ON account.id = account_id WHERE name = 'admin'"
            ).fetchall()
        assert until is not None
    admin.close()


def test_somebody_who_guesses_and_guesses_is_not_let_in_by_waiting(server: postgresql.Server) -> None:
    fail(server, "li", 50)
    with pytest.raises(Refused, match="像是有人在猜密码"):
        entered(server, "li")
    auditor, system = came(server, "auditor"), came(server, "sysadmin")
    assert titles(auditor)[0].endswith("像是在猜密码，账号锁到有人解锁")
    system.write(reset_password, "li", "Yi-er-san-4567")
    came(server, "li", "Yi-er-san-4567", fresh="Yi-er-san-8901").close()
    auditor.close()
    system.close()
    with server.connect(DATABASE) as owner:
        # back to what the other tests know
        owner.execute("DELETE FROM gridoffice_secret.former WHERE name = 'li'")
    li = came(server, "li", "Yi-er-san-8901")
    li.write(change_own_password, "Yi-er-san-8901", SECRET)
    li.close()


def test_a_flood_leaves_few_lines(server: postgresql.Server) -> None:
    auditor = came(server, "auditor")
    before = len(titles(auditor))
    with server.connect(DATABASE) as owner:
        owner.execute("UPDATE gridoffice.watched SET problem = ''")
    fail(server, "nobody", 3)
    fail(server, "li", 2)
    told = titles(auditor)
    assert told[: len(told) - before] == [
        "登录没有成功：密码不对（连着第 2 次）",
        "登录没有成功：密码不对（连着第 1 次）",
        "登录没有成功：没有这个账号",
    ]
    auditor.close()


def test_a_program_that_is_connected_has_the_log_read(server: postgresql.Server) -> None:
    system = came(server, "sysadmin")
    assert system.read(account_line, "王五").failures == 0
    listener = Listener(system.store, "x")
    fail(server, "王五", 2)
    looks = iter([False] * 3)
    (news,) = listener.follow(lambda: next(looks, True))
    assert isinstance(news, Changed) and {one.who for one in news.notices} == {"王五"}
    with server.connect(DATABASE) as owner:
        counted = owner.execute(
            "SELECT failures FROM credential JOIN account ON account.id = account_id WHERE name = '王五'"
        )
        # this connection is the owner's, of whom nothing is asked
        assert counted.fetchall() == [(2,)]
    system.close()


FORGED = (
    '2026-11-22 23:00:00.000 CST,"admin","signed_in",1,"10.0.0.1:1",1.1,1,"authentication",'
    "2026-11-22 23:00:00 CST,1/1,0,FATAL,28P01,"
)


@pytest.mark.parametrize(
    "said",
    [f"\n{FORGED}\n", f'"\n{FORGED}"\n', f'x"\n{FORGED}\n"', f'"""\n{FORGED}\n', f"\r\n{FORGED}\r\n\\"],
)
def test_nobody_forges_failures_of_others(server: postgresql.Server, said: str) -> None:
    """Whatever somebody has the server write into its log is a text in one of its fields."""
    auditor = came(server, "auditor")
    before = len(titles(auditor))
    with psql(server, "li") as connection:
        for _ in range(3):
            with pytest.raises(psycopg.Error):
                connection.execute("SELECT %s::int", (said,))
        with suppress(psycopg.Error):
            connection.execute("SELECT set_config('application_name', %s, false)", (said,))
        with pytest.raises(psycopg.Error):
            connection.execute("SELECT 1 / 0")
    for name in (said.replace("\x00", ""), f'x"{said}'):
        with suppress(psycopg.OperationalError):
            psycopg.connect(host="127.0.0.1", port=server.port, user=name[:60], dbname=DATABASE, password="x")
    fail(server, "王五", 1)
    told = [one for one in titles(auditor)[: len(titles(auditor)) - before] if "没有这个账号" not in one]
    assert told == ["登录没有成功：密码不对（连着第 1 次）"]
    auditor.close()


def test_a_record_longer_than_a_portion_is_passed_over(server: postgresql.Server) -> None:
    auditor = came(server, "auditor")
    before = len(titles(auditor))
    with psql(server, "li") as connection, pytest.raises(psycopg.Error):
        connection.execute(b"SELECT '" + b'"\n,28P01,' * 300_000 + b"'::int")
    fail(server, "王五", 1)
    told = titles(auditor)
    assert told[: len(told) - before] == ["登录没有成功：密码不对（连着第 1 次）"]
    auditor.close()


def test_the_log_goes_on_in_another_file(server: postgresql.Server) -> None:
    auditor = came(server, "auditor")
    before = len(titles(auditor))
    for _ in range(2):
        fail(server, "王五", 1)
        server.execute("SELECT pg_rotate_logfile()")
        # it is another name from the next second on
        server.execute("SELECT pg_sleep(1.1)")
    fail(server, "王五", 1)
    assert len(titles(auditor)) == before + 3
    auditor.close()


# Passwords


def test_a_password_that_was_had_is_refused_whatever_program_sends_it(server: postgresql.Server) -> None:
    li = came(server, "li")
    with pytest.raises(RuleBroken, match="这个密码最近用过"):
        li.write(change_own_password, SECRET, SECRET)
    li.write(change_own_password, SECRET, "Yi-er-san-4567")
    with pytest.raises(RuleBroken, match="这个密码最近用过"):
        li.write(change_own_password, "Yi-er-san-4567", SECRET)
    li.close()
    with psql(server, "li", "Yi-er-san-4567") as raw:
        raw.execute("SELECT gridoffice.watch()")
        # a salt of one's own would make it another verifier
        verifier = raw.pgconn.encrypt_password(SECRET.encode(), b"li", b"scram-sha-256").decode()
        for said in (
            verifier,
            verifier.replace("4096", "4095"),
            "SCRAM-SHA-256$4096:x$y:z",
            "md5" + "0" * 32,
        ):
            with pytest.raises(psycopg.Error, match="sent as its verifier"):
                raw.execute("SELECT gridoffice.set_password('li', %s)", (said,))
    with server.connect(DATABASE) as owner:
        owner.execute("DELETE FROM gridoffice_secret.former WHERE name = 'li'")
    li = came(server, "li", "Yi-er-san-4567")
    li.write(change_own_password, "Yi-er-san-4567", SECRET)
    li.close()


def test_one_s_own_password_is_changed_by_who_knows_the_present_one(server: postgresql.Server) -> None:
    """Whoever finds a window open does not take its account over; that he tried is in the server's log."""
    auditor, li = came(server, "auditor"), came(server, "li")
    before = len(titles(auditor))
    with pytest.raises(RuleBroken, match="现在的密码不对"):
        li.write(change_own_password, "Yi-er-san-9999", "Yi-er-san-4567")
    with pytest.raises(RuleBroken, match="现在的密码不对"):
        li.write(change_own_password, "", "Yi-er-san-4567")
    came(server, "li").close()  # by the one that it has still
    assert "登录没有成功" in " ".join(titles(auditor)[: len(titles(auditor)) - before])
    li.close()
    auditor.close()


@pytest.mark.parametrize(
    "password", ["青禾街道-2026a", "Ｆｕｌｌ宽-2026", "ﬁne-2026-Xx", "a\u00adB-2026-xy", "Ａ\u3000b-2026"]
)
def test_passwords_of_any_signs_let_in(server: postgresql.Server, password: str) -> None:
    """Ours is the verifier that the server's own client would have made."""
    with server.connect(DATABASE) as owner:
        owner.execute("DELETE FROM gridoffice_secret.former WHERE name = '王五'")
    wang = came(server, "王五")
    wang.write(change_own_password, SECRET, password)
    wang.close()
    again = psycopg.connect(
        host="127.0.0.1", port=server.port, user="王五", dbname=DATABASE, password=password
    )
    again.close()
    with server.connect(DATABASE) as owner:
        owner.execute("DELETE FROM gridoffice_secret.former WHERE name = '王五'")
    office = Office.open(
        f"postgresql+psycopg://王五@127.0.0.1:{server.port}/{DATABASE}?password={password.replace('%', '%25')}",
        "王五",
    )
    office.write(change_own_password, password, SECRET)
    office.close()


def test_what_others_gave_or_what_has_ended_shows_nothing(server: postgresql.Server) -> None:
    """The change is asked for by the server, too: `psql` with the password of a reset sees nothing."""
    system = came(server, "sysadmin")
    system.write(reset_password, "li", "Yi-er-san-4567")
    with psql(server, "li", "Yi-er-san-4567") as raw:
        raw.execute("SELECT gridoffice.watch()")
        assert raw.execute("SELECT count(*) FROM grid").fetchone() == (0,)
        for deed in ("must_change = false", "since = '2099-01-01T00:00:00.000000'"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                raw.execute(f"UPDATE credential SET {deed}".encode())
    with pytest.raises(ChangeNeeded, match="别人设的"):
        entered(server, "li", "Yi-er-san-4567")
    with server.connect(DATABASE) as owner:
        owner.execute("DELETE FROM gridoffice_secret.former WHERE name = 'li'")
    came(server, "li", "Yi-er-san-4567", fresh=SECRET).close()
    with server.connect(DATABASE) as owner:
        owner.execute(
            "UPDATE credential SET since = '2020-01-01T00:00:00.000000' "
            "WHERE account_id = (SELECT id FROM account WHERE name = 'li')"
        )
    with psql(server, "li") as raw:
        raw.execute("SELECT gridoffice.watch()")
        assert raw.execute("SELECT count(*) FROM grid").fetchone() == (0,)
    with pytest.raises(ChangeNeeded, match="用满 90 天"):
        entered(server, "li")
    with server.connect(DATABASE) as owner:
        owner.execute("DELETE FROM gridoffice_secret.former WHERE name = 'li'")
    came(server, "li", fresh=SECRET).close()
    system.close()


# Where there is nothing to read


def test_where_the_log_cannot_be_read_it_is_said(
    server: postgresql.Server, postgres_server: postgresql.Server
) -> None:
    system = came(server, "sysadmin")
    assert system.read(unwatched) == ""
    with server.connect(DATABASE) as owner:
        owner.execute("ALTER SYSTEM SET log_destination = 'stderr'")
        owner.execute("SELECT pg_reload_conf()")
        owner.execute("SELECT pg_sleep(0.5)")
        try:
            owner.execute("SELECT gridoffice.watch()")
            assert system.read(unwatched).startswith("服务器没有把日志记成 csvlog")
            # and nobody is shut out by it
            came(server, "li").close()
        finally:
            owner.execute("ALTER SYSTEM RESET log_destination")
            owner.execute("SELECT pg_reload_conf()")
            owner.execute("SELECT pg_sleep(0.5)")
            owner.execute("SELECT gridoffice.watch()")
    assert system.read(unwatched) == ""
    system.close()
