"""Setting up a shared office, in one call that can be made again: what is there already stays."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from db import migrate, server
from db.enums import Reach, Right, Role
from db.journal import entitle
from db.server.logins import set_password
from db.server.names import LONGEST, Names, quoted
from db.session import Store
from db.tables import Account
from gridoffice.accounts.policy import Policy
from gridoffice.accounts.rules import KEEPERS, RIGHTS, password_faults
from gridoffice.accounts.service import Who
from gridoffice.errors import Refused, RuleBroken
from gridoffice.grids.pack_text import load
from gridoffice.office import Office
from gridoffice.progress import report
from gridoffice.service import service
from gridoffice.serving.advice import advice
from gridoffice.serving.connecting import LEAST, MAINTENANCE, of, reached, shared_store, shown
from gridoffice.serving.leftovers import take_in
from gridoffice.settings import MODEL, NAME, ORGANISATION, set_setting

SETTER = "server-setup"
"""Who signs the first line of a shared office's journal."""


@dataclass(frozen=True, slots=True)
class FirstAccount:
    """One of the accounts a shared office begins with."""

    role: Role
    name: str


FIRST_ACCOUNTS = (
    FirstAccount(Role.SYSTEM_ADMIN, "sysadmin"),
    FirstAccount(Role.SECURITY_ADMIN, "secadmin"),
    FirstAccount(Role.AUDITOR, "auditor"),
    FirstAccount(Role.ADMINISTRATOR, "admin"),
)
"""三员, and who sets up the business: the office's schemes, its governance model, its words."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a shared office is to be: its words, its model, its first accounts. `passwords` are those of
    accounts by name; whoever has none there gets one that is told once. `take_logins`: logins that an earlier
    database of this name left are taken over; `log_sign_ins`: the server is told to keep its log so that
    failed sign-ins can be read in it."""

    model: str = "chengdu-3+1"
    name: str = "网格办"
    organisation: str = "网格化服务管理办公室"
    accounts: tuple[FirstAccount, ...] = FIRST_ACCOUNTS
    passwords: Mapping[str, str] | None = None
    take_logins: bool = False
    log_sign_ins: bool = False


@dataclass(frozen=True, slots=True)
class SetUp:
    """What was done, in sentences; passwords made up for accounts, to be told once; what should be put right
    on the server."""

    database: str
    done: tuple[str, ...]
    passwords: tuple[tuple[str, str], ...]
    advice: tuple[str, ...]


def set_up(database: str | None, wanted: Wanted) -> SetUp:
    """Make the database, its roles, its schema, the office and its first accounts. Raises `Refused`,
    `RuleBroken`, `Unreachable`."""
    load(wanted.model)
    _check_accounts(wanted)
    store = shared_store(database)
    done: list[str] = []
    try:
        with reached(store):
            _make_database(store, done)
            with store.engine.begin() as connection:
                names = server.prepare(connection, RIGHTS)
            done.append(f"角色已备好：{names.owner} 拥有全部表，谁也不能用它登录；每个账号是一个登录。")
            owned = of(store.url, names)
            try:
                _make_schema(owned, done)
                taken = _take_logins(store, owned, names, wanted, done)
                fresh = _found(owned, wanted, done)
                with store.engine.begin() as connection:
                    report("设置权限")
                    server.enforce(connection, RIGHTS)
                done.append("权限已设好：按网格范围看行，按角色写表，变动记录只增不改，由服务器执行。")
                passwords = _give_passwords(owned, wanted, tuple(dict.fromkeys((*fresh, *taken))), done)
            finally:
                owned.close()
            if wanted.log_sign_ins:
                _log_sign_ins(store, done)
            with store.engine.begin() as connection:
                found = tuple(advice(connection))
    finally:
        store.close()
    return SetUp(names.database, tuple(done), passwords, found)


def _check_accounts(wanted: Wanted) -> None:
    names = [one.name for one in wanted.accounts]
    if len(set(names)) < len(names):
        raise RuleBroken(
            "系统管理员、安全保密管理员、安全审计员和业务管理员要是不同的账号：一个人不能身兼二员。"
        )
    for name in names:
        if not name.strip() or len(name.encode()) > LONGEST or name.startswith("pg_"):
            raise RuleBroken(f"账号名“{name}”不能用：最多 {LONGEST} 个字节（一个汉字 3 个），不以 pg_ 开头。")
    for name, password in (wanted.passwords or {}).items():
        faults = password_faults(password, (name,), Policy())
        if faults:
            raise RuleBroken(f"账号“{name}”：{faults[0]}")


def _make_database(store: Store, done: list[str]) -> None:
    name = store.url.database or ""
    try:
        Names(name)
    except ValueError:
        raise RuleBroken(f"资料库名“{name}”太长，短一些。") from None
    outside = of(store.url.set(database=MAINTENANCE))
    try:
        alone = outside.engine.execution_options(isolation_level="AUTOCOMMIT")
        with reached(outside), alone.connect() as connection:
            version = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()) // 10000
            if version < LEAST:
                raise Refused(f"服务器是 PostgreSQL {version}，要 {LEAST} 或更新的版本。")
            there = connection.execute(
                text("SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = :name)"), {"name": name}
            ).scalar_one()
            if there:
                done.append(f"资料库“{name}”已在，接着用（PostgreSQL {version}）。")
                return
            connection.exec_driver_sql(
                f"CREATE DATABASE {quoted(name)} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
            )
            done.append(f"已建资料库“{name}”（PostgreSQL {version}）。")
    finally:
        outside.close()


def _make_schema(owned: Store, done: list[str]) -> None:
    at = migrate.current(owned.engine)
    if at is None:
        report("建表")
        migrate.upgrade(owned.engine)
        done.append(f"已建表（版本 {migrate.head()}）。")
    elif at == migrate.head():
        done.append(f"表已在，版本 {at}，不用升级。")
    elif at in migrate.known():
        raise Refused(f"资料库的版本是 {at}，比本程序旧。先用 upgrade-database 升级。")
    else:
        raise Refused("这个资料库是更新版本的程序做的，先升级本程序。")


def _take_logins(
    store: Store, owned: Store, names: Names, wanted: Wanted, done: list[str]
) -> tuple[str, ...]:
    with owned.reading() as session:
        there = session.scalars(select(Account.name)).all()
    with store.engine.begin() as connection:
        accounts = there or [one.name for one in wanted.accounts]
        taken = take_in(connection, names, accounts, wanted.take_logins)
    if taken:
        done.append(f"已接过服务器上原有的登录：{'、'.join(taken)}，原来的密码作废。")
    return taken


def _log_sign_ins(store: Store, done: list[str]) -> None:
    """Have the server keep its log as CSV, in which failed sign-ins are found."""
    with store.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        kinds = [one.strip() for one in shown(connection, "log_destination").split(",")]
        if "csvlog" not in kinds:
            said = ",".join([*kinds, "csvlog"])
            connection.exec_driver_sql(f"ALTER SYSTEM SET log_destination = '{said}'")
        collects = shown(connection, "logging_collector") == "on"
        if not collects:
            connection.exec_driver_sql("ALTER SYSTEM SET logging_collector = 'on'")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    when = "已生效" if collects else "重启 PostgreSQL 后生效"
    done.append(f"已让服务器把日志记成 csvlog（登录失败从里面读），{when}。")


def _found(owned: Store, wanted: Wanted, done: list[str]) -> tuple[str, ...]:
    """The office and its first accounts, in an office where nobody is yet; answers their names."""
    with owned.reading() as session:
        there = session.scalars(select(Account.name).order_by(Account.id)).all()
    if there:
        done.append(f"资料库里已有 {len(there)} 个账号，没有动。")
        return ()
    setter = Office(owned, Who(SETTER, "服务器设置", Role.ADMINISTRATOR))
    setter.write(found_shared, wanted)
    told = "、".join(f"{one.role.label} {one.name}" for one in wanted.accounts)
    done.append(f"已建“{wanted.name}”和最初的账号：{told}。")
    return tuple(one.name for one in wanted.accounts)


@service("建立共享资料库", needs=Right.ADMINISTER, undoable=False)
def found_shared(session: Session, wanted: Wanted) -> None:
    """The first line of a shared office's journal: its words and its first accounts."""
    set_setting(session, MODEL, load(wanted.model).key)
    set_setting(session, NAME, wanted.name)
    set_setting(session, ORGANISATION, wanted.organisation)
    for one in wanted.accounts:
        reach = Reach.NONE if one.role in KEEPERS else Reach.ALL
        session.add(Account(name=one.name, display=one.role.label, role=one.role, reach=reach))
    entitle(session, f"建立共享资料库“{wanted.name}”")


def _give_passwords(
    owned: Store, wanted: Wanted, fresh: tuple[str, ...], done: list[str]
) -> tuple[tuple[str, str], ...]:
    """Passwords of new accounts, and of those that the caller names; answers those that were made up."""
    said = dict(wanted.passwords or {})
    made = tuple((name, _made_up()) for name in fresh if name not in said)
    with Session(owned.engine) as session:
        for name, password in (*said.items(), *made):
            if session.scalar(select(Account.id).where(Account.name == name)) is None:
                raise RuleBroken(f"没有账号“{name}”，它的密码没有设。")
            set_password(session, name, password)
        session.commit()
    if said or made:
        done.append(f"已设 {len(said) + len(made)} 个账号的密码（SCRAM，服务器上只存校验值）。")
    return made


def _made_up() -> str:
    """A first password that meets the usual rules and is read off a screen without doubt."""
    letters = "abcdefghjkmnpqrstuvwxyz"
    parts = ["".join(secrets.choice(letters) for _ in range(4)) for _ in range(3)]
    return f"{parts[0].capitalize()}-{parts[1]}-{parts[2]}-{secrets.randbelow(9000) + 1000}"
