"""Offices to test with, made once and copied: a small one with known people, and the demo street.

`small_office` and `street_office` are fresh copies on SQLite and on PostgreSQL; `office_at` opens any
further account on them.
"""

from __future__ import annotations

import functools
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import text

from db import backup, keyed, migrate
from db.enums import MonthState, Role, Sex
from db.session import Store
from db.tables import Base
from gridoffice.accounts.keeping import add_account
from gridoffice.accounts.rules import KEEPERS
from gridoffice.accounts.service import sign_in
from gridoffice.assessment.locking import lock_month
from gridoffice.assessment.month import month_record, months, scheme_of, sheet_rows
from gridoffice.assessment.results import RESULTS
from gridoffice.assessment.service import compute, enter_values, move_month, open_month
from gridoffice.demo.build import Built, build
from gridoffice.demo.data import Size
from gridoffice.establish import establish
from gridoffice.grids.service import find, save_grid
from gridoffice.idcard import check_digit
from gridoffice.intake import Options, Preview
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.review import Review
from gridoffice.scoring.scheme import Measure, all_inputs
from gridoffice.workers.listing import WORKERS
from gridoffice.workers.service import save_worker
from tests import postgresql

PASSWORD = "青禾 纸船 1999"
"""Of copies that have one."""
STREET = "519921001"
GRIDS = (
    # code, name, kind, code of the parent, households
    (STREET, "青禾街道", "街道", None, 2100),
    ("519921001001", "梧桐社区", "总网格", STREET, 1200),
    ("519921001001001", "第一网格", "一般网格", "519921001001", 400),
    ("51992100100100101", "微网格01", "微网格", "519921001001001", 60),
    ("51992100100100102", "微网格02", "微网格", "519921001001001", 70),
    ("519921001001002", "第二网格", "一般网格", "519921001001", 620),
    ("519921001002", "柳荫社区", "总网格", STREET, 900),
    ("519921001002001", "第一网格", "一般网格", "519921001002", 450),
    ("519921001002002", "第二网格", "一般网格", "519921001002", None),
    ("519921001900001", "商圈专属网格", "专属网格", STREET, None),
)


def number(sequence: int, sex: Sex = Sex.MALE, birth: date = date(1990, 3, 7)) -> str:
    """An invented ID number of the fictitious county 519921, with its right check digit."""
    odd = 2 * sequence + (sex is Sex.MALE)
    first = f"519921{birth:%Y%m%d}{odd:03d}"
    return first + check_digit(first)


PEOPLE = (
    # name, sequence of the number (None: no number), sex, phone, grid, title, first day
    ("王𠮷𬭎", 11, Sex.MALE, "13800000011", "519921001001001", "网格长", date(2024, 1, 1)),
    ("李䶮", 12, Sex.FEMALE, "13800000012", "519921001001001", "专职网格员", date(2024, 3, 1)),
    ("阿依古丽·买买提", 13, Sex.FEMALE, "13800000013", "51992100100100101", "微网格员", date(2025, 1, 1)),
    ("单晓琴", 14, Sex.FEMALE, "13800000014", "519921001001002", "兼职网格员", date(2024, 6, 1)),
    ("张三", 15, Sex.MALE, "13800000015", "519921001002001", "网格长", date(2023, 5, 1)),
    ("张三", 16, Sex.MALE, "13800000016", "519921001002001", "专职网格员", date(2024, 2, 1)),
    ("赵𫍯", None, Sex.MALE, "13800000017", "519921001001", "总网格长", None),
)


@dataclass(frozen=True, slots=True)
class Copies:
    """A finished office in one SQLite file, copied for every test; as a PostgreSQL template too."""

    file: Path
    name: str

    def address(self, backend: str, folder: Path, request: pytest.FixtureRequest) -> str:
        if backend == "sqlite":
            target = folder / f"{self.name}.db"
            shutil.copyfile(self.file, target)
            return f"sqlite+pysqlite:///{target.as_posix()}"
        if backend == "password":
            return self.with_password(folder)
        server: postgresql.Server = request.getfixturevalue("postgres_server")
        copies: postgresql.Copies = request.getfixturevalue("postgres_copies")
        name = copies.take(_template(server, self))
        request.addfinalizer(lambda: copies.give_back(name))
        return server.url(name)

    def with_password(self, folder: Path) -> str:
        """A copy under a password; the address holds its key."""
        target, key = folder / f"{self.name}.db", password_key()
        keyed.write_over(self.file, None, target, key)
        store = Store(target, key)
        store.close()
        return store.address


@functools.cache
def password_key() -> keyed.Key:
    """Worked out once: that takes a quarter of a second by design."""
    return keyed.Key.of(PASSWORD)


@functools.cache
def _template(server: postgresql.Server, copies: Copies) -> str:
    """The same office as a PostgreSQL database, by restoring it there."""
    name = f"template_{copies.name}"
    store = Store(server.create(name))
    migrate.upgrade(store.engine)
    backup.restore(copies.file, store)
    store.close()
    return name


@pytest.fixture(scope="session")
def small_copies(tmp_path_factory: pytest.TempPathFactory) -> Copies:
    file = tmp_path_factory.mktemp("small") / "office.db"
    office = establish(file, name="青禾街道网格办", organisation="青禾街道办事处")
    furnish(office)
    office.close()
    return Copies(file, "small")


def furnish(office: Office) -> None:
    """The grids, people and accounts of the small office."""
    ids: dict[str, int] = {}
    for code, name, kind, parent, households in GRIDS:
        ids[code] = office.write(
            save_grid,
            None,
            {
                "code": code,
                "name": name,
                "kind": kind,
                "parent_id": ids[parent] if parent else None,
                "households": households,
            },
        ).result
    for name, sequence, sex, phone, grid, title, since in PEOPLE:
        values = {"name": name, "sex": sex, "phone": phone, "grid_id": ids[grid], "title": title}
        values["id_number"] = None if sequence is None else number(sequence, sex)
        values["from_day"] = since
        office.write(save_worker, None, values)
    for role in Role:
        if role not in KEEPERS:  # with them accounts would wait for approval
            office.write(add_account, role.value, role.label, role)


@pytest.fixture(scope="session")
def demo_street(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The demo street as `demo` leaves it, six months locked. Not to be written to."""
    return build(tmp_path_factory.mktemp("demo"), Size.STREET)


@pytest.fixture(scope="session")
def street_copies(demo_street: Built) -> Copies:
    return Copies(demo_street.database, "street")


Opening = Callable[..., Office]


@pytest.fixture
def office_at() -> Iterator[Opening]:
    """Opens offices by address, as any account, and closes them after the test."""
    opened: list[Office] = []

    def open_(address: str, account: str | None = None) -> Office:
        opened.append(Office.open(address, account))
        return opened[-1]

    yield open_
    for office in opened:
        office.close()


@pytest.fixture
def small_office(
    small_copies: Copies, backend: str, tmp_path: Path, request: pytest.FixtureRequest, office_at: Opening
) -> Office:
    """A copy of the small office, opened by its first account, the administrator."""
    return office_at(small_copies.address(backend, tmp_path, request))


@pytest.fixture
def street_office(
    street_copies: Copies, backend: str, tmp_path: Path, request: pytest.FixtureRequest, office_at: Opening
) -> Office:
    """A copy of the demo street, opened by its first account."""
    return office_at(street_copies.address(backend, tmp_path, request))


# Short ways to look and to act


def workbook(path: Path, headings: Sequence[str], rows: Sequence[Sequence[Any]], above: int = 0) -> Path:
    """A workbook with one sheet: `above` lines of title, then headings and rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in range(above):
        sheet.append([f"青禾街道台账 {line}"])
    sheet.append(list(headings))
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    book.close()
    return path


@dataclass(frozen=True, slots=True)
class Imported:
    """A file that was taken in (or was not): every row's outcome, and the journal line."""

    preview: Preview
    action: int | None


def come(office: Office, ledger: str, path: Path, **options: Any) -> Imported:
    """Import a workbook as the window and the command line do."""
    review = Review(office, ledger, path, Options(**options))
    done = review.write()
    return Imported(review.plan, done.action)


def outcomes(done: Imported) -> list[tuple[int, str]]:
    return [(row.number, row.outcome.value) for row in done.preview.rows]


def errors(done: Imported) -> list[tuple[int | None, str | None, str]]:
    return [(p.row, p.field, p.message) for p in done.preview.problems if p.severity.value == "error"]


def grid_id(office: Office, code: str) -> int:
    return office.read(find, code)


def roster(office: Office, ask: Ask | None = None) -> list[Any]:
    return office.read(lambda session: WORKERS.rows(session, WORKERS.ids(session, ask or Ask())))


def worker(office: Office, name: str) -> Any:
    """The one line of the roster with this name."""
    (found,) = [row for row in roster(office) if row.name == name]
    return found


def content(store: Store, without: Sequence[str] = ()) -> dict[str, list[Mapping[str, Any]]]:
    """Every row of every table, in order: two stores that hold the same answer the same."""
    with store.reading() as session:
        return {
            table.name: [
                dict(row)
                for row in session.execute(table.select().order_by(*table.primary_key.columns)).mappings()
            ]
            for table in Base.metadata.sorted_tables
            if table.name not in without
        }


JOURNAL = ("action", "action_part", "journal_head")


def records(office: Office) -> dict[str, list[dict[str, Any]]]:
    """Every record but the journal's own, without the counters that only ever grow, and with results only
    of months that are computed: others are of some earlier moment."""
    found = {
        table: [{name: value for name, value in row.items() if name != "version"} for row in rows]
        for table, rows in content(office.store, JOURNAL).items()
    }
    computed = {month["id"] for month in found["month"] if month["computed_at"] is not None}
    for sheet in found["sheet"]:
        if sheet["month_id"] not in computed:
            sheet.update(dict.fromkeys(RESULTS))
    return found


def tamper(office: Office, *statements: str) -> None:
    """What somebody could do to the database behind the office's back: raw SQL past every guard and
    every foreign key, and the guards put back afterwards."""
    if office.store.file is not None:
        with closing(keyed.connect(office.store.file, office.store.key)) as connection:
            guards = connection.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall()
            for name, _ in guards:
                connection.execute(f'DROP TRIGGER "{name}"')
            for statement in statements:
                assert connection.execute(statement).rowcount > 0, statement
            for _, said in guards:
                connection.execute(said)
            connection.commit()
        return
    with office.store.engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for statement in statements:
            assert connection.exec_driver_sql(statement).rowcount > 0, statement


def journal_lines(office: Office) -> int:
    with office.store.reading() as session:
        return session.execute(text("SELECT count(*) FROM action")).scalar_one()


@pytest.fixture
def both_streets(
    street_copies: Copies, tmp_path: Path, request: pytest.FixtureRequest, office_at: Opening
) -> tuple[Office, Office]:
    """The demo street on SQLite and on PostgreSQL, side by side."""
    sqlite, shared = (
        office_at(street_copies.address(backend, tmp_path, request)) for backend in ("sqlite", "postgresql")
    )
    return sqlite, shared


# A month


PERIOD = "2026-06"


def sheets(office: Office, period: str = PERIOD) -> list[dict[str, Any]]:
    return office.read(lambda session: sheet_rows(session, month_record(session, period).id))


def scheme(office: Office, period: str = PERIOD) -> Any:
    return office.read(lambda session: scheme_of(session, month_record(session, period)))


def good_values(office: Office, seed: int = 0, period: str = PERIOD) -> dict[int, dict[str, Any]]:
    """Values for everybody, all different."""
    found: dict[int, dict[str, Any]] = {}
    for place, sheet in enumerate(sheets(office, period)):
        found[sheet["id"]] = {}
        for entry in all_inputs(scheme(office, period)):
            if entry.measure is Measure.YES_NO:
                value: Any = False
            elif entry.measure is Measure.RATE:
                value = Decimal("99.5") - (seed + place) * Decimal("1.3")
            elif entry.measure is Measure.COUNT:
                value = (seed + place) % 3
            else:
                value = Decimal(5)
            found[sheet["id"]][entry.key] = value
    return found


def stepping(office: Office, step: MonthState) -> Office:
    """The office as somebody sees it who may bring a month to a state that another has submitted."""
    name = {MonthState.PUBLIC: "reviewer", MonthState.APPROVED: "leader", MonthState.LOCKED: "leader"}.get(
        step
    )
    return office if name is None else Office(office.store, office.read(sign_in, name))


def to(office: Office, state: MonthState) -> None:
    """Bring the month to a state, with every value filled in and computed."""
    if not office.read(months):
        office.write(open_month, PERIOD)
        office.write(enter_values, PERIOD, good_values(office))
        office.write(compute, PERIOD)
    order = list(MonthState)
    for step in (MonthState.SCORING, MonthState.REVIEW, MonthState.PUBLIC, MonthState.APPROVED):
        if order.index(step) <= order.index(state):
            stepping(office, step).write(move_month, PERIOD, step)
    if state is MonthState.LOCKED:
        stepping(office, state).write(lock_month, PERIOD)


@pytest.fixture(scope="session")
def locked_copies(small_copies: Copies, tmp_path_factory: pytest.TempPathFactory) -> Copies:
    """The small office with 2026-06 locked."""
    file = tmp_path_factory.mktemp("locked") / "office.db"
    shutil.copyfile(small_copies.file, file)
    office = Office.open(file)
    to(office, MonthState.LOCKED)
    office.close()
    return Copies(file, "locked")


@pytest.fixture
def locked_office(
    locked_copies: Copies, backend: str, tmp_path: Path, request: pytest.FixtureRequest, office_at: Opening
) -> Office:
    return office_at(locked_copies.address(backend, tmp_path, request))
