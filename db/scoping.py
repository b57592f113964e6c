"""How each table's rows are placed in the scope of an account, said once.

An account whose reach is not the whole office sees the rows that stand where it stands. From this come
the row-level security of a shared server (`db.server.policies`) and what a reading session of a local
office may look at. The grids above a scope stay visible as grids, for their names, and nothing of theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from db.enums import Right

LOW, HIGH = "low", "high"
"""A scope is ranges of paths: from `low` (included) to `high` (not included)."""


@dataclass(frozen=True, slots=True)
class Placing:
    """A row is in scope when one of these holds.

    `path` is a column with the path of a grid in scope, `grids` are columns with the number of one, `people`
    with that of a person in scope; `parents` are columns with the number of a row of another table (or of
    this one) that is in scope; `through` are other tables' columns that name the row, from a row in scope.
    `own` names the person whom the row is about: an account of reach 仅本人 sees those of its own person.
    `writer` holds the name of the account that wrote it. With `unplaced`, a row of which none of these says
    anything is everybody's: nobody has placed it yet, or it is meant for all.

    `everybody`: read by the whole office, whatever the reach. `closed`: read by none but the rules of that
    table (accounts, the journal). `brings` are the columns of people who come into scope with a row that
    stands there by its place. `writes` are the rights of which an account needs one to change the table.
    """

    writes: frozenset[Right]
    path: str = ""
    grids: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    parents: tuple[tuple[str, str], ...] = ()
    through: tuple[tuple[str, str], ...] = ()
    own: str = ""
    writer: str = ""
    unplaced: bool = False
    everybody: bool = False
    closed: bool = False
    brings: tuple[str, ...] = ()


_GRIDS = frozenset({Right.EDIT_GRIDS, Right.EDIT_PEOPLE})
"""A roster may bring new grids along, and a change of grids carries posts and seats with it."""
_PEOPLE = _GRIDS
_MONTHS = frozenset({Right.ASSESS, Right.REVIEW_MONTH, Right.LOCK_MONTH})
_PAPERS = frozenset({Right.EDIT_PEOPLE})
_ACCOUNTS = frozenset({Right.KEEP_ACCOUNTS, Right.APPROVE_ACCOUNTS})
_ANYBODY = frozenset({Right.READ})


def _of_grid(*brings: str, own: str = "") -> Placing:
    return Placing(_PEOPLE, grids=("grid_id",), brings=brings, own=own)


def _of_person(writes: frozenset[Right] = _PEOPLE) -> Placing:
    return Placing(writes, people=("person_id",), own="person_id")


PLACING: Mapping[str, Placing] = {
    # the tree
    "grid": Placing(_GRIDS, path="path"),
    "grid_change": Placing(_GRIDS, through=(("grid_link", "change_id"),), unplaced=True),
    "grid_link": Placing(_GRIDS, grids=("grid_id",)),
    "grid_period": Placing(_GRIDS, grids=("grid_id",)),
    "grid_plan": Placing(_GRIDS, everybody=True),
    "grid_code": Placing(_GRIDS, everybody=True),
    # people and where they stand
    "person": Placing(_PEOPLE, people=("id",), own="id", unplaced=True),
    "post": Placing(_PEOPLE, path="grid_path", own="person_id", brings=("person_id",)),
    # who waits for a post anywhere waits at the office's own list
    "reserve": _of_grid("person_id", own="person_id"),
    "not_twins": Placing(_PEOPLE, people=("person_id", "other_id")),
    "certificate": _of_person(),
    "household": _of_grid("caller_id", "member_id"),
    "resource": _of_grid(),
    "issue": _of_grid("person_id"),
    # the party
    "party_org": Placing(
        _PEOPLE, parents=(("parent_id", "party_org"),), through=(("org_seat", "org_id"),), unplaced=True
    ),
    "org_seat": _of_grid(),
    "party_member": Placing(
        _PEOPLE,
        people=("person_id",),
        parents=(("org_id", "party_org"),),
        own="person_id",
        brings=("person_id",),
    ),
    "party_link": _of_grid("person_id", own="person_id"),
    "party_report": _of_grid("person_id", own="person_id"),
    "party_service": _of_grid("person_id", own="person_id"),
    # training
    "training_plan": Placing(_PEOPLE, grids=("grid_id",), unplaced=True),
    "training": Placing(_PEOPLE, grids=("grid_id",), unplaced=True),
    "invitation": _of_person(),
    "attendance": _of_person(),
    "completion": Placing(_PEOPLE, parents=(("attendance_id", "attendance"),)),
    # the month
    "scheme": Placing(frozenset({Right.ASSESS, Right.ADMINISTER}), everybody=True),
    "month": Placing(_MONTHS, everybody=True),
    "department": Placing(_MONTHS, grids=("grid_id",), unplaced=True),
    "sheet": Placing(_MONTHS, path="grid_path", own="person_id"),
    "opinion": Placing(_MONTHS, parents=(("sheet_id", "sheet"),)),
    "appeal": Placing(_MONTHS, parents=(("sheet_id", "sheet"),)),
    # what hangs on others
    "attachment": Placing(
        frozenset({Right.EDIT_PEOPLE, Right.ASSESS}),
        people=("person_id",),
        parents=(("certificate_id", "certificate"), ("training_id", "training"), ("appeal_id", "appeal")),
        own="person_id",
    ),
    # papers
    "paper_number": Placing(_PAPERS, everybody=True),
    "draft": Placing(_PAPERS, grids=("grid_id",), writer="writer"),
    # packages between offices
    # who answers for no grid of this tree is another office, of all
    "partner": Placing(frozenset({Right.ADMINISTER}), grids=("grid_id",), unplaced=True),
    "package": Placing(_PAPERS, parents=(("partner_id", "partner"),)),
    # the office itself
    "setting": Placing(_ANYBODY, everybody=True),
    "account": Placing(_ACCOUNTS, closed=True),
    "account_grid": Placing(_ACCOUNTS, closed=True),
    "credential": Placing(_ANYBODY, closed=True),
    "action": Placing(_ANYBODY, closed=True),
    "action_part": Placing(_ANYBODY, closed=True),
    "journal_head": Placing(_ANYBODY, closed=True),
}
"""Every mapped table; a guard test looks that none is forgotten."""


SETTINGS: Mapping[str, Right] = {
    "answers": Right.READ,
    "mappings": Right.READ,
    "form_styles": Right.READ,
    "model": Right.ADMINISTER,
    "name": Right.ADMINISTER,
    "organisation": Right.ADMINISTER,
    "package keys": Right.ADMINISTER,
    "packs": Right.ADMINISTER,
    "schemes": Right.ADMINISTER,
    "security": Right.APPROVE_ACCOUNTS,
}
"""The right that changing a setting needs, by its key; all others need `OTHER_SETTINGS`."""
OTHER_SETTINGS = Right.EDIT_PEOPLE


@dataclass(frozen=True, slots=True)
class Words:
    """How one database says that a column names something in scope. Each gets the column as it is written
    in the statement; `parent` also the table it refers to, `through` the table, its column and the row's own
    number. `own` and `writer` ask for the account's own person and name."""

    path: Callable[[str], str]
    grid: Callable[[str], str]
    person: Callable[[str], str]
    parent: Callable[[str, str], str]
    through: Callable[[str, str, str], str]
    own: Callable[[str], str]
    writer: Callable[[str], str]
    unplaced: Callable[[str, str], str]
    """Whether nothing places a row: the table, and the row's own number. Asked only of tables whose rows
    are placed by others (`person`, and those with `through`)."""


def by_place(placing: Placing, words: Words, row: str = "") -> Iterator[str]:
    """The conditions under which a row stands in scope by itself, whoever it is about."""
    if placing.path:
        yield words.path(row + placing.path)
    yield from (words.grid(row + column) for column in placing.grids)
    yield from (words.parent(row + column, table) for column, table in placing.parents)
    yield from (words.through(table, column, f"{row}id") for table, column in placing.through)


def condition(table: str, words: Words, row: str = "") -> str:
    """Which rows of a table are in scope, as SQL: `TRUE` for everybody's, `FALSE` for a closed table. `row`
    stands before each column (`post.`)."""
    placing = PLACING[table]
    if placing.everybody or placing.closed:
        return "TRUE" if placing.everybody else "FALSE"
    said = list(by_place(placing, words, row))
    said += [words.person(row + column) for column in placing.people]
    # a person in scope by `people` is the account's own too
    if placing.own and placing.own not in placing.people:
        said.append(words.own(row + placing.own))
    if placing.writer:
        said.append(words.writer(row + placing.writer))
    if placing.unplaced:
        said.append(_unplaced(table, placing, words, row))
    return " OR ".join(said)


def _unplaced(table: str, placing: Placing, words: Words, row: str) -> str:
    if placing.through or table == "person":
        return words.unplaced(table, f"{row}id")
    return "(" + " AND ".join(f"{row}{column} IS NULL" for column in placing.grids) + ")"


def bringing() -> Iterator[tuple[str, str]]:
    """The tables and columns that bring people into scope."""
    for table, placing in PLACING.items():
        yield from ((table, column) for column in placing.brings)
