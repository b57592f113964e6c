"""Bringing a shared office to the schema of this program: by whoever looks after the server, one at a time,
after a backup that was proved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from db import dumping, migrate, server
from db.backup import BadBackup
from db.server.names import names_of
from db.session import Store
from db.turns import Turn, holder, take
from gridoffice.accounts.rules import RIGHTS
from gridoffice.errors import Busy, NotFound, OfficeError, Refused
from gridoffice.progress import report
from gridoffice.serving.connecting import of, reached, shared_store


@dataclass(frozen=True, slots=True)
class Upgraded:
    """From which version to which, and the backup made before; the same twice: there was nothing to do."""

    database: str
    before: str
    after: str
    backup: str | None
    rows: int


def upgrade_database(database: str | None, target: Path | None) -> Upgraded:
    """Back up, prove the backup, upgrade, and put in force anew what the server enforces. Raises `Refused`,
    `Busy`, `NotFound`, `OfficeError`."""
    store = shared_store(database)
    try:
        with reached(store):
            at = migrate.current(store.engine)
            name = str(store.url.database)
            if at is None:
                raise NotFound(f"资料库“{name}”里没有网格办的资料。先用 server-setup 建。")
            if at not in migrate.known():
                raise Refused("这个资料库是更新版本的程序做的，先升级本程序。")
            if at == migrate.head():
                with store.engine.begin() as connection:
                    server.enforce(connection, RIGHTS)
                return Upgraded(name, at, at, None, 0)
            with store.engine.connect() as turn:
                _take_turn(store, turn)
                file, rows = _back_up(store, at, target)
                _upgrade(store)
            return Upgraded(name, at, migrate.head(), str(file), rows)
    finally:
        store.close()


def _take_turn(store: Store, connection: Connection) -> None:
    """Nobody else upgrades, restores or backs up meanwhile; held until the connection is given back."""
    other = holder(connection)
    if other is not None:
        raise Busy(f"{other.in_words()}，等做完再升级。")
    take(connection, Turn.UPGRADE, str(store.url.username))


def _back_up(store: Store, at: str, target: Path | None) -> tuple[Path, int]:
    place = dumping.programs(dumping.server_version(store))
    if place is None:
        raise Refused(
            "升级前要先备份，这台电脑上没有够新的 pg_dump。在服务器上做，或装上 PostgreSQL 的客户端程序"
            "（POSTGRESQL_BIN 可指明它的文件夹）。"
        )
    moment = datetime.now().astimezone()
    file = target or Path(f"{store.url.database} 升级前 {at} {moment:%Y-%m-%d %H%M%S}{dumping.ENDING}")
    report("升级前备份")
    try:
        counts = dumping.dump(store, file, place)
    except BadBackup as error:
        raise OfficeError(f"没有升级：{error}") from error
    return file, sum(counts.values())


def _upgrade(store: Store) -> None:
    report("升级资料库")
    with store.engine.begin() as connection:
        names = names_of(connection)
        kept = server.enforced(connection)
        server.release(connection)
    # tables that somebody put there by hand belong to who connects
    owned = of(store.url, names if kept else None)
    try:
        migrate.upgrade(owned.engine)
    except Exception as error:
        raise OfficeError(
            "升级没有做成，资料没有变。账号暂时进不来：排除原因后再做一次 upgrade-database，或用备份恢复。"
        ) from error
    finally:
        owned.close()
    with store.engine.begin() as connection:
        server.enforce(connection, RIGHTS)
