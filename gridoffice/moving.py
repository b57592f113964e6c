"""A whole office goes to another database: from this computer's file to a shared server, or back. What arrived is
compared and proved before it counts; what it came from stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from db import backup, migrate, server
from db.comparing import Content, differing
from db.copying import copy_rows
from db.enums import Right
from db.keyed import Key
from db.session import Store
from db.tables import Account, Grid, Person
from db.turns import Turn
from gridoffice import safekeeping
from gridoffice.accounts.rules import RIGHTS
from gridoffice.errors import OfficeError, RuleBroken
from gridoffice.everything import everything
from gridoffice.office import Office, sentences, store_at
from gridoffice.progress import report


@dataclass(frozen=True, slots=True)
class Moved:
    """What stands at the target now, counted and proved there."""

    target: str
    tables: int
    rows: int
    people: int
    actions: int
    locked_months: int
    accounts: int
    shared: bool

    def in_words(self) -> str:
        """One sentence for whoever moved it."""
        return (
            f"已搬过去 {self.people} 人、{self.rows} 行，{self.tables} 张表逐行比过都一样，"
            f"{self.actions} 条变动首尾相接，{self.locked_months} 个已锁定的月份都对得上。"
        )


def move(office: Office, target: str | Path) -> Moved:
    """Copy the whole office to an empty database (or a file that is not there yet), in one transaction there.

    Raises `OfficeError` when the target holds anything already, or anything arrives other than it left; then
    nothing stands there. `Cancelled` likewise.
    """
    office.require(Right.MAINTAIN)
    moved: list[Moved] = []

    def prove(here: Connection, there: Connection) -> None:
        found, wrong = differing(here, there, report)
        if wrong:
            raise OfficeError(f"搬过去的 {'、'.join(wrong)} 与原来的不一样，已经退回，那边什么也没有留下。")
        with Session(there, join_transaction_mode="create_savepoint") as session:
            verified = safekeeping.proved(session)
        if verified.findings:
            raise OfficeError(f"搬过去以后核验不过，已经退回：{verified.findings[0]}")
        shared = there.dialect.name == "postgresql"
        if shared and server.enforced(there):
            there.exec_driver_sql("RESET ROLE")
            server.enforce(there, RIGHTS)
        moved.append(_told(str(target), found, len(verified.locked_months), shared))

    with (
        _place(target, office.store.key) as store,
        safekeeping.said("没有搬成，原来的资料没有动"),
        everything(office, "搬家"),
        sentences(office.store),
        sentences(store),
        office.store.alone(Turn.RESTORE, office.who.display),
    ):
        _refuse_full(store)
        copy_rows(office.store, store, report, replace=True, prove=prove)
    return moved[0]


def _told(target: str, found: dict[str, Content], locked: int, shared: bool) -> Moved:
    def rows(record: type) -> int:
        return found[record.__tablename__].rows

    return Moved(
        target,
        len(found),
        sum(one.rows for one in found.values()),
        rows(Person),
        found["action"].rows,
        locked,
        rows(Account),
        shared,
    )


@contextmanager
def _place(target: str | Path, key: Key | None) -> Iterator[Store]:
    """Where the office goes: a file that appears whole or not at all, with the password of the file it comes
    from, or a database on a server."""
    named = store_at(target)
    if named.file is None:
        try:
            yield named
        finally:
            named.close()
        return
    named.close()
    file = named.file
    if file.exists():
        raise RuleBroken(f"“{file}”已经有了。换个文件名，免得盖掉。")
    fresh = file.with_name(f"{file.name}.new")
    with safekeeping.said(f"写不到“{file}”"):
        file.parent.mkdir(parents=True, exist_ok=True)
        backup.clear_away(fresh)
        store = Store(fresh, key)
        try:
            migrate.upgrade(store.engine)
            yield store
            store.close()
            backup.settle(fresh, key)
            fresh.replace(file)
        finally:
            store.close()
            backup.clear_away(fresh)


def _refuse_full(store: Store) -> None:
    """Only an empty place takes an office: one that was set up and holds nobody yet, or one without tables."""
    at = migrate.current(store.engine)
    if at is None:
        migrate.upgrade(store.engine)
        return
    if at != migrate.head():
        raise RuleBroken("那边的资料库和这个程序的版本不一样。先升级那边（upgrade-database），再搬。")
    with store.reading() as session:
        people = session.scalar(select(func.count()).select_from(Person)) or 0
        grids = session.scalar(select(func.count()).select_from(Grid)) or 0
    if people or grids:
        raise RuleBroken(f"那边已经有 {grids} 个网格、{people} 人，不能盖掉。搬到一个空的资料库。")
