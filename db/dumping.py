"""Backups of a shared office by PostgreSQL's own pg_dump, read through to the last row before one counts."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import URL, func, inspect, select

from db import migrate
from db.backup import BadBackup, clear_away
from db.copying import OWNER, Progress, role_of, see_everything, silent, snapshot
from db.server.logins import SECRET
from db.session import Store
from db.tables import Base

ENDING = ".dump"
MAGIC = b"PGDMP"
UNSEEN = subprocess.CREATE_NO_WINDOW if sys.platform == "win32" else 0
"""No black window flashes up on Windows."""
TIMED = 17
"""The version from which on pg_restore sets `transaction_timeout`."""
_COPY = re.compile(rb'^COPY (?:[\w"]+\.)?"?(\w+)"? \((.*)\) FROM stdin;$')
_VERSION = re.compile(r"\b(\d+)(?:\.\d+)*\b")


def programs(server: int) -> Path | None:
    """The folder of a pg_dump that is not older than the server (its major version), the nearest to it; None
    when this computer has none. `POSTGRESQL_BIN` names one by hand."""
    named = os.environ.get("POSTGRESQL_BIN")
    places = [Path(named)] if named else []
    for versions in (
        Path("/usr/lib/postgresql"),
        Path(os.environ.get("PROGRAMFILES", r"C:\Program Files"), "PostgreSQL"),
    ):
        places += [path / "bin" for path in versions.glob("*") if path.name.isdecimal()]
    on_path = shutil.which("pg_dump")
    places += [Path(on_path).parent] if on_path else []
    fitting = [
        (place != (named and Path(named)), version, place)
        for place in places
        if all(shutil.which(name, path=str(place)) for name in ("pg_dump", "pg_restore"))
        for version in (_version(place) or 0,)
        if version >= server
    ]
    return min(fitting, key=lambda one: one[:2], default=(True, 0, None))[2]


def refuse_too_new(store: Store, place: Path) -> None:
    """From 17 on pg_restore says a setting that older servers do not know. Raises `BadBackup`."""
    server, ours = server_version(store), _version(place) or 0
    if ours >= TIMED > server:
        raise BadBackup(
            f"服务器是 PostgreSQL {server}，这台电脑上的 pg_restore 是 {ours}，恢复不进去。装上 {server} 的客户端程序，"
            "用 POSTGRESQL_BIN 指明它的文件夹。"
        )


def _version(place: Path) -> int | None:
    with suppress(OSError):
        said = _run([place / "pg_dump", "--version"], {}).stdout
        found = _VERSION.search(said.decode("utf-8", "replace"))
        return int(found[1]) if found else None
    return None


def server_version(store: Store) -> int:
    """The server's major version: 15, 16, …"""
    with store.engine.connect() as connection:
        return int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()) // 10000


def is_dump(file: Path) -> bool:
    """Does the file begin as pg_dump's own format does?"""
    try:
        with file.open("rb") as opened:
            return opened.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def dump(store: Store, target: Path, place: Path, progress: Progress = silent) -> dict[str, int]:
    """Write a shared office to a file and prove that every row of one state of it is in there; answers the
    rows by table. The file appears whole or not at all. Raises `BadBackup`, `NotWhole`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(target.name + ".new")
    clear_away(fresh)
    try:
        with snapshot(store) as here:
            # pg_dump reads the very state that is counted here
            same = here.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
            # an office that is about to be upgraded has not every table yet
            there = set(inspect(here).get_table_names())
            counts = {
                table.name: here.execute(select(func.count()).select_from(table)).scalar_one()
                for table in Base.metadata.sorted_tables
                if table.name in there
            }
            words = ["--format=custom", "--no-password", f"--snapshot={same}", f"--file={fresh}"]
            words.append(f"--exclude-schema={SECRET}")
            role = see_everything(here)
            words += [f"--role={role}"] if role else []
            progress("备份", 0, 2)
            _do([place / "pg_dump", *words, *_where(store.url)], _secret(store.url), "备份没有做成")
        progress("核对备份", 1, 2)
        held = check(fresh, place)
        if any(held.get(table, 0) != count for table, count in counts.items()):
            raise BadBackup("备份里的行数与资料库对不上，没有留下这份备份。再试一次。")
        fresh.replace(target)
        return counts
    finally:
        clear_away(fresh)


def check(file: Path, place: Path) -> dict[str, int]:
    """Prove a dump: every row of it is read. Answers the rows by table; raises `BadBackup`."""
    rows: Counter[str] = Counter(table for table, _ in _lines(file, place))
    if not rows["alembic_version"]:
        raise BadBackup(f"“{file.name}”不是网格办的备份。")
    return {name: rows[name] for name in Base.metadata.tables}


def journal_head(file: Path, place: Path) -> tuple[int, str]:
    """How many lines the journal in a dump has, and the digest of its last. Raises `BadBackup`."""
    for _, row in _lines(file, place, "journal_head"):
        return int(row["count"]), row["digest"]
    return 0, ""


def _lines(file: Path, place: Path, only: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Every row in a dump: its table, and of the table asked for its values. Raises `BadBackup` when the
    file does not go on to its end."""
    if not file.is_file():
        raise BadBackup(f"没有找到备份“{file}”。")
    words = [str(place / "pg_restore"), "--file=-", *([f"--table={only}"] if only else []), str(file)]
    table, names = "", []
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, creationflags=UNSEEN
    ) as reading:
        assert reading.stdout is not None
        for line in reading.stdout:
            if not table:
                begins = _COPY.match(line.rstrip())
                if begins:
                    table = begins[1].decode()
                    names = begins[2].decode().replace('"', "").split(", ")
            elif line.rstrip() == b"\\.":
                table = ""
            else:
                values = line.rstrip(b"\n").decode().split("\t") if only else ()
                yield table, dict(zip(names, values, strict=False))
    if reading.returncode or table:
        raise BadBackup(f"“{file.name}”已损坏，不能用。")


def restore(file: Path, store: Store, place: Path) -> dict[str, int]:
    """Put a dump in the place of everything in the shared office, in one transaction. Back up first."""
    counts = check(file, place)
    if store.local:
        raise BadBackup(f"“{file.name}”是共享资料库的备份，只能恢复到共享资料库里。")
    refuse_too_new(store, place)
    with store.engine.connect() as connection:
        # who may do anything restores each thing to its own owner
        anything = connection.exec_driver_sql("SELECT rolsuper FROM pg_roles WHERE rolname = session_user")
        owner = None if anything.scalar() else role_of(connection, OWNER)
    own = [f"--role={owner}"] if owner else []
    store.close()
    words = ["--clean", "--if-exists", "--single-transaction", "--exit-on-error", "--no-password", *own]
    into = [*words, *_where(store.url), str(file)]
    _do([place / "pg_restore", *into], _secret(store.url), "没有恢复成，资料没有变")
    if migrate.current(store.engine) != migrate.head():
        migrate.upgrade(store.engine)
    return counts


@contextmanager
def scratch(store: Store, file: Path, place: Path, name: str) -> Iterator[Store]:
    """The dump as a database of its own beside the office, gone afterwards. Raises `BadBackup` where the
    login may not make one."""
    refuse_too_new(store, place)
    with store.engine.connect() as connection:
        may = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = session_user"
        if not connection.exec_driver_sql(may).scalar():
            raise BadBackup(
                "演练要在服务器上建一个临时库，这个账号不能建。由信息技术人员用管理登录做：verify --drill。"
            )
    outside = store.engine.execution_options(isolation_level="AUTOCOMMIT")
    with outside.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE template0')
    made = Store(store.url.set(database=name))
    try:
        words = ["--no-owner", "--no-privileges", "--exit-on-error", "--no-password"]
        _do([place / "pg_restore", *words, *_where(made.url), str(file)], _secret(made.url), "备份恢复不出来")
        yield made
    finally:
        made.close()
        with outside.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _where(url: URL) -> list[str]:
    """Where the database is, as libpq's programs are told it: never the password, which anybody on this
    computer could read in the list of processes."""
    said = {"host": url.host, "port": url.port, "user": url.username, "dbname": url.database}
    said |= {key: url.query[key] for key in ("sslmode", "sslrootcert") if key in url.query}
    quoted = (
        (name, str(value).replace("\\", r"\\").replace("'", r"\'"))
        for name, value in said.items()
        if value is not None
    )
    return ["--dbname=" + " ".join(f"{name}='{value}'" for name, value in quoted)]


def _secret(url: URL) -> Mapping[str, str]:
    return {"PGPASSWORD": str(url.password)} if url.password else {}


def _do(words: list[Path | str], secret: Mapping[str, str], failed: str) -> None:
    done = _run(words, secret)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise BadBackup(f"{failed}：{said[-1] if said else '没有说明原因'}")


def _run(words: list[Path | str], secret: Mapping[str, str]) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "LC_ALL": "C", **secret}
    return subprocess.run(
        [str(word) for word in words], env=environment, capture_output=True, check=False, creationflags=UNSEEN
    )
