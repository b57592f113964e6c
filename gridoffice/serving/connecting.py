"""The connection of whoever looks after the server: he makes databases and roles, and is no account."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Connection, event
from sqlalchemy.exc import DBAPIError, OperationalError

from db.server.names import Names, quoted
from db.session import Store
from gridoffice.errors import NotFound, Refused, Unreachable
from gridoffice.office import store_at

LEAST = 13
"""The oldest PostgreSQL that will do."""
MAINTENANCE = "postgres"
"""The database that every server has, from which others are made."""


def shared_store(database: str | None) -> Store:
    """The store of a shared office's address. Raises `Refused` for a file."""
    store = store_at(database or "")
    if store.local or not store.url.database:
        store.close()
        raise Refused(
            "写上共享资料库的网址：--database postgresql://管理登录@服务器/资料库名，"
            "管理登录是数据库管理员的（如 postgres）。"
        )
    return store


@contextmanager
def reached(store: Store) -> Iterator[None]:
    """What the server says while it is set up, as a sentence."""
    try:
        yield
    except OperationalError as error:
        said = str(error.orig)
        where = f"{store.url.host or '本机'}:{store.url.port or 5432}"
        if "password" in said:
            raise Unreachable(f"服务器“{where}”不认登录“{store.url.username}”的密码。") from error
        if "does not exist" in said and "database" in said:
            raise NotFound(
                f"服务器“{where}”上还没有资料库“{store.url.database}”。先用 server-setup 建。"
            ) from error
        raise Unreachable(f"连不上服务器“{where}”：{said.strip().splitlines()[-1]}") from error
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") == "42501":
            raise Refused(
                f"登录“{store.url.username}”的权限不够：{error.orig}。用超级用户，"
                "或有 CREATEDB、CREATEROLE 并且拥有这个资料库（13、14 上还有其中的 public 模式）的登录。"
            ) from error
        raise


def of(url: URL, names: Names | None = None) -> Store:
    """A store at an address; with `names` each of its connections works as the owner of that office."""
    store = Store(url)
    if names is not None:
        words = f"SET ROLE {quoted(names.owner)}"

        def become_owner(connection: Any, _record: Any) -> None:
            connection.autocommit = True
            connection.execute(words.encode())
            connection.autocommit = False

        event.listen(store.engine, "connect", become_owner)
    return store


def shown(connection: Connection, setting: str) -> str:
    """A setting of the server."""
    return str(connection.exec_driver_sql(f"SHOW {setting}").scalar_one())
