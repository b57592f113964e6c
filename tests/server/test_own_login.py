"""What PostgreSQL lets every login do to itself, past the office: change its password, and before 15 give itself
to others."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from db.enums import Role
from gridoffice.accounts.keeping import add_account, approve_account
from gridoffice.entering import enter
from gridoffice.errors import ChangeNeeded, RuleBroken
from gridoffice.serving.setup import FIRST_ACCOUNTS, Wanted, set_up
from tests import postgresql

DATABASE = postgresql.SIGNED
FIRST, SECRET, OTHER = "Qinghe-street-2026", "Wutong-community-7", "Binhe-street-2027"


@pytest.fixture(scope="module")
def server() -> Iterator[postgresql.Server]:
    """A server of its own whose log nobody reads: what is held here needs none."""
    with postgresql.running() as cluster:
        set_up(cluster.url(DATABASE), Wanted(passwords={one.name: FIRST for one in FIRST_ACCOUNTS}))
        for one in FIRST_ACCOUNTS:
            entered(cluster, one.name, FIRST, SECRET)
        system = enter(url(cluster, "sysadmin"), "sysadmin", SECRET).office
        security = enter(url(cluster, "secadmin"), "secadmin", SECRET).office
        system.write(add_account, "li", "李四", Role.CLERK, password=FIRST)
        security.write(approve_account, "li")
        system.close()
        security.close()
        entered(cluster, "li", FIRST, SECRET)
        yield cluster


def url(server: postgresql.Server, account: str, password: str = SECRET) -> str:
    return f"postgresql+psycopg://{account}:{password}@127.0.0.1:{server.port}/{DATABASE}"


def entered(server: postgresql.Server, account: str, password: str, fresh: str | None = None) -> None:
    enter(url(server, account, password), account, password, fresh).office.close()


def psql(server: postgresql.Server, account: str, password: str = SECRET) -> psycopg.Connection:
    return psycopg.connect(url(server, account, password).replace("+psycopg", ""), autocommit=True)


def test_a_password_set_past_the_office_holds_for_nothing(server: postgresql.Server) -> None:
    """`ALTER ROLE … PASSWORD` asks for no length, no age and no history."""
    with psql(server, "li") as connection:
        connection.execute("ALTER ROLE li PASSWORD '1'")
    with psql(server, "li", "1") as connection:
        connection.execute("SELECT gridoffice.watch()")
        assert connection.execute("SELECT gridoffice.here()").fetchone() == (False,)
        assert connection.execute("SELECT count(*) FROM grid_plan").fetchone() == (0,)
    with pytest.raises(ChangeNeeded):
        entered(server, "li", "1")
    with pytest.raises(RuleBroken, match="最近用过"):
        entered(server, "li", "1", SECRET)
    entered(server, "li", "1", OTHER)
    entered(server, "li", OTHER)


def test_verifiers_are_told_to_nobody(server: postgresql.Server) -> None:
    for deed in (
        "SELECT gridoffice.verifier('li')",
        "SELECT * FROM gridoffice.strange()",
        "SELECT gridoffice.unlend()",
        "SELECT rolpassword FROM pg_authid",
        "SET ROLE signed_in_reader_of_log",
    ):
        with psql(server, "admin") as connection, pytest.raises(psycopg.Error, match="permission denied"):
            connection.execute(deed.encode())


def test_nobody_gives_his_login_away(server: postgresql.Server) -> None:
    """Two of the three whom nobody may be at once would be one; only 13 and 14 let a login do it."""
    with psql(server, "secadmin") as giver:
        if server.version >= 15:
            with pytest.raises(psycopg.Error, match=r"must have admin option|permission denied"):
                giver.execute("GRANT secadmin TO sysadmin")
            return
        giver.execute("GRANT secadmin TO sysadmin")
    with psql(server, "sysadmin") as taker:
        assert taker.execute("SELECT gridoffice.here()").fetchone() == (False,)
        taker.execute("SELECT gridoffice.watch()")
        assert taker.execute("SELECT gridoffice.here()").fetchone() == (True,)
        with pytest.raises(psycopg.Error, match="permission denied"):
            taker.execute("SET ROLE secadmin")
