"""What every test stands on: fresh databases of both kinds, a quiet Qt, and no word in the logs.

`database_url` gives a fresh empty database, `office_url` one with the present schema; a test that
takes either runs twice, on SQLite and on PostgreSQL. Nothing of the user's own is touched.
"""

from __future__ import annotations

import functools
import logging
import os
import re
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests import postgresql
from tests.guards.records import records_in
from tests.offices import (  # noqa: F401 - fixtures
    both_streets,
    demo_street,
    locked_copies,
    locked_office,
    office_at,
    small_copies,
    small_office,
    street_copies,
    street_office,
)

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["GRIDOFFICE_BUNDLED_FONTS"] = "1"  # paper is the same on every machine

BACKENDS = ("sqlite", "postgresql")


# Databases


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgresql.Server]:
    """A private PostgreSQL cluster, started once."""
    with postgresql.running() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_copies(postgres_server: postgresql.Server) -> Iterator[postgresql.Copies]:
    """Fresh databases on it, made ahead."""
    copies = postgresql.Copies(postgres_server)
    yield copies
    copies.close()


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """The kind of database the test runs on."""
    return request.param


@pytest.fixture
def new_database(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], str]]:
    """Makes empty databases by name, for tests that need more than one; answers their addresses."""
    if backend == "sqlite":
        yield lambda name: f"sqlite+pysqlite:///{(tmp_path / name).as_posix()}.db"
        return
    server: postgresql.Server = request.getfixturevalue("postgres_server")
    copies: postgresql.Copies = request.getfixturevalue("postgres_copies")
    with ExitStack() as drops:

        def create(_: str) -> str:
            name = copies.take()
            drops.callback(copies.give_back, name)
            return server.url(name)

        yield create


@pytest.fixture
def database_url(new_database: Callable[[str], str]) -> str:
    """A fresh empty database of either kind."""
    return new_database("office")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the present schema and nothing in it, to be copied."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    migrate(f"sqlite+pysqlite:///{path.as_posix()}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_server: postgresql.Server) -> str:
    """The name of a PostgreSQL database with the present schema and nothing in it, to be copied."""
    migrate(postgres_server.create("office_template"))
    return "office_template"


@pytest.fixture
def office_url(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh database of either kind with the present schema; copied, so it costs next to nothing."""
    if backend == "sqlite":
        path = tmp_path / "office.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite+pysqlite:///{path.as_posix()}"
        return
    template: str = request.getfixturevalue("postgres_template")
    server: postgresql.Server = request.getfixturevalue("postgres_server")
    copies: postgresql.Copies = request.getfixturevalue("postgres_copies")
    name = copies.take(template)
    yield server.url(name)
    copies.give_back(name)


def migrate(url: str) -> None:
    """Bring an empty database to the present schema, and let go of it."""
    from db import migrate
    from db.session import Store

    store = Store(url)
    migrate.upgrade(store.engine)
    store.close()  # SQLite folds its write-ahead log into the file when the last one leaves


@pytest.fixture(scope="session", autouse=True)
def statements_compiled_once() -> Iterator[None]:
    """What a statement is in SQL is worked out once for all offices on one kind of database: the program
    opens one, the tests open thousands that are alike."""
    from sqlalchemy import Engine, create_engine
    from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
    from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
    from sqlalchemy.util import LRUCache

    import db.session

    compiled: LRUCache[Any, Any] = LRUCache(4000)

    def alike(one: Any, other: object) -> bool:
        return type(one) is type(other) and one.dbapi is other.dbapi  # type: ignore[attr-defined]

    def sharing(*args: Any, **kwargs: Any) -> Engine:
        engine = create_engine(*args, **kwargs)
        engine.update_execution_options(compiled_cache=compiled)
        return engine

    with pytest.MonkeyPatch.context() as patch:
        for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):  # part of a statement's key
            patch.setattr(dialect, "__eq__", alike)
            patch.setattr(dialect, "__hash__", lambda self: hash(type(self)))
        patch.setattr(db.session, "create_engine", sharing)
        yield


# The user's own things


@pytest.fixture(scope="session", autouse=True)
def nobodys_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Settings, logs and offices of the tests, and of the processes they start, go to a folder of theirs."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            patch.setenv(name, str(home / name.lower()))
        for name in ("APPDATA", "LOCALAPPDATA", "WIN_PD_OVERRIDE_LOCAL_APPDATA"):
            patch.setenv(name, str(home / "appdata"))
        yield home


# Records stay home


@pytest.fixture(scope="session", autouse=True)
def records_stay_home() -> Iterator[None]:
    """Whatever leaves the office while the tests run holds no mapped record."""
    from gridoffice.office import Office

    def watched(door: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(door)
        def call(*args: Any, **kwargs: Any) -> Any:
            answer = door(*args, **kwargs)
            assert list(records_in(answer)) == [], "a mapped record left the office"
            return answer

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name in ("read", "write"):
            patch.setattr(Office, name, watched(getattr(Office, name)))
        yield


# Silence is part of the result


class Listener(logging.Handler):
    """Keeps what is logged at WARNING and above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """A stray log line fails the test; `@pytest.mark.logs("pattern")` says which one belongs to it."""
    listener = Listener()
    logging.getLogger().addHandler(listener)
    try:
        result = yield
    finally:
        logging.getLogger().removeHandler(listener)
    expected = [pattern for mark in item.iter_markers("logs") for pattern in mark.args]
    said = [f"{record.name}: {record.getMessage()}" for record in listener.records]
    stray = [line for line in said if not any(re.search(pattern, line) for pattern in expected)]
    unheard = [pattern for pattern in expected if not any(re.search(pattern, line) for line in said)]
    if stray or unheard:
        pytest.fail(f"stray log lines: {stray}; expected but not logged: {unheard}", pytrace=False)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that skips itself has not run: that is a failure, not a footnote."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which no test may be: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def qapp(qapp):  # type: ignore[no-untyped-def]
    """The application, dressed as the program dresses it: bundled Chinese faces, style and colours."""
    from PySide6.QtGui import QFontDatabase

    from ui.theme import FAMILIES, look

    look.start()
    assert set(FAMILIES[:2]) <= set(QFontDatabase.families()), "the bundled faces did not load"
    return qapp
