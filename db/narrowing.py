"""What an account of part of a local office reads and changes: the spec of `db.scoping`, in SQLite's words.

Who reads gets views that shadow the tables: services, lists and counts stay as they are, and nobody
filters by hand. Who writes reads everything, for rules that concern the whole office (an ID number that is
there already); at the end each record he touched is looked at. On a shared server the server itself does
both (`db.server.policies`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.orm import Session

from db.images import Entry, Part, chunks, load, name_of, shape
from db.scoping import PLACING, Words, bringing, by_place, condition
from db.session import Store, engine_at
from db.tables import Base


class Lines(Enum):
    """Which lines of the journal an account reads: its own, those of the accounts that work in the
    business, or all. What a line touched, record by record, is read with one's own lines; who audits reads
    what was done to accounts and settings."""

    OWN = "own"
    USERS = "users"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Extent:
    """How far an account sees that does not see all. `paths` are the grids it looks after, with all below
    them or (`below` false) they alone; `person_id` is itself. `closed`: none of the business; `tree`: the
    names of the grids all the same; `doors`: how everybody signs in."""

    account: str
    name: str
    paths: tuple[str, ...] = ()
    below: bool = True
    person_id: int | None = None
    closed: bool = False
    tree: bool = False
    doors: bool = False
    lines: Lines = Lines.OWN


KEEPERS = "('system_admin', 'security_admin', 'auditor')"
OF_THE_OFFICE = "('account', 'account_grid', 'setting')"
"""Tables of which an auditor reads what was done."""
AFTER = "~"
"""Nothing in a path sorts after it."""


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _inside(extent: Extent, column: str) -> str:
    """A path lies in the extent."""
    if not extent.paths:
        return "FALSE"
    if not extent.below:
        return f"{column} IN ({', '.join(map(_quoted, extent.paths))})"
    ranges = (
        f"({column} >= {_quoted(path)} AND {column} < {_quoted(path + AFTER)})" for path in extent.paths
    )
    return f"({' OR '.join(ranges)})"


def _words(extent: Extent, person: str = "") -> Words:
    """The spec's words. `person`: a table with the numbers of all people in scope, where there is one; else
    each is looked up."""
    alias = count(1)

    def of_grid(column: str) -> str:
        return f"{column} IN (SELECT id FROM main.grid WHERE {_inside(extent, 'path')})"

    def of_person(column: str) -> str:
        if person:
            return f"{column} IN (SELECT id FROM {person})"
        said = [of_own(column), *_brought(words, alias, column)]
        if extent.person_id is None:
            said.append(_nobodys(column))
        return f"({' OR '.join(said)})"

    def of_own(column: str) -> str:
        return "FALSE" if extent.person_id is None else f"{column} = {extent.person_id}"

    def of_parent(column: str, table: str) -> str:
        if table == "party_org":
            # what hangs below an organisation in scope is in scope, however deep
            seated = f"SELECT org_id FROM main.org_seat WHERE {of_grid('grid_id')}"
            return (
                f"{column} IN (WITH RECURSIVE below(id) AS ({seated} UNION SELECT o.id FROM main.party_org o "
                "JOIN below ON o.parent_id = below.id) SELECT id FROM below)"
            )
        here = f"p{next(alias)}"
        inside = condition(table, words, f"{here}.")
        return f"{column} IN (SELECT {here}.id FROM main.{table} {here} WHERE {inside})"

    def through(table: str, column: str, number: str) -> str:
        here = f"t{next(alias)}"
        inside = " OR ".join(by_place(PLACING[table], words, f"{here}."))
        return f"{number} IN (SELECT {here}.{column} FROM main.{table} {here} WHERE {inside})"

    def unplaced(table: str, number: str) -> str:
        if table == "person":
            return "FALSE"  # among the people in scope already
        row = number.removesuffix("id")
        named = [
            f"NOT EXISTS (SELECT 1 FROM main.{t} WHERE {c} = {number})" for t, c in PLACING[table].through
        ]
        above = [f"{row}{column} IS NULL" for column, _ in PLACING[table].parents]
        return f"({' AND '.join(named + above)})"

    words = Words(
        path=lambda column: _inside(extent, column),
        grid=of_grid,
        person=of_person,
        parent=of_parent,
        through=through,
        own=of_own,
        writer=lambda column: f"{column} = {_quoted(extent.account)}",
        unplaced=unplaced,
    )
    return words


def _brought(words: Words, alias: Iterator[int], column: str) -> Iterator[str]:
    for table, who in bringing():
        here = f"b{next(alias)}"
        inside = " OR ".join(by_place(PLACING[table], words, f"{here}."))
        yield f"EXISTS (SELECT 1 FROM main.{table} {here} WHERE {here}.{who} = {column} AND ({inside}))"


def _nobodys(column: str) -> str:
    """Nobody has placed this person yet."""
    named = (f"NOT EXISTS (SELECT 1 FROM main.{t} WHERE main.{t}.{c} = {column})" for t, c in bringing())
    return f"({' AND '.join(named)})"


# ---- reading -------------------------------------------------------------------------------------

_engines: WeakKeyDictionary[Store, dict[Extent, Engine]] = WeakKeyDictionary()
PEOPLE = "temp.people_in_scope"


@contextmanager
def reading(store: Store, extent: Extent) -> Iterator[Session]:
    """A reading session of a local office that sees what lies in an extent, of one state of the database."""
    known = _engines.get(store)
    if known is None:
        known = _engines[store] = {}
        event.listen(store.engine, "engine_disposed", lambda _: _dispose(known))
    if extent not in known:
        _dispose(known)  # an account has one extent at a time
        known[extent] = _narrowed(store, extent)
    with Session(known[extent]) as session:
        yield session
        session.rollback()


def _dispose(engines: dict[Extent, Engine]) -> None:
    while engines:
        engines.popitem()[1].dispose()


def _narrowed(store: Store, extent: Extent) -> Engine:
    engine = engine_at(store.url, store.key)
    shadows, fill = list(_shadows(extent)), list(_fill(extent))

    def connected(connection: Any, _record: Any) -> None:
        connection.execute("CREATE TEMP TABLE people_in_scope (id INTEGER PRIMARY KEY)")
        for one in shadows:
            connection.execute(one)

    def begun(connection: Connection) -> None:
        if fill:
            _look_again(connection.connection.dbapi_connection, connection.info, fill)

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)
    return engine


def _look_again(raw: Any, info: dict[str, Any], fill: list[str]) -> None:
    """Find the people in scope anew when something was written since. What a reading transaction writes
    into a temporary table goes with it at its end: so in one of its own, of the same state if possible."""
    newest = "SELECT digest FROM main.journal_head"
    for _ in range(3):
        if raw.execute(newest).fetchone() == info.get("people as of"):
            return
        raw.execute("ROLLBACK")
        raw.execute("BEGIN")
        for one in fill:
            raw.execute(one)
        info["people as of"] = raw.execute(newest).fetchone()
        raw.execute("COMMIT")
        raw.execute("BEGIN")
    if raw.execute(newest).fetchone() != info.pop("people as of", None):
        for one in fill:
            raw.execute(one)


def _fill(extent: Extent) -> Iterator[str]:
    """Who the people in scope are: whom rows in scope bring, whom nobody placed, and the account itself."""
    if extent.closed:
        return
    words = _words(extent, PEOPLE)
    yield f"DELETE FROM {PEOPLE}"
    into = f"INSERT OR IGNORE INTO {PEOPLE}"
    if extent.person_id is not None:
        yield f"{into} SELECT id FROM main.person WHERE id = {extent.person_id}"
    else:
        yield f"{into} SELECT id FROM main.person WHERE {_nobodys('main.person.id')}"
    for table, column in bringing():
        inside = " OR ".join(by_place(PLACING[table], words, "r."))
        yield f"{into} SELECT r.{column} FROM main.{table} r WHERE r.{column} IS NOT NULL AND ({inside})"


def _shadows(extent: Extent) -> Iterator[str]:
    words = _words(extent, PEOPLE)
    for table in Base.metadata.tables:
        said = _of_office(extent, table) or _of_business(extent, table, words)
        if said != "TRUE":
            yield f'CREATE TEMP VIEW "{table}" AS SELECT * FROM main."{table}" WHERE {said}'


def _of_office(extent: Extent, table: str) -> str:
    """Which rows of the office's own tables are read; empty for a table of the business."""
    me = _quoted(extent.account)
    match table, extent.lines:
        case (("setting" | "account" | "account_grid" | "journal_head"), _):
            return "TRUE"
        case "credential", _:
            own = f"account_id IN (SELECT id FROM main.account WHERE name = {me})"
            return "TRUE" if extent.doors else own
        case "action", Lines.ALL:
            return "TRUE"
        case "action", Lines.USERS:
            others = f"(SELECT name FROM main.account WHERE role IN {KEEPERS})"
            return f"who = {me} OR who NOT IN {others}"
        case "action", Lines.OWN:
            return f"who = {me}"
        case "action_part", Lines.OWN:
            return f"action_id IN (SELECT id FROM main.action WHERE who = {me})"
        case "action_part", _:
            return f"of_table IN {OF_THE_OFFICE}"
    return ""


def _of_business(extent: Extent, table: str, words: Words) -> str:
    if extent.closed:
        return "TRUE" if table == "grid" and extent.tree else "FALSE"
    if table == "grid":
        return f"{_inside(extent, 'grid.path')} OR grid.id IN ({_context(extent)})"
    return condition(table, words, f"{table}.")


def _context(extent: Extent) -> str:
    """The grids above the extent, for their names; of an account that sees itself alone, where it serves."""
    tops = ", ".join(f"({_quoted(path)})" for path in extent.paths) or "(NULL)"
    paths = f"SELECT column1 AS path FROM (VALUES {tops})"
    if extent.person_id is not None:
        paths += f" UNION SELECT grid_path FROM main.post WHERE person_id = {extent.person_id}"
    return (
        f"SELECT above.id FROM main.grid above JOIN ({paths}) mine "
        "ON substr(mine.path, 1, length(above.path)) = above.path"
    )


# ---- writing -------------------------------------------------------------------------------------


def strays(session: Session, extent: Extent, parts: Iterable[Part]) -> list[str]:
    """What a write touched outside an extent, in words: records that stand outside now, that stood outside
    before, or that were taken away there."""
    session.flush()
    found: list[str] = []
    words = _words(extent)
    touched: dict[str, list[Entry]] = defaultdict(list)
    for part in parts:
        touched[part.table] += part.opened()
    for table, entries in touched.items():
        placing = PLACING[table]
        if placing.everybody or placing.closed:
            continue
        there = [number for number, _, after, _ in entries if after is not None]
        found += _outside(session, table, there, f"NOT ({condition(table, words, f'{table}.')})")
        before = [image for _, image, _, _ in entries if image is not None]
        columns = placing.grids or (("grid_id",) if table == "post" else ())
        stood = {image[column] for image in before for column in columns if image.get(column) is not None}
        found += _outside(session, "grid", stood, f"NOT {_inside(extent, 'grid.path')}")
        if not columns:
            gone = [image for _, image, after, _ in entries if after is None and image is not None]
            whose = {image[one] for image in gone for one in placing.people if image.get(one) is not None}
            found += _outside(session, "person", whose, f"NOT {words.person('person.id')}")
    return found


def within(session: Session, extent: Extent, table: str, ids: Iterable[int]) -> set[int]:
    """Those of some records that stand in an extent, asked in a session that reads everything."""
    inside = condition(table, _words(extent), f"{table}.")
    found: set[int] = set()
    for chunk in chunks(sorted(set(ids))):
        listed = ", ".join(map(str, chunk))
        query = f'SELECT id FROM main."{table}" WHERE id IN ({listed}) AND {inside}'
        found.update(session.scalars(text(query)))
    return found


def _outside(session: Session, table: str, ids: Iterable[int], condition: str) -> Iterator[str]:
    form = shape(table)
    for chunk in chunks(sorted(set(ids))):
        listed = ", ".join(map(str, chunk))
        query = f'SELECT id FROM main."{table}" WHERE id IN ({listed}) AND {condition} LIMIT 3'
        for row in load(session, form, list(session.scalars(text(query)))):
            yield f"{form.record.noun}“{name_of(session, form, row)}”"
