"""A private PostgreSQL cluster for the tests and benchmarks: made, started, always stopped.

It lives in a folder of its own, in memory where there is room (`ground`), listens on a free port of the
loopback address only, keeps nothing safe on disk (`fsync=off`) and is gone afterwards. PostgreSQL
refuses to run as root, so root starts it as the account `postgres`. On Linux the kernel stops the
server when the process that started it dies, however it dies.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import psycopg

PREFIX = "gridoffice-postgresql-"
OWNER = "gridoffice"
SIGNED = "signed_in"
"""The database whose accounts need their passwords."""
LINUX = sys.platform == "linux"
MEMORY, ROOM = Path("/dev/shm"), 3 << 30
PATIENCE = 60.0  # seconds a loaded machine may take to start the server

MISSING = (
    "PostgreSQL is not installed, and the tests need it beside SQLite: "
    "run `python3 dev.py setup`, or install PostgreSQL 13 or newer; "
    "on Windows from its own installer, or name the folder of its programs in POSTGRESQL_BIN."
)


@dataclass(frozen=True)
class Server:
    """A running cluster. Each `create` costs some 50 ms; `drop` ends whoever is still connected."""

    port: int
    programs: Path

    @cached_property
    def version(self) -> int:
        """Its major version: 13, 14, …"""
        with self.connect() as connection:
            return connection.info.server_version // 10000

    def url(self, database: str) -> str:
        """The database's address as the office is given it."""
        return f"postgresql+psycopg://{OWNER}@127.0.0.1:{self.port}/{database}"

    def create(self, database: str, template: str = "template0") -> str:
        """A new database, a copy of `template`; answers its address."""
        copied = " STRATEGY FILE_COPY" if self.version >= 15 else ""  # older ones know no other way
        self.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"{copied}')
        return self.url(database)

    def drop(self, database: str) -> None:
        self.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def execute(self, statement: str) -> None:
        """One statement of the cluster's owner, outside any transaction."""
        with self.connect() as connection:
            connection.execute(statement.encode())

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=OWNER, dbname=database, autocommit=True, connect_timeout=5
        )


class Copies:
    """Fresh copies of templates: the next one of each is made, and used ones are dropped, in a thread
    beside the tests, so that a test waits for neither."""

    def __init__(self, server: Server):
        self._server = server
        self._beside = ThreadPoolExecutor(1)
        self._next: dict[str, Future[str]] = {}
        self._dropped: list[Future[None]] = []
        self._made = 0

    def take(self, template: str = "template0") -> str:
        """The name of a copy of a template to which nobody is connected."""
        name = (self._next.pop(template, None) or self._copy(template)).result()
        self._next[template] = self._copy(template)
        return name

    def give_back(self, name: str) -> None:
        """Nobody needs that copy any more."""
        self._dropped.append(self._beside.submit(self._server.drop, name))

    def close(self) -> None:
        """Wait for what is under way. Raises what went wrong beside the tests."""
        self._beside.shutdown()
        for dropped in self._dropped:
            dropped.result()

    def _copy(self, template: str) -> Future[str]:
        self._made += 1
        return self._beside.submit(self._create, f"copy_{self._made}", template)

    def _create(self, name: str, template: str) -> str:
        self._server.create(name, template)
        return name


def programs() -> Path:
    """The folder of PostgreSQL's programs, the newest version found. Raises when there is none."""
    named = os.environ.get("POSTGRESQL_BIN")
    places = [Path(named)] if named else []
    places += newest_first(Path("/usr/lib/postgresql"))
    places += newest_first(Path(os.environ.get("PROGRAMFILES", r"C:\Program Files")) / "PostgreSQL")
    on_path = shutil.which("initdb")
    places += [Path(on_path).resolve().parent] if on_path else []
    for place in places:
        if all(shutil.which(name, path=str(place)) for name in ("initdb", "postgres", "pg_ctl")):
            return place
    raise RuntimeError(MISSING)


def newest_first(versions: Path) -> list[Path]:
    found = [path for path in versions.glob("*") if path.name.isdecimal()]
    return [path / "bin" for path in sorted(found, key=lambda path: int(path.name), reverse=True)]


@contextmanager
def running(more: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Make and start a cluster, and stop and remove it on the way out. `more` are settings of its own."""
    place = programs()
    sweep()
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=ground()))
    data = folder / "data"
    try:
        if as_root():
            shutil.chown(folder, "postgres", "postgres")
        words = [place / "initdb", "-D", data, "-U", OWNER, "--auth=trust", "--encoding=UTF8", "--no-sync"]
        call(folder, [*words, "--lc-collate=C", "--lc-ctype=C.UTF-8" if LINUX else "--lc-ctype=C"])
        port = free_port()
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": "",
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "max_connections": 50,
            "shared_buffers": "64MB",
            "wal_level": "minimal",
            "max_wal_size": "256MB",
            "max_wal_senders": 0,
            "autovacuum": "off",
            "timezone": "Asia/Shanghai",
            "password_encryption": "scram-sha-256",  # 13 would still take md5
            **(more or {}),
        }
        with (data / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        # whoever is let in by this rule shows a password; everybody else comes in as he says
        rules = data / "pg_hba.conf"
        rules.write_text(f"host {SIGNED} +{SIGNED}_member 127.0.0.1/32 scram-sha-256\n{rules.read_text()}")
        server = Server(port, place)
        with serving(server, folder, data):
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def ground() -> Path:
    """Where clusters lie: nothing of them is to be kept, and copying a template in memory takes a fifth of
    the time; the system's temporary folder where there is no folder in memory, or little room."""
    roomy = LINUX and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if roomy else Path(tempfile.gettempdir())


@contextmanager
def serving(server: Server, folder: Path, data: Path) -> Iterator[None]:
    log = folder / "server.log"
    if sys.platform == "win32":
        # pg_ctl gives up the administrator's rights, which the server refuses to run with.
        control = [server.programs / "pg_ctl", "-D", data, "-w", "-m", "immediate"]
        call(folder, [*control, "-l", log, "start"])
        try:
            yield
        finally:
            call(folder, [*control, "stop"])
        return
    with log.open("wb") as output:
        process = subprocess.Popen(
            guarded([server.programs / "postgres", "-D", data]), cwd=folder, stdout=output, stderr=output
        )
    try:
        wait_for(server, process, log)
        yield
    finally:
        process.send_signal(signal.SIGQUIT)  # at once: nothing in it is to be kept
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until the server answers. Raises with its own words when it ends instead."""
    deadline = time.monotonic() + PATIENCE
    while True:
        with suppress(psycopg.OperationalError), server.connect():
            return
        if process.poll() is not None or time.monotonic() > deadline:
            words = log.read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"PostgreSQL did not start:\n{words}")
        time.sleep(0.05)


def as_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


def guarded(words: list[str | Path]) -> list[str]:
    """The same call as somebody PostgreSQL accepts, ended by the kernel when this process ends."""
    front = []
    if LINUX:
        front = ["setpriv", "--pdeathsig=QUIT"]
        if as_root():
            front += ["--reuid=postgres", "--regid=postgres", "--init-groups"]
    return [*front, *map(str, words)]


def call(folder: Path, words: list[str | Path]) -> None:
    """Run one of PostgreSQL's programs to its end. Raises with what it said when it fails."""
    done = subprocess.run(guarded(words), cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{Path(words[0]).name}: {done.stdout}{done.stderr}")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def sweep() -> None:
    """Remove the folders of runs that were killed: their names say whose they were."""
    for place in (MEMORY, Path(tempfile.gettempdir())):
        for folder in place.glob(f"{PREFIX}*"):
            owner = re.match(rf"{PREFIX}(\d+)-", folder.name)
            if owner and not alive(int(owner[1])):
                shutil.rmtree(folder, ignore_errors=True)


def alive(process: int) -> bool:
    if sys.platform == "win32":
        return True  # Windows has no kill(0); its temporary folder is emptied by Windows itself
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
